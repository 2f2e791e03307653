package marks_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// How long the random test runs: go test ./internal/marks -run TestRandomLedger -operations 100000 -kills 20
var (
	operations = flag.Int("operations", 1600, "random operations of the ledger's model test")
	kills      = flag.Int("kills", 2, "how often PostgreSQL is killed meanwhile")
)

// modelCount is how many marks a batch of the model has: few, so that operations meet each other.
const modelCount = 400

// naive is the ledger as anybody would write it: a place for each number.
type naive [modelCount]marks.Place

// do applies a move that the database let pass, or says why it should not have.
func (n *naive) do(m marks.Move) error {
	for i := m.Numbers.First; i < m.Numbers.First+m.Numbers.Count; i++ {
		if n[i] != m.From {
			return fmt.Errorf("move %d, %s of %d+%d: %d was in %v, not in %v", m.Seq, m.Act, m.Numbers.First, m.Numbers.Count, i, n[i], m.From)
		}
	}
	for i := m.Numbers.First; i < m.Numbers.First+m.Numbers.Count; i++ {
		n[i] = m.To
	}
	return nil
}

// TestRandomLedger lets eight clients do anything at once, while the server is killed now and then, and holds the ledger against
// a naive model: each move fits the one before it, nothing that was confirmed is lost, the places are those that follow from the
// moves, and no number is in two places or in none.
func TestRandomLedger(t *testing.T) {
	t.Parallel()
	h := durable(t)
	holders := []marks.Authorisation{h.active(firstCode), h.active(secondCode), h.active(thirdCode)}
	batches := []marks.Batch{h.ordered(modelCount), h.ordered(modelCount), h.ordered(modelCount)}
	var done, confirmed sync.Map
	var left, moved, deaths atomic.Int64
	left.Store(int64(*operations))
	var wait sync.WaitGroup
	for c := range 8 {
		wait.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(c), 7)) //nolint:gosec // the same operations each time, as far as eight clients can
			for left.Add(-1) >= 0 {
				b := batches[dice.IntN(len(batches))]
				d := randomMove(dice, holders, &done)
				m, err := h.batches.Do(h.ctx, b.ID, d)
				p, known := problem.As(err)
				switch {
				case err == nil:
					moved.Add(1)
					confirmed.Store(m.ID, m)
					done.Store(dice.IntN(50), m)
				case postgres.Retryable(err) || known && p.Kind == problem.Unavailable:
					deaths.Add(1)
					<-time.After(20 * time.Millisecond) // the server comes back
				case !known:
					t.Errorf("%s: %v", d.Act, err)
				}
			}
		})
	}
	wait.Go(func() { killNowAndThen(t, h, &left) })
	wait.Wait()
	h.settled()
	total := int64(0)
	for _, b := range batches {
		total += h.compare(b, &confirmed)
	}
	confirmed.Range(func(id, _ any) bool { t.Errorf("the move %v was confirmed and is lost", id); return true })
	if moved.Load() < int64(*operations)/50 {
		t.Errorf("only %d of %d operations moved anything", moved.Load(), *operations)
	}
	t.Logf("%d operations, %d moves in the ledger, %d were cut off by %d kills", *operations, total, deaths.Load(), *kills)
}

// durable is a county in a cluster of its own in which a commit waits for its disk, as it does where it counts.
func durable(t *testing.T) *house {
	t.Helper()
	server := dbtest.Own(t)
	super, err := pgx.Connect(t.Context(), server.URL("postgres", postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	s := tenancy.Scope{TenantKind: tenancy.County, Slug: "durable", Actor: uuid.New(), ActorKind: tenancy.Person, ActorName: "Test Person"}
	_, err = super.Exec(t.Context(), `alter role helianthus_app set synchronous_commit = on`)
	if err == nil {
		err = super.QueryRow(t.Context(), `insert into app.tenants (slug, kind, names, office) values ('durable', 'county', '{"en": "Durable"}', 'XT') returning id`).Scan(&s.Tenant)
	}
	if err := errors.Join(err, super.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	pool, err := postgres.Open(t.Context(), server.URL(postgres.App, postgres.Database), 16)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return openIn(t, tenancy.In(t.Context(), s), tenancy.New(pool))
}

// randomMove is any act on any numbers; sometimes a correction of a move that was done.
func randomMove(dice *rand.Rand, holders []marks.Authorisation, done *sync.Map) marks.Doing {
	acts := marks.MoveActs()[1:] // an order makes a batch
	act := acts[dice.IntN(len(acts))]
	if dice.IntN(3) == 0 { // else nothing would ever come to be used
		act = []marks.MoveAct{marks.MovePrint, marks.MoveReceive, marks.MoveIssue, marks.MoveReturn, marks.MoveFind}[dice.IntN(5)]
	}
	first := dice.Int64N(modelCount)
	count := 1 + dice.Int64N(6)
	d := doing(act, first, min(count, modelCount-first+dice.Int64N(2)))
	d.Warehouse, d.Authorisation = "", holders[dice.IntN(len(holders))].ID
	switch act {
	case marks.MoveReceive, marks.MoveTransfer, marks.MoveReturn, marks.MoveFind:
		d.Warehouse = fmt.Sprint("W", dice.IntN(2))
	case marks.MoveUse:
		d.Lot = fmt.Sprint("L", dice.IntN(3))
	case marks.MoveCorrect:
		d.Corrects = uuid.New()
		if m, ok := done.Load(dice.IntN(50)); ok {
			d.Corrects, d.Numbers = m.(marks.Move).ID, m.(marks.Move).Numbers
		}
	}
	return d
}

// killNowAndThen kills a server process as often as it shall; PostgreSQL then ends all others and recovers.
func killNowAndThen(t *testing.T, h *house, left *atomic.Int64) {
	t.Helper()
	for k := range *kills {
		for left.Load() > int64(*operations)*int64(*kills-k)/int64(*kills+1) {
			<-time.After(5 * time.Millisecond)
		}
		var pid int
		err := h.db.Read(h.ctx, func(tx pgx.Tx) error { return tx.QueryRow(h.ctx, `select pg_backend_pid()`).Scan(&pid) })
		if err == nil {
			err = syscall.Kill(pid, syscall.SIGKILL)
		}
		if err != nil {
			t.Errorf("kill: %v", err)
		}
	}
}

// settled waits until the server answers again.
func (h *house) settled() {
	h.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; <-time.After(50 * time.Millisecond) {
		err := h.db.Read(h.ctx, func(tx pgx.Tx) error { return nil })
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatal(err)
		}
	}
}

// compare replays the ledger of a batch and holds it against the places that the database keeps.
func (h *house) compare(b marks.Batch, confirmed *sync.Map) int64 {
	h.t.Helper()
	var model naive
	all := h.ledger(b)
	for i, m := range all {
		if m.Seq != i+1 {
			h.t.Fatalf("move %d stands in place %d", m.Seq, i+1)
		}
		if err := model.do(m); err != nil {
			h.t.Fatal(err)
		}
		confirmed.Delete(m.ID)
	}
	var kept naive
	cursor := ""
	for {
		page, next, err := h.batches.Holdings(h.ctx, b.ID, 0, 200, cursor)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, x := range page {
			for i := x.Numbers.First; i < x.Numbers.First+x.Numbers.Count; i++ {
				if kept[i].Kind != marks.Nowhere {
					h.t.Fatalf("%d is in %v and in %v", i, kept[i], x.Place)
				}
				kept[i] = x.Place
			}
		}
		if cursor = next; next == "" {
			break
		}
	}
	for i := range model {
		if model[i] != kept[i] || kept[i].Kind == marks.Nowhere {
			h.t.Fatalf("%d is in %v, and in %v by the ledger", i, kept[i], model[i])
		}
	}
	return int64(len(all))
}

// ledger is all moves of a batch, the first one first.
func (h *house) ledger(b marks.Batch) (all []marks.Move) {
	h.t.Helper()
	cursor := ""
	for {
		page, next, err := h.batches.Moves(h.ctx, marks.MoveFilter{Batch: &b.ID}, 200, cursor)
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, page...)
		if cursor = next; next == "" {
			break
		}
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}
