package access

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// API is the operations on roles.
type API struct {
	*Access
	bundle *locale.Bundle
}

// NewAPI makes it.
func NewAPI(a *Access, b *locale.Bundle) *API { return &API{a, b} }

func (a *API) roleWire(ctx context.Context, r Role) api.Role {
	w := api.Role{Slug: r.Slug, Title: r.Title, Permissions: r.Permissions, Own: r.ID != "", Allowed: []string{}}
	if w.Own {
		w.Id = new(uuid.MustParse(r.ID))
		w.Allowed = Allowed(ctx, "role", "update", "delete")
	} else {
		w.Title = a.bundle.T(locale.From(ctx), "role."+r.Slug, nil)
	}
	return w
}

// ListRoles lists templates and own roles.
func (a *API) ListRoles(ctx context.Context, _ api.ListRolesRequestObject) (api.ListRolesResponseObject, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return nil, err
	}
	roles, err := a.Roles(ctx)
	w := api.ListRoles200JSONResponse{Items: []api.Role{}, Ceiling: a.Ceiling(s.TenantKind)}
	for _, r := range roles {
		w.Items = append(w.Items, a.roleWire(ctx, r))
	}
	return w, err
}

// CreateRole adds an own role.
func (a *API) CreateRole(ctx context.Context, r api.CreateRoleRequestObject) (api.CreateRoleResponseObject, error) {
	role, err := a.Access.CreateRole(ctx, Role{Slug: r.Body.Slug, Title: r.Body.Title, Permissions: r.Body.Permissions})
	if err != nil {
		return nil, err
	}
	return api.CreateRole201JSONResponse{Body: a.roleWire(ctx, role), Headers: api.CreateRole201ResponseHeaders{Location: new("/api/v1/roles/" + role.ID), ETag: new(problem.ETag(role.Version))}}, nil
}

// ReadRole shows an own role.
func (a *API) ReadRole(ctx context.Context, r api.ReadRoleRequestObject) (api.ReadRoleResponseObject, error) {
	role, err := a.Role(ctx, r.Id.String())
	if err != nil {
		return nil, err
	}
	return api.ReadRole200JSONResponse{Body: a.roleWire(ctx, role), Headers: api.ReadRole200ResponseHeaders{ETag: new(problem.ETag(role.Version))}}, nil
}

// UpdateRole changes an own role.
func (a *API) UpdateRole(ctx context.Context, r api.UpdateRoleRequestObject) (api.UpdateRoleResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	role, err := a.Access.UpdateRole(ctx, Role{ID: r.Id.String(), Version: version, Slug: r.Body.Slug, Title: r.Body.Title, Permissions: r.Body.Permissions})
	if err != nil {
		return nil, err
	}
	return api.UpdateRole200JSONResponse{Body: a.roleWire(ctx, role), Headers: api.UpdateRole200ResponseHeaders{ETag: new(problem.ETag(role.Version))}}, nil
}

// DeleteRole removes an own role.
func (a *API) DeleteRole(ctx context.Context, r api.DeleteRoleRequestObject) (api.DeleteRoleResponseObject, error) {
	return api.DeleteRole204Response{}, a.Access.DeleteRole(ctx, r.Id.String())
}
