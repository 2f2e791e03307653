package recognition

import (
	"context"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operations of the tags instruments and recognitions.
type API struct{ verbs *Recognitions }

// NewAPI returns the operations of the verbs.
func NewAPI(verbs *Recognitions) *API { return &API{verbs} }

// ListInstruments lists the tenant's instruments.
func (a *API) ListInstruments(ctx context.Context, r api.ListInstrumentsRequestObject) (api.ListInstrumentsResponseObject, error) {
	p := r.Params
	f := InstrumentFilter{Words: or(p.Q), Kind: InstrumentKind(or(p.Kind)), Party: or(p.Party), On: wire.TimeOf(p.On)}
	found, next, err := a.verbs.Instruments(ctx, f, wire.Limit(p.Limit), or(p.Cursor))
	out := api.InstrumentList{Items: make([]api.Instrument, 0, len(found)), Next: wire.Optional(next)}
	for _, i := range found {
		out.Items = append(out.Items, wireInstrument(ctx, i))
	}
	if err == nil && wanted(p.Count) {
		out.Count = new(0)
		*out.Count, err = a.verbs.CountInstruments(ctx, f)
	}
	return api.ListInstruments200JSONResponse{Body: out}, err
}

// CreateInstrument adds an instrument.
func (a *API) CreateInstrument(ctx context.Context, r api.CreateInstrumentRequestObject) (api.CreateInstrumentResponseObject, error) {
	i, err := a.verbs.CreateInstrument(ctx, instrumentOf(*r.Body))
	w, etag := wireInstrument(ctx, i), problem.ETag(i.Version)
	location := "/api/v1/instruments/" + i.ID.String()
	return api.CreateInstrument201JSONResponse{Body: w, Headers: api.CreateInstrument201ResponseHeaders{ETag: &etag, Location: &location}}, err
}

// ReadInstrument shows an instrument.
func (a *API) ReadInstrument(ctx context.Context, r api.ReadInstrumentRequestObject) (api.ReadInstrumentResponseObject, error) {
	i, err := a.verbs.ReadInstrument(ctx, r.Id)
	etag := problem.ETag(i.Version)
	return api.ReadInstrument200JSONResponse{Body: wireInstrument(ctx, i), Headers: api.ReadInstrument200ResponseHeaders{ETag: &etag}}, err
}

// UpdateInstrument replaces what an instrument says.
func (a *API) UpdateInstrument(ctx context.Context, r api.UpdateInstrumentRequestObject) (api.UpdateInstrumentResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	i := instrumentOf(*r.Body)
	i.ID = r.Id
	i, err = a.verbs.UpdateInstrument(ctx, version, i)
	etag := problem.ETag(i.Version)
	return api.UpdateInstrument200JSONResponse{Body: wireInstrument(ctx, i), Headers: api.UpdateInstrument200ResponseHeaders{ETag: &etag}}, err
}

// PublishInstrument shows an instrument to others.
func (a *API) PublishInstrument(ctx context.Context, r api.PublishInstrumentRequestObject) (api.PublishInstrumentResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	i, err := a.verbs.PublishInstrument(ctx, r.Id, version, exchange.ChoiceIn(r.Body))
	etag := problem.ETag(i.Version)
	return api.PublishInstrument200JSONResponse{Body: wireInstrument(ctx, i), Headers: api.PublishInstrument200ResponseHeaders{ETag: &etag}}, err
}

// ListRecognitions lists the tenant's recognitions.
func (a *API) ListRecognitions(ctx context.Context, r api.ListRecognitionsRequestObject) (api.ListRecognitionsResponseObject, error) {
	p := r.Params
	f := Filter{
		Words: or(p.Q), Market: Market(or(p.Market)), InstrumentID: p.InstrumentId, RegistrationID: p.RegistrationId,
		Protection: Protection(or(p.Protection)), On: wire.TimeOf(p.On), AsOf: p.AsOf,
	}
	found, next, err := a.verbs.List(ctx, f, wire.Limit(p.Limit), or(p.Cursor))
	w := wireAll(ctx, found, next)
	if err == nil && wanted(p.Count) {
		w.Count = new(0)
		*w.Count, err = a.verbs.Count(ctx, f)
	}
	return api.ListRecognitions200JSONResponse{Body: w}, err
}

func wanted(b *bool) bool { return b != nil && *b }

// RecordRecognition records a recognition.
func (a *API) RecordRecognition(ctx context.Context, r api.RecordRecognitionRequestObject) (api.RecordRecognitionResponseObject, error) {
	rec, err := a.verbs.Record(ctx, recognitionOf(*r.Body))
	w := wireRecognition(ctx, rec)
	location := "/api/v1/recognitions/" + rec.ID.String()
	return api.RecordRecognition201JSONResponse{Body: w, Headers: api.RecordRecognition201ResponseHeaders{ETag: &w.Etag, Location: &location}}, err
}

// ReadRecognition shows a recognition.
func (a *API) ReadRecognition(ctx context.Context, r api.ReadRecognitionRequestObject) (api.ReadRecognitionResponseObject, error) {
	rec, err := a.verbs.Read(ctx, r.Id, r.Params.AsOf)
	w := wireRecognition(ctx, rec)
	return api.ReadRecognition200JSONResponse{Body: w, Headers: api.ReadRecognition200ResponseHeaders{ETag: &w.Etag}}, err
}

// ReadRecognitionHistory shows all versions of a recognition.
func (a *API) ReadRecognitionHistory(ctx context.Context, r api.ReadRecognitionHistoryRequestObject) (api.ReadRecognitionHistoryResponseObject, error) {
	versions, err := a.verbs.History(ctx, r.Id)
	return api.ReadRecognitionHistory200JSONResponse(wireAll(ctx, versions, "")), err
}

// UpdateRecognition corrects a recognition.
func (a *API) UpdateRecognition(ctx context.Context, r api.UpdateRecognitionRequestObject) (api.UpdateRecognitionResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	rec := recognitionOf(*r.Body)
	rec.ID = r.Id
	rec, err = a.verbs.Update(ctx, version, rec)
	w := wireRecognition(ctx, rec)
	return api.UpdateRecognition200JSONResponse{Body: w, Headers: api.UpdateRecognition200ResponseHeaders{ETag: &w.Etag}}, err
}

// EndRecognition enters the end of a recognition.
func (a *API) EndRecognition(ctx context.Context, r api.EndRecognitionRequestObject) (api.EndRecognitionResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	rec, err := a.verbs.End(ctx, r.Id, version, r.Body.EndsOn.Time, r.Body.Reason, sourcesOf(r.Body.Sources))
	w := wireRecognition(ctx, rec)
	return api.EndRecognition200JSONResponse{Body: w, Headers: api.EndRecognition200ResponseHeaders{ETag: &w.Etag}}, err
}

// PublishRecognition shows a recognition to others.
func (a *API) PublishRecognition(ctx context.Context, r api.PublishRecognitionRequestObject) (api.PublishRecognitionResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	rec, err := a.verbs.Publish(ctx, r.Id, version, exchange.ChoiceIn(r.Body))
	w := wireRecognition(ctx, rec)
	return api.PublishRecognition200JSONResponse{Body: w, Headers: api.PublishRecognition200ResponseHeaders{ETag: &w.Etag}}, err
}

func or[T ~string](s *T) string {
	if s == nil {
		return ""
	}
	return string(*s)
}

func instrumentOf(w api.InstrumentInput) Instrument {
	i := Instrument{
		Code: w.Code, Kind: InstrumentKind(w.Kind), Titles: w.Titles, Parties: w.Parties, Lists: []List{}, Scope: []Class{},
		SignedOn: wire.TimeOf(w.SignedOn), InForceOn: wire.TimeOf(w.InForceOn), EndedOn: wire.TimeOf(w.EndedOn), Sources: sourcesOf(w.Sources),
	}
	if w.Lists != nil {
		for _, l := range *w.Lists {
			i.Lists = append(i.Lists, List{Code: l.Code, Titles: l.Titles})
		}
	}
	i.Texts, i.Changes = textsIn(w.Texts), amendmentsIn(w.Amendments)
	if w.Scope != nil {
		for _, c := range *w.Scope {
			i.Scope = append(i.Scope, Class{Scheme: c.Scheme, Code: c.Code, Edition: or(c.Edition)})
		}
	}
	return i
}

func wireInstrument(ctx context.Context, i Instrument) api.Instrument {
	w := api.Instrument{
		Id: i.ID, Code: i.Code, Kind: api.InstrumentKind(i.Kind), Titles: i.Titles, Parties: i.Parties, Lists: []api.InstrumentAnnex{}, Scope: []api.InstrumentClass{},
		SignedOn: date(i.SignedOn), InForceOn: date(i.InForceOn), EndedOn: date(i.EndedOn), Sources: wireSources(i.Sources), Texts: textsOut(i.Texts), Amendments: amendmentsOut(i.Changes), UpdatedAt: i.UpdatedAt,
		Published: api.InstrumentPublished(publishedWord(i.Published, i.Version)), Etag: problem.ETag(i.Version),
	}
	for _, l := range i.Lists {
		w.Lists = append(w.Lists, api.InstrumentAnnex{Code: l.Code, Titles: l.Titles})
	}
	for _, c := range i.Scope {
		w.Scope = append(w.Scope, api.InstrumentClass{Scheme: c.Scheme, Code: c.Code, Edition: wire.Optional(c.Edition)})
	}
	acts := []string{"update"}
	if i.Published != i.Version {
		acts = append(acts, "publish")
	}
	w.Allowed = access.Allowed(ctx, "instrument", acts...)
	return w
}

func publishedWord(published, version int) string {
	switch published {
	case 0:
		return "never"
	case version:
		return "current"
	default:
		return "older"
	}
}

func sourcesOf(ws []api.Source) []Source {
	sources := make([]Source, 0, len(ws))
	for _, s := range ws {
		sources = append(sources, Source{Title: s.Title, URL: or(s.Url), DocumentID: s.DocumentId, Page: or(s.Page), RetrievedAt: s.RetrievedAt})
	}
	return sources
}

func wireSources(sources []Source) []api.Source {
	ws := make([]api.Source, 0, len(sources))
	for _, s := range sources {
		ws = append(ws, api.Source{Title: s.Title, Url: wire.Optional(s.URL), DocumentId: s.DocumentID, Page: wire.Optional(s.Page), RetrievedAt: s.RetrievedAt})
	}
	return ws
}

func recognitionOf(w api.RecognitionInput) Recognition {
	r := Recognition{
		Market: Market(w.Market), OriginOffice: w.OriginOffice, Name: w.Name, Language: w.Language, Forms: []Form{}, InstrumentID: w.InstrumentId, List: or(w.List),
		Position: or(w.Position), Protection: Protection(w.Protection), PhaseOutUntil: wire.TimeOf(w.PhaseOutUntil), From: w.From.Time, Until: wire.TimeOf(w.Until),
		Sources: sourcesOf(w.Sources), Reason: or(w.Reason),
	}
	if w.Limits != nil {
		r.Limits = *w.Limits
	}
	if w.Forms != nil {
		for _, f := range *w.Forms {
			r.Forms = append(r.Forms, Form{Text: f.Text, Language: f.Language, Kind: FormKind(f.Kind), Scheme: or(f.Scheme)})
		}
	}
	if l := w.Registration; l != nil {
		r.Registration = &Link{Publisher: l.PublisherId, Record: l.RecordId}
	}
	return r
}

func wireAll(ctx context.Context, found []Recognition, next string) api.RecognitionList {
	out := api.RecognitionList{Items: make([]api.Recognition, 0, len(found)), Next: wire.Optional(next)}
	for _, r := range found {
		out.Items = append(out.Items, wireRecognition(ctx, r))
	}
	return out
}

func wireRecognition(ctx context.Context, r Recognition) api.Recognition {
	w := api.Recognition{
		Id: r.ID, Version: r.Version, KnownFrom: r.KnownFrom, KnownUntil: r.KnownUntil, Market: string(r.Market), OriginOffice: r.OriginOffice, Name: r.Name,
		Language: r.Language, Forms: []api.RecognisedForm{}, InstrumentId: r.InstrumentID, List: r.List, Position: r.Position, Protection: api.Protection(r.Protection),
		Limits: r.Limits, InstrumentCode: wire.Optional(r.InstrumentCode), PhaseOutUntil: date(r.PhaseOutUntil), From: types.Date{Time: r.From}, Until: date(r.Until), Sources: wireSources(r.Sources), Reason: r.Reason,
		Published: api.RecognitionPublished(publishedWord(r.Published, r.Version)), Etag: problem.ETag(r.Version), Allowed: []string{},
	}
	for _, f := range r.Forms {
		w.Forms = append(w.Forms, api.RecognisedForm{Text: f.Text, Language: f.Language, Kind: api.RecognisedFormKind(f.Kind), Scheme: wire.Optional(f.Scheme)})
	}
	if l := r.Registration; l != nil {
		w.Registration = &api.RecognisedRegistration{PublisherId: l.Publisher, RecordId: l.Record}
	}
	if r.KnownUntil == nil {
		w.Allowed = access.Allowed(ctx, "recognition", r.acts()...)
	}
	return w
}

// acts are what the record's state allows; only the version known now can be acted on.
func (r Recognition) acts() []string {
	acts := []string{"update"}
	if r.Until == nil {
		acts = append(acts, "end")
	}
	if r.Published != r.Version {
		acts = append(acts, "publish")
	}
	return acts
}
