package exchange

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// KeyID names a public key: the first 8 bytes of its SHA-256, in hexadecimal.
func KeyID(public ed25519.PublicKey) string { return idOf(public) }

// idOf names a public key in the form in which it is kept: 32 bytes of Ed25519, or an uncompressed point of P-256.
func idOf(public []byte) string {
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

// Keys makes and opens the tenants' signing keys. Private parts are in the database, sealed, and what seals them is not; or they are
// in custody, and the database has nothing but what they are called there.
type Keys struct {
	Custody *custody.Custody // nil: the database
	seals   []cipher.AEAD    // the first one seals, all of them open
	marking []byte           // keys Mark
}

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
	var err error
	k.marking, err = hkdf.Key(sha256.New, master[:], nil, "helianthus marks of secrets", 32)
	return k, err
}

// Seal hides a secret of the house's own, such as a private key, so that the database alone gives nothing away. What it
// is sealed for must be named again to open it: a row copied elsewhere opens nothing.
func (k *Keys) Seal(secret, name []byte) []byte {
	return k.seals[0].Seal(nil, nil, secret, name) //nolint:gosec // the cipher draws the nonce itself
}

// Mark is a short mark of a secret under a name, by which two are told apart without being shown. It changes with the house's secret.
func (k *Keys) Mark(secret, name []byte) string {
	h := hmac.New(sha256.New, k.marking)
	h.Write(name)
	h.Write([]byte{0})
	h.Write(secret)
	return hexed(h.Sum(nil)[:2])
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
	private   crypto.Signer
	elsewhere bool // the key is held by another than the database, and a signature may take its time
}

// Sign signs a message. The caller puts a prefix before it that says what the signature is of. It returns
// custody.ErrUnavailable when the key is held elsewhere and nobody answers there.
func (s Signer) Sign(message []byte) ([]byte, error) {
	return s.private.Sign(rand.Reader, message, crypto.Hash(0))
}

// Sign signs a message with the tenant's key in the caller's transaction.
func (k *Keys) Sign(ctx context.Context, tx pgx.Tx, message []byte) (signature, public []byte, err error) {
	s, err := k.Signer(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	signature, err = s.Sign(message)
	return signature, s.Public, err
}

// Signer opens the tenant's key; the first call makes it.
func (k *Keys) Signer(ctx context.Context, tx pgx.Tx) (Signer, error) {
	p, err := k.present(ctx, tx, custody.EdDSA)
	if err != nil {
		return Signer{}, postgres.Wrap(err, "signing key")
	}
	return Signer{p.publisher, p.private.Public().(ed25519.PublicKey), p.private, p.elsewhere}, nil
}

// present is a key that signs now.
type present struct {
	id        string
	publisher Publisher
	private   crypto.Signer // of the public half in the database
	elsewhere bool
}

// present opens the tenant's key of an algorithm; the first call makes it.
func (k *Keys) present(ctx context.Context, tx pgx.Tx, a custody.Algorithm) (present, error) {
	p, err := k.open(ctx, tx, a)
	if errors.Is(err, pgx.ErrNoRows) {
		if err = k.make(ctx, tx, a); err == nil {
			p, err = k.open(ctx, tx, a)
		}
		if errors.Is(err, pgx.ErrNoRows) { // the key that is provided is one that was retired
			err = custody.ErrNotProvided
		}
	}
	return p, err
}

func (k *Keys) open(ctx context.Context, tx pgx.Tx, a custody.Algorithm) (p present, err error) {
	var public, sealed []byte
	var ref string
	err = tx.QueryRow(ctx, `
		select t.id, t.slug, t.kind, t.names, t.demo, k.id, k.public_key, k.sealed, coalesce(k.held_as, '')
		from app.signing_keys k join app.tenants t on t.id = k.tenant_id where k.retired_at is null and k.algorithm = $1`, a).
		Scan(&p.publisher.ID, &p.publisher.Slug, &p.publisher.Kind, &p.publisher.Names, &p.publisher.Demo, &p.id, &public, &sealed, &ref)
	if err != nil {
		return p, err
	}
	known, err := readPublic(a, public)
	if err != nil {
		return p, fmt.Errorf("key %s of %s: %w", p.id, p.publisher.Slug, err)
	}
	if ref != "" {
		p.private, p.elsewhere = k.Custody.Signer(ctx, custody.Key{Ref: ref, Public: known}), true
		return p, nil
	}
	secret, err := k.Open(sealed, bound(p.publisher.ID, p.id))
	if err == nil {
		p.private, err = readPrivate(a, secret)
	}
	if err != nil {
		return p, fmt.Errorf("key %s of %s: %w", p.id, p.publisher.Slug, err)
	}
	if !known.Equal(p.private.Public()) {
		return p, fmt.Errorf("key %s of %s: the public part does not belong to the private one", p.id, p.publisher.Slug)
	}
	return p, nil
}

// make makes the tenant's key. When two make one at once, the second one waits and finds the first one's.
func (k *Keys) make(ctx context.Context, tx pgx.Tx, a custody.Algorithm) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	var public []byte
	var id string
	var sealed []byte
	var ref *string
	if k.Custody.Outside() {
		held, err := k.Custody.Make(ctx, "tenants/"+scope.Slug, a)
		if err != nil {
			return err
		}
		if public, err = publicBytes(held.Public); err != nil {
			return err
		}
		id, ref = idOf(public), &held.Ref
	} else {
		var secret []byte
		if public, secret, err = generate(a); err != nil {
			return err
		}
		id = idOf(public)
		sealed = k.Seal(secret, bound(scope.Tenant, id))
	}
	tag, err := tx.Exec(ctx, `
		insert into app.signing_keys (id, algorithm, public_key, sealed, held_as) values ($1, $2, $3, $4, $5) on conflict do nothing`, id, a, public, sealed, ref)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `insert into app.public_keys (id, algorithm, public_key) values ($1, $2, $3)`, id, a, public); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: "signing-key.create", ObjectKind: "signing-key", ObjectID: id})
}

// bound is what a sealed key is bound to, so that a row copied to another tenant opens nothing.
func bound(tenant tenancy.ID, id string) []byte { return append(tenant[:], id...) }
