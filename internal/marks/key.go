package marks

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Key is one that codes are derived with. A batch keeps the one that it was made with: what is printed cannot be changed.
type Key struct {
	Version   int
	CreatedAt time.Time
	RetiredAt *time.Time
}

// keyName is what a sealed key is bound to, so that a row copied to another tenant or version opens nothing.
func keyName(tenant tenancy.ID, version int) []byte {
	return fmt.Appendf(nil, "%s mark key %d", tenant, version)
}

// presentKey is the version of the key that new batches are made with; the first call makes it.
func presentKey(ctx context.Context, tx pgx.Tx, vault *exchange.Keys) (version int, err error) {
	for range 2 {
		err = tx.QueryRow(ctx, `select version from app.mark_keys where retired_at is null`).Scan(&version)
		if !errors.Is(err, pgx.ErrNoRows) {
			return version, postgres.Wrap(err, "mark key")
		}
		if err := makeKey(ctx, tx, vault, 1); err != nil {
			return 0, err
		}
	}
	return 0, postgres.Wrap(err, "mark key")
}

func makeKey(ctx context.Context, tx pgx.Tx, vault *exchange.Keys, version int) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	secret := make([]byte, keyBytes)
	_, _ = rand.Read(secret) // never fails
	tag, err := tx.Exec(ctx, `insert into app.mark_keys (version, sealed) values ($1, $2) on conflict do nothing`, version, vault.Seal(secret, keyName(scope.Tenant, version)))
	if err != nil || tag.RowsAffected() == 0 { // two made it at once: the first one's is it
		return postgres.Wrap(err, "mark key %d", version)
	}
	return audit.Record(ctx, tx, audit.Event{Action: "mark-key.create", ObjectKind: "mark-key", ObjectID: fmt.Sprint(version)})
}

// openKey is the secret of a version.
func openKey(ctx context.Context, tx pgx.Tx, vault *exchange.Keys, tenant tenancy.ID, version int) ([]byte, error) {
	var sealed []byte
	if err := tx.QueryRow(ctx, `select sealed from app.mark_keys where version = $1`, version).Scan(&sealed); err != nil {
		return nil, postgres.Wrap(err, "mark key %d", version)
	}
	secret, err := vault.Open(sealed, keyName(tenant, version))
	if err != nil {
		return nil, fmt.Errorf("mark key %d: %w", version, err)
	}
	return secret, nil
}

// sealerOf makes the codes of a batch of the tenant's.
func sealerOf(ctx context.Context, tx pgx.Tx, vault *exchange.Keys, tenant tenancy.ID, b Batch) (*Sealer, []byte, error) {
	secret, err := openKey(ctx, tx, vault, tenant, b.KeyVersion)
	if err != nil {
		return nil, nil, err
	}
	s, err := NewSealer(secret, b.ID, b.Code)
	return s, secret, err
}

// Keys lists the tenant's keys, the newest first.
func (s *Batches) Keys(ctx context.Context) (all []Key, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, err = keys(ctx, tx); return err })
	return all, err
}

func keys(ctx context.Context, tx pgx.Tx) ([]Key, error) {
	rows, _ := tx.Query(ctx, `select version, created_at, retired_at from app.mark_keys order by version desc limit 200`)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Key])
	return all, postgres.Wrap(err, "mark keys")
}

// RotateKey makes the key of the batches to come. What was printed stays genuine.
func (s *Batches) RotateKey(ctx context.Context) (k Key, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		var version int
		err := tx.QueryRow(ctx, `select version from app.mark_keys where retired_at is null for update`).Scan(&version)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return postgres.Wrap(err, "mark key")
		}
		if _, err := tx.Exec(ctx, `update app.mark_keys set retired_at = now() where version = $1`, version); err != nil {
			return postgres.Wrap(err, "mark key %d", version)
		}
		if err := makeKey(ctx, tx, s.vault, version+1); err != nil {
			return err
		}
		all, err := keys(ctx, tx)
		if err != nil {
			return err
		}
		k = all[0]
		return audit.Record(ctx, tx, audit.Event{Action: "mark-key.rotate", ObjectKind: "mark-key", ObjectID: fmt.Sprint(k.Version), After: k})
	})
	return k, err
}

// The sweep of the keys: jobs.Sweep(marks.KeySweepName, marks.KeySweepEvery, batches.Reseal).
const (
	KeySweepName  = "mark-keys"
	KeySweepEvery = time.Hour
)

// Reseal seals with the house's present secret what an older one sealed. It may be done twice.
func (s *Batches) Reseal(ctx context.Context) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	type row struct {
		Version int
		Sealed  []byte
	}
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select version, sealed from app.mark_keys order by version`)
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil {
			return postgres.Wrap(err, "mark keys")
		}
		b := &pgx.Batch{}
		for _, r := range all {
			sealed, renewed, err := s.vault.Renew(r.Sealed, keyName(scope.Tenant, r.Version))
			if err != nil {
				return fmt.Errorf("mark key %d: %w", r.Version, err)
			}
			if renewed {
				b.Queue(`update app.mark_keys set sealed = $2 where version = $1`, r.Version, sealed)
			}
		}
		return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "mark keys")
	})
}
