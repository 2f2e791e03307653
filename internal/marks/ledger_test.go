package marks_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/marks"
)

// TestAMarksLife goes the way of marks from the order to their use, and counts them in every place.
func TestAMarksLife(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode)
	b := h.stocked(1000)
	h.issue(b, a, 0, 400)
	h.move(b, doing(marks.MoveUse, 0, 100))
	h.move(b, doing(marks.MoveReturn, 300, 100))
	h.move(b, doing(marks.MoveVoid, 100, 10))
	h.move(b, doing(marks.MoveLose, 110, 5))
	h.move(b, doing(marks.MoveFind, 110, 2))
	h.move(b, doing(marks.MoveDestroy, 100, 10))
	h.wantSums(b, map[marks.PlaceKind]int64{marks.Stock: 702, marks.Issued: 185, marks.Used: 100, marks.Lost: 3, marks.Destroyed: 10})
	all, next, err := h.batches.Holdings(h.ctx, b.ID, 0, 200, "")
	if err != nil || next != "" {
		t.Fatal(next, err)
	}
	at := int64(0)
	for _, x := range all {
		if x.Numbers.First != at {
			t.Errorf("%d is not where %d ends", x.Numbers.First, at)
		}
		at += x.Numbers.Count
	}
	if at != 1000 || len(all) != 6 {
		t.Errorf("%d numbers in %d ranges: neighbours in one place are one range", at, len(all))
	}
}

// TestTenMillionAreARow: a batch costs the same whatever its count.
func TestTenMillionAreARow(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode)
	b := h.stocked(10_000_000)
	h.issue(b, a, 0, 10_000_000)
	h.wantSums(b, map[marks.PlaceKind]int64{marks.Issued: 10_000_000})
}

func TestMarksAreIssuedUnderAnAuthorisationInForce(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.stocked(10)
	try := func(to uuid.UUID) error {
		d := doing(marks.MoveIssue, 0, 1)
		d.Authorisation = to
		_, err := h.batches.Do(h.ctx, b.ID, d)
		return err
	}
	a := h.applied(firstCode)
	if err := try(a.ID); !errors.Is(err, marks.ErrHolderOut) {
		t.Errorf("issued to an applicant: %v", err)
	}
	a = h.do(a, marks.Verify, marks.Examine, marks.Announce, marks.Enter)
	if err := try(a.ID); err != nil {
		t.Errorf("not issued to a holder: %v", err)
	}
	a = h.do(a, marks.Order)
	if err := try(a.ID); !errors.Is(err, marks.ErrNotThere) && !errors.Is(err, lifecycle.ErrNoMove) && !errors.Is(err, marks.ErrHolderOut) {
		t.Errorf("issued twice: %v", err)
	}
	if err := try(uuid.New()); err == nil {
		t.Error("issued to nobody")
	}
}

// TestTheDatabaseKeepsTheLedger tries past the verbs, as the application role, what they would not do.
func TestTheDatabaseKeepsTheLedger(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.stocked(100)
	refused := func(name, constraint, sql string, args ...any) {
		t.Helper()
		err := h.db.Tx(h.ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(h.ctx, sql, args...)
			return err
		})
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || constraint != "" && pg.ConstraintName != constraint || constraint == "" && pg.Code != "42501" {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("a holding by hand", "", `insert into app.mark_holdings (batch_id, numbers, place_kind, place_of) values ($1, '[200,201)', 'stock', 'W')`, b.ID)
	refused("a holding changed", "", `update app.mark_holdings set place_kind = 'used' where batch_id = $1`, b.ID)
	refused("a holding removed", "", `delete from app.mark_holdings where batch_id = $1`, b.ID)
	refused("a move by hand", "", `insert into app.mark_moves (batch_id, seq, act, numbers, from_kind, from_of, to_kind, to_of, happened_on) values ($1, 9, 'lose', '[0,1)', 'stock', 'W', 'lost', '', '2026-03-01')`, b.ID)
	refused("a move changed", "", `update app.mark_moves set reason = 'x' where batch_id = $1`, b.ID)
	refused("a move removed", "", `delete from app.mark_moves where batch_id = $1`, b.ID)
	refused("a batch made larger", "", `update app.mark_batches set count = 200 where id = $1`, b.ID)
	const move = `select app.move_marks($1, $2, $3::int8range, $4, $5, $6, $7, '2026-03-01', $8::jsonb, null, '')`
	reason := `{"reason": "r", "witnesses": ["A", "B"]}`
	refused("from where they are not", "mark_moves_from_check", move, b.ID, "use", "[0,1)", "issued", "X", "used", "X/L", `{"lot": "L"}`)
	refused("half of them elsewhere", "mark_moves_range_check", move, b.ID, "lose", "[90,110)", "stock", "W", "lost", "", reason)
	refused("an order once more", "mark_holdings_pkey", move, b.ID, "order", "[0,10)", "", "", "ordered", "P", `{}`)
	refused("a way that there is not", "mark_moves_kinds_check", move, b.ID, "use", "[0,1)", "stock", "W", "used", "W/L", `{"lot": "L"}`)
	refused("destroyed alone", "mark_moves_witnesses_check", move, b.ID, "destroy", "[0,1)", "stock", "W", "destroyed", "", `{"reason": "r"}`)
	refused("lost without a word", "mark_moves_reason_check", move, b.ID, "lose", "[0,1)", "stock", "W", "lost", "", `{}`)
	refused("no numbers", "mark_moves_numbers_check", move, b.ID, "lose", "empty", "stock", "W", "lost", "", reason)
	refused("a correction of nothing", "mark_moves_reverse_check", move, b.ID, "correct", "[0,1)", "stock", "W", "printed", "P", `{"reason": "r"}`)
	refused("a batch of another tenant's", "mark_moves_batch_fkey", move, uuid.New(), "lose", "[0,1)", "stock", "W", "lost", "", reason)
	h.wantSums(b, map[marks.PlaceKind]int64{marks.Stock: 100})
}

// TestLedgerIsTheDatabases: the table of ways in the code and the constraint have the same rows.
func TestLedgerIsTheDatabases(t *testing.T) {
	t.Parallel()
	var check string
	if err := dbtest.OwnerPool(t).QueryRow(t.Context(), `select pg_get_constraintdef(oid) from pg_constraint where conname = 'mark_moves_kinds_check'`).Scan(&check); err != nil {
		t.Fatal(err)
	}
	want := 0
	for line := range strings.Lines(marks.LedgerDiagram()) {
		from, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "    "), " --> ")
		if !ok {
			continue
		}
		want++
		to, act, _ := strings.Cut(rest, ": ")
		if row := fmt.Sprintf("((act = '%s'::text) AND (from_kind = '%s'::text) AND (to_kind = '%s'::text))", act, from, to); !strings.Contains(check, row) {
			t.Errorf("the database has no way %q from %q to %q", act, from, to)
		}
	}
	if rows := strings.Count(check, "from_kind ="); rows != want || want == 0 {
		t.Errorf("the table has %d ways, the database %d", want, rows)
	}
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	h := open(t)
	a := h.active(firstCode)
	b := h.stocked(100)
	wrong := h.issue(b, a, 0, 50)
	d := doing(marks.MoveCorrect, 40, 10)
	d.Corrects = wrong.ID
	m := h.move(b, d)
	if m.From.Kind != marks.Issued || m.To.Kind != marks.Stock || m.To.Of != "W" || m.Corrects == nil || *m.Corrects != wrong.ID {
		t.Errorf("got %+v", m)
	}
	h.wantSums(b, map[marks.PlaceKind]int64{marks.Stock: 60, marks.Issued: 40})
	if _, err := h.batches.Do(h.ctx, b.ID, d); !errors.Is(err, marks.ErrNotThere) {
		t.Errorf("put back twice: %v", err)
	}
	d.Numbers = marks.Numbers{First: 60, Count: 1}
	if _, err := h.batches.Do(h.ctx, b.ID, d); !errors.Is(err, marks.ErrNotReverse) {
		t.Errorf("put back what it did not move: %v", err)
	}
}

func TestStockTaking(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.stocked(100)
	c := marks.Count{BatchID: b.ID, Place: marks.Place{Kind: marks.Stock, Of: "W"}, CountedOn: on("2026-05-01"), Counted: []marks.Numbers{{First: 0, Count: 40}, {First: 50, Count: 50}}}
	if _, err := h.batches.TakeStock(h.ctx, c); !errors.Is(err, marks.ErrUnexplained) {
		t.Errorf("a difference without a word: %v", err)
	}
	c.Explanation = "十枚在途"
	got, err := h.batches.TakeStock(h.ctx, c)
	if err != nil || !slices.Equal(got.Missing, []marks.Numbers{{First: 40, Count: 10}}) || len(got.Surplus) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	h.wantSums(b, map[marks.PlaceKind]int64{marks.Stock: 100})
	all, err := h.batches.Counts(h.ctx, b.ID)
	if err != nil || len(all) != 1 {
		t.Errorf("%d counts, %v", len(all), err)
	}
}
