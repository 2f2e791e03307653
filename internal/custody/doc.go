// Package custody signs with the house's private keys that are not in the database: keys in files, in the environment of the
// process, or with another process that gives out signatures and never a key. A key management service stands behind the last one:
// an adapter that speaks the protocol below on a Unix socket, beside the nodes. `helianthus keys hold` serves it from files or the
// environment, so that a server that is broken into has no private key to lose.
//
// The database keeps of such a key its public half and its reference, which is the scheme of the place and what the key is called
// there: `file:tenants.wuyuan-eddsa-….pem`, `env:HELIANTHUS_KEY_LOG_EDDSA#…`, `unix:…`. Every signature that comes back is
// verified with the public half before anybody gets it.
//
// # The protocol
//
// HTTP with JSON over a Unix socket; whoever may open the socket may sign. Bytes are base64 (RFC 4648, section 4).
//
//	POST /v1/keys        {"name": "tenants/wuyuan", "algorithm": "EdDSA"}   → 200 {"ref": "…", "publicKey": "<SubjectPublicKeyInfo>"}
//	POST /v1/signatures  {"ref": "…", "input": "…"}                         → 200 {"signature": "…"}
//
// The algorithms are EdDSA (Ed25519) and ES256 (ECDSA over P-256). The input is the message with EdDSA and its SHA-256 with ES256; the
// signature is 64 bytes with EdDSA and DER with ES256 (RFC 3279, section 2.2.3): so does crypto.Signer, and so do the services of
// clouds. The first request makes a key at each call, or hands out the one that an operator provided. Refusals are 400 for a
// request that is no such thing, 404 for a key that is not there, 409 where no key is provided; anything else is tried again.
package custody
