package custody

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of keys that are held elsewhere.
var (
	ErrUnavailable = problem.New(problem.Unavailable, "signing-key.unavailable")
	ErrNotProvided = problem.New(problem.Conflict, "signing-key.not-provided")
)

// Errors of custodians.
var (
	errUnknown   = errors.New("no such key")
	errMalformed = errors.New("no such algorithm, name or reference")
)

// Algorithm is one that keys are made for.
type Algorithm string

// The algorithms, as JOSE calls them (RFC 7518, section 3.1; RFC 8037, section 3.1).
const (
	EdDSA Algorithm = "EdDSA"
	ES256 Algorithm = "ES256"
)

// Key is the public half of a key, and what the key is called where it is held.
type Key struct {
	Ref    string
	Public crypto.PublicKey // ed25519.PublicKey or *ecdsa.PublicKey over P-256
}

// Custodian holds private keys.
type Custodian interface {
	// Make makes a key for a name such as tenants/wuyuan. Where an operator provides the keys it is the one provided for the name
	// at present, or ErrNotProvided.
	Make(ctx context.Context, name string, a Algorithm) (Key, error)
	// Sign signs as crypto.Signer does: a message with EdDSA, a SHA-256 with ES256.
	Sign(ctx context.Context, ref string, input []byte) ([]byte, error)
}

// signTimeout is how long a signature may take: it is made while a transaction waits for it.
const signTimeout = 3 * time.Second

// database is the place of keys that are sealed in the database, which are not this package's.
const database = "database"

// Custody is the places where private keys are. New keys are made at the first one; the others still sign. A nil Custody is the
// database alone.
type Custody struct {
	makes  string // a scheme
	places map[string]Custodian
}

// Open reads places, separated by commas: database, file:DIRECTORY, env, unix:SOCKET. Empty is the database.
func Open(places string) (*Custody, error) {
	c := &Custody{makes: database, places: map[string]Custodian{}}
	if places == "" {
		return c, nil
	}
	for n, place := range strings.Split(places, ",") {
		scheme, where, _ := strings.Cut(strings.TrimSpace(place), ":")
		if n == 0 {
			c.makes = scheme
		}
		switch {
		case c.places[scheme] != nil:
			return nil, errMalformed
		case scheme == "file" && filepath.IsAbs(where):
			c.places[scheme] = files(where)
		case scheme == "env" && where == "":
			c.places[scheme] = environment(os.Getenv)
		case scheme == "unix" && filepath.IsAbs(where):
			c.places[scheme] = newRemote(where)
		case scheme != database || where != "":
			return nil, errMalformed
		}
	}
	return c, nil
}

// Outside tells whether new keys are made outside the database.
func (c *Custody) Outside() bool { return c != nil && c.makes != database }

// Custodian is the place where new keys are made, for a process that does nothing but hold keys; nil when it is the database.
func (c *Custody) Custodian() Custodian { return c.places[c.makes] }

// Make makes a key at the first place.
func (c *Custody) Make(ctx context.Context, name string, a Algorithm) (Key, error) {
	ctx, cancel := context.WithTimeout(ctx, signTimeout)
	defer cancel()
	k, err := c.places[c.makes].Make(ctx, name, a)
	if err != nil {
		return k, outward(err, "make a key for %s", name)
	}
	if algorithmOf(k.Public) != a {
		return k, fmt.Errorf("make a key for %s: it is of another sort than %s", name, a)
	}
	k.Ref = c.makes + ":" + k.Ref
	return k, nil
}

// Signer signs with a key until ctx ends.
func (c *Custody) Signer(ctx context.Context, k Key) crypto.Signer {
	return signer{k.Public, func(input []byte) ([]byte, error) {
		scheme, ref, _ := strings.Cut(k.Ref, ":")
		if c == nil || c.places[scheme] == nil {
			return nil, fmt.Errorf("key %s: the setting keys names no such place", k.Ref)
		}
		ctx, cancel := context.WithTimeout(ctx, signTimeout)
		defer cancel()
		signature, err := c.places[scheme].Sign(ctx, ref, input)
		if err != nil {
			return nil, outward(err, "sign with %s", k.Ref)
		}
		if !fits(k.Public, input, signature) {
			return nil, fmt.Errorf("sign with %s: what came back is no signature of the key", k.Ref)
		}
		return signature, nil
	}}
}

type signer struct {
	public crypto.PublicKey
	sign   func(input []byte) ([]byte, error)
}

func (s signer) Public() crypto.PublicKey { return s.public }

func (s signer) Sign(_ io.Reader, input []byte, _ crypto.SignerOpts) ([]byte, error) {
	return s.sign(input)
}

// outward tells those who asked in vain what they can do: try again, or have a key provided. The cause is for the log.
func outward(err error, format string, args ...any) error {
	place := fmt.Sprintf(format, args...)
	if errors.Is(err, errUnknown) || errors.Is(err, errMalformed) {
		return fmt.Errorf("%s: %w", place, err) // ours to put right
	}
	if p, ok := problem.As(err); ok {
		return p
	}
	return fmt.Errorf("%s: %w: %w", place, ErrUnavailable, err)
}

func algorithmOf(public crypto.PublicKey) Algorithm {
	switch k := public.(type) {
	case ed25519.PublicKey:
		return EdDSA
	case *ecdsa.PublicKey:
		if k.Params().BitSize == 256 {
			return ES256
		}
	}
	return ""
}

func fits(public crypto.PublicKey, input, signature []byte) bool {
	switch k := public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(k, input, signature)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, input, signature)
	}
	return false
}
