// Package pdftest reads papers in tests: what a PDF says of itself, as archives ask for it (ISO 19005-3), and what is printed in it.
package pdftest

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Structure is what a PDF says of itself, as far as archives ask for it.
type Structure struct {
	Lang        string
	Tagged      bool
	Intents     int
	Attached    map[string]string // file name → relationship
	NotEmbedded []string          // fonts that are only named
}

// Archival fails the test unless the paper is a PDF/A-3 of level A in the language, with these files attached (file name →
// relationship) and these words in its metadata.
func Archival(t *testing.T, pdf []byte, lang string, attached map[string]string, words ...string) {
	t.Helper()
	want := Structure{Lang: lang, Tagged: true, Intents: 1, Attached: attached}
	if d := cmp.Diff(want, structureOf(t, read(t, pdf))); d != "" {
		t.Errorf("%s: %s", lang, d)
	}
	for _, w := range append([]string{"<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<dc:title>"}, words...) {
		if !bytes.Contains(pdf, []byte(w)) {
			t.Errorf("%s: the metadata lack %s", lang, w)
		}
	}
}

func read(t *testing.T, pdf []byte) *model.Context {
	t.Helper()
	x, err := api.ReadContext(bytes.NewReader(pdf), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func structureOf(t *testing.T, x *model.Context) Structure {
	t.Helper()
	root, err := x.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	s := Structure{Attached: map[string]string{}}
	if lang, err := x.DereferenceText(root["Lang"]); err == nil {
		s.Lang = lang
	}
	mark, err := x.DereferenceDict(root["MarkInfo"])
	if err != nil {
		t.Fatal(err)
	}
	marked := mark.BooleanEntry("Marked")
	s.Tagged = marked != nil && *marked && root["StructTreeRoot"] != nil
	intents, err := x.DereferenceArray(root["OutputIntents"])
	if err != nil {
		t.Fatal(err)
	}
	s.Intents = len(intents)
	for _, entry := range x.Table {
		d, ok := entry.Object.(types.Dict)
		if !ok {
			continue
		}
		switch kind := d.Type(); {
		case kind != nil && *kind == "Filespec":
			name, err := x.DereferenceText(d["UF"])
			if err != nil {
				t.Fatal(err)
			}
			s.Attached[name] = *d.NameEntry("AFRelationship")
		case kind != nil && *kind == "FontDescriptor" && d["FontFile2"] == nil && d["FontFile3"] == nil:
			s.NotEmbedded = append(s.NotEmbedded, *d.NameEntry("FontName"))
		}
	}
	return s
}

// Text is what is printed on all pages, in the order in which it is drawn and without spaces, which are places on the page. What is written from right to left is drawn so: its letters come in the opposite order.
func Text(t *testing.T, pdf []byte) string {
	t.Helper()
	x := read(t, pdf)
	if err := x.EnsurePageCount(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := 1; n <= x.PageCount; n++ {
		page, _, inherited, err := x.PageDict(n, false)
		if err != nil {
			t.Fatal(err)
		}
		content, err := x.PageContent(page, n)
		if err != nil {
			t.Fatal(err)
		}
		resources, err := x.DereferenceDict(page["Resources"])
		if err != nil {
			t.Fatal(err)
		}
		if resources == nil {
			resources = inherited.Resources
		}
		drawn(&out, content, fontsOf(t, x, resources))
	}
	return letters(out.String())
}

// letters are those of a text: no spaces, and no signs above and below letters, which a font may draw more than once.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, text)
}

// Printed tells whether words stand in a text that was read, in either direction.
func Printed(text, words string) bool {
	forward := []rune(letters(words))
	back := slices.Clone(forward)
	slices.Reverse(back)
	return strings.Contains(text, string(forward)) || strings.Contains(text, string(back))
}

// glyphs are the texts of a font's glyphs.
type glyphs map[uint16]string

// fontsOf are the fonts of a page by the name under which its content chooses them.
func fontsOf(t *testing.T, x *model.Context, resources types.Dict) map[string]glyphs {
	t.Helper()
	named, err := x.DereferenceDict(resources["Font"])
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]glyphs{}
	for name, ref := range named {
		font, err := x.DereferenceDict(ref)
		if err != nil {
			t.Fatal(err)
		}
		stream, _, err := x.DereferenceStreamDict(font["ToUnicode"])
		if err != nil || stream == nil {
			t.Fatalf("the font %s does not say what its glyphs mean: %v", name, err)
		}
		if err := stream.Decode(); err != nil {
			t.Fatal(err)
		}
		all[name] = meanings(string(stream.Content))
	}
	return all
}

var (
	blocks = regexp.MustCompile(`(?s)begin(bfchar|bfrange)(.*?)end`)
	hexes  = regexp.MustCompile(`<([0-9A-Fa-f]*)>`)
)

// meanings reads a CMap of Unicode values (ISO 32000-1, 9.10.3).
func meanings(cmap string) glyphs {
	g := glyphs{}
	for _, block := range blocks.FindAllStringSubmatch(cmap, -1) {
		all := hexes.FindAllStringSubmatch(block[2], -1)
		if block[1] == "bfchar" {
			for i := 0; i+1 < len(all); i += 2 {
				g[code(all[i][1])] = meaning(all[i+1][1], 0)
			}
			continue
		}
		for i := 0; i+2 < len(all); i += 3 {
			for c := code(all[i][1]); c <= code(all[i+1][1]); c++ {
				g[c] = meaning(all[i+2][1], c-code(all[i][1]))
			}
		}
	}
	return g
}

func code(digits string) uint16 {
	n, _ := strconv.ParseUint(digits, 16, 16)
	return uint16(n)
}

// meaning is a text in UTF-16, its last unit moved on.
func meaning(digits string, on uint16) string {
	var units []uint16
	for i := 0; i+4 <= len(digits); i += 4 {
		units = append(units, code(digits[i:i+4]))
	}
	if len(units) > 0 {
		units[len(units)-1] += on
	}
	return string(utf16.Decode(units))
}

// drawn writes the text of a content stream: strings of two-byte glyphs, in the font that was chosen last.
func drawn(out *strings.Builder, content []byte, fonts map[string]glyphs) {
	var font glyphs
	for name, rest := "", string(content); rest != ""; {
		var w string
		w, rest = token(rest)
		switch {
		case w == "":
		case w[0] == '/':
			name = w[1:]
		case w == "Tf":
			font = fonts[name]
		case w[0] == '(' || w[0] == '<' && !strings.HasPrefix(w, "<<"):
			b := bytesOf(w)
			for i := 0; i+1 < len(b); i += 2 {
				out.WriteString(font[uint16(b[i])<<8|uint16(b[i+1])])
			}
		}
	}
}

// word ends a name, a number or an operator (ISO 32000-1, 7.2.2).
const word = " \t\r\n\f\x00/<>[](){}%"

// token takes the next one off a content stream.
func token(s string) (w, rest string) {
	s = strings.TrimLeft(s, " \t\r\n\f\x00")
	at := len(s)
	switch {
	case s == "":
	case s[0] == '(': // parentheses within are in pairs, or escaped
		depth := 0
		for i := 0; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					return s[:i+1], s[i+1:]
				}
			}
		}
	case strings.HasPrefix(s, "<<") || strings.HasPrefix(s, ">>"):
		at = 2
	case s[0] == '<':
		at = strings.IndexByte(s, '>') + 1
	default:
		if end := strings.IndexAny(s[1:], word); end >= 0 {
			at = end + 1
		}
	}
	return s[:at], s[at:]
}

var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

// bytesOf are those of a string (ISO 32000-1, 7.3.4).
func bytesOf(w string) (b []byte) {
	if w[0] == '<' {
		digits := strings.Join(strings.Fields(w[1:len(w)-1]), "")
		for i := 0; i+2 <= len(digits); i += 2 {
			b = append(b, byte(code(digits[i:i+2])))
		}
		return b
	}
	for w = w[1 : len(w)-1]; w != ""; {
		octal := 0
		for octal < 3 && 1+octal < len(w) && w[0] == '\\' && w[1+octal] >= '0' && w[1+octal] <= '7' {
			octal++
		}
		switch {
		case octal > 0:
			n, _ := strconv.ParseUint(w[1:1+octal], 8, 8)
			b, w = append(b, byte(n)), w[1+octal:]
		case w[0] == '\\' && len(w) > 1:
			c := w[1]
			if named, ok := escapes[c]; ok {
				c = named
			}
			b, w = append(b, c), w[2:]
		default:
			b, w = append(b, w[0]), w[1:]
		}
	}
	return b
}
