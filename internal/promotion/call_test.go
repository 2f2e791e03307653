package promotion_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// found tells whether a call is among others.
func found(all []promotion.Programme, id uuid.UUID) bool {
	for _, p := range all {
		if p.ID == id {
			return true
		}
	}
	return false
}

func TestEverybodySeesACallAndItsResult(t *testing.T) {
	t.Parallel()
	c := content()
	title := "Fair " + uuid.NewString()
	c.Titles["en"] = title
	h := open(t, c)
	nobody := tenancy.In(t.Context(), tenancy.Public)
	draft, err := h.own.Create(h.somebody(), c)
	h.must(err)
	topic := promotion.CallFilter{Words: title, Kind: "fair", Country: "AE"}
	lists := func(now, past, latest bool) {
		t.Helper()
		n, err := h.own.CurrentCalls(nobody, topic)
		h.must(err)
		p, _, err := h.own.PastCalls(nobody, topic, 10, "")
		h.must(err)
		l, err := h.own.LatestCalls(nobody, topic)
		h.must(err)
		if found(n, h.call.ID) != now || found(p, h.call.ID) != past || found(l, h.call.ID) != latest {
			t.Errorf("open: %t, past: %t, latest: %t", found(n, h.call.ID), found(p, h.call.ID), found(l, h.call.ID))
		}
		if found(n, draft.ID) || found(p, draft.ID) || found(l, draft.ID) {
			t.Error("a draft is shown")
		}
	}
	lists(true, false, true)
	for _, other := range []promotion.CallFilter{{Words: title, Kind: "mission"}, {Words: title, Country: "DE"}, {Words: title + "x"}} {
		if l, err := h.own.LatestCalls(nobody, other); err != nil || found(l, h.call.ID) {
			t.Errorf("%+v finds it, %v", other, err)
		}
	}
	slug := h.call.Keeper.Slug
	_, _, err = h.own.Call(nobody, slug, draft.ID)
	h.wantErr(err, promotion.ErrNotFound)
	_, _, err = h.own.Call(nobody, "another", h.call.ID)
	h.wantErr(err, promotion.ErrNotFound)

	first, second := h.applied(1200_00), h.applied(800_00)
	h.set(after)
	lists(false, true, true) // its keeper did not close it yet
	h.do(promotion.Close)
	for a, amount := range map[*applicant]string{&first: "600.00", &second: ""} {
		d := promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Rejected, Reason: "r"}
		if amount != "" {
			d.Outcome = promotion.Awarded
		}
		_, err := h.own.Award(h.ctx, d, amount)
		h.must(err)
	}
	if _, all, err := h.own.Call(nobody, slug, h.call.ID); err != nil || len(all) != 0 {
		t.Errorf("before the results are published everybody sees %+v, %v", all, err)
	}
	h.do(promotion.Decide)
	want := promotion.Supported{Number: first.Number, Name: "演示贸易", Amount: 600_00}
	for name, ctx := range map[string]func() (promotion.Programme, []promotion.Supported, error){
		"nobody": func() (promotion.Programme, []promotion.Supported, error) { return h.own.Call(nobody, slug, h.call.ID) },
		"another": func() (promotion.Programme, []promotion.Supported, error) {
			return h.own.Call(second.ctx, slug, h.call.ID)
		},
		"the keeper's": func() (promotion.Programme, []promotion.Supported, error) { return h.own.Call(h.ctx, slug, h.call.ID) },
	} {
		if p, all, err := ctx(); err != nil || len(all) != 1 || all[0] != want || p.Seen(after) != promotion.State(promotion.Decided) {
			t.Errorf("%s: got %+v, %v", name, all, err)
		}
	}
	_, err = h.own.Withdraw(first.ctx, first.ID, first.Version, "busy")
	h.must(err)
	if _, all, err := h.own.Call(nobody, slug, h.call.ID); err != nil || len(all) != 0 {
		t.Errorf("who withdrew is still shown: %+v, %v", all, err)
	}
}

// What is opened in a sandbox is seen in it, and nowhere else; the sandbox sees nothing of the house.
func TestCallsOfASandboxStayInIt(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	nobody := tenancy.In(t.Context(), tenancy.Public)
	s, err := tenancy.From(h.ctx)
	h.must(err)
	s.TenantKind, s.Slug = tenancy.County, "test-county-"+uuid.NewString()[:10]
	h.must(dbtest.DB(t).Tx(nobody, func(tx pgx.Tx) error {
		return tx.QueryRow(nobody, `select county, county from app.gate_sandbox($1, $2, $2, 'XA', 1000, now() + interval '1 hour')`, uuid.NewString()[:10], map[string]string{"en": "Test"}).Scan(&s.Tenant, &s.Tenant)
	}))
	house := h.ctx
	h.ctx = tenancy.In(t.Context(), s)
	p, err := h.own.Create(h.somebody(), content())
	h.must(err)
	of := h.call.ID
	h.call = p
	h.do(promotion.Review, promotion.OpenIt)
	if l, err := h.own.CurrentCalls(nobody, promotion.CallFilter{}); err != nil || found(l, p.ID) {
		t.Errorf("everybody sees what is opened in a sandbox: %v", err)
	}
	if l, err := h.own.CurrentCalls(h.ctx, promotion.CallFilter{}); err != nil || found(l, of) || !found(l, p.ID) {
		t.Errorf("the sandbox sees the house's, or not its own: %v", err)
	}
	_, _, err = h.own.Call(nobody, p.Keeper.Slug, p.ID)
	h.wantErr(err, promotion.ErrNotFound)
	_, _, err = h.own.Call(house, p.Keeper.Slug, p.ID)
	h.wantErr(err, promotion.ErrNotFound)
}

// A calendar is instants in UTC, in lines that every program can read (RFC 5545, section 3.1); a feed is what RFC 4287 asks for.
func TestCallsAsCalendarAndFeed(t *testing.T) {
	t.Parallel()
	b, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	opens, closes := time.Date(2026, 3, 1, 7, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 0, 59, 59, 0, time.UTC)
	p := promotion.Programme{ID: uuid.New(), Status: promotion.Open, Content: content(), OpensAt: opens, ClosesAt: closes, PublishedAt: &opens, UpdatedAt: opens}
	p.Content.Titles = map[string]string{"en": strings.Repeat("五原向日葵走向海外，", 12) + "a, b; c<&\nX-EVIL:1"}
	p.Keeper.Slug = "wuyuan"
	for _, tag := range locale.Spoken {
		r := promotion.Readers{Bundle: b, Tag: tag, Base: "https://x.example"}
		text := r.Calendar([]promotion.Programme{p})
		unfolded := strings.ReplaceAll(text, "\r\n ", "")
		for _, want := range []string{"DTSTART:20260301T070000Z\r\n", "DTSTART:20260329T005959Z\r\n", "DTSTAMP:20260301T070000Z\r\n", "UID:" + p.ID.String() + "-closes@helianthus\r\n", "URL:https://x.example/calls/wuyuan/" + p.ID.String() + "\r\n", `a\, b\; c<&\nX-EVIL:1`, "Europe/Berlin"} {
			if !strings.Contains(unfolded, want) {
				t.Errorf("%s: %q is not there", tag, want)
			}
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.HasPrefix(line, "X-EVIL") {
				t.Errorf("%s: a line of %d bytes: %q", tag, len(line), line)
			}
		}
		feed, err := r.Feed([]promotion.Programme{p}, "kind=fair", closes)
		if err != nil {
			t.Fatal(err)
		}
		var read struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
			ID      string   `xml:"id"`
			Updated string   `xml:"updated"`
			Entries []struct {
				ID, Title, Updated, Summary string
				Author                      struct{ Name string }
			} `xml:"entry"`
		}
		text = string(feed)
		if err := xml.Unmarshal(feed, &read); err != nil || read.ID != "https://x.example/calls/feed.atom?kind=fair" || read.Updated != "2026-03-01T07:00:00Z" || len(read.Entries) != 1 {
			t.Errorf("%s: got %+v, %v", tag, read, err)
		}
		for _, want := range []string{"<id>urn:uuid:" + p.ID.String() + "</id>", "c&lt;&amp;", `term="kind:fair"`, `term="country:AE"`, `xml:lang="` + string(tag) + `"`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in the feed", tag, want)
			}
		}
		if strings.Contains(text, "page.calls.") || strings.Contains(text, "promotion.kind.") {
			t.Errorf("%s: a message is missing: %s", tag, text)
		}
	}
}
