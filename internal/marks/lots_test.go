package marks_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func (h *house) lots() *marks.Lots {
	return marks.NewLots(h.db, func() time.Time { return h.now })
}

func grown(kg, mu string) marks.LotFacts {
	return marks.LotFacts{Harvest: 2025, Quantity: marks.Measure{Value: kg, Unit: "kg"}, Plots: []marks.Plot{{Name: "东一", Area: marks.Measure{Value: mu, Unit: "mu"}}}, DeclaredBy: "演示农业", DeclaredOn: on("2026-03-01")}
}

func (h *house) alertsOf(kind marks.AlertKind) []marks.Alert {
	h.t.Helper()
	return slices.DeleteFunc(h.watched(), func(l marks.Alert) bool { return l.Kind != kind })
}

// TestMassBalance: marks on more goods than there are raise one alert with the whole calculation; a correction is another version, and
// what was corrected in the ledger counts no more.
func TestMassBalance(t *testing.T) {
	t.Parallel()
	h := open(t)
	lots := h.lots()
	a := h.active(firstCode)
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{YieldKgMu: "250", ContentG: new(int64(500)), Source: "S"}); err != nil {
		t.Fatal(err)
	}
	b := h.stocked(100)
	h.issue(b, a, 0, 60)
	weighed := doing(marks.MoveUse, 0, 10)
	weighed.WeightG = new(int64(4000))
	h.move(b, weighed)
	counted := h.move(b, doing(marks.MoveUse, 10, 20))
	l, err := lots.Declare(h.ctx, a.ID, " L-1 ", grown("14", "0.1"))
	if err != nil || l.Number != "L-1" {
		t.Fatalf("%+v, %v", l, err)
	}
	if got := h.alertsOf(marks.AlertMassBalance); len(got) != 0 {
		t.Errorf("14 kg with marks of 14 kg: %+v", got)
	}
	h.move(b, doing(marks.MoveUse, 30, 2))
	all := h.alertsOf(marks.AlertMassBalance)
	if len(all) != 1 || all[0].BatchID != nil || *all[0].AuthorisationID != a.ID || all[0].Evidence.Balance == nil {
		t.Fatalf("15 kg with marks of 14 kg: %+v", all)
	}
	e := all[0].Evidence.Balance
	if line := e.Lots[0]; line.Marks != 32 || line.WeighedKg != "4" || line.CountedKg != "11" || line.UsedKg != "15" || line.ProducedKg != "14" || line.OverKg != "1" || e.Harvests[0].LimitKg != "25" || e.Verdict != marks.BalanceImpossible {
		t.Errorf("got %+v", e)
	}
	if again := h.alertsOf(marks.AlertMassBalance); len(again) != 1 {
		t.Errorf("raised twice: %+v", again)
	}
	undo := doing(marks.MoveCorrect, 10, 20)
	undo.Corrects = counted.ID
	h.move(b, undo)
	if now, err := lots.Balance(h.ctx, a.ID); err != nil || now.Total.UsedKg != "5" || now.Verdict != marks.BalancePossible {
		t.Errorf("after a correction in the ledger: %+v, %v", now.Total, err)
	}
	if _, err := lots.Correct(h.ctx, l.ID, 1, grown("26", "0.1"), " "); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("without a reason: %v", err)
	}
	corrected, err := lots.Correct(h.ctx, l.ID, 1, grown("26", "0.1"), "过磅单更正")
	if err != nil || corrected.Version != 2 || corrected.Quantity.Value != "26" {
		t.Fatalf("%+v, %v", corrected, err)
	}
	if now, err := lots.Balance(h.ctx, a.ID); err != nil || now.Verdict != marks.BalanceImpossible || now.Harvests[0].OverKg != "1" {
		t.Errorf("26 kg of a tenth of a mu: %+v, %v", now, err)
	}
	if _, err := lots.Correct(h.ctx, l.ID, 1, grown("5", "1"), "r"); !errors.Is(err, problem.ErrStale) {
		t.Errorf("over another correction: %v", err)
	}
	_, versions, err := lots.Lot(h.ctx, l.ID)
	if err != nil || len(versions) != 2 || versions[0].Reason != "过磅单更正" || versions[1].Quantity.Value != "14" {
		t.Errorf("versions: %+v, %v", versions, err)
	}
	if _, err := lots.Balance(dbtest.Tenant(t, tenancy.County), a.ID); !errors.Is(err, marks.ErrNotFound) {
		t.Errorf("another tenant: %v", err)
	}
}

func TestLotsAreChecked(t *testing.T) {
	t.Parallel()
	h := open(t)
	lots := h.lots()
	a := h.active(firstCode)
	if _, err := lots.Declare(h.ctx, a.ID, "L-1", grown("1.5", "2")); err != nil {
		t.Fatal(err)
	}
	if _, err := lots.Declare(h.ctx, a.ID, "L-1", grown("1", "2")); !errors.Is(err, marks.ErrLotDeclared) {
		t.Errorf("a number twice: %v", err)
	}
	if _, err := lots.Declare(h.ctx, uuid.New(), "L-1", grown("1", "2")); !errors.Is(err, marks.ErrLotHolder) {
		t.Errorf("of nobody: %v", err)
	}
	for name, c := range map[string]struct {
		change  func(*marks.LotFacts)
		pointer string
	}{
		"no number":           {func(f *marks.LotFacts) { f.Quantity.Value = "many" }, "/quantity"},
		"no unit":             {func(f *marks.LotFacts) { f.Quantity.Unit = "mu" }, "/quantity"},
		"a plot twice":        {func(f *marks.LotFacts) { f.Plots = append(f.Plots, f.Plots[0]) }, "/plots/1/name"},
		"plots and an area":   {func(f *marks.LotFacts) { f.Area = &f.Plots[0].Area }, "/area"},
		"a plot of kilograms": {func(f *marks.LotFacts) { f.Plots[0].Area.Unit = "kg" }, "/plots/0/area"},
		"by nobody":           {func(f *marks.LotFacts) { f.DeclaredBy = " " }, "/declaredBy"},
		"tomorrow":            {func(f *marks.LotFacts) { f.DeclaredOn = h.now.AddDate(0, 0, 3) }, "/declaredOn"},
		"a harvest to come":   {func(f *marks.LotFacts) { f.Harvest = 2027 }, "/harvest"},
	} {
		f := grown("1", "2")
		c.change(&f)
		_, err := lots.Declare(h.ctx, a.ID, "L-2", f)
		if e, ok := problem.As(err); !ok || len(e.Details) != 1 || e.Details[0].Pointer != c.pointer {
			t.Errorf("%s: %v", name, err)
		}
	}
	found, _, err := lots.List(h.ctx, marks.LotFilter{Words: "l-", Authorisation: &a.ID, Harvest: "2025"}, 10, "")
	if err != nil || len(found) != 1 || found[0].Quantity.Value != "1.5" {
		t.Errorf("found %+v, %v", found, err)
	}
	if _, err := h.authorisations.UpdateRule(h.ctx, marks.Rule{YieldKgMu: "0", Source: "S"}); err == nil || !strings.Contains(err.Error(), "invalid") {
		t.Errorf("a yield of nothing: %v", err)
	}
}
