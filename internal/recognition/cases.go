package recognition

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Cases are the verbs of recognition cases.
type Cases struct {
	db  *tenancy.DB
	now func() time.Time
}

// NewCases returns the verbs over db.
func NewCases(db *tenancy.DB, now func() time.Time) *Cases { return &Cases{db, now} }

// File is a case as one of its sides reads it.
type File struct {
	Case
	Instrument InstrumentContent // as it was when the case was opened
	Procedure  Procedure         // as it runs in the case's market
	Events     []CaseEvent
	Me         Party
	Sides      []Side    // that the reader acts for
	Today      time.Time // where the reader is
	Behind     bool      // the reader's own register does not say what the case says
}

// Deadlines are what is or was due in the case.
func (f File) Deadlines() []Deadline { return DeadlinesOf(f.Procedure, f.Events) }

// Possible are the acts that the reader's side may do now; `register` is one of them while its register is behind.
func (f File) Possible() (acts []CaseAct) {
	for _, side := range f.Sides {
		for _, a := range Possible(f.Procedure, f.Events, side, f.Today) {
			if !slices.Contains(acts, a) {
				acts = append(acts, a)
			}
		}
	}
	if f.Behind {
		acts = append(acts, "register")
	}
	return acts
}

// Opening is what a case is opened with.
type Opening struct {
	Case
	Side  Side   // of the tenant that opens it
	Other string // slug of the tenant on the other side; empty: that side is kept by hand
	On    time.Time
}

// Open opens a case. It returns problem.ErrInvalid with each wrong field.
func (s *Cases) Open(ctx context.Context, o Opening) (f File, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		id, err := s.open(ctx, tx, o)
		if err != nil {
			return err
		}
		f, err = s.file(ctx, tx, id, CaseByID)
		return err
	})
	return f, err
}

func (s *Cases) open(ctx context.Context, tx pgx.Tx, o Opening) (id CaseID, err error) {
	me, today, err := ownTenant(ctx, tx, s.now())
	if err != nil {
		return id, err
	}
	c, p, err := prepare(ctx, tx, o, me)
	if err != nil {
		return id, err
	}
	e := CaseEvent{Act: ActOpen, Side: o.Side, On: o.On}
	if e, err = Next(p, nil, e); err != nil {
		return id, err
	}
	if err := e.Check(p, nil, today); err != nil {
		return id, err
	}
	c.State, c.Version, c.Since, c.Shared, c.Keeper = e.To, e.Seq, e.On, slices.Contains(shared, e.To), me
	if c.ID, err = insertCase(ctx, tx, c, e); err != nil {
		return id, err
	}
	return c.ID, write(ctx, tx, c, p, nil, e, me)
}

// prepare fills in what a new case refers to and checks it.
func prepare(ctx context.Context, tx pgx.Tx, o Opening, me Party) (Case, Procedure, error) {
	c, wrong := o.Case, problem.ErrInvalid
	wrong = checkForm(wrong, "", c.Name, c.Language)
	for n, f := range c.Forms {
		wrong = checkForm(wrong, fmt.Sprintf("/forms/%d", n), f.Text, f.Language)
	}
	i, err := InstrumentByID(ctx, tx, c.InstrumentID)
	if errors.Is(err, ErrInstrumentNotFound) {
		return c, Procedure{}, wrong.At("/instrumentId", codeInstrument)
	}
	if err != nil {
		return c, Procedure{}, err
	}
	for _, m := range []struct {
		at   string
		code Market
	}{{"/originOffice", Market(c.OriginOffice)}, {"/market", c.Market}} {
		if !slices.ContainsFunc(m.code.Within(), func(w Market) bool { return slices.Contains(i.Parties, string(w)) }) {
			wrong = wrong.At(m.at, codeNoParty)
		}
	}
	if c.List != "" && !i.HasList(c.List) {
		wrong = wrong.At("/list", codeListed)
	}
	p, _, version, err := procedureOf(ctx, tx, i.ID, 0)
	if errors.Is(err, ErrNoProcedure) {
		wrong = wrong.At("/instrumentId", codeProcedure)
	} else if err != nil {
		return c, p, err
	}
	c.Procedure = version
	own, other, office := &c.Origin, &c.Destination, string(c.Market)
	if o.Side == Destination {
		own, other, office = &c.Destination, &c.Origin, c.OriginOffice
	}
	*own = &me
	if o.Other != "" {
		them, err := officeTenant(ctx, tx, o.Other, office)
		if errors.Is(err, pgx.ErrNoRows) {
			wrong = wrong.At("/other", codeOther)
		} else if err != nil {
			return c, p, err
		}
		*other = &them
	}
	if c.Registration != nil {
		ok, err := published(ctx, tx, *c.Registration)
		if err != nil {
			return c, p, err
		}
		if !ok {
			wrong = wrong.At("/registration/recordId", codeRegistration)
		}
	}
	return c, p.In(c.Market), wrong.Or()
}

// Read reads a case.
func (s *Cases) Read(ctx context.Context, id CaseID) (f File, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		f, err = s.file(ctx, tx, id, CaseByID)
		return err
	})
	return f, err
}

// List lists cases, newest first, with the reader's tenant.
func (s *Cases) List(ctx context.Context, f CaseFilter, overdue bool, limit int, cursor string) (found []Case, me Party, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		var today time.Time
		if me, today, err = ownTenant(ctx, tx, s.now()); err != nil {
			return err
		}
		if overdue {
			f.OverdueOn = &today
		}
		found, next, err = listCases(ctx, tx, f, limit, cursor)
		return err
	})
	return found, me, next, err
}

// Due lists deadlines over all cases, the next last day first, and says what day it is.
func (s *Cases) Due(ctx context.Context, f DueFilter, limit int, cursor string) (found []Due, today time.Time, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, today, err = ownTenant(ctx, tx, s.now()); err != nil {
			return err
		}
		found, next, err = listDue(ctx, tx, f, limit, cursor)
		return err
	})
	return found, today, next, err
}

// Suppose answers what the deadlines of a case would be after an act, which is not recorded. It returns what Do would but
// for what has to come with the act.
func (s *Cases) Suppose(ctx context.Context, id CaseID, e CaseEvent) (f File, err error) {
	if f, err = s.Read(ctx, id); err != nil {
		return f, err
	}
	for _, side := range append(slices.Clone(f.Sides), Sides...) { // what if they answer: either side's
		e.Side = side
		next, bad := Next(f.Procedure, f.Events, e)
		if err = bad; err == nil {
			f.Events = append(f.Events, next)
			f.State, f.Version = next.To, next.Seq
			return f, nil
		}
	}
	return f, err
}

// Do records an act of the tenant's side on version of a case. It returns ErrMoved when something happened since,
// lifecycle.ErrNoMove, ErrOtherSide, ErrNoStep, ErrNotOver, ErrFinal, ErrUndecided, ErrUpheld, or problem.ErrInvalid with
// what is missing.
func (s *Cases) Do(ctx context.Context, id CaseID, version int, e CaseEvent) (f File, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if f, err = s.file(ctx, tx, id, lockCase); err != nil {
			return err
		}
		if f.Version != version {
			last := f.Events[len(f.Events)-1]
			return ErrMoved.With("Seq", last.Seq).With("Act", string(last.Act)).With("By", last.Recorder.Slug)
		}
		if err := heard(ctx, tx, f, e); err != nil {
			return err
		}
		f, err = s.act(ctx, tx, f, e)
		return err
	})
	return f, err
}

// act records an act on a case that the caller has locked.
func (s *Cases) act(ctx context.Context, tx pgx.Tx, f File, e CaseEvent) (File, error) {
	var err error
	e.Side = f.sideFor(e)
	if e, err = Next(f.Procedure, f.Events, e); err != nil {
		return f, err
	}
	if err := papers(ctx, tx, f.ID, e.Documents); err != nil {
		return f, err
	}
	if e.List != "" && !slices.ContainsFunc(f.Instrument.Lists, func(l List) bool { return l.Code == e.List }) {
		return f, problem.ErrInvalid.At("/list", codeListed)
	}
	if err := e.Check(f.Procedure, f.Events, f.Today); err != nil {
		return f, err
	}
	c := f.Case
	if e.To != e.From {
		c.State, c.Since = e.To, e.On
	}
	c.Version, c.Shared = e.Seq, c.Shared || slices.Contains(shared, e.To)
	if err := write(ctx, tx, c, f.Procedure, f.Events, e, f.Me); err != nil {
		return f, err
	}
	if err := moveCase(ctx, tx, c); err != nil {
		return f, err
	}
	if f, err = s.file(ctx, tx, c.ID, CaseByID); err != nil {
		return f, err
	}
	if err := compareAgain(ctx, tx, f); err != nil || !f.Behind || !slices.Contains(f.Sides, Destination) {
		return f, err
	}
	if err := enter(ctx, tx, f); err != nil {
		return f, err
	}
	f.Behind = false
	return f, nil
}

// Register brings the tenant's own register in line with a case: it enters, corrects or ends the recognitions that the case led to.
// The side that grants protection need not ask; the other may keep it, too, and either does so after an act of the other side.
func (s *Cases) Register(ctx context.Context, id CaseID) (f File, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if f, err = s.file(ctx, tx, id, lockCase); err != nil {
			return err
		}
		f.Behind = false
		return enter(ctx, tx, f)
	})
	return f, err
}

// sideFor is the side that an act is done for: the one named, else the one of the reader's whose act it can be.
func (f File) sideFor(e CaseEvent) Side {
	if slices.Contains(f.Sides, e.Side) {
		return e.Side
	}
	for _, side := range f.Sides {
		if May(side, f.State, e.Act) {
			return side
		}
	}
	return f.Sides[0]
}

// file reads all of a case; by is CaseByID, or lockCase for a change.
func (s *Cases) file(ctx context.Context, tx pgx.Tx, id CaseID, by func(context.Context, pgx.Tx, CaseID) (Case, error)) (f File, err error) {
	if f.Case, err = by(ctx, tx, id); err != nil {
		return f, err
	}
	if f.Me, f.Today, err = ownTenant(ctx, tx, s.now()); err != nil {
		return f, err
	}
	f.Sides = f.SidesOf(f.Me.ID)
	if f.Procedure, f.Instrument, _, err = procedureOf(ctx, tx, f.InstrumentID, f.Case.Procedure); err != nil {
		return f, err
	}
	f.Procedure = f.Procedure.In(f.Market)
	if f.Events, err = eventsOf(ctx, tx, f.Case); err != nil {
		return f, err
	}
	f.Behind, err = behind(ctx, tx, f)
	return f, err
}

// write adds an event to a case, reckons its deadlines anew and leaves the trail. Both sides see the event itself.
func write(ctx context.Context, tx pgx.Tx, c Case, p Procedure, before []CaseEvent, e CaseEvent, me Party) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	e.Recorder, e.RecordedBy = me, scope.Actor
	if err := insertEvent(ctx, tx, c, e); err != nil {
		return err
	}
	if err := keepPapers(ctx, tx, c, e); err != nil {
		return err
	}
	events := append(slices.Clone(before), e)
	if err := saveDeadlines(ctx, tx, c, DeadlinesOf(p, events)); err != nil {
		return err
	}
	if err := saveNotice(ctx, tx, c, p, events); err != nil {
		return err
	}
	return exchange.Across(ctx, tx, audit.Event{Action: "recognition-case." + string(e.Act), ObjectKind: "recognition-case", ObjectID: c.ID.String(), OtherParty: otherParty(c, me),
		After: map[string]any{"event": e.Seq, "from": e.From, "to": e.To, "on": e.On.Format(time.DateOnly)}})
}

// papers looks up the documents of the tenant's own store that an event names: their hashes are taken from there. One that the
// tenant put to the case is named by its hash, too, and then goes with the event.
func papers(ctx context.Context, tx pgx.Tx, c CaseID, all []Paper) error {
	wrong := problem.ErrInvalid
	for n, p := range all {
		at := fmt.Sprintf("/documents/%d", n)
		if p.DocumentID == nil && p.SHA256 != "" {
			found, err := attachedBy(ctx, tx, c, p.SHA256)
			if err != nil {
				return err
			}
			p.DocumentID, all[n].DocumentID = found, found
		}
		if p.DocumentID == nil {
			if p.SHA256 == "" {
				wrong = wrong.At(at+"/sha256", codeNeed)
			}
			continue
		}
		d, err := document.ByID(ctx, tx, *p.DocumentID)
		if errors.Is(err, document.ErrNotFound) {
			wrong = wrong.At(at+"/documentId", codeNoDocument)
			continue
		}
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(d.Versions, func(v document.Version) bool { return v.Number == d.Number }); i >= 0 {
			all[n].SHA256 = d.Versions[i].SHA256
		} else {
			wrong = wrong.At(at+"/documentId", codeNoDocument)
		}
	}
	return wrong.Or()
}
