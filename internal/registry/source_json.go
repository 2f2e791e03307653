package registry

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// jsonTable reads objects as rows: a key is a heading, a key within an object is `outer.inner`, and the values of a list stand
// in one cell with semicolons between.
type jsonTable struct {
	d        *json.Decoder
	n        int
	headings []string
	place    map[string]int
	first    []line // read to learn the keys
	late     []string
	end      error
}

const (
	jsonHead  = 50 // objects from which the keys are learnt
	jsonDepth = 16
)

// wrappers are the keys under which registers put their list of records.
var wrappers = []string{"results", "resultRecords", "items", "records", "data", "documents"}

// ownKeys are keys of registrations in our own form.
var ownKeys = []string{"office", "names", "bases"}

// jsonShape looks at the beginning of a JSON file: the key under which its records are, and whether they are our own.
func jsonShape(head []byte) (wrapper string, own bool) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(head, []byte("\ufeff"))))
	var open []json.Delim
	key, keyNext := "", false
	inObject := func() bool { return len(open) > 0 && open[len(open)-1] == '{' }
	for {
		tok, err := d.Token()
		if err != nil {
			return "", false
		}
		switch v := tok.(type) {
		case json.Delim:
			if v == '[' && len(open) == 1 && open[0] == '{' && slices.Contains(wrappers, key) {
				return key, false
			}
			if v == '{' || v == '[' {
				open, keyNext = append(open, v), v == '{'
				continue
			}
			open = open[:len(open)-1]
			if len(open) == 0 || len(open) == 1 && open[0] == '[' { // the first record is over
				return "", false
			}
			keyNext = inObject()
		case string:
			if !keyNext {
				keyNext = inObject()
				continue
			}
			key, keyNext = v, false
			record := len(open) == 1 || len(open) == 2 && open[0] == '['
			if record && slices.Contains(ownKeys, v) {
				return "", true
			}
		default:
			keyNext = inObject()
		}
	}
}

func newJSONTable(r io.Reader, wrapper string) (*jsonTable, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	t := &jsonTable{d: json.NewDecoder(b), place: map[string]int{}}
	if err := t.enter(wrapper); err != nil {
		return nil, err
	}
	for len(t.first) < jsonHead {
		pairs, err := t.object()
		if err != nil {
			t.end = err
			break
		}
		for _, p := range pairs {
			if _, known := t.place[p.key]; !known && len(t.headings) < maxCells {
				t.place[p.key] = len(t.headings)
				t.headings = append(t.headings, p.key)
			}
		}
		t.first = append(t.first, t.row(pairs))
	}
	return t, nil
}

// enter goes to the first record: into the list, where there is one.
func (t *jsonTable) enter(wrapper string) error {
	if wrapper == "" {
		if first, err := bufferedByte(t.d); err == nil && first == '[' {
			_, err := t.d.Token()
			return fileForm(err)
		}
		return nil
	}
	if _, err := t.d.Token(); err != nil {
		return ErrFileForm
	}
	for t.d.More() {
		key, err := t.d.Token()
		if err != nil {
			return ErrFileForm
		}
		if key == wrapper {
			_, err := t.d.Token()
			return fileForm(err)
		}
		var skipped json.RawMessage
		if err := t.d.Decode(&skipped); err != nil {
			return ErrFileForm
		}
	}
	return ErrFileForm
}

func fileForm(err error) error {
	if err != nil {
		return ErrFileForm
	}
	return nil
}

func (t *jsonTable) merges() []span { return nil }
func (t *jsonTable) close() error   { return nil }

// next gives the keys as the row of headings first; it has the number 0, so that records count from 1.
func (t *jsonTable) next() (line, error) {
	if t.headings != nil {
		h := t.headings
		t.headings = nil
		return line{cells: h}, nil
	}
	if len(t.first) > 0 {
		l := t.first[0]
		t.first = t.first[1:]
		return l, nil
	}
	if t.end != nil {
		return line{}, t.end
	}
	pairs, err := t.object()
	if err != nil {
		return line{}, err
	}
	return t.row(pairs), nil
}

func (t *jsonTable) row(pairs []pair) line {
	l := line{n: t.n, cells: make([]string, len(t.place))}
	for _, p := range pairs {
		i, known := t.place[p.key]
		if !known {
			if !slices.Contains(t.late, p.key) && len(t.late) < maxCells {
				t.late = append(t.late, p.key)
			}
			continue
		}
		for len(l.cells) <= i {
			l.cells = append(l.cells, "")
		}
		if l.cells[i] != "" {
			l.cells[i] += "; "
		}
		l.cells[i] += p.value
	}
	return l
}

type pair struct{ key, value string }

func (t *jsonTable) object() ([]pair, error) {
	if !t.d.More() {
		return nil, io.EOF
	}
	t.n++
	if t.n > maxRows {
		return nil, ErrFileLarge
	}
	var raw json.RawMessage
	if err := t.d.Decode(&raw); err != nil {
		return nil, ErrRowUnreadable.With("Row", t.n)
	}
	if len(raw) > maxRecord*16 || raw[0] != '{' {
		return nil, ErrRowUnreadable.With("Row", t.n)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var pairs []pair
	err := flatten(d, "", 0, func(p pair) { pairs = append(pairs, p) })
	if err != nil {
		return nil, ErrRowUnreadable.With("Row", t.n)
	}
	return pairs, nil
}

var errDepth = errors.New("too deep")

// flatten visits the values of the next JSON value with the way of keys that leads to each.
func flatten(d *json.Decoder, at string, depth int, visit func(pair)) error {
	if depth > jsonDepth {
		return errDepth
	}
	tok, err := d.Token()
	if err != nil {
		return err
	}
	switch v := tok.(type) {
	case json.Delim:
		for d.More() {
			within := at
			if v == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				within = strings.TrimPrefix(at+"."+key.(string), ".")
			}
			if err := flatten(d, within, depth+1, visit); err != nil {
				return err
			}
		}
		_, err := d.Token()
		return err
	case string:
		visit(pair{at, v})
	case json.Number:
		visit(pair{at, v.String()})
	case bool:
		if v {
			visit(pair{at, "true"})
		} else {
			visit(pair{at, "false"})
		}
	}
	return nil
}
