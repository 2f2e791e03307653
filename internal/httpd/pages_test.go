package httpd_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

var publicPages = []string{
	"/", "/status", "/status?name=%E4%BA%94%E5%8E%9F%E5%90%91%E6%97%A5%E8%91%B5&market=XA", "/verify", "/keys", "/log", "/api", "/api?q=a", "/api?q=webhook", "/api?tag=registrations", "/problems",
	"/notices", "/opposition", "/m", "/m/0000-0000-0000-0000-00000", "/m/0000-0000-0000-0000-00001", "/developers", "/developers/sandbox", "/developers/start", "/developers/authentication", "/developers/writing", "/developers/feed", "/developers/webhooks", "/developers/log", "/developers/formats",
	"/mark-users", "/calls", "/calls?kind=fair&country=DE&q=fair", "/guides/county-bureau", "/guides/association", "/guides/partner-office", "/guides/trader",
}

// heaviest is in bytes, of a page as it is before compressing.
const heaviest = 60 << 10

func TestPublicPages(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	for _, path := range publicPages {
		for _, tag := range locale.Spoken {
			t.Run(path+" "+string(tag), func(t *testing.T) {
				t.Parallel()
				r := h.Nobody().Do(t, "GET", path, nil, http.Header{"Accept-Language": {string(tag)}, "Accept": {"text/html"}})
				if r.Code != http.StatusOK {
					t.Fatalf("got %d: %s", r.Code, r.Body)
				}
				if n := r.Body.Len(); n > heaviest {
					t.Errorf("the page has %d bytes, %d are enough", n, heaviest)
				}
				// Codes and paths stand in code elements; an id anywhere else is a message that was not found.
				if unsaid := regexp.MustCompile(`[^e]>(page|problem|registration|status|verify)\.[a-z.-]+<`).FindString(r.Body.String()); unsaid != "" {
					t.Errorf("a message is missing: %s", unsaid)
				}
				checkPage(t, h, r.Body.String(), r.Header().Get("Content-Language"))
			})
		}
	}
}

// checkPage looks at what makes a page usable: language, one heading, names of fields, links that lead somewhere, and
// nothing that its content security policy forbids.
func checkPage(t *testing.T, h *apitest.House, text, language string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ids, labelled, headings := map[string]bool{}, map[string]bool{}, 0
	var fields []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		a := map[string]string{}
		for _, at := range n.Attr {
			a[at.Key] = at.Val
			if strings.HasPrefix(at.Key, "on") || at.Key == "style" {
				t.Errorf("<%s> has the attribute %s, which the policy forbids", n.Data, at.Key)
			}
		}
		if id := a["id"]; id != "" {
			if ids[id] {
				t.Errorf("the id %s stands twice", id)
			}
			ids[id] = true
		}
		switch n.DataAtom {
		case atom.Html:
			if a["lang"] != language || (a["dir"] == "rtl") != (language == "ar") {
				t.Errorf("lang %q, dir %q, but Content-Language is %s", a["lang"], a["dir"], language)
			}
		case atom.H1:
			headings++
		case atom.Style:
			t.Error("a style element is forbidden by the policy")
		case atom.Script:
			if a["src"] == "" {
				t.Error("a script in the page is forbidden by the policy")
			}
		case atom.Label:
			labelled[a["for"]] = true
		case atom.Input, atom.Select:
			fields = append(fields, a["id"])
		case atom.A:
			checkLink(t, h, a["href"])
		}
	}
	if headings != 1 {
		t.Errorf("%d headings of the first level, want 1", headings)
	}
	for _, f := range fields {
		if !labelled[f] {
			t.Errorf("the field %q has no label", f)
		}
	}
}

// followed are the links that lead somewhere; most stand on every page.
var followed sync.Map

func checkLink(t *testing.T, h *apitest.House, href string) {
	t.Helper()
	path, _, _ := strings.Cut(href, "#")
	if path == "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "/app/") || strings.Contains(path, "lang=") {
		return
	}
	if _, ok := followed.Load(path); ok {
		return
	}
	if r := h.Nobody().Do(t, "GET", path, nil, nil); r.Code != http.StatusOK {
		t.Errorf("the link %s answers %d", href, r.Code)
		return
	}
	followed.Store(path, true)
}

func TestLanguageIsRemembered(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	r := h.Nobody().Do(t, "GET", "/?lang=ar", nil, http.Header{"Accept-Language": {"zh-CN"}})
	if got := r.Header().Get("Content-Language"); got != "ar" {
		t.Errorf("got %s, want ar", got)
	}
	cookies := r.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Value != "ar" {
		t.Fatalf("got cookies %v", cookies)
	}
	r = h.Nobody().Do(t, "GET", "/", nil, http.Header{"Accept-Language": {"zh-CN"}, "Cookie": {cookies[0].String()}})
	if got := r.Header().Get("Content-Language"); got != "ar" {
		t.Errorf("with the cookie got %s, want ar", got)
	}
}

func TestProblemsOfPagesArePages(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	r := h.Nobody().Do(t, "GET", "/nothing/here", nil, http.Header{"Accept": {"text/html"}, "Accept-Language": {"en"}})
	if r.Code != http.StatusNotFound || !strings.HasPrefix(r.Header().Get("Content-Type"), "text/html") {
		t.Errorf("got %d %s", r.Code, r.Header().Get("Content-Type"))
	}
	r = h.Nobody().Do(t, "GET", "/status?name=x&market=ZZZ&on=yesterday", nil, http.Header{"Accept-Language": {"en"}})
	if r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `aria-invalid="true"`) {
		t.Errorf("a wrong question: got %d", r.Code)
	}
	hostile := `"><script>alert(1)</script>`
	r = h.Nobody().Do(t, "GET", "/status?name="+strings.ReplaceAll(hostile, " ", "%20")+"&market=XA", nil, nil)
	if strings.Contains(r.Body.String(), "<script>alert") {
		t.Error("a name came back as markup")
	}
}

// The figure in the guides is drawn by hand; its arrows must be the moves of the table, no more and no fewer.
func TestLifecycleFigureIsTheTable(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	page := h.Nobody().Do(t, "GET", "/guides/county-bureau", nil, nil).Body.String()
	var drawn, table []string
	for _, m := range regexp.MustCompile(`data-move="(\S+) (\S+) (\S+)"`).FindAllStringSubmatch(page, -1) {
		drawn = append(drawn, fmt.Sprintf("    %s --> %s: %s", m[1], m[3], m[2]))
	}
	for _, line := range strings.Split(registry.Diagram(), "\n") {
		if strings.Contains(line, "-->") {
			table = append(table, line)
		}
	}
	slices.Sort(drawn)
	slices.Sort(table)
	if !slices.Equal(drawn, table) {
		t.Errorf("drawn:\n%s\ntable:\n%s", strings.Join(drawn, "\n"), strings.Join(table, "\n"))
	}
}
