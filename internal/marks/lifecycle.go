package marks

import (
	"slices"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
)

// Status is where an authorisation stands.
type Status string

// The statuses. None is before it is applied for.
const (
	None       Status = "none"
	Applied    Status = "applied"
	Verified   Status = "verified" // on site
	Examined   Status = "examined"
	Announced  Status = "announced"
	Active     Status = "active"
	Rectifying Status = "rectifying" // ordered to put something right until a day (责令整改)
	Abnormal   Status = "abnormal"   // on the list of abnormal use (异常名录)
	Ended      Status = "ended"
	Refused    Status = "refused"
	Withdrawn  Status = "withdrawn" // by the applicant
)

// Act is something done to an authorisation.
type Act string

// The acts.
const (
	Apply    Act = "apply"
	Verify   Act = "verify"
	Examine  Act = "examine"
	Announce Act = "announce"
	Enter    Act = "enter"
	Refuse   Act = "refuse"
	Withdraw Act = "withdraw"
	Amend    Act = "amend"
	Report   Act = "report" // the holder's periodic report of its use
	Order    Act = "order"  // a rectification
	Rectify  Act = "rectify"
	Flag     Act = "flag" // put on the list of abnormal use
	Clear    Act = "clear"
	End      Act = "end"
	Appeal   Act = "appeal"
	Reopen   Act = "reopen" // what an appeal changed
)

// moves are all there are. Who is refused or ended may appeal, since whoever meets the conditions of a certification mark must be
// let use it (Trade Mark Law implementing regulation, article 4).
var moves = lifecycle.Table[Status, Act]{
	{From: None, Act: Apply, To: Applied},
	{From: Applied, Act: Verify, To: Verified},
	{From: Applied, Act: Refuse, To: Refused},
	{From: Applied, Act: Amend, To: Applied},
	{From: Applied, Act: Withdraw, To: Withdrawn},
	{From: Verified, Act: Examine, To: Examined},
	{From: Verified, Act: Refuse, To: Refused},
	{From: Verified, Act: Withdraw, To: Withdrawn},
	{From: Examined, Act: Announce, To: Announced},
	{From: Examined, Act: Refuse, To: Refused},
	{From: Examined, Act: Withdraw, To: Withdrawn},
	{From: Announced, Act: Enter, To: Active},
	{From: Announced, Act: Refuse, To: Refused},
	{From: Announced, Act: Withdraw, To: Withdrawn},
	{From: Active, Act: Report, To: Active},
	{From: Active, Act: Amend, To: Active},
	{From: Active, Act: Order, To: Rectifying},
	{From: Active, Act: Flag, To: Abnormal},
	{From: Active, Act: End, To: Ended},
	{From: Rectifying, Act: Rectify, To: Active},
	{From: Rectifying, Act: Report, To: Rectifying},
	{From: Rectifying, Act: Flag, To: Abnormal},
	{From: Rectifying, Act: End, To: Ended},
	{From: Abnormal, Act: Clear, To: Active},
	{From: Abnormal, Act: Report, To: Abnormal},
	{From: Abnormal, Act: End, To: Ended},
	{From: Refused, Act: Appeal, To: Refused},
	{From: Refused, Act: Reopen, To: Examined},
	{From: Ended, Act: Appeal, To: Ended},
	{From: Ended, Act: Reopen, To: Active},
}

// Diagram draws the lifecycle for the guides.
func Diagram() string { return moves.Mermaid() }

// Statuses are those that an authorisation is seen in.
func Statuses() []Status { return moves.Statuses()[1:] }

// Acts are all acts.
func Acts() []Act { return moves.Acts() }

// InForce tells whether the mark may be used. Who has to put something right may use up what it has; nothing more is issued to it.
func (s Status) InForce() bool { return s == Active || s == Rectifying || s == Abnormal }

// Shown tells whether others see it: what is in force, and what was.
func (s Status) Shown() bool { return s.InForce() || s == Ended }

// Over tells whether it stands in the way of another application of the holder no more.
func (s Status) Over() bool { return s == Ended || s == Refused || s == Withdrawn }

// Need is what has to come with an act; it is named as its field.
type Need string

// The needs.
const (
	NeedReason    Need = "reason"
	NeedReference Need = "reference"
	NeedGround    Need = "ground"
	NeedDue       Need = "dueOn"
	NeedAppeal    Need = "appealUntil"
)

// needs are what has to come with each act. A refusal has a reason and can be appealed.
var needs = map[Act][]Need{
	Enter:    {NeedReference},
	Refuse:   {NeedReason, NeedAppeal},
	Withdraw: {NeedReason},
	Order:    {NeedReason, NeedDue},
	Flag:     {NeedReason},
	Clear:    {NeedReason},
	End:      {NeedReason, NeedGround},
	Appeal:   {NeedReason},
	Reopen:   {NeedReason, NeedReference},
}

// Ground is why a use ended.
type Ground string

// grounds are the grounds of an end, and whether the end is ordered, so that it can be appealed. The list is the composition of
// rules that end a use for goods not to standard, a serious violation, a dissolved enterprise or no use for a time that they set
// (Shaoxing rice wine regulation 2021, article 25).
var grounds = []struct {
	Ground  Ground
	Ordered bool
}{
	{"own-request", false},
	{"succession", false},
	{"dissolved", false},
	{"registration-ended", false},
	{"unused", true},
	{"not-to-standard", true},
	{"serious-violation", true},
	{"exit-ordered", true},
}

// Grounds lists the grounds of an end.
func Grounds() (all []Ground) {
	for _, g := range grounds {
		all = append(all, g.Ground)
	}
	return all
}

// ordered tells whether an end on the ground is against the holder's will.
func (g Ground) ordered() bool {
	for _, known := range grounds {
		if known.Ground == g {
			return known.Ordered
		}
	}
	return false
}

// needed are the needs of an event: those of its act, and of an end that is ordered a day until which it can be appealed.
func (e Event) needed() []Need {
	all := needs[e.Act]
	if e.Act == End && e.Ground.ordered() {
		all = append(slices.Clone(all), NeedAppeal)
	}
	return all
}
