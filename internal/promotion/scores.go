package promotion

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Give records what the person of ctx says of a submitted application: points, an abstention, or a conflict of interest. Points can be given anew until
// the results are published; a conflict stays, and removes what the person gave from the ranking. It returns ErrNotMember, ErrConflict, or
// problem.ErrInvalid.
func (s *Promotions) Give(ctx context.Context, v Score) (made Score, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return made, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		a, err := toDecide(ctx, tx, v.ApplicationID)
		if err != nil {
			return err
		}
		p, err := lockProgramme(ctx, tx, a.ProgrammeID)
		if err != nil {
			return err
		}
		if !p.Status.selecting() {
			return ErrSelected
		}
		if err := v.Check(p.Content); err != nil {
			return err
		}
		v.ProgrammeID, v.PersonID = p.ID, scope.Actor
		if err := mayScore(ctx, tx, v); err != nil {
			return err
		}
		if v.Stand == Conflict {
			err = declare(ctx, tx, v)
		} else {
			err = give(ctx, tx, v)
		}
		if err != nil {
			return err
		}
		if made, err = scoreOf(ctx, tx, a.ID, scope.Actor); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "promotion-score.give", ObjectKind: "promotion-application", ObjectID: a.ID.String(), After: made})
	})
	return made, err
}

// toDecide reads an application to an own programme that is there to be weighed.
func toDecide(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Application, error) {
	a, err := applicationByID(ctx, tx, id)
	if err != nil {
		return a, err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return a, err
	}
	if a.Keeper != scope.Tenant {
		return a, ErrApplicationNotFound
	}
	if a.Stage != Submitted && a.Stage != Returned {
		return a, ErrNotSubmitted
	}
	return a, nil
}

// mayScore refuses who is not on the committee, and who declared a conflict.
func mayScore(ctx context.Context, tx pgx.Tx, v Score) error {
	members, err := committee(ctx, tx, v.ProgrammeID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(members, func(m Member) bool { return m.PersonID == v.PersonID }) {
		return ErrNotMember
	}
	declared, err := conflicted(ctx, tx, v.ApplicationID, v.PersonID)
	if err != nil {
		return err
	}
	if declared && v.Stand == Conflict {
		return ErrDeclared
	}
	if declared {
		return ErrConflict
	}
	return nil
}

// Scores lists what members of the committee said, the newest first, and returns the cursor of the next page.
func (s *Promotions) Scores(ctx context.Context, f ScoreFilter, limit int, cursor string) (all []Score, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listScores(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountScores counts what a filter chooses.
func (s *Promotions) CountScores(ctx context.Context, f ScoreFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countScores(ctx, tx, f); return err })
	return n, err
}

// Ranking is the order of an own programme's applications as it is now.
func (s *Promotions) Ranking(ctx context.Context, programme uuid.UUID) (p Programme, all []Ranked, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if p, err = programmeByID(ctx, tx, programme); err != nil {
			return err
		}
		if !p.Own {
			return ErrNotFound
		}
		all, err = ranking(ctx, tx, p)
		return err
	})
	return p, all, err
}

func ranking(ctx context.Context, tx pgx.Tx, p Programme) ([]Ranked, error) {
	entries, err := entriesOf(ctx, tx, p.ID)
	return Rank(entries, p.Content.Criteria), err
}

// ErrNotSubmitted is returned for weighing what is not submitted, or was withdrawn.
var ErrNotSubmitted = problem.New(problem.Conflict, "promotion-application.not-submitted")
