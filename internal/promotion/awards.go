package promotion

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
)

// Award decides on an application to a call that is closed, or decides anew until the results are published. Money that is awarded is
// committed at once, source by source; the amount is written in the currency of the call, and empty for a rejection. It returns ErrTooEarly, ErrBudget, ErrPlaces, ErrAboveRules, or problem.ErrInvalid.
func (s *Promotions) Award(ctx context.Context, d Decision, amount string) (w Award, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		a, err := toDecide(ctx, tx, d.ApplicationID)
		if err != nil {
			return err
		}
		d.Amount, _ = ParseMoney(amount, a.Call.Currency) // what is none is nothing, which Check refuses
		if err := d.Check(); err != nil {
			return err
		}
		p, err := lockProgramme(ctx, tx, a.ProgrammeID)
		if err != nil {
			return err
		}
		if err := decidable(ctx, tx, p, a.ID); err != nil {
			return err
		}
		if d.Amount > a.Reckoned.Support {
			return ErrAboveRules.With("Most", a.Reckoned.Support.In(a.Call.Currency))
		}
		ranked, err := ranking(ctx, tx, p)
		if err != nil {
			return err
		}
		var position int
		for _, r := range ranked {
			if r.ApplicationID == a.ID {
				position = r.Position
			}
		}
		if w, err = decide(ctx, tx, p, a, d, position, s.now()); err != nil {
			return err
		}
		return awarded(ctx, tx, w, "decide")
	})
	return w, err
}

// decidable tells whether an application can be decided on: while the selection goes on, and afterwards when an objection was upheld.
func decidable(ctx context.Context, tx pgx.Tx, p Programme, application uuid.UUID) error {
	if p.Status == Closed {
		return nil
	}
	if p.Status.paying() {
		upheld, err := objectionUpheld(ctx, tx, application)
		if err != nil || upheld {
			return err
		}
	}
	return ErrTooEarly
}

// decide writes a decision over what was decided before, with what it promises.
func decide(ctx context.Context, tx pgx.Tx, p Programme, a Application, d Decision, position int, at time.Time) (w Award, err error) {
	id, err := putAward(ctx, tx, a, d, position, at)
	if err != nil {
		return w, err
	}
	if err := release(ctx, tx, p.ID, id, d.Reason); err != nil {
		return w, err
	}
	if d.Outcome == Awarded {
		if err := commit(ctx, tx, p.ID, id, d.Amount, a.Call.Currency, d.Reason); err != nil {
			return w, err
		}
	}
	if err := countPlaces(ctx, tx, p.ID); err != nil {
		return w, err
	}
	if p.Status.paying() { // an upheld objection: it is published at once
		if err := showAward(ctx, tx, id, at); err != nil {
			return w, err
		}
	}
	return awardByID(ctx, tx, id)
}

// commit promises an amount from what is left, or returns ErrBudget.
func commit(ctx context.Context, tx pgx.Tx, programme, award uuid.UUID, amount Money, in Currency, reason string) error {
	all, err := funds(ctx, tx, programme)
	if err != nil {
		return err
	}
	parts, ok := draw(all, amount)
	if !ok {
		return ErrBudget.With("Left", left(all).In(in))
	}
	return addCommitments(ctx, tx, programme, award, parts, reason)
}

func awarded(ctx context.Context, tx pgx.Tx, w Award, act string) error {
	e := w.event(act)
	if w.PublishedAt == nil { // the applicant does not see it yet
		return audit.Record(ctx, tx, e)
	}
	return exchange.Across(ctx, tx, e)
}

func (w Award) event(act string) audit.Event {
	return audit.Event{Action: "promotion-award." + act, ObjectKind: "promotion-award", ObjectID: w.ID.String(), OtherParty: w.Applicant.ID,
		After: map[string]any{"application": w.ApplicationID, "outcome": w.Outcome, "position": w.Position, "amount": w.Amount.In(w.Currency), "reason": w.Reason}}
}

// Advance frees what was promised to applicants who withdrew, and lets those who wait move up in their order, as far as places and
// money reach. Nobody overtakes one whose amount does not fit. It returns the awards that changed.
func (s *Promotions) Advance(ctx context.Context, programme uuid.UUID) (changed []Award, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		p, err := lockProgramme(ctx, tx, programme)
		if err != nil {
			return err
		}
		if !p.Status.paying() {
			return ErrTooEarly
		}
		gone, err := takeBack(ctx, tx, p)
		if err != nil {
			return err
		}
		up, err := s.moveUp(ctx, tx, p)
		if err != nil {
			return err
		}
		for _, id := range append(gone, up...) {
			w, err := awardByID(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := awarded(ctx, tx, w, "advance"); err != nil {
				return err
			}
			changed = append(changed, w)
		}
		return nil
	})
	return changed, err
}

// SweepName and SweepEvery say how those who wait move up by themselves.
const (
	SweepName  = "promotion-advance"
	SweepEvery = 10 * time.Minute
)

// Tend goes on with the tenant's programmes in which somebody withdrew. It may be done as often as one likes.
func (s *Promotions) Tend(ctx context.Context) error {
	var left []uuid.UUID
	err := s.db.Read(ctx, func(tx pgx.Tx) (err error) { left, err = leftProgrammes(ctx, tx); return err })
	for _, id := range left {
		_, advanced := s.Advance(ctx, id)
		err = errors.Join(err, advanced)
	}
	return err
}

// takeBack ends the awards of who withdrew.
func takeBack(ctx context.Context, tx pgx.Tx, p Programme) (gone []uuid.UUID, err error) {
	if gone, err = withdrawnAwards(ctx, tx, p.ID); err != nil {
		return nil, err
	}
	for _, id := range gone {
		if err := release(ctx, tx, p.ID, id, string(TakenBack)); err != nil {
			return nil, err
		}
		if err := setOutcome(ctx, tx, id, TakenBack); err != nil {
			return nil, err
		}
	}
	return gone, countPlaces(ctx, tx, p.ID)
}

// moveUp awards those who wait.
func (s *Promotions) moveUp(ctx context.Context, tx pgx.Tx, p Programme) (up []uuid.UUID, err error) {
	waiting, err := waitingList(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		taken, err := placesTaken(ctx, tx, p.ID)
		if err != nil {
			return nil, err
		}
		all, err := funds(ctx, tx, p.ID)
		if err != nil {
			return nil, err
		}
		parts, ok := draw(all, w.Amount)
		if taken >= p.Content.Places || !ok {
			return up, nil
		}
		if err := setOutcome(ctx, tx, w.ID, Awarded); err != nil {
			return nil, err
		}
		if err := addCommitments(ctx, tx, p.ID, w.ID, parts, string(Waiting)); err != nil {
			return nil, err
		}
		if err := countPlaces(ctx, tx, p.ID); err != nil {
			return nil, err
		}
		up = append(up, w.ID)
	}
	return up, nil
}

// ReadAward reads a decision.
func (s *Promotions) ReadAward(ctx context.Context, id uuid.UUID) (w Award, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { w, err = awardByID(ctx, tx, id); return err })
	return w, err
}

// Awards lists decisions, the newest first, and returns the cursor of the next page.
func (s *Promotions) Awards(ctx context.Context, f AwardFilter, limit int, cursor string) (all []Award, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listAwards(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountAwards counts what a filter chooses.
func (s *Promotions) CountAwards(ctx context.Context, f AwardFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countAwards(ctx, tx, f); return err })
	return n, err
}
