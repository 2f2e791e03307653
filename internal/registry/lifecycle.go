package registry

import (
	"slices"
	"time"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
)

// Status is where a registration stands.
type Status string

// The statuses.
const (
	Draft       Status = "draft"
	Filed       Status = "filed"
	Examined    Status = "examined"
	Published   Status = "published"
	Opposed     Status = "opposed"
	Registered  Status = "registered"
	Cancelled   Status = "cancelled"
	Surrendered Status = "surrendered"
	Lapsed      Status = "lapsed"
	Refused     Status = "refused"
	Withdrawn   Status = "withdrawn"
)

// Act is something done to a registration.
type Act string

// The acts.
const (
	File      Act = "file"
	Examine   Act = "examine"
	Publish   Act = "publish"
	Oppose    Act = "oppose"
	Register  Act = "register"
	Amend     Act = "amend"
	Cancel    Act = "cancel"
	Surrender Act = "surrender"
	Lapse     Act = "lapse"
	Refuse    Act = "refuse"
	Withdraw  Act = "withdraw"
)

var moves = lifecycle.Table[Status, Act]{
	{From: Draft, Act: File, To: Filed},
	{From: Draft, Act: Withdraw, To: Withdrawn},
	{From: Filed, Act: Examine, To: Examined},
	{From: Filed, Act: Refuse, To: Refused},
	{From: Filed, Act: Withdraw, To: Withdrawn},
	{From: Examined, Act: Publish, To: Published},
	{From: Examined, Act: Refuse, To: Refused},
	{From: Examined, Act: Withdraw, To: Withdrawn},
	{From: Published, Act: Oppose, To: Opposed},
	{From: Published, Act: Register, To: Registered},
	{From: Published, Act: Refuse, To: Refused},
	{From: Published, Act: Withdraw, To: Withdrawn},
	{From: Opposed, Act: Register, To: Registered},
	{From: Opposed, Act: Refuse, To: Refused},
	{From: Opposed, Act: Withdraw, To: Withdrawn},
	{From: Registered, Act: Amend, To: Registered},
	{From: Registered, Act: Cancel, To: Cancelled},
	{From: Registered, Act: Surrender, To: Surrendered},
	{From: Registered, Act: Lapse, To: Lapsed},
}

// Diagram draws the lifecycle for the guides.
func Diagram() string { return moves.Mermaid() }

// public tells whether others see a registration with this past: from its publication on, whatever came of it but a
// withdrawal. What was refused before anybody saw it stays with the office.
func public(periods []Period) bool {
	n := len(periods)
	return n > 0 && periods[n-1].Status != Withdrawn && slices.ContainsFunc(periods, func(p Period) bool { return p.Status == Published })
}

// Event is something that happened to a registration.
type Event struct {
	ID           string
	Seq          int
	Act          Act
	EffectiveOn  time.Time
	ReceivedOn   *time.Time
	NationalCode string
	NationalText string
	Reason       string
	DocumentID   *string
	Corrects     *string
	Void         bool // the event that this one corrects did not happen
	RecordedBy   *string
	RecordedName string
	RecordedAt   time.Time
	To           exchange.Choice `json:"-" db:"-"` // to whom a publication is shown; kept with it
}

// Period is a status and the days it held: From on, until the day before Until; nil: still.
type Period struct {
	Status Status     `json:"status"`
	From   time.Time  `json:"from"`
	Until  *time.Time `json:"until,omitempty"`
}

// Periods replays the events that our register knew at an instant, in the order of their effect. An event that was
// corrected counts as its correction says; what then does not follow from the table is passed over.
func Periods(events []Event, asOf time.Time) []Period {
	var known []Event
	corrected := map[string]Event{}
	for _, e := range events {
		if e.RecordedAt.After(asOf) {
			continue
		}
		if e.Corrects != nil {
			corrected[*e.Corrects] = e
			continue
		}
		known = append(known, e)
	}
	var effective []Event
	for _, e := range known {
		c, ok := corrected[e.ID]
		for ok { // a correction may itself have been corrected
			e.EffectiveOn, e.Void = c.EffectiveOn, c.Void
			c, ok = corrected[c.ID]
		}
		if !e.Void {
			effective = append(effective, e)
		}
	}
	slices.SortStableFunc(effective, func(a, b Event) int {
		if n := a.EffectiveOn.Compare(b.EffectiveOn); n != 0 {
			return n
		}
		return a.Seq - b.Seq
	})
	var periods []Period
	now := Draft
	for _, e := range effective {
		next, err := moves.Next(now, e.Act)
		if err != nil || next == now {
			continue
		}
		if n := len(periods); n > 0 {
			periods[n-1].Until = &e.EffectiveOn
		}
		periods = append(periods, Period{Status: next, From: e.EffectiveOn})
		now = next
	}
	return periods
}

// StatusOn is the status that held on a day.
func StatusOn(periods []Period, day time.Time) Status {
	s := Draft
	for _, p := range periods {
		if !p.From.After(day) {
			s = p.Status
		}
	}
	return s
}
