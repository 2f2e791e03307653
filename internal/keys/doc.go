// Package keys is the door to the tenant's signing keys, which exchange makes, seals and rotates: what there is, until when, and the
// next one in place of another. The words and rules are in exchange, "Keys".
package keys
