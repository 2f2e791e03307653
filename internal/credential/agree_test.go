package credential

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	none := []string{}
	digits, err := digitsOf(good)
	if err != nil {
		t.Fatal(err)
	}
	old := m.listsAt(t, testNow.Add(-48*time.Hour))
	cases := map[string]input{
		"of a QR code":                   {Digits: digits, text: good, Fresh: m.lists(t)},
		"kept lists":                     {text: good, Kept: m.listsAt(t, testNow.Add(-48*time.Hour), Revocation)},
		"kept lists, older and newer":    {text: good, Kept: slices.Concat(old, m.lists(t, Suspension), old)},
		"kept lists of others as well":   {text: good, Kept: slices.Concat(m.lists(t), []string{good, "hello"})},
		"a kept list of a stranger":      {text: good, Kept: stranger.lists(t)},
		"kept lists do not undo a fresh": {text: good, Fresh: m.lists(t, Revocation), Kept: m.lists(t)},
		"EdDSA":                          {text: good, Fresh: m.lists(t)},
		"ES256":                          {text: m.token(t, key{testDID + "#curve", ES256, m.curve}, nil), Fresh: m.lists(t)},
		"no status":                      {text: good, Fresh: none},
		"revoked":                        {text: good, Fresh: m.lists(t, Revocation)},
		"suspended":                      {text: good, Fresh: m.lists(t, Suspension)},
		"over":                           {text: m.token(t, m.edKey(), func(c *claimed) { c.ValidUntil = instant(testNow.Add(-time.Minute)) }), Fresh: m.lists(t)},
		"in the future":                  {text: m.token(t, m.edKey(), func(c *claimed) { c.ValidFrom = instant(testNow.Add(24 * time.Hour)) }), Fresh: m.lists(t)},
		"an unknown key":                 {text: m.token(t, key{testDID + "#other", EdDSA, m.ed}, nil), Fresh: m.lists(t)},
		"a stranger's signature":         {text: m.token(t, stranger.edKey(), nil), Fresh: m.lists(t)},
		"another issuer":                 {text: m.token(t, m.edKey(), func(c *claimed) { c.Issuer.ID = "did:web:evil.example" }), Fresh: m.lists(t)},
		"alg none":                       {text: forged(t, `{"alg":"none","cty":"vc","kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return []byte{0} }), Fresh: none},
		"another algorithm":              {text: forged(t, `{"alg":"ES256","cty":"vc","kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), Fresh: none},
		"an embedded key":                {text: forged(t, `{"alg":"EdDSA","cty":"vc","jwk":{},"kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), Fresh: none},
		"another typ":                    {text: forged(t, `{"alg":"EdDSA","cty":"vc","kid":"`+testDID+`#ed","typ":"JWT"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), Fresh: none},
		"a member twice":                 {text: forged(t, `{"alg":"EdDSA","alg":"EdDSA","cty":"vc","kid":"`+testDID+`#ed","typ":"vc+jwt"}`, testClaims(), func([]byte) []byte { return make([]byte, 64) }), Fresh: none},
		"a stranger's lists":             {text: good, Fresh: stranger.lists(t)},
		"a list twice":                   {text: good, Fresh: []string{m.lists(t)[0], m.lists(t)[0]}},
		"a list as credential":           {text: m.lists(t)[0], Fresh: none},
		"a place without a list":         {text: m.token(t, m.edKey(), func(c *claimed) { c.Status = c.Status[:1] }), Fresh: none},
		"an index with a sign":           {text: m.token(t, m.edKey(), func(c *claimed) { c.Status[0].Index = "-1" }), Fresh: none},
		"no token":                       {text: "hello", Fresh: none},
		"a paper without any":            {text: "%PDF-1.7 nothing", Fresh: none},
	}
	for name, c := range cases {
		if c.Kept == nil {
			c.Kept = none
		}
		if c.Fresh == nil {
			c.Fresh = none
		}
		c.File = []byte(c.text)
		cases[name] = c
	}
	browser := byBrowser(t, m.file, testNow.Add(time.Minute), cases)
	for name, c := range cases {
		r, err := Check(c.File, c.Fresh, c.Kept, m.trust, testNow.Add(time.Minute))
		if diff := cmp.Diff(byCommand(r, err), browser[name]); diff != "" {
			t.Errorf("%s (-command +browser):\n%s", name, diff)
		}
	}
}

// input is what a checker gets.
type input struct {
	text   string
	File   []byte   `json:"file"`
	Digits string   `json:"digits"`
	Fresh  []string `json:"fresh"`
	Kept   []string `json:"kept"`
}

// said is what a checker says.
type said struct {
	Verdict  string    `json:"verdict"`
	Findings []Finding `json:"findings"`
	Cause    Cause     `json:"cause"`
	AsOf     int64     `json:"asOf"` // milliseconds
	Logged   int64     `json:"logged"`
}

func byCommand(r Report, err error) said {
	s := said{string(r.Verdict), append([]Finding{}, r.Findings...), r.Cause, 0, -1}
	if err != nil {
		s.Verdict = "not-a-credential"
	}
	if r.AsOf != nil {
		s.AsOf = r.AsOf.UnixMilli()
	}
	if r.Logged != nil {
		s.Logged = *r.Logged
	}
	return s
}

// byBrowser runs the page's script over the cases.
func byBrowser(t *testing.T, trust json.RawMessage, now time.Time, cases map[string]input) map[string]said {
	t.Helper()
	type job struct {
		Trust json.RawMessage  `json:"trust"`
		Now   int64            `json:"now"`
		Cases map[string]input `json:"cases"`
	}
	list, err := json.Marshal(job{trust, now.UnixMilli(), cases})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cases.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	var faults strings.Builder
	const scripts = "../../web/public/verify/"
	cmd := exec.CommandContext(t.Context(), "node", "testdata/agree.mjs", scripts+"credential.js", scripts+"log.js", file)
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, faults.String())
	}
	var browser map[string]said
	if err := json.Unmarshal(out, &browser); err != nil {
		t.Fatal(err)
	}
	return browser
}
