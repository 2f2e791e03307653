package identity

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of signing in.
var (
	ErrSignIn       = problem.New(problem.Unauthenticated, "session.sign-in-failed")
	ErrWait         = problem.New(problem.TooMany, "session.wait")
	ErrWhichTenant  = problem.New(problem.Conflict, "session.which-tenant")
	ErrNotSignedIn  = problem.New(problem.Unauthenticated, "session.needed")
	ErrTokenInvalid = problem.New(problem.Unauthenticated, "token.invalid")
)

// Cookie is the name of the session's cookie. Browsers take the prefix only from secure origins, so that on plain HTTP
// (loopback) the cookie has none.
func Cookie(secure bool) string {
	if secure {
		return "__Host-session"
	}
	return "session"
}

// sessionLife is how long a session lasts at most; unused for half an hour it ends too (app.gate_session).
const sessionLife = 12 * time.Hour

// Identity is people, sessions and machines.
type Identity struct {
	db     *tenancy.DB
	access *access.Access
	now    func() time.Time
	secure bool // cookies need HTTPS
	tokens tokens
}

// New makes it; secret seals access tokens, secure says that people reach us by HTTPS.
func New(db *tenancy.DB, a *access.Access, secret []byte, secure bool, now func() time.Time) (*Identity, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "helianthus access token", 32)
	if err != nil {
		return nil, err
	}
	return &Identity{db: db, access: a, now: now, secure: secure, tokens: newTokens(key, now)}, nil
}

// Session is a signed-in person.
type Session struct {
	Scope          tenancy.Scope
	ID             uuid.UUID
	Email, Locale  string
	Units          []string
	ExpiresAt      time.Time
	lastSeenAt     time.Time
}

type sessionKey struct{}

// SessionFrom returns the session of a request; false for machines and visitors.
func SessionFrom(ctx context.Context) (Session, bool) {
	s, ok := ctx.Value(sessionKey{}).(Session)
	return s, ok
}

// Authenticate finds out who sends a request and returns a context in that scope: a session's cookie, a machine's token,
// or nobody in particular. A credential that is no good is refused, never taken for none, except that a dead cookie on a
// public operation must not lock people out: then it is nobody.
func (i *Identity) Authenticate(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		s, err := i.machine(ctx, token)
		if err != nil {
			return ctx, err
		}
		return tenancy.In(ctx, s), nil
	}
	c, err := r.Cookie(Cookie(i.secure))
	if err != nil || len(c.Value) > 100 {
		return tenancy.In(ctx, tenancy.Public), nil
	}
	s, err := i.session(ctx, c.Value)
	if err != nil {
		return ctx, err
	}
	if s.Scope.Tenant == uuid.Nil {
		return tenancy.In(ctx, tenancy.Public), nil
	}
	ctx = context.WithValue(ctx, sessionKey{}, s)
	return tenancy.In(ctx, s.Scope), nil
}

// session reads the session of a cookie; without one it is the zero Session.
func (i *Identity) session(ctx context.Context, token string) (s Session, err error) {
	hash := sha256.Sum256([]byte(token))
	s.Scope.ActorKind = tenancy.Person
	err = i.db.Pool().QueryRow(ctx, `select tenant_id, slug, kind, demo, session_id, person_id, name, email, locale, roles, units, unit, expires_at, last_seen_at from app.gate_session($1)`, hash[:]).
		Scan(&s.Scope.Tenant, &s.Scope.Slug, &s.Scope.TenantKind, &s.Scope.Demo, &s.ID, &s.Scope.Actor, &s.Scope.ActorName, &s.Email, &s.Locale, &s.Scope.Roles, &s.Units, &s.Scope.Unit, &s.ExpiresAt, &s.lastSeenAt)
	if noRows(err) {
		return Session{}, nil
	}
	if err != nil {
		return s, postgres.Wrap(err, "session")
	}
	if i.now().Sub(s.lastSeenAt) > time.Minute { // at most one write a minute
		err = i.db.Tx(tenancy.In(ctx, s.Scope), func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update app.sessions set last_seen_at = now() where id = $1`, s.ID)
			return postgres.Wrap(err, "session %s", s.ID)
		})
	}
	return s, err
}

func noRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// secret makes 256 random bits in text.
func secret() string { return rand.Text() + rand.Text() }

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
