// Package access decides what an actor may do: Casbin, RBAC with domains.
//
// A permission is `object:action`, the words of the operation's x-permission. Roles are templates of a kind of tenant
// (files under tenants/kinds), plus roles that a tenant's administrator added below the kind's ceiling. Casbin decides
// each pair of role and permission once; the decisions of a role are kept as a set, so that a request costs a look into a
// map. Who has which role stands in the person's record, which every request reads: a role taken away is gone at once.
package access

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

// ErrMissing is the refusal: it names the permission that is missing.
var ErrMissing = problem.New(problem.Forbidden, "access.missing")

// Set is what somebody may do.
type Set map[string]bool

// Access decides. It is made once a process and kept current by Listen.
type Access struct {
	db    *tenancy.DB
	kinds map[tenancy.Kind]kind
	mu    sync.RWMutex
	own   map[tenancy.ID]map[string]Set // roles of one tenant, loaded when first asked for
}

type kind struct {
	roles   map[string]Set
	ceiling Set
}

// New reads the role templates and lets Casbin decide them.
func New(db *tenancy.DB) (*Access, error) {
	a := &Access{db: db, kinds: map[tenancy.Kind]kind{}, own: map[tenancy.ID]map[string]Set{}}
	for _, k := range tenancy.Kinds {
		roles, err := tenants.Roles(string(k))
		if err != nil {
			return nil, fmt.Errorf("roles of %s: %w", k, err)
		}
		ceiling, err := tenants.Ceiling(string(k))
		if err != nil {
			return nil, fmt.Errorf("ceiling of %s: %w", k, err)
		}
		decided, err := decide("kind:"+string(k), roles, ceiling)
		if err != nil {
			return nil, fmt.Errorf("roles of %s: %w", k, err)
		}
		a.kinds[k] = kind{roles: decided, ceiling: setOf(ceiling)}
	}
	return a, nil
}

// decide asks Casbin for every role and permission. Names of roles and domains carry a prefix, so that nobody can be
// named like one.
func decide(domain string, roles map[string][]string, ceiling []string) (map[string]Set, error) {
	m, err := model.NewModelFromString(tenants.Model())
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	for role, permissions := range roles {
		for _, p := range permissions {
			object, action, ok := strings.Cut(p, ":")
			if !ok {
				return nil, fmt.Errorf("role %s: %q is no permission", role, p)
			}
			if _, err := e.AddPolicy("role:"+role, domain, object, action); err != nil {
				return nil, err
			}
		}
	}
	decided := map[string]Set{}
	for role := range roles {
		set := Set{}
		for _, p := range ceiling {
			object, action, _ := strings.Cut(p, ":")
			ok, err := e.Enforce("role:"+role, domain, object, action)
			if err != nil {
				return nil, err
			}
			if ok {
				set[p] = true
			}
		}
		decided[role] = set
	}
	return decided, nil
}

func setOf(permissions []string) Set {
	s := Set{}
	for _, p := range permissions {
		s[p] = true
	}
	return s
}

// Of is what the actor of a scope may do.
func (a *Access) Of(ctx context.Context, s tenancy.Scope) (Set, error) {
	k, ok := a.kinds[s.TenantKind]
	if !ok {
		return Set{}, nil
	}
	if s.ActorKind == tenancy.Client {
		return intersect(setOf(s.Permissions), k.ceiling), nil
	}
	if len(s.Roles) == 1 {
		if set, ok := k.roles[s.Roles[0]]; ok {
			return set, nil
		}
	}
	union := Set{}
	for _, role := range s.Roles {
		set, ok := k.roles[role]
		if !ok {
			own, err := a.ownRoles(ctx, s)
			if err != nil {
				return nil, err
			}
			set = intersect(own[role], k.ceiling)
		}
		maps.Copy(union, set)
	}
	return union, nil
}

func intersect(s, ceiling Set) Set {
	out := Set{}
	for p := range s {
		if ceiling[p] {
			out[p] = true
		}
	}
	return out
}

func (a *Access) ownRoles(ctx context.Context, s tenancy.Scope) (map[string]Set, error) {
	a.mu.RLock()
	own, ok := a.own[s.Tenant]
	a.mu.RUnlock()
	if ok {
		return own, nil
	}
	roles := map[string][]string{}
	err := a.db.Read(tenancy.In(ctx, s), func(tx pgx.Tx) error {
		all, err := list(ctx, tx)
		for _, r := range all {
			roles[r.Slug] = r.Permissions
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	own, err = decide("tenant:"+s.Tenant.String(), roles, slices.Collect(maps.Keys(a.kinds[s.TenantKind].ceiling)))
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	a.own[s.Tenant] = own
	a.mu.Unlock()
	return own, nil
}

// Ceiling lists what a role of a kind may hold at most, sorted.
func (a *Access) Ceiling(k tenancy.Kind) []string {
	return slices.Sorted(maps.Keys(a.kinds[k].ceiling))
}

// Templates lists the roles of a kind, sorted, with their permissions.
func (a *Access) Templates(k tenancy.Kind) []Role {
	var roles []Role
	for slug, set := range a.kinds[k].roles {
		roles = append(roles, Role{Slug: slug, Permissions: slices.Sorted(maps.Keys(set))})
	}
	slices.SortFunc(roles, func(x, y Role) int { return strings.Compare(x.Slug, y.Slug) })
	return roles
}

// Forget drops what is remembered of a tenant's own roles.
func (a *Access) Forget(t tenancy.ID) {
	a.mu.Lock()
	delete(a.own, t)
	a.mu.Unlock()
}

func (a *Access) forgetAll() {
	a.mu.Lock()
	a.own = map[tenancy.ID]map[string]Set{}
	a.mu.Unlock()
}

// channel is where nodes tell each other of changed roles; the payload is the tenant's id.
const channel = "access"

// Listen keeps the roles current until ctx ends: it forgets a tenant's roles when another node changed them, and all of
// them when the connection was lost, since notices may have been missed.
func (a *Access) Listen(ctx context.Context) error {
	for ctx.Err() == nil {
		err := a.listenOnce(ctx)
		a.forgetAll()
		if ctx.Err() != nil {
			return nil
		}
		slog.WarnContext(ctx, "listening for changed roles was interrupted", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return nil
}

func (a *Access) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, a.db.Pool().Config().ConnConfig.Copy())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	a.forgetAll()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if id, err := uuid.Parse(n.Payload); err == nil {
			a.Forget(id)
		}
	}
}

func tell(ctx context.Context, tx pgx.Tx) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `select pg_notify($1, $2)`, channel, s.Tenant.String())
	return postgres.Wrap(err, "notify %s", channel)
}

type key struct{}

// With returns a context whose actor may do what is in the set.
func With(ctx context.Context, s Set) context.Context { return context.WithValue(ctx, key{}, s) }

// Can tells whether the actor of ctx holds a permission.
func Can(ctx context.Context, permission string) bool {
	s, _ := ctx.Value(key{}).(Set)
	return s[permission]
}

// Permissions lists what the actor of ctx may do, sorted.
func Permissions(ctx context.Context) []string {
	s, _ := ctx.Value(key{}).(Set)
	return slices.Sorted(maps.Keys(s))
}

// Allowed keeps those acts on a kind of record that the actor of ctx may do; it is never nil, since it is shown.
func Allowed[A ~string](ctx context.Context, object string, acts ...A) []string {
	out := []string{}
	for _, a := range acts {
		if Can(ctx, object+":"+string(a)) {
			out = append(out, string(a))
		}
	}
	return out
}
