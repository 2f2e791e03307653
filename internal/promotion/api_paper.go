package promotion

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireFiled(all []HandedIn) []api.PromotionDocument {
	out := make([]api.PromotionDocument, 0, len(all))
	for _, f := range all {
		out = append(out, api.PromotionDocument{Code: wire.Optional(f.Code), DocumentId: f.DocumentID, Number: f.Number, Filename: f.Filename, MediaType: f.MediaType, Size: f.Size, Sha256: f.SHA256})
	}
	return out
}

// seen reads an application whose reader may know whose it is. It returns ErrBlind.
func (a *API) seen(ctx context.Context, id uuid.UUID) ([]HandedIn, error) {
	one, all, err := a.papers.OfApplication(ctx, id)
	if err == nil && blinded(ctx, one) {
		err = ErrBlind
	}
	return all, err
}

// ListPromotionDocuments lists the documents of an application.
func (a *API) ListPromotionDocuments(ctx context.Context, r api.ListPromotionDocumentsRequestObject) (api.ListPromotionDocumentsResponseObject, error) {
	all, err := a.seen(ctx, r.Id)
	return api.ListPromotionDocuments200JSONResponse{Items: wireFiled(all)}, err
}

// LinkPromotionDocument leads to the bytes of a document of an application.
func (a *API) LinkPromotionDocument(ctx context.Context, r api.LinkPromotionDocumentRequestObject) (api.LinkPromotionDocumentResponseObject, error) {
	if _, err := a.seen(ctx, r.Id); err != nil {
		return nil, err
	}
	how := document.Disposition(wire.OrElse(r.Params.Disposition, api.LinkPromotionDocumentParamsDisposition(document.Attachment)))
	url, expires, err := a.papers.Link(ctx, r.Id, r.DocumentId, how)
	return api.LinkPromotionDocument200JSONResponse{Url: url, ExpiresAt: expires}, err
}

// ListPromotionReceipts lists the documents of a claim.
func (a *API) ListPromotionReceipts(ctx context.Context, r api.ListPromotionReceiptsRequestObject) (api.ListPromotionReceiptsResponseObject, error) {
	all, err := a.papers.OfClaim(ctx, r.Id)
	return api.ListPromotionReceipts200JSONResponse{Items: wireFiled(all)}, err
}

// LinkPromotionReceipt leads to the bytes of a document of a claim.
func (a *API) LinkPromotionReceipt(ctx context.Context, r api.LinkPromotionReceiptRequestObject) (api.LinkPromotionReceiptResponseObject, error) {
	if _, err := a.papers.OfClaim(ctx, r.Id); err != nil {
		return nil, err
	}
	how := document.Disposition(wire.OrElse(r.Params.Disposition, api.LinkPromotionReceiptParamsDisposition(document.Attachment)))
	url, expires, err := a.papers.Link(ctx, r.Id, r.DocumentId, how)
	return api.LinkPromotionReceipt200JSONResponse{Url: url, ExpiresAt: expires}, err
}

// printed is the answer to whoever has a paper set.
func printed(p Printed) (api.PromotionPrinted, *string) {
	return api.PromotionPrinted{DocumentId: p.Document, TaskId: p.Task, Language: string(p.Language)}, new("/api/v1/tasks/" + p.Task.String())
}

// PrintPromotionApplication sets the confirmation of an application as a paper.
func (a *API) PrintPromotionApplication(ctx context.Context, r api.PrintPromotionApplicationRequestObject) (api.PrintPromotionApplicationResponseObject, error) {
	if _, err := a.seen(ctx, r.Id); err != nil {
		return nil, err
	}
	p, err := a.papers.PrintConfirmation(ctx, r.Id, locale.Tag(wire.Or(r.Body.Language)))
	w, at := printed(p)
	return api.PrintPromotionApplication202JSONResponse{Body: w, Headers: api.PrintPromotionApplication202ResponseHeaders{Location: at}}, err
}

// PrintPromotionAward sets the letter of a decision as a paper.
func (a *API) PrintPromotionAward(ctx context.Context, r api.PrintPromotionAwardRequestObject) (api.PrintPromotionAwardResponseObject, error) {
	if _, err := a.shown(ctx, r.Id); err != nil {
		return nil, err
	}
	p, err := a.papers.PrintLetter(ctx, r.Id, locale.Tag(wire.Or(r.Body.Language)))
	w, at := printed(p)
	return api.PrintPromotionAward202JSONResponse{Body: w, Headers: api.PrintPromotionAward202ResponseHeaders{Location: at}}, err
}
