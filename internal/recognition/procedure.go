package recognition

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Procedure is how names are recognised under an instrument (程序), as data: which acts of a case are its steps, what has
// to come with each, which periods run and what silence means, and on which grounds a name may be opposed or refused. A
// new procedure needs no code. An instrument's procedure has versions, and a case keeps the one that it was opened under.
type Procedure struct {
	Steps     []Step     `json:"steps"`
	Periods   []Period   `json:"periods"`
	Grounds   []Ground   `json:"grounds"`
	Calendars []Calendar `json:"calendars,omitempty"` // of partners, or newer than those that come with the house
}

// Step is an act of the procedure, and the documents that have to come with it beyond what the act itself needs.
type Step struct {
	Act       CaseAct           `json:"act"`
	Titles    map[string]string `json:"titles,omitempty"` // what the instrument calls it
	Documents []Required        `json:"documents,omitempty"`
	Basis     Basis             `json:"basis"`
}

// Required is a document that has to come with a step.
type Required struct {
	Kind      string            `json:"kind"` // a word of the procedure: technical-specification
	Titles    map[string]string `json:"titles,omitempty"`
	Languages []string          `json:"languages,omitempty"` // in each of which it is needed; none: in any
}

// Basis is where a provision of a procedure is found, and whether it was read there. What was not read is a value that the
// parties agreed or assume, and is shown as such.
type Basis struct {
	Citation string `json:"citation,omitempty"`
	URL      string `json:"url,omitempty"`
	Verified bool   `json:"verified"`
}

// Runs says which of an event's days a period runs from.
type Runs string

// The days that periods run from.
const (
	FromEvent     Runs = "event"
	FromEffective Runs = "effective"
	FromReceipt   Runs = "receipt"
	FromDispatch  Runs = "dispatch"
)

// RunsFrom lists them.
var RunsFrom = []Runs{FromEvent, FromEffective, FromReceipt, FromDispatch}

// Period is a time limit of a procedure (期限): what starts it, how long it is, in whose calendar, who has to act in it, what
// meets it, and what it means when nobody does.
type Period struct {
	Code     string            `json:"code"`
	Titles   map[string]string `json:"titles,omitempty"`
	Markets  []Market          `json:"markets,omitempty"` // it runs where the name is to be protected in one of these; none: anywhere
	Starts   []CaseAct         `json:"starts"`
	From     Runs              `json:"from"`
	Length   Length            `json:"length"`
	Calendar string            `json:"calendar"`
	LastDay  LastDay           `json:"lastDay,omitempty"` // zero: SameDate
	Rolls    bool              `json:"rolls"`             // to the next working day
	Side     Side              `json:"side"`              // who has to act
	Ends     []CaseAct         `json:"ends"`              // what meets it
	Silence  CaseAct           `json:"silence,omitempty"` // what is proposed when it is over; zero: nothing follows by itself
	Pauses   bool              `json:"pauses"`            // while the case is suspended
	Extends  *Extension        `json:"extends,omitempty"` // nil: it cannot be extended
	Basis    Basis             `json:"basis"`
}

// Extension says how far a period may be extended.
type Extension struct {
	Times int    `json:"times"`
	Most  Length `json:"most"` // all extensions together; in the unit that extensions have
	By    Side   `json:"by"`   // who grants it
}

// GroundOf says what a ground is for.
type GroundOf string

// What grounds are for.
const (
	OfOpposition GroundOf = "opposition"
	OfRefusal    GroundOf = "refusal"
)

// Ground is a reason for which a name may be opposed or refused.
type Ground struct {
	Code   string            `json:"code"`
	Titles map[string]string `json:"titles,omitempty"`
	Of     []GroundOf        `json:"of"`
	Basis  Basis             `json:"basis"`
}

// Template is an instrument and its procedure that come with the house, to begin from. Parties and sources that nobody
// checked are left out, and a tenant that takes it over answers for it.
type Template struct {
	Instrument InstrumentContent `json:"instrument"`
	Procedure  Procedure         `json:"procedure"`
}

// Templates lists those that come with the house.
var Templates = load[Template]("procedures")

// Codes of wrong fields of procedures.
var (
	codeAct      = problem.Field("procedure.unknown-act")
	codeNoStep   = problem.Field("procedure.no-step")
	codeLength   = problem.Field("procedure.bad-length")
	codeCalendar = problem.Field("procedure.unknown-calendar")
	codeDeadEnd  = problem.Field("procedure.dead-end")
)

// In is the procedure as it runs in a market.
func (p Procedure) In(m Market) Procedure {
	p.Periods = slices.DeleteFunc(slices.Clone(p.Periods), func(q Period) bool { return len(q.Markets) > 0 && !slices.Contains(q.Markets, m) })
	return p
}

// Step is the step of an act; ok tells whether the act is one of the procedure, or of every file.
func (p Procedure) Step(act CaseAct) (s Step, ok bool) {
	if i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Act == act }); i >= 0 {
		return p.Steps[i], true
	}
	i := slices.IndexFunc(rules, func(r rule) bool { return r.act == act })
	return Step{Act: act}, i >= 0 && rules[i].always
}

// Calendar is the calendar of a code: the procedure's own, or the one that comes with the house.
func (p Procedure) Calendar(code string) (Calendar, bool) {
	if i := slices.IndexFunc(p.Calendars, func(c Calendar) bool { return c.Code == code }); i >= 0 {
		return p.Calendars[i], true
	}
	c, ok := Calendars[code]
	return c, ok
}

// CalendarCodes are the codes of the calendars that come with the house.
func CalendarCodes() []string { return slices.Sorted(maps.Keys(Calendars)) }

// Period is the period of a code.
func (p Procedure) Period(code string) (Period, bool) {
	i := slices.IndexFunc(p.Periods, func(q Period) bool { return q.Code == code })
	if i < 0 {
		return Period{}, false
	}
	return p.Periods[i], true
}

// HasGround tells whether a name may be opposed or refused for a reason. A procedure without grounds of the sort takes any.
func (p Procedure) HasGround(of GroundOf, code string) bool {
	any := false
	for _, g := range p.Grounds {
		if slices.Contains(g.Of, of) {
			any = true
			if g.Code == code {
				return true
			}
		}
	}
	return !any
}

// Check returns problem.ErrInvalid with a detail for each wrong field.
func (p Procedure) Check() error {
	err := problem.ErrInvalid
	for n, s := range p.Steps {
		at := fmt.Sprintf("/steps/%d", n)
		i := slices.IndexFunc(rules, func(r rule) bool { return r.act == s.Act })
		switch {
		case i < 0 || s.Act == ActOpen:
			err = err.At(at+"/act", codeAct, "Act", string(s.Act))
		case slices.IndexFunc(p.Steps, func(o Step) bool { return o.Act == s.Act }) != n:
			err = err.At(at+"/act", codeDouble)
		}
		err = checkTexts(err, at+"/titles", s.Titles)
		for m, d := range s.Documents {
			err = checkTexts(err, fmt.Sprintf("%s/documents/%d/titles", at, m), d.Titles)
			for k, tag := range d.Languages {
				if _, bad := language.Parse(tag); bad != nil {
					err = err.At(fmt.Sprintf("%s/documents/%d/languages/%d", at, m, k), codeLanguage)
				}
			}
		}
	}
	for n, c := range p.Calendars {
		at := fmt.Sprintf("/calendars/%d", n)
		err = c.check(err, at)
		if slices.IndexFunc(p.Calendars, func(o Calendar) bool { return o.Code == c.Code }) != n {
			err = err.At(at+"/code", codeDouble)
		}
	}
	for n, q := range p.Periods {
		at := fmt.Sprintf("/periods/%d", n)
		if slices.IndexFunc(p.Periods, func(o Period) bool { return o.Code == q.Code }) != n {
			err = err.At(at+"/code", codeDouble)
		}
		err = p.checkPeriod(err, at, q)
	}
	for n, g := range p.Grounds {
		if slices.IndexFunc(p.Grounds, func(o Ground) bool { return o.Code == g.Code }) != n {
			err = err.At(fmt.Sprintf("/grounds/%d/code", n), codeDouble)
		}
		err = checkTexts(err, fmt.Sprintf("/grounds/%d/titles", n), g.Titles)
	}
	if err.Or() == nil && !p.leadsTo(StateProtected) {
		err = err.At("/steps", codeDeadEnd)
	}
	return err.Or()
}

func (p Procedure) checkPeriod(err *problem.Error, at string, q Period) *problem.Error {
	err = checkTexts(err, at+"/titles", q.Titles)
	for n, m := range q.Markets {
		if _, ok := ParseMarket(string(m)); !ok {
			err = err.At(fmt.Sprintf("%s/markets/%d", at, n), codeMarket, "Code", string(m))
		}
	}
	for _, acts := range []struct {
		at  string
		all []CaseAct
	}{{at + "/starts", q.Starts}, {at + "/ends", q.Ends}} {
		for n, a := range acts.all {
			if _, ok := p.Step(a); !ok {
				err = err.At(fmt.Sprintf("%s/%d", acts.at, n), codeNoStep, "Act", string(a))
			}
		}
	}
	if q.Silence != "" {
		if _, ok := p.Step(q.Silence); !ok || !slices.Contains(ruleOf(q.Silence).needs, NeedSilence) {
			err = err.At(at+"/silence", codeNoStep, "Act", string(q.Silence))
		}
	}
	err = checkLength(err, at+"/length", q.Length)
	if e := q.Extends; e != nil {
		err = checkLength(err, at+"/extends/most", e.Most)
	}
	if _, ok := p.Calendar(q.Calendar); !ok {
		err = err.At(at+"/calendar", codeCalendar, "Code", q.Calendar)
	}
	return err
}

func checkLength(err *problem.Error, at string, l Length) *problem.Error {
	if l.Count < 1 || l.Count > longestCount || !slices.Contains(Units, l.Unit) {
		err = err.At(at, codeLength)
	}
	return err
}

// leadsTo tells whether the steps of the procedure lead from a new case to a state.
func (p Procedure) leadsTo(goal State) bool {
	reached := []State{StateNew}
	for i := 0; i < len(reached); i++ {
		for _, m := range moves {
			if _, ok := p.Step(m.Act); ok && m.From == reached[i] && m.Act != ActAnnul && m.Act != ActResume && !slices.Contains(reached, m.To) {
				reached = append(reached, m.To)
			}
		}
	}
	return slices.Contains(reached, goal)
}
