package promotion

import (
	"context"
	"fmt"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// formOf reads a form. An amount may be missing while it is filled, and must be one when it is there.
func formOf(b api.PromotionForm, at string) (f Form, err error) {
	f = Form{Name: wire.Or(b.Name), CreditCode: wire.Or(b.CreditCode), Contact: wire.Or(b.Contact), Email: wire.Or(b.Email), Phone: wire.Or(b.Phone), Language: wire.Or(b.Language), Plan: wire.Or(b.Plan), Team: wire.Or(b.Team)}
	wrong := problem.ErrInvalid
	for i, c := range wire.Or(b.Costs) {
		cost := Cost{Kind: CostKind(c.Kind), Text: c.Text, Currency: Currency(c.Currency), Rate: Rate(wire.Or(c.Rate)), RateSource: wire.Or(c.RateSource), RateOn: wire.TimeOf(c.RateOn)}
		if _, ok := ParseCurrency(c.Currency); !ok {
			wrong = wrong.At(fmt.Sprintf("%s/costs/%d/currency", at, i), codeCurrency)
		}
		if c.Amount != nil {
			var ok bool
			if cost.Amount, ok = ParseMoney(*c.Amount, cost.Currency); !ok {
				wrong = wrong.At(fmt.Sprintf("%s/costs/%d/amount", at, i), codeAmount)
			}
		}
		f.Costs = append(f.Costs, cost)
	}
	for _, p := range wire.Or(b.Papers) {
		f.Papers = append(f.Papers, Paper{Code: wire.Or(p.Code), DocumentID: p.DocumentId})
	}
	return f, wrong.Or()
}

func wireCost(c Cost) api.PromotionCost {
	w := api.PromotionCost{Kind: api.PromotionCostKind(c.Kind), Text: c.Text, Currency: string(c.Currency), Rate: wire.Optional(string(c.Rate)), RateSource: wire.Optional(c.RateSource), RateOn: wire.DayOf(c.RateOn)}
	if c.Amount > 0 {
		w.Amount = new(c.Amount.In(c.Currency))
	}
	return w
}

func wireForm(f Form) api.PromotionForm {
	costs, papers := make([]api.PromotionCost, 0, len(f.Costs)), make([]api.PromotionPaper, 0, len(f.Papers))
	for _, c := range f.Costs {
		costs = append(costs, wireCost(c))
	}
	for _, p := range f.Papers {
		papers = append(papers, api.PromotionPaper{Code: wire.Optional(p.Code), DocumentId: p.DocumentID})
	}
	return api.PromotionForm{Name: wire.Optional(f.Name), CreditCode: wire.Optional(f.CreditCode), Contact: wire.Optional(f.Contact), Email: wire.Optional(f.Email), Phone: wire.Optional(f.Phone), Language: wire.Optional(f.Language), Plan: wire.Optional(f.Plan),
		Team: &f.Team, Costs: &costs, Papers: &papers}
}

// blinded tells whether the reader must not know whose an application is: who only scores, while a blind selection goes on.
func blinded(ctx context.Context, one Application) bool {
	return one.Call.Blind && !one.Own && one.Call.Status.selecting() && !access.Can(ctx, "promotion-award:decide")
}

func wireApplication(ctx context.Context, one Application) api.PromotionApplication {
	in := one.Call.Currency
	if one.Stage == Drafted || one.Stage == Returned {
		one.Reckoned = Reckon(one.Form.Costs, in, one.Call.Rules)
	}
	w := api.PromotionApplication{Id: one.ID, Version: one.Version, ProgrammeId: one.ProgrammeID, Titles: one.Call.Titles, Currency: string(in), Status: api.PromotionStage(one.Stage), Own: one.Own,
		Number: wire.Optional(one.Number), SubmittedAt: one.SubmittedAt, Eligible: one.Reckoned.Eligible.In(in), Support: one.Reckoned.Support.In(in), CompleteUntil: one.CompleteUntil, AskedName: wire.Optional(one.AskedName),
		CreatedAt: one.CreatedAt, UpdatedAt: one.UpdatedAt, Etag: problem.ETag(one.Version)}
	if len(one.Asked) > 0 {
		w.Asked = &one.Asked
	}
	if blinded(ctx, one) {
		one.Form.Name, one.Form.CreditCode, one.Form.Contact, one.Form.Email, one.Form.Phone, one.Form.Team = "", "", "", "", "", []string{}
	} else {
		w.Applicant, w.CreatedName = new(exchange.WirePublisher(one.Applicant)), wire.Optional(one.CreatedName)
	}
	w.Form = wireForm(one.Form)
	acts := []Step{}
	for _, s := range steps.Allowed(one.Stage) {
		if theirs := s == Return; theirs && (!one.Own || mine(ctx, one.Keeper)) || !theirs && one.Own {
			acts = append(acts, s)
		}
	}
	w.Allowed = access.Allowed(ctx, "promotion-application", acts...)
	if one.Form.Phone+one.Form.Email != "" && (one.Own || one.Stage != Withdrawn) { // of a blind one neither is left
		w.Allowed = append(w.Allowed, access.Allowed(ctx, "promotion-application", "reveal")...)
	}
	return w
}

// RevealPromotionContact shows how an applicant is reached.
func (a *API) RevealPromotionContact(ctx context.Context, r api.RevealPromotionContactRequestObject) (api.RevealPromotionContactResponseObject, error) {
	if _, err := a.seen(ctx, r.Id); err != nil {
		return nil, err
	}
	c, err := a.promotions.Reveal(ctx, r.Id, r.Body.Purpose)
	return api.RevealPromotionContact200JSONResponse{Phone: wire.Optional(c.Phone), Email: wire.Optional(c.Email)}, err
}

// ListPromotionApplications lists own applications and those to own programmes.
func (a *API) ListPromotionApplications(ctx context.Context, r api.ListPromotionApplicationsRequestObject) (api.ListPromotionApplicationsResponseObject, error) {
	p := r.Params
	f := ApplicationFilter{Words: wire.Or(p.Q), Programme: p.ProgrammeId, Stage: Stage(wire.Or(p.Status)), Own: p.Own, Blind: !access.Can(ctx, "promotion-award:decide"), ToScore: wire.Or(p.ToScore)}
	found, next, err := a.promotions.Applications(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionApplicationList{Items: make([]api.PromotionApplication, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireApplication(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountApplications(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionApplications200JSONResponse{Body: w}, nil
}

// CreatePromotionApplication begins one.
func (a *API) CreatePromotionApplication(ctx context.Context, r api.CreatePromotionApplicationRequestObject) (api.CreatePromotionApplicationResponseObject, error) {
	f, err := formOf(wire.Or(r.Body.Form), "/form")
	if err != nil {
		return nil, err
	}
	one, err := a.promotions.Apply(ctx, r.Body.ProgrammeId, f)
	if err != nil {
		return nil, err
	}
	return api.CreatePromotionApplication201JSONResponse{Body: wireApplication(ctx, one), Headers: api.CreatePromotionApplication201ResponseHeaders{ETag: new(problem.ETag(one.Version)), Location: new("/api/v1/promotion-applications/" + one.ID.String())}}, nil
}

// ReadPromotionApplication shows one, and what happened to it.
func (a *API) ReadPromotionApplication(ctx context.Context, r api.ReadPromotionApplicationRequestObject) (api.ReadPromotionApplicationResponseObject, error) {
	one, history, err := a.promotions.Application(ctx, r.Id)
	w := wireApplication(ctx, one)
	if !blinded(ctx, one) {
		w.History = wireEvents(history)
	}
	return api.ReadPromotionApplication200JSONResponse{Body: w, Headers: api.ReadPromotionApplication200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// UpdatePromotionApplication saves a form as far as it is filled.
func (a *API) UpdatePromotionApplication(ctx context.Context, r api.UpdatePromotionApplicationRequestObject) (api.UpdatePromotionApplicationResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := formOf(*r.Body, "")
	if err != nil {
		return nil, err
	}
	one, err := a.promotions.Fill(ctx, r.Id, version, f)
	return api.UpdatePromotionApplication200JSONResponse{Body: wireApplication(ctx, one), Headers: api.UpdatePromotionApplication200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// SubmitPromotionApplication hands one in.
func (a *API) SubmitPromotionApplication(ctx context.Context, r api.SubmitPromotionApplicationRequestObject) (api.SubmitPromotionApplicationResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	one, err := a.promotions.Submit(ctx, r.Id, version)
	return api.SubmitPromotionApplication200JSONResponse{Body: wireApplication(ctx, one), Headers: api.SubmitPromotionApplication200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// WithdrawPromotionApplication takes one back.
func (a *API) WithdrawPromotionApplication(ctx context.Context, r api.WithdrawPromotionApplicationRequestObject) (api.WithdrawPromotionApplicationResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	one, err := a.promotions.Withdraw(ctx, r.Id, version, r.Body.Reason)
	return api.WithdrawPromotionApplication200JSONResponse{Body: wireApplication(ctx, one), Headers: api.WithdrawPromotionApplication200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// ReturnPromotionApplication gives one back for completion.
func (a *API) ReturnPromotionApplication(ctx context.Context, r api.ReturnPromotionApplicationRequestObject) (api.ReturnPromotionApplicationResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	one, err := a.promotions.Return(ctx, r.Id, version, r.Body.Asked, r.Body.Until)
	return api.ReturnPromotionApplication200JSONResponse{Body: wireApplication(ctx, one), Headers: api.ReturnPromotionApplication200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}
