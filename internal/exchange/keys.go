package exchange

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// KeyID names a public key: the first 8 bytes of its SHA-256, in hexadecimal.
func KeyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return hexed(sum[:8])
}

func hexed(b []byte) string { return hex.EncodeToString(b) }

// PEM is the public key as SubjectPublicKeyInfo, which openssl reads.
func PEM(public ed25519.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		panic(err) // an Ed25519 key always has that form
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// Keys makes and opens the tenants' signing keys. Private parts are in the database, sealed; what seals them is not.
type Keys struct{ seals []cipher.AEAD } // the first one seals, all of them open

// NewKeys derives the sealing keys from the house's secret, and from those before it, which open only. No other secret opens what
// this one sealed.
func NewKeys(master [32]byte, before ...[32]byte) (*Keys, error) {
	k := &Keys{}
	for _, secret := range append([][32]byte{master}, before...) {
		key, err := hkdf.Key(sha256.New, secret[:], nil, "helianthus signing keys", 32)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		seal, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		k.seals = append(k.seals, seal)
	}
	return k, nil
}

// Seal hides a secret of the house's own, such as a private key, so that the database alone gives nothing away. What it
// is sealed for must be named again to open it: a row copied elsewhere opens nothing.
func (k *Keys) Seal(secret, name []byte) []byte {
	return k.seals[0].Seal(nil, nil, secret, name) //nolint:gosec // the cipher draws the nonce itself
}

// Open opens what Seal hid under the same name. It fails under another house's secret.
func (k *Keys) Open(sealed, name []byte) ([]byte, error) {
	for _, seal := range k.seals {
		if secret, err := seal.Open(nil, nil, sealed, name); err == nil {
			return secret, nil
		}
	}
	return nil, fmt.Errorf("a sealed secret cannot be opened: the house's secret is another one than it was sealed with")
}

// Renew seals again what an older secret of the house sealed; false when the present one did.
func (k *Keys) Renew(sealed, name []byte) (renewed []byte, changed bool, err error) {
	if _, err := k.seals[0].Open(nil, nil, sealed, name); err == nil {
		return sealed, false, nil
	}
	secret, err := k.Open(sealed, name)
	if err != nil {
		return nil, false, err
	}
	return k.Seal(secret, name), true, nil
}

// Signer signs for one tenant with its present key. It holds no transaction, so that large packages are made outside.
type Signer struct {
	Publisher Publisher
	Public    ed25519.PublicKey
	private   ed25519.PrivateKey
}

// Sign signs a message. The caller puts a prefix before it that says what the signature is of.
func (s Signer) Sign(message []byte) []byte { return ed25519.Sign(s.private, message) }

// Sign signs a message with the tenant's key in the caller's transaction.
func (k *Keys) Sign(ctx context.Context, tx pgx.Tx, message []byte) (signature, public []byte, err error) {
	s, err := k.Signer(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	return s.Sign(message), s.Public, nil
}

// Signer opens the tenant's key; the first call makes it.
func (k *Keys) Signer(ctx context.Context, tx pgx.Tx) (Signer, error) {
	s, err := k.open(ctx, tx)
	if errors.Is(err, pgx.ErrNoRows) {
		if err = k.make(ctx, tx); err == nil {
			s, err = k.open(ctx, tx)
		}
	}
	return s, postgres.Wrap(err, "signing key")
}

func (k *Keys) open(ctx context.Context, tx pgx.Tx) (Signer, error) {
	var s Signer
	var id string
	var sealed []byte
	err := tx.QueryRow(ctx, `
		select t.id, t.slug, t.kind, t.names, t.demo, k.id, k.public_key, k.sealed
		from app.signing_keys k join app.tenants t on t.id = k.tenant_id where k.retired_at is null and k.algorithm = 'EdDSA'`).
		Scan(&s.Publisher.ID, &s.Publisher.Slug, &s.Publisher.Kind, &s.Publisher.Names, &s.Publisher.Demo, &id, (*[]byte)(&s.Public), &sealed)
	if err != nil {
		return s, err
	}
	seed, err := k.Open(sealed, bound(s.Publisher.ID, id))
	if err != nil || len(seed) != ed25519.SeedSize {
		return s, fmt.Errorf("key %s of %s cannot be opened: the house's secret is another one than it was sealed with", id, s.Publisher.Slug)
	}
	s.private = ed25519.NewKeyFromSeed(seed)
	if !s.Public.Equal(s.private.Public()) {
		return s, fmt.Errorf("key %s of %s: the public part does not belong to the private one", id, s.Publisher.Slug)
	}
	return s, nil
}

// make makes the tenant's key. When two make one at once, the second one waits and finds the first one's.
func (k *Keys) make(ctx context.Context, tx pgx.Tx) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	id := KeyID(public)
	sealed := k.Seal(private.Seed(), bound(scope.Tenant, id))
	tag, err := tx.Exec(ctx, `
		insert into app.signing_keys (id, public_key, sealed) values ($1, $2, $3) on conflict do nothing`, id, []byte(public), sealed)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `insert into app.public_keys (id, public_key) values ($1, $2)`, id, []byte(public)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: "signing-key.create", ObjectKind: "signing-key", ObjectID: id})
}

// bound is what a sealed key is bound to, so that a row copied to another tenant opens nothing.
func bound(tenant tenancy.ID, id string) []byte { return append(tenant[:], id...) }
