package dossier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

const columns = `d.id, d.version, d.registration_id, r.title, d.market, d.profile, d.profile_edition, d.status, d.languages, d.title, d.product, d.annexes,
	d.number, d.supersedes, d.issued_at, d.withdrawn_at, d.withdrawn_why, d.created_at, d.updated_at, d.producer_code`

const from = ` from app.dossiers d join app.registrations r on r.id = d.registration_id `

// ByID reads a dossier in the caller's transaction.
func ByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Dossier, error) {
	rows, _ := tx.Query(ctx, `select `+columns+from+` where d.id = $1`, id)
	return one(rows, id)
}

func lockByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Dossier, error) {
	rows, _ := tx.Query(ctx, `select `+columns+from+` where d.id = $1 for update of d`, id)
	return one(rows, id)
}

func one(rows pgx.Rows, id uuid.UUID) (Dossier, error) {
	d, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Dossier])
	if errors.Is(err, pgx.ErrNoRows) {
		return d, ErrNotFound
	}
	return d, postgres.Wrap(err, "dossier %s", id)
}

func insert(ctx context.Context, tx pgx.Tx, d Dossier, by *uuid.UUID) (Dossier, error) {
	err := tx.QueryRow(ctx, `
		insert into app.dossiers (registration_id, market, profile, profile_edition, status, languages, supersedes, created_by, producer_code)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
		d.RegistrationID, d.Market, d.Profile, d.ProfileEdition, Draft, d.Languages, d.Supersedes, by, d.ProducerCode).Scan(&d.ID)
	if err != nil {
		return d, postgres.Wrap(err, "dossier of %s", d.RegistrationID)
	}
	return ByID(ctx, tx, d.ID)
}

// save writes what may change over what is there, as the next version.
func save(ctx context.Context, tx pgx.Tx, d Dossier) (Dossier, error) {
	_, err := tx.Exec(ctx, `
		update app.dossiers set version = version + 1, status = $2, languages = $3, title = $4, product = $5, annexes = $6, number = $7, issued_at = $8,
		       withdrawn_at = $9, withdrawn_why = $10, producer_code = $11, updated_at = now()
		where id = $1`, d.ID, d.Status, d.Languages, d.Title, d.Product, d.Annexes, d.Number, d.IssuedAt, d.WithdrawnAt, d.WithdrawnWhy, d.ProducerCode)
	if err != nil {
		return d, postgres.Wrap(err, "dossier %s", d.ID)
	}
	return ByID(ctx, tx, d.ID)
}

// Filter chooses dossiers; empty fields choose all.
type Filter struct {
	Q, Status, Market, Registration string
}

type place struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

func list(ctx context.Context, tx pgx.Tx, f Filter, p place, limit int) ([]Dossier, error) {
	rows, _ := tx.Query(ctx, `select `+columns+from+`
		where ($1 = '' or strpos(lower(r.title), lower($1)) > 0 or strpos(lower(coalesce(d.number, '')), lower($1)) > 0)
		  and ($2 = '' or d.status = $2) and ($3 = '' or d.market = $3) and ($4 = '' or d.registration_id::text = $4) and (d.updated_at, d.id) < ($5, $6)
		order by d.updated_at desc, d.id desc limit $7`, f.Q, f.Status, f.Market, f.Registration, p.At, p.ID, limit)
	ds, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Dossier])
	return ds, postgres.Wrap(err, "dossiers")
}

func written(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]Translation, error) {
	rows, _ := tx.Query(ctx, `select segment, language, text, state, source_sha256, means, translated_by, reviewed_by, certified_by from app.translations where dossier_id = $1 order by segment, language`, id)
	ts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Translation])
	return ts, postgres.Wrap(err, "translations of %s", id)
}

func putTranslation(ctx context.Context, tx pgx.Tx, id uuid.UUID, t Translation) error {
	_, err := tx.Exec(ctx, `
		insert into app.translations (dossier_id, segment, language, text, state, source_sha256, means, translated_by, reviewed_by, certified_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (tenant_id, dossier_id, segment, language) do update set text = excluded.text, state = excluded.state, source_sha256 = excluded.source_sha256,
			means = excluded.means, translated_by = excluded.translated_by, reviewed_by = excluded.reviewed_by, certified_by = excluded.certified_by, updated_at = now()`,
		id, t.Segment, t.Language, t.Text, t.State, t.Source, t.Means, t.TranslatedBy, t.ReviewedBy, t.CertifiedBy)
	return postgres.Wrap(err, "translation %s of %s", t.Segment, id)
}

// nextNumber takes the tenant's next number of the year: WUYUAN-2026-0007. Who takes it holds the row until the end of the
// transaction, so that the numbers have no gaps.
func nextNumber(ctx context.Context, tx pgx.Tx, prefix string, year int) (string, error) {
	var n int
	err := tx.QueryRow(ctx, `insert into app.dossier_numbers (year, last) values ($1, 1)
		on conflict (tenant_id, year) do update set last = dossier_numbers.last + 1 returning last`, year).Scan(&n)
	return fmt.Sprintf("%s-%d-%04d", prefix, year, n), postgres.Wrap(err, "dossier number")
}

// Build is one run of the press.
type Build struct {
	ID        uuid.UUID
	DossierID uuid.UUID
	TaskID    *uuid.UUID
	Official  bool // the issued papers; otherwise a draft
	Number    string
	Files     []BuiltFile
	Manifest  []byte // SHA-256 of the package's manifest
	CreatedAt time.Time
	BuiltAt   *time.Time
}

// BuiltFile is a paper or the package.
type BuiltFile struct {
	Name      string    `json:"name"`
	MediaType string    `json:"mediaType"`
	Language  string    `json:"language,omitempty"`
	Size      int64     `json:"size"`
	SHA256    string    `json:"sha256"`
	Document  uuid.UUID `json:"document"`
	Pages     int       `json:"pages,omitempty"`
}

const buildColumns = `id, dossier_id, task_id, official, number, files, manifest_sha256, created_at, built_at`

func buildByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Build, Contents, error) {
	var b Build
	var c Contents
	err := tx.QueryRow(ctx, `select `+buildColumns+`, input from app.builds where id = $1`, id).
		Scan(&b.ID, &b.DossierID, &b.TaskID, &b.Official, &b.Number, &b.Files, &b.Manifest, &b.CreatedAt, &b.BuiltAt, &c)
	if errors.Is(err, pgx.ErrNoRows) {
		return b, c, ErrFile
	}
	return b, c, postgres.Wrap(err, "build %s", id)
}

func builds(ctx context.Context, tx pgx.Tx, dossier uuid.UUID) ([]Build, error) {
	rows, _ := tx.Query(ctx, `select `+buildColumns+` from app.builds where dossier_id = $1 order by created_at desc, id desc limit 100`, dossier)
	bs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Build])
	return bs, postgres.Wrap(err, "builds of %s", dossier)
}
