package recognition

import (
	"time"
)

// Unit is what a period is counted in.
type Unit string

// The units of periods.
const (
	Days        Unit = "day"
	WorkingDays Unit = "working-day"
	Months      Unit = "month"
	Years       Unit = "year"
)

// Units lists all units.
var Units = []Unit{Days, WorkingDays, Months, Years}

// Length is how long a period is.
type Length struct {
	Count int  `json:"count"`
	Unit  Unit `json:"unit"`
}

// The longest period that a procedure or an extension may have; what is longer is a slip of the pen.
const longestCount = 1000

// LastDay says which day of its last month a period of months or years ends on.
type LastDay string

// The last days. Where the month has no such day, its last one.
const (
	SameDate   LastDay = "same-date" // the date of the day from which it runs
	EndOfMonth LastDay = "end-of-month"
)

// LastDays lists all of them.
var LastDays = []LastDay{SameDate, EndOfMonth}

// Pause is a time that does not count: From is the first day, Until the first that counts again; nil: it lasts.
type Pause struct {
	From  time.Time
	Until *time.Time
}

// Reckoning is all that the last day of a period follows from. It knows no clock: the same reckoning has the same end on
// every day and in every house.
//
// The day of the event is not counted. A period of months or years ends on the date that its first day has, and where
// the last month has no such date, on the last day of that month; one that ends on a day that is not worked ends on the
// next that is (Regulation (EEC, Euratom) No 1182/71, Article 3; 民法典 Articles 201 to 203; Common Regulations under the
// Lisbon Agreement and the Geneva Act, Rule 2). Extensions in the unit of the period make it longer, others are counted
// from its end. Days on which it is paused are added.
type Reckoning struct {
	From       time.Time // the day of the event
	Length     Length
	Extensions []Length
	Pauses     []Pause // apart, in order
	Calendar   Calendar
	LastDay    LastDay // zero: SameDate
	Rolls      bool    // a last day that is not worked is moved to the next that is
}

// End is the last day of a period: what is done on it is in time.
type End struct {
	On      *time.Time // nil: it is paused, and nobody knows
	Certain bool       // the calendars of all years that it depends on are known
}

// End reckons the last day.
func (r Reckoning) End() End {
	certain, last := true, r.From
	for _, l := range r.lengths() {
		var known bool
		last, known = r.add(last, l)
		certain = certain && known
	}
	for _, p := range r.Pauses {
		if p.From.After(last) || r.Length.Unit == WorkingDays {
			continue // working days were skipped while counting
		}
		if p.Until == nil {
			return End{Certain: certain}
		}
		last = last.AddDate(0, 0, daysFrom(later(p.From, r.From.AddDate(0, 0, 1)), *p.Until))
	}
	if paused, ok := r.pausedOn(last); r.Length.Unit == WorkingDays && ok && paused.Until == nil {
		return End{Certain: certain}
	}
	if r.Rolls {
		var known bool
		last, known = r.Calendar.NextWorking(last)
		certain = certain && known
	}
	return End{On: &last, Certain: certain}
}

// lengths are the period and its extensions, those in its unit put together: two months and one more are three months
// from the beginning, so that the end of a short month on the way cuts nothing off.
func (r Reckoning) lengths() []Length {
	all := []Length{r.Length}
	for _, e := range r.Extensions {
		if e.Unit == r.Length.Unit {
			all[0].Count += e.Count
		} else {
			all = append(all, e)
		}
	}
	return all
}

func (r Reckoning) add(from time.Time, l Length) (time.Time, bool) {
	switch l.Unit {
	case Years:
		return addMonths(from, 12*l.Count, r.LastDay), true
	case Months:
		return addMonths(from, l.Count, r.LastDay), true
	case WorkingDays:
		return r.addWorking(from, l.Count)
	default:
		return from.AddDate(0, 0, l.Count), true
	}
}

// addWorking counts days that are worked and not paused. A pause that lasts ends the counting on its first day.
func (r Reckoning) addWorking(day time.Time, n int) (time.Time, bool) {
	certain := true
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if p, ok := r.pausedOn(day); ok && r.Length.Unit == WorkingDays {
			if p.Until == nil {
				return day, certain
			}
			continue
		}
		working, known := r.Calendar.Working(day)
		certain = certain && known
		if working {
			n--
		}
	}
	return day, certain
}

func (r Reckoning) pausedOn(day time.Time) (Pause, bool) {
	for _, p := range r.Pauses {
		if !day.Before(p.From) && (p.Until == nil || day.Before(*p.Until)) {
			return p, true
		}
	}
	return Pause{}, false
}

// addMonths goes on by months and never into the month after: 31 January and one month are the last day of February.
func addMonths(day time.Time, n int, last LastDay) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	end := first.AddDate(0, 1, -1).Day()
	if last == EndOfMonth {
		return first.AddDate(0, 0, end-1)
	}
	return first.AddDate(0, 0, min(day.Day(), end)-1)
}

func daysFrom(first, until time.Time) int {
	return max(0, int(until.Sub(first)/(24*time.Hour)))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
