package promotion

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// callOf reads a call. An amount that is none is nothing, which Check refuses.
func callOf(b api.PromotionCall) Content {
	in := Currency(b.Currency)
	money := func(s string) Money { m, _ := ParseMoney(s, in); return m }
	c := Content{Kind: Kind(b.Kind), Titles: b.Titles, Texts: wire.Or(b.Texts), Topics: wire.Or(b.Topics), Countries: b.Countries, Window: Window{Opens: b.Window.Opens, Closes: b.Window.Closes, Zone: b.Window.Zone}, Places: b.Places, Currency: in,
		Rules: Rules{ShareBP: b.Rules.ShareBp, Ceiling: money(b.Rules.Ceiling)}, Budgets: []Budget{}, Criteria: []Criterion{}, Documents: []Required{}, Blind: wire.Or(b.Blind), ObjectionDays: wire.Or(b.ObjectionDays)}
	for _, k := range b.Rules.Eligible {
		c.Rules.Eligible = append(c.Rules.Eligible, CostKind(k))
	}
	for _, m := range b.Budgets {
		c.Budgets = append(c.Budgets, Budget{Source(m.Source), money(m.Amount)})
	}
	for _, k := range b.Criteria {
		c.Criteria = append(c.Criteria, Criterion{k.Code, k.Names, k.Weight})
	}
	for _, d := range wire.Or(b.Documents) {
		c.Documents = append(c.Documents, Required{d.Code, d.Names})
	}
	return c
}

func wireCall(c Content) api.PromotionCall {
	w := api.PromotionCall{Kind: api.PromotionKind(c.Kind), Titles: c.Titles, Countries: c.Countries, Window: api.PromotionWindow{Opens: c.Window.Opens, Closes: c.Window.Closes, Zone: c.Window.Zone}, Places: c.Places, Currency: string(c.Currency),
		Rules: api.PromotionRules{ShareBp: c.Rules.ShareBP, Ceiling: c.Rules.Ceiling.In(c.Currency), Eligible: []api.PromotionCostKind{}}, Budgets: []api.PromotionBudget{}, Criteria: []api.PromotionCriterion{}, Blind: wire.Optional(c.Blind), ObjectionDays: wire.Optional(c.ObjectionDays)}
	if len(c.Texts) > 0 {
		w.Texts = new(api.Text(c.Texts))
	}
	if len(c.Topics) > 0 {
		w.Topics = &c.Topics
	}
	for _, k := range c.Rules.Eligible {
		w.Rules.Eligible = append(w.Rules.Eligible, api.PromotionCostKind(k))
	}
	for _, b := range c.Budgets {
		w.Budgets = append(w.Budgets, api.PromotionBudget{Source: api.PromotionSource(b.Source), Amount: b.Amount.In(c.Currency)})
	}
	for _, k := range c.Criteria {
		w.Criteria = append(w.Criteria, api.PromotionCriterion{Code: k.Code, Names: k.Names, Weight: k.Weight})
	}
	if len(c.Documents) > 0 {
		all := []api.PromotionRequired{}
		for _, d := range c.Documents {
			all = append(all, api.PromotionRequired{Code: d.Code, Names: d.Names})
		}
		w.Documents = &all
	}
	return w
}

func (a *API) programme(ctx context.Context, p Programme) api.PromotionProgramme {
	w := api.PromotionProgramme{Id: p.ID, Version: p.Version, Keeper: exchange.WirePublisher(p.Keeper), Status: api.PromotionStatus(p.Status), Call: wireCall(p.Content), OpensAt: p.OpensAt, ClosesAt: p.ClosesAt, Taken: p.Taken, Own: p.Own, PublishedAt: p.PublishedAt,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Etag: problem.ETag(p.Version), Allowed: []string{}}
	w.Mirror = wireMirror(p, a.promotions.now())
	if !p.Own {
		if p.Mirrorable && p.Mirror == nil {
			w.Allowed = access.Allowed(ctx, "promotion-programme", Take)
		}
		return w
	}
	w.DraftedName, w.ReviewedName = wire.Optional(p.DraftedName), wire.Optional(p.ReviewedName)
	acts := moves.Allowed(p.Status)
	if p.Mirror != nil {
		w.Allowed = access.Allowed(ctx, "promotion-programme", acts...)
		return w
	}
	if p.Status != Settled && p.Status != Cancelled {
		acts = append(acts, "appoint")
	}
	if p.Status.paying() {
		acts = append(acts, "advance")
	}
	w.Allowed = access.Allowed(ctx, "promotion-programme", acts...)
	return w
}

func wireMembers(all []Member) []api.PromotionMember {
	out := make([]api.PromotionMember, 0, len(all))
	for _, m := range all {
		out = append(out, api.PromotionMember{PersonId: m.PersonID, Name: m.Name})
	}
	return out
}

// wireInside adds what only the keeper sees.
func wireInside(w api.PromotionProgramme, in Inside, currency Currency) api.PromotionProgramme {
	if !w.Own {
		return w
	}
	if w.Mirror != nil {
		w.History = wireEvents(in.History)
		return w
	}
	w.History = wireEvents(in.History)
	money, people := []api.PromotionFund{}, wireMembers(in.Committee)
	for _, f := range in.Funds {
		money = append(money, api.PromotionFund{Source: api.PromotionSource(f.Source), Amount: f.Amount.In(currency), Committed: f.Committed.In(currency), Paid: f.Paid.In(currency)})
	}
	w.Funds, w.Committee = &money, &people
	return w
}

// ListPromotionProgrammes lists own programmes and published ones.
func (a *API) ListPromotionProgrammes(ctx context.Context, r api.ListPromotionProgrammesRequestObject) (api.ListPromotionProgrammesResponseObject, error) {
	p := r.Params
	f := ProgrammeFilter{Words: wire.Or(p.Q), Status: Status(wire.Or(p.Status)), Kind: Kind(wire.Or(p.Kind)), Country: wire.Or(p.Country), Topic: wire.Or(p.Topic), Own: p.Own}
	found, next, err := a.promotions.Programmes(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionProgrammeList{Items: make([]api.PromotionProgramme, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, a.programme(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountProgrammes(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionProgrammes200JSONResponse{Body: w}, nil
}

// CreatePromotionProgramme drafts one.
func (a *API) CreatePromotionProgramme(ctx context.Context, r api.CreatePromotionProgrammeRequestObject) (api.CreatePromotionProgrammeResponseObject, error) {
	p, err := a.promotions.Create(ctx, callOf(*r.Body))
	if err != nil {
		return nil, err
	}
	return api.CreatePromotionProgramme201JSONResponse{Body: a.programme(ctx, p), Headers: api.CreatePromotionProgramme201ResponseHeaders{ETag: new(problem.ETag(p.Version)), Location: new("/api/v1/promotion-programmes/" + p.ID.String())}}, nil
}

// ReadPromotionProgramme shows one.
func (a *API) ReadPromotionProgramme(ctx context.Context, r api.ReadPromotionProgrammeRequestObject) (api.ReadPromotionProgrammeResponseObject, error) {
	p, in, err := a.promotions.Programme(ctx, r.Id)
	return api.ReadPromotionProgramme200JSONResponse{Body: wireInside(a.programme(ctx, p), in, p.Content.Currency), Headers: api.ReadPromotionProgramme200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, err
}

// UpdatePromotionProgramme replaces a call that is not published.
func (a *API) UpdatePromotionProgramme(ctx context.Context, r api.UpdatePromotionProgrammeRequestObject) (api.UpdatePromotionProgrammeResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	p, err := a.promotions.Update(ctx, r.Id, version, callOf(*r.Body))
	return api.UpdatePromotionProgramme200JSONResponse{Body: a.programme(ctx, p), Headers: api.UpdatePromotionProgramme200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, err
}

// AppointPromotionCommittee says who is on the committee.
func (a *API) AppointPromotionCommittee(ctx context.Context, r api.AppointPromotionCommitteeRequestObject) (api.AppointPromotionCommitteeResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	p, in, err := a.promotions.Appoint(ctx, r.Id, version, r.Body.People)
	return api.AppointPromotionCommittee200JSONResponse{Body: wireInside(a.programme(ctx, p), in, p.Content.Currency), Headers: api.AppointPromotionCommittee200ResponseHeaders{ETag: new(problem.ETag(p.Version))}}, err
}

// ReadPromotionCandidates shows who may sit on the committee.
func (a *API) ReadPromotionCandidates(ctx context.Context, r api.ReadPromotionCandidatesRequestObject) (api.ReadPromotionCandidatesResponseObject, error) {
	roles, err := a.access.Holders(ctx, "promotion-score:give")
	if err != nil {
		return nil, err
	}
	all, err := a.promotions.Candidates(ctx, r.Id, roles)
	return api.ReadPromotionCandidates200JSONResponse{Items: wireMembers(all)}, err
}

// act is what every act on a programme has in common.
func (a *API) act(ctx context.Context, id uuid.UUID, ifMatch string, act Act, reason string) (w api.PromotionProgramme, etag *string, err error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return w, nil, err
	}
	p, err := a.promotions.Do(ctx, id, version, act, reason)
	return a.programme(ctx, p), new(problem.ETag(p.Version)), err
}

// ReviewPromotionProgramme says that a call is right.
func (a *API) ReviewPromotionProgramme(ctx context.Context, r api.ReviewPromotionProgrammeRequestObject) (api.ReviewPromotionProgrammeResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Review, "")
	return api.ReviewPromotionProgramme200JSONResponse{Body: w, Headers: api.ReviewPromotionProgramme200ResponseHeaders{ETag: etag}}, err
}

// OpenPromotionProgramme publishes a call.
func (a *API) OpenPromotionProgramme(ctx context.Context, r api.OpenPromotionProgrammeRequestObject) (api.OpenPromotionProgrammeResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, OpenIt, "")
	return api.OpenPromotionProgramme200JSONResponse{Body: w, Headers: api.OpenPromotionProgramme200ResponseHeaders{ETag: etag}}, err
}

// ClosePromotionProgramme ends taking applications.
func (a *API) ClosePromotionProgramme(ctx context.Context, r api.ClosePromotionProgrammeRequestObject) (api.ClosePromotionProgrammeResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Close, "")
	return api.ClosePromotionProgramme200JSONResponse{Body: w, Headers: api.ClosePromotionProgramme200ResponseHeaders{ETag: etag}}, err
}

// DecidePromotionProgramme publishes the results.
func (a *API) DecidePromotionProgramme(ctx context.Context, r api.DecidePromotionProgrammeRequestObject) (api.DecidePromotionProgrammeResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Decide, "")
	return api.DecidePromotionProgramme200JSONResponse{Body: w, Headers: api.DecidePromotionProgramme200ResponseHeaders{ETag: etag}}, err
}

// RunPromotionProgramme says that what is supported has begun.
func (a *API) RunPromotionProgramme(ctx context.Context, r api.RunPromotionProgrammeRequestObject) (api.RunPromotionProgrammeResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Run, "")
	return api.RunPromotionProgramme200JSONResponse{Body: w, Headers: api.RunPromotionProgramme200ResponseHeaders{ETag: etag}}, err
}

// SettlePromotionProgramme settles a programme.
func (a *API) SettlePromotionProgramme(ctx context.Context, r api.SettlePromotionProgrammeRequestObject) (api.SettlePromotionProgrammeResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Settle, "")
	return api.SettlePromotionProgramme200JSONResponse{Body: w, Headers: api.SettlePromotionProgramme200ResponseHeaders{ETag: etag}}, err
}

// CancelPromotionProgramme cancels a programme.
func (a *API) CancelPromotionProgramme(ctx context.Context, r api.CancelPromotionProgrammeRequestObject) (api.CancelPromotionProgrammeResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Cancel, r.Body.Reason)
	return api.CancelPromotionProgramme200JSONResponse{Body: w, Headers: api.CancelPromotionProgramme200ResponseHeaders{ETag: etag}}, err
}

// AdvancePromotionProgramme lets those who wait move up.
func (a *API) AdvancePromotionProgramme(ctx context.Context, r api.AdvancePromotionProgrammeRequestObject) (api.AdvancePromotionProgrammeResponseObject, error) {
	changed, err := a.promotions.Advance(ctx, r.Id)
	w := api.PromotionAwardList{Items: make([]api.PromotionAward, 0, len(changed))}
	for _, one := range changed {
		w.Items = append(w.Items, wireAward(ctx, one))
	}
	return api.AdvancePromotionProgramme200JSONResponse(w), err
}
