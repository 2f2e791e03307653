package httpd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/table"
)

// rows are records in a form that has one after the other, written as they come.
type rows struct {
	put   func(record any) error
	close func() error
}

func (o *rows) putAll(records []any) error {
	for _, v := range records {
		if err := o.put(v); err != nil {
			return fmt.Errorf("shape: %w", err)
		}
	}
	return nil
}

// rows begins lines of JSON or a table, which has a row a record. There a text, number or truth stands as it is, a list of
// texts with semicolons, and what has parts as JSON.
func (s *shape) rows(w io.Writer) (*rows, error) {
	begin := table.CSV
	switch s.form {
	case linesType:
		return &rows{json.NewEncoder(w).Encode, func() error { return nil }}, nil
	case xmlType:
		return xmlRows(w, s.xmlOf, s.list)
	case xlsxType:
		begin = table.XLSX
	}
	columns := s.fields
	if len(columns) == 0 {
		columns = s.columns
	}
	t, err := begin(w)
	if err != nil {
		return nil, err
	}
	headings := columns
	if s.form == xlsxType { // workbooks are for people, the others for programs, which know a column by its name
		headings = make([]string, len(columns))
		for i, path := range columns {
			headings[i] = s.heading(path)
		}
	}
	row := make([]string, len(columns))
	put := func(record any) error {
		for i, path := range columns {
			row[i] = cell(at(record, path))
		}
		return t.Row(row)
	}
	return &rows{put, t.Close}, t.Row(headings)
}

// heading is what a column of a field is called in a language; a part of a field that has no name of its own, such as a
// language, stands as it is.
func (s *Server) heading(t locale.Tag) func(path string) string {
	return func(path string) string {
		parts := strings.Split(path, ".")
		for i, name := range parts {
			if id := "field." + name; s.Bundle.Has(t, id) {
				parts[i] = s.Bundle.T(t, id, nil)
			}
		}
		return strings.Join(parts, " \u00b7 ")
	}
}

// whole tells whether a whole list is asked for: one in rows, of which no page is named.
func (s *shape) whole(q url.Values) bool {
	inRows := s.form == linesType || s.form == csvType || s.form == xlsxType || s.form == xmlType && s.xmlOf != ""
	return s.list && inRows && !q.Has("limit") && !q.Has("cursor")
}

// walkPage is how many records of a whole list are in memory at once; the specification allows no more.
const walkPage = 200

// walk gives a whole list, page after page. Each is asked for as if by the reader, in a transaction of its own: a list of
// any length takes the memory of a page, and what is taken from the reader meanwhile does not come. When a right ends that
// the reader had at the beginning, the list breaks off, as the change feed does.
func (s *Server) walk(w http.ResponseWriter, r *http.Request, shape *shape, do func(http.ResponseWriter, *http.Request)) {
	q := r.URL.Query()
	q.Set("limit", strconv.Itoa(walkPage))
	q.Del("count")
	if shape.byID && !q.Has("sort") && !q.Has("q") {
		q.Set("sort", "id") // in which nothing moves
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	delivery, err := s.Exchange.Deliver(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var out *rows
	for first := true; first || q.Get("cursor") != ""; first = false {
		page := &shaper{ResponseWriter: w, from: r.URL}
		if !first {
			page.ResponseWriter = &nowhere{header: http.Header{}}
		}
		asked := r.Clone(r.Context())
		asked.URL.RawQuery = q.Encode()
		do(page, asked)
		if page.held == nil && first {
			return // the problem has been told
		}
		if first {
			w.Header().Set("Content-Type", shape.form)
			w.Header().Del("ETag")
			if out, err = shape.rows(buffered); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		if err = shape.next(r.Context(), page, out, q, delivery); err != nil {
			panic(http.ErrAbortHandler) // half a list must not look like a whole one
		}
	}
	if out.close() != nil || buffered.Flush() != nil {
		panic(http.ErrAbortHandler)
	}
}

// next writes the records of a page and leaves its cursor in the query.
func (s *shape) next(ctx context.Context, page *shaper, out *rows, q url.Values, d *exchange.Delivery) error {
	if page.held == nil {
		return errHalf
	}
	var p struct {
		Items []any
		Next  string
	}
	read := json.NewDecoder(bytes.NewReader(page.held.Bytes()))
	read.UseNumber()
	if err := read.Decode(&p); err != nil {
		return fmt.Errorf("shape: %w", err)
	}
	if err := d.Look(ctx); err != nil {
		return err
	}
	s.pick(p.Items)
	q.Set("cursor", p.Next)
	for _, record := range p.Items {
		if err := d.Glance(ctx); err != nil {
			return err
		}
		if err := out.put(record); err != nil {
			return fmt.Errorf("shape: %w", err)
		}
	}
	return nil
}

// nowhere takes the header of a page that is no answer of its own, and the problem that it may be.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n *nowhere) WriteHeader(int)             {}

func at(v any, path string) any {
	for _, step := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[step]
	}
	return v
}

func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return table.Harmless(v)
	case []any:
		words := make([]string, len(v))
		for i, item := range v {
			word, ok := item.(string)
			if !ok {
				b, _ := json.Marshal(v) // it was JSON
				return string(b)
			}
			words[i] = word
		}
		return table.Harmless(strings.Join(words, ";"))
	case map[string]any:
		if len(v) == 0 {
			return ""
		}
		b, _ := json.Marshal(v) // it was JSON
		return string(b)
	}
	return fmt.Sprint(v)
}
