package registry

import (
	"maps"
	"slices"
	"strings"
)

// differ says in which columns what was read is not what the register has.
func differ(have, read Content) (found []RowProblem) {
	before, after := toRow(have), toRow(read)
	for i := range before {
		if before[i] != after[i] {
			found = append(found, RowProblem{Pointer: tabular[i].headings[0], Code: CodeDiffers, Values: map[string]any{"Has": short(before[i]), "Read": short(after[i])}})
		}
	}
	return found
}

// merge adds and corrects, and takes nothing away: what a file says nothing of stays, an empty cell too.
func merge(have, read Content) Content {
	read.Names = mergeNames(have.Names, read.Names)
	read.Holder, read.ControlBody = mergeParty(have.Holder, read.Holder), mergeParty(have.ControlBody, read.ControlBody)
	read.Area.Words, read.Link = mergeTexts(have.Area.Words, read.Area.Words), mergeTexts(have.Link, read.Link)
	if read.Area.Geometry == nil {
		read.Area.Geometry = have.Area.Geometry
	}
	read.Specification, read.Quality = orElse(read.Specification, have.Specification), orElse(read.Quality, have.Quality)
	read.Classes, read.HSCodes, read.Sources = orElse(read.Classes, have.Classes), orElse(read.HSCodes, have.HSCodes), orElse(read.Sources, have.Sources)
	switch {
	case len(read.Bases) == 0:
		read.Bases = have.Bases
	case len(have.Bases) > 0:
		b, h := &read.Bases[0], have.Bases[0]
		if b.Notice == "" {
			b.Notice = h.Notice
		}
		if b.RegisteredOn == nil {
			b.RegisteredOn = h.RegisteredOn
		}
		if len(read.Bases) == 1 {
			read.Bases = append(read.Bases, have.Bases[1:]...)
		}
	}
	return read
}

func orElse[T any](read, have []T) []T {
	if len(read) == 0 {
		return have
	}
	return read
}

func mergeTexts(have, read map[string]string) map[string]string {
	if len(have) == 0 {
		return read
	}
	out := maps.Clone(have)
	maps.Copy(out, read)
	return out
}

func mergeParty(have, read Party) Party {
	p := Party{Names: mergeTexts(have.Names, read.Names), Address: mergeTexts(have.Address, read.Address), Code: read.Code}
	if p.Code == "" {
		p.Code = have.Code
	}
	return p
}

// mergeNames: a name takes the place of the one of its kind and language. One whose language is not known takes that of the
// same name in the register.
func mergeNames(have, read []Name) []Name {
	var out []Name
	for _, h := range have {
		i := slices.IndexFunc(read, func(n Name) bool {
			return n.Kind == h.Kind && (n.Language == h.Language || strings.HasPrefix(n.Language, "und") && NameKey(n.Text) == NameKey(h.Text))
		})
		if i < 0 {
			out = append(out, h)
			continue
		}
		n := read[i]
		n.Language, n.DoNotTranslate = h.Language, n.DoNotTranslate || h.DoNotTranslate
		out, read = append(out, n), slices.Delete(slices.Clone(read), i, i+1)
	}
	return append(out, read...)
}
