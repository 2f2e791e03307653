package identity

import (
	"context"
	"crypto/subtle"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of machines.
var (
	ErrClientNotFound = problem.New(problem.NotFound, "api-client.not-found")
	ErrClient         = problem.New(problem.Unauthenticated, "token.client-refused")
	ErrGrant          = problem.New(problem.Invalid, "token.grant-unsupported")

	CodeScopeTooWide = problem.Field("api-client.scope-too-wide")
	CodeExpiry       = problem.Field("api-client.expiry")
)

const (
	tokenLife     = 15 * time.Minute
	clientLife    = 366 * 24 * time.Hour // at most, from creation
	clientMemory  = time.Second          // how long a client's record may be believed without a look
	secretPrefix  = "hgi_"               // so that scanners of source code find a leaked secret
	tokenAudience = "helianthus"
)

// Client is a machine of the tenant.
type Client struct {
	ID         string
	Name       string
	Scopes     []string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	RevokedAt  *time.Time
	LastUsedAt *time.Time
}

const clientColumns = `id::text, name, scopes, created_at, expires_at, revoked_at, last_used_at`

// Clients lists the tenant's machines, newest first, five hundred at most.
func (i *Identity) Clients(ctx context.Context) (cs []Client, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+clientColumns+` from app.api_clients order by created_at desc, id limit 500`)
		cs, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Client])
		return postgres.Wrap(err, "api clients")
	})
	return cs, err
}

// Client returns a machine.
func (i *Identity) Client(ctx context.Context, id string) (c Client, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+clientColumns+` from app.api_clients where id = $1`, id)
		c, err = oneClient(rows, id)
		return err
	})
	return c, err
}

func oneClient(rows pgx.Rows, id string) (Client, error) {
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Client])
	if noRows(err) {
		return c, ErrClientNotFound
	}
	return c, postgres.Wrap(err, "api client %s", id)
}

// CreateClient adds a machine that may do no more than its maker, and returns its secret, which is not kept.
func (i *Identity) CreateClient(ctx context.Context, c Client) (Client, string, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return c, "", err
	}
	wrong := problem.ErrInvalid
	ceiling := i.access.Ceiling(s.TenantKind)
	for n, scope := range c.Scopes {
		if !slices.Contains(ceiling, scope) || strings.HasPrefix(scope, "person:") || strings.HasPrefix(scope, "role:") || strings.HasPrefix(scope, "api-client:") {
			wrong = wrong.At("/scopes/"+strconv.Itoa(n), CodeScopeTooWide, "Scope", scope)
		}
	}
	if !c.ExpiresAt.After(i.now()) || c.ExpiresAt.After(i.now().Add(clientLife)) {
		wrong = wrong.At("/expiresAt", CodeExpiry)
	}
	if err := wrong.Or(); err != nil {
		return c, "", err
	}
	plain := secretPrefix + secret()
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `insert into app.api_clients (name, secret_hash, scopes, expires_at, created_by) values ($1, $2, $3, $4, $5) returning `+clientColumns,
			c.Name, hashOf(plain), c.Scopes, c.ExpiresAt, s.Actor)
		if c, err = oneClient(rows, c.Name); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "api-client.create", ObjectKind: "api-client", ObjectID: c.ID, After: c})
	})
	return c, plain, err
}

// RevokeClient bars a machine; its tokens are refused within a second.
func (i *Identity) RevokeClient(ctx context.Context, id string) (c Client, err error) {
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `update app.api_clients set revoked_at = coalesce(revoked_at, now()) where id = $1 returning `+clientColumns, id)
		if c, err = oneClient(rows, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "api-client.revoke", ObjectKind: "api-client", ObjectID: id, After: c})
	})
	return c, err
}

// Token gives a machine an access token for its credentials (RFC 6749, section 4.4). The scope asked for narrows it.
func (i *Identity) Token(ctx context.Context, grant, id, plain, scope string) (token string, scopes []string, life time.Duration, err error) {
	if grant != "client_credentials" {
		return "", nil, 0, ErrGrant
	}
	client, err := uuid.Parse(id)
	if err != nil {
		return "", nil, 0, ErrClient
	}
	m, err := i.lookUp(ctx, client)
	if err != nil {
		return "", nil, 0, err
	}
	if m.hash == nil || subtle.ConstantTimeCompare(m.hash, hashOf(plain)) != 1 {
		return "", nil, 0, ErrClient
	}
	scopes = m.scope.Permissions
	if scope != "" {
		scopes = slices.DeleteFunc(strings.Fields(scope), func(s string) bool { return !slices.Contains(m.scope.Permissions, s) })
	}
	token, err = i.tokens.issue(client, scopes)
	if err != nil {
		return "", nil, 0, err
	}
	err = i.db.Tx(tenancy.In(ctx, m.scope), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.api_clients set last_used_at = now() where id = $1`, client)
		return postgres.Wrap(err, "api client %s", client)
	})
	return token, scopes, tokenLife, err
}

type machine struct {
	scope tenancy.Scope
	hash  []byte
	at    time.Time
}

// tokens issues and reads access tokens, and remembers clients for a moment.
type tokens struct {
	key  []byte
	now  func() time.Time
	mu   *sync.Mutex
	seen map[uuid.UUID]machine
}

func newTokens(key []byte, now func() time.Time) tokens {
	return tokens{key: key, now: now, mu: &sync.Mutex{}, seen: map[uuid.UUID]machine{}}
}

func (t tokens) issue(client uuid.UUID, scopes []string) (string, error) {
	now := t.now()
	token, err := jwt.NewBuilder().Subject(client.String()).Audience([]string{tokenAudience}).IssuedAt(now).Expiration(now.Add(tokenLife)).
		JwtID(uuid.NewString()).Claim("scope", strings.Join(scopes, " ")).Build()
	if err != nil {
		return "", err
	}
	signed, err := jwt.Sign(token, jwt.WithKey(jwa.HS256(), t.key))
	return string(signed), err
}

func (t tokens) read(token string) (client uuid.UUID, scopes []string, err error) {
	parsed, err := jwt.Parse([]byte(token), jwt.WithKey(jwa.HS256(), t.key), jwt.WithAudience(tokenAudience), jwt.WithClock(jwt.ClockFunc(t.now)))
	if err != nil {
		return client, nil, ErrTokenInvalid
	}
	subject, _ := parsed.Subject()
	var scope string
	if parsed.Get("scope", &scope) != nil {
		return client, nil, ErrTokenInvalid
	}
	client, err = uuid.Parse(subject)
	return client, strings.Fields(scope), err
}

// machine is the scope of a token whose client is still good.
func (i *Identity) machine(ctx context.Context, token string) (tenancy.Scope, error) {
	client, scopes, err := i.tokens.read(token)
	if err != nil {
		return tenancy.Scope{}, ErrTokenInvalid
	}
	m, err := i.lookUp(ctx, client)
	if err != nil {
		return tenancy.Scope{}, err
	}
	if m.hash == nil {
		return tenancy.Scope{}, ErrTokenInvalid
	}
	s := m.scope
	s.Permissions = slices.DeleteFunc(scopes, func(p string) bool { return !slices.Contains(m.scope.Permissions, p) })
	return s, nil
}

func (i *Identity) lookUp(ctx context.Context, client uuid.UUID) (m machine, err error) {
	i.tokens.mu.Lock()
	m, ok := i.tokens.seen[client]
	i.tokens.mu.Unlock()
	if ok && i.now().Sub(m.at) < clientMemory {
		return m, nil
	}
	m = machine{at: i.now(), scope: tenancy.Scope{Actor: client, ActorKind: tenancy.Client}}
	err = i.db.Pool().QueryRow(ctx, `select tenant_id, slug, kind, demo, name, secret_hash, scopes from app.gate_client($1)`, client).
		Scan(&m.scope.Tenant, &m.scope.Slug, &m.scope.TenantKind, &m.scope.Demo, &m.scope.ActorName, &m.hash, &m.scope.Permissions)
	if err != nil && !noRows(err) {
		return m, postgres.Wrap(err, "api client %s", client)
	}
	i.tokens.mu.Lock()
	defer i.tokens.mu.Unlock()
	if len(i.tokens.seen) > 10_000 {
		clear(i.tokens.seen) // strangers' ids must not fill memory
	}
	i.tokens.seen[client] = m
	return m, nil
}

