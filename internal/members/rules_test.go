package members

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

func TestEveryActInEveryStatus(t *testing.T) {
	t.Parallel()
	want := map[Status]map[Act]Status{
		Applied:   {Examine: Examined, Refuse: Refused},
		Examined:  {Admit: Admitted, Refuse: Refused},
		Admitted:  {Suspend: Suspended, Leave: Left, Exclude: Excluded},
		Suspended: {Resume: Admitted, Leave: Left, Exclude: Excluded},
		Left:      {Readmit: Admitted},
		Excluded:  {Readmit: Admitted},
		Refused:   {Reconsider: Examined},
	}
	for _, s := range Statuses {
		for _, a := range moves.Acts() {
			to, err := moves.Next(s, a)
			if w, ok := want[s][a]; ok != (err == nil) || ok && to != w {
				t.Errorf("%s in %s: got %s, %v; want %s", a, s, to, err, w)
			}
		}
	}
}

func TestAreasAreExact(t *testing.T) {
	t.Parallel()
	check := func(value string, unit Unit, mu, hectares string) {
		t.Helper()
		a := Area{value, unit}
		if !a.Valid() {
			t.Errorf("%v is not taken", a)
		}
		if m, h := Decimal(a.Mu()), Decimal(a.Hectares()); m != mu || h != hectares {
			t.Errorf("%v: got %s mu, %s hectares; want %s, %s", a, m, h, mu, hectares)
		}
	}
	check("15", Mu, "15", "1")
	check("1", Mu, "1", "0.0667")
	check("0.1", Hectare, "1.5", "0.1")
	check("9999999.9999", Mu, "9999999.9999", "666666.6667")
	check("0", Mu, "0", "0")
	for _, bad := range []Area{{"", Mu}, {"1,5", Mu}, {"-1", Mu}, {"1e3", Mu}, {"1", "acre"}, {"0.00001", Mu}} {
		if bad.Valid() {
			t.Errorf("%v is taken", bad)
		}
	}
	// Three times a third of a hectare is a hectare: nothing is rounded before it is shown.
	c := Content{Plots: []Plot{{Area: Area{"5", Mu}}, {Area: Area{"5", Mu}}, {Area: Area{"5", Mu}}}}
	if mu, hectares := c.Land(); Decimal(mu) != "15" || Decimal(hectares) != "1" {
		t.Errorf("the sum: got %s mu, %s hectares", Decimal(mu), Decimal(hectares))
	}
}

func TestPlotsInTheProtectedArea(t *testing.T) {
	t.Parallel()
	square := func(x, y, size float64) [][2]float64 {
		return [][2]float64{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}
	}
	p := &Protected{rings: [][][2]float64{square(107, 40, 1), square(107.4, 40.4, 0.2)}} // with a hole
	check := func(situation string, ring [][2]float64, want Inside) {
		t.Helper()
		g, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Holds(Plot{Geometry: g}); got != want {
			t.Errorf("%s: got %s, want %s", situation, got, want)
		}
	}
	check("within", square(107.1, 40.1, 0.1), InsideWholly)
	check("outside", square(109, 40, 0.1), InsideNot)
	check("across the edge", square(106.95, 40.1, 0.1), InsidePartly)
	check("in the hole", square(107.45, 40.45, 0.05), InsideNot)
	check("across the edge of the hole", square(107.35, 40.45, 0.1), InsidePartly)
	check("larger than the area", square(106, 39, 3), InsidePartly)
	if got := p.Holds(Plot{}); got != InsideUnknown {
		t.Errorf("without an outline: got %s", got)
	}
	if got := (*Protected)(nil).Holds(Plot{Geometry: []byte(`{}`)}); got != InsideUnknown {
		t.Errorf("without a protected area: got %s", got)
	}
}

func TestIdentityNumbers(t *testing.T) {
	t.Parallel()
	check := func(said, want string, ok bool) {
		t.Helper()
		if got, valid := ReadIDNumber(said); got != want || valid != ok {
			t.Errorf("%q: got %q %t", said, got, valid)
		}
	}
	check("11010519491231002X", "11010519491231002X", true)
	check(" 110105 19491231 002x ", "11010519491231002X", true)
	check("11010519491231002Ｘ", "11010519491231002X", true)
	check("110105194912310021", "110105194912310021", false)
	check("1101051949123100", "1101051949123100", false)
	check("", "", false)
}

func FuzzReadIDNumber(f *testing.F) {
	f.Add("11010519491231002X")
	f.Fuzz(func(t *testing.T, said string) {
		number, ok := ReadIDNumber(said)
		if again, still := ReadIDNumber(number); ok && (again != number || !still) {
			t.Errorf("%q is read as %q, and that as %q", said, number, again)
		}
	})
}

func TestMasks(t *testing.T) {
	t.Parallel()
	p := Private{IDNumber: "11010519491231002X", Reach: []Reach{{Phone: "13800138000", Email: "li@example.org"}, {Phone: "0478"}}}
	m := p.Masked()
	if m.IDNumber != "110*************2X" || m.Reach[0].Phone != "138******00" || m.Reach[0].Email != "l***@example.org" || m.Reach[1].Phone != "**78" {
		t.Errorf("got %+v", m)
	}
	back := m.keeping(p)
	if text(back) != text(p) {
		t.Errorf("what comes back masked: got %+v, want %+v", back, p)
	}
	other := Private{IDNumber: "", Reach: []Reach{{Phone: "13900139000"}}}
	if got := other.keeping(p); text(got) != text(other) {
		t.Errorf("what is said anew: got %+v", got)
	}
}

func TestWhatIsWrongWithAMember(t *testing.T) {
	t.Parallel()
	check := func(situation string, f Facts, want ...string) {
		t.Helper()
		var got []string
		if p, ok := problem.As(f.Check()); ok {
			for _, d := range p.Details {
				got = append(got, d.Pointer+" "+d.Code)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", situation, got, want)
		}
	}
	check("a grower", Facts{Category: Grower, Name: "演示"})
	check("an enterprise", Facts{Category: Enterprise, Name: "演示", CreditCode: "91350100M000100Y43"})
	check("an enterprise without a code", Facts{Category: Enterprise, Name: "演示"}, "/creditCode member.no-identity")
	check("a code with a wrong check", Facts{Category: Enterprise, Name: "演示", CreditCode: "91350100M000100Y44"}, "/creditCode registration.credit-code")
	check("much at once", Facts{Category: Grower, Name: "…", Private: Private{IDNumber: "1", Reach: []Reach{{Phone: "x", Email: "x"}}},
		Content: Content{Declared: &Area{"x", Mu}, Plots: []Plot{{Area: Area{"1", Mu}, Geometry: []byte(`{}`)}}, Licences: []Licence{{UntilOn: "soon"}}}},
		"/name member.name", "/idNumber member.id-number", "/contacts/0/phone member.phone", "/contacts/0/email member.email", "/licences/0/untilOn member.day",
		"/declaredArea/value member.area", "/plots/0/geometry member.geometry")
}

func TestWhatErasureLeaves(t *testing.T) {
	t.Parallel()
	c := Content{Representative: "演示人", Contacts: []Contact{{Name: "演示人"}}, Address: "某村", Note: "n", Varieties: []string{"三道眉"}, Documents: []uuid.UUID{uuid.New()}, Licences: []Licence{{Number: "1"}},
		Plots: []Plot{{Name: "东地"}}}
	person := Member{Facts: Facts{Name: "演示人", Category: Grower, Content: c, Private: Private{IDNumber: "x"}}}.erased()
	if person.Name != "" || text(person.Private) != "{}" || text(person.Content) != `{"varieties":["三道眉"]}` {
		t.Errorf("of a person: %+v", person.Facts)
	}
	body := Member{Facts: Facts{Name: "演示公司", CreditCode: "91350100M000100Y43", Content: c}}.erased()
	if body.Name != "演示公司" || body.Content.Representative != "" || len(body.Content.Contacts) != 0 || body.Content.Address != "" || len(body.Content.Documents) != 0 {
		t.Errorf("of a body: %+v", body.Facts)
	}
}
