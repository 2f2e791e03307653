package marks_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/marks"
)

func TestScore(t *testing.T) {
	t.Parallel()
	today := on("2026-06-01")
	day := func(s string) *time.Time { d := on(s); return &d }
	quiet := marks.RiskFacts{Status: marks.Active, Used: true}
	with := func(change func(*marks.RiskFacts)) marks.RiskFacts {
		f := quiet
		change(&f)
		return f
	}
	cases := map[string]struct {
		weights marks.Weights
		facts   marks.RiskFacts
		want    string
	}{
		"nothing is known against it":   {facts: quiet, want: "0"},
		"never used":                    {facts: marks.RiskFacts{Status: marks.Active}, want: "5 never-used 1×5=5"},
		"a report due today":            {facts: with(func(f *marks.RiskFacts) { f.ReportDue = day("2026-06-01") }), want: "0"},
		"a report due yesterday":        {facts: with(func(f *marks.RiskFacts) { f.ReportDue = day("2026-05-31") }), want: "10 report-overdue 1×10=10"},
		"a rectification that is late":  {facts: with(func(f *marks.RiskFacts) { f.Status, f.RectifyDue = marks.Rectifying, day("2026-05-01") }), want: "25 rectification-overdue 1×25=25"},
		"five alerts count as three":    {facts: with(func(f *marks.RiskFacts) { f.AlertsOpen = 5 }), want: "45 alert-open 5×15=45"},
		"a visit that found it wanting": {facts: with(func(f *marks.RiskFacts) { f.LastOutcome, f.LastVisitOn = marks.VisitFailed, day("2024-01-01") }), want: "30 visit-failed 1×30=30"},
		"a visit that found nothing takes from the rest": {
			facts: with(func(f *marks.RiskFacts) {
				f.LastOutcome, f.LastVisitOn, f.ComplaintsOpen = marks.VisitPassed, day("2026-05-01"), 2
			}), want: "10 visit-passed 1×-10=-10 complaint-open 2×10=20",
		},
		"and is forgotten in a year":      {facts: with(func(f *marks.RiskFacts) { f.LastOutcome, f.LastVisitOn = marks.VisitPassed, day("2025-05-31") }), want: "0"},
		"no score is below nothing":       {facts: with(func(f *marks.RiskFacts) { f.LastOutcome, f.LastVisitOn = marks.VisitPassed, day("2026-05-01") }), want: "0 visit-passed 1×-10=-10"},
		"the rule of the tenant":          {weights: marks.Weights{"alert-open": 40}, facts: with(func(f *marks.RiskFacts) { f.AlertsOpen = 1 }), want: "40 alert-open 1×40=40"},
		"what the rule does not count":    {weights: marks.Weights{"never-used": 0}, facts: marks.RiskFacts{Status: marks.Active}, want: "0"},
		"everything at once is a hundred": {facts: marks.RiskFacts{Status: marks.Abnormal, AlertsOpen: 3, AlertsConfirmed: 3}, want: "100 abnormal 1×25=25 alert-open 3×15=45 alert-confirmed 3×20=60 never-used 1×5=5"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			score, lines := c.weights.Score(c.facts, today)
			got := []string{fmt.Sprint(score)}
			for _, l := range lines {
				got = append(got, fmt.Sprintf("%s %d×%d=%d", l.Reason, l.Count, l.Weight, l.Points))
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
		})
	}
}
