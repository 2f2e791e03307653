package registry

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

//go:embed data/offices.txt
var officeFile string

var offices = func() map[string]bool {
	m := map[string]bool{}
	for code := range strings.FieldsSeq(officeFile) {
		m[code] = true
	}
	return m
}()

// knownOffice tells whether a code is one of WIPO ST.3, or one for users' own use (ISO 3166-1, XA to XZ), which the
// demonstration's partners have.
func knownOffice(code string) bool {
	return offices[code] || len(code) == 2 && code[0] == 'X' && code[1] >= 'A' && code[1] <= 'Z'
}

// creditSymbols are the characters of a unified social credit code in the order of their values (GB 32100-2015).
const creditSymbols = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CreditCode tells whether a unified social credit code (统一社会信用代码) has the right form and check character:
// 31 less the sum of value times 3^(i-1) mod 31, over the first seventeen (GB 32100-2015).
func CreditCode(code string) bool {
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(creditSymbols, code[i])
		if v < 0 || i >= 2 && i < 8 && v > 9 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return creditSymbols[(31-sum%31)%31] == code[17]
}

// Limits of an area, so that a map stays a map.
const (
	maxRings  = 1000
	maxPoints = 50_000
)

var errGeometry = errors.New("no polygon")

// Rings reads a GeoJSON Polygon or MultiPolygon (RFC 7946): every ring closed, of at least four positions, in WGS 84.
func Rings(geometry []byte) ([][][2]float64, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(geometry, &g); err != nil {
		return nil, fmt.Errorf("%w: %w", errGeometry, err)
	}
	var polygons [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	default:
		return nil, errGeometry
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errGeometry, err)
	}
	var rings [][][2]float64
	points := 0
	for _, polygon := range polygons {
		for _, ring := range polygon {
			points += len(ring)
			if len(ring) < 4 || len(rings) >= maxRings || points > maxPoints {
				return nil, errGeometry
			}
			out := make([][2]float64, len(ring))
			for i, c := range ring {
				if len(c) < 2 || c[0] < -180 || c[0] > 180 || c[1] < -90 || c[1] > 90 {
					return nil, errGeometry
				}
				out[i] = [2]float64{c[0], c[1]}
			}
			if out[0] != out[len(out)-1] {
				return nil, errGeometry
			}
			rings = append(rings, out)
		}
	}
	if len(rings) == 0 {
		return nil, errGeometry
	}
	return rings, nil
}
