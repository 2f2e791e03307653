// Package objectstore keeps files in S3: a client with the few operations the product needs, and a gateway (versitygw)
// that `helianthus up` runs as a child of the same binary, so that development and production speak the same protocol.
//
// Keys begin with the tenant. The bucket keeps versions and has object lock on, so that issued papers can be held. Browsers
// get short signed links only; an upload link fixes size, type, checksum and that nothing is there yet, so that a link
// which leaks can neither replace a file nor bring another one. Where browsers reach the product but not the store, links
// lead through the product's own address and a Door (`helianthus up`, whose gateway listens for its machine only).
package objectstore
