package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// API is the operations of the tag registrations.
type API struct {
	registry *Registry
	imports  *Imports
	bundle   *locale.Bundle
}

// NewAPI makes it.
func NewAPI(g *Registry, i *Imports, b *locale.Bundle) *API { return &API{g, i, b} }

// as is the one converter: wire and domain name their fields alike in JSON, the specification bounds them, Check knows the rest.
func as[T any](v any) (t T, err error) {
	b, err := json.Marshal(v)
	if err != nil {
		return t, fmt.Errorf("registration: %w", err)
	}
	return t, json.Unmarshal(b, &t)
}

func day(t time.Time) openapi_types.Date { return openapi_types.Date{Time: t} }

func dayOf(d *openapi_types.Date) time.Time {
	if d == nil {
		return time.Time{}
	}
	return d.Time
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (a *API) wire(ctx context.Context, s State) (w api.Registration, err error) {
	content, err := as[api.RegistrationInput](s.Content)
	if err != nil {
		return w, err
	}
	w = api.Registration{Id: uuid.MustParse(string(s.ID)), Version: s.Version, Status: api.RegistrationStatus(s.Status), Title: s.Content.Title(), Content: content,
		Periods: []api.StatusPeriod{}, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt}
	for _, p := range s.Periods {
		period := api.StatusPeriod{Status: api.RegistrationStatus(p.Status), From: day(p.From)}
		if p.Until != nil {
			period.Until = new(day(*p.Until))
		}
		w.Periods = append(w.Periods, period)
	}
	if !s.On.IsZero() {
		w.On = new(day(s.On))
	}
	w.Allowed = access.Allowed(ctx, "registration", append(moves.Allowed(s.Status), "update", "correct")...)
	return w, nil
}

// now is the registration as it stands, for the answer to a change.
func (a *API) current(ctx context.Context, id ID) (api.Registration, string, error) {
	s, err := a.registry.State(ctx, id, time.Time{}, time.Time{})
	if err != nil {
		return api.Registration{}, "", err
	}
	w, err := a.wire(ctx, s)
	return w, problem.ETag(s.Version), err
}

// ListRegistrations searches and lists, as JSON, or as ST.96 with all of each registration, of a page or of the whole list.
func (a *API) ListRegistrations(ctx context.Context, r api.ListRegistrationsRequestObject) (api.ListRegistrationsResponseObject, error) {
	p := r.Params
	limit := 50
	if p.Limit != nil {
		limit = *p.Limit
	}
	f := Filter{Q: str(p.Q), Office: str(p.Office), Class: str(p.Class), HS: str(p.Hs), Number: str(p.Number), UpdatedFrom: p.UpdatedFrom, UpdatedTo: p.UpdatedTo}
	if p.Status != nil {
		f.Status = string(*p.Status)
	}
	if p.Sort != nil {
		f.Sort = Sort(*p.Sort)
	}
	if str(p.Accept) == st96Type && p.Limit == nil && p.Cursor == nil {
		return api.ListRegistrations200ApplicationxmlResponse{Body: a.stream(ctx, f, "xml", FieldNames)}, f.check()
	}
	page, next, err := a.registry.List(ctx, f, str(p.Cursor), limit)
	if err != nil {
		return nil, err
	}
	if str(p.Accept) == st96Type {
		return a.listST96(ctx, page, next)
	}
	w := api.RegistrationList{Items: []api.RegistrationSummary{}}
	for _, s := range page {
		names, err := as[[]api.RegistrationName](s.Names)
		if err != nil {
			return nil, err
		}
		w.Items = append(w.Items, api.RegistrationSummary{Id: uuid.MustParse(string(s.ID)), Status: api.RegistrationStatus(s.Status), Office: s.Office, Title: s.Title,
			Number: s.Number, Names: names, HsCodes: s.HSCodes, UpdatedAt: s.UpdatedAt})
	}
	if next != "" {
		w.Next = &next
	}
	if p.Count != nil && *p.Count {
		n, err := a.registry.Count(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListRegistrations200JSONResponse{Body: w}, nil
}

// st96Type is the media type of ST.96, which has none of its own.
const st96Type = "application/xml"

func (a *API) listST96(ctx context.Context, page []Summary, next string) (api.ListRegistrationsResponseObject, error) {
	all, err := a.registry.whole(ctx, page)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w, err := newST96Writer(&b)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if err := w.write(r); err != nil {
			return nil, err
		}
	}
	res := api.ListRegistrations200ApplicationxmlResponse{Body: &b}
	if next != "" {
		res.Headers.NextCursor = &next
	}
	return res, w.close()
}

// DraftRegistration makes one.
func (a *API) DraftRegistration(ctx context.Context, r api.DraftRegistrationRequestObject) (api.DraftRegistrationResponseObject, error) {
	c, err := as[Content](r.Body)
	if err != nil {
		return nil, err
	}
	made, err := a.registry.Draft(ctx, c)
	if err != nil {
		return nil, err
	}
	w, etag, err := a.current(ctx, made.ID)
	return api.DraftRegistration201JSONResponse{Body: w, Headers: api.DraftRegistration201ResponseHeaders{ETag: &etag, Location: new("/api/v1/registrations/" + string(made.ID))}}, err
}

// ReadRegistration shows one, on a day, as the register showed it.
func (a *API) ReadRegistration(ctx context.Context, r api.ReadRegistrationRequestObject) (api.ReadRegistrationResponseObject, error) {
	asOf := time.Time{}
	if r.Params.AsOf != nil {
		asOf = *r.Params.AsOf
	}
	s, err := a.registry.State(ctx, ID(r.Id.String()), dayOf(r.Params.On), asOf)
	if err != nil {
		return nil, err
	}
	if str(r.Params.Accept) == st96Type {
		var b bytes.Buffer
		err := writeST96(&b, s.Registration)
		return api.ReadRegistration200ApplicationxmlResponse{Body: &b}, err
	}
	w, err := a.wire(ctx, s)
	w.AsOf = r.Params.AsOf
	return api.ReadRegistration200JSONResponse{Body: w, Headers: api.ReadRegistration200ResponseHeaders{ETag: new(problem.ETag(s.Version))}}, err
}

// UpdateRegistration replaces the content.
func (a *API) UpdateRegistration(ctx context.Context, r api.UpdateRegistrationRequestObject) (api.UpdateRegistrationResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := as[Content](r.Body)
	if err != nil {
		return nil, err
	}
	if _, err := a.registry.Update(ctx, ID(r.Id.String()), version, c); err != nil {
		return nil, err
	}
	w, etag, err := a.current(ctx, ID(r.Id.String()))
	return api.UpdateRegistration200JSONResponse{Body: w, Headers: api.UpdateRegistration200ResponseHeaders{ETag: &etag}}, err
}

// ReadRegistrationHistory shows events and versions.
func (a *API) ReadRegistrationHistory(ctx context.Context, r api.ReadRegistrationHistoryRequestObject) (api.ReadRegistrationHistoryResponseObject, error) {
	es, vs, err := a.registry.History(ctx, ID(r.Id.String()))
	if err != nil {
		return nil, err
	}
	w := api.ReadRegistrationHistory200JSONResponse{Events: []api.RegistrationEvent{}, Versions: []api.RegistrationVersion{}}
	for _, e := range es {
		event := api.RegistrationEvent{Id: uuid.MustParse(e.ID), Act: string(e.Act), EffectiveOn: day(e.EffectiveOn), NationalCode: e.NationalCode, NationalText: e.NationalText,
			Reason: e.Reason, Void: e.Void, RecordedName: e.RecordedName, RecordedAt: e.RecordedAt, DocumentId: id(e.DocumentID), Corrects: id(e.Corrects)}
		if e.ReceivedOn != nil {
			event.ReceivedOn = new(day(*e.ReceivedOn))
		}
		w.Events = append(w.Events, event)
	}
	for _, v := range vs {
		content, err := as[api.RegistrationInput](v.Content)
		if err != nil {
			return nil, err
		}
		w.Versions = append(w.Versions, api.RegistrationVersion{Version: v.Version, Content: content, RecordedName: v.RecordedName, RecordedAt: v.RecordedAt})
	}
	return w, nil
}

func id(s *string) *uuid.UUID {
	if s == nil {
		return nil
	}
	return new(uuid.MustParse(*s))
}

// do is what every act has in common.
func (a *API) do(ctx context.Context, of uuid.UUID, act Act, b *api.RegistrationAct) (api.Registration, string, error) {
	return a.doEvent(ctx, of, eventOf(act, b))
}

func eventOf(act Act, b *api.RegistrationAct) Event {
	e := Event{Act: act, EffectiveOn: b.EffectiveOn.Time, NationalCode: str(b.NationalCode), NationalText: str(b.NationalText), Reason: str(b.Reason)}
	if b.ReceivedOn != nil {
		e.ReceivedOn = &b.ReceivedOn.Time
	}
	if b.DocumentId != nil {
		e.DocumentID = new(b.DocumentId.String())
	}
	return e
}

func (a *API) doEvent(ctx context.Context, of uuid.UUID, e Event) (api.Registration, string, error) {
	if _, err := a.registry.Do(ctx, ID(of.String()), e); err != nil {
		return api.Registration{}, "", err
	}
	return a.current(ctx, ID(of.String()))
}

// CorrectRegistration corrects an event.
func (a *API) CorrectRegistration(ctx context.Context, r api.CorrectRegistrationRequestObject) (api.CorrectRegistrationResponseObject, error) {
	void := r.Body.Void != nil && *r.Body.Void
	if _, err := a.registry.Correct(ctx, ID(r.Id.String()), r.Body.EventId.String(), r.Body.EffectiveOn.Time, void, r.Body.Reason); err != nil {
		return nil, err
	}
	w, etag, err := a.current(ctx, ID(r.Id.String()))
	return api.CorrectRegistration200JSONResponse{Body: w, Headers: api.CorrectRegistration200ResponseHeaders{ETag: &etag}}, err
}

// ExportRegistrations writes the selection as a file.
func (a *API) ExportRegistrations(ctx context.Context, r api.ExportRegistrationsRequestObject) (api.ExportRegistrationsResponseObject, error) {
	p := r.Params
	f := Filter{Q: str(p.Q), Office: str(p.Office), Class: str(p.Class), HS: str(p.Hs)}
	if p.Status != nil {
		f.Status = string(*p.Status)
	}
	name := api.ExportRegistrations200ResponseHeaders{ContentDisposition: new(`attachment; filename="registrations.` + string(p.Format) + `"`)}
	read := a.stream(ctx, f, string(p.Format), a.headings(ctx, str(p.AcceptLanguage)))
	switch p.Format {
	case "csv":
		return api.ExportRegistrations200TextcsvResponse{Body: read, Headers: name}, nil
	case "xlsx":
		return api.ExportRegistrations200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: read, Headers: name}, nil
	case "xml":
		return api.ExportRegistrations200ApplicationxmlResponse{Body: read, Headers: name}, nil
	}
	return api.ExportRegistrations200ApplicationxNdjsonResponse{Body: read, Headers: name}, nil
}

// headings are in the language that was asked for. Programs ask for none, or let their library say that any will do.
func (a *API) headings(ctx context.Context, asked string) Headings {
	if asked == "" || asked == "*" {
		return FieldNames
	}
	return HeadingsIn(a.bundle, locale.From(ctx))
}

// stream writes a selection as fast as it is read.
func (a *API) stream(ctx context.Context, f Filter, format string, h Headings) io.Reader {
	read, write := io.Pipe()
	go func() { write.CloseWithError(a.registry.Export(ctx, f, format, h, write)) }()
	return read
}

// FileRegistration files it.
func (a *API) FileRegistration(ctx context.Context, r api.FileRegistrationRequestObject) (api.FileRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, File, r.Body)
	return api.FileRegistration200JSONResponse{Body: w, Headers: api.FileRegistration200ResponseHeaders{ETag: &etag}}, err
}

// ExamineRegistration records that it was examined.
func (a *API) ExamineRegistration(ctx context.Context, r api.ExamineRegistrationRequestObject) (api.ExamineRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Examine, r.Body)
	return api.ExamineRegistration200JSONResponse{Body: w, Headers: api.ExamineRegistration200ResponseHeaders{ETag: &etag}}, err
}

// PublishRegistration publishes it.
func (a *API) PublishRegistration(ctx context.Context, r api.PublishRegistrationRequestObject) (api.PublishRegistrationResponseObject, error) {
	b := r.Body
	e := eventOf(Publish, &api.RegistrationAct{EffectiveOn: b.EffectiveOn, ReceivedOn: b.ReceivedOn, NationalCode: b.NationalCode, NationalText: b.NationalText, Reason: b.Reason, DocumentId: b.DocumentId})
	e.To = exchange.ChoiceOf(b.Audience, 0, "")
	w, etag, err := a.doEvent(ctx, r.Id, e)
	return api.PublishRegistration200JSONResponse{Body: w, Headers: api.PublishRegistration200ResponseHeaders{ETag: &etag}}, err
}

// OpposeRegistration records an opposition.
func (a *API) OpposeRegistration(ctx context.Context, r api.OpposeRegistrationRequestObject) (api.OpposeRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Oppose, r.Body)
	return api.OpposeRegistration200JSONResponse{Body: w, Headers: api.OpposeRegistration200ResponseHeaders{ETag: &etag}}, err
}

// RegisterRegistration registers it.
func (a *API) RegisterRegistration(ctx context.Context, r api.RegisterRegistrationRequestObject) (api.RegisterRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Register, r.Body)
	return api.RegisterRegistration200JSONResponse{Body: w, Headers: api.RegisterRegistration200ResponseHeaders{ETag: &etag}}, err
}

// AmendRegistration records an amendment.
func (a *API) AmendRegistration(ctx context.Context, r api.AmendRegistrationRequestObject) (api.AmendRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Amend, r.Body)
	return api.AmendRegistration200JSONResponse{Body: w, Headers: api.AmendRegistration200ResponseHeaders{ETag: &etag}}, err
}

// CancelRegistration cancels it.
func (a *API) CancelRegistration(ctx context.Context, r api.CancelRegistrationRequestObject) (api.CancelRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Cancel, r.Body)
	return api.CancelRegistration200JSONResponse{Body: w, Headers: api.CancelRegistration200ResponseHeaders{ETag: &etag}}, err
}

// SurrenderRegistration records that it was given up.
func (a *API) SurrenderRegistration(ctx context.Context, r api.SurrenderRegistrationRequestObject) (api.SurrenderRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Surrender, r.Body)
	return api.SurrenderRegistration200JSONResponse{Body: w, Headers: api.SurrenderRegistration200ResponseHeaders{ETag: &etag}}, err
}

// LapseRegistration records that it lapsed.
func (a *API) LapseRegistration(ctx context.Context, r api.LapseRegistrationRequestObject) (api.LapseRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Lapse, r.Body)
	return api.LapseRegistration200JSONResponse{Body: w, Headers: api.LapseRegistration200ResponseHeaders{ETag: &etag}}, err
}

// RefuseRegistration refuses it.
func (a *API) RefuseRegistration(ctx context.Context, r api.RefuseRegistrationRequestObject) (api.RefuseRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Refuse, r.Body)
	return api.RefuseRegistration200JSONResponse{Body: w, Headers: api.RefuseRegistration200ResponseHeaders{ETag: &etag}}, err
}

// WithdrawRegistration withdraws it.
func (a *API) WithdrawRegistration(ctx context.Context, r api.WithdrawRegistrationRequestObject) (api.WithdrawRegistrationResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, Withdraw, r.Body)
	return api.WithdrawRegistration200JSONResponse{Body: w, Headers: api.WithdrawRegistration200ResponseHeaders{ETag: &etag}}, err
}
