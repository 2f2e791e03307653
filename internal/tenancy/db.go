package tenancy

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// DB is the door to tenant tables. It holds the only pool of the application role.
type DB struct{ pool *pgxpool.Pool }

// New returns the door over a pool of the application role, see postgres.Open and postgres.Guard.
func New(pool *pgxpool.Pool) *DB { return &DB{pool} }

// Pool hands out the pool to the packages that keep tables of no tenant (jobs, sign-in); archtest lists them.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// begin opens a transaction and sets the scope in the same round trip. The settings are built from parsed UUIDs, so
// nothing of a client's can be in the text, and they end with the transaction (`set local`); set_config is revoked
// from the application role, so that injected SQL could not switch the tenant inside a statement.
func begin(s Scope, mode string) pgx.TxOptions {
	return pgx.TxOptions{BeginQuery: "begin " + mode + settings(s)}
}

func settings(s Scope) string {
	return fmt.Sprintf("; set local app.tenant = '%s'; set local app.actor = '%s'", idText(s.Tenant), idText(s.Actor))
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// Tx runs fn in a transaction in the scope of ctx and commits it when fn returns nil.
func (d *DB) Tx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	return d.run(ctx, "isolation level read committed read write", fn)
}

// Read runs fn in a read-only transaction in the scope of ctx; all its statements see the same instant.
func (d *DB) Read(ctx context.Context, fn func(tx pgx.Tx) error) error {
	return d.run(ctx, "isolation level repeatable read read only", fn)
}

func (d *DB) run(ctx context.Context, mode string, fn func(tx pgx.Tx) error) error {
	s, err := From(ctx)
	if err != nil {
		return err
	}
	if w, ok := ctx.Value(wholeKey{}).(*whole); ok {
		return w.part(ctx, s, fn)
	}
	err = pgx.BeginTxFunc(ctx, d.pool, begin(s, mode), fn)
	return postgres.Wrap(err, "transaction of %s", s.Slug)
}

// ReadPublic sends begin, the statements of b and commit in one round trip in the scope Public, whoever asks, and reads
// the results with their callbacks (pgx.QueuedQuery). It is for the reads that anybody may ask thousands of times a second.
func (d *DB) ReadPublic(ctx context.Context, b *pgx.Batch) error {
	whole := &pgx.Batch{}
	whole.Queue("begin read only")
	whole.Queue("set local app.tenant = ''")
	whole.QueuedQueries = append(whole.QueuedQueries, b.QueuedQueries...)
	whole.Queue("commit")
	return postgres.Wrap(d.pool.SendBatch(ctx, whole).Close(), "public batch")
}
