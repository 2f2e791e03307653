package marks

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// The sweep of alerts: jobs.Sweep(marks.WatchName, marks.WatchEvery, batches.Watch).
const (
	WatchName  = "mark-alerts"
	WatchEvery = 10 * time.Minute
)

// mostRaised is how many alerts of a kind one sweep raises; a flood is told by the first of them.
const mostRaised = 500

// Watch looks at the scans of the last time and at the mass balances, and raises what should not be so. It may be done as often as one likes: nothing is raised twice.
func (s *Batches) Watch(ctx context.Context) error {
	now := s.now().UTC()
	since := now.Add(-watchWindow)
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		look := func(kind AlertKind, rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, scanFound)
			if err != nil {
				return postgres.Wrap(err, "scans for %s", kind)
			}
			return raiseAll(ctx, tx, kind, all, now)
		}
		rows, _ := tx.Query(ctx, farApartSQL, since, farWithin, farCountries, mostRaised)
		if err := look(AlertFarApart, rows); err != nil {
			return err
		}
		rows, _ = tx.Query(ctx, burstSQL, since, burstScans, mostRaised)
		if err := look(AlertBurst, rows); err != nil {
			return err
		}
		for kind, verdict := range map[AlertKind]Verdict{AlertNotIssued: NotIssued, AlertVoid: Voided, AlertStopped: Stopped} {
			rows, _ = tx.Query(ctx, verdictSQL, since, verdict, mostRaised)
			if err := look(kind, rows); err != nil {
				return err
			}
		}
		rows, _ = tx.Query(ctx, noLotSQL, since, now.Add(-useRecordedIn), int(useRecordedIn.Minutes()), mostRaised)
		if err := look(AlertNoLot, rows); err != nil {
			return err
		}
		return weighAll(ctx, tx, now)
	})
}

func raiseAll(ctx context.Context, tx pgx.Tx, kind AlertKind, all []Alert, now time.Time) error {
	for _, a := range all {
		a.Kind, a.Day = kind, a.Evidence.LastAt.UTC().Truncate(24*time.Hour)
		a.Evidence.Countries = slices.DeleteFunc(a.Evidence.Countries, func(c string) bool { return c == "" })
		if err := raised(ctx, tx, a, now); err != nil {
			return err
		}
	}
	return nil
}

// raised raises an alert, and writes it into the trail when it is a new one.
func raised(ctx context.Context, tx pgx.Tx, a Alert, now time.Time) error {
	made, isNew, err := raise(ctx, tx, a, now)
	if err != nil || !isNew {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: "mark-alert.raise", ObjectKind: "mark-alert", ObjectID: made.ID.String(), After: made})
}

// Alerts is a page of alerts, the newest first, and the cursor of the next.
func (s *Batches) Alerts(ctx context.Context, f AlertFilter, limit int, cursor string) (all []Alert, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listAlerts(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountAlerts is how many a filter chooses.
func (s *Batches) CountAlerts(ctx context.Context, f AlertFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenAlerts, f.Kind, f.Status, f.Batch, f.Holder).Scan(&n), "mark alerts")
	})
	return n, err
}

// Alert reads one.
func (s *Batches) Alert(ctx context.Context, id uuid.UUID) (a Alert, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+alertColumns+` from app.mark_alerts l where l.id = $1`, id)
		a, err = oneAlert(rows, id)
		return err
	})
	return a, err
}

// Decide writes what an officer makes of the version that was read, with the reason.
func (s *Batches) Decide(ctx context.Context, id uuid.UUID, version int, act AlertAct, reason string) (a Alert, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+alertColumns+` from app.mark_alerts l where l.id = $1 for update`, id)
		if a, err = oneAlert(rows, id); err != nil {
			return err
		}
		if a.Version != version {
			return problem.ErrStale
		}
		before := a
		if err := a.decide(act, reason); err != nil {
			return err
		}
		var by Event
		signed(ctx, &by)
		rows, _ = tx.Query(ctx, `
			update app.mark_alerts l set version = version + 1, status = $2, reason = $3, decided_by = $4, decided_name = $5, decided_at = $6 where l.id = $1 returning `+alertColumns,
			id, a.Status, a.Reason, by.RecordedBy, by.RecordedName, s.now())
		if a, err = oneAlert(rows, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-alert." + string(act), ObjectKind: "mark-alert", ObjectID: id.String(), Before: before, After: a})
	})
	return a, err
}

// Land is what was scanned in a country.
type Land struct {
	Country    string // empty: the house was not told
	Scans      int
	Codes      int // different ones
	Suspicious int // scans of marks that should be on nothing
	LastAt     time.Time
}

// Lands sums the scans of a period by country, for a map.
func (s *Batches) Lands(ctx context.Context, batch *uuid.UUID, from, to time.Time) (all []Land, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select country, count(*), count(distinct (batch_id, number)), count(*) filter (where verdict in ('not-issued', 'void', 'stopped')), max(scanned_at)
			from app.mark_scans where scanned_at >= $1 and scanned_at < $2 and ($3::uuid is null or batch_id = $3) group by country limit 300`, from, to.AddDate(0, 0, 1), batch)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Land])
		slices.SortFunc(all, func(a, b Land) int { return cmp.Or(b.Scans-a.Scans, cmp.Compare(a.Country, b.Country)) })
		return postgres.Wrap(err, "scans by country")
	})
	return all, err
}
