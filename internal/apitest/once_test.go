package apitest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const keyHeader = "Idempotency-Key"

// TestEveryWriteIsDoneOnce sends each write that somebody must be known for twice with one key: whatever the first answer is, a success or
// a refusal by a rule, the second is the same and says that it is one again; and with something else under the key it is refused.
func TestEveryWriteIsDoneOnce(t *testing.T) {
	t.Parallel()
	h := Open(t)
	keyed, reached := 0, map[string]bool{}
	for n, kind := range []tenancy.Kind{tenancy.County, tenancy.Jurisdiction, tenancy.Association} { // none may do everything
		ctx := h.Tenant(t, kind)
		records, c := h.RecordsSaying(t, ctx, "Done once"), h.Person(t, ctx) // who publishes it to everybody, while others look for canaries
		for _, o := range h.Server.Spec().Operations {
			takesKey := slices.ContainsFunc(o.Parameters, func(p httpd.Parameter) bool { return p.Name == keyHeader })
			if want := o.Method != http.MethodGet && !o.Public; takesKey != want {
				t.Errorf("%s declares %s: %v, want %v", o.ID, keyHeader, takesKey, want)
			}
			if takesKey && n == 0 {
				keyed++
			}
			if !takesKey || reached[o.ID] || slices.Contains(destructive, o.ID) { // who asks is signed out by the first
				continue
			}
			w := newWrite(t, c, o, address(t, o, records), examples{h.Server.Spec(), records, unsent()})
			key := uuid.NewString()
			first := w.send(t, key, `"v1"`)
			if first.Code == http.StatusTooManyRequests || first.Code >= http.StatusInternalServerError || !arrived(first) {
				continue // nothing was done, and nothing is kept
			}
			reached[o.ID] = true
			again := w.send(t, key, `"v1"`)
			if again.Code != first.Code || !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) || again.Header().Get("Idempotency-Replayed") != "true" {
				t.Errorf("%s sent again: %d %s %v\nthe first time %d %s", o.ID, again.Code, again.Body, again.Header(), first.Code, first.Body)
			}
			if other := w.send(t, key, `"v2"`); other.Code != http.StatusUnprocessableEntity || !strings.Contains(other.Body.String(), "idempotency.reused") {
				t.Errorf("%s with something else under the same key: %d %s", o.ID, other.Code, other.Body)
			}
		}
	}
	t.Logf("writes sent twice: %d of %d", len(reached), keyed)
	if len(reached) < keyed*2/3 {
		t.Errorf("%d writes of %d arrived", len(reached), keyed)
	}
}

// write is a request that is sent again and again.
type write struct {
	o      *httpd.Operation
	caller *Caller
	path   string
	body   []byte
}

func newWrite(t *testing.T, c *Caller, o *httpd.Operation, path string, e examples) write {
	t.Helper()
	w := write{o: o, caller: c, path: path}
	if len(o.Bodies) > 0 {
		var err error
		if w.body, err = json.Marshal(e.of(o.Bodies[0])); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w write) send(t *testing.T, key, version string) *httptest.ResponseRecorder {
	t.Helper()
	header := http.Header{keyHeader: {key}, "If-Match": {version}}
	if len(w.o.Bodies) == 0 {
		return w.caller.Do(t, w.o.Method, w.path, nil, header)
	}
	header.Set("Content-Type", w.o.Bodies[0].MediaType)
	return w.caller.Do(t, w.o.Method, w.path, bytes.NewReader(w.body), header)
}

// arrived tells whether the request came as far as the operation. Who may not ask, or asks in the wrong form, is refused without any
// record of it, as often as they ask.
func arrived(r *httptest.ResponseRecorder) bool {
	var p struct{ Code string }
	if r.Code < http.StatusBadRequest || json.Unmarshal(r.Body.Bytes(), &p) != nil {
		return true
	}
	return p.Code != "access.missing" && p.Code != "invalid"
}
