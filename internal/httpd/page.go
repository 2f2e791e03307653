package httpd

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// pagePolicy allows a page its own style sheet, script and forms, and nothing from anywhere else.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// page is what a template sees.
type page struct {
	Path string
	Data any
	Ask  asked               // what the form of the status question holds
	fix  []api.ProblemDetail // what is wrong with it
	tag  locale.Tag
	r    *http.Request
	s    *Server
}

// asked is the status question as it was typed.
type asked struct{ Name, Market, On, Holder string }

// T is a message; kv are its values by turns.
func (p page) T(id string, kv ...any) string {
	values := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		values[fmt.Sprint(kv[i])] = kv[i+1]
	}
	return p.s.Bundle.T(p.tag, id, values)
}

// Lang is the page's language.
func (p page) Lang() string { return string(p.tag) }

// Dir is the direction of writing.
func (p page) Dir() string { return p.tag.Dir() }

// Day writes a date as the language does.
func (p page) Day(t any) string {
	switch t := t.(type) {
	case *time.Time:
		return locale.Day(p.tag, *t)
	case time.Time:
		return locale.Day(p.tag, t)
	}
	return ""
}

// Instant writes a date and time, in UTC since nobody knows where an anonymous reader is.
func (p page) Instant(t any) string {
	switch t := t.(type) {
	case *time.Time:
		return locale.Instant(p.tag, *t, time.UTC)
	case time.Time:
		return locale.Instant(p.tag, t, time.UTC)
	}
	return ""
}

// Kind is the word for a kind of publication; a kind of another package's own stands as it is.
func (p page) Kind(kind string) string {
	if text := p.T("publication.kind." + kind); text != "publication.kind."+kind {
		return text
	}
	return kind
}

// Pick chooses from a text in several languages.
func (p page) Pick(texts map[string]string) string { return locale.Pick(p.tag, texts) }

// Wrong is what is wrong with a field of the form; empty when nothing is.
func (p page) Wrong(pointer string) string {
	for _, d := range p.fix {
		if d.Pointer == pointer {
			return d.Message
		}
	}
	return ""
}

// Readers are the groups of people that have a guide.
func (p page) Readers() []string { return readers }

// Topics are the pages for developers, in the order in which they are read.
func (p page) Topics() []string { return topics }

// Base is the address under which this house is reached.
func (p page) Base() string { return p.s.base(p.r) }

// Examples are one program in each language.
func (p page) Examples(name string) ([]example, error) { return examples(name) }

// Asset is the address of a style sheet or script; it changes with its content.
func (p page) Asset(name string) string { return p.s.assets.address(name) }

// link is this page in another language.
type link struct {
	Tag, Dir, Name, Href string
	Current              bool
}

// Languages are the links to this page in all languages.
func (p page) Languages() []link {
	var links []link
	for _, t := range locale.Spoken {
		q := p.r.URL.Query()
		q.Set("lang", string(t))
		links = append(links, link{string(t), t.Dir(), p.s.Bundle.T(t, "locale.name", nil), p.r.URL.EscapedPath() + "?" + q.Encode(), t == p.tag})
	}
	return links
}

// market is a line of the list of markets.
type market struct{ Code, Name string }

// demo is 1 for the codes that ISO 3166 leaves to users, which the demonstration takes.
func demo(m market) int {
	if m.Code[0] == 'X' {
		return 1
	}
	return 0
}

var marketLists sync.Map // locale.Tag → []market

// Markets are all markets by name; those of demonstrations come last.
func (p page) Markets() []market {
	if all, ok := marketLists.Load(p.tag); ok {
		return all.([]market)
	}
	var all []market
	for _, m := range recognition.Markets() {
		all = append(all, market{string(m), m.Name(p.s.Bundle, p.tag)})
	}
	order := collate.New(language.Make(string(p.tag)))
	slices.SortFunc(all, func(a, b market) int {
		if x := cmp.Compare(demo(a), demo(b)); x != 0 {
			return x
		}
		return order.CompareString(a.Name, b.Name)
	})
	marketLists.Store(p.tag, all)
	return all
}

// Options are the options of a choice of markets, of which one may be chosen. They are written once for each language: to write two
// hundred with a template takes longer than all the rest of a page.
func (p page) Options(chosen string) template.HTML {
	written, ok := marketOptions.Load(p.tag)
	if !ok {
		var b strings.Builder
		for _, m := range p.Markets() {
			fmt.Fprintf(&b, `<option value="%s">%s</option>`, template.HTMLEscapeString(m.Code), template.HTMLEscapeString(m.Name))
		}
		written = b.String()
		marketOptions.Store(p.tag, written)
	}
	all := written.(string)
	if chosen != "" {
		value := `<option value="` + template.HTMLEscapeString(chosen) + `"`
		all = strings.Replace(all, value, value+" selected", 1)
	}
	return template.HTML(all) //nolint:gosec // names and codes are escaped above; what was chosen only finds one of them
}

var marketOptions sync.Map // locale.Tag → string

// show writes a page. The language that was asked for in the address is remembered.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	p.r, p.s, p.Path = r, s, r.URL.Path
	p.tag = locale.From(r.Context())
	if _, ok := s.templates[name]; !ok {
		s.fail(w, r, fmt.Errorf("page %s: no such template", name))
		return
	}
	var b bytes.Buffer
	if err := s.templates[name].ExecuteTemplate(&b, "layout", p); err != nil {
		panic(fmt.Errorf("page %s: %w", name, err)) // a page that cannot be rendered cannot say so either
	}
	if wish := r.URL.Query().Get("lang"); wish != "" {
		//nolint:gosec // it is no secret, and the workspace's script writes it too
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: string(locale.Match(wish)), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), Secure: s.Secure, SameSite: http.SameSiteLaxMode})
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(p.tag))
	h.Set("Content-Security-Policy", pagePolicy)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client may be gone
}

// base is the address under which this house is reached.
func (s *Server) base(r *http.Request) string {
	u := url.URL{Scheme: "http", Host: r.Host}
	if s.Secure {
		u.Scheme = "https"
	}
	return u.String()
}

type templates = map[string]*template.Template
