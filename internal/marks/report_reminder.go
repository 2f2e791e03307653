package marks

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// The sweep of reports: jobs.Sweep(marks.ReportSweepName, marks.ReportSweepEvery, authorisations.RemindOfReports).
const (
	ReportSweepName  = "mark-reports"
	ReportSweepEvery = time.Hour
)

// mostReminded is how many reports a sweep tells of; the rest is told by the next one.
const mostReminded = 1000

// RemindOfReports writes into the trail which reports of use are due soon, from which endpoints are told: lawful users have to report
// regularly (notice 354 of 2020). Each day on which a report is due is reminded of by itself. It may be done twice.
func (s *Authorisations) RemindOfReports(ctx context.Context) error {
	now := s.now().UTC()
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select id, due from (
				select a.id, (greatest(a.from_on, (select max(e.happened_on) from app.mark_authorisation_events e where e.tenant_id = a.tenant_id and e.authorisation_id = a.id and e.act = 'report'))
					+ make_interval(months => r.report_months))::date as due
				from app.mark_authorisations a cross join app.mark_rules r
				where a.status in ('active', 'rectifying', 'abnormal') and r.report_months is not null) d
			where due > $1::timestamptz::date and due <= $2::timestamptz::date order by due, id limit $3`, now, now.Add(audit.FirstReminder), mostReminded)
		type end struct {
			ID  ID
			Due time.Time
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[end])
		if err != nil {
			return postgres.Wrap(err, "reports of marks that are due")
		}
		for _, e := range all {
			due := audit.Event{Action: "mark-report.end-soon", ObjectKind: "mark-report", ObjectID: e.ID.String() + "/" + e.Due.Format(time.DateOnly)}
			if err := audit.Remind(ctx, tx, due, e.Due, now); err != nil {
				return err
			}
		}
		return nil
	})
}
