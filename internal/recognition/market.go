package recognition

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Market is the WIPO ST.3 code of a country or a union of countries in which a name may be protected.
type Market string

// codeMarket is the detail of a code that ST.3 does not have.
var codeMarket = problem.Field("market.unknown")

// unions are the territories of more than one country with one register, and their members today. The day on which a
// country joined or left is not kept: an entry for each country stands in the registers of the unions.
var unions = map[Market][]Market{
	"EU": strings2markets("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"),
	"EM": strings2markets("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK EU"),
	"BX": strings2markets("BE NL LU"),
	"OA": strings2markets("BF BJ CF CG CI CM GA GN GQ GW KM ML MR NE SN TD TG"),
}

func strings2markets(codes string) (markets []Market) {
	for _, c := range strings.Fields(codes) {
		markets = append(markets, Market(c))
	}
	return markets
}

// ParseMarket reads a code in any case. Codes that ISO 3166 leaves to users (XA to XZ and QM to QZ) are taken, since
// demonstration tenants speak for no real country.
func ParseMarket(s string) (Market, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	m := Market(s)
	if _, ok := unions[m]; ok {
		return m, true
	}
	if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
		return "", false
	}
	if s[0] == 'X' || s[0] == 'Q' && s[1] >= 'M' {
		return m, true
	}
	r, err := language.ParseRegion(s)
	return m, err == nil && r.IsCountry()
}

// Markets lists the countries and unions that a question may be asked about, by code; those of the demonstration too.
func Markets() []Market {
	all := []Market{"XA", "XB"}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			if _, union := unions[Market(code)]; union {
				all = append(all, Market(code))
				continue
			}
			r, err := language.ParseRegion(code)
			if err == nil && r.IsCountry() && r.Canonicalize().String() == code && a != 'X' {
				all = append(all, Market(code))
			}
		}
	}
	slices.Sort(all)
	return all
}

// Within lists the territories whose protection reaches m: itself and the unions that it belongs to.
func (m Market) Within() []Market {
	in := []Market{m}
	for union, members := range unions {
		if union != m && slices.Contains(members, m) {
			in = append(in, union)
		}
	}
	slices.Sort(in[1:])
	return in
}

// Members lists the territories that a union is of, today; none for a country.
func (m Market) Members() []Market { return slices.Clone(unions[m]) }

var regions = func() map[locale.Tag]display.Namer {
	namers := map[locale.Tag]display.Namer{}
	for _, t := range locale.Spoken {
		namers[t] = display.Regions(language.MustParse(string(t)))
	}
	return namers
}()

// Name is the market's name in a language: the catalogue's where it has one (`market.EU`), else the common name.
func (m Market) Name(b *locale.Bundle, t locale.Tag) string {
	if id := "market." + string(m); b.Has(t, id) {
		return b.T(t, id, nil)
	}
	r, err := language.ParseRegion(string(m))
	if err != nil || !r.IsCountry() {
		return string(m)
	}
	if name := regions[t].Name(r); name != "" {
		return name
	}
	return string(m)
}
