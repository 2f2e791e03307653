package httpd

import (
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/status"
)

// answered is an answer as the page shows it.
type answered struct {
	status.Answer
	Sentence, MarketName string
	Reasons              []shownReason
	Names                []status.Name
	Demo                 bool // something that the answer rests on is a demonstration
	API                  string
}

type shownReason struct {
	status.Reason
	Sentence, Publisher string
	Record              *uuid.UUID
	House               *status.House // that publishes it; nil: this one
	HouseURL            string
	AsOf                *time.Time
	Demo                bool
	Sources             []shownSource
}

type shownSource struct {
	Title, URL, Page string
	Retrieved        *time.Time
}

// statusPage asks the question and, once it was asked, answers it. The question is the address, so that an answer can be
// kept, sent and asked again.
func (s *Server) statusPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := page{Ask: asked{q.Get("name"), q.Get("market"), q.Get("on"), q.Get("holder")}}
	if !q.Has("name") && !q.Has("market") {
		s.show(w, r, http.StatusOK, "status/status.html", p)
		return
	}
	question, err := question(p.Ask, s.Now())
	if wrong, ok := problem.As(err); ok && wrong.Kind == problem.Invalid {
		body := s.problemBody(r, wrong, http.StatusBadRequest)
		if body.Details != nil {
			p.fix = *body.Details
		}
		s.show(w, r, http.StatusBadRequest, "status/status.html", p)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer, err := status.Check(r.Context(), s.DB, question)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Data = s.answered(answer, locale.From(r.Context()))
	s.show(w, r, http.StatusOK, "status/status.html", p)
}

func question(a asked, now time.Time) (status.Question, error) {
	var on *time.Time
	if a.On != "" {
		day, err := time.Parse(time.DateOnly, a.On)
		if err != nil {
			return status.Question{}, problem.ErrInvalid.At("?on", codeFormat["date"])
		}
		on = &day
	}
	return status.Ask(a.Name, a.Market, on, a.Holder, now.UTC())
}

func (s *Server) answered(a status.Answer, t locale.Tag) answered {
	shown := answered{Answer: a, Sentence: a.Sentence(s.Bundle, t), MarketName: a.Asked.Market.Name(s.Bundle, t), Names: a.Names}
	for _, r := range a.Reasons {
		line := shownReason{Reason: r, Sentence: r.Sentence(s.Bundle, t, a.Asked)}
		for _, from := range r.Sources {
			line.Sources = append(line.Sources, shownSource{from.Title, webOnly(from.URL), from.Page, from.RetrievedAt})
		}
		if r.Record != nil {
			at, id := r.AsOf(), r.Record.Publication
			line.Publisher, line.Record, line.AsOf, line.Demo = locale.Pick(t, r.Record.Publisher.Names), &id, &at, r.Record.Publisher.Demo
			if line.House = r.Record.House; line.House != nil {
				line.HouseURL = webOnly(line.House.URL)
			}
		}
		shown.Demo = shown.Demo || line.Demo
		shown.Reasons = append(shown.Reasons, line)
	}
	values := url.Values{"name": {a.Asked.Name}, "market": {string(a.Asked.Market)}, "on": {a.Asked.On.Format(time.DateOnly)}}
	if a.Asked.Holder != "" {
		values.Set("holder", a.Asked.Holder)
	}
	shown.API = "/api/v1/status?" + values.Encode()
	return shown
}

// webOnly keeps addresses that a link may have; a source's address was typed by somebody.
func webOnly(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}
