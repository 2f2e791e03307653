package registry

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

var fold = cases.Fold()

// plain has the letters that decompose into nothing simpler. The dotless i of Turkish folds to the i that the rest of the
// world searches with.
var plain = strings.NewReplacer("İ", "i", "ı", "i", "ß", "ss", "ø", "o", "Ø", "o", "đ", "d", "Đ", "d", "ł", "l", "Ł", "l", "æ", "ae", "Æ", "ae")

// NameKey folds a name so that forms which people take for the same compare equal: width and compatibility forms,
// case, accents and vowel signs, spaces and punctuation. Scripts stay apart: a transcription is a name of its own.
//
//	"Wǔyuán  Xiàngrìkuí" and "WUYUAN XIANGRIKUI" are "wuyuanxiangrikui"; "五原 向日葵" is "五原向日葵".
func NameKey(name string) string {
	s := norm.NFKD.String(fold.String(norm.NFKC.String(plain.Replace(name))))
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r), r == 'ـ': // accents, vowel signs, the Arabic lengthening stroke
		case r == 'أ' || r == 'إ' || r == 'آ' || r == 'ٱ':
			b.WriteRune('ا')
		case r == 'ى':
			b.WriteRune('ي')
		case r == 'ة':
			b.WriteRune('ه')
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mc, r):
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// folded is all that a registration is found by, a line each.
func (c Content) folded() string {
	var lines []string
	for _, n := range c.Names {
		lines = append(lines, NameKey(n.Text))
	}
	for _, b := range c.Bases {
		if b.Number != "" {
			lines = append(lines, NameKey(b.Number))
		}
	}
	for _, n := range c.Holder.Names {
		lines = append(lines, NameKey(n))
	}
	return strings.Join(lines, "\n")
}

// wholeSign stands before a line that is in the index as a whole; no name has a sign.
const wholeSign = "="

// grams are the lines of a folded text, and their single characters and pairs of adjacent characters, each once.
func grams(folded string) []string {
	seen, out := map[string]bool{}, []string{}
	add := func(g string) {
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	for line := range strings.SplitSeq(folded, "\n") {
		if line != "" {
			add(wholeSign + line)
		}
		var before rune
		for _, r := range line {
			add(string(r))
			if before != 0 {
				add(string([]rune{before, r}))
			}
			before = r
		}
	}
	return out
}

// wantedGrams are the grams that find a word: its pairs, or the one character it is.
func wantedGrams(word string) []string {
	rs := []rune(word)
	if len(rs) == 1 {
		return []string{word}
	}
	out := []string{}
	for i := 1; i < len(rs) && len(out) < 12; i++ {
		out = append(out, string(rs[i-1:i+1]))
	}
	return out
}
