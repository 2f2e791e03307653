package promotion

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Problems of what was handed in.
var (
	ErrPaperNotFound = problem.New(problem.NotFound, "promotion-document.not-found")
	// ErrBlind is returned to who scores in a blind selection and asks for what says whose an application is.
	ErrBlind = problem.New(problem.Conflict, "promotion-application.blind")
)

// HandedIn is a document as it was handed in with an application or a claim: later versions of it are the applicant's own.
type HandedIn struct {
	Paper
	Number    int // version
	Filename  string
	MediaType string
	Size      int64
	SHA256    string
}

// file keeps which versions of which documents are handed in, over what was handed in before. A line without a paper has the zero id.
func file(ctx context.Context, tx pgx.Tx, object, keeper uuid.UUID, papers []Paper) error {
	if _, err := tx.Exec(ctx, `delete from app.promotion_papers where object_id = $1`, object); err != nil {
		return postgres.Wrap(err, "documents of %s", object)
	}
	ids, codes := make([]uuid.UUID, len(papers)), make([]string, len(papers))
	for i, p := range papers {
		ids[i], codes[i] = p.DocumentID, p.Code
	}
	_, err := tx.Exec(ctx, `
		insert into app.promotion_papers (object_id, place, keeper, code, document_id, number, filename, media_type, size, sha256)
		select $1, p.place, $2, p.code, v.document_id, v.number, v.filename, v.media_type, v.size, v.sha256
		from unnest($3::uuid[], $4::text[]) with ordinality p(document_id, code, place)
		cross join lateral (select * from app.document_versions v where v.document_id = p.document_id and v.status = 'ready' order by v.number desc limit 1) v`, object, keeper, ids, codes)
	return postgres.Wrap(err, "documents of %s", object)
}

// filed are the documents of an application or a claim that the reader sees.
func filed(ctx context.Context, tx pgx.Tx, object uuid.UUID) ([]HandedIn, error) {
	rows, _ := tx.Query(ctx, `select code, document_id, number, filename, media_type, size, sha256 from app.promotion_papers where object_id = $1 order by place limit 200`, object)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f HandedIn, err error) {
		var sum []byte
		err = row.Scan(&f.Code, &f.DocumentID, &f.Number, &f.Filename, &f.MediaType, &f.Size, &sum)
		f.SHA256 = hex.EncodeToString(sum)
		return f, err
	})
	return all, postgres.Wrap(err, "documents of %s", object)
}

// PapersConfig is what Papers need.
type PapersConfig struct {
	Promotions *Promotions
	Docs       *document.Documents
	Jobs       *jobs.Jobs
	Press      *typeset.Pool // nil in a process that does no jobs
	Bundle     *locale.Bundle
}

// Papers are the verbs of what is handed in and of what is printed.
type Papers struct{ PapersConfig }

// NewPapers returns the verbs, and adds the worker that sets papers.
func NewPapers(c PapersConfig) *Papers {
	s := &Papers{c}
	jobs.Add(c.Jobs, s.print)
	jobs.Add(c.Jobs, s.report)
	return s
}

// OfApplication lists the documents of an application as they were handed in, for both sides.
func (s *Papers) OfApplication(ctx context.Context, id uuid.UUID) (a Application, all []HandedIn, err error) {
	err = s.Promotions.db.Read(ctx, func(tx pgx.Tx) error {
		if a, err = applicationByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = filed(ctx, tx, id)
		return err
	})
	return a, all, err
}

// OfClaim lists the documents of a claim, for both sides.
func (s *Papers) OfClaim(ctx context.Context, id uuid.UUID) (all []HandedIn, err error) {
	err = s.Promotions.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err = claimByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = filed(ctx, tx, id)
		return err
	})
	return all, err
}

// OfResult lists the evidence of a report, for both sides.
func (s *Papers) OfResult(ctx context.Context, id uuid.UUID) (all []HandedIn, err error) {
	err = s.Promotions.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err = resultByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = filed(ctx, tx, id)
		return err
	})
	return all, err
}

// Link signs a link to the bytes of a document of an application, a claim or a report, which is good for a minute. The keeper reads them from the day
// on which they were handed in until the application is withdrawn, and of a file that was found infected nobody reads them.
func (s *Papers) Link(ctx context.Context, object, doc uuid.UUID, how document.Disposition) (url string, expires time.Time, err error) {
	var o document.Object
	err = s.Promotions.db.Tx(ctx, func(tx pgx.Tx) error {
		var owner tenancy.ID
		var kind, sum string
		err := tx.QueryRow(ctx, `
			select g.object_key, g.filename, g.media_type, p.tenant_id, encode(p.sha256, 'hex'),
				case when exists (select from app.promotion_claims c where c.id = $1) then 'promotion-claim'
					when exists (select from app.promotion_results r where r.id = $1) then 'promotion-result' else 'promotion-application' end
			from app.gate_promotion_document($1, $2) g, app.promotion_papers p where p.object_id = $1 and p.document_id = $2 limit 1`, object, doc).
			Scan(&o.Key, &o.Filename, &o.MediaType, &owner, &sum, &kind)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrPaperNotFound
		}
		if err != nil {
			return postgres.Wrap(err, "document %s of %s", doc, object)
		}
		return exchange.Opened(ctx, tx, owner, kind, object, doc, sum)
	})
	if err != nil {
		return "", expires, err
	}
	return s.Docs.LinkTo(ctx, o, how)
}
