package exchange

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of signing keys.
var (
	ErrSigningKeyNotFound = problem.New(problem.NotFound, "signing-key.not-found")
	ErrSigningKeyRetired  = problem.New(problem.Conflict, "signing-key.retired")
)

// Why says why a signing key was retired.
type Why string

// The reasons.
const (
	Routine     Why = "routine"
	Compromised Why = "compromised" // somebody else may have it: what it signed counts only where the log says that it was before
	Expired     Why = "expired"
)

// SigningKey is a key that the tenant signs with, or signed with.
type SigningKey struct {
	ID         string     `json:"id"`
	Algorithm  string     `json:"algorithm"` // EdDSA or ES256
	CreatedAt  time.Time  `json:"createdAt"`
	ExpiresAt  time.Time  `json:"expiresAt"`
	RetiredAt  *time.Time `json:"retiredAt,omitempty"`
	RetiredWhy Why        `json:"retiredWhy,omitempty"`
}

const signingKeyColumns = `id, algorithm, created_at, expires_at, retired_at, retired_why`

// SigningKeys lists the tenant's keys, the newest first, two hundred at most.
func (x *Exchange) SigningKeys(ctx context.Context) (all []SigningKey, err error) {
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+signingKeyColumns+` from app.signing_keys order by created_at desc, id limit 200`)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[SigningKey])
		return postgres.Wrap(err, "signing keys")
	})
	return all, err
}

// SigningKey reads one of the tenant's keys.
func (x *Exchange) SigningKey(ctx context.Context, id string) (k SigningKey, err error) {
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+signingKeyColumns+` from app.signing_keys where id = $1`, id)
		k, err = oneSigningKey(rows, id)
		return err
	})
	return k, err
}

func oneSigningKey(rows pgx.Rows, id string) (SigningKey, error) {
	k, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[SigningKey])
	if errors.Is(err, pgx.ErrNoRows) {
		return k, ErrSigningKeyNotFound
	}
	return k, postgres.Wrap(err, "signing key %s", id)
}

// RotateKey retires a signing key and makes the next one of its algorithm, which signs from then on. What the old one signed stays
// good: its public half is given out for ever.
func (x *Exchange) RotateKey(ctx context.Context, id string, why Why) (next SigningKey, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		next, err = x.keys.rotate(ctx, tx, id, why)
		return err
	})
	return next, err
}

func (k *Keys) rotate(ctx context.Context, tx pgx.Tx, id string, why Why) (next SigningKey, err error) {
	rows, _ := tx.Query(ctx, `select `+signingKeyColumns+` from app.signing_keys where id = $1 for update`, id)
	old, err := oneSigningKey(rows, id)
	if err != nil {
		return next, err
	}
	if old.RetiredAt != nil {
		return next, ErrSigningKeyRetired
	}
	if _, err := tx.Exec(ctx, `update app.signing_keys set retired_at = now(), retired_why = $2 where id = $1`, id, why); err != nil {
		return next, postgres.Wrap(err, "signing key %s", id)
	}
	if _, err := tx.Exec(ctx, `update app.public_keys set retired_at = now(), retired_why = $2 where tenant_id = app.tenant() and id = $1`, id, why); err != nil {
		return next, postgres.Wrap(err, "public key %s", id)
	}
	if err := k.make(ctx, tx, custody.Algorithm(old.Algorithm)); err != nil {
		return next, err
	}
	rows, _ = tx.Query(ctx, `select `+signingKeyColumns+` from app.signing_keys where algorithm = $1 and retired_at is null`, old.Algorithm)
	next, err = oneSigningKey(rows, "after "+id)
	if errors.Is(err, ErrSigningKeyNotFound) { // the key that is provided is this one, or one before it
		return next, custody.ErrNotProvided
	}
	if err != nil {
		return next, err
	}
	return next, audit.Record(ctx, tx, audit.Event{Action: "signing-key.rotate", ObjectKind: "signing-key", ObjectID: id, Before: old, After: map[string]any{"next": next, "why": why}})
}

// The sweep of signing keys: jobs.Sweep(exchange.KeySweepName, exchange.KeySweepEvery, x.TendKeys).
const (
	KeySweepName  = "signing-keys"
	KeySweepEvery = time.Hour
)

// TendKeys seals the tenant's keys with the house's present secret, rotates those whose end has come, and reminds of those whose end
// is near: partners who verify offline need the next one. It may be done twice.
func (x *Exchange) TendKeys(ctx context.Context) error {
	return x.db.Tx(ctx, func(tx pgx.Tx) error {
		if err := x.keys.reseal(ctx, tx); err != nil {
			return err
		}
		ending, err := EndingKeys(ctx, tx, x.now())
		if err != nil {
			return err
		}
		for _, k := range ending {
			if !k.ExpiresAt.After(x.now()) {
				if _, err := x.keys.rotate(ctx, tx, k.ID, Expired); err != nil {
					return err
				}
				continue
			}
			slog.WarnContext(ctx, "a signing key ends soon", "key", k.ID, "ends", k.ExpiresAt)
			if err := audit.Remind(ctx, tx, audit.Event{Action: "signing-key.end-soon", ObjectKind: "signing-key", ObjectID: k.ID}, k.ExpiresAt, x.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// EndingKeys are the tenant's present keys whose end is near, or has come.
func EndingKeys(ctx context.Context, tx pgx.Tx, now time.Time) ([]SigningKey, error) {
	rows, _ := tx.Query(ctx, `select `+signingKeyColumns+` from app.signing_keys where retired_at is null and expires_at <= $1 order by id`, now.Add(audit.FirstReminder))
	ending, err := pgx.CollectRows(rows, pgx.RowToStructByPos[SigningKey])
	return ending, postgres.Wrap(err, "signing keys that end")
}

// reseal seals what an older secret of the house sealed.
func (k *Keys) reseal(ctx context.Context, tx pgx.Tx) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `select id, sealed from app.signing_keys where sealed is not null order by id`)
	type row struct {
		ID     string
		Sealed []byte
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return postgres.Wrap(err, "sealed keys")
	}
	b := &pgx.Batch{}
	for _, r := range all {
		sealed, renewed, err := k.Renew(r.Sealed, bound(scope.Tenant, r.ID))
		if err != nil {
			return err
		}
		if renewed {
			b.Queue(`update app.signing_keys set sealed = $2 where id = $1`, r.ID, sealed)
		}
	}
	return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "sealed keys")
}
