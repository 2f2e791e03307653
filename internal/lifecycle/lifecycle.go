// Package lifecycle keeps the states of a record in one table of moves: status, act, next status.
package lifecycle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrNoMove is returned for an act that the record's status does not allow.
var ErrNoMove = problem.New(problem.Conflict, "lifecycle.no-move")

// Move is one row of a table: in status From, Act leads to To.
type Move[S, A ~string] struct {
	From S
	Act  A
	To   S
}

// Table holds all moves of one kind of record; what it does not list cannot happen.
type Table[S, A ~string] []Move[S, A]

// Next returns the status that act leads to, or ErrNoMove.
func (t Table[S, A]) Next(from S, act A) (S, error) {
	for _, m := range t {
		if m.From == from && m.Act == act {
			return m.To, nil
		}
	}
	return from, ErrNoMove.With("Status", string(from)).With("Act", string(act))
}

// Allowed lists the acts possible in a status, in the table's order.
func (t Table[S, A]) Allowed(from S) []A {
	acts := []A{}
	for _, m := range t {
		if m.From == from && !slices.Contains(acts, m.Act) {
			acts = append(acts, m.Act)
		}
	}
	return acts
}

// Statuses lists every status of the table, in order of appearance.
func (t Table[S, A]) Statuses() []S {
	var ss []S
	for _, m := range t {
		for _, s := range []S{m.From, m.To} {
			if !slices.Contains(ss, s) {
				ss = append(ss, s)
			}
		}
	}
	return ss
}

// Acts lists every act of the table, in order of appearance.
func (t Table[S, A]) Acts() []A {
	var as []A
	for _, m := range t {
		if !slices.Contains(as, m.Act) {
			as = append(as, m.Act)
		}
	}
	return as
}

// Mermaid draws the table as a state diagram, for the guides.
func (t Table[S, A]) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, m := range t {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", m.From, m.To, m.Act)
	}
	return b.String()
}
