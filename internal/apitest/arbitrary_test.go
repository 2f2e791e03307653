package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var (
	fuzzRounds = flag.Int("contract-rounds", 1, "arbitrary requests to each operation as each role")
	fuzzSeed   = flag.Uint64("contract-seed", 0, "seed of the arbitrary requests; 0 takes the time")
)

// unbounded are operations whose good answer does not end by itself; they are asked wrongly only.
var unbounded = map[string]string{
	"streamTask": "events go on until the task ends",
}

// Every operation gets requests that are made out of the specification, right ones and wrong ones, from several kinds of
// callers: no answer is a failure of ours, and each is one that the specification names (Watched looks at that).
func TestContract(t *testing.T) {
	t.Parallel()
	h := Open(t)
	seed := *fuzzSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("contract: -contract-seed=%d -contract-rounds=%d", seed, *fuzzRounds)
	codes := map[int]int{}
	for n, kind := range []tenancy.Kind{tenancy.Operator, tenancy.County, tenancy.Jurisdiction, tenancy.Trader} {
		ctx := h.Tenant(t, kind)
		a := arbitrary{h.Server.Spec(), h.RecordsSaying(t, ctx, "WORDS-"+uuid.NewString()), rand.New(rand.NewPCG(seed, uint64(n)))} //nolint:gosec // a seed that can be given again
		for name, make := range map[string]func() *Caller{
			"a person": func() *Caller { return h.Person(t, ctx) }, "a machine": func() *Caller { return h.Client(t, ctx) }, "nobody": h.Nobody,
		} {
			who := string(kind) + ", " + name
			caller := make()
			for _, o := range h.Server.Spec().Operations {
				for range *fuzzRounds {
					code := a.ask(t, who, caller, o)
					codes[code]++
					if code == http.StatusUnauthorized && name != "nobody" {
						caller = make() // it signed itself out, or took its own rights away
					}
				}
			}
		}
	}
	t.Logf("contract: answers by status %v", codes)
	if codes[200] == 0 || codes[400] == 0 {
		t.Errorf("answers by status %v: neither right nor wrong requests arrive", codes)
	}
}

func (a arbitrary) ask(t *testing.T, who string, c *Caller, o *httpd.Operation) int {
	t.Helper()
	wrong := a.dice.IntN(2) == 0 || unbounded[o.ID] != ""
	path := address(t, o, a.records)
	if wrong && a.dice.IntN(4) == 0 || unbounded[o.ID] != "" {
		for _, id := range a.records {
			if _, err := uuid.Parse(id); err != nil {
				continue // a word, which may stand in the address too
			}
			path = strings.ReplaceAll(path, id, []string{"x", "00000000-0000-0000-0000-000000000000", "%00", "..%2f"}[a.dice.IntN(4)])
		}
	}
	path += a.query(o, wrong)
	header := http.Header{"If-Match": {[]string{`"v1"`, `"v2"`, `*`, ``, `x`}[a.dice.IntN(5)]}, "Accept": {[]string{"application/json", "*/*", "application/x-ndjson", "text/csv", "x"}[a.dice.IntN(5)]}}
	var body io.Reader
	var sent string
	if len(o.Bodies) > 0 {
		b := o.Bodies[a.dice.IntN(len(o.Bodies))]
		header.Set("Content-Type", b.MediaType)
		sent = a.body(t, b, wrong)
		body = strings.NewReader(sent)
	}
	// Nothing goes on for longer than a moment: streams that follow end with their reader.
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r := c.doIn(t, ctx, o.Method, path, body, header)
	if r.Code >= http.StatusInternalServerError && r.Code != http.StatusServiceUnavailable {
		t.Errorf("%s: %s %s\n%.2000s\n%d %s", who, o.Method, path, sent, r.Code, r.Body)
	}
	return r.Code
}

func (a arbitrary) body(t *testing.T, b httpd.Body, wrong bool) string {
	t.Helper()
	v := a.value("", b.Declared, 0)
	if wrong && a.dice.IntN(3) > 0 {
		v = a.spoil(v)
	}
	if m, ok := v.(map[string]any); ok && b.MediaType == "application/x-www-form-urlencoded" {
		form := url.Values{}
		for name, one := range m {
			form.Set(name, plain(one))
		}
		return form.Encode()
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if wrong && a.dice.IntN(10) == 0 && len(text) > 1 {
		text = bytes.Clone(text[:a.dice.IntN(len(text))])
	}
	return string(text)
}
