package marks

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrAlertNotFound is returned for an alert that is not there, or another tenant's.
var ErrAlertNotFound = problem.New(problem.NotFound, "mark-alert.not-found")

const alertColumns = `l.id, l.version, l.kind, l.batch_id, l.number, l.authorisation_id, l.day, l.evidence, l.status, l.reason, l.decided_name, l.decided_at, l.raised_at`

func oneAlert(rows pgx.Rows, id uuid.UUID) (Alert, error) {
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Alert])
	if errors.Is(err, pgx.ErrNoRows) {
		return a, ErrAlertNotFound
	}
	return a, postgres.Wrap(err, "mark alert %s", id)
}

// farApartSQL finds marks that were in two countries within a short time, or in many within the window.
const farApartSQL = `
	with s as (
		select batch_id, number, country, scanned_at, lag(country) over w as before, lag(scanned_at) over w as before_at
		from app.mark_scans where scanned_at > $1 and country <> '' window w as (partition by batch_id, number order by scanned_at, id))
	select batch_id, number, null::uuid, count(*), 1, array_agg(distinct country), min(scanned_at), max(scanned_at), array[number],
		(extract(epoch from min(scanned_at - before_at) filter (where country <> before)) / 60)::integer,
		case when min(scanned_at - before_at) filter (where country <> before) <= $2::interval then (extract(epoch from $2::interval) / 60)::integer else $3::integer end
	from s group by batch_id, number
	having min(scanned_at - before_at) filter (where country <> before) <= $2::interval or count(distinct country) >= $3
	order by batch_id, number limit $4`

// burstSQL finds marks that were asked for very often within an hour.
const burstSQL = `
	select batch_id, number, null::uuid, max(scans)::integer, 1, string_to_array((array_agg(countries order by scans desc))[1], ' '), min(first_at), max(last_at), array[number], null::integer, $2::integer
	from (select batch_id, number, count(*) as scans, string_agg(distinct country, ' ') as countries, min(scanned_at) as first_at, max(scanned_at) as last_at
		from app.mark_scans where scanned_at > $1 group by batch_id, number, date_trunc('hour', scanned_at) having count(*) >= $2) h
	group by batch_id, number order by batch_id, number limit $3`

// verdictSQL finds batches of whose marks some were scanned that should be on nothing.
const verdictSQL = `
	select batch_id, null::bigint, null::uuid, count(*), count(distinct number), array_agg(distinct country), min(scanned_at), max(scanned_at), (array_agg(distinct number))[:20], null::integer, 0
	from app.mark_scans where scanned_at > $1 and verdict = $2 group by batch_id order by batch_id limit $3`

// noLotSQL finds holders whose marks are on goods for longer than a use takes to be recorded, and no use of them is.
const noLotSQL = `
	select s.batch_id, null::bigint, a.id, count(*), count(distinct s.number), array_agg(distinct s.country), min(s.scanned_at), max(s.scanned_at), (array_agg(distinct s.number))[:20], null::integer, $3::integer
	from app.mark_scans s
	join app.mark_holdings h on h.tenant_id = s.tenant_id and h.batch_id = s.batch_id and h.numbers @> s.number and h.place_kind = 'issued'
	join app.mark_authorisations a on a.tenant_id = s.tenant_id and a.id::text = h.place_of
	where s.scanned_at > $1 and s.scanned_at < $2 and s.verdict = 'genuine'
	group by s.batch_id, a.id order by s.batch_id, a.id limit $4`

// found is an alert on its way, without its kind and day.
func scanFound(row pgx.CollectableRow) (a Alert, err error) {
	e := &a.Evidence
	err = row.Scan(&a.BatchID, &a.Number, &a.AuthorisationID, &e.Scans, &e.Codes, &e.Countries, &e.FirstAt, &e.LastAt, &e.Numbers, &e.Minutes, &e.Limit)
	return a, err
}

// raise writes an alert, or what it has become of one that is open and of the same day. It returns false for one that was there, and for
// one that an officer called a false alarm.
func raise(ctx context.Context, tx pgx.Tx, a Alert, now time.Time) (made Alert, isNew bool, err error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_alerts as l (kind, batch_id, number, authorisation_id, day, evidence, raised_at)
		select $1, $2, $3, $4, $5, $6, $7 where not exists (
			select from app.mark_alerts d where d.kind = $1 and d.batch_id is not distinct from $2 and d.number is not distinct from $3 and d.authorisation_id is not distinct from $4 and d.status = 'dismissed' and d.decided_at > $8)
		on conflict on constraint mark_alerts_once_key do nothing returning `+alertColumns,
		a.Kind, a.BatchID, a.Number, a.AuthorisationID, a.Day, a.Evidence, now, now.Add(-quietFor))
	made, err = oneAlert(rows, uuid.Nil)
	if err == nil || !errors.Is(err, ErrAlertNotFound) {
		return made, err == nil, err
	}
	_, err = tx.Exec(ctx, `
		update app.mark_alerts set evidence = $6 where kind = $1 and batch_id is not distinct from $2 and number is not distinct from $3 and authorisation_id is not distinct from $4 and day = $5 and status = 'open'`,
		a.Kind, a.BatchID, a.Number, a.AuthorisationID, a.Day, a.Evidence)
	return made, false, postgres.Wrap(err, "mark alert %s", a.Kind)
}

// AlertFilter chooses alerts; empty fields choose all.
type AlertFilter struct {
	Kind   AlertKind
	Status AlertStatus
	Batch  *uuid.UUID
	Holder *uuid.UUID // an authorisation
}

const chosenAlerts = ` from app.mark_alerts l where ($1 = '' or l.kind = $1) and ($2 = '' or l.status = $2) and ($3::uuid is null or l.batch_id = $3) and ($4::uuid is null or l.authorisation_id = $4)`

func listAlerts(ctx context.Context, tx pgx.Tx, f AlertFilter, limit int, cursor string) (all []Alert, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+alertColumns+chosenAlerts+` and l.id < $5 order by l.id desc limit $6`, f.Kind, f.Status, f.Batch, f.Holder, after, limit+1)
	if all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Alert]); err != nil {
		return nil, "", postgres.Wrap(err, "mark alerts")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}
