package httpd_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// get reads a page and checks that it is one, in its language, and not too heavy.
func get(t *testing.T, h *apitest.House, path string, tag locale.Tag) string {
	t.Helper()
	r := h.Nobody().Do(t, "GET", path, nil, http.Header{"Accept-Language": {string(tag)}, "Accept": {"text/html"}})
	if r.Code != http.StatusOK {
		t.Errorf("%s: %d", path, r.Code)
	}
	if n := r.Body.Len(); n > heaviest {
		t.Errorf("%s has %d bytes, %d are enough", path, n, heaviest)
	}
	if got := r.Header().Get("Content-Language"); got != string(tag) {
		t.Errorf("%s is in %s", path, got)
	}
	return r.Body.String()
}

// Each operation has a page that says all that the specification says of it, and each tag and schema has one.
func TestReferenceHasEveryOperationAndSchema(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	spec := h.Server.Spec()
	for _, o := range spec.Operations {
		page := get(t, h, "/api?operation="+o.ID, locale.Arabic)
		for _, p := range o.Parameters {
			if !strings.Contains(page, `id="parameter-`+p.In+"-"+p.Name+`"`) {
				t.Errorf("%s: the parameter %s is missing", o.ID, p.Name)
			}
		}
		for _, r := range o.Responses {
			if !strings.Contains(page, `id="answer-`+r.Status+`"`) {
				t.Errorf("%s: the answer %s is missing", o.ID, r.Status)
			}
		}
		if !o.Public && !strings.Contains(page, "<code>"+o.Permission+"</code>") || !strings.Contains(page, "/problems#limit.too-many") {
			t.Errorf("%s: the permission or the problems are missing", o.ID)
		}
		if strings.Contains(page, ">page.reference.") {
			t.Errorf("%s: a message is missing", o.ID)
		}
		if list := get(t, h, "/api?tag="+o.Tag, locale.Chinese); !strings.Contains(list, `id="`+o.ID+`"`) {
			t.Errorf("%s has no anchor on the page of %s", o.ID, o.Tag)
		}
	}
	index := get(t, h, "/api?schema=", locale.English)
	for _, name := range spec.Schemas() {
		if page := get(t, h, "/api?schema="+name, locale.English); !strings.Contains(page, `id="example"`) || !strings.Contains(index, `id="`+name+`"`) {
			t.Errorf("%s: no example, or no anchor in the index", name)
		}
	}
}

// What the pages show as examples is what the specification allows.
func TestReferenceExamplesAreValid(t *testing.T) {
	t.Parallel()
	spec := apitest.Open(t).Server.Spec()
	for _, name := range spec.Schemas() {
		schema, err := spec.SchemaOf(name)
		if err != nil {
			t.Fatal(err)
		}
		// As it is shown: written to JSON and read again.
		b, err := json.Marshal(spec.Example(map[string]any{"$ref": "#/components/schemas/" + name}))
		if err != nil {
			t.Fatal(err)
		}
		var shown any
		if err := json.Unmarshal(b, &shown); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(shown); err != nil {
			t.Errorf("%s: %v\n%s", name, err, b)
		}
	}
}

// Without any script a reader finds an operation by words, in any order, and follows links to where it is described.
func TestReferenceIsSearchable(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	found := func(q string) (links []string) {
		root, err := html.Parse(strings.NewReader(get(t, h, "/api?q="+url.QueryEscape(q), locale.English)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "href" && strings.HasPrefix(a.Val, "/api?operation=") {
					links = append(links, strings.TrimPrefix(a.Val, "/api?operation="))
				}
			}
		}
		return links
	}
	if got := found("PUBLISH registrations post"); len(got) != 1 || got[0] != "publishRegistration" {
		t.Errorf("got %v", got)
	}
	if got := found("registration:publish"); len(got) != 1 {
		t.Errorf("by its permission got %v", got)
	}
	if got := found(`"><script>alert(1)</script>`); len(got) != 0 {
		t.Errorf("nonsense finds %v", got)
	}
	for _, path := range []string{"/api?operation=none", "/api?schema=None", "/api?tag=none"} {
		if r := h.Nobody().Do(t, "GET", path, nil, nil); r.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.Code)
		}
	}
}
