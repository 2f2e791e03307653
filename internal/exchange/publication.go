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
	Parties   Audience = "parties" // the tenants that are parties of an instrument, see SetParties
	OneReader Audience = "tenant"  // one named tenant
)

// Problems of publications.
var (
	ErrNotFound = problem.New(problem.NotFound, "publication.not-found")
	ErrCorrects = problem.New(problem.Conflict, "publication.corrects-another")
	ErrRaced    = postgres.Constraint("publications_current_key", postgres.Constraint("publications_version_key", problem.New(problem.Conflict, "publication.raced")))
)

// Name is one form of a name under which a publication is found.
type Name struct {
	Key      string `json:"key"` // folded for comparison
	Text     string `json:"text"`
	Language string `json:"language"` // BCP 47
	Kind     string `json:"kind"`     // original, transcription, translation
}

// Publication is one version of a record as its owner shows it to others.
type Publication struct {
	ID               ID
	Publisher        Publisher
	Kind             string // registration, recognition, instrument, dossier-package, canary; other packages may add theirs
	RecordID         uuid.UUID
	Version          int
	Audience         Audience  // for Publish: empty leaves it as it was, and is Public for a record never published
	Reader           uuid.UUID // for OneReader
	Instrument       uuid.UUID // for Parties
	AudienceSince    time.Time
	Content          any      // marshalled to JSON; json.RawMessage when it was read
	SHA256           [32]byte // of the content in the form of RFC 8785
	PublishedAt      time.Time
	SupersededAt     *time.Time
	WithdrawnAt      *time.Time
	Names            []Name // for Publish, kept for lookup while everybody may read it; they are not read back
	Corrects         int    // the version that this one corrects; for Publish 0 with a reason is the one that holds
	Reason           string // why it was corrected
	WithdrawalReason string
	Basis            Basis // why the reader may read it
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
// Publishing what already holds changes nothing and returns its id. A correction names the version that it corrects,
// which must be the one that holds (ErrCorrects). Another audience holds for all versions of the record.
func Publish(ctx context.Context, tx pgx.Tx, p Publication) (ID, error) {
	content, err := Canonical(p.Content)
	if err != nil {
		return ID{}, fmt.Errorf("publish %s %s: %w", p.Kind, p.RecordID, err)
	}
	p.SHA256 = sha256.Sum256(content)
	latest, err := latest(ctx, tx, p.Kind, p.RecordID)
	switch {
	case errors.Is(err, ErrNotFound):
		if p.Audience == "" {
			p.Audience = Public
		}
	case err != nil:
		return ID{}, err
	case p.Audience == "":
		p.Audience, p.Reader, p.Instrument = latest.Audience, latest.Reader, latest.Instrument
	}
	holds := err == nil && latest.WithdrawnAt == nil
	if p.Reason != "" && p.Corrects == 0 && holds {
		p.Corrects = latest.Version
	} else if p.Corrects == 0 {
		p.Reason = ""
	}
	if p.Corrects != 0 && (!holds || latest.Version != p.Corrects) {
		return ID{}, ErrCorrects.With("Version", p.Corrects)
	}
	if err == nil && !latest.sameAudience(p) {
		if err := share(ctx, tx, latest, p); err != nil {
			return ID{}, err
		}
	} else if err := lockToPublish(ctx, tx); err != nil {
		return ID{}, err
	}
	if holds && latest.SHA256 == p.SHA256 {
		return latest.ID, nil
	}
	if holds {
		if err := supersede(ctx, tx, p.Kind, p.RecordID); err != nil {
			return ID{}, err
		}
	}
	if p, err = insert(ctx, tx, p, content); err != nil {
		return ID{}, err
	}
	if err := receiptOfWrite(ctx, tx, actPublish, p); err != nil {
		return ID{}, err
	}
	if err := logged(ctx, tx, eventPublish, p, p.PublishedAt); err != nil {
		return ID{}, err
	}
	after := map[string]any{"recordId": p.RecordID, "sha256": hexed(p.SHA256[:]), "audience": p.Audience}
	if p.Corrects != 0 {
		after["corrects"], after["reason"] = p.Corrects, p.Reason
	}
	return p.ID, audit.Record(ctx, tx, audit.Event{Action: p.Kind + ".publish", ObjectKind: "publication", ObjectID: p.ID.String(), OtherParty: p.Reader, After: after})
}

func (p Publication) sameAudience(o Publication) bool {
	return p.Audience == o.Audience && p.Reader == o.Reader && p.Instrument == o.Instrument
}

func supersede(ctx context.Context, tx pgx.Tx, kind string, recordID uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		update app.publications set superseded_at = now()
		where kind = $1 and record_id = $2 and tenant_id = app.tenant() and withdrawn_at is null and superseded_at is null`, kind, recordID)
	return postgres.Wrap(err, "supersede %s %s", kind, recordID)
}

// insert writes the version, the event of the feed and the names under which everybody finds it.
func insert(ctx context.Context, tx pgx.Tx, p Publication, content []byte) (Publication, error) {
	if p.Names == nil {
		p.Names = []Name{}
	}
	// The record keeps its place in lists, that of its first version, and its audience since when it has it.
	err := tx.QueryRow(ctx, `
		with n as (select uuidv7() as id),
		old as (select max(version) as version, (array_agg(root))[1] as root, max(audience_since) as since
			from app.publications where kind = $1 and record_id = $2 and tenant_id = app.tenant()),
		p as (insert into app.publications (id, root, kind, record_id, version, audience, reader, parties_of, content, sha256, names, corrects, reason, audience_since)
		select n.id, coalesce(old.root, n.id), $1, $2, coalesce(old.version, 0) + 1, $3, $4, $5, $6::jsonb, $7, $8, nullif($9, 0), $10, coalesce(old.since, now()) from n, old
			returning id, version, tenant_id, published_at),
		c as (insert into app.changes (event, publication_id, kind, record_id, version, open)
			select $11, p.id, $1, $2, p.version, $12 from p)
		select id, version, tenant_id, published_at from p`,
		p.Kind, p.RecordID, p.Audience, known(p.Reader), known(p.Instrument), string(content), p.SHA256[:], p.Names, p.Corrects, p.Reason, eventPublish, p.Audience == Public).
		Scan(&p.ID, &p.Version, &p.Publisher.ID, &p.PublishedAt)
	if err != nil {
		return p, postgres.Wrap(err, "publish %s %s", p.Kind, p.RecordID)
	}
	if p.Audience != Public || len(p.Names) == 0 {
		return p, nil // names are there for everybody to look up
	}
	keys, texts, languages, kinds := columns(p.Names)
	_, err = tx.Exec(ctx, `
		insert into app.published_names (publication_id, name_key, name, language, kind)
		select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[])
		on conflict do nothing`, p.ID, keys, texts, languages, kinds)
	return p, postgres.Wrap(err, "names of %s %s", p.Kind, p.RecordID)
}

func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func columns(names []Name) (keys, texts, languages, kinds []string) {
	for _, n := range names {
		keys, texts = append(keys, n.Key), append(texts, n.Text)
		languages, kinds = append(languages, n.Language), append(kinds, n.Kind)
	}
	return keys, texts, languages, kinds
}

// Withdraw ends the publication of a record, with all its versions: none of their contents is given any more. The reason
// may be empty. A record that is not published stays so.
func Withdraw(ctx context.Context, tx pgx.Tx, kind string, recordID uuid.UUID, reason string) error {
	if err := lockToPublish(ctx, tx); err != nil {
		return err
	}
	p, err := Current(ctx, tx, kind, recordID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var at time.Time
	_, err = tx.Exec(ctx, `
		update app.publications set withdrawn_at = now(), withdrawal_reason = $3
		where kind = $1 and record_id = $2 and tenant_id = app.tenant() and withdrawn_at is null`, kind, recordID, reason)
	if err == nil {
		err = tx.QueryRow(ctx, `select now()`).Scan(&at)
	}
	if err != nil {
		return postgres.Wrap(err, "withdraw %s %s", kind, recordID)
	}
	if err := change(ctx, tx, eventWithdraw, p, uuid.Nil); err != nil {
		return err
	}
	if err := receiptOfWrite(ctx, tx, actWithdraw, p); err != nil {
		return err
	}
	if err := logged(ctx, tx, eventWithdraw, p, at); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{
		Action: kind + ".withdraw-publication", ObjectKind: "publication", ObjectID: p.ID.String(), OtherParty: p.Reader, After: map[string]any{"recordId": recordID, "reason": reason},
	})
}

// publicationColumns are read from publications p, the directory t and, why the reader may read them, basisSQL b.
const publicationColumns = `
	p.id, p.tenant_id, t.slug, t.kind, t.names, t.demo, p.kind, p.record_id, p.version, p.audience,
	coalesce(p.reader, '00000000-0000-0000-0000-000000000000'::uuid), coalesce(p.parties_of, '00000000-0000-0000-0000-000000000000'::uuid), p.audience_since,
	p.content, p.sha256, p.published_at, p.superseded_at, p.withdrawn_at, coalesce(p.corrects, 0), p.reason, p.withdrawal_reason, b.basis, b.id, b.until`

// publicationTables are publications with what publicationColumns takes.
const publicationTables = ` app.publications p join app.tenants t on t.id = p.tenant_id cross join lateral (` + basisSQL + `) b `

func scanPublication(row pgx.CollectableRow) (p Publication, err error) {
	var content json.RawMessage
	var sum []byte
	err = row.Scan(p.fields(&content, &sum)...)
	p.Content = content
	copy(p.SHA256[:], sum)
	return p, err
}

// fields are where publicationColumns are scanned to.
func (p *Publication) fields(content *json.RawMessage, sum *[]byte) []any {
	return []any{&p.ID, &p.Publisher.ID, &p.Publisher.Slug, &p.Publisher.Kind, &p.Publisher.Names, &p.Publisher.Demo, &p.Kind, &p.RecordID, &p.Version,
		&p.Audience, &p.Reader, &p.Instrument, &p.AudienceSince, content, sum, &p.PublishedAt, &p.SupersededAt, &p.WithdrawnAt,
		&p.Corrects, &p.Reason, &p.WithdrawalReason, &p.Basis.Kind, &p.Basis.ID, &p.Basis.Until}
}

// Current reads the version of one of the tenant's own records that holds, or returns ErrNotFound.
func Current(ctx context.Context, tx pgx.Tx, kind string, recordID uuid.UUID) (Publication, error) {
	rows, _ := tx.Query(ctx, `
		select `+publicationColumns+` from `+publicationTables+`
		where p.kind = $1 and p.record_id = $2 and p.tenant_id = app.tenant() and p.withdrawn_at is null and p.superseded_at is null`, kind, recordID)
	return onePublication(rows)
}

// latest reads the newest version of one of the tenant's own records, withdrawn or not, or returns ErrNotFound.
func latest(ctx context.Context, tx pgx.Tx, kind string, recordID uuid.UUID) (Publication, error) {
	rows, _ := tx.Query(ctx, `
		select `+publicationColumns+` from `+publicationTables+`
		where p.kind = $1 and p.record_id = $2 and p.tenant_id = app.tenant() order by p.version desc limit 1`, kind, recordID)
	return onePublication(rows)
}

// ByID reads any version that the reader may see, whoever published it, or returns ErrNotFound.
func ByID(ctx context.Context, tx pgx.Tx, id ID) (Publication, error) {
	rows, _ := tx.Query(ctx, `select `+publicationColumns+` from `+publicationTables+` where p.id = $1`, id)
	return onePublication(rows)
}

func onePublication(rows pgx.Rows) (Publication, error) {
	p, err := pgx.CollectExactlyOneRow(rows, scanPublication)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrNotFound
	}
	return p, postgres.Wrap(err, "publication")
}
