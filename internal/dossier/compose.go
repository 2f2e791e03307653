package dossier

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
)

// labels are the template's words; each is the message paper.<name>.
var labels = []string{"kind", "draft", "demo", "demoWhy", "contents", "card", "names", "name", "language", "nameKind", "scheme", "area", "mapAlt", "mapCaption", "holder", "specification",
	"link", "status", "marks", "quality", "noQuality", "property", "value", "method", "evidence", "annexes", "noAnnexes", "number", "title", "file", "fingerprint", "verification", "qrAlt", "source"}

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

func (c composer) t(id string, kv ...any) string {
	values := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		values[kv[i].(string)] = kv[i+1]
	}
	return c.bundle.T(c.tag, id, values)
}

// text is a segment in the paper's language; what is not translated stands in its own language.
func (c composer) text(key string) string {
	for _, s := range c.Segments {
		if s.Key == key {
			text, _ := s.In(string(c.tag))
			return text
		}
	}
	return ""
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

func (c composer) paper() (Paper, error) {
	p, err := ProfileOf(c.Profile, c.Edition)
	if err != nil {
		return Paper{}, err
	}
	d, err := time.Parse(time.DateOnly, c.Day)
	if err != nil {
		return Paper{}, fmt.Errorf("day of %s: %w", c.Number, err)
	}
	out := Paper{
		Lang: strings.Split(string(c.tag), "-")[0], Dir: c.tag.Dir(), Number: c.Number, Title: c.title(), Original: c.Registration.Title(), Issuer: locale.Pick(c.tag, c.Issuer),
		Subtitle: c.t("paper.subtitle", "Market", c.country(c.Market)), Created: [3]int{d.Year(), int(d.Month()), d.Day()}, Demo: c.Demo, Draft: !c.Official,
		Labels: map[string]string{}, Sections: p.Sections, Link: c.text("link"), Names: c.names(), Holder: c.holder(), Quality: c.quality(), Annexes: []PaperAnnex{}, Specification: []PaperSection{},
	}
	for _, l := range labels {
		out.Labels[l] = c.t("paper." + l)
	}
	out.Cover = []Pair{
		{Label: c.t("paper.number"), Value: c.Number, Code: true}, {Label: c.t("paper.issuer"), Value: out.Issuer}, {Label: c.t("paper.day"), Value: c.day(c.Day)},
		{Label: c.t("paper.market"), Value: c.country(c.Market)}, {Label: c.t("paper.profile"), Value: locale.Pick(c.tag, p.Titles) + " · " + strconv.Itoa(p.Edition)},
	}
	out.Card = c.card()
	out.Area = PaperArea{Words: c.text("area"), Rings: [][][2]float64{}}
	if len(c.Registration.Area.Geometry) > 0 {
		if out.Area.Rings, err = registry.Rings(c.Registration.Area.Geometry); err != nil {
			return out, fmt.Errorf("area of %s: %w", c.Number, err)
		}
	}
	for _, s := range c.Registration.Specification {
		out.Specification = append(out.Specification, PaperSection{Title: c.text("specification." + s.Key + ".title"), Text: c.text("specification." + s.Key)})
	}
	said := c.Answers[string(c.tag)]
	out.Status = PaperStatus(said)
	if out.Status.Reasons == nil {
		out.Status.Reasons = []PaperReason{}
	}
	// The duties of mark users: DOMAIN's source is notice 354 of 2020, in force; each with its place in it.
	for _, n := range []string{"users", "duties", "label"} {
		out.Marks = append(out.Marks, PaperReason{Text: c.t("paper.mark." + n), Source: c.t("paper.mark.source")})
	}
	for _, a := range c.Annexes {
		title := locale.Pick(c.tag, a.Title)
		if title == "" {
			title = a.File
		}
		out.Annexes = append(out.Annexes, PaperAnnex{Title: title, File: a.File, MediaType: a.MediaType, SHA256: a.SHA256})
	}
	out.Verification, err = c.verification()
	return out, err
}

func (c composer) card() []Pair {
	reg := c.Registration
	card := []Pair{{Label: c.t("paper.card.origin"), Value: c.country(reg.Office)}}
	card = append(card, Pair{Label: c.t("paper.card.name"), Value: reg.Title(), Lang: "zh"})
	for _, n := range reg.NamesOf(registry.Transcription) {
		card = append(card, Pair{Label: c.t("paper.card.transcription"), Value: n.Text, Lang: "en"})
	}
	if len(reg.Bases) == 0 {
		card = append(card, Pair{Label: c.t("paper.card.basis"), Value: c.t("paper.notKnown")})
	}
	for _, b := range reg.Bases {
		card = append(card, Pair{Label: c.t("paper.card.basis"), Value: c.t("basis." + b.Kind)})
		for _, line := range []struct{ id, v string }{{"number", b.Number}, {"notice", b.Notice}} {
			if line.v != "" {
				card = append(card, Pair{Label: c.t("paper.card." + line.id), Value: line.v, Code: line.id == "number", Lang: "zh"})
			}
		}
		if b.RegisteredOn != nil {
			card = append(card, Pair{Label: c.t("paper.card.registeredOn"), Value: c.day(*b.RegisteredOn)})
		}
	}
	card = append(card, Pair{Label: c.t("paper.card.state"), Value: c.t("registration.status." + string(c.Status))})
	card = append(card, Pair{Label: c.t("paper.card.applicant"), Value: c.text("holder")})
	for _, k := range reg.Classes {
		card = append(card, Pair{Label: c.t("paper.card.class"), Value: strings.TrimSpace(k.Scheme + " " + k.Code + " " + k.Edition), Code: true})
	}
	if len(reg.HSCodes) > 0 {
		card = append(card, Pair{Label: c.t("paper.card.hs"), Value: strings.Join(reg.HSCodes, ", "), Code: true})
	}
	if text := c.text("product"); text != "" {
		card = append(card, Pair{Label: c.t("paper.card.product"), Value: text})
	}
	for _, s := range reg.Sources {
		v := s.Title
		if s.URL != "" {
			v += " <" + s.URL + ">"
		}
		card = append(card, Pair{Label: c.t("paper.source"), Value: v, Lang: "zh"})
	}
	return card
}

func (c composer) names() []PaperName {
	names := []PaperName{}
	for _, n := range c.Registration.Names {
		lang, _, _ := strings.Cut(n.Language, "-")
		if strings.Contains(n.Language, "Latn") {
			lang = "en"
		}
		language := c.t("language." + n.Language)
		if language == "language."+n.Language {
			language = n.Language
		}
		names = append(names, PaperName{Text: n.Text, Lang: lang, Language: language, Kind: c.t("name.kind." + n.Kind), Scheme: n.Scheme})
	}
	return names
}

func (c composer) holder() []Pair {
	out := []Pair{}
	add := func(label, segment string, p registry.Party) {
		if len(p.Names) == 0 {
			return
		}
		out = append(out, Pair{Label: c.t(label), Value: c.text(segment)})
		if c.tag != locale.Chinese && p.Names[SourceLanguage] != "" && p.Names[SourceLanguage] != c.text(segment) {
			out = append(out, Pair{Label: c.t("paper.inOriginal"), Value: p.Names[SourceLanguage], Lang: "zh"})
		}
		if p.Code != "" {
			out = append(out, Pair{Label: c.t("paper.creditCode"), Value: p.Code, Code: true})
		}
		if a := locale.Pick(c.tag, p.Address); a != "" {
			out = append(out, Pair{Label: c.t("paper.address"), Value: a})
		}
	}
	add("paper.holderName", "holder", c.Registration.Holder)
	add("paper.controlBody", "control-body", c.Registration.ControlBody)
	if len(out) == 0 {
		out = append(out, Pair{Label: c.t("paper.holderName"), Value: c.t("paper.notKnown")})
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

func (c composer) verification() (v PaperVerification, err error) {
	address := c.Base + "/verify?number=" + c.Number
	if v.QR, err = qr(address); err != nil {
		return v, err
	}
	for i := 1; i <= 4; i++ {
		v.Steps = append(v.Steps, c.t("paper.verify."+strconv.Itoa(i)))
	}
	languages := append([]string{}, c.Languages...)
	sort.Strings(languages)
	v.Facts = []Pair{
		{Label: c.t("paper.number"), Value: c.Number, Code: true}, {Label: c.t("paper.address"), Value: address, Code: true},
		{Label: c.t("paper.command"), Value: "helianthus verify dossier-" + c.Number + ".zip", Code: true}, {Label: c.t("paper.languages"), Value: strings.Join(languages, ", "), Code: true},
	}
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
			titles = append(titles, locale.Pick(tag, r.Record.Publisher.Names)+", "+r.Record.PublishedAt.Format(time.DateOnly))
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
