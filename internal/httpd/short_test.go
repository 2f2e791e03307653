package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
)

// TestBothWaysAnswerTheSame asks for codes the short way, and the long way by what makes no other difference; the whole answer but the
// request's own name is the same, for what is right and for what is wrong.
func TestBothWaysAnswerTheSame(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	for _, path := range []string{
		"/api/v1/marks/0000-0000-0000-0000-00000", "/api/v1/marks/0000-0000-0000-0000-00001", "/api/v1/marks/x", "/api/v1/marks/%E4%BA%94", "/api/v1/marks/a%2Fb", "/api/v1/marks/", "/api/v1/marks/a/b",
		"/api/v1/marks/" + strings.Repeat("0", 64), "/api/v1/marks/" + strings.Repeat("0", 65), "/api/v1/marks/%FF", "/api/v1/marks/0%00", "/api/v1/marks/0?market=CN", "/api/v1/marks/0?colour=red",
	} {
		for _, language := range []string{"en", "ar"} {
			ask := func(more ...string) (int, http.Header, string) {
				header := http.Header{"Accept-Language": {language}}
				for i := 0; i+1 < len(more); i += 2 {
					header.Set(more[i], more[i+1])
				}
				r := h.Nobody().Do(t, "GET", path, nil, header)
				body := r.Body.String()
				if id := r.Header().Get("Correlation-Id"); id == "" {
					t.Errorf("%s: the request has no name", path)
				} else {
					body = strings.ReplaceAll(body, id, "")
				}
				r.Header().Del("Correlation-Id")
				return r.Code, r.Header(), body
			}
			code, header, body := ask()
			longCode, longHeader, longBody := ask("Cookie", "lang="+language) // no session: nobody asks
			if code != longCode || body != longBody {
				t.Errorf("%s: the short way %d %s, the long way %d %s", path, code, body, longCode, longBody)
			}
			for name := range longHeader {
				if strings.Join(header[name], "|") != strings.Join(longHeader[name], "|") {
					t.Errorf("%s: %s: the short way %q, the long way %q", path, name, header[name], longHeader[name])
				}
			}
			if len(header) != len(longHeader) {
				t.Errorf("%s: the short way has the headers %v, the long way %v", path, header, longHeader)
			}
		}
	}
}
