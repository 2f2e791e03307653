package access

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Role is a template of a kind (ID is empty), or a role that a tenant added.
type Role struct {
	ID          string
	Slug        string
	Title       string
	Permissions []string
}

// Problems of roles.
var (
	ErrRoleNotFound = problem.New(problem.NotFound, "role.not-found")
	ErrRoleUsed     = problem.New(problem.Conflict, "role.used")
	ErrRoleSlug     = postgres.Constraint("roles_slug_key", problem.New(problem.Conflict, "role.slug-used"))
	errRoleSlugForm = postgres.Constraint("roles_slug_check", problem.New(problem.Invalid, "role.slug-wrong"))

	// CodeAboveCeiling is the detail of a permission that no role of this kind of tenant may hold.
	CodeAboveCeiling = problem.Field("role.above-ceiling")
	// CodeTemplate is the detail of a name that a template has.
	CodeTemplate = problem.Field("role.template")
)

func list(ctx context.Context, tx pgx.Tx) ([]Role, error) {
	rows, _ := tx.Query(ctx, `select id::text, slug, title, permissions from app.roles order by slug`)
	roles, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Role])
	return roles, postgres.Wrap(err, "roles")
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

// Check refuses a role above the ceiling of its kind or named like a template.
func (a *Access) check(k tenancy.Kind, r Role) error {
	p := problem.ErrInvalid
	if _, ok := a.kinds[k].roles[r.Slug]; ok {
		p = p.At("/slug", CodeTemplate)
	}
	for i, perm := range r.Permissions {
		if !a.kinds[k].ceiling[perm] {
			p = p.At(pointer("/permissions", i), CodeAboveCeiling, "Permission", perm)
		}
	}
	return p.Or()
}

// CreateRole adds a role to the tenant's own.
func (a *Access) CreateRole(ctx context.Context, r Role) (Role, error) {
	return a.save(ctx, r, "role.create", func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `insert into app.roles (slug, title, permissions) values ($1, $2, $3) returning id::text`, r.Slug, r.Title, r.Permissions).Scan(&r.ID)
		return postgres.Wrap(err, "role %s", r.Slug)
	}, &r)
}

// UpdateRole changes one of the tenant's own roles.
func (a *Access) UpdateRole(ctx context.Context, r Role) (Role, error) {
	return a.save(ctx, r, "role.update", func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update app.roles set slug = $2, title = $3, permissions = $4 where id = $1`, r.ID, r.Slug, r.Title, r.Permissions)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrRoleNotFound
		}
		return postgres.Wrap(err, "role %s", r.ID)
	}, &r)
}

func (a *Access) save(ctx context.Context, r Role, action string, write func(pgx.Tx) error, saved *Role) (Role, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return r, err
	}
	if err := a.check(s.TenantKind, r); err != nil {
		return r, err
	}
	err = a.db.Tx(ctx, func(tx pgx.Tx) error {
		if err := write(tx); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "role", ObjectID: saved.ID, After: saved}); err != nil {
			return err
		}
		return tell(ctx, tx)
	})
	a.Forget(s.Tenant)
	return *saved, err
}

// DeleteRole removes an own role that nobody has.
func (a *Access) DeleteRole(ctx context.Context, id string) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	err = a.db.Tx(ctx, func(tx pgx.Tx) error {
		roles, err := list(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(roles, func(r Role) bool { return r.ID == id })
		if i < 0 {
			return ErrRoleNotFound
		}
		var used bool
		if err := tx.QueryRow(ctx, `select exists (select from app.people where $1 = any (roles))`, roles[i].Slug).Scan(&used); err != nil {
			return postgres.Wrap(err, "role %s", id)
		}
		if used {
			return ErrRoleUsed
		}
		if _, err := tx.Exec(ctx, `delete from app.roles where id = $1`, id); err != nil {
			return postgres.Wrap(err, "role %s", id)
		}
		if err := audit.Record(ctx, tx, audit.Event{Action: "role.delete", ObjectKind: "role", ObjectID: id, Before: roles[i]}); err != nil {
			return err
		}
		return tell(ctx, tx)
	})
	a.Forget(s.Tenant)
	return err
}

// Known tells whether a role is one that the scope's tenant has.
func (a *Access) Known(ctx context.Context, s tenancy.Scope, slug string) (bool, error) {
	if _, ok := a.kinds[s.TenantKind].roles[slug]; ok {
		return true, nil
	}
	own, err := a.ownRoles(ctx, s)
	_, ok := own[slug]
	return ok, err
}

func pointer(list string, i int) string { return list + "/" + strconv.Itoa(i) }
