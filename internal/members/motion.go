package members

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of motions and minutes.
var (
	ErrMotionNotFound = problem.New(problem.NotFound, "meeting-motion.not-found")
	// ErrNotThere is returned for a vote of somebody who is not here, is not represented by who casts it, or has no vote.
	ErrNotThere = postgres.Constraint("meeting_votes_there_check", problem.New(problem.Conflict, "meeting-motion.not-there"))
	// ErrVoted is returned for a second vote of a member.
	ErrVoted = postgres.Constraint("meeting_votes_pkey", problem.New(problem.Conflict, "meeting-motion.voted"))
	// ErrNoVoting is returned for votes by name in a meeting that is not open, on a motion that was decided, or on a secret one.
	ErrNoVoting = postgres.Constraint("meeting_votes_open_check", problem.New(problem.Conflict, "meeting-motion.no-voting"))
	// ErrNoQuorumNow is returned for a decision at a moment at which the quorum is not there, or the meeting is not open.
	ErrNoQuorumNow = postgres.Constraint("meeting_motions_quorum_check", problem.New(problem.Conflict, "meeting-motion.no-quorum"))
	ErrDecided     = postgres.Constraint("meeting_motions_decided_check", problem.New(problem.Conflict, "meeting-motion.decided"))
	// ErrTooMany is returned for more secret votes than there are people with one.
	ErrTooMany = postgres.Constraint("meeting_motions_count_check", problem.New(problem.Conflict, "meeting-motion.too-many"))

	ErrMinutesNotFound = problem.New(problem.NotFound, "meeting-minutes.not-found")
	// ErrMinutesNext is returned for minutes of a meeting that goes on, and for an entry behind one that is not signed.
	ErrMinutesNext = postgres.Constraint("meeting_minutes_next_check", problem.New(problem.Conflict, "meeting-minutes.next"))
	// ErrMinutesFixed is returned for a change of what was signed.
	ErrMinutesFixed = postgres.Constraint("meeting_minutes_fixed_check", problem.New(problem.Conflict, "meeting-minutes.fixed"))
	// ErrSameSigner is returned when one person would sign as both.
	ErrSameSigner = postgres.Constraint("meeting_minutes_second_check", problem.New(problem.Conflict, "meeting-minutes.same-person"))
	// ErrNoPerson is returned when a machine would sign.
	ErrNoPerson = problem.New(problem.Conflict, "meeting-minutes.no-person")
	// ErrChairFirst is returned for the second signature before that of the chair.
	ErrChairFirst = postgres.Constraint("meeting_minutes_signed_check", problem.New(problem.Conflict, "meeting-minutes.chair-first"))
)

// MajorityBase is of whom a majority is a share.
type MajorityBase string

// The bases: votes for and against, those and abstentions, all with a vote who are here or represented, or all with a vote.
const (
	OfForAndAgainst MajorityBase = "for-and-against"
	OfGiven         MajorityBase = "given"
	OfPresent       MajorityBase = "present"
	OfAllVoters     MajorityBase = "voters"
)

// Majority is what a motion needs (表决通过规则), as data: simple is more than 1/2, two thirds at least 2/3.
type Majority struct {
	Share
	Base MajorityBase
}

// Tally is what came of a vote, and among how many.
type Tally struct {
	For, Against, Abstain int
	Present, Voters       int
}

// of is the number of which a majority is a share.
func (t Tally) of(b MajorityBase) int {
	switch b {
	case OfGiven:
		return t.For + t.Against + t.Abstain
	case OfPresent:
		return t.Present
	case OfAllVoters:
		return t.Voters
	default:
		return t.For + t.Against
	}
}

// Carried tells whether a motion is carried. Where nobody is for it, it is not, whatever the share.
func (m Majority) Carried(t Tally) bool {
	return t.For > 0 && m.reached(t.For, t.of(m.Base))
}

// Choice is a vote.
type Choice string

// The choices.
const (
	For     Choice = "for"
	Against Choice = "against"
	Abstain Choice = "abstain"
)

// Motion is what is put to the vote of a meeting (议案).
type Motion struct {
	ID        uuid.UUID
	MeetingID MeetingID
	Number    int
	Title     string
	Body      string
	Secret    bool
	Majority  Majority
	DecidedAt *time.Time
	Tally     Tally // of one that is not decided: of the votes so far
}

// Check collects what is wrong with a motion by itself.
func (m Motion) Check() error {
	wrong := problem.ErrInvalid
	if strings.TrimSpace(m.Title) == "" {
		wrong = wrong.At("/title", codeMeetingTitle)
	}
	if m.Majority.wrong() {
		wrong = wrong.At("/majority", codeMeetingShare)
	}
	return wrong.Or()
}

// Result is carried or lost; empty before the decision.
func (m Motion) Result() string {
	switch {
	case m.DecidedAt == nil:
		return ""
	case m.Majority.Carried(m.Tally):
		return "carried"
	default:
		return "lost"
	}
}

// Vote is how a member voted where a vote is open; somebody else cast it where that stood for it.
type Vote struct {
	MemberID ID
	Name     string
	Number   string
	Choice   Choice
	CastBy   ID
}

// Minutes are what is written down of a meeting (会议纪要); behind the first entry each is a correction of what was signed.
type Minutes struct {
	ID         uuid.UUID
	MeetingID  MeetingID
	Seq        int
	Body       string
	Chair      string
	SHA256     []byte // of what the chair signed
	ChairBy    *uuid.UUID
	ChairName  string
	ChairAt    *time.Time
	SecondBy   *uuid.UUID
	SecondName string
	SecondAt   *time.Time
	CreatedAt  time.Time
	CreatedBy  string
}

// Signed tells whether both signed, after which the entry is fixed.
func (m Minutes) Signed() bool { return m.SecondAt != nil }
