package httpd_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

const oneOperation = `
openapi: 3.1.0
paths:
  /api/v1/things:
    get:
      operationId: listThings
      PERMISSION
      responses: {'200': {description: Done}}
`

func TestOperationNobodyDecidedOnIsRefused(t *testing.T) {
	t.Parallel()
	for permission, good := range map[string]bool{"x-permission: thing:read": true, "x-public: true": true, "summary: none": false, "x-public: false": false, "{x-permission: 'thing:read', x-public: true}": false} {
		text := strings.Replace(oneOperation, "PERMISSION", permission, 1)
		if strings.HasPrefix(permission, "{") {
			text = strings.Replace(oneOperation, "PERMISSION", "x-permission: thing:read\n      x-public: true", 1)
		}
		if _, err := httpd.ReadSpec([]byte(text)); (err == nil) != good {
			t.Errorf("%s: got %v", permission, err)
		}
	}
}

// beside are the routes under /api that are no operations.
var beside = []string{"/api", "/api/openapi.yaml", "/api/v1/log/tile/", "/api/v1/log/witness/add-checkpoint"}

func TestRoutesAreTheSpecification(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	declared, routed := []string{}, []string{}
	for _, o := range h.Server.Spec().Operations {
		declared = append(declared, o.Method+" "+o.Path)
	}
	err := h.Server.Router().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil || !strings.HasPrefix(path, "/api") || slices.Contains(beside, path) {
			return nil //nolint:nilerr // a route without a path is the subrouter itself
		}
		methods, err := route.GetMethods()
		for _, m := range methods {
			routed = append(routed, m+" "+path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(declared)
	slices.Sort(routed)
	if !slices.Equal(declared, routed) {
		t.Errorf("declared %v\nrouted %v", declared, routed)
	}
}

// A literal segment must not be taken for the parameter of another route: mux takes the first that fits.
func TestEachPathReachesItsOwnRoute(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	for _, o := range h.Server.Spec().Operations {
		path := o.Path
		for _, p := range o.Parameters {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", "01980f7e-5b3a-7c3e-9c57-2f1f0f3f8a11")
		}
		var match mux.RouteMatch
		if !h.Server.Router().Match(httptest.NewRequest(o.Method, path, nil), &match) {
			t.Errorf("%s reaches nothing", o.ID)
			continue
		}
		if got, err := match.Route.GetPathTemplate(); err != nil || got != o.Path {
			t.Errorf("%s reaches %s", o.ID, got)
		}
	}
}

func TestEveryKindHasItsStatus(t *testing.T) {
	t.Parallel()
	seen := map[int]problem.Kind{}
	for _, k := range problem.Kinds {
		status := httpd.StatusOf(k)
		if status < 400 || http.StatusText(status) == "" || seen[status] != "" {
			t.Errorf("%s has the status %d, which %q has too", k, status, seen[status])
		}
		seen[status] = k
	}
}
