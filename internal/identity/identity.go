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
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Cookie is the name of the session's cookie. The prefix makes browsers take it with `Secure` only, for this host alone. On
// plain HTTP (loopback) it has neither: Chromium would take it there, but Safari and most HTTP libraries would not.
func Cookie(secure bool) string {
	if secure {
		return "__Host-session"
	}
	return "session"
}

// sessionLife is how long a session lasts at most; unused for half an hour it ends too (app.gate_session).
const sessionLife = 12 * time.Hour

// seenEvery is how often the use of a session is written down: a request is no reason to write a row.
const seenEvery = time.Minute

// Identity is people, sessions and machines.
type Identity struct {
	db     *tenancy.DB
	access *access.Access
	now    func() time.Time
	secure bool // people reach us by HTTPS
	hasher hasher
	tokens tokens
}

// New makes it; secret seals access tokens, those before it still open them, secure says that people reach us by HTTPS.
func New(db *tenancy.DB, a *access.Access, secret []byte, secure bool, now func() time.Time, before ...[]byte) (*Identity, error) {
	var keys [][]byte
	for _, s := range append([][]byte{secret}, before...) {
		key, err := hkdf.Key(sha256.New, s, nil, "helianthus access token", 32)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return &Identity{db: db, access: a, now: now, secure: secure, hasher: newHasher(), tokens: newTokens(keys, now)}, nil
}

// Session is a signed-in person.
type Session struct {
	Scope         tenancy.Scope
	ID            uuid.UUID
	Email, Locale string
	Units         []string // slugs of those the person may act for
	ExpiresAt     time.Time
	lastSeenAt    time.Time
}

type sessionKey struct{}

// SessionFrom returns the session of a request; false for machines and visitors.
func SessionFrom(ctx context.Context) (Session, bool) {
	s, ok := ctx.Value(sessionKey{}).(Session)
	return s, ok
}

// Authenticate finds out who sends a request and returns a context in that scope: a session's cookie, a machine's token,
// or nobody in particular. A token that is no good is refused with ErrTokenInvalid, never taken for none; a dead cookie is
// nobody, since browsers go on sending it and must not be locked out of public pages.
func (i *Identity) Authenticate(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	if token, ok := credentials(r.Header.Get("Authorization"), "Bearer"); ok {
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
	s, ok, err := i.session(ctx, c.Value)
	if err != nil {
		return ctx, err
	}
	if !ok {
		return tenancy.In(ctx, tenancy.Public), nil
	}
	return tenancy.In(context.WithValue(ctx, sessionKey{}, s), s.Scope), nil
}

// credentials are what follows the scheme in an Authorization header (RFC 9110, section 11.4: schemes have no case).
func credentials(header, scheme string) (string, bool) {
	given, rest, ok := strings.Cut(header, " ")
	return strings.TrimSpace(rest), ok && strings.EqualFold(given, scheme)
}

// session reads the session of a cookie; false when there is none such.
func (i *Identity) session(ctx context.Context, token string) (s Session, ok bool, err error) {
	s.Scope.ActorKind = tenancy.Person
	err = i.db.Pool().QueryRow(ctx, `
		select tenant_id, slug, kind, demo, session_id, person_id, name, email, locale, roles, units, unit, expires_at, last_seen_at
		from app.gate_session($1)`, hashOf(token)).
		Scan(&s.Scope.Tenant, &s.Scope.Slug, &s.Scope.TenantKind, &s.Scope.Demo, &s.ID, &s.Scope.Actor, &s.Scope.ActorName,
			&s.Email, &s.Locale, &s.Scope.Roles, &s.Units, &s.Scope.Unit, &s.ExpiresAt, &s.lastSeenAt)
	if noRows(err) {
		return s, false, nil
	}
	if err == nil && i.now().Sub(s.lastSeenAt) > seenEvery {
		err = i.db.Tx(tenancy.In(ctx, s.Scope), func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update app.sessions set last_seen_at = now() where id = $1`, s.ID)
			return err
		})
	}
	return s, err == nil, postgres.Wrap(err, "session")
}

func noRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// secret makes 260 random bits in text.
func secret() string { return rand.Text() + rand.Text() }

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
