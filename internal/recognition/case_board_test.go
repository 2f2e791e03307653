package recognition_test

import (
	"slices"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Every state of a case has its place on the board, and only one.
func TestEveryStateIsOnTheBoard(t *testing.T) {
	t.Parallel()
	places := map[recognition.State]int{}
	for _, states := range recognition.Groups() {
		for _, s := range states {
			places[s]++
		}
	}
	for _, s := range recognition.States() {
		if places[s] != 1 {
			t.Errorf("%s is in %d columns", s, places[s])
		}
	}
	if len(places) != len(recognition.States()) {
		t.Errorf("%d states are on the board, there are %d", len(places), len(recognition.States()))
	}
}

// The board counts all that the filter finds and shows the newest of each column; what the other side drafts is not counted, and
// a third tenant counts nothing.
func TestBoardCountsAll(t *testing.T) {
	t.Parallel()
	p := opened(t, "PILOT-3-3")
	for range 11 {
		o := p.file.Case
		if _, err := p.cases.Open(p.origin, recognition.Opening{Side: recognition.Origin, Other: slug(t, p.destination), On: on("2026-01-05"),
			Case: recognition.Case{OriginOffice: "XT", Market: "XT", Name: "Melon", Language: "en", InstrumentID: o.InstrumentID}}); err != nil {
			t.Fatal(err)
		}
	}
	p.proposed()
	check := func(tenant *pair, destination bool, f recognition.CaseFilter, overdue bool, preparing, filed, shown int) {
		t.Helper()
		ctx := tenant.origin
		if destination {
			ctx = tenant.destination
		}
		columns, me, err := p.cases.Board(ctx, f, overdue)
		if err != nil || me.Slug != slug(t, ctx) || len(columns) != len(recognition.Groups()) {
			t.Fatalf("%d columns for %s, %v", len(columns), me.Slug, err)
		}
		if a, b, n := columns[0].Count(), columns[1].Count(), len(columns[0].Newest); a != preparing || b != filed || n != shown {
			t.Errorf("%d in preparation of which %d are shown, %d filed; want %d, %d, %d", a, n, b, preparing, shown, filed)
		}
		if !slices.IsSortedFunc(columns[0].Newest, func(a, b recognition.Case) int { return slices.Compare(b.ID[:], a.ID[:]) }) {
			t.Error("the newest is not first")
		}
	}
	check(p, false, recognition.CaseFilter{}, false, 11, 1, 10)
	check(p, false, recognition.CaseFilter{Words: "hetao"}, false, 0, 1, 0)
	check(p, false, recognition.CaseFilter{Side: recognition.Destination}, false, 0, 0, 0)
	check(p, false, recognition.CaseFilter{Market: "XA"}, false, 0, 0, 0)
	check(p, false, recognition.CaseFilter{}, true, 0, 0, 0)
	check(p, true, recognition.CaseFilter{}, false, 0, 1, 0)
	check(&pair{origin: dbtest.Tenant(t, tenancy.Jurisdiction)}, false, recognition.CaseFilter{}, false, 0, 0, 0)
}
