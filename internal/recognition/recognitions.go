package recognition

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Record adds a recognition. It returns problem.ErrInvalid with each wrong field, or ErrContradiction.
func (s *Recognitions) Record(ctx context.Context, r Recognition) (Recognition, error) {
	r.ID = uuid.Must(uuid.NewV7())
	err := s.db.Tx(ctx, func(tx pgx.Tx) (err error) {
		r, err = add(ctx, tx, r)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "recognition.record", ObjectKind: "recognition", ObjectID: r.ID.String(), After: r.Content(Instrument{})})
	})
	return r, err
}

// Read reads a recognition as it is known now, or as it was known at an instant.
func (s *Recognitions) Read(ctx context.Context, id ID, asOf *time.Time) (r Recognition, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if asOf != nil {
			r, err = byIDAsOf(ctx, tx, id, *asOf)
		} else {
			r, err = ByID(ctx, tx, id)
		}
		return err
	})
	return r, err
}

// History lists all versions of a recognition, newest first.
func (s *Recognitions) History(ctx context.Context, id ID) (versions []Recognition, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		versions, err = history(ctx, tx, id)
		return err
	})
	return versions, err
}

// List lists recognitions, newest first.
func (s *Recognitions) List(ctx context.Context, f Filter, limit int, cursor string) (found []Recognition, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		found, next, err = list(ctx, tx, f, limit, cursor)
		return err
	})
	return found, next, err
}

// Count is how many recognitions a filter chooses.
func (s *Recognitions) Count(ctx context.Context, f Filter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = count(ctx, tx, f); return err })
	return n, err
}

// Update corrects version of a recognition: r becomes the version known from now on. It returns problem.ErrStale when
// version is not the newest.
func (s *Recognitions) Update(ctx context.Context, version int, r Recognition) (Recognition, error) {
	return s.replace(ctx, "recognition.update", r.ID, version, func(Recognition) (Recognition, error) { return r, nil })
}

// End enters the first day on which a recognition no longer holds, with its evidence. It returns ErrEnded when the
// recognition ends no later already.
func (s *Recognitions) End(ctx context.Context, id ID, version int, on time.Time, reason string, evidence []Source) (Recognition, error) {
	return s.replace(ctx, "recognition.end", id, version, func(r Recognition) (Recognition, error) {
		if r.Until != nil && !on.Before(*r.Until) {
			return r, ErrEnded.With("Until", r.Until.Format(time.DateOnly))
		}
		if !r.From.Before(on) {
			return r, problem.ErrInvalid.At("/endsOn", codeOrder)
		}
		r.Until, r.Reason, r.Sources = &on, reason, append(r.Sources, evidence...)
		return r, nil
	})
}

// Publish shows this version of a recognition, to everybody unless to says otherwise, with the instrument that it cites.
func (s *Recognitions) Publish(ctx context.Context, id ID, version int, to exchange.Choice) (r Recognition, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if r, err = lockVersion(ctx, tx, id, version); err != nil {
			return err
		}
		i, err := cited(ctx, tx, r)
		if err != nil {
			return err
		}
		p := exchange.Publication{Kind: "recognition", RecordID: id, Content: r.Content(i), Names: names(r)}
		if err := to.Apply(ctx, tx, &p); err != nil {
			return err
		}
		_, err = exchange.Publish(ctx, tx, p)
		r.Published = r.Version
		return err
	})
	return r, err
}

func names(r Recognition) []exchange.Name {
	all := []exchange.Name{{Key: registry.NameKey(r.Name), Text: r.Name, Language: r.Language, Kind: string(Original)}}
	for _, f := range r.Forms {
		all = append(all, exchange.Name{Key: registry.NameKey(f.Text), Text: f.Text, Language: f.Language, Kind: string(f.Kind)})
	}
	return all
}

func (s *Recognitions) replace(ctx context.Context, action string, id ID, version int, change func(Recognition) (Recognition, error)) (r Recognition, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockVersion(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if r, err = change(before); err != nil {
			return err
		}
		if err := supersede(ctx, tx, id); err != nil {
			return err
		}
		if r, err = add(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: action, ObjectKind: "recognition", ObjectID: id.String(), Before: before.Content(Instrument{}), After: r.Content(Instrument{})})
	})
	return r, err
}

func lockVersion(ctx context.Context, tx pgx.Tx, id ID, version int) (Recognition, error) {
	r, err := lockByID(ctx, tx, id)
	if err == nil && r.Version != version {
		return r, problem.ErrStale
	}
	return r, err
}

// add checks r against what it cites and writes it as the newest version of its id.
func add(ctx context.Context, tx pgx.Tx, r Recognition) (Recognition, error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return r, err
	}
	i, err := cited(ctx, tx, r)
	if errors.Is(err, ErrInstrumentNotFound) {
		return r, problem.ErrInvalid.At("/instrumentId", codeInstrument)
	}
	if err != nil {
		return r, err
	}
	if err := r.Check(i); err != nil {
		return r, err
	}
	if r.Registration != nil {
		ok, err := published(ctx, tx, *r.Registration)
		if err != nil {
			return r, err
		}
		if !ok {
			return r, problem.ErrInvalid.At("/registration/recordId", codeRegistration)
		}
	}
	id, err := insert(ctx, tx, r, scope.Actor)
	if errors.Is(err, ErrContradiction) {
		return r, ErrContradiction.At("/from", codeOverlap)
	}
	if err != nil {
		return r, err
	}
	return ByID(ctx, tx, id)
}

// cited reads the instrument that r is under, the zero Instrument when it is under none.
func cited(ctx context.Context, tx pgx.Tx, r Recognition) (i Instrument, err error) {
	if r.InstrumentID != nil {
		i, err = InstrumentByID(ctx, tx, *r.InstrumentID)
	}
	return i, err
}
