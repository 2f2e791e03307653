// Package signature signs and verifies HTTP messages (RFC 9421) with the digest of their content (RFC 9530), as partners of
// Helianthus do who sign every request. The house verifies with it, and a partner's Go program signs with it:
//
//	client := &http.Client{Transport: &signature.Transport{Signer: signature.Signer{KeyID: id, Key: key}}}
//
// What a signature must cover is fixed, so that nobody can be talked into signing less: the method; the whole address
// (@target-uri, or @authority, @path and @query); the content by its digest; the Authorization header; and of parameters
// created, nonce, keyid and tag. Keys are Ed25519 or ECDSA over P-256; the key decides on the algorithm, never the message
// (RFC 9421, section 3.2). Structured fields are read and written by httpsfv (RFC 9651).
//
// Fields are covered as they stand; the parameters sf, key, bs, tr and req of components and @query-param are refused: none of
// what must be covered needs them.
package signature

import "time"

// Tag marks the signatures that are meant for Helianthus; others, such as those of proxies, are left alone.
const Tag = "helianthus"

const (
	// Window is how old a signature may be: long enough for a slow line, short enough for nonces to be remembered.
	Window = 5 * time.Minute
	// Skew is how far the signer's clock may be ahead of ours.
	Skew = time.Minute
)

// Code says in a word what is wrong with a signature.
type Code string

// The codes.
const (
	Malformed  Code = "malformed"         // the fields are no structured fields, or two signatures carry the tag
	Parameter  Code = "parameter-missing" // created, nonce, keyid or tag
	Component  Code = "component-missing" // something that must be covered is not
	Absent     Code = "component-absent"  // something is covered that the message does not have, or in a way not known here
	OutOfTime  Code = "outside-window"    // too old, of the future, or expired
	Digest     Code = "digest-wrong"      // the content is not what its digest says
	Algorithm  Code = "algorithm"         // alg is another one than the key's
	NotTheKeys Code = "wrong"             // the signature is not the key's over this message
)

// Error says what is wrong with a signature, and with which component or parameter of it.
type Error struct {
	Code Code
	Name string // the component or parameter, empty where there is none
}

func (e *Error) Error() string {
	if e.Name == "" {
		return "signature: " + string(e.Code)
	}
	return "signature: " + string(e.Code) + ": " + e.Name
}
