package marks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Authorisations are the verbs.
type Authorisations struct {
	db  *tenancy.DB
	now func() time.Time
}

// NewAuthorisations returns the verbs over db.
func NewAuthorisations(db *tenancy.DB, now func() time.Time) *Authorisations {
	return &Authorisations{db, now}
}

// PublicationKind is how authorisations are published.
const PublicationKind = "mark-authorisation"

// Apply enters an application for the mark of a registration that is the tenant's own and registered. It returns ErrHolder when
// the producer has another one that is not over.
func (s *Authorisations) Apply(ctx context.Context, registration uuid.UUID, h Holder, e Event) (a Authorisation, err error) {
	e.Act = Apply
	if err := both(h.Check(), e.Check(s.today())); err != nil {
		return a, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error { a, err = enterApplication(ctx, tx, registration, h, e); return err })
	return a, err
}

// enterApplication writes an application for the mark of a registration that holds.
func enterApplication(ctx context.Context, tx pgx.Tx, registration uuid.UUID, h Holder, e Event) (a Authorisation, err error) {
	r, err := registry.ByID(ctx, tx, registry.ID(registration.String()))
	if err != nil {
		return a, err
	}
	if r.Status != registry.Registered {
		return a, ErrNotInForce
	}
	a = Authorisation{Status: None, RegistrationID: registration, Holder: h}
	if err := a.apply(&e); err != nil {
		return a, err
	}
	signed(ctx, &e)
	if a, err = insert(ctx, tx, a, e); err != nil {
		return a, err
	}
	return a, audit.Record(ctx, tx, audit.Event{Action: "mark-authorisation.apply", ObjectKind: PublicationKind, ObjectID: a.ID.String(), After: a})
}

// Do moves the version that was read along its lifecycle. What others see of it follows at once.
func (s *Authorisations) Do(ctx context.Context, id ID, version int, e Event) (a Authorisation, err error) {
	return s.change(ctx, id, version, e, func(*Authorisation) error { return nil })
}

// Amend changes what is kept of the holder; its code stays.
func (s *Authorisations) Amend(ctx context.Context, id ID, version int, h Holder, e Event) (a Authorisation, err error) {
	e.Act = Amend
	return s.change(ctx, id, version, e, func(a *Authorisation) error {
		h.CreditCode = a.CreditCode
		a.Holder = h
		return h.checkNames()
	})
}

func (s *Authorisations) change(ctx context.Context, id ID, version int, e Event, with func(*Authorisation) error) (a Authorisation, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if a, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		if a.Version != version {
			return problem.ErrStale
		}
		before := a
		if err := both(with(&a), e.Check(s.today())); err != nil {
			return err
		}
		if e.Act == Enter || e.Act == Reopen {
			r, err := registry.ByID(ctx, tx, registry.ID(a.RegistrationID.String()))
			if err != nil {
				return err
			}
			if r.Status != registry.Registered {
				return ErrNotInForce
			}
		}
		if err := a.apply(&e); err != nil {
			return err
		}
		signed(ctx, &e)
		if a, err = save(ctx, tx, a, e); err != nil {
			return err
		}
		if err := show(ctx, tx, a); err != nil {
			return err
		}
		if err := tell(ctx, tx, a, e); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-authorisation." + string(e.Act), ObjectKind: PublicationKind, ObjectID: id.String(), Before: before, After: map[string]any{"authorisation": a, "event": e}})
	})
	return a, err
}

// Read reads one.
func (s *Authorisations) Read(ctx context.Context, id ID) (a Authorisation, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { a, err = ByID(ctx, tx, id); return err })
	return a, err
}

// History is what happened to one, the first event first.
func (s *Authorisations) History(ctx context.Context, id ID) (all []Event, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := ByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = events(ctx, tx, id)
		return err
	})
	return all, err
}

// List is a page of authorisations, the newest change first, and the cursor of the next.
func (s *Authorisations) List(ctx context.Context, f Filter, limit int, cursor string) (all []Authorisation, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = list(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// Count is how many a filter chooses.
func (s *Authorisations) Count(ctx context.Context, f Filter) (n int, err error) {
	args, ok := f.args()
	if !ok {
		return 0, nil
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosen, args...).Scan(&n), "mark authorisations")
	})
	return n, err
}

// Public is what others see of an authorisation: the list of lawful users is public.
type Public struct {
	RegistrationID uuid.UUID         `json:"registrationId"`
	Registration   string            `json:"registration,omitempty"` // its name and legal bases, as they were published then
	Language       string            `json:"registrationLanguage,omitempty"`
	Bases          []registry.Basis  `json:"bases,omitempty"`
	Kind           Kind              `json:"kind"`
	CreditCode     CreditCode        `json:"creditCode"`
	Names          map[string]string `json:"names"`
	Status         Status            `json:"status"` // active, rectifying, abnormal or ended
	Notice         string            `json:"notice,omitempty"`
	FromOn         string            `json:"fromOn,omitempty"`
	EndedOn        string            `json:"endedOn,omitempty"`
	Ground         Ground            `json:"ground,omitempty"`
	Demo           bool              `json:"demo"`
}

// show publishes what is in force, and its end, to whom the registration is shown. What was never entered is nobody's business.
func show(ctx context.Context, tx pgx.Tx, a Authorisation) error {
	if !a.Status.Shown() {
		return nil
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	of, err := exchange.Current(ctx, tx, "registration", a.RegistrationID)
	if errors.Is(err, exchange.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var r registry.Public
	if err := json.Unmarshal(of.Content.(json.RawMessage), &r); err != nil {
		return fmt.Errorf("publication %s: %w", of.ID, err)
	}
	var name registry.Name
	if all := r.NamesOf(registry.Original); len(all) > 0 {
		name = all[0]
	}
	_, err = exchange.Publish(ctx, tx, exchange.Publication{Kind: PublicationKind, RecordID: a.ID, Audience: of.Audience, Reader: of.Reader, Instrument: of.Instrument, Content: Public{
		RegistrationID: a.RegistrationID, Registration: name.Text, Language: name.Language, Bases: r.Bases, Kind: a.Kind, CreditCode: a.CreditCode, Names: a.Names, Status: a.Status, Notice: a.Notice,
		FromOn: dayText(a.FromOn), EndedOn: dayText(a.EndedOn), Ground: a.Ground, Demo: scope.Demo,
	}})
	return err
}

func dayText(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

// signed says who records an event.
func signed(ctx context.Context, e *Event) {
	s, err := tenancy.From(ctx)
	if err == nil && s.Actor != uuid.Nil {
		e.RecordedBy = &s.Actor
	}
	e.RecordedName = s.ActorName
}

// today is the day that it is first anywhere, so that nobody is refused the day that it is where they are.
func (s *Authorisations) today() time.Time { return today(s.now()) }

func today(now time.Time) time.Time {
	return now.UTC().Add(14 * time.Hour).Truncate(24 * time.Hour)
}

// both are the details of two checks.
func both(a, b error) error {
	x, ok := problem.As(a)
	y, also := problem.As(b)
	switch {
	case !ok:
		return b
	case !also:
		return a
	}
	for _, d := range y.Details {
		x = x.At(d.Pointer, d.Code)
	}
	return x
}
