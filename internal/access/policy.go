package access

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/helianthus-gi/helianthus/tenants"
)

// Set is what somebody may do. It is shared between requests: nobody changes one.
type Set map[string]bool

// everybody is the role that each person has by being signed in: without it, somebody whose roles were taken away could
// not even sign out. No role can have its empty name.
const everybody = ""

var everybodyMay = []string{"session:read", "session:end"}

// remembered bounds how many combinations of roles a policy keeps; when it is full it begins anew.
const remembered = 1000

// policy is the rules in one domain: those of a kind of tenant, or of one tenant with roles of its own.
type policy struct {
	domain  string
	roles   map[string][]string // permissions by role
	ceiling []string

	mu      sync.RWMutex
	decided map[string]Set
}

// newPolicy makes the rules; a permission above the ceiling is in none of them.
func newPolicy(domain string, roles map[string][]string, ceiling []string) *policy {
	p := &policy{domain: domain, roles: map[string][]string{everybody: everybodyMay}, decided: map[string]Set{}}
	p.ceiling = append(slices.Clone(ceiling), everybodyMay...)
	for role, permissions := range roles {
		if role != everybody {
			p.roles[role] = slices.DeleteFunc(slices.Clone(permissions), func(q string) bool { return !slices.Contains(ceiling, q) })
		}
	}
	return p
}

// of is what somebody with these roles may do; roles that the policy lacks give nothing.
func (p *policy) of(roles []string) (Set, error) {
	known := []string{everybody}
	for _, r := range roles {
		if _, ok := p.roles[r]; ok {
			known = append(known, r)
		}
	}
	key := strings.Join(known, ",") // no role's name has a comma: a kind's are ours, a tenant's have roles_slug_check
	p.mu.RLock()
	set, ok := p.decided[key]
	p.mu.RUnlock()
	if ok {
		return set, nil
	}
	set, err := p.decide(known)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.domain, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.decided) >= remembered {
		clear(p.decided)
	}
	p.decided[key] = set
	return set, nil
}

// decide asks Casbin for every permission below the ceiling.
func (p *policy) decide(roles []string) (Set, error) {
	m, err := model.NewModelFromString(tenants.Model())
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	const somebody = "user:somebody"
	for _, role := range roles {
		if _, err := e.AddGroupingPolicy(somebody, "role:"+role, p.domain); err != nil {
			return nil, err
		}
		for _, permission := range p.roles[role] {
			object, action, ok := strings.Cut(permission, ":")
			if !ok {
				return nil, fmt.Errorf("role %s: %q is no permission", role, permission)
			}
			if _, err := e.AddPolicy("role:"+role, object, action); err != nil {
				return nil, err
			}
		}
	}
	set := Set{}
	for _, permission := range p.ceiling {
		object, action, _ := strings.Cut(permission, ":")
		ok, err := e.Enforce(somebody, p.domain, object, action)
		if err != nil {
			return nil, err
		}
		if ok {
			set[permission] = true
		}
	}
	return set, nil
}
