// Package apitest runs the whole server in tests, over real stores, and speaks to it as people and machines do: scripts
// that an officer can read, and generated tests that range over every operation of the specification. For tests only.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// password is everybody's in tests.
const password = "correct horse battery staple"

// House is a running server with its workers, shared by the tests of a process.
type House struct {
	*httpd.House
	Server *Watched
	ahead  *atomic.Int64 // nanoseconds that its clock is ahead of ours
	log    *scan
	own    *dbtest.House // its database; nil for the shared house
}

// scan is the house's log; it keeps nothing but the first line that shows what no log may show.
type scan struct {
	mu    sync.Mutex
	shown string
}

func (s *scan) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("CANARY-")) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.shown == "" {
			s.shown = string(line)
		}
	}
	return len(line), nil
}

func (s *scan) canary() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown
}

// tokenMemory is longer than a node may believe a machine's token without a look at its record.
const tokenMemory = 2 * time.Second

// Advance puts the house's clock forward.
func (h *House) Advance(d time.Duration) { h.ahead.Add(int64(d)) }

var (
	once   sync.Once
	shared *House
	failed error
)

// Open returns the shared house.
func Open(t testing.TB) *House {
	t.Helper()
	db, store := dbtest.DB(t), dbtest.Store(t)
	once.Do(func() {
		identity.HashQuickly(t)
		bundle, err := locale.Load(i18n.FS)
		if err != nil {
			failed = err
			return
		}
		log := &scan{}
		slog.SetDefault(slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
		ahead := &atomic.Int64{}
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		h, err := httpd.Assemble(httpd.Config{DB: db, Store: store, Bundle: bundle, Secret: [32]byte{1}, Sandboxes: 1000, Log: slog.Default(), Now: now})
		if err != nil {
			failed = err
			return
		}
		server, err := httpd.New(h)
		if err != nil {
			failed = err
			return
		}
		shared = &House{h, &Watched{Server: server}, ahead, log, nil}
		// Both end with the process. Without the second, who awaits a task looks for it every two seconds.
		go func() { _ = h.Jobs.Work(context.Background()) }()
		go func() { _ = h.Jobs.Listen(context.Background()) }()
	})
	if failed != nil {
		t.Fatal(failed)
	}
	t.Cleanup(func() { shared.Server.report(t) })
	return shared
}

// OpenServed returns the shared house on an address of its own, with an operator who placed the canary and with the log's sequencer:
// what who copies it needs.
func OpenServed(t testing.TB) (h *House, url string) {
	t.Helper()
	h = Open(t)
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.Translog.Run(ctx)
	}()
	t.Cleanup(func() { stop(); <-done })
	if err := exchange.PlaceCanary(h.Tenant(t, tenancy.Operator), h.DB); err != nil {
		t.Fatal(err)
	}
	return h, server.URL
}

// Caller is somebody who speaks to the server: with a cookie, with a token, or as nobody.
type Caller struct {
	handler http.Handler
	Cookie  *http.Cookie
	Token   string
	Scope   tenancy.Scope // of the tenant, as its administrator; zero for nobody
}

// Nobody is a caller without credentials.
func (h *House) Nobody() *Caller { return &Caller{handler: h.Server} }

// OpenOwn returns a house over a database of its own, for tests of what passes between houses. Its address is base, and it follows
// others. It has no workers.
func OpenOwn(t testing.TB, base string, others translog.Others) *House {
	t.Helper()
	own := dbtest.OwnHouse(t)
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	h, err := httpd.Assemble(httpd.Config{DB: own.DB, Store: dbtest.Store(t), Bundle: bundle, Secret: [32]byte{2}, BaseURL: base, Others: others, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server, err := httpd.New(h)
	if err != nil {
		t.Fatal(err)
	}
	made := &House{h, &Watched{Server: server}, &atomic.Int64{}, &scan{}, &own}
	t.Cleanup(func() { made.Server.report(t) })
	return made
}

// Superuser connects to the house's database past every policy.
func (h *House) Superuser(t testing.TB) *pgx.Conn {
	t.Helper()
	if h.own != nil {
		return h.own.Superuser(t)
	}
	return dbtest.Superuser(t)
}

// Tenant makes a tenant of a kind and returns its context, as dbtest.Tenant does.
func (h *House) Tenant(t testing.TB, kind tenancy.Kind) context.Context {
	t.Helper()
	if h.own != nil {
		return h.own.Tenant(t, kind)
	}
	return dbtest.Tenant(t, kind)
}

// Person adds somebody with these roles to the tenant of ctx and signs them in; with none, with all roles of the kind.
func (h *House) Person(t testing.TB, ctx context.Context, roles ...string) *Caller {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(roles) == 0 {
		for _, r := range h.Access.Templates(s.TenantKind) {
			roles = append(roles, r.Slug)
		}
	}
	email := "p-" + uuid.NewString() + "@" + s.Slug + ".example"
	if _, err := h.Identity.CreatePerson(ctx, identity.Person{Email: email, Name: "Canary " + s.Slug, Roles: roles, Units: []string{}}, password); err != nil {
		t.Fatalf("person with roles %v: %v", roles, err)
	}
	return h.SignIn(t, s, email)
}

// SignIn signs a person of the scope's tenant in.
func (h *House) SignIn(t testing.TB, s tenancy.Scope, email string) *Caller {
	t.Helper()
	c := &Caller{handler: h.Server, Scope: s}
	r := c.JSON(t, "POST", "/api/v1/session", map[string]string{"email": email, "password": password})
	if r.Code != http.StatusOK {
		t.Fatalf("sign in: %d %s", r.Code, r.Body)
	}
	c.Cookie = r.Result().Cookies()[0]
	return c
}

// clientLife is longer than the house reminds of the end of a machine: no reminder comes between the records of a test.
const clientLife = 200 * 24 * time.Hour

// Client adds a machine with these scopes to the tenant of ctx and gets it a token; with none, with all it may have.
func (h *House) Client(t testing.TB, ctx context.Context, scopes ...string) *Caller {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(scopes) == 0 {
		scopes = h.Access.MachineCeiling(s.TenantKind)
	}
	m, secret, err := h.Identity.CreateClient(ctx, identity.Client{Name: "Canary " + s.Slug, Scopes: scopes, ExpiresAt: time.Now().Add(clientLife)})
	if err != nil {
		t.Fatalf("client with scopes %v: %v", scopes, err)
	}
	c := h.Machine(t, m.ID, secret)
	c.Scope = s
	return c
}

// Machine gets a token for a machine's credentials.
func (h *House) Machine(t testing.TB, id, secret string) *Caller {
	t.Helper()
	c := &Caller{handler: h.Server}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
	r := c.Do(t, "POST", "/api/v1/token", strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(r.Body.Bytes(), &token); err != nil || token.AccessToken == "" {
		t.Fatalf("token: %d %s", r.Code, r.Body)
	}
	c.Token = token.AccessToken
	return c
}

// Do sends a request and returns the whole response.
func (c *Caller) Do(t testing.TB, method, path string, body io.Reader, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	return c.doIn(t, t.Context(), method, path, body, header)
}

func (c *Caller) doIn(t testing.TB, ctx context.Context, method, path string, body io.Reader, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, "http://helianthus.example"+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if r.Body == nil {
		r.Body = http.NoBody // as a server has it
	}
	for name, values := range header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	if c.Cookie != nil {
		r.AddCookie(c.Cookie)
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

// JSON sends a value as JSON, a patch as merge-patch; nil sends no body.
func (c *Caller) JSON(t testing.TB, method, path string, value any, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	if value == nil {
		return c.Do(t, method, path, nil, h)
	}
	b, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	h.Set("Content-Type", mediaTypeOf(method))
	return c.Do(t, method, path, bytes.NewReader(b), h)
}

func mediaTypeOf(method string) string {
	if method == http.MethodPatch {
		return "application/merge-patch+json"
	}
	return "application/json"
}

// Need is JSON for what must succeed; it decodes the answer into out when that is not nil, and returns the new ETag.
func (c *Caller) Need(t testing.TB, out any, method, path string, value any, header ...string) (etag string) {
	t.Helper()
	r := c.JSON(t, method, path, value, header...)
	if r.Code >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d %s", method, path, r.Code, r.Body)
	}
	if out != nil {
		if err := json.Unmarshal(r.Body.Bytes(), out); err != nil {
			t.Fatal(fmt.Errorf("%s %s: %w", method, path, err))
		}
	}
	return r.Header().Get("ETag")
}
