package marks

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// HandedIn is a document as it was handed in with an application: later versions of it are the applicant's own.
type HandedIn struct {
	DocumentID uuid.UUID
	Number     int // version
	Filename   string
	MediaType  string
	Size       int64
	SHA256     string
}

// handIn keeps which versions of which documents come with an application, over what came before. It returns problem.ErrInvalid at the
// lines of those that are no documents of the applicant, or whose file is not ready: one that is looked through, or was found infected.
func handIn(ctx context.Context, tx pgx.Tx, a Application) error {
	rows, _ := tx.Query(ctx, `select distinct document_id from app.document_versions where document_id = any ($1) and status = 'ready'`, a.Form.Documents)
	ready, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return postgres.Wrap(err, "documents of application %s", a.ID)
	}
	wrong := problem.ErrInvalid
	for i, id := range a.Form.Documents {
		if !slices.Contains(ready, id) {
			wrong = wrong.At(fmt.Sprintf("/documents/%d", i), codeFile)
		}
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from app.mark_application_papers where application_id = $1`, a.ID); err != nil {
		return postgres.Wrap(err, "documents of application %s", a.ID)
	}
	_, err = tx.Exec(ctx, `
		insert into app.mark_application_papers (application_id, place, keeper, document_id, number, filename, media_type, size, sha256)
		select $1, p.place, $2, v.document_id, v.number, v.filename, v.media_type, v.size, v.sha256
		from unnest($3::uuid[]) with ordinality p(document_id, place)
		cross join lateral (select * from app.document_versions v where v.document_id = p.document_id and v.status = 'ready' order by v.number desc limit 1) v`, a.ID, a.Keeper.ID, a.Form.Documents)
	return postgres.Wrap(err, "documents of application %s", a.ID)
}

// Documents lists the documents of an application as they were handed in, for both sides.
func (s *Applications) Documents(ctx context.Context, id uuid.UUID) (all []HandedIn, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := applicationByID(ctx, tx, id); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `select document_id, number, filename, media_type, size, sha256 from app.mark_application_papers where application_id = $1 order by place limit 50`, id)
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d HandedIn, err error) {
			var sum []byte
			err = row.Scan(&d.DocumentID, &d.Number, &d.Filename, &d.MediaType, &d.Size, &sum)
			d.SHA256 = hex.EncodeToString(sum)
			return d, err
		})
		return postgres.Wrap(err, "documents of application %s", id)
	})
	return all, err
}

// Link signs a link to the bytes of a document of an application, which is good for a minute. The keeper reads them from the day on which
// they were handed in until the application is withdrawn.
func (s *Applications) Link(ctx context.Context, id, doc uuid.UUID, how document.Disposition) (url string, expires time.Time, err error) {
	var o document.Object
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		a, err := applicationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		var sum string
		err = tx.QueryRow(ctx, `
			select g.object_key, g.filename, g.media_type, encode(p.sha256, 'hex')
			from app.gate_mark_document($1, $2) g, app.mark_application_papers p where p.application_id = $1 and p.document_id = $2 limit 1`, id, doc).Scan(&o.Key, &o.Filename, &o.MediaType, &sum)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrPaperNotFound
		}
		if err != nil {
			return postgres.Wrap(err, "document %s of application %s", doc, id)
		}
		return exchange.Opened(ctx, tx, a.Applicant.ID, "mark-application", id, doc, sum)
	})
	if err != nil {
		return "", expires, err
	}
	return s.docs.LinkTo(ctx, o, how)
}
