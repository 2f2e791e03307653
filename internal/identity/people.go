package identity

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
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

// passwordLength is the shortest password, in characters (NIST SP 800-63B-4 asks 15 where it is the only factor).
const passwordLength = 15

// Person is somebody of the tenant.
type Person struct {
	ID         string
	Version    int
	Email      string
	Name       string
	Locale     string
	Roles      []string
	Units      []string
	DisabledAt *time.Time
	LastSeenAt *time.Time
	CreatedAt  time.Time
}

const personColumns = `id::text, version, email, name, locale, roles, units, disabled_at, last_seen_at, created_at`

func checkPassword(pointer, password, email string) error {
	if utf8.RuneCountInString(password) < passwordLength || strings.EqualFold(password, email) {
		return problem.ErrInvalid.At(pointer, CodePasswordShort, "Length", passwordLength)
	}
	return nil
}

func (i *Identity) check(ctx context.Context, tx pgx.Tx, p Person) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	wrong := problem.ErrInvalid
	if at := strings.Index(p.Email, "@"); at < 1 || at == len(p.Email)-1 || strings.ContainsAny(p.Email, " \t\n") {
		wrong = wrong.At("/email", CodeEmailWrong)
	}
	for n, role := range p.Roles {
		known, err := i.access.Known(ctx, s, role)
		if err != nil {
			return err
		}
		if !known {
			wrong = wrong.At("/roles/"+strconv.Itoa(n), CodeRoleUnknown, "Role", role)
		}
	}
	rows, _ := tx.Query(ctx, `select slug from app.units`)
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

// CreatePerson adds somebody.
func (i *Identity) CreatePerson(ctx context.Context, p Person, password string) (Person, error) {
	p.Email = strings.ToLower(strings.TrimSpace(p.Email))
	if err := checkPassword("/password", password, p.Email); err != nil {
		return p, err
	}
	h := hash(password)
	err := i.db.Tx(ctx, func(tx pgx.Tx) error {
		if err := i.check(ctx, tx, p); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `insert into app.people (email, name, locale, password_hash, roles, units) values ($1, $2, $3, $4, $5, $6) returning `+personColumns,
			p.Email, p.Name, p.Locale, h, p.Roles, p.Units)
		var err error
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

// UpdatePerson changes a person who is at the version read. A new password ends the person's sessions.
func (i *Identity) UpdatePerson(ctx context.Context, id string, version int, c PersonChange) (p Person, err error) {
	var h string
	if c.Password != nil {
		if err := checkPassword("/password", *c.Password, ""); err != nil {
			return p, err
		}
		h = hash(*c.Password)
	}
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockPerson(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		p = before
		if c.Name != nil {
			p.Name = *c.Name
		}
		if c.Roles != nil {
			p.Roles = *c.Roles
		}
		if c.Units != nil {
			p.Units = *c.Units
		}
		if err := i.check(ctx, tx, p); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `update app.people set name = $2, roles = $3, units = $4, password_hash = coalesce(nullif($5, ''), password_hash), version = version + 1
			where id = $1 returning `+personColumns, id, p.Name, p.Roles, p.Units, h)
		if p, err = onePerson(rows, id); err != nil {
			return err
		}
		if h != "" {
			if _, err := tx.Exec(ctx, `delete from app.sessions where person_id = $1`, id); err != nil {
				return postgres.Wrap(err, "sessions of %s", id)
			}
		}
		if err := keepAdministrator(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "person.update", ObjectKind: "person", ObjectID: id, Before: before, After: p})
	})
	return p, err
}

// DisablePerson bars somebody; the sessions end.
func (i *Identity) DisablePerson(ctx context.Context, id string) (Person, error) {
	return i.bar(ctx, id, "person.disable", true)
}

// EnablePerson lets somebody in again.
func (i *Identity) EnablePerson(ctx context.Context, id string) (Person, error) {
	return i.bar(ctx, id, "person.enable", false)
}

func (i *Identity) bar(ctx context.Context, id, action string, barred bool) (p Person, err error) {
	err = i.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockPerson(ctx, tx, id)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `update app.people set disabled_at = case when $2 then coalesce(disabled_at, now()) end, version = version + 1 where id = $1 returning `+personColumns, id, barred)
		if p, err = onePerson(rows, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from app.sessions where person_id = $1 and $2`, id, barred); err != nil {
			return postgres.Wrap(err, "sessions of %s", id)
		}
		if err := keepAdministrator(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "person", ObjectID: id, Before: before, After: p})
	})
	return p, err
}

// keepAdministrator refuses a change after which nobody could administer the tenant.
func keepAdministrator(ctx context.Context, tx pgx.Tx) error {
	var left bool
	err := tx.QueryRow(ctx, `select exists (select from app.people where 'administrator' = any (roles) and disabled_at is null)`).Scan(&left)
	if err == nil && !left {
		return ErrLastAdmin
	}
	return postgres.Wrap(err, "administrators")
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
