package httpd

import (
	"math"
	"net/http"
	"strconv"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/sandbox"
)

// sandboxQuota is how many sandboxes an address may open a minute: one, for a person who pressed a button.
const sandboxQuota = 1

// sandboxPage says what a sandbox is, and has the button that opens one.
func (s *Server) sandboxPage(w http.ResponseWriter, r *http.Request) {
	s.showSandbox(w, r, http.StatusOK, map[string]any{})
}

func (s *Server) showSandbox(w http.ResponseWriter, r *http.Request, status int, data map[string]any) {
	data["Wanted"] = s.Sandbox.Wanted()
	s.show(w, r, status, "sandbox/sandbox.html", page{Data: data})
}

// openSandbox opens one and shows its credentials, once: the page is kept nowhere. What stands against it is said on the page.
func (s *Server) openSandbox(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	var opened sandbox.Opened
	err := s.limitSandboxes(r)
	if err == nil {
		opened, err = s.Sandbox.Open(r.Context())
	}
	p, ok := problem.As(err)
	switch {
	case ok:
		if wait, ok := p.Values["retryAfter"].(int); ok {
			w.Header().Set("Retry-After", strconv.Itoa(wait))
		}
		s.showSandbox(w, r, StatusOf(p.Kind), map[string]any{"Problem": s.Bundle.T(locale.From(r.Context()), "problem."+p.Code+".detail", p.Values)})
	case err != nil:
		s.fail(w, r, err)
	default:
		s.showSandbox(w, r, http.StatusCreated, map[string]any{"Opened": opened})
	}
}

func (s *Server) limitSandboxes(r *http.Request) error {
	if s.buckets == nil {
		return nil
	}
	address := s.address(r).String()
	wait := take(s.buckets.now(), []counted{{"address-sandbox", sandboxQuota, s.buckets.of("sandbox"+address, sandboxQuota)}})
	if wait > 0 {
		return errTooMany.With("retryAfter", int(math.Ceil(wait.Seconds())))
	}
	return nil
}
