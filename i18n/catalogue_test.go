package i18n_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// message is a message's forms by CLDR's name of the plural.
type message = map[string]string

func catalogue(t *testing.T, tag locale.Tag) map[string]message {
	t.Helper()
	b, err := i18n.FS.ReadFile(string(tag) + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]message
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatalf("%s: %v", tag, err)
	}
	return all
}

func TestCataloguesAreComplete(t *testing.T) {
	t.Parallel()
	en := catalogue(t, locale.English)
	for _, tag := range locale.Supported {
		all := catalogue(t, tag)
		for id := range en {
			if all[id] == nil {
				t.Errorf("%s lacks %s", tag, id)
			}
		}
		for id := range all {
			if en[id] == nil {
				t.Errorf("%s has %s, which en lacks", tag, id)
			}
		}
	}
}

// ofPartners are the beginnings of the messages of what partners see: the pages of cases, waves, figures and the status check, letters and
// mail, and the public pages of notices and oppositions.
var ofPartners = []string{"case.", "case-task.kind.", "case-view.", "deadline.state.", "letter.", "opposition.", "protection.", "wave.annex.", "calendar.", "mail.", "market.", "web.case.", "web.cases.", "web.wave.", "web.waves.",
	"web.letter.", "web.statistics.", "web.status.", "web.oppositions.", "web.opposition.", "web.act.", "web.sign-in", "web.list.", "page.notice.", "page.notices.", "page.opposition.", "page.status.", "page.mark.", "page.mark-users.", "problem.opposition.", "status.answer.", "status.reason.",
	"instrument.kind.", "promotion-paper.", "promotion.cost.", "promotion.kind.", "promotion.source.", "registration.status.", "task.", "problem.recognition.", "problem.recognition-case.", "problem.wave.", "problem.case-", "problem.instrument.", "problem.session.", "problem.body.",
	"web.home.", "web.instrument.", "web.instruments.", "web.recognition.", "web.recognitions.", "web.conflict.", "web.notices", "web.palette", "web.moment", "web.user", "web.document.", "web.documents.", "web.lost.", "web.problem.", "web.trouble", "web.task."}

// Partners read what is theirs in their own language; a catalogue of theirs has no message that English lacks.
func TestPartnersAreSpokenTo(t *testing.T) {
	t.Parallel()
	en := catalogue(t, locale.English)
	for _, tag := range append(slices.Clone(locale.OfPartners), locale.Arabic) {
		all := catalogue(t, tag)
		for id := range en {
			begins := func(with string) bool { return strings.HasPrefix(id, with) }
			if all[id] == nil && slices.ContainsFunc(ofPartners, begins) {
				t.Errorf("%s lacks %s", tag, id)
			}
		}
		for id := range all {
			if en[id] == nil {
				t.Errorf("%s has %s, which en lacks", tag, id)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

func placeholders(m message) []string {
	found := map[string]bool{}
	for _, text := range m {
		for _, p := range placeholder.FindAllString(text, -1) {
			found[p] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// plain is a placeholder of a name only: the browser reads the catalogues too and knows nothing else of Go's templates.
var plain = regexp.MustCompile(`^\{\{\.[A-Z][A-Za-z]*\}\}$`)

// onServer are the beginnings of messages that only the server puts into words.
var onServer = regexp.MustCompile(`^(status\.reason|problem)\.`)

func TestPlaceholdersAreTheSame(t *testing.T) {
	t.Parallel()
	en := catalogue(t, locale.English)
	for _, tag := range locale.Spoken {
		for id, m := range catalogue(t, tag) {
			want := placeholders(en[id])
			got := placeholders(m)
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: placeholders %v, want %v", tag, id, got, want)
			}
			for _, p := range got {
				if !plain.MatchString(p) && !onServer.MatchString(id) {
					t.Errorf("%s %s: %s is more than a name", tag, id, p)
				}
			}
			for form, text := range m {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s %s: the form %s is empty", tag, id, form)
				}
			}
		}
	}
}

var formNames = map[plural.Form]string{plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}

// forms are the plural forms of a language, found by asking CLDR's rules for many numbers. In some languages only fractions have
// the form other, which every message has, since it is also that of one without a number.
func forms(tag locale.Tag) map[string]bool {
	found := map[string]bool{"other": true}
	for n := range 1000 {
		found[formNames[plural.Cardinal.MatchPlural(language.MustParse(string(tag)), n, 0, 0, 0, 0)]] = true
	}
	return found
}

func TestPluralsHaveAllForms(t *testing.T) {
	t.Parallel()
	en := catalogue(t, locale.English)
	for _, tag := range locale.Spoken {
		want := forms(tag)
		for id, m := range catalogue(t, tag) {
			if m["other"] == "" {
				t.Errorf("%s %s has no form other", tag, id)
			}
			for form := range m {
				if !want[form] {
					t.Errorf("%s %s: the language has no form %s", tag, id, form)
				}
			}
			if len(en[id]) == 1 {
				continue
			}
			for form := range want {
				if m[form] == "" {
					t.Errorf("%s %s lacks the form %s", tag, id, form)
				}
			}
		}
	}
}

func TestEveryProblemHasMessages(t *testing.T) {
	t.Parallel()
	codes := append(problem.Codes(), problem.FieldCodes()...)
	if len(codes) < 100 {
		t.Errorf("%d codes only: are all packages imported?", len(codes))
	}
	for _, tag := range []locale.Tag{locale.English, locale.Chinese} {
		messages := catalogue(t, tag)
		for _, code := range codes {
			if messages["problem."+code+".title"] == nil {
				t.Errorf("%s lacks problem.%s.title", tag, code)
			}
		}
		for id := range messages {
			rest, ok := strings.CutPrefix(id, "problem.")
			if !ok || ofCommand(rest) {
				continue
			}
			code := strings.TrimSuffix(strings.TrimSuffix(rest, ".title"), ".detail")
			if !slices.Contains(codes, code) {
				t.Errorf("%s has %s, but no such problem is declared", tag, id)
			}
		}
	}
}

// ofCommand tells whether a problem is one of the command's own: package main cannot be imported.
func ofCommand(code string) bool {
	return strings.HasPrefix(code, "setting.") || strings.HasPrefix(code, "bench.")
}
