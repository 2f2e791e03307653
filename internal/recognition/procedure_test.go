package recognition

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

func template(t testing.TB, code string) Procedure {
	t.Helper()
	i := slices.IndexFunc(Templates, func(x Template) bool { return x.Instrument.Code == code })
	if i < 0 {
		t.Fatalf("there is no template %s", code)
	}
	return Templates[i].Procedure
}

func TestTemplatesThatComeWithTheHouse(t *testing.T) {
	t.Parallel()
	if len(Templates) != 4 {
		t.Errorf("%d templates", len(Templates))
	}
	for _, x := range Templates {
		if err := x.Procedure.Check(); err != nil {
			t.Errorf("%s: %v", x.Instrument.Code, err)
		}
		// What was found says where; parties and sources that were not are for whoever takes it over.
		for _, s := range x.Procedure.Steps {
			if s.Basis.Verified && s.Basis.Citation == "" {
				t.Errorf("%s: the step %s is called verified and cites nothing", x.Instrument.Code, s.Act)
			}
		}
		for _, p := range x.Procedure.Periods {
			if p.Basis.Verified && p.Basis.Citation == "" {
				t.Errorf("%s: the period %s is called verified and cites nothing", x.Instrument.Code, p.Code)
			}
			for _, tag := range []string{"zh-Hans", "en"} {
				if p.Titles[tag] == "" {
					t.Errorf("%s: the period %s has no title in %s", x.Instrument.Code, p.Code, tag)
				}
			}
		}
	}
}

func TestPeriodsOfAMarket(t *testing.T) {
	t.Parallel()
	p := template(t, "CN-EU-2020")
	for market, want := range map[Market][]string{"EU": {"endorsement", "opposition"}, "CN": {"opposition-cn"}} {
		var got []string
		for _, q := range p.In(market).Periods {
			got = append(got, q.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", market, diff)
		}
	}
	if len(p.Periods) != 3 {
		t.Errorf("the procedure itself has %d periods left", len(p.Periods))
	}
}

func TestWrongProceduresAreRefused(t *testing.T) {
	t.Parallel()
	good := template(t, "PILOT-3-3")
	for _, c := range []struct {
		name   string
		change func(*Procedure)
		want   []string
	}{
		{"nothing", func(p *Procedure) {}, nil},
		{"no steps lead nowhere", func(p *Procedure) { p.Steps, p.Periods = nil, nil }, []string{"/steps"}},
		{"a step that is no act", func(p *Procedure) { p.Steps[0].Act = "bribe" }, []string{"/steps/0/act"}},
		{"opening is no step", func(p *Procedure) { p.Steps = append(p.Steps, Step{Act: ActOpen}) }, []string{"/steps/25/act"}},
		{"a step twice", func(p *Procedure) { p.Steps = append(p.Steps, Step{Act: ActSubmit}) }, []string{"/steps/25/act"}},
		{"a language that is none", func(p *Procedure) { p.Steps[0].Documents = []Required{{Kind: "x", Languages: []string{"en", "x!"}}} }, []string{"/steps/0/documents/0/languages/1"}},
		{"a period of no length", func(p *Procedure) { p.Periods[0].Length.Count = 0 }, []string{"/periods/0/length"}},
		{"a period in fortnights", func(p *Procedure) { p.Periods[0].Length.Unit = "fortnight" }, []string{"/periods/0/length"}},
		{"a calendar that nobody has", func(p *Procedure) { p.Periods[1].Calendar = "MARS" }, []string{"/periods/1/calendar"}},
		{"silence that means what silence cannot", func(p *Procedure) { p.Periods[1].Silence = ActRefuse }, []string{"/periods/1/silence"}},
		{"a period that no step starts", func(p *Procedure) { p.Periods[1].Starts = []CaseAct{ActAcquiesce} }, []string{"/periods/1/starts/0"}},
		{"two periods of one code", func(p *Procedure) { p.Periods[1].Code = p.Periods[0].Code }, []string{"/periods/1/code"}},
		{"a market that is none", func(p *Procedure) { p.Periods[0].Markets = []Market{"ZZZ"} }, []string{"/periods/0/markets/0"}},
		{"two grounds of one code", func(p *Procedure) { p.Grounds[1].Code = p.Grounds[0].Code }, []string{"/grounds/1/code"}},
	} {
		p := Procedure{Steps: slices.Clone(good.Steps), Periods: slices.Clone(good.Periods), Grounds: slices.Clone(good.Grounds)}
		c.change(&p)
		var got []string
		if e, ok := problem.As(p.Check()); ok {
			for _, d := range e.Details {
				got = append(got, d.Pointer)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// A partner whose week is another one brings its calendar with the procedure; nothing of the house changes.
func TestPartnersCalendar(t *testing.T) {
	t.Parallel()
	p := template(t, "PILOT-3-3")
	p.Calendars = []Calendar{{Code: "XA", TimeZone: "Africa/Cairo", Weekend: []Weekday{"friday", "saturday"}}}
	p.Periods = []Period{{Code: "opposition", Starts: []CaseAct{ActPublish}, From: FromEffective, Length: Length{2, Months}, Calendar: "XA", Rolls: true, Side: Destination,
		Ends: []CaseAct{ActOppose}, Silence: ActClear}}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	first := on(t, "2026-03-24")
	got := DeadlinesOf(p, []CaseEvent{{Seq: 1, Act: ActPublish, On: first, EffectiveOn: &first}})
	if len(got) != 1 || !got[0].EndsOn.Equal(on(t, "2026-05-24")) { // a Sunday, which is worked there
		t.Errorf("got %+v", got)
	}
}
