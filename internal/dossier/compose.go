package dossier

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// labels are the template's words; each is the message paper.<name>.
var labels = []string{"kind", "draft", "demo", "demoWhy", "contents", "pageOf", "card", "names", "name", "language", "script", "nameKind", "scheme", "area", "mapAlt", "mapCaption", "holder", "specification",
	"link", "status", "reasons", "marks", "quality", "noQuality", "property", "value", "method", "evidence", "annexes", "noAnnexes", "number", "title", "file", "fingerprint", "verification", "qrAlt",
	"qrCaption", "source"}

// composer writes one language of a dossier.
type composer struct {
	Contents
	bundle *locale.Bundle
	tag    locale.Tag
}

// compose makes the paper of frozen contents in a language. It looks at nothing else, so that it says the same again.
func (s *Dossiers) compose(c Contents, tag locale.Tag) (Paper, error) {
	return composer{c, s.bundle, tag}.paper()
}

// isolated keeps a name of another script from turning the words beside it around (UAX #9, first strong isolate).
const isolated = "\u2068%v\u2069"

func (c composer) t(id string, kv ...any) string {
	values := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		values[kv[i].(string)] = kv[i+1]
		if c.tag.Dir() == "rtl" {
			values[kv[i].(string)] = fmt.Sprintf(isolated, kv[i+1])
		}
	}
	return c.bundle.T(c.tag, id, values)
}

// text is a segment in the paper's language; what is not translated stands in its own language and says so, and so does
// a translation that nobody compared with its source.
func (c composer) text(key string) PaperText {
	s, err := segment(c.Segments, key)
	if err != nil {
		return PaperText{}
	}
	text, ok := s.In(string(c.tag))
	if !ok {
		return PaperText{Text: text, Language: SourceLanguage, Note: c.t("paper.notTranslated")}
	}
	for _, t := range s.Translations {
		if t.Language == string(c.tag) && (!t.State.Good() || s.Stale(t)) {
			return PaperText{Text: text, Note: c.t("paper.notReviewed", "State", c.t("translation.state."+string(t.State)))}
		}
	}
	return PaperText{Text: text}
}

// value is a segment as a line of a card.
func (c composer) value(label, key string) Pair {
	t := c.text(key)
	return Pair{Label: label, Value: t.Text, Language: t.Language}
}

func (c composer) day(full string) string {
	d, err := time.Parse(time.DateOnly, full)
	if err != nil {
		return full
	}
	return locale.Day(c.tag, d)
}

func (c composer) country(code string) string { return recognition.Market(code).Name(c.bundle, c.tag) }

// title is the name in the paper's language: a translation or form in it, else the transcription, else the original.
func (c composer) title() string {
	if t := c.Title[string(c.tag)]; t != "" {
		return t
	}
	reg := c.Registration
	if c.tag == locale.Chinese {
		return reg.Title()
	}
	for _, n := range reg.Names {
		if n.Language == string(c.tag) {
			return n.Text
		}
	}
	for _, n := range reg.NamesOf(registry.Transcription) {
		return n.Text
	}
	return reg.Title()
}

// second is the name beside the title: the registered one, or in a paper in its language a transcription or translation.
func (c composer) second(title string) PaperText {
	names := append(c.Registration.NamesOf(registry.Original), c.Registration.NamesOf(registry.Transcription)...)
	for _, n := range append(names, c.Registration.NamesOf(registry.Translation)...) {
		if n.Text != title && n.Language != string(c.tag) {
			return PaperText{Text: n.Text, Language: n.Language}
		}
	}
	return PaperText{}
}

func (c composer) paper() (Paper, error) {
	p, err := ProfileOf(c.Profile, c.Edition)
	if err != nil {
		return Paper{}, err
	}
	d, err := time.Parse(time.DateOnly, c.Day)
	if err != nil {
		return Paper{}, fmt.Errorf("day of %s: %w", c.Number, err)
	}
	title := c.title()
	out := Paper{
		Language: string(c.tag), Direction: c.tag.Dir(), Number: c.Number, Title: title, Second: c.second(title), Issuer: locale.Pick(c.tag, c.Issuer),
		Subtitle: c.t("paper.subtitle", "Market", c.country(c.Market)), Created: [3]int{d.Year(), int(d.Month()), d.Day()}, Demo: c.Demo, Draft: !c.Official,
		Words: map[string]string{}, Sections: p.Sections, Card: c.card(p), Link: c.text("link"), Names: c.names(), Holder: c.holder(), Specification: []PaperSection{},
		Status: c.status(), Marks: []PaperReason{}, Quality: c.quality(), Annexes: c.annexes(),
	}
	for _, l := range labels {
		out.Words[l] = c.t("paper."+l, "Page", "{page}", "Pages", "{pages}")
	}
	out.Cover = []Pair{
		{Label: c.t("paper.number"), Value: c.Number, Code: true}, {Label: c.t("paper.day"), Value: c.day(c.Day)}, {Label: c.t("paper.issuer"), Value: out.Issuer},
		{Label: c.t("paper.market"), Value: c.country(c.Market)}, {Label: c.t("paper.profile"), Value: c.t("paper.edition", "Profile", locale.Pick(c.tag, p.Titles), "Edition", p.Edition)},
	}
	if out.Area, err = c.area(); err != nil {
		return out, err
	}
	for _, s := range c.Registration.Specification {
		out.Specification = append(out.Specification, PaperSection{Title: c.text("specification." + s.Key + ".title"), Text: c.text("specification." + s.Key)})
	}
	// The duties of mark users: notice 354 of 2020, in force.
	for _, n := range []string{"users", "duties", "label"} {
		out.Marks = append(out.Marks, PaperReason{Text: c.t("paper.mark." + n), Source: c.t("paper.mark.source")})
	}
	out.Verification, err = c.verification()
	return out, err
}

// card has the fields that the Ministry of Commerce shows of a name under the China-EU agreement: origin, registration at
// origin, registration in the market, basis, applicant, file number, specification.
func (c composer) card(p Profile) []PaperGroup {
	reg := c.Registration
	origin := PaperGroup{Title: c.t("paper.card.origin"), Pairs: []Pair{{Label: c.t("paper.card.country"), Value: c.country(reg.Office)}, {Label: c.t("paper.card.name"), Value: reg.Title(), Language: SourceLanguage}}}
	for _, n := range reg.NamesOf(registry.Transcription) {
		origin.Pairs = append(origin.Pairs, Pair{Label: c.t("paper.card.transcription"), Value: n.Text, Language: n.Language})
	}
	if t := c.text("product"); t.Text != "" {
		origin.Pairs = append(origin.Pairs, c.value(c.t("paper.card.product"), "product"))
	}
	for _, k := range reg.Classes {
		origin.Pairs = append(origin.Pairs, Pair{Label: c.t("paper.card.class"), Value: strings.TrimSpace(k.Scheme + " " + k.Code + " " + k.Edition), Code: true})
	}
	if len(reg.HSCodes) > 0 {
		origin.Pairs = append(origin.Pairs, Pair{Label: c.t("paper.card.hs"), Value: strings.Join(reg.HSCodes, ", "), Code: true})
	}
	groups := append([]PaperGroup{origin}, c.bases()...)
	market := PaperGroup{Title: c.t("paper.card.market"), Pairs: []Pair{{Label: c.t("paper.market"), Value: c.country(c.Market)}, {Label: c.t("paper.card.protection"), Value: c.Answers[string(c.tag)].Text}}}
	file := PaperGroup{Title: c.t("paper.card.file"), Pairs: []Pair{c.value(c.t("paper.card.applicant"), "holder"), {Label: c.t("paper.number"), Value: c.Number, Code: true}}}
	if i := slices.Index(p.Sections, "specification"); i >= 0 && len(reg.Specification) > 0 {
		file.Pairs = append(file.Pairs, Pair{Label: c.t("paper.specification"), Value: c.t("paper.card.section", "Section", i+1)})
	}
	for _, s := range reg.Sources {
		v := s.Title
		if s.URL != "" {
			v += " <" + s.URL + ">"
		}
		file.Pairs = append(file.Pairs, Pair{Label: c.t("paper.source"), Value: v, Language: SourceLanguage})
	}
	return append(groups, market, file)
}

// bases has a group for each legal basis.
func (c composer) bases() []PaperGroup {
	state := Pair{Label: c.t("paper.card.state"), Value: c.t("registration.status." + string(c.Status))}
	if len(c.Registration.Bases) == 0 {
		return []PaperGroup{{Title: c.t("paper.card.basis"), Pairs: []Pair{{Label: c.t("paper.card.basis"), Value: c.t("paper.notKnown")}, state}}}
	}
	var groups []PaperGroup
	for _, b := range c.Registration.Bases {
		g := PaperGroup{Title: c.t("paper.card.registration", "Office", c.country(b.Office)), Pairs: []Pair{{Label: c.t("paper.card.basis"), Value: c.t("basis." + b.Kind)}}}
		if b.Number != "" {
			g.Pairs = append(g.Pairs, Pair{Label: c.t("paper.card.number"), Value: b.Number, Code: true})
		}
		if b.Notice != "" {
			g.Pairs = append(g.Pairs, Pair{Label: c.t("paper.card.notice"), Value: b.Notice, Language: SourceLanguage})
		}
		if b.RegisteredOn != nil {
			g.Pairs = append(g.Pairs, Pair{Label: c.t("paper.card.registeredOn"), Value: c.day(*b.RegisteredOn)})
		}
		g.Pairs = append(g.Pairs, state)
		groups = append(groups, g)
	}
	return groups
}

func (c composer) names() []PaperName {
	spoken, written := display.Languages(language.Make(string(c.tag))), display.Scripts(language.Make(string(c.tag)))
	names := []PaperName{}
	for _, n := range c.Registration.Names {
		tag := language.Make(n.Language)
		name := PaperName{Text: n.Text, Language: n.Language, Spoken: c.t("paper.notKnown"), Written: c.t("paper.notKnown"), Kind: c.t("name.kind." + n.Kind), Scheme: n.Scheme}
		if base, sure := tag.Base(); sure != language.No {
			name.Spoken = spoken.Name(base)
		}
		if script, sure := tag.Script(); sure != language.No {
			name.Written = written.Name(script)
		}
		names = append(names, name)
	}
	return names
}

// maxPoints keeps an outline drawn from a survey to what can be seen on a page.
const maxPoints = 2000

func (c composer) area() (PaperArea, error) {
	a := PaperArea{Words: c.text("area"), Rings: [][][2]float64{}, Facts: []Pair{}}
	if len(c.Registration.Area.Geometry) == 0 {
		return a, nil
	}
	rings, err := registry.Rings(c.Registration.Area.Geometry)
	if err != nil {
		return a, fmt.Errorf("area of %s: %w", c.Number, err)
	}
	low, high := [2]float64{180, 90}, [2]float64{-180, -90}
	for _, r := range rings {
		step := 1 + len(r)/maxPoints
		thin := [][2]float64{}
		for i, point := range r {
			for k := range point {
				low[k], high[k] = min(low[k], point[k]), max(high[k], point[k])
			}
			if i%step == 0 {
				thin = append(thin, point)
			}
		}
		a.Rings = append(a.Rings, thin)
	}
	if len(a.Rings) > 0 {
		a.Facts = append(a.Facts, Pair{Label: c.t("paper.longitude"), Value: fmt.Sprintf("%.2f° – %.2f°", low[0], high[0]), Code: true}, Pair{Label: c.t("paper.latitude"), Value: fmt.Sprintf("%.2f° – %.2f°", low[1], high[1]), Code: true})
	}
	return a, nil
}

func (c composer) holder() []PaperGroup {
	groups := []PaperGroup{}
	add := func(title, segment string, p registry.Party) {
		if len(p.Names) == 0 {
			return
		}
		g := PaperGroup{Title: c.t(title), Pairs: []Pair{c.value(c.t("paper.name"), segment)}}
		if own := p.Names[SourceLanguage]; own != "" && own != g.Pairs[0].Value {
			g.Pairs = append(g.Pairs, Pair{Label: c.t("paper.inOriginal"), Value: own, Language: SourceLanguage})
		}
		if p.Code != "" {
			g.Pairs = append(g.Pairs, Pair{Label: c.t("paper.creditCode"), Value: p.Code, Code: true})
		}
		if a := locale.Pick(c.tag, p.Address); a != "" {
			g.Pairs = append(g.Pairs, Pair{Label: c.t("paper.address"), Value: a})
		}
		groups = append(groups, g)
	}
	add("paper.holderName", "holder", c.Registration.Holder)
	add("paper.controlBody", "control-body", c.Registration.ControlBody)
	if len(groups) == 0 {
		groups = append(groups, PaperGroup{Title: c.t("paper.holderName"), Pairs: []Pair{{Label: c.t("paper.name"), Value: c.t("paper.notKnown")}}})
	}
	return groups
}

func (c composer) status() PaperStatus {
	said := c.Answers[string(c.tag)]
	out := PaperStatus{Answer: said.Answer, Question: said.Question, Text: said.Text, Reasons: said.Reasons, Facts: []Pair{
		{Label: c.t("paper.market"), Value: c.country(c.Market)}, {Label: c.t("paper.name"), Value: c.Registration.Title(), Language: SourceLanguage}, {Label: c.t("paper.asked"), Value: c.day(c.Day)},
	}}
	if out.Reasons == nil {
		out.Reasons = []PaperReason{}
	}
	return out
}

func (c composer) quality() []PaperQuality {
	rows := []PaperQuality{}
	for i, q := range c.Registration.Quality {
		n := strconv.Itoa(i + 1)
		rows = append(rows, PaperQuality{Property: c.text("quality." + n), Value: q.Value, Method: q.Method, Evidence: c.text("quality." + n + ".evidence")})
	}
	return rows
}

func (c composer) annexes() []PaperAnnex {
	out := []PaperAnnex{}
	for _, a := range c.Annexes {
		title := locale.Pick(c.tag, a.Title)
		if title == "" {
			title = a.File
		}
		out = append(out, PaperAnnex{Title: title, File: a.File, MediaType: a.MediaType, SHA256: a.SHA256})
	}
	return out
}

func (c composer) verification() (v PaperVerification, err error) {
	address := c.Base + "/verify?number=" + c.Number
	if v.QR, err = typeset.QR(address, typeset.Sturdy); err != nil {
		return v, err
	}
	for i := 1; i <= 4; i++ {
		v.Steps = append(v.Steps, c.t("paper.verify."+strconv.Itoa(i)))
	}
	v.Facts = []Pair{
		{Label: c.t("paper.number"), Value: c.Number, Code: true}, {Label: c.t("paper.address"), Value: address, Code: true},
		{Label: c.t("paper.command"), Value: "helianthus verify dossier-" + c.Number + ".zip", Code: true}, {Label: c.t("paper.languages"), Value: strings.Join(slices.Sorted(slices.Values(c.Languages)), ", "), Code: true},
	}
	if c.tag == SourceLanguage {
		return v, nil
	}
	counted := map[State]int{}
	for _, s := range c.Segments {
		for _, t := range s.Translations {
			if t.Language == string(c.tag) {
				counted[t.State]++
			}
		}
	}
	var states []string
	for _, s := range []State{Certified, Reviewed, Drafted, Machine, Missing} {
		if counted[s] > 0 {
			states = append(states, c.t("translation.state."+string(s))+": "+strconv.Itoa(counted[s]))
		}
	}
	v.Facts = append(v.Facts, Pair{Label: c.t("paper.translations"), Value: strings.Join(states, " · ")})
	return v, nil
}

// say puts an answer of the status check into a language.
func (s *Dossiers) say(a status.Answer, tag locale.Tag) Said {
	q := s.bundle.T(tag, "paper.question", map[string]any{"Name": a.Asked.Name, "Market": a.Asked.Market.Name(s.bundle, tag), "Day": locale.Day(tag, a.Asked.On)})
	said := Said{Answer: string(a.Word), Question: q, Text: a.Sentence(s.bundle, tag), Reasons: []PaperReason{}}
	for _, r := range a.Reasons {
		reason := PaperReason{Text: r.Sentence(s.bundle, tag, a.Asked)}
		var titles []string
		for _, src := range r.Sources {
			titles = append(titles, src.Title)
		}
		if r.Record != nil {
			titles = append(titles, s.bundle.T(tag, "paper.published", map[string]any{"Publisher": locale.Pick(tag, r.Record.Publisher.Names), "Day": locale.Day(tag, r.Record.PublishedAt)}))
		}
		reason.Source = strings.Join(titles, "; ")
		said.Reasons = append(said.Reasons, reason)
	}
	return said
}

// segmentTitle says what a segment is, in people's words.
func (a *API) segmentTitle(tag locale.Tag, key string) string {
	parts := strings.Split(key, ".")
	title := a.bundle.T(tag, "segment."+parts[0], nil)
	if len(parts) > 1 {
		title += " · " + strings.Join(parts[1:], " · ")
	}
	return title
}
