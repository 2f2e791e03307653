package recognition

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

func words(s string) []string { return strings.Fields(s) }

// law is the table of transitions of DOMAIN.md §3.5 written once more, by hand and in another form: the model does not
// know the code's.
var law = func() map[string]string {
	const (
		examined = "formality deficient examination published opposed consultation decision-pending"
		pending  = "proposed " + examined + " appeal"
		force    = "protected protected-limited"
	)
	t := map[string]string{}
	add := func(side, act, from, to string) {
		for _, f := range words(from) {
			for _, s := range words(side) {
				target := to
				if to == "=" {
					target = f
				}
				t[s+" "+f+" "+act] = target
			}
		}
	}
	add("origin", "submit", "draft", "endorsement")
	add("origin", "return", "endorsement", "draft")
	add("origin", "endorse", "endorsement", "proposed")
	add("destination", "receive", "proposed", "formality")
	add("destination", "notify", "formality", "deficient")
	add("origin", "remedy", "deficient", "formality")
	add("destination", "abandon", "deficient opposed", "abandoned")
	add("destination", "accept", "formality", "examination")
	add("destination", "object", "examination", "=")
	add("origin", "respond", "examination", "=")
	add("destination", "publish", "examination", "published")
	add("destination", "oppose", "published opposed", "opposed")
	add("origin", "counter", "opposed", "=")
	add("origin destination", "consult", "opposed", "consultation")
	add("destination", "dismiss", "opposed consultation", "decision-pending")
	add("destination", "settle", "opposed consultation", "decision-pending")
	add("destination", "clear", "published", "decision-pending")
	add("destination", "enter", "decision-pending", "protected")
	add("destination", "grant", pending, "protected")
	add("origin destination", "acquiesce", "formality examination", "protected")
	add("destination", "limit", pending+" "+force+" refused", "protected-limited")
	add("destination", "refuse", examined, "refused")
	add("destination", "retract", "refused", "protected")
	add("origin", "appeal", "refused", "appeal")
	add("destination", "uphold", "appeal", "refused")
	add("destination", "remit", "appeal", "examination")
	add("origin destination", "suspend", pending+" "+force, "suspended")
	add("origin", "amend", force, "=")
	add("origin", "renew", force, "=")
	add("destination", "expire", force, "expired")
	add("destination", "invalidate", force, "invalidated")
	add("origin", "cancel", pending+" "+force+" suspended refused", "cancelled")
	add("origin", "renounce", force, "renounced")
	add("origin", "withdraw", "draft endorsement "+pending+" suspended", "withdrawn")
	add("origin destination", "extend", pending+" "+force, "=")
	add("origin destination", "waive", pending+" "+force, "=")
	return t
}()

// naive is the model: a stack of what stands, each entry with the state before it.
type naive struct {
	state string
	stack []naiveMove
}

type naiveMove struct {
	seq              int
	act, side, start string
	on               time.Time
}

// step is what the model says of an act: the state that it leads to, or no.
func (n *naive) step(side, act string, about int) (string, bool) {
	top := naiveMove{}
	if len(n.stack) > 0 {
		top = n.stack[len(n.stack)-1]
	}
	lasting := []string{"open", "enter", "grant", "acquiesce", "limit", "retract", "invalidate", "cancel", "renounce", "expire"}
	switch act {
	case "resume":
		for i := len(n.stack) - 1; n.state == "suspended" && i >= 0; i-- {
			if n.stack[i].act == "suspend" {
				return n.stack[i].start, true
			}
		}
		return "", false
	case "correct":
		i := slices.IndexFunc(n.stack, func(m naiveMove) bool { return m.seq == about && m.side == side })
		return n.state, i >= 0
	case "annul":
		return top.start, top.seq == about && top.side == side && !slices.Contains(lasting, top.act)
	}
	to, ok := law[side+" "+n.state+" "+act]
	return to, ok
}

func (n *naive) apply(seq int, side, act, to string, about int, on time.Time) {
	switch act {
	case "correct":
		n.stack[slices.IndexFunc(n.stack, func(m naiveMove) bool { return m.seq == about })].on = on
	case "annul":
		n.stack = n.stack[:len(n.stack)-1]
	default:
		n.stack = append(n.stack, naiveMove{seq, act, side, n.state, on})
	}
	n.state = to
}

// everything is a procedure of all steps, so that the law of the file is what decides.
func everything() Procedure {
	p := Procedure{Grounds: []Ground{}}
	for _, r := range rules {
		if r.act != ActOpen {
			p.Steps = append(p.Steps, Step{Act: r.act})
		}
	}
	return p
}

// sequences draws random acts, legal and not, and hands each to the code and the model.
func sequences(t *rapid.T, p Procedure, length int, judge func(e CaseEvent, got error) []CaseEvent) {
	side := rapid.SampledFrom(Sides).Draw(t, "opened by")
	model := &naive{state: map[Side]string{Origin: "draft", Destination: "proposed"}[side]}
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	open := CaseEvent{Act: ActOpen, Side: side, On: day}
	var events []CaseEvent
	take := func(e CaseEvent) error {
		next, err := Next(p, events, e)
		if err == nil {
			events = append(events, next)
		}
		if judge != nil {
			events = judge(next, err)
		}
		return err
	}
	if err := take(open); err != nil {
		t.Fatal(err)
	}
	model.stack = []naiveMove{{1, "open", string(side), "new", day}}
	for range length {
		day = day.AddDate(0, 0, rapid.IntRange(0, 5).Draw(t, "days"))
		e := CaseEvent{Act: draw(t, model.state), Side: rapid.SampledFrom(Sides).Draw(t, "side"), On: day}
		if e.Act == ActCorrect || e.Act == ActAnnul {
			e.About = max(1, len(events)-rapid.IntRange(0, 3).Draw(t, "back"))
		}
		to, legal := model.step(string(e.Side), string(e.Act), e.About)
		err := take(e)
		if (err == nil) != legal {
			t.Fatalf("%s by %s in %s about %d: the model says %v, the code %v", e.Act, e.Side, model.state, e.About, legal, err)
		}
		if err != nil {
			if _, ok := problem.As(err); !ok {
				t.Fatalf("%s in %s: %v is no problem", e.Act, model.state, err)
			}
			continue
		}
		model.apply(len(events), string(e.Side), string(e.Act), to, e.About, e.On)
		if got := events[len(events)-1]; string(got.To) != model.state || got.Seq != len(events) || got.From != events[len(events)-2].To {
			t.Fatalf("after %s: got %+v, the model is in %s", e.Act, got, model.state)
		}
		compare(t, Standing(events), model.stack)
	}
}

// draw prefers what the state allows, so that sequences get somewhere, and takes anything now and then.
func draw(t *rapid.T, state string) CaseAct {
	if rapid.IntRange(0, 4).Draw(t, "kind") > 0 {
		if acts := moves.Allowed(State(state)); len(acts) > 0 {
			return rapid.SampledFrom(acts).Draw(t, "allowed")
		}
	}
	return rapid.SampledFrom(CaseActs()).Draw(t, "any")
}

func compare(t *rapid.T, standing []CaseEvent, stack []naiveMove) {
	var got, want []string
	for _, e := range standing {
		got = append(got, fmt.Sprint(e.Seq, e.Act, e.Side, e.From, e.On.Format(time.DateOnly)))
	}
	for _, m := range stack {
		want = append(want, fmt.Sprint(m.seq, CaseAct(m.act), Side(m.side), State(m.start), m.on.Format(time.DateOnly)))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("what stands: got %v, want %v", got, want)
	}
}

// TestRandomCasesAgainstANaiveModel is run 10,000 times, and on until every state was reached: the rarest is in one of a few thousand.
func TestRandomCasesAgainstANaiveModel(t *testing.T) {
	t.Parallel()
	p := everything()
	reached, runs := map[State]bool{}, 0
	check := func(t *rapid.T) {
		runs++
		var events []CaseEvent
		sequences(t, p, 20, func(e CaseEvent, err error) []CaseEvent {
			if err == nil {
				events = append(events, e)
				reached[e.To] = true
			}
			return events
		})
	}
	for runs < 10_000 || len(reached) < len(States()) && runs < 200_000 {
		rapid.Check(t, check)
		if t.Failed() {
			return
		}
	}
	for _, s := range States() {
		if !reached[s] {
			t.Errorf("no sequence came to %s", s)
		}
	}
}

func TestActsOfTheOtherSideAndOtherProcedures(t *testing.T) {
	t.Parallel()
	events := []CaseEvent{{Seq: 1, Act: ActOpen, Side: Destination, From: StateNew, To: StateProposed, On: on(t, "2026-01-05")}}
	p := template(t, "WIPO-LISBON-GENEVA")
	for _, c := range []struct {
		e    CaseEvent
		want error
	}{
		{CaseEvent{Act: ActReceive, Side: Origin}, ErrOtherSide},
		{CaseEvent{Act: ActPublish, Side: Destination}, lifecycle.ErrNoMove},
		{CaseEvent{Act: ActReceive, Side: Destination}, nil},
		{CaseEvent{Act: ActCorrect, Side: Destination, About: 7}, problem.ErrInvalid},
		{CaseEvent{Act: ActCorrect, Side: Origin, About: 1}, ErrOtherSide},
		{CaseEvent{Act: ActAnnul, Side: Destination, About: 1}, ErrFinal},
	} {
		if _, err := Next(p, events, c.e); !errors.Is(err, c.want) {
			t.Errorf("%s by %s: got %v, want %v", c.e.Act, c.e.Side, err, c.want)
		}
	}
	events = append(events, CaseEvent{Seq: 2, Act: ActReceive, From: StateProposed, To: StateExamination, Side: Destination})
	if _, err := Next(p, events, CaseEvent{Act: ActPublish, Side: Destination}); !errors.Is(err, ErrNoStep) {
		t.Errorf("publishing is no step under the Geneva Act: got %v", err)
	}
}
