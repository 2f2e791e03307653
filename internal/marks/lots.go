package marks

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Lots are the verbs of what holders produced.
type Lots struct {
	db  *tenancy.DB
	now func() time.Time
}

// NewLots returns the verbs over db.
func NewLots(db *tenancy.DB, now func() time.Time) *Lots { return &Lots{db, now} }

// Declare keeps a lot of a holder. It returns ErrLotDeclared when the holder has one of that number, and raises an alert at once when
// there cannot be so much.
func (s *Lots) Declare(ctx context.Context, authorisation ID, number string, f LotFacts) (l Lot, err error) {
	wrong := problem.ErrInvalid
	if number = strings.TrimSpace(number); number == "" {
		wrong = wrong.At("/number", codeLotNumber)
	}
	if err := both(wrong.Or(), f.Check(today(s.now()))); err != nil {
		return l, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if l, err = insertLot(ctx, tx, Lot{AuthorisationID: authorisation, Number: number, LotFacts: f}); err != nil {
			return err
		}
		if err := weigh(ctx, tx, []uuid.UUID{authorisation}, s.now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-lot.create", ObjectKind: "mark-lot", ObjectID: l.ID.String(), After: l})
	})
	return l, err
}

// Correct makes another version of the lot that was read, with the reason. Its holder and its number stay.
func (s *Lots) Correct(ctx context.Context, id uuid.UUID, version int, f LotFacts, reason string) (l Lot, err error) {
	wrong := problem.ErrInvalid
	if reason = strings.TrimSpace(reason); reason == "" {
		wrong = wrong.At("/reason", codeLotReason)
	}
	if err := both(wrong.Or(), f.Check(today(s.now()))); err != nil {
		return l, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+lotColumns+` from app.mark_lots l where l.id = $1 for update`, id)
		before, err := oneLot(rows, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		l = before
		l.LotFacts = f
		if l, err = saveLot(ctx, tx, l, reason); err != nil {
			return err
		}
		if err := weigh(ctx, tx, []uuid.UUID{l.AuthorisationID}, s.now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-lot.correct", ObjectKind: "mark-lot", ObjectID: id.String(), Before: before, After: map[string]any{"lot": l, "reason": reason}})
	})
	return l, err
}

// Lot reads one with its versions, the newest first.
func (s *Lots) Lot(ctx context.Context, id uuid.UUID) (l Lot, versions []LotVersion, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if l, err = lotByID(ctx, tx, id); err != nil {
			return err
		}
		versions, err = lotVersions(ctx, tx, id)
		return err
	})
	return l, versions, err
}

// List is a page of lots, the newest first, and the cursor of the next.
func (s *Lots) List(ctx context.Context, f LotFilter, limit int, cursor string) (all []Lot, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listLots(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// Count is how many a filter chooses.
func (s *Lots) Count(ctx context.Context, f LotFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenLots, f.args()...).Scan(&n), "lots")
	})
	return n, err
}

// Balance is the mass balance of a holder as it stands now.
func (s *Lots) Balance(ctx context.Context, id ID) (b MassBalance, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		all, err := balancesOf(ctx, tx, []uuid.UUID{id})
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return ErrNotFound
		}
		b = all[0].MassBalance
		return nil
	})
	return b, err
}

// weigh raises an alert for each of some holders whose mass balance is impossible, with the whole calculation. Its day is the last on
// which something of the calculation changed, so that the same calculation raises no second one.
func weigh(ctx context.Context, tx pgx.Tx, holders []uuid.UUID, now time.Time) error {
	all, err := balancesOf(ctx, tx, holders)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.Verdict != BalanceImpossible {
			continue
		}
		a := Alert{Kind: AlertMassBalance, AuthorisationID: &b.AuthorisationID, Day: b.Changed, Evidence: Evidence{FirstAt: b.Changed, LastAt: b.Changed, Countries: []string{}, Numbers: []int64{}, Balance: &b.MassBalance}}
		if err := raised(ctx, tx, a, now); err != nil {
			return err
		}
	}
	return nil
}

// weighed is how many holders a sweep reckons at a time.
const weighed = 500

// weighAll reckons the mass balance of all holders who declared lots.
func weighAll(ctx context.Context, tx pgx.Tx, now time.Time) error {
	after := uuid.Nil
	for {
		rows, _ := tx.Query(ctx, `select distinct l.authorisation_id from app.mark_lots l where l.authorisation_id > $1 order by 1 limit $2`, after, weighed)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil || len(ids) == 0 {
			return postgres.Wrap(err, "holders of lots")
		}
		if err := weigh(ctx, tx, ids, now); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}
