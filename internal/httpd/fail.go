package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// statuses gives each kind of problem its HTTP status.
var statuses = map[problem.Kind]int{
	problem.Invalid:         http.StatusBadRequest,
	problem.Unauthenticated: http.StatusUnauthorized,
	problem.Forbidden:       http.StatusForbidden,
	problem.NotFound:        http.StatusNotFound,
	problem.Gone:            http.StatusGone,
	problem.Conflict:        http.StatusConflict,
	problem.Stale:           http.StatusPreconditionFailed,
	problem.Unconditional:   http.StatusPreconditionRequired,
	problem.TooLarge:        http.StatusRequestEntityTooLarge,
	problem.Unsupported:     http.StatusUnsupportedMediaType,
	problem.NotAcceptable:   http.StatusNotAcceptable,
	problem.NotAllowed:      http.StatusMethodNotAllowed,
	problem.TooMany:         http.StatusTooManyRequests,
	problem.Unprocessable:   http.StatusUnprocessableEntity,
	problem.Unavailable:     http.StatusServiceUnavailable,
}

var (
	errInternal  = problem.New(problem.Unavailable, "internal")
	errNoRoute   = problem.New(problem.NotFound, "route.not-found")
	errNoMethod  = problem.New(problem.NotAllowed, "route.method-not-allowed")
	errCrossSite = problem.New(problem.Forbidden, "route.cross-site")
)

// fail writes the problem that err is, in the language of the request: a page for people, JSON for the API. What is no
// problem is logged whole and shown as a reference only.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	p, ok := problem.As(asProblem(err))
	status := http.StatusInternalServerError
	if ok {
		status = StatusOf(p.Kind)
	} else {
		p = errInternal
	}
	if status >= http.StatusInternalServerError && ctx.Err() == nil { // nobody waits for a cancelled request
		slog.ErrorContext(ctx, "failed", "error", err, "request", audit.RequestID(ctx))
	}
	if a := answerOf(w); a != nil {
		if a.sent {
			// Half an export must not look like a whole one: the connection ends, and the client sees that it did.
			slog.ErrorContext(ctx, "failed in the middle", "error", err, "request", audit.RequestID(ctx))
			panic(http.ErrAbortHandler)
		}
		a.status = 0 // of a stream that was to begin, and did not
	}
	h := w.Header()
	for _, name := range []string{"ETag", "Content-Disposition", "Location", "Last-Modified", "Content-Length", "Set-Cookie"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="helianthus"`)
		if strings.HasPrefix(p.Code, "signature.") {
			h.Set("Accept-Signature", signatureWanted)
		}
	case http.StatusTooManyRequests, http.StatusConflict:
		if wait, ok := p.Values["retryAfter"].(int); ok {
			h.Set("Retry-After", strconv.Itoa(wait))
		}
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	}
	body := s.problemBody(r, p, status)
	if !isAPI(r.URL.Path) && strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.show(w, r, status, "problem/problem.html", page{Data: body})
		return
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}

func (s *Server) problemBody(r *http.Request, p *problem.Error, status int) api.Problem {
	return describe(r.Context(), s.Bundle, p, status)
}

// describe puts a problem into the words of the request's language.
func describe(ctx context.Context, texts *locale.Bundle, p *problem.Error, status int) api.Problem {
	tag := locale.From(ctx)
	title := texts.T(tag, "problem."+p.Code+".title", p.Values)
	body := api.Problem{Type: "/problems#" + p.Code, Title: title, Status: status, Code: p.Code, Message: title}
	if id := "problem." + p.Code + ".detail"; texts.Has(locale.English, id) {
		detail := texts.T(tag, id, p.Values)
		body.Detail, body.Message = &detail, title+" "+detail
	}
	if id := audit.RequestID(ctx); id != "" {
		body.CorrelationId = &id
	}
	if len(p.Details) > 0 {
		details := make([]api.ProblemDetail, len(p.Details))
		for i, d := range p.Details {
			details[i] = api.ProblemDetail{Pointer: d.Pointer, Code: d.Code, Message: texts.T(tag, "problem."+d.Code+".title", d.Values)}
		}
		body.Details = &details
	}
	return body
}

// asProblem turns the errors of the generated server into ours.
func asProblem(err error) error {
	var format *api.InvalidParamFormatError
	var required *api.RequiredParamError
	var header *api.RequiredHeaderError
	var many *api.TooManyValuesForParamError
	var unmarshal *api.UnmarshalingParamError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &format):
		return problem.ErrInvalid.At("?"+format.ParamName, codeForm)
	case errors.As(err, &required):
		return problem.ErrInvalid.At("?"+required.ParamName, codeRequired)
	case errors.As(err, &header):
		if header.ParamName == "If-Match" {
			return problem.ErrUnconditional
		}
		return problem.ErrInvalid.At("?"+header.ParamName, codeRequired)
	case errors.As(err, &many):
		return problem.ErrInvalid.At("?"+many.ParamName, codeForm)
	case errors.As(err, &unmarshal):
		return problem.ErrInvalid.At("?"+unmarshal.ParamName, codeForm)
	case errors.As(err, &tooLarge):
		return ErrTooLarge
	}
	return err
}

// StatusOf is the HTTP status of a kind of problem.
func StatusOf(k problem.Kind) int { return statuses[k] }

// answerOf finds the answer on its way under what else holds it; nil when nobody has it.
func answerOf(w http.ResponseWriter) *answer {
	for {
		if a, ok := w.(*answer); ok {
			return a
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = u.Unwrap()
	}
}
