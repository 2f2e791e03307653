package marks

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// mostTasks are shown.
const mostTasks = 100

// Tasks tells of uses that an officer has to decide on: their registration ended at origin, or the last day of a rectification is
// over, as Proposals proposes of one; of visits that are late, and of complaints that are due.
func Tasks(ctx context.Context, tx pgx.Tx, today time.Time) ([]recognition.Task, error) {
	rows, _ := tx.Query(ctx, `
		select $2::text, a.id, a.title, r.office, null::date from app.mark_authorisations a join app.registrations r on r.tenant_id = a.tenant_id and r.id = a.registration_id
		where a.status in ('active', 'rectifying', 'abnormal') and r.status in ('cancelled', 'surrendered', 'lapsed')
		union all
		select $3, a.id, a.title, r.office, a.due_on from app.mark_authorisations a join app.registrations r on r.tenant_id = a.tenant_id and r.id = a.registration_id
		where a.status = 'rectifying' and a.due_on < $1
		union all
		select $4, a.id, a.title, r.office, v.planned_on from app.mark_visits v join app.mark_authorisations a on a.tenant_id = v.tenant_id and a.id = v.authorisation_id
		join app.registrations r on r.tenant_id = a.tenant_id and r.id = a.registration_id
		where v.status = 'planned' and v.planned_on < $1
		limit $5`, today, recognition.TaskUser, recognition.TaskUserLate, recognition.TaskVisit, mostTasks)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t recognition.Task, err error) {
		err = row.Scan(&t.Kind, &t.Object, &t.Name, &t.Market, &t.DueOn)
		return t, err
	})
	if err != nil {
		return nil, postgres.Wrap(err, "users of marks to decide on")
	}
	due, err := complaintsDue(ctx, tx, today)
	return append(all, due...), err
}

// complaintsDue are complaints whose clock ends today or tomorrow, or ran out.
func complaintsDue(ctx context.Context, tx pgx.Tx, today time.Time) (due []recognition.Task, err error) {
	all, titles, err := openComplaints(ctx, tx)
	for _, c := range all {
		if c.Clock == nil || c.Clock.DueOn.After(today.AddDate(0, 0, 1)) || len(due) == mostTasks {
			continue
		}
		due = append(due, recognition.Task{Kind: recognition.TaskComplaint, Object: c.AuthorisationID, Name: titles[c.AuthorisationID], Market: clockOffice, DueOn: &c.Clock.DueOn})
	}
	return due, err
}
