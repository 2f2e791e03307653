package marks

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkUserApplications lists what producers applied for: the applicant's own, or those that its keeper was sent.
func (a *API) ListMarkUserApplications(ctx context.Context, r api.ListMarkUserApplicationsRequestObject) (api.ListMarkUserApplicationsResponseObject, error) {
	f := ApplicationFilter{Words: wire.Or(r.Params.Q), Stage: Stage(wire.Or(r.Params.Status))}
	found, next, err := a.applications.List(ctx, f, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkUserApplicationList{Items: make([]api.MarkUserApplication, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireApplication(ctx, one))
	}
	if wire.Or(r.Params.Count) {
		n, err := a.applications.Count(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkUserApplications200JSONResponse{Body: w}, nil
}

// CreateMarkUserApplication saves a draft.
func (a *API) CreateMarkUserApplication(ctx context.Context, r api.CreateMarkUserApplicationRequestObject) (api.CreateMarkUserApplicationResponseObject, error) {
	one, err := a.applications.Begin(ctx, r.Body.RegistrationId, formOf(r.Body.Form))
	return api.CreateMarkUserApplication201JSONResponse{Body: wireApplication(ctx, one), Headers: api.CreateMarkUserApplication201ResponseHeaders{ETag: new(problem.ETag(one.Version)), Location: new("/api/v1/mark-applications/" + one.ID.String())}}, err
}

// ReadMarkUserApplication shows one.
func (a *API) ReadMarkUserApplication(ctx context.Context, r api.ReadMarkUserApplicationRequestObject) (api.ReadMarkUserApplicationResponseObject, error) {
	one, err := a.applications.Application(ctx, r.Id)
	return api.ReadMarkUserApplication200JSONResponse{Body: wireApplication(ctx, one), Headers: api.ReadMarkUserApplication200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

// applied does a step to the version that was read.
func applied(ctx context.Context, id uuid.UUID, ifMatch string, step func(ctx context.Context, id uuid.UUID, version int) (Application, error)) (w api.MarkUserApplication, etag *string, err error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return w, nil, err
	}
	one, err := step(ctx, id, version)
	return wireApplication(ctx, one), new(problem.ETag(one.Version)), err
}

// UpdateMarkUserApplication saves a form as far as it is filled.
func (a *API) UpdateMarkUserApplication(ctx context.Context, r api.UpdateMarkUserApplicationRequestObject) (api.UpdateMarkUserApplicationResponseObject, error) {
	w, etag, err := applied(ctx, r.Id, r.Params.IfMatch, func(ctx context.Context, id uuid.UUID, version int) (Application, error) {
		return a.applications.Fill(ctx, id, version, formOf(*r.Body))
	})
	return api.UpdateMarkUserApplication200JSONResponse{Body: w, Headers: api.UpdateMarkUserApplication200ResponseHeaders{ETag: etag}}, err
}

// SubmitMarkUserApplication hands one in.
func (a *API) SubmitMarkUserApplication(ctx context.Context, r api.SubmitMarkUserApplicationRequestObject) (api.SubmitMarkUserApplicationResponseObject, error) {
	w, etag, err := applied(ctx, r.Id, r.Params.IfMatch, a.applications.Submit)
	return api.SubmitMarkUserApplication200JSONResponse{Body: w, Headers: api.SubmitMarkUserApplication200ResponseHeaders{ETag: etag}}, err
}

// WithdrawMarkUserApplication takes one back.
func (a *API) WithdrawMarkUserApplication(ctx context.Context, r api.WithdrawMarkUserApplicationRequestObject) (api.WithdrawMarkUserApplicationResponseObject, error) {
	w, etag, err := applied(ctx, r.Id, r.Params.IfMatch, a.applications.Withdraw)
	return api.WithdrawMarkUserApplication200JSONResponse{Body: w, Headers: api.WithdrawMarkUserApplication200ResponseHeaders{ETag: etag}}, err
}

// AppealMarkUserApplication appeals against a refusal.
func (a *API) AppealMarkUserApplication(ctx context.Context, r api.AppealMarkUserApplicationRequestObject) (api.AppealMarkUserApplicationResponseObject, error) {
	w, etag, err := applied(ctx, r.Id, r.Params.IfMatch, func(ctx context.Context, id uuid.UUID, version int) (Application, error) {
		return a.applications.Appeal(ctx, id, version, r.Body.Reason)
	})
	return api.AppealMarkUserApplication200JSONResponse{Body: w, Headers: api.AppealMarkUserApplication200ResponseHeaders{ETag: etag}}, err
}

// ReturnMarkUserApplication gives one back for completion.
func (a *API) ReturnMarkUserApplication(ctx context.Context, r api.ReturnMarkUserApplicationRequestObject) (api.ReturnMarkUserApplicationResponseObject, error) {
	w, etag, err := applied(ctx, r.Id, r.Params.IfMatch, func(ctx context.Context, id uuid.UUID, version int) (Application, error) {
		return a.applications.Return(ctx, id, version, r.Body.Asked, r.Body.Until.Time)
	})
	return api.ReturnMarkUserApplication200JSONResponse{Body: w, Headers: api.ReturnMarkUserApplication200ResponseHeaders{ETag: etag}}, err
}

// TakeMarkUserApplication begins the examination.
func (a *API) TakeMarkUserApplication(ctx context.Context, r api.TakeMarkUserApplicationRequestObject) (api.TakeMarkUserApplicationResponseObject, error) {
	w, etag, err := applied(ctx, r.Id, r.Params.IfMatch, a.applications.Take)
	return api.TakeMarkUserApplication200JSONResponse{Body: w, Headers: api.TakeMarkUserApplication200ResponseHeaders{ETag: etag}}, err
}

// ListMarkUserDocuments lists what was handed in with an application.
func (a *API) ListMarkUserDocuments(ctx context.Context, r api.ListMarkUserDocumentsRequestObject) (api.ListMarkUserDocumentsResponseObject, error) {
	all, err := a.applications.Documents(ctx, r.Id)
	w := api.ListMarkUserDocuments200JSONResponse{Items: make([]api.MarkUserDocument, 0, len(all))}
	for _, d := range all {
		w.Items = append(w.Items, api.MarkUserDocument{DocumentId: d.DocumentID, Number: d.Number, Filename: d.Filename, MediaType: d.MediaType, Size: d.Size, Sha256: d.SHA256})
	}
	return w, err
}

// LinkMarkUserDocument leads to the bytes of a document of an application.
func (a *API) LinkMarkUserDocument(ctx context.Context, r api.LinkMarkUserDocumentRequestObject) (api.LinkMarkUserDocumentResponseObject, error) {
	how := document.Disposition(wire.OrElse(r.Params.Disposition, api.LinkMarkUserDocumentParamsDisposition(document.Attachment)))
	url, expires, err := a.applications.Link(ctx, r.Id, r.DocumentId, how)
	return api.LinkMarkUserDocument200JSONResponse{Url: url, ExpiresAt: expires}, err
}

// RevealMarkUserContact shows how an applicant is reached.
func (a *API) RevealMarkUserContact(ctx context.Context, r api.RevealMarkUserContactRequestObject) (api.RevealMarkUserContactResponseObject, error) {
	c, err := a.applications.Reveal(ctx, r.Id, r.Body.Purpose)
	return api.RevealMarkUserContact200JSONResponse{Phone: wire.Optional(c.Phone), Email: wire.Optional(c.Email)}, err
}

func formOf(w api.MarkUserForm) Form {
	f := Form{Kind: Kind(wire.Or(w.Kind)), CreditCode: wire.Or(w.CreditCode), Names: wire.Or(w.Names), Township: wire.Or(w.Township), Exports: wire.Or(w.Exports), Contact: wire.Or(w.Contact), Phone: wire.Or(w.Phone), Area: areaOf(w.Area),
		Standard: wire.Or(w.Standard), Recommendation: wire.Or(w.Recommendation), Documents: wire.Or(w.Documents)}
	if i := w.Inspection; i != nil {
		f.Inspection = &Inspection{On: i.On.Format(time.DateOnly), Passed: i.Passed, Report: wire.Or(i.Report)}
	}
	return f
}

func wireForm(f Form) api.MarkUserForm {
	f = f.filled()
	w := api.MarkUserForm{Kind: wire.Optional(api.MarkUserKind(f.Kind)), CreditCode: wire.Optional(f.CreditCode), Names: new(api.Text(f.Names)), Township: wire.Optional(f.Township), Exports: &f.Exports, Contact: wire.Optional(f.Contact), Phone: wire.Optional(f.Phone),
		Area: wireArea(f.Area), Standard: wire.Optional(f.Standard), Recommendation: wire.Optional(f.Recommendation), Documents: &f.Documents}
	if i := f.Inspection; i != nil {
		if on := wire.DayText(i.On); on != nil {
			w.Inspection = &api.MarkInspection{On: *on, Passed: i.Passed, Report: wire.Optional(i.Report)}
		}
	}
	return w
}

func wireApplication(ctx context.Context, a Application) api.MarkUserApplication {
	w := api.MarkUserApplication{Id: a.ID, Version: a.Version, Applicant: exchange.WirePublisher(a.Applicant), Keeper: exchange.WirePublisher(a.Keeper), RegistrationId: a.RegistrationID, Product: a.Product, Status: api.MarkApplicationStatus(a.Stage),
		Form: wireForm(a.Form), Checks: make([]api.MarkApplicationCheck, 0, len(a.Checks)), Number: wire.Optional(a.Number), SubmittedAt: a.SubmittedAt, Appeal: wire.Optional(a.Appeal), Asked: a.Asked, CompleteUntil: wire.DayOf(a.CompleteUntil),
		Progress: wire.Optional(api.MarkStatus(a.Progress)), Decision: wire.Optional(a.Decision), Notice: wire.Optional(a.Notice), AppealUntil: wire.DayOf(a.AppealUntil), Own: a.Own, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
		Allowed: access.Allowed(ctx, "mark-application", a.steps()...)}
	if a.Form.Phone != "" && (a.Own || a.Stage != StageWithdrawn) {
		w.Allowed = append(w.Allowed, access.Allowed(ctx, "mark-application", "reveal")...)
	}
	if w.Asked == nil {
		w.Asked = []string{}
	}
	for _, c := range a.Checks {
		w.Checks = append(w.Checks, api.MarkApplicationCheck{Check: api.MarkApplicationCheckCheck(c.Check), Verdict: api.MarkApplicationCheckVerdict(c.Verdict)})
	}
	if a.Keeper.ID == a.Applicant.ID || !a.Own {
		w.AuthorisationId = a.AuthorisationID
	}
	return w
}

// steps are those that the reader's side may take: the other one's are not its.
func (a Application) steps() (all []Step) {
	for _, s := range steps.Allowed(a.Stage) {
		if (s == StepReturn || s == StepTake) != a.Own || a.Keeper.ID == a.Applicant.ID {
			all = append(all, s)
		}
	}
	return all
}
