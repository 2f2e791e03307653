package members

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireChange(ctx context.Context, c Change) api.MemberChange {
	w := api.MemberChange{Id: c.ID, MemberId: c.MemberID, MemberName: c.MemberName, Status: api.MemberChangeStatus(c.Status), Fields: c.Fields, Differences: []api.MemberDifference{}, Reason: wire.Optional(c.Reason), ByMember: c.ByMember,
		ProposedName: c.ProposedName, ProposedAt: c.ProposedAt, DecidedName: wire.Optional(c.DecidedName), DecidedAt: c.DecidedAt, Decision: wire.Optional(c.Decision), Allowed: []string{}}
	if c.Status == ChangeProposed {
		w.Allowed = access.Allowed(ctx, "member-change", "accept", "refuse", "withdraw")
		for _, d := range c.Differences() {
			w.Differences = append(w.Differences, api.MemberDifference{Field: d.Field, Before: d.Before, After: d.After})
		}
	}
	return w
}

// ListMemberChanges lists proposals.
func (a *API) ListMemberChanges(ctx context.Context, r api.ListMemberChangesRequestObject) (api.ListMemberChangesResponseObject, error) {
	p := r.Params
	found, next, err := a.members.Changes(ctx, ChangeFilter{Member: p.MemberId, Status: ChangeStatus(wire.Or(p.Status))}, wire.Limit(p.Limit), wire.Or(p.Cursor))
	out := api.ListMemberChanges200JSONResponse{Items: make([]api.MemberChange, 0, len(found)), Next: wire.Optional(next)}
	for _, c := range found {
		out.Items = append(out.Items, wireChange(ctx, c))
	}
	return out, err
}

// ProposeMemberChange proposes to change a member.
func (a *API) ProposeMemberChange(ctx context.Context, r api.ProposeMemberChangeRequestObject) (api.ProposeMemberChangeResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	f, err := factsIn(r.Body)
	if err != nil {
		return nil, err
	}
	c, err := a.members.Propose(ctx, r.Id, version, f, wire.Or(r.Body.Reason))
	return api.ProposeMemberChange201JSONResponse(wireChange(ctx, c)), err
}

// AcceptMemberChange does what somebody else proposed.
func (a *API) AcceptMemberChange(ctx context.Context, r api.AcceptMemberChangeRequestObject) (api.AcceptMemberChangeResponseObject, error) {
	c, err := a.members.AcceptChange(ctx, r.Id, wire.Or(r.Body.Reason))
	return api.AcceptMemberChange200JSONResponse(wireChange(ctx, c)), err
}

// RefuseMemberChange refuses what somebody else proposed.
func (a *API) RefuseMemberChange(ctx context.Context, r api.RefuseMemberChangeRequestObject) (api.RefuseMemberChangeResponseObject, error) {
	c, err := a.members.RefuseChange(ctx, r.Id, r.Body.Reason)
	return api.RefuseMemberChange200JSONResponse(wireChange(ctx, c)), err
}

// WithdrawMemberChange takes a proposal back.
func (a *API) WithdrawMemberChange(ctx context.Context, r api.WithdrawMemberChangeRequestObject) (api.WithdrawMemberChangeResponseObject, error) {
	c, err := a.members.WithdrawChange(ctx, r.Id, wire.Or(r.Body.Reason))
	return api.WithdrawMemberChange200JSONResponse(wireChange(ctx, c)), err
}
