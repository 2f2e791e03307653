package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// errContract is met for an answer that the specification does not have.
var errContract = errors.New("the answer is not as specified")

// Named finds the operation that a request is of; nil: none.
func (s *Server) Named(r *http.Request) *Operation {
	var m mux.RouteMatch
	if !s.router.Match(r, &m) || m.Route == nil {
		return nil
	}
	template, err := m.Route.GetPathTemplate()
	if err != nil {
		return nil
	}
	return s.byRoute[r.Method+" "+template]
}

// Keeps tells whether an answer to an operation is one that the specification names: its status, its media type, its body,
// and a word in each header that must be there. Tests ask it of every answer that they get.
func (s *Spec) Keeps(o *Operation, status int, header http.Header, body []byte) error {
	at := "/paths/" + escape(o.Path) + "/" + strings.ToLower(o.Method) + "/responses/"
	declared := object(object(object(object(s.document["paths"])[o.Path])[strings.ToLower(o.Method)])["responses"])
	code := strconv.Itoa(status)
	if _, ok := declared[code]; !ok {
		if status < http.StatusBadRequest {
			return fmt.Errorf("%w: %s has no %d", errContract, o.ID, status)
		}
		code = "default"
	}
	at, response := s.resolve(at+code, object(declared[code]))
	for name, h := range object(response["headers"]) {
		_, d := s.resolve("", object(h))
		if must, _ := d["required"].(bool); must && header.Get(name) == "" {
			return fmt.Errorf("%w: %s %d has no header %s", errContract, o.ID, status, name)
		}
	}
	content := object(response["content"])
	if len(content) == 0 || o.Method == http.MethodHead {
		if len(body) > 0 {
			return fmt.Errorf("%w: %s %d has a body, and should have none", errContract, o.ID, status)
		}
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if _, ok := content[mediaType]; !ok || err != nil {
		return fmt.Errorf("%w: %s %d is %q", errContract, o.ID, status, header.Get("Content-Type"))
	}
	if object(object(content[mediaType])["schema"]) == nil || !isJSON(mediaType) {
		return nil
	}
	schema, err := s.answerSchema(at + "/content/" + escape(mediaType) + "/schema")
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: %s %d is no JSON: %w", errContract, o.ID, status, err)
	}
	if err := schema.Validate(v); err != nil {
		return fmt.Errorf("%w: %s %d: %w", errContract, o.ID, status, err)
	}
	return nil
}

// KeepsPart is Keeps for an answer with the fields that were asked for: what is missing was not asked for, and what is there
// must be as specified.
func (s *Spec) KeepsPart(o *Operation, status int, header http.Header, body []byte) error {
	err := s.Keeps(o, status, header, body)
	var found *jsonschema.ValidationError
	if errors.As(err, &found) && onlyMissing(found) {
		return nil
	}
	return err
}

func onlyMissing(e *jsonschema.ValidationError) bool {
	if len(e.Causes) == 0 {
		_, missing := e.ErrorKind.(*kind.Required)
		return missing
	}
	return !slices.ContainsFunc(e.Causes, func(c *jsonschema.ValidationError) bool { return !onlyMissing(c) })
}

// answerSchema compiles a schema of an answer when it is first asked for: a server that answers needs none of them.
func (s *Spec) answerSchema(at string) (*jsonschema.Schema, error) {
	s.answering.Lock()
	defer s.answering.Unlock()
	return s.compile(at)
}

// Problem tells whether an answer to what is no operation is a problem.
func Problem(status int, header http.Header, body []byte) error {
	var p struct{ Code, Message string }
	if header.Get("Content-Type") != "application/problem+json" || json.Unmarshal(body, &p) != nil || p.Code == "" || p.Message == "" {
		return fmt.Errorf("%w: %d is no problem: %s", errContract, status, body)
	}
	return nil
}
