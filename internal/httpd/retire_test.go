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
    get: {operationId: listThings, x-public: true, deprecated: true, x-deprecated: 2026-01-02, x-sunset: 2027-01-02, responses: {'200': {description: Things}}}
    post: {operationId: createThing, x-public: true, responses: {'201': {description: Done}}}
`

func TestRetiringOperationSaysSo(t *testing.T) {
	t.Parallel()
	spec, err := ReadSpec([]byte(retiring))
	if err != nil {
		t.Fatal(err)
	}
	s := bareServer(t)
	if s.Identity, err = identity.New(tenancy.New(nil), nil, make([]byte, 32), false, time.Now); err != nil {
		t.Fatal(err)
	}
	s.byRoute = map[string]*Operation{}
	router := mux.NewRouter()
	for _, o := range spec.Operations {
		s.byRoute[o.Method+" "+o.Path] = o
		router.Handle(o.Path, s.operation(http.NotFoundHandler())).Methods(o.Method)
	}
	for method, want := range map[string][2]string{http.MethodGet: {"@1767312000", "Sat, 02 Jan 2027 00:00:00 GMT"}, http.MethodPost: {}} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "/api/v1/things", nil)
		r.Header.Set("Authorization", "Bearer nonsense") // on a refusal too
		s.around(router).ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s", method, w.Code, w.Body)
		}
		if got := [2]string{w.Header().Get("Deprecation"), w.Header().Get("Sunset")}; got != want {
			t.Errorf("%s: got %q, want %q", method, got, want)
		}
	}
}

func TestRetirementIsSaidWhole(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"without a sunset":                   {", x-sunset: 2027-01-02", ""},
		"without a beginning":                {", x-deprecated: 2026-01-02", ""},
		"a sunset of something that is kept": {"deprecated: true, x-deprecated: 2026-01-02, ", ""},
		"a sunset before the beginning":      {"x-sunset: 2027", "x-sunset: 2025"},
		"a day that is none":                 {"x-sunset: 2027-01-02", "x-sunset: 2027-02-30"},
	} {
		if _, err := ReadSpec([]byte(strings.Replace(retiring, change[0], change[1], 1))); err == nil {
			t.Errorf("%s: the specification was taken", name)
		}
	}
}
