package marks

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// ImagesConfig is what artwork is made with.
type ImagesConfig struct {
	DB    *tenancy.DB
	Docs  *document.Documents
	Jobs  *jobs.Jobs
	Press *typeset.Pool // nil in a process that does no jobs
	Now   func() time.Time
}

// Images are the verbs of official images and of artwork.
type Images struct{ ImagesConfig }

// NewImages returns the verbs, and adds their worker.
func NewImages(c ImagesConfig) *Images {
	s := &Images{c}
	jobs.Add(c.Jobs, s.set)
	return s
}

// Create keeps an image whose file is a ready document of the tenant: SVG, PDF or PNG.
func (s *Images) Create(ctx context.Context, i Image) (made Image, err error) {
	if err := i.Check(); err != nil {
		return made, err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		d, err := document.ByID(ctx, tx, i.DocumentID)
		if err != nil && !errors.Is(err, document.ErrNotFound) {
			return err
		}
		if d.Status != document.Ready || imageTypes[d.Current.MediaType] == "" {
			return problem.ErrInvalid.At("/documentId", codeImageFile)
		}
		i.MediaType, i.SHA256 = d.Current.MediaType, d.Current.SHA256
		var by Event
		signed(ctx, &by)
		i.CreatedName = by.RecordedName
		if made, err = insertImage(ctx, tx, i); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-image.create", ObjectKind: "mark-image", ObjectID: made.ID.String(), After: made})
	})
	return made, err
}

// Retire takes an image out of use. It returns ErrImageRetired when it is.
func (s *Images) Retire(ctx context.Context, id uuid.UUID, version int) (i Image, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if i, err = lockImage(ctx, tx, id); err != nil {
			return err
		}
		if i.Version != version {
			return problem.ErrStale
		}
		if i.RetiredAt != nil {
			return ErrImageRetired
		}
		rows, _ := tx.Query(ctx, `update app.mark_images i set version = version + 1, retired_at = $2 where i.id = $1 returning `+imageColumns, id, s.Now())
		if i, err = oneImage(rows, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-image.retire", ObjectKind: "mark-image", ObjectID: id.String(), After: i})
	})
	return i, err
}

// Image reads one.
func (s *Images) Image(ctx context.Context, id uuid.UUID) (i Image, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { i, err = imageByID(ctx, tx, id); return err })
	return i, err
}

// List is a page of images, the newest first, and the cursor of the next.
func (s *Images) List(ctx context.Context, f ImageFilter, limit int, cursor string) (all []Image, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { all, next, err = listImages(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// Count is how many a filter chooses.
func (s *Images) Count(ctx context.Context, f ImageFilter) (n int, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenImages, f.Status).Scan(&n), "mark images")
	})
	return n, err
}

// usable is an authorisation in force with an image in use. It returns ErrHolderOut or ErrImageRetired.
func usable(ctx context.Context, tx pgx.Tx, authorisation ID, image uuid.UUID) (a Authorisation, i Image, err error) {
	if a, err = ByID(ctx, tx, authorisation); err != nil {
		return a, i, err
	}
	if a.Status != Active || a.Origin != registry.Registered {
		return a, i, ErrHolderOut
	}
	i, err = imageByID(ctx, tx, image)
	if errors.Is(err, ErrImageNotFound) {
		return a, i, problem.ErrInvalid.At("/imageId", codeArtImage)
	}
	if err == nil && i.RetiredAt != nil {
		err = ErrImageRetired
	}
	return a, i, err
}
