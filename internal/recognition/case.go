package recognition

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// CaseID identifies a case.
type CaseID = uuid.UUID

// Problems of cases.
var (
	ErrCaseNotFound = problem.New(problem.NotFound, "recognition-case.not-found")
	// ErrMoved is returned for an act on a version of the file that is no longer the newest; it says what happened since.
	ErrMoved = problem.New(problem.Stale, "recognition-case.moved")
	// ErrOtherSide is returned for an act that is the other side's.
	ErrOtherSide = problem.New(problem.Conflict, "recognition-case.other-side")
	// ErrNoStep is returned for an act that the instrument's procedure does not have.
	ErrNoStep = problem.New(problem.Conflict, "recognition-case.no-step")
	// ErrNotOver is returned when silence is to have an effect while there is still time to speak.
	ErrNotOver = problem.New(problem.Conflict, "recognition-case.not-over")
	// ErrFinal is returned when an act is annulled that made or ended a right, or that another one followed.
	ErrFinal = problem.New(problem.Conflict, "recognition-case.final")
	// ErrIllegalMove is what the database says to a move that is not in its table.
	ErrIllegalMove = postgres.Constraint("case_events_move_fkey", problem.New(problem.Conflict, "recognition-case.illegal-move"))
	// ErrOvertaken is what the database says to the second of two acts on one version.
	ErrOvertaken = postgres.Constraint("case_events_pkey", ErrMoved)

	codeNeed       = problem.Field("recognition-case.needed")
	codeNoPeriod   = problem.Field("recognition-case.no-period")
	codeNoEvent    = problem.Field("recognition-case.no-event")
	codeFuture     = problem.Field("recognition-case.future")
	codeGround     = problem.Field("recognition-case.unknown-ground")
	codeRequired   = problem.Field("recognition-case.document-missing")
	codeExtension  = problem.Field("recognition-case.too-long")
	codeOther      = problem.Field("recognition-case.no-such-office")
	codeProcedure  = problem.Field("recognition-case.no-procedure")
	codeNoDocument = problem.Field("recognition-case.unknown-document")
)

// Case is the way of one name to protection in one market under one instrument (互认案件), as both sides see it. The tenant
// that opened it keeps the file; a side whose office is no tenant of the house is kept by hand.
type Case struct {
	ID             CaseID
	Version        int // the number of the last event
	State          State
	Since          time.Time // day of the event that led there
	Keeper         Party
	Origin         *Party // nil: kept by hand
	Destination    *Party
	Shared         bool // both sides see it: it was proposed
	OriginOffice   string
	Market         Market
	Name           string
	Language       string
	Forms          []Form
	Registration   *Link
	InstrumentID   InstrumentID // of the keeper
	Procedure      int          // version
	InstrumentCode string
	InstrumentName map[string]string
	List           string
	OpenedAt       time.Time
	UpdatedAt      time.Time
}

// Party is a tenant as a side of a case.
type Party struct {
	ID    tenancy.ID
	Slug  string
	Names map[string]string
	Demo  bool
}

// SidesOf are the sides that a tenant acts for: its own, and for the keeper one that no tenant has.
func (c Case) SidesOf(t tenancy.ID) (sides []Side) {
	for _, s := range []struct {
		side  Side
		party *Party
	}{{Origin, c.Origin}, {Destination, c.Destination}} {
		if s.party != nil && s.party.ID == t || s.party == nil && c.Keeper.ID == t {
			sides = append(sides, s.side)
		}
	}
	return sides
}

// Other is the tenant on the other side, the zero ID when there is none.
func (c Case) Other(t tenancy.ID) tenancy.ID {
	for _, p := range []*Party{c.Origin, c.Destination} {
		if p != nil && p.ID != t {
			return p.ID
		}
	}
	return uuid.Nil
}

// Paper is a document as an event names it: its hash is what both sides hold against their copy.
type Paper struct {
	Title      string     `json:"title"`
	Kind       string     `json:"kind,omitempty"` // a word of the procedure
	Language   string     `json:"language,omitempty"`
	SHA256     string     `json:"sha256"`
	DocumentID *uuid.UUID `json:"documentId,omitempty"` // in the store of the tenant that recorded the event
}

// CaseEvent is something that happened in a case. Events are only added; a correction is an event that names the one it
// corrects, and what stands follows from all of them (Standing).
type CaseEvent struct {
	Seq           int
	Act           CaseAct
	From, To      State
	Side          Side
	About         int // the event that it corrects, annuls or resumes after; 0: none
	On            time.Time
	EffectiveOn   *time.Time
	ReceivedOn    *time.Time
	DispatchedOn  *time.Time
	Reference     string // receipt number, gazette, decision number
	NationalCode  string // what the office's own system calls it
	NationalText  map[string]string
	Reason        string
	Grounds       []string
	Documents     []Paper
	Period        string  // of the deadline that is extended or waived
	Length        *Length // of the extension
	List          string  // where it is entered
	Position      string
	Limits        map[string]string
	PhaseOutUntil *time.Time
	RecordedBy    uuid.UUID // an id that only the recorder's own tenant can resolve
	Recorder      Party
	RecordedAt    time.Time
}

// day is the day of the event that a period runs from.
func (e CaseEvent) day(from Runs) *time.Time {
	switch from {
	case FromEffective:
		return e.EffectiveOn
	case FromReceipt:
		return e.ReceivedOn
	case FromDispatch:
		return e.DispatchedOn
	default:
		return &e.On
	}
}

// Standing is what holds of the events: what was annulled is left out, and what was corrected says what its last
// correction says. An annulment that is annulled itself is none.
func Standing(events []CaseEvent) (standing []CaseEvent) {
	void, corrected := map[int]bool{}, map[int]CaseEvent{}
	for _, e := range slices.Backward(events) {
		if e.Act == ActAnnul && !void[e.Seq] {
			void[e.About] = true
		}
	}
	for _, e := range events {
		if e.Act == ActCorrect && !void[e.Seq] {
			corrected[e.About] = e
		}
	}
	for _, e := range events {
		if void[e.Seq] || e.Act == ActAnnul || e.Act == ActCorrect {
			continue
		}
		if c, ok := corrected[e.Seq]; ok {
			e = e.as(c)
		}
		standing = append(standing, e)
	}
	return standing
}

// as is the event with what its correction says: everything but what it did.
func (e CaseEvent) as(c CaseEvent) CaseEvent {
	c.Seq, c.Act, c.From, c.To, c.Side, c.About = e.Seq, e.Act, e.From, e.To, e.Side, e.About
	c.Recorder, c.RecordedBy, c.RecordedAt = e.Recorder, e.RecordedBy, e.RecordedAt
	if len(c.Documents) == 0 {
		c.Documents = e.Documents
	}
	return c
}

// Next is where an act of a side leads in a case with these events under a procedure: the event with From and To. It
// returns ErrOtherSide, ErrNoStep, lifecycle.ErrNoMove, or problem.ErrInvalid when the event that it is about is not there.
func Next(p Procedure, events []CaseEvent, e CaseEvent) (CaseEvent, error) {
	e.Seq, e.From = 1, StateNew
	if n := len(events); n > 0 { // not n+1: the first ones may be the other side's alone
		e.Seq, e.From = events[n-1].Seq+1, events[n-1].To
	}
	if _, err := moves.Next(e.From, e.Act); err != nil {
		return e, err
	}
	if _, ok := p.Step(e.Act); !ok {
		return e, ErrNoStep.With("Act", string(e.Act))
	}
	if !May(e.Side, e.From, e.Act) {
		return e, ErrOtherSide.With("Act", string(e.Act)).With("Side", string(e.Side))
	}
	switch e.Act {
	case ActCorrect:
		e.To = e.From
		return e, aboutOwn(Standing(events), e)
	case ActAnnul:
		return annul(events, e)
	case ActResume:
		return resume(events, e)
	}
	i := slices.IndexFunc(sidedMoves, func(m sided) bool { return m.Side == e.Side && m.From == e.From && m.Act == e.Act })
	e.To = sidedMoves[i].To
	return e, nil
}

// aboutOwn looks for the event that e corrects: one that stands and is of the same side.
func aboutOwn(standing []CaseEvent, e CaseEvent) error {
	i := slices.IndexFunc(standing, func(o CaseEvent) bool { return o.Seq == e.About })
	switch {
	case i < 0:
		return problem.ErrInvalid.At("/about", codeNoEvent)
	case standing[i].Side != e.Side:
		return ErrOtherSide.With("Act", string(e.Act)).With("Side", string(e.Side))
	}
	return nil
}

// annul leads back to where the event that it is about began. Only the last one that stands can be annulled, by the side that recorded it;
// what came later would hang in the air.
func annul(events []CaseEvent, e CaseEvent) (CaseEvent, error) {
	standing := Standing(events)
	if err := aboutOwn(standing, e); err != nil {
		return e, err
	}
	last := standing[len(standing)-1]
	if last.Seq != e.About || slices.Contains(final, last.Act) || last.To != e.From {
		return e, ErrFinal
	}
	e.To = last.From
	return e, nil
}

// resume leads back to where the case was suspended.
func resume(events []CaseEvent, e CaseEvent) (CaseEvent, error) {
	for _, o := range slices.Backward(Standing(events)) {
		if o.Act == ActSuspend {
			e.About, e.To = o.Seq, o.From
			return e, nil
		}
	}
	return e, lifecycle.ErrNoMove.With("Status", string(e.From)).With("Act", string(e.Act))
}

// Check returns problem.ErrInvalid with a detail for each thing that the act needs and the event lacks, or ErrNotOver. The
// day is today where the actor is: what did not happen yet is not recorded.
func (e CaseEvent) Check(p Procedure, events []CaseEvent, today time.Time) error {
	err := problem.ErrInvalid
	err = checkDays(err, []pointedDay{{"/on", &e.On}})
	for _, d := range []pointedDay{{"/effectiveOn", e.EffectiveOn}, {"/receivedOn", e.ReceivedOn}, {"/dispatchedOn", e.DispatchedOn}, {"/phaseOutUntil", e.PhaseOutUntil}} {
		err = checkDays(err, []pointedDay{d})
	}
	for _, d := range []pointedDay{{"/on", &e.On}, {"/receivedOn", e.ReceivedOn}, {"/dispatchedOn", e.DispatchedOn}} {
		if d.day != nil && d.day.After(today) {
			err = err.At(d.pointer, codeFuture)
		}
	}
	for _, act := range e.says(events) {
		for _, n := range ruleOf(act).needs {
			if !e.has(n) && (act == e.Act || n != NeedDocument) {
				err = missingOnce(err, "/"+string(n))
			}
		}
		for _, q := range p.Periods {
			if slices.Contains(q.Starts, act) && e.day(q.From) == nil {
				err = missingOnce(err, "/"+dayFields[q.From])
			}
		}
	}
	err = checkTexts(checkTexts(err, "/limits", e.Limits), "/nationalText", e.NationalText)
	err = e.checkDocuments(err, p)
	for n, g := range e.Grounds {
		of := OfRefusal
		if e.Act == ActOppose {
			of = OfOpposition
		}
		if !p.HasGround(of, g) {
			err = err.At(fmt.Sprintf("/grounds/%d", n), codeGround)
		}
	}
	if err := e.checkPeriod(err, p, events).Or(); err != nil {
		return err
	}
	if slices.Contains(ruleOf(e.Act).needs, NeedSilence) && !silent(p, events, e) {
		return ErrNotOver.With("Act", string(e.Act))
	}
	return nil
}

var dayFields = map[Runs]string{FromEffective: "effectiveOn", FromReceipt: "receivedOn", FromDispatch: "dispatchedOn"}

// says are the acts whose facts the event states: its own, and that of the event that it corrects.
func (e CaseEvent) says(events []CaseEvent) []CaseAct {
	acts := []CaseAct{e.Act}
	for _, o := range events {
		if e.Act == ActCorrect && o.Seq == e.About {
			acts = append(acts, o.Act)
		}
	}
	return acts
}

func missingOnce(err *problem.Error, pointer string) *problem.Error {
	if slices.ContainsFunc(err.Details, func(d problem.Detail) bool { return d.Pointer == pointer }) {
		return err
	}
	return err.At(pointer, codeNeed)
}

// has tells whether what an act needs is there. Silence is asked of the deadlines.
func (e CaseEvent) has(n Need) bool {
	switch n {
	case NeedDocument:
		return len(e.Documents) > 0
	case NeedReference:
		return e.Reference != ""
	case NeedEffective:
		return e.EffectiveOn != nil
	case NeedReceived:
		return e.ReceivedOn != nil
	case NeedReason:
		return e.Reason != ""
	case NeedGrounds:
		return len(e.Grounds) > 0
	case NeedLimits:
		return len(e.Limits) > 0
	case NeedAbout:
		return e.About > 0
	case NeedPeriod:
		return e.Period != ""
	case NeedLength:
		return e.Length != nil
	default:
		return true
	}
}

// checkDocuments asks for what the step requires, in each language.
func (e CaseEvent) checkDocuments(err *problem.Error, p Procedure) *problem.Error {
	step, _ := p.Step(e.Act)
	for _, d := range step.Documents {
		languages := d.Languages
		if len(languages) == 0 {
			languages = []string{""}
		}
		for _, tag := range languages {
			if !slices.ContainsFunc(e.Documents, func(o Paper) bool { return o.Kind == d.Kind && (tag == "" || o.Language == tag) }) {
				err = err.At("/documents", codeRequired, "Kind", d.Kind, "Language", tag)
			}
		}
	}
	return err
}

// checkPeriod holds an extension or waiver against the deadline that it is of.
func (e CaseEvent) checkPeriod(err *problem.Error, p Procedure, events []CaseEvent) *problem.Error {
	if e.Act != ActExtend && e.Act != ActWaive || e.Period == "" {
		return err
	}
	i := slices.IndexFunc(DeadlinesOf(p, events), func(d Deadline) bool { return d.Code == e.Period && d.State == DeadlineOpen })
	if i < 0 {
		return err.At("/period", codeNoPeriod)
	}
	if e.Act == ActWaive || e.Length == nil {
		return err
	}
	d, q := DeadlinesOf(p, events)[i], mustPeriod(p, e.Period)
	total := e.Length.Count
	for _, l := range d.Extensions {
		total += l.Count
	}
	x := q.Extends
	if x == nil || x.By != e.Side || len(d.Extensions) >= x.Times || e.Length.Unit != x.Most.Unit || e.Length.Count < 1 || total > x.Most.Count {
		return err.At("/length", codeExtension)
	}
	return err
}

func mustPeriod(p Procedure, code string) Period {
	q, _ := p.Period(code)
	return q
}
