package identity

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of sessions.
var (
	ErrSignIn          = problem.New(problem.Unauthenticated, "session.sign-in-failed")
	ErrWait            = problem.New(problem.TooMany, "session.wait")
	ErrWhichTenant     = problem.New(problem.Conflict, "session.which-tenant")
	ErrNotSignedIn     = problem.New(problem.Unauthenticated, "session.needed")
	ErrSessionNotFound = problem.New(problem.NotFound, "session.not-found")
)

// candidate is somebody whose sign-in name was given.
type candidate struct {
	scope tenancy.Scope
	hash  string
}

// SignIn checks a name and a password and begins a session; it returns the cookie to set. The tenant is needed only when
// the same name and password are good in several (ErrWhichTenant). A name that was tried in vain has to wait, longer each
// time (ErrWait). Whether the name, the password or the tenant was wrong, or somebody is disabled, is not told (ErrSignIn).
func (i *Identity) SignIn(ctx context.Context, email, password, tenant, userAgent string) (Session, *http.Cookie, error) {
	email = foldEmail(email)
	if err := i.attempt(ctx, email); err != nil {
		return Session{}, nil, err
	}
	all, err := i.candidates(ctx, email, tenant)
	if err != nil {
		return Session{}, nil, err
	}
	good, err := i.matching(ctx, all, password)
	switch {
	case err != nil:
		return Session{}, nil, err
	case len(good) == 0:
		if err := i.refusedPeople(ctx, all); err != nil {
			return Session{}, nil, err
		}
		return Session{}, nil, ErrSignIn
	case len(good) > 1:
		return Session{}, nil, ErrWhichTenant
	}
	if _, err := i.db.Pool().Exec(ctx, `select app.gate_succeeded($1)`, hashOf(email)); err != nil {
		return Session{}, nil, postgres.Wrap(err, "sign in")
	}
	return i.begin(ctx, good[0].scope, userAgent)
}

// attempt counts before the password is looked at, so that a thousand guesses sent at once are a thousand.
func (i *Identity) attempt(ctx context.Context, email string) error {
	var seconds int
	err := i.db.Pool().QueryRow(ctx, `select app.gate_attempt($1)`, hashOf(email)).Scan(&seconds)
	if err == nil && seconds > 0 {
		return ErrWait.With("retryAfter", seconds)
	}
	return postgres.Wrap(err, "sign in")
}

func (i *Identity) candidates(ctx context.Context, email, tenant string) ([]candidate, error) {
	rows, _ := i.db.Pool().Query(ctx, `
		select tenant_id, slug, kind, demo, person_id, name, password_hash from app.gate_people($1) where $2 = '' or slug = $2`, email, tenant)
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c candidate, err error) {
		c.scope.ActorKind = tenancy.Person
		return c, r.Scan(&c.scope.Tenant, &c.scope.Slug, &c.scope.TenantKind, &c.scope.Demo, &c.scope.Actor, &c.scope.ActorName, &c.hash)
	})
	return all, postgres.Wrap(err, "sign in")
}

func (i *Identity) matching(ctx context.Context, all []candidate, password string) (good []candidate, err error) {
	if len(all) == 0 {
		nobody, err := decoy()
		if err != nil {
			return nil, err
		}
		_, err = i.hasher.matches(ctx, password, nobody)
		return nil, err
	}
	for _, c := range all {
		ok, err := i.hasher.matches(ctx, password, c.hash)
		if err != nil {
			return nil, err
		}
		if ok {
			good = append(good, c)
		}
	}
	return good, nil
}

func (i *Identity) begin(ctx context.Context, who tenancy.Scope, userAgent string) (Session, *http.Cookie, error) {
	token, in := secret(), tenancy.In(ctx, who)
	err := i.db.Tx(in, func(tx pgx.Tx) error {
		_, err := tx.Exec(in, `
			with p as (update app.people set last_seen_at = now() where id = $1 returning coalesce(units[1], '') as unit)
			insert into app.sessions (person_id, token_hash, unit, user_agent, expires_at) select $1, $2, unit, left($3, 300), $4 from p`,
			who.Actor, hashOf(token), userAgent, i.now().Add(sessionLife))
		if err != nil {
			return postgres.Wrap(err, "session of %s", who.Actor)
		}
		if _, err := tx.Exec(in, `delete from app.sessions where expires_at < now() and person_id = $1`, who.Actor); err != nil {
			return postgres.Wrap(err, "old sessions")
		}
		return audit.Record(in, tx, audit.Event{Action: "session.begin", ObjectKind: "person", ObjectID: who.Actor.String()})
	})
	if err != nil {
		return Session{}, nil, err
	}
	s, ok, err := i.session(ctx, token)
	if err == nil && !ok { // disabled or suspended in this very moment
		err = ErrSignIn
	}
	return s, i.cookie(token, int(sessionLife/time.Second)), err
}

// cookie is the session's; a negative age removes it.
func (i *Identity) cookie(token string, age int) *http.Cookie {
	//nolint:gosec // without Secure on loopback only, see Cookie
	return &http.Cookie{Name: Cookie(i.secure), Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: i.secure, SameSite: http.SameSiteLaxMode}
}

// OwnSession is one of the sessions of a person, who may not know of all of them.
type OwnSession struct {
	ID         uuid.UUID
	UserAgent  string
	CreatedAt  time.Time
	LastSeenAt time.Time
	ExpiresAt  time.Time
}

// Sessions lists the person's own sessions that still hold, the newest first, a hundred at most.
func (i *Identity) Sessions(ctx context.Context) (all []OwnSession, err error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return nil, ErrNotSignedIn
	}
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select id, user_agent, created_at, last_seen_at, expires_at from app.sessions
			where person_id = $1 and expires_at > now() and last_seen_at > now() - interval '30 minutes'
			order by created_at desc, id limit 100`, s.Scope.Actor)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[OwnSession])
		return postgres.Wrap(err, "sessions of %s", s.Scope.Actor)
	})
	return all, err
}

// SignOut ends the session of ctx and returns the cookie that removes it.
func (i *Identity) SignOut(ctx context.Context) (*http.Cookie, error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return nil, ErrNotSignedIn
	}
	return i.cookie("", -1), i.EndSession(ctx, s.ID)
}

// EndSession ends one of the person's own sessions.
func (i *Identity) EndSession(ctx context.Context, id uuid.UUID) error {
	s, ok := SessionFrom(ctx)
	if !ok {
		return ErrNotSignedIn
	}
	return i.db.Tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from app.sessions where id = $1 and person_id = $2`, id, s.Scope.Actor)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrSessionNotFound
		}
		if err != nil {
			return postgres.Wrap(err, "session %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "session.end", ObjectKind: "person", ObjectID: s.Scope.Actor.String()})
	})
}

// EndSessions ends all sessions of the person, this one too, and returns the cookie that removes it.
func (i *Identity) EndSessions(ctx context.Context) (*http.Cookie, error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return nil, ErrNotSignedIn
	}
	return i.cookie("", -1), i.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `delete from app.sessions where person_id = $1`, s.Scope.Actor); err != nil {
			return postgres.Wrap(err, "sessions of %s", s.Scope.Actor)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "session.end-all", ObjectKind: "person", ObjectID: s.Scope.Actor.String()})
	})
}

// ChangePassword changes the person's own password and ends the other sessions. Wrong guesses of the present one count as
// attempts to sign in: an unattended session must not be a place to guess at.
func (i *Identity) ChangePassword(ctx context.Context, current, wanted string) error {
	s, ok := SessionFrom(ctx)
	if !ok {
		return ErrNotSignedIn
	}
	if err := checkPassword("/new", wanted, s.Email); err != nil {
		return err
	}
	if err := i.attempt(ctx, s.Email); err != nil {
		return err
	}
	have, err := i.passwordOf(ctx, s.Scope.Actor)
	if err != nil {
		return err
	}
	good, err := i.hasher.matches(ctx, current, have)
	if err != nil {
		return err
	}
	if !good {
		return problem.ErrInvalid.At("/current", CodePasswordWrong)
	}
	hash, err := i.hasher.hash(ctx, wanted)
	if err != nil {
		return err
	}
	return i.db.Tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update app.people set password_hash = $2, version = version + 1 where id = $1 and password_hash = $3`, s.Scope.Actor, hash, have)
		if err == nil && tag.RowsAffected() == 0 {
			return problem.ErrStale
		}
		if err != nil {
			return postgres.Wrap(err, "person %s", s.Scope.Actor)
		}
		if _, err := tx.Exec(ctx, `delete from app.sessions where person_id = $1 and id <> $2`, s.Scope.Actor, s.ID); err != nil {
			return postgres.Wrap(err, "sessions of %s", s.Scope.Actor)
		}
		if _, err := tx.Exec(ctx, `select app.gate_succeeded($1)`, hashOf(s.Email)); err != nil {
			return postgres.Wrap(err, "person %s", s.Scope.Actor)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "session.change-password", ObjectKind: "person", ObjectID: s.Scope.Actor.String()})
	})
}

func (i *Identity) passwordOf(ctx context.Context, person uuid.UUID) (hash string, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select password_hash from app.people where id = $1`, person).Scan(&hash)
	})
	return hash, postgres.Wrap(err, "person %s", person)
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
	before := s.Scope.Unit
	s.Scope.Unit = unit
	return s, i.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update app.sessions set unit = $2 where id = $1`, s.ID, unit); err != nil {
			return postgres.Wrap(err, "session %s", s.ID)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "session.act-for-unit", ObjectKind: "person", ObjectID: s.Scope.Actor.String(),
			Before: map[string]string{"unit": before}, After: map[string]string{"unit": unit}})
	})
}

// ChooseLocale remembers the person's language.
func (i *Identity) ChooseLocale(ctx context.Context, tag string) (Session, error) {
	s, ok := SessionFrom(ctx)
	if !ok {
		return s, ErrNotSignedIn
	}
	before := s.Locale
	s.Locale = tag
	return s, i.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update app.people set locale = $2 where id = $1`, s.Scope.Actor, tag); err != nil {
			return postgres.Wrap(err, "person %s", s.Scope.Actor)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "session.choose-locale", ObjectKind: "person", ObjectID: s.Scope.Actor.String(),
			Before: map[string]string{"locale": before}, After: map[string]string{"locale": tag}})
	})
}

// foldEmail is the form in which sign-in names are kept and compared.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
