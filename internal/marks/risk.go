package marks

import (
	"time"

	"github.com/google/uuid"
)

// RiskReason is a sign of trouble with a user of the mark, or of its absence.
type RiskReason string

// riskRules are the reasons in the order in which they are told, how many points each counts where the tenant's rule names no others, and
// how often each is so. The points are ours: what endangers the name most, goods not to standard and marks on what cannot be, counts most.
var riskRules = []struct {
	Reason RiskReason
	Points int
	Count  func(f RiskFacts, today time.Time) int
}{
	{"visit-failed", 30, func(f RiskFacts, _ time.Time) int { return once(f.LastOutcome == VisitFailed) }},
	{"visit-minor", 10, func(f RiskFacts, _ time.Time) int { return once(f.LastOutcome == VisitMinor) }},
	{"visit-passed", -10, func(f RiskFacts, today time.Time) int {
		return once(f.LastOutcome == VisitPassed && f.LastVisitOn != nil && !f.LastVisitOn.Before(today.AddDate(-1, 0, 0)))
	}},
	{"visit-overdue", 5, func(f RiskFacts, _ time.Time) int { return f.VisitsOverdue }},
	{"abnormal", 25, func(f RiskFacts, _ time.Time) int { return once(f.Status == Abnormal) }},
	{"rectification-overdue", 25, func(f RiskFacts, today time.Time) int { return once(f.RectifyDue != nil && f.RectifyDue.Before(today)) }},
	{"report-overdue", 10, func(f RiskFacts, today time.Time) int { return once(f.ReportDue != nil && f.ReportDue.Before(today)) }},
	{"alert-open", 15, func(f RiskFacts, _ time.Time) int { return f.AlertsOpen }},
	{"alert-confirmed", 20, func(f RiskFacts, _ time.Time) int { return f.AlertsConfirmed }},
	{"complaint-open", 10, func(f RiskFacts, _ time.Time) int { return f.ComplaintsOpen }},
	{"complaint-overdue", 5, func(f RiskFacts, _ time.Time) int { return f.ComplaintsOverdue }},
	{"complaint-upheld", 15, func(f RiskFacts, _ time.Time) int { return f.ComplaintsUpheld }},
	{"never-used", 5, func(f RiskFacts, _ time.Time) int { return once(!f.Used) }},
}

// mostCounted is how often a reason counts at most: ten small complaints are no worse than three.
const mostCounted = 3

// mostRisk is the highest score.
const mostRisk = 100

// RiskReasons lists the reasons.
func RiskReasons() (all []RiskReason) {
	for _, r := range riskRules {
		all = append(all, r.Reason)
	}
	return all
}

// RiskFacts are what is known of a user on a day. Alerts that were confirmed and complaints that were upheld are those of the last two
// years.
type RiskFacts struct {
	Status            Status
	LastOutcome       Outcome // of the last visit; empty: there was none
	LastVisitOn       *time.Time
	VisitsOverdue     int
	RectifyDue        *time.Time
	ReportDue         *time.Time
	AlertsOpen        int
	AlertsConfirmed   int
	ComplaintsOpen    int
	ComplaintsOverdue int // their clock ran out
	ComplaintsUpheld  int
	Used              bool // ever
}

// RiskLine is a reason with what it counts for.
type RiskLine struct {
	Reason RiskReason
	Count  int
	Weight int
	Points int
}

// Weights are the points that each reason counts, by the tenant's rule; what it does not name counts as the house says.
type Weights map[RiskReason]int

// of is what a reason counts.
func (w Weights) of(r RiskReason, ours int) int {
	if n, said := w[r]; said {
		return n
	}
	return ours
}

// Score is a user's risk from 0 to 100 with the reasons that make it.
func (w Weights) Score(f RiskFacts, today time.Time) (score int, lines []RiskLine) {
	lines = []RiskLine{}
	for _, r := range riskRules {
		n := r.Count(f, today)
		weight := w.of(r.Reason, r.Points)
		if n == 0 || weight == 0 {
			continue
		}
		l := RiskLine{r.Reason, n, weight, min(n, mostCounted) * weight}
		score += l.Points
		lines = append(lines, l)
	}
	return min(max(score, 0), mostRisk), lines
}

func once(is bool) int {
	if is {
		return 1
	}
	return 0
}

// Risk is a user of the mark with its score.
type Risk struct {
	AuthorisationID ID
	RegistrationID  uuid.UUID
	Holder
	Status      Status
	Score       int
	Lines       []RiskLine
	LastVisitOn *time.Time
	NextVisitOn *time.Time // the first that is planned
}
