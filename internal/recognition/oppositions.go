package recognition

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Oppositions are the verbs of oppositions: of the office that decides, of the other side, and of opponents (opposition_filing.go).
type Oppositions struct {
	db    *tenancy.DB
	cases *Cases
	docs  *document.Documents
	now   func() time.Time
}

// NewOppositions returns the verbs over db; what opponents hand in is kept by docs.
func NewOppositions(db *tenancy.DB, cases *Cases, docs *document.Documents, now func() time.Time) *Oppositions {
	return &Oppositions{db, cases, docs, now}
}

// List lists the oppositions that the tenant sees, newest first.
func (s *Oppositions) List(ctx context.Context, f OppositionFilter, limit int, cursor string) (found []Opposition, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		found, next, err = listOppositions(ctx, tx, f, limit, cursor)
		return err
	})
	return found, next, err
}

// mostOppositions are shown of a case.
const mostOppositions = 200

// OfCase lists the oppositions to a case that the tenant is a side of, newest first.
func (s *Oppositions) OfCase(ctx context.Context, id CaseID) (found []Opposition, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := CaseByID(ctx, tx, id); err != nil {
			return err
		}
		found, _, err = listOppositions(ctx, tx, OppositionFilter{CaseID: &id}, mostOppositions, "")
		return err
	})
	return found, err
}

// Read reads an opposition.
func (s *Oppositions) Read(ctx context.Context, id OppositionID) (o Opposition, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		o, err = oppositionByID(ctx, tx, id)
		return err
	})
	return o, err
}

// Register enters an opposition that came on paper on a day. It returns ErrClosed after the last day, or problem.ErrInvalid.
func (s *Oppositions) Register(ctx context.Context, id CaseID, on time.Time, f Filing) (o Opposition, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := CaseByID(ctx, tx, id); err != nil {
			return err
		}
		me, today, err := ownTenant(ctx, tx, s.now())
		if err != nil {
			return err
		}
		n, err := noticeByID(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case n.Office.ID != me.ID:
			return ErrNotOffice
		case on.After(today):
			return problem.ErrInvalid.At("/receivedOn", codeFuture)
		case !n.Open || n.EndsOn != nil && on.After(*n.EndsOn):
			return ErrClosed
		}
		made, err := begin(ctx, tx, n, uuid.Nil, s.now())
		if err != nil {
			return err
		}
		if o, err = lockOpposition(ctx, tx, made); err != nil {
			return err
		}
		o, err = file(ctx, tx, o, n, f, on, &me.ID)
		return err
	})
	return o, err
}

// file makes a begun opposition a filed one: it gets its number and its receipt's day.
func file(ctx context.Context, tx pgx.Tx, o Opposition, n Notice, f Filing, on time.Time, recorder *uuid.UUID) (Opposition, error) {
	if err := f.Check(n.Grounds); err != nil {
		return o, err
	}
	next, err := oppositionMoves.Next(o.State, OppositionFile)
	if err != nil {
		return o, err
	}
	count, err := nextOpposition(ctx, tx, on.Year())
	if err != nil {
		return o, err
	}
	o.State, o.Number, o.Opponent, o.Capacity, o.Language, o.ReceivedOn, o.ExpiresAt = next, fmt.Sprintf("OP-%d-%05d", on.Year(), count), f.Opponent, f.Capacity, f.Language, &on, nil
	var said []OppositionEntry
	for _, g := range f.Grounds {
		said = append(said, OppositionEntry{Kind: EntryGround, Side: OfOpponent, Ground: g.Ground, Text: g.Text, On: on})
	}
	if err := insertContact(ctx, tx, o.ID, f); err != nil {
		return o, err
	}
	if err := moveOpposition(ctx, tx, o, said, recorder); err != nil {
		return o, err
	}
	return trail(ctx, tx, o, OppositionFile)
}

// trail leaves the audit event of an act, and reads the opposition anew. It never holds what was said: that is in the file.
func trail(ctx context.Context, tx pgx.Tx, o Opposition, act OppositionAct) (Opposition, error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return o, err
	}
	e := audit.Event{Action: "opposition." + string(act), ObjectKind: "opposition", ObjectID: o.ID.String(), After: map[string]any{"number": o.Number, "case": o.CaseID, "state": o.State}}
	if o.Shared && o.Origin != nil {
		e.OtherParty = *o.Origin
		if scope.Tenant == *o.Origin {
			e.OtherParty = o.Office.ID
		}
	}
	if err := exchange.Across(ctx, tx, e); err != nil {
		return o, err
	}
	return writtenOpposition(ctx, tx, o.ID)
}

// Said is what comes with an act of an office or of the other side.
type Said struct {
	On        time.Time
	Text      string // the reason, the minutes
	Grounds   []OnGround
	Documents []Paper
}

// Do does an act of the office, or of the other side, on version of an opposition: admit, which is the act oppose of the
// case; reject; answer, which is the act counter of the case where it can be; hear; decide; withdraw, on a letter of the
// opponent. It returns problem.ErrStale, lifecycle.ErrNoMove, ErrNotOffice, what the case's act returns, or problem.ErrInvalid.
func (s *Oppositions) Do(ctx context.Context, id OppositionID, version int, act OppositionAct, said Said) (o Opposition, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if o, err = oppositionByID(ctx, tx, id); err != nil {
			return err
		}
		// The case first: whoever acts on it locks it before its oppositions.
		f, err := s.cases.file(ctx, tx, o.CaseID, lockCase)
		if err != nil {
			return err
		}
		if o, err = lockOpposition(ctx, tx, id); err != nil {
			return err
		}
		if o.Version != version {
			return problem.ErrStale
		}
		if said.On.After(f.Today) {
			return problem.ErrInvalid.At("/on", codeFuture)
		}
		entries, err := entriesOf(o, f.Me.ID, act, said)
		if err != nil {
			return err
		}
		if err := papers(ctx, tx, f.ID, said.Documents); err != nil {
			return err
		}
		if o.State, err = oppositionMoves.Next(o.State, act); err != nil {
			return err
		}
		if act == OppositionAdmit {
			o.Shared = true
		}
		if err := s.inCase(ctx, tx, f, o, act, said); err != nil {
			return err
		}
		if err := moveOpposition(ctx, tx, o, entries, &f.Me.ID); err != nil {
			return err
		}
		o, err = trail(ctx, tx, o, act)
		return err
	})
	return o, err
}

// entriesOf are the entries of an act, which it checks.
func entriesOf(o Opposition, me uuid.UUID, act OppositionAct, said Said) (entries []OppositionEntry, err error) {
	if _, err := oppositionMoves.Next(o.State, act); err != nil {
		return nil, err
	}
	if !slices.Contains(o.Possible(me), act) {
		return nil, ErrNotOffice
	}
	side, kind, each := Speaker(Destination), EntryNote, false
	switch act {
	case OppositionAnswer:
		side, kind, each = Speaker(Origin), EntryAnswer, true
	case OppositionDecide:
		kind, each = EntryDecision, true
	case OppositionHear:
		kind = EntryHearing
	}
	if !each {
		if said.Text == "" && act != OppositionAdmit {
			return nil, problem.ErrInvalid.At("/text", codeNeed)
		}
		return []OppositionEntry{{Kind: kind, Side: side, Text: said.Text, Documents: said.Documents, On: said.On}}, nil
	}
	if err := o.checkEach(said.Grounds, act == OppositionDecide); err != nil {
		return nil, err
	}
	for n, g := range said.Grounds {
		e := OppositionEntry{Kind: kind, Side: side, Ground: g.Ground, Text: g.Text, Outcome: g.Outcome, On: said.On}
		if n == 0 {
			e.Documents = said.Documents
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// inCase does what an act in an opposition is in the case: its admission opposes the case, an answer counters it.
func (s *Oppositions) inCase(ctx context.Context, tx pgx.Tx, f File, o Opposition, act OppositionAct, said Said) error {
	e := CaseEvent{Side: Destination, Act: ActOppose, On: said.On, ReceivedOn: o.ReceivedOn, Reference: o.Number, Grounds: o.grounds(), Documents: said.Documents}
	content := any(o.Said(EntryGround))
	switch act {
	case OppositionAdmit:
	case OppositionAnswer:
		if _, ok := f.Procedure.Step(ActCounter); !ok || !May(Origin, f.State, ActCounter) {
			return nil // the sides negotiate, or the procedure has no such step; what was said is in the opposition
		}
		e.Side, e.Act, e.ReceivedOn, e.Grounds, content = Origin, ActCounter, nil, nil, said.Grounds
	default:
		return nil
	}
	// What was said is the document: the reasoned statement, the counter-statement.
	kinds := []string{""}
	if step, _ := f.Procedure.Step(e.Act); len(step.Documents) > 0 {
		kinds = nil
		for _, d := range step.Documents {
			kinds = append(kinds, d.Kind)
		}
	}
	for _, kind := range kinds {
		p, err := paper(o.Number, kind, o.Language, content)
		if err != nil {
			return err
		}
		e.Documents = append(e.Documents, p)
	}
	for _, said := range o.Said(EntryEvidence) {
		for _, p := range said.Documents {
			e.Documents = append(e.Documents, Paper{Title: p.Title, SHA256: p.SHA256})
		}
	}
	_, err := s.cases.act(ctx, tx, f, e)
	return err
}

// heard holds an act of a case against its oppositions: what waits for a decision keeps them from being dismissed and
// the case from being cleared, an upheld one from being dismissed; a settlement ends them.
func heard(ctx context.Context, tx pgx.Tx, f File, e CaseEvent) error {
	if !slices.Contains([]CaseAct{ActDismiss, ActClear, ActSettle}, e.Act) || !slices.Contains(f.Sides, Destination) {
		return nil
	}
	filed, admitted, upheld, err := openOppositions(ctx, tx, f.ID)
	switch {
	case err != nil:
		return err
	case filed > 0, admitted > 0 && e.Act != ActSettle:
		return ErrUndecided.With("Count", filed+admitted)
	case upheld > 0 && e.Act == ActDismiss:
		return ErrUpheld
	case admitted > 0:
		return settleOppositions(ctx, tx, f, e)
	}
	return nil
}

func settleOppositions(ctx context.Context, tx pgx.Tx, f File, e CaseEvent) error {
	rows, _ := tx.Query(ctx, `select id from app.oppositions where case_id = $1 and state = 'admitted' order by id limit $2`, f.ID, mostEvents)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[OppositionID])
	if err != nil {
		return err
	}
	for _, id := range ids {
		o, err := lockOpposition(ctx, tx, id)
		if err != nil {
			return err
		}
		if o.State, err = oppositionMoves.Next(o.State, OppositionSettle); err != nil {
			return err
		}
		said := []OppositionEntry{{Kind: EntryNote, Side: Speaker(Destination), Text: e.Reason, On: e.On}}
		if err := moveOpposition(ctx, tx, o, said, &f.Me.ID); err != nil {
			return err
		}
		if _, err := trail(ctx, tx, o, OppositionSettle); err != nil {
			return err
		}
	}
	return nil
}
