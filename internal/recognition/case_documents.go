package recognition

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of documents of cases.
var (
	ErrCaseDocumentNotFound = problem.New(problem.NotFound, "case-document.not-found")
	// ErrNotShared is returned when something is to be shown to the other side before the name is proposed to it.
	ErrNotShared = problem.New(problem.Conflict, "recognition-case.not-shared")
	// ErrAttached is returned when the same version of a document is put to a case twice.
	ErrAttached = postgres.Constraint("case_attachments_document_key", problem.New(problem.Conflict, "case-document.double"))
)

// CaseDocument is a document of one side in a case. Until it is shared it is a row of that tenant alone; once it is, both sides read
// its bytes, which stay in the owner's store, and nobody changes what the file says of it.
type CaseDocument struct {
	ID         uuid.UUID
	Owner      Party
	Seq        *int       // the event that names it
	LetterID   *uuid.UUID // the letter whose paper or scan it is
	DocumentID document.ID
	Number     int // version
	Title      string
	Kind       string // a word of the procedure
	Language   string
	SHA256     string
	Filename   string
	MediaType  string
	Size       int64
	Shared     bool
	By         string // who attached or shared it, of the owner
	At         time.Time
}

// Letters are the verbs of the documents and letters of cases.
type Letters struct{ LettersConfig }

// Documents lists the documents of a case that the tenant may read: what was shared, and its own.
func (s *Letters) Documents(ctx context.Context, id CaseID) (all []CaseDocument, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := CaseByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = documentsOf(ctx, tx, id, nil)
		return err
	})
	return all, err
}

// Attach puts a document of the tenant's store to a case, for its own side. It returns problem.ErrInvalid or ErrAttached.
func (s *Letters) Attach(ctx context.Context, id CaseID, p Paper) (d CaseDocument, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		c, err := CaseByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.DocumentID == nil {
			return problem.ErrInvalid.At("/documentId", codeNeed)
		}
		held, err := document.ByID(ctx, tx, *p.DocumentID)
		if errors.Is(err, document.ErrNotFound) || err == nil && held.Status != document.Ready {
			return problem.ErrInvalid.At("/documentId", codeNoDocument)
		}
		if err != nil {
			return err
		}
		at, err := attach(ctx, tx, c, p, held.Number, nil, nil)
		if err != nil {
			return err
		}
		if d, err = oneDocument(ctx, tx, id, at); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "case-document.attach", ObjectKind: "recognition-case", ObjectID: id.String(), After: map[string]any{"sha256": d.SHA256}})
	})
	return d, err
}

// Share lets the other side read a document of the tenant's. It returns ErrNotShared before the name is proposed. Sharing twice
// changes nothing.
func (s *Letters) Share(ctx context.Context, id CaseID, doc uuid.UUID) (d CaseDocument, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		c, err := CaseByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if d, err = oneDocument(ctx, tx, id, doc); err != nil || d.Shared {
			return err
		}
		if !c.Shared {
			return ErrNotShared
		}
		paper := Paper{Title: d.Title, Kind: d.Kind, Language: d.Language, DocumentID: &d.DocumentID}
		if err := share(ctx, tx, c, paper, d.Number, d.Seq, d.LetterID); err != nil {
			return err
		}
		if d, err = oneDocument(ctx, tx, id, doc); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		return exchange.Across(ctx, tx, audit.Event{Action: "case-document.share", ObjectKind: "recognition-case", ObjectID: id.String(), OtherParty: c.Other(scope.Tenant),
			After: map[string]any{"sha256": d.SHA256, "title": d.Title}})
	})
	return d, err
}

// Link signs a link to the bytes of a document of a case, which is good for a minute. The bytes of the other side's are read as soon
// as it shared them and not before.
func (s *Letters) Link(ctx context.Context, id CaseID, doc uuid.UUID, how document.Disposition) (url string, expires time.Time, err error) {
	var d CaseDocument
	var o document.Object
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := CaseByID(ctx, tx, id); err != nil {
			return err
		}
		if d, err = oneDocument(ctx, tx, id, doc); err != nil || !d.Shared {
			return err
		}
		err := tx.QueryRow(ctx, `select object_key, filename, media_type from app.gate_case_document($1)`, doc).Scan(&o.Key, &o.Filename, &o.MediaType)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrCaseDocumentNotFound
		}
		if err != nil {
			return postgres.Wrap(err, "document %s of case %s", doc, id)
		}
		return exchange.Opened(ctx, tx, d.Owner.ID, "recognition-case", id, d.DocumentID, d.SHA256)
	})
	if err != nil {
		return "", expires, err
	}
	if !d.Shared {
		return s.Docs.Link(ctx, d.DocumentID, d.Number, how)
	}
	return s.Docs.LinkTo(ctx, o, how)
}

// mostDocuments are shown of a case.
const mostDocuments = 1000

// documentsOf reads the documents of a case, newest first, or the one with an id.
func documentsOf(ctx context.Context, tx pgx.Tx, c CaseID, only *uuid.UUID) ([]CaseDocument, error) {
	rows, _ := tx.Query(ctx, `
		select d.id, t.id, t.slug, t.names, t.demo, d.seq, d.letter_id, d.document_id, d.number, d.title, d.kind, d.language, d.sha256, d.filename, d.media_type, d.size, d.shared, d.by, d.at
		from (
			select id, owner, seq, letter_id, document_id, number, title, kind, language, sha256, filename, media_type, size, true as shared,
				case when owner = app.tenant() then shared_name else '' end as by, shared_at as at
			from app.case_documents where case_id = $1 and ($2::uuid is null or id = $2)
			union all
			select a.id, a.tenant_id, a.seq, a.letter_id, a.document_id, a.number, a.title, a.kind, a.language, v.sha256, v.filename, v.media_type, v.size, false, a.attached_name, a.attached_at
			from app.case_attachments a join app.document_versions v on v.tenant_id = a.tenant_id and v.document_id = a.document_id and v.number = a.number
			where a.case_id = $1 and ($2::uuid is null or a.id = $2)) d
		join app.tenants t on t.id = d.owner
		order by d.at desc, d.id desc limit $3`, c, only, mostDocuments)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d CaseDocument, err error) {
		var sum []byte
		err = row.Scan(&d.ID, &d.Owner.ID, &d.Owner.Slug, &d.Owner.Names, &d.Owner.Demo, &d.Seq, &d.LetterID, &d.DocumentID, &d.Number, &d.Title, &d.Kind, &d.Language, &sum,
			&d.Filename, &d.MediaType, &d.Size, &d.Shared, &d.By, &d.At)
		d.SHA256 = hex.EncodeToString(sum)
		return d, err
	})
	return all, postgres.Wrap(err, "documents of case %s", c)
}

func oneDocument(ctx context.Context, tx pgx.Tx, c CaseID, id uuid.UUID) (CaseDocument, error) {
	all, err := documentsOf(ctx, tx, c, &id)
	if err == nil && len(all) == 0 {
		err = ErrCaseDocumentNotFound
	}
	if err != nil {
		return CaseDocument{}, err
	}
	return all[0], nil
}

// attach keeps a version of a document with a case for the own side.
func attach(ctx context.Context, tx pgx.Tx, c Case, p Paper, number int, seq *int, letter *uuid.UUID) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `
		insert into app.case_attachments (case_id, seq, letter_id, document_id, number, title, kind, language, attached_name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`, c.ID, seq, letter, p.DocumentID, number, p.Title, p.Kind, p.Language, scope.ActorName).Scan(&id)
	return id, postgres.Wrap(err, "document of case %s", c.ID)
}

// attachedBy is the document of the own store that is with a case under a hash, in the version that is the newest; nil when there is none.
func attachedBy(ctx context.Context, tx pgx.Tx, c CaseID, sha256 string) (id *document.ID, err error) {
	err = tx.QueryRow(ctx, `
		select a.document_id from app.case_attachments a join app.document_versions v on v.tenant_id = a.tenant_id and v.document_id = a.document_id and v.number = a.number
		where a.case_id = $1 and encode(v.sha256, 'hex') = $2
			and not exists (select from app.document_versions w where w.tenant_id = v.tenant_id and w.document_id = v.document_id and w.number > v.number)
		order by a.id limit 1`, c, sha256).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // most documents that an event names are elsewhere
	}
	return id, postgres.Wrap(err, "document of case %s", c)
}

// share copies what the file says of a version of a document to where both sides read it; what was attached of it before is moved
// there and keeps its id.
func share(ctx context.Context, tx pgx.Tx, c Case, p Paper, number int, seq *int, letter *uuid.UUID) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		with moved as (delete from app.case_attachments where case_id = $3 and document_id = $7 and number = $8 returning id, letter_id)
		insert into app.case_documents (tenant_id, id, case_id, owner, seq, letter_id, document_id, number, title, kind, language, sha256, filename, media_type, size, shared_name)
		select $1, coalesce((select id from moved), $2), $3, $4, $5, coalesce($6, (select letter_id from moved)), v.document_id, v.number, $9, $10, $11, v.sha256, v.filename, v.media_type, v.size, $12
		from app.document_versions v where v.document_id = $7 and v.number = $8
		on conflict on constraint case_documents_document_key do nothing`,
		c.Keeper.ID, uuid.Must(uuid.NewV7()), c.ID, scope.Tenant, seq, letter, p.DocumentID, number, p.Title, p.Kind, p.Language, scope.ActorName)
	return postgres.Wrap(err, "share a document of case %s", c.ID)
}

// keepPapers puts the documents of the own store that an event names into the file: for both sides when both see the event.
func keepPapers(ctx context.Context, tx pgx.Tx, c Case, e CaseEvent) error {
	for _, p := range e.Documents {
		if p.DocumentID == nil {
			continue
		}
		held, err := document.ByID(ctx, tx, *p.DocumentID)
		if err != nil {
			return err
		}
		if c.Shared {
			if err := share(ctx, tx, c, p, held.Number, &e.Seq, nil); err != nil {
				return err
			}
			continue
		}
		tag, err := tx.Exec(ctx, `update app.case_attachments set seq = coalesce(seq, $4) where case_id = $1 and document_id = $2 and number = $3`, c.ID, p.DocumentID, held.Number, e.Seq)
		if err != nil || tag.RowsAffected() > 0 {
			if err != nil {
				return postgres.Wrap(err, "document of case %s", c.ID)
			}
			continue
		}
		if _, err := attach(ctx, tx, c, p, held.Number, &e.Seq, nil); err != nil {
			return err
		}
	}
	return nil
}
