package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gowebpki/jcs"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

const maxFields = 50

// shape is the form in which a JSON answer is given: other fields of each record, or another media type.
type shape struct {
	form    string                   // a media type
	fields  []string                 // paths like content.names; empty: all
	columns []string                 // of a table, when fields are not named
	list    bool                     // the answer is a page with items
	byID    bool                     // it can be sorted by id
	xmlOf   string                   // the collection, where XML is made of the JSON
	heading func(path string) string // of a column, in the reader's language
}

// shapeOf reads which shape is asked for, nil when the answer is given as the operation makes it.
func (o *Operation) shapeOf(r *http.Request, form string) (*shape, error) {
	s := &shape{form: form, columns: o.Fields, list: o.Lists, byID: o.sorts("id")}
	if o.RecordXML {
		s.xmlOf = strings.Split(o.Path, "/")[3]
	}
	given := r.URL.Query().Get("fields")
	if o.Streams {
		return nil, nil //nolint:nilnil // it makes its forms itself
	}
	if given == "" {
		if form == jsonType || form == "" || len(o.Fields) == 0 {
			return nil, nil //nolint:nilnil // as it is
		}
		return s, nil
	}
	if form != jsonType && form != canonicalType && form != linesType && form != csvType && form != xlsxType && (form != xmlType || !o.RecordXML) {
		return nil, problem.ErrInvalid.At("?fields", codeUnknown)
	}
	for _, path := range strings.Split(given, ",") {
		first, _, _ := strings.Cut(path, ".")
		if !slices.Contains(o.Fields, first) {
			return nil, problem.ErrInvalid.At("?fields", codeChoice, "Words", strings.Join(o.Fields, ", "))
		}
		s.fields = append(s.fields, path)
	}
	if len(s.fields) > maxFields {
		return nil, problem.ErrInvalid.At("?fields", codeMany, "Want", maxFields)
	}
	return s, nil
}

// errHalf is a list of which a page could not be had; why is in the log.
var errHalf = errors.New("a page is missing")

// sorts tells whether a list has an order of that name.
func (o *Operation) sorts(by string) bool {
	return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Name == "sort" && slices.Contains(list(p.Declared["enum"]), any(by)) })
}

// shaper holds a JSON answer back until it is whole. What is no JSON, or went wrong, passes.
type shaper struct {
	http.ResponseWriter
	from   *url.URL
	held   *bytes.Buffer
	status int
}

func (s *shaper) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *shaper) WriteHeader(status int) {
	if s.status != 0 {
		return
	}
	s.status = status
	if status == http.StatusOK && s.Header().Get("Content-Type") == jsonType {
		s.held = &bytes.Buffer{}
		return
	}
	linkNext(s.Header(), s.from)
	s.ResponseWriter.WriteHeader(status)
}

func (s *shaper) Write(b []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	if s.held != nil {
		return s.held.Write(b)
	}
	return s.ResponseWriter.Write(b)
}

// Flush lets streams through.
func (s *shaper) Flush() {
	if s.held == nil {
		_ = http.NewResponseController(s.ResponseWriter).Flush() // the client may be gone
	}
}

// shaped does the operation and gives its answer in the shape.
func (s *Server) shaped(w http.ResponseWriter, r *http.Request, shape *shape, do func(http.ResponseWriter, *http.Request)) {
	if shape == nil {
		do(w, r)
		return
	}
	if shape.whole(r.URL.Query()) {
		s.walk(w, r, shape, do)
		return
	}
	held := &shaper{ResponseWriter: w, from: r.URL}
	do(held, r)
	if held.held == nil {
		return
	}
	body, err := shape.of(held.held.Bytes(), w.Header(), r.URL)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the client may be gone
}

func (s *shape) of(body []byte, h http.Header, from *url.URL) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var whole map[string]any
	if err := d.Decode(&whole); err != nil {
		return nil, fmt.Errorf("shape: %w", err)
	}
	records := []any{whole}
	if s.list {
		records, _ = whole["items"].([]any)
	}
	if len(s.fields) > 0 {
		s.pick(records)
		if s.list {
			whole["items"] = records
		} else {
			whole, _ = records[0].(map[string]any)
		}
	}
	if s.form != jsonType {
		h.Del("ETag") // it names the version of the record in JSON, to be sent back with a change of that
		h.Set("Content-Type", s.form)
	}
	if next, _ := whole["next"].(string); s.list && next != "" && s.form != jsonType && s.form != canonicalType {
		h.Set("Next-Cursor", next)
		linkNext(h, from)
	}
	switch s.form {
	case csvType, xlsxType, linesType, xmlType:
		var b bytes.Buffer
		out, err := s.rows(&b)
		if err != nil {
			return nil, err
		}
		if err := out.putAll(records); err != nil {
			return nil, err
		}
		err = out.close()
		return b.Bytes(), err
	}
	plain, err := json.Marshal(whole)
	if err == nil && s.form == canonicalType {
		plain, err = jcs.Transform(plain)
	}
	return plain, err
}

// linkNext says where the next page is, for forms that have no place for it (RFC 8288).
func linkNext(h http.Header, from *url.URL) {
	next := h.Get("Next-Cursor")
	if next == "" {
		return
	}
	to := *from
	q := to.Query()
	q.Set("cursor", next)
	to.RawQuery = q.Encode()
	h.Set("Link", "<"+to.RequestURI()+`>; rel="next"`)
}

func (s *shape) pick(records []any) {
	for i, v := range records {
		if len(s.fields) > 0 {
			records[i] = picked(v, s.fields)
		}
	}
}

// picked is a record with nothing but the fields.
func picked(v any, fields []string) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	below, out := map[string][]string{}, map[string]any{}
	for _, path := range fields {
		first, rest, deeper := strings.Cut(path, ".")
		if !deeper {
			below[first] = []string{}
			continue
		}
		if paths, ok := below[first]; !ok || len(paths) > 0 {
			below[first] = append(below[first], rest)
		}
	}
	for name, paths := range below {
		inner, ok := m[name]
		if !ok {
			continue
		}
		if list, ok := inner.([]any); ok && len(paths) > 0 {
			some := make([]any, len(list))
			for i, v := range list {
				some[i] = picked(v, paths)
			}
			inner = some
		} else if len(paths) > 0 {
			inner = picked(inner, paths)
		}
		out[name] = inner
	}
	return out
}
