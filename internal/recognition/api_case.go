package recognition

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// CaseAPI serves the operations of the tag recognition-cases, and the procedures of instruments.
type CaseAPI struct {
	cases *Cases
	law   *Recognitions
}

// NewCaseAPI returns the operations of the verbs.
func NewCaseAPI(cases *Cases, law *Recognitions) *CaseAPI { return &CaseAPI{cases, law} }

// as converts what wire and domain name alike in JSON: procedures.
func as[T any](v any) (t T, err error) {
	b, err := json.Marshal(v)
	if err != nil {
		return t, fmt.Errorf("procedure: %w", err)
	}
	return t, json.Unmarshal(b, &t)
}

// ListInstrumentTemplates lists instruments that come with the house.
func (a *CaseAPI) ListInstrumentTemplates(context.Context, api.ListInstrumentTemplatesRequestObject) (api.ListInstrumentTemplatesResponseObject, error) {
	out := api.ListInstrumentTemplates200JSONResponse{Items: []api.InstrumentTemplate{}}
	for _, t := range Templates {
		p, err := as[api.Procedure](t.Procedure)
		if err != nil {
			return nil, err
		}
		w := api.InstrumentTemplate{Code: t.Instrument.Code, Kind: api.InstrumentKind(t.Instrument.Kind), Titles: t.Instrument.Titles, Parties: orEmpty(t.Instrument.Parties),
			Lists: []api.InstrumentAnnex{}, SignedOn: t.Instrument.SignedOn, InForceOn: t.Instrument.InForceOn, Sources: new(wireSources(t.Instrument.Sources)), Procedure: p}
		for _, l := range t.Instrument.Lists {
			w.Lists = append(w.Lists, api.InstrumentAnnex{Code: l.Code, Titles: l.Titles})
		}
		out.Items = append(out.Items, w)
	}
	return out, nil
}

// ReadProcedure shows a version of an instrument's procedure.
func (a *CaseAPI) ReadProcedure(ctx context.Context, r api.ReadProcedureRequestObject) (api.ReadProcedureResponseObject, error) {
	version := 0
	if r.Params.Version != nil {
		version = *r.Params.Version
	}
	p, number, err := a.law.ReadProcedure(ctx, r.Id, version)
	if err != nil {
		return nil, err
	}
	w, err := as[api.Procedure](p)
	return api.ReadProcedure200JSONResponse(versionOut(number, w)), err
}

// UpdateProcedure gives an instrument a new version of its procedure.
func (a *CaseAPI) UpdateProcedure(ctx context.Context, r api.UpdateProcedureRequestObject) (api.UpdateProcedureResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	p, err := as[Procedure](r.Body)
	if err != nil {
		return nil, err
	}
	i, number, err := a.law.UpdateProcedure(ctx, r.Id, version, p)
	if err != nil {
		return nil, err
	}
	return api.UpdateProcedure200JSONResponse{Body: versionOut(number, *r.Body), Headers: api.UpdateProcedure200ResponseHeaders{ETag: new(problem.ETag(i.Version))}}, nil
}

// ListRecognitionCases lists cases.
func (a *CaseAPI) ListRecognitionCases(ctx context.Context, r api.ListRecognitionCasesRequestObject) (api.ListRecognitionCasesResponseObject, error) {
	p := r.Params
	f := CaseFilter{Words: or(p.Q), Side: Side(or(p.Side)), State: State(or(p.State)), Market: Market(or(p.Market)), InstrumentID: p.InstrumentId}
	found, me, next, err := a.cases.List(ctx, f, p.Overdue != nil && *p.Overdue, wire.Limit(p.Limit), or(p.Cursor))
	out := api.ListRecognitionCases200JSONResponse{Items: make([]api.RecognitionCaseSummary, 0, len(found)), Next: wire.Optional(next)}
	for _, c := range found {
		out.Items = append(out.Items, wireSummary(c, c.SidesOf(me.ID)))
	}
	return out, err
}

// ReadCaseBoard puts cases into columns.
func (a *CaseAPI) ReadCaseBoard(ctx context.Context, r api.ReadCaseBoardRequestObject) (api.ReadCaseBoardResponseObject, error) {
	p := r.Params
	f := CaseFilter{Words: or(p.Q), Side: Side(or(p.Side)), Market: Market(or(p.Market)), InstrumentID: p.InstrumentId}
	columns, me, err := a.cases.Board(ctx, f, p.Overdue != nil && *p.Overdue)
	if err != nil {
		return nil, err
	}
	out := api.ReadCaseBoard200JSONResponse{}
	for _, c := range columns {
		w := api.CaseBoardColumn{Group: api.CaseGroup(c.Group), Count: c.Count(), States: wireCounts(c.States), Items: []api.RecognitionCaseSummary{}}
		for _, one := range c.Newest {
			w.Items = append(w.Items, wireSummary(one, one.SidesOf(me.ID)))
		}
		out.Columns = append(out.Columns, w)
	}
	return out, nil
}

// OpenRecognitionCase opens a case.
func (a *CaseAPI) OpenRecognitionCase(ctx context.Context, r api.OpenRecognitionCaseRequestObject) (api.OpenRecognitionCaseResponseObject, error) {
	b := r.Body
	o := Opening{Side: Side(b.Side), Other: or(b.Other), On: b.On.Time, Case: Case{OriginOffice: b.OriginOffice, Market: Market(b.Market), Name: b.Name, Language: b.Language,
		Forms: []Form{}, InstrumentID: b.InstrumentId, List: or(b.List)}}
	if b.Forms != nil {
		for _, f := range *b.Forms {
			o.Forms = append(o.Forms, Form{Text: f.Text, Language: f.Language, Kind: FormKind(f.Kind), Scheme: or(f.Scheme)})
		}
	}
	if l := b.Registration; l != nil {
		o.Registration = &Link{Publisher: l.PublisherId, Record: l.RecordId}
	}
	f, err := a.cases.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	w, err := wireFile(ctx, f)
	location := "/api/v1/recognition-cases/" + f.ID.String()
	return api.OpenRecognitionCase201JSONResponse{Body: w, Headers: api.OpenRecognitionCase201ResponseHeaders{ETag: &w.Etag, Location: &location}}, err
}

// ReadRecognitionCase shows a case.
func (a *CaseAPI) ReadRecognitionCase(ctx context.Context, r api.ReadRecognitionCaseRequestObject) (api.ReadRecognitionCaseResponseObject, error) {
	f, err := a.cases.Read(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := wireFile(ctx, f)
	return api.ReadRecognitionCase200JSONResponse{Body: w, Headers: api.ReadRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RegisterRecognitionCase brings the own register in line with a case.
func (a *CaseAPI) RegisterRecognitionCase(ctx context.Context, r api.RegisterRecognitionCaseRequestObject) (api.RegisterRecognitionCaseResponseObject, error) {
	f, err := a.cases.Register(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, err := wireFile(ctx, f)
	return api.RegisterRecognitionCase200JSONResponse{Body: w, Headers: api.RegisterRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ListCaseEvents shows what happened in a case.
func (a *CaseAPI) ListCaseEvents(ctx context.Context, r api.ListCaseEventsRequestObject) (api.ListCaseEventsResponseObject, error) {
	f, err := a.cases.Read(ctx, r.Id)
	out := api.ListCaseEvents200JSONResponse{Items: make([]api.CaseEvent, 0, len(f.Events))}
	standing := Standing(f.Events)
	for _, e := range f.Events {
		w := wireEvent(e)
		w.Standing = slices.ContainsFunc(standing, func(o CaseEvent) bool { return o.Seq == e.Seq })
		out.Items = append(out.Items, w)
	}
	return out, err
}

// ListCaseNotes lists the tenant's own notes.
func (a *CaseAPI) ListCaseNotes(ctx context.Context, r api.ListCaseNotesRequestObject) (api.ListCaseNotesResponseObject, error) {
	notes, err := a.cases.Notes(ctx, r.Id)
	out := api.ListCaseNotes200JSONResponse{Items: make([]api.CaseNote, 0, len(notes))}
	for _, n := range notes {
		out.Items = append(out.Items, api.CaseNote{Id: n.ID, Text: n.Text, By: n.By, At: n.At})
	}
	return out, err
}

// AddCaseNote adds a note that only the own tenant sees.
func (a *CaseAPI) AddCaseNote(ctx context.Context, r api.AddCaseNoteRequestObject) (api.AddCaseNoteResponseObject, error) {
	n, err := a.cases.Note(ctx, r.Id, r.Body.Text)
	return api.AddCaseNote201JSONResponse{Id: n.ID, Text: n.Text, By: n.By, At: n.At}, err
}

// ListDeadlines lists deadlines over all cases.
func (a *CaseAPI) ListDeadlines(ctx context.Context, r api.ListDeadlinesRequestObject) (api.ListDeadlinesResponseObject, error) {
	p := r.Params
	found, today, next, err := a.cases.Due(ctx, DueFilter{Side: Side(or(p.Side)), State: DeadlineState(or(p.State)), CaseID: p.CaseId, Until: wire.TimeOf(p.Until)}, wire.Limit(p.Limit), or(p.Cursor))
	out := api.ListDeadlines200JSONResponse{Items: make([]api.Deadline, 0, len(found)), Next: wire.Optional(next), Today: types.Date{Time: today}}
	for _, d := range found {
		out.Items = append(out.Items, api.Deadline{CaseId: d.CaseID, Name: d.Name, Market: string(d.Market), CaseState: api.CaseState(d.State), Deadline: wireDeadline(d.Deadline, Procedure{}, today)})
	}
	return out, err
}

// SupposeDeadlines says what would follow from an act.
func (a *CaseAPI) SupposeDeadlines(ctx context.Context, r api.SupposeDeadlinesRequestObject) (api.SupposeDeadlinesResponseObject, error) {
	p := r.Params
	day := p.On.Time
	f, err := a.cases.Suppose(ctx, p.CaseId, CaseEvent{Act: CaseAct(p.Act), On: day, EffectiveOn: &day, ReceivedOn: &day, DispatchedOn: &day})
	if err != nil {
		return nil, err
	}
	return api.SupposeDeadlines200JSONResponse{State: api.CaseState(f.State), Deadlines: wireDeadlines(f)}, nil
}

// do does an act; each operation only names it.
func (a *CaseAPI) do(ctx context.Context, act CaseAct, id uuid.UUID, ifMatch string, b *api.RecognitionCaseAct) (api.RecognitionCase, error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return api.RecognitionCase{}, err
	}
	e := eventIn(b)
	e.Act = act
	f, err := a.cases.Do(ctx, id, version, e)
	if err != nil {
		return api.RecognitionCase{}, err
	}
	return wireFile(ctx, f)
}

func eventIn(b *api.RecognitionCaseAct) CaseEvent {
	e := CaseEvent{On: b.On.Time, Side: Side(or(b.Side)), EffectiveOn: wire.TimeOf(b.EffectiveOn), ReceivedOn: wire.TimeOf(b.ReceivedOn), DispatchedOn: wire.TimeOf(b.DispatchedOn), Reference: or(b.Reference),
		NationalCode: or(b.NationalCode), Reason: or(b.Reason), Period: or(b.Period), List: or(b.List), Position: or(b.Position), PhaseOutUntil: wire.TimeOf(b.PhaseOutUntil)}
	if b.About != nil {
		e.About = *b.About
	}
	if b.NationalText != nil {
		e.NationalText = *b.NationalText
	}
	if b.Limits != nil {
		e.Limits = *b.Limits
	}
	if b.Grounds != nil {
		e.Grounds = *b.Grounds
	}
	if l := b.Length; l != nil {
		e.Length = &Length{l.Count, Unit(l.Unit)}
	}
	if b.Documents != nil {
		for _, d := range *b.Documents {
			e.Documents = append(e.Documents, Paper{Title: d.Title, Kind: or(d.Kind), Language: or(d.Language), SHA256: or(d.Sha256), DocumentID: d.DocumentId})
		}
	}
	return e
}

func wireParty(p *Party) *api.CaseParty {
	if p == nil {
		return nil
	}
	return &api.CaseParty{Slug: p.Slug, Names: p.Names, Demo: p.Demo}
}

func wireSides(sides []Side) []api.CaseSide {
	out := []api.CaseSide{}
	for _, s := range sides {
		out = append(out, api.CaseSide(s))
	}
	return out
}

func wireSummary(c Case, sides []Side) api.RecognitionCaseSummary {
	return api.RecognitionCaseSummary{Id: c.ID, State: api.CaseState(c.State), Since: types.Date{Time: c.Since}, Sides: wireSides(sides), Name: c.Name, Language: c.Language,
		OriginOffice: c.OriginOffice, Market: string(c.Market), InstrumentCode: c.InstrumentCode, InstrumentTitles: c.InstrumentName, Keeper: *wireParty(&c.Keeper),
		Origin: wireParty(c.Origin), Destination: wireParty(c.Destination), UpdatedAt: c.UpdatedAt}
}

func wireFile(ctx context.Context, f File) (w api.RecognitionCase, err error) {
	w, err = as[api.RecognitionCase](wireSummary(f.Case, f.Sides))
	if err != nil {
		return w, err
	}
	if w.Procedure, err = as[api.Procedure](f.Procedure); err != nil {
		return w, err
	}
	w.Version, w.Shared, w.List, w.ProcedureVersion, w.Today, w.Behind, w.OpenedAt, w.Etag = f.Version, f.Shared, f.List, f.Case.Procedure, types.Date{Time: f.Today}, f.Behind, f.OpenedAt, problem.ETag(f.Version)
	w.Forms, w.Deadlines, w.Expected, w.Proposals = []api.RecognisedForm{}, wireDeadlines(f), []api.CaseExpectation{}, []api.CaseProposal{}
	for _, o := range f.Forms {
		w.Forms = append(w.Forms, api.RecognisedForm{Text: o.Text, Language: o.Language, Kind: api.RecognisedFormKind(o.Kind), Scheme: wire.Optional(o.Scheme)})
	}
	if l := f.Registration; l != nil {
		w.Registration = &api.RecognisedRegistration{PublisherId: l.Publisher, RecordId: l.Record}
	}
	for _, side := range Sides {
		for _, act := range Expected(f.Procedure, f.State, side) {
			w.Expected = append(w.Expected, api.CaseExpectation{Side: api.CaseSide(side), Act: api.CaseAct(act)})
		}
	}
	for _, p := range ProposalsOn(f.Procedure, f.Events, f.Today) {
		w.Proposals = append(w.Proposals, api.CaseProposal{Act: api.CaseAct(p.Act), Deadline: wireDeadline(p.Deadline, f.Procedure, f.Today)})
	}
	w.Allowed = access.Allowed(ctx, "recognition-case", f.Possible()...)
	return w, nil
}

func wireDeadlines(f File) []api.CaseDeadline {
	out := []api.CaseDeadline{}
	for _, d := range f.Deadlines() {
		out = append(out, wireDeadline(d, f.Procedure, f.Today))
	}
	return out
}

func wireDeadline(d Deadline, p Procedure, today time.Time) api.CaseDeadline {
	w := api.CaseDeadline{Code: d.Code, Side: api.CaseSide(d.Side), Start: d.Start, StartsOn: types.Date{Time: d.StartsOn}, EndsOn: date(d.EndsOn), Certain: d.Certain, Verified: d.Verified,
		Length: wireLength(d.Length), Extensions: []api.PeriodLength{}, Calendar: d.Calendar, State: api.DeadlineState(d.State), Overdue: d.Overdue(today)}
	if q, ok := p.Period(d.Code); ok && len(q.Titles) > 0 {
		w.Titles = texts(q.Titles)
	}
	if d.Silence != "" {
		w.Silence = new(api.CaseAct(d.Silence))
	}
	for _, l := range d.Extensions {
		w.Extensions = append(w.Extensions, wireLength(l))
	}
	return w
}

func wireLength(l Length) api.PeriodLength {
	return api.PeriodLength{Count: l.Count, Unit: api.PeriodLengthUnit(l.Unit)}
}

func texts(m map[string]string) *api.Texts {
	if len(m) == 0 {
		return nil
	}
	return new(api.Texts(m))
}

func wireEvent(e CaseEvent) api.CaseEvent {
	w := api.CaseEvent{Seq: e.Seq, Act: api.CaseAct(e.Act), From: string(e.From), To: api.CaseState(e.To), Side: api.CaseSide(e.Side), On: types.Date{Time: e.On},
		EffectiveOn: date(e.EffectiveOn), ReceivedOn: date(e.ReceivedOn), DispatchedOn: date(e.DispatchedOn), Reference: wire.Optional(e.Reference), NationalCode: wire.Optional(e.NationalCode),
		NationalText: texts(e.NationalText), Reason: wire.Optional(e.Reason), Period: wire.Optional(e.Period), List: wire.Optional(e.List), Position: wire.Optional(e.Position), Limits: texts(e.Limits),
		PhaseOutUntil: date(e.PhaseOutUntil), Recorder: *wireParty(&e.Recorder), RecordedAt: e.RecordedAt}
	if e.About > 0 {
		w.About = &e.About
	}
	if len(e.Grounds) > 0 {
		w.Grounds = &e.Grounds
	}
	if e.Length != nil {
		w.Length = new(wireLength(*e.Length))
	}
	if len(e.Documents) > 0 {
		papers := []api.CasePaper{}
		for _, p := range e.Documents {
			papers = append(papers, api.CasePaper{Title: p.Title, Kind: wire.Optional(p.Kind), Language: wire.Optional(p.Language), Sha256: wire.Optional(p.SHA256), DocumentId: p.DocumentID})
		}
		w.Documents = &papers
	}
	return w
}
