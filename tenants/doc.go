// Package tenants holds tenants as files.
//
//	kinds/<kind>/roles.csv    the role templates of a kind of tenant: role, permission
//	kinds/<kind>/ceiling.csv  the permissions that no role of the kind may exceed, the tenants' own ones neither
//	demo/<tenant>.yaml        the demonstration tenants
//	model.conf                the Casbin model that reads the rules
//
// Permissions are written out one by one; there is no star. The titles of roles are the messages role.<role>.
package tenants
