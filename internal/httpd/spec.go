package httpd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/helianthus-gi/helianthus/api"
)

// Operation is one operation of the specification.
type Operation struct {
	ID          string // readRegistration
	Method      string // GET
	Path        string // /api/v1/registrations/{id}
	Tag         string
	Summary     string
	Description string
	Permission  string // registration:read; empty for what is public
	Public      bool
	Parameters  []Parameter
	NoBody      bool   // it may also be sent without a body
	Bodies      []Body // what it takes, in the specification's order; empty when it takes nothing
	Responses   []Response
	BodyLimit   int64          // bytes; x-body-limit, else 1 MiB
	Streams     bool           // an answer may go on without an end
	Offers      []string       // forms of the answer that Accept chooses from, JSON first; empty when there is no choice
	Fields      []string       // of the record that it answers with, or of each that it lists; the id first
	Lists       bool           // it answers with a page of records
	RecordXML   bool           // its XML is that of records (recordNS), and no standard's that it writes itself; x-record
	declared    map[string]any // as written
	retirement  *retirement
}

// Parameter is one value of a request outside its body.
type Parameter struct {
	Name, In, Description string
	Required              bool
	Type                  string // of JSON schema: string, integer, boolean, array
	Schema                *jsonschema.Schema
	Declared              map[string]any // the schema as written
}

// Body is one media type that an operation takes.
type Body struct {
	MediaType string
	Schema    *jsonschema.Schema // nil for what is no JSON and no form
	Declared  map[string]any
	Written   map[string]any // the schema as written: a reference, most often
	Example   any            // nil: to be made of the schema
}

const bodyLimit = 1 << 20 // records are texts; files go to the object store

// Spec is the specification, read.
type Spec struct {
	Operations []*Operation
	Tags       []Tag
	document   map[string]any
	compiler   *jsonschema.Compiler
	answering  sync.Mutex // while a schema of an answer is compiled
}

// Tag is a group of operations.
type Tag struct{ Name, Description string }

const specURL = "helianthus:openapi"

// ourSpec is the product's own, read once: that takes a good part of what a server needs to start.
var ourSpec = sync.OnceValues(func() (*Spec, error) { return ReadSpec(api.Spec) })

// ReadSpec reads an OpenAPI document. It refuses an operation that says neither who may call it nor that anybody may.
func ReadSpec(text []byte) (*Spec, error) {
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	plain, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	s := &Spec{document: object(document), compiler: jsonschema.NewCompiler()}
	s.compiler.AssertFormat()
	if err := s.compiler.AddResource(specURL, document); err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	for _, t := range list(s.document["tags"]) {
		s.Tags = append(s.Tags, Tag{word(object(t), "name"), word(object(t), "description")})
	}
	paths := object(s.document["paths"])
	for path, item := range paths {
		for _, method := range []string{"get", "put", "post", "delete", "patch"} {
			if _, ok := object(item)[method]; !ok {
				continue
			}
			o, err := s.operation(path, method, object(item))
			if err != nil {
				return nil, fmt.Errorf("specification: %s %s: %w", method, path, err)
			}
			s.Operations = append(s.Operations, o)
		}
	}
	slices.SortFunc(s.Operations, func(a, b *Operation) int {
		return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
	})
	return s, s.successors()
}

func (s *Spec) operation(path, method string, item map[string]any) (*Operation, error) {
	d := object(item[method])
	o := &Operation{
		ID: word(d, "operationId"), Method: strings.ToUpper(method), Path: path, Summary: word(d, "summary"), Description: word(d, "description"),
		Permission: word(d, "x-permission"), BodyLimit: bodyLimit, declared: d,
	}
	o.Public, _ = d["x-public"].(bool)
	if o.ID == "" || o.Public == (o.Permission != "") {
		return nil, fmt.Errorf("operation %q needs an operationId and either x-permission or x-public", o.ID)
	}
	var err error
	if o.retirement, err = retired(d); err != nil {
		return nil, err
	}
	if tags := list(d["tags"]); len(tags) > 0 {
		o.Tag, _ = tags[0].(string)
	}
	if n, ok := d["x-body-limit"].(json.Number); ok {
		limit, err := n.Int64()
		if err != nil {
			return nil, fmt.Errorf("x-body-limit: %w", err)
		}
		o.BodyLimit = limit
	}
	at := "/paths/" + escape(path)
	for _, where := range []struct {
		at   string
		list []any
	}{{at, list(item["parameters"])}, {at + "/" + method, list(d["parameters"])}} {
		for i, p := range where.list {
			parameter, err := s.parameter(fmt.Sprintf("%s/parameters/%d", where.at, i), object(p))
			if err != nil {
				return nil, err
			}
			o.Parameters = append(o.Parameters, parameter)
		}
	}
	for status, r := range object(d["responses"]) {
		_, declared := s.resolve("", object(r))
		o.Responses = append(o.Responses, s.response(status, declared))
		_, events := object(declared["content"])["text/event-stream"]
		o.Streams = o.Streams || events
	}
	s.representations(o, object(object(d["responses"])["200"]))
	slices.SortFunc(o.Responses, func(a, b Response) int { return strings.Compare(a.Status, b.Status) })
	return o, s.bodies(o, at+"/"+method+"/requestBody", object(d["requestBody"]))
}

// representations reads which forms an answer has, where the operation says that Accept chooses one, and what its records have.
func (s *Spec) representations(o *Operation, d map[string]any) {
	content := object(d["content"])
	if !slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.In == "header" && p.Name == "Accept" }) {
		return
	}
	o.Offers = []string{jsonType}
	if !o.Streams {
		o.Offers = append(o.Offers, canonicalType)
	}
	for _, mediaType := range slices.Sorted(maps.Keys(content)) {
		if mediaType != jsonType {
			o.Offers = append(o.Offers, mediaType)
		}
		if mediaType == xmlType {
			o.RecordXML, _ = object(content[mediaType])["x-record"].(bool)
		}
	}
	_, record := s.resolve("", object(object(content[jsonType])["schema"]))
	if items, ok := object(record["properties"])["items"]; ok {
		_, record = s.resolve("", object(object(items)["items"]))
		o.Lists = true
	}
	o.Fields = slices.SortedFunc(maps.Keys(object(record["properties"])), func(a, b string) int {
		switch {
		case a == "id":
			return -1
		case b == "id":
			return 1
		}
		return strings.Compare(a, b)
	})
}

func (s *Spec) parameter(at string, d map[string]any) (Parameter, error) {
	at, d = s.resolve(at, d)
	p := Parameter{Name: word(d, "name"), In: word(d, "in"), Description: word(d, "description")}
	p.Required, _ = d["required"].(bool)
	_, p.Declared = s.resolve("", object(d["schema"]))
	p.Type = word(p.Declared, "type")
	schema, err := s.compile(at + "/schema")
	if err != nil {
		return p, fmt.Errorf("parameter %s: %w", p.Name, err)
	}
	p.Schema = schema
	return p, nil
}

func (s *Spec) bodies(o *Operation, at string, d map[string]any) error {
	at, d = s.resolve(at, d)
	required, _ := d["required"].(bool)
	o.NoBody = !required
	for mediaType, m := range object(d["content"]) {
		b := Body{MediaType: mediaType, Written: object(object(m)["schema"]), Example: object(m)["example"]}
		_, b.Declared = s.resolve("", object(object(m)["schema"]))
		if isJSON(mediaType) || mediaType == formType {
			schema, err := s.compile(at + "/content/" + escape(mediaType) + "/schema")
			if err != nil {
				return fmt.Errorf("body: %w", err)
			}
			b.Schema = schema
		}
		o.Bodies = append(o.Bodies, b)
	}
	slices.SortFunc(o.Bodies, func(a, b Body) int { return strings.Compare(a.MediaType, b.MediaType) })
	return nil
}

// resolve follows a reference inside the document; it returns the place and what stands there.
func (s *Spec) resolve(at string, d map[string]any) (string, map[string]any) {
	ref, ok := d["$ref"].(string)
	if !ok {
		return at, d
	}
	at = strings.TrimPrefix(ref, "#")
	var here any = s.document
	for _, step := range strings.Split(strings.TrimPrefix(at, "/"), "/") {
		here = object(here)[step]
	}
	return s.resolve(at, object(here))
}

func (s *Spec) compile(at string) (*jsonschema.Schema, error) {
	return s.compiler.Compile(specURL + "#" + at)
}

// Operation finds an operation by its id.
func (s *Spec) Operation(id string) *Operation {
	for _, o := range s.Operations {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// escape writes a key as a step of a JSON pointer in a URL's fragment.
func escape(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(key)
}

func object(v any) map[string]any { m, _ := v.(map[string]any); return m }
func list(v any) []any            { l, _ := v.([]any); return l }
func word(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

// Words are the values that a schema of one word allows; `Schema.property` is a property of a schema.
func (s *Spec) Words(name string) []string {
	name, property, _ := strings.Cut(name, ".")
	_, declared := s.resolve("", map[string]any{"$ref": "#/components/schemas/" + name})
	if property != "" {
		_, declared = s.resolve("", object(object(declared["properties"])[property]))
	}
	var words []string
	for _, w := range list(declared["enum"]) {
		if text, ok := w.(string); ok {
			words = append(words, text)
		}
	}
	return words
}

// Resolve follows a schema's reference.
func (s *Spec) Resolve(d map[string]any) map[string]any {
	_, d = s.resolve("", d)
	return d
}
