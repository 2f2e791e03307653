package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ID identifies one version of one publication.
type ID = uuid.UUID

// Audience says who may read a publication.
type Audience string

// The audiences.
const (
	Public    Audience = "public"
	OneReader Audience = "tenant" // one named tenant
)

// Problems of publications.
var (
	ErrNotFound = problem.New(problem.NotFound, "publication.not-found")
	ErrRaced    = postgres.Constraint("publications_current_key", postgres.Constraint("publications_version_key", problem.New(problem.Conflict, "publication.raced")))
)

// Name is one form of a name under which a publication is found.
type Name struct {
	Key      string // folded for comparison
	Text     string
	Language string // BCP 47
	Kind     string // original, transcription, translation
}

// Publication is a record as its owner shows it to others.
type Publication struct {
	ID           ID
	Publisher    Publisher
	Kind         string // registration, recognition, instrument, dossier-package
	RecordID     uuid.UUID
	Version      int
	Audience     Audience
	Reader       uuid.UUID // for OneReader
	Content      any       // marshalled to JSON; json.RawMessage when it was read
	SHA256       [32]byte  // of the content in the form of RFC 8785
	PublishedAt  time.Time
	SupersededAt *time.Time
	WithdrawnAt  *time.Time
	Names        []Name // for Publish to everybody; they are not read back
}

// Publisher is the tenant that published something. Its names are public.
type Publisher struct {
	ID    tenancy.ID
	Slug  string
	Kind  tenancy.Kind
	Names map[string]string // by BCP 47 tag
	Demo  bool
}

// Canonical is v as JSON in the canonical form of RFC 8785, in which equal values have equal bytes.
func Canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(b)
}

// Publish makes p the version that holds of its record, in the caller's transaction; the version before is superseded.
// Publishing what already holds changes nothing and returns its id.
func Publish(ctx context.Context, tx pgx.Tx, p Publication) (ID, error) {
	content, err := Canonical(p.Content)
	if err != nil {
		return ID{}, fmt.Errorf("publish %s %s: %w", p.Kind, p.RecordID, err)
	}
	if p.Audience == "" {
		p.Audience = Public
	}
	p.SHA256 = sha256.Sum256(content)
	current, err := Current(ctx, tx, p.Kind, p.RecordID)
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return ID{}, err
	case current.SHA256 == p.SHA256 && current.Audience == p.Audience && current.Reader == p.Reader:
		return current.ID, nil
	}
	if p.ID, err = insert(ctx, tx, p, content); err != nil {
		return ID{}, err
	}
	return p.ID, audit.Record(ctx, tx, audit.Event{
		Action: p.Kind + ".publish", ObjectKind: "publication", ObjectID: p.ID.String(), OtherParty: p.Reader,
		After: map[string]any{"recordId": p.RecordID, "sha256": hexed(p.SHA256[:]), "audience": p.Audience},
	})
}

func insert(ctx context.Context, tx pgx.Tx, p Publication, content []byte) (id ID, err error) {
	_, err = tx.Exec(ctx, `
		update app.publications set superseded_at = now()
		where kind = $1 and record_id = $2 and tenant_id = app.tenant() and withdrawn_at is null and superseded_at is null`, p.Kind, p.RecordID)
	if err != nil {
		return id, postgres.Wrap(err, "supersede %s %s", p.Kind, p.RecordID)
	}
	err = tx.QueryRow(ctx, `
		insert into app.publications (kind, record_id, version, audience, reader, content, sha256)
		select $1, $2, coalesce(max(version), 0) + 1, $3, nullif($4, '00000000-0000-0000-0000-000000000000'::uuid), $5::jsonb, $6
		from app.publications where kind = $1 and record_id = $2 and tenant_id = app.tenant()
		returning id`, p.Kind, p.RecordID, p.Audience, p.Reader, string(content), p.SHA256[:]).Scan(&id)
	if err != nil {
		return id, postgres.Wrap(err, "publish %s %s", p.Kind, p.RecordID)
	}
	if p.Audience != Public {
		return id, nil // names are there for everybody to look up
	}
	keys, texts, languages, kinds := columns(p.Names)
	_, err = tx.Exec(ctx, `
		insert into app.published_names (publication_id, name_key, name, language, kind)
		select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[])
		on conflict do nothing`, id, keys, texts, languages, kinds)
	return id, postgres.Wrap(err, "names of %s %s", p.Kind, p.RecordID)
}

func columns(names []Name) (keys, texts, languages, kinds []string) {
	for _, n := range names {
		keys, texts = append(keys, n.Key), append(texts, n.Text)
		languages, kinds = append(languages, n.Language), append(kinds, n.Kind)
	}
	return keys, texts, languages, kinds
}

// Withdraw ends the publication of a record. A record that is not published stays so.
func Withdraw(ctx context.Context, tx pgx.Tx, kind string, recordID uuid.UUID) error {
	rows, _ := tx.Query(ctx, `
		update app.publications set withdrawn_at = now()
		where kind = $1 and record_id = $2 and tenant_id = app.tenant() and withdrawn_at is null and superseded_at is null
		returning id`, kind, recordID)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[ID])
	if err != nil || len(ids) == 0 {
		return postgres.Wrap(err, "withdraw %s %s", kind, recordID)
	}
	return audit.Record(ctx, tx, audit.Event{
		Action: kind + ".withdraw-publication", ObjectKind: "publication", ObjectID: ids[0].String(), After: map[string]any{"recordId": recordID},
	})
}

const publicationColumns = `
	p.id, p.tenant_id, t.slug, t.kind, t.names, t.demo, p.kind, p.record_id, p.version, p.audience,
	coalesce(p.reader, '00000000-0000-0000-0000-000000000000'::uuid), p.content, p.sha256, p.published_at, p.superseded_at, p.withdrawn_at`

func scanPublication(row pgx.CollectableRow) (Publication, error) {
	var p Publication
	var content json.RawMessage
	var sum []byte
	err := row.Scan(&p.ID, &p.Publisher.ID, &p.Publisher.Slug, &p.Publisher.Kind, &p.Publisher.Names, &p.Publisher.Demo, &p.Kind, &p.RecordID, &p.Version,
		&p.Audience, &p.Reader, &content, &sum, &p.PublishedAt, &p.SupersededAt, &p.WithdrawnAt)
	p.Content = content
	copy(p.SHA256[:], sum)
	return p, err
}

// Current reads the version of one of the tenant's own records that holds, or returns ErrNotFound.
func Current(ctx context.Context, tx pgx.Tx, kind string, recordID uuid.UUID) (Publication, error) {
	rows, _ := tx.Query(ctx, `
		select `+publicationColumns+` from app.publications p join app.tenants t on t.id = p.tenant_id
		where p.kind = $1 and p.record_id = $2 and p.tenant_id = app.tenant() and p.withdrawn_at is null and p.superseded_at is null`, kind, recordID)
	return onePublication(rows)
}

// ByID reads any version that the reader may see, whoever published it, or returns ErrNotFound.
func ByID(ctx context.Context, tx pgx.Tx, id ID) (Publication, error) {
	rows, _ := tx.Query(ctx, `select `+publicationColumns+` from app.publications p join app.tenants t on t.id = p.tenant_id where p.id = $1`, id)
	return onePublication(rows)
}

func onePublication(rows pgx.Rows) (Publication, error) {
	p, err := pgx.CollectExactlyOneRow(rows, scanPublication)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrNotFound
	}
	return p, postgres.Wrap(err, "publication")
}
