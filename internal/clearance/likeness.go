package clearance

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/helianthus-gi/helianthus/internal/registry"
)

// LikenessKind is a way in which two names are alike.
type LikenessKind string

// The ways, the strongest first.
const (
	Identical       LikenessKind = "identical"
	Folded          LikenessKind = "folded"
	ScriptVariant   LikenessKind = "script-variant"
	PinyinTones     LikenessKind = "pinyin-tones"
	Pinyin          LikenessKind = "pinyin"
	Transliteration LikenessKind = "transliteration"
	Sound           LikenessKind = "sound"
	Consonants      LikenessKind = "consonants"
	Contains        LikenessKind = "contains"  // ours has theirs in it
	Contained       LikenessKind = "contained" // theirs has ours in it
	Edit            LikenessKind = "edit"
	Parts           LikenessKind = "parts"
	FirstElement    LikenessKind = "first-element"
	GenericElement  LikenessKind = "generic-element" // ours has a term in it that the tenant keeps as generic
)

// Likeness is one way in which a name of ours is like one of theirs: its score from 0 to 100, and the shapes that were
// compared. Shared is the generic term on which alone it rests; it was weighed less then.
type Likeness struct {
	Kind   LikenessKind `json:"kind"`
	Score  int          `json:"score"`
	Ours   string       `json:"ours"`
	Theirs string       `json:"theirs"`
	Shared string       `json:"shared,omitempty"`
}

// compare finds the ways in which two names are alike, the strongest first. Where they are the same in one, weaker ways are not
// looked for: that they contain each other says nothing more. generic are the terms that the tenant keeps as generic.
func compare(ours, theirs spelling, generic []spelling) []Likeness {
	if l, same := equal(ours, theirs); same {
		return []Likeness{l}
	}
	var all []Likeness
	for _, way := range []func(a, b spelling) (Likeness, bool){alikeInSound, alikeInConsonants, within, alikeInLetters, alikeInParts, alikeInFirst} {
		if l, ok := way(ours, theirs); ok {
			if shared, only := restsOnGeneric(ours, theirs, generic); only && l.Kind != Sound && l.Kind != Consonants && l.Kind != FirstElement {
				l.Score, l.Shared = l.Score*weightOf("generic-factor")/100, shared
			}
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b Likeness) int { return b.Score - a.Score })
	return all
}

// equal finds the first shape in which two names are the same.
func equal(a, b spelling) (Likeness, bool) {
	is := func(kind LikenessKind, x, y string) (Likeness, bool) {
		return Likeness{Kind: kind, Score: weightOf(string(kind)), Ours: x, Theirs: y}, true
	}
	switch {
	case a.folded == "" || b.folded == "":
		return Likeness{}, false
	case a.exact == b.exact:
		return is(Identical, a.exact, b.exact)
	case a.folded == b.folded:
		return is(Folded, a.folded, b.folded)
	case a.plain == b.plain:
		return is(ScriptVariant, a.plain, b.plain)
	case a.han && b.han && homophones(a.plain, b.plain), (a.han || b.han) && !a.other && !b.other && len(a.latin) >= weightOf("letters") && a.latin == b.latin:
		if x, y := a.toned(), b.toned(); x != "" && x == y {
			return is(PinyinTones, x, y)
		}
		return is(Pinyin, a.latin, b.latin)
	case len(a.latin) >= weightOf("letters") && a.latin == b.latin:
		return is(Transliteration, a.latin, b.latin)
	}
	return Likeness{}, false
}

// homophones tells whether each character of one name may be read as that of the other: many have more than one reading.
func homophones(a, b string) bool {
	if utf8.RuneCountInString(a) != utf8.RuneCountInString(b) || utf8.RuneCountInString(a) < weightOf("han-letters") {
		return false
	}
	all, theirs := readings(), []rune(b)
	for i, r := range []rune(a) {
		if r != theirs[i] && !slices.ContainsFunc(all[r], func(s string) bool { return slices.Contains(all[theirs[i]], s) }) {
			return false
		}
	}
	return true
}

func alikeInSound(a, b spelling) (Likeness, bool) {
	x, y := a.sound(), b.sound()
	return Likeness{Kind: Sound, Score: weightOf("sound"), Ours: x, Theirs: y}, len(x) >= weightOf("letters") && x == y
}

func alikeInConsonants(a, b spelling) (Likeness, bool) {
	if !a.abjad && !b.abjad {
		return Likeness{}, false
	}
	x, y := a.bones(), b.bones()
	return Likeness{Kind: Consonants, Score: weightOf("consonants"), Ours: x, Theirs: y}, len(x) >= weightOf("consonant-letters") && x == y
}

// shapes are those in which two names can be held against each other letter by letter: characters where both have Han, else
// Latin letters. least is how many a part needs.
func shapes(a, b spelling) (x, y string, least int) {
	if a.han && b.han {
		return a.plain, b.plain, weightOf("han-letters")
	}
	return a.latin, b.latin, weightOf("letters")
}

// within finds one name in the other: as characters, as whole words, or as more than half of the letters.
func within(a, b spelling) (Likeness, bool) {
	x, y, least := shapes(a, b)
	kind, short, long, shorter, longer := Contains, y, x, b, a
	if utf8.RuneCountInString(x) < utf8.RuneCountInString(y) {
		kind, short, long, shorter, longer = Contained, x, y, a, b
	}
	n, whole := utf8.RuneCountInString(short), utf8.RuneCountInString(long)
	if n < least || !strings.Contains(long, short) {
		return Likeness{}, false
	}
	share := 100 * n / whole
	if least == weightOf("letters") && share <= 50 && !inWords(longer.words(), shorter.words()) {
		return Likeness{}, false
	}
	return Likeness{Kind: kind, Score: between(weightOf("contained-least"), weightOf("contained-most"), share, 0), Ours: x, Theirs: y}, true
}

// inWords tells whether words follow each other in a longer name.
func inWords(long, short []string) bool {
	latin := func(words []string) (out []string) {
		for _, w := range words {
			out = append(out, latinOf(w))
		}
		return out
	}
	long, short = latin(long), latin(short)
	for i := 0; i+len(short) <= len(long); i++ {
		if slices.Equal(long[i:i+len(short)], short) {
			return true
		}
	}
	return false
}

func alikeInLetters(a, b spelling) (Likeness, bool) {
	x, y, _ := shapes(a, b)
	whole := max(utf8.RuneCountInString(x), utf8.RuneCountInString(y))
	if whole == 0 {
		return Likeness{}, false
	}
	least := weightOf("edit-least")
	d := registry.Distance(x, y, whole*(100-least)/100)
	if d <= 0 {
		return Likeness{}, false
	}
	return Likeness{Kind: Edit, Score: between(0, weightOf("edit-most"), 100-100*d/whole, 0), Ours: x, Theirs: y}, true
}

func alikeInParts(a, b spelling) (Likeness, bool) {
	x, y, _ := shapes(a, b)
	size := 3
	if a.han && b.han {
		size = 2
	}
	p, q := parts(x, size), parts(y, size)
	if len(p) < 2 || len(q) < 2 {
		return Likeness{}, false
	}
	share := 200 * common(p, q) / (len(p) + len(q)) // Dice
	return Likeness{Kind: Parts, Score: between(0, weightOf("parts-most"), share, 0), Ours: x, Theirs: y}, share >= weightOf("parts-least")
}

// parts are the runs of so many characters, sorted.
func parts(s string, size int) []string {
	rs := []rune(s)
	var all []string
	for i := 0; i+size <= len(rs); i++ {
		all = append(all, string(rs[i:i+size]))
	}
	slices.Sort(all)
	return all
}

// common counts what two sorted lists have in common, each as often as both have it.
func common(a, b []string) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := strings.Compare(a[i], b[j]); {
		case c == 0:
			n, i, j = n+1, i+1, j+1
		case c < 0:
			i++
		default:
			j++
		}
	}
	return n
}

func alikeInFirst(a, b spelling) (Likeness, bool) {
	x, y := a.first(), b.first()
	return Likeness{Kind: FirstElement, Score: weightOf("first-element"), Ours: x, Theirs: y}, x != "" && x == y
}

// restsOnGeneric tells whether two names that both have a generic term in them have nothing else in common, and which it is.
func restsOnGeneric(a, b spelling, generic []spelling) (term string, only bool) {
	for _, g := range generic {
		x, y, of := a.plain, b.plain, g.plain
		if !strings.Contains(x, of) || !strings.Contains(y, of) {
			if x, y, of = a.latin, b.latin, g.latin; !strings.Contains(x, of) || !strings.Contains(y, of) {
				continue
			}
		}
		x, y = strings.Replace(x, of, "", 1), strings.Replace(y, of, "", 1)
		if x == "" || y == "" {
			continue // a name that is nothing but the term is what people look for here
		}
		p, q := parts(x, 2), parts(y, 2)
		if x != y && 200*common(p, q) < weightOf("parts-least")*(len(p)+len(q)) || len(p)+len(q) == 0 && x != y {
			return g.text, true
		}
	}
	return "", false
}

// againstGeneric compares a name with a generic term: it may be nothing but the term, or have it in it.
func againstGeneric(ours, term spelling) []Likeness {
	if l, same := equal(ours, term); same {
		return []Likeness{l}
	}
	if l, ok := within(ours, term); ok && l.Kind == Contains {
		return []Likeness{{Kind: GenericElement, Score: weightOf("generic-element"), Ours: l.Ours, Theirs: l.Theirs}}
	}
	return nil
}
