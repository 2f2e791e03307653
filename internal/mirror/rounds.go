package mirror

import "sync"

// rounds are the looks at houses that this node is having, one at each at a time.
type rounds struct {
	all  sync.WaitGroup
	mu   sync.Mutex
	busy map[string]bool // by the house's name
}

func newRounds() *rounds { return &rounds{busy: map[string]bool{}} }

// begin looks at a house, unless the last look goes on.
func (r *rounds) begin(house string, look func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[house] {
		return
	}
	r.busy[house] = true
	r.all.Go(func() {
		look()
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.busy, house)
	})
}
