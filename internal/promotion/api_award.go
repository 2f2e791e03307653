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

func wireAward(ctx context.Context, w Award) api.PromotionAward {
	out := api.PromotionAward{Id: w.ID, Version: w.Version, ProgrammeId: w.ProgrammeID, Titles: w.Titles, ApplicationId: w.ApplicationID, Applicant: exchange.WirePublisher(w.Applicant), Name: w.Name, Number: w.Number, Outcome: api.PromotionOutcome(w.Outcome), Position: wire.Optional(w.Position),
		Amount: w.Amount.In(w.Currency), Paid: w.Paid.In(w.Currency), Currency: string(w.Currency), Reason: w.Reason, DecidedName: w.DecidedName, DecidedAt: w.DecidedAt, PublishedAt: w.PublishedAt, ObjectionUntil: w.ObjectionUntil, UpdatedAt: w.UpdatedAt,
		Etag: problem.ETag(w.Version), Allowed: []string{}}
	if mine(ctx, w.Keeper) && w.PublishedAt == nil {
		out.Allowed = access.Allowed(ctx, "promotion-award", "decide")
	}
	return out
}

// ListPromotionAwards lists decisions.
func (a *API) ListPromotionAwards(ctx context.Context, r api.ListPromotionAwardsRequestObject) (api.ListPromotionAwardsResponseObject, error) {
	p := r.Params
	f := AwardFilter{Programme: p.ProgrammeId, Application: p.ApplicationId, Outcome: Outcome(wire.Or(p.Outcome)), Blind: !access.Can(ctx, "promotion-award:decide")}
	found, next, err := a.promotions.Awards(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionAwardList{Items: make([]api.PromotionAward, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireAward(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountAwards(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionAwards200JSONResponse{Body: w}, nil
}

// DecidePromotionAward decides on an application.
func (a *API) DecidePromotionAward(ctx context.Context, r api.DecidePromotionAwardRequestObject) (api.DecidePromotionAwardResponseObject, error) {
	w, err := a.promotions.Award(ctx, Decision{ApplicationID: r.Body.ApplicationId, Outcome: Outcome(r.Body.Outcome), Reason: r.Body.Reason}, wire.Or(r.Body.Amount))
	if err != nil {
		return nil, err
	}
	return api.DecidePromotionAward201JSONResponse{Body: wireAward(ctx, w), Headers: api.DecidePromotionAward201ResponseHeaders{ETag: new(problem.ETag(w.Version)), Location: new("/api/v1/promotion-awards/" + w.ID.String())}}, nil
}

// shown reads a decision whose reader may know whose it is: in a blind selection who only scores does not.
func (a *API) shown(ctx context.Context, id uuid.UUID) (Award, error) {
	w, err := a.promotions.ReadAward(ctx, id)
	if err == nil && w.Blind && w.Status.selecting() && mine(ctx, w.Keeper) && !access.Can(ctx, "promotion-award:decide") {
		err = ErrAwardNotFound
	}
	return w, err
}

// ReadPromotionAward shows a decision.
func (a *API) ReadPromotionAward(ctx context.Context, r api.ReadPromotionAwardRequestObject) (api.ReadPromotionAwardResponseObject, error) {
	w, err := a.shown(ctx, r.Id)
	return api.ReadPromotionAward200JSONResponse{Body: wireAward(ctx, w), Headers: api.ReadPromotionAward200ResponseHeaders{ETag: new(problem.ETag(w.Version))}}, err
}

func wireObjection(ctx context.Context, o Objection) api.PromotionObjection {
	w := api.PromotionObjection{Id: o.ID, Version: o.Version, ProgrammeId: o.ProgrammeID, AwardId: o.AwardID, Number: o.Number, Name: o.Name, Status: api.PromotionObjectionStatus(o.Status), Text: o.Text, Answer: wire.Optional(o.Answer), AnsweredName: wire.Optional(o.AnsweredName), AnsweredAt: o.AnsweredAt,
		FiledName: o.FiledName, FiledAt: o.FiledAt, Etag: problem.ETag(o.Version), Allowed: []string{}}
	if o.Status == Filed && mine(ctx, o.Keeper) {
		w.Allowed = access.Allowed(ctx, "promotion-objection", "answer")
	}
	return w
}

// ListPromotionObjections lists objections.
func (a *API) ListPromotionObjections(ctx context.Context, r api.ListPromotionObjectionsRequestObject) (api.ListPromotionObjectionsResponseObject, error) {
	p := r.Params
	f := ObjectionFilter{Programme: p.ProgrammeId, Award: p.AwardId, Status: ObjectionStatus(wire.Or(p.Status))}
	found, next, err := a.promotions.Objections(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionObjectionList{Items: make([]api.PromotionObjection, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireObjection(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountObjections(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionObjections200JSONResponse{Body: w}, nil
}

// FilePromotionObjection objects to a decision.
func (a *API) FilePromotionObjection(ctx context.Context, r api.FilePromotionObjectionRequestObject) (api.FilePromotionObjectionResponseObject, error) {
	o, err := a.promotions.Object(ctx, r.Body.AwardId, r.Body.Text)
	if err != nil {
		return nil, err
	}
	return api.FilePromotionObjection201JSONResponse{Body: wireObjection(ctx, o), Headers: api.FilePromotionObjection201ResponseHeaders{ETag: new(problem.ETag(o.Version)), Location: new("/api/v1/promotion-objections?awardId=" + o.AwardID.String())}}, nil
}

// AnswerPromotionObjection answers one.
func (a *API) AnswerPromotionObjection(ctx context.Context, r api.AnswerPromotionObjectionRequestObject) (api.AnswerPromotionObjectionResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := a.promotions.Answer(ctx, r.Id, version, ObjectionStatus(r.Body.Status), r.Body.Answer)
	return api.AnswerPromotionObjection200JSONResponse{Body: wireObjection(ctx, o), Headers: api.AnswerPromotionObjection200ResponseHeaders{ETag: new(problem.ETag(o.Version))}}, err
}
