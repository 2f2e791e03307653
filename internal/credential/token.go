package credential

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/gowebpki/jcs"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// Algorithm is a signature algorithm of JOSE.
type Algorithm string

// The algorithms that we sign with and take.
const (
	EdDSA Algorithm = "EdDSA" // Ed25519 (RFC 8037)
	ES256 Algorithm = "ES256" // P-256 with SHA-256 (RFC 7518, section 3.4)
)

// MediaType is that of a credential enveloped with JOSE.
const MediaType = "application/vc+jwt"

const (
	tokenType   = "vc+jwt"
	contentType = "vc"
	maxToken    = 512 << 10 // a full, random status list takes 22 KiB
)

// tokenForm is that of a compact serialization; all three parts are there.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)

// header is the protected header; there is no other member, see the package's documentation.
type header struct {
	Algorithm   Algorithm `json:"alg"`
	ContentType string    `json:"cty"`
	KeyID       string    `json:"kid"`
	Type        string    `json:"typ"`
}

// key is what a token is signed with.
type key struct {
	id        string // the DID URL
	algorithm Algorithm
	private   any
}

// sign makes a token of claims.
func sign(k key, claims any) (string, error) {
	head, err := canonical(header{k.algorithm, contentType, k.id, tokenType})
	if err != nil {
		return "", err
	}
	body, err := canonical(claims)
	if err != nil {
		return "", err
	}
	message := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	signer, err := jws.SignerFor(k.algorithm.jose())
	if err != nil {
		return "", err
	}
	signature, err := signer.Sign(k.private, []byte(message))
	if err != nil {
		return "", fmt.Errorf("sign with %s: %w", k.id, err)
	}
	return message + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func (a Algorithm) jose() jwa.SignatureAlgorithm {
	if a == ES256 {
		return jwa.ES256()
	}
	return jwa.EdDSA()
}

// token is a token taken apart. Nothing in it is believed before fits says so.
type token struct {
	header    header
	claims    []byte
	message   []byte // what is signed
	signature []byte
}

// parse takes a token apart and refuses what is not exactly of the form that the package's documentation describes.
func parse(text string) (token, bool) {
	var t token
	if len(text) > maxToken || !tokenForm.MatchString(text) {
		return t, false
	}
	parts := strings.Split(text, ".")
	var decoded [3][]byte
	for i, p := range parts {
		var err error
		if decoded[i], err = base64.RawURLEncoding.Strict().DecodeString(p); err != nil {
			return t, false
		}
	}
	t.claims, t.signature, t.message = decoded[1], decoded[2], []byte(parts[0]+"."+parts[1])
	if json.Unmarshal(decoded[0], &t.header) != nil || !isCanonical(t.claims) {
		return t, false
	}
	// A header with any other member, or one twice, is not equal to the same header written by us.
	again, err := canonical(t.header)
	return t, err == nil && bytes.Equal(again, decoded[0]) && t.header.Type == tokenType && t.header.ContentType == contentType &&
		(t.header.Algorithm == EdDSA || t.header.Algorithm == ES256)
}

// publicKey is a key that one trusts; its kind decides the algorithm, and no token does.
type publicKey struct {
	algorithm Algorithm
	key       any // ed25519.PublicKey, *ecdsa.PublicKey
}

// fits tells whether the token's signature is that of the key.
func (t token) fits(k publicKey) bool {
	return k.algorithm == t.header.Algorithm && k.verify(t.message, t.signature)
}

func (k publicKey) verify(message, signature []byte) bool {
	if len(signature) != 64 { // both algorithms have that length
		return false
	}
	v, err := jws.VerifierFor(k.algorithm.jose())
	return err == nil && v.Verify(k.key, message, signature) == nil
}

// JWK is a public key as a DID document has it (RFC 7517, RFC 8037).
type JWK struct {
	Curve string `json:"crv"`
	Type  string `json:"kty"`
	X     string `json:"x"`
	Y     string `json:"y,omitempty"`
}

// NewJWK is the key of an algorithm in the form in which exchange keeps it: 32 bytes of Ed25519, or an uncompressed point of P-256.
func NewJWK(a Algorithm, public []byte) JWK {
	text := base64.RawURLEncoding.EncodeToString
	if a == ES256 {
		return JWK{Curve: "P-256", Type: "EC", X: text(public[1:33]), Y: text(public[33:])}
	}
	return JWK{Curve: "Ed25519", Type: "OKP", X: text(public)}
}

// public reads the key; a point that is not on its curve is none.
func (j JWK) public() (publicKey, bool) {
	x, err := base64.RawURLEncoding.Strict().DecodeString(j.X)
	if err != nil || len(x) != 32 {
		return publicKey{}, false
	}
	switch {
	case j.Type == "OKP" && j.Curve == "Ed25519" && j.Y == "":
		return publicKey{EdDSA, ed25519.PublicKey(x)}, true
	case j.Type == "EC" && j.Curve == "P-256":
		y, err := base64.RawURLEncoding.Strict().DecodeString(j.Y)
		if err != nil || len(y) != 32 {
			return publicKey{}, false
		}
		p, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
		return publicKey{ES256, p}, err == nil
	}
	return publicKey{}, false
}

func canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(b)
}

func isCanonical(b []byte) bool {
	again, err := jcs.Transform(b)
	return err == nil && bytes.Equal(again, b)
}
