package members

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Plot is a piece of land that a member grows on: by its area alone, or with its outline.
type Plot struct {
	Name     string          `json:"name"`
	Place    string          `json:"place,omitempty"` // township and village
	Area     Area            `json:"area"`
	Geometry json.RawMessage `json:"geometry,omitempty"` // a GeoJSON Polygon or MultiPolygon (RFC 7946)
}

// Inside says whether a plot lies in the protected area.
type Inside string

// The answers.
const (
	InsideWholly  Inside = "yes"
	InsidePartly  Inside = "partly"
	InsideNot     Inside = "no"
	InsideUnknown Inside = "unknown" // there is no outline, or no protected area to hold it against
)

// Protected is the protected area as a published registration has it.
type Protected struct {
	Publication uuid.UUID
	Version     int
	Title       string
	PublishedAt time.Time
	rings       [][][2]float64
}

// Holds tells whether a plot lies in the protected area. Rings count by the even-odd rule, so that holes and several polygons need no
// telling apart. Degrees are taken as a plane: over the length of a plot's side the difference is less than its outline is exact.
func (p *Protected) Holds(plot Plot) Inside {
	if p == nil || len(plot.Geometry) == 0 {
		return InsideUnknown
	}
	rings, err := registry.Rings(plot.Geometry)
	if err != nil {
		return InsideUnknown
	}
	in, out := false, false
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			if crossesAny(p.rings, ring[i-1], ring[i]) {
				return InsidePartly
			}
			if evenOdd(p.rings, ring[i]) {
				in = true
			} else {
				out = true
			}
		}
	}
	switch {
	case in && out:
		return InsidePartly
	case in:
		return InsideWholly
	case surrounds(rings, p.rings):
		return InsidePartly // the plot is larger than the area and has it within
	default:
		return InsideNot
	}
}

func surrounds(outer, inner [][][2]float64) bool {
	return len(inner) > 0 && len(inner[0]) > 0 && evenOdd(outer, inner[0][0])
}

// evenOdd tells whether a point lies in rings: a line from it to the east crosses them an odd number of times.
func evenOdd(rings [][][2]float64, at [2]float64) bool {
	in := false
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > at[1]) != (b[1] > at[1]) && at[0] < (b[0]-a[0])*(at[1]-a[1])/(b[1]-a[1])+a[0] {
				in = !in
			}
		}
	}
	return in
}

func crossesAny(rings [][][2]float64, p, q [2]float64) bool {
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			if crosses(ring[i-1], ring[i], p, q) {
				return true
			}
		}
	}
	return false
}

// crosses tells whether two lines cross; touching is no crossing, so that a plot may share its edge with the area.
func crosses(a, b, p, q [2]float64) bool {
	side := func(a, b, c [2]float64) float64 { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	return side(a, b, p)*side(a, b, q) < 0 && side(p, q, a)*side(p, q, b) < 0
}
