package marks

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Applications are the verbs of both sides of an application.
type Applications struct {
	db     *tenancy.DB
	docs   *document.Documents
	reach  *exchange.Contacts
	member Membership
	now    func() time.Time
}

// NewApplications returns the verbs over db.
func NewApplications(db *tenancy.DB, docs *document.Documents, reach *exchange.Contacts, member Membership, now func() time.Time) *Applications {
	return &Applications{db, docs, reach, member, now}
}

// published is a registration as the reader sees it: who keeps it, how it is called, and whether it holds.
func published(ctx context.Context, tx pgx.Tx, id uuid.UUID) (keeper exchange.Publisher, product string, holds bool, err error) {
	found, _, err := exchange.List(ctx, tx, exchange.Filter{Kind: "registration", RecordID: &id}, 1, "")
	if err != nil {
		return keeper, "", false, err
	}
	if len(found) == 0 {
		return keeper, "", false, ErrProduct
	}
	raw, _ := found[0].Content.(json.RawMessage)
	var c registry.Content
	var s struct{ Status registry.Status }
	if err := json.Unmarshal(raw, &c); err != nil {
		return keeper, "", false, fmt.Errorf("publication %s: %w", found[0].ID, err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return keeper, "", false, fmt.Errorf("publication %s: %w", found[0].ID, err)
	}
	return found[0].Publisher, c.Title(), s.Status == "" || s.Status == registry.Registered, nil
}

// Begin saves a draft for the mark of a registration that is published.
func (s *Applications) Begin(ctx context.Context, registration uuid.UUID, f Form) (a Application, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		keeper, product, _, err := published(ctx, tx, registration)
		if err != nil {
			return err
		}
		var by Event
		signed(ctx, &by)
		contact := exchange.Contact{Phone: f.Phone}
		f.Phone = contact.Masked().Phone
		id, err := insertApplication(ctx, tx, Application{Keeper: keeper, RegistrationID: registration, Product: product, Form: f, CreatedName: by.RecordedName})
		if err != nil {
			return err
		}
		if _, err := s.reach.Keep(ctx, tx, id, keeper.ID, contact); err != nil {
			return err
		}
		a, err = stepped(ctx, tx, id, StepCreate)
		return err
	})
	return a, err
}

// stepped reads an application after a step and tells what happened.
func stepped(ctx context.Context, tx pgx.Tx, id uuid.UUID, step Step) (Application, error) {
	a, err := applicationByID(ctx, tx, id)
	if err != nil {
		return a, err
	}
	e := audit.Event{Action: "mark-application." + string(step), ObjectKind: "mark-application", ObjectID: id.String(), OtherParty: a.other(), After: a}
	if a.Number == "" { // the keeper does not see it yet
		return a, audit.Record(ctx, tx, e)
	}
	return a, exchange.Across(ctx, tx, e)
}

// other is the other side than the reader's.
func (a Application) other() uuid.UUID {
	if a.Own {
		return a.Keeper.ID
	}
	return a.Applicant.ID
}

// step does something to version of an application that nobody else changes meanwhile.
func (s *Applications) step(ctx context.Context, id uuid.UUID, version int, step Step, own bool, do func(tx pgx.Tx, a *Application) error) (after Application, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		a, err := lockApplication(ctx, tx, id)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		if own && !a.Own || !own && a.Keeper.ID != scope.Tenant {
			return ErrApplicationNotFound
		}
		if a.Version != version {
			return problem.ErrStale
		}
		if a.Stage, err = steps.Next(a.Stage, step); err != nil {
			return err
		}
		if err := do(tx, &a); err != nil {
			return err
		}
		save := saveKept
		if own {
			save = saveOwn
		}
		if err := save(ctx, tx, a); err != nil {
			return err
		}
		after, err = stepped(ctx, tx, id, step)
		return err
	})
	return after, err
}

// Fill saves version of a form as far as it is filled.
func (s *Applications) Fill(ctx context.Context, id uuid.UUID, version int, f Form) (Application, error) {
	return s.step(ctx, id, version, StepUpdate, true, func(tx pgx.Tx, a *Application) error {
		masked, err := s.reach.Keep(ctx, tx, id, a.Keeper.ID, exchange.Contact{Phone: f.Phone})
		a.Form, a.Form.Phone = f, masked.Phone
		return err
	})
}

// Reveal shows how an applicant is reached to whoever says for what; the trail keeps who saw it, when and why. It returns
// exchange.ErrNoContact.
func (s *Applications) Reveal(ctx context.Context, id uuid.UUID, purpose string) (c exchange.Contact, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		a, err := applicationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if c, err = s.reach.Open(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-application.reveal", ObjectKind: "mark-application", ObjectID: id.String(), OtherParty: a.other(), After: map[string]any{"purpose": purpose}})
	})
	return c, err
}

// Submit hands version of an application in, with what was checked. It gets its number, and the keeper sees it. It returns
// problem.ErrInvalid with what is missing.
func (s *Applications) Submit(ctx context.Context, id uuid.UUID, version int) (Application, error) {
	return s.step(ctx, id, version, StepSubmit, true, func(tx pgx.Tx, a *Application) error {
		if err := a.Form.complete(); err != nil {
			return err
		}
		k := Known{Association: a.Applicant.Kind == tenancy.Association}
		var err error
		if _, _, k.Registered, err = published(ctx, tx, a.RegistrationID); err != nil {
			return err
		}
		if k.Association {
			member, err := s.member(ctx, tx, a.Form.code())
			if err != nil {
				return err
			}
			k.Member = &member
		}
		a.Checks = a.Form.Eligible(k)
		if err := handIn(ctx, tx, *a); err != nil {
			return err
		}
		if a.Number == "" {
			a.Number, a.SubmittedAt = applicationNumber(s.now()), new(s.now())
		}
		return nil
	})
}

// applicationNumber is drawn, not counted: nobody learns how many applied.
func applicationNumber(at time.Time) string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("M%d-%s", at.UTC().Year(), base32.HexEncoding.EncodeToString(b[:]))
}

// Withdraw takes version of an application back that is not examined yet.
func (s *Applications) Withdraw(ctx context.Context, id uuid.UUID, version int) (Application, error) {
	return s.step(ctx, id, version, StepWithdraw, true, func(pgx.Tx, *Application) error { return nil })
}

// Appeal appeals against a refusal, until the day that it named. It returns ErrAppealOver after it.
func (s *Applications) Appeal(ctx context.Context, id uuid.UUID, version int, reason string) (Application, error) {
	return s.step(ctx, id, version, StepAppeal, true, func(_ pgx.Tx, a *Application) error {
		if a.Appeal = strings.TrimSpace(reason); a.Appeal == "" {
			return problem.ErrInvalid.At("/reason", codeNeeded)
		}
		if over(a.AppealUntil, s.now()) {
			return ErrAppealOver
		}
		return nil
	})
}

// Return gives version of a submitted application back for completion, with a list of what is missing, until a day.
func (s *Applications) Return(ctx context.Context, id uuid.UUID, version int, asked []string, until time.Time) (Application, error) {
	return s.step(ctx, id, version, StepReturn, false, func(_ pgx.Tx, a *Application) error {
		var by Event
		signed(ctx, &by)
		a.Asked, a.CompleteUntil, a.DecidedName = asked, &until, by.RecordedName
		return askable(asked, until, s.now().UTC().Truncate(24*time.Hour))
	})
}

// Take begins the examination: the application becomes an authorisation of the keeper, which goes its way; the application follows it.
func (s *Applications) Take(ctx context.Context, id uuid.UUID, version int) (Application, error) {
	return s.step(ctx, id, version, StepTake, false, func(tx pgx.Tx, a *Application) error {
		h := a.Form.holder()
		if err := h.Check(); err != nil {
			return err
		}
		made, err := enterApplication(ctx, tx, a.RegistrationID, h, Event{Act: Apply, HappenedOn: a.SubmittedAt.UTC().Truncate(24 * time.Hour), Reference: a.Number})
		if err != nil {
			return err
		}
		a.AuthorisationID, a.Progress, a.DecidedName = &made.ID, made.Status, ""
		return nil
	})
}

// Application reads one.
func (s *Applications) Application(ctx context.Context, id uuid.UUID) (a Application, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { a, err = applicationByID(ctx, tx, id); return err })
	return a, err
}

// List is a page of applications, the newest first, and the cursor of the next.
func (s *Applications) List(ctx context.Context, f ApplicationFilter, limit int, cursor string) (all []Application, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listApplications(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// Count is how many a filter chooses.
func (s *Applications) Count(ctx context.Context, f ApplicationFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*) from app.mark_applications a`+chosenApplications, strings.ToLower(strings.TrimSpace(f.Words)), f.Stage).Scan(&n), "applications for marks")
	})
	return n, err
}
