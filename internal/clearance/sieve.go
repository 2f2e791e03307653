package clearance

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// sieve tells names that may be like ours from all others, at the cost of a few look-ups each. What it lets through is compared
// closely; what is like ours it never holds back.
type sieve struct {
	names   []spelling
	floor   int
	whole   map[string]bool    // plain, latin, sound and bones of ours
	firsts  []string           // first elements of ours, in Latin letters
	pairs   map[[2]rune]uint64 // which of our shapes have a pair of characters, a bit each
	lengths [64]int            // pairs of each shape
}

// mostNames is how many names are asked for at once: two shapes each, a bit a shape.
const mostNames = 30

func newSieve(names []spelling, floor int) *sieve {
	s := &sieve{names: names, floor: floor, whole: map[string]bool{}, pairs: map[[2]rune]uint64{}}
	shape := 0
	seen := map[string]bool{}
	for _, n := range names[:min(len(names), mostNames)] {
		for _, key := range []string{n.plain, n.latin} {
			if key == "" || seen[key] {
				continue
			}
			seen[key], s.whole[key] = true, true
			eachPair(key, func(p [2]rune) { s.pairs[p] |= 1 << shape; s.lengths[shape]++ })
			shape++
		}
		if said := n.sound(); len(said) >= weightOf("letters") {
			s.whole["sound "+said] = true
		}
		if bones := n.bones(); len(bones) >= weightOf("consonant-letters") {
			s.whole["bones "+bones] = true
		}
		if first := n.first(); first != "" {
			s.firsts = append(s.firsts, first)
		}
	}
	return s
}

func eachPair(key string, visit func([2]rune)) {
	var before rune
	for _, r := range key {
		if before != 0 {
			visit([2]rune{before, r})
		}
		before = r
	}
}

// keeps tells whether a folded name may be like one of ours.
func (s *sieve) keeps(folded string) bool {
	if folded == "" {
		return false
	}
	theirs := spelling{text: folded, exact: folded, folded: folded, plain: simplified(folded)}
	theirs.latin = latinOf(theirs.plain)
	if s.whole[theirs.plain] || s.whole[theirs.latin] {
		return true
	}
	for _, first := range s.firsts {
		if strings.HasPrefix(theirs.latin, first) {
			return true
		}
	}
	if s.share(theirs.plain) || theirs.latin != theirs.plain && s.share(theirs.latin) {
		return s.close(folded)
	}
	return s.whole["sound "+theirs.sound()] || s.whole["bones "+theirs.bones()] || s.sameReading(theirs.plain)
}

// share tells whether a name has a third of the pairs of one of our shapes, or we a third of its.
func (s *sieve) share(key string) bool {
	var counts [64]int
	n := 0
	eachPair(key, func(p [2]rune) {
		n++
		for mask := s.pairs[p]; mask != 0; mask &= mask - 1 {
			counts[bits.TrailingZeros64(mask)]++
		}
	})
	least := weightOf("shared")
	for shape, c := range counts {
		if c > 0 && 100*c >= least*min(n, s.lengths[shape]) {
			return true
		}
	}
	return false
}

// close compares a name with ours as far as one can without its spaces.
func (s *sieve) close(folded string) bool {
	theirs := spell(folded)
	for _, ours := range s.names {
		for _, l := range compare(ours, theirs, nil) {
			if l.Score >= s.floor {
				return true
			}
		}
		if x, y, least := shapes(ours, theirs); min(utf8.RuneCountInString(x), utf8.RuneCountInString(y)) >= least && (strings.Contains(x, y) || strings.Contains(y, x)) {
			return true
		}
	}
	return false
}

func (s *sieve) sameReading(plain string) bool {
	if ascii(plain) {
		return false
	}
	for _, ours := range s.names {
		if ours.han && homophones(ours.plain, plain) {
			return true
		}
	}
	return false
}
