package clearance

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"

	"github.com/helianthus-gi/helianthus/internal/registry"
)

// spelling is a name in the shapes in which names are compared.
type spelling struct {
	text   string // as it is written
	exact  string // composed, with single spaces and without marks that nobody sees
	folded string // registry.NameKey
	plain  string // folded, with one form for traditional and simplified characters
	latin  string // in Latin letters without accents or tones
	han    bool   // has Han characters
	other  bool   // has letters that are neither Han nor Latin
	abjad  bool   // is written in a script that leaves vowels out
}

func spell(text string) spelling {
	s := spelling{text: text, exact: exact(text), folded: registry.NameKey(text)}
	s.plain = simplified(s.folded)
	s.latin = latinOf(s.plain)
	for _, r := range s.folded {
		switch {
		case r < utf8.RuneSelf || unicode.Is(unicode.Latin, r):
		case unicode.Is(unicode.Han, r):
			s.han = true
		case unicode.Is(unicode.Arabic, r), unicode.Is(unicode.Hebrew, r):
			s.other, s.abjad = true, true
		case unicode.IsLetter(r):
			s.other = true
		}
	}
	return s
}

func exact(text string) string {
	visible := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // soft hyphens, joiners, marks of direction
			return -1
		}
		return r
	}, norm.NFC.String(text))
	return strings.Join(strings.Fields(visible), " ")
}

// Traditional characters and the simplified ones for them: TSCharacters of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0).
// Of several the first is the usual one.
//
//go:embed data/variants.txt
var variantFile string

var variants = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{}
	for line := range strings.SplitSeq(variantFile, "\n") {
		from, to, ok := strings.Cut(line, "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		a, _ := utf8.DecodeRuneInString(from)
		b, _ := utf8.DecodeRuneInString(to)
		if a != b {
			m[a] = b
		}
	}
	return m
})

// simplified writes each character in its simplified form.
func simplified(folded string) string {
	if ascii(folded) {
		return folded
	}
	all := variants()
	return strings.Map(func(r rune) rune {
		if to, ok := all[r]; ok {
			return to
		}
		return r
	}, folded)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// readings are the syllables of a Han character without tones, the usual one first.
var readings = sync.OnceValue(func() map[rune][]string {
	m := make(map[rune][]string, len(pinyin.PinyinDict))
	for code, all := range pinyin.PinyinDict {
		for said := range strings.SplitSeq(all, ",") {
			// ü becomes u, as in papers abroad, and not the v of keyboards.
			if syllable := registry.NameKey(said); !slices.Contains(m[rune(code)], syllable) {
				m[rune(code)] = append(m[rune(code)], syllable)
			}
		}
	}
	return m
})

// latinOf writes a folded name in Latin letters: Han by the usual reading, what is neither by Unidecode's tables.
func latinOf(folded string) string {
	if ascii(folded) {
		return folded
	}
	var b strings.Builder
	for _, r := range folded {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case unicode.Is(unicode.Han, r):
			if said := readings()[r]; len(said) > 0 {
				b.WriteString(said[0])
			}
		default:
			for _, l := range strings.ToLower(unidecode.Unidecode(string(r))) {
				if l >= 'a' && l <= 'z' || l >= '0' && l <= '9' {
					b.WriteRune(l)
				}
			}
		}
	}
	return b.String()
}

// toned is a name in pinyin with its tones, empty when it is neither Han nor has tones.
func (s spelling) toned() string {
	if s.han {
		var b strings.Builder
		for _, r := range s.plain {
			said, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
			if said == "" {
				said = string(r)
			}
			b.WriteString(said)
		}
		return norm.NFC.String(b.String())
	}
	if s.other || !strings.ContainsFunc(norm.NFD.String(s.exact), isTone) {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s.exact)
}

// isTone tells whether r is one of the four marks of tones; ¨ of ü is none.
func isTone(r rune) bool { return r == '\u0304' || r == '\u0301' || r == '\u030c' || r == '\u0300' }

// sounds are spellings that are said alike in one language or another, the longer first. It is no phonetics of any language:
// names come here from many, and the same rules go over both.
var sounds = strings.NewReplacer("tsch", "c", "sch", "s", "tch", "c", "ph", "f", "th", "t", "kh", "k", "gh", "g", "rh", "r", "dh", "d", "bh", "b", "ck", "k", "cq", "k", "qu", "k", "ch", "c", "sh", "s", "zh", "z",
	"ce", "se", "ci", "si", "cy", "si", "ts", "s", "tz", "s", "dz", "s", "q", "k", "c", "k", "x", "ks", "z", "s", "w", "v", "y", "i", "j", "i", "ou", "u", "oo", "u", "ee", "i")

// sound is how a name is said, roughly.
func (s spelling) sound() string {
	said := sounds.Replace(s.latin)
	return strings.TrimRight(string(slices.Compact([]byte(said))), "eh")
}

// bones are the consonants of a name; w and y are vowels where vowels are not written.
func (s spelling) bones() string {
	said := sounds.Replace(strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiouwy", r) {
			return -1
		}
		return r
	}, s.latin))
	return string(slices.Compact([]byte(said)))
}

// words are the folded words of a name.
func (s spelling) words() (all []string) {
	for w := range strings.FieldsFuncSeq(s.exact, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
	}) {
		if key := simplified(registry.NameKey(w)); key != "" {
			all = append(all, key)
		}
	}
	return all
}

// first is the first element of a name that has more than one: two Han characters of four or more, else the first word. In Latin letters.
func (s spelling) first() string {
	if s.han {
		if rs := []rune(s.plain); len(rs) > weightOf("first-han")+1 {
			return latinOf(string(rs[:weightOf("first-han")]))
		}
		return ""
	}
	if all := s.words(); len(all) > 1 && len([]rune(all[0])) >= weightOf("letters") {
		return latinOf(all[0])
	}
	return ""
}
