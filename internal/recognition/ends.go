package recognition

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// The sweep of ends.
const (
	EndSweepName  = "recognition-ends"
	EndSweepEvery = time.Hour
)

// RemindOfEnds writes into the trail which recognitions end soon, as far as is known now: producers who print the name have
// to hear of it in time. It may be done twice.
func (s *Recognitions) RemindOfEnds(now func() time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		return s.db.Tx(ctx, func(tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, `
				select id, valid_until from app.recognitions
				where known_until is null and protection <> 'refused' and valid_until > $1::timestamptz::date and valid_until <= $2::timestamptz::date
				order by id limit 1000`, now(), now().Add(audit.FirstReminder))
			type end struct {
				ID    ID
				Until time.Time
			}
			all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[end])
			if err != nil {
				return postgres.Wrap(err, "recognitions that end")
			}
			for _, e := range all {
				if err := audit.Remind(ctx, tx, audit.Event{Action: "recognition.end-soon", ObjectKind: "recognition", ObjectID: e.ID.String()}, e.Until, now()); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
