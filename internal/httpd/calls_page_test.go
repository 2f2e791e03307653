package httpd_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// openedCall is a call of a county of the house that is open, as two people of it make it.
func openedCall(t *testing.T, h *apitest.House, c promotion.Content) promotion.Programme {
	t.Helper()
	ctx := h.Tenant(t, tenancy.County)
	own := promotion.New(h.DB, h.Reach, time.Now)
	second, err := tenancy.From(ctx)
	if err == nil {
		err = h.DB.Tx(ctx, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `insert into app.people (email, name) values ($1, 'M') returning id`, uuid.NewString()+"@x.example").Scan(&second.Actor)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := own.Create(ctx, c)
	for _, act := range []promotion.Act{promotion.Review, promotion.OpenIt} {
		if err == nil {
			p, err = own.Do(tenancy.In(ctx, second), p.ID, p.Version, act, "")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCallPage(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	hostile := `<script>alert(1)</script> ` + uuid.NewString()
	p := openedCall(t, h, promotion.Content{Kind: "fair", Titles: map[string]string{"en": hostile}, Texts: map[string]string{"en": "One.\n\nTwo."}, Countries: []string{"DE", "AE"}, Window: promotion.Window{Opens: "2020-01-01T09:00:00", Closes: "2099-12-31T23:59:59", Zone: "Asia/Shanghai"}, Places: 3,
		Currency: "CNY", Budgets: []promotion.Budget{{Source: "county", Amount: 100_000_00}}, Rules: promotion.Rules{ShareBP: 5050, Ceiling: 50_000_00, Eligible: []promotion.CostKind{"booth"}},
		Criteria: []promotion.Criterion{{Code: "market", Names: map[string]string{"en": "Market"}, Weight: 2}}, Documents: []promotion.Required{{Code: "licence", Names: map[string]string{"en": "Business licence"}}}, ObjectionDays: 7})
	get := func(path string, tag locale.Tag) string {
		t.Helper()
		r := h.Nobody().Do(t, "GET", path, nil, http.Header{"Accept-Language": {string(tag)}, "Accept": {"text/html"}})
		if r.Code != http.StatusOK {
			t.Fatalf("%s: got %d: %s", path, r.Code, r.Body)
		}
		return r.Body.String()
	}
	for _, tag := range locale.Spoken {
		text := get(p.Address(), tag)
		checkPage(t, h, text, string(tag))
		for _, want := range []string{"23:59:59 (UTC&#43;08:00)", "15:59:59 (UTC&#43;00:00)", "Asia/Shanghai", "50.5\u00a0%", "Business licence", "Two."} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not on the page", tag, want)
			}
		}
		if strings.Contains(text, "<script>") || strings.Contains(text, ">page.calls.") || strings.Contains(text, ">promotion.") {
			t.Errorf("%s: markup of a title, or a message that is missing", tag)
		}
		checkPage(t, h, get("/calls?q="+strings.Fields(hostile)[1], tag), string(tag))
	}
	if text := get(p.Address()+"?offset=%2B05:30", locale.English); !strings.Contains(text, "21:29:59 (UTC&#43;05:30)") {
		t.Error("the reader's clock is not shown")
	}
	if text := get(p.Address()+"?offset=%2B99:30", locale.English); strings.Contains(text, "99:30") {
		t.Error("a clock that nobody has is shown")
	}
	for path, media := range map[string]string{p.Address() + "/calendar.ics": "text/calendar", "/calls/calendar.ics?country=DE": "text/calendar", "/calls/feed.atom?country=DE": "application/atom+xml"} {
		r := h.Nobody().Do(t, "GET", path, nil, nil)
		if r.Code != http.StatusOK || !strings.HasPrefix(r.Header().Get("Content-Type"), media) || !strings.Contains(strings.ReplaceAll(r.Body.String(), "\r\n ", ""), p.ID.String()) {
			t.Errorf("%s: %d %s", path, r.Code, r.Header().Get("Content-Type"))
		}
	}
	for _, path := range []string{"/calls/" + p.Keeper.Slug + "/x", "/calls/another/" + p.ID.String(), "/calls/" + p.Keeper.Slug + "/" + uuid.NewString()} {
		if r := h.Nobody().Do(t, "GET", path, nil, http.Header{"Accept": {"text/html"}}); r.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, r.Code)
		}
	}
}
