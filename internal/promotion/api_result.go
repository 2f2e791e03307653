package promotion

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireResult(ctx context.Context, r Result) api.PromotionResult {
	w := api.PromotionResult{Id: r.ID, Version: r.Version, ProgrammeId: r.ProgrammeID, AwardId: r.AwardID, ApplicationId: r.Application, Number: r.Number, Name: r.Name, HappenedOn: wire.Day(r.HappenedOn), Contacts: r.Contacts, Inquiries: r.Inquiries, Samples: r.Samples, Contracts: r.Contracts,
		Exports: make([]api.PromotionExport, 0, len(r.Exports)), Note: wire.Optional(r.Note), RecordedName: r.RecordedName, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		Own: r.Own, FollowsId: r.Follows, FollowedAt: r.FollowedAt, Dossiers: wireUsed(r.Dossiers), Cases: wireUsed(r.Cases), Etag: problem.ETag(r.Version), Allowed: []string{}}
	if r.FollowUpOn != nil {
		w.FollowUp = &api.PromotionFollowUp{DueOn: wire.Day(*r.FollowUpOn), What: wire.Optional(r.FollowUpWhat)}
	}
	if mine(ctx, r.Keeper) {
		w.Allowed = access.Allowed(ctx, "promotion-result", "link")
	}
	for _, e := range r.Exports {
		w.Exports = append(w.Exports, api.PromotionExport{HsCode: e.HSCode, Country: e.Country, Amount: e.Amount.In(e.Currency), Currency: string(e.Currency)})
	}
	return w
}

func wireUsed(all []Used) []api.PromotionUsed {
	out := make([]api.PromotionUsed, 0, len(all))
	for _, u := range all {
		out = append(out, api.PromotionUsed{Id: u.ID, Number: wire.Optional(u.Number), Names: u.Names, Market: u.Market})
	}
	return out
}

// ListPromotionResults lists reports.
func (a *API) ListPromotionResults(ctx context.Context, r api.ListPromotionResultsRequestObject) (api.ListPromotionResultsResponseObject, error) {
	p := r.Params
	f := ResultFilter{Programme: p.ProgrammeId, Award: p.AwardId, Country: wire.Or(p.Country), Due: wire.TimeOf(p.DueOn)}
	found, next, err := a.promotions.Results(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionResultList{Items: make([]api.PromotionResult, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireResult(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountResults(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionResults200JSONResponse{Body: w}, nil
}

// ReportPromotionResult reports what came of an award.
func (a *API) ReportPromotionResult(ctx context.Context, r api.ReportPromotionResultRequestObject) (api.ReportPromotionResultResponseObject, error) {
	b := r.Body
	one := Result{AwardID: b.AwardId, HappenedOn: b.HappenedOn.Time, Contacts: b.Contacts, Inquiries: b.Inquiries, Samples: b.Samples, Contracts: b.Contracts, Exports: []Export{}, Note: wire.Or(b.Note), Follows: b.FollowsId}
	if b.FollowUp != nil {
		one.FollowUpOn, one.FollowUpWhat = &b.FollowUp.DueOn.Time, wire.Or(b.FollowUp.What)
	}
	for _, e := range b.Exports {
		amount, _ := ParseMoney(e.Amount, Currency(e.Currency)) // what is none is nothing, which Check refuses
		one.Exports = append(one.Exports, Export{HSCode: e.HsCode, Country: e.Country, Amount: amount, Currency: Currency(e.Currency)})
	}
	made, err := a.promotions.Report(ctx, one, Attached{wire.Or(b.DocumentIds), wire.Or(b.DossierIds)})
	if err != nil {
		return nil, err
	}
	return api.ReportPromotionResult201JSONResponse{Body: wireResult(ctx, made), Headers: api.ReportPromotionResult201ResponseHeaders{ETag: new(problem.ETag(made.Version)), Location: new("/api/v1/promotion-results/" + made.ID.String())}}, nil
}

// ReadPromotionResult shows a report.
func (a *API) ReadPromotionResult(ctx context.Context, r api.ReadPromotionResultRequestObject) (api.ReadPromotionResultResponseObject, error) {
	one, err := a.promotions.ReadResult(ctx, r.Id)
	return api.ReadPromotionResult200JSONResponse{Body: wireResult(ctx, one), Headers: api.ReadPromotionResult200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// LinkPromotionResult says which recognition cases opened the market of a report.
func (a *API) LinkPromotionResult(ctx context.Context, r api.LinkPromotionResultRequestObject) (api.LinkPromotionResultResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	one, err := a.promotions.Link(ctx, r.Id, version, r.Body.CaseIds)
	return api.LinkPromotionResult200JSONResponse{Body: wireResult(ctx, one), Headers: api.LinkPromotionResult200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// ListPromotionEvidence lists the documents of a report.
func (a *API) ListPromotionEvidence(ctx context.Context, r api.ListPromotionEvidenceRequestObject) (api.ListPromotionEvidenceResponseObject, error) {
	all, err := a.papers.OfResult(ctx, r.Id)
	return api.ListPromotionEvidence200JSONResponse{Items: wireFiled(all)}, err
}

// LinkPromotionEvidence leads to the bytes of a document of a report.
func (a *API) LinkPromotionEvidence(ctx context.Context, r api.LinkPromotionEvidenceRequestObject) (api.LinkPromotionEvidenceResponseObject, error) {
	if _, err := a.papers.OfResult(ctx, r.Id); err != nil {
		return nil, err
	}
	how := document.Disposition(wire.OrElse(r.Params.Disposition, api.LinkPromotionEvidenceParamsDisposition(document.Attachment)))
	url, expires, err := a.papers.Link(ctx, r.Id, r.DocumentId, how)
	return api.LinkPromotionEvidence200JSONResponse{Url: url, ExpiresAt: expires}, err
}
