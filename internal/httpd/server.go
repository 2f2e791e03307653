package httpd

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The operations of each tag, under names that can stand beside each other.
type (
	auditAPI       = audit.API
	documentAPI    = document.API
	dossierAPI     = dossier.API
	exchangeAPI    = exchange.API
	identityAPI    = identity.API
	jobsAPI        = jobs.API
	recognitionAPI = recognition.API
	registryAPI    = registry.API
	statusAPI      = status.API
)

// Operations of all tags make the API: a missing one does not compile.
type operations struct {
	*auditAPI
	*documentAPI
	*dossierAPI
	*exchangeAPI
	*identityAPI
	*jobsAPI
	*recognitionAPI
	*registryAPI
	*statusAPI
}

var _ api.StrictServerInterface = operations{}

// Config is what the server is made of.
type Config struct {
	DB          *tenancy.DB
	Store       *objectstore.Store
	Bundle      *locale.Bundle
	Identity    *identity.Identity
	Access      *access.Access
	Audit       *audit.API
	Document    *document.API
	Dossier     *dossier.API
	Exchange    *exchange.API
	IdentityAPI *identity.API
	Jobs        *jobs.API
	Recognition *recognition.API
	Registry    *registry.API
	Status      *status.API
	S3Origin    string // where browsers upload to and preview from, for the content security policy
	Secure      bool   // people reach us by HTTPS
}

// Server answers requests.
type Server struct {
	Config
	bundle     *locale.Bundle
	operations map[string]Operation
	metrics    *metrics
}

// New assembles the server. It refuses a specification with an operation nobody decided on.
func New(c Config) (http.Handler, error) {
	ops, err := Operations(api.Spec)
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, bundle: c.Bundle, operations: ops, metrics: newMetrics(c.DB)}
	root := mux.NewRouter().UseEncodedPath()
	root.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNoRoute) })
	root.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNoMethod) })
	root.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }).Methods(http.MethodGet, http.MethodHead)
	root.HandleFunc("/readyz", s.ready).Methods(http.MethodGet, http.MethodHead)
	root.Handle("/metrics", s.metrics.handler()).Methods(http.MethodGet)
	root.HandleFunc("/api/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(api.Spec)
	}).Methods(http.MethodGet)
	if err := s.pages(root); err != nil {
		return nil, err
	}
	s.api(root)
	return s.around(root), nil
}

func (s *Server) api(root *mux.Router) {
	ssi := operations{s.Audit, s.Document, s.Dossier, s.Exchange, s.IdentityAPI, s.Jobs, s.Recognition, s.Registry, s.Status}
	strict := api.NewStrictHandlerWithOptions(ssi, nil, api.StrictHTTPServerOptions{RequestErrorHandlerFunc: s.fail, ResponseErrorHandlerFunc: s.fail})
	router := root.NewRoute().Subrouter()
	api.HandlerWithOptions(strict, api.GorillaServerOptions{BaseRouter: router, ErrorHandlerFunc: s.fail})
	router.Use(s.operation)
}

type operationKey struct{}

func operationOf(ctx context.Context) string {
	o, _ := ctx.Value(operationKey{}).(*Operation)
	if o == nil {
		return ""
	}
	return o.ID
}

// operation is what is done before every operation of the API: who asks, may they, and is it asked in the right form.
func (s *Server) operation(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		template, err := mux.CurrentRoute(r).GetPathTemplate()
		if err != nil {
			s.fail(w, r, err)
			return
		}
		o, ok := s.operations[r.Method+" "+template]
		if !ok {
			s.fail(w, r, fmt.Errorf("route %s %s is not in the specification", r.Method, template))
			return
		}
		started := time.Now()
		rec := &recorder{ResponseWriter: w}
		defer func() { s.metrics.observe(o.ID, rec.status, time.Since(started)) }()
		r = r.WithContext(context.WithValue(r.Context(), operationKey{}, &o))
		ctx, err := s.admit(r, o)
		if err != nil {
			s.fail(rec, r.WithContext(ctx), err)
			return
		}
		r = r.WithContext(ctx)
		if err := o.check(rec, r); err != nil {
			s.fail(rec, r, err)
			return
		}
		if !o.Public {
			rec.Header().Set("Cache-Control", "private, no-store")
		}
		next.ServeHTTP(rec, r)
	})
}

// admit finds out who asks and whether they may.
func (s *Server) admit(r *http.Request, o Operation) (context.Context, error) {
	ctx, err := s.Identity.Authenticate(r)
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
		return ctx, access.ErrMissing.With("Permission", o.Permission)
	}
	return ctx, nil
}

// ready says whether both stores answer.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.DB.Pool().Ping(ctx); err != nil {
		slog.WarnContext(ctx, "not ready", "error", err)
		s.fail(w, r, postgres.ErrUnavailable)
		return
	}
	if err := s.Store.Ready(ctx); err != nil {
		slog.WarnContext(ctx, "not ready", "error", err)
		s.fail(w, r, err)
		return
	}
	fmt.Fprintln(w, "ready")
}

// isAPI tells whether a path is the API's, whose answers are never pages.
func isAPI(path string) bool { return strings.HasPrefix(path, "/api/") }
