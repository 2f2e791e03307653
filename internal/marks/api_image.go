package marks

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkImages lists official images.
func (a *API) ListMarkImages(ctx context.Context, r api.ListMarkImagesRequestObject) (api.ListMarkImagesResponseObject, error) {
	f := ImageFilter{Status: ImageStatus(wire.Or(r.Params.Status))}
	found, next, err := a.images.List(ctx, f, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkImageList{Items: make([]api.MarkImage, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireImage(ctx, one))
	}
	if wire.Or(r.Params.Count) {
		n, err := a.images.Count(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkImages200JSONResponse{Body: w}, nil
}

// CreateMarkImage keeps an official image with its layout.
func (a *API) CreateMarkImage(ctx context.Context, r api.CreateMarkImageRequestObject) (api.CreateMarkImageResponseObject, error) {
	b := r.Body
	i, err := a.images.Create(ctx, Image{Name: b.Name, DocumentID: b.DocumentId, Layout: Layout{Code: Box{Left: b.Code.Left, Top: b.Code.Top, Width: b.Code.Width, Height: b.Code.Height}, LeastMM: float64(b.LeastMm), Colours: b.Colours, Source: b.Source}})
	return api.CreateMarkImage201JSONResponse{Body: wireImage(ctx, i), Headers: api.CreateMarkImage201ResponseHeaders{ETag: new(problem.ETag(i.Version)), Location: new("/api/v1/mark-images/" + i.ID.String())}}, err
}

// ReadMarkImage shows one.
func (a *API) ReadMarkImage(ctx context.Context, r api.ReadMarkImageRequestObject) (api.ReadMarkImageResponseObject, error) {
	i, err := a.images.Image(ctx, r.Id)
	return api.ReadMarkImage200JSONResponse{Body: wireImage(ctx, i), Headers: api.ReadMarkImage200ResponseHeaders{ETag: new(problem.ETag(i.Version))}}, err
}

// RetireMarkImage takes one out of use.
func (a *API) RetireMarkImage(ctx context.Context, r api.RetireMarkImageRequestObject) (api.RetireMarkImageResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	i, err := a.images.Retire(ctx, r.Id, version)
	return api.RetireMarkImage200JSONResponse{Body: wireImage(ctx, i), Headers: api.RetireMarkImage200ResponseHeaders{ETag: new(problem.ETag(i.Version))}}, err
}

// ComposeMarkAuthorisation starts to make artwork.
func (a *API) ComposeMarkAuthorisation(ctx context.Context, r api.ComposeMarkAuthorisationRequestObject) (api.ComposeMarkAuthorisationResponseObject, error) {
	b := r.Body
	made, err := a.images.Compose(ctx, r.Id, Wish{ImageID: b.ImageId, Form: ArtForm(b.Form), WidthMM: float64(b.WidthMm), Colour: b.Colour})
	return api.ComposeMarkAuthorisation202JSONResponse{Body: api.MarkArtwork{TaskId: made.TaskID, DocumentId: made.DocumentID}, Headers: api.ComposeMarkAuthorisation202ResponseHeaders{Location: new("/api/v1/tasks/" + made.TaskID.String())}}, err
}

func wireImage(ctx context.Context, i Image) api.MarkImage {
	w := api.MarkImage{Id: i.ID, Version: i.Version, Name: i.Name, Status: api.MarkImageStatus(i.Status()), DocumentId: i.DocumentID, MediaType: i.MediaType, Sha256: i.SHA256, Code: api.MarkImageBox{Left: i.Code.Left, Top: i.Code.Top, Width: i.Code.Width, Height: i.Code.Height}, LeastMm: float32(i.LeastMM), Colours: i.Colours,
		Source: i.Source, RetiredAt: i.RetiredAt, CreatedAt: i.CreatedAt, CreatedName: i.CreatedName, Allowed: []string{}}
	if i.Status() == ImageCurrent {
		w.Allowed = access.Allowed(ctx, "mark-image", "retire")
	}
	return w
}
