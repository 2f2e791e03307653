package marks

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of batches and moves.
var (
	ErrBatchNotFound = postgres.Constraint("mark_moves_batch_fkey", problem.New(problem.NotFound, "mark-batch.not-found"))
	ErrMoveNotFound  = problem.New(problem.NotFound, "mark-move.not-found")
	ErrNotThere      = postgres.Constraint("mark_moves_from_check", problem.New(problem.Conflict, "mark-move.not-there"))
	ErrNoNumbers     = postgres.Constraint("mark_moves_range_check", problem.New(problem.Conflict, "mark-move.no-numbers"))
	ErrHolderOut     = postgres.Constraint("mark_moves_holder_check", problem.New(problem.Conflict, "mark-move.holder"))
	ErrNotReverse    = postgres.Constraint("mark_moves_reverse_check", problem.New(problem.Conflict, "mark-move.not-reverse"))
	ErrUnexplained   = postgres.Constraint("mark_counts_explanation_check", problem.New(problem.Conflict, "mark-count.unexplained"))
	_                = postgres.Constraint("mark_batches_code_key", problem.New(problem.Conflict, "mark-batch.raced"))
)

const batchColumns = `b.id, b.code, b.key_version, b.registration_id, b.authorisation_id, b.design, b.document_id, b.printer, b.count, b.moves, b.created_at, b.created_name`

func batchByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Batch, error) {
	rows, _ := tx.Query(ctx, `select `+batchColumns+` from app.mark_batches b where b.id = $1`, id)
	return oneBatch(rows, id)
}

func oneBatch(rows pgx.Rows, id uuid.UUID) (Batch, error) {
	b, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Batch])
	if errors.Is(err, pgx.ErrNoRows) {
		return b, ErrBatchNotFound
	}
	return b, postgres.Wrap(err, "mark batch %s", id)
}

func insertBatch(ctx context.Context, tx pgx.Tx, o BatchOrder, code uint32, keyVersion int, by string) (Batch, error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_batches as b (code, key_version, registration_id, authorisation_id, design, document_id, printer, count, created_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning `+batchColumns,
		int32(code), keyVersion, o.RegistrationID, o.AuthorisationID, o.Design, o.DocumentID, o.Printer, o.Count, by)
	return oneBatch(rows, uuid.Nil)
}

// BatchFilter chooses batches; empty fields choose all.
type BatchFilter struct {
	Registration  *uuid.UUID
	Authorisation *uuid.UUID
	Printer       string
}

const chosenBatches = ` from app.mark_batches b where ($1::uuid is null or b.registration_id = $1) and ($2::uuid is null or b.authorisation_id = $2) and ($3 = '' or b.printer = $3)`

// listBatches are ordered by their ids, which are made in time: the newest first.
func listBatches(ctx context.Context, tx pgx.Tx, f BatchFilter, limit int, cursor string) (all []Batch, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+batchColumns+chosenBatches+` and b.id < $4 order by b.id desc limit $5`, f.Registration, f.Authorisation, f.Printer, after, limit+1)
	if all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Batch]); err != nil {
		return nil, "", postgres.Wrap(err, "mark batches")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}

// balances are the sums of a batch's numbers by kind of place.
func balances(ctx context.Context, tx pgx.Tx, batches []uuid.UUID) (map[uuid.UUID][]Balance, error) {
	rows, _ := tx.Query(ctx, `
		select h.batch_id, h.place_kind, sum(upper(h.numbers) - lower(h.numbers))::bigint from app.mark_holdings h where h.batch_id = any ($1) group by 1, 2`, batches)
	found := map[uuid.UUID]map[PlaceKind]int64{}
	var batch uuid.UUID
	var kind PlaceKind
	var n int64
	_, err := pgx.ForEachRow(rows, []any{&batch, &kind, &n}, func() error {
		if found[batch] == nil {
			found[batch] = map[PlaceKind]int64{}
		}
		found[batch][kind] = n
		return nil
	})
	all := map[uuid.UUID][]Balance{}
	for batch, kinds := range found {
		for _, k := range PlaceKinds {
			if n := kinds[k]; n > 0 {
				all[batch] = append(all[batch], Balance{k, n})
			}
		}
	}
	return all, postgres.Wrap(err, "balances of mark batches")
}

const holdingColumns = `h.batch_id, lower(h.numbers), upper(h.numbers) - lower(h.numbers), h.place_kind, h.place_of`

func scanHolding(row pgx.CollectableRow) (h Holding, err error) {
	err = row.Scan(&h.BatchID, &h.Numbers.First, &h.Numbers.Count, &h.Place.Kind, &h.Place.Of)
	return h, err
}

// holdings are where the numbers of a batch from one on are, in their order.
func holdings(ctx context.Context, tx pgx.Tx, batch uuid.UUID, from int64, limit int) ([]Holding, error) {
	rows, _ := tx.Query(ctx, `select `+holdingColumns+` from app.mark_holdings h where h.batch_id = $1 and h.numbers && int8range($2, null) order by h.numbers limit $3`, batch, from, limit)
	all, err := pgx.CollectRows(rows, scanHolding)
	return all, postgres.Wrap(err, "holdings of mark batch %s", batch)
}

// placeOf is where a number is.
func placeOf(ctx context.Context, tx pgx.Tx, batch uuid.UUID, number int64) (p Place, err error) {
	err = tx.QueryRow(ctx, `select place_kind, place_of from app.mark_holdings where batch_id = $1 and numbers @> $2::bigint`, batch, number).Scan(&p.Kind, &p.Of)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrNoNumbers
	}
	return p, postgres.Wrap(err, "mark %d of batch %s", number, batch)
}

// move writes a move; the database moves the numbers, or refuses.
func move(ctx context.Context, tx pgx.Tx, batch uuid.UUID, d Doing, from, to Place) (id uuid.UUID, err error) {
	var e Event
	signed(ctx, &e)
	facts, err := json.Marshal(d.Facts)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `select app.move_marks($1, $2, int8range($3, $4), $5, $6, $7, $8, $9, $10::jsonb, $11, $12)`,
		batch, d.Act, d.Numbers.First, d.Numbers.end(), from.Kind, from.Of, to.Kind, to.Of, d.HappenedOn, string(facts), e.RecordedBy, e.RecordedName).Scan(&id)
	return id, postgres.Wrap(err, "%s of mark batch %s", d.Act, batch)
}

const moveColumns = `m.id, m.batch_id, m.seq, m.act, lower(m.numbers), upper(m.numbers) - lower(m.numbers), m.from_kind, m.from_of, m.to_kind, m.to_of, m.happened_on, m.recorded_name, m.recorded_at,
	m.reference, m.reason, m.lot, m.packages, m.weight_g, m.destination, m.witnesses, m.documents, m.corrects`

func scanMove(row pgx.CollectableRow) (m Move, err error) {
	err = row.Scan(&m.ID, &m.BatchID, &m.Seq, &m.Act, &m.Numbers.First, &m.Numbers.Count, &m.From.Kind, &m.From.Of, &m.To.Kind, &m.To.Of, &m.HappenedOn, &m.RecordedName, &m.RecordedAt,
		&m.Reference, &m.Reason, &m.Lot, &m.Packages, &m.WeightG, &m.Destination, &m.Witnesses, &m.Documents, &m.Corrects)
	return m, err
}

func moveByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Move, error) {
	rows, _ := tx.Query(ctx, `select `+moveColumns+` from app.mark_moves m where m.id = $1`, id)
	m, err := pgx.CollectExactlyOneRow(rows, scanMove)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, ErrMoveNotFound
	}
	return m, postgres.Wrap(err, "mark move %s", id)
}

// MoveFilter chooses moves; empty fields choose all.
type MoveFilter struct {
	Batch         *uuid.UUID
	Act           MoveAct
	Authorisation *uuid.UUID // to or from whose holder
	From, To      *time.Time // days on which they happened
}

const chosenMoves = ` from app.mark_moves m
	where ($1::uuid is null or m.batch_id = $1) and ($2 = '' or m.act = $2)
	  and ($3::uuid is null or m.to_of = $3::text or m.from_of = $3::text) and ($4::date is null or m.happened_on >= $4) and ($5::date is null or m.happened_on <= $5)`

func (f MoveFilter) args(more ...any) []any {
	return append([]any{f.Batch, f.Act, f.Authorisation, f.From, f.To}, more...)
}

func listMoves(ctx context.Context, tx pgx.Tx, f MoveFilter, limit int, cursor string) (all []Move, next string, err error) {
	after := newest
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+moveColumns+chosenMoves+` and (m.recorded_at, m.id) < ($6, $7) order by m.recorded_at desc, m.id desc limit $8`, f.args(after.At, after.ID, limit+1)...)
	if all, err = pgx.CollectRows(rows, scanMove); err != nil {
		return nil, "", postgres.Wrap(err, "mark moves")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(place{all[limit-1].RecordedAt, all[limit-1].ID})
	}
	return all, next, nil
}

// ranges are numbers as PostgreSQL takes them.
func ranges(all []Numbers) pgtype.Multirange[pgtype.Range[pgtype.Int8]] {
	out := pgtype.Multirange[pgtype.Range[pgtype.Int8]]{}
	for _, n := range all {
		out = append(out, pgtype.Range[pgtype.Int8]{Lower: pgtype.Int8{Int64: n.First, Valid: true}, Upper: pgtype.Int8{Int64: n.end(), Valid: true}, LowerType: pgtype.Inclusive, UpperType: pgtype.Exclusive, Valid: true})
	}
	return out
}

func numbersOf(m pgtype.Multirange[pgtype.Range[pgtype.Int8]]) []Numbers {
	out := make([]Numbers, 0, len(m))
	for _, r := range m {
		out = append(out, Numbers{r.Lower.Int64, r.Upper.Int64 - r.Lower.Int64})
	}
	return out
}

const countColumns = `c.id, c.batch_id, c.place_kind, c.place_of, c.counted_on, c.counted, c.missing, c.surplus, c.explanation, c.witnesses, c.recorded_name, c.recorded_at`

func scanCount(row pgx.CollectableRow) (c Count, err error) {
	var counted, missing, surplus pgtype.Multirange[pgtype.Range[pgtype.Int8]]
	err = row.Scan(&c.ID, &c.BatchID, &c.Place.Kind, &c.Place.Of, &c.CountedOn, &counted, &missing, &surplus, &c.Explanation, &c.Witnesses, &c.RecordedName, &c.RecordedAt)
	c.Counted, c.Missing, c.Surplus = numbersOf(counted), numbersOf(missing), numbersOf(surplus)
	return c, err
}

// insertCount writes a stock-taking against what the ledger has in the place now.
func insertCount(ctx context.Context, tx pgx.Tx, c Count) (Count, error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_counts as c (batch_id, place_kind, place_of, counted_on, counted, booked, explanation, witnesses, recorded_name)
		select $1, $2, $3, $4, $5, coalesce((select range_agg(h.numbers) from app.mark_holdings h where h.batch_id = $1 and h.place_kind = $2 and h.place_of = $3), '{}'), $6, $7, $8
		returning `+countColumns, c.BatchID, c.Place.Kind, c.Place.Of, c.CountedOn, ranges(c.Counted), c.Explanation, c.Witnesses, c.RecordedName)
	made, err := pgx.CollectExactlyOneRow(rows, scanCount)
	return made, postgres.Wrap(err, "count of mark batch %s", c.BatchID)
}

// mostCounts is how many stock-takings of a batch are shown, the newest first.
const mostCounts = 200

func counts(ctx context.Context, tx pgx.Tx, batch uuid.UUID) ([]Count, error) {
	rows, _ := tx.Query(ctx, `select `+countColumns+` from app.mark_counts c where c.batch_id = $1 order by c.id desc limit $2`, batch, mostCounts)
	all, err := pgx.CollectRows(rows, scanCount)
	return all, postgres.Wrap(err, "counts of mark batch %s", batch)
}
