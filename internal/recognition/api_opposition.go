package recognition

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// OppositionAPI serves the operations of the tag oppositions.
type OppositionAPI struct{ oppositions *Oppositions }

// NewOppositionAPI returns the operations of the verbs.
func NewOppositionAPI(oppositions *Oppositions) *OppositionAPI { return &OppositionAPI{oppositions} }

// ListCaseNotices lists what is published for opposition.
func (a *OppositionAPI) ListCaseNotices(ctx context.Context, r api.ListCaseNoticesRequestObject) (api.ListCaseNoticesResponseObject, error) {
	found, next, err := a.oppositions.Notices(ctx, NoticeFilter{Words: or(r.Params.Q), Market: Market(or(r.Params.Market))}, wire.Limit(r.Params.Limit), or(r.Params.Cursor))
	out := api.ListCaseNotices200JSONResponse{Items: make([]api.CaseNotice, 0, len(found)), Next: wire.Optional(next)}
	for _, n := range found {
		w, err := a.wireNotice(n)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, w)
	}
	return out, err
}

// ReadCaseNotice shows a notice.
func (a *OppositionAPI) ReadCaseNotice(ctx context.Context, r api.ReadCaseNoticeRequestObject) (api.ReadCaseNoticeResponseObject, error) {
	n, err := a.oppositions.Notice(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := a.wireNotice(n)
	return api.ReadCaseNotice200JSONResponse(w), err
}

// BeginFiling begins an opposition.
func (a *OppositionAPI) BeginFiling(ctx context.Context, r api.BeginFilingRequestObject) (api.BeginFilingResponseObject, error) {
	o, key, err := a.oppositions.Begin(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := wireOpposition(ctx, o)
	return api.BeginFiling201JSONResponse{Filing: w, Key: key}, err
}

// ReadFiling shows the own opposition to whoever has its key.
func (a *OppositionAPI) ReadFiling(ctx context.Context, r api.ReadFilingRequestObject) (api.ReadFilingResponseObject, error) {
	o, err := a.oppositions.Own(ctx, or(r.Params.FilingKey))
	if err == nil && o.ID != r.Id {
		err = ErrOppositionNotFound
	}
	if err != nil {
		return nil, err
	}
	w, err := wireOpposition(ctx, o)
	return api.ReadFiling200JSONResponse(w), err
}

// AnnounceEvidence announces a paper.
func (a *OppositionAPI) AnnounceEvidence(ctx context.Context, r api.AnnounceEvidenceRequestObject) (api.AnnounceEvidenceResponseObject, error) {
	b := r.Body
	d, u, err := a.oppositions.Announce(ctx, r.Id, or(r.Params.FilingKey), document.Announcement{Filename: b.Filename, Size: b.Size, MediaType: b.MediaType, SHA256: b.Sha256})
	if err != nil {
		return nil, err
	}
	return api.AnnounceEvidence201JSONResponse{DocumentId: d.ID, Upload: api.PresignedUpload{Url: u.URL, Method: u.Method, Headers: u.Headers, ExpiresAt: u.ExpiresAt}}, nil
}

// HandInEvidence puts a paper into the opposition.
func (a *OppositionAPI) HandInEvidence(ctx context.Context, r api.HandInEvidenceRequestObject) (api.HandInEvidenceResponseObject, error) {
	o, err := a.oppositions.HandIn(ctx, r.Id, or(r.Params.FilingKey), r.Body.DocumentId)
	if err != nil {
		return nil, err
	}
	w, err := wireOpposition(ctx, o)
	return api.HandInEvidence200JSONResponse(w), err
}

// FileOpposition files the opposition.
func (a *OppositionAPI) FileOpposition(ctx context.Context, r api.FileOppositionRequestObject) (api.FileOppositionResponseObject, error) {
	o, err := a.oppositions.File(ctx, r.Id, or(r.Params.FilingKey), filingOf(*r.Body))
	if err != nil {
		return nil, err
	}
	w, err := wireOpposition(ctx, o)
	return api.FileOpposition200JSONResponse(w), err
}

// WithdrawFiling withdraws the own opposition.
func (a *OppositionAPI) WithdrawFiling(ctx context.Context, r api.WithdrawFilingRequestObject) (api.WithdrawFilingResponseObject, error) {
	o, err := a.oppositions.Withdraw(ctx, r.Id, or(r.Params.FilingKey), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	w, err := wireOpposition(ctx, o)
	return api.WithdrawFiling200JSONResponse(w), err
}

// ListOppositions lists oppositions.
func (a *OppositionAPI) ListOppositions(ctx context.Context, r api.ListOppositionsRequestObject) (api.ListOppositionsResponseObject, error) {
	p := r.Params
	found, next, err := a.oppositions.List(ctx, OppositionFilter{Words: or(p.Q), State: OppositionState(or(p.State)), CaseID: p.CaseId}, wire.Limit(p.Limit), or(p.Cursor))
	return api.ListOppositions200JSONResponse{Items: wireOppositions(found), Next: wire.Optional(next)}, err
}

// ListCaseOppositions lists the oppositions to a case.
func (a *OppositionAPI) ListCaseOppositions(ctx context.Context, r api.ListCaseOppositionsRequestObject) (api.ListCaseOppositionsResponseObject, error) {
	found, err := a.oppositions.OfCase(ctx, r.Id)
	return api.ListCaseOppositions200JSONResponse{Items: wireOppositions(found)}, err
}

// ReadOpposition shows an opposition.
func (a *OppositionAPI) ReadOpposition(ctx context.Context, r api.ReadOppositionRequestObject) (api.ReadOppositionResponseObject, error) {
	o, err := a.oppositions.Read(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := wireOpposition(ctx, o)
	return api.ReadOpposition200JSONResponse{Body: w, Headers: api.ReadOpposition200ResponseHeaders{ETag: &w.Etag}}, err
}

// RegisterOpposition enters one that came on paper.
func (a *OppositionAPI) RegisterOpposition(ctx context.Context, r api.RegisterOppositionRequestObject) (api.RegisterOppositionResponseObject, error) {
	b := *r.Body
	o, err := a.oppositions.Register(ctx, r.Id, b.ReceivedOn.Time, filingOf(api.OppositionFiling{Opponent: b.Opponent, Capacity: b.Capacity, Address: b.Address, Email: b.Email, Language: b.Language, Grounds: b.Grounds}))
	if err != nil {
		return nil, err
	}
	w, err := wireOpposition(ctx, o)
	location := "/api/v1/oppositions/" + o.ID.String()
	return api.RegisterOpposition201JSONResponse{Body: w, Headers: api.RegisterOpposition201ResponseHeaders{ETag: &w.Etag, Location: &location}}, err
}

func (a *OppositionAPI) do(ctx context.Context, act OppositionAct, id uuid.UUID, ifMatch string, b *api.OppositionActInput) (api.Opposition, error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return api.Opposition{}, err
	}
	said := Said{On: b.On.Time, Text: or(b.Text)}
	if b.Grounds != nil {
		for _, g := range *b.Grounds {
			said.Grounds = append(said.Grounds, OnGround{Ground: g.Ground, Text: g.Text, Outcome: Outcome(or(g.Outcome))})
		}
	}
	if b.Documents != nil {
		said.Documents = papersOf(*b.Documents)
	}
	o, err := a.oppositions.Do(ctx, id, version, act, said)
	if err != nil {
		return api.Opposition{}, err
	}
	return wireOpposition(ctx, o)
}

// AdmitOpposition does the act admit.
func (a *OppositionAPI) AdmitOpposition(ctx context.Context, r api.AdmitOppositionRequestObject) (api.AdmitOppositionResponseObject, error) {
	w, err := a.do(ctx, OppositionAdmit, r.Id, r.Params.IfMatch, r.Body)
	return api.AdmitOpposition200JSONResponse{Body: w, Headers: api.AdmitOpposition200ResponseHeaders{ETag: &w.Etag}}, err
}

// RejectOpposition does the act reject.
func (a *OppositionAPI) RejectOpposition(ctx context.Context, r api.RejectOppositionRequestObject) (api.RejectOppositionResponseObject, error) {
	w, err := a.do(ctx, OppositionReject, r.Id, r.Params.IfMatch, r.Body)
	return api.RejectOpposition200JSONResponse{Body: w, Headers: api.RejectOpposition200ResponseHeaders{ETag: &w.Etag}}, err
}

// AnswerOpposition does the act answer.
func (a *OppositionAPI) AnswerOpposition(ctx context.Context, r api.AnswerOppositionRequestObject) (api.AnswerOppositionResponseObject, error) {
	w, err := a.do(ctx, OppositionAnswer, r.Id, r.Params.IfMatch, r.Body)
	return api.AnswerOpposition200JSONResponse{Body: w, Headers: api.AnswerOpposition200ResponseHeaders{ETag: &w.Etag}}, err
}

// HearOpposition does the act hear.
func (a *OppositionAPI) HearOpposition(ctx context.Context, r api.HearOppositionRequestObject) (api.HearOppositionResponseObject, error) {
	w, err := a.do(ctx, OppositionHear, r.Id, r.Params.IfMatch, r.Body)
	return api.HearOpposition200JSONResponse{Body: w, Headers: api.HearOpposition200ResponseHeaders{ETag: &w.Etag}}, err
}

// DecideOpposition does the act decide.
func (a *OppositionAPI) DecideOpposition(ctx context.Context, r api.DecideOppositionRequestObject) (api.DecideOppositionResponseObject, error) {
	w, err := a.do(ctx, OppositionDecide, r.Id, r.Params.IfMatch, r.Body)
	return api.DecideOpposition200JSONResponse{Body: w, Headers: api.DecideOpposition200ResponseHeaders{ETag: &w.Etag}}, err
}

// WithdrawOpposition does the act withdraw.
func (a *OppositionAPI) WithdrawOpposition(ctx context.Context, r api.WithdrawOppositionRequestObject) (api.WithdrawOppositionResponseObject, error) {
	w, err := a.do(ctx, OppositionWithdraw, r.Id, r.Params.IfMatch, r.Body)
	return api.WithdrawOpposition200JSONResponse{Body: w, Headers: api.WithdrawOpposition200ResponseHeaders{ETag: &w.Etag}}, err
}

func filingOf(b api.OppositionFiling) Filing {
	f := Filing{Opponent: b.Opponent, Capacity: Capacity(b.Capacity), Address: b.Address, Email: string(b.Email), Language: b.Language}
	for _, g := range b.Grounds {
		f.Grounds = append(f.Grounds, OnGround{Ground: g.Ground, Text: g.Text})
	}
	return f
}

func papersOf(ws []api.CasePaper) (all []Paper) {
	for _, d := range ws {
		all = append(all, Paper{Title: d.Title, Kind: or(d.Kind), Language: or(d.Language), SHA256: or(d.Sha256), DocumentID: d.DocumentId})
	}
	return all
}

func wirePapers(all []Paper) *[]api.CasePaper {
	if len(all) == 0 {
		return nil
	}
	papers := []api.CasePaper{}
	for _, p := range all {
		papers = append(papers, api.CasePaper{Title: p.Title, Kind: wire.Optional(p.Kind), Language: wire.Optional(p.Language), Sha256: wire.Optional(p.SHA256), DocumentId: p.DocumentID})
	}
	return &papers
}

func (a *OppositionAPI) wireNotice(n Notice) (api.CaseNotice, error) {
	w := api.CaseNotice{Id: n.CaseID, Office: *wireParty(&n.Office), Open: n.Takes(a.oppositions.now()), State: api.CaseState(n.State), Name: n.Name, Language: n.Language, Forms: []api.RecognisedForm{},
		OriginOffice: n.OriginOffice, Market: string(n.Market), InstrumentCode: n.InstrumentCode, InstrumentTitles: n.InstrumentNames, Reference: n.Reference,
		PublishedOn: types.Date{Time: n.PublishedOn}, EndsOn: date(n.EndsOn), Certain: n.Certain}
	for _, o := range n.Forms {
		w.Forms = append(w.Forms, api.RecognisedForm{Text: o.Text, Language: o.Language, Kind: api.RecognisedFormKind(o.Kind), Scheme: wire.Optional(o.Scheme)})
	}
	grounds, err := as[[]api.ProcedureGround](orEmpty(n.Grounds))
	w.Grounds = grounds
	return w, err
}

func wireOppositions(found []Opposition) []api.OppositionSummary {
	out := make([]api.OppositionSummary, 0, len(found))
	for _, o := range found {
		out = append(out, wireOppositionSummary(o))
	}
	return out
}

func wireOppositionSummary(o Opposition) api.OppositionSummary {
	w := api.OppositionSummary{Id: o.ID, State: api.OppositionState(o.State), Number: wire.Optional(o.Number), CaseId: o.CaseID, Office: *wireParty(&o.Office), Name: o.Name, Market: string(o.Market),
		Language: o.Language, Opponent: wire.Optional(o.Opponent), ReceivedOn: date(o.ReceivedOn), ExpiresAt: o.ExpiresAt, UpdatedAt: o.UpdatedAt}
	if o.Capacity != "" {
		w.Capacity = new(api.OppositionCapacity(o.Capacity))
	}
	return w
}

func wireOpposition(ctx context.Context, o Opposition) (w api.Opposition, err error) {
	if w, err = as[api.Opposition](wireOppositionSummary(o)); err != nil {
		return w, err
	}
	w.Address, w.Email, w.Entries, w.Etag, w.Allowed = wire.Optional(o.Address), wire.Optional(o.Email), []api.OppositionEntry{}, problem.ETag(o.Version), []string{}
	for _, e := range o.Entries {
		x := api.OppositionEntry{Seq: e.Seq, Kind: api.OppositionEntryKind(e.Kind), Side: api.OppositionEntrySide(e.Side), Ground: wire.Optional(e.Ground), Text: wire.Optional(e.Text),
			Documents: wirePapers(e.Documents), On: types.Date{Time: e.On}, RecordedAt: e.RecordedAt}
		if e.Outcome != "" {
			x.Outcome = new(api.OppositionOutcome(e.Outcome))
		}
		w.Entries = append(w.Entries, x)
	}
	if scope, err := tenancy.From(ctx); err == nil {
		w.Allowed = access.Allowed(ctx, "opposition", o.Possible(scope.Tenant)...)
	}
	return w, nil
}
