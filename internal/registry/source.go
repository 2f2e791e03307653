package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrRowUnreadable and ErrRowLong say at which row a file cannot be read further.
var (
	ErrRowUnreadable = problem.New(problem.Invalid, "import.row-unreadable")
	ErrRowLong       = problem.New(problem.TooLarge, "import.row-long")
)

// seen is what was learnt of a file while it was read.
type seen struct {
	form     SourceForm
	mapping  Mapping
	columns  []Column
	unknown  []string
	encoding Encoding
	complete bool // rows were read; else somebody has to say which field each column is
}

// readFile reads registrations from a file in any of the forms, row by row, with the row's number as the file counts them.
func readFile(of *form, r io.ReaderAt, size int64, said Mapping, kept func(string) (Mapping, bool), visit func(checked) error) (seen, error) {
	if size > maxFile {
		return seen{}, ErrFileLarge
	}
	t, text, err := openTable(of, r, size)
	if err != nil {
		return seen{}, err
	}
	if t == nil {
		s := seen{form: OwnForm, columns: []Column{}, complete: true}
		s.unknown, err = eachRow(r, size, func(n int, c Content, err error) error { return visit(checkRow(n, c, err)) })
		return s, err
	}
	defer t.close() //nolint:errcheck // nothing was written
	return readTable(of, t, text, said, kept, visit)
}

// openTable looks at the beginning of a file. No table: the file has registrations in a form of our own.
func openTable(of *form, r io.ReaderAt, size int64) (t table, text *textReader, err error) {
	head := make([]byte, min(size, 64<<10))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("import: %w", err)
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		t, err := newSheetTable(r, size)
		return t, nil, err
	case len(start) > 0 && (start[0] == '{' || start[0] == '['):
		wrapper, own := jsonShape(head)
		if own && of.target == nil {
			return nil, nil, nil
		}
		t, err := newJSONTable(io.NewSectionReader(r, 0, size), wrapper)
		return t, nil, err
	case isXML(r, size):
		if of.target != nil {
			return nil, nil, ErrFileForm
		}
		return nil, nil, nil
	}
	c, err := newCSVTable(r, size)
	if err != nil {
		return nil, nil, err
	}
	return c, c.text, nil
}

func readTable(of *form, t table, text *textReader, said Mapping, kept func(string) (Mapping, bool), visit func(checked) error) (s seen, err error) {
	first, err := firstRows(t)
	if err != nil {
		return s, err
	}
	at, deep := of.headingRows(first, t.merges(), said.HeadingRow)
	if at < 0 {
		return s, ErrFileHeading
	}
	p := newPlan(of, of.headings(first[at:at+deep], t.merges()), said, kept, dayFormOf(t))
	s = seen{form: p.form, mapping: p.mapping, columns: p.described(cellsOf(first[at+deep:])), unknown: p.unknown(), complete: p.complete()}
	if text != nil {
		s.encoding = text.main
	}
	if !s.complete {
		return s, nil
	}
	err = eachLine(t, first[at+deep:], func(l line) error { return visit(p.read(l)) })
	if j, ok := t.(*jsonTable); ok && err == nil {
		s.unknown = append(s.unknown, j.late...)
	}
	return s, err
}

// dayFormOf is how days may be written in a table.
func dayFormOf(t table) dayForm {
	sheet, ok := t.(*sheetTable)
	return dayForm{from1904: ok && sheet.from1904}
}

func cellsOf(rows []line) (all [][]string) {
	for _, l := range rows {
		all = append(all, l.cells)
	}
	return all
}

// eachLine visits rows that were read already, then the rest of the table; rows that say nothing are passed over.
func eachLine(t table, first []line, visit func(line) error) error {
	for _, l := range first {
		if err := visit(l); err != nil {
			return err
		}
	}
	for {
		l, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if l.n > maxRows {
			return ErrFileLarge
		}
		if empty(l.cells) {
			continue
		}
		if err := visit(l); err != nil {
			return err
		}
	}
}

// headMost is within how many rows the headings must begin.
const headMost = 50

func firstRows(t table) (first []line, err error) {
	for len(first) < headMost {
		l, err := t.next()
		if errors.Is(err, io.EOF) {
			return first, nil
		}
		if err != nil {
			return nil, err
		}
		if !empty(l.cells) {
			l.cells = append([]string{}, l.cells...)
			first = append(first, l)
		}
	}
	return first, nil
}

// headingRows finds the row of the headings and how many rows they take: the first in which two headings are known, else the
// first of two words and more; titles, notes and empty lines may stand above it. Headings go on into the next row where
// merged cells or known headings say so. at is -1 when there is none.
func (f *form) headingRows(rows []line, merges []span, said int) (at, deep int) {
	at = -1
	for i, l := range rows {
		switch {
		case said > 0 && l.n == said, said == 0 && f.knownIn(l.cells) >= 2:
			at = i
		}
		if at >= 0 {
			break
		}
	}
	if at < 0 && said > 0 {
		return -1, 0
	}
	for i := 0; at < 0 && i < len(rows); i++ {
		if words(rows[i].cells) >= 2 || f.knownIn(rows[i].cells) > 0 {
			at = i
		}
	}
	if at < 0 {
		return -1, 0
	}
	bottom := rows[at].n
	for _, m := range merges {
		if m.top != rows[at].n {
			continue
		}
		if m.right > m.left && m.bottom == m.top {
			bottom = max(bottom, m.top+1) // a heading over several columns has more below it
		}
		bottom = max(bottom, m.bottom)
	}
	deep = 1
	for at+deep < len(rows) && deep < 5 && (rows[at+deep].n <= bottom || f.knownIn(rows[at+deep].cells) >= 2) {
		deep++
	}
	return at, deep
}

// knownIn counts the cells that are a heading of ours or of a public register.
func (f *form) knownIn(cells []string) (n int) {
	for _, c := range cells {
		key := NameKey(c)
		if _, ok := f.byHeading[key]; ok {
			n++
			continue
		}
		if f.target != nil {
			continue
		}
		for _, r := range registers {
			if _, ok := r.fields[r.key(c)]; ok {
				n++
				break
			}
		}
	}
	return n
}

// words counts cells that say something in letters.
func words(cells []string) (n int) {
	for _, c := range cells {
		if strings.ContainsFunc(c, unicode.IsLetter) {
			n++
		}
	}
	return n
}

// headings are one for each column: of several rows the lowest that is known, else all of them from the top.
func (f *form) headings(rows []line, merges []span) []string {
	width := 0
	for _, l := range rows {
		width = max(width, len(l.cells))
	}
	out := make([]string, width)
	for c := range out {
		var parts []string
		for _, l := range rows {
			h := strings.Join(strings.Fields(cellOf(l, c, merges)), " ")
			if h != "" && (len(parts) == 0 || parts[len(parts)-1] != h) {
				parts = append(parts, h)
			}
		}
		out[c] = strings.Join(parts, " / ")
		for i := len(parts) - 1; i >= 0; i-- {
			if f.knownIn(parts[i:i+1]) > 0 {
				out[c] = parts[i]
				break
			}
		}
	}
	return out
}

// cellOf is a cell of the headings; one merged to the right says so for all its columns.
func cellOf(l line, c int, merges []span) string {
	for _, m := range merges {
		if m.top <= l.n && l.n <= m.bottom && m.left <= c+1 && c+1 <= m.right {
			c = m.left - 1
			break
		}
	}
	if c < len(l.cells) {
		return l.cells[c]
	}
	return ""
}
