package httpd

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// applySize bounds what one form of an application brings.
const applySize = members.MostPapers*members.MaxPaper + 1<<20

// applyPage is the form of an application to an association, empty or as it was kept under the key in its address.
func (s *Server) applyPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a key
	door, err := s.Members.Door(r.Context(), mux.Vars(r)["slug"])
	draft, key := members.Draft{}, mux.Vars(r)["key"]
	if err == nil && key != "" {
		draft, err = s.Members.ReadDraft(r.Context(), door, key)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showApplication(w, r, door, key, draft, nil)
}

func (s *Server) showApplication(w http.ResponseWriter, r *http.Request, door members.Door, key string, draft members.Draft, wrong *problem.Error) {
	if draft.Said == nil {
		draft.Said = map[string]string{}
	}
	data := map[string]any{"Door": door, "Key": key, "Draft": draft, "Categories": members.Categories, "MostFiles": members.MostPapers, "MostMiB": members.MaxPaper >> 20}
	p, status := s.formPage(w, r, data, wrong)
	s.show(w, r, status, "members/apply.html", p)
}

// apply keeps what the form holds, whatever it is, and then sends it when that was asked for.
func (s *Server) apply(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	door, err := s.Members.Door(r.Context(), mux.Vars(r)["slug"])
	if err != nil {
		s.fail(w, r, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, applySize)
	said, key := map[string]string{}, mux.Vars(r)["key"]
	if err = s.limitFilings(r); err == nil {
		said, err = readForm(r, members.MaxPaper)
	}
	if err == nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }()
		key, err = s.Members.KeepDraft(r.Context(), door, key, said)
	}
	if err == nil {
		err = s.bringPapers(r, door, key)
	}
	if err == nil && said["act"] == "send" {
		var id members.ID
		if id, err = s.Members.Send(r.Context(), door, key, said["agree"] == "yes"); err == nil {
			s.show(w, r, http.StatusCreated, "members/sent.html", page{Data: map[string]any{"Door": door, "ID": id}})
			return
		}
	}
	if wrong, ok := problem.As(err); ok {
		draft := members.Draft{Said: said}
		if kept, err := s.Members.ReadDraft(r.Context(), door, key); err == nil && key != "" {
			draft.Papers, draft.ExpiresAt = kept.Papers, kept.ExpiresAt
		}
		s.showApplication(w, r, door, key, draft, wrong)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/associations/"+door.Slug+"/applications/"+key, http.StatusSeeOther)
}

func (s *Server) bringPapers(r *http.Request, door members.Door, key string) error {
	for _, h := range brought(r, "papers") {
		a, content, err := readFile(h, members.MaxPaper)
		if err == nil {
			err = s.Members.Bring(r.Context(), door, key, a, content)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
