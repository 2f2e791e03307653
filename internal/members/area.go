package members

import (
	"math/big"
	"regexp"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Unit is a unit of area.
type Unit string

// The units. The mu (亩) is a fifteenth of a hectare.
const (
	Mu      Unit = "mu"
	Hectare Unit = "hectare"
)

// muInHectare is how many mu a hectare has.
var muInHectare = big.NewRat(15, 1)

var codeArea = problem.Field("member.area")

// Area is an area as somebody said it: a decimal number and its unit. It is converted exactly and rounded only where it is shown.
type Area struct {
	Value string `json:"value"`
	Unit  Unit   `json:"unit"`
}

// decimal is at most seven digits before the point, a million hectares, and four behind it, a square metre.
var decimal = regexp.MustCompile(`^\d{1,7}(\.\d{1,4})?$`)

// Valid tells whether an area is a number that is kept exactly.
func (a Area) Valid() bool {
	return decimal.MatchString(a.Value) && (a.Unit == Mu || a.Unit == Hectare)
}

func (a Area) rat() *big.Rat {
	r, ok := new(big.Rat).SetString(a.Value)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// Mu is the area in mu.
func (a Area) Mu() *big.Rat {
	if a.Unit == Hectare {
		return new(big.Rat).Mul(a.rat(), muInHectare)
	}
	return a.rat()
}

// Hectares is the area in hectares.
func (a Area) Hectares() *big.Rat {
	if a.Unit == Mu {
		return new(big.Rat).Quo(a.rat(), muInHectare)
	}
	return a.rat()
}

// Decimal writes a number with at most four digits behind the point, half up, without zeros at the end.
func Decimal(r *big.Rat) string {
	s := r.FloatString(4)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// plotted is the area of all plots, in mu and in hectares.
func (c Content) plotted() (mu, hectares *big.Rat) {
	mu = new(big.Rat)
	for _, p := range c.Plots {
		mu.Add(mu, p.Area.Mu())
	}
	return mu, new(big.Rat).Quo(mu, muInHectare)
}

// Land is what a member grows on: the sum of the plots, or what the member declared where no plot is known.
func (c Content) Land() (mu, hectares *big.Rat) {
	if len(c.Plots) == 0 && c.Declared != nil {
		return c.Declared.Mu(), c.Declared.Hectares()
	}
	return c.plotted()
}
