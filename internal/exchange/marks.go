package exchange

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// Mark is a change without what it says: reading it leaves no receipt.
type Mark struct {
	Seq   Position
	Event EventKind
	Kind  string // of the publication
}

// Marks are the next changes that the tenant may read, at most limit, and the position after them.
func Marks(ctx context.Context, tx pgx.Tx, after Position, limit int) (marks []Mark, to Position, err error) {
	var head Position
	if err := tx.QueryRow(ctx, `select app.sequence_changes()`).Scan(&head); err != nil {
		return nil, after, postgres.Wrap(err, "number changes")
	}
	to = min(head, after+scanWindow)
	rows, _ := tx.Query(ctx, `
		select c.seq, c.event, c.kind from app.changes c
		where c.seq > $1 and c.seq <= $2 and (c.reader is null or c.reader = app.tenant())
			and (c.event in ('publish', 'withdraw') or c.tenant_id is distinct from app.tenant())
		order by c.seq limit $3`, pgx.QueryExecModeCacheDescribe, after, to, limit)
	marks, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Mark])
	if err == nil && len(marks) == limit {
		to = marks[limit-1].Seq
	}
	return marks, max(to, after), postgres.Wrap(err, "marks")
}

// Head is the position after the last change of the feed.
func (x *Exchange) Head(ctx context.Context) (Position, error) { return x.peek(ctx) }
