package promotion

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

func TestTheLastSecondCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		window Window
		closes string // the last second that counts
		wrong  string
	}{
		{"no daylight saving", Window{"2026-01-01T09:00:00", "2026-10-25T23:59:59", "Asia/Shanghai"}, "2026-10-25T15:59:59Z", ""},
		{"the hour that comes twice: the later one", Window{"2026-01-01T09:00:00", "2026-10-25T02:30:00", "Europe/Berlin"}, "2026-10-25T01:30:00Z", ""},
		{"the hour before it comes twice", Window{"2026-01-01T09:00:00", "2026-10-25T01:59:59", "Europe/Berlin"}, "2026-10-24T23:59:59Z", ""},
		{"the hour that is left out", Window{"2026-01-01T09:00:00", "2026-03-29T02:30:00", "Europe/Berlin"}, "", "closes"},
		{"the second before it", Window{"2026-01-01T09:00:00", "2026-03-29T01:59:59", "Europe/Berlin"}, "2026-03-29T00:59:59Z", ""},
		{"the second after it", Window{"2026-01-01T09:00:00", "2026-03-29T03:00:00", "Europe/Berlin"}, "2026-03-29T01:00:00Z", ""},
		{"closed before it opens", Window{"2026-01-01T09:00:00", "2026-01-01T08:00:00", "UTC"}, "", "closes"},
		{"a zone that is none", Window{"2026-01-01T09:00:00", "2026-01-01T10:00:00", "Asia/Wuyuan"}, "", "zone"},
		{"whatever zone the server is in", Window{"2026-01-01T09:00:00", "2026-01-01T10:00:00", "Local"}, "", "zone"},
		{"no such day", Window{"2026-02-30T09:00:00", "2026-03-01T10:00:00", "UTC"}, "", "opens"},
	} {
		_, closes, wrong := c.window.bounds()
		if c.wrong != "" {
			if !slices.Contains(wrong, c.wrong) {
				t.Errorf("%s: wrong is %v, want %s", c.name, wrong, c.wrong)
			}
			continue
		}
		if got := closes.UTC().Format(time.RFC3339); got != c.closes || len(wrong) > 0 {
			t.Errorf("%s: closes at %s (%v), want %s", c.name, got, wrong, c.closes)
		}
		if over(closes, closes.Add(time.Second-1)) || !over(closes, closes.Add(time.Second)) {
			t.Errorf("%s: the closing second does not count, or the next one does", c.name)
		}
	}
}

func TestMoneyIsWholeAndExact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		in   Currency
		want Money
		ok   bool
	}{
		{"1200", "CNY", 1200_00, true}, {"12.5", "CNY", 12_50, true}, {"0.01", "CNY", 1, true}, {"0.001", "CNY", 0, false}, {"1200", "JPY", 1200, true}, {"1200.5", "JPY", 0, false},
		{"1.234", "KWD", 1234, true}, {"-1", "CNY", 0, false}, {"1e3", "CNY", 0, false}, {"", "CNY", 0, false}, {"9999999999999", "CNY", 0, false},
	} {
		if got, ok := ParseMoney(c.text, c.in); ok != c.ok || ok && got != c.want {
			t.Errorf("%s %s: got %d, %t, want %d, %t", c.text, c.in, got, ok, c.want, c.ok)
		}
	}
	for text, m := range map[string]Money{"0.05": 5, "-12.50": -1250, "1200.00": 120000} {
		if got := m.In("CNY"); got != text {
			t.Errorf("%d fen: got %s, want %s", m, got, text)
		}
	}
	if got := Money(5).In("JPY"); got != "5" {
		t.Errorf("five yen: %s", got)
	}
	rules := Rules{ShareBP: 3333, Ceiling: 10_000_00, Eligible: []CostKind{"booth"}}
	costs := []Cost{
		{Kind: "booth", Amount: 1_00, Currency: "CNY"},
		{Kind: "booth", Amount: 3, Currency: "USD", Rate: "7.1234"}, // 21.3702 fen
		{Kind: "booth", Amount: 1, Currency: "JPY", Rate: "0.0462"}, // 4.62 fen
		{Kind: "travel", Amount: 500_00, Currency: "CNY"},           // not eligible
	}
	if got := Reckon(costs, "CNY", rules); got != (Reckoned{125, 41}) { // 125.9902 fen, a third of it 41.66
		t.Errorf("got %+v: fractions are to be added before they are rounded down", got)
	}
	if got := (Rules{ShareBP: 5000, Ceiling: 7}).Support(mostMoney); got != 7 {
		t.Errorf("above the ceiling: %d", got)
	}
}

func TestAMissingRateNamesItsLine(t *testing.T) {
	t.Parallel()
	on := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	call := Content{Currency: "CNY", Rules: Rules{ShareBP: 5000, Ceiling: 1000_00, Eligible: []CostKind{"booth"}}, Documents: []Required{{Code: "licence"}}}
	f := Form{Name: "A", CreditCode: "C", Contact: "B", Email: "e", Plan: "p", Papers: []Paper{{Code: "licence"}}, Costs: []Cost{{Kind: "booth", Amount: 100, Currency: "CNY"}, {Kind: "booth", Amount: 100, Currency: "EUR", RateSource: "Bank", RateOn: &on}}}
	want := func(pointers ...string) {
		t.Helper()
		p, _ := problem.As(f.complete(call, on))
		var got []string
		if p != nil {
			for _, d := range p.Details {
				got = append(got, d.Pointer)
			}
		}
		if !slices.Equal(got, pointers) {
			t.Errorf("got %v, want %v", got, pointers)
		}
	}
	want("/costs/1/rate")
	f.Costs[1].Rate = "7.85"
	want()
	f.Costs[1].RateSource, f.Costs[1].RateOn = "", nil
	want("/costs/1/rateSource", "/costs/1/rateOn")
	f.Costs, f.Papers, f.Plan = f.Costs[:1], nil, " "
	want("/plan", "/papers")
	f.Papers, f.Plan, f.Costs[0].Kind = []Paper{{Code: "licence"}}, "p", "travel"
	want("/costs")
}

// rounds is small: a shuffle that shows a dependence on order is found among the first.
const rounds = 40

func TestRankingDependsOnNoOrder(t *testing.T) {
	t.Parallel()
	criteria := []Criterion{{Code: "market", Weight: 3}, {Code: "price", Weight: 2}, {Code: "plan", Weight: 2}}
	at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	entry := func(n string, minute int, ballots ...Ballot) Entry {
		return Entry{ApplicationID: uuid.NewSHA1(uuid.Nil, []byte(n)), Number: n, SubmittedAt: at.Add(time.Duration(minute) * time.Minute), Ballots: ballots}
	}
	entries := []Entry{
		entry("thirds", 1, Ballot{"market": 70, "price": 70, "plan": 70}, Ballot{"market": 70, "price": 70, "plan": 71}, Ballot{"market": 70, "price": 71, "plan": 70}),
		entry("seventy", 2, Ballot{"market": 70, "price": 70, "plan": 70}),
		entry("heavy", 3, Ballot{"market": 72, "price": 67, "plan": 70}), // the same mean; more in the heaviest
		entry("later", 5, Ballot{"market": 60, "price": 60, "plan": 60}),
		entry("earlier", 4, Ballot{"market": 60, "price": 60, "plan": 60}, Ballot{"market": 60, "price": 60, "plan": 60}),
		entry("nobody", 0),
		entry("nothing", 6, Ballot{"market": 0, "price": 0, "plan": 0}),
	}
	want := []string{"thirds", "heavy", "seventy", "earlier", "later", "nothing", "nobody"}
	random := rand.New(rand.NewPCG(1, 2))
	for range rounds {
		random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		random.Shuffle(len(criteria), func(i, j int) { criteria[i], criteria[j] = criteria[j], criteria[i] })
		for _, e := range entries {
			random.Shuffle(len(e.Ballots), func(i, j int) { e.Ballots[i], e.Ballots[j] = e.Ballots[j], e.Ballots[i] })
		}
		var got []string
		for _, r := range Rank(entries, criteria) {
			got = append(got, r.Number)
			if r.Number == "nobody" && r.Position != 0 || r.Number == "heavy" && (r.Position != 2 || r.Mean.FloatString(2) != "70.00") {
				t.Fatalf("%s is in place %d with %s", r.Number, r.Position, r.Mean)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestStagesAndStatuses(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses() {
		for _, act := range Acts() {
			to, err := moves.Next(s, act)
			if err == nil && (s == Settled || s == Cancelled) {
				t.Errorf("%s is over, and %s leads to %s", s, act, to)
			}
			if err == nil && act == Cancel && s.paying() {
				t.Errorf("%s has promised money and can be cancelled", s)
			}
		}
	}
	for _, s := range Stages() {
		if to, err := steps.Next(s, Fill); err == nil && to != s {
			t.Errorf("filling leads from %s to %s", s, to)
		}
	}
}
