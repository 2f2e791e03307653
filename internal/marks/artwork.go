package marks

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

//go:embed template/*.typ
var templates embed.FS

// Artwork is print-ready artwork on its way: the official image with the credit code of a user in its place.
type Artwork struct {
	TaskID     jobs.TaskID
	DocumentID document.ID // there when the task has succeeded
}

// Compose is the job that sets artwork.
type Compose struct {
	Authorisation ID
	Document      document.ID
	Wish          Wish
}

// Kind names the job.
func (Compose) Kind() string { return "mark-authorisation.compose" }

// Queue keeps papers from filling the workers of other jobs.
func (Compose) Queue() jobs.Queue { return jobs.Typeset }

// Compose starts to make artwork for a user whose authorisation is in force, as a document of the tenant. Who took it stands in the trail.
// It returns ErrHolderOut, or problem.ErrInvalid for a size or a colour that the layout does not allow.
func (s *Images) Compose(ctx context.Context, authorisation ID, w Wish) (made Artwork, err error) {
	w.Colour = strings.ToUpper(w.Colour)
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		a, i, err := usable(ctx, tx, authorisation, w.ImageID)
		if err != nil {
			return err
		}
		if err := w.Check(i.Layout); err != nil {
			return err
		}
		made.DocumentID = uuid.Must(uuid.NewV7())
		if made.TaskID, err = s.Jobs.Start(ctx, tx, Compose{}.Kind(), a.ID, Compose{a.ID, made.DocumentID, w}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: Compose{}.Kind(), ObjectKind: PublicationKind, ObjectID: a.ID.String(), After: map[string]any{"wish": w, "imageSha256": i.SHA256, "documentId": made.DocumentID}})
	})
	return made, err
}

// artSheet is what the template reads.
type artSheet struct {
	typeset.Sheet
	File    string  `json:"file"`
	WidthMM float64 `json:"widthMm"`
	Box     [4]int  `json:"box"` // left, top, width and height, in thousandths
	Code    string  `json:"code"`
	Colour  string  `json:"colour"`
}

// set is the worker of Compose. What is no longer in force by then is not made; done again it makes the same document.
func (s *Images) set(ctx context.Context, p *jobs.Progress, args Compose) error {
	p.Step(ctx, "task.step.typesetting")
	var a Authorisation
	var i Image
	err := s.DB.Read(ctx, func(tx pgx.Tx) (err error) {
		a, i, err = usable(ctx, tx, args.Authorisation, args.Wish.ImageID)
		return err
	})
	if err != nil {
		return err
	}
	file, err := s.file(ctx, i)
	if err != nil {
		return err
	}
	b := i.Code
	sh := artSheet{Sheet: typeset.SheetOf(locale.English, s.Now()), File: imageTypes[i.MediaType], WidthMM: args.Wish.WidthMM, Box: [4]int{b.Left, b.Top, b.Width, b.Height}, Code: string(a.CreditCode), Colour: args.Wish.Colour}
	content, err := setArtwork(ctx, s.Press, &sh, args.Wish.Form, file)
	if err != nil {
		return fmt.Errorf("artwork of mark authorisation %s: %w", a.ID, err)
	}
	mediaType := map[ArtForm]string{ArtSVG: "image/svg+xml", ArtPDF: "application/pdf", ArtPNG: "image/png"}[args.Wish.Form]
	_, err = s.Docs.Put(ctx, document.File{ID: args.Document, Filename: "mark-" + string(a.CreditCode) + "." + string(args.Wish.Form), MediaType: mediaType, Purpose: "mark-artwork", Content: content})
	return err
}

// file reads the official file. It returns ErrImageChanged when the document has become another one.
func (s *Images) file(ctx context.Context, i Image) ([]byte, error) {
	r, d, err := s.Docs.Open(ctx, i.DocumentID)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if d.Current.SHA256 != i.SHA256 {
		return nil, ErrImageChanged
	}
	return io.ReadAll(r)
}

// setArtwork sets a sheet; the official file stands in it as it is. It returns ErrImageBroken for one that cannot be set.
func setArtwork(ctx context.Context, press *typeset.Pool, sh *artSheet, form ArtForm, file []byte) ([]byte, error) {
	r, err := press.Set(ctx, typeset.Job{Template: templates, Main: "artwork.typ", Files: map[string][]byte{sh.File: file}, Standard: "1.7", Drawing: form == ArtSVG}, sh)
	if errors.As(err, new(*typeset.TemplateError)) {
		return nil, fmt.Errorf("%w: %w", ErrImageBroken, err)
	}
	if err != nil {
		return nil, err
	}
	switch form {
	case ArtSVG:
		return r.SVG, nil
	case ArtPNG:
		picture, err := typeset.Points(ctx, r.PDF, artDPI)
		if errors.Is(err, typeset.ErrTooManyPoints) {
			err = fmt.Errorf("%w: %w", ErrImageBroken, err)
		}
		return picture, err
	}
	return r.PDF, nil
}
