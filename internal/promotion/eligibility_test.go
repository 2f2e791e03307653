package promotion

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
)

// What nobody told the reader is unknown, never unmet.
func TestEligibility(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	on := func(days int) *time.Time { return new(today.AddDate(0, 0, -days)) }
	visit := func(o marks.Outcome, days int) *marks.Visit { return &marks.Visit{Outcome: o, VisitedOn: on(days)} }
	for name, c := range map[string]struct {
		known Known
		want  string // mark usage inspection dues enforcement, by their reasons
	}{
		"nothing is known":                   {Known{}, "unknown mark-unpublished, unknown usage-untold, unknown inspection-untold, unknown dues-untold, unknown enforcement-untold"},
		"a mark in force, as published":      {Known{Marks: []Use{{Status: marks.Active, Source: "W"}}}, "met mark-active, unknown usage-untold, unknown inspection-untold, unknown dues-untold, met enforcement-none"},
		"of two uses the one in force":       {Known{Marks: []Use{{Status: marks.Ended}, {Status: marks.Active}}}, "met mark-active, unknown usage-untold, unknown inspection-untold, unknown dues-untold, met enforcement-none"},
		"to be put right":                    {Known{Marks: []Use{{Status: marks.Rectifying}}}, "unmet mark-rectifying, unknown usage-untold, unknown inspection-untold, unknown dues-untold, unmet enforcement-open"},
		"ended":                              {Known{Marks: []Use{{Status: marks.Ended}}}, "unmet mark-ended, unknown usage-untold, unknown inspection-untold, unknown dues-untold, unknown enforcement-untold"},
		"its keeper sees that it is used":    {Known{Marks: []Use{{Status: marks.Active, Kept: true, LastUse: on(365)}}}, "met mark-active, met usage-recent, unknown inspection-untold, unknown dues-untold, met enforcement-none"},
		"its keeper sees that it is not":     {Known{Marks: []Use{{Status: marks.Active, Kept: true, LastUse: on(366)}}}, "met mark-active, unmet usage-old, unknown inspection-untold, unknown dues-untold, met enforcement-none"},
		"of two uses the latest":             {Known{Marks: []Use{{Status: marks.Active, Kept: true}, {Status: marks.Active, Kept: true, LastUse: on(5)}, {Status: marks.Active, Kept: true, LastUse: on(500)}}}, "met mark-active, met usage-recent, unknown inspection-untold, unknown dues-untold, met enforcement-none"},
		"never used":                         {Known{Marks: []Use{{Status: marks.Active, Kept: true}}}, "met mark-active, unmet usage-never, unknown inspection-untold, unknown dues-untold, met enforcement-none"},
		"its keeper inspected it":            {Known{Marks: []Use{{Status: marks.Active, Kept: true, Visit: visit(marks.VisitMinor, 3)}}}, "met mark-active, unmet usage-never, met inspection-minor, unknown dues-untold, met enforcement-none"},
		"the last inspection counts":         {Known{Marks: []Use{{Status: marks.Active, Kept: true, Visit: visit(marks.VisitFailed, 3)}, {Status: marks.Ended, Kept: true, Visit: visit(marks.VisitPassed, 30)}}}, "met mark-active, unmet usage-never, unmet inspection-failed, unknown dues-untold, met enforcement-none"},
		"a member that owes what is not due": {Known{Standing: members.DueStanding}, "unknown mark-unpublished, unknown usage-untold, unknown inspection-untold, met dues-due, unknown enforcement-untold"},
		"a member that owes what is overdue": {Known{Standing: members.OverdueStanding}, "unknown mark-unpublished, unknown usage-untold, unknown inspection-untold, unmet dues-overdue, unknown enforcement-untold"},
	} {
		var got string
		for i, f := range Eligibility(c.known, today) {
			if i > 0 {
				got += ", "
			}
			got += string(f.Verdict) + " " + f.Reason
		}
		if got != c.want {
			t.Errorf("%s: got\n%s, want\n%s", name, got, c.want)
		}
	}
}

// Sums do not depend on the order of lines, and a sum of parts is the whole: fractions are added exactly.
func TestSumsOfMoneyAreExact(t *testing.T) {
	t.Parallel()
	rules := Rules{ShareBP: 10_000, Ceiling: mostMoney, Eligible: []CostKind{"booth"}}
	seventh := Cost{Kind: "booth", Amount: 1, Currency: "USD", Rate: "0.142857142"} // of a fen
	var costs []Cost
	for range 7_000 {
		costs = append(costs, seventh)
	}
	if got := Reckon(costs, "CNY", rules).Eligible; got != 999 { // 999.999994, and not 0 as rounding each would make
		t.Errorf("got %d", got)
	}
	costs = append(costs, Cost{Kind: "booth", Amount: mostMoney / 10, Currency: "CNY"}, Cost{Kind: "booth", Amount: 1, Currency: "JPY", Rate: "0.000000006"})
	want := Reckon(costs, "CNY", rules)
	for range rounds {
		rand.Shuffle(len(costs), func(i, j int) { costs[i], costs[j] = costs[j], costs[i] })
		if got := Reckon(costs, "CNY", rules); got != want {
			t.Fatalf("in another order: %+v, want %+v", got, want)
		}
	}
}
