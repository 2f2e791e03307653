package marks

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkRisks lists the users in force by their risk.
func (a *API) ListMarkRisks(ctx context.Context, r api.ListMarkRisksRequestObject) (api.ListMarkRisksResponseObject, error) {
	found, next, err := a.supervision.Risks(ctx, RiskFilter{Registration: r.Params.RegistrationId, Township: wire.Or(r.Params.Township)}, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	w := api.MarkRiskList{Items: make([]api.MarkRisk, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireRisk(one))
	}
	return api.ListMarkRisks200JSONResponse{Body: w}, err
}

// ReadMarkRisk shows the risk of one.
func (a *API) ReadMarkRisk(ctx context.Context, r api.ReadMarkRiskRequestObject) (api.ReadMarkRiskResponseObject, error) {
	one, err := a.supervision.Risk(ctx, r.Id)
	return api.ReadMarkRisk200JSONResponse(wireRisk(one)), err
}

func wireRisk(r Risk) api.MarkRisk {
	w := api.MarkRisk{AuthorisationId: r.AuthorisationID, RegistrationId: r.RegistrationID, Names: r.Names, CreditCode: string(r.CreditCode), Township: r.Township, Status: api.MarkStatus(r.Status), Score: r.Score,
		Reasons: make([]api.MarkRiskLine, 0, len(r.Lines)), LastVisitOn: wire.DayOf(r.LastVisitOn), NextVisitOn: wire.DayOf(r.NextVisitOn)}
	for _, l := range r.Lines {
		w.Reasons = append(w.Reasons, api.MarkRiskLine{Reason: api.MarkRiskReason(l.Reason), Count: l.Count, Weight: l.Weight, Points: l.Points})
	}
	return w
}

// wireWeights are the points of all reasons, the tenant's and else the house's.
func wireWeights(w Weights) (all []api.MarkRiskWeight) {
	for _, r := range riskRules {
		all = append(all, api.MarkRiskWeight{Reason: api.MarkRiskReason(r.Reason), Points: w.of(r.Reason, r.Points)})
	}
	return all
}

func weightsOf(w *[]api.MarkRiskWeight) Weights {
	all := Weights{}
	for _, one := range wire.Or(w) {
		all[RiskReason(one.Reason)] = one.Points
	}
	return all
}

// wireClocks are the working days of all steps, the tenant's and else the house's.
func wireClocks(k Clocks) (all []api.MarkComplaintDays) {
	for _, r := range clockRules {
		all = append(all, api.MarkComplaintDays{Step: api.MarkComplaintStep(r.Step), Days: k.days(r), Article: &r.Article})
	}
	return all
}

func clocksOf(w *[]api.MarkComplaintDays) Clocks {
	all := Clocks{}
	for _, one := range wire.Or(w) {
		all[ClockStep(one.Step)] = one.Days
	}
	return all
}

// ListMarkVisits lists visits.
func (a *API) ListMarkVisits(ctx context.Context, r api.ListMarkVisitsRequestObject) (api.ListMarkVisitsResponseObject, error) {
	p := r.Params
	f := VisitFilter{Authorisation: p.AuthorisationId, Status: VisitStatus(wire.Or(p.Status)), Outcome: Outcome(wire.Or(p.Outcome))}
	found, next, err := a.supervision.Visits(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkVisitList{Items: make([]api.MarkVisit, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireVisit(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.supervision.CountVisits(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkVisits200JSONResponse{Body: w}, nil
}

// PlanMarkVisit plans a visit.
func (a *API) PlanMarkVisit(ctx context.Context, r api.PlanMarkVisitRequestObject) (api.PlanMarkVisitResponseObject, error) {
	b := r.Body
	v, err := a.supervision.Plan(ctx, Visit{AuthorisationID: b.AuthorisationId, PlannedOn: b.PlannedOn.Time, Visitor: b.Visitor, Reason: b.Reason})
	return api.PlanMarkVisit201JSONResponse{Body: wireVisit(ctx, v), Headers: api.PlanMarkVisit201ResponseHeaders{ETag: new(problem.ETag(v.Version)), Location: new("/api/v1/mark-visits/" + v.ID.String())}}, err
}

// ReadMarkVisit shows one.
func (a *API) ReadMarkVisit(ctx context.Context, r api.ReadMarkVisitRequestObject) (api.ReadMarkVisitResponseObject, error) {
	v, err := a.supervision.Visit(ctx, r.Id)
	return api.ReadMarkVisit200JSONResponse{Body: wireVisit(ctx, v), Headers: api.ReadMarkVisit200ResponseHeaders{ETag: new(problem.ETag(v.Version))}}, err
}

// RecordMarkVisit writes what a visit found.
func (a *API) RecordMarkVisit(ctx context.Context, r api.RecordMarkVisitRequestObject) (api.RecordMarkVisitResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	v, err := a.supervision.Record(ctx, r.Id, version, Found{Outcome: Outcome(b.Outcome), VisitedOn: b.VisitedOn.Time, Findings: wire.Or(b.Findings), Documents: wire.Or(b.Documents)})
	return api.RecordMarkVisit200JSONResponse{Body: wireVisit(ctx, v), Headers: api.RecordMarkVisit200ResponseHeaders{ETag: new(problem.ETag(v.Version))}}, err
}

// CancelMarkVisit ends a plan.
func (a *API) CancelMarkVisit(ctx context.Context, r api.CancelMarkVisitRequestObject) (api.CancelMarkVisitResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	v, err := a.supervision.Cancel(ctx, r.Id, version, r.Body.Reason)
	return api.CancelMarkVisit200JSONResponse{Body: wireVisit(ctx, v), Headers: api.CancelMarkVisit200ResponseHeaders{ETag: new(problem.ETag(v.Version))}}, err
}

func wireVisit(ctx context.Context, v Visit) api.MarkVisit {
	if v.Documents == nil {
		v.Documents = []uuid.UUID{}
	}
	return api.MarkVisit{Id: v.ID, Version: v.Version, AuthorisationId: v.AuthorisationID, Status: api.MarkVisitStatus(v.Status), PlannedOn: wire.Day(v.PlannedOn), Visitor: v.Visitor, Reason: v.Reason,
		Outcome: wire.Optional(api.MarkVisitOutcome(v.Outcome)), VisitedOn: wire.DayOf(v.VisitedOn), Findings: wire.Optional(v.Findings), Documents: v.Documents, UpdatedAt: v.UpdatedAt, UpdatedName: v.UpdatedName,
		Allowed: access.Allowed(ctx, "mark-visit", visitMoves.Allowed(v.Status)...)}
}

// ListMarkComplaints lists complaints.
func (a *API) ListMarkComplaints(ctx context.Context, r api.ListMarkComplaintsRequestObject) (api.ListMarkComplaintsResponseObject, error) {
	p := r.Params
	f := ComplaintFilter{Authorisation: p.AuthorisationId, Status: ComplaintStatus(wire.Or(p.Status))}
	found, next, err := a.supervision.Complaints(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkComplaintList{Items: make([]api.MarkComplaint, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireComplaint(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.supervision.CountComplaints(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkComplaints200JSONResponse{Body: w}, nil
}

// CreateMarkComplaint writes down a complaint.
func (a *API) CreateMarkComplaint(ctx context.Context, r api.CreateMarkComplaintRequestObject) (api.CreateMarkComplaintResponseObject, error) {
	b := r.Body
	c, err := a.supervision.Complain(ctx, Complaint{AuthorisationID: b.AuthorisationId, Complainant: wire.Or(b.Complainant), Text: b.Text, ReceivedOn: b.ReceivedOn.Time, Documents: wire.Or(b.Documents)})
	return api.CreateMarkComplaint201JSONResponse{Body: wireComplaint(ctx, c), Headers: api.CreateMarkComplaint201ResponseHeaders{ETag: new(problem.ETag(c.Version)), Location: new("/api/v1/mark-complaints/" + c.ID.String())}}, err
}

// ReadMarkComplaint shows one.
func (a *API) ReadMarkComplaint(ctx context.Context, r api.ReadMarkComplaintRequestObject) (api.ReadMarkComplaintResponseObject, error) {
	c, err := a.supervision.Complaint(ctx, r.Id)
	return api.ReadMarkComplaint200JSONResponse{Body: wireComplaint(ctx, c), Headers: api.ReadMarkComplaint200ResponseHeaders{ETag: new(problem.ETag(c.Version))}}, err
}

func (a *API) answer(ctx context.Context, id uuid.UUID, ifMatch string, act ComplaintAct, b *api.MarkComplaintAnswer) (w api.MarkComplaint, etag *string, err error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return w, nil, err
	}
	c, err := a.supervision.Answer(ctx, id, version, act, b.Answer)
	return wireComplaint(ctx, c), new(problem.ETag(c.Version)), err
}

// AcceptMarkComplaint begins to deal with one.
func (a *API) AcceptMarkComplaint(ctx context.Context, r api.AcceptMarkComplaintRequestObject) (api.AcceptMarkComplaintResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := a.supervision.Accept(ctx, r.Id, version, r.Body.On.Time)
	return api.AcceptMarkComplaint200JSONResponse{Body: wireComplaint(ctx, c), Headers: api.AcceptMarkComplaint200ResponseHeaders{ETag: new(problem.ETag(c.Version))}}, err
}

// UpholdMarkComplaint finds that it is so.
func (a *API) UpholdMarkComplaint(ctx context.Context, r api.UpholdMarkComplaintRequestObject) (api.UpholdMarkComplaintResponseObject, error) {
	w, etag, err := a.answer(ctx, r.Id, r.Params.IfMatch, ComplaintUphold, r.Body)
	return api.UpholdMarkComplaint200JSONResponse{Body: w, Headers: api.UpholdMarkComplaint200ResponseHeaders{ETag: etag}}, err
}

// DismissMarkComplaint finds that it is not so.
func (a *API) DismissMarkComplaint(ctx context.Context, r api.DismissMarkComplaintRequestObject) (api.DismissMarkComplaintResponseObject, error) {
	w, etag, err := a.answer(ctx, r.Id, r.Params.IfMatch, ComplaintDismiss, r.Body)
	return api.DismissMarkComplaint200JSONResponse{Body: w, Headers: api.DismissMarkComplaint200ResponseHeaders{ETag: etag}}, err
}

// wireComplaint leaves out who complained for whoever does not decide on complaints.
func wireComplaint(ctx context.Context, c Complaint) api.MarkComplaint {
	if c.Documents == nil {
		c.Documents = []uuid.UUID{}
	}
	w := api.MarkComplaint{Id: c.ID, Version: c.Version, AuthorisationId: c.AuthorisationID, Status: api.MarkComplaintStatus(c.Status), Text: c.Text, ReceivedOn: wire.Day(c.ReceivedOn), Documents: c.Documents, Answer: wire.Optional(c.Answer),
		DecidedName: wire.Optional(c.DecidedName), DecidedAt: c.DecidedAt, CreatedAt: c.CreatedAt, CreatedName: c.CreatedName, Allowed: access.Allowed(ctx, "mark-complaint", complaintMoves.Allowed(c.Status)...)}
	w.AcceptedOn = wire.DayOf(c.AcceptedOn)
	if k := c.Clock; k != nil {
		w.Clock = &api.MarkComplaintClock{Step: api.MarkComplaintStep(k.Step), DueOn: wire.Day(k.DueOn), Days: k.Days, Article: k.Article, Certain: k.Certain}
	}
	if len(access.Allowed(ctx, "mark-complaint", ComplaintUphold)) > 0 {
		w.Complainant = wire.Optional(c.Complainant)
	}
	return w
}
