package members

import "github.com/helianthus-gi/helianthus/internal/lifecycle"

// MeetingStatus is where a meeting stands.
type MeetingStatus string

// The statuses.
const (
	MeetingDraft     MeetingStatus = "draft"
	MeetingCalled    MeetingStatus = "called"
	MeetingOpen      MeetingStatus = "open"
	MeetingClosed    MeetingStatus = "closed"
	MeetingCancelled MeetingStatus = "cancelled"
)

// MeetingAct is something done to a meeting as a whole.
type MeetingAct string

// The acts.
const (
	CallMeeting   MeetingAct = "call"
	OpenMeeting   MeetingAct = "open"
	CloseMeeting  MeetingAct = "close"
	CancelMeeting MeetingAct = "cancel"
)

// A meeting to which too few come is cancelled, with that reason, and called again as another.
var meetingMoves = lifecycle.Table[MeetingStatus, MeetingAct]{
	{From: MeetingDraft, Act: CallMeeting, To: MeetingCalled},
	{From: MeetingDraft, Act: CancelMeeting, To: MeetingCancelled},
	{From: MeetingCalled, Act: OpenMeeting, To: MeetingOpen},
	{From: MeetingCalled, Act: CancelMeeting, To: MeetingCancelled},
	{From: MeetingOpen, Act: CloseMeeting, To: MeetingClosed},
}
