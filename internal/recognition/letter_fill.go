package recognition

import (
	"slices"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// fill writes a letter from its template and the file. A language that the house does not speak stays empty: somebody has to write it.
func (f File) fill(b *locale.Bundle, t LetterTemplate, side Side, languages []string) LetterContent {
	c := LetterContent{Template: t.Code, Languages: languages, Texts: map[string]LetterText{}, Translations: map[string]TranslationState{}}
	for n, lang := range languages {
		text := LetterText{}
		if tag := locale.Tag(lang); slices.Contains(locale.Spoken, tag) {
			values := f.values(b, t, side, tag)
			text = LetterText{To: f.addressee(b, side, tag), Subject: b.T(tag, "letter.template."+t.Code+".subject", values), Body: b.T(tag, "letter.template."+t.Code+".body", values)}
		}
		c.Texts[lang] = text
		if n > 0 {
			c.Translations[lang] = TranslationDrafted
		}
	}
	return c
}

// addressee is the office of the other side.
func (f File) addressee(b *locale.Bundle, side Side, tag locale.Tag) string {
	p, office := f.Destination, string(f.Market)
	if side == Destination {
		p, office = f.Origin, f.OriginOffice
	}
	if p != nil {
		return locale.Pick(tag, p.Names)
	}
	return b.T(tag, "letter.office-of", map[string]any{"Country": Market(office).Name(b, tag)})
}

// values are what the file says, for a template in a language. What it does not say is a Blank.
func (f File) values(b *locale.Bundle, t LetterTemplate, side Side, tag locale.Tag) map[string]any {
	standing := Standing(f.Events)
	last := func(acts ...CaseAct) (CaseEvent, bool) {
		for _, e := range slices.Backward(standing) {
			if slices.Contains(acts, e.Act) {
				return e, true
			}
		}
		return CaseEvent{}, false
	}
	v := map[string]any{
		"Name": f.nameIn(tag), "Origin": Market(f.OriginOffice).Name(b, tag), "Market": f.Market.Name(b, tag), "Instrument": locale.Pick(tag, f.InstrumentName),
		"Reference": Blank, "ReceivedOn": Blank, "On": Blank, "EffectiveOn": Blank, "Reason": Blank, "Grounds": Blank, "LastDay": Blank, "Place": Blank, "Limits": Blank, "Decision": Blank,
	}
	set := func(key, text string) {
		if text != "" {
			v[key] = text
		}
	}
	if e, ok := last(ActReceive); ok {
		set("Reference", e.Reference)
		if e.ReceivedOn != nil {
			set("ReceivedOn", locale.Day(tag, *e.ReceivedOn))
		}
	}
	if e, ok := last(t.Act); ok {
		set("On", locale.Day(tag, e.On))
		set("Reason", e.Reason)
		set("Decision", e.Reference)
		if e.EffectiveOn != nil {
			set("EffectiveOn", locale.Day(tag, *e.EffectiveOn))
		}
		set("Place", joined(e.List, e.Position))
		set("Limits", locale.Pick(tag, e.Limits))
		set("Grounds", f.grounds(e.Grounds, tag))
	}
	if d, ok := f.nextDue(side); ok {
		set("LastDay", locale.Day(tag, *d.EndsOn))
	}
	return v
}

// nameIn is the name as a reader of a language reads it beside the original.
func (f File) nameIn(tag locale.Tag) string {
	for _, o := range f.Forms {
		if o.Language == string(tag) || strings.HasPrefix(o.Language, string(tag)+"-") {
			return f.Name + " (" + o.Text + ")"
		}
	}
	return f.Name
}

func (f File) grounds(codes []string, tag locale.Tag) string {
	var all []string
	for _, code := range codes {
		text := code
		for _, g := range f.Procedure.Grounds {
			if g.Code == code && len(g.Titles) > 0 {
				text = locale.Pick(tag, g.Titles)
			}
		}
		all = append(all, "- "+text)
	}
	return strings.Join(all, "\n")
}

// nextDue is the deadline that a letter of a side tells the other side of: its next, or else the own.
func (f File) nextDue(side Side) (due Deadline, ok bool) {
	for _, d := range f.Deadlines() {
		if d.State != DeadlineOpen || d.EndsOn == nil {
			continue
		}
		theirs, better := d.Side != side, due.Side == side
		if !ok || theirs && better || theirs != better && d.EndsOn.Before(*due.EndsOn) {
			due, ok = d, true
		}
	}
	return due, ok
}
