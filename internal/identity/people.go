package identity

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of people.
var (
	ErrPersonNotFound = problem.New(problem.NotFound, "person.not-found")
	ErrEmailUsed      = postgres.Constraint("people_email_key", problem.New(problem.Conflict, "person.email-used"))
	ErrLastAdmin      = problem.New(problem.Conflict, "person.last-administrator")

	CodePasswordWrong = problem.Field("person.password-wrong")
	CodePasswordShort = problem.Field("person.password-short")
	CodeEmailWrong    = problem.Field("person.email-wrong")
	CodeRoleUnknown   = problem.Field("person.role-unknown")
	CodeUnitUnknown   = problem.Field("person.unit-unknown")
)

// Person is somebody who signs in for one tenant.
type Person struct {
	ID         string     `json:"id"`
	Version    int        `json:"-"`
	Email      string     `json:"email"` // the sign-in name, in lower case
	Name       string     `json:"name"`
	Locale     string     `json:"locale"` // empty: the browser's
	Roles      []string   `json:"roles"`
	Units      []string   `json:"units"` // slugs; the first one is acted for at sign-in
	DisabledAt *time.Time `json:"disabledAt,omitempty"`
	LastSeenAt *time.Time `json:"-"`
	CreatedAt  time.Time  `json:"-"`
}

const personColumns = `id::text, version, email, name, locale, roles, units, disabled_at, last_seen_at, created_at`

// check collects what is wrong with a person: the form of the name, roles and units that the tenant lacks.
func (i *Identity) check(ctx context.Context, tx pgx.Tx, p Person) error {
	wrong := problem.ErrInvalid
	if at := strings.Index(p.Email, "@"); at < 1 || at == len(p.Email)-1 || strings.ContainsAny(p.Email, " \t\r\n\x00") {
		wrong = wrong.At("/email", CodeEmailWrong)
	}
	unknown, err := i.access.Unknown(ctx, tx, p.Roles)
	if err != nil {
		return err
	}
	for _, role := range unknown {
		wrong = wrong.At("/roles/"+strconv.Itoa(slices.Index(p.Roles, role)), CodeRoleUnknown, "Role", role)
	}
	rows, _ := tx.Query(ctx, `select slug from app.units where slug = any ($1)`, p.Units)
	units, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return postgres.Wrap(err, "units")
	}
	for n, u := range p.Units {
		if !slices.Contains(units, u) {
			wrong = wrong.At("/units/"+strconv.Itoa(n), CodeUnitUnknown, "Unit", u)
		}
	}
	return wrong.Or()
}

func personByID(ctx context.Context, tx pgx.Tx, id string) (Person, error) {
	rows, _ := tx.Query(ctx, `select `+personColumns+` from app.people where id = $1`, id)
	return onePerson(rows, id)
}

func lockPerson(ctx context.Context, tx pgx.Tx, id string) (Person, error) {
	rows, _ := tx.Query(ctx, `select `+personColumns+` from app.people where id = $1 for update`, id)
	return onePerson(rows, id)
}

func onePerson(rows pgx.Rows, id string) (Person, error) {
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Person])
	if noRows(err) {
		return p, ErrPersonNotFound
	}
	return p, postgres.Wrap(err, "person %s", id)
}

// Person returns one of the tenant's people.
func (i *Identity) Person(ctx context.Context, id string) (p Person, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) (err error) { p, err = personByID(ctx, tx, id); return err })
	return p, err
}

// People lists the tenant's people by name, with q in name or sign-in name, after the cursor; one more than limit tells
// that there are more.
func (i *Identity) People(ctx context.Context, q string, after [2]string, limit int) (ps []Person, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+personColumns+` from app.people
			where ($1 = '' or strpos(lower(name), lower($1)) > 0 or strpos(email, lower($1)) > 0) and (name, id::text) > ($2, $3)
			order by name, id limit $4`, q, after[0], after[1], limit)
		ps, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Person])
		return postgres.Wrap(err, "people")
	})
	return ps, err
}

// CreatePerson adds somebody. It returns a problem with a detail for each wrong field, or ErrEmailUsed.
func (i *Identity) CreatePerson(ctx context.Context, p Person, password string) (Person, error) {
	p.Email = foldEmail(p.Email)
	if err := checkPassword("/password", password, p.Email); err != nil {
		return p, err
	}
	hash, err := i.hasher.hash(ctx, password)
	if err != nil {
		return p, err
	}
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		if err := i.check(ctx, tx, p); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `insert into app.people (email, name, locale, password_hash, roles, units) values ($1, $2, $3, $4, $5, $6) returning `+personColumns,
			p.Email, p.Name, p.Locale, hash, p.Roles, p.Units)
		if p, err = onePerson(rows, p.Email); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "person.create", ObjectKind: "person", ObjectID: p.ID, After: p})
	})
	return p, err
}

// PersonChange holds what of a person is changed; nil leaves it.
type PersonChange struct {
	Name, Password *string
	Roles, Units   *[]string
}

func (c PersonChange) of(p Person) Person {
	if c.Name != nil {
		p.Name = *c.Name
	}
	if c.Roles != nil {
		p.Roles = *c.Roles
	}
	if c.Units != nil {
		p.Units = *c.Units
	}
	return p
}

// UpdatePerson changes a person who is at the version read. A new password ends the person's sessions. The last
// administrator remains one (ErrLastAdmin).
func (i *Identity) UpdatePerson(ctx context.Context, id string, version int, c PersonChange) (p Person, err error) {
	var hash string
	if c.Password != nil {
		if err := checkPassword("/password", *c.Password, ""); err != nil {
			return p, err
		}
		if hash, err = i.hasher.hash(ctx, *c.Password); err != nil {
			return p, err
		}
	}
	err = i.changePerson(ctx, id, "person.update", func(tx pgx.Tx, before Person) (Person, error) {
		if before.Version != version {
			return p, problem.ErrStale
		}
		p := c.of(before)
		if err := i.check(ctx, tx, p); err != nil {
			return p, err
		}
		if hash != "" {
			if err := endSessions(ctx, tx, id); err != nil {
				return p, err
			}
		}
		rows, _ := tx.Query(ctx, `update app.people set name = $2, roles = $3, units = $4, password_hash = coalesce(nullif($5, ''), password_hash), version = version + 1
			where id = $1 returning `+personColumns, id, p.Name, p.Roles, p.Units, hash)
		return onePerson(rows, id)
	}, &p)
	return p, err
}

// DisablePerson bars somebody; the sessions end. The last administrator cannot be barred (ErrLastAdmin).
func (i *Identity) DisablePerson(ctx context.Context, id string) (p Person, err error) {
	err = i.changePerson(ctx, id, "person.disable", func(tx pgx.Tx, _ Person) (Person, error) {
		if err := endSessions(ctx, tx, id); err != nil {
			return p, err
		}
		rows, _ := tx.Query(ctx, `update app.people set disabled_at = coalesce(disabled_at, now()), version = version + 1 where id = $1 returning `+personColumns, id)
		return onePerson(rows, id)
	}, &p)
	return p, err
}

// EnablePerson lets somebody in again.
func (i *Identity) EnablePerson(ctx context.Context, id string) (p Person, err error) {
	err = i.changePerson(ctx, id, "person.enable", func(tx pgx.Tx, _ Person) (Person, error) {
		rows, _ := tx.Query(ctx, `update app.people set disabled_at = null, version = version + 1 where id = $1 returning `+personColumns, id)
		return onePerson(rows, id)
	}, &p)
	return p, err
}

func (i *Identity) changePerson(ctx context.Context, id, action string, change func(pgx.Tx, Person) (Person, error), after *Person) error {
	return i.db.Tx(ctx, func(tx pgx.Tx) error {
		administrators, err := lockAdministrators(ctx, tx)
		if err != nil {
			return err
		}
		before, err := lockPerson(ctx, tx, id)
		if err != nil {
			return err
		}
		if *after, err = change(tx, before); err != nil {
			return err
		}
		if slices.Equal(administrators, []string{id}) && !administers(*after) {
			return ErrLastAdmin
		}
		return audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "person", ObjectID: id, Before: before, After: *after})
	})
}

// lockAdministrators holds those who can administer the tenant until tx ends, always in one order: two administrators who
// bar each other at once would otherwise both succeed.
func lockAdministrators(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, _ := tx.Query(ctx, `select id::text from app.people where 'administrator' = any (roles) and disabled_at is null order by id for update`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, postgres.Wrap(err, "administrators")
}

func administers(p Person) bool {
	return p.DisabledAt == nil && slices.Contains(p.Roles, "administrator")
}

func endSessions(ctx context.Context, tx pgx.Tx, person string) error {
	_, err := tx.Exec(ctx, `delete from app.sessions where person_id = $1`, person)
	return postgres.Wrap(err, "sessions of %s", person)
}

// Unit is a bureau or township of the tenant.
type Unit struct {
	Slug  string
	Names map[string]string
}

// Units lists the tenant's units in their order.
func (i *Identity) Units(ctx context.Context) (us []Unit, err error) {
	err = i.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select slug, names from app.units order by position, slug`)
		us, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Unit])
		return postgres.Wrap(err, "units")
	})
	return us, err
}
