package credential

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operations of the tag credentials.
type API struct{ verbs *Credentials }

// NewAPI returns the operations of the verbs.
func NewAPI(verbs *Credentials) *API { return &API{verbs} }

// ListCredentials lists what the tenant attested.
func (a *API) ListCredentials(ctx context.Context, r api.ListCredentialsRequestObject) (api.ListCredentialsResponseObject, error) {
	p := r.Params
	found, next, err := a.verbs.List(ctx, Filter{Kind: wire.Or(p.Kind), RecordID: p.RecordId, Status: Status(wire.Or(p.Status))}, wire.Limit(p.Limit), wire.Or(p.Cursor))
	list := api.CredentialList{Items: make([]api.Credential, len(found))}
	for i, c := range found {
		list.Items[i] = a.wire(ctx, c)
	}
	if next != "" {
		list.Next = &next
	}
	return api.ListCredentials200JSONResponse(list), err
}

// IssueCredential attests the version of a record that holds.
func (a *API) IssueCredential(ctx context.Context, r api.IssueCredentialRequestObject) (api.IssueCredentialResponseObject, error) {
	b := r.Body
	c, err := a.verbs.Issue(ctx, Order{Kind: b.Kind, RecordID: b.RecordId, Algorithm: Algorithm(wire.Or(b.Algorithm)), Languages: wire.Or(b.Languages), ValidUntil: b.ValidUntil})
	if err != nil {
		return nil, err
	}
	location := "/api/v1/credentials/" + c.ID.String()
	return api.IssueCredential201JSONResponse{Body: a.wire(ctx, c), Headers: api.IssueCredential201ResponseHeaders{Location: &location}}, nil
}

// ReadCredential shows a credential.
func (a *API) ReadCredential(ctx context.Context, r api.ReadCredentialRequestObject) (api.ReadCredentialResponseObject, error) {
	c, err := a.verbs.Credential(ctx, r.Id)
	return api.ReadCredential200JSONResponse(a.wire(ctx, c)), err
}

// ReadCredentialPaper makes a link to a paper.
func (a *API) ReadCredentialPaper(ctx context.Context, r api.ReadCredentialPaperRequestObject) (api.ReadCredentialPaperResponseObject, error) {
	how := document.Attachment
	if r.Params.Disposition != nil && *r.Params.Disposition == "inline" {
		how = document.Inline
	}
	url, expires, err := a.verbs.PaperLink(ctx, r.Id, r.Language, how)
	if err != nil {
		return nil, err
	}
	return api.ReadCredentialPaper200JSONResponse{Url: url, ExpiresAt: expires}, nil
}

// ReadCredentialHistory tells what happened to a credential.
func (a *API) ReadCredentialHistory(ctx context.Context, r api.ReadCredentialHistoryRequestObject) (api.ReadCredentialHistoryResponseObject, error) {
	all, err := a.verbs.History(ctx, r.Id)
	h := api.CredentialHistory{Items: make([]api.CredentialEvent, len(all))}
	for i, e := range all {
		h.Items[i] = api.CredentialEvent{Status: api.CredentialStatus(e.Status), Reason: wire.Optional(e.Reason), ByName: wire.Optional(e.ByName), At: e.At}
		if e.Status != Holds {
			h.Items[i].Cause = new(api.CredentialCause(e.Cause))
		}
	}
	return api.ReadCredentialHistory200JSONResponse(h), err
}

// ReadCredentialQr draws a credential's link.
func (a *API) ReadCredentialQr(ctx context.Context, r api.ReadCredentialQrRequestObject) (api.ReadCredentialQrResponseObject, error) {
	c, err := a.verbs.Credential(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	rows, err := a.verbs.code(c)
	if err != nil {
		return nil, err
	}
	svg := picture(rows)
	return api.ReadCredentialQr200ImagesvgXmlResponse{Body: strings.NewReader(svg), ContentLength: int64(len(svg))}, nil
}

// SuspendCredential lets a credential not hold for the time being.
func (a *API) SuspendCredential(ctx context.Context, r api.SuspendCredentialRequestObject) (api.SuspendCredentialResponseObject, error) {
	c, err := a.do(ctx, r.Id, Suspend, r.Body)
	return api.SuspendCredential200JSONResponse(c), err
}

// ResumeCredential lets it hold again.
func (a *API) ResumeCredential(ctx context.Context, r api.ResumeCredentialRequestObject) (api.ResumeCredentialResponseObject, error) {
	c, err := a.do(ctx, r.Id, Resume, r.Body)
	return api.ResumeCredential200JSONResponse(c), err
}

// RevokeCredential ends it for ever.
func (a *API) RevokeCredential(ctx context.Context, r api.RevokeCredentialRequestObject) (api.RevokeCredentialResponseObject, error) {
	c, err := a.do(ctx, r.Id, Revoke, r.Body)
	return api.RevokeCredential200JSONResponse(c), err
}

func (a *API) do(ctx context.Context, id uuid.UUID, act Act, b *api.CredentialReason) (api.Credential, error) {
	c, err := a.verbs.Do(ctx, id, act, b.Reason)
	return a.wire(ctx, c), err
}

// ReadCredentialStatusList serves a status list.
func (a *API) ReadCredentialStatusList(ctx context.Context, r api.ReadCredentialStatusListRequestObject) (api.ReadCredentialStatusListResponseObject, error) {
	signed, err := a.verbs.SignedList(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	keep := fmt.Sprintf("public, max-age=%d", int(listTTL.Seconds()/2))
	return api.ReadCredentialStatusList200ApplicationvcJwtResponse{
		Body: strings.NewReader(signed), ContentLength: int64(len(signed)), Headers: api.ReadCredentialStatusList200ResponseHeaders{CacheControl: &keep},
	}, nil
}

// ReadCredentialStatus says whether a credential holds, and why not.
func (a *API) ReadCredentialStatus(ctx context.Context, r api.ReadCredentialStatusRequestObject) (api.ReadCredentialStatusResponseObject, error) {
	sum, err := hex.DecodeString(r.Sha256)
	if err != nil {
		return nil, ErrNotFound
	}
	s, err := a.verbs.StatusOf(ctx, sum)
	if err != nil {
		return nil, err
	}
	w := api.CredentialStatusAnswer{Status: api.CredentialStatus(s.Status), Since: s.Since, Publisher: exchange.WirePublisher(s.Publisher)}
	if s.Status != Holds {
		w.Cause, w.Reason = new(api.CredentialCause(s.Cause)), wire.Optional(s.Reason)
	}
	return api.ReadCredentialStatus200JSONResponse(w), nil
}

// ListIssuers lists who issues, and the keys of the log.
func (a *API) ListIssuers(ctx context.Context, r api.ListIssuersRequestObject) (api.ListIssuersResponseObject, error) {
	all, err := a.verbs.Issuers(ctx, wire.Or(r.Params.Publisher))
	if err != nil {
		return nil, err
	}
	log, err := a.verbs.log.Info(a.verbs.public(ctx))
	if err != nil {
		return nil, err
	}
	list := api.IssuerList{Items: make([]api.Issuer, len(all))}
	list.Log.Origin, list.Log.Keys = log.Origin, log.Keys
	for i, o := range all {
		list.Items[i] = api.Issuer{Did: o.DID, Slug: o.Slug, Names: o.Names, Demo: o.Demo, Document: wireDocument(o.Document), StatusLists: append([]uuid.UUID{}, o.Lists...)}
	}
	return api.ListIssuers200JSONResponse(list), nil
}

func wireDocument(d Document) api.DidDocument {
	w := api.DidDocument{Context: d.Context, Id: d.ID, AssertionMethod: d.AssertionMethod}
	for _, m := range d.Methods {
		w.VerificationMethod = append(w.VerificationMethod, api.DidMethod{
			Id: m.ID, Type: m.Type, Controller: m.Controller, PublicKeyJwk: api.JsonWebKey{Kty: m.JWK.Type, Crv: m.JWK.Curve, X: m.JWK.X, Y: wire.Optional(m.JWK.Y)},
		})
	}
	return w
}

func (a *API) wire(ctx context.Context, c Credential) api.Credential {
	w := api.Credential{
		Id: c.ID, Number: c.Number, Kind: c.Kind, RecordId: c.RecordID, PublicationId: c.PublicationID, Title: c.Title, Algorithm: api.CredentialAlgorithm(c.Algorithm),
		Token: c.Token, Sha256: hex.EncodeToString(c.SHA256), Link: a.verbs.link(c), LegalBasis: wire.Optional(c.Basis), Languages: c.Languages, IssuedAt: c.IssuedAt, ValidUntil: c.ValidUntil, Officer: c.Officer,
		TaskId: c.TaskID, Papers: []api.CredentialPaper{}, Status: api.CredentialStatus(c.Status), Since: c.Since, Allowed: access.Allowed(ctx, "credential", moves.Allowed(c.Status)...),
	}
	if c.Status != Holds {
		w.Cause, w.Reason = new(api.CredentialCause(c.Cause)), wire.Optional(c.Reason)
	}
	for _, p := range c.Papers {
		w.Papers = append(w.Papers, api.CredentialPaper{Language: p.Language, Sha256: p.SHA256, Pages: p.Pages})
	}
	return w
}
