package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// wrong is one way in which a body may be wrong.
type wrong struct {
	name    string
	text    []byte
	pointer string // that a detail must have; empty: any
	status  int    // 400 when zero
}

// Large bodies are the same for all operations, and are made once.
var (
	tenMegabytes = sync.OnceValue(func() []byte { return []byte(`{"a": "` + strings.Repeat("a", 10<<20) + `"}`) })
	veryDeep     = sync.OnceValue(func() []byte { return bytes.Repeat([]byte(`[`), 200_000) })
)

// wrongs are the ways to spoil an operation's body: the same for all, and one for each member.
func wrongs(t *testing.T, spec *httpd.Spec, b httpd.Body, good map[string]any) []wrong {
	t.Helper()
	encode := func(v any) []byte {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	with := func(name string, v any) []byte {
		m := maps.Clone(good)
		m[name] = v
		return encode(m)
	}
	all := []wrong{
		{name: "cut off", text: encode(good)[:1]},
		{name: "no JSON", text: []byte("<xml/>")},
		{name: "two values", text: append(encode(good), '1')},
		{name: "a list", text: []byte(`[]`)},
		{name: "null", text: []byte(`null`)},
		{name: "no UTF-8", text: []byte("{\"a\": \"\xff\"}")},
		{name: "half a character", text: []byte(`{"a": "\ud800"}`), pointer: "/a"},
		{name: "other half", text: []byte(`{"a": "\udc00\ud800"}`), pointer: "/a"},
		{name: "NUL", text: []byte(`{"a": "\u0000"}`), pointer: "/a"},
		{name: "a key twice", text: []byte(`{"a": 1, "a": 2}`), pointer: "/a"},
		{name: "a great number", text: []byte(`{"a": 1e999999999}`), pointer: "/a"},
		{name: "deep", text: []byte(strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200))},
		{name: "very deep", text: veryDeep()},
		{name: "unknown member", text: with("tenantId", "x"), pointer: "/tenantId"},
		{name: "ten megabytes", text: tenMegabytes(), status: http.StatusRequestEntityTooLarge},
	}
	properties, _ := b.Declared["properties"].(map[string]any)
	for name, p := range properties {
		declared := spec.Resolve(p.(map[string]any))
		all = append(all, wrong{name: "other type of " + name, text: with(name, otherType(declared)), pointer: "/" + name})
		if most := bound(declared["maxLength"], 0); most > 0 && declared["type"] == "string" {
			all = append(all, wrong{name: "long " + name, text: with(name, strings.Repeat("长", most+1)), pointer: "/" + name})
		}
	}
	required, _ := b.Declared["required"].([]any)
	for _, name := range required {
		m := maps.Clone(good)
		delete(m, name.(string))
		all = append(all, wrong{name: fmt.Sprint("without ", name), text: encode(m), pointer: "/" + name.(string)})
	}
	return all
}

func otherType(d map[string]any) any {
	if d["type"] == "string" {
		return map[string]any{"a": []any{1}}
	}
	return "text"
}

// TestBadInputIsRefused sends every operation with a body everything that may be wrong with one. The answer is a problem
// with details, and nothing is written.
func TestBadInputIsRefused(t *testing.T) {
	t.Parallel()
	h := Open(t)
	sent := 0
	ctx := h.Tenant(t, tenancy.County)
	records := h.Records(t, ctx)
	county, operator := h.Person(t, ctx), h.Person(t, h.Tenant(t, tenancy.Operator))
	may := callerMay(t, county)
	member := h.Tenant(t, tenancy.Association) // what a county has nothing of
	association, theirs := h.Person(t, member), h.Records(t, member)
	mayToo := callerMay(t, association)
	before := snapshot(t, ctx)
	for _, o := range h.Server.Spec().Operations {
		caller, records := county, records
		switch {
		case o.Public || slices.Contains(may, o.Permission):
		case slices.Contains(mayToo, o.Permission):
			caller, records = association, theirs
		default:
			caller = operator
		}
		if len(o.Bodies) == 0 || o.Bodies[0].Schema == nil || !strings.Contains(o.Bodies[0].MediaType, "json") {
			continue
		}
		body := o.Bodies[0]
		good := examples{h.Server.Spec(), records, "WORDS"}.of(body)
		for _, w := range wrongs(t, h.Server.Spec(), body, good) {
			sent++
			r := caller.Do(t, o.Method, address(t, o, records), bytes.NewReader(w.text), http.Header{"Content-Type": {body.MediaType}, "If-Match": {`"v1"`}})
			if fault := refused(r, w); fault != "" {
				t.Errorf("%s, %s: %s: %d %s", o.ID, w.name, fault, r.Code, r.Body)
			}
		}
		r := caller.Do(t, o.Method, address(t, o, records), strings.NewReader("a=b"), http.Header{"Content-Type": {"text/plain"}, "If-Match": {`"v1"`}})
		if r.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%s with text: got %d", o.ID, r.Code)
		}
	}
	if after := snapshot(t, ctx); before != after {
		t.Errorf("something was written:\n%s\n%s", before, after)
	}
	t.Logf("bad input: %d bodies", sent)
}

// refused says what is wrong with the answer to a wrong body; nothing when all is right.
func refused(r *httptest.ResponseRecorder, w wrong) string {
	want := w.status
	if want == 0 {
		want = http.StatusBadRequest
	}
	var p struct {
		Code    string
		Message string
		Details []struct{ Pointer, Code, Message string }
	}
	switch {
	case r.Code != want:
		return fmt.Sprintf("want %d", want)
	case r.Header().Get("Content-Type") != "application/problem+json":
		return "the answer is no problem"
	case json.Unmarshal(r.Body.Bytes(), &p) != nil || p.Code == "" || p.Message == "":
		return "the problem says nothing"
	case want == http.StatusBadRequest && len(p.Details) == 0:
		return "no details"
	}
	for _, d := range p.Details {
		if d.Message == "" || strings.HasPrefix(d.Message, "problem.") {
			return "a detail says nothing"
		}
		if w.pointer == "" || d.Pointer == w.pointer || strings.HasPrefix(d.Pointer, w.pointer+"/") {
			return ""
		}
	}
	if w.pointer != "" && want == http.StatusBadRequest {
		return "no detail points at " + w.pointer
	}
	return ""
}

// TestBadParametersAreRefused spoils every parameter of path and query.
func TestBadParametersAreRefused(t *testing.T) {
	t.Parallel()
	h := Open(t)
	ctx := h.Tenant(t, tenancy.County)
	records := h.Records(t, ctx)
	caller := h.Person(t, ctx)
	for _, o := range h.Server.Spec().Operations {
		if !o.Public && !slices.Contains(callerMay(t, caller), o.Permission) {
			continue
		}
		for _, p := range o.Parameters {
			bad := []string{"%00", "%ff", strings.Repeat("a", 5000)}
			if p.Type == "integer" {
				bad = append(bad, "-1", "1e9", "99999999999999999999")
			}
			if f, _ := p.Declared["format"].(string); f == "date" || f == "date-time" || f == "uuid" {
				bad = append(bad, "2026-02-30", "0000-00-00", "-1", "x")
			}
			for _, v := range bad {
				path := address(t, o, records)
				switch p.In {
				case "query":
					path += "?" + p.Name + "=" + v
				case "path":
					r := maps.Clone(records)
					for name := range r {
						r[name] = v
					}
					path = address(t, o, r)
				default:
					continue
				}
				r := caller.JSON(t, o.Method, path, nil, "If-Match", `"v1"`)
				if r.Code < 400 || r.Code >= 500 {
					t.Errorf("%s: %s = %.40s: got %d %.200s", o.ID, p.Name, v, r.Code, r.Body)
				}
			}
		}
	}
}

func callerMay(t *testing.T, c *Caller) []string {
	t.Helper()
	var s struct{ Permissions []string }
	c.Need(t, &s, "GET", "/api/v1/session", nil)
	return s.Permissions
}

// FuzzOperations sends anything to any operation: the answer is never a fault of ours.
func FuzzOperations(f *testing.F) {
	h := Open(f)
	ctx := h.Tenant(f, tenancy.County)
	records := h.Records(f, ctx)
	caller := h.Person(f, ctx)
	operations := h.Server.Spec().Operations
	for i, o := range operations {
		body := []byte{}
		if len(o.Bodies) > 0 {
			body, _ = json.Marshal(examples{h.Server.Spec(), records, "WORDS"}.of(o.Bodies[0]))
		}
		f.Add(uint(i), "q=a&limit=2", body)
	}
	f.Add(uint(0), "cursor=%00&q=\xff", []byte("{\"a\":\"\\ud800\"}"))
	f.Fuzz(func(t *testing.T, n uint, query string, body []byte) {
		o := operations[n%uint(len(operations))]
		if slices.Contains(destructive, o.ID) || o.ID == "streamTask" {
			return
		}
		path := o.Path
		for _, p := range o.Parameters {
			if p.In == "path" {
				path = address(t, o, records)
			}
		}
		r := httptest.NewRequest(o.Method, "/", bytes.NewReader(body))
		r.URL.Path, r.URL.RawQuery = path, query
		r.Header.Set("If-Match", `"v1"`)
		if len(o.Bodies) > 0 {
			r.Header.Set("Content-Type", o.Bodies[0].MediaType)
		}
		r.AddCookie(caller.Cookie)
		w := httptest.NewRecorder()
		h.Server.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%s ?%s %q: %d %s", o.ID, query, body, w.Code, w.Body)
		}
	})
}
