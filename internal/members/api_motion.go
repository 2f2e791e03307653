package members

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireMotion(m Motion) api.MeetingMotion {
	w := api.MeetingMotion{Id: m.ID, Number: m.Number, Title: m.Title, Text: wire.Optional(m.Body), Secret: m.Secret, Majority: api.MeetingMajority{Share: wireShare(m.Majority.Share), Base: api.MeetingMajorityBase(m.Majority.Base)},
		For: m.Tally.For, Against: m.Tally.Against, Abstain: m.Tally.Abstain, DecidedAt: m.DecidedAt, Result: wire.Optional(api.MeetingMotionResult(m.Result()))}
	if m.DecidedAt != nil {
		w.Present, w.Voters = &m.Tally.Present, &m.Tally.Voters
	}
	return w
}

// ProposeMeetingMotion puts a motion to a meeting.
func (a *API) ProposeMeetingMotion(ctx context.Context, r api.ProposeMeetingMotionRequestObject) (api.ProposeMeetingMotionResponseObject, error) {
	b := r.Body
	m, err := a.meetings.Propose(ctx, Motion{MeetingID: r.Id, Title: b.Title, Body: wire.Or(b.Text), Secret: b.Secret, Majority: Majority{shareIn(b.Majority.Share), MajorityBase(b.Majority.Base)}})
	return api.ProposeMeetingMotion201JSONResponse(wireMotion(m)), err
}

// ListMeetingVotes lists who voted how.
func (a *API) ListMeetingVotes(ctx context.Context, r api.ListMeetingVotesRequestObject) (api.ListMeetingVotesResponseObject, error) {
	found, next, err := a.meetings.Votes(ctx, r.Id, r.MotionId, wire.Limit(r.Params.Limit), wire.Or(r.Params.Cursor))
	out := api.ListMeetingVotes200JSONResponse{Items: make([]api.MeetingVote, 0, len(found)), Next: wire.Optional(next)}
	for _, v := range found {
		out.Items = append(out.Items, api.MeetingVote{MemberId: v.MemberID, MemberName: v.Name, MemberNumber: wire.Optional(v.Number), Choice: api.MeetingChoice(v.Choice), CastBy: v.CastBy})
	}
	return out, err
}

// VoteMeetingMotion enters votes by name.
func (a *API) VoteMeetingMotion(ctx context.Context, r api.VoteMeetingMotionRequestObject) (api.VoteMeetingMotionResponseObject, error) {
	all := make([]Ballot, 0, len(r.Body.Votes))
	for _, v := range r.Body.Votes {
		all = append(all, Ballot{v.MemberId, Choice(v.Choice)})
	}
	m, err := a.meetings.Vote(ctx, r.Id, r.MotionId, all)
	return api.VoteMeetingMotion200JSONResponse(wireMotion(m)), err
}

// DecideMeetingMotion ends the vote on a motion.
func (a *API) DecideMeetingMotion(ctx context.Context, r api.DecideMeetingMotionRequestObject) (api.DecideMeetingMotionResponseObject, error) {
	m, err := a.meetings.Decide(ctx, r.Id, r.MotionId, Tally{For: wire.Or(r.Body.For), Against: wire.Or(r.Body.Against), Abstain: wire.Or(r.Body.Abstain)})
	return api.DecideMeetingMotion200JSONResponse(wireMotion(m)), err
}

func wireMinutes(e Minutes) api.MeetingMinutes {
	return api.MeetingMinutes{Id: e.ID, Number: e.Seq, Chair: e.Chair, Text: e.Body, Sha256: wire.Optional(hex.EncodeToString(e.SHA256)), ChairName: wire.Optional(e.ChairName), ChairAt: e.ChairAt, SecondName: wire.Optional(e.SecondName), SecondAt: e.SecondAt,
		CreatedAt: e.CreatedAt, CreatedName: e.CreatedBy}
}

// ListMeetingMinutes lists the minutes of a meeting.
func (a *API) ListMeetingMinutes(ctx context.Context, r api.ListMeetingMinutesRequestObject) (api.ListMeetingMinutesResponseObject, error) {
	all, err := a.meetings.MinutesOf(ctx, r.Id)
	out := api.ListMeetingMinutes200JSONResponse{Items: make([]api.MeetingMinutes, 0, len(all))}
	for _, e := range all {
		out.Items = append(out.Items, wireMinutes(e))
	}
	return out, err
}

// MinuteMeeting writes minutes.
func (a *API) MinuteMeeting(ctx context.Context, r api.MinuteMeetingRequestObject) (api.MinuteMeetingResponseObject, error) {
	e, err := a.meetings.Minute(ctx, r.Id, r.Body.Chair, r.Body.Text)
	return api.MinuteMeeting200JSONResponse(wireMinutes(e)), err
}

// SignMeetingMinutes signs minutes.
func (a *API) SignMeetingMinutes(ctx context.Context, r api.SignMeetingMinutesRequestObject) (api.SignMeetingMinutesResponseObject, error) {
	e, err := a.meetings.Sign(ctx, r.Id, r.MinutesId, Signer(r.Body.As))
	return api.SignMeetingMinutes200JSONResponse(wireMinutes(e)), err
}

// ReadMeetingRecord shows a meeting with its minutes as data.
func (a *API) ReadMeetingRecord(ctx context.Context, r api.ReadMeetingRecordRequestObject) (api.ReadMeetingRecordResponseObject, error) {
	found, err := a.meetings.Record(ctx, r.Id, r.MinutesId)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(found)
	if err != nil {
		return nil, err
	}
	var w api.MeetingRecord
	err = json.Unmarshal(text, &w)
	return api.ReadMeetingRecord200JSONResponse(w), err
}
