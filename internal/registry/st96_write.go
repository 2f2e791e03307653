package registry

import (
	"bytes"
	"io"
)

// st96Writer writes registrations as the bodies of one transaction. V6_0 has no category for the extract of a register;
// the one that says what a receiver may do with it is taken.
type st96Writer struct {
	w    io.Writer
	line bytes.Buffer
}

func newST96Writer(w io.Writer) (*st96Writer, error) {
	s := &st96Writer{w: w}
	_, err := io.WriteString(w, xmlHead+`<gin:GITransaction`+declarations+` com:st96Version="`+st96Version+`">`+"\n")
	return s, err
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func (s *st96Writer) write(r Registration) error {
	app, err := r.document()
	if err != nil {
		return err
	}
	version := func(e *element) *element { return e.with(comNS, "st96Version", st96Version) }
	body := version(el(ginNS, "GITransactionBody", version(el(ginNS, "TransactionContentBag", leaf(comNS, "TransactionIdentifier", string(r.ID)),
		leaf(comNS, "TransactionCategory", "Request registration"), leaf(comNS, "TransactionSubCode", "Register extract"), version(el(ginNS, "TransactionData", app))))))
	s.line.Reset()
	if err := body.print(&s.line, 1, ""); err != nil {
		return err
	}
	s.line.WriteByte('\n')
	_, err = s.w.Write(s.line.Bytes())
	return err
}

func (s *st96Writer) close() error {
	_, err := io.WriteString(s.w, "</gin:GITransaction>\n")
	return err
}

// writeST96 writes one registration as a document of its own.
func writeST96(w io.Writer, r Registration) error {
	app, err := r.document()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, xmlHead); err != nil {
		return err
	}
	return printXML(w, app, declarations)
}

func printXML(w io.Writer, e *element, declare string) error {
	var b bytes.Buffer
	if err := e.print(&b, 0, declare); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}
