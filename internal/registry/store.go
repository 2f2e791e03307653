package registry

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of registrations.
var (
	ErrNotFound      = problem.New(problem.NotFound, "registration.not-found")
	ErrNumberUsed    = postgres.Constraint("registration_numbers_pkey", problem.New(problem.Conflict, "registration.number-used"))
	ErrEventNotFound = problem.New(problem.NotFound, "registration.event-not-found")
	ErrCorrected     = postgres.Constraint("registration_events_corrects_key", problem.New(problem.Conflict, "registration.event-corrected"))
)

const columns = `id, version, status, content, created_at, updated_at`

// ByID reads a registration in the caller's transaction.
func ByID(ctx context.Context, tx pgx.Tx, id ID) (Registration, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from app.registrations where id = $1`, id)
	return one(rows, id)
}

func lockByID(ctx context.Context, tx pgx.Tx, id ID) (Registration, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from app.registrations where id = $1 for update`, id)
	return one(rows, id)
}

func one(rows pgx.Rows, id ID) (Registration, error) {
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Registration])
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrNotFound
	}
	return r, postgres.Wrap(err, "registration %s", id)
}

func insert(ctx context.Context, tx pgx.Tx, c Content, by string) (Registration, error) {
	folded := c.folded()
	rows, _ := tx.Query(ctx, `
		insert into app.registrations (status, office, title, number, basis_keys, classes, hs_codes, content, folded, grams, created_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, '')::uuid) returning `+columns,
		Draft, c.Office, c.Title(), c.number(), c.basisKeys(), c.classKeys(), hsCodes(c), c, folded, grams(folded), by)
	r, err := one(rows, "")
	if err != nil {
		return r, err
	}
	return r, keep(ctx, tx, r)
}

func hsCodes(c Content) []string {
	if c.HSCodes == nil {
		return []string{}
	}
	return c.HSCodes
}

// save writes the registration's content and status over what is there, with the next version.
func save(ctx context.Context, tx pgx.Tx, r Registration) (Registration, error) {
	c := r.Content
	folded := c.folded()
	rows, _ := tx.Query(ctx, `
		update app.registrations set version = version + 1, status = $2, office = $3, title = $4, number = $5, basis_keys = $6, classes = $7,
		       hs_codes = $8, content = $9, folded = $10, grams = $11, updated_at = clock_timestamp()
		where id = $1 returning `+columns,
		r.ID, r.Status, c.Office, c.Title(), c.number(), c.basisKeys(), c.classKeys(), hsCodes(c), c, folded, grams(folded))
	saved, err := one(rows, r.ID)
	if err != nil {
		return saved, err
	}
	return saved, keep(ctx, tx, saved)
}

// keep writes the version and takes the numbers that the registration uses.
func keep(ctx context.Context, tx pgx.Tx, r Registration) error {
	s := actor(ctx)
	b := &pgx.Batch{}
	b.Queue(`insert into app.registration_versions (registration_id, version, content, recorded_by, recorded_name, recorded_at) values ($1, $2, $3, $4, $5, clock_timestamp())`,
		r.ID, r.Version, r.Content, s.id, s.name)
	b.Queue(`delete from app.registration_numbers where registration_id = $1`, r.ID)
	b.Queue(`insert into app.registration_numbers (basis_key, registration_id) select distinct k, $2::uuid from unnest($1::text[]) k`, r.Content.basisKeys(), r.ID)
	return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "registration %s", r.ID)
}

const eventColumns = `id::text, seq, act, effective_on, received_on, national_code, national_text, reason, document_id::text, corrects::text, void, recorded_by::text, recorded_name, recorded_at`

func events(ctx context.Context, tx pgx.Tx, id ID) ([]Event, error) {
	rows, _ := tx.Query(ctx, `select `+eventColumns+` from app.registration_events where registration_id = $1 order by seq`, id)
	es, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
	return es, postgres.Wrap(err, "events of registration %s", id)
}

func addEvent(ctx context.Context, tx pgx.Tx, id ID, e Event) error {
	s := actor(ctx)
	_, err := tx.Exec(ctx, `
		insert into app.registration_events (registration_id, seq, act, effective_on, received_on, national_code, national_text, reason, document_id, corrects, void, recorded_by, recorded_name)
		select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from app.registration_events where registration_id = $1`,
		id, e.Act, e.EffectiveOn, e.ReceivedOn, e.NationalCode, e.NationalText, e.Reason, e.DocumentID, e.Corrects, e.Void, s.id, s.name)
	return postgres.Wrap(err, "event of registration %s", id)
}

// VersionInfo is one version of the content.
type VersionInfo struct {
	Version      int
	Content      Content
	RecordedName string
	RecordedAt   time.Time
}

// versions are what the register showed, oldest first, five hundred at most.
func versions(ctx context.Context, tx pgx.Tx, id ID) ([]VersionInfo, error) {
	rows, _ := tx.Query(ctx, `select version, content, recorded_name, recorded_at from app.registration_versions where registration_id = $1 order by version desc limit 500`, id)
	vs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[VersionInfo])
	return vs, postgres.Wrap(err, "versions of registration %s", id)
}

func contentAsOf(ctx context.Context, tx pgx.Tx, id ID, at time.Time) (Content, int, error) {
	var b []byte
	var version int
	err := tx.QueryRow(ctx, `select content, version from app.registration_versions where registration_id = $1 and recorded_at <= $2 order by version desc limit 1`, id, at).Scan(&b, &version)
	if errors.Is(err, pgx.ErrNoRows) {
		return Content{}, 0, ErrNotFound // the register did not have it yet
	}
	if err != nil {
		return Content{}, 0, postgres.Wrap(err, "registration %s as of %s", id, at)
	}
	var c Content
	return c, version, json.Unmarshal(b, &c)
}
