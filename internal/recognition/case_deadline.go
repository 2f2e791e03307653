package recognition

import (
	"slices"
	"time"
)

// DeadlineState is what came of a deadline.
type DeadlineState string

// The states of deadlines. That an open one is overdue depends on the day on which it is asked.
const (
	DeadlineOpen   DeadlineState = "open"
	DeadlineMet    DeadlineState = "met"
	DeadlineMissed DeadlineState = "missed" // what was due came late
	DeadlineOver   DeadlineState = "over"   // nobody acted, and its silence took effect
	DeadlineWaived DeadlineState = "waived"
	DeadlineVoid   DeadlineState = "void" // the case went on so that nothing is due any more
)

// DeadlineStates lists all of them.
var DeadlineStates = []DeadlineState{DeadlineOpen, DeadlineMet, DeadlineMissed, DeadlineOver, DeadlineWaived, DeadlineVoid}

// Deadline is a period of the procedure that runs, or ran, in a case. It follows from the events and is reckoned anew from
// all of them whenever one is added: a corrected start moves every end that hangs on it.
type Deadline struct {
	Code       string
	Side       Side // who has to act
	Start      int  // the event that it runs from
	StartsOn   time.Time
	EndsOn     *time.Time // the last day; nil: it is paused
	Certain    bool       // see End
	Length     Length
	Extensions []Length
	Calendar   string
	Silence    CaseAct
	State      DeadlineState
	By         int // the event that met it or ended it otherwise
	Verified   bool
}

// Overdue tells whether it is open on a day after its last.
func (d Deadline) Overdue(today time.Time) bool {
	return d.State == DeadlineOpen && d.EndsOn != nil && today.After(*d.EndsOn)
}

// DeadlinesOf are the deadlines that follow from the events of a case under a procedure, in the order in which they began.
func DeadlinesOf(p Procedure, events []CaseEvent) (all []Deadline) {
	standing := Standing(events)
	pauses := pausesOf(standing)
	end := func(d *Deadline) {
		q := mustPeriod(p, d.Code)
		c, _ := p.Calendar(q.Calendar)
		r := Reckoning{From: d.StartsOn, Length: q.Length, Extensions: d.Extensions, Calendar: c, LastDay: q.LastDay, Rolls: q.Rolls}
		if q.Pauses {
			r.Pauses = pauses
		}
		e := r.End()
		d.EndsOn, d.Certain = e.On, e.Certain
	}
	for _, e := range standing {
		for i := range all {
			if all[i].State == DeadlineOpen {
				end(&all[i])
				all[i].hear(p, e)
			}
		}
		for _, q := range p.Periods {
			if day := e.day(q.From); slices.Contains(q.Starts, e.Act) && day != nil {
				all = append(all, Deadline{Code: q.Code, Side: q.Side, Start: e.Seq, StartsOn: *day, Length: q.Length, Calendar: q.Calendar,
					Silence: q.Silence, State: DeadlineOpen, Verified: q.Basis.Verified})
			}
		}
	}
	for i := range all {
		end(&all[i])
	}
	return all
}

// hear says what an event means to a deadline that is open.
func (d *Deadline) hear(p Procedure, e CaseEvent) {
	q := mustPeriod(p, d.Code)
	came := e.On
	if e.ReceivedOn != nil {
		came = *e.ReceivedOn
	}
	switch {
	case e.Act == ActExtend && e.Period == d.Code && e.Length != nil:
		d.Extensions = append(d.Extensions, *e.Length)
	case e.Act == ActWaive && e.Period == d.Code:
		d.State, d.By = DeadlineWaived, e.Seq
	case slices.Contains(q.Ends, e.Act) && (d.EndsOn == nil || !came.After(*d.EndsOn)):
		d.State, d.By = DeadlineMet, e.Seq
	case slices.Contains(q.Ends, e.Act):
		d.State, d.By = DeadlineMissed, e.Seq
	case e.Act == q.Silence:
		d.State, d.By = DeadlineOver, e.Seq
	case e.To != e.From && (e.To.InForce() && !e.From.InForce() && e.From != StateSuspended || e.To == StateRefused || e.To.Terminal()):
		d.State, d.By = DeadlineVoid, e.Seq
	}
}

// pausesOf are the times in which the case was suspended.
func pausesOf(standing []CaseEvent) (pauses []Pause) {
	for _, e := range standing {
		switch n := len(pauses); {
		case e.Act == ActSuspend:
			pauses = append(pauses, Pause{From: e.On})
		case n > 0 && pauses[n-1].Until == nil && e.From == StateSuspended:
			pauses[n-1].Until = &e.On
		}
	}
	return pauses
}

// silent tells whether silence has the effect of an event: a deadline whose silence it is was over on the event's day.
func silent(p Procedure, events []CaseEvent, e CaseEvent) bool {
	return slices.ContainsFunc(DeadlinesOf(p, events), func(d Deadline) bool { return d.Silence == e.Act && d.Overdue(e.On) })
}

// Proposal is what silence would mean in a case: a deadline is over, and an officer has to say whether the act is so.
type Proposal struct {
	Act      CaseAct
	Deadline Deadline
}

// ProposalsOn are the acts that clocks propose on a day. They are not stored: nothing follows from a clock alone, and
// nothing has to run for a proposal to be there.
func ProposalsOn(p Procedure, events []CaseEvent, today time.Time) (all []Proposal) {
	if len(events) == 0 {
		return nil
	}
	now := events[len(events)-1].To
	for _, d := range DeadlinesOf(p, events) {
		if _, err := moves.Next(now, d.Silence); err == nil && d.Overdue(today) {
			all = append(all, Proposal{d.Silence, d})
		}
	}
	return all
}

// Expected are the steps of the procedure that a side may do in a state: what is awaited from whom.
func Expected(p Procedure, state State, side Side) []CaseAct {
	acts := []CaseAct{}
	for _, a := range moves.Allowed(state) {
		if _, ok := p.Step(a); ok && !ruleOf(a).always && May(side, state, a) {
			acts = append(acts, a)
		}
	}
	return acts
}

// Possible are all acts that a side may do after these events on a day. What silence means is among them when it is over.
func Possible(p Procedure, events []CaseEvent, side Side, today time.Time) []CaseAct {
	acts := []CaseAct{}
	if len(events) == 0 {
		return acts
	}
	now := events[len(events)-1].To
	standing, deadlines := Standing(events), DeadlinesOf(p, events)
	last := standing[len(standing)-1]
	open := func(d Deadline) bool { return d.State == DeadlineOpen }
	for _, a := range moves.Allowed(now) {
		_, step := p.Step(a)
		switch {
		case !step || !May(side, now, a):
		case slices.Contains(ruleOf(a).needs, NeedSilence) && !silent(p, events, CaseEvent{Act: a, On: today}):
		case a == ActWaive && !slices.ContainsFunc(deadlines, open):
		case a == ActExtend && !slices.ContainsFunc(deadlines, func(d Deadline) bool {
			x := mustPeriod(p, d.Code).Extends
			return open(d) && x != nil && x.By == side && len(d.Extensions) < x.Times
		}):
		case a == ActCorrect && !slices.ContainsFunc(standing, func(e CaseEvent) bool { return e.Side == side }):
		case a == ActAnnul && (last.Side != side || slices.Contains(final, last.Act) || last.To != now):
		default:
			acts = append(acts, a)
		}
	}
	return acts
}
