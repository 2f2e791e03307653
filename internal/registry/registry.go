package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Registry is the verbs.
type Registry struct {
	db  *tenancy.DB
	now func() time.Time
}

// New makes it.
func New(db *tenancy.DB, now func() time.Time) *Registry { return &Registry{db, now} }

type who struct {
	id   *uuid.UUID
	name string
}

func actor(ctx context.Context) who {
	s, err := tenancy.From(ctx)
	if err != nil || s.Actor == uuid.Nil {
		return who{name: s.ActorName}
	}
	return who{&s.Actor, s.ActorName}
}

// Draft makes a registration.
func (g *Registry) Draft(ctx context.Context, c Content) (r Registration, err error) {
	if err := c.Check(); err != nil {
		return r, err
	}
	by := ""
	if a := actor(ctx); a.id != nil {
		by = a.id.String()
	}
	err = g.db.Tx(ctx, func(tx pgx.Tx) error {
		if r, err = insert(ctx, tx, c, by); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "registration.draft", ObjectKind: "registration", ObjectID: string(r.ID), After: c})
	})
	return r, err
}

// Update replaces the content of the version that was read. What others see follows at once.
func (g *Registry) Update(ctx context.Context, id ID, version int, c Content) (r Registration, err error) {
	if err := c.Check(); err != nil {
		return r, err
	}
	err = g.db.Tx(ctx, func(tx pgx.Tx) error {
		if r, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		if r.Version != version {
			return problem.ErrStale
		}
		before := r.Content
		r.Content = c
		if r, err = save(ctx, tx, r); err != nil {
			return err
		}
		if err := show(ctx, tx, r, exchange.Choice{}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "registration.update", ObjectKind: "registration", ObjectID: string(id), Before: before, After: c})
	})
	return r, err
}

// Do moves a registration along its lifecycle by an event with a day of effect. The status is that of today: an event
// that takes effect later is recorded now and counts on its day.
func (g *Registry) Do(ctx context.Context, id ID, e Event) (r Registration, err error) {
	if err := g.checkDay(e.EffectiveOn); err != nil {
		return r, err
	}
	err = g.db.Tx(ctx, func(tx pgx.Tx) error {
		if r, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		if _, err := moves.Next(r.Status, e.Act); err != nil {
			return err
		}
		if err := addEvent(ctx, tx, id, e); err != nil {
			return err
		}
		return g.settle(ctx, tx, &r, "registration."+string(e.Act), e)
	})
	return r, err
}

// Correct records that an event took effect on another day, or did not happen. The event stays as it was; from now on
// the correction counts.
func (g *Registry) Correct(ctx context.Context, id ID, eventID string, effectiveOn time.Time, void bool, reason string) (r Registration, err error) {
	if err := g.checkDay(effectiveOn); err != nil {
		return r, err
	}
	err = g.db.Tx(ctx, func(tx pgx.Tx) error {
		if r, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		all, err := events(ctx, tx, id)
		if err != nil {
			return err
		}
		e := Event{EffectiveOn: effectiveOn, Void: void, Reason: reason}
		for _, old := range all {
			if old.ID == eventID {
				e.Act, e.Corrects = old.Act, &old.ID
			}
		}
		if e.Corrects == nil {
			return ErrEventNotFound
		}
		if err := addEvent(ctx, tx, id, e); err != nil {
			return err
		}
		return g.settle(ctx, tx, &r, "registration.correct", e)
	})
	return r, err
}

// settle derives the status from the events, saves it, shows it to others and records what was done.
func (g *Registry) settle(ctx context.Context, tx pgx.Tx, r *Registration, action string, e Event) error {
	all, err := events(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	before := r.Status
	now := g.now().Add(time.Minute) // the database's clock recorded the event and may be a little ahead of ours
	r.Status = Draft
	if periods := Periods(all, now); len(periods) > 0 {
		r.Status = periods[len(periods)-1].Status
	}
	saved, err := save(ctx, tx, *r)
	if err != nil {
		return err
	}
	*r = saved
	to := e.To
	if e.Corrects != nil || r.Status == Withdrawn {
		to.Reason = e.Reason
	}
	if err := show(ctx, tx, *r, to); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "registration", ObjectID: string(r.ID), Before: map[string]any{"status": before}, After: map[string]any{"status": r.Status, "event": e}})
}

// checkDay refuses days that no register has.
func (g *Registry) checkDay(d time.Time) error {
	if d.Year() < 1800 || d.After(g.now().AddDate(10, 0, 0)) {
		return problem.ErrInvalid.At("/effectiveOn", CodeDay)
	}
	return nil
}

// State is a registration as asked for: on a day, as the register showed it at an instant.
type State struct {
	Registration
	Periods []Period
	On      time.Time
	AsOf    time.Time
}

// State answers what held on a day as the register knew it at an instant; zero times mean now.
func (g *Registry) State(ctx context.Context, id ID, on, asOf time.Time) (s State, err error) {
	err = g.db.Read(ctx, func(tx pgx.Tx) error {
		if s.Registration, err = ByID(ctx, tx, id); err != nil {
			return err
		}
		all, err := events(ctx, tx, id)
		if err != nil {
			return err
		}
		s.AsOf = asOf
		if asOf.IsZero() {
			s.AsOf = g.now().Add(time.Minute)
		} else if s.Content, s.Version, err = contentAsOf(ctx, tx, id, asOf); err != nil {
			return err
		}
		s.Periods = Periods(all, s.AsOf)
		s.On = on
		if !on.IsZero() {
			s.Status = StatusOn(s.Periods, on)
		} else if !asOf.IsZero() {
			s.Status = StatusOn(s.Periods, asOf)
		}
		return nil
	})
	return s, err
}

// History is what happened and what the register showed, newest first.
func (g *Registry) History(ctx context.Context, id ID) (es []Event, vs []VersionInfo, err error) {
	err = g.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := ByID(ctx, tx, id); err != nil {
			return err
		}
		if es, err = events(ctx, tx, id); err != nil {
			return err
		}
		vs, err = versions(ctx, tx, id)
		return err
	})
	return es, vs, err
}

// Public is what others see of a registration: the content of its publication.
type Public struct {
	Content
	Status  Status   `json:"status"`
	Periods []Period `json:"periods"` // each status and the days it held
	Demo    bool     `json:"demo"`
}

// show publishes the registration as it is now, or takes it back when it is not for others, or never should have been: a
// correction may say that it was not published at all.
func show(ctx context.Context, tx pgx.Tx, r Registration, to exchange.Choice) error {
	record, err := uuid.Parse(string(r.ID))
	if err != nil {
		return postgres.Wrap(err, "registration %s", r.ID)
	}
	all, err := events(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	periods := Periods(all, r.UpdatedAt.Add(time.Minute))
	if !public(periods) {
		return exchange.Withdraw(ctx, tx, "registration", record, to.Reason)
	}
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	p := exchange.Publication{Kind: "registration", RecordID: record,
		Content: Public{Content: r.Content, Status: r.Status, Periods: periods, Demo: s.Demo}}
	for _, n := range r.Content.Names {
		p.Names = append(p.Names, exchange.Name{Key: NameKey(n.Text), Text: n.Text, Language: n.Language, Kind: n.Kind})
	}
	if err := to.Apply(ctx, tx, &p); err != nil {
		return err
	}
	_, err = exchange.Publish(ctx, tx, p)
	return err
}

// PeriodsOf reads the statuses of a registration as the register knows them at an instant, and the one that holds then.
func PeriodsOf(ctx context.Context, tx pgx.Tx, id ID, at time.Time) ([]Period, Status, error) {
	all, err := events(ctx, tx, id)
	if err != nil {
		return nil, Draft, err
	}
	periods := Periods(all, at.Add(time.Minute))
	return periods, StatusOn(periods, at), nil
}
