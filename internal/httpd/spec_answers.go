package httpd

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Response is one answer that the specification names.
type Response struct {
	Status, Description string
	Headers             []Header
	Bodies              []Answer
}

// Header is one that an answer carries.
type Header struct{ Name, Description string }

// Answer is one media type of an answer.
type Answer struct {
	MediaType string
	Declared  map[string]any // the schema as written: a reference, most often
	Example   any            // nil: to be made of the schema
}

func (s *Spec) response(status string, d map[string]any) Response {
	_, d = s.resolve("", d)
	r := Response{Status: status, Description: word(d, "description")}
	headers, content := object(d["headers"]), object(d["content"])
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		_, h := s.resolve("", object(headers[name]))
		r.Headers = append(r.Headers, Header{name, word(h, "description")})
	}
	for _, mediaType := range slices.Sorted(maps.Keys(content)) {
		m := object(content[mediaType])
		r.Bodies = append(r.Bodies, Answer{mediaType, object(m["schema"]), m["example"]})
	}
	return r
}

// uses are the operations that take or give a schema, by its name; directly, or inside of what they take or give.
func (s *Spec) uses(name string) (found []*Operation) {
	for _, o := range s.Operations {
		if s.mentions(o.declared, name, map[string]bool{}) {
			found = append(found, o)
		}
	}
	return found
}

// mentions tells whether a schema is referred to below v.
func (s *Spec) mentions(v any, name string, seen map[string]bool) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(one any) bool { return s.mentions(one, name, seen) })
	case map[string]any:
		ref := word(v, "$ref")
		if schemaOf(v) == name {
			return true
		}
		if ref != "" && !seen[ref] && !strings.HasSuffix(ref, "/responses/Problem") {
			seen[ref] = true
			_, there := s.resolve("", v)
			return s.mentions(there, name, seen)
		}
		for _, one := range v {
			if s.mentions(one, name, seen) {
				return true
			}
		}
	}
	return false
}

// Schemas are the names of all schemas.
func (s *Spec) Schemas() []string {
	return slices.Sorted(maps.Keys(object(object(s.document["components"])["schemas"])))
}

func (s *Spec) schema(name string) (map[string]any, error) {
	d, ok := object(object(s.document["components"])["schemas"])[name].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("schema %s: %w", name, errNoRoute)
	}
	return d, nil
}

// SchemaOf compiles a named schema.
func (s *Spec) SchemaOf(name string) (*jsonschema.Schema, error) {
	s.answering.Lock()
	defer s.answering.Unlock()
	return s.compile("/components/schemas/" + escape(name))
}
