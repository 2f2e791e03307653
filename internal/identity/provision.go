package identity

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

// ErrTenantNotFound is returned for a slug that no tenant has.
var ErrTenantNotFound = problem.New(problem.NotFound, "tenant.not-found")

// Change is one line of the difference between the files and the database.
type Change struct {
	Tenant, What, Name string // what: tenant, unit, person; name: its slug or sign-in name
	New                bool   // added, else changed
}

// Provisioner makes tenants as files declare them. It needs the owner for the directory of tenants; everything inside a
// tenant is written in that tenant's scope. What the files do not name is left as it is.
type Provisioner struct {
	Owner *pgxpool.Pool
	DB    *tenancy.DB
}

// Apply brings tenants to what the files say and returns what changed; dry only tells. People without a password get the
// given one; empty means they cannot sign in until an administrator sets one.
func (p Provisioner) Apply(ctx context.Context, files []tenants.Tenant, password string, dry bool) ([]Change, error) {
	var h string
	if password != "" {
		h = hash(password)
	}
	var changes []Change
	for _, t := range files {
		scope, change, err := p.tenant(ctx, t, dry)
		if err != nil {
			return changes, fmt.Errorf("tenant %s: %w", t.Slug, err)
		}
		changes = append(changes, change...)
		if scope.Tenant == [16]byte{} { // a dry run of a new tenant has nothing inside to compare with
			continue
		}
		inside, err := p.inside(tenancy.In(ctx, scope), t, h, dry)
		if err != nil {
			return changes, fmt.Errorf("tenant %s: %w", t.Slug, err)
		}
		changes = append(changes, inside...)
	}
	return changes, nil
}

func (p Provisioner) tenant(ctx context.Context, t tenants.Tenant, dry bool) (s tenancy.Scope, changes []Change, err error) {
	s = tenancy.Scope{Slug: t.Slug, TenantKind: tenancy.Kind(t.Kind), Demo: t.Demo, ActorKind: tenancy.System, ActorName: "tenants apply"}
	zone := t.TimeZone
	if zone == "" {
		zone = "UTC"
	}
	var have tenants.Tenant
	err = p.Owner.QueryRow(ctx, `select id, kind, names, office, time_zone, demo from app.tenants where slug = $1`, t.Slug).
		Scan(&s.Tenant, &have.Kind, &have.Names, &have.Office, &have.TimeZone, &have.Demo)
	switch {
	case noRows(err):
		changes = []Change{{t.Slug, "tenant", t.Slug, true}}
	case err != nil:
		return s, nil, postgres.Wrap(err, "tenant")
	case have.Kind == t.Kind && reflect.DeepEqual(have.Names, t.Names) && have.Office == t.Office && have.TimeZone == zone && have.Demo == t.Demo:
		return s, nil, nil
	default:
		changes = []Change{{t.Slug, "tenant", t.Slug, false}}
	}
	if dry {
		return s, changes, nil
	}
	err = p.Owner.QueryRow(ctx, `insert into app.tenants (slug, kind, names, office, time_zone, demo) values ($1, $2, $3, $4, $5, $6)
		on conflict (slug) do update set kind = excluded.kind, names = excluded.names, office = excluded.office, time_zone = excluded.time_zone, demo = excluded.demo
		returning id`, t.Slug, t.Kind, t.Names, t.Office, zone, t.Demo).Scan(&s.Tenant)
	return s, changes, postgres.Wrap(err, "tenant")
}

func (p Provisioner) inside(ctx context.Context, t tenants.Tenant, hash string, dry bool) (changes []Change, err error) {
	err = p.DB.Tx(ctx, func(tx pgx.Tx) error {
		for n, u := range t.Units {
			var fresh bool
			err := tx.QueryRow(ctx, `insert into app.units (slug, names, position) values ($1, $2, $3)
				on conflict (tenant_id, slug) do update set names = excluded.names, position = excluded.position where (units.names, units.position) is distinct from (excluded.names, excluded.position)
				returning xmax = 0`, u.Slug, u.Names, n).Scan(&fresh)
			if noRows(err) {
				continue
			}
			if err != nil {
				return postgres.Wrap(err, "unit %s", u.Slug)
			}
			changes = append(changes, Change{t.Slug, "unit", u.Slug, fresh})
		}
		for _, who := range t.People {
			c, err := applyPerson(ctx, tx, t.Slug, who, hash)
			if err != nil {
				return err
			}
			changes = append(changes, c...)
		}
		if dry {
			return errDry
		}
		if len(changes) == 0 {
			return nil
		}
		return audit.Record(ctx, tx, audit.Event{Action: "tenant.apply", ObjectKind: "tenant", ObjectID: t.Slug, After: changes})
	})
	if err == errDry { //nolint:errorlint // our own sentinel, returned as it is
		err = nil
	}
	return changes, err
}

var errDry = problem.New(problem.Conflict, "tenant.dry-run")

func applyPerson(ctx context.Context, tx pgx.Tx, slug string, who tenants.Person, hash string) ([]Change, error) {
	var roles, units []string
	var name, have string
	err := tx.QueryRow(ctx, `select name, roles, units, password_hash from app.people where email = $1`, who.Email).Scan(&name, &roles, &units, &have)
	if err != nil && !noRows(err) {
		return nil, postgres.Wrap(err, "person %s", who.Email)
	}
	fresh := noRows(err)
	if !fresh && name == who.Name && slices.Equal(roles, who.Roles) && slices.Equal(units, who.Units) && (have != "" || hash == "") {
		return nil, nil
	}
	_, err = tx.Exec(ctx, `insert into app.people (email, name, roles, units, password_hash) values ($1, $2, $3, coalesce($4, '{}'::text[]), $5)
		on conflict (tenant_id, email) do update set name = excluded.name, roles = excluded.roles, units = excluded.units,
			password_hash = coalesce(nullif(people.password_hash, ''), excluded.password_hash), version = people.version + 1`,
		who.Email, who.Name, who.Roles, who.Units, hash)
	return []Change{{slug, "person", who.Email, fresh}}, postgres.Wrap(err, "person %s", who.Email)
}

// Listed is a line of the list of tenants.
type Listed struct {
	Slug, Kind string
	Names      map[string]string
	Suspended  bool
	People     int64
}

// List tells all tenants, by slug.
func (p Provisioner) List(ctx context.Context) ([]Listed, error) {
	rows, _ := p.Owner.Query(ctx, `select slug, kind, names, suspended_at is not null, 0::bigint from app.tenants order by slug`)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Listed])
	return all, postgres.Wrap(err, "tenants")
}

// Suspend stops sessions, tokens and jobs of a tenant at once; Resume lets them go on.
func (p Provisioner) Suspend(ctx context.Context, slug string) error {
	return p.suspended(ctx, slug, true)
}

// Resume undoes Suspend.
func (p Provisioner) Resume(ctx context.Context, slug string) error {
	return p.suspended(ctx, slug, false)
}

func (p Provisioner) suspended(ctx context.Context, slug string, stop bool) error {
	tag, err := p.Owner.Exec(ctx, `update app.tenants set suspended_at = case when $2 then coalesce(suspended_at, now()) end where slug = $1`, slug, stop)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrTenantNotFound.With("Tenant", slug)
	}
	return postgres.Wrap(err, "tenant %s", slug)
}

// ScopeOf is the scope in which the system works for a tenant.
func (p Provisioner) ScopeOf(ctx context.Context, slug string) (tenancy.Scope, error) {
	s := tenancy.Scope{Slug: slug, ActorKind: tenancy.System, ActorName: "operator"}
	err := p.Owner.QueryRow(ctx, `select id, kind, demo from app.tenants where slug = $1`, slug).Scan(&s.Tenant, &s.TenantKind, &s.Demo)
	if noRows(err) {
		return s, ErrTenantNotFound.With("Tenant", slug)
	}
	return s, postgres.Wrap(err, "tenant %s", slug)
}
