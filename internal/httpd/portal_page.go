package httpd

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

const (
	// portalCookie holds the key of a session of a member, for the portal of one association.
	portalCookie = "member-portal"
	// portalSize bounds what a form of the portal brings.
	portalSize = 64 << 10
)

func (s *Server) portalCookie(d members.Door, session string, age int) *http.Cookie {
	//nolint:gosec // without Secure on loopback only
	return &http.Cookie{Name: portalCookie, Value: session, Path: "/associations/" + d.Slug + "/portal", MaxAge: age, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteStrictMode}
}

// portal is the association of a request to its portal, and the session of who asks; empty for none.
func (s *Server) portal(w http.ResponseWriter, r *http.Request) (d members.Door, session string, err error) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // the address may be a key
	if c, err := r.Cookie(portalCookie); err == nil {
		session = c.Value
	}
	d, err = s.Members.Door(r.Context(), mux.Vars(r)["slug"])
	return d, session, err
}

// portalPage shows a member its own membership, or says how to get in.
func (s *Server) portalPage(w http.ResponseWriter, r *http.Request) {
	d, session, err := s.portal(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showPortal(w, r, d, session, nil, nil)
}

// showPortal shows the portal, with a form as it was sent when something is wrong with it.
func (s *Server) showPortal(w http.ResponseWriter, r *http.Request, d members.Door, session string, said map[string]string, wrong *problem.Error) {
	own, err := s.Portal.Look(r.Context(), d, session)
	if p, ok := problem.As(err); ok && p.Code == members.ErrNoKey.Code {
		s.show(w, r, http.StatusOK, "members/portal-closed.html", page{Data: map[string]any{"Door": d}})
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if said == nil {
		said = own.Form()
	}
	p, status := s.formPage(w, r, map[string]any{"Door": d, "Own": own, "Said": said, "Languages": members.PortalLanguages}, wrong)
	s.show(w, r, status, "members/portal.html", p)
}

// enterPage asks whoever has a key to open the portal by a button: programs that look at links use no key up.
func (s *Server) enterPage(w http.ResponseWriter, r *http.Request) {
	d, _, err := s.portal(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "members/portal-enter.html", page{Data: map[string]any{"Door": d, "Key": mux.Vars(r)["key"]}})
}

// enterPortal uses a key up.
func (s *Server) enterPortal(w http.ResponseWriter, r *http.Request) {
	d, _, err := s.portal(w, r)
	if err == nil {
		err = s.limitFilings(r)
	}
	var session string
	if err == nil {
		session, err = s.Portal.Enter(r.Context(), d, mux.Vars(r)["key"])
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.SetCookie(w, s.portalCookie(d, session, int(members.PortalSession.Seconds())))
	http.Redirect(w, r, "/associations/"+d.Slug+"/portal", http.StatusSeeOther)
}

// changePortal takes what a member would have changed, or ends its session.
func (s *Server) changePortal(w http.ResponseWriter, r *http.Request) {
	d, session, err := s.portal(w, r)
	r.Body = http.MaxBytesReader(w, r.Body, portalSize)
	said := map[string]string{}
	if err == nil {
		said, err = readForm(r, portalSize)
	}
	if err == nil {
		switch said["act"] {
		case "leave":
			err = s.Portal.Leave(r.Context(), d, session)
			http.SetCookie(w, s.portalCookie(d, "", -1))
		case "coming", "not-coming":
			err = s.answerPortal(r, d, session, said)
		default:
			err = s.Portal.Suggest(r.Context(), d, session, said)
		}
	}
	if wrong, ok := problem.As(err); ok && d.Slug != "" && wrong.Code != members.ErrNoKey.Code {
		s.showPortal(w, r, d, session, said, wrong)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/associations/"+d.Slug+"/portal", http.StatusSeeOther)
}

// portalPrint leads a member to a paper of its own, once it is set: an invoice, or its statement.
func (s *Server) portalPrint(w http.ResponseWriter, r *http.Request) {
	d, session, err := s.portal(w, r)
	var invoice *uuid.UUID
	if what := mux.Vars(r)["what"]; err == nil && what != "statement" {
		id, bad := uuid.Parse(what)
		if bad != nil {
			err = members.ErrInvoiceNotFound
		}
		invoice = &id
	}
	var url string
	if err == nil {
		url, err = s.Portal.Print(r.Context(), d, session, invoice, locale.From(r.Context()).Whole())
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, url, http.StatusSeeOther)
}

// answerPortal takes whether a member comes to a meeting.
func (s *Server) answerPortal(r *http.Request, d members.Door, session string, said map[string]string) error {
	id, err := uuid.Parse(said["meeting"])
	if err != nil {
		return members.ErrNotOnRoll
	}
	return s.Portal.Answer(r.Context(), d, session, id, said["act"] == "coming")
}

// portalExtract gives a member everything that the association has of it.
func (s *Server) portalExtract(w http.ResponseWriter, r *http.Request) {
	d, session, err := s.portal(w, r)
	var x members.Extract
	if err == nil {
		x, err = s.Portal.Take(r.Context(), d, session)
	}
	var text []byte
	if err == nil {
		text, err = json.MarshalIndent(members.WireExtract(r.Context(), x), "", "  ")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="member.json"`)
	_, _ = w.Write(text) // the client may be gone
}

// portalPaper leads a member to its own certificate.
func (s *Server) portalPaper(w http.ResponseWriter, r *http.Request) {
	d, session, err := s.portal(w, r)
	id, bad := uuid.Parse(mux.Vars(r)["id"])
	if err == nil && bad != nil {
		err = members.ErrNoKey
	}
	var url string
	if err == nil {
		url, err = s.Portal.Paper(r.Context(), d, session, id, mux.Vars(r)["language"])
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, url, http.StatusSeeOther)
}
