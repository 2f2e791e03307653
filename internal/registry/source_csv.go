package registry

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// line is one row of a file as its cells say, with what was found while it was read. Rows count as the file does.
type line struct {
	n        int
	cells    []string
	findings []RowProblem
}

// table gives the rows of a file one after another, io.EOF after the last.
type table interface {
	next() (line, error)
	merges() []span
	close() error
}

// csvTable reads text with a delimiter. It is not encoding/csv: a quote that is never closed would take the rest of the file
// for one cell there, and nobody would learn in which row it stands.
type csvTable struct {
	text  *textReader
	r     *bufio.Reader
	delim rune
	n     int      // lines read
	back  []string // lines to be read again
}

// maxQuoted is how many lines a quoted cell may go over.
const maxQuoted = 100

func newCSVTable(r io.ReaderAt, size int64) (*csvTable, error) {
	text, err := newTextReader(r, size)
	if err != nil {
		return nil, err
	}
	t := &csvTable{text: text, r: bufio.NewReaderSize(text, maxRecord), delim: ','}
	sample, err := t.r.Peek(1 << 14)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	// Some spreadsheets say the delimiter in a first line of its own.
	if said, rest, ok := strings.Cut(string(sample), "\n"); ok && strings.HasPrefix(said, "sep=") && len(strings.TrimSpace(said)) == 5 {
		t.delim = rune(said[4])
		_, err := t.r.Discard(len(sample) - len(rest))
		t.n++
		return t, err
	}
	t.delim = delimiter(string(sample))
	return t, nil
}

func (t *csvTable) merges() []span { return nil }
func (t *csvTable) close() error   { return nil }

func (t *csvTable) readLine() (string, error) {
	if len(t.back) > 0 {
		s := t.back[0]
		t.back = t.back[1:]
		t.n++
		return s, nil
	}
	s, err := t.r.ReadString('\n')
	if s == "" {
		return "", err
	}
	t.n++
	return s, nil
}

func (t *csvTable) next() (line, error) {
	for {
		text, err := t.readLine()
		if err != nil {
			return line{}, err
		}
		if strings.Trim(text, "\r\n") == "" {
			continue
		}
		first := t.n
		l := line{n: first}
		cells, open := splitRecord(text, t.delim)
		if open {
			cells, open = t.goOn(text)
		}
		if open {
			cells = strings.Split(strings.TrimRight(text, "\r\n"), string(t.delim))
			l.findings = append(l.findings, RowProblem{Code: CodeQuoteOpen})
		}
		l.cells = cells
		if e, odd := t.text.between(first, t.n); odd {
			l.findings = append(l.findings, RowProblem{Code: CodeLineEncoding, Values: map[string]any{"Encoding": string(e)}})
		}
		return l, nil
	}
}

// goOn reads further lines of a record whose quotes are open. When they stay so, the lines are given back.
func (t *csvTable) goOn(text string) (cells []string, open bool) {
	var taken []string
	for range maxQuoted {
		more, err := t.readLine()
		if err != nil {
			break
		}
		taken = append(taken, more)
		if text += more; len(text) > maxRecord {
			break
		}
		if strings.ContainsRune(more, '"') { // else it cannot have been closed
			if cells, open = splitRecord(text, t.delim); !open {
				return cells, false
			}
		}
	}
	t.n -= len(taken)
	t.back = append(taken, t.back...)
	return nil, true
}

// splitRecord takes a record apart as RFC 4180 says, section 2; what stands after a closing quote is taken as it is. open: the
// record ends within quotes.
func splitRecord(s string, delim rune) (cells []string, open bool) {
	s = strings.TrimRight(s, "\r\n")
	for {
		var cell string
		if strings.HasPrefix(s, `"`) {
			if cell, s, open = quoted(s[1:]); open {
				return nil, true
			}
		}
		i := strings.IndexRune(s, delim)
		if i < 0 {
			return append(cells, cell+s), false
		}
		cells = append(cells, cell+s[:i])
		s = s[i+1:]
	}
}

// quoted reads up to the closing quote; a doubled one is a quote of the text.
func quoted(s string) (cell, rest string, open bool) {
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return cell, "", true
		}
		cell += s[:i]
		if !strings.HasPrefix(s[i+1:], `"`) {
			return cell, s[i+1:], false
		}
		cell, s = cell+`"`, s[i+2:]
	}
}
