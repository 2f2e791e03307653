package promotion

import "github.com/helianthus-gi/helianthus/internal/lifecycle"

// Status is where a programme stands.
type Status string

// The statuses of a programme. None is before it is drafted.
const (
	None      Status = "none"
	Draft     Status = "draft"
	Reviewed  Status = "reviewed"
	Open      Status = "open"
	Closed    Status = "closed"
	Decided   Status = "decided"
	Running   Status = "running"
	Settled   Status = "settled"
	Cancelled Status = "cancelled"
)

// Act is something done to a programme.
type Act string

// The acts on a programme.
const (
	Create Act = "create"
	Update Act = "update"
	Review Act = "review" // by a second person
	OpenIt Act = "open"
	Close  Act = "close"
	Decide Act = "decide" // the results are published
	Run    Act = "run"
	Settle Act = "settle" // what was promised and not claimed is free again
	Cancel Act = "cancel"
)

// moves are all there are. What was reviewed and is changed is a draft again. Nothing that is decided is cancelled: money is promised.
var moves = lifecycle.Table[Status, Act]{
	{From: None, Act: Create, To: Draft},
	{From: Draft, Act: Update, To: Draft},
	{From: Draft, Act: Review, To: Reviewed},
	{From: Draft, Act: Cancel, To: Cancelled},
	{From: Reviewed, Act: Update, To: Draft},
	{From: Reviewed, Act: OpenIt, To: Open},
	{From: Reviewed, Act: Cancel, To: Cancelled},
	{From: Open, Act: Close, To: Closed},
	{From: Open, Act: Cancel, To: Cancelled},
	{From: Closed, Act: Decide, To: Decided},
	{From: Closed, Act: Cancel, To: Cancelled},
	{From: Decided, Act: Run, To: Running},
	{From: Running, Act: Settle, To: Settled},
}

// Statuses are those that a programme is seen in.
func Statuses() []Status { return moves.Statuses()[1:] }

// Acts are all acts on a programme.
func Acts() []Act { return moves.Acts() }

// Diagram draws the lifecycle for the guides.
func Diagram() string { return moves.Mermaid() }

// selecting tells whether applications are weighed.
func (s Status) selecting() bool { return s == Open || s == Closed }

// paying tells whether money is promised and paid.
func (s Status) paying() bool { return s == Decided || s == Running }

// Stage is where an application stands.
type Stage string

// The stages of an application.
const (
	NoStage   Stage = "none"
	Drafted   Stage = "draft"
	Submitted Stage = "submitted"
	Returned  Stage = "returned" // for completion
	Withdrawn Stage = "withdrawn"
)

// Step is something done to an application.
type Step string

// The steps.
const (
	Apply    Step = "create"
	Fill     Step = "update"
	Submit   Step = "submit"
	Return   Step = "return"
	Withdraw Step = "withdraw"
)

var steps = lifecycle.Table[Stage, Step]{
	{From: NoStage, Act: Apply, To: Drafted},
	{From: Drafted, Act: Fill, To: Drafted},
	{From: Drafted, Act: Submit, To: Submitted},
	{From: Drafted, Act: Withdraw, To: Withdrawn},
	{From: Submitted, Act: Return, To: Returned},
	{From: Submitted, Act: Withdraw, To: Withdrawn},
	{From: Returned, Act: Fill, To: Returned},
	{From: Returned, Act: Submit, To: Submitted},
	{From: Returned, Act: Withdraw, To: Withdrawn},
}

// Stages are those that an application is seen in.
func Stages() []Stage { return steps.Statuses()[1:] }
