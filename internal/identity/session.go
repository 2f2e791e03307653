package identity

import (
	"context"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashers bounds how many passwords are hashed at once; each takes 19 MiB.
var hashers = make(chan struct{}, 2)

// decoy is compared when nobody has the name tried, so that the time tells nothing.
var decoy = hash("nobody has this password")

func hash(password string) string {
	hashers <- struct{}{}
	defer func() { <-hashers }()
	h, err := argon2id.CreateHash(password, hashing)
	if err != nil {
		panic(err) // only when there is no randomness
	}
	return h
}

func matches(password, hash string) bool {
	hashers <- struct{}{}
	defer func() { <-hashers }()
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	return err == nil && ok
}

type candidate struct {
	scope  tenancy.Scope
	hash   string
	person uuid.UUID
}

// SignIn checks a name and a password and begins a session; it returns the cookie to set. The tenant is needed only when
// the same name and password are good in several. A name that was tried in vain has to wait, longer each time.
func (i *Identity) SignIn(ctx context.Context, email, password, tenant, userAgent string) (Session, *http.Cookie, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	name := sha256.Sum256([]byte(email))
	if err := i.wait(ctx, name[:]); err != nil {
		return Session{}, nil, err
	}
	all, err := i.candidates(ctx, email)
	if err != nil {
		return Session{}, nil, err
	}
	var good []candidate
	for _, c := range all {
		if matches(password, c.hash) && (tenant == "" || tenant == c.scope.Slug) {
			good = append(good, c)
		}
	}
	if len(all) == 0 {
		matches(password, decoy)
	}
	if len(good) != 1 {
		if len(good) > 1 {
			return Session{}, nil, ErrWhichTenant
		}
		_, err := i.db.Pool().Exec(ctx, `select app.gate_failed($1)`, name[:])
		if err != nil {
			return Session{}, nil, postgres.Wrap(err, "sign in")
		}
		return Session{}, nil, ErrSignIn
	}
	if _, err := i.db.Pool().Exec(ctx, `select app.gate_succeeded($1)`, name[:]); err != nil {
		return Session{}, nil, postgres.Wrap(err, "sign in")
	}
	return i.begin(ctx, good[0], userAgent)
}

func (i *Identity) wait(ctx context.Context, name []byte) error {
	var seconds int
	err := i.db.Pool().QueryRow(ctx, `select coalesce(app.gate_wait($1), 0)`, name).Scan(&seconds)
	if err != nil {
		return postgres.Wrap(err, "sign in")
	}
	if seconds > 0 {
		return ErrWait.With("retryAfter", seconds)
	}
	return nil
}

func (i *Identity) candidates(ctx context.Context, email string) ([]candidate, error) {
	rows, _ := i.db.Pool().Query(ctx, `select tenant_id, slug, kind, demo, person_id, password_hash from app.gate_people($1)`, email)
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c candidate, err error) {
		err = r.Scan(&c.scope.Tenant, &c.scope.Slug, &c.scope.TenantKind, &c.scope.Demo, &c.scope.Actor, &c.hash)
		c.scope.ActorKind, c.person = tenancy.Person, c.scope.Actor
		return c, err
	})
	return all, postgres.Wrap(err, "sign in")
}

func (i *Identity) begin(ctx context.Context, c candidate, userAgent string) (Session, *http.Cookie, error) {
	token, expires := secret(), i.now().Add(sessionLife)
	in := tenancy.In(ctx, c.scope)
	err := i.db.Tx(in, func(tx pgx.Tx) error {
		_, err := tx.Exec(in, `
			with p as (update app.people set last_seen_at = now() where id = $1 returning coalesce(units[1], '') as unit)
			insert into app.sessions (person_id, token_hash, unit, user_agent, expires_at) select $1, $2, unit, left($3, 300), $4 from p`,
			c.person, hashOf(token), userAgent, expires)
		if err != nil {
			return postgres.Wrap(err, "session of %s", c.person)
		}
		if _, err := tx.Exec(in, `delete from app.sessions where expires_at < now()`); err != nil {
			return postgres.Wrap(err, "old sessions")
		}
		return audit.Record(in, tx, audit.Event{Action: "session.begin", ObjectKind: "person", ObjectID: c.person.String()})
	})
	if err != nil {
		return Session{}, nil, err
	}
	s, err := i.session(ctx, token)
	return s, i.cookie(token, sessionLife), err
}

func (i *Identity) cookie(token string, life time.Duration) *http.Cookie {
	return &http.Cookie{Name: Cookie(i.secure), Value: token, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true, Secure: i.secure, SameSite: http.SameSiteLaxMode}
}

// SignOut ends the session of ctx and returns the cookie that removes it.
func (i *Identity) SignOut(ctx context.Context) (*http.Cookie, error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return nil, ErrNotSignedIn
	}
	err := i.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `delete from app.sessions where id = $1`, s.ID); err != nil {
			return postgres.Wrap(err, "session %s", s.ID)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "session.end", ObjectKind: "person", ObjectID: s.Scope.Actor.String()})
	})
	gone := i.cookie("", 0)
	gone.MaxAge = -1
	return gone, err
}

// EndSessions ends all sessions of the person, this one too.
func (i *Identity) EndSessions(ctx context.Context) error {
	s, ok := SessionFrom(ctx)
	if !ok {
		return ErrNotSignedIn
	}
	return i.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `delete from app.sessions where person_id = $1`, s.Scope.Actor); err != nil {
			return postgres.Wrap(err, "sessions of %s", s.Scope.Actor)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "session.end", ObjectKind: "person", ObjectID: s.Scope.Actor.String()})
	})
}

// ChangePassword changes the person's own password and ends the other sessions.
func (i *Identity) ChangePassword(ctx context.Context, current, wanted string) error {
	s, ok := SessionFrom(ctx)
	if !ok {
		return ErrNotSignedIn
	}
	if err := checkPassword("/new", wanted, s.Email); err != nil {
		return err
	}
	h := hash(wanted)
	return i.db.Tx(ctx, func(tx pgx.Tx) error {
		var have string
		if err := tx.QueryRow(ctx, `select password_hash from app.people where id = $1 for update`, s.Scope.Actor).Scan(&have); err != nil {
			return postgres.Wrap(err, "person %s", s.Scope.Actor)
		}
		if !matches(current, have) {
			return problem.ErrInvalid.At("/current", CodePasswordWrong)
		}
		_, err := tx.Exec(ctx, `
			with p as (update app.people set password_hash = $2, version = version + 1 where id = $1)
			delete from app.sessions where person_id = $1 and id <> $3`, s.Scope.Actor, h, s.ID)
		if err != nil {
			return postgres.Wrap(err, "person %s", s.Scope.Actor)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "person.change-password", ObjectKind: "person", ObjectID: s.Scope.Actor.String()})
	})
}

// ActFor chooses for which of the own units the person acts in this session.
func (i *Identity) ActFor(ctx context.Context, unit string) (Session, error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return s, ErrNotSignedIn
	}
	if !slices.Contains(s.Units, unit) {
		return s, problem.ErrInvalid.At("/unit", CodeUnitUnknown, "Unit", unit)
	}
	s.Scope.Unit = unit
	return s, i.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.sessions set unit = $2 where id = $1`, s.ID, unit)
		return postgres.Wrap(err, "session %s", s.ID)
	})
}

// ChooseLocale remembers the person's language.
func (i *Identity) ChooseLocale(ctx context.Context, tag string) (Session, error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return s, ErrNotSignedIn
	}
	s.Locale = tag
	return s, i.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.people set locale = $2 where id = $1`, s.Scope.Actor, tag)
		return postgres.Wrap(err, "person %s", s.Scope.Actor)
	})
}
