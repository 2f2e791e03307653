// Package credential makes statements of a tenant about its published records that a stranger can check: W3C Verifiable
// Credentials 2.0, enveloped with JOSE (VC-JOSE, application/vc+jwt), and the certificate paper that carries one. It knows
// kinds, bytes and claims, and no domain type: a package that publishes a kind says by a Mapper what of it is attested.
//
// # What is attested
//
// A credential attests one version of one record: the one that holds when it is issued. What ends that version, a
// withdrawal, a correction or a newer version, revokes the credential in the same transaction; the database does so, by
// whatever path it comes. An officer suspends, resumes and revokes; what is revoked stays so.
//
// # The token
//
// Three parts in base64url, joined by dots (RFC 7515, compact serialization): header, claims, signature. A verifier MUST
// keep to these:
//
//  1. Header and claims MUST be in the canonical form of RFC 8785. So there are no double members, and no two readers see
//     two things.
//  2. The header MUST be {"alg", "cty": "vc", "kid", "typ": "vc+jwt"} and nothing else: no key, address of a key or
//     extension comes with a token. alg is EdDSA (Ed25519) or ES256, and MUST be that of the key.
//  3. kid is the issuer's DID, `#` and the id of a key; the DID MUST be the id of the claims' issuer.
//  4. The key MUST be taken from the issuer's DID document or a kept list of issuers (GET /api/v1/issuers).
//  5. The first context MUST be that of Verifiable Credentials 2.0, and validFrom MUST NOT lie ahead.
//  6. credentialStatus names a list of each purpose, revocation and suspension, with the same place in both. A list MUST be
//     signed by the same issuer, for the same purpose and address.
//
// A verifier comes to the first of these that is true:
//
//	altered         the token is not of the form above, a signature does not fit, or the paper was changed
//	unknown-issuer  no key with that id is known of that issuer
//	withdrawn       it was revoked, with its record or by an officer; or its term is over
//	suspended       it does not hold for the time being
//	valid           none of these
//
// # Status lists
//
// A Bitstring Status List (W3C, 1.0) of 131,072 entries. Places are drawn at random, so that a place says nothing of when
// and of what a credential is. Lists are signed when somebody asks and the last one is old or a bit was turned since. The
// list says whether, and only to whoever holds the credential the publisher says why (GET /api/v1/credential-statuses/…).
//
// # Issuers
//
// A tenant's DID is did:web of the house's address, `tenants` and its slug; a port is written %3A. Its document lists all
// keys that the tenant ever signed with: what was signed before a key was exchanged stays provable.
//
// # The paper
//
// A PDF/A-3 that carries the token (credential.jwt), both lists as they were (revocation.jwt, suspension.jwt) and the proof
// of the transparency log (record.tlog-proof). Its keyword is a seal, `helianthus-seal:` and the issuer's Ed25519 signature
// in base64url, over the 32 bytes `helianthus certificate paper v1` and a line feed, the id of the key, a colon, and the
// SHA-256 of the file in which each character of the seal's signature is `0`. So the print cannot be changed either.
//
// # The link and the code
//
// `/verify#credential=` and the token, or the token in digits, of which a QR code has room for more. The digits are the
// header, the claims and the signature before base64url with a line feed between, deflated (RFC 1951), two bytes at a time
// as five decimal digits, a last byte alone as three. A browser keeps what stands after the number sign to itself. A
// credential too long for a code that a telephone reads has a code with `#sha256=` and its hash, which finds its status only.
package credential
