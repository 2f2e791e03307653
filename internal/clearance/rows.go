package clearance

import (
	"strconv"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// sheetColumns are the columns of an exported report, by their messages.
var sheetColumns = []string{"place", "score", "name", "sign", "right", "number", "holder", "office", "since", "state", "classes", "goods", "ways", "source", "decision", "reason", "by"}

// sheetRows are the findings of a report as a table, with its heading.
func sheetRows(b *locale.Bundle, tag locale.Tag, all []Finding) [][]string {
	head := []string{}
	for _, c := range sheetColumns {
		head = append(head, b.T(tag, "clearance.column."+c, nil))
	}
	rows := [][]string{head}
	for _, f := range all {
		decision, day := "", ""
		if f.Decision != Undecided {
			decision = b.T(tag, "clearance.decision."+string(f.Decision), nil)
		}
		if f.Facts.Since != "" {
			day = f.Facts.Since
		}
		rows = append(rows, []string{
			strconv.Itoa(f.Place), strconv.Itoa(f.Score), f.Name, f.Facts.Sign, b.T(tag, "clearance.right."+string(f.Right), nil), f.Facts.Number, locale.Pick(tag, f.Facts.Holder), officeName(b, tag, f.Facts.Office), day,
			stateWord(b, tag, f), strings.ReplaceAll(strings.Join(f.Facts.Classes, "; "), "|", " "), b.T(tag, "clearance.goods."+string(f.Goods), nil), ways(b, tag, f), sourceWord(b, tag, f), decision, f.Reason, f.DecidedBy,
		})
	}
	return rows
}

func officeName(b *locale.Bundle, tag locale.Tag, office string) string {
	if office == "" {
		return b.T(tag, "clearance.everywhere", nil)
	}
	return recognition.Market(office).Name(b, tag)
}

// stateWord is the status of a record in words; one of another house may be any text.
func stateWord(b *locale.Bundle, tag locale.Tag, f Finding) string {
	prefix := map[Right]string{Recognised: "protection.", Pending: "case.state."}[f.Right]
	if prefix == "" {
		prefix = "registration.status."
		if f.Source == "marks" {
			prefix = "earlier-mark.status."
		}
	}
	if id := prefix + f.Facts.Status; b.Has(tag, id) {
		return b.T(tag, id, nil)
	}
	return f.Facts.Status
}

// sourceWord is where a record was found: the list of earlier marks, the publisher, or the place that was searched.
func sourceWord(b *locale.Bundle, tag locale.Tag, f Finding) string {
	switch {
	case f.Source == "marks":
		return f.Facts.List
	case len(f.Facts.Publisher) > 0:
		return locale.Pick(tag, f.Facts.Publisher)
	}
	return b.T(tag, "clearance.source."+f.Source, nil)
}

// ways are how the names are alike, in words.
func ways(b *locale.Bundle, tag locale.Tag, f Finding) string {
	var all []string
	for _, l := range f.Likenesses {
		said := b.T(tag, "clearance.likeness."+string(l.Kind), nil) + " (" + strconv.Itoa(l.Score) + ")"
		if l.Shared != "" {
			said += " – " + b.T(tag, "clearance.shared", map[string]any{"Term": l.Shared})
		}
		all = append(all, said)
	}
	return strings.Join(all, "; ")
}
