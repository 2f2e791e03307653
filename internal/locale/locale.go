// Package locale speaks people's languages: messages from the catalogues under i18n, negotiation, dates and numbers.
package locale

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Tag is a language we speak, as BCP 47 writes it.
type Tag string

// The languages. Those of partners have the words of what partners see; the rest of the product speaks English to them.
const (
	Chinese Tag = "zh-Hans"
	English Tag = "en"
	Arabic  Tag = "ar"
	French  Tag = "fr"
	Russian Tag = "ru"
	Spanish Tag = "es"
)

// Supported lists the languages that are complete, the default first.
var Supported = []Tag{Chinese, English, Arabic}

// OfPartners lists the languages of partners.
var OfPartners = []Tag{French, Russian, Spanish}

// Spoken lists all languages.
var Spoken = slices.Concat(Supported, OfPartners)

var matcher = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English, language.Arabic, language.French, language.Russian, language.Spanish})

// Whole is the language itself when it is complete, else English: in it, what is written by hand in each language is read.
func (t Tag) Whole() Tag {
	if slices.Contains(Supported, t) {
		return t
	}
	return English
}

// Match chooses the best of our languages for wishes in the order given: tags or Accept-Language headers. What says
// nothing is passed over; when nothing matches it is English, the language of offices that share no other.
func Match(wishes ...string) Tag {
	for _, w := range wishes {
		tags, _, err := language.ParseAcceptLanguage(w)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, i, confidence := matcher.Match(tags...); confidence != language.No {
			return Spoken[i]
		}
	}
	return English
}

// FromEnvironment is the language of a terminal.
func FromEnvironment(env func(string) string) Tag {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, _, _ := strings.Cut(env(name), "."); v != "" && v != "C" && v != "POSIX" {
			return Match(strings.ReplaceAll(v, "_", "-"))
		}
	}
	return English
}

// Dir is the direction of writing, for HTML.
func (t Tag) Dir() string {
	if t == Arabic {
		return "rtl"
	}
	return "ltr"
}

type key struct{}

// With returns a context whose answers are in a language.
func With(ctx context.Context, t Tag) context.Context { return context.WithValue(ctx, key{}, t) }

// From returns the language of the context; English when it has none.
func From(ctx context.Context) Tag {
	if t, ok := ctx.Value(key{}).(Tag); ok {
		return t
	}
	return English
}

// Bundle holds all catalogues.
type Bundle struct {
	localizers map[Tag]*i18n.Localizer
	ids        map[Tag]map[string]bool
}

// Load reads the catalogues, one file `<tag>.json` a language.
func Load(files fs.FS) (*Bundle, error) {
	b := &Bundle{localizers: map[Tag]*i18n.Localizer{}, ids: map[Tag]map[string]bool{}}
	all := i18n.NewBundle(language.English)
	all.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, t := range Spoken {
		f, err := all.LoadMessageFileFS(files, string(t)+".json")
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", t, err)
		}
		b.ids[t] = map[string]bool{}
		for _, m := range f.Messages {
			b.ids[t][m.ID] = true
		}
		b.localizers[t] = i18n.NewLocalizer(all, string(t), string(English))
	}
	return b, nil
}

// Has tells whether the catalogue of a language has a message.
func (b *Bundle) Has(t Tag, id string) bool { return b.ids[t][id] }

// T is a message with its values, in English where the language lacks it; an unknown id stands for itself.
func (b *Bundle) T(t Tag, id string, values map[string]any) string {
	return b.localize(t, id, &i18n.LocalizeConfig{MessageID: id, TemplateData: values})
}

// Plural is a message about n things; n is {{.PluralCount}}.
func (b *Bundle) Plural(t Tag, id string, n int) string {
	return b.localize(t, id, &i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: map[string]any{"PluralCount": n}})
}

func (b *Bundle) localize(t Tag, id string, c *i18n.LocalizeConfig) string {
	l, ok := b.localizers[t]
	if !ok {
		l = b.localizers[English]
	}
	s, err := l.Localize(c)
	if err != nil && s == "" {
		return id
	}
	return s
}

// Pick is a text in the language, else English, Chinese, or any.
func Pick(t Tag, texts map[string]string) string {
	for _, k := range []string{string(t), string(English), string(Chinese)} {
		if s := texts[k]; s != "" {
			return s
		}
	}
	for _, s := range texts {
		return s
	}
	return ""
}

var months = map[Tag][]string{
	French:  {"janvier", "f\u00e9vrier", "mars", "avril", "mai", "juin", "juillet", "ao\u00fbt", "septembre", "octobre", "novembre", "d\u00e9cembre"},
	Russian: {"\u044f\u043d\u0432\u0430\u0440\u044f", "\u0444\u0435\u0432\u0440\u0430\u043b\u044f", "\u043c\u0430\u0440\u0442\u0430", "\u0430\u043f\u0440\u0435\u043b\u044f", "\u043c\u0430\u044f", "\u0438\u044e\u043d\u044f", "\u0438\u044e\u043b\u044f", "\u0430\u0432\u0433\u0443\u0441\u0442\u0430", "\u0441\u0435\u043d\u0442\u044f\u0431\u0440\u044f", "\u043e\u043a\u0442\u044f\u0431\u0440\u044f", "\u043d\u043e\u044f\u0431\u0440\u044f", "\u0434\u0435\u043a\u0430\u0431\u0440\u044f"},
	Spanish: {"de enero de", "de febrero de", "de marzo de", "de abril de", "de mayo de", "de junio de", "de julio de", "de agosto de", "de septiembre de", "de octubre de", "de noviembre de", "de diciembre de"},
	English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Day writes a date as the language does: 2026年2月7日, 7 February 2026, 2026/02/07.
func Day(t Tag, d time.Time) string {
	switch t {
	case Chinese:
		return fmt.Sprintf("%d\u5e74%d\u6708%d\u65e5", d.Year(), d.Month(), d.Day())
	case Arabic:
		return d.Format("2006/01/02")
	default:
		names, ok := months[t]
		if !ok {
			names = months[English]
		}
		return strconv.Itoa(d.Day()) + " " + names[d.Month()-1] + " " + strconv.Itoa(d.Year())
	}
}

// Instant writes a date and time in a time zone, with the zone's offset.
func Instant(t Tag, at time.Time, zone *time.Location) string {
	at = at.In(zone)
	return Day(t, at) + " " + at.Format("15:04 -07:00")
}
