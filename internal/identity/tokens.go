package identity

import (
	"context"
	"crypto/subtle"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of access tokens.
var (
	ErrClient       = problem.New(problem.Unauthenticated, "token.client-refused")
	ErrGrant        = problem.New(problem.Invalid, "token.grant-unsupported")
	ErrTokenInvalid = problem.New(problem.Unauthenticated, "token.invalid")
)

const (
	tokenLife    = 15 * time.Minute
	tokenParty   = "helianthus" // issuer and audience: tokens are for us alone
	clientMemory = time.Second  // how long a machine's record is believed without a look; as long as a revocation may take
	strangers    = 10_000       // how many ids are remembered at most, good or not
)

// secretPrefix lets scanners of source code find a leaked secret; the checksum at its end tells it from chance.
const secretPrefix = "hgi_"

func newClientSecret() string {
	s := secretPrefix + secret()
	return s + checksum(s)
}

func checksum(s string) string {
	return strings.ToUpper(strconv.FormatUint(1<<32|uint64(crc32.ChecksumIEEE([]byte(s))), 36)) // seven characters
}

func isClientSecret(s string) bool {
	const length = len(secretPrefix) + 52 + 7
	return len(s) == length && strings.HasPrefix(s, secretPrefix) && checksum(s[:length-7]) == s[length-7:]
}

// Token gives a machine an access token for its credentials (RFC 6749, section 4.4); scope narrows what the token may do.
// It returns ErrGrant for another grant, ErrClient for wrong credentials, whatever is wrong with them, a problem for a scope that
// the machine lacks, and what channel returns when the request does not show enough. A token is bound to the registered
// certificate that it was asked for with (RFC 8705, section 3).
func (i *Identity) Token(ctx context.Context, grant, id, plain, scope string) (token string, scopes []string, life time.Duration, err error) {
	if grant != "client_credentials" {
		return "", nil, 0, ErrGrant
	}
	client, err := uuid.Parse(id)
	if err != nil || !isClientSecret(plain) {
		return "", nil, 0, ErrClient
	}
	m, err := i.lookUp(ctx, client)
	if err != nil {
		return "", nil, 0, err
	}
	if m.hash == nil {
		return "", nil, 0, ErrClient
	}
	if subtle.ConstantTimeCompare(m.hash, hashOf(plain)) != 1 {
		return "", nil, 0, i.refusedMachine(ctx, m, ErrClient)
	}
	certificate, err := i.channel(ctx, m, "")
	if err != nil {
		return "", nil, 0, i.refusedMachine(ctx, m, err)
	}
	scopes = m.scope.Permissions
	if asked := strings.Fields(scope); len(asked) > 0 {
		for _, s := range asked {
			if !slices.Contains(m.scope.Permissions, s) {
				return "", nil, 0, problem.ErrInvalid.At("/scope", CodeScopeTooWide, "Scope", s)
			}
		}
		scopes = asked
	}
	if token, err = i.tokens.issue(claims{client, scopes, certificate}); err != nil {
		return "", nil, 0, err
	}
	err = i.db.Tx(tenancy.In(ctx, m.scope), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.api_clients set last_used_at = now() where id = $1`, client)
		return postgres.Wrap(err, "api client %s", client)
	})
	return token, scopes, tokenLife, err
}

// machine is the scope of a token whose client is still good. The client's scopes of today bound the token's.
func (i *Identity) machine(ctx context.Context, token string) (tenancy.Scope, error) {
	c, err := i.tokens.read(token)
	if err != nil {
		return tenancy.Scope{}, err
	}
	m, err := i.lookUp(ctx, c.client)
	if err != nil {
		return tenancy.Scope{}, err
	}
	if m.hash == nil {
		return tenancy.Scope{}, ErrTokenInvalid
	}
	if _, err := i.channel(ctx, m, c.certificate); err != nil {
		return tenancy.Scope{}, i.refusedMachine(ctx, m, err)
	}
	s := m.scope
	s.Permissions = slices.DeleteFunc(c.scopes, func(p string) bool { return !slices.Contains(m.scope.Permissions, p) })
	return s, nil
}

// machine is what is known of a client: a nil hash when it is unknown, revoked, expired, or its tenant is suspended.
type machine struct {
	scope    tenancy.Scope
	hash     []byte
	required []Proof
	keys     []held
	at       time.Time
}

func (i *Identity) lookUp(ctx context.Context, client uuid.UUID) (machine, error) {
	if m, ok := i.tokens.known(client); ok {
		return m, nil
	}
	m := machine{at: i.now(), scope: tenancy.Scope{Actor: client, ActorKind: tenancy.Client}}
	err := i.db.Pool().QueryRow(ctx, `select tenant_id, slug, kind, demo, name, secret_hash, scopes, required, keys from app.gate_machine($1)`, client).
		Scan(&m.scope.Tenant, &m.scope.Slug, &m.scope.TenantKind, &m.scope.Demo, &m.scope.ActorName, &m.hash, &m.scope.Permissions, &m.required, &m.keys)
	if err != nil && !noRows(err) {
		return m, postgres.Wrap(err, "api client %s", client)
	}
	i.tokens.keep(client, m)
	return m, nil
}

// tokens issues and reads access tokens, and remembers machines for a moment.
type tokens struct {
	keys [][]byte // the first one signs
	now  func() time.Time
	mu   *sync.Mutex
	seen map[uuid.UUID]machine
}

func newTokens(keys [][]byte, now func() time.Time) tokens {
	return tokens{keys: keys, now: now, mu: &sync.Mutex{}, seen: map[uuid.UUID]machine{}}
}

// claims are what a token says: whose it is, what it may do at most, and the certificate that it is bound to, if any.
type claims struct {
	client      uuid.UUID
	scopes      []string
	certificate string // x5t#S256
}

const thumbprintClaim = "x5t#S256" // within cnf (RFC 8705, section 3.1)

func (t tokens) issue(c claims) (string, error) {
	now := t.now()
	b := jwt.NewBuilder().Issuer(tokenParty).Audience([]string{tokenParty}).Subject(c.client.String()).JwtID(uuid.NewString()).
		IssuedAt(now).Expiration(now.Add(tokenLife)).Claim("scope", strings.Join(c.scopes, " "))
	if c.certificate != "" {
		b = b.Claim("cnf", map[string]string{thumbprintClaim: c.certificate})
	}
	token, err := b.Build()
	if err != nil {
		return "", err
	}
	signed, err := jwt.Sign(token, jwt.WithKey(jwa.HS256(), t.keys[0]))
	return string(signed), err
}

// read takes tokens of ours only: signed by a key of ours with this one algorithm, for us, by us, and not yet over.
func (t tokens) read(token string) (c claims, err error) {
	for _, key := range t.keys {
		if c, err = t.readWith(key, token); err == nil {
			return c, nil
		}
	}
	return c, err
}

func (t tokens) readWith(key []byte, token string) (c claims, err error) {
	parsed, err := jwt.Parse([]byte(token), jwt.WithKey(jwa.HS256(), key), jwt.WithIssuer(tokenParty), jwt.WithAudience(tokenParty),
		jwt.WithRequiredClaim(jwt.ExpirationKey), jwt.WithClock(jwt.ClockFunc(t.now)))
	if err != nil {
		return c, ErrTokenInvalid
	}
	subject, _ := parsed.Subject()
	var scope string
	c.client, err = uuid.Parse(subject)
	if err != nil || parsed.Get("scope", &scope) != nil {
		return c, ErrTokenInvalid
	}
	c.scopes = strings.Fields(scope)
	if parsed.Has("cnf") {
		var cnf map[string]any
		if parsed.Get("cnf", &cnf) != nil {
			return c, ErrTokenInvalid
		}
		if c.certificate, _ = cnf[thumbprintClaim].(string); c.certificate == "" { // bound to what we do not know
			return c, ErrTokenInvalid
		}
	}
	return c, nil
}

func (t tokens) known(client uuid.UUID) (machine, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m, ok := t.seen[client]
	return m, ok && t.now().Sub(m.at) < clientMemory
}

func (t tokens) keep(client uuid.UUID, m machine) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.seen) >= strangers {
		clear(t.seen)
	}
	t.seen[client] = m
}
