package promotion

import (
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
	means    []*big.Rat
}

// Rank orders entries by the mean of their weighted points. A tie is broken by the mean in the heaviest criterion, then the next, and at last by who was
// submitted earlier, so that two are never in one place; what nobody scored comes last, without one. The order in which entries and ballots
// come does not matter: fractions are added exactly.
func Rank(entries []Entry, criteria []Criterion) []Ranked {
	criteria = slices.Clone(criteria)
	slices.SortStableFunc(criteria, func(a, b Criterion) int { return cmp.Or(b.Weight-a.Weight, cmp.Compare(a.Code, b.Code)) })
	all := make([]Ranked, len(entries))
	for i, e := range entries {
		all[i] = weigh(e, criteria)
	}
	slices.SortFunc(all, func(a, b Ranked) int {
		if scored := cmp.Compare(min(len(b.Ballots), 1), min(len(a.Ballots), 1)); scored != 0 {
			return scored
		}
		if by := b.Mean.Cmp(a.Mean); by != 0 {
			return by
		}
		for i := range a.means {
			if by := b.means[i].Cmp(a.means[i]); by != 0 {
				return by
			}
		}
		return cmp.Or(a.SubmittedAt.Compare(b.SubmittedAt), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ApplicationID.String(), b.ApplicationID.String()))
	})
	for i := range all {
		if len(all[i].Ballots) > 0 {
			all[i].Position = i + 1
		}
	}
	return all
}

// weigh is an entry with its means: of all, and of each criterion.
func weigh(e Entry, criteria []Criterion) Ranked {
	r := Ranked{Entry: e, Mean: new(big.Rat)}
	var weights int64
	for _, c := range criteria {
		var sum int64
		for _, b := range e.Ballots {
			sum += int64(b[c.Code])
		}
		mean := big.NewRat(sum, int64(max(len(e.Ballots), 1)))
		r.means = append(r.means, mean)
		r.Mean.Add(r.Mean, new(big.Rat).Mul(mean, big.NewRat(int64(c.Weight), 1)))
		weights += int64(c.Weight)
	}
	if weights > 0 {
		r.Mean.Quo(r.Mean, big.NewRat(weights, 1))
	}
	return r
}
