package recognition

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// played plays acts under a procedure, one a line: side, act and day, then fields by name.
func played(t *testing.T, p Procedure, lines string) []CaseEvent {
	t.Helper()
	var events []CaseEvent
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		w := words(line)
		e := CaseEvent{Side: Side(w[0]), Act: CaseAct(w[1]), On: on(t, w[2])}
		for _, f := range w[3:] {
			name, value, _ := strings.Cut(f, "=")
			switch name {
			case "effective":
				d := on(t, value)
				e.EffectiveOn = &d
			case "received":
				d := on(t, value)
				e.ReceivedOn = &d
			case "period":
				e.Period = value
			case "days":
				e.Length = &Length{len(value), WorkingDays} // one x a day
			case "about":
				e.About = len(value)
			}
		}
		next, err := Next(p, events, e)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		events = append(events, next)
	}
	return events
}

// shown are deadlines in a line each: code, side, last day, state.
func shown(all []Deadline) []string {
	out := []string{}
	for _, d := range all {
		day := "paused"
		if d.EndsOn != nil {
			day = d.EndsOn.Format(time.DateOnly)
		}
		out = append(out, strings.Join([]string{d.Code, string(d.Side), day, string(d.State)}, " "))
	}
	return out
}

const examination = `
	destination open 2026-01-05
	destination receive 2026-01-12 received=2026-01-12
	destination accept 2026-02-02
`

func TestDeadlinesOfACase(t *testing.T) {
	t.Parallel()
	pilot := template(t, "PILOT-3-3")
	for _, c := range []struct {
		name, lines string
		want        []string
	}{
		{"nothing runs before something starts it", examination, []string{}},
		{"the opposition period is open", examination + `destination publish 2026-03-01 effective=2026-03-12`, []string{"opposition destination 2026-05-12 open"}},
		{"an opposition on the last day is in time, and the counter-statement runs", examination + `destination publish 2026-03-01 effective=2026-03-12
			destination oppose 2026-05-13 received=2026-05-12`, []string{"opposition destination 2026-05-12 met", "counter origin 2026-07-13 open"}},
		{"an opposition a day late", examination + `destination publish 2026-03-01 effective=2026-03-12
			destination oppose 2026-05-13 received=2026-05-13`, []string{"opposition destination 2026-05-12 missed", "counter origin 2026-07-13 open"}},
		{"a corrected start moves the end", examination + `destination publish 2026-03-01 effective=2026-03-12
			destination correct 2026-03-20 effective=2026-03-16 about=xxxx`, []string{"opposition destination 2026-05-18 open"}},
		{"an annulled start leaves nothing", examination + `destination publish 2026-03-01 effective=2026-03-12
			destination annul 2026-03-20 about=xxxx`, []string{}},
		{"what is withdrawn owes nothing", examination + `destination publish 2026-03-01 effective=2026-03-12
			origin withdraw 2026-03-20`, []string{"opposition destination 2026-05-12 void"}},
		{"a notice met", `
			destination open 2026-01-05
			destination receive 2026-01-12
			destination notify 2026-02-09
			origin remedy 2026-03-02`, []string{"remedy origin 2026-03-27 met"}},
		{"a notice extended once", `
			destination open 2026-01-05
			destination receive 2026-01-12
			destination notify 2026-03-02
			destination extend 2026-03-20 period=remedy days=xxxxx`, []string{"remedy origin 2026-04-21 open"}},
		{"a notice waived", `
			destination open 2026-01-05
			destination receive 2026-01-12
			destination notify 2026-03-02
			destination waive 2026-03-20 period=remedy`, []string{"remedy origin 2026-04-14 waived"}},
		{"suspended, nobody knows the last day", `
			destination open 2026-01-05
			destination receive 2026-01-12
			destination notify 2026-03-02
			origin suspend 2026-03-09`, []string{"remedy origin paused open"}},
		{"resumed, the days of the pause do not count", `
			destination open 2026-01-05
			destination receive 2026-01-12
			destination notify 2026-03-02
			origin suspend 2026-03-09
			origin resume 2026-03-16`, []string{"remedy origin 2026-04-21 open"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, shown(DeadlinesOf(pilot, played(t, pilot, c.lines)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSilenceUnderTheGenevaAct(t *testing.T) {
	t.Parallel()
	p := template(t, "WIPO-LISBON-GENEVA")
	events := played(t, p, `
		destination open 2027-02-26
		destination receive 2027-03-01 received=2027-02-28`)
	deadline := DeadlinesOf(p, events)[0]
	if got := shown([]Deadline{deadline}); got[0] != "refusal destination 2028-02-28 open" || deadline.Verified {
		t.Errorf("got %v, verified %v", got, deadline.Verified)
	}
	if got := ProposalsOn(p, events, on(t, "2028-02-28")); len(got) != 0 {
		t.Errorf("on the last day itself: %+v", got)
	}
	got := ProposalsOn(p, events, on(t, "2028-02-29"))
	if len(got) != 1 || got[0].Act != ActAcquiesce {
		t.Fatalf("on the day after: %+v", got)
	}
	// The clock proposes; without a person's act and evidence the case stays where it is.
	e := CaseEvent{Act: ActAcquiesce, Side: Origin, On: on(t, "2028-02-28")}
	if err := e.Check(p, events, on(t, "2028-03-01")); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("without evidence: %v", err)
	}
	e.Documents, e.EffectiveOn = []Paper{{Title: "Notification", Kind: "proof-of-notification", SHA256: strings.Repeat("a", 64)}}, &e.On
	if err := e.Check(p, events, on(t, "2028-03-01")); !errors.Is(err, ErrNotOver) {
		t.Errorf("on the last day: %v", err)
	}
	e.On = on(t, "2028-02-29")
	if err := e.Check(p, events, on(t, "2028-03-01")); err != nil {
		t.Errorf("after it: %v", err)
	}
	events = append(events, CaseEvent{Seq: 3, Act: ActRefuse, From: StateFormality, To: StateRefused, Side: Destination, On: on(t, "2028-03-02")})
	if got := shown(DeadlinesOf(p, events)); got[0] != "refusal destination 2028-02-28 missed" {
		t.Errorf("refused late: %v", got)
	}
}

func TestWhatAnActNeeds(t *testing.T) {
	t.Parallel()
	p := template(t, "CN-EU-2020").In("EU")
	today := on(t, "2026-11-27")
	events := played(t, p, examination)
	day := on(t, "2026-11-20")
	later := on(t, "2026-11-28")
	paper := []Paper{{Title: "Statement", Kind: "reasoned-statement", SHA256: strings.Repeat("a", 64)}}
	for _, c := range []struct {
		name string
		e    CaseEvent
		want []string
	}{
		{"publication", CaseEvent{Act: ActPublish, On: day}, []string{"/reference", "/effectiveOn"}},
		{"what has not happened yet", CaseEvent{Act: ActAccept, On: later, ReceivedOn: &later}, []string{"/on", "/receivedOn"}},
		{"an effect to come", CaseEvent{Act: ActPublish, On: day, EffectiveOn: &later, Reference: "C 1"}, nil},
		{"an opposition without its paper", CaseEvent{Act: ActOppose, On: day, ReceivedOn: &day, Grounds: []string{"generic"}}, []string{"/documents", "/documents"}},
		{"an opposition on a ground that is none", CaseEvent{Act: ActOppose, On: day, ReceivedOn: &day, Documents: paper, Grounds: []string{"homonym", "envy"}}, []string{"/grounds/1"}},
		{"an extension of what does not run", CaseEvent{Act: ActExtend, On: day, Period: "opposition", Length: &Length{1, Months}, Reason: "asked"}, []string{"/period"}},
		{"a correction says all that the act had to say", CaseEvent{Act: ActCorrect, On: day, About: 2, Reason: "misread"}, []string{"/reference", "/receivedOn"}},
	} {
		var got []string
		if e, ok := problem.As(c.e.Check(p, events, today)); ok {
			for _, d := range e.Details {
				got = append(got, d.Pointer)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestExtensionsHaveBounds(t *testing.T) {
	t.Parallel()
	p := template(t, "PILOT-3-3")
	lines := `
		destination open 2026-01-05
		destination receive 2026-01-12
		destination notify 2026-03-02`
	e := CaseEvent{Act: ActExtend, Side: Destination, On: on(t, "2026-03-20"), Period: "remedy", Reason: "asked", Length: &Length{30, WorkingDays}}
	check := func(e CaseEvent, lines string, want error) {
		t.Helper()
		if err := e.Check(p, played(t, p, lines), on(t, "2026-04-01")); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	check(e, lines, nil)
	check(e, lines+"\ndestination extend 2026-03-19 period=remedy days=x", problem.ErrInvalid) // once only
	e.Length = &Length{31, WorkingDays}
	check(e, lines, problem.ErrInvalid)
	e.Length = &Length{1, Months}
	check(e, lines, problem.ErrInvalid)
	e.Length, e.Side = &Length{1, WorkingDays}, Origin // who asks does not grant
	check(e, lines, problem.ErrInvalid)
}
