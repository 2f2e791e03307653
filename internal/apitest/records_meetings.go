package apitest

import (
	"time"

	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/members"
)

// meetings holds one that goes on, with a motion on which one voted, and to which a second member was called who did not come; has another behind
// it, with minutes that nobody signed; and drafts a third.
func (b *builder) meetings(m members.ID) {
	b.t.Helper()
	f := members.Facts{Category: members.Grower, Name: b.canary + " 2", Private: members.Private{Reach: []members.Reach{}}}
	other, err := b.house.Members.Create(b.ctx, f, nil)
	for _, act := range []members.Act{members.Examine, members.Admit} {
		if err == nil {
			other, err = b.house.Members.Do(b.ctx, other.ID, other.Version, members.Deed{Act: act})
		}
	}
	if err != nil {
		b.t.Fatal(err)
	}
	for version := range 2 {
		_, err := b.house.Meetings.UpdateRule(b.ctx, members.MeetingRule{Kind: members.CouncilMeeting, Version: version, Quorum: members.Share{Numerator: 1, Denominator: 2}, Base: members.OfVoters, Source: b.canary})
		if err != nil {
			b.t.Fatal(err)
		}
	}
	b.made["meetingKind"] = string(members.CouncilMeeting)
	draft := members.Meeting{Kind: members.OtherMeeting, Title: b.canary + " draft", Link: "https://meet.example/", BeginsAt: time.Now().AddDate(0, 1, 0), TimeZone: "Asia/Shanghai"}
	if _, err := b.house.Meetings.Draft(b.ctx, draft); err != nil {
		b.t.Fatal(err)
	}
	g := b.opened(m, other.ID)
	b.keep("meetings", g.ID, nil)
	o, err := b.house.Meetings.Propose(b.ctx, members.Motion{MeetingID: g.ID, Title: b.canary, Majority: members.Majority{Share: members.Share{Numerator: 1, Denominator: 2, More: true}, Base: members.OfGiven}})
	b.keep("motionId", o.ID, err)
	if _, err = b.house.Meetings.Vote(b.ctx, g.ID, o.ID, []members.Ballot{{MemberID: m, Choice: members.For}}); err != nil {
		b.t.Fatal(err)
	}
	over := b.opened(m, other.ID)
	if _, err = b.house.Meetings.Close(b.ctx, over.ID, over.Version); err != nil {
		b.t.Fatal(err)
	}
	e, err := b.house.Meetings.Minute(b.ctx, over.ID, b.canary, b.canary)
	b.keep("minutesId", e.ID, err)
	sent, _, err := b.house.Jobs.List(b.ctx, jobs.Filter{}, 50, "")
	for _, task := range sent {
		if err == nil && task.Kind == (members.SendLetters{}).Kind() { // what goes on by itself is at its end before anybody compares
			_, err = b.house.Jobs.Await(b.ctx, task.ID)
		}
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// opened is a meeting to which two are called and one came.
func (b *builder) opened(here, absent members.ID) members.Meeting {
	b.t.Helper()
	g, err := b.house.Meetings.Draft(b.ctx, members.Meeting{Kind: members.CouncilMeeting, Title: b.canary, Place: b.canary, BeginsAt: time.Now().AddDate(0, 0, 1), TimeZone: "Asia/Shanghai", Agenda: []members.AgendaItem{{Title: b.canary}}})
	if err == nil {
		g, err = b.house.Meetings.Call(b.ctx, g.ID, g.Version, []members.ID{here, absent})
	}
	if err == nil {
		g, err = b.house.Meetings.Attend(b.ctx, g.ID, here, members.Here, nil)
	}
	if err == nil {
		g, err = b.house.Meetings.Open(b.ctx, g.ID, g.Version)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return g
}
