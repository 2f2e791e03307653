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

// Problems of figures.
var (
	ErrFigureNotFound = problem.New(problem.NotFound, "mark-usage-figure.not-found")
	ErrFigureReason   = postgres.Constraint("mark_usage_figures_reason_check", problem.New(problem.Conflict, "mark-usage-figure.reason"))
	_                 = postgres.Constraint("mark_usage_figures_seq_key", problem.New(problem.Conflict, "mark-usage-figure.raced"))
)

// usesSQL are the marks that producers put on goods by day, of the registration $1, or of all, from $2 to $3: those of holders who were let use it
// on that day, without what was corrected.
const usesSQL = `
	select a.registration_id, a.credit_code, m.happened_on, upper(m.numbers) - lower(m.numbers) - coalesce(c.undone, 0) as marks
	from app.mark_authorisations a
	join app.mark_moves m on m.tenant_id = a.tenant_id and m.from_of = a.id::text and m.to_kind = 'used' and m.act = 'use' and m.happened_on between $2 and $3
	left join lateral (select sum(upper(c.numbers) - lower(c.numbers))::bigint as undone from app.mark_moves c where c.tenant_id = m.tenant_id and c.corrects = m.id) c on true
	where ($1::uuid is null or a.registration_id = $1) and a.from_on <= m.happened_on and coalesce(m.happened_on < a.ended_on, true)`

// listedSQL are the producers of the registration $1, or of all, that are listed on a day d.
const listedSQL = `app.mark_producers p where ($1::uuid is null or p.registration_id = $1) and p.listed_on <= d.day and coalesce(p.ended_on > d.day, true)`

// figures are the shares of a period.
func figures(ctx context.Context, tx pgx.Tx, registration *uuid.UUID, from, to time.Time) (f Figures, err error) {
	rows, _ := tx.Query(ctx, `
		with uses as (select registration_id, credit_code from (`+usesSQL+`) u group by 1, 2 having sum(marks) > 0), d (day) as (values ($3::date))
		select p.township, p.exports, count(*) filter (where p.excluded = ''), count(u.credit_code) filter (where p.excluded = ''), count(*) filter (where p.excluded <> '')
		from d cross join lateral (select * from `+listedSQL+`) p left join uses u on u.registration_id = p.registration_id and u.credit_code = p.credit_code
		group by 1, 2 order by 1, 2`, registration, from, to)
	var township string
	var exports bool
	var s Share
	f.Townships, f.Exclusion = []TownshipShare{}, []Exclusion{}
	_, err = pgx.ForEachRow(rows, []any{&township, &exports, &s.Counted, &s.Using, &s.Excluded}, func() error { f.add(township, exports, s); return nil })
	if err != nil {
		return f, postgres.Wrap(err, "usage of marks")
	}
	rows, _ = tx.Query(ctx, `
		with d (day) as (values ($2::date))
		select p.excluded, count(*) from d cross join lateral (select * from `+listedSQL+`) p where p.excluded <> '' group by 1 order by 2 desc, 1 limit 200`, registration, to)
	f.Exclusion, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Exclusion])
	return f, postgres.Wrap(err, "exclusions from the usage of marks")
}

// months are the shares of each month from that of one day to that of another, each with who is listed on its last day.
func months(ctx context.Context, tx pgx.Tx, registration *uuid.UUID, from, to time.Time) ([]MonthUsage, error) {
	rows, _ := tx.Query(ctx, `
		with uses as (select registration_id, credit_code, date_trunc('month', happened_on)::date as month from (`+usesSQL+`) u group by 1, 2, 3 having sum(marks) > 0),
		d (month, day) as (select m::date, (m + interval '1 month' - interval '1 day')::date from generate_series(date_trunc('month', $2::date), $3::date, interval '1 month') m)
		select d.month, count(p.id) filter (where p.excluded = ''), count(u.credit_code) filter (where p.excluded = ''), count(p.id) filter (where p.excluded <> ''),
			count(p.id) filter (where p.excluded = '' and p.exports), count(u.credit_code) filter (where p.excluded = '' and p.exports), count(p.id) filter (where p.excluded <> '' and p.exports)
		from d left join lateral (select * from `+listedSQL+`) p on true left join uses u on u.registration_id = p.registration_id and u.credit_code = p.credit_code and u.month = d.month
		group by d.month order by d.month`, registration, from, to)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m MonthUsage, err error) {
		err = row.Scan(&m.Month, &m.All.Counted, &m.All.Using, &m.All.Excluded, &m.Exporters.Counted, &m.Exporters.Using, &m.Exporters.Excluded)
		return m, err
	})
	return all, postgres.Wrap(err, "months of the usage of marks")
}

// UsageFilter chooses producers with what they did in a period.
type UsageFilter struct {
	Registration *uuid.UUID
	From, To     time.Time
	Township     string
	Exports      *bool
	Using        *bool
}

const chosenUsages = `
	with uses as (select registration_id, credit_code, sum(marks)::bigint as marks, max(happened_on) as last_on from (` + usesSQL + `) u group by 1, 2 having sum(marks) > 0), d (day) as (values ($3::date))`

const fromUsages = ` from d cross join lateral (select * from ` + listedSQL + `) p left join uses u on u.registration_id = p.registration_id and u.credit_code = p.credit_code
	where ($4 = '' or p.township = $4) and ($5::boolean is null or p.exports = $5) and ($6::boolean is null or (u.credit_code is not null) = $6)`

func (f UsageFilter) args(more ...any) []any {
	return append([]any{f.Registration, f.From, f.To, f.Township, f.Exports, f.Using}, more...)
}

// producerUsages is a page of producers with what they did, by id, the newest first.
func producerUsages(ctx context.Context, tx pgx.Tx, f UsageFilter, limit int, cursor string) (all []ProducerUsage, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, chosenUsages+`
		select `+producerColumns+`, p.marks, p.last_on, a.id, coalesce(a.status, ''),
			coalesce((select sum(upper(h.numbers) - lower(h.numbers)) from app.mark_holdings h where h.place_kind = 'issued' and h.place_of = a.id::text), 0)::bigint
		from (select p.*, coalesce(u.marks, 0) as marks, u.last_on `+fromUsages+` and p.id < $7 order by p.id desc limit $8) p
		left join lateral (select a.id, a.status from app.mark_authorisations a where a.tenant_id = p.tenant_id and a.registration_id = p.registration_id and a.credit_code = p.credit_code
			order by a.status in ('ended', 'refused', 'withdrawn'), a.id desc limit 1) a on true
		order by p.id desc`, f.args(after, limit+1)...)
	all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (u ProducerUsage, err error) {
		p := &u.Producer
		err = row.Scan(&p.ID, &p.Version, &p.RegistrationID, &p.CreditCode, &p.Name, &p.Township, &p.Exports, &p.ListedOn, &p.EndedOn, &p.Excluded, &p.Source, &p.CreatedAt, &p.UpdatedAt, &p.UpdatedName,
			&u.Marks, &u.LastUsedOn, &u.AuthorisationID, &u.Status, &u.Held)
		return u, err
	})
	if err != nil {
		return nil, "", postgres.Wrap(err, "usage of marks by producers")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}

// countedIn are all producers of a period as a figure keeps them.
func countedIn(ctx context.Context, tx pgx.Tx, registration *uuid.UUID, from, to time.Time) ([]Counted, error) {
	rows, _ := tx.Query(ctx, `
		with uses as (select registration_id, credit_code, sum(marks)::bigint as marks from (`+usesSQL+`) u group by 1, 2 having sum(marks) > 0), d (day) as (values ($3::date))
		select p.id, p.credit_code, p.name, p.township, p.exports, p.excluded, coalesce(u.marks, 0)
		from d cross join lateral (select * from `+listedSQL+`) p left join uses u on u.registration_id = p.registration_id and u.credit_code = p.credit_code order by p.id`, registration, from, to)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Counted])
	return all, postgres.Wrap(err, "producers of a figure")
}

const figureColumns = `f.id, f.registration_id, f.month, f.seq, f.target_percent, f.figures, f.reason, f.frozen_name, f.frozen_at`

func oneFigure(rows pgx.Rows) (Figure, error) {
	f, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Figure])
	if errors.Is(err, pgx.ErrNoRows) {
		return f, ErrFigureNotFound
	}
	return f, postgres.Wrap(err, "usage figure")
}

// insertFigure keeps figures for good, as the next of their month.
func insertFigure(ctx context.Context, tx pgx.Tx, f Figure, producers []Counted, by Event) (Figure, error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_usage_figures as f (registration_id, month, seq, target_percent, figures, producers, reason, frozen_by, frozen_name)
		select $1, $2, coalesce((select max(seq) from app.mark_usage_figures where registration_id = $1 and month = $2), 0) + 1, $3, $4, $5, $6, $7, $8
		returning `+figureColumns, f.RegistrationID, f.Month, f.Target, f.Figures, producers, f.Reason, by.RecordedBy, by.RecordedName)
	return oneFigure(rows)
}

// FigureFilter chooses figures; empty fields choose all.
type FigureFilter struct {
	Registration *uuid.UUID
	Month        *time.Time
}

const chosenFigures = ` from app.mark_usage_figures f where ($1::uuid is null or f.registration_id = $1) and ($2::date is null or f.month = $2)`

func listFigures(ctx context.Context, tx pgx.Tx, f FigureFilter, limit int, cursor string) (all []Figure, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+figureColumns+chosenFigures+` and f.id < $3 order by f.id desc limit $4`, f.Registration, f.Month, after, limit+1)
	if all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Figure]); err != nil {
		return nil, "", postgres.Wrap(err, "usage figures")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}
