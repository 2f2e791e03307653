package promotion

import (
	"encoding/xml"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Readers say how calls are written for somebody: in which language, and under which addresses.
type Readers struct {
	Bundle *locale.Bundle
	Tag    locale.Tag
	Base   string // of this house
}

// Address is where a call is read.
func (p Programme) Address() string { return "/calls/" + p.Keeper.Slug + "/" + p.ID.String() }

// Calendar writes when calls open and close as a calendar (RFC 5545). Both are instants in UTC, which every program shows as the clock of
// its reader does; the zone of the call is said beside it.
func (r Readers) Calendar(all []Programme) string {
	c := ics.NewCalendarFor("helianthus")
	c.SetMethod(ics.MethodPublish)
	name := r.Bundle.T(r.Tag, "page.calls.title", nil)
	c.SetName(name)
	c.SetXWRCalName(name)
	for _, p := range all {
		for _, turn := range []struct {
			what string
			at   time.Time
		}{{"opens", p.OpensAt}, {"closes", p.ClosesAt}} {
			e := c.AddEvent(p.ID.String() + "-" + turn.what + "@helianthus")
			e.SetDtStampTime(p.UpdatedAt.UTC())
			e.SetStartAt(turn.at.UTC())
			e.SetTimeTransparency(ics.TransparencyTransparent)
			e.SetURL(r.Base + p.Address())
			e.SetSummary(r.Bundle.T(r.Tag, "page.calls.calendar."+turn.what, map[string]any{"Title": locale.Pick(r.Tag, p.Content.Titles)}))
			e.SetDescription(locale.Pick(r.Tag, p.Keeper.Names) + "\n" + r.Window(p))
			if p.Status == Cancelled {
				e.SetStatus(ics.ObjectStatusCancelled)
			}
		}
	}
	return c.Serialize(ics.WithNewLineWindows)
}

// Window says from when to when a call takes applications, by the clock of its zone.
func (r Readers) Window(p Programme) string {
	zone, err := time.LoadLocation(p.Content.Window.Zone)
	if err != nil {
		zone = time.UTC
	}
	return r.Bundle.T(r.Tag, "page.calls.window-text", map[string]any{"Opens": Clock(r.Tag, p.OpensAt, zone), "Closes": Clock(r.Tag, p.ClosesAt, zone), "Zone": p.Content.Window.Zone})
}

// Clock writes an instant to the second, since the last one counts, as the clock of a zone shows it, and how far that is from UTC.
func Clock(t locale.Tag, at time.Time, zone *time.Location) string {
	at = at.In(zone)
	return locale.Day(t, at) + " " + at.Format("15:04:05") + " (UTC" + at.Format("-07:00") + ")"
}

// The elements of a feed (RFC 4287) that calls have.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Author     atomPerson     `xml:"author"`
		Link       atomLink       `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Summary    string         `xml:"summary"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr"`
	}
)

// Feed writes calls as a feed (RFC 4287), which is at an address of the house; query is the topic of it. An entry changes with its call, so
// that whoever follows the feed is told of the result, too.
func (r Readers) Feed(all []Programme, query string, at time.Time) ([]byte, error) {
	if query != "" {
		query = "?" + query
	}
	f := atomFeed{Lang: string(r.Tag), ID: r.Base + "/calls/feed.atom" + query, Title: r.Bundle.T(r.Tag, "page.calls.title", nil), Author: atomPerson{r.Bundle.T(r.Tag, "page.name", nil)},
		Links: []atomLink{{"self", "application/atom+xml", r.Base + "/calls/feed.atom" + query}, {"alternate", "text/html", r.Base + "/calls" + query}}}
	updated := time.Unix(0, 0)
	for _, p := range all {
		e := atomEntry{ID: "urn:uuid:" + p.ID.String(), Title: locale.Pick(r.Tag, p.Content.Titles), Published: p.PublishedAt.UTC().Format(time.RFC3339), Updated: p.UpdatedAt.UTC().Format(time.RFC3339),
			Author: atomPerson{locale.Pick(r.Tag, p.Keeper.Names)}, Link: atomLink{"alternate", "text/html", r.Base + p.Address()},
			Summary: r.Bundle.T(r.Tag, "page.calls.state."+string(p.Seen(at)), nil) + " \u00b7 " + r.Window(p)}
		e.Categories = append(e.Categories, atomCategory{"kind:" + string(p.Content.Kind), r.Bundle.T(r.Tag, "promotion.kind."+string(p.Content.Kind), nil)})
		for _, c := range p.Content.Countries {
			e.Categories = append(e.Categories, atomCategory{"country:" + c, c})
		}
		for _, topic := range p.Content.Topics {
			e.Categories = append(e.Categories, atomCategory{"topic:" + topic, topic})
		}
		if p.UpdatedAt.After(updated) {
			updated = p.UpdatedAt
		}
		f.Entries = append(f.Entries, e)
	}
	f.Updated = updated.UTC().Format(time.RFC3339)
	text, err := xml.Marshal(f)
	return append([]byte(xml.Header), text...), err
}
