package dossier

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// mostTasks are shown.
const mostTasks = 100

// Tasks tells of dossiers that are worked on, or are out, while the registration that they present no longer holds.
func Tasks(ctx context.Context, tx pgx.Tx) ([]recognition.Task, error) {
	rows, _ := tx.Query(ctx, `
		select d.id, r.title, d.market from app.dossiers d join app.registrations r on r.tenant_id = d.tenant_id and r.id = d.registration_id
		where d.status not in ('superseded', 'withdrawn') and r.status in ('cancelled', 'surrendered', 'lapsed') order by d.id desc limit $1`, mostTasks)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (recognition.Task, error) {
		t := recognition.Task{Kind: recognition.TaskDossier}
		return t, row.Scan(&t.Object, &t.Name, &t.Market)
	})
	return all, postgres.Wrap(err, "dossiers of registrations that ended")
}
