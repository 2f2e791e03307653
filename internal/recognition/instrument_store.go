package recognition

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const instrumentColumns = `
	i.id, i.version, i.code, i.kind, i.titles, i.parties, i.lists, i.scope, i.signed_on, i.in_force_on, i.ended_on, i.sources, i.texts, i.amendments, i.updated_at,
	coalesce((p.content ->> 'version')::integer, 0)`

// instrumentRows joins the publication that holds.
const instrumentRows = ` from app.instruments i
	left join app.publications p on p.tenant_id = i.tenant_id and p.kind = 'instrument' and p.record_id = i.id and p.superseded_at is null and p.withdrawn_at is null`

func scanInstrument(row pgx.CollectableRow) (i Instrument, err error) {
	err = row.Scan(&i.ID, &i.Version, &i.Code, &i.Kind, &i.Titles, &i.Parties, &i.Lists, &i.Scope, &i.SignedOn, &i.InForceOn, &i.EndedOn, &i.Sources, &i.Texts, &i.Changes, &i.UpdatedAt, &i.Published)
	return i, err
}

func oneInstrument(rows pgx.Rows) (Instrument, error) {
	i, err := pgx.CollectExactlyOneRow(rows, scanInstrument)
	if errors.Is(err, pgx.ErrNoRows) {
		return i, ErrInstrumentNotFound
	}
	return i, postgres.Wrap(err, "instrument")
}

// InstrumentByID reads an instrument of the tenant, or returns ErrInstrumentNotFound.
func InstrumentByID(ctx context.Context, tx pgx.Tx, id InstrumentID) (Instrument, error) {
	rows, _ := tx.Query(ctx, `select `+instrumentColumns+instrumentRows+` where i.id = $1`, id)
	return oneInstrument(rows)
}

func lockInstrument(ctx context.Context, tx pgx.Tx, id InstrumentID) (Instrument, error) {
	rows, _ := tx.Query(ctx, `select `+instrumentColumns+instrumentRows+` where i.id = $1 for update of i`, id)
	return oneInstrument(rows)
}

func insertInstrument(ctx context.Context, tx pgx.Tx, i Instrument) (id InstrumentID, err error) {
	err = tx.QueryRow(ctx, `
		insert into app.instruments (code, kind, titles, parties, lists, scope, signed_on, in_force_on, ended_on, sources, texts, amendments)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
		i.Code, i.Kind, i.Titles, i.Parties, i.Lists, i.Scope, i.SignedOn, i.InForceOn, i.EndedOn, i.Sources, orEmpty(i.Texts), orEmpty(i.Changes)).Scan(&id)
	return id, postgres.Wrap(err, "instrument %s", i.Code)
}

func saveInstrument(ctx context.Context, tx pgx.Tx, i Instrument) error {
	_, err := tx.Exec(ctx, `
		update app.instruments set version = version + 1, code = $2, kind = $3, titles = $4, parties = $5, lists = $6, scope = $7,
			signed_on = $8, in_force_on = $9, ended_on = $10, sources = $11, texts = $12, amendments = $13, updated_at = now()
		where id = $1`,
		i.ID, i.Code, i.Kind, i.Titles, i.Parties, i.Lists, i.Scope, i.SignedOn, i.InForceOn, i.EndedOn, i.Sources, orEmpty(i.Texts), orEmpty(i.Changes))
	return postgres.Wrap(err, "instrument %s", i.ID)
}

// InstrumentFilter narrows a list of instruments; its zero value is all.
type InstrumentFilter struct {
	Words string // in the code or a title
	Kind  InstrumentKind
	Party string     // ST.3
	On    *time.Time // in force on that day
}

type codeCursor struct {
	Code string `json:"code"`
}

// instrumentsChosen are those of a filter behind a code.
const instrumentsChosen = `
	where i.code > $1 and ($2 = '' or strpos(lower(i.code || i.titles::text), lower($2)) > 0) and ($3 = '' or i.kind = $3) and ($4 = '' or $4 = any(i.parties))
		and ($5::date is null or i.in_force_on <= $5 and (i.ended_on is null or i.ended_on > $5))`

func countInstruments(ctx context.Context, tx pgx.Tx, f InstrumentFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+instrumentRows+instrumentsChosen, "", f.Words, f.Kind, f.Party, f.On).Scan(&n)
	return n, postgres.Wrap(err, "count instruments")
}

func listInstruments(ctx context.Context, tx pgx.Tx, f InstrumentFilter, limit int, cursor string) ([]Instrument, string, error) {
	var c codeCursor
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+instrumentColumns+instrumentRows+instrumentsChosen+` order by i.code limit $6`, c.Code, f.Words, f.Kind, f.Party, f.On, limit+1)
	found, err := pgx.CollectRows(rows, scanInstrument)
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list instruments")
	}
	return found[:limit], postgres.EncodeCursor(codeCursor{found[limit-1].Code}), nil
}

// partyTenants are the tenants that are public authorities of parties of an instrument, which are named by ST.3 codes.
// Associations, traders and laboratories speak for no office.
func partyTenants(ctx context.Context, tx pgx.Tx, parties []string) ([]tenancy.ID, error) {
	rows, _ := tx.Query(ctx, `select id from app.tenants where office = any ($1) and kind in ('jurisdiction', 'county') and suspended_at is null order by id`, parties)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[tenancy.ID])
	return ids, postgres.Wrap(err, "tenants of the parties %v", parties)
}
