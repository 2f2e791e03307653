// Package identity knows who is there: people who sign in with a name and a password, their sessions, machines that get
// short tokens for their client credentials, and the provisioning of tenants from files.
//
// What must be read before a scope is known goes through definer functions (migration 00002); everything else is done in
// the tenant's scope. Passwords are argon2id with the parameters of the OWASP cheat sheet's second choice, hashed two at a
// time, so that sign-ins cannot take all memory. Tokens of sessions and secrets of machines are 256 random bits, stored
// as SHA-256.
package identity
