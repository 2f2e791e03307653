package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/mux"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of requests that do not keep to the specification.
var (
	ErrBodyTooLarge = problem.New(problem.TooLarge, "body.too-large")
	ErrBodyType     = problem.New(problem.Unsupported, "body.media-type")
	ErrBodySyntax   = problem.New(problem.Invalid, "body.syntax")

	CodeRequired  = problem.Field("schema.required")
	CodeUnknown   = problem.Field("schema.unknown")
	CodeType      = problem.Field("schema.type")
	CodeChoice    = problem.Field("schema.choice")
	CodeForm      = problem.Field("schema.form")
	CodeShort     = problem.Field("schema.too-short")
	CodeLong      = problem.Field("schema.too-long")
	CodeRange     = problem.Field("schema.range")
	CodeTwice     = problem.Field("schema.twice")
	CodeNotText   = problem.Field("body.not-utf8")
	CodeWrong     = problem.Field("schema.wrong")
	maxBody       = int64(1 << 20)
	surrogateForm = regexp.MustCompile(`\\u[dD][89a-fA-F][0-9a-fA-F]{2}`)
)

// Operation is what the specification says of one operation.
type Operation struct {
	ID, Method, Path, Permission string
	Public                       bool
	parameters                   []parameter
	body                         *jsonschema.Schema
	bodyType                     string
}

type parameter struct {
	name, in string
	required bool
	integer  bool
	boolean  bool
	list     bool
	schema   *jsonschema.Schema
}

// Operations reads the specification. An operation without x-permission or x-public is an error, so that nothing is
// served that nobody decided on.
func Operations(spec []byte) (map[string]Operation, error) {
	var doc map[string]any
	if err := yaml.Unmarshal(spec, &doc); err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	whole, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(whole))
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("spec:/openapi", plain); err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	r := reader{doc: plain.(map[string]any), compiler: c}
	all := map[string]Operation{}
	for path, item := range r.at("paths").(map[string]any) {
		for method, op := range item.(map[string]any) {
			if method == "parameters" {
				continue
			}
			o, err := r.operation(path, method, item.(map[string]any), op.(map[string]any))
			if err != nil {
				return nil, fmt.Errorf("specification: %s %s: %w", method, path, err)
			}
			all[o.Method+" "+path] = o
		}
	}
	return all, nil
}

type reader struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
}

func (r reader) at(tokens ...string) any {
	var v any = r.doc
	for _, t := range tokens {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[t]
	}
	return v
}

func (r reader) operation(path, method string, item, op map[string]any) (o Operation, err error) {
	o = Operation{Method: strings.ToUpper(method), Path: path}
	o.ID, _ = op["operationId"].(string)
	o.Permission, _ = op["x-permission"].(string)
	o.Public, _ = op["x-public"].(bool)
	if o.ID == "" || (o.Permission == "") == !o.Public {
		return o, errors.New("it needs an operationId and one of x-permission and x-public")
	}
	base := "spec:/openapi#/paths/" + escape(path)
	for _, level := range []struct {
		node any
		at   string
	}{{item["parameters"], base + "/parameters/"}, {op["parameters"], base + "/" + method + "/parameters/"}} {
		list, _ := level.node.([]any)
		for i, p := range list {
			parsed, err := r.parameter(p.(map[string]any), level.at+strconv.Itoa(i))
			if err != nil {
				return o, err
			}
			o.parameters = append(o.parameters, parsed)
		}
	}
	body, ok := op["requestBody"].(map[string]any)
	if !ok {
		return o, nil
	}
	for mediaType := range body["content"].(map[string]any) {
		o.bodyType = mediaType
		o.body, err = r.compiler.Compile(base + "/" + method + "/requestBody/content/" + escape(mediaType) + "/schema")
	}
	return o, err
}

func escape(token string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(token))
}

func (r reader) parameter(p map[string]any, at string) (out parameter, err error) {
	if ref, ok := p["$ref"].(string); ok {
		at = "spec:/openapi" + ref
		p = r.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(map[string]any)
	}
	out.name, out.in = p["name"].(string), p["in"].(string)
	out.required, _ = p["required"].(bool)
	schema := p["schema"].(map[string]any)
	for schema["$ref"] != nil {
		schema = r.at(strings.Split(strings.TrimPrefix(schema["$ref"].(string), "#/"), "/")...).(map[string]any)
	}
	out.integer, out.boolean, out.list = schema["type"] == "integer", schema["type"] == "boolean", schema["type"] == "array"
	out.schema, err = r.compiler.Compile(at + "/schema")
	return out, err
}

// check refuses a request that does not keep to the operation's parameters and body; the body can be read again after.
func (o Operation) check(w http.ResponseWriter, r *http.Request) error {
	wrong := problem.ErrInvalid
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return wrong.At("?", errParameter)
	}
	vars := mux.Vars(r)
	for _, p := range o.parameters {
		values := query[p.name]
		switch p.in {
		case "path":
			values = []string{vars[p.name]}
		case "header":
			continue // read by the operation; If-Match has problems of its own
		}
		if len(values) == 0 {
			if p.required {
				wrong = wrong.At("?"+p.name, CodeRequired)
			}
			continue
		}
		if len(values) > 1 && !p.list {
			wrong = wrong.At("?"+p.name, CodeTwice)
			continue
		}
		wrong = p.check(values, wrong)
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	if o.body == nil {
		return nil
	}
	return o.checkBody(w, r)
}

func (p parameter) check(values []string, wrong *problem.Error) *problem.Error {
	var value any = values[0]
	switch {
	case !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0):
		return wrong.At("?"+p.name, CodeForm)
	case p.integer:
		n, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil {
			return wrong.At("?"+p.name, CodeType, "Want", "integer")
		}
		value = json.Number(strconv.FormatInt(n, 10))
	case p.boolean:
		b, err := strconv.ParseBool(values[0])
		if err != nil {
			return wrong.At("?"+p.name, CodeType, "Want", "boolean")
		}
		value = b
	case p.list:
		list := []any{}
		for _, v := range values {
			list = append(list, v)
		}
		value = list
	}
	if err := p.schema.Validate(value); err != nil {
		return explain(err, func(string) string { return "?" + p.name }, wrong)
	}
	return wrong
}

func (o Operation) checkBody(w http.ResponseWriter, r *http.Request) error {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != o.bodyType {
		return ErrBodyType.With("Want", o.bodyType)
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return asProblem(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	if !utf8.Valid(b) {
		return problem.ErrInvalid.At("", CodeNotText)
	}
	if o.bodyType == "application/x-www-form-urlencoded" {
		return nil // OAuth's words; the operation checks them
	}
	value, err := parse(b)
	if err != nil {
		return err
	}
	if err := o.body.Validate(value); err != nil {
		return explain(err, func(pointer string) string { return pointer }, problem.ErrInvalid).Or()
	}
	return nil
}

// parse reads JSON and refuses what parsers disagree about: a name twice, half a surrogate pair, something after the end.
func parse(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if pointer, err := unique(d, ""); err != nil {
		var twice errTwice
		if errors.As(err, &twice) {
			return nil, problem.ErrInvalid.At(pointer, CodeTwice)
		}
		return nil, ErrBodySyntax.With("Offset", d.InputOffset())
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrBodySyntax.With("Offset", d.InputOffset())
	}
	if surrogateForm.Match(b) && halfSurrogate(b) {
		return nil, problem.ErrInvalid.At("", CodeNotText)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return nil, ErrBodySyntax.With("Offset", d.InputOffset())
	}
	return v, nil
}

type errTwice struct{}

func (errTwice) Error() string { return "name twice" }

// unique walks one value and finds the first object with a name twice.
func unique(d *json.Decoder, at string) (string, error) {
	t, err := d.Token()
	if err != nil {
		return at, err
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return at, nil
	}
	seen := map[string]bool{}
	for i := 0; d.More(); i++ {
		inner := at + "/" + strconv.Itoa(i)
		if delim == '{' {
			name, err := d.Token()
			if err != nil {
				return at, err
			}
			key := name.(string)
			inner = at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
			if seen[key] {
				return inner, errTwice{}
			}
			seen[key] = true
		}
		if p, err := unique(d, inner); err != nil {
			return p, err
		}
	}
	_, err = d.Token()
	return at, err
}

// halfSurrogate finds an escaped surrogate without its other half.
func halfSurrogate(b []byte) bool {
	s := string(b)
	for {
		loc := surrogateForm.FindStringIndex(s)
		if loc == nil {
			return false
		}
		high := strings.ContainsRune("89abAB", rune(s[loc[0]+3]))
		rest := s[loc[1]:]
		if !high || len(rest) < 6 || !regexp.MustCompile(`^\\u[dD][c-fC-F]`).MatchString(rest) {
			return true
		}
		s = rest[6:]
	}
}

// explain adds a detail for every leaf of a schema's refusal.
func explain(err error, place func(pointer string) string, wrong *problem.Error) *problem.Error {
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		return wrong.At(place(""), CodeWrong)
	}
	if len(v.Causes) > 0 {
		for _, c := range v.Causes {
			wrong = explain(c, place, wrong)
		}
		return wrong
	}
	at := ""
	for _, token := range v.InstanceLocation {
		at += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
	}
	switch k := v.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			wrong = wrong.At(place(at+"/"+name), CodeRequired)
		}
		return wrong
	case *kind.AdditionalProperties:
		slices.Sort(k.Properties)
		for _, name := range k.Properties {
			wrong = wrong.At(place(at+"/"+name), CodeUnknown)
		}
		return wrong
	case *kind.Type:
		return wrong.At(place(at), CodeType, "Want", strings.Join(k.Want, ", "))
	case *kind.Enum:
		return wrong.At(place(at), CodeChoice, "Words", words(k.Want))
	case *kind.Const:
		return wrong.At(place(at), CodeChoice, "Words", fmt.Sprint(k.Want))
	case *kind.MinLength:
		return wrong.At(place(at), CodeShort, "Want", k.Want)
	case *kind.MinItems:
		return wrong.At(place(at), CodeShort, "Want", k.Want)
	case *kind.MaxLength:
		return wrong.At(place(at), CodeLong, "Want", k.Want)
	case *kind.MaxItems:
		return wrong.At(place(at), CodeLong, "Want", k.Want)
	case *kind.MaxProperties:
		return wrong.At(place(at), CodeLong, "Want", k.Want)
	case *kind.Minimum, *kind.Maximum, *kind.ExclusiveMinimum, *kind.ExclusiveMaximum:
		return wrong.At(place(at), CodeRange)
	case *kind.UniqueItems:
		return wrong.At(place(at), CodeTwice)
	case *kind.Pattern, *kind.Format:
		return wrong.At(place(at), CodeForm)
	}
	return wrong.At(place(at), CodeWrong)
}

func words(list []any) string {
	var out []string
	for _, w := range list {
		out = append(out, fmt.Sprint(w))
	}
	return strings.Join(out, ", ")
}
