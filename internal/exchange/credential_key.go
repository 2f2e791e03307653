package exchange

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Private is the key of a signer for libraries that sign by themselves, such as JOSE.
func (s Signer) Private() any { return s.private }

// CurveSigner signs with a tenant's P-256 key, for readers of credentials that know no Ed25519.
type CurveSigner struct {
	KeyID     string // the first 8 bytes of the SHA-256 of the uncompressed point, in hexadecimal
	Publisher Publisher
	private   *ecdsa.PrivateKey
}

// Private is the key.
func (s CurveSigner) Private() *ecdsa.PrivateKey { return s.private }

// CurveSigner opens the tenant's P-256 key; the first call makes it.
func (k *Keys) CurveSigner(ctx context.Context, tx pgx.Tx) (CurveSigner, error) {
	s, err := k.openCurve(ctx, tx)
	if errors.Is(err, pgx.ErrNoRows) {
		if err = k.makeCurve(ctx, tx); err == nil {
			s, err = k.openCurve(ctx, tx)
		}
	}
	return s, postgres.Wrap(err, "P-256 key")
}

func (k *Keys) openCurve(ctx context.Context, tx pgx.Tx) (CurveSigner, error) {
	var s CurveSigner
	var public, sealed []byte
	err := tx.QueryRow(ctx, `
		select t.id, t.slug, t.kind, t.names, t.demo, k.id, k.public_key, k.sealed
		from app.signing_keys k join app.tenants t on t.id = k.tenant_id where k.retired_at is null and k.algorithm = 'ES256'`).
		Scan(&s.Publisher.ID, &s.Publisher.Slug, &s.Publisher.Kind, &s.Publisher.Names, &s.Publisher.Demo, &s.KeyID, &public, &sealed)
	if err != nil {
		return s, err
	}
	scalar, err := k.Open(sealed, bound(s.Publisher.ID, s.KeyID))
	if err != nil {
		return s, fmt.Errorf("key %s of %s: %w", s.KeyID, s.Publisher.Slug, err)
	}
	if s.private, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar); err != nil {
		return s, fmt.Errorf("key %s of %s: %w", s.KeyID, s.Publisher.Slug, err)
	}
	if point, err := s.private.PublicKey.Bytes(); err != nil || string(point) != string(public) {
		return s, fmt.Errorf("key %s of %s: the public part does not belong to the private one", s.KeyID, s.Publisher.Slug)
	}
	return s, nil
}

// makeCurve makes the tenant's key, as make does.
func (k *Keys) makeCurve(ctx context.Context, tx pgx.Tx) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		return err
	}
	scalar, err := private.Bytes()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(point)
	id := hexed(sum[:8])
	tag, err := tx.Exec(ctx, `
		insert into app.signing_keys (id, algorithm, public_key, sealed) values ($1, 'ES256', $2, $3) on conflict do nothing`, id, point, k.Seal(scalar, bound(scope.Tenant, id)))
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `insert into app.public_keys (id, algorithm, public_key) values ($1, 'ES256', $2)`, id, point); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: "signing-key.create", ObjectKind: "signing-key", ObjectID: id})
}
