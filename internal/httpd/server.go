package httpd

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Server answers requests.
type Server struct {
	*House
	spec      *Spec
	byRoute   map[string]*Operation // by method and path
	metrics   *metrics
	router    *mux.Router
	inner     http.Handler
	templates templates
	assets    assets
	buckets   *buckets // nil: requests are not counted
	fair      *fair    // nil: nobody waits in line
	shorts    []short
}

// New assembles the server. It refuses a specification with an operation nobody decided on.
func New(h *House) (*Server, error) {
	spec, err := ourSpec()
	if err != nil {
		return nil, err
	}
	// A path is taken as it is: cleaning it would redirect `..%2f` into somebody else's address.
	s := &Server{House: h, spec: spec, byRoute: map[string]*Operation{}, metrics: newMetrics(h.DB), router: mux.NewRouter().SkipClean(true)}
	for _, o := range spec.Operations {
		s.byRoute[o.Method+" "+o.Path] = o
		if o.retirement != nil {
			s.usageAPI.retired = append(s.usageAPI.retired, o)
		}
	}
	if h.Limited {
		s.buckets, s.fair = newBuckets(h.Now, mostBuckets), newFair(int(h.DB.Pool().Config().MaxConns), runtime.GOMAXPROCS(0), h.Now)
		s.usageAPI.buckets = s.buckets
	}
	s.router.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNoRoute) })
	s.router.MethodNotAllowedHandler = http.HandlerFunc(s.methodNotAllowed)
	s.log()
	s.identifiers()
	s.api()
	s.house()
	s.workspace()
	if err := s.pages(); err != nil {
		return nil, err
	}
	s.shorts = s.shortWays()
	s.inner = s.around(http.HandlerFunc(s.route))
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.inner.ServeHTTP(w, r) }

// Spec is the specification that the server keeps requests to.
func (s *Server) Spec() *Spec { return s.spec }

// Router has all routes, for the test that compares them with the specification.
func (s *Server) Router() *mux.Router { return s.router }

// house serves what operators need.
func (s *Server) house() {
	get := func(path string, h http.HandlerFunc) {
		s.router.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { named(w, path); h(w, r) }).Methods(http.MethodGet, http.MethodHead)
	}
	get("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	get("/readyz", s.ready)
	get("/metrics", s.metrics.serve)
	get("/api/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(api.Spec) // the client may be gone
	})
}

// named tells log and metrics what is served.
func named(w http.ResponseWriter, operation string) {
	if a, ok := w.(*answer); ok {
		a.operation = operation
	}
}

func (s *Server) api() {
	strict := api.NewStrictHandlerWithOptions(s.operations, nil, api.StrictHTTPServerOptions{RequestErrorHandlerFunc: s.fail, ResponseErrorHandlerFunc: s.fail})
	router := s.router.NewRoute().Subrouter()
	api.HandlerWithOptions(strict, api.GorillaServerOptions{BaseRouter: router, ErrorHandlerFunc: s.fail})
	router.Use(s.operation)
}

// operation is what is done before every operation of the API: who asks, may they, and is it asked in the right form.
func (s *Server) operation(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		template, err := mux.CurrentRoute(r).GetPathTemplate()
		if err != nil {
			s.fail(w, r, err)
			return
		}
		o, ok := s.byRoute[r.Method+" "+template]
		if !ok {
			s.fail(w, r, fmt.Errorf("route %s %s is not in the specification", r.Method, template))
			return
		}
		named(w, o.ID)
		o.retirement.announce(w.Header())
		if gone := o.retirement.over(s.Now); gone != nil {
			w.Header().Set("Content-Language", string(locale.From(r.Context())))
			s.fail(w, r, gone)
			return
		}
		ctx, err := s.admit(w, r, o)
		if over := s.limit(ctx, w, r, o); over != nil {
			err = over
		}
		r = r.WithContext(ctx)
		w.Header().Set("Content-Language", string(locale.From(ctx)))
		if err == nil {
			err = o.check(w, r)
		}
		if err == nil && o.retirement != nil {
			err = s.noteRetired(ctx, o)
		}
		var as *shape
		if err == nil {
			var form string
			if form, err = o.negotiate(w, r); err == nil {
				as, err = o.shapeOf(r, form)
			}
			if as != nil {
				as.heading = s.heading(locale.From(ctx))
			}
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if scope, err := tenancy.From(ctx); !o.Public || err == nil && scope.ActorKind != tenancy.Visitor {
			w.Header().Set("Cache-Control", "private, no-store")
		}
		leave, err := s.enter(r, o)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		defer leave()
		s.shaped(w, r, as, func(w http.ResponseWriter, r *http.Request) { s.once(w, r, o, next) })
	})
}

// admit finds out who asks and whether they may; it returns the context in which the operation works.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, o *Operation) (context.Context, error) {
	shown, err := s.shown(w, r, o)
	if err != nil {
		return r.Context(), err
	}
	ctx, err := s.Identity.Authenticate(r.WithContext(identity.WithShown(r.Context(), shown)))
	if err != nil {
		return r.Context(), err
	}
	ctx = identity.WithHeaders(ctx, identity.Headers{UserAgent: r.UserAgent(), Authorization: r.Header.Get("Authorization")})
	scope, err := tenancy.From(ctx)
	if err != nil {
		return ctx, err
	}
	set, err := s.Access.Of(ctx, scope)
	if err != nil {
		return ctx, err
	}
	ctx = access.With(ctx, set)
	if session, ok := identity.SessionFrom(ctx); ok && r.Header.Get("Accept-Language") == "" && session.Locale != "" {
		ctx = locale.With(ctx, locale.Match(session.Locale))
	}
	switch {
	case o.Public:
		return ctx, nil
	case scope.ActorKind == tenancy.Visitor:
		return ctx, identity.ErrNotSignedIn
	case !set[o.Permission]:
		return ctx, s.Access.Missing(ctx, s.Bundle, o.Permission)
	}
	return ctx, nil
}

// methodNotAllowed says which methods the address takes (RFC 9110, section 15.5.6).
func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		try := r.Clone(r.Context())
		try.Method = m
		var match mux.RouteMatch
		if s.router.Match(try, &match) && match.MatchErr == nil {
			methods = append(methods, m)
		}
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	s.fail(w, r, errNoMethod)
}

// ready says whether both stores answer.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	err := postgres.Wrap(s.DB.Pool().Ping(ctx), "ping")
	if err == nil {
		err = s.Store.Ready(ctx)
	}
	if err != nil {
		slog.WarnContext(ctx, "not ready", "error", err)
		s.fail(w, r, postgres.ErrUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}
