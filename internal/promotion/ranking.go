package promotion

import (
	"bytes"
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/google/uuid"
)

// mostPoints are given for a criterion.
const mostPoints = 100

// Ballot is what a member of the committee gave an application, by criterion.
type Ballot map[string]int

// Entry is an application with what the committee gave it.
type Entry struct {
	ApplicationID uuid.UUID
	Number        string
	SubmittedAt   time.Time
	Ballots       []Ballot // of those who scored
	Abstained     int
	Conflicts     int
}

// Ranked is an entry in its place.
type Ranked struct {
	Entry
	Position int      // from 1; 0: nobody scored it, and it is not ranked
	Mean     *big.Rat // weighted points of 100
	sums     []int64  // of each criterion, the heaviest first
	weighted int64    // of all, by their weights
	ballots  int64
}

// Rank orders entries by the mean of their weighted points. A tie is broken by the mean in the heaviest criterion, then the next, and at last by who was
// submitted earlier, so that two are never in one place; what nobody scored comes last, without one. The order in which entries and ballots
// come does not matter: sums are whole, and means are compared as fractions.
func Rank(entries []Entry, criteria []Criterion) []Ranked {
	criteria = slices.Clone(criteria)
	slices.SortStableFunc(criteria, func(a, b Criterion) int { return cmp.Or(b.Weight-a.Weight, cmp.Compare(a.Code, b.Code)) })
	var weights int64
	for _, c := range criteria {
		weights += int64(c.Weight)
	}
	all := make([]Ranked, len(entries))
	for i, e := range entries {
		all[i] = weigh(e, criteria)
	}
	slices.SortFunc(all, func(a, b Ranked) int {
		if scored := cmp.Compare(min(len(b.Ballots), 1), min(len(a.Ballots), 1)); scored != 0 {
			return scored
		}
		// Points of 100, weights and members are few: the products are far from what an int64 holds.
		if by := cmp.Compare(b.weighted*a.ballots, a.weighted*b.ballots); by != 0 {
			return by
		}
		for i := range a.sums {
			if by := cmp.Compare(b.sums[i]*a.ballots, a.sums[i]*b.ballots); by != 0 {
				return by
			}
		}
		return cmp.Or(a.SubmittedAt.Compare(b.SubmittedAt), cmp.Compare(a.Number, b.Number), bytes.Compare(a.ApplicationID[:], b.ApplicationID[:]))
	})
	for i := range all {
		r := &all[i]
		r.Mean = big.NewRat(r.weighted, r.ballots*max(weights, 1))
		if len(r.Ballots) > 0 {
			r.Position = i + 1
		}
	}
	return all
}

// weigh is an entry with its sums: of all, and of each criterion.
func weigh(e Entry, criteria []Criterion) Ranked {
	r := Ranked{Entry: e, sums: make([]int64, len(criteria)), ballots: int64(max(len(e.Ballots), 1))}
	for i, c := range criteria {
		for _, b := range e.Ballots {
			r.sums[i] += int64(b[c.Code])
		}
		r.weighted += r.sums[i] * int64(c.Weight)
	}
	return r
}
