package httpd

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of what was sent, before any noun is asked.
var (
	ErrTooLarge    = problem.New(problem.TooLarge, "body.too-large")
	ErrMediaType   = problem.New(problem.Unsupported, "body.media-type")
	errBodyMissing = problem.ErrInvalid.At("", codeRequired)
)

const formType = "application/x-www-form-urlencoded"

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// check refuses a request that does not keep to its operation: every parameter, then the body. The body of a JSON request
// is read once and put back.
func (o *Operation) check(w http.ResponseWriter, r *http.Request) error {
	if err := o.parameters(r); err != nil {
		return err
	}
	if len(o.Bodies) == 0 || o.NoBody && r.ContentLength == 0 {
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, o.BodyLimit)
	b, err := o.bodyFor(r)
	if err != nil || b.Schema == nil {
		return err
	}
	text, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return ErrTooLarge.With("MiB", max(1, large.Limit>>20))
	}
	if err != nil {
		return problem.ErrInvalid.At("", codeSyntax, "Line", 1, "Column", 1)
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	if b.MediaType == formType {
		return b.form(string(text))
	}
	v, err := readJSON(text)
	if err != nil {
		return err
	}
	return matches(b.Schema, v, "")
}

// bodyFor chooses the declared body by the request's media type.
func (o *Operation) bodyFor(r *http.Request) (Body, error) {
	if r.ContentLength == 0 {
		return Body{}, errBodyMissing
	}
	wanted := make([]string, len(o.Bodies))
	got, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	for i, b := range o.Bodies {
		if b.MediaType == got {
			return b, nil
		}
		wanted[i] = b.MediaType
	}
	return Body{}, ErrMediaType.With("Want", strings.Join(wanted, ", "))
}

func (b Body) form(text string) error {
	values, err := url.ParseQuery(text)
	if err != nil || !utf8.ValidString(text) {
		return problem.ErrInvalid.At("", codeSyntax, "Line", 1, "Column", 1)
	}
	v := map[string]any{}
	wrong := problem.ErrInvalid
	for name, all := range values {
		if len(all) > 1 {
			wrong = wrong.At("/"+pointerStep(name), codeTwice)
		}
		if !storable(all[0]) {
			wrong = wrong.At("/"+pointerStep(name), codeNUL)
		}
		v[name] = all[0]
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	return matches(b.Schema, v, "")
}

// storable tells whether PostgreSQL can hold a text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// parameters checks those of path, query and header. A word in the query that the operation does not know is refused,
// since a filter that is misspelt and dropped shows everything.
func (o *Operation) parameters(r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return problem.ErrInvalid.At("?", codeForm)
	}
	wrong, details := problem.ErrInvalid, []problem.Detail(nil)
	for name := range query {
		if !slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.In == "query" && p.Name == name }) {
			wrong = wrong.At("?"+name, codeUnknown)
		}
	}
	for _, p := range o.Parameters {
		pointer, given := p.given(r, query)
		if len(given) == 0 {
			if p.Required && p.Name == "If-Match" {
				return problem.ErrUnconditional
			}
			if p.Required {
				wrong = wrong.At(pointer, codeRequired)
			}
			continue
		}
		if !slices.ContainsFunc(given, func(s string) bool { return !storable(s) }) {
			if found, _ := problem.As(matches(p.Schema, p.value(given), pointer)); found != nil {
				details = append(details, found.Details...)
			}
			continue
		}
		wrong = wrong.At(pointer, codeNUL)
	}
	details = append(details, wrong.Details...)
	slices.SortStableFunc(details, func(a, b problem.Detail) int { return strings.Compare(a.Pointer, b.Pointer) })
	return (&problem.Error{Kind: wrong.Kind, Code: wrong.Code, Details: details}).Or()
}

// given returns how a problem points at the parameter, and its texts.
func (p Parameter) given(r *http.Request, query url.Values) (pointer string, texts []string) {
	switch p.In {
	case "path":
		return "{" + p.Name + "}", []string{mux.Vars(r)[p.Name]}
	case "header":
		return p.Name, r.Header.Values(p.Name)
	default:
		return "?" + p.Name, query[p.Name]
	}
}

// value reads texts as the schema's type; what cannot be read stays a text, which the schema then refuses.
func (p Parameter) value(texts []string) any {
	if p.Type == "array" {
		all := make([]any, len(texts))
		for i, t := range texts {
			all[i] = t
		}
		return all
	}
	if len(texts) > 1 {
		return texts // no schema of one value takes a list
	}
	switch p.Type {
	case "integer", "number":
		if n, err := strconv.ParseInt(texts[0], 10, 64); err == nil {
			return n
		}
	case "boolean":
		if b, err := strconv.ParseBool(texts[0]); err == nil {
			return b
		}
	}
	return texts[0]
}
