package marks_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/marks"
)

func lot(number string, harvest int, kg string, plots ...marks.Plot) marks.Lot {
	return marks.Lot{ID: uuid.New(), Number: number, LotFacts: marks.LotFacts{Harvest: harvest, Quantity: marks.Measure{Value: kg, Unit: "kg"}, Plots: plots}}
}

func plot(name, area, unit string) marks.Plot {
	return marks.Plot{Name: name, Area: marks.Measure{Value: area, Unit: unit}}
}

func TestReckon(t *testing.T) {
	t.Parallel()
	rule := marks.Rule{YieldKgMu: "250.5", ContentG: new(int64(500)), Source: "S"}
	cases := map[string]struct {
		rule    marks.Rule
		content *int64
		lots    []marks.Lot
		uses    []marks.LotUse
		want    string // verdict, used of produced, and area → limit of each harvest
		over    string
	}{
		"nothing declared and nothing used": {rule: rule, want: "possible 0/"},
		"marks on goods nobody declared":    {rule: rule, uses: []marks.LotUse{{Number: "A", Counted: 10}}, want: "unknown 5/"},
		"as much as was produced, to the gram": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "5.25", plot("p", "1", "mu"))},
			uses: []marks.LotUse{{Number: "A", Counted: 10, Weighed: 1, WeightG: 250}}, want: "possible 5.25/5.25 1→250.5",
		},
		"a gram more": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "5.25", plot("p", "1", "mu"))},
			uses: []marks.LotUse{{Number: "A", Counted: 10, Weighed: 1, WeightG: 251}}, want: "impossible 5.251/5.25 1→250.5", over: "0.001",
		},
		"another lot has enough for both": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "1", plot("p", "1", "mu")), lot("B", 2026, "100", plot("q", "1", "mu"))},
			uses: []marks.LotUse{{Number: "A", Counted: 10}}, want: "impossible 5/101 2→501", over: "4",
		},
		"marks on a lot that is not declared beside one that is": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "4", plot("p", "1", "mu"))},
			uses: []marks.LotUse{{Number: "B", Counted: 10}}, want: "impossible 5/4 1→250.5", over: "1",
		},
		"more than grows there": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "501.0001", plot("p", "2", "mu"))}, want: "impossible 0/501.0001 2→501", over: "0.0001",
		},
		"a plot that two lots name counts once, by its greatest area; a hectare is 15 mu": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "3000", plot("p", "14", "mu")), lot("B", 2026, "700", plot("p", "1", "hectare"))}, want: "possible 0/3700 15→3757.5",
		},
		"harvests are held apart": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "300", plot("p", "1", "mu")), lot("B", 2025, "10", plot("p", "1", "mu"))}, want: "impossible 0/310 1→250.5 1→250.5", over: "49.5",
		},
		"where it grew is not said":    {rule: rule, lots: []marks.Lot{lot("A", 2026, "1000000")}, want: "unknown 0/1000000 →"},
		"no yield is asked":            {rule: marks.Rule{ContentG: new(int64(500))}, lots: []marks.Lot{lot("A", 2026, "1000000", plot("p", "1", "mu"))}, want: "unknown 0/1000000 1→"},
		"the content is the holder's":  {rule: rule, content: new(int64(2000)), lots: []marks.Lot{lot("A", 2026, "19", plot("p", "1", "mu"))}, uses: []marks.LotUse{{Number: "A", Counted: 10}}, want: "impossible 20/19 1→250.5", over: "1"},
		"nobody said what is in one":   {rule: marks.Rule{YieldKgMu: "1000"}, lots: []marks.Lot{lot("A", 2026, "5", plot("p", "1", "mu"))}, uses: []marks.LotUse{{Number: "A", Counted: 10}}, want: "unknown 0/5 1→1000"},
		"what was weighed is too much": {rule: marks.Rule{YieldKgMu: "1000"}, lots: []marks.Lot{lot("A", 2026, "5", plot("p", "1", "mu"))}, uses: []marks.LotUse{{Number: "A", Counted: 10, Weighed: 1, WeightG: 6000}}, want: "impossible 6/5 1→1000", over: "1"},
		"a lot that was corrected to nothing": {
			rule: rule, lots: []marks.Lot{lot("A", 2026, "0")}, want: "possible 0/0 0→0",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := marks.Reckon(c.rule, c.content, c.lots, c.uses)
			got := string(b.Verdict) + " " + b.Total.UsedKg + "/" + b.Total.ProducedKg
			over := []string{b.Total.OverKg}
			for _, l := range b.Lots {
				over = append(over, l.OverKg)
			}
			for _, h := range b.Harvests {
				got, over = got+" "+h.AreaMu+"→"+h.LimitKg, append(over, h.OverKg)
			}
			if got != c.want {
				t.Errorf("got %q, want %q: %+v", got, c.want, b)
			}
			if all := strings.Join(over, " "); c.over != "" && !strings.Contains(" "+all+" ", " "+c.over+" ") || c.over == "" && strings.TrimSpace(all) != "" {
				t.Errorf("over: got %q, want %q", all, c.over)
			}
		})
	}
}
