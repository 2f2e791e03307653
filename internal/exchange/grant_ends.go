package exchange

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// The sweep of grants that end: jobs.Sweep(exchange.GrantSweepName, exchange.GrantSweepEvery, x.RemindOfGrants).
const (
	GrantSweepName  = "grant-ends"
	GrantSweepEvery = time.Hour
)

// RemindOfGrants writes into the trail of either side which rights to read end soon. Who gave one for less than a week needs no
// reminder of it. It may be done twice.
func (x *Exchange) RemindOfGrants(ctx context.Context) error {
	return x.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select id, until_at from app.grants
			where revoked_at is null and until_at between $1 and $2 and until_at >= created_at + interval '7 days' order by id limit 1000`,
			x.now(), x.now().Add(audit.FirstReminder))
		type end struct {
			ID uuid.UUID
			At time.Time
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[end])
		if err != nil {
			return postgres.Wrap(err, "grants that end")
		}
		for _, e := range all {
			if err := audit.Remind(ctx, tx, audit.Event{Action: "grant.end-soon", ObjectKind: "grant", ObjectID: e.ID.String()}, e.At, x.now()); err != nil {
				return err
			}
		}
		return nil
	})
}
