package members

import (
	"context"
	"time"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func wireShare(s Share) api.MeetingShare {
	return api.MeetingShare{Numerator: s.Numerator, Denominator: s.Denominator, More: s.More}
}

func shareIn(s api.MeetingShare) Share { return Share{s.Numerator, s.Denominator, s.More} }

func wireMeetingRule(ctx context.Context, r MeetingRule) api.MeetingRule {
	w := api.MeetingRule{Kind: api.MeetingKind(r.Kind), NoticeDays: r.NoticeDays, Quorum: wireShare(r.Quorum), QuorumBase: api.MeetingQuorumBase(r.Base), Proxies: r.Proxies, OverdueVotes: r.OverdueVotes, Source: r.Source,
		UpdatedAt: r.UpdatedAt, UpdatedBy: wire.Optional(r.UpdatedBy), Etag: problem.ETag(r.Version), Allowed: access.Allowed(ctx, "meeting-rule", "update")}
	if r.Version == 0 { // a share of nothing is no share, and the form wants one to begin with
		w.Quorum, w.QuorumBase = api.MeetingShare{Numerator: 1, Denominator: 2, More: true}, api.MeetingQuorumBase(OfVoters)
	}
	return w
}

// ReadMeetingRule shows what the statutes say of a kind of meeting.
func (a *API) ReadMeetingRule(ctx context.Context, r api.ReadMeetingRuleRequestObject) (api.ReadMeetingRuleResponseObject, error) {
	rule, err := a.meetings.Rule(ctx, MeetingKind(r.MeetingKind))
	w := wireMeetingRule(ctx, rule)
	return api.ReadMeetingRule200JSONResponse{Body: w, Headers: api.ReadMeetingRule200ResponseHeaders{ETag: &w.Etag}}, err
}

// UpdateMeetingRule says what the statutes say of a kind of meeting.
func (a *API) UpdateMeetingRule(ctx context.Context, r api.UpdateMeetingRuleRequestObject) (api.UpdateMeetingRuleResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	rule, err := a.meetings.UpdateRule(ctx, MeetingRule{Kind: MeetingKind(r.MeetingKind), Version: version, NoticeDays: b.NoticeDays, Quorum: shareIn(b.Quorum), Base: Base(b.QuorumBase), Proxies: b.Proxies, OverdueVotes: b.OverdueVotes, Source: b.Source})
	w := wireMeetingRule(ctx, rule)
	return api.UpdateMeetingRule200JSONResponse{Body: w, Headers: api.UpdateMeetingRule200ResponseHeaders{ETag: &w.Etag}}, err
}

func wireMeeting(ctx context.Context, m Meeting, put []Motion) api.Meeting {
	w := api.Meeting{Id: m.ID, Kind: api.MeetingKind(m.Kind), Status: api.MeetingStatus(m.Status), Title: m.Title, Place: wire.Optional(m.Place), Link: wire.Optional(m.Link), BeginsAt: m.BeginsAt, TimeZone: m.TimeZone, Agenda: []api.MeetingMatter{},
		CalledOn: wire.DayOf(m.CalledOn), CalledAt: m.CalledAt, OpenedAt: m.OpenedAt, ClosedAt: m.ClosedAt, Reason: wire.Optional(m.Reason), Motions: []api.MeetingMotion{}, CreatedAt: m.CreatedAt, CreatedName: m.CreatedBy, Etag: problem.ETag(m.Version)}
	for _, item := range m.Agenda {
		w.Agenda = append(w.Agenda, api.MeetingMatter{Title: item.Title, Text: wire.Optional(item.Text)})
	}
	if r := m.Rule; r != nil {
		w.Rule = &api.MeetingRuleInput{NoticeDays: r.NoticeDays, Quorum: wireShare(r.Quorum), QuorumBase: api.MeetingQuorumBase(r.Base), Proxies: r.Proxies, OverdueVotes: r.OverdueVotes, Source: r.Source}
		w.Quorum = &api.MeetingQuorum{Counted: m.Count.Of, Present: m.Count.Present, Voters: &m.Count.Voters, Needed: r.Quorum.Needed(m.Count.Of), Reached: m.Quorate()}
	}
	for _, o := range put {
		w.Motions = append(w.Motions, wireMotion(o))
	}
	acts := meetingMoves.Allowed(m.Status)
	switch m.Status {
	case MeetingDraft:
		acts = append(acts, "update", "propose")
	case MeetingCalled:
		acts = append(acts, "attend", "propose")
	case MeetingOpen:
		acts = append(acts, "attend", "propose", "vote", "decide")
	case MeetingClosed:
		acts = append(acts, "minute", "sign")
	}
	w.Allowed = access.Allowed(ctx, "meeting", append(acts, "print")...)
	return w
}

// oneMeeting writes a meeting with its motions.
func (a *API) oneMeeting(ctx context.Context, m Meeting, err error) (w api.Meeting, etag *string, _ error) {
	if err != nil {
		return w, nil, err
	}
	put, err := a.meetings.Motions(ctx, m.ID)
	return wireMeeting(ctx, m, put), new(problem.ETag(m.Version)), err
}

// ListMeetings lists meetings.
func (a *API) ListMeetings(ctx context.Context, r api.ListMeetingsRequestObject) (api.ListMeetingsResponseObject, error) {
	p := r.Params
	found, next, err := a.meetings.List(ctx, MeetingFilter{Words: wire.Or(p.Q), Kind: MeetingKind(wire.Or(p.Kind)), Status: MeetingStatus(wire.Or(p.Status))}, wire.Limit(p.Limit), wire.Or(p.Cursor))
	out := api.ListMeetings200JSONResponse{Items: make([]api.Meeting, 0, len(found)), Next: wire.Optional(next)}
	for _, m := range found {
		out.Items = append(out.Items, wireMeeting(ctx, m, nil))
	}
	return out, err
}

func meetingIn(b *api.MeetingInput) Meeting {
	m := Meeting{Kind: MeetingKind(b.Kind), Title: b.Title, Place: wire.Or(b.Place), Link: wire.Or(b.Link), BeginsAt: b.BeginsAt.Truncate(time.Minute), TimeZone: b.TimeZone}
	for _, item := range wire.Or(b.Agenda) {
		m.Agenda = append(m.Agenda, AgendaItem{item.Title, wire.Or(item.Text)})
	}
	return m
}

// CreateMeeting writes a meeting down.
func (a *API) CreateMeeting(ctx context.Context, r api.CreateMeetingRequestObject) (api.CreateMeetingResponseObject, error) {
	m, err := a.meetings.Draft(ctx, meetingIn(r.Body))
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.CreateMeeting201JSONResponse{Body: w, Headers: api.CreateMeeting201ResponseHeaders{ETag: etag, Location: new("/api/v1/meetings/" + m.ID.String())}}, err
}

// ReadMeeting shows a meeting.
func (a *API) ReadMeeting(ctx context.Context, r api.ReadMeetingRequestObject) (api.ReadMeetingResponseObject, error) {
	m, err := a.meetings.Meeting(ctx, r.Id)
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.ReadMeeting200JSONResponse{Body: w, Headers: api.ReadMeeting200ResponseHeaders{ETag: etag}}, err
}

// UpdateMeeting changes a draft.
func (a *API) UpdateMeeting(ctx context.Context, r api.UpdateMeetingRequestObject) (api.UpdateMeetingResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := a.meetings.Update(ctx, r.Id, version, meetingIn(r.Body))
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.UpdateMeeting200JSONResponse{Body: w, Headers: api.UpdateMeeting200ResponseHeaders{ETag: etag}}, err
}

// CallMeeting calls the members.
func (a *API) CallMeeting(ctx context.Context, r api.CallMeetingRequestObject) (api.CallMeetingResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := a.meetings.Call(ctx, r.Id, version, wire.Or(r.Body.MemberIds))
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.CallMeeting200JSONResponse{Body: w, Headers: api.CallMeeting200ResponseHeaders{ETag: etag}}, err
}

// OpenMeeting opens a meeting that has its quorum.
func (a *API) OpenMeeting(ctx context.Context, r api.OpenMeetingRequestObject) (api.OpenMeetingResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := a.meetings.Open(ctx, r.Id, version)
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.OpenMeeting200JSONResponse{Body: w, Headers: api.OpenMeeting200ResponseHeaders{ETag: etag}}, err
}

// CloseMeeting closes a meeting.
func (a *API) CloseMeeting(ctx context.Context, r api.CloseMeetingRequestObject) (api.CloseMeetingResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := a.meetings.Close(ctx, r.Id, version)
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.CloseMeeting200JSONResponse{Body: w, Headers: api.CloseMeeting200ResponseHeaders{ETag: etag}}, err
}

// CancelMeeting says that a meeting is not held.
func (a *API) CancelMeeting(ctx context.Context, r api.CancelMeetingRequestObject) (api.CancelMeetingResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	m, err := a.meetings.Cancel(ctx, r.Id, version, r.Body.Reason)
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.CancelMeeting200JSONResponse{Body: w, Headers: api.CancelMeeting200ResponseHeaders{ETag: etag}}, err
}

// ListMeetingRoll lists who is called to a meeting.
func (a *API) ListMeetingRoll(ctx context.Context, r api.ListMeetingRollRequestObject) (api.ListMeetingRollResponseObject, error) {
	p := r.Params
	found, next, err := a.meetings.Roll(ctx, r.Id, RollFilter{Words: wire.Or(p.Q), Attendance: Attendance(wire.Or(p.Attendance)), Notice: string(wire.Or(p.Notice))}, wire.Limit(p.Limit), wire.Or(p.Cursor))
	out := api.ListMeetingRoll200JSONResponse{Items: make([]api.MeetingCalled, 0, len(found)), Next: wire.Optional(next)}
	for _, c := range found {
		out.Items = append(out.Items, api.MeetingCalled{MemberId: c.MemberID, MemberName: c.Name, MemberNumber: wire.Optional(c.Number), NoVote: wire.Optional(api.MeetingCalledNoVote(c.NoVote)), Attendance: api.MeetingAttendance(c.Attendance),
			ProxyId: c.ProxyID, ProxyName: wire.Optional(c.ProxyName), Answer: wire.Optional(api.MeetingCalledAnswer(c.Answer)), Notice: wire.Optional(api.MemberLetterStatus(c.Notice)), NoticeAt: c.NoticeAt})
	}
	return out, err
}

// AttendMeeting enters whether a member came.
func (a *API) AttendMeeting(ctx context.Context, r api.AttendMeetingRequestObject) (api.AttendMeetingResponseObject, error) {
	m, err := a.meetings.Attend(ctx, r.Id, r.Body.MemberId, Attendance(r.Body.Attendance), r.Body.ProxyId)
	w, etag, err := a.oneMeeting(ctx, m, err)
	return api.AttendMeeting200JSONResponse{Body: w, Headers: api.AttendMeeting200ResponseHeaders{ETag: etag}}, err
}
