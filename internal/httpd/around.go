package httpd

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

var correlationForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// around is what is done around every request, page or operation: it gets a name (correlation id), a language and the
// headers that protect it, is written to the log and measured, and a panic in it becomes a problem.
func (s *Server) around(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errCrossSite) }))
	inner := protection.Handler(next)
	handler := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("Correlation-ID")
		if !correlationForm.MatchString(id) {
			id = rand.Text()
		}
		r = r.WithContext(locale.With(audit.WithRequest(r.Context(), id), wished(r)))
		if asksOfMark(r.URL.Path) {
			r = r.WithContext(s.asking(r))
		}
		a := &answer{ResponseWriter: w, operation: "none", zipped: strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")}
		s.headers(a.Header(), r, id)
		started := time.Now()
		defer func() {
			if v := recover(); v != nil {
				s.recovered(a, r, v)
			}
			a.finish()
			took := time.Since(started)
			s.metrics.observe(a.operation, a.status, took)
			slog.InfoContext(r.Context(), "request", "method", r.Method, "operation", a.operation, "status", a.status, "bytes", a.bytes, "ms", took.Milliseconds(), "request", id)
		}()
		inner.ServeHTTP(a, r)
	}))
	if s.Traces != nil {
		return otelhttp.NewHandler(handler, "http", otelhttp.WithTracerProvider(s.Traces), otelhttp.WithPropagators(propagation.TraceContext{}))
	}
	return handler
}

// recovered turns a panic into a problem, as far as the response has not begun.
func (s *Server) recovered(a *answer, r *http.Request, v any) {
	if v == http.ErrAbortHandler { //nolint:errorlint // a panic's value, by identity as the library's own server does
		panic(v)
	}
	slog.ErrorContext(r.Context(), "panic", "value", fmt.Sprint(v), "stack", string(debug.Stack()), "request", audit.RequestID(r.Context()))
	if a.sent {
		panic(http.ErrAbortHandler)
	}
	s.fail(a, r, fmt.Errorf("panic: %v", v))
}

func (s *Server) headers(h http.Header, r *http.Request, id string) {
	h.Set("Correlation-ID", id)
	h.Set("Content-Language", string(locale.From(r.Context())))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Add("Vary", "Accept-Language, Accept-Encoding, Cookie, Authorization")
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// wished is the language that people asked for: in the address, by a cookie of ours, or by their browser. Machines say it in the
// header only.
func wished(r *http.Request) locale.Tag {
	accept := r.Header.Get("Accept-Language")
	if isAPI(r.URL.Path) {
		return locale.Match(accept)
	}
	wishes := []string{r.URL.Query().Get("lang")}
	if c, err := r.Cookie("lang"); err == nil {
		wishes = append(wishes, c.Value)
	}
	return locale.Match(append(wishes, accept)...)
}

// isAPI tells whether a path is the API's, whose answers are never pages.
func isAPI(path string) bool { return strings.HasPrefix(path, "/api/") }
