package recognition

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheFileHas21States(t *testing.T) {
	t.Parallel()
	if len(States()) != 21 {
		t.Errorf("%d states", len(States()))
	}
	got := moves.Statuses()
	slices.Sort(got)
	want := append(slices.Clone(States()), StateNew)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states of the table and of the list: %s", diff)
	}
	for _, s := range States() {
		terminal := slices.Contains([]State{StateWithdrawn, StateAbandoned, StateRenounced, StateInvalidated, StateCancelled, StateExpired}, s)
		if s.Terminal() != terminal {
			t.Errorf("%s is terminal: %v", s, s.Terminal())
		}
	}
}

func TestEveryRuleIsWhole(t *testing.T) {
	t.Parallel()
	for n, r := range rules {
		if len(r.sides) == 0 || len(r.from) == 0 || r.to == "" {
			t.Errorf("%s says not who, from where or to where", r.act)
		}
		if i := slices.IndexFunc(rules, func(o rule) bool { return o.act == r.act }); i != n && r.act != ActOpen {
			t.Errorf("%s has two rules", r.act)
		}
		// An act of one side leads to one place, so that nobody has to guess which.
		for _, side := range r.sides {
			for _, from := range r.from {
				var to []State
				for _, m := range sidedMoves {
					if m.Act == r.act && m.Side == side && m.From == from {
						to = append(to, m.To)
					}
				}
				if r.to != back && len(to) != 1 {
					t.Errorf("%s by %s in %s leads to %v", r.act, side, from, to)
				}
			}
		}
	}
}

// The moves that the law of the file allows in each state, by side, as an officer would write them down: every other pair
// of state and act is refused.
func TestEveryPairOfStateAndAct(t *testing.T) {
	t.Parallel()
	want := map[State]map[Side]string{
		StateNew:         {Origin: "open", Destination: "open"},
		StateDraft:       {Origin: "submit withdraw correct annul", Destination: "correct"},
		StateEndorsement: {Origin: "return endorse withdraw correct annul", Destination: "correct"},
		StateProposed:    {Origin: "suspend cancel withdraw extend waive correct annul", Destination: "receive grant limit suspend extend waive correct annul"},
		StateFormality: {Origin: "acquiesce suspend cancel withdraw extend waive correct annul",
			Destination: "notify accept grant acquiesce limit refuse suspend extend waive correct annul"},
		StateDeficient: {Origin: "remedy suspend cancel withdraw extend waive correct annul", Destination: "abandon grant limit refuse suspend extend waive correct annul"},
		StateExamination: {Origin: "respond acquiesce suspend cancel withdraw extend waive correct annul",
			Destination: "object publish grant acquiesce limit refuse suspend extend waive correct annul"},
		StatePublished: {Origin: "suspend cancel withdraw extend waive correct annul", Destination: "oppose clear grant limit refuse suspend extend waive correct annul"},
		StateOpposed: {Origin: "counter consult suspend cancel withdraw extend waive correct annul",
			Destination: "abandon oppose consult dismiss settle grant limit refuse suspend extend waive correct annul"},
		StateConsulting: {Origin: "suspend cancel withdraw extend waive correct annul", Destination: "dismiss settle grant limit refuse suspend extend waive correct annul"},
		StatePending:    {Origin: "suspend cancel withdraw extend waive correct annul", Destination: "enter grant limit refuse suspend extend waive correct annul"},
		StateProtected:  {Origin: "suspend amend renew cancel renounce extend waive correct annul", Destination: "limit suspend expire invalidate extend waive correct annul"},
		StateLimited:    {Origin: "suspend amend renew cancel renounce extend waive correct annul", Destination: "limit suspend expire invalidate extend waive correct annul"},
		StateSuspended:  {Origin: "resume cancel withdraw correct annul", Destination: "resume correct annul"},
		StateRefused:    {Origin: "appeal cancel correct", Destination: "limit retract correct annul"},
		StateAppeal:     {Origin: "suspend cancel withdraw extend waive correct annul", Destination: "grant limit uphold remit suspend extend waive correct annul"},
		StateWithdrawn:  {Origin: "correct annul", Destination: "correct"},
		StateAbandoned:  {Origin: "correct", Destination: "correct annul"},
		StateRenounced:  {Origin: "correct", Destination: "correct"}, StateInvalidated: {Origin: "correct", Destination: "correct"},
		StateCancelled: {Origin: "correct", Destination: "correct"}, StateExpired: {Origin: "correct", Destination: "correct"},
	}
	for _, from := range append([]State{StateNew}, States()...) {
		for _, side := range Sides {
			got := ""
			for _, act := range CaseActs() {
				if May(side, from, act) {
					got += " " + string(act)
				}
			}
			sorted := func(s string) []string { w := words(s); slices.Sort(w); return w }
			if diff := cmp.Diff(sorted(want[from][side]), sorted(got)); diff != "" {
				t.Errorf("%s, %s: %s", from, side, diff)
			}
		}
	}
}
