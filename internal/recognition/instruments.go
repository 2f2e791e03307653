package recognition

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Recognitions are the verbs of instruments and recognitions.
type Recognitions struct{ db *tenancy.DB }

// New returns the verbs over db.
func New(db *tenancy.DB) *Recognitions { return &Recognitions{db} }

// CreateInstrument adds an instrument. It returns problem.ErrInvalid with each wrong field, or ErrInstrumentCodeUsed.
func (s *Recognitions) CreateInstrument(ctx context.Context, i Instrument) (Instrument, error) {
	if err := i.Check(); err != nil {
		return i, err
	}
	err := s.db.Tx(ctx, func(tx pgx.Tx) error {
		id, err := insertInstrument(ctx, tx, i)
		if err != nil {
			return err
		}
		if i, err = InstrumentByID(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "instrument.create", ObjectKind: "instrument", ObjectID: id.String(), After: i.Content()})
	})
	return i, err
}

// ReadInstrument reads one instrument.
func (s *Recognitions) ReadInstrument(ctx context.Context, id InstrumentID) (i Instrument, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		i, err = InstrumentByID(ctx, tx, id)
		return err
	})
	return i, err
}

// Instruments lists instruments by code.
func (s *Recognitions) Instruments(ctx context.Context, f InstrumentFilter, limit int, cursor string) (found []Instrument, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		found, next, err = listInstruments(ctx, tx, f, limit, cursor)
		return err
	})
	return found, next, err
}

// CountInstruments is how many instruments a filter chooses.
func (s *Recognitions) CountInstruments(ctx context.Context, f InstrumentFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countInstruments(ctx, tx, f); return err })
	return n, err
}

// UpdateInstrument replaces what version of the instrument says. It returns problem.ErrStale when that is not the newest.
// What is published stays as it is until it is published again.
func (s *Recognitions) UpdateInstrument(ctx context.Context, version int, i Instrument) (Instrument, error) {
	if err := i.Check(); err != nil {
		return i, err
	}
	return i, s.changeInstrument(ctx, i.ID, version, func(tx pgx.Tx, before Instrument) error {
		if err := saveInstrument(ctx, tx, i); err != nil {
			return err
		}
		var err error
		if i, err = InstrumentByID(ctx, tx, i.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "instrument.update", ObjectKind: "instrument", ObjectID: i.ID.String(), Before: before.Content(), After: i.Content()})
	})
}

// PublishInstrument shows this version of the instrument, to everybody unless to says otherwise, and makes the public
// authorities that speak for its parties those for whom what is recognised under it may be published.
func (s *Recognitions) PublishInstrument(ctx context.Context, id InstrumentID, version int, to exchange.Choice) (i Instrument, err error) {
	err = s.changeInstrument(ctx, id, version, func(tx pgx.Tx, now Instrument) error {
		i = now
		i.Published = i.Version
		parties, err := partyTenants(ctx, tx, i.Parties)
		if err != nil {
			return err
		}
		if err := exchange.SetParties(ctx, tx, id, parties); err != nil {
			return err
		}
		p := exchange.Publication{Kind: "instrument", RecordID: id, Content: i.Content()}
		if err := to.Apply(ctx, tx, &p); err != nil {
			return err
		}
		_, err = exchange.Publish(ctx, tx, p)
		return err
	})
	return i, err
}

func (s *Recognitions) changeInstrument(ctx context.Context, id InstrumentID, version int, change func(pgx.Tx, Instrument) error) error {
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockInstrument(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		return change(tx, before)
	})
}
