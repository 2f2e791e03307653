package marks

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Possible is what a line of a mass balance says.
type Possible string

// A line is impossible as soon as what is known already says so; what lacks a number is unknown, and nothing is assumed for it.
const (
	BalancePossible   Possible = "possible"
	BalanceImpossible Possible = "impossible"
	BalanceUnknown    Possible = "unknown"
)

// worse is the one of two that is told of both.
func (p Possible) worse(o Possible) Possible {
	rank := []Possible{BalancePossible, BalanceUnknown, BalanceImpossible}
	return rank[max(slices.Index(rank, p), slices.Index(rank, o))]
}

// MassBalance (物料平衡) is a holder's calculation: goods with marks on them are no more than what was produced, and that is no more than what grows on
// the plots. It shows every number that it is reckoned from; all are exact decimals, weights in kilograms and land in mu.
type MassBalance struct {
	AuthorisationID ID               `json:"authorisationId"`
	Verdict         Possible         `json:"verdict"`
	YieldKgMu       string           `json:"yieldKgPerMu,omitempty"` // the rule's; empty: it has none
	ContentG        *int64           `json:"contentG,omitempty"`     // of a package, where a use does not say what it weighs; nil: nobody said
	ContentOf       string           `json:"contentOf,omitempty"`    // authorisation or rule
	Source          string           `json:"source,omitempty"`       // of the rule
	Lots            []LotBalance     `json:"lots"`
	Total           LotBalance       `json:"total"`
	Harvests        []HarvestBalance `json:"harvests"`
}

// LotBalance holds marks against a lot. Weighed are the marks of uses whose goods were weighed, counted are the others.
type LotBalance struct {
	LotID      *uuid.UUID `json:"lotId,omitempty"` // nil: nobody declared it
	Number     string     `json:"number,omitempty"`
	Harvest    int        `json:"harvest,omitempty"`
	Marks      int64      `json:"marks"`
	Weighed    int64      `json:"weighed"`
	WeighedKg  string     `json:"weighedKg"`
	Counted    int64      `json:"counted"`
	CountedKg  string     `json:"countedKg,omitempty"` // counted × content; empty: the content is not known
	UsedKg     string     `json:"usedKg"`              // at least
	ProducedKg string     `json:"producedKg,omitempty"`
	OverKg     string     `json:"overKg,omitempty"` // more than was produced
	Verdict    Possible   `json:"verdict"`
}

// HarvestBalance holds what was produced against the land. A plot counts once in a harvest, however many lots name it, with the greatest
// area that is said of it.
type HarvestBalance struct {
	Harvest    int      `json:"harvest"`
	Lots       int      `json:"lots"`
	ProducedKg string   `json:"producedKg"`
	AreaMu     string   `json:"areaMu,omitempty"` // empty: a lot does not say where it grew
	LimitKg    string   `json:"limitKg,omitempty"`
	OverKg     string   `json:"overKg,omitempty"`
	Verdict    Possible `json:"verdict"`
}

// LotUse is how many marks are on a lot, and what the goods of some of them weighed.
type LotUse struct {
	Number  string
	Weighed int64
	WeightG int64 // of the weighed ones
	Counted int64
	LastOn  time.Time
}

// Reckon makes a holder's mass balance of what was declared and what was used.
func Reckon(r Rule, contentG *int64, lots []Lot, uses []LotUse) MassBalance {
	b := MassBalance{Verdict: BalancePossible, YieldKgMu: r.YieldKgMu, Source: r.Source, ContentG: contentG, ContentOf: "authorisation", Lots: []LotBalance{}, Harvests: []HarvestBalance{}}
	if contentG == nil {
		b.ContentG, b.ContentOf = r.ContentG, "rule"
	}
	if b.ContentG == nil {
		b.ContentOf = ""
	}
	used := map[string]LotUse{}
	for _, u := range uses {
		used[u.Number] = u
	}
	var all LotUse
	produced := new(big.Rat)
	add := func(l LotBalance) {
		u := used[l.Number]
		delete(used, l.Number)
		all.Weighed, all.WeightG, all.Counted = all.Weighed+u.Weighed, all.WeightG+u.WeightG, all.Counted+u.Counted
		b.Lots = append(b.Lots, l.of(u, b.ContentG))
	}
	for _, l := range lots {
		kg, _ := l.Quantity.in(kilograms)
		produced.Add(produced, kg)
		add(LotBalance{LotID: new(l.ID), Number: l.Number, Harvest: l.Harvest, ProducedKg: decimalOf(kg)})
	}
	for _, number := range slices.Sorted(maps.Keys(used)) {
		add(LotBalance{Number: number})
	}
	var total LotBalance
	if len(lots) > 0 {
		total.ProducedKg = decimalOf(produced)
	}
	b.Total = total.of(all, b.ContentG)
	b.Harvests = harvests(r, lots)
	b.Verdict = b.verdict()
	return b
}

// verdict is the worst of all lines. Of a lot that nobody declared the sum decides.
func (b MassBalance) verdict() Possible {
	v := b.Total.Verdict
	for _, l := range b.Lots {
		v = v.worse(l.Verdict)
	}
	for _, h := range b.Harvests {
		v = v.worse(h.Verdict)
	}
	return v
}

// of fills in what was used of a lot, and what that says.
func (l LotBalance) of(u LotUse, contentG *int64) LotBalance {
	weighed := big.NewRat(u.WeightG, 1000)
	sum := new(big.Rat).Set(weighed)
	l.Marks, l.Weighed, l.WeighedKg, l.Counted = u.Weighed+u.Counted, u.Weighed, decimalOf(weighed), u.Counted
	if contentG != nil {
		counted := big.NewRat(*contentG, 1000)
		counted.Mul(counted, big.NewRat(u.Counted, 1))
		l.CountedKg = decimalOf(counted)
		sum.Add(sum, counted)
	}
	l.UsedKg = decimalOf(sum)
	produced, known := new(big.Rat).SetString(l.ProducedKg)
	switch {
	case known && sum.Cmp(produced) > 0:
		l.Verdict, l.OverKg = BalanceImpossible, decimalOf(sum.Sub(sum, produced))
	case l.Marks > 0 && !known, u.Counted > 0 && contentG == nil:
		l.Verdict = BalanceUnknown
	default:
		l.Verdict = BalancePossible
	}
	return l
}

// harvests hold what was produced in each year against the land that it is said to have grown on.
func harvests(r Rule, lots []Lot) []HarvestBalance {
	type land struct {
		lots     int
		produced *big.Rat
		plots    map[string]*big.Rat
		rest     *big.Rat // of lots that name no plots
		unknown  bool
	}
	years := map[int]*land{}
	for _, l := range lots {
		y := years[l.Harvest]
		if y == nil {
			y = &land{produced: new(big.Rat), plots: map[string]*big.Rat{}, rest: new(big.Rat)}
			years[l.Harvest] = y
		}
		y.lots++
		kg, _ := l.Quantity.in(kilograms)
		y.produced.Add(y.produced, kg)
		for _, p := range l.Plots {
			area, _ := p.Area.in(mu)
			if before := y.plots[p.Name]; before == nil || before.Cmp(area) < 0 {
				y.plots[p.Name] = area
			}
		}
		if l.Area != nil {
			area, _ := l.Area.in(mu)
			y.rest.Add(y.rest, area)
		}
		y.unknown = y.unknown || l.Area == nil && len(l.Plots) == 0 && kg.Sign() > 0
	}
	all := []HarvestBalance{}
	for year, y := range years {
		h := HarvestBalance{Harvest: year, Lots: y.lots, ProducedKg: decimalOf(y.produced), Verdict: BalanceUnknown}
		for _, area := range y.plots {
			y.rest.Add(y.rest, area)
		}
		if !y.unknown {
			h.AreaMu = decimalOf(y.rest)
			h.hold(r.YieldKgMu, y.produced, y.rest)
		}
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b HarvestBalance) int { return cmp.Compare(b.Harvest, a.Harvest) })
	return all
}

// hold holds what was produced against area × yield; without a limit nothing is said.
func (h *HarvestBalance) hold(yield string, produced, area *big.Rat) {
	limit, ok := new(big.Rat).SetString(yield)
	if !ok {
		return
	}
	limit.Mul(limit, area)
	h.LimitKg, h.Verdict = decimalOf(limit), BalancePossible
	if produced.Cmp(limit) > 0 {
		h.Verdict, h.OverKg = BalanceImpossible, decimalOf(new(big.Rat).Sub(produced, limit))
	}
}
