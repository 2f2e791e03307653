package httpd

import (
	"compress/gzip"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

var correlationForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// around is what is done around every request, page or operation.
func (s *Server) around(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errCrossSite) }))
	inner := protection.Handler(next)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("Correlation-ID")
		if !correlationForm.MatchString(id) {
			id = rand.Text()
		}
		ctx := audit.WithRequest(r.Context(), id)
		ctx = locale.With(ctx, s.language(r))
		r = r.WithContext(ctx)
		h := w.Header()
		h.Set("Correlation-ID", id)
		h.Set("Content-Language", string(locale.From(ctx)))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Add("Vary", "Accept-Language, Accept-Encoding, Cookie, Authorization")
		if isAPI(r.URL.Path) {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		}
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		started := time.Now()
		z := &zipper{recorder: recorder{ResponseWriter: w}, asked: strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")}
		defer func() {
			if v := recover(); v != nil && v != http.ErrAbortHandler { //nolint:errorlint // a panic's value
				slog.ErrorContext(ctx, "panic", "value", fmt.Sprint(v), "stack", string(debug.Stack()))
				if !z.began() {
					s.fail(z, r, fmt.Errorf("panic: %v", v))
				}
			}
			z.finish()
			slog.DebugContext(ctx, "request", "method", r.Method, "path", r.URL.Path, "status", z.status, "ms", time.Since(started).Milliseconds(), "request", id)
		}()
		inner.ServeHTTP(z, r)
	})
	return otelhttp.NewHandler(handler, "http")
}

// language is what people asked for: in the address, by a cookie of ours, or by their browser.
func (s *Server) language(r *http.Request) locale.Tag {
	wishes := []string{r.URL.Query().Get("lang")}
	if c, err := r.Cookie("lang"); err == nil {
		wishes = append(wishes, c.Value)
	}
	if isAPI(r.URL.Path) {
		wishes = wishes[:0] // machines say what they want in the header
	}
	return locale.Match(append(wishes, r.Header.Get("Accept-Language"))...)
}

// recorder remembers the status.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) began() bool { return r.status != 0 }

var zips = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// zipper compresses answers of text. Streams of events and what is compressed already pass as they are.
type zipper struct {
	recorder
	asked bool
	zip   *gzip.Writer
}

func (z *zipper) WriteHeader(status int) {
	if z.status == 0 {
		z.status = status
		h := z.Header()
		kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
		text := strings.HasPrefix(kind, "text/") && kind != "text/event-stream" || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "yaml") || kind == "image/svg+xml"
		if z.asked && text && h.Get("Content-Encoding") == "" && status != http.StatusNoContent && status != http.StatusNotModified {
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
			z.zip = zips.Get().(*gzip.Writer)
			z.zip.Reset(z.ResponseWriter)
		}
	}
	z.ResponseWriter.WriteHeader(status)
}

func (z *zipper) Write(b []byte) (int, error) {
	if z.status == 0 {
		if z.Header().Get("Content-Type") == "" {
			z.Header().Set("Content-Type", http.DetectContentType(b))
		}
		z.WriteHeader(http.StatusOK)
	}
	if z.zip != nil {
		return z.zip.Write(b)
	}
	return z.ResponseWriter.Write(b)
}

// Flush lets streams through.
func (z *zipper) Flush() {
	if z.zip != nil {
		_ = z.zip.Flush()
	}
	_ = http.NewResponseController(z.ResponseWriter).Flush()
}

func (z *zipper) finish() {
	if z.zip != nil {
		_ = z.zip.Close()
		zips.Put(z.zip)
	}
}
