package signature

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dunglas/httpsfv"
	"github.com/google/go-cmp/cmp"
)

// The keys of RFC 9421, appendix B.1.
const (
	rsaPSS = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`
	ecc = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----`
	edwards = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`
	edwardsSeed  = "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"
	sharedSecret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)

const clientCert = ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQT" +
	"AeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmck" +
	"C8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf" +
	"8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6" +
	"bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:"

const (
	testRequest = "POST /foo?param=Value&Pet=dog HTTP/1.1\r\nHost: example.com\r\nDate: Tue, 20 Apr 2021 02:07:55 GMT\r\nContent-Type: application/json\r\n" +
		"Content-Digest: sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:\r\nContent-Length: 18\r\n"
	testResponse = "Date: Tue, 20 Apr 2021 02:07:56 GMT\r\nContent-Type: application/json\r\n" +
		"Content-Digest: sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:\r\nContent-Length: 23\r\n"
	proxied = "POST /foo?param=Value&Pet=dog HTTP/1.1\r\nHost: service.internal.example\r\nClient-Cert: " + clientCert + "\r\n"
	// Appendix B.4: two lines of one field, and its forms on the way.
	transform  = "GET /demo?name1=Value1&Name2=value2 HTTP/1.1\r\nHost: example.org\r\nDate: Fri, 15 Jul 2022 14:24:55 GMT\r\nAccept: application/json\r\nAccept: */*\r\n"
	transform2 = "GET /demo?name1=Value1&Name2=value2&param=added HTTP/1.1\r\nHost: EXAMPLE.org:443\r\nDate: Fri, 15 Jul 2022 14:24:55 GMT\r\nAccept: application/json, */*\r\nAccept-Language: en-US\r\n"
	transform3 = "GET /demo?name1=Value1&Name2=value2 HTTP/1.1\r\nHost: example.com\r\nAccept: application/json\r\nAccept: */*\r\n"
	transform4 = "GET /demo?name1=Value1&Name2=value2 HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\nAccept: application/json\r\n"
	b4         = `transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"`
	b4Value    = "ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA=="
)

func requestOf(t *testing.T, text string) Message {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text + "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return Request(r, "https")
}

func responseOf(t *testing.T, text string) Message {
	t.Helper()
	r, err := http.ReadResponse(bufio.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\n"+text+"\r\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	return Message{Status: r.StatusCode, Header: r.Header}
}

func keyOf(t *testing.T, text string) crypto.PublicKey {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestRFC9421 runs the examples of RFC 9421, appendix B. RSA and HMAC are not taken here; their examples show the base.
func TestRFC9421(t *testing.T) {
	t.Parallel()
	shared, err := base64.StdEncoding.DecodeString(sharedSecret)
	if err != nil {
		t.Fatal(err)
	}
	byKey := func(key crypto.PublicKey) func(Signature, Message, string) error {
		return func(s Signature, m Message, _ string) error { return s.Verify(m, key) }
	}
	pss := func(s Signature, _ Message, text string) error {
		sum := sha512.Sum512([]byte(text))
		return rsa.VerifyPSS(keyOf(t, rsaPSS).(*rsa.PublicKey), crypto.SHA512, sum[:], s.value, &rsa.PSSOptions{SaltLength: 64})
	}
	mac := func(s Signature, _ Message, text string) error {
		h := hmac.New(sha256.New, shared)
		h.Write([]byte(text))
		if !hmac.Equal(h.Sum(nil), s.value) {
			return &Error{Code: NotTheKeys}
		}
		return nil
	}
	wrong := &Error{Code: NotTheKeys}
	for _, c := range []struct {
		name         string
		message      Message
		input, value string
		verify       func(Signature, Message, string) error
		want         error
	}{
		{"B.2.3", requestOf(t, testRequest), `sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"`,
			"bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==", pss, nil},
		{"B.2.4", responseOf(t, testResponse), `sig-b24=("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"`,
			"wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==", byKey(keyOf(t, ecc)), nil},
		{"B.2.5", requestOf(t, testRequest), `sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`, "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=", mac, nil},
		{"B.2.6", requestOf(t, testRequest), `sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`,
			"wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==", byKey(keyOf(t, edwards)), nil},
		{"B.3", requestOf(t, proxied), `ttrp=("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid="test-key-ecc-p256"`,
			"xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==", byKey(keyOf(t, ecc)), nil},
		{"B.4", requestOf(t, transform), b4, b4Value, byKey(keyOf(t, edwards)), nil},
		{"B.4, lines joined and what is not covered added", requestOf(t, transform2), b4, b4Value, byKey(keyOf(t, edwards)), nil},
		{"B.4, another authority", requestOf(t, transform3), b4, b4Value, byKey(keyOf(t, edwards)), wrong},
		{"B.4, lines in another order", requestOf(t, transform4), b4, b4Value, byKey(keyOf(t, edwards)), wrong},
	} {
		h := c.message.Header
		label, _, _ := strings.Cut(c.input, "=")
		h.Set("Signature-Input", c.input+`;tag="t"`)
		h.Set("Signature", label+"=:"+c.value+":")
		s, found, err := Find(h, "t")
		if err != nil || !found {
			t.Fatalf("%s: found %v, %v", c.name, found, err)
		}
		s.params = strings.TrimSuffix(s.params, `;tag="t"`) // these examples have no tag
		text, err := base(c.message, s.Components, s.params)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if err := c.verify(s, c.message, text); !same(err, c.want) {
			t.Errorf("%s: got %v, want %v over\n%s", c.name, err, c.want, text)
		}
	}
}

func same(got, want error) bool {
	var a, b *Error
	if !errors.As(want, &b) {
		return got == nil && want == nil
	}
	return errors.As(got, &a) && *a == *b
}

// The other way round: Ed25519 signs the same every time, so that our signature must be the example's.
func TestSignAsRFC9421(t *testing.T) {
	t.Parallel()
	seed, err := base64.RawURLEncoding.DecodeString(edwardsSeed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := base(requestOf(t, testRequest), []string{"date", "@method", "@path", "@authority", "content-type", "content-length"},
		`("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`)
	if err != nil {
		t.Fatal(err)
	}
	value, err := sign(ed25519.NewKeyFromSeed(seed), []byte(text))
	if got := base64.StdEncoding.EncodeToString(value); err != nil || got != "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==" {
		t.Errorf("got %s, %v", got, err)
	}
}

// RFC 9530, appendix B: the digests of its JSON examples.
func TestDigest(t *testing.T) {
	t.Parallel()
	check := func(field, content string, want error) {
		t.Helper()
		if err := checkDigest(http.Header{"Content-Digest": {field}}, []byte(content)); !same(err, want) {
			t.Errorf("%s of %q: got %v, want %v", field, content, err, want)
		}
	}
	hello := `{"hello": "world"}`
	check("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", hello, nil)
	check("sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:", hello, nil)
	check("md5=:AAAA:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", hello, nil)
	check(digestOf([]byte(hello)), hello, nil)
	check("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", hello+" ", &Error{Digest, "sha-256"})
	check("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:", hello, &Error{Digest, "sha-512"})
	check("sha-256=1", hello, &Error{Digest, "sha-256"})
	check("md5=:AAAA:", hello, &Error{Digest, "Content-Digest"})
	check("", hello, &Error{Digest, "Content-Digest"})
	check("sha-256=:", hello, &Error{Malformed, "Content-Digest"})
}

// TestTransport sends signed requests through a real server; the server finds nothing wrong with them, and something as soon as
// anything that must be covered is changed.
func TestTransport(t *testing.T) {
	t.Parallel()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	change := map[string]func(r *http.Request){
		"nothing":       func(*http.Request) {},
		"method":        func(r *http.Request) { r.Method = "PUT" },
		"path":          func(r *http.Request) { r.URL.Path += "x" },
		"query":         func(r *http.Request) { r.URL.RawQuery += "x" },
		"authority":     func(r *http.Request) { r.Host = "other.example" },
		"authorization": func(r *http.Request) { r.Header.Set("Authorization", "Bearer other") },
		"digest":        func(r *http.Request) { r.Header.Set("Content-Digest", digestOf([]byte("{}"))) },
	}
	for _, key := range []crypto.Signer{private, curve} {
		for name, f := range change {
			for _, content := range []string{"", `{"name": "五原向日葵"}`} {
				var got error
				server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					f(r)
					body, _ := io.ReadAll(r.Body)
					s, found, err := Find(r.Header, Tag)
					if err != nil || !found {
						t.Errorf("%s: found %v, %v", name, found, err)
					}
					if got = s.Check(Request(r, "http"), body, time.Now()); got == nil {
						got = s.Verify(Request(r, "http"), key.Public())
					}
				}))
				client := &http.Client{Transport: &Transport{Signer: Signer{KeyID: "k", Key: key}}}
				r, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/api/v1/x?a=%20b", strings.NewReader(content))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Authorization", "Bearer token")
				answer, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				_ = answer.Body.Close()
				server.Close()
				changed := name != "nothing" && (name != "digest" || content != "")
				if (got != nil) != changed {
					t.Errorf("%T, %s of %q: got %v", key, name, content, got)
				}
			}
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	whole := []string{"@method", "@target-uri", "content-digest", "authorization"}
	good := Signature{Components: whole, Created: now, Nonce: "n", KeyID: "k", Tag: Tag}
	content := []byte("{}")
	m := Message{Method: "POST", Scheme: "https", Authority: "h", Path: "/", Header: http.Header{"Authorization": {"Bearer x"}, "Content-Digest": {digestOf(content)}}}
	check := func(name string, change func(s *Signature), want *Error) {
		t.Helper()
		s := good
		change(&s)
		err := s.Check(m, content, now)
		if want == nil && err != nil || want != nil && !same(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
	check("all there", func(*Signature) {}, nil)
	check("the address in its parts", func(s *Signature) {
		s.Components = []string{"@query", "@method", "@authority", "@path", "content-digest", "authorization"}
	}, nil)
	check("no query", func(s *Signature) {
		s.Components = []string{"@method", "@authority", "@path", "content-digest", "authorization"}
	}, &Error{Component, "@query"})
	for i, name := range whole {
		want := name
		if name == "@target-uri" {
			want = "@authority"
		}
		check("without "+name, func(s *Signature) {
			s.Components = append(append([]string{}, whole[:i]...), whole[i+1:]...)
		}, &Error{Component, want})
	}
	check("no created", func(s *Signature) { s.Created = time.Time{} }, &Error{Parameter, "created"})
	check("no nonce", func(s *Signature) { s.Nonce = "" }, &Error{Parameter, "nonce"})
	check("no keyid", func(s *Signature) { s.KeyID = "" }, &Error{Parameter, "keyid"})
	check("no tag", func(s *Signature) { s.Tag = "" }, &Error{Parameter, "tag"})
	check("just in time", func(s *Signature) { s.Created = now.Add(-Window) }, nil)
	check("too old", func(s *Signature) { s.Created = now.Add(-Window - time.Second) }, &Error{Code: OutOfTime})
	check("a clock ahead", func(s *Signature) { s.Created = now.Add(Skew) }, nil)
	check("of the future", func(s *Signature) { s.Created = now.Add(Skew + time.Second) }, &Error{Code: OutOfTime})
	check("expired", func(s *Signature) { s.Expires = now.Add(-time.Second) }, &Error{Code: OutOfTime})
}

func TestFind(t *testing.T) {
	t.Parallel()
	const value = `a=:AAAA:`
	for _, c := range []struct {
		name, input, value string
		found              bool
		want               error
	}{
		{"another's signature", `a=("@method");tag="proxy"`, value, false, nil},
		{"ours beside it", `b=("@method");tag="proxy", a=("@method");tag="helianthus"`, value, true, nil},
		{"two of ours", `a=();tag="helianthus", b=();tag="helianthus"`, `a=:AAAA:, b=:AAAA:`, false, &Error{Malformed, "tag"}},
		{"no signature", `a=();tag="helianthus"`, `b=:AAAA:`, false, &Error{Malformed, "Signature"}},
		{"a signature of words", `a=();tag="helianthus"`, `a="AAAA"`, false, &Error{Malformed, "Signature"}},
		{"no list", `a="x";tag="helianthus"`, value, false, &Error{Malformed, "Signature-Input"}},
		{"no structured field", `a=(`, value, false, &Error{Malformed, "Signature-Input"}},
		{"a component twice", `a=("@method" "@method");tag="helianthus"`, value, false, &Error{Malformed, "Signature-Input"}},
		{"a component in capitals", `a=("Date");tag="helianthus"`, value, false, &Error{Malformed, "Signature-Input"}},
		{"the parameters themselves", `a=("@signature-params");tag="helianthus"`, value, false, &Error{Malformed, "Signature-Input"}},
		{"a component that is a number", `a=(1);tag="helianthus"`, value, false, &Error{Malformed, "Signature-Input"}},
		{"a component of another message", `a=("@method";req);tag="helianthus"`, value, false, &Error{Absent, "@method;req"}},
		{"created in words", `a=();created="today";tag="helianthus"`, value, false, &Error{Malformed, "created"}},
		{"created in parts", `a=();created=1.5;tag="helianthus"`, value, false, &Error{Malformed, "created"}},
	} {
		_, found, err := Find(http.Header{"Signature-Input": {c.input}, "Signature": {c.value}}, Tag)
		if !same(err, c.want) || err == nil && found != c.found {
			t.Errorf("%s: got %v, %v, want %v, %v", c.name, found, err, c.found, c.want)
		}
	}
}

func TestVerifyRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	s := Signature{Alg: ECDSAP256, params: "()"}
	if err := s.Verify(Message{}, keyOf(t, edwards)); !same(err, &Error{Algorithm, ECDSAP256}) {
		t.Errorf("another algorithm than the key's: got %v", err)
	}
	if err := s.Verify(Message{}, keyOf(t, rsaPSS)); !same(err, &Error{Code: Algorithm}) {
		t.Errorf("an RSA key: got %v", err)
	}
	block, _ := pem.Decode([]byte(rsaPSS))
	if _, err := PublicKey(block.Bytes); !same(err, &Error{Code: Algorithm}) {
		t.Errorf("an RSA key was read: %v", err)
	}
	large, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := AlgorithmOf(large.Public()); err == nil {
		t.Error("a key over P-384 was taken")
	}
}

// FuzzFind: whatever two fields say, nothing panics, and what is read is written as it was read.
func FuzzFind(f *testing.F) {
	f.Add(`a=("@method" "@target-uri");created=1618884473;nonce="n";keyid="k";tag="helianthus"`, `a=:AAAA:`)
	f.Add(`a=("@method";req "x";sf);tag="helianthus";expires=@1`, `a=:AA==:, b=?1`)
	f.Add(`a=("\"" "é");tag="helianthus"`, `a=:A`)
	f.Fuzz(func(t *testing.T, input, value string) {
		s, found, err := Find(http.Header{"Signature-Input": {input}, "Signature": {value}}, Tag)
		if err != nil || !found {
			return
		}
		again, err := httpsfv.UnmarshalDictionary([]string{"a=" + s.params})
		if err != nil {
			t.Fatalf("%q is not read again: %v", s.params, err)
		}
		member, _ := again.Get("a")
		second, err := read(member.(httpsfv.InnerList))
		if err != nil {
			t.Fatal(err)
		}
		s.value = nil
		if d := cmp.Diff(s, second, cmp.AllowUnexported(Signature{})); d != "" {
			t.Error(d)
		}
		_ = s.Check(Message{Method: "GET", Header: http.Header{}}, []byte(value), time.Now())
		_ = s.Verify(Message{Method: "GET", Header: http.Header{}}, keyOf(t, edwards))
	})
}
