package members

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireConsent(ctx context.Context, c Consent) api.MemberConsent {
	w := api.MemberConsent{Id: c.ID, GrantId: c.GrantID, Reader: c.Reader.Slug, ReaderNames: c.Reader.Names, Purpose: c.Purpose, Until: c.Until, GivenOn: wire.Day(c.GivenOn), DocumentId: c.DocumentID, State: api.MemberConsentState(c.State),
		WithdrawnAt: c.EndedAt, Reason: wire.Optional(c.Reason), RecordedAt: c.RecordedAt, RecordedBy: c.RecordedBy, Allowed: []string{}}
	if c.State == exchange.GrantLive {
		w.Allowed = access.Allowed(ctx, "member-consent", "withdraw")
	}
	return w
}

// ListMemberConsents lists what a member agreed to.
func (a *API) ListMemberConsents(ctx context.Context, r api.ListMemberConsentsRequestObject) (api.ListMemberConsentsResponseObject, error) {
	all, err := a.members.Consents(ctx, r.Id)
	out := api.ListMemberConsents200JSONResponse{Items: make([]api.MemberConsent, 0, len(all))}
	for _, c := range all {
		out.Items = append(out.Items, wireConsent(ctx, c))
	}
	return out, err
}

// CreateMemberConsent enters what a member agreed to.
func (a *API) CreateMemberConsent(ctx context.Context, r api.CreateMemberConsentRequestObject) (api.CreateMemberConsentResponseObject, error) {
	b := r.Body
	c := Consent{MemberID: r.Id, Reader: exchange.Publisher{Slug: b.Reader}, Purpose: b.Purpose, Until: b.Until, GivenOn: b.GivenOn.Time, DocumentID: b.DocumentId}
	made, err := a.members.Agree(ctx, c)
	if err != nil {
		return nil, err
	}
	return api.CreateMemberConsent201JSONResponse(wireConsent(ctx, made)), nil
}

// WithdrawMemberConsent ends a consent.
func (a *API) WithdrawMemberConsent(ctx context.Context, r api.WithdrawMemberConsentRequestObject) (api.WithdrawMemberConsentResponseObject, error) {
	c, err := a.members.EndConsent(ctx, r.Id, r.ConsentId, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.WithdrawMemberConsent200JSONResponse(wireConsent(ctx, c)), nil
}

// CertifyMember makes a membership what a certificate can be issued of.
func (a *API) CertifyMember(ctx context.Context, r api.CertifyMemberRequestObject) (api.CertifyMemberResponseObject, error) {
	return api.CertifyMember204Response{}, a.members.Certify(ctx, r.Id)
}
