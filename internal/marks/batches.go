package marks

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Batches are the verbs of batches, of the ledger and of the keys.
type Batches struct {
	db    *tenancy.DB
	vault *exchange.Keys
	now   func() time.Time
}

// NewBatches returns the verbs over db; the keys of codes are sealed by the house's vault.
func NewBatches(db *tenancy.DB, vault *exchange.Keys, now func() time.Time) *Batches {
	return &Batches{db, vault, now}
}

// Order makes a batch: its numbers are ordered from the printer, by one row whatever their count.
func (s *Batches) Order(ctx context.Context, o BatchOrder) (b Batch, err error) {
	if err := o.Check(today(s.now())); err != nil {
		return b, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		r, err := registry.ByID(ctx, tx, registry.ID(o.RegistrationID.String()))
		if err != nil {
			return err
		}
		if r.Status != registry.Registered {
			return ErrNotInForce
		}
		if o.AuthorisationID != nil {
			a, err := ByID(ctx, tx, *o.AuthorisationID)
			if err != nil {
				return err
			}
			if a.Status != Active || a.RegistrationID != o.RegistrationID {
				return ErrHolderOut
			}
		}
		version, err := presentKey(ctx, tx, s.vault)
		if err != nil {
			return err
		}
		var e Event
		signed(ctx, &e)
		if b, err = insertBatch(ctx, tx, o, drawn(), version, e.RecordedName); err != nil {
			return err
		}
		d := Doing{Act: MoveOrder, Numbers: Numbers{0, b.Count}, HappenedOn: o.OrderedOn, Facts: Facts{Reference: o.Reference}}
		if _, err := move(ctx, tx, b.ID, d, Place{}, Place{Ordered, b.Printer}); err != nil {
			return err
		}
		b.Moves++
		return audit.Record(ctx, tx, audit.Event{Action: "mark-batch.order", ObjectKind: "mark-batch", ObjectID: b.ID.String(), After: b})
	})
	return b, err
}

// drawn is the number of a batch, by chance: it says nothing of how many there are.
func drawn() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint32(b[:]) % MostNumbers
}

// Do moves marks. All of them have to be in one place, which the database makes sure of: it returns ErrNotThere when they are not.
func (s *Batches) Do(ctx context.Context, batch uuid.UUID, d Doing) (m Move, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := batchByID(ctx, tx, batch); err != nil {
			return err
		}
		if err := d.Check(today(s.now())); err != nil {
			return err
		}
		from, to, err := s.way(ctx, tx, batch, &d)
		if err != nil {
			return err
		}
		id, err := move(ctx, tx, batch, d, from, to)
		if err != nil {
			return err
		}
		if m, err = moveByID(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-batch." + string(d.Act), ObjectKind: "mark-batch", ObjectID: batch.String(), After: m})
	})
	return m, err
}

// way is from where to where the marks of a move go: where the first one is, or back by the move that is corrected.
func (s *Batches) way(ctx context.Context, tx pgx.Tx, batch uuid.UUID, d *Doing) (from, to Place, err error) {
	if d.Act == MoveCorrect {
		wrong, err := moveByID(ctx, tx, d.Corrects)
		if err != nil {
			return from, to, err
		}
		d.Facts.Corrects = &wrong.ID
		if wrong.Act == MoveOrder {
			return from, to, ErrNotReverse
		}
		return wrong.To, wrong.From, nil
	}
	if from, err = placeOf(ctx, tx, batch, d.Numbers.First); err != nil {
		return from, to, err
	}
	to, err = d.target(from)
	return from, to, err
}

// Read reads a batch with the sums of its places.
func (s *Batches) Read(ctx context.Context, id uuid.UUID) (b Batch, sums []Balance, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if b, err = batchByID(ctx, tx, id); err != nil {
			return err
		}
		all, err := balances(ctx, tx, []uuid.UUID{id})
		sums = all[id]
		return err
	})
	return b, sums, err
}

// List is a page of batches, the newest first, with the sums of their places, and the cursor of the next page.
func (s *Batches) List(ctx context.Context, f BatchFilter, limit int, cursor string) (all []Batch, sums map[uuid.UUID][]Balance, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if all, next, err = listBatches(ctx, tx, f, limit, cursor); err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(all))
		for i, b := range all {
			ids[i] = b.ID
		}
		sums, err = balances(ctx, tx, ids)
		return err
	})
	return all, sums, next, err
}

// Count is how many batches a filter chooses.
func (s *Batches) Count(ctx context.Context, f BatchFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenBatches, f.Registration, f.Authorisation, f.Printer).Scan(&n), "mark batches")
	})
	return n, err
}

// Holdings are where the numbers of a batch from one on are, in their order, and the cursor of the next page.
func (s *Batches) Holdings(ctx context.Context, batch uuid.UUID, from int64, limit int, cursor string) (all []Holding, next string, err error) {
	if err := postgres.DecodeCursor(cursor, &from); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := batchByID(ctx, tx, batch); err != nil {
			return err
		}
		all, err = holdings(ctx, tx, batch, from, limit+1)
		return err
	})
	if len(all) > limit {
		next = postgres.EncodeCursor(all[limit].Numbers.First)
		all = all[:limit]
	}
	return all, next, err
}

// Moves is a page of the ledger, the newest first, and the cursor of the next.
func (s *Batches) Moves(ctx context.Context, f MoveFilter, limit int, cursor string) (all []Move, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listMoves(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountMoves is how many moves a filter chooses.
func (s *Batches) CountMoves(ctx context.Context, f MoveFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenMoves, f.args()...).Scan(&n), "mark moves")
	})
	return n, err
}

// TakeStock keeps what was counted in a place beside what the ledger has there. A difference needs an explanation (ErrUnexplained);
// what follows from it are moves of their own.
func (s *Batches) TakeStock(ctx context.Context, c Count) (made Count, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := batchByID(ctx, tx, c.BatchID); err != nil {
			return err
		}
		if err := checkCounted(c, today(s.now())); err != nil {
			return err
		}
		var e Event
		signed(ctx, &e)
		c.RecordedName = e.RecordedName
		if c.Witnesses == nil {
			c.Witnesses = []string{}
		}
		if made, err = insertCount(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-batch.count", ObjectKind: "mark-batch", ObjectID: c.BatchID.String(), After: made})
	})
	return made, err
}

// Counts are the stock-takings of a batch, the newest first.
func (s *Batches) Counts(ctx context.Context, batch uuid.UUID) (all []Count, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := batchByID(ctx, tx, batch); err != nil {
			return err
		}
		all, err = counts(ctx, tx, batch)
		return err
	})
	return all, err
}
