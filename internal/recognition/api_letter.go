package recognition

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// LetterAPI serves the documents and letters of cases, and letterheads.
type LetterAPI struct{ letters *Letters }

// NewLetterAPI returns the operations of the verbs.
func NewLetterAPI(letters *Letters) *LetterAPI { return &LetterAPI{letters} }

// ListCaseDocuments lists the documents of a case.
func (a *LetterAPI) ListCaseDocuments(ctx context.Context, r api.ListCaseDocumentsRequestObject) (api.ListCaseDocumentsResponseObject, error) {
	all, err := a.letters.Documents(ctx, r.Id)
	out := api.ListCaseDocuments200JSONResponse{Items: make([]api.CaseDocument, 0, len(all))}
	for _, d := range all {
		out.Items = append(out.Items, wireCaseDocument(ctx, d))
	}
	return out, err
}

// AttachCaseDocument puts a document to a case.
func (a *LetterAPI) AttachCaseDocument(ctx context.Context, r api.AttachCaseDocumentRequestObject) (api.AttachCaseDocumentResponseObject, error) {
	b := r.Body
	d, err := a.letters.Attach(ctx, r.Id, Paper{Title: b.Title, Kind: or(b.Kind), Language: or(b.Language), DocumentID: &b.DocumentId})
	return api.AttachCaseDocument201JSONResponse(wireCaseDocument(ctx, d)), err
}

// ShareCaseDocument lets the other side read it.
func (a *LetterAPI) ShareCaseDocument(ctx context.Context, r api.ShareCaseDocumentRequestObject) (api.ShareCaseDocumentResponseObject, error) {
	d, err := a.letters.Share(ctx, r.Id, r.CaseDocumentId)
	return api.ShareCaseDocument200JSONResponse(wireCaseDocument(ctx, d)), err
}

// LinkCaseDocument signs a link to the bytes.
func (a *LetterAPI) LinkCaseDocument(ctx context.Context, r api.LinkCaseDocumentRequestObject) (api.LinkCaseDocumentResponseObject, error) {
	how := document.Attachment
	if r.Params.Disposition != nil {
		how = document.Disposition(*r.Params.Disposition)
	}
	url, expires, err := a.letters.Link(ctx, r.Id, r.CaseDocumentId, how)
	return api.LinkCaseDocument200JSONResponse{Url: url, ExpiresAt: expires}, err
}

// ListCaseLetters lists the letters of a case.
func (a *LetterAPI) ListCaseLetters(ctx context.Context, r api.ListCaseLettersRequestObject) (api.ListCaseLettersResponseObject, error) {
	all, err := a.letters.Letters(ctx, r.Id)
	out := api.ListCaseLetters200JSONResponse{Items: make([]api.CaseLetter, 0, len(all))}
	for _, l := range all {
		if showsLetter(ctx, l) {
			out.Items = append(out.Items, wireLetter(ctx, l))
		}
	}
	return out, err
}

// showsLetter tells whether the caller may see a letter: a draft is nobody's word yet, and only those see it who write or issue it.
func showsLetter(ctx context.Context, l Letter) bool {
	return l.Status != LetterDraft || access.Can(ctx, "case-letter:draft") || access.Can(ctx, "case-letter:issue")
}

// DraftCaseLetter begins a letter.
func (a *LetterAPI) DraftCaseLetter(ctx context.Context, r api.DraftCaseLetterRequestObject) (api.DraftCaseLetterResponseObject, error) {
	l, err := a.letters.Draft(ctx, r.Id, r.Body.Template, Side(or(r.Body.Side)), r.Body.Languages)
	location, tag := letterAt(r.Id, l.ID), problem.ETag(l.Version)
	return api.DraftCaseLetter201JSONResponse{Body: wireLetter(ctx, l), Headers: api.DraftCaseLetter201ResponseHeaders{Location: &location, ETag: &tag}}, err
}

// ReadCaseLetter shows a letter.
func (a *LetterAPI) ReadCaseLetter(ctx context.Context, r api.ReadCaseLetterRequestObject) (api.ReadCaseLetterResponseObject, error) {
	l, err := a.letters.Letter(ctx, r.Id, r.LetterId)
	if err == nil && !showsLetter(ctx, l) {
		err = ErrLetterNotFound
	}
	if err != nil {
		return nil, err
	}
	tag := problem.ETag(l.Version)
	return api.ReadCaseLetter200JSONResponse{Body: wireLetter(ctx, l), Headers: api.ReadCaseLetter200ResponseHeaders{ETag: &tag}}, err
}

// UpdateCaseLetter replaces what a draft says.
func (a *LetterAPI) UpdateCaseLetter(ctx context.Context, r api.UpdateCaseLetterRequestObject) (api.UpdateCaseLetterResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := as[LetterContent](r.Body)
	if err != nil {
		return nil, err
	}
	l, err := a.letters.Update(ctx, r.Id, r.LetterId, version, c)
	tag := problem.ETag(l.Version)
	return api.UpdateCaseLetter200JSONResponse{Body: wireLetter(ctx, l), Headers: api.UpdateCaseLetter200ResponseHeaders{ETag: &tag}}, err
}

// DiscardCaseLetter throws a draft away.
func (a *LetterAPI) DiscardCaseLetter(ctx context.Context, r api.DiscardCaseLetterRequestObject) (api.DiscardCaseLetterResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	return api.DiscardCaseLetter204Response{}, a.letters.Discard(ctx, r.Id, r.LetterId, version)
}

// IssueCaseLetter gives a draft its number and freezes it.
func (a *LetterAPI) IssueCaseLetter(ctx context.Context, r api.IssueCaseLetterRequestObject) (api.IssueCaseLetterResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	l, err := a.letters.Issue(ctx, r.Id, r.LetterId, version)
	return api.IssueCaseLetter200JSONResponse(wireLetter(ctx, l)), err
}

// RegisterCaseLetter enters a letter that came in.
func (a *LetterAPI) RegisterCaseLetter(ctx context.Context, r api.RegisterCaseLetterRequestObject) (api.RegisterCaseLetterResponseObject, error) {
	b := r.Body
	l, err := a.letters.Register(ctx, r.Id, Incoming{Side: Side(or(b.Side)), Number: or(b.Number), On: b.On.Time, ReceivedOn: b.ReceivedOn.Time, Language: b.Language, From: or(b.From),
		Subject: b.Subject, Answers: or(b.Answers), Scan: b.DocumentId})
	location := letterAt(r.Id, l.ID)
	return api.RegisterCaseLetter201JSONResponse{Body: wireLetter(ctx, l), Headers: api.RegisterCaseLetter201ResponseHeaders{Location: &location}}, err
}

// ListLetterTemplates lists the letters that the house knows how to begin.
func (a *LetterAPI) ListLetterTemplates(context.Context, api.ListLetterTemplatesRequestObject) (api.ListLetterTemplatesResponseObject, error) {
	out := api.ListLetterTemplates200JSONResponse{Items: []api.LetterTemplate{}}
	for _, t := range LetterTemplates {
		w := api.LetterTemplate{Code: t.Code, Sides: wireSides(t.Sides)}
		if t.Act != "" {
			w.Act = new(api.CaseAct(t.Act))
		}
		out.Items = append(out.Items, w)
	}
	return out, nil
}

// ReadLetterhead shows the tenant's letterhead.
func (a *LetterAPI) ReadLetterhead(ctx context.Context, _ api.ReadLetterheadRequestObject) (api.ReadLetterheadResponseObject, error) {
	h, err := a.letters.Letterhead(ctx)
	if err != nil {
		return nil, err
	}
	w, err := wireHead(ctx, h)
	return api.ReadLetterhead200JSONResponse{Body: w, Headers: api.ReadLetterhead200ResponseHeaders{ETag: &w.Etag}}, err
}

// UpdateLetterhead replaces it.
func (a *LetterAPI) UpdateLetterhead(ctx context.Context, r api.UpdateLetterheadRequestObject) (api.UpdateLetterheadResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	h, err := as[Letterhead](r.Body)
	if err != nil {
		return nil, err
	}
	after, err := a.letters.UpdateLetterhead(ctx, version, h)
	if err != nil {
		return nil, err
	}
	w, err := wireHead(ctx, after)
	return api.UpdateLetterhead200JSONResponse{Body: w, Headers: api.UpdateLetterhead200ResponseHeaders{ETag: &w.Etag}}, err
}

func letterAt(c CaseID, l LetterID) string {
	return "/api/v1/recognition-cases/" + c.String() + "/letters/" + l.String()
}

func wireHead(ctx context.Context, h Head) (api.LetterheadRead, error) {
	w, err := as[api.LetterheadRead](h.Letterhead)
	w.Etag, w.Allowed = problem.ETag(h.Version), access.Allowed(ctx, "letterhead", "update")
	return w, err
}

func wireCaseDocument(ctx context.Context, d CaseDocument) api.CaseDocument {
	w := api.CaseDocument{Id: d.ID, Owner: *wireParty(&d.Owner), Title: d.Title, Kind: wire.Optional(d.Kind), Language: wire.Optional(d.Language), Sha256: d.SHA256, Filename: d.Filename, MediaType: d.MediaType,
		Size: d.Size, Event: d.Seq, LetterId: d.LetterID, Shared: d.Shared, By: wire.Optional(d.By), At: d.At, Allowed: []string{}}
	if !d.Shared {
		w.Allowed = access.Allowed(ctx, "case-document", "share")
	}
	return w
}

func wireLetter(ctx context.Context, l Letter) api.CaseLetter {
	c := l.Content
	w := api.CaseLetter{Id: l.ID, Status: api.LetterStatus(l.Status), Side: api.CaseSide(l.Side), Owner: *wireParty(&l.Owner), Number: wire.Optional(l.Number), On: date(l.On), ReceivedOn: date(l.ReceivedOn),
		Template: wire.Optional(c.Template), Languages: orEmpty(c.Languages), Texts: map[string]api.LetterText{}, Signatory: wire.Optional(c.Signatory), Answers: wire.Optional(c.Answers), Shared: l.Shared,
		CaseDocumentId: l.Document, TaskId: l.TaskID, By: wire.Optional(l.By), At: l.At, Allowed: []string{}}
	for tag, t := range c.Texts {
		w.Texts[tag] = api.LetterText{To: t.To, Subject: t.Subject, Body: t.Body}
	}
	if len(c.Translations) > 0 {
		all := map[string]api.LetterTranslation{}
		for tag, state := range c.Translations {
			all[tag] = api.LetterTranslation(state)
		}
		w.Translations = &all
	}
	if l.Status == LetterDraft {
		w.Etag = new(problem.ETag(l.Version))
		w.Allowed = access.Allowed(ctx, "case-letter", "draft", "issue")
	}
	return w
}
