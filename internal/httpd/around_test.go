package httpd

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// bare is a server around one handler, without stores.
func bare(t *testing.T, h http.HandlerFunc) http.Handler {
	t.Helper()
	return bareServer(t).around(h)
}

func bareServer(t *testing.T) *Server {
	t.Helper()
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	return &Server{House: &House{Config: Config{Bundle: bundle}}, metrics: newMetrics(tenancy.New(nil))}
}

func ask(t *testing.T, h http.Handler, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/api/v1/things", nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPanicIsAProblemThatTellsNothing(t *testing.T) {
	t.Parallel()
	w := ask(t, bare(t, func(http.ResponseWriter, *http.Request) { panic("secret: relation app.people") }), nil)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	var p struct{ Code, CorrelationID string }
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != "internal" || p.CorrelationID == "" || p.CorrelationID != w.Header().Get("Correlation-Id") {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestPanicInTheMiddleEndsTheConnection(t *testing.T) {
	t.Parallel()
	h := bare(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "half an answer"); panic("late") })
	defer func() {
		if v := recover(); v != http.ErrAbortHandler { //nolint:errorlint // a panic's value
			t.Errorf("got %v, want the connection to end", v)
		}
	}()
	ask(t, h, nil)
}

// Whatever PostgreSQL says, no word of it reaches a client.
func TestErrorsOfStoresTellNothing(t *testing.T) {
	t.Parallel()
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{House: &House{Config: Config{Bundle: bundle}}}
	for _, code := range []string{
		"08006", "22001", "22003", "22007", "22008", "22012", "22021", "22P02", "22P05", "23502", "23503", "23505", "23514", "23P01", "25006", "25P02", "28000", "28P01", "3D000", "40001",
		"40P01", "42501", "42601", "42703", "42704", "42883", "42P01", "42P17", "53100", "53200", "53300", "54000", "54001", "55006", "55P03", "57014", "57P01", "57P03", "58030", "XX000",
	} {
		pg := &pgconn.PgError{Code: code, Message: `relation "app.people" constraint "people_email_key"`, Detail: "Key (email)=(x@y) already exists", TableName: "people", ConstraintName: "unheard_of", File: "nbtinsert.c"}
		for _, err := range []error{pg, fmt.Errorf("person 7: %w", pg), postgres.Wrap(pg, "person %s", "7")} {
			w := httptest.NewRecorder()
			s.fail(w, httptest.NewRequest(http.MethodGet, "/api/v1/people", nil), err)
			for _, word := range []string{"app.", "people_", "Key (", "nbtinsert", "unheard", "SQLSTATE", "person 7", code} {
				if strings.Contains(w.Body.String(), word) {
					t.Errorf("%s: %q reaches the client: %s", code, word, w.Body)
				}
			}
			if w.Code < 400 {
				t.Errorf("%s: got %d", code, w.Code)
			}
		}
	}
}

func TestCorrelationIDIsTakenWhenItIsPlain(t *testing.T) {
	t.Parallel()
	h := bare(t, func(http.ResponseWriter, *http.Request) {})
	for given, taken := range map[string]bool{"order-17": true, "": false, "a b": false, "a\nb": false, strings.Repeat("a", 65): false, "<script>": false} {
		got := ask(t, h, http.Header{"Correlation-Id": {given}}).Header().Get("Correlation-Id")
		if (got == given) != taken || got == "" {
			t.Errorf("%q: got %q", given, got)
		}
	}
}

func TestLongTextsAreCompressed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("sunflower ", 1000)
	for _, c := range []struct {
		kind, text, asked string
		want              bool
	}{
		{"application/json", long, "gzip, br", true}, {"text/html; charset=utf-8", long, "gzip", true}, {"application/problem+json", long, "gzip", true},
		{"application/json", "{}", "gzip", false}, {"application/json", long, "", false}, {"text/event-stream", long, "gzip", false}, {"application/pdf", long, "gzip", false},
	} {
		h := bare(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			fmt.Fprint(w, c.text)
		})
		r := ask(t, h, http.Header{"Accept-Encoding": {c.asked}})
		body := r.Body.String()
		if got := r.Header().Get("Content-Encoding") == "gzip"; got != c.want {
			t.Errorf("%s %d bytes for %q: compressed %v", c.kind, len(c.text), c.asked, got)
		} else if got {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			body = string(b)
		}
		if body != c.text {
			t.Errorf("%s: the text came back changed", c.kind)
		}
	}
}

func TestStreamsAreFlushed(t *testing.T) {
	t.Parallel()
	h := bare(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: 1\n\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("flush: %v", err)
		}
	})
	if r := ask(t, h, http.Header{"Accept-Encoding": {"gzip"}}); !r.Flushed {
		t.Error("the event was held back")
	}
}

func TestRetryAfterIsSaid(t *testing.T) {
	t.Parallel()
	slow := problem.New(problem.TooMany, "session.wait").With("retryAfter", 17)
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{House: &House{Config: Config{Bundle: bundle}}}
	w := httptest.NewRecorder()
	w.Header().Set("ETag", `"v1"`)
	s.fail(w, httptest.NewRequest(http.MethodGet, "/api/v1/session", nil), fmt.Errorf("sign in: %w", slow))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "17" || w.Header().Get("ETag") != "" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
}

func TestFailureInTheMiddleEndsTheConnection(t *testing.T) {
	t.Parallel()
	s := bareServer(t)
	h := s.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "the first lines of an export")
		s.fail(w, r, errors.New("the store went away"))
	}))
	defer func() {
		if v := recover(); v != http.ErrAbortHandler { //nolint:errorlint // a panic's value
			t.Errorf("got %v, want the connection to end", v)
		}
	}()
	ask(t, h, nil)
}

// A stream sets its status before it reads its first piece; when that fails, nothing was sent, and the answer is no success.
func TestAStreamThatFailsAtOnceIsNoSuccess(t *testing.T) {
	t.Parallel()
	s := bareServer(t)
	w := ask(t, s.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", linesType)
		w.WriteHeader(http.StatusOK)
		s.fail(w, r, problem.ErrInvalid)
	})), nil)
	if w.Code != http.StatusBadRequest || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
}
