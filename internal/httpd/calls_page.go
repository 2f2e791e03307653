package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const callsPage = 20

// Money writes an amount in a currency as the language does.
func (p page) Money(m promotion.Money, c promotion.Currency) string { return m.Show(p.tag, c) }

// Clock writes an instant as the clock of a zone shows it, to the second.
func (p page) Clock(at time.Time, zone *time.Location) string {
	return promotion.Clock(p.tag, at, zone)
}

// Window says from when to when a call takes applications.
func (p page) Window(c promotion.Programme) string { return p.readers().Window(c) }

func (p page) readers() promotion.Readers {
	return promotion.Readers{Bundle: p.s.Bundle, Tag: p.tag, Base: p.Base()}
}

// Seen is the state of a call as the public sees it now.
func (p page) Seen(c promotion.Programme) promotion.State { return c.Seen(p.s.Now()) }

// Now is the state of the original of a mirrored call as the public sees it now.
func (p page) Now(o promotion.Original) promotion.State { return o.Seen(p.s.Now()) }

// Moved tells whether the original of a mirrored call stands otherwise than when it was taken over.
func (p page) Moved(c promotion.Programme) bool { return c.Moved(p.s.Now()) }

// Percent writes hundredths of a percent.
func (p page) Percent(hundredths int) string {
	return strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64) + "\u00a0%"
}

// Lines are the paragraphs of a text.
func (p page) Lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

// callsAsked is what somebody asks the list of calls for, and the same as a query: a topic that can be subscribed to.
func callsAsked(r *http.Request) (f promotion.CallFilter, same url.Values) {
	q := r.URL.Query()
	same = url.Values{}
	f = promotion.CallFilter{Words: strings.TrimSpace(q.Get("q"))}
	if len(f.Words) > longestSearch {
		f.Words = strings.ToValidUTF8(f.Words[:longestSearch], "")
	}
	if f.Words != "" {
		same.Set("q", f.Words)
	}
	if k := promotion.Kind(q.Get("kind")); slices.Contains(promotion.Kinds, k) {
		f.Kind = k
		same.Set("kind", string(k))
	}
	if c := q.Get("country"); len(c) == 2 {
		f.Country = strings.ToUpper(c)
		same.Set("country", f.Country)
	}
	if t := strings.TrimSpace(q.Get("topic")); t != "" && len(t) <= longestSearch {
		f.Topic = t
		same.Set("topic", t)
	}
	return f, same
}

// callsPage lists what is open and coming, and below it what is over.
func (s *Server) callsPage(w http.ResponseWriter, r *http.Request) {
	f, same := callsAsked(r)
	ctx := tenancy.In(r.Context(), tenancy.Public)
	now, err := s.Promotion.CurrentCalls(ctx, f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	past, next, err := s.Promotion.PastCalls(ctx, f, callsPage, r.URL.Query().Get("cursor"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	topics, err := s.Promotion.Topics(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	topic := ""
	if len(same) > 0 {
		topic = "?" + same.Encode()
	}
	if next != "" {
		same.Set("cursor", next)
		next = "/calls?" + same.Encode()
	}
	s.show(w, r, http.StatusOK, "calls/calls.html", page{Data: map[string]any{"Now": now, "Past": past, "Next": next, "Asked": f, "Kinds": promotion.Kinds, "Topics": topics, "Topic": topic}})
}

// call is the call of an address, and who is supported.
func (s *Server) call(r *http.Request) (promotion.Programme, []promotion.Supported, error) {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return promotion.Programme{}, nil, promotion.ErrNotFound
	}
	return s.Promotion.Call(tenancy.In(r.Context(), tenancy.Public), mux.Vars(r)["keeper"], id)
}

func (s *Server) callPage(w http.ResponseWriter, r *http.Request) {
	p, supported, err := s.call(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	zone, err := time.LoadLocation(p.Content.Window.Zone)
	if err != nil {
		zone = time.UTC
	}
	data := map[string]any{"Call": p, "Supported": supported, "Zone": zone, "UTC": time.UTC, "Offsets": offsets, "Offset": ""}
	if reader, ok := offsetOf(r.URL.Query().Get("offset")); ok {
		data["Reader"], data["Offset"] = reader, r.URL.Query().Get("offset")
	}
	s.show(w, r, http.StatusOK, "calls/call.html", page{Data: data})
}

// offsets are how far clocks are from UTC somewhere: whole and half hours. Without a script nobody knows which clock a reader has.
var offsets = func() (all []string) {
	for minutes := -12 * 60; minutes <= 14*60; minutes += 30 {
		sign, m := "+", minutes
		if m < 0 {
			sign, m = "-", -m
		}
		all = append(all, fmt.Sprintf("%s%02d:%02d", sign, m/60, m%60))
	}
	return all
}()

// offsetOf is the clock of a reader who says how far it is from UTC.
func offsetOf(text string) (*time.Location, bool) {
	at, err := time.Parse("-07:00", text)
	if err != nil || !slices.Contains(offsets, text) {
		return nil, false
	}
	_, seconds := at.Zone()
	return time.FixedZone("", seconds), true
}

func (s *Server) callReaders(r *http.Request) promotion.Readers {
	return promotion.Readers{Bundle: s.Bundle, Tag: locale.From(r.Context()), Base: s.base(r)}
}

// writeCalendar gives a calendar. It is a file, so that a browser hands it to the program that keeps calendars.
func writeCalendar(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	w.Header().Set("Content-Disposition", `attachment; filename="calls.ics"`)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = fmt.Fprint(w, text) // the client may be gone
}

// callsCalendar is when the calls of a topic that are open or coming open and close.
func (s *Server) callsCalendar(w http.ResponseWriter, r *http.Request) {
	f, _ := callsAsked(r)
	all, err := s.Promotion.CurrentCalls(tenancy.In(r.Context(), tenancy.Public), f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeCalendar(w, s.callReaders(r).Calendar(all))
}

func (s *Server) callCalendar(w http.ResponseWriter, r *http.Request) {
	p, _, err := s.call(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeCalendar(w, s.callReaders(r).Calendar([]promotion.Programme{p}))
}

// callsFeed is what happened last among the calls of a topic: a subscription that needs no account.
func (s *Server) callsFeed(w http.ResponseWriter, r *http.Request) {
	f, same := callsAsked(r)
	all, err := s.Promotion.LatestCalls(tenancy.In(r.Context(), tenancy.Public), f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	text, err := s.callReaders(r).Feed(all, same.Encode(), s.Now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(text) // the client may be gone
}
