package registry

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Encoding is how the text of a file is written.
type Encoding string

// The encodings that registers' files come in.
const (
	UTF8    Encoding = "UTF-8"
	UTF16LE Encoding = "UTF-16LE"
	UTF16BE Encoding = "UTF-16BE"
	GB18030 Encoding = "GB18030"
	Western Encoding = "windows-1252"
)

var decoders = map[Encoding]func() *encoding.Decoder{
	GB18030: func() *encoding.Decoder { return simplifiedchinese.GB18030.NewDecoder() },
	Western: func() *encoding.Decoder { return charmap.Windows1252.NewDecoder() },
}

// guessEncoding looks at the beginning of a file, or at one of its lines.
func guessEncoding(sample []byte) Encoding {
	switch {
	case bytes.HasPrefix(sample, []byte{0xff, 0xfe}):
		return UTF16LE
	case bytes.HasPrefix(sample, []byte{0xfe, 0xff}):
		return UTF16BE
	}
	if even, odd := zeros(sample); even+odd > 0 { // no other text has zero bytes
		if odd >= even {
			return UTF16LE
		}
		return UTF16BE
	}
	if utf8.Valid(sample) {
		return UTF8
	}
	// Hanzi are pairs of bytes beyond ASCII. An accented letter stands alone among letters.
	alone, runs := highRuns(sample)
	if alone*2 > runs || decoded(sample, GB18030) == "" {
		return Western
	}
	return GB18030
}

func zeros(b []byte) (even, odd int) {
	for i, c := range b {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	return even, odd
}

// highRuns counts the runs of bytes beyond ASCII, and those of one byte only.
func highRuns(b []byte) (alone, runs int) {
	n := 0
	for _, c := range append(bytes.Clone(b), ' ') {
		if c >= 0x80 {
			n++
			continue
		}
		if n == 1 {
			alone++
		}
		if n > 0 {
			runs++
		}
		n = 0
	}
	return alone, runs
}

// decoded is the text of a line, empty when it cannot be of that encoding.
func decoded(b []byte, e Encoding) string {
	text, err := decoders[e]().Bytes(b)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return ""
	}
	return string(text)
}

// textReader gives the text of a file in UTF-8, line by line in whatever each is written: files are put together of pieces
// that came from different machines. A line that is not in the file's own encoding is remembered.
type textReader struct {
	r       *bufio.Reader
	main    Encoding
	end     byte // of a line: a line feed, or a carriage return where there is no other
	line    int
	odd     map[int]Encoding
	pending []byte
}

// maxOdd is how many lines in other encodings are remembered; a file with more of them is guessed wrongly as a whole.
const maxOdd = 100_000

func newTextReader(r io.ReaderAt, size int64) (*textReader, error) {
	sample := make([]byte, min(size, 1<<20))
	n, err := r.ReadAt(sample, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	sample = sample[:n]
	if cut := bytes.LastIndexByte(sample, '\n'); int64(n) < size && cut > 0 {
		sample = sample[:cut] // not in the middle of a character
	}
	t := &textReader{main: mainEncoding(sample), end: '\n', odd: map[int]Encoding{}}
	var text io.Reader = io.NewSectionReader(r, 0, size)
	switch t.main {
	case UTF16LE:
		text = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(text)
	case UTF16BE:
		text = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(text)
	}
	if bytes.IndexByte(sample, '\n') < 0 {
		t.end = '\r'
	}
	t.r = bufio.NewReaderSize(text, maxRecord)
	if mark, err := t.r.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = t.r.Discard(3)
	}
	return t, nil
}

// mainEncoding is what most lines of a sample are written in.
func mainEncoding(sample []byte) Encoding {
	whole := guessEncoding(sample)
	if whole == UTF8 || whole == UTF16LE || whole == UTF16BE {
		return whole
	}
	counts := map[Encoding]int{}
	for line := range bytes.SplitSeq(sample, []byte{'\n'}) {
		if ascii(line) {
			continue
		}
		counts[guessEncoding(line)]++
	}
	best := whole
	for _, e := range []Encoding{UTF8, GB18030, Western} {
		if counts[e] > counts[best] {
			best = e
		}
	}
	return best
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// Read implements io.Reader. A line longer than a row may be ends it.
func (t *textReader) Read(p []byte) (int, error) {
	for len(t.pending) == 0 {
		line, err := t.r.ReadSlice(t.end)
		if errors.Is(err, bufio.ErrBufferFull) {
			return 0, ErrRowLong.With("Row", t.line+1)
		}
		if len(line) == 0 {
			return 0, err
		}
		t.line++
		t.pending = t.decode(line)
	}
	n := copy(p, t.pending)
	t.pending = t.pending[n:]
	return n, nil
}

func (t *textReader) decode(line []byte) []byte {
	if t.end == '\r' {
		line = bytes.ReplaceAll(line, []byte{'\r'}, []byte{'\n'})
	}
	if ascii(line) || t.main == UTF16LE || t.main == UTF16BE || t.main == UTF8 && utf8.Valid(line) {
		return line
	}
	e := t.main
	switch {
	case e == UTF8:
		e = guessEncoding(line)
	case utf8.Valid(line) && len(line) > 8: // short ones are so by chance
		e = UTF8
	case decoded(line, e) == "":
		e = Western
	}
	if e == GB18030 && decoded(line, e) == "" || e == UTF16LE || e == UTF16BE {
		e = Western
	}
	if e != t.main && len(t.odd) < maxOdd {
		t.odd[t.line] = e
	}
	if e == UTF8 {
		return line
	}
	text, err := decoders[e]().Bytes(line)
	if err != nil {
		return bytes.ToValidUTF8(line, []byte("\ufffd"))
	}
	return text
}

// between tells in which other encoding a line of those from first to last is.
func (t *textReader) between(first, last int) (Encoding, bool) {
	if len(t.odd) == 0 {
		return "", false
	}
	for n := first; n <= last; n++ {
		if e, ok := t.odd[n]; ok {
			return e, true
		}
	}
	return "", false
}

// mended puts right a text that was written in UTF-8 and read as if it were Windows-1252 before it came here: "KÃ¤se" for
// "Käse". It tells whether it did.
func mended(s string) (string, bool) {
	if ascii([]byte(s)) || !strings.ContainsAny(s, "ÃÂÄÅæåäçèéãÐÑØÙ") {
		return s, false
	}
	var raw []byte
	for _, r := range s {
		if b, ok := charmap.Windows1252.EncodeRune(r); ok {
			raw = append(raw, b)
		} else if r < 0x100 { // the five bytes that Windows-1252 leaves free
			raw = append(raw, byte(r))
		} else {
			return s, false
		}
	}
	if !utf8.Valid(raw) || ascii(raw) {
		return s, false
	}
	return string(raw), true
}

// delimiter is what most separates the first lines: a comma, or what spreadsheets use where the comma is the decimal sign.
func delimiter(sample string) rune {
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		n, quoted := 0, false
		for _, r := range sample {
			switch r {
			case '"':
				quoted = !quoted
			case d:
				if !quoted {
					n++
				}
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}
