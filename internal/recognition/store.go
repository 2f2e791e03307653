package recognition

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

const columns = `
	r.id, r.version, r.known_from, r.known_until, r.market, r.origin_office, r.name, r.language, r.forms, r.instrument_id, r.list, r.position,
	r.protection, r.limits, r.phase_out_until, r.valid_from, r.valid_until, r.registration_publisher, r.registration_id, r.sources, r.reason, r.recorded_by,
	coalesce((p.content ->> 'version')::integer, 0), coalesce(i.code, '')`

// rows joins the instrument, and the publication that holds.
const rows = ` from app.recognitions r
	left join app.instruments i on i.tenant_id = r.tenant_id and i.id = r.instrument_id
	left join app.publications p on p.tenant_id = r.tenant_id and p.kind = 'recognition' and p.record_id = r.id and p.superseded_at is null and p.withdrawn_at is null`

func scan(row pgx.CollectableRow) (r Recognition, err error) {
	var publisher, record *uuid.UUID
	err = row.Scan(&r.ID, &r.Version, &r.KnownFrom, &r.KnownUntil, &r.Market, &r.OriginOffice, &r.Name, &r.Language, &r.Forms, &r.InstrumentID, &r.List, &r.Position,
		&r.Protection, &r.Limits, &r.PhaseOutUntil, &r.From, &r.Until, &publisher, &record, &r.Sources, &r.Reason, &r.RecordedBy, &r.Published, &r.InstrumentCode)
	if publisher != nil && record != nil {
		r.Registration = &Link{Publisher: *publisher, Record: *record}
	}
	return r, err
}

func one(found pgx.Rows) (Recognition, error) {
	r, err := pgx.CollectExactlyOneRow(found, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrNotFound
	}
	return r, postgres.Wrap(err, "recognition")
}

// ByID reads a recognition of the tenant as it is known now, or returns ErrNotFound.
func ByID(ctx context.Context, tx pgx.Tx, id ID) (Recognition, error) {
	found, _ := tx.Query(ctx, `select `+columns+rows+` where r.id = $1 and r.known_until is null`, id)
	return one(found)
}

// byIDAsOf reads a recognition as it was known at an instant.
func byIDAsOf(ctx context.Context, tx pgx.Tx, id ID, at time.Time) (Recognition, error) {
	found, _ := tx.Query(ctx, `select `+columns+rows+` where r.id = $1 and r.known_from <= $2 and (r.known_until is null or r.known_until > $2)`, id, at)
	return one(found)
}

func lockByID(ctx context.Context, tx pgx.Tx, id ID) (Recognition, error) {
	found, _ := tx.Query(ctx, `select `+columns+rows+` where r.id = $1 and r.known_until is null for update of r`, id)
	return one(found)
}

func history(ctx context.Context, tx pgx.Tx, id ID) ([]Recognition, error) {
	found, _ := tx.Query(ctx, `select `+columns+rows+` where r.id = $1 order by r.version desc limit 1000`, id)
	versions, err := pgx.CollectRows(found, scan)
	if err == nil && len(versions) == 0 {
		return nil, ErrNotFound
	}
	return versions, postgres.Wrap(err, "history of recognition %s", id)
}

// supersede ends the known time of the version that holds. The next one is known from the same instant on; two changes
// within one clock tick, which only a test manages, are told apart by a microsecond.
func supersede(ctx context.Context, tx pgx.Tx, id ID) error {
	_, err := tx.Exec(ctx, `update app.recognitions set known_until = greatest(now(), known_from + interval '1 microsecond') where id = $1 and known_until is null`, id)
	return postgres.Wrap(err, "supersede recognition %s", id)
}

// insert adds r as the newest version of its id; a new one when it has none.
func insert(ctx context.Context, tx pgx.Tx, r Recognition, by uuid.UUID) (id ID, err error) {
	var publisher, record *uuid.UUID
	if r.Registration != nil {
		publisher, record = &r.Registration.Publisher, &r.Registration.Record
	}
	if r.Limits == nil {
		r.Limits = map[string]string{}
	}
	err = tx.QueryRow(ctx, `
		with before as (select max(version) as version, max(known_until) as known_until from app.recognitions where id = $1)
		insert into app.recognitions (id, version, known_from, market, origin_office, name, name_key, language, forms, form_keys, instrument_id, list, position,
			protection, limits, phase_out_until, valid_from, valid_until, registration_publisher, registration_id, sources, reason, recorded_by)
		select $1, coalesce(before.version, 0) + 1, coalesce(before.known_until, now()), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
			$12, $13, $14, $15, $16, $17, $18, $19, $20, $21
		from before returning id`,
		r.ID, r.Market, r.OriginOffice, r.Name, registry.NameKey(r.Name), r.Language, orEmpty(r.Forms), formKeys(r), r.InstrumentID, r.List, r.Position,
		r.Protection, r.Limits, r.PhaseOutUntil, r.From, r.Until, publisher, record, r.Sources, r.Reason, known(by)).Scan(&id)
	return id, postgres.Wrap(err, "recognition of %s in %s", r.Name, r.Market)
}

func formKeys(r Recognition) string {
	keys := []string{registry.NameKey(r.Name)}
	for _, f := range r.Forms {
		keys = append(keys, registry.NameKey(f.Text))
	}
	return strings.Join(keys, "\n")
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// Filter narrows a list of recognitions; its zero value is all that is known now.
type Filter struct {
	Words          string
	Market         Market
	InstrumentID   *uuid.UUID
	RegistrationID *uuid.UUID
	Protection     Protection
	On             *time.Time // it holds on that day
	AsOf           *time.Time // what was known at that instant
}

type idCursor struct {
	ID uuid.UUID `json:"id"`
}

// chosen are the recognitions of a filter before an id.
const chosen = `
	where r.id < $1 and ($2::timestamptz is null and r.known_until is null or r.known_from <= $2 and (r.known_until is null or r.known_until > $2))
		and ($3 = '' or strpos(r.form_keys, $3) > 0) and ($4 = '' or r.market = $4) and ($5::uuid is null or r.instrument_id = $5)
		and ($6::uuid is null or r.registration_id = $6) and ($7 = '' or r.protection = $7) and ($8::date is null or r.valid @> $8::date)`

func (f Filter) args(before uuid.UUID) []any {
	return []any{before, f.AsOf, registry.NameKey(f.Words), f.Market, f.InstrumentID, f.RegistrationID, f.Protection, f.On}
}

func count(ctx context.Context, tx pgx.Tx, f Filter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+rows+chosen, f.args(uuid.Max)...).Scan(&n)
	return n, postgres.Wrap(err, "count recognitions")
}

func list(ctx context.Context, tx pgx.Tx, f Filter, limit int, cursor string) ([]Recognition, string, error) {
	c := idCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	found, _ := tx.Query(ctx, `select `+columns+rows+chosen+` order by r.id desc limit $9`, append(f.args(c.ID), limit+1)...)
	all, err := pgx.CollectRows(found, scan)
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "list recognitions")
	}
	return all[:limit], postgres.EncodeCursor(idCursor{all[limit-1].ID}), nil
}

// published tells whether the registration that a link names is published, to everybody or to this tenant.
func published(ctx context.Context, tx pgx.Tx, l Link) (bool, error) {
	found, _, err := exchange.List(ctx, tx, exchange.Filter{Kind: "registration", RecordID: &l.Record}, 50, "")
	if err != nil {
		return false, err
	}
	for _, p := range found {
		if p.Publisher.ID == l.Publisher {
			return true, nil
		}
	}
	return false, nil
}
