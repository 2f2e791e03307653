package identity

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// The sweep of ends.
const (
	EndSweepName  = "api-client-ends"
	EndSweepEvery = time.Hour
)

// RemindOfEnds writes into the trail which machines and which of their certificates end soon: whose partner does nothing in time
// stands before a closed door. It may be done twice.
func (i *Identity) RemindOfEnds(ctx context.Context) error {
	return i.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select 'api-client', id::text, expires_at from app.api_clients where revoked_at is null and expires_at between $1 and $2
			union all
			select 'api-client-key', k.id::text, k.expires_at
			from app.api_client_keys k join app.api_clients c on c.tenant_id = k.tenant_id and c.id = k.client_id
			where k.revoked_at is null and c.revoked_at is null and k.expires_at between $1 and $2
			limit 1000`, i.now(), i.now().Add(audit.FirstReminder))
		type end struct {
			Kind, ID string
			At       time.Time
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[end])
		if err != nil {
			return postgres.Wrap(err, "machines that end")
		}
		for _, e := range all {
			if err := audit.Remind(ctx, tx, audit.Event{Action: e.Kind + ".end-soon", ObjectKind: e.Kind, ObjectID: e.ID}, e.At, i.now()); err != nil {
				return err
			}
		}
		return nil
	})
}
