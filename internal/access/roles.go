package access

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Role is a template of a kind of tenant (ID is empty), or a role that a tenant added.
type Role struct {
	ID          string   `json:"id"`
	Version     int      `json:"version"`
	Slug        string   `json:"slug"`  // the name in people's records
	Title       string   `json:"title"` // as the administrator wrote it; a template's is the message role.<slug>
	Permissions []string `json:"permissions"`
}

// Problems of roles.
var (
	ErrRoleNotFound = problem.New(problem.NotFound, "role.not-found")
	ErrRoleUsed     = problem.New(problem.Conflict, "role.used")
	ErrRoleSlug     = postgres.Constraint("roles_slug_key", problem.New(problem.Conflict, "role.slug-used"))
	ErrRoleSlugForm = postgres.Constraint("roles_slug_check", problem.New(problem.Invalid, "role.slug-wrong"))

	// CodeAboveCeiling is the detail of a permission that no role of this kind of tenant may hold.
	CodeAboveCeiling = problem.Field("role.above-ceiling")
	// CodeTemplate is the detail of a name that a template has.
	CodeTemplate = problem.Field("role.template")
)

const columns = `id::text, version, slug, title, permissions`

func list(ctx context.Context, tx pgx.Tx) ([]Role, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from app.roles order by slug`)
	roles, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Role])
	return roles, postgres.Wrap(err, "roles")
}

func one(rows pgx.Rows, id string) (Role, error) {
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Role])
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrRoleNotFound
	}
	return r, postgres.Wrap(err, "role %s", id)
}

func lockByID(ctx context.Context, tx pgx.Tx, id string) (Role, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from app.roles where id = $1 for update`, id)
	return one(rows, id)
}

// Roles lists the templates of the caller's kind of tenant and the tenant's own roles.
func (a *Access) Roles(ctx context.Context) ([]Role, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return nil, err
	}
	var own []Role
	err = a.db.Read(ctx, func(tx pgx.Tx) (err error) { own, err = list(ctx, tx); return err })
	return append(a.Templates(s.TenantKind), own...), err
}

// Holders are the names of the roles of the caller's tenant, templates and its own, that hold a permission.
func (a *Access) Holders(ctx context.Context, permission string) ([]string, error) {
	all, err := a.Roles(ctx)
	slugs := []string{}
	for _, r := range all {
		if slices.Contains(r.Permissions, permission) {
			slugs = append(slugs, r.Slug)
		}
	}
	return slugs, err
}

// Role returns one of the tenant's own roles.
func (a *Access) Role(ctx context.Context, id string) (r Role, err error) {
	err = a.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+columns+` from app.roles where id = $1`, id)
		r, err = one(rows, id)
		return err
	})
	return r, err
}

// check refuses a role above the ceiling of its kind or named like a template.
func (a *Access) check(k tenancy.Kind, r Role) error {
	wrong := problem.ErrInvalid
	p, ok := a.kinds[k]
	if !ok {
		return ErrRoleNotFound
	}
	if _, ok := p.roles[r.Slug]; ok {
		wrong = wrong.At("/slug", CodeTemplate)
	}
	for i, permission := range r.Permissions {
		if !slices.Contains(p.ceiling, permission) {
			wrong = wrong.At("/permissions/"+strconv.Itoa(i), CodeAboveCeiling, "Permission", permission)
		}
	}
	return wrong.Or()
}

// CreateRole adds a role to the tenant's own. It returns a problem with a detail for each permission above the ceiling,
// or ErrRoleSlug.
func (a *Access) CreateRole(ctx context.Context, r Role) (Role, error) {
	err := a.change(ctx, &r, func(tx pgx.Tx) (err error) {
		rows, _ := tx.Query(ctx, `insert into app.roles (slug, title, permissions) values ($1, $2, $3) returning `+columns, r.Slug, r.Title, r.Permissions)
		if r, err = one(rows, r.Slug); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "role.create", ObjectKind: "role", ObjectID: r.ID, After: r})
	})
	return r, err
}

// UpdateRole changes one of the tenant's own roles, which is at the version read. Whoever has it goes on having it, under
// its new name.
func (a *Access) UpdateRole(ctx context.Context, r Role) (Role, error) {
	err := a.change(ctx, &r, func(tx pgx.Tx) error {
		before, err := lockByID(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if before.Version != r.Version {
			return problem.ErrStale
		}
		rows, _ := tx.Query(ctx, `update app.roles set slug = $2, title = $3, permissions = $4, version = version + 1 where id = $1 returning `+columns,
			r.ID, r.Slug, r.Title, r.Permissions)
		if r, err = one(rows, r.ID); err != nil {
			return err
		}
		if before.Slug != r.Slug {
			_, err := tx.Exec(ctx, `update app.people set roles = array_replace(roles, $1, $2), version = version + 1 where $1 = any (roles)`, before.Slug, r.Slug)
			if err != nil {
				return postgres.Wrap(err, "people with role %s", before.Slug)
			}
		}
		return audit.Record(ctx, tx, audit.Event{Action: "role.update", ObjectKind: "role", ObjectID: r.ID, Before: before, After: r})
	})
	return r, err
}

// change checks r and runs write; all nodes hear of it when it is done.
func (a *Access) change(ctx context.Context, r *Role, write func(pgx.Tx) error) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	if err := a.check(s.TenantKind, *r); err != nil {
		return err
	}
	err = a.db.Tx(ctx, func(tx pgx.Tx) error {
		if err := write(tx); err != nil {
			return err
		}
		return tell(ctx, tx)
	})
	a.forget(s.Tenant)
	return err
}

// DeleteRole removes an own role that nobody has; else it returns ErrRoleUsed.
func (a *Access) DeleteRole(ctx context.Context, id string) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	err = a.db.Tx(ctx, func(tx pgx.Tx) error {
		r, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		var used bool
		if err := tx.QueryRow(ctx, `select exists (select from app.people where $1 = any (roles))`, r.Slug).Scan(&used); err != nil {
			return postgres.Wrap(err, "role %s", id)
		}
		if used {
			return ErrRoleUsed
		}
		if _, err := tx.Exec(ctx, `delete from app.roles where id = $1`, id); err != nil {
			return postgres.Wrap(err, "role %s", id)
		}
		if err := audit.Record(ctx, tx, audit.Event{Action: "role.delete", ObjectKind: "role", ObjectID: id, Before: r}); err != nil {
			return err
		}
		return tell(ctx, tx)
	})
	a.forget(s.Tenant)
	return err
}

// Unknown returns those of the names that are no role of the tenant of tx. The tenant's own among the others cannot be
// removed or renamed before tx ends.
func (a *Access) Unknown(ctx context.Context, tx pgx.Tx, roles []string) ([]string, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, `select slug from app.roles where slug = any ($1) for share`, roles)
	known, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, postgres.Wrap(err, "roles")
	}
	for _, r := range a.Templates(s.TenantKind) {
		known = append(known, r.Slug)
	}
	return slices.DeleteFunc(slices.Clone(roles), func(slug string) bool { return slices.Contains(known, slug) }), nil
}
