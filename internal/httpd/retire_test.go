package httpd

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const retiring = `
openapi: 3.1.0
paths:
  /api/v1/things:
    get: {operationId: listThings, x-public: true, deprecated: true, x-deprecated: 2026-01-02, x-sunset: 2027-01-02, x-successor: listWorks, responses: {'200': {description: Things}}}
    post: {operationId: createThing, x-public: true, responses: {'201': {description: Done}}}
  /api/v1/works:
    get: {operationId: listWorks, x-public: true, responses: {'200': {description: Works}}}
`

// retiringAt is a server of those operations, whose clock shows a day, and which answers each with an empty list.
func retiringAt(t *testing.T, day string) http.Handler {
	t.Helper()
	spec, err := ReadSpec([]byte(retiring))
	if err != nil {
		t.Fatal(err)
	}
	now, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	s := bareServer(t)
	s.Now = func() time.Time { return now }
	if s.Identity, err = identity.New(tenancy.New(nil), nil, make([]byte, 32), false, s.Now); err != nil {
		t.Fatal(err)
	}
	s.byRoute = map[string]*Operation{}
	router := mux.NewRouter()
	for _, o := range spec.Operations {
		s.byRoute[o.Method+" "+o.Path] = o
		router.Handle(o.Path, s.operation(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"items":[]}`)) }))).Methods(o.Method)
	}
	return s.around(router)
}

func TestRetiringOperationSaysSo(t *testing.T) {
	t.Parallel()
	h := retiringAt(t, "2026-06-01")
	for method, want := range map[string][2]string{http.MethodGet: {"@1767312000", "Sat, 02 Jan 2027 00:00:00 GMT"}, http.MethodPost: {}} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "/api/v1/things", nil)
		r.Header.Set("Authorization", "Bearer nonsense") // on a refusal too
		h.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s", method, w.Code, w.Body)
		}
		if got := [2]string{w.Header().Get("Deprecation"), w.Header().Get("Sunset")}; got != want {
			t.Errorf("%s: got %q, want %q", method, got, want)
		}
	}
}

// From its sunset on an operation is gone for everybody, says where to go, and still when it went; never an empty list.
func TestRetiredOperationIsGone(t *testing.T) {
	t.Parallel()
	for day, gone := range map[string]bool{"2027-01-01": false, "2027-01-02": true, "2031-05-05": true} {
		for _, token := range []string{"", "Bearer nonsense"} {
			if !gone && token == "" {
				continue // there is no database here, which says what nobody may
			}
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/api/v1/things", nil)
			r.Header.Set("Accept-Language", "en")
			if token != "" {
				r.Header.Set("Authorization", token)
			}
			retiringAt(t, day).ServeHTTP(w, r)
			said := w.Body.String()
			if (w.Code == http.StatusGone) != gone || gone && (strings.Contains(said, "items") || !strings.Contains(said, `"operation.gone"`) || !strings.Contains(said, "GET /api/v1/works") || !strings.Contains(said, "2027-01-02")) {
				t.Errorf("on %s with token %q: got %d %s", day, token, w.Code, said)
			}
			if w.Header().Get("Sunset") != "Sat, 02 Jan 2027 00:00:00 GMT" {
				t.Errorf("on %s: Sunset %q", day, w.Header().Get("Sunset"))
			}
		}
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/api/v1/works", nil)
		r.Header.Set("Authorization", "Bearer nonsense")
		if retiringAt(t, day).ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
			t.Errorf("on %s the successor answers %d %s", day, w.Code, w.Body)
		}
	}
}

func TestRetirementIsSaidWhole(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"without a sunset":                   {", x-sunset: 2027-01-02", ""},
		"without a beginning":                {", x-deprecated: 2026-01-02", ""},
		"a sunset of something that is kept": {"deprecated: true, x-deprecated: 2026-01-02, ", ""},
		"without a successor":                {"x-successor: listWorks, ", ""},
		"a successor that is none":           {"x-successor: listWorks", "x-successor: listNothing"},
		"a successor that goes itself":       {"x-successor: listWorks", "x-successor: listThings"},
		"a sunset before the beginning":      {"x-sunset: 2027", "x-sunset: 2025"},
		"a day that is none":                 {"x-sunset: 2027-01-02", "x-sunset: 2027-02-30"},
	} {
		if _, err := ReadSpec([]byte(strings.Replace(retiring, change[0], change[1], 1))); err == nil {
			t.Errorf("%s: the specification was taken", name)
		}
	}
}
