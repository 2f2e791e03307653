package marks

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Measure is a decimal number of a unit, as somebody said it. It is converted exactly.
type Measure struct {
	Value string `json:"value"`
	Unit  string `json:"unit"`
}

// Units of goods and of land in the unit that is reckoned with: kilograms, and mu (亩), of which a hectare has fifteen.
var (
	kilograms = map[string]*big.Rat{"kg": big.NewRat(1, 1), "t": big.NewRat(1000, 1)}
	mu        = map[string]*big.Rat{"mu": big.NewRat(1, 1), "hectare": big.NewRat(15, 1)}
)

// decimals have at most four digits behind the point.
var decimals = regexp.MustCompile(`^\d{1,7}(\.\d{1,4})?$`)

// in is the measure in the unit that is reckoned with; false when it is none.
func (m Measure) in(units map[string]*big.Rat) (*big.Rat, bool) {
	by, known := units[m.Unit]
	if !known || !decimals.MatchString(m.Value) {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(m.Value)
	if !ok {
		return nil, false
	}
	return r.Mul(r, by), true
}

// Plot is a piece of land that a lot grew on.
type Plot struct {
	Name string  `json:"name"`
	Area Measure `json:"area"` // mu or hectare
}

// LotFacts are what is declared of a lot.
type LotFacts struct {
	Harvest    int // year
	Quantity   Measure
	Plots      []Plot
	Area       *Measure // of all of it, where no plots are named
	DeclaredBy string
	DeclaredOn time.Time
}

// Lot (批次产量) is goods of one harvest that the holder of an authorisation produced and puts marks on. A correction is another version
// with its reason.
type Lot struct {
	ID              uuid.UUID
	Version         int
	AuthorisationID ID
	Number          string // as uses of marks name it
	LotFacts
	CreatedAt time.Time
	UpdatedAt time.Time
}

// LotVersion is what a lot said since it was declared or corrected.
type LotVersion struct {
	Version int
	LotFacts
	Reason       string
	RecordedName string
	RecordedAt   time.Time
}

// Details of the fields of a lot.
var (
	codeLotNumber   = problem.Field("mark-lot.number")
	codeLotQuantity = problem.Field("mark-lot.quantity")
	codeLotArea     = problem.Field("mark-lot.area")
	codeLotPlot     = problem.Field("mark-lot.plot")
	codeLotBy       = problem.Field("mark-lot.declared-by")
	codeLotReason   = problem.Field("mark-lot.reason")
	codeLotHarvest  = problem.Field("mark-lot.harvest")
)

// Check collects what is wrong with a lot by itself. today is the day that nothing happens after.
func (f *LotFacts) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if _, ok := f.Quantity.in(kilograms); !ok {
		wrong = wrong.At("/quantity", codeLotQuantity)
	}
	if f.Area != nil {
		if _, ok := f.Area.in(mu); !ok || len(f.Plots) > 0 {
			wrong = wrong.At("/area", codeLotArea)
		}
	}
	seen := map[string]bool{}
	for i, p := range f.Plots {
		name := strings.TrimSpace(p.Name)
		if name == "" || seen[name] {
			wrong = wrong.At(fmt.Sprintf("/plots/%d/name", i), codeLotPlot)
		}
		seen[name], f.Plots[i].Name = true, name
		if _, ok := p.Area.in(mu); !ok {
			wrong = wrong.At(fmt.Sprintf("/plots/%d/area", i), codeLotArea)
		}
	}
	if f.DeclaredBy = strings.TrimSpace(f.DeclaredBy); f.DeclaredBy == "" {
		wrong = wrong.At("/declaredBy", codeLotBy)
	}
	if f.DeclaredOn.After(today) {
		wrong = wrong.At("/declaredOn", codeFuture)
	}
	if f.Harvest > today.Year() {
		wrong = wrong.At("/harvest", codeLotHarvest)
	}
	return wrong.Or()
}

// decimalOf writes an exact number: what is reckoned with has at most eight digits behind the point.
func decimalOf(r *big.Rat) string {
	s := r.FloatString(8)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
