package httpd

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// logPage shows the log to people: its checkpoint, who cosigned it, its entries. Asked for a publication it leads to its entry.
func (s *Server) logPage(w http.ResponseWriter, r *http.Request) {
	asked, status := r.URL.Query().Get("publication"), http.StatusOK
	p := page{}
	if r.URL.Query().Has("publication") {
		index, err := s.placeOf(r, asked)
		if err == nil {
			http.Redirect(w, r, "/log/entries/"+strconv.FormatInt(index, 10), http.StatusSeeOther)
			return
		}
		why, ok := problem.As(err)
		if !ok {
			s.fail(w, r, err)
			return
		}
		status = StatusOf(why.Kind)
		p.fix = []api.ProblemDetail{{Pointer: "/publication", Message: s.Bundle.T(locale.From(r.Context()), "problem."+why.Code+".title", nil)}}
	}
	everybody := tenancy.In(r.Context(), tenancy.Public)
	info, err := s.Translog.Info(everybody)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cursor := r.URL.Query().Get("cursor")
	entries, _, next, err := s.Translog.Entries(everybody, logPageRows, cursor)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Data = map[string]any{"Log": info, "Entries": entries, "Next": next, "Later": cursor != "", "Asked": asked, "Base": s.base(r)}
	s.show(w, r, status, "log/log.html", p)
}

// logPageRows keep the page under its limit of bytes.
const logPageRows = 25

func (s *Server) placeOf(r *http.Request, publication string) (int64, error) {
	id, err := uuid.Parse(publication)
	if err != nil {
		return 0, translog.ErrNotLogged
	}
	return s.Translog.PlaceOf(tenancy.In(r.Context(), tenancy.Public), id)
}

// entry reads the entry that the address names.
func (s *Server) entry(r *http.Request) (translog.Shown, error) {
	index, err := strconv.ParseInt(mux.Vars(r)["index"], 10, 64)
	if err != nil {
		return translog.Shown{}, translog.ErrNoEntry
	}
	return s.Translog.Entry(r.Context(), index)
}

func (s *Server) entryPage(w http.ResponseWriter, r *http.Request) {
	e, err := s.entry(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	_, err = s.Translog.PlaceOf(tenancy.In(r.Context(), tenancy.Public), e.Publication)
	s.show(w, r, http.StatusOK, "log/entry.html", page{Data: struct {
		translog.Shown
		Readable bool // by everybody, still
	}{e, err == nil}})
}

// entryProof is the proof as a file, for whoever keeps it.
func (s *Server) entryProof(w http.ResponseWriter, r *http.Request) {
	e, err := s.entry(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="entry-`+strconv.FormatInt(e.Index, 10)+`.tlog-proof"`)
	_, _ = w.Write([]byte(e.TLog)) //nolint:gosec // text that no browser shows; the client may be gone
}
