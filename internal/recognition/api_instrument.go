package recognition

import (
	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

func textsIn(all *[]api.LegalText) []LegalText {
	if all == nil {
		return nil
	}
	var out []LegalText
	for _, x := range *all {
		out = append(out, LegalText{Language: x.Language, Title: x.Title, Authentic: x.Authentic != nil && *x.Authentic, URL: or(x.Url), DocumentID: x.DocumentId})
	}
	return out
}

func textsOut(all []LegalText) []api.LegalText {
	out := []api.LegalText{}
	for _, x := range all {
		out = append(out, api.LegalText{Language: x.Language, Title: x.Title, Authentic: new(x.Authentic), Url: wire.Optional(x.URL), DocumentId: x.DocumentID})
	}
	return out
}

func amendmentsIn(all *[]api.Amendment) []Amendment {
	if all == nil {
		return nil
	}
	var out []Amendment
	for _, x := range *all {
		out = append(out, Amendment{Titles: x.Titles, SignedOn: x.SignedOn, InForceOn: x.InForceOn, URL: or(x.Url)})
	}
	return out
}

func amendmentsOut(all []Amendment) []api.Amendment {
	out := []api.Amendment{}
	for _, x := range all {
		out = append(out, api.Amendment{Titles: x.Titles, SignedOn: x.SignedOn, InForceOn: x.InForceOn, Url: wire.Optional(x.URL)})
	}
	return out
}

// versionOut is a version of a procedure with what its readers and editors have to know of the house.
func versionOut(number int, p api.Procedure) api.ProcedureVersion {
	w := api.ProcedureVersion{Version: number, Procedure: p, Sides: []api.StepSides{}, Calendars: []string{}}
	for _, s := range StepsOfFile() {
		x := api.StepSides{Act: api.CaseAct(s.Act), Sides: []api.CaseSide{}}
		for _, side := range s.Sides {
			x.Sides = append(x.Sides, api.CaseSide(side))
		}
		w.Sides = append(w.Sides, x)
	}
	w.Calendars = append(w.Calendars, CalendarCodes()...)
	return w
}
