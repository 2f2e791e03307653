package httpd

import (
	"net/http"
	"slices"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// group is the operations of one tag.
type group struct {
	Tag        Tag
	Operations []*Operation
}

// field is a line about a member of a body.
type field struct {
	Name, Type, Description string
	Required                bool
}

// referencePage lists the operations as the specification declares them; with a tag in the address, in all detail.
func (s *Server) referencePage(w http.ResponseWriter, r *http.Request) {
	chosen := r.URL.Query().Get("tag")
	var groups []group
	for _, t := range s.spec.Tags {
		g := group{Tag: t}
		for _, o := range s.spec.Operations {
			if o.Tag == t.Name && (chosen == "" || chosen == t.Name) {
				g.Operations = append(g.Operations, o)
			}
		}
		if len(g.Operations) > 0 {
			groups = append(groups, g)
		}
	}
	if len(groups) == 0 {
		s.fail(w, r, errNoRoute)
		return
	}
	s.show(w, r, http.StatusOK, "reference/reference.html", page{tag: spoken(r), Data: map[string]any{"Groups": groups, "Chosen": chosen, "Base": s.base(r), "Fields": s.fields}})
}

// fields are the members of a body, one level deep.
func (s *Server) fields(b Body) []field {
	var all []field
	needed := list(b.Declared["required"])
	for name, d := range object(b.Declared["properties"]) {
		_, declared := s.spec.resolve("", object(d))
		f := field{Name: name, Type: typeOf(declared), Description: word(declared, "description")}
		f.Required = slices.Contains(needed, any(name))
		if said := word(object(d), "description"); said != "" {
			f.Description = said
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func typeOf(d map[string]any) string {
	if words := list(d["enum"]); len(words) > 0 {
		return join(words)
	}
	if f := word(d, "format"); f != "" {
		return f
	}
	return word(d, "type")
}

// shownProblem is a line of the list of problems.
type shownProblem struct {
	Code   string
	Status int
	Title  string
}

// problemsPage lists every problem that can be met, so that a problem's type is an address that says more.
func (s *Server) problemsPage(w http.ResponseWriter, r *http.Request) {
	tag := spoken(r)
	var all []shownProblem
	for _, code := range problem.Codes() {
		all = append(all, shownProblem{code, StatusOf(problem.KindOf(code)), s.Bundle.T(tag, "problem."+code+".title", nil)})
	}
	s.show(w, r, http.StatusOK, "reference/problems.html", page{tag: tag, Data: all})
}
