package status

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Read reads what is published about the name asked for, here and in the houses that this one follows, in one round trip.
func Read(ctx context.Context, db *tenancy.DB, q Question) (Facts, error) {
	var f Facts
	b := &pgx.Batch{}
	for _, asked := range q.Queue(b) {
		asked.Query(func(rows pgx.Rows) error { return read(rows, &f) })
	}
	return f, db.ReadPublic(ctx, b)
}

// Check answers a question.
func Check(ctx context.Context, db *tenancy.DB, q Question) (Answer, error) {
	f, err := Read(ctx, db, q)
	if err != nil {
		return Answer{}, err
	}
	return Decide(q, f), nil
}
