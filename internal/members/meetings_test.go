package members_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail/mailtest"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// A majority is a share in whole numbers: nothing is rounded, and nobody for it is no majority.
func TestMajorities(t *testing.T) {
	t.Parallel()
	half, thirds := members.Share{Numerator: 1, Denominator: 2, More: true}, members.Share{Numerator: 2, Denominator: 3}
	for _, c := range []struct {
		name  string
		of    members.Majority
		tally members.Tally
		want  bool
	}{
		{"a tie is no majority", members.Majority{Share: half, Base: members.OfForAndAgainst}, members.Tally{For: 5, Against: 5}, false},
		{"one more than a tie", members.Majority{Share: half, Base: members.OfForAndAgainst}, members.Tally{For: 6, Against: 5, Abstain: 80}, true},
		{"abstentions count where the rule says so", members.Majority{Share: half, Base: members.OfGiven}, members.Tally{For: 6, Against: 5, Abstain: 1}, false},
		{"exactly two thirds", members.Majority{Share: thirds, Base: members.OfPresent}, members.Tally{For: 6667 * 2, Present: 6667 * 3}, true},
		{"one short of two thirds", members.Majority{Share: thirds, Base: members.OfPresent}, members.Tally{For: 6667*2 - 1, Present: 6667 * 3}, false},
		{"two thirds of all, some of whom did not come", members.Majority{Share: thirds, Base: members.OfAllVoters}, members.Tally{For: 10, Present: 10, Voters: 16}, false},
		{"nobody votes", members.Majority{Share: thirds, Base: members.OfGiven}, members.Tally{}, false},
		{"a share of nothing", members.Majority{Share: members.Share{Denominator: 1}, Base: members.OfGiven}, members.Tally{Against: 3}, false},
	} {
		if got := c.of.Carried(c.tally); got != c.want {
			t.Errorf("%s: got %t", c.name, got)
		}
	}
	for of, want := range map[int]int{0: 1, 1: 1, 2: 2, 3: 2, 9: 6, 10: 7} {
		if got := thirds.Needed(of); got != want {
			t.Errorf("two thirds of %d: got %d, want %d", of, got, want)
		}
	}
	if got := half.Needed(10); got != 6 {
		t.Errorf("more than half of 10: got %d", got)
	}
}

// assembly is an association that meets.
type assembly struct {
	*members.Meetings
	papers *members.Papers
	ctx    context.Context
	box    *mailtest.Box
	now    time.Time
}

func openAssembly(t *testing.T) *assembly {
	t.Helper()
	a := &assembly{ctx: dbtest.Tenant(t, tenancy.Association), box: mailtest.Open(t), now: now}
	s := open(t)
	s.Now = func() time.Time { return a.now }
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	j, err := jobs.New(dbtest.DB(t), slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	letters := members.NewLetters(members.LettersConfig{Members: s, Jobs: j, Mail: a.box.Server(), Bundle: bundle, Base: "https://house.example"})
	a.Meetings = members.NewMeetings(letters)
	a.papers = members.NewPapers(members.PapersConfig{Dues: members.NewDues(members.DuesConfig{Members: s, Jobs: j, Mail: a.box.Server(), Bundle: bundle}), Meetings: a.Meetings})
	return a
}

// rule says what the statutes of the association want of general meetings.
func (a *assembly) rule(t *testing.T, days int) {
	t.Helper()
	_, err := a.UpdateRule(a.ctx, members.MeetingRule{Kind: members.GeneralMeeting, NoticeDays: days, Quorum: members.Share{Numerator: 2, Denominator: 3}, Base: members.OfVoters, Proxies: 1, Source: "章程第十五条"})
	if err != nil {
		t.Fatal(err)
	}
}

func (a *assembly) called(t *testing.T, days int) members.Meeting {
	t.Helper()
	m, err := a.Draft(a.ctx, members.Meeting{Kind: members.GeneralMeeting, Title: "2026年会员大会", Place: "隆兴昌镇", BeginsAt: now.AddDate(0, 0, days), TimeZone: "Asia/Shanghai", Agenda: []members.AgendaItem{{Title: "财务报告"}}})
	if err == nil {
		m, err = a.Call(a.ctx, m.ID, m.Version, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// somebody enters the room with the rights of a second person of the association.
func (a *assembly) somebody(t *testing.T) context.Context {
	t.Helper()
	scope, err := tenancy.From(a.ctx)
	if err != nil {
		t.Fatal(err)
	}
	scope.Actor, scope.ActorName, scope.ActorKind = uuid.New(), "演示：监事", tenancy.Person
	return tenancy.In(a.ctx, scope)
}

// A meeting from its notice to its minutes. The database refuses a late notice, a meeting without quorum, a vote of who is not there, a second
// vote, and two signatures of one person.
func TestAMeeting(t *testing.T) {
	t.Parallel()
	a := openAssembly(t)
	f := grower("Ayan")
	f.Private.Reach[0].Email, f.Content.Language = "ayan@example.org", "en"
	one := admitted(t, a.ctx, a.Members, f)
	two := admitted(t, a.ctx, a.Members, members.Facts{Category: members.Grower, Name: "乙"})
	three := admitted(t, a.ctx, a.Members, members.Facts{Category: members.Grower, Name: "丙"})
	out := admitted(t, a.ctx, a.Members, members.Facts{Category: members.Grower, Name: "丁"})

	m, err := a.Draft(a.ctx, members.Meeting{Kind: members.GeneralMeeting, Title: "临时会", Place: "县城", BeginsAt: now.AddDate(0, 0, 14), TimeZone: "Asia/Shanghai"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Call(a.ctx, m.ID, m.Version, nil); !errors.Is(err, members.ErrNoMeetingRule) {
		t.Errorf("called without a rule: %v", err)
	}
	a.rule(t, 15)
	if _, err := a.Call(a.ctx, m.ID, m.Version, nil); !errors.Is(err, members.ErrLateNotice) {
		t.Errorf("called too late: %v", err)
	}
	if _, err := a.Call(a.ctx, m.ID, m.Version, []members.ID{one.ID}); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("a general meeting of some: %v", err)
	}
	m = a.called(t, 15)
	if err := a.Letters.Write(a.ctx); err != nil {
		t.Fatal(err)
	}
	if err := a.Letters.Deliver(a.ctx); err != nil {
		t.Fatal(err)
	}
	if got := a.box.Taken(); len(got) != 1 || got[0].Language != "en" || !strings.Contains(got[0].Text, "2026年会员大会") || !strings.Contains(got[0].Text, "17 March 2026 12:00 +08:00") {
		t.Errorf("the notice: %+v", got)
	}
	roll, _, err := a.Roll(a.ctx, m.ID, members.RollFilter{Notice: "no-address"}, 50, "")
	if err != nil || len(roll) != 3 {
		t.Errorf("who has no address: %+v, %v", roll, err)
	}
	if _, err := a.Update(a.ctx, m.ID, m.Version, members.Meeting{Kind: members.GeneralMeeting, Title: "改", Place: "县城", BeginsAt: now, TimeZone: "UTC"}); !errors.Is(err, members.ErrMeetingFixed) {
		t.Errorf("changed after the notice: %v", err)
	}
	a.refused(t, members.ErrMeetingFixed, `update app.meetings set title = 'x' where id = $1`, m.ID)

	attend := func(id members.ID, as members.Attendance, proxy *members.ID) error {
		_, err := a.Attend(a.ctx, m.ID, id, as, proxy)
		return err
	}
	suspended, err := a.Members.Do(a.ctx, out.ID, out.Version, members.Deed{Act: members.Suspend, Reason: "演示"})
	if err != nil {
		t.Fatal(err)
	}
	if err := attend(one.ID, members.Here, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Open(a.ctx, m.ID, m.Version); !errors.Is(err, members.ErrNoQuorum) {
		t.Errorf("opened with one of three: %v", err)
	}
	if err := attend(two.ID, members.Proxy, &three.ID); !errors.Is(err, members.ErrNoHolder) {
		t.Errorf("represented by who is not here: %v", err)
	}
	if err := attend(two.ID, members.Proxy, nil); !errors.Is(err, members.ErrProxy) {
		t.Errorf("represented by nobody: %v", err)
	}
	if err := attend(two.ID, members.Proxy, &one.ID); err != nil {
		t.Error(err)
	}
	if err := attend(three.ID, members.Proxy, &one.ID); !errors.Is(err, members.ErrProxies) {
		t.Errorf("more proxies than the rule lets one hold: %v", err)
	}
	if err := attend(one.ID, members.Absent, nil); !errors.Is(err, members.ErrStands) {
		t.Errorf("who stands for another leaves: %v", err)
	}
	if err := attend(suspended.ID, members.Here, nil); err != nil {
		t.Error(err)
	}
	if m, err = a.Open(a.ctx, m.ID, m.Version); err != nil || m.Count != (members.Counted{Of: 3, Present: 2, Voters: 3}) || !m.Quorate() {
		t.Fatalf("two of three with a vote: %+v, %v", m, err)
	}
	a.votes(t, m, one, two, three, suspended)
	a.minutes(t, m)
}

// votes puts motions to an open meeting, in which one is here and stands for two.
func (a *assembly) votes(t *testing.T, m members.Meeting, one, two, three, suspended members.Shown) {
	t.Helper()
	half := members.Majority{Share: members.Share{Numerator: 1, Denominator: 2, More: true}, Base: members.OfForAndAgainst}
	o, err := a.Propose(a.ctx, members.Motion{MeetingID: m.ID, Title: "通过财务报告", Majority: half})
	if err != nil {
		t.Fatal(err)
	}
	vote := func(b ...members.Ballot) error {
		got, err := a.Vote(a.ctx, m.ID, o.ID, b)
		if err == nil {
			o = got
		}
		return err
	}
	if err := vote(members.Ballot{MemberID: three.ID, Choice: members.For}); !errors.Is(err, members.ErrNotThere) {
		t.Errorf("a vote of who is not there: %v", err)
	}
	if err := vote(members.Ballot{MemberID: suspended.ID, Choice: members.For}); !errors.Is(err, members.ErrNotThere) {
		t.Errorf("a vote of who is suspended: %v", err)
	}
	if err := vote(members.Ballot{MemberID: one.ID, Choice: members.For}, members.Ballot{MemberID: two.ID, Choice: members.Against}); err != nil {
		t.Fatal(err)
	}
	if err := vote(members.Ballot{MemberID: one.ID, Choice: members.For}); !errors.Is(err, members.ErrVoted) {
		t.Errorf("a second vote: %v", err)
	}
	a.refused(t, nil, `update app.meeting_votes set choice = 'for' where meeting_id = $1`, m.ID)
	a.refused(t, members.ErrNotThere, `insert into app.meeting_votes (motion_id, meeting_id, member_id, choice, cast_by) select id, meeting_id, $2, 'for', $2 from app.meeting_motions where meeting_id = $1`, m.ID, three.ID)
	if o, err = a.Decide(a.ctx, m.ID, o.ID, members.Tally{For: 99}); err != nil || o.Result() != "lost" || o.Tally != (members.Tally{For: 1, Against: 1, Present: 2, Voters: 3}) {
		t.Errorf("decided by a tie: %+v, %v", o, err)
	}
	if _, err := a.Decide(a.ctx, m.ID, o.ID, members.Tally{}); !errors.Is(err, members.ErrDecided) {
		t.Errorf("decided twice: %v", err)
	}
	secret, err := a.Propose(a.ctx, members.Motion{MeetingID: m.ID, Title: "选举会长", Secret: true, Majority: half})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Vote(a.ctx, m.ID, secret.ID, []members.Ballot{{MemberID: one.ID, Choice: members.For}}); !errors.Is(err, members.ErrNoVoting) {
		t.Errorf("a secret vote by name: %v", err)
	}
	if _, err := a.Decide(a.ctx, m.ID, secret.ID, members.Tally{For: 3}); !errors.Is(err, members.ErrTooMany) {
		t.Errorf("more votes than people: %v", err)
	}
	if secret, err = a.Decide(a.ctx, m.ID, secret.ID, members.Tally{For: 2}); err != nil || secret.Result() != "carried" {
		t.Errorf("the secret vote: %+v, %v", secret, err)
	}
	later, err := a.Propose(a.ctx, members.Motion{MeetingID: m.ID, Title: "其他", Majority: half})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Attend(a.ctx, m.ID, two.ID, members.Absent, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Decide(a.ctx, m.ID, later.ID, members.Tally{}); !errors.Is(err, members.ErrNoQuorumNow) {
		t.Errorf("decided once too many had left: %v", err)
	}
	own, err := a.Extract(a.ctx, one.ID)
	if err != nil || len(own.Meetings) != 1 || own.Meetings[0].Motions[0].Choice != members.For || own.Meetings[0].Motions[1].Choice != "" {
		t.Errorf("what one is told of its votes: %+v, %v", own.Meetings, err)
	}
}

// minutes closes a meeting and has its minutes signed and corrected.
func (a *assembly) minutes(t *testing.T, m members.Meeting) {
	t.Helper()
	if _, err := a.Minute(a.ctx, m.ID, "会长", "太早"); !errors.Is(err, members.ErrMinutesNext) {
		t.Errorf("minutes of a meeting that goes on: %v", err)
	}
	m, err := a.Close(a.ctx, m.ID, m.Version)
	if err != nil {
		t.Fatal(err)
	}
	a.refused(t, members.ErrMeetingFixed, `update app.meeting_roll set attendance = 'absent', proxy_id = null where meeting_id = $1`, m.ID)
	chair := a.somebody(t)
	e, err := a.Minute(chair, m.ID, "会长", "会议通过了财务报告。")
	if err == nil {
		e, err = a.Minute(chair, m.ID, "会长", "会议未通过财务报告。") // nobody signed yet
	}
	if err != nil || e.Seq != 1 {
		t.Fatalf("%+v, %v", e, err)
	}
	if _, err := a.Sign(chair, m.ID, e.ID, members.Second); !errors.Is(err, members.ErrChairFirst) {
		t.Errorf("the second person first: %v", err)
	}
	if e, err = a.Sign(chair, m.ID, e.ID, members.Chair); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Sign(chair, m.ID, e.ID, members.Second); !errors.Is(err, members.ErrSameSigner) {
		t.Errorf("one person signs as both: %v", err)
	}
	if _, err := a.Minute(chair, m.ID, "会长", "改写"); !errors.Is(err, members.ErrMinutesFixed) {
		t.Errorf("written anew once it was signed: %v", err)
	}
	if e, err = a.Sign(a.somebody(t), m.ID, e.ID, members.Second); err != nil || !e.Signed() {
		t.Fatalf("%+v, %v", e, err)
	}
	r, err := a.Record(a.ctx, m.ID, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if sum, err := r.Hash(); err != nil || !bytes.Equal(sum, e.SHA256) || r.Quorum != "reached" || len(r.Motions) != 3 || len(r.Motions[0].Votes) != 2 {
		t.Errorf("the record is not what was signed: %+v, %v", r, err)
	}
	a.refused(t, members.ErrMinutesFixed, `update app.meeting_minutes set second_name = 'x' where meeting_id = $1`, m.ID)
	if e, err = a.Minute(chair, m.ID, "会长", "更正：表决票数。"); err != nil || e.Seq != 2 {
		t.Errorf("a correction: %+v, %v", e, err)
	}
	a.printed(t, m)
}

// printed sets the minutes in each language, and what the first member is asked for; with PAPERS=DIR the papers are kept there to be looked at.
func (a *assembly) printed(t *testing.T, m members.Meeting) {
	t.Helper()
	press, err := typeset.New(typeset.Config{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { press.Close() })
	a.papers.Press = press
	roll, _, err := a.Roll(a.ctx, m.ID, members.RollFilter{Attendance: members.Here}, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	i, err := a.papers.Dues.Ask(a.ctx, members.Invoice{MemberID: roll[0].MemberID, Title: "培训费", Amount: 1200_50, DueOn: now})
	if err == nil {
		i, err = a.papers.Dues.Pay(a.ctx, i.ID, i.Version, members.Payment{Amount: 200_25, PaidOn: day, Method: "bank", Reference: "R-1"})
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range locale.Supported {
		for kind, record := range map[members.PaperKind]uuid.UUID{members.MinutesPaper: m.ID, members.InvoicePaper: i.ID, members.StatementPaper: i.MemberID} {
			pdf, err := a.papers.Set(a.ctx, kind, record, tag)
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Fatalf("%s %s: %d bytes, %v", kind, tag, len(pdf), err)
			}
			if dir := os.Getenv("PAPERS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, string(kind)+"-"+string(tag)+".pdf"), pdf, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// refused does something to the tables past the verbs; without a problem the application has no right to.
func (a *assembly) refused(t *testing.T, want error, statement string, args ...any) {
	t.Helper()
	err := dbtest.DB(t).Tx(a.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(a.ctx, statement, args...)
		return postgres.Wrap(err, "statement")
	})
	if want == nil && (err == nil || !strings.Contains(err.Error(), "permission denied")) || want != nil && !errors.Is(err, want) {
		t.Errorf("%s: %v", statement, err)
	}
}
