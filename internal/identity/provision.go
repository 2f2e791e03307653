package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

// Problems of provisioning.
var (
	ErrTenantNotFound = problem.New(problem.NotFound, "tenant.not-found")
	ErrKindFixed      = problem.New(problem.Conflict, "tenant.kind-fixed")
)

// Change is one line of the difference between the files and the database.
type Change struct {
	Tenant string  `json:"tenant"`
	What   string  `json:"what"` // tenant, unit or person
	Name   string  `json:"name"` // its slug or sign-in name
	New    bool    `json:"new"`  // added; else its fields change
	Fields []Field `json:"fields"`
}

// Field is a value that changes; an added record's were empty. Passwords are only said to be set.
type Field struct {
	Name string `json:"name"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// String is the change as a line of a difference.
func (c Change) String() string {
	var b strings.Builder
	sign := "~"
	if c.New {
		sign = "+"
	}
	fmt.Fprintf(&b, "%s %s %s %s", sign, c.Tenant, c.What, c.Name)
	for _, f := range c.Fields {
		if c.New {
			fmt.Fprintf(&b, " %s=%s", f.Name, f.Is)
		} else {
			fmt.Fprintf(&b, " %s=%s→%s", f.Name, f.Was, f.Is)
		}
	}
	return b.String()
}

// SetPasswords tells whether the changes give somebody a password.
func SetPasswords(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool {
		return slices.ContainsFunc(c.Fields, func(f Field) bool { return f.Name == "password" && f.Is == text(true) })
	})
}

// Provisioner makes tenants as files declare them. It needs the owner for the directory of tenants; everything inside a
// tenant is written as the application role in that tenant's scope. What the files do not name is left as it is.
type Provisioner struct {
	Owner *pgxpool.Pool
	DB    *tenancy.DB
}

// Plan tells what Apply would change.
func (p Provisioner) Plan(ctx context.Context, files []tenants.Tenant, password string) ([]Change, error) {
	return p.each(ctx, files, password, p.plan)
}

// Apply brings tenants to what the files say and returns what it changed; a second time it changes nothing. People of
// demonstration tenants who have no password get the given one, if it is not empty; people of real tenants get theirs by
// SetPassword. It returns tenants.ErrFile, and ErrKindFixed for a tenant that is of another kind already.
func (p Provisioner) Apply(ctx context.Context, files []tenants.Tenant, password string) ([]Change, error) {
	return p.each(ctx, files, password, p.apply)
}

func (p Provisioner) each(ctx context.Context, files []tenants.Tenant, password string, do func(context.Context, tenants.Tenant, string) ([]Change, error)) ([]Change, error) {
	for _, t := range files {
		if err := t.Check(); err != nil {
			return nil, err
		}
	}
	all := []Change{}
	for _, t := range files {
		given := password
		if !t.Demo {
			given = ""
		}
		changes, err := do(ctx, t, given)
		if err != nil {
			return all, fmt.Errorf("tenant %s: %w", t.Slug, err)
		}
		all = append(all, changes...)
	}
	return all, nil
}

func (p Provisioner) plan(ctx context.Context, t tenants.Tenant, password string) ([]Change, error) {
	have, s, err := p.directory(ctx, t)
	if err != nil {
		return nil, err
	}
	changes := differences(t.Slug, "tenant", t.Slug, have, tenantFields(t))
	if s.Tenant == uuid.Nil {
		return append(changes, contentDifferences(t, content{}, password)...), nil
	}
	in := tenancy.In(ctx, s)
	err = p.DB.Read(in, func(tx pgx.Tx) error {
		c, err := readContent(in, tx)
		changes = append(changes, contentDifferences(t, c, password)...)
		return err
	})
	return changes, err
}

func (p Provisioner) apply(ctx context.Context, t tenants.Tenant, password string) ([]Change, error) {
	have, s, err := p.directory(ctx, t)
	if err != nil {
		return nil, err
	}
	changes := differences(t.Slug, "tenant", t.Slug, have, tenantFields(t))
	if len(changes) > 0 {
		if s.Tenant, err = p.writeTenant(ctx, t); err != nil {
			return nil, err
		}
	}
	in := tenancy.In(ctx, s)
	err = p.DB.Tx(in, func(tx pgx.Tx) error {
		c, err := readContent(in, tx)
		if err != nil {
			return err
		}
		inside := contentDifferences(t, c, password)
		if err := writeContent(in, tx, t, inside, password); err != nil {
			return err
		}
		if changes = append(changes, inside...); len(changes) == 0 {
			return nil
		}
		return audit.Record(in, tx, audit.Event{Action: "tenant.apply", ObjectKind: "tenant", ObjectID: t.Slug, After: map[string]any{"changes": changes}})
	})
	return changes, err
}

// directory reads what the directory says of the tenant: its fields and the scope to work in, both empty for a new one.
func (p Provisioner) directory(ctx context.Context, t tenants.Tenant) (fields []Field, s tenancy.Scope, err error) {
	var have tenants.Tenant
	s = tenancy.Scope{Slug: t.Slug, TenantKind: tenancy.Kind(t.Kind), Demo: t.Demo, ActorKind: tenancy.System, ActorName: "tenants apply"}
	err = p.Owner.QueryRow(ctx, `select id, kind, names, office, time_zone, demo from app.tenants where slug = $1`, t.Slug).
		Scan(&s.Tenant, &have.Kind, &have.Names, &have.Office, &have.TimeZone, &have.Demo)
	switch {
	case noRows(err):
		return nil, s, nil
	case err != nil:
		return nil, s, postgres.Wrap(err, "directory")
	case have.Kind != t.Kind:
		return nil, s, ErrKindFixed.With("Tenant", t.Slug).With("Kind", have.Kind)
	}
	return tenantFields(have), s, nil
}

func (p Provisioner) writeTenant(ctx context.Context, t tenants.Tenant) (id tenancy.ID, err error) {
	err = p.Owner.QueryRow(ctx, `insert into app.tenants (slug, kind, names, office, time_zone, demo) values ($1, $2, $3, $4, $5, $6)
		on conflict (slug) do update set names = excluded.names, office = excluded.office, time_zone = excluded.time_zone, demo = excluded.demo
		returning id`, t.Slug, t.Kind, t.Names, t.Office, zone(t), t.Demo).Scan(&id)
	return id, postgres.Wrap(err, "directory")
}

func zone(t tenants.Tenant) string {
	if t.TimeZone == "" {
		return "UTC"
	}
	return t.TimeZone
}

func tenantFields(t tenants.Tenant) []Field {
	return []Field{{Name: "kind", Is: t.Kind}, {Name: "names", Is: text(t.Names)}, {Name: "office", Is: t.Office}, {Name: "timeZone", Is: zone(t)}, {Name: "demo", Is: text(t.Demo)}}
}

// differences compares the fields of a record; have is nil for one that is new.
func differences(tenant, what, name string, have, want []Field) []Change {
	c := Change{Tenant: tenant, What: what, Name: name, New: have == nil}
	for n, f := range want {
		if !c.New {
			f.Was = have[n].Is
		}
		if f.Was != f.Is {
			c.Fields = append(c.Fields, f)
		}
	}
	if !c.New && len(c.Fields) == 0 {
		return nil
	}
	return []Change{c}
}

// text is a value as it stands in a difference; nil lists are empty ones.
func text(v any) string {
	if s, ok := v.([]string); ok && s == nil {
		return "[]"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// content is what a tenant holds, by slug and by sign-in name.
type content struct{ units, people map[string][]Field }

func readContent(ctx context.Context, tx pgx.Tx) (c content, err error) {
	c = content{map[string][]Field{}, map[string][]Field{}}
	rows, _ := tx.Query(ctx, `select slug, names, position from app.units`)
	_, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (u tenants.Unit, err error) {
		var position int
		err = r.Scan(&u.Slug, &u.Names, &position)
		c.units[u.Slug] = unitFields(u, position)
		return u, err
	})
	if err != nil {
		return c, postgres.Wrap(err, "units")
	}
	rows, _ = tx.Query(ctx, `select email, name, roles, units, password_hash <> '' from app.people`)
	_, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (who tenants.Person, err error) {
		var password bool
		err = r.Scan(&who.Email, &who.Name, &who.Roles, &who.Units, &password)
		c.people[who.Email] = personFields(who, password)
		return who, err
	})
	return c, postgres.Wrap(err, "people")
}

func unitFields(u tenants.Unit, position int) []Field {
	return []Field{{Name: "names", Is: text(u.Names)}, {Name: "position", Is: text(position)}}
}

func personFields(p tenants.Person, password bool) []Field {
	return []Field{{Name: "name", Is: p.Name}, {Name: "roles", Is: text(p.Roles)}, {Name: "units", Is: text(p.Units)}, {Name: "password", Is: text(password)}}
}

func contentDifferences(t tenants.Tenant, c content, password string) (changes []Change) {
	for n, u := range t.Units {
		changes = append(changes, differences(t.Slug, "unit", u.Slug, c.units[u.Slug], unitFields(u, n))...)
	}
	for _, who := range t.People {
		have := c.people[who.Email]
		set := password != "" || have != nil && have[len(have)-1].Is == text(true)
		changes = append(changes, differences(t.Slug, "person", who.Email, have, personFields(who, set))...)
	}
	return changes
}

// writeContent writes the units and people that the changes name, in two statements.
func writeContent(ctx context.Context, tx pgx.Tx, t tenants.Tenant, changes []Change, password string) error {
	named := func(what, name string) bool {
		return slices.ContainsFunc(changes, func(c Change) bool { return c.What == what && c.Name == name })
	}
	b := &pgx.Batch{}
	for n, u := range t.Units {
		if named("unit", u.Slug) {
			b.Queue(`insert into app.units (slug, names, position) values ($1, $2, $3)
				on conflict (tenant_id, slug) do update set names = excluded.names, position = excluded.position`, u.Slug, u.Names, n)
		}
	}
	var hash string
	for _, who := range t.People {
		if !named("person", who.Email) {
			continue
		}
		if hash == "" && password != "" {
			var err error
			if hash, err = newHasher().hash(ctx, password); err != nil {
				return err
			}
		}
		b.Queue(`insert into app.people (email, name, roles, units, password_hash) values ($1, $2, coalesce($3, '{}'::text[]), coalesce($4, '{}'::text[]), $5)
			on conflict (tenant_id, email) do update set name = excluded.name, roles = excluded.roles, units = excluded.units,
				password_hash = coalesce(nullif(people.password_hash, ''), excluded.password_hash), version = people.version + 1`,
			who.Email, who.Name, who.Roles, who.Units, hash)
	}
	return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "units and people")
}

// Listed is a line of the list of tenants.
type Listed struct {
	Slug      string
	Kind      tenancy.Kind
	Names     map[string]string
	Demo      bool
	Suspended bool
}

// List tells all tenants, by slug.
func (p Provisioner) List(ctx context.Context) ([]Listed, error) {
	rows, _ := p.Owner.Query(ctx, `select slug, kind, names, demo, suspended_at is not null from app.tenants order by slug`)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Listed])
	return all, postgres.Wrap(err, "directory")
}

// Suspend stops sessions, sign-in and jobs of a tenant at once, and its tokens within a second.
func (p Provisioner) Suspend(ctx context.Context, slug string) error {
	_, err := p.Owner.Exec(ctx, `update app.tenants set suspended_at = coalesce(suspended_at, now()) where slug = $1`, slug)
	if err != nil {
		return postgres.Wrap(err, "directory")
	}
	return p.record(ctx, slug, "tenant.suspend")
}

// Resume undoes Suspend.
func (p Provisioner) Resume(ctx context.Context, slug string) error {
	_, err := p.Owner.Exec(ctx, `update app.tenants set suspended_at = null where slug = $1`, slug)
	if err != nil {
		return postgres.Wrap(err, "directory")
	}
	return p.record(ctx, slug, "tenant.resume")
}

func (p Provisioner) record(ctx context.Context, slug, action string) error {
	s, err := p.ScopeOf(ctx, slug)
	if err != nil {
		return err
	}
	in := tenancy.In(ctx, s)
	return p.DB.Tx(in, func(tx pgx.Tx) error {
		return audit.Record(in, tx, audit.Event{Action: action, ObjectKind: "tenant", ObjectID: slug})
	})
}

// SetPassword gives somebody a password and ends the sessions; so the first administrator of a tenant gets in.
func (p Provisioner) SetPassword(ctx context.Context, slug, email, password string) error {
	s, err := p.ScopeOf(ctx, slug)
	if err != nil {
		return err
	}
	if err := checkPassword("/password", password, email); err != nil {
		return err
	}
	hash, err := newHasher().hash(ctx, password)
	if err != nil {
		return err
	}
	in := tenancy.In(ctx, s)
	return p.DB.Tx(in, func(tx pgx.Tx) error {
		var id string
		err := tx.QueryRow(in, `update app.people set password_hash = $2, version = version + 1 where email = $1 returning id::text`, foldEmail(email), hash).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrPersonNotFound
		}
		if err != nil {
			return postgres.Wrap(err, "password")
		}
		if err := endSessions(in, tx, id); err != nil {
			return err
		}
		return audit.Record(in, tx, audit.Event{Action: "person.set-password", ObjectKind: "person", ObjectID: id})
	})
}

// ScopeOf is the scope in which the system works for a tenant. It returns ErrTenantNotFound.
func (p Provisioner) ScopeOf(ctx context.Context, slug string) (tenancy.Scope, error) {
	s := tenancy.Scope{Slug: slug, ActorKind: tenancy.System, ActorName: "operator"}
	err := p.Owner.QueryRow(ctx, `select id, kind, demo from app.tenants where slug = $1`, slug).Scan(&s.Tenant, &s.TenantKind, &s.Demo)
	if noRows(err) {
		return s, ErrTenantNotFound.With("Tenant", slug)
	}
	return s, postgres.Wrap(err, "tenant %s", slug)
}
