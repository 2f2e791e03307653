package access

import "github.com/helianthus-gi/helianthus/internal/tenancy"

// Remembers tells whether a node keeps the roles of a tenant.
func Remembers(a *Access, t tenancy.ID) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	_, ok := a.own[t]
	return ok
}
