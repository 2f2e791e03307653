package promotion

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireClaim(ctx context.Context, c Claim) api.PromotionClaim {
	w := api.PromotionClaim{Id: c.ID, Version: c.Version, ProgrammeId: c.ProgrammeID, AwardId: c.AwardID, Applicant: exchange.WirePublisher(c.Applicant), Name: c.Name, Number: c.Number, Status: api.PromotionClaimStatus(c.Status), Amount: c.Amount.In(c.Currency), Paid: c.Paid.In(c.Currency), Currency: string(c.Currency),
		Receipts: make([]api.PromotionReceipt, 0, len(c.Receipts)), Note: wire.Optional(c.Note), Decision: wire.Optional(c.Decision), DecidedName: wire.Optional(c.DecidedName), DecidedAt: c.DecidedAt, CreatedName: c.CreatedName, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		Etag: problem.ETag(c.Version), Allowed: []string{}}
	for _, r := range c.Receipts {
		cost := wireCost(r.Cost)
		w.Receipts = append(w.Receipts, api.PromotionReceipt{Kind: cost.Kind, Text: cost.Text, Amount: wire.Or(cost.Amount), Currency: cost.Currency, Rate: cost.Rate, RateSource: cost.RateSource, RateOn: cost.RateOn, Number: r.Number, IssuedOn: wire.Day(r.IssuedOn), DocumentId: r.DocumentID})
	}
	if !mine(ctx, c.Keeper) {
		return w
	}
	var acts []string
	if c.open() {
		acts = append(acts, "pay", "refuse")
	}
	if c.Paid > 0 {
		acts = append(acts, "reverse")
	}
	w.Allowed = access.Allowed(ctx, "promotion-claim", acts...)
	return w
}

// ListPromotionClaims lists claims.
func (a *API) ListPromotionClaims(ctx context.Context, r api.ListPromotionClaimsRequestObject) (api.ListPromotionClaimsResponseObject, error) {
	p := r.Params
	f := ClaimFilter{Programme: p.ProgrammeId, Award: p.AwardId, Status: ClaimStatus(wire.Or(p.Status))}
	found, next, err := a.promotions.Claims(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionClaimList{Items: make([]api.PromotionClaim, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireClaim(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountClaims(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionClaims200JSONResponse{Body: w}, nil
}

// CreatePromotionClaim asks for money.
func (a *API) CreatePromotionClaim(ctx context.Context, r api.CreatePromotionClaimRequestObject) (api.CreatePromotionClaimResponseObject, error) {
	c := Claim{AwardID: r.Body.AwardId, Note: wire.Or(r.Body.Note)}
	for _, b := range r.Body.Receipts {
		amount, _ := ParseMoney(b.Amount, Currency(b.Currency)) // what is none is nothing, which Check refuses
		c.Receipts = append(c.Receipts, Receipt{Cost: Cost{Kind: CostKind(b.Kind), Text: b.Text, Amount: amount, Currency: Currency(b.Currency), Rate: Rate(wire.Or(b.Rate)), RateSource: wire.Or(b.RateSource), RateOn: wire.TimeOf(b.RateOn)},
			Number: b.Number, IssuedOn: b.IssuedOn.Time, DocumentID: b.DocumentId})
	}
	made, err := a.promotions.Claim(ctx, c, r.Body.Amount)
	if err != nil {
		return nil, err
	}
	return api.CreatePromotionClaim201JSONResponse{Body: wireClaim(ctx, made), Headers: api.CreatePromotionClaim201ResponseHeaders{ETag: new(problem.ETag(made.Version)), Location: new("/api/v1/promotion-claims/" + made.ID.String())}}, nil
}

// ReadPromotionClaim shows a claim.
func (a *API) ReadPromotionClaim(ctx context.Context, r api.ReadPromotionClaimRequestObject) (api.ReadPromotionClaimResponseObject, error) {
	c, err := a.promotions.ReadClaim(ctx, r.Id)
	return api.ReadPromotionClaim200JSONResponse{Body: wireClaim(ctx, c), Headers: api.ReadPromotionClaim200ResponseHeaders{ETag: new(problem.ETag(c.Version))}}, err
}

// PayPromotionClaim enters money that was paid.
func (a *API) PayPromotionClaim(ctx context.Context, r api.PayPromotionClaimRequestObject) (api.PayPromotionClaimResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := a.promotions.Pay(ctx, r.Id, version, r.Body.Amount, r.Body.PaidOn.Time, wire.Or(r.Body.Reference))
	return api.PayPromotionClaim200JSONResponse{Body: wireClaim(ctx, c), Headers: api.PayPromotionClaim200ResponseHeaders{ETag: new(problem.ETag(c.Version))}}, err
}

// RefusePromotionClaim refuses what is not paid.
func (a *API) RefusePromotionClaim(ctx context.Context, r api.RefusePromotionClaimRequestObject) (api.RefusePromotionClaimResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := a.promotions.Refuse(ctx, r.Id, version, r.Body.Reason)
	return api.RefusePromotionClaim200JSONResponse{Body: wireClaim(ctx, c), Headers: api.RefusePromotionClaim200ResponseHeaders{ETag: new(problem.ETag(c.Version))}}, err
}

// ReversePromotionClaim takes back a payment that was wrong.
func (a *API) ReversePromotionClaim(ctx context.Context, r api.ReversePromotionClaimRequestObject) (api.ReversePromotionClaimResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := a.promotions.Reverse(ctx, r.Id, version, r.Body.PaymentId, r.Body.Reason)
	return api.ReversePromotionClaim200JSONResponse{Body: wireClaim(ctx, c), Headers: api.ReversePromotionClaim200ResponseHeaders{ETag: new(problem.ETag(c.Version))}}, err
}

// ListPromotionPayments lists payments and reversals.
func (a *API) ListPromotionPayments(ctx context.Context, r api.ListPromotionPaymentsRequestObject) (api.ListPromotionPaymentsResponseObject, error) {
	p := r.Params
	f := PaymentFilter{Programme: p.ProgrammeId, Claim: p.ClaimId, Source: Source(wire.Or(p.Source)), From: wire.TimeOf(p.PaidFrom), To: wire.TimeOf(p.PaidTo)}
	found, next, err := a.promotions.Payments(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionPaymentList{Items: make([]api.PromotionPayment, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, api.PromotionPayment{Id: one.ID, ProgrammeId: one.ProgrammeID, AwardId: one.AwardID, ClaimId: one.ClaimID, Number: one.Number, Name: one.Name, Source: api.PromotionSource(one.Source), Amount: one.Amount.In(one.Currency), Currency: string(one.Currency),
			PaidOn: wire.Day(one.PaidOn), Reference: wire.Optional(one.Reference), Reverses: one.Reverses, Reversed: one.Reversed, Reason: wire.Optional(one.Reason), RecordedName: one.RecordedName, RecordedAt: one.RecordedAt})
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountPayments(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionPayments200JSONResponse{Body: w}, nil
}

// ListPromotionCommitments lists what was promised and taken back.
func (a *API) ListPromotionCommitments(ctx context.Context, r api.ListPromotionCommitmentsRequestObject) (api.ListPromotionCommitmentsResponseObject, error) {
	p := r.Params
	f := CommitmentFilter{Programme: p.ProgrammeId, Source: Source(wire.Or(p.Source)), From: wire.TimeOf(p.EnteredFrom), To: wire.TimeOf(p.EnteredTo)}
	found, next, err := a.promotions.Commitments(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.PromotionCommitmentList{Items: make([]api.PromotionCommitment, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, api.PromotionCommitment{Id: one.ID, ProgrammeId: one.ProgrammeID, AwardId: one.AwardID, Number: one.Number, Name: one.Name, Source: api.PromotionSource(one.Source), Amount: one.Amount.In(one.Currency), Currency: string(one.Currency),
			Reason: wire.Optional(one.Reason), RecordedName: one.RecordedName, RecordedAt: one.RecordedAt})
	}
	if wire.Or(p.Count) {
		n, err := a.promotions.CountCommitments(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListPromotionCommitments200JSONResponse{Body: w}, nil
}
