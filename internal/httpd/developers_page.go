package httpd

import (
	"io/fs"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/web/public"
)

// topics are the pages for developers, by the name of their folder.
var topics = []string{"start", "authentication", "writing", "feed", "webhooks", "log", "formats"}

// exampleLanguages are the languages of examples, by the ending of their files; those in Go are no part of this module. A test
// runs every one of them.
var exampleLanguages = []struct{ ending, name string }{{"sh", "curl"}, {"go.txt", "Go"}, {"ts", "TypeScript"}, {"py", "Python"}, {"java", "Java"}}

// example is a program to copy.
type example struct{ Language, Text string }

func examples(name string) (all []example, err error) {
	for _, l := range exampleLanguages {
		text, err := fs.ReadFile(public.FS, "developers/examples/"+name+"."+l.ending)
		if err != nil {
			return nil, err
		}
		all = append(all, example{l.name, string(text)})
	}
	return all, nil
}

func (s *Server) developersPage(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "developers/index.html", page{})
}

// topicPage is written by hand in each language.
func (s *Server) topicPage(w http.ResponseWriter, r *http.Request) {
	tag := locale.From(r.Context()).Whole()
	r = r.WithContext(locale.With(r.Context(), tag))
	name := "developers/" + mux.Vars(r)["topic"] + "/" + string(tag) + ".html"
	if _, ok := s.templates[name]; !ok {
		s.fail(w, r, errNoRoute)
		return
	}
	s.show(w, r, http.StatusOK, name, page{tag: tag})
}
