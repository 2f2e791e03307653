package promotion

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Promotions are the verbs.
type Promotions struct {
	db    *tenancy.DB
	reach *exchange.Contacts
	now   func() time.Time
}

// New returns the verbs over db.
func New(db *tenancy.DB, reach *exchange.Contacts, now func() time.Time) *Promotions {
	return &Promotions{db, reach, now}
}

// Create drafts a programme. It returns problem.ErrInvalid with each wrong field.
func (s *Promotions) Create(ctx context.Context, c Content) (p Programme, err error) {
	if err := c.Check(); err != nil {
		return p, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		id, err := insertProgramme(ctx, tx, c, nil, nil)
		if err != nil {
			return err
		}
		if p, err = programmeByID(ctx, tx, id); err != nil {
			return err
		}
		return told(ctx, tx, Programme{ID: id, Status: None}, p, Create, "")
	})
	return p, err
}

// told writes what happened to a programme, for who reads it and for the trail.
func told(ctx context.Context, tx pgx.Tx, before, after Programme, act Act, reason string) error {
	if err := addEvent(ctx, tx, after.ID, Event{Version: after.Version, Act: string(act), From: string(before.Status), To: string(after.Status), Reason: reason}); err != nil {
		return err
	}
	e := audit.Event{Action: "promotion-programme." + string(act), ObjectKind: "promotion-programme", ObjectID: after.ID.String(), After: after}
	if before.Version > 0 {
		e.Before = before
	}
	return audit.Record(ctx, tx, e)
}

// Update replaces version of a call that is not published. It returns ErrFrozen for one that is, lifecycle.ErrNoMove, problem.ErrStale, or
// problem.ErrInvalid with each wrong field.
func (s *Promotions) Update(ctx context.Context, id uuid.UUID, version int, c Content) (Programme, error) {
	return s.change(ctx, id, version, Update, "", func(tx pgx.Tx, p Programme) error {
		check := c.Check
		if p.Mirror != nil {
			check = func() error { return c.shape("").Or() }
		}
		if err := check(); err != nil {
			return err
		}
		return writeCall(ctx, tx, id, c)
	})
}

// Do moves version of a programme along its lifecycle. A cancellation says why.
func (s *Promotions) Do(ctx context.Context, id uuid.UUID, version int, act Act, reason string) (Programme, error) {
	reason = strings.TrimSpace(reason)
	return s.change(ctx, id, version, act, reason, func(tx pgx.Tx, p Programme) error {
		switch act {
		case Review:
			return review(ctx, tx, p)
		case OpenIt:
			return s.open(ctx, tx, p)
		case Close:
			if !over(p.ClosesAt, s.now()) {
				return ErrWindowOpen.With("Closes", p.ClosesAt.Format(time.RFC3339))
			}
		case Decide:
			return publish(ctx, tx, p, s.now())
		case Settle:
			return settle(ctx, tx, p)
		case Cancel:
			if reason == "" {
				return problem.ErrInvalid.At("/reason", codeNone)
			}
		}
		return nil
	})
}

// change does something to version of an own programme that nobody else changes meanwhile, and moves it on.
func (s *Promotions) change(ctx context.Context, id uuid.UUID, version int, act Act, reason string, do func(tx pgx.Tx, p Programme) error) (after Programme, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockProgramme(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		if act == Update && before.PublishedAt != nil {
			return ErrFrozen
		}
		next, err := moves.Next(before.Status, act)
		if err != nil {
			return err
		}
		if err := do(tx, before); err != nil {
			return err
		}
		if err := moveProgramme(ctx, tx, id, next); err != nil {
			return err
		}
		if after, err = programmeByID(ctx, tx, id); err != nil {
			return err
		}
		return told(ctx, tx, before, after, act, reason)
	})
	return after, err
}

// open publishes a call, with the money that there is for it. A window that is over opens nothing.
func (s *Promotions) open(ctx context.Context, tx pgx.Tx, p Programme) error {
	if over(p.ClosesAt, s.now()) {
		return ErrWindowOver.With("Closes", p.ClosesAt.Format(time.RFC3339))
	}
	return publishCall(ctx, tx, p, s.now())
}

// Programme reads one, with what happened to it, its money and its committee where it is the tenant's own.
func (s *Promotions) Programme(ctx context.Context, id uuid.UUID) (p Programme, more Inside, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if p, err = programmeByID(ctx, tx, id); err != nil || !p.Own {
			return err
		}
		more, err = inside(ctx, tx, id)
		return err
	})
	return p, more, err
}

// Inside is what only the keeper sees of a programme.
type Inside struct {
	History   []Event
	Funds     []Fund
	Committee []Member
}

// Programmes lists own programmes and those that are published, the newest change first, and returns the cursor of the next page.
func (s *Promotions) Programmes(ctx context.Context, f ProgrammeFilter, limit int, cursor string) (all []Programme, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listProgrammes(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountProgrammes counts what a filter chooses.
func (s *Promotions) CountProgrammes(ctx context.Context, f ProgrammeFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countProgrammes(ctx, tx, f); return err })
	return n, err
}

// Candidates are the people of the tenant with one of the roles, by name: who may sit on the committee of an own programme.
func (s *Promotions) Candidates(ctx context.Context, id uuid.UUID, roles []string) (all []Member, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		p, err := programmeByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !p.Own {
			return ErrNotFound
		}
		all, err = peopleWith(ctx, tx, roles)
		return err
	})
	return all, err
}

// Appoint says who is on the committee of version of a programme. Who gave a score, or declared a conflict, stays on it. It returns problem.ErrInvalid for
// a person that the tenant does not have.
func (s *Promotions) Appoint(ctx context.Context, id uuid.UUID, version int, people []uuid.UUID) (p Programme, more Inside, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockProgramme(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		if err := appoint(ctx, tx, id, people); err != nil {
			return err
		}
		if err := moveProgramme(ctx, tx, id, before.Status); err != nil {
			return err
		}
		if p, err = programmeByID(ctx, tx, id); err != nil {
			return err
		}
		if err := told(ctx, tx, before, p, "appoint", ""); err != nil {
			return err
		}
		more, err = inside(ctx, tx, id)
		return err
	})
	return p, more, err
}
