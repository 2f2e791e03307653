package access

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

// ErrMissing is the refusal: it names the permission that is missing and who has it, see Missing.
var ErrMissing = problem.New(problem.Forbidden, "access.missing")

// Access decides. It is made once a process; Listen keeps it current.
type Access struct {
	db    *tenancy.DB
	node  string // what this process calls itself among those that listen
	kinds map[tenancy.Kind]*policy

	mu       sync.RWMutex
	hearing  bool                   // the node hears of changes, so that it may keep what tenants can change
	changes  uint64                 // how many were heard
	own      map[tenancy.ID]*policy // of tenants with roles of their own, when first asked for
	machines map[string]Set         // by kind and scopes
}

// New reads the role templates.
func New(db *tenancy.DB) (*Access, error) {
	a := &Access{db: db, node: "node " + uuid.NewString(), kinds: map[tenancy.Kind]*policy{}, own: map[tenancy.ID]*policy{}, machines: map[string]Set{}}
	for _, k := range tenancy.Kinds {
		roles, err := tenants.Roles(string(k))
		if err != nil {
			return nil, fmt.Errorf("roles of %s: %w", k, err)
		}
		ceiling, err := tenants.Ceiling(string(k))
		if err != nil {
			return nil, fmt.Errorf("ceiling of %s: %w", k, err)
		}
		a.kinds[k] = newPolicy("kind:"+string(k), roles, ceiling)
	}
	return a, nil
}

// Of is what the actor of a scope may do: a person by roles, a machine by its scopes; a visitor and the system nothing.
func (a *Access) Of(ctx context.Context, s tenancy.Scope) (Set, error) {
	p, ok := a.kinds[s.TenantKind]
	if !ok {
		return Set{}, nil
	}
	switch s.ActorKind {
	case tenancy.Client:
		return a.machine(s), nil
	case tenancy.Person:
	default:
		return Set{}, nil
	}
	for _, role := range s.Roles {
		if _, ok := p.roles[role]; !ok {
			own, err := a.policyOf(ctx, s)
			if err != nil {
				return nil, err
			}
			return own.of(s.Roles)
		}
	}
	return p.of(s.Roles)
}

// machine keeps of the scopes what machines of this kind may hold today: a ceiling can have come down since they were given.
func (a *Access) machine(s tenancy.Scope) Set {
	key := string(s.TenantKind) + " " + strings.Join(s.Permissions, " ")
	a.mu.RLock()
	set, ok := a.machines[key]
	a.mu.RUnlock()
	if ok {
		return set
	}
	set = Set{}
	for _, p := range a.MachineCeiling(s.TenantKind) {
		if slices.Contains(s.Permissions, p) {
			set[p] = true
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.machines) >= remembered {
		clear(a.machines)
	}
	a.machines[key] = set
	return set
}

// policyOf is the rules of a tenant with roles of its own: the templates of its kind and these.
func (a *Access) policyOf(ctx context.Context, s tenancy.Scope) (*policy, error) {
	a.mu.RLock()
	p, ok := a.own[s.Tenant]
	changes := a.changes
	a.mu.RUnlock()
	if ok {
		return p, nil
	}
	kind := a.kinds[s.TenantKind]
	roles := map[string][]string{}
	err := a.db.Read(tenancy.In(ctx, s), func(tx pgx.Tx) error {
		own, err := list(ctx, tx)
		for _, r := range own {
			roles[r.Slug] = r.Permissions
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	maps.Copy(roles, kind.roles) // a template added later wins over an own role of its name
	p = newPolicy("tenant:"+s.Tenant.String(), roles, kind.ceiling)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.hearing && a.changes == changes { // else the roles may have changed since they were read
		a.own[s.Tenant] = p
	}
	return p, nil
}

// Ceiling lists what a role of a kind may hold at most, sorted.
func (a *Access) Ceiling(k tenancy.Kind) []string {
	p, ok := a.kinds[k]
	if !ok {
		return []string{}
	}
	return slices.Compact(slices.Sorted(slices.Values(p.ceiling)))
}

// MachineCeiling lists what a machine may hold at most, sorted. It cannot administer people, machines or keys: whoever
// finds a leaked secret must not be able to make lasting ones of it. A session is a person's.
func (a *Access) MachineCeiling(k tenancy.Kind) []string {
	return slices.DeleteFunc(a.Ceiling(k), func(permission string) bool {
		object, _, _ := strings.Cut(permission, ":")
		return slices.Contains([]string{"session", "person", "role", "api-client", "api-client-key", "signing-key", "calendar-feed", "reminder-choice"}, object)
	})
}

// Templates lists the roles of a kind, sorted, with their permissions.
func (a *Access) Templates(k tenancy.Kind) []Role {
	roles := []Role{}
	if p, ok := a.kinds[k]; ok {
		for slug, permissions := range p.roles {
			if slug != everybody {
				roles = append(roles, Role{Slug: slug, Permissions: slices.Sorted(slices.Values(permissions))})
			}
		}
	}
	slices.SortFunc(roles, func(x, y Role) int { return strings.Compare(x.Slug, y.Slug) })
	return roles
}

// Missing is the refusal of the actor of ctx for want of a permission. It names the permission and the roles of this kind
// of tenant that have it, in the reader's language, so that the refused know what to ask their administrator for.
func (a *Access) Missing(ctx context.Context, b *locale.Bundle, permission string) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	tag := locale.From(ctx)
	var who []string
	for _, r := range a.Templates(s.TenantKind) {
		if slices.Contains(r.Permissions, permission) {
			who = append(who, b.T(tag, "role."+r.Slug, nil))
		}
	}
	if len(who) == 0 {
		who = []string{b.T(tag, "access.nobody", nil)}
	}
	return ErrMissing.With("Permission", permission).With("Who", strings.Join(who, " · "))
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
