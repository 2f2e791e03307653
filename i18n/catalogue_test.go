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
	for _, tag := range locale.Supported {
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

// forms are the plural forms of a language, found by asking CLDR's rules for many numbers.
func forms(tag locale.Tag) map[string]bool {
	found := map[string]bool{}
	for n := range 1000 {
		found[formNames[plural.Cardinal.MatchPlural(language.MustParse(string(tag)), n, 0, 0, 0, 0)]] = true
	}
	return found
}

func TestPluralsHaveAllForms(t *testing.T) {
	t.Parallel()
	en := catalogue(t, locale.English)
	for _, tag := range locale.Supported {
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
