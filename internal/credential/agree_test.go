package credential

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The page's script and the command must come to the same verdict, for the same reasons.
func TestBrowserAndCommandAgree(t *testing.T) {
	t.Parallel()
	m, stranger := newMaker(t), newMaker(t)
	good := m.token(t, m.edKey(), nil)
	type input struct {
		File  string   `json:"file"` // the bytes, as text
		Fresh []string `json:"fresh"`
	}
	type said struct {
		Verdict  string    `json:"verdict"`
		Findings []Finding `json:"findings"`
		Cause    Cause     `json:"cause"`
	}
	none := []string{}
	cases := map[string]input{
		"EdDSA":                  {good, m.lists(t)},
		"ES256":                  {m.token(t, key{testDID + "#curve", ES256, m.curve}, nil), m.lists(t)},
		"no status":              {good, none},
		"revoked":                {good, m.lists(t, Revocation)},
		"suspended":              {good, m.lists(t, Suspension)},
		"over":                   {m.token(t, m.edKey(), func(c *claimed) { c.ValidUntil = instant(testNow.Add(-time.Minute)) }), m.lists(t)},
		"in the future":          {m.token(t, m.edKey(), func(c *claimed) { c.ValidFrom = instant(testNow.Add(24 * time.Hour)) }), m.lists(t)},
		"an unknown key":         {m.token(t, key{testDID + "#other", EdDSA, m.ed}, nil), m.lists(t)},
		"a stranger's signature": {m.token(t, stranger.edKey(), nil), m.lists(t)},
		"another issuer":         {m.token(t, m.edKey(), func(c *claimed) { c.Issuer.ID = "did:web:evil.example" }), m.lists(t)},
		"alg none":               {forged(t, `{"alg":"none","cty":"vc","kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return []byte{0} }), none},
		"another algorithm":      {forged(t, `{"alg":"ES256","cty":"vc","kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), none},
		"an embedded key":        {forged(t, `{"alg":"EdDSA","cty":"vc","jwk":{},"kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), none},
		"another typ":            {forged(t, `{"alg":"EdDSA","cty":"vc","kid":"`+testDID+`#ed","typ":"JWT"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), none},
		"a member twice":         {forged(t, `{"alg":"EdDSA","alg":"EdDSA","cty":"vc","kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), none},
		"a stranger's lists":     {good, stranger.lists(t)},
		"a list twice":           {good, []string{m.lists(t)[0], m.lists(t)[0]}},
		"a list as credential":   {m.lists(t)[0], none},
		"a place without a list": {m.token(t, m.edKey(), func(c *claimed) { c.Status = c.Status[:1] }), none},
		"an index with a sign":   {m.token(t, m.edKey(), func(c *claimed) { c.Status[0].Index = "-1" }), none},
		"no token":               {"hello", none},
		"a paper without any":    {"%PDF-1.7 nothing", none},
	}
	type job struct {
		Trust json.RawMessage  `json:"trust"`
		Now   int64            `json:"now"`
		Cases map[string]input `json:"cases"`
	}
	now := testNow.Add(time.Minute)
	list, err := json.Marshal(job{m.file, now.UnixMilli(), cases})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cases.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	var faults strings.Builder
	cmd := exec.CommandContext(t.Context(), "node", "testdata/agree.mjs", "../../web/public/verify/credential.js", file)
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, faults.String())
	}
	var browser map[string]said
	if err := json.Unmarshal(out, &browser); err != nil {
		t.Fatal(err)
	}
	for name, c := range cases {
		r, err := Check([]byte(c.File), c.Fresh, m.trust, now)
		want := said{string(r.Verdict), append([]Finding{}, r.Findings...), r.Cause}
		if err != nil {
			want = said{"not-a-credential", []Finding{}, ""}
		}
		if diff := cmp.Diff(want, browser[name]); diff != "" {
			t.Errorf("%s (-command +browser):\n%s", name, diff)
		}
	}
}
