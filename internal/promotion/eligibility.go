package promotion

import (
	"time"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
)

// Asked is something that a call may ask of an applicant.
type Asked string

// What is asked.
const (
	AskedMark        Asked = "mark"        // it may use the special mark
	AskedUsage       Asked = "usage"       // it puts marks on goods
	AskedInspection  Asked = "inspection"  // it was inspected
	AskedDues        Asked = "dues"        // it owes its association nothing that is overdue
	AskedEnforcement Asked = "enforcement" // no measure is open against it
)

// Verdict is what is known of it.
type Verdict string

// The verdicts. What nobody told the reader is unknown, never unmet.
const (
	Met     Verdict = "met"
	Unmet   Verdict = "unmet"
	Unknown Verdict = "unknown"
)

// Finding is what is known of something that is asked, and why.
type Finding struct {
	Asked   Asked
	Verdict Verdict
	Reason  string     // a word of promotion.eligibility
	Source  string     // who said so
	On      *time.Time // since when, or when last
}

// usedWithin is how long ago a mark may have been put on goods to count as used.
const usedWithin = 365 * 24 * time.Hour

// Known is what a reader may know of an applicant: what is published of its mark, and what the reader itself keeps.
type Known struct {
	Marks    []Use
	Standing members.Standing // of its dues, where the reader is its association; empty: it is not
}

// Use is a use of the special mark.
type Use struct {
	Status  marks.Status
	Source  string     // who publishes it
	On      *time.Time // since when, or when it ended
	Kept    bool       // by the reader itself, which so knows of its use
	LastUse *time.Time
	Visit   *marks.Visit // the last one that was paid, where the reader keeps it
}

// worth says which use of several answers: one in force before one that is to be put right, and what ended last.
var worth = map[marks.Status]int{marks.Active: 4, marks.Rectifying: 3, marks.Abnormal: 2, marks.Ended: 1}

// Eligibility says of each thing that is asked what is known of it on a day. It is advice: nobody is refused by it.
func Eligibility(k Known, today time.Time) []Finding {
	var best Use
	for _, u := range k.Marks {
		if worth[u.Status] > worth[best.Status] {
			best = u
		}
	}
	return []Finding{markFinding(best), usageFinding(k.Marks, today), inspectionFinding(k.Marks), duesFinding(k.Standing), measureFinding(best)}
}

func markFinding(u Use) Finding {
	f := Finding{Asked: AskedMark, Verdict: Unmet, Reason: "mark-" + string(u.Status), Source: u.Source, On: u.On}
	switch u.Status {
	case marks.Active:
		f.Verdict = Met
	case marks.Rectifying, marks.Abnormal, marks.Ended:
	default:
		return Finding{Asked: AskedMark, Verdict: Unknown, Reason: "mark-unpublished"}
	}
	return f
}

// usageFinding is of who keeps the mark: of use, nothing is published.
func usageFinding(all []Use, today time.Time) Finding {
	f := Finding{Asked: AskedUsage, Verdict: Unknown, Reason: "usage-untold"}
	for _, u := range all {
		switch {
		case !u.Kept || !u.Status.InForce():
		case u.LastUse == nil:
			if f.On == nil {
				f = Finding{Asked: AskedUsage, Verdict: Unmet, Reason: "usage-never", Source: u.Source}
			}
		case f.On == nil || u.LastUse.After(*f.On):
			f = Finding{Asked: AskedUsage, Verdict: Met, Reason: "usage-recent", Source: u.Source, On: u.LastUse}
			if today.Sub(*u.LastUse) > usedWithin {
				f.Verdict, f.Reason = Unmet, "usage-old"
			}
		}
	}
	return f
}

// inspectionFinding is of who keeps the mark, too: the last visit says how it is.
func inspectionFinding(all []Use) Finding {
	f := Finding{Asked: AskedInspection, Verdict: Unknown, Reason: "inspection-untold"}
	for _, u := range all {
		if u.Visit == nil || f.On != nil && !u.Visit.VisitedOn.After(*f.On) {
			continue
		}
		f = Finding{Asked: AskedInspection, Verdict: Met, Reason: "inspection-" + string(u.Visit.Outcome), Source: u.Source, On: u.Visit.VisitedOn}
		if u.Visit.Outcome == marks.VisitFailed {
			f.Verdict = Unmet
		}
	}
	return f
}

func duesFinding(s members.Standing) Finding {
	switch s {
	case members.GoodStanding:
		return Finding{Asked: AskedDues, Verdict: Met, Reason: "dues-good"}
	case members.DueStanding:
		return Finding{Asked: AskedDues, Verdict: Met, Reason: "dues-due"}
	case members.OverdueStanding:
		return Finding{Asked: AskedDues, Verdict: Unmet, Reason: "dues-overdue"}
	}
	return Finding{Asked: AskedDues, Verdict: Unknown, Reason: "dues-untold"}
}

// measureFinding reads measures from what is published of the mark: who is to put something right, or is listed as abnormal, has one open.
func measureFinding(u Use) Finding {
	switch u.Status {
	case marks.Active:
		return Finding{Asked: AskedEnforcement, Verdict: Met, Reason: "enforcement-none", Source: u.Source}
	case marks.Rectifying, marks.Abnormal:
		return Finding{Asked: AskedEnforcement, Verdict: Unmet, Reason: "enforcement-open", Source: u.Source, On: u.On}
	}
	return Finding{Asked: AskedEnforcement, Verdict: Unknown, Reason: "enforcement-untold"}
}
