package httpd_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// Somebody without any credentials presses the button and reads the sandbox's register with what the page shows.
func TestSandboxPageOpensASandbox(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	for _, tag := range locale.Supported {
		r := h.Nobody().Do(t, "POST", "/developers/sandbox", nil, http.Header{"Accept-Language": {string(tag)}, "Sec-Fetch-Site": {"same-origin"}})
		if r.Code != http.StatusCreated || r.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: got %d, Cache-Control %q", tag, r.Code, r.Header().Get("Cache-Control"))
		}
		checkPage(t, h, r.Body.String(), string(tag))
		shown := map[string]string{}
		for _, m := range regexp.MustCompile(`export HELIANTHUS_(\w+)=(\S+?)(\n|<)`).FindAllStringSubmatch(r.Body.String(), -1) {
			shown[m[1]] = html.UnescapeString(m[2])
		}
		var page struct {
			Items []struct{ Publisher struct{ Demo bool } }
		}
		h.Machine(t, shown["CLIENT_ID"], shown["CLIENT_SECRET"]).Need(t, &page, "GET", "/api/v1/publications?kind=registration", nil)
		if len(page.Items) != 3 || !page.Items[0].Publisher.Demo {
			t.Errorf("%s: the register is %v", tag, page.Items)
		}
	}
	r := h.Nobody().Do(t, "POST", "/developers/sandbox", nil, http.Header{"Sec-Fetch-Site": {"cross-site"}})
	if r.Code != http.StatusForbidden || strings.Contains(r.Body.String(), "CLIENT_SECRET") {
		t.Errorf("another site opens one: %d", r.Code)
	}
}
