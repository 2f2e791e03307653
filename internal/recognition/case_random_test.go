package recognition_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var errUndone = errors.New("undone")

// Random events are written past the code, as the application's role in the scope of either side: those that follow by the law of the
// file and are the writer's are taken, all others are refused by keys and policies.
func TestRandomMovesInSQL(t *testing.T) {
	t.Parallel()
	p := opened(t, "PILOT-3-3").proposed()
	keeper, err := tenancy.From(p.origin)
	if err != nil {
		t.Fatal(err)
	}
	other, err := tenancy.From(p.destination)
	if err != nil {
		t.Fatal(err)
	}
	law, states, acts := recognition.Moves(), recognition.States(), recognition.CaseActs()
	dice := rand.New(rand.NewPCG(7, 7))
	taken := 0
	for range 1500 {
		act, from, to, side := acts[dice.IntN(len(acts))], recognition.State("proposed"), states[dice.IntN(len(states))], recognition.Sides[dice.IntN(2)]
		if dice.IntN(3) == 0 { // a move of the law, so that some are legal
			w := strings.Fields(law[dice.IntN(len(law))])
			act, to, side = recognition.CaseAct(w[1]), recognition.State(w[2]), recognition.Side(w[3])
			if dice.IntN(3) == 0 {
				from = recognition.State(w[0])
			}
		}
		ctx, me := p.origin, keeper.Tenant
		if dice.IntN(2) == 0 {
			ctx, me = p.destination, other.Tenant
		}
		own := (side == recognition.Origin) == (me == keeper.Tenant)
		about := slices.Contains([]recognition.CaseAct{recognition.ActCorrect, recognition.ActAnnul, recognition.ActResume}, act) // needs an event that it is about
		legal := from == "proposed" && own && !about && slices.Contains(law, strings.Join([]string{string(from), string(act), string(to), string(side)}, " "))
		err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `insert into app.case_events (tenant_id, case_id, seq, act, from_state, to_state, side, recorder, shared, happened_on)
				values ($1, $2, $3, $4, $5, $6, $7, $8, true, '2026-02-01')`, keeper.Tenant, p.file.ID, p.file.Version+1, act, from, to, side, me)
			return errors.Join(err, errUndone)
		})
		var refused interface{ SQLState() string }
		if got := !errors.As(err, &refused); got != legal || !errors.Is(err, errUndone) {
			t.Errorf("%s: %s from %s to %s for %s was taken: %v, want %v (%v)", me, act, from, to, side, got, legal, err)
		}
		if legal {
			taken++
		}
	}
	if taken == 0 {
		t.Error("no move was legal: the test tries nothing")
	}
}
