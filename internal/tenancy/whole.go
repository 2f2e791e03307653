package tenancy

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// whole is one transaction that holds all that is done in a context.
type whole struct {
	tx    pgx.Tx
	scope Scope // what the transaction is set to at present
}

type wholeKey struct{}

// Whole runs fn in a transaction in the scope of ctx, and whatever is done through the door in fn's context is a part of it:
// Tx and Read become savepoints. So a request and the record that it was answered hold together or not at all. What a
// part of it reads may change between two statements, as read committed does. Nothing in fn may use two parts at once.
func (d *DB) Whole(ctx context.Context, fn func(ctx context.Context, tx pgx.Tx) error) error {
	s, err := From(ctx)
	if err != nil {
		return err
	}
	err = pgx.BeginTxFunc(ctx, d.pool, begin(s, "isolation level read committed read write"), func(tx pgx.Tx) error {
		return fn(context.WithValue(ctx, wholeKey{}, &whole{tx, s}), tx)
	})
	return postgres.Wrap(err, "transaction of %s", s.Slug)
}

// part runs fn in a savepoint in the scope s. A savepoint that is rolled back takes its settings with it; one that is
// released leaves them, hence the second change.
func (w *whole) part(ctx context.Context, s Scope, fn func(tx pgx.Tx) error) error {
	before := w.scope
	defer func() { w.scope = before }()
	err := pgx.BeginFunc(ctx, w.tx, func(tx pgx.Tx) error {
		if err := w.enter(ctx, tx, s); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return w.enter(ctx, tx, before)
	})
	return postgres.Wrap(err, "transaction of %s", s.Slug)
}

func (w *whole) enter(ctx context.Context, tx pgx.Tx, s Scope) error {
	if w.scope.Tenant == s.Tenant && w.scope.Actor == s.Actor {
		return nil
	}
	w.scope = s
	_, err := tx.Exec(ctx, "select 1"+settings(s))
	return err
}
