package marks

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of lots.
var (
	ErrLotNotFound = problem.New(problem.NotFound, "mark-lot.not-found")
	ErrLotDeclared = postgres.Constraint("mark_lots_number_key", problem.New(problem.Conflict, "mark-lot.declared"))
	ErrLotHolder   = postgres.Constraint("mark_lots_authorisation_fkey", problem.New(problem.NotFound, "mark-lot.holder"))
)

const lotColumns = `l.id, l.version, l.authorisation_id, l.number, l.harvest, trim_scale(l.quantity)::text, l.unit, l.plots, l.area, l.declared_by, l.declared_on, l.created_at, l.updated_at`

func scanLot(row pgx.CollectableRow) (l Lot, err error) {
	err = row.Scan(&l.ID, &l.Version, &l.AuthorisationID, &l.Number, &l.Harvest, &l.Quantity.Value, &l.Quantity.Unit, &l.Plots, &l.Area, &l.DeclaredBy, &l.DeclaredOn, &l.CreatedAt, &l.UpdatedAt)
	return l, err
}

func oneLot(rows pgx.Rows, id uuid.UUID) (Lot, error) {
	l, err := pgx.CollectExactlyOneRow(rows, scanLot)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, ErrLotNotFound
	}
	return l, postgres.Wrap(err, "lot %s", id)
}

func lotByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Lot, error) {
	rows, _ := tx.Query(ctx, `select `+lotColumns+` from app.mark_lots l where l.id = $1`, id)
	return oneLot(rows, id)
}

// plotted are a lot's plots as they are kept: a list, be it empty.
func (f LotFacts) plotted() []Plot {
	if f.Plots == nil {
		return []Plot{}
	}
	return f.Plots
}

func insertLot(ctx context.Context, tx pgx.Tx, l Lot) (Lot, error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_lots as l (authorisation_id, number, harvest, quantity, unit, plots, area, declared_by, declared_on)
		values ($1, $2, $3, $4::text::numeric, $5, $6, $7, $8, $9) returning `+lotColumns,
		l.AuthorisationID, l.Number, l.Harvest, l.Quantity.Value, l.Quantity.Unit, l.plotted(), l.Area, l.DeclaredBy, l.DeclaredOn)
	made, err := oneLot(rows, uuid.Nil)
	if err != nil {
		return made, err
	}
	return made, keepLot(ctx, tx, made, "")
}

// saveLot writes a correction over what a lot says, and keeps it with its reason.
func saveLot(ctx context.Context, tx pgx.Tx, l Lot, reason string) (Lot, error) {
	rows, _ := tx.Query(ctx, `
		update app.mark_lots l set version = version + 1, harvest = $2, quantity = $3::text::numeric, unit = $4, plots = $5, area = $6, declared_by = $7, declared_on = $8, updated_at = clock_timestamp()
		where l.id = $1 returning `+lotColumns, l.ID, l.Harvest, l.Quantity.Value, l.Quantity.Unit, l.plotted(), l.Area, l.DeclaredBy, l.DeclaredOn)
	saved, err := oneLot(rows, l.ID)
	if err != nil {
		return saved, err
	}
	return saved, keepLot(ctx, tx, saved, reason)
}

func keepLot(ctx context.Context, tx pgx.Tx, l Lot, reason string) error {
	var by Event
	signed(ctx, &by)
	_, err := tx.Exec(ctx, `
		insert into app.mark_lot_versions (lot_id, version, harvest, quantity, unit, plots, area, declared_by, declared_on, reason, recorded_by, recorded_name)
		values ($1, $2, $3, $4::text::numeric, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.ID, l.Version, l.Harvest, l.Quantity.Value, l.Quantity.Unit, l.plotted(), l.Area, l.DeclaredBy, l.DeclaredOn, reason, by.RecordedBy, by.RecordedName)
	return postgres.Wrap(err, "version of lot %s", l.ID)
}

// mostVersions is how many versions of a lot are shown, the newest first.
const mostVersions = 200

func lotVersions(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]LotVersion, error) {
	rows, _ := tx.Query(ctx, `
		select v.version, v.harvest, trim_scale(v.quantity)::text, v.unit, v.plots, v.area, v.declared_by, v.declared_on, v.reason, v.recorded_name, v.recorded_at
		from app.mark_lot_versions v where v.lot_id = $1 order by v.version desc limit $2`, id, mostVersions)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v LotVersion, err error) {
		err = row.Scan(&v.Version, &v.Harvest, &v.Quantity.Value, &v.Quantity.Unit, &v.Plots, &v.Area, &v.DeclaredBy, &v.DeclaredOn, &v.Reason, &v.RecordedName, &v.RecordedAt)
		return v, err
	})
	return all, postgres.Wrap(err, "versions of lot %s", id)
}

// LotFilter chooses lots; empty fields choose all.
type LotFilter struct {
	Words         string // of its number
	Authorisation *uuid.UUID
	Harvest       string // year
}

const chosenLots = ` from app.mark_lots l where ($1 = '' or strpos(lower(l.number), $1) > 0) and ($2::uuid is null or l.authorisation_id = $2) and ($3 = '' or l.harvest::text = $3)`

func (f LotFilter) args(more ...any) []any {
	return append([]any{strings.ToLower(strings.TrimSpace(f.Words)), f.Authorisation, f.Harvest}, more...)
}

// listLots are ordered by their ids, which are made in time: the newest first.
func listLots(ctx context.Context, tx pgx.Tx, f LotFilter, limit int, cursor string) (all []Lot, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+lotColumns+chosenLots+` and l.id < $4 order by l.id desc limit $5`, f.args(after, limit+1)...)
	if all, err = pgx.CollectRows(rows, scanLot); err != nil {
		return nil, "", postgres.Wrap(err, "lots")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}

// lotUsesSQL are the marks on goods by holder and lot: of each use what was not corrected and is still on goods. Of a use that was
// corrected in part, so much of its weight counts, rounded down to a gram.
const lotUsesSQL = `
	select authorisation_id, lot, coalesce(sum(n) filter (where weight_g is not null), 0)::bigint, coalesce(sum(weight_g * n / total), 0)::bigint, coalesce(sum(n) filter (where weight_g is null), 0)::bigint, max(happened_on)
	from (
		select a.id as authorisation_id, m.lot, m.weight_g, m.happened_on, upper(m.numbers) - lower(m.numbers) as total,
			least(upper(m.numbers) - lower(m.numbers) - coalesce(c.undone, 0), coalesce(h.there, 0)) as n
		from app.mark_authorisations a
		join app.mark_moves m on m.tenant_id = a.tenant_id and m.from_of = a.id::text and m.to_kind = 'used' and m.act = 'use'
		left join lateral (select sum(upper(c.numbers) - lower(c.numbers))::bigint as undone from app.mark_moves c where c.tenant_id = m.tenant_id and c.corrects = m.id) c on true
		left join lateral (select sum(upper(h.numbers * m.numbers) - lower(h.numbers * m.numbers))::bigint as there
			from app.mark_holdings h where h.tenant_id = m.tenant_id and h.batch_id = m.batch_id and h.numbers && m.numbers and h.place_kind = 'used' and h.place_of = m.to_of) h on true
		where a.id = any ($1)) u
	where n > 0 group by 1, 2 order by 1, 2`

// reckoned is a holder's balance and the last day on which something of it happened.
type reckoned struct {
	MassBalance
	Changed time.Time
}

// balancesOf are the mass balances of holders.
func balancesOf(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) ([]reckoned, error) {
	r, err := rule(ctx, tx)
	if err != nil {
		return nil, err
	}
	type holder struct {
		content *int64
		lots    []Lot
		uses    []LotUse
		changed time.Time
	}
	of := map[uuid.UUID]*holder{}
	rows, _ := tx.Query(ctx, `select a.id, a.content_g from app.mark_authorisations a where a.id = any ($1)`, ids)
	var id uuid.UUID
	var content *int64
	if _, err := pgx.ForEachRow(rows, []any{&id, &content}, func() error { of[id] = &holder{content: content}; return nil }); err != nil {
		return nil, postgres.Wrap(err, "holders of lots")
	}
	rows, _ = tx.Query(ctx, `select `+lotColumns+` from app.mark_lots l where l.authorisation_id = any ($1) order by l.harvest desc, l.number`, ids)
	lots, err := pgx.CollectRows(rows, scanLot)
	if err != nil {
		return nil, postgres.Wrap(err, "lots")
	}
	for _, l := range lots {
		h := of[l.AuthorisationID]
		h.lots, h.changed = append(h.lots, l), later(h.changed, new(l.UpdatedAt.UTC().Truncate(24*time.Hour)))
	}
	rows, _ = tx.Query(ctx, lotUsesSQL, ids)
	var u LotUse
	if _, err := pgx.ForEachRow(rows, []any{&id, &u.Number, &u.Weighed, &u.WeightG, &u.Counted, &u.LastOn}, func() error {
		of[id].uses, of[id].changed = append(of[id].uses, u), later(of[id].changed, &u.LastOn)
		return nil
	}); err != nil {
		return nil, postgres.Wrap(err, "marks on lots")
	}
	all := make([]reckoned, 0, len(ids))
	for _, id := range ids {
		if h := of[id]; h != nil {
			b := reckoned{Reckon(r, h.content, h.lots, h.uses), h.changed}
			b.AuthorisationID = id
			all = append(all, b)
		}
	}
	return all, nil
}
