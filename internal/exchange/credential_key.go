package exchange

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// Private is the key of a signer for libraries that sign by themselves, such as JOSE.
func (s Signer) Private() crypto.Signer { return s.private }

// CurveSigner signs with a tenant's P-256 key, for readers of credentials that know no Ed25519.
type CurveSigner struct {
	KeyID     string // the first 8 bytes of the SHA-256 of the uncompressed point, in hexadecimal
	Publisher Publisher
	private   crypto.Signer
}

// Private is the key.
func (s CurveSigner) Private() crypto.Signer { return s.private }

// CurveSigner opens the tenant's P-256 key; the first call makes it.
func (k *Keys) CurveSigner(ctx context.Context, tx pgx.Tx) (CurveSigner, error) {
	p, err := k.present(ctx, tx, custody.ES256)
	return CurveSigner{p.id, p.publisher, p.private}, postgres.Wrap(err, "P-256 key")
}

var errKeyForm = errors.New("a key is not of its algorithm's form")

// generate makes a key: the public half as it is published, and the private one as it is sealed, which is Ed25519's seed or
// P-256's scalar.
func generate(a custody.Algorithm) (public, secret []byte, err error) {
	if a == custody.EdDSA {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, nil, err
		}
		return public, private.Seed(), nil
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if public, err = publicBytes(private.Public()); err == nil {
		secret, err = private.Bytes()
	}
	return public, secret, err
}

func publicBytes(key crypto.PublicKey) ([]byte, error) {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return k, nil
	case *ecdsa.PublicKey:
		return k.Bytes()
	}
	return nil, errKeyForm
}

// publicKey is what public keys of the standard library have in common.
type publicKey interface {
	Equal(other crypto.PublicKey) bool
}

func readPublic(a custody.Algorithm, public []byte) (publicKey, error) {
	if a == custody.ES256 {
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), public)
	}
	if len(public) != ed25519.PublicKeySize {
		return nil, errKeyForm
	}
	return ed25519.PublicKey(public), nil
}

func readPrivate(a custody.Algorithm, secret []byte) (crypto.Signer, error) {
	if a == custody.ES256 {
		return ecdsa.ParseRawPrivateKey(elliptic.P256(), secret)
	}
	if len(secret) != ed25519.SeedSize {
		return nil, errKeyForm
	}
	return ed25519.NewKeyFromSeed(secret), nil
}
