package document

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// API serves the operations of the tag documents.
type API struct {
	docs  *Documents
	texts *locale.Bundle
}

// NewAPI returns the operations over docs.
func NewAPI(docs *Documents, texts *locale.Bundle) *API { return &API{docs, texts} }

// ListDocuments lists the tenant's documents.
func (a *API) ListDocuments(ctx context.Context, r api.ListDocumentsRequestObject) (api.ListDocumentsResponseObject, error) {
	var f Filter
	limit, cursor := 50, ""
	for _, p := range []struct{ from, to *string }{
		{r.Params.Q, &f.Words}, {r.Params.MediaType, &f.MediaType}, {r.Params.Purpose, &f.Purpose}, {r.Params.Cursor, &cursor},
	} {
		if p.from != nil {
			*p.to = *p.from
		}
	}
	if r.Params.Status != nil {
		f.Status = Status(*r.Params.Status)
	}
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	found, next, err := a.docs.List(ctx, f, limit, cursor)
	if err != nil {
		return nil, err
	}
	list := api.DocumentList{Items: make([]api.Document, len(found))}
	for i, d := range found {
		list.Items[i] = a.wire(ctx, d)
	}
	if next != "" {
		list.Next = &next
	}
	return api.ListDocuments200JSONResponse(list), nil
}

// UploadDocument announces a file.
func (a *API) UploadDocument(ctx context.Context, r api.UploadDocumentRequestObject) (api.UploadDocumentResponseObject, error) {
	d, u, err := a.docs.Announce(ctx, announcement(*r.Body))
	if err != nil {
		return nil, err
	}
	return api.UploadDocument201JSONResponse{Headers: api.UploadDocument201ResponseHeaders{Location: location(d)}, Body: a.awaited(ctx, d, u)}, nil
}

// ReviseDocument announces a new version.
func (a *API) ReviseDocument(ctx context.Context, r api.ReviseDocumentRequestObject) (api.ReviseDocumentResponseObject, error) {
	d, u, err := a.docs.Revise(ctx, r.Id, announcement(*r.Body))
	if err != nil {
		return nil, err
	}
	return api.ReviseDocument201JSONResponse{Headers: api.ReviseDocument201ResponseHeaders{Location: location(d)}, Body: a.awaited(ctx, d, u)}, nil
}

// ReadDocument shows a document with its versions.
func (a *API) ReadDocument(ctx context.Context, r api.ReadDocumentRequestObject) (api.ReadDocumentResponseObject, error) {
	d, err := a.docs.ByID(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.ReadDocument200JSONResponse(a.wire(ctx, d)), nil
}

// CompleteDocument looks at what arrived.
func (a *API) CompleteDocument(ctx context.Context, r api.CompleteDocumentRequestObject) (api.CompleteDocumentResponseObject, error) {
	d, err := a.docs.Complete(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.CompleteDocument200JSONResponse(a.wire(ctx, d)), nil
}

// RetireDocument takes a document out of use.
func (a *API) RetireDocument(ctx context.Context, r api.RetireDocumentRequestObject) (api.RetireDocumentResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	d, err := a.docs.Retire(ctx, r.Id, version)
	if err != nil {
		return nil, err
	}
	return api.RetireDocument200JSONResponse(a.wire(ctx, d)), nil
}

// LinkDocument signs a link to the bytes.
func (a *API) LinkDocument(ctx context.Context, r api.LinkDocumentRequestObject) (api.LinkDocumentResponseObject, error) {
	how, number := Attachment, 0
	if r.Params.Disposition != nil {
		how = Disposition(*r.Params.Disposition)
	}
	if r.Params.Version != nil {
		number = *r.Params.Version
	}
	url, expires, err := a.docs.Link(ctx, r.Id, number, how)
	if err != nil {
		return nil, err
	}
	return api.LinkDocument200JSONResponse{Url: url, ExpiresAt: expires}, nil
}

func announcement(u api.DocumentUpload) Announcement {
	a := Announcement{Filename: u.Filename, Size: u.Size, MediaType: u.MediaType, SHA256: u.Sha256}
	if u.Purpose != nil {
		a.Purpose = *u.Purpose
	}
	return a
}

func location(d Document) *string {
	at := "/api/v1/documents/" + d.ID.String()
	return &at
}

func (a *API) awaited(ctx context.Context, d Document, u Upload) api.DocumentAwaited {
	return api.DocumentAwaited{Document: a.wire(ctx, d), Upload: api.PresignedUpload{Url: u.URL, Method: u.Method, Headers: u.Headers, ExpiresAt: u.ExpiresAt}}
}

func (a *API) wire(ctx context.Context, d Document) api.Document {
	v := d.Current
	w := api.Document{
		Id: d.ID, Status: api.DocumentStatus(d.Status), Filename: v.Filename, MediaType: v.MediaType, Size: v.Size, Sha256: v.SHA256, Version: d.Number, Purpose: d.Purpose,
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Etag: problem.ETag(d.Version), Versions: []api.DocumentVersion{}, Allowed: allowed(ctx, d),
	}
	w.Reason, w.ReasonText = a.reason(ctx, v.Reason)
	for _, v := range d.Versions {
		one := api.DocumentVersion{
			Number: v.Number, Status: api.DocumentStatus(v.Status), Filename: v.Filename, MediaType: v.MediaType, Size: v.Size, Sha256: v.SHA256,
			UploadedAt: v.CreatedAt, RetainUntil: v.RetainUntil,
		}
		if v.UploadedByName != "" {
			one.UploadedByName = &v.UploadedByName
		}
		one.Reason, one.ReasonText = a.reason(ctx, v.Reason)
		w.Versions = append(w.Versions, one)
	}
	return w
}

// reason is a reason's code and its sentence in the reader's language.
func (a *API) reason(ctx context.Context, code string) (*string, *string) {
	if code == "" {
		return nil, nil
	}
	text := a.texts.T(locale.From(ctx), code, nil)
	return &code, &text
}

// allowed are the acts that the document's state and the caller's permissions allow now. Bringing bytes is one
// permission, whether they are announced, completed or a new version.
func allowed(ctx context.Context, d Document) []string {
	acts := []string{}
	if _, ok := d.awaited(); ok && access.Can(ctx, "document:upload") {
		acts = append(acts, "complete")
	}
	for _, act := range moves.Allowed(d.Status) {
		if act == Revise && access.Can(ctx, "document:upload") || act == Retire && access.Can(ctx, "document:retire") {
			acts = append(acts, string(act))
		}
	}
	return acts
}
