package marks

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkAuthorisations lists authorisations.
func (a *API) ListMarkAuthorisations(ctx context.Context, r api.ListMarkAuthorisationsRequestObject) (api.ListMarkAuthorisationsResponseObject, error) {
	p := r.Params
	f := Filter{Words: wire.Or(p.Q), Status: Status(wire.Or(p.Status)), Kind: Kind(wire.Or(p.Kind)), Registration: p.RegistrationId, Township: wire.Or(p.Township), Exports: p.Exports}
	found, next, err := a.authorisations.List(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkAuthorisationList{Items: make([]api.MarkAuthorisation, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, a.wire(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.authorisations.Count(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkAuthorisations200JSONResponse{Body: w}, nil
}

// ApplyMarkAuthorisation enters an application.
func (a *API) ApplyMarkAuthorisation(ctx context.Context, r api.ApplyMarkAuthorisationRequestObject) (api.ApplyMarkAuthorisationResponseObject, error) {
	b := r.Body
	h := Holder{Kind: Kind(b.Kind), CreditCode: CreditCode(b.CreditCode), Names: b.Names, Township: wire.Or(b.Township), Exports: wire.Or(b.Exports), ContentG: b.ContentG}
	made, err := a.authorisations.Apply(ctx, b.RegistrationId, h, Event{HappenedOn: b.AppliedOn.Time, Reference: wire.Or(b.Reference), Documents: wire.Or(b.Documents)})
	if err != nil {
		return nil, err
	}
	return api.ApplyMarkAuthorisation201JSONResponse{Body: a.wire(ctx, made),
		Headers: api.ApplyMarkAuthorisation201ResponseHeaders{ETag: new(problem.ETag(made.Version)), Location: new("/api/v1/mark-authorisations/" + made.ID.String())}}, nil
}

// ReadMarkAuthorisation shows one.
func (a *API) ReadMarkAuthorisation(ctx context.Context, r api.ReadMarkAuthorisationRequestObject) (api.ReadMarkAuthorisationResponseObject, error) {
	one, err := a.authorisations.Read(ctx, r.Id)
	return api.ReadMarkAuthorisation200JSONResponse{Body: a.wire(ctx, one), Headers: api.ReadMarkAuthorisation200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// ReadMarkAuthorisationHistory shows what happened to one.
func (a *API) ReadMarkAuthorisationHistory(ctx context.Context, r api.ReadMarkAuthorisationHistoryRequestObject) (api.ReadMarkAuthorisationHistoryResponseObject, error) {
	all, err := a.authorisations.History(ctx, r.Id)
	w := api.ReadMarkAuthorisationHistory200JSONResponse{Events: make([]api.MarkAuthorisationEvent, 0, len(all))}
	for _, e := range all {
		w.Events = append(w.Events, api.MarkAuthorisationEvent{Seq: e.Seq, Act: string(e.Act), FromStatus: string(e.From), ToStatus: api.MarkStatus(e.To), HappenedOn: wire.Day(e.HappenedOn), Reference: wire.Optional(e.Reference),
			Reason: wire.Optional(e.Reason), Ground: wire.Optional(api.MarkEndGround(e.Ground)), DueOn: wire.DayOf(e.DueOn), AppealUntil: wire.DayOf(e.AppealUntil), Documents: e.Documents, RecordedName: e.RecordedName, RecordedAt: e.RecordedAt})
	}
	return w, err
}

// AmendMarkAuthorisation changes what is kept of the holder.
func (a *API) AmendMarkAuthorisation(ctx context.Context, r api.AmendMarkAuthorisationRequestObject) (api.AmendMarkAuthorisationResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	h := Holder{Kind: Kind(b.Kind), Names: b.Names, Township: wire.Or(b.Township), Exports: wire.Or(b.Exports), ContentG: b.ContentG}
	one, err := a.authorisations.Amend(ctx, r.Id, version, h, Event{HappenedOn: b.HappenedOn.Time, Reason: wire.Or(b.Reason), Documents: wire.Or(b.Documents)})
	return api.AmendMarkAuthorisation200JSONResponse{Body: a.wire(ctx, one), Headers: api.AmendMarkAuthorisation200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// act is what every act has in common.
func (a *API) act(ctx context.Context, id uuid.UUID, ifMatch string, act Act, b *api.MarkAuthorisationAct) (w api.MarkAuthorisation, etag *string, err error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return w, nil, err
	}
	one, err := a.authorisations.Do(ctx, id, version, Event{Act: act, HappenedOn: b.HappenedOn.Time, Reference: wire.Or(b.Reference), Reason: wire.Or(b.Reason), Ground: Ground(wire.Or(b.Ground)),
		DueOn: wire.TimeOf(b.DueOn), AppealUntil: wire.TimeOf(b.AppealUntil), Documents: wire.Or(b.Documents)})
	return a.wire(ctx, one), new(problem.ETag(one.Version)), err
}

func (a *API) wire(ctx context.Context, one Authorisation) api.MarkAuthorisation {
	w := wireAuthorisation(ctx, one)
	for _, p := range one.Proposals(a.authorisations.now().UTC()) {
		w.Proposed = append(w.Proposed, api.MarkProposal{Act: string(p.Act), Ground: wire.Optional(api.MarkEndGround(p.Ground)), Why: api.MarkProposalWhy(p.Why)})
	}
	if on, ok := one.UnusedOn(); ok {
		w.UnusedOn = new(wire.Day(on))
	}
	if on, ok := one.ReportDueOn(); ok {
		w.ReportDueOn = new(wire.Day(on))
	}
	return w
}

func wireAuthorisation(ctx context.Context, a Authorisation) api.MarkAuthorisation {
	return api.MarkAuthorisation{Id: a.ID, Version: a.Version, Status: api.MarkStatus(a.Status), RegistrationId: a.RegistrationID, Kind: api.MarkUserKind(a.Kind), CreditCode: string(a.CreditCode), Names: a.Names, Township: a.Township,
		Exports: a.Exports, ContentG: a.ContentG, Notice: wire.Optional(a.Notice), FromOn: wire.DayOf(a.FromOn), EndedOn: wire.DayOf(a.EndedOn), Ground: wire.Optional(api.MarkEndGround(a.Ground)), DueOn: wire.DayOf(a.DueOn), AppealUntil: wire.DayOf(a.AppealUntil), LastUsedOn: wire.DayOf(a.LastUsedOn), LastReportedOn: wire.DayOf(a.ReportedOn),
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, Proposed: []api.MarkProposal{}, Allowed: access.Allowed(ctx, PublicationKind, a.allowed()...)}
}

// VerifyMarkAuthorisation records the check on site.
func (a *API) VerifyMarkAuthorisation(ctx context.Context, r api.VerifyMarkAuthorisationRequestObject) (api.VerifyMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Verify, r.Body)
	return api.VerifyMarkAuthorisation200JSONResponse{Body: w, Headers: api.VerifyMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// ExamineMarkAuthorisation records the examination.
func (a *API) ExamineMarkAuthorisation(ctx context.Context, r api.ExamineMarkAuthorisationRequestObject) (api.ExamineMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Examine, r.Body)
	return api.ExamineMarkAuthorisation200JSONResponse{Body: w, Headers: api.ExamineMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// AnnounceMarkAuthorisation records that it was announced.
func (a *API) AnnounceMarkAuthorisation(ctx context.Context, r api.AnnounceMarkAuthorisationRequestObject) (api.AnnounceMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Announce, r.Body)
	return api.AnnounceMarkAuthorisation200JSONResponse{Body: w, Headers: api.AnnounceMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// EnterMarkAuthorisation enters it.
func (a *API) EnterMarkAuthorisation(ctx context.Context, r api.EnterMarkAuthorisationRequestObject) (api.EnterMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Enter, r.Body)
	return api.EnterMarkAuthorisation200JSONResponse{Body: w, Headers: api.EnterMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// RefuseMarkAuthorisation refuses it.
func (a *API) RefuseMarkAuthorisation(ctx context.Context, r api.RefuseMarkAuthorisationRequestObject) (api.RefuseMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Refuse, r.Body)
	return api.RefuseMarkAuthorisation200JSONResponse{Body: w, Headers: api.RefuseMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// WithdrawMarkAuthorisation records that the applicant withdrew.
func (a *API) WithdrawMarkAuthorisation(ctx context.Context, r api.WithdrawMarkAuthorisationRequestObject) (api.WithdrawMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Withdraw, r.Body)
	return api.WithdrawMarkAuthorisation200JSONResponse{Body: w, Headers: api.WithdrawMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// ReportMarkAuthorisation records a holder's report.
func (a *API) ReportMarkAuthorisation(ctx context.Context, r api.ReportMarkAuthorisationRequestObject) (api.ReportMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Report, r.Body)
	return api.ReportMarkAuthorisation200JSONResponse{Body: w, Headers: api.ReportMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// OrderMarkAuthorisation orders a rectification.
func (a *API) OrderMarkAuthorisation(ctx context.Context, r api.OrderMarkAuthorisationRequestObject) (api.OrderMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Order, r.Body)
	return api.OrderMarkAuthorisation200JSONResponse{Body: w, Headers: api.OrderMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// RectifyMarkAuthorisation records that it was put right.
func (a *API) RectifyMarkAuthorisation(ctx context.Context, r api.RectifyMarkAuthorisationRequestObject) (api.RectifyMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Rectify, r.Body)
	return api.RectifyMarkAuthorisation200JSONResponse{Body: w, Headers: api.RectifyMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// FlagMarkAuthorisation puts it on the list of abnormal use.
func (a *API) FlagMarkAuthorisation(ctx context.Context, r api.FlagMarkAuthorisationRequestObject) (api.FlagMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Flag, r.Body)
	return api.FlagMarkAuthorisation200JSONResponse{Body: w, Headers: api.FlagMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// ClearMarkAuthorisation takes it off that list.
func (a *API) ClearMarkAuthorisation(ctx context.Context, r api.ClearMarkAuthorisationRequestObject) (api.ClearMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Clear, r.Body)
	return api.ClearMarkAuthorisation200JSONResponse{Body: w, Headers: api.ClearMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// EndMarkAuthorisation ends the use.
func (a *API) EndMarkAuthorisation(ctx context.Context, r api.EndMarkAuthorisationRequestObject) (api.EndMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, End, r.Body)
	return api.EndMarkAuthorisation200JSONResponse{Body: w, Headers: api.EndMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// AppealMarkAuthorisation records an appeal.
func (a *API) AppealMarkAuthorisation(ctx context.Context, r api.AppealMarkAuthorisationRequestObject) (api.AppealMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Appeal, r.Body)
	return api.AppealMarkAuthorisation200JSONResponse{Body: w, Headers: api.AppealMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}

// ReopenMarkAuthorisation records what an appeal changed.
func (a *API) ReopenMarkAuthorisation(ctx context.Context, r api.ReopenMarkAuthorisationRequestObject) (api.ReopenMarkAuthorisationResponseObject, error) {
	w, etag, err := a.act(ctx, r.Id, r.Params.IfMatch, Reopen, r.Body)
	return api.ReopenMarkAuthorisation200JSONResponse{Body: w, Headers: api.ReopenMarkAuthorisation200ResponseHeaders{ETag: etag}}, err
}
