package status

import (
	"time"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Sentence is the answer as one sentence in a language.
func (a Answer) Sentence(b *locale.Bundle, t locale.Tag) string {
	if a.Protected == Yes && a.Entitled != "" {
		return b.T(t, "status.answer.holder."+string(a.Entitled), a.Asked.values(b, t)) // the name is protected; it is the holder that decides
	}
	return b.T(t, "status.answer."+string(a.Word), a.Asked.values(b, t))
}

// Sentence is one of the answer's reasons as a sentence in a language.
func (r Reason) Sentence(b *locale.Bundle, t locale.Tag, asked Question) string {
	values := asked.values(b, t)
	if r.Name != "" {
		values["Name"] = r.Name
	}
	values["From"], values["Until"] = dayText(t, r.From), dayText(t, r.Until)
	if r.Record != nil {
		values["Publisher"] = locale.Pick(t, r.Record.Publisher.Names)
	}
	if r.Basis != nil {
		values["Office"], values["Number"] = r.Basis.Office.Name(b, t), r.Basis.Number
	}
	values["User"] = asked.Holder
	if r.Use != nil {
		values["User"] = locale.Pick(t, r.Use.Names)
	}
	if c := r.Recognition; c != nil {
		values["Limits"] = locale.Pick(t, c.Limits)
		values["Instrument"] = ""
		if c.Instrument != nil {
			values["Instrument"] = locale.Pick(t, c.Instrument.Titles)
		}
	}
	return b.T(t, "status.reason."+string(r.Code), values)
}

func (q Question) values(b *locale.Bundle, t locale.Tag) map[string]any {
	return map[string]any{"Name": q.Name, "Market": q.Market.Name(b, t), "On": locale.Day(t, q.On), "Holder": q.Holder}
}

func dayText(t locale.Tag, d *time.Time) string {
	if d == nil {
		return ""
	}
	return locale.Day(t, *d)
}
