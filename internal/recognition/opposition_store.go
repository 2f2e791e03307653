package recognition

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

const oppositionColumns = `
	o.id, o.version, o.state, t.id, t.slug, t.names, t.demo, o.keeper, o.case_id, o.origin, o.shared, coalesce(o.number, ''), o.name, o.market, o.language, o.opponent, o.capacity,
	coalesce(k.address, ''), coalesce(k.email, ''), o.received_on, o.expires_at, o.updated_at`

const oppositionRows = ` from app.oppositions o
	join app.tenants t on t.id = o.tenant_id
	left join app.opposition_contacts k on k.tenant_id = o.tenant_id and k.opposition_id = o.id`

func scanOpposition(row pgx.CollectableRow) (o Opposition, err error) {
	err = row.Scan(&o.ID, &o.Version, &o.State, &o.Office.ID, &o.Office.Slug, &o.Office.Names, &o.Office.Demo, &o.Keeper, &o.CaseID, &o.Origin, &o.Shared, &o.Number, &o.Name, &o.Market, &o.Language,
		&o.Opponent, &o.Capacity, &o.Address, &o.Email, &o.ReceivedOn, &o.ExpiresAt, &o.UpdatedAt)
	return o, err
}

// oneOpposition reads an opposition with all that was said in it.
func oneOpposition(ctx context.Context, tx pgx.Tx, rows pgx.Rows) (Opposition, error) {
	o, err := pgx.CollectExactlyOneRow(rows, scanOpposition)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, ErrOppositionNotFound
	}
	if err != nil {
		return o, postgres.Wrap(err, "opposition")
	}
	entries, _ := tx.Query(ctx, `select seq, kind, side, ground, text, outcome, documents, happened_on, recorded_at from app.opposition_entries where opposition_id = $1 order by seq limit $2`, o.ID, mostEvents)
	o.Entries, err = pgx.CollectRows(entries, func(row pgx.CollectableRow) (e OppositionEntry, err error) {
		err = row.Scan(&e.Seq, &e.Kind, &e.Side, &e.Ground, &e.Text, &e.Outcome, &e.Documents, &e.On, &e.RecordedAt)
		return e, err
	})
	return o, postgres.Wrap(err, "entries of opposition %s", o.ID)
}

// oppositionByID reads an opposition that an office or the other side may see: what is only begun is the opponent's.
func oppositionByID(ctx context.Context, tx pgx.Tx, id OppositionID) (Opposition, error) {
	rows, _ := tx.Query(ctx, `select `+oppositionColumns+oppositionRows+` where o.id = $1 and o.state <> 'begun'`, id)
	return oneOpposition(ctx, tx, rows)
}

// writtenOpposition reads one that was just written, in whatever state.
func writtenOpposition(ctx context.Context, tx pgx.Tx, id OppositionID) (Opposition, error) {
	rows, _ := tx.Query(ctx, `select `+oppositionColumns+oppositionRows+` where o.id = $1`, id)
	return oneOpposition(ctx, tx, rows)
}

func lockOpposition(ctx context.Context, tx pgx.Tx, id OppositionID) (Opposition, error) {
	rows, _ := tx.Query(ctx, `select `+oppositionColumns+oppositionRows+` where o.id = $1 for update of o`, id)
	return oneOpposition(ctx, tx, rows)
}

// oppositionByKey reads the opposition of whoever has a key.
func oppositionByKey(ctx context.Context, tx pgx.Tx, key uuid.UUID) (Opposition, error) {
	rows, _ := tx.Query(ctx, `select `+oppositionColumns+oppositionRows+` where o.opponent_key = $1`, key)
	return oneOpposition(ctx, tx, rows)
}

// begin makes an opposition that its opponent goes on to write.
func begin(ctx context.Context, tx pgx.Tx, n Notice, key uuid.UUID, until time.Time) (id OppositionID, err error) {
	var origin *uuid.UUID
	if n.origin != nil && *n.origin != n.Office.ID {
		origin = n.origin
	}
	err = tx.QueryRow(ctx, `
		insert into app.oppositions (state, keeper, case_id, origin, opponent_key, name, market, language, expires_at) values ('begun', $1, $2, $3, $4, $5, $6, $7, $8) returning id`,
		n.keeper, n.CaseID, origin, known(key), n.Name, n.Market, n.Language, until).Scan(&id)
	return id, postgres.Wrap(err, "opposition to case %s", n.CaseID)
}

// moveOpposition writes where an opposition stands now, and adds what was said.
func moveOpposition(ctx context.Context, tx pgx.Tx, o Opposition, said []OppositionEntry, recorder *uuid.UUID) error {
	b := &pgx.Batch{}
	b.Queue(`
		update app.oppositions set version = version + 1, state = $2, shared = $3, number = nullif($4, ''), opponent = $5, capacity = $6, language = $7, received_on = $8, expires_at = $9, updated_at = now()
		where id = $1`, o.ID, o.State, o.Shared, o.Number, o.Opponent, o.Capacity, o.Language, o.ReceivedOn, o.ExpiresAt)
	seq := 0
	if n := len(o.Entries); n > 0 {
		seq = o.Entries[n-1].Seq
	}
	for _, e := range said {
		seq++
		b.Queue(`
			insert into app.opposition_entries (tenant_id, opposition_id, seq, kind, side, recorder, ground, text, outcome, documents, happened_on)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			o.Office.ID, o.ID, seq, e.Kind, e.Side, recorder, e.Ground, e.Text, e.Outcome, orEmpty(e.Documents), e.On)
	}
	return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "opposition %s", o.ID)
}

func insertContact(ctx context.Context, tx pgx.Tx, id OppositionID, f Filing) error {
	_, err := tx.Exec(ctx, `insert into app.opposition_contacts (opposition_id, address, email) values ($1, $2, $3)`, id, f.Address, f.Email)
	return postgres.Wrap(err, "contact of opposition %s", id)
}

// nextOpposition is the office's next number of a year.
func nextOpposition(ctx context.Context, tx pgx.Tx, year int) (n int, err error) {
	err = tx.QueryRow(ctx, `
		insert into app.opposition_numbers (year, last) values ($1, 1) on conflict (tenant_id, year) do update set last = opposition_numbers.last + 1 returning last`, year).Scan(&n)
	return n, postgres.Wrap(err, "number of opposition")
}

// OppositionFilter narrows a list of oppositions; its zero value is all that the tenant sees.
type OppositionFilter struct {
	Words  string
	State  OppositionState
	CaseID *uuid.UUID
}

func listOppositions(ctx context.Context, tx pgx.Tx, f OppositionFilter, limit int, cursor string) ([]Opposition, string, error) {
	cur := idCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+oppositionColumns+oppositionRows+`
		where o.id < $1 and o.state <> 'begun' and ($2 = '' or o.state = $2) and ($3::uuid is null or o.case_id = $3)
			and ($4 = '' or strpos(lower(concat_ws(' ', o.number, o.name, o.opponent)), lower($4)) > 0)
		order by o.id desc limit $5`, cur.ID, f.State, f.CaseID, f.Words, limit+1)
	found, err := pgx.CollectRows(rows, scanOpposition)
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list oppositions")
	}
	return found[:limit], postgres.EncodeCursor(idCursor{found[limit-1].ID}), nil
}

// openOppositions tells how many oppositions to a case wait: filed, and admitted; and of how many a ground was upheld.
func openOppositions(ctx context.Context, tx pgx.Tx, id CaseID) (filed, admitted, upheld int, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) filter (where o.state = 'filed'), count(*) filter (where o.state = 'admitted'),
			count(*) filter (where o.state = 'decided' and exists (select from app.opposition_entries e where e.tenant_id = o.tenant_id and e.opposition_id = o.id and e.kind = 'decision' and e.outcome = 'upheld'))
		from app.oppositions o where o.case_id = $1`, id).Scan(&filed, &admitted, &upheld)
	return filed, admitted, upheld, postgres.Wrap(err, "oppositions to case %s", id)
}
