// Package access decides what an actor may do: Casbin, role-based access control with domains.
//
// A permission is `object:action`, the words of the operation's x-permission. Roles are templates of a kind of tenant
// (files under tenants/kinds), plus roles that a tenant's administrator added below the kind's ceiling. Who has which role
// stands in the person's record, which every request reads: a role taken away is gone at once.
//
// Casbin goes through all its rules for each decision, and takes milliseconds where one enforcer holds a thousand tenants.
// So each kind of tenant has its rules once, a tenant only has rules where it added roles, and what Casbin decided for one
// combination of roles is kept as a set: a request costs a look into a map. Casbin's own cached enforcer was tried and
// rejected: it goes on allowing what was taken away until somebody empties it. Here nothing that a tenant can change is
// kept unless the node hears of changes (Listen).
package access
