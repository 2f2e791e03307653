package identity_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const grant = "client_credentials"

func TestClientHoldsNoMoreThanTheCeilingForAYear(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.Laboratory)
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		scopes  []string
		expires time.Duration
		pointer string
	}{
		"good":                       {[]string{"document:read", "registration:read"}, 365 * day, ""},
		"above the kind's ceiling":   {[]string{"document:read", "dossier:issue"}, day, "/scopes/1"},
		"to administer people":       {[]string{"person:create"}, day, "/scopes/0"},
		"to make more machines":      {[]string{"api-client:create"}, day, "/scopes/0"},
		"everything":                 {[]string{"*"}, day, "/scopes/0"},
		"ended before it began":      {[]string{"document:read"}, -time.Second, "/expiresAt"},
		"for more than a year":       {[]string{"document:read"}, 367 * day, "/expiresAt"},
		"for a time without an end":  {[]string{"document:read"}, 100_000 * day, "/expiresAt"},
		"with a scope of many words": {[]string{"document:read registration:read"}, day, "/scopes/0"},
	} {
		made, secret, err := n.CreateClient(ctx, identity.Client{Name: name, Scopes: c.scopes, ExpiresAt: time.Now().Add(c.expires)})
		if p, ok := problem.As(err); ok != (c.pointer != "") || ok && p.Details[0].Pointer != c.pointer {
			t.Errorf("%s: got %v, want a detail at %q", name, err, c.pointer)
		}
		if err == nil && (!strings.HasPrefix(secret, "hgi_") || len(secret) < 50 || !slices.Equal(made.Scopes, c.scopes)) {
			t.Errorf("%s: got %+v, %q", name, made, secret)
		}
	}
	if got := trail(ctx, t); !slices.Equal(got, []string{"api-client.create"}) {
		t.Errorf("the trail says %v", got)
	}
}

// clientAndToken makes a client and its token.
func (n *node) clientAndToken(t *testing.T, scopes ...string) (c identity.Client, secret, token string) {
	t.Helper()
	ctx := dbtest.Tenant(t, tenancy.County)
	c, secret, err := n.CreateClient(ctx, identity.Client{Name: "customs", Scopes: scopes, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	token, _, life, err := n.Token(t.Context(), grant, c.ID, secret, "")
	if err != nil || life > 15*time.Minute {
		t.Fatalf("got %v, %v", life, err)
	}
	return c, secret, token
}

func TestTokenIsGivenForRightCredentialsOnly(t *testing.T) {
	t.Parallel()
	n := newNode(t, 1)
	c, secret, _ := n.clientAndToken(t, "registration:read", "dossier:read")
	_, other, _ := n.clientAndToken(t, "registration:read")
	for name, r := range map[string]struct {
		grant, id, secret, scope string
		want                     error
	}{
		"right":                     {grant, c.ID, secret, "", nil},
		"narrowed":                  {grant, c.ID, secret, "dossier:read", nil},
		"widened":                   {grant, c.ID, secret, "dossier:read dossier:issue", problem.ErrInvalid},
		"another grant":             {"password", c.ID, secret, "", identity.ErrGrant},
		"another client's secret":   {grant, c.ID, other, "", identity.ErrClient},
		"an unknown client":         {grant, uuid.NewString(), secret, "", identity.ErrClient},
		"an id that is none":        {grant, "customs", secret, "", identity.ErrClient},
		"no secret":                 {grant, c.ID, "", "", identity.ErrClient},
		"a secret with a slip":      {grant, c.ID, secret[:len(secret)-1] + "#", "", identity.ErrClient},
		"a secret that is too long": {grant, c.ID, secret + "A", "", identity.ErrClient},
	} {
		_, scopes, _, err := n.Token(t.Context(), r.grant, r.id, r.secret, r.scope)
		if !errors.Is(err, r.want) {
			t.Errorf("%s: got %v, want %v", name, err, r.want)
		}
		if r.scope != "" && err == nil && !slices.Equal(scopes, strings.Fields(r.scope)) {
			t.Errorf("%s: got the scopes %v", name, scopes)
		}
	}
}

func TestTokenSaysWhoAsks(t *testing.T) {
	t.Parallel()
	n := newNode(t, 1)
	c, secret, _ := n.clientAndToken(t, "registration:read", "dossier:read")
	token, _, _, err := n.Token(t.Context(), grant, c.ID, secret, "dossier:read")
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER  "} {
		ctx, err := n.with(t, nil, scheme+token)
		s, _ := tenancy.From(ctx)
		if err != nil || s.ActorKind != tenancy.Client || s.Actor.String() != c.ID || s.ActorName != "customs" || !slices.Equal(s.Permissions, []string{"dossier:read"}) || s.Tenant == uuid.Nil {
			t.Errorf("%q: got %+v, %v", scheme, s, err)
		}
		if _, ok := identity.SessionFrom(ctx); ok {
			t.Errorf("%q: a machine has a session", scheme)
		}
	}
}

func TestForgedTokenIsRefused(t *testing.T) {
	t.Parallel()
	n, stranger := newNode(t, 1), newNode(t, 2)
	_, _, token := n.clientAndToken(t, "registration:read")
	_, _, foreign := stranger.clientAndToken(t, "registration:read")
	parts := strings.Split(token, ".")
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	none := encode([]byte(`{"alg":"none","typ":"JWT"}`))
	wider := encode([]byte(strings.Replace(string(claims), "registration:read", "registration:publish", 1)))
	for name, forged := range map[string]string{
		"with another claim":           parts[0] + "." + wider + "." + parts[2],
		"unsigned":                     none + "." + parts[1] + ".",
		"unsigned, with the signature": none + "." + parts[1] + "." + parts[2],
		"of another house":             foreign,
		"cut":                          token[:len(token)-2],
		"empty":                        "",
		"no token at all":              "hello",
		"of a megabyte":                strings.Repeat("A", 1<<20),
	} {
		if _, err := n.with(t, nil, "Bearer "+forged); !errors.Is(err, identity.ErrTokenInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTokenEndsAfterAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	n := newNode(t, 1)
	_, _, token := n.clientAndToken(t, "registration:read")
	n.ahead.Store(int64(14 * time.Minute))
	if _, err := n.with(t, nil, "Bearer "+token); err != nil {
		t.Errorf("after 14 minutes: %v", err)
	}
	n.ahead.Store(int64(15*time.Minute + time.Second))
	if _, err := n.with(t, nil, "Bearer "+token); !errors.Is(err, identity.ErrTokenInvalid) {
		t.Errorf("after 15 minutes: %v", err)
	}
}

// A second after a machine is barred on one node, all nodes refuse it.
func TestBarredMachineIsRefusedWithinASecond(t *testing.T) {
	t.Parallel()
	operator := identity.Provisioner{Owner: dbtest.OwnerPool(t), DB: dbtest.DB(t)}
	for name, bar := range map[string]func(n *node, c identity.Client, s tenancy.Scope) error{
		"revoked": func(n *node, c identity.Client, s tenancy.Scope) error {
			_, err := n.RevokeClient(tenancy.In(t.Context(), s), c.ID)
			return err
		},
		"past its end": func(_ *node, c identity.Client, _ tenancy.Scope) error {
			exec(t, `update app.api_clients set expires_at = now() where id = $1`, c.ID)
			return nil
		},
		"of a suspended tenant": func(_ *node, _ identity.Client, s tenancy.Scope) error { return operator.Suspend(t.Context(), s.Slug) },
	} {
		one, two := newNode(t, 1), newNode(t, 1)
		c, secret, token := one.clientAndToken(t, "registration:read")
		ctx, err := two.with(t, nil, "Bearer "+token)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s, _ := tenancy.From(ctx)
		if err := bar(one, c, s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		one.ahead.Store(int64(time.Second))
		two.ahead.Store(int64(time.Second))
		for _, n := range []*node{one, two} {
			if _, err := n.with(t, nil, "Bearer "+token); !errors.Is(err, identity.ErrTokenInvalid) {
				t.Errorf("%s: got %v for the token", name, err)
			}
			if _, _, _, err := n.Token(t.Context(), grant, c.ID, secret, ""); !errors.Is(err, identity.ErrClient) {
				t.Errorf("%s: got %v for a new token", name, err)
			}
		}
	}
}

// A scope that was taken from the client is taken from its tokens too.
func TestTokenHoldsNoMoreThanItsClientToday(t *testing.T) {
	t.Parallel()
	n := newNode(t, 1)
	c, _, token := n.clientAndToken(t, "registration:read", "dossier:read")
	exec(t, `update app.api_clients set scopes = '{dossier:read}' where id = $1`, c.ID)
	n.ahead.Store(int64(time.Second))
	ctx, err := n.with(t, nil, "Bearer "+token)
	s, _ := tenancy.From(ctx)
	if err != nil || !slices.Equal(s.Permissions, []string{"dossier:read"}) {
		t.Errorf("got %v, %v", s.Permissions, err)
	}
}

// The database keeps the rule too: what is required of a machine only grows.
func TestRequirementOnlyGrows(t *testing.T) {
	t.Parallel()
	n, ctx := newNode(t, 1), dbtest.Tenant(t, tenancy.Jurisdiction)
	c, _, err := n.CreateClient(ctx, identity.Client{Name: "x", Scopes: []string{"registration:read"}, Required: []identity.Proof{identity.ProofSignature}, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	err = dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.api_clients set required = '{certificate}' where id = $1`, c.ID)
		return err
	})
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.ConstraintName != "api_clients_required_grows" {
		t.Errorf("the database let the requirement go: %v", err)
	}
}
