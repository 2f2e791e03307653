package registry

import (
	"slices"
	"strings"
)

// Words are the words that files have for the fields and values of a target: lines of `of,word,meaning`, where of is `heading` or the
// field whose value it is.
type Words string

// Of are the words of a field with their meanings, folded by NameKey.
func (w Words) Of(field string) map[string]string {
	m := map[string]string{}
	for row := range strings.Lines(string(w)) {
		if of, rest, ok := strings.Cut(strings.TrimSpace(row), ","); ok && of == field {
			word, is, _ := strings.Cut(rest, ",")
			m[NameKey(word)] = is
		}
	}
	return m
}

// Headings are the headings that files have for a field, folded.
func (w Words) Headings(field string) (all []string) {
	for word, is := range w.Of("heading") {
		if is == field {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return all
}
