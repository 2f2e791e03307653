package marks

import (
	"time"

	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// ClockStep is what has to be done about a complaint.
type ClockStep string

// clockRules are the steps in their order, how many working days each may take where the tenant's rule says nothing else, and which article
// says so: of the rules on handling complaints and reports, SAMR Order 20 of 2019 as amended in 2022 (市场监督管理投诉举报处理暂行办法). They
// bind offices of China, and IP offices too (article 38). Newer ones may be in force, hence the tenant's rule.
var clockRules = []clockRule{
	{ClockAccept, 7, "14", func(c Complaint) *time.Time { return only(c.Status == ComplaintOpen, &c.ReceivedOn) }},
	{ClockSettle, 45, "21(5)", func(c Complaint) *time.Time { return only(c.Status == ComplaintAccepted, c.AcceptedOn) }},
}

type clockRule struct {
	Step    ClockStep
	Days    int
	Article string
	From    func(c Complaint) *time.Time // since when it runs; nil: it does not
}

// The steps.
const (
	ClockAccept ClockStep = "accept" // say whether it is accepted, and tell the complainant
	ClockSettle ClockStep = "settle" // end it; the time of a test is not counted (article 20), which whoever decides knows
)

// clockOffice is whose law the clocks are of.
const clockOffice = "CN"

func only(is bool, day *time.Time) *time.Time {
	if is {
		return day
	}
	return nil
}

// Clock is the last day for a step.
type Clock struct {
	Step    ClockStep
	DueOn   time.Time
	Days    int // working days
	Article string
	Certain bool // the notices of all years that it depends on are known
}

// Clocks are working days by step, where the tenant's rule says others than the house.
type Clocks map[ClockStep]int

// days are the working days of a step: the tenant's, else the house's.
func (k Clocks) days(r clockRule) int {
	if n, said := k[r.Step]; said {
		return n
	}
	return r.Days
}

// Clock is the one that runs for a complaint about a user of an office's registration; nil: none does.
func (k Clocks) Clock(c Complaint, office string) *Clock {
	if office != clockOffice {
		return nil
	}
	for _, r := range clockRules {
		from := r.From(c)
		if from == nil {
			continue
		}
		days := k.days(r)
		end := recognition.Reckoning{From: *from, Length: recognition.Length{Count: days, Unit: recognition.WorkingDays}, Calendar: recognition.Calendars[clockOffice]}.End()
		if end.On != nil {
			return &Clock{r.Step, *end.On, days, r.Article, end.Certain}
		}
	}
	return nil
}

// Over tells whether the step was not done in time.
func (c *Clock) Over(today time.Time) bool { return c != nil && today.After(c.DueOn) }
