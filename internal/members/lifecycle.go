package members

import "github.com/helianthus-gi/helianthus/internal/lifecycle"

// Status is where a membership stands.
type Status string

// The statuses.
const (
	Applied   Status = "applied"
	Examined  Status = "examined"
	Admitted  Status = "admitted"
	Suspended Status = "suspended"
	Left      Status = "left"
	Excluded  Status = "excluded"
	Refused   Status = "refused"
)

// Statuses lists them.
var Statuses = []Status{Applied, Examined, Admitted, Suspended, Left, Excluded, Refused}

// Act is something done to a membership.
type Act string

// The acts of the table, and those that change no status.
const (
	Examine    Act = "examine"
	Admit      Act = "admit"
	Refuse     Act = "refuse"
	Reconsider Act = "reconsider" // a refusal, on the applicant's appeal
	Suspend    Act = "suspend"
	Resume     Act = "resume"
	Leave      Act = "leave"
	Exclude    Act = "exclude"
	Readmit    Act = "readmit"

	Create Act = "create"
	Update Act = "update"
	Erase  Act = "erase"

	// TakeOver is that a member came with the list that the association had.
	TakeOver Act = "take-over"
)

var moves = lifecycle.Table[Status, Act]{
	{From: Applied, Act: Examine, To: Examined},
	{From: Applied, Act: Refuse, To: Refused},
	{From: Examined, Act: Admit, To: Admitted},
	{From: Examined, Act: Refuse, To: Refused},
	{From: Admitted, Act: Suspend, To: Suspended},
	{From: Admitted, Act: Leave, To: Left},
	{From: Admitted, Act: Exclude, To: Excluded},
	{From: Suspended, Act: Resume, To: Admitted},
	{From: Suspended, Act: Leave, To: Left},
	{From: Suspended, Act: Exclude, To: Excluded},
	{From: Left, Act: Readmit, To: Admitted},
	{From: Excluded, Act: Readmit, To: Admitted},
	{From: Refused, Act: Reconsider, To: Examined},
}

// reasoned are the acts that take something from somebody: they need a reason that can be contested.
var reasoned = map[Act]bool{Refuse: true, Suspend: true, Exclude: true}

// over are the statuses in which a membership is at its end.
var over = map[Status]bool{Left: true, Excluded: true, Refused: true}
