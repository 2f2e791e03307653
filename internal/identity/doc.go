// Package identity knows who is there: people who sign in with a name and a password, their sessions, machines that get
// short tokens for their client credentials, and the provisioning of tenants from files.
//
// A machine shows itself by its token, and by what its tenant requires beside it: a signature over each request (RFC 9421) or the
// certificate of its connection (RFC 8705). What is required only grows. channel decides, for the token endpoint and every other;
// nonces are remembered in the database, for all nodes. Refusals of people and machines are written into the trail of the tenant
// concerned, a few an hour, without what was tried.
//
// What must be read before a scope is known goes through definer functions (migration 00002); everything else is done in
// the tenant's scope. Passwords are argon2id with the parameters of the OWASP cheat sheet's second choice, hashed two at a
// time, so that sign-ins cannot take all memory. Tokens of sessions and secrets of machines are 256 random bits, stored
// as SHA-256.
package identity
