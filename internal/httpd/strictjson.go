package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// What may be wrong with a JSON text before any schema is asked.
var (
	codeSyntax    = problem.Field("body.syntax")
	codeNotUTF8   = problem.Field("body.not-utf8")
	codeSurrogate = problem.Field("body.lone-surrogate")
	codeNUL       = problem.Field("body.nul")
	codeNumber    = problem.Field("body.number")
	codeDepth     = problem.Field("body.too-deep")
)

const (
	maxDepth   = 64
	maxDetails = 50 // so that a hostile body does not get a longer answer than itself
)

// readJSON reads a JSON text and refuses what the standard library silently repairs: a key that stands twice (the last
// one would win, RFC 8259, section 4), bytes that are no UTF-8 and halves of surrogate pairs (both would become U+FFFD),
// and the NUL, which PostgreSQL cannot store.
func readJSON(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, problem.ErrInvalid.At("", codeNotUTF8)
	}
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		line, column := 1, 1
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			before := text[:min(int(syntax.Offset), len(text))]
			line += bytes.Count(before, []byte("\n"))
			column = len(before) - bytes.LastIndexByte(before, '\n') - 1
		}
		return nil, problem.ErrInvalid.At("", codeSyntax, "Line", line, "Column", max(column, 1))
	}
	p := parser{decoder: json.NewDecoder(bytes.NewReader(text)), text: text, wrong: problem.ErrInvalid}
	p.decoder.UseNumber()
	v := p.value("", 0)
	return v, p.wrong.Or()
}

// parser walks a text that is known to be well formed.
type parser struct {
	decoder *json.Decoder
	text    []byte
	wrong   *problem.Error
}

func (p *parser) at(pointer, code string) {
	if len(p.wrong.Details) < maxDetails {
		p.wrong = p.wrong.At(pointer, code)
	}
}

// token reads a token and, for strings, looks at how it was written.
func (p *parser) token(pointer string) json.Token {
	start := p.decoder.InputOffset()
	t, _ := p.decoder.Token() // well formed
	if s, ok := t.(string); ok {
		if loneSurrogate(p.text[start:p.decoder.InputOffset()]) {
			p.at(pointer, codeSurrogate)
		}
		if strings.ContainsRune(s, 0) {
			p.at(pointer, codeNUL)
		}
	}
	return t
}

func (p *parser) value(pointer string, depth int) any {
	switch t := p.token(pointer).(type) {
	case json.Delim:
		if depth == maxDepth {
			p.at(pointer, codeDepth)
		}
		if t == '{' {
			return p.object(pointer, depth+1)
		}
		return p.array(pointer, depth+1)
	case json.Number:
		return p.number(pointer, t)
	default:
		return t
	}
}

func (p *parser) object(pointer string, depth int) map[string]any {
	m := map[string]any{}
	for p.decoder.More() {
		key, _ := p.token(pointer).(string)
		at := pointer + "/" + pointerStep(key)
		if _, twice := m[key]; twice {
			p.at(at, codeTwice)
		}
		m[key] = p.value(at, depth)
	}
	_, _ = p.decoder.Token()
	return m
}

func (p *parser) array(pointer string, depth int) []any {
	a := []any{}
	for p.decoder.More() {
		a = append(a, p.value(pointer+"/"+strconv.Itoa(len(a)), depth))
	}
	_, _ = p.decoder.Token()
	return a
}

// number makes a machine's number, so that 1e999999999 is refused here and not computed later.
func (p *parser) number(pointer string, n json.Number) any {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil || !strings.ContainsAny(string(n), ".eE") {
		p.at(pointer, codeNumber)
	}
	return f
}

// loneSurrogate tells whether a JSON string's text escapes half of a surrogate pair.
func loneSurrogate(raw []byte) bool {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		if raw[i] != 'u' {
			continue
		}
		switch c := escaped(raw, i); {
		case c >= 0xDC00 && c <= 0xDFFF:
			return true
		case c >= 0xD800 && c <= 0xDBFF:
			low := i + 6
			if low >= len(raw) || raw[low-1] != '\\' || raw[low] != 'u' {
				return true
			}
			if d := escaped(raw, low); d < 0xDC00 || d > 0xDFFF {
				return true
			}
			i = low
		}
	}
	return false
}

// escaped is the code of the escape whose u stands at i.
func escaped(raw []byte, i int) uint64 {
	if i+5 > len(raw) {
		return 0
	}
	c, _ := strconv.ParseUint(string(raw[i+1:i+5]), 16, 16)
	return c
}

func pointerStep(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
