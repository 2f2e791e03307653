package registry

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrXML is a file whose XML is not well-formed, or larger, deeper or cleverer than a register needs.
var ErrXML = problem.New(problem.Invalid, "import.xml")

// Limits of XML. The decoder of the standard library knows none: it keeps an attribute of any length and a nesting of any
// depth in memory. It reads neither external entities nor those a document declares; documents that declare any are refused.
const (
	maxXMLDepth  = 64      // WIPO's deepest component nests 19 deep
	maxXMLNodes  = 50_000  // elements and texts of one record
	maxXMLRecord = 4 << 20 // bytes of one record, or between two
)

// element is a part of an XML document: an element, or, without a name, a text.
type element struct {
	name  xml.Name
	attrs []xml.Attr
	kids  []*element
	text  string
	taken bool // somebody read it
}

// xmlReader reads a document record by record, within the limits.
type xmlReader struct {
	d     *xml.Decoder
	in    *meteredReader
	depth int
	nodes int
}

func newXMLReader(r io.Reader) *xmlReader {
	in := &meteredReader{r: bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(transform.Nop)), 1<<16), left: maxXMLRecord}
	d := xml.NewDecoder(in)
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return r, nil // its byte order mark has been seen, and the text is UTF-8 by now
		}
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, fmt.Errorf("encoding %q: %w", label, err)
		}
		return e.NewDecoder().Reader(r), nil
	}
	return &xmlReader{d: d, in: in}
}

// meteredReader ends a document when too much comes without a record's end.
type meteredReader struct {
	r    *bufio.Reader
	left int
}

var errXMLSize = errors.New("too much in one record")

func (m *meteredReader) ReadByte() (byte, error) {
	if m.left--; m.left < 0 {
		return 0, errXMLSize
	}
	return m.r.ReadByte()
}

func (m *meteredReader) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if m.left -= n; m.left < 0 {
		return 0, errXMLSize
	}
	return n, err
}

// next returns the next start of an element outside records, or io.EOF at the end of the document.
func (x *xmlReader) next() (start xml.StartElement, err error) {
	for {
		x.in.left = maxXMLRecord
		t, err := x.d.Token()
		if errors.Is(err, io.EOF) {
			return start, io.EOF
		}
		if err != nil {
			return start, x.wrong()
		}
		switch t := t.(type) {
		case xml.StartElement:
			if x.depth++; x.depth > maxXMLDepth {
				return start, x.wrong()
			}
			return t, nil
		case xml.EndElement:
			x.depth--
		case xml.Directive:
			return start, x.wrong()
		}
	}
}

// whole reads the rest of an element that has begun.
func (x *xmlReader) whole(start xml.StartElement) (*element, error) {
	x.in.left, x.nodes = maxXMLRecord, 0
	e, err := x.rest(start)
	x.depth--
	return e, err
}

func (x *xmlReader) rest(start xml.StartElement) (*element, error) {
	e := &element{name: start.Name, attrs: start.Attr}
	for {
		t, err := x.d.Token()
		if x.nodes++; err != nil || x.nodes > maxXMLNodes {
			return nil, x.wrong()
		}
		switch t := t.(type) {
		case xml.StartElement:
			if x.depth++; x.depth > maxXMLDepth {
				return nil, x.wrong()
			}
			kid, err := x.rest(t)
			if err != nil {
				return nil, err
			}
			x.depth--
			e.kids = append(e.kids, kid)
		case xml.CharData:
			e.kids = append(e.kids, &element{text: string(t)})
		case xml.EndElement:
			return e, nil
		}
	}
}

func (x *xmlReader) wrong() error {
	line, _ := x.d.InputPos()
	return ErrXML.With("Line", line)
}

// first is the first child of a name; nil has none.
func (e *element) first(space, local string) *element {
	if e == nil {
		return nil
	}
	for _, k := range e.kids {
		if k.name.Local == local && k.name.Space == space {
			k.taken = true
			return k
		}
	}
	return nil
}

// all are the children of a name.
func (e *element) all(space, local string) (found []*element) {
	if e == nil {
		return nil
	}
	for _, k := range e.kids {
		if k.name.Local == local && k.name.Space == space {
			k.taken = true
			found = append(found, k)
		}
	}
	return found
}

func (e *element) attr(space, local string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.attrs {
		if a.Name.Space == space && a.Name.Local == local {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// words is the text of an element and of those within it, which only give it a form, without space around.
func (e *element) words() string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	var add func(*element)
	add = func(e *element) {
		e.taken = true
		b.WriteString(e.text)
		for _, k := range e.kids {
			add(k)
		}
	}
	add(e)
	return strings.TrimSpace(b.String())
}

// token is words as the schema type xsd:token has them: runs of space are one.
func (e *element) token() string { return strings.Join(strings.Fields(e.words()), " ") }

// untaken lists the paths below an element that have a text nobody read.
func (e *element) untaken(path string, add func(string)) {
	for _, k := range e.kids {
		switch k.name.Local {
		case "":
			if !e.taken && strings.TrimSpace(k.text) != "" {
				add(path)
			}
		default:
			k.untaken(path+"/"+k.name.Local, add)
		}
	}
}

// Writing.

func el(space, local string, kids ...*element) *element {
	e := &element{name: xml.Name{Space: space, Local: local}}
	for _, k := range kids {
		if k != nil {
			e.kids = append(e.kids, k)
		}
	}
	return e
}

// leaf is an element with a text, from which goes what XML cannot say.
func leaf(space, local, text string) *element {
	clean := strings.Map(func(r rune) rune {
		if inXML(r) {
			return r
		}
		return -1
	}, text)
	return el(space, local, &element{text: clean})
}

// inXML tells whether a character may stand in XML 1.0 (section 2.2).
func inXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

func (e *element) with(space, local, value string) *element {
	if value != "" {
		e.attrs = append(e.attrs, xml.Attr{Name: xml.Name{Space: space, Local: local}, Value: value})
	}
	return e
}

// textEscaper keeps quotes as they are, for those who read the text; a carriage return would be read as the end of a line.
var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")

// print writes an element, each line indented by so many tabs; prefixes are declared by whoever begins the document.
func (e *element) print(w *bytes.Buffer, indent int, declare string) error {
	name := prefixes[e.name.Space] + e.name.Local
	tabs := strings.Repeat("\t", indent)
	w.WriteString(tabs + "<" + name + declare)
	for _, a := range e.attrs {
		w.WriteString(" " + prefixes[a.Name.Space] + a.Name.Local + `="`)
		if err := xml.EscapeText(w, []byte(a.Value)); err != nil {
			return err
		}
		w.WriteByte('"')
	}
	w.WriteByte('>')
	inner := false
	for _, k := range e.kids {
		if k.name.Local == "" {
			w.WriteString(textEscaper.Replace(k.text))
			continue
		}
		inner = true
		w.WriteByte('\n')
		if err := k.print(w, indent+1, ""); err != nil {
			return err
		}
	}
	if inner {
		w.WriteString("\n" + tabs)
	}
	w.WriteString("</" + name + ">")
	return nil
}
