package httpd

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// group is the operations of one tag.
type group struct {
	Tag        Tag
	Operations []*Operation
}

// mostListed is how many operations the first page lists; when there are more it lists their tags, and how many each has.
const mostListed = 100

// referencePage shows the specification: its tags, the operations that were looked for, or one tag, operation or schema in detail. Each has an
// address of its own, so that no page is heavy.
func (s *Server) referencePage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Has("operation"):
		s.operationPage(w, r, q.Get("operation"))
	case q.Has("schema"):
		s.schemaPage(w, r, q.Get("schema"))
	case q.Has("tag"):
		s.tagPage(w, r, q.Get("tag"))
	default:
		s.indexPage(w, r, q.Get("q"))
	}
}

// indexPage lists the tags; with words, the operations in which each word is found, and of such schemas the names.
func (s *Server) indexPage(w http.ResponseWriter, r *http.Request, asked string) {
	if len(asked) > 200 {
		asked = asked[:200]
	}
	words := strings.Fields(strings.ToLower(asked))
	fits := func(text string) bool {
		text = strings.ToLower(text)
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	}
	var groups []group
	found := 0
	for _, t := range s.spec.Tags {
		g := group{Tag: t}
		for _, o := range s.spec.Operations {
			if o.Tag == t.Name && fits(strings.Join([]string{o.ID, o.Method, o.Path, o.Tag, o.Summary, o.Description, o.Permission}, " ")) {
				g.Operations = append(g.Operations, o)
			}
		}
		if len(g.Operations) > 0 {
			groups = append(groups, g)
			found += len(g.Operations)
		}
	}
	var schemas []string
	if len(words) > 0 {
		for _, name := range s.spec.Schemas() {
			if fits(name) {
				schemas = append(schemas, name)
			}
		}
	}
	s.show(w, r, http.StatusOK, "reference/reference.html", page{Data: map[string]any{"Groups": groups, "Schemas": schemas, "Q": asked, "Found": found, "Brief": found > mostListed, "Quotas": shownQuotas()}})
}

// tagPage shows the operations of a tag with their parameters.
func (s *Server) tagPage(w http.ResponseWriter, r *http.Request, name string) {
	i := slices.IndexFunc(s.spec.Tags, func(t Tag) bool { return t.Name == name })
	if i < 0 {
		s.fail(w, r, errNoRoute)
		return
	}
	g := group{Tag: s.spec.Tags[i]}
	for _, o := range s.spec.Operations {
		if o.Tag == name {
			g.Operations = append(g.Operations, o)
		}
	}
	s.show(w, r, http.StatusOK, "reference/tag.html", page{Data: g})
}

// shownBody is a body that is sent or answered.
type shownBody struct {
	MediaType string
	Type      []label
	Fields    []field // of a schema that has no page of its own
	Example   string
}

// shownOperation is an operation in all detail.
type shownOperation struct {
	*Operation
	Parameters []shownParameter
	Bodies     []shownBody
	Answers    []shownAnswer
	Problems   []shownProblem
	Quotas     []shownQuota
	Call       string // with curl
}

type shownParameter struct {
	Parameter
	Is field
}

type shownAnswer struct {
	Response
	Shown []shownBody
}

func (s *Server) operationPage(w http.ResponseWriter, r *http.Request, id string) {
	o := s.spec.Operation(id)
	if o == nil {
		s.fail(w, r, errNoRoute)
		return
	}
	shown := shownOperation{Operation: o, Problems: s.problemsOf(o, locale.From(r.Context())), Quotas: quotasOf(o.class())}
	for _, p := range o.Parameters {
		f := s.spec.field(p.Declared)
		shown.Parameters = append(shown.Parameters, shownParameter{p, f})
	}
	for _, b := range o.Bodies {
		shown.Bodies = append(shown.Bodies, s.shownBody(b.MediaType, b.Written, b.Example))
	}
	for _, a := range o.Responses {
		answer := shownAnswer{Response: a}
		for _, b := range a.Bodies {
			answer.Shown = append(answer.Shown, s.shownBody(b.MediaType, b.Declared, b.Example))
		}
		shown.Answers = append(shown.Answers, answer)
	}
	shown.Call = call(s.base(r), shown)
	s.show(w, r, http.StatusOK, "reference/operation.html", page{Data: shown})
}

func (s *Server) shownBody(mediaType string, declared map[string]any, example any) shownBody {
	b := shownBody{MediaType: mediaType, Type: s.spec.label(declared)}
	if schemaOf(declared) == "" {
		b.Fields = s.spec.fields(declared)
	}
	switch {
	case isJSON(mediaType):
		if example == nil {
			example = s.spec.Example(declared)
		}
		b.Example = indented(example)
	case mediaType == formType:
		values := url.Values{}
		for name, v := range object(s.spec.Example(declared)) {
			if text, ok := v.(string); ok {
				values.Set(name, text)
			}
		}
		b.Example = values.Encode()
	default:
		if text, ok := example.(string); ok {
			b.Example = text
		}
	}
	return b
}

func indented(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// call is the operation as a command.
func call(base string, o shownOperation) string {
	var b strings.Builder
	b.WriteString("curl")
	if o.Method != http.MethodGet {
		b.WriteString(" -X " + o.Method)
	}
	if !o.Public {
		b.WriteString(` -H "Authorization: Bearer $TOKEN"`)
	}
	path := o.Path
	var query []string
	for _, p := range o.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Parameter.Name+"}", "$"+strings.ToUpper(p.Parameter.Name))
		case p.In == "header" && p.Parameter.Required:
			b.WriteString(" \\\n  -H '" + p.Parameter.Name + `: "…"'`)
		case p.In == "query" && p.Parameter.Required:
			query = append(query, p.Parameter.Name+"=…")
		}
	}
	if o.Method != http.MethodGet && !gateOperations[o.ID] {
		b.WriteString(" \\\n  -H \"Idempotency-Key: $(uuidgen)\"")
	}
	if len(o.Bodies) > 0 {
		b.WriteString(" \\\n  -H 'Content-Type: " + o.Bodies[0].MediaType + "' --data-binary @body")
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	return b.String() + " \\\n  \"" + base + path + `"`
}

// schemaPage shows a schema; without a name, all of them in a line each.
func (s *Server) schemaPage(w http.ResponseWriter, r *http.Request, name string) {
	if name == "" {
		s.show(w, r, http.StatusOK, "reference/schemas.html", page{Data: s.spec.Schemas()})
		return
	}
	d, err := s.spec.schema(name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "reference/schema.html", page{Data: map[string]any{
		"Name": name, "Self": s.spec.field(d), "Fields": s.spec.fields(d), "Example": indented(s.spec.Example(d)), "Uses": s.spec.uses(name),
	}})
}

// shownProblem is a line of the list of problems.
type shownProblem struct {
	Code   string
	Status int
	Title  string
}

// problemsPage lists every problem that can be met, so that a problem's type is an address that says more.
func (s *Server) problemsPage(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "reference/problems.html", page{Data: s.shownProblems(problem.Codes(), locale.From(r.Context()))})
}

// shownProblems are problems in words. Their values are known when one is met; here an ellipsis stands for each.
func (s *Server) shownProblems(codes []string, tag locale.Tag) (all []shownProblem) {
	for _, code := range codes {
		all = append(all, shownProblem{code, StatusOf(problem.KindOf(code)), strings.ReplaceAll(s.Bundle.T(tag, "problem."+code+".title", nil), "<no value>", "…")})
	}
	return all
}

// problemsOf are the problems that an operation may answer with: those of every operation, those of what it takes, and those of
// its noun. A reading finds nothing at most; what is made anew is not missing.
func (s *Server) problemsOf(o *Operation, tag locale.Tag) []shownProblem {
	noun, _, ok := strings.Cut(o.Permission, ":")
	if parts := strings.Split(o.Path, "/"); !ok && len(parts) > 3 {
		noun = strings.TrimSuffix(parts[3], "s")
	}
	reads, named := o.Method == http.MethodGet, strings.Contains(o.Path, "{")
	versioned := slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Name == "If-Match" })
	codes := slices.DeleteFunc(problem.Codes(), func(code string) bool {
		k := problem.KindOf(code)
		group, _, _ := strings.Cut(code, ".")
		switch {
		case code == errTooMany.Code, code == problem.ErrInvalid.Code:
			return false
		case code == "session.needed", code == "token.invalid", code == "access.missing":
			return o.Public
		case k == problem.Gone:
			return o.retirement == nil
		case k == problem.Unconditional || k == problem.Stale && group != noun:
			return !versioned
		case group == "body":
			return len(o.Bodies) == 0
		case group == "idempotency":
			return reads || gateOperations[o.ID]
		case code == "lifecycle.no-move":
			return reads || !named
		case group != noun:
			return true
		case k == problem.NotFound:
			return !named
		}
		return reads && k != problem.Invalid && k != problem.Unavailable
	})
	all := s.shownProblems(codes, tag)
	slices.SortStableFunc(all, func(a, b shownProblem) int { return a.Status - b.Status })
	return all
}

// shownQuota is how much somebody may ask of a class of operations.
type shownQuota struct {
	Who         string
	Read, Write int
	Gate        int
}

// shownQuotas are the quotas, of machines and addresses first.
func shownQuotas() []shownQuota {
	order := append([]string{"client", "address"}, slices.DeleteFunc(slices.Sorted(maps.Keys(quotas)), func(who string) bool { return who == "client" || who == "address" })...)
	var all []shownQuota
	for _, who := range order {
		all = append(all, shownQuota{who, quotas[who][classRead], quotas[who][classWrite], quotas[who][classGate]})
	}
	return all
}

// quotasOf are the quotas of a class that a machine and an address meet.
func quotasOf(c class) (all []shownQuota) {
	for _, who := range []string{"client", "address"} {
		if n := quotas[who][c]; n > 0 {
			all = append(all, shownQuota{Who: who, Read: n})
		}
	}
	return all
}
