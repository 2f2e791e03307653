package httpd

import (
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	// formFiles and formSize bound what one form brings; whoever has more uses the API.
	formFiles   = 3
	formSize    = formFiles*recognition.MaxEvidence + 1<<20
	noticesPage = 20
)

// Market is the name of a market or office.
func (p page) Market(code any) string {
	return recognition.Market(fmt.Sprint(code)).Name(p.s.Bundle, p.tag)
}

// Ground is the title of a ground of the notice that the page is about, its code when it has none.
func (p page) Ground(code string) string {
	d, _ := p.Data.(map[string]any)
	n, _ := d["Notice"].(recognition.Notice)
	for _, g := range n.Grounds {
		if title := p.Pick(g.Titles); g.Code == code && title != "" {
			return title
		}
	}
	return code
}

// noticesPage lists what is published for opposition.
func (s *Server) noticesPage(w http.ResponseWriter, r *http.Request) {
	found, next, err := s.Opposing.Notices(tenancy.In(r.Context(), tenancy.Public), recognition.NoticeFilter{}, noticesPage, r.URL.Query().Get("cursor"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "notices/notices.html", page{Data: map[string]any{"Notices": found, "Next": next}})
}

// notice is the notice of the page's address.
func (s *Server) notice(r *http.Request) (n recognition.Notice, err error) {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return n, recognition.ErrNoticeNotFound
	}
	return s.Opposing.Notice(tenancy.In(r.Context(), tenancy.Public), id)
}

func (s *Server) noticePage(w http.ResponseWriter, r *http.Request) {
	n, err := s.notice(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showNotice(w, r, n, map[string]string{}, nil)
}

// showNotice shows a notice with the form, and what was wrong with what it held.
func (s *Server) showNotice(w http.ResponseWriter, r *http.Request, n recognition.Notice, said map[string]string, wrong *problem.Error) {
	data := map[string]any{"Notice": n, "Takes": n.Takes(s.Now()), "Said": said, "Capacities": recognition.Capacities, "MostFiles": formFiles, "MostMiB": recognition.MaxEvidence >> 20}
	p, status := s.formPage(w, r, data, wrong)
	s.show(w, r, status, "notices/notice.html", p)
}

// fileNotice files the opposition that a form holds, and shows its key, once: the page is kept nowhere. Nothing is begun
// before the words of the form are right.
func (s *Server) fileNotice(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	n, err := s.notice(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	said := map[string]string{}
	err = s.limitFilings(r)
	if err == nil {
		said, err = readForm(r, recognition.MaxEvidence)
	}
	var o recognition.Opposition
	var key string
	if err == nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }() // what waited on disk; the system removes the rest
		o, key, err = s.fileForm(r, n, filingOf(said, n, locale.From(r.Context())))
	}
	if wrong, ok := problem.As(err); ok {
		s.showNotice(w, r, n, said, wrong)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusCreated, "notices/opposition.html", page{Data: map[string]any{"New": true, "Key": key, "Opposition": o, "Notice": n}})
}

// filingOf is what a form says: a ground is raised when something is said on it.
func filingOf(said map[string]string, n recognition.Notice, tag locale.Tag) recognition.Filing {
	f := recognition.Filing{Opponent: said["opponent"], Address: said["address"], Email: said["email"], Capacity: recognition.Capacity(said["capacity"]), Language: string(tag)}
	for _, g := range n.Grounds {
		if text := strings.TrimSpace(said["ground-"+g.Code]); text != "" {
			f.Grounds = append(f.Grounds, recognition.OnGround{Ground: g.Code, Text: text})
		}
	}
	return f
}

func (s *Server) fileForm(r *http.Request, n recognition.Notice, f recognition.Filing) (o recognition.Opposition, key string, err error) {
	if err := f.Check(n.Grounds); err != nil {
		return o, "", err
	}
	files := brought(r, "evidence")
	if len(files) > formFiles {
		return o, "", problem.ErrInvalid.At("/evidence", codeForm)
	}
	if o, key, err = s.Opposing.Begin(r.Context(), n.CaseID); err != nil {
		return o, key, err
	}
	for _, h := range files {
		if err := s.bring(r, o.ID, key, h); err != nil {
			if wrong, ok := problem.As(err); ok && wrong.Kind == problem.Invalid {
				moved := problem.ErrInvalid
				for _, d := range wrong.Details {
					moved = moved.At("/evidence", d.Code)
				}
				err = moved.Or()
			}
			return o, key, err
		}
	}
	o, err = s.Opposing.File(r.Context(), o.ID, key, f)
	return o, key, err
}

func (s *Server) bring(r *http.Request, id recognition.OppositionID, key string, h *multipart.FileHeader) error {
	a, content, err := readFile(h, recognition.MaxEvidence)
	if err == nil {
		_, err = s.Opposing.Bring(r.Context(), id, key, a, content)
	}
	return err
}

// oppositionPage asks for a key.
func (s *Server) oppositionPage(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "notices/opposition.html", page{Data: map[string]any{}})
}

// ownOpposition shows the opposition that a key opens, or withdraws it. The key comes in a form, so that it stands in no
// address, no log and no history.
func (s *Server) ownOpposition(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, formMemory)
	data, status := map[string]any{}, http.StatusOK
	err := s.limitFilings(r)
	if err == nil && r.ParseForm() != nil {
		err = problem.ErrInvalid.At("", codeForm)
	}
	key := r.PostForm.Get("key")
	var o recognition.Opposition
	if err == nil {
		o, err = s.Opposing.Own(r.Context(), key)
	}
	if err == nil && r.PostForm.Get("act") == string(recognition.OppositionWithdraw) {
		o, err = s.Opposing.Withdraw(r.Context(), o.ID, key, r.PostForm.Get("reason"))
	}
	if wrong, ok := problem.As(err); ok {
		status = StatusOf(wrong.Kind)
		data["Problem"] = s.problemBody(r, wrong, status).Message
	} else if err != nil {
		s.fail(w, r, err)
		return
	} else {
		data["Opposition"], data["Key"] = o, key
		data["MayWithdraw"] = slices.Contains(o.Possible(o.Office.ID), recognition.OppositionWithdraw)
		if n, err := s.Opposing.Notice(tenancy.In(r.Context(), tenancy.Public), o.CaseID); err == nil {
			data["Notice"] = n
		}
	}
	s.show(w, r, status, "notices/opposition.html", page{Data: data})
}
