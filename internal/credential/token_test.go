package credential

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

const testDID = "did:web:gi.example:tenants:wuyuan"

// maker is an issuer with a key of each algorithm, and a verifier that trusts it.
type maker struct {
	ed    ed25519.PrivateKey
	curve *ecdsa.PrivateKey
	file  []byte // an answer of GET /api/v1/issuers
	trust Trust
}

func newMaker(t testing.TB) maker {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := curve.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	methods := []VerificationMethod{
		{Controller: testDID, ID: testDID + "#ed", JWK: NewJWK(EdDSA, ed.Public().(ed25519.PublicKey)), Type: "JsonWebKey"},
		{Controller: testDID, ID: testDID + "#curve", JWK: NewJWK(ES256, point), Type: "JsonWebKey"},
	}
	file, err := json.Marshal(map[string]any{"items": []Issuer{{DID: testDID, Slug: "wuyuan", Names: map[string]string{"en": "Wuyuan"}, Document: newDocument(testDID, methods)}}, "log": map[string]any{"keys": []string{}}})
	if err != nil {
		t.Fatal(err)
	}
	trust, err := ReadTrust(strings.NewReader(string(file)))
	if err != nil {
		t.Fatal(err)
	}
	return maker{ed, curve, file, trust}
}

func (m maker) edKey() key { return key{testDID + "#ed", EdDSA, m.ed} }

var testNow = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func testClaims() claimed {
	entry := func(p string) statusEntry {
		return statusEntry{Type: typeEntry, Purpose: p, Index: "94567", List: "https://gi.example/api/v1/credential-status-lists/" + p}
	}
	return claimed{
		Context: []string{coreContext}, Type: []string{"DigitalIdentityAnchor", typeVC}, ID: "urn:uuid:1", Issuer: issuerClaim{ID: testDID}, ValidFrom: instant(testNow.Add(-time.Hour)),
		Subject: map[string]any{"name": "五原向日葵"}, Status: []statusEntry{entry("revocation"), entry("suspension")},
		Certificate: &certificateClaim{Number: "C-1", Title: "五原向日葵", Language: "zh-Hans", Officer: "Li", Basis: []Fact{}, Facts: []Fact{}, Record: recordClaim{Kind: "registration"}},
	}
}

func (m maker) token(t testing.TB, k key, change func(*claimed)) string {
	t.Helper()
	c := testClaims()
	if change != nil {
		change(&c)
	}
	text, err := sign(k, c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lists are the two lists with the place of the test's credential set or not.
func (m maker) lists(t testing.TB, set ...Purpose) []string {
	t.Helper()
	return m.listsAt(t, testNow, set...)
}

func (m maker) listsAt(t testing.TB, at time.Time, set ...Purpose) []string {
	t.Helper()
	var all []string
	for _, p := range Purposes {
		places := []int{1, 131071}
		for _, s := range set {
			if s == p {
				places = append(places, 94567)
			}
		}
		c, err := listClaims("https://gi.example/api/v1/credential-status-lists/"+string(p), issuerClaim{ID: testDID}, p, places, at)
		if err != nil {
			t.Fatal(err)
		}
		text, err := sign(m.edKey(), c)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	return all
}

// forged is a token with another header, signed as that header wants it.
func forged(t testing.TB, head string, claims any, signature func(message []byte) []byte) string {
	t.Helper()
	body, ok := claims.(string)
	if !ok {
		b, err := canonical(claims)
		if err != nil {
			t.Fatal(err)
		}
		body = string(b)
	}
	text := base64.RawURLEncoding.EncodeToString
	message := text([]byte(head)) + "." + text([]byte(body))
	return message + "." + text(signature([]byte(message)))
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	m, stranger := newMaker(t), newMaker(t)
	edSign := func(message []byte) []byte { return ed25519.Sign(m.ed, message) }
	head := func(alg, kid string) string {
		return `{"alg":"` + alg + `","cty":"vc","kid":"` + testDID + kid + `","typ":"vc+jwt"}`
	}
	good := m.token(t, m.edKey(), nil)
	parts := strings.Split(good, ".")
	text, err := canonical(testClaims())
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name  string
		token string
		lists []string
		want  Verdict
		found Finding
	}{
		{"EdDSA", good, m.lists(t), Valid, ""},
		{"ES256", m.token(t, key{testDID + "#curve", ES256, m.curve}, nil), m.lists(t), Valid, ""},
		{"a line feed at its end", good + "\n", m.lists(t), Valid, ""},
		{"no status at hand", good, nil, Valid, ""},
		{"revoked", good, m.lists(t, Revocation), Withdrawn, ""},
		{"suspended", good, m.lists(t, Suspension), Suspended, ""},
		{"both", good, m.lists(t, Revocation, Suspension), Withdrawn, ""},
		{"its term is over", m.token(t, m.edKey(), func(c *claimed) { c.ValidUntil = instant(testNow.Add(-time.Minute)) }), m.lists(t), Withdrawn, ""},
		{"it begins tomorrow", m.token(t, m.edKey(), func(c *claimed) { c.ValidFrom = instant(testNow.Add(24 * time.Hour)) }), m.lists(t), Altered, BadTime},
		{"an unknown key of the issuer", m.token(t, key{testDID + "#other", EdDSA, m.ed}, nil), m.lists(t), UnknownIssuer, ""},
		{"an unknown issuer", m.token(t, key{"did:web:evil.example#ed", EdDSA, m.ed}, func(c *claimed) { c.Issuer.ID = "did:web:evil.example" }), m.lists(t), UnknownIssuer, ""},
		{"another issuer than the key's", m.token(t, m.edKey(), func(c *claimed) { c.Issuer.ID = "did:web:evil.example" }), m.lists(t), Altered, BadForm},
		{"signed by a stranger under our key's name", m.token(t, stranger.edKey(), nil), m.lists(t), Altered, BadSignature},
		{"a claim changed", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(text), "C-1", "C-2", 1))) + "." + parts[2], m.lists(t), Altered, BadSignature},
		{"alg none", forged(t, head("none", "#ed"), testClaims(), func([]byte) []byte { return []byte{0} }), m.lists(t), Altered, BadForm},
		{"HMAC under the public key", forged(t, head("HS256", "#ed"), testClaims(), func([]byte) []byte { return make([]byte, 32) }), m.lists(t), Altered, BadForm},
		{"ES256 under an Ed25519 key", forged(t, head("ES256", "#ed"), testClaims(), edSign), m.lists(t), Altered, BadSignature},
		{"EdDSA under a P-256 key", forged(t, head("EdDSA", "#curve"), testClaims(), edSign), m.lists(t), Altered, BadSignature},
		{"an embedded key", forged(t, strings.Replace(head("EdDSA", "#ed"), `"kid"`, `"jwk":{"crv":"Ed25519","kty":"OKP","x":"AA"},"kid"`, 1), testClaims(), edSign), m.lists(t), Altered, BadForm},
		{"an address of a key", forged(t, strings.Replace(head("EdDSA", "#ed"), `"kid"`, `"jku":"https://evil.example","kid"`, 1), testClaims(), edSign), m.lists(t), Altered, BadForm},
		{"a critical extension", forged(t, strings.Replace(head("EdDSA", "#ed"), `"cty"`, `"crit":["x"],"cty"`, 1), testClaims(), edSign), m.lists(t), Altered, BadForm},
		{"another typ", forged(t, strings.Replace(head("EdDSA", "#ed"), "vc+jwt", "JWT", 1), testClaims(), edSign), m.lists(t), Altered, BadForm},
		{"a header member twice", forged(t, strings.Replace(head("EdDSA", "#ed"), `"cty"`, `"alg":"EdDSA","cty"`, 1), testClaims(), edSign), m.lists(t), Altered, BadForm},
		{"a claim twice", forged(t, head("EdDSA", "#ed"), strings.Replace(string(text), `"id":"urn:uuid:1"`, `"id":"urn:uuid:1","id":"urn:uuid:2"`, 1), edSign), m.lists(t), Altered, BadForm},
		{"claims in another form", forged(t, head("EdDSA", "#ed"), " "+string(text), edSign), m.lists(t), Altered, BadForm},
		{"no claims of ours", forged(t, head("EdDSA", "#ed"), `{}`, edSign), m.lists(t), Altered, BadForm},
		{"no object", forged(t, head("EdDSA", "#ed"), `[]`, edSign), m.lists(t), Altered, BadForm},
		{"a status list as a credential", m.lists(t)[0], m.lists(t), Altered, BadForm},
		{"base64 with bits to spare", good[:len(good)-1] + next(good[len(good)-1]), m.lists(t), Altered, BadForm},
		{"a signature too short", good[:len(good)-2], m.lists(t), Altered, BadSignature},
		{"a list of somebody else", good, stranger.lists(t), Altered, BadList},
		{"a list for another purpose", good, []string{m.lists(t)[0], strings.Replace(m.lists(t)[1], "a", "b", 1)}, Altered, BadList},
	}
	for _, c := range cases {
		r, err := Verify(c.token, Evidence{Lists: c.lists, Fresh: c.lists != nil}, m.trust, testNow.Add(time.Minute))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var found Finding
		if len(r.Findings) > 0 {
			found = r.Findings[0]
		}
		if r.Verdict != c.want || found != c.found {
			t.Errorf("%s: got %s %q, want %s %q", c.name, r.Verdict, found, c.want, c.found)
		}
	}
}

// next is the base64url digit after one: of the last digit of 64 bytes only the upper two bits count.
func next(b byte) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(digits[strings.IndexByte(digits, b)|1])
}

func TestOldListIsNoAnswerOfNow(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	good := m.token(t, m.edKey(), nil)
	later := testNow.Add(listLife + time.Hour)
	if r, err := Verify(good, Evidence{Lists: m.lists(t), Fresh: true}, m.trust, later); err != nil || r.Verdict != Altered {
		t.Errorf("an old list passed for one of now: %+v, %v", r, err)
	}
	r, err := Verify(good, Evidence{Lists: m.lists(t)}, m.trust, later)
	if err != nil || r.Verdict != Valid || r.Fresh || !r.AsOf.Equal(testNow) {
		t.Errorf("a list kept with the paper: %+v, %v", r, err)
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a.b", "a.b.", "{}", "%PDF-1.7", "a.b.c.d", "ä.b.c"} {
		if _, err := Verify(text, Evidence{}, Trust{}, testNow); err == nil {
			t.Errorf("%q was taken for a token", text)
		}
	}
}

func TestListHasEveryPlace(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	l, err := readList(m.lists(t)[0], m.trust, testDID)
	if err != nil {
		t.Fatal(err)
	}
	if !l.set(1) || !l.set(131071) || l.set(0) || l.set(94567) || len(l.bits)*8 != Length {
		t.Errorf("%d entries, set: %t %t %t %t", len(l.bits)*8, l.set(1), l.set(131071), l.set(0), l.set(94567))
	}
	if l.bits[0] != 0x40 {
		t.Errorf("the second entry is the second bit from the left; the first byte is %08b", l.bits[0])
	}
}

func TestDID(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"https://gi.example":         "did:web:gi.example:tenants:wuyuan",
		"https://gi.example/":        "did:web:gi.example:tenants:wuyuan",
		"https://gi.example:8443":    "did:web:gi.example%3A8443:tenants:wuyuan",
		"http://127.0.0.1:40123":     "did:web:127.0.0.1%3A40123:tenants:wuyuan",
		"https://gi.example/a house": "did:web:gi.example:a%20house:tenants:wuyuan",
	} {
		if got := DID(base, "wuyuan"); got != want {
			t.Errorf("%s: got %s, want %s", base, got, want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	m := newMaker(f)
	good := m.token(f, m.edKey(), nil)
	for _, text := range []string{good, m.lists(f)[0], "a.b.c", good[:40] + "." + good[40:]} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Verify(text, Evidence{}, m.trust, testNow)
		if err == nil && r.Verdict == Valid && strings.TrimSpace(text) != good {
			t.Errorf("valid: %s", text)
		}
	})
}
