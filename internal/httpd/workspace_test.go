package httpd_test

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/web"
)

func TestWorkspace(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	if _, err := fs.Stat(web.Workspace(), web.Index); err != nil {
		t.Fatal("the workspace is not built; `make build` builds it")
	}
	person := h.Person(t, h.Tenant(t, tenancy.County), "reader")
	for _, c := range []struct {
		name   string
		caller *apitest.Caller
		want   string
	}{{"nobody", h.Nobody(), ">null<"}, {"a person", person, `"permissions":[`}} {
		r := c.caller.Do(t, "GET", "/app/registrations", nil, http.Header{"Accept-Language": {"ar"}})
		body := r.Body.String()
		if r.Code != http.StatusOK || !strings.Contains(body, c.want) || strings.Contains(body, "__") {
			t.Errorf("%s: got %d %s", c.name, r.Code, body)
		}
		if !strings.Contains(body, `lang="ar" dir="rtl"`) {
			t.Errorf("%s: the page is not in Arabic", c.name)
		}
		nonce := regexp.MustCompile(`name="csp-nonce" content="([A-Z0-9]+)"`).FindStringSubmatch(body)
		if nonce == nil || !strings.Contains(r.Header().Get("Content-Security-Policy"), "'nonce-"+nonce[1]+"'") {
			t.Errorf("%s: the nonce of page and policy differ", c.name)
		}
		if got := r.Header().Get("Cache-Control"); got != "private, no-store" {
			t.Errorf("%s: the page may be kept: %s", c.name, got)
		}
	}
	script := regexp.MustCompile(`src="(/app/assets/[^"]+\.js)"`).FindStringSubmatch(person.Do(t, "GET", "/app/", nil, nil).Body.String())
	if script == nil {
		t.Fatal("the page has no script")
	}
	for _, encoding := range []string{"br", "gzip", ""} {
		r := h.Nobody().Do(t, "GET", script[1], nil, http.Header{"Accept-Encoding": {encoding}})
		if r.Code != http.StatusOK || r.Header().Get("Content-Encoding") != encoding || !strings.Contains(r.Header().Get("Content-Type"), "javascript") {
			t.Errorf("%q: got %d %s %s", encoding, r.Code, r.Header().Get("Content-Encoding"), r.Header().Get("Content-Type"))
		}
		if !strings.Contains(r.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%q: the script is not kept", encoding)
		}
	}
	if r := h.Nobody().Do(t, "GET", "/app/assets/gone-00000000.js", nil, nil); r.Code != http.StatusNotFound {
		t.Errorf("a script of an older build: got %d", r.Code)
	}
}
