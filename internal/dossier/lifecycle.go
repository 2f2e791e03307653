package dossier

import "github.com/helianthus-gi/helianthus/internal/lifecycle"

// Status is where a dossier stands.
type Status string

// The statuses of a dossier.
const (
	Draft       Status = "draft"
	Collecting  Status = "collecting"
	Translating Status = "translating"
	InReview    Status = "in-review"
	Issued      Status = "issued"
	Superseded  Status = "superseded"
	Withdrawn   Status = "withdrawn"
)

// Act is something done to a dossier as a whole.
type Act string

// The acts. Supersede is done by issuing the dossier that replaces this one, never by itself.
const (
	Collect   Act = "collect"
	Translate Act = "translate"
	Review    Act = "review"
	Issue     Act = "issue"
	Withdraw  Act = "withdraw"
	Supersede Act = "supersede"
)

var moves = lifecycle.Table[Status, Act]{
	{From: Draft, Act: Collect, To: Collecting},
	{From: Draft, Act: Withdraw, To: Withdrawn},
	{From: Collecting, Act: Translate, To: Translating},
	{From: Collecting, Act: Withdraw, To: Withdrawn},
	{From: Translating, Act: Collect, To: Collecting},
	{From: Translating, Act: Review, To: InReview},
	{From: Translating, Act: Withdraw, To: Withdrawn},
	{From: InReview, Act: Collect, To: Collecting},
	{From: InReview, Act: Translate, To: Translating},
	{From: InReview, Act: Issue, To: Issued},
	{From: InReview, Act: Withdraw, To: Withdrawn},
	{From: Issued, Act: Supersede, To: Superseded},
	{From: Issued, Act: Withdraw, To: Withdrawn},
}

// Diagram draws the lifecycle for the guides.
func Diagram() string { return moves.Mermaid() }

// open tells whether a dossier's contents may still be changed.
func (s Status) open() bool {
	return s == Draft || s == Collecting || s == Translating || s == InReview
}
