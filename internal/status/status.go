package status

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Read reads what is published about the name asked for, here and in the houses that this one follows, in one round trip. In
// a sandbox it reads what that published and nothing else.
func Read(ctx context.Context, db *tenancy.DB, q Question) (Facts, error) {
	var f Facts
	b := &pgx.Batch{}
	for _, asked := range q.Queue(b) {
		asked.Query(func(rows pgx.Rows) error { return read(rows, &f) })
	}
	for _, asked := range q.queueUses(b) {
		asked.Query(func(rows pgx.Rows) error { return readUses(rows, &f) })
	}
	s, err := tenancy.From(ctx)
	if err != nil || !s.Demo {
		return f, db.ReadPublic(ctx, b)
	}
	// Tenants of a sandbox are demonstrations; whether one is of a sandbox the database knows.
	b.Queue(`select app.sandbox() is not null`).QueryRow(func(row pgx.Row) error { return row.Scan(&f.Sandbox) })
	err = db.Read(ctx, func(tx pgx.Tx) error { return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "status") })
	return f, err
}

// Check answers a question.
func Check(ctx context.Context, db *tenancy.DB, q Question) (Answer, error) {
	f, err := Read(ctx, db, q)
	if err != nil {
		return Answer{}, err
	}
	a := Decide(q, f)
	a.Sandbox = f.Sandbox
	return a, nil
}
