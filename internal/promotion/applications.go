package promotion

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Apply begins an application to a call that is open. It returns ErrNotFound, ErrNotOpen, ErrWindowOver or ErrSecond.
func (s *Promotions) Apply(ctx context.Context, programme uuid.UUID, f Form) (a Application, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		p, err := programmeByID(ctx, tx, programme)
		if err != nil {
			return err
		}
		if err := p.takes(s.now()); err != nil {
			return err
		}
		id, err := insertApplication(ctx, tx, p, f.masking(f.contact().Masked()))
		if err != nil {
			return err
		}
		if _, err := s.reach.Keep(ctx, tx, id, p.Keeper.ID, f.contact()); err != nil {
			return err
		}
		a, err = stepped(ctx, tx, id, NoStage, Apply, "")
		return err
	})
	return a, err
}

// stepped reads an application after a step and tells what happened.
func stepped(ctx context.Context, tx pgx.Tx, id uuid.UUID, from Stage, step Step, reason string) (Application, error) {
	a, err := applicationByID(ctx, tx, id)
	if err != nil {
		return a, err
	}
	if err := addEvent(ctx, tx, id, Event{Version: a.Version, Act: string(step), From: string(from), To: string(a.Stage), Reason: reason}); err != nil {
		return a, err
	}
	e := audit.Event{Action: "promotion-application." + string(step), ObjectKind: "promotion-application", ObjectID: id.String(), OtherParty: a.other(),
		After: map[string]any{"stage": a.Stage, "number": a.Number, "form": a.Form, "asked": a.Asked}}
	if a.Number == "" { // the keeper does not see it yet
		return a, audit.Record(ctx, tx, e)
	}
	return a, exchange.Across(ctx, tx, e)
}

// other is the other side than the reader's.
func (a Application) other() uuid.UUID {
	if a.Own {
		return a.Keeper
	}
	return a.Applicant.ID
}

// step does something to version of an application that nobody else changes meanwhile, and moves it on.
func (s *Promotions) step(ctx context.Context, id uuid.UUID, version int, step Step, reason string, do func(tx pgx.Tx, a Application, to Stage) error) (after Application, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockApplication(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		to, err := steps.Next(before.Stage, step)
		if err != nil {
			return err
		}
		if err := do(tx, before, to); err != nil {
			return err
		}
		after, err = stepped(ctx, tx, id, before.Stage, step, reason)
		return err
	})
	return after, err
}

// Fill saves version of a form as far as it is filled. It returns ErrCompletionOver or ErrWindowOver when it cannot be submitted any more.
func (s *Promotions) Fill(ctx context.Context, id uuid.UUID, version int, f Form) (Application, error) {
	return s.step(ctx, id, version, Fill, "", func(tx pgx.Tx, a Application, _ Stage) error {
		if _, err := s.inTime(ctx, tx, a); err != nil {
			return err
		}
		masked, err := s.reach.Keep(ctx, tx, id, a.Keeper, f.contact())
		if err != nil {
			return err
		}
		return fill(ctx, tx, id, f.masking(masked))
	})
}

// Reveal shows how the applicant of an application that the reader may know is reached, to whoever says for what; the trail keeps who saw
// it, when and why. It returns exchange.ErrNoContact.
func (s *Promotions) Reveal(ctx context.Context, id uuid.UUID, purpose string) (c exchange.Contact, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		a, err := applicationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if c, err = s.reach.Open(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "promotion-application.reveal", ObjectKind: "promotion-application", ObjectID: id.String(), OtherParty: a.other(), After: map[string]any{"purpose": purpose}})
	})
	return c, err
}

// inTime tells whether an application that is not submitted can be, or why not.
func (s *Promotions) inTime(ctx context.Context, tx pgx.Tx, a Application) (Programme, error) {
	p, err := programmeByID(ctx, tx, a.ProgrammeID)
	switch {
	case err != nil:
		return p, err
	case !a.Own: // another's is submitted, and has no form to fill
		return p, ErrApplicationNotFound
	case a.Stage == Returned:
		return p, a.completing(s.now())
	default:
		return p, p.takes(s.now())
	}
}

// Submit hands version of an application in. It gets its number, and the keeper sees it. It returns problem.ErrInvalid with what is missing,
// ErrWindowOver a second after the last one, or ErrCompletionOver.
func (s *Promotions) Submit(ctx context.Context, id uuid.UUID, version int) (Application, error) {
	return s.step(ctx, id, version, Submit, "", func(tx pgx.Tx, a Application, _ Stage) error {
		p, err := s.inTime(ctx, tx, a)
		if err != nil {
			return err
		}
		// Today is the day that it is first anywhere.
		if err := a.Form.complete(p.Content, s.now().UTC().Add(14*time.Hour)); err != nil {
			return err
		}
		if err := known(ctx, tx, "/papers", a.Form.Papers); err != nil {
			return err
		}
		if a.Number == "" {
			a.Number = number(s.now())
		}
		if err := file(ctx, tx, id, a.Keeper, a.Form.Papers); err != nil {
			return err
		}
		return submit(ctx, tx, a, Reckon(a.Form.Costs, p.Content.Currency, p.Content.Rules), s.now())
	})
}

// number is the number of an application. It is drawn, not counted: before a call is over nobody learns how many applied.
func number(at time.Time) string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%d-%s", at.UTC().Year(), base32.HexEncoding.EncodeToString(b[:]))
}

// Withdraw takes version of an application back. What was promised is freed when the keeper goes on with the programme. It returns ErrPaidOut
// when money was paid for it, and ErrSettled when the programme is.
func (s *Promotions) Withdraw(ctx context.Context, id uuid.UUID, version int, reason string) (Application, error) {
	reason = strings.TrimSpace(reason)
	return s.step(ctx, id, version, Withdraw, reason, func(tx pgx.Tx, a Application, to Stage) error {
		if !a.Own {
			return ErrApplicationNotFound
		}
		if a.Call.Status == Settled {
			return ErrSettled
		}
		paid, err := paidFor(ctx, tx, id)
		if err != nil {
			return err
		}
		if paid {
			return ErrPaidOut
		}
		return moveApplication(ctx, tx, id, to)
	})
}

// Return gives version of a submitted application back for completion, with a list of what is missing, until an instant. It returns
// problem.ErrInvalid with each wrong field.
func (s *Promotions) Return(ctx context.Context, id uuid.UUID, version int, asked []string, until time.Time) (Application, error) {
	return s.step(ctx, id, version, Return, strings.Join(asked, "\n"), func(tx pgx.Tx, a Application, _ Stage) error {
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		if a.Keeper != scope.Tenant {
			return ErrApplicationNotFound
		}
		if err := s.askable(asked, until); err != nil {
			return err
		}
		if !a.Call.Status.selecting() {
			return ErrSelected
		}
		return giveBack(ctx, tx, id, asked, until, scope.ActorName)
	})
}

// askable collects what is wrong with what is asked for.
func (s *Promotions) askable(asked []string, until time.Time) error {
	wrong := problem.ErrInvalid
	for i, a := range asked {
		if strings.TrimSpace(a) == "" {
			wrong = wrong.At(fmt.Sprintf("/asked/%d", i), codeNeeded)
		}
	}
	if !until.After(s.now()) {
		wrong = wrong.At("/until", codeUntil)
	}
	return wrong.Or()
}

// Application reads one, and what happened to it.
func (s *Promotions) Application(ctx context.Context, id uuid.UUID) (a Application, history []Event, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if a, err = applicationByID(ctx, tx, id); err != nil {
			return err
		}
		history, err = events(ctx, tx, id)
		return err
	})
	return a, history, err
}

// Applications lists own applications and those to own programmes, the newest change first, and returns the cursor of the next page.
func (s *Promotions) Applications(ctx context.Context, f ApplicationFilter, limit int, cursor string) (all []Application, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listApplications(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountApplications counts what a filter chooses.
func (s *Promotions) CountApplications(ctx context.Context, f ApplicationFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countApplications(ctx, tx, f); return err })
	return n, err
}
