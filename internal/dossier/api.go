package dossier

import (
	"context"
	"encoding/hex"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// API is the operations of the tag dossiers.
type API struct {
	dossiers *Dossiers
	bundle   *locale.Bundle
}

// NewAPI makes it.
func NewAPI(d *Dossiers, b *locale.Bundle) *API { return &API{d, b} }

func sources(list []Source) []api.Source {
	out := []api.Source{}
	for _, s := range list {
		w := api.Source{Title: s.Title}
		if s.URL != "" {
			w.Url = &s.URL
		}
		out = append(out, w)
	}
	return out
}

// ListMarketProfiles lists what markets want to see.
func (a *API) ListMarketProfiles(_ context.Context, _ api.ListMarketProfilesRequestObject) (api.ListMarketProfilesResponseObject, error) {
	w := api.ListMarketProfiles200JSONResponse{Items: []api.MarketProfileSummary{}}
	for _, p := range Profiles {
		w.Items = append(w.Items, api.MarketProfileSummary{Id: p.ID, Edition: p.Edition, Titles: p.Titles, Market: p.Market, HsCodes: &p.HSCodes, Languages: p.Languages, Demo: p.Demo, Sources: sources(p.Sources)})
	}
	return w, nil
}

func (a *API) wire(ctx context.Context, v View) (api.Dossier, string) {
	t := locale.From(ctx)
	w := api.Dossier{
		Id: v.ID, RegistrationId: uuid.MustParse(string(v.RegistrationID)), RegistrationName: v.RegistrationName, Market: v.Market, Profile: v.Profile, ProfileEdition: v.ProfileEdition,
		Status: api.DossierStatus(v.Status), Languages: v.Languages, Title: v.Title, Product: v.Product, Annexes: []api.Annex{}, Number: v.Number, Supersedes: v.Supersedes,
		IssuedAt: v.IssuedAt, WithdrawnAt: v.WithdrawnAt, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
	if v.WithdrawnWhy != "" {
		w.WithdrawnWhy = &v.WithdrawnWhy
	}
	if v.ProducerCode != "" {
		w.ProducerCode = new(string(v.ProducerCode))
	}
	for _, x := range v.Annexes {
		annex := api.Annex{DocumentId: x.DocumentID, Kind: x.Kind}
		if x.Title != nil {
			annex.Title = new(api.Text(x.Title))
		}
		w.Annexes = append(w.Annexes, annex)
	}
	ready := true
	for _, i := range v.Items {
		item := api.CompletenessItem{Key: i.Need.Key, Met: i.Met, Required: i.Need.Required, Title: a.bundle.T(t, "dossier.need."+i.Need.Key+".title", nil),
			Why: a.bundle.T(t, "dossier.need."+i.Need.Key+".why", nil), Supplier: a.bundle.T(t, "dossier.supplier."+i.Need.Supplier, nil), Place: &i.Place}
		if i.Language != "" {
			item.Language = &i.Language
		}
		if i.Missing > 0 {
			item.Missing = &i.Missing
		}
		if p, err := ProfileOf(v.Profile, v.ProfileEdition); err == nil && len(p.Sources) > 0 {
			item.Source = sources(p.Sources)[0]
		}
		if i.Met {
			w.Completeness.Met++
		} else if i.Need.Required {
			ready = false
		}
		w.Completeness.Items = append(w.Completeness.Items, item)
	}
	w.Completeness.Total, w.Completeness.Ready = len(v.Items), ready
	acts := []Act{}
	for _, act := range moves.Allowed(v.Status) {
		if act != Supersede && (act != Issue || ready) {
			acts = append(acts, act)
		}
	}
	if v.Status.open() {
		acts = append(acts, "update", "build")
	}
	w.Allowed = access.Allowed(ctx, "dossier", acts...)
	return w, problem.ETag(v.Version)
}

// ListDossiers lists dossiers.
func (a *API) ListDossiers(ctx context.Context, r api.ListDossiersRequestObject) (api.ListDossiersResponseObject, error) {
	p, limit := r.Params, 50
	if p.Limit != nil {
		limit = *p.Limit
	}
	f := Filter{Q: str(p.Q), Market: str(p.Market)}
	if p.Status != nil {
		f.Status = string(*p.Status)
	}
	if p.RegistrationId != nil {
		f.Registration = p.RegistrationId.String()
	}
	page, next, err := a.dossiers.List(ctx, f, str(p.Cursor), limit)
	if err != nil {
		return nil, err
	}
	w := api.ListDossiers200JSONResponse{Items: []api.DossierSummary{}}
	for _, d := range page {
		w.Items = append(w.Items, api.DossierSummary{Id: d.ID, RegistrationId: uuid.MustParse(string(d.RegistrationID)), RegistrationName: d.RegistrationName, Market: d.Market,
			Profile: d.Profile, Status: api.DossierStatus(d.Status), Languages: d.Languages, Number: d.Number, UpdatedAt: d.UpdatedAt})
	}
	if next != "" {
		w.Next = &next
	}
	return w, nil
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// CreateDossier begins a dossier.
func (a *API) CreateDossier(ctx context.Context, r api.CreateDossierRequestObject) (api.CreateDossierResponseObject, error) {
	d := Dossier{RegistrationID: registry.ID(r.Body.RegistrationId.String()), Market: r.Body.Market, Profile: r.Body.Profile, Supersedes: r.Body.Supersedes, ProducerCode: marks.CreditCode(str(r.Body.ProducerCode))}
	if r.Body.Languages != nil {
		d.Languages = *r.Body.Languages
	}
	v, err := a.dossiers.Create(ctx, d)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.CreateDossier201JSONResponse{Body: w, Headers: api.CreateDossier201ResponseHeaders{ETag: &etag, Location: new("/api/v1/dossiers/" + v.ID.String())}}, nil
}

// ReadDossier shows a dossier with its completeness.
func (a *API) ReadDossier(ctx context.Context, r api.ReadDossierRequestObject) (api.ReadDossierResponseObject, error) {
	v, err := a.dossiers.View(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.ReadDossier200JSONResponse{Body: w, Headers: api.ReadDossier200ResponseHeaders{ETag: &etag}}, nil
}

// UpdateDossier changes parts of a dossier.
func (a *API) UpdateDossier(ctx context.Context, r api.UpdateDossierRequestObject) (api.UpdateDossierResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	c := Change{Title: (*map[string]string)(r.Body.Title), Product: (*map[string]string)(r.Body.Product), Languages: r.Body.Languages, ProducerCode: (*marks.CreditCode)(r.Body.ProducerCode)}
	if r.Body.Annexes != nil {
		annexes := []Annex{}
		for _, x := range *r.Body.Annexes {
			annex := Annex{DocumentID: x.DocumentId, Kind: x.Kind}
			if x.Title != nil {
				annex.Title = *x.Title
			}
			annexes = append(annexes, annex)
		}
		c.Annexes = &annexes
	}
	v, err := a.dossiers.Update(ctx, r.Id, version, c)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.UpdateDossier200JSONResponse{Body: w, Headers: api.UpdateDossier200ResponseHeaders{ETag: &etag}}, nil
}

// CollectDossier begins to collect.
func (a *API) CollectDossier(ctx context.Context, r api.CollectDossierRequestObject) (api.CollectDossierResponseObject, error) {
	v, err := a.dossiers.Do(ctx, r.Id, Collect)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.CollectDossier200JSONResponse{Body: w, Headers: api.CollectDossier200ResponseHeaders{ETag: &etag}}, nil
}

// TranslateDossier begins to translate.
func (a *API) TranslateDossier(ctx context.Context, r api.TranslateDossierRequestObject) (api.TranslateDossierResponseObject, error) {
	v, err := a.dossiers.Do(ctx, r.Id, Translate)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.TranslateDossier200JSONResponse{Body: w, Headers: api.TranslateDossier200ResponseHeaders{ETag: &etag}}, nil
}

// ReviewDossier begins to review.
func (a *API) ReviewDossier(ctx context.Context, r api.ReviewDossierRequestObject) (api.ReviewDossierResponseObject, error) {
	v, err := a.dossiers.Do(ctx, r.Id, Review)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.ReviewDossier200JSONResponse{Body: w, Headers: api.ReviewDossier200ResponseHeaders{ETag: &etag}}, nil
}

// IssueDossier issues the dossier.
func (a *API) IssueDossier(ctx context.Context, r api.IssueDossierRequestObject) (api.IssueDossierResponseObject, error) {
	v, err := a.dossiers.Issue(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.IssueDossier200JSONResponse{Body: w, Headers: api.IssueDossier200ResponseHeaders{ETag: &etag}}, nil
}

// WithdrawDossier withdraws the dossier.
func (a *API) WithdrawDossier(ctx context.Context, r api.WithdrawDossierRequestObject) (api.WithdrawDossierResponseObject, error) {
	v, err := a.dossiers.Withdraw(ctx, r.Id, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	w, etag := a.wire(ctx, v)
	return api.WithdrawDossier200JSONResponse{Body: w, Headers: api.WithdrawDossier200ResponseHeaders{ETag: &etag}}, nil
}

func (a *API) segmentWire(ctx context.Context, s Segment, open bool) api.Segment {
	w := api.Segment{Key: s.Key, Title: a.segmentTitle(locale.From(ctx), s.Key), SourceLanguage: SourceLanguage, Source: s.Source, Translations: []api.Translation{}}
	for _, t := range s.Translations {
		x := api.Translation{Language: t.Language, Text: t.Text, State: api.TranslationState(t.State), Stale: s.Stale(t)}
		for _, f := range []struct {
			to   **string
			from string
		}{{&x.Means, t.Means}, {&x.TranslatedBy, t.TranslatedBy}, {&x.ReviewedBy, t.ReviewedBy}, {&x.CertifiedBy, t.CertifiedBy}} {
			if f.from != "" {
				*f.to = new(f.from)
			}
		}
		acts := []string{}
		if open {
			acts = append(acts, "translate")
			if t.State != Missing && !x.Stale && !t.State.Good() {
				acts = append(acts, "review")
			}
			if t.State == Reviewed && !x.Stale {
				acts = append(acts, "certify")
			}
		}
		x.Allowed = new(access.Allowed(ctx, "dossier", acts...))
		w.Translations = append(w.Translations, x)
	}
	return w
}

// ListDossierSegments shows the texts and their translations.
func (a *API) ListDossierSegments(ctx context.Context, r api.ListDossierSegmentsRequestObject) (api.ListDossierSegmentsResponseObject, error) {
	v, err := a.dossiers.View(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w := api.ListDossierSegments200JSONResponse{Items: []api.Segment{}}
	for _, s := range v.Segments {
		w.Items = append(w.Items, a.segmentWire(ctx, s, v.Status.open()))
	}
	return w, nil
}

// TranslateSegment writes a translation.
func (a *API) TranslateSegment(ctx context.Context, r api.TranslateSegmentRequestObject) (api.TranslateSegmentResponseObject, error) {
	means := "person"
	if r.Body.Means != nil {
		means = string(*r.Body.Means)
	}
	s, err := a.dossiers.Translate(ctx, r.Id, r.Segment, r.Language, r.Body.Text, means)
	if err != nil {
		return nil, err
	}
	return api.TranslateSegment200JSONResponse(a.segmentWire(ctx, s, true)), nil
}

// ReviewTranslation confirms a translation.
func (a *API) ReviewTranslation(ctx context.Context, r api.ReviewTranslationRequestObject) (api.ReviewTranslationResponseObject, error) {
	s, err := a.dossiers.ReviewTranslation(ctx, r.Id, r.Segment, r.Language)
	if err != nil {
		return nil, err
	}
	return api.ReviewTranslation200JSONResponse(a.segmentWire(ctx, s, true)), nil
}

// CertifyTranslation certifies a translation.
func (a *API) CertifyTranslation(ctx context.Context, r api.CertifyTranslationRequestObject) (api.CertifyTranslationResponseObject, error) {
	s, err := a.dossiers.CertifyTranslation(ctx, r.Id, r.Segment, r.Language)
	if err != nil {
		return nil, err
	}
	return api.CertifyTranslation200JSONResponse(a.segmentWire(ctx, s, true)), nil
}

func buildWire(b Build) api.Build {
	w := api.Build{Id: b.ID, DossierId: b.DossierID, TaskId: b.TaskID, Official: b.Official, Number: b.Number, Files: []api.BuiltFile{}, CreatedAt: b.CreatedAt, BuiltAt: b.BuiltAt}
	for _, f := range b.Files {
		file := api.BuiltFile{Name: f.Name, MediaType: f.MediaType, Size: f.Size, Sha256: f.SHA256}
		if f.Language != "" {
			file.Language = &f.Language
		}
		w.Files = append(w.Files, file)
	}
	if b.Manifest != nil {
		w.ManifestSha256 = new(hex.EncodeToString(b.Manifest))
	}
	return w
}

// ListDossierBuilds shows what was built.
func (a *API) ListDossierBuilds(ctx context.Context, r api.ListDossierBuildsRequestObject) (api.ListDossierBuildsResponseObject, error) {
	all, err := a.dossiers.Builds(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	w := api.ListDossierBuilds200JSONResponse{Items: []api.Build{}}
	for _, b := range all {
		w.Items = append(w.Items, buildWire(b))
	}
	return w, nil
}

// BuildDossier builds a draft.
func (a *API) BuildDossier(ctx context.Context, r api.BuildDossierRequestObject) (api.BuildDossierResponseObject, error) {
	b, err := a.dossiers.Build(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.BuildDossier202JSONResponse{Body: buildWire(b), Headers: api.BuildDossier202ResponseHeaders{Location: new("/api/v1/tasks/" + b.TaskID.String())}}, nil
}

// ReadDossierFile makes a short link to a file.
func (a *API) ReadDossierFile(ctx context.Context, r api.ReadDossierFileRequestObject) (api.ReadDossierFileResponseObject, error) {
	how := document.Attachment
	if r.Params.Disposition != nil && *r.Params.Disposition == "inline" {
		how = document.Inline
	}
	url, expires, err := a.dossiers.File(ctx, r.Id, r.BuildId, r.File, how)
	if err != nil {
		return nil, err
	}
	return api.ReadDossierFile200JSONResponse{Url: url, ExpiresAt: expires}, nil
}
