package members

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// do is what every act has in common.
func (a *API) do(ctx context.Context, id uuid.UUID, ifMatch string, act Act, b *api.MemberAct) (w api.Member, etag *string, err error) {
	d := Deed{Act: act, Reason: wire.Or(b.Reason), Reference: wire.Or(b.Reference), DocumentID: b.DocumentId}
	if b.On != nil {
		d.On = b.On.Time
	}
	return a.deed(ctx, id, ifMatch, d)
}

func (a *API) deed(ctx context.Context, id uuid.UUID, ifMatch string, d Deed) (w api.Member, etag *string, err error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return w, nil, err
	}
	m, err := a.members.Do(ctx, id, version, d)
	if err != nil {
		return w, nil, err
	}
	return wireMember(ctx, m), new(problem.ETag(m.Version)), nil
}

// AdmitMember admits an applicant.
func (a *API) AdmitMember(ctx context.Context, r api.AdmitMemberRequestObject) (api.AdmitMemberResponseObject, error) {
	b := r.Body
	d := Deed{Act: Admit, Reason: wire.Or(b.Reason), Reference: wire.Or(b.Reference), DocumentID: b.DocumentId, Number: wire.Or(b.Number)}
	if b.On != nil {
		d.On = b.On.Time
	}
	w, etag, err := a.deed(ctx, r.Id, r.Params.IfMatch, d)
	return api.AdmitMember200JSONResponse{Body: w, Headers: api.AdmitMember200ResponseHeaders{ETag: etag}}, err
}

// ExamineMember says that an application was examined.
func (a *API) ExamineMember(ctx context.Context, r api.ExamineMemberRequestObject) (api.ExamineMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Examine, r.Body)
	return api.ExamineMember200JSONResponse{Body: w, Headers: api.ExamineMember200ResponseHeaders{ETag: etag}}, err
}

// RefuseMember refuses an application.
func (a *API) RefuseMember(ctx context.Context, r api.RefuseMemberRequestObject) (api.RefuseMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Refuse, r.Body)
	return api.RefuseMember200JSONResponse{Body: w, Headers: api.RefuseMember200ResponseHeaders{ETag: etag}}, err
}

// ReconsiderMember takes a refusal up again.
func (a *API) ReconsiderMember(ctx context.Context, r api.ReconsiderMemberRequestObject) (api.ReconsiderMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Reconsider, r.Body)
	return api.ReconsiderMember200JSONResponse{Body: w, Headers: api.ReconsiderMember200ResponseHeaders{ETag: etag}}, err
}

// SuspendMember suspends a membership.
func (a *API) SuspendMember(ctx context.Context, r api.SuspendMemberRequestObject) (api.SuspendMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Suspend, r.Body)
	return api.SuspendMember200JSONResponse{Body: w, Headers: api.SuspendMember200ResponseHeaders{ETag: etag}}, err
}

// ResumeMember ends a suspension.
func (a *API) ResumeMember(ctx context.Context, r api.ResumeMemberRequestObject) (api.ResumeMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Resume, r.Body)
	return api.ResumeMember200JSONResponse{Body: w, Headers: api.ResumeMember200ResponseHeaders{ETag: etag}}, err
}

// LeaveMember enters that a member leaves.
func (a *API) LeaveMember(ctx context.Context, r api.LeaveMemberRequestObject) (api.LeaveMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Leave, r.Body)
	return api.LeaveMember200JSONResponse{Body: w, Headers: api.LeaveMember200ResponseHeaders{ETag: etag}}, err
}

// ExcludeMember excludes a member.
func (a *API) ExcludeMember(ctx context.Context, r api.ExcludeMemberRequestObject) (api.ExcludeMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Exclude, r.Body)
	return api.ExcludeMember200JSONResponse{Body: w, Headers: api.ExcludeMember200ResponseHeaders{ETag: etag}}, err
}

// ReadmitMember admits again who left or was excluded.
func (a *API) ReadmitMember(ctx context.Context, r api.ReadmitMemberRequestObject) (api.ReadmitMemberResponseObject, error) {
	w, etag, err := a.do(ctx, r.Id, r.Params.IfMatch, Readmit, r.Body)
	return api.ReadmitMember200JSONResponse{Body: w, Headers: api.ReadmitMember200ResponseHeaders{ETag: etag}}, err
}

func wireRule(ctx context.Context, r Rule) api.MemberRule {
	return api.MemberRule{Publisher: wire.Optional(r.Publisher), RegistrationId: r.RegistrationID, RetentionYears: r.RetentionYears, Purpose: r.Purpose, LicenceDays: none(r.LicenceDays), UpdatedAt: r.UpdatedAt, UpdatedBy: wire.Optional(r.UpdatedBy),
		Etag: problem.ETag(r.Version), Allowed: access.Allowed(ctx, "member-rule", "update")}
}

// ReadMemberRule shows what the association says of its members as a whole.
func (a *API) ReadMemberRule(ctx context.Context, _ api.ReadMemberRuleRequestObject) (api.ReadMemberRuleResponseObject, error) {
	r, err := a.members.Rule(ctx)
	w := wireRule(ctx, r)
	return api.ReadMemberRule200JSONResponse{Body: w, Headers: api.ReadMemberRule200ResponseHeaders{ETag: &w.Etag}}, err
}

// UpdateMemberRule says what holds of members as a whole.
func (a *API) UpdateMemberRule(ctx context.Context, r api.UpdateMemberRuleRequestObject) (api.UpdateMemberRuleResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	days := usualLicenceDays
	if r.Body.LicenceDays != nil {
		days = *r.Body.LicenceDays
	}
	after, err := a.members.UpdateRule(ctx, Rule{Version: version, Publisher: wire.Or(r.Body.Publisher), RegistrationID: r.Body.RegistrationId, RetentionYears: r.Body.RetentionYears, Purpose: r.Body.Purpose, LicenceDays: days})
	w := wireRule(ctx, after)
	return api.UpdateMemberRule200JSONResponse{Body: w, Headers: api.UpdateMemberRule200ResponseHeaders{ETag: &w.Etag}}, err
}

// InviteMember makes a link to the portal of a member.
func (a *API) InviteMember(ctx context.Context, r api.InviteMemberRequestObject) (api.InviteMemberResponseObject, error) {
	key, until, err := a.members.Invite(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	scope, err := tenancy.From(ctx)
	return api.InviteMember200JSONResponse{Address: a.base + "/associations/" + scope.Slug + "/portal/" + key, ExpiresAt: until}, err
}
