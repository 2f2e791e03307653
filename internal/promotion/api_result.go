package promotion

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireResult(r Result) api.PromotionResult {
	w := api.PromotionResult{Id: r.ID, Version: r.Version, ProgrammeId: r.ProgrammeID, AwardId: r.AwardID, Number: r.Number, Name: r.Name, HappenedOn: wire.Day(r.HappenedOn), Contacts: r.Contacts, Inquiries: r.Inquiries, Samples: r.Samples, Contracts: r.Contracts,
		Exports: make([]api.PromotionExport, 0, len(r.Exports)), Note: wire.Optional(r.Note), RecordedName: r.RecordedName, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
	for _, e := range r.Exports {
		w.Exports = append(w.Exports, api.PromotionExport{HsCode: e.HSCode, Country: e.Country, Amount: e.Amount.In(e.Currency), Currency: string(e.Currency)})
	}
	return w
}

// ListPromotionResults lists reports.
func (a *API) ListPromotionResults(ctx context.Context, r api.ListPromotionResultsRequestObject) (api.ListPromotionResultsResponseObject, error) {
	p := r.Params
	f := ResultFilter{Programme: p.ProgrammeId, Award: p.AwardId, Country: wire.Or(p.Country)}
	found, next, err := a.promotions.Results(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionResultList{Items: make([]api.PromotionResult, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireResult(one))
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
	one := Result{AwardID: b.AwardId, HappenedOn: b.HappenedOn.Time, Contacts: b.Contacts, Inquiries: b.Inquiries, Samples: b.Samples, Contracts: b.Contracts, Exports: []Export{}, Note: wire.Or(b.Note)}
	for _, e := range b.Exports {
		amount, _ := ParseMoney(e.Amount, Currency(e.Currency)) // what is none is nothing, which Check refuses
		one.Exports = append(one.Exports, Export{HSCode: e.HsCode, Country: e.Country, Amount: amount, Currency: Currency(e.Currency)})
	}
	made, err := a.promotions.Report(ctx, one)
	if err != nil {
		return nil, err
	}
	return api.ReportPromotionResult201JSONResponse{Body: wireResult(made), Headers: api.ReportPromotionResult201ResponseHeaders{ETag: new(problem.ETag(made.Version)), Location: new("/api/v1/promotion-results/" + made.ID.String())}}, nil
}

// ReadPromotionResult shows a report.
func (a *API) ReadPromotionResult(ctx context.Context, r api.ReadPromotionResultRequestObject) (api.ReadPromotionResultResponseObject, error) {
	one, err := a.promotions.ReadResult(ctx, r.Id)
	return api.ReadPromotionResult200JSONResponse{Body: wireResult(one), Headers: api.ReadPromotionResult200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}
