package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// published publishes a record of a new county and waits for its place in the log.
func published(t *testing.T, h *apitest.House, p exchange.Publication) (id exchange.ID, slug string) {
	t.Helper()
	ctx := h.Tenant(t, tenancy.County)
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if p.Audience == exchange.OneReader {
		p.Reader = scope.Tenant
	}
	err = h.DB.Tx(ctx, func(tx pgx.Tx) error {
		id, err = exchange.Publish(ctx, tx, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for {
		// Another test's house may be sequencing at this moment; then nothing is done here, and the entry comes from there.
		if _, err := h.Translog.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Translog.PlaceOf(ctx, id); err == nil {
			return id, scope.Slug
		}
	}
}

func TestLogIsShownToEverybody(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	id, slug := published(t, h, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.Public, Content: map[string]string{"text": "sunflower"}})
	english := http.Header{"Accept-Language": {"en"}, "Accept": {"text/html"}}
	get := func(path string) (int, http.Header, string) {
		t.Helper()
		r := h.Nobody().Do(t, "GET", path, nil, english)
		return r.Code, r.Header(), r.Body.String()
	}
	code, header, _ := get("/log?publication=" + id.String())
	place := header.Get("Location")
	if code != http.StatusSeeOther || !strings.HasPrefix(place, "/log/entries/") {
		t.Fatalf("got %d to %q", code, place)
	}
	code, header, text := get(place)
	if code != http.StatusOK || !strings.Contains(text, id.String()) || !strings.Contains(text, slug) || len(text) > heaviest {
		t.Errorf("the entry: %d, %d bytes", code, len(text))
	}
	checkPage(t, h, text, header.Get("Content-Language"))
	code, header, proof := get(place + "/tlog-proof")
	if code != http.StatusOK || !strings.HasPrefix(proof, "c2sp.org/tlog-proof@v1\n") || !strings.Contains(header.Get("Content-Disposition"), ".tlog-proof") {
		t.Errorf("the proof: %d %q", code, proof)
	}
	if code, header, text = get("/log"); code != http.StatusOK || len(text) > heaviest {
		t.Errorf("the log: %d, %d bytes", code, len(text))
	}
	checkPage(t, h, text, header.Get("Content-Language"))
}

func TestLogSealsWhatIsNotForEverybody(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	id, slug := published(t, h, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.OneReader, Content: map[string]string{"text": "sunflower"}})
	r := h.Nobody().Do(t, "GET", "/log?publication="+id.String(), nil, http.Header{"Accept-Language": {"en"}})
	if r.Code != http.StatusNotFound || !strings.Contains(r.Body.String(), `aria-invalid="true"`) {
		t.Errorf("its place is told to everybody: %d", r.Code)
	}
	var list struct {
		Size  int64
		Items []struct {
			Index           int64
			Text            string
			Publisher, Kind string
			Commitment      string
		}
	}
	h.Nobody().Need(t, &list, "GET", "/api/v1/log/entries?limit=200", nil)
	sealed := false
	for _, e := range list.Items {
		sealed = sealed || e.Commitment != ""
		if e.Publisher == slug || strings.Contains(e.Text, id.String()) || e.Commitment != "" && e.Kind != "" {
			t.Errorf("entry %d says too much: %s", e.Index, e.Text)
		}
	}
	if !sealed {
		t.Error("no entry is sealed")
	}
}

func TestLogOfWrongPlaces(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	for path, want := range map[string]int{
		"/log/entries/999999999": 404, "/log/entries/99999999999999999999": 404, "/log/entries/-1": 404, "/log?publication=nothing": 404,
		"/log?cursor=!": 400, "/log/entries/999999999/tlog-proof": 404, "/api/v1/log/entries/999999999": 404, "/api/v1/log/entries/-1": 400,
		"/api/v1/log/entries?cursor=W10": 400,
	} {
		if r := h.Nobody().Do(t, "GET", path, nil, http.Header{"Accept": {"text/html"}}); r.Code != want {
			t.Errorf("%s: got %d, want %d", path, r.Code, want)
		}
	}
}
