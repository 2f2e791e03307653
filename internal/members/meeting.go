package members

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of meetings.
var (
	ErrMeetingNotFound = problem.New(problem.NotFound, "meeting.not-found")
	// ErrNoMeetingRule is returned when a meeting is called of whose kind nobody said what the statutes want.
	ErrNoMeetingRule = problem.New(problem.Conflict, "meeting.no-rule")
	// ErrLateNotice is returned for a meeting that would be called later than its rule lets it.
	ErrLateNotice = postgres.Constraint("meetings_notice_check", problem.New(problem.Conflict, "meeting.late-notice"))
	ErrNoQuorum   = postgres.Constraint("meetings_quorum_check", problem.New(problem.Conflict, "meeting.no-quorum"))
	// ErrMeetingFixed is returned for a change of what was called, and of a meeting that is over.
	ErrMeetingFixed = postgres.Constraint("meetings_fixed_check", problem.New(problem.Conflict, "meeting.fixed"))
	// ErrNotOnRoll is returned for somebody who was not called to the meeting.
	ErrNotOnRoll = problem.New(problem.NotFound, "meeting.not-on-roll")
	// ErrNoHolder is returned for a proxy of somebody who is not here or has no vote.
	ErrNoHolder = postgres.Constraint("meeting_roll_holder_check", problem.New(problem.Conflict, "meeting.no-holder"))
	// ErrProxies is returned for more proxies than the rule lets one member hold.
	ErrProxies = postgres.Constraint("meeting_roll_proxies_check", problem.New(problem.Conflict, "meeting.proxies"))
	// ErrStands is returned when somebody leaves who stands for others.
	ErrStands = postgres.Constraint("meeting_roll_stands_check", problem.New(problem.Conflict, "meeting.stands"))
	// ErrProxy is returned for a proxy of oneself, of nobody, or of somebody without a vote.
	ErrProxy = postgres.Constraint("meeting_roll_proxy_check", problem.New(problem.Conflict, "meeting.proxy"))

	codeMeetingTitle = problem.Field("meeting.title")
	codeMeetingWhere = problem.Field("meeting.where")
	codeMeetingZone  = problem.Field("meeting.time-zone")
	codeMeetingShare = problem.Field("meeting.share")
	codeMeetingWhom  = problem.Field("meeting.whom")
	codeMeetingRule  = problem.Field("meeting.source")
)

// MeetingID identifies a meeting.
type MeetingID = uuid.UUID

// MeetingKind is which meeting of the association it is. To a general one (会员大会) all members are called, to others who is named.
type MeetingKind string

// The kinds.
const (
	GeneralMeeting MeetingKind = "general"
	CouncilMeeting MeetingKind = "council"
	OtherMeeting   MeetingKind = "other"
)

// Share is a part of a number, reached exactly or by more than it.
type Share struct {
	Numerator   int
	Denominator int
	More        bool
}

// reached tells whether n is the share of a number, in whole numbers: nothing is divided. Nobody of nobody reaches no share.
func (s Share) reached(n, of int) bool {
	have, want := int64(n)*int64(s.Denominator), int64(of)*int64(s.Numerator)
	if s.More {
		return have > want
	}
	return n > 0 && have >= want
}

// Needed is the least number that reaches the share.
func (s Share) Needed(of int) int {
	want := int64(of) * int64(s.Numerator)
	least := want / int64(s.Denominator)
	if s.More || want%int64(s.Denominator) != 0 {
		least++
	}
	return int(max(least, 1))
}

func (s Share) wrong() bool {
	return s.Denominator < 1 || s.Numerator < 0 || s.Numerator > s.Denominator || s.More && s.Numerator == s.Denominator
}

// Base is of whom a quorum is a share.
type Base string

// The bases: those with a vote, or all who are called.
const (
	OfVoters Base = "voters"
	OfRoll   Base = "roll"
)

// MeetingRule is what the statutes of the association say of a kind of meeting. None comes with the house: no law is assumed.
type MeetingRule struct {
	Kind         MeetingKind
	Version      int // 0: nobody said yet
	NoticeDays   int
	Quorum       Share
	Base         Base
	Proxies      int  // that one member may hold
	OverdueVotes bool // whose dues are overdue has a vote all the same
	Source       string
	UpdatedAt    *time.Time
	UpdatedBy    string
}

// Check collects what is wrong with a rule by itself.
func (r MeetingRule) Check() error {
	wrong := problem.ErrInvalid
	if r.Quorum.wrong() {
		wrong = wrong.At("/quorum", codeMeetingShare)
	}
	if strings.TrimSpace(r.Source) == "" {
		wrong = wrong.At("/source", codeMeetingRule)
	}
	return wrong.Or()
}

// AgendaItem is a matter of a meeting.
type AgendaItem struct {
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
}

// Meeting is a meeting of members (会议), from its draft to its end.
type Meeting struct {
	ID        MeetingID
	Version   int
	Kind      MeetingKind
	Status    MeetingStatus
	Title     string
	Place     string
	Link      string
	BeginsAt  time.Time
	TimeZone  string
	Agenda    []AgendaItem
	CalledOn  *time.Time
	CalledAt  *time.Time
	Rule      *MeetingRule // as it was when the meeting was called
	OpenedAt  *time.Time
	Count     Counted // when it was opened; before, as the roll stands
	ClosedAt  *time.Time
	Reason    string // why it was cancelled
	CreatedAt time.Time
	CreatedBy string
}

// Counted is whom a quorum is of, and how many of those with a vote are here or represented.
type Counted struct {
	Of      int
	Present int
	Voters  int
}

// Quorate tells whether the rule's quorum is there.
func (m Meeting) Quorate() bool {
	return m.Rule != nil && m.Count.Present > 0 && m.Rule.Quorum.reached(m.Count.Present, m.Count.Of)
}

// zone is where the meeting's clock is.
func (m Meeting) zone() *time.Location {
	z, err := time.LoadLocation(m.TimeZone)
	if err != nil || m.TimeZone == "" {
		return time.UTC
	}
	return z
}

// Check collects what is wrong with a meeting by itself.
func (m Meeting) Check() error {
	wrong := problem.ErrInvalid
	if strings.TrimSpace(m.Title) == "" {
		wrong = wrong.At("/title", codeMeetingTitle)
	}
	if strings.TrimSpace(m.Place+m.Link) == "" {
		wrong = wrong.At("/place", codeMeetingWhere)
	}
	if _, err := time.LoadLocation(m.TimeZone); err != nil || m.TimeZone == "" || m.TimeZone == "Local" {
		wrong = wrong.At("/timeZone", codeMeetingZone)
	}
	for i, item := range m.Agenda {
		if strings.TrimSpace(item.Title) == "" {
			wrong = wrong.At("/agenda/"+strconv.Itoa(i)+"/title", codeMeetingTitle)
		}
	}
	return wrong.Or()
}

// NoVote is why somebody on a roll has no vote; empty: it has one.
type NoVote string

// The reasons.
const (
	VoteSuspended NoVote = "suspended"
	VoteOver      NoVote = "over"
	VoteOverdue   NoVote = "overdue"
)

// Attendance is whether somebody came.
type Attendance string

// The attendances: not, itself, or by another member that stands for it.
const (
	Absent Attendance = "absent"
	Here   Attendance = "here"
	Proxy  Attendance = "proxy"
)

// Called is somebody on the roll of a meeting.
type Called struct {
	MemberID   ID
	Name       string // of today; empty once it was erased
	Number     string
	NoVote     NoVote
	Attendance Attendance
	ProxyID    *ID
	ProxyName  string
	Answer     string     // its own, before the meeting: coming or not-coming
	Notice     string     // what became of the mail; empty: none was written yet
	NoticeAt   *time.Time // when it was tried
}
