package apitest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// TestUnsignedIsRefusedEverywhere asks every operation of the specification, public ones too, with the good token of a machine that
// must sign, and without a signature.
func TestUnsignedIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	h := Open(t)
	ctx := h.Tenant(t, tenancy.Jurisdiction)
	records := h.Records(t, ctx)
	c := h.signing(t, ctx, identity.ProofSignature)
	if got := c.code(t, c.token(t)); got != "signature.needed" {
		t.Errorf("the token endpoint without a signature: got %q", got)
	}
	if got := c.code(t, c.sign(t, c.token(t))); got != "" || c.Token == "" {
		t.Fatalf("no token for a signed request: %q", got)
	}
	asked := 0
	for _, o := range h.Server.Spec().Operations {
		r := c.request(t, o.Method, address(t, o, records), nil)
		if got := c.code(t, r); got != "signature.needed" {
			t.Errorf("%s without a signature: got %q", o.ID, got)
		}
		asked++
	}
	t.Logf("unsigned requests refused: %d operations", asked)
	// With one, each is dealt with as anybody's: nothing is wrong with the signature.
	for _, o := range h.Server.Spec().Operations {
		if o.Method != http.MethodGet || strings.HasSuffix(o.Path, "/events") || o.Streams {
			continue
		}
		r := c.sign(t, c.request(t, o.Method, address(t, o, records), nil))
		if got := c.code(t, r); strings.HasPrefix(got, "signature.") {
			t.Errorf("%s with a signature: got %q", o.ID, got)
		}
	}
}

func TestSignedRequests(t *testing.T) {
	t.Parallel()
	h := Open(t)
	ctx := h.Tenant(t, tenancy.County)
	c := h.signing(t, ctx) // nothing is required: what is signed must be right all the same
	if got := c.code(t, c.token(t)); got != "" {
		t.Fatalf("token: %q", got)
	}
	draft := []byte(`{"office":"XA","names":[{"text":"向日葵","language":"zh-Hans","kind":"original"}]}`)
	post := func() *http.Request { return c.request(t, "POST", "/api/v1/registrations", draft) }
	replace := func(field, from, to string) func(r *http.Request) {
		return func(r *http.Request) { r.Header.Set(field, strings.Replace(r.Header.Get(field), from, to, 1)) }
	}
	for _, w := range []struct {
		name   string
		change func(r *http.Request)
		want   string
	}{
		{"as it was signed", func(*http.Request) {}, ""},
		{"other content", func(r *http.Request) { r.Body = io.NopCloser(bytes.NewReader([]byte("{}"))) }, "signature.digest-wrong"},
		{"no digest", func(r *http.Request) { r.Header.Del("Content-Digest") }, "signature.digest-wrong"},
		{"another address", func(r *http.Request) { r.URL.RawQuery = "x=1" }, "signature.wrong"},
		{"another method", func(r *http.Request) { r.Method = "PUT"; r.URL.Path = "/api/v1/registrations" }, "route.method-not-allowed"},
		{"the token left out of the signature", replace("Signature-Input", ` "authorization"`, ""), "signature.component-missing"},
		{"the digest left out of the signature", replace("Signature-Input", ` "content-digest"`, ""), "signature.component-missing"},
		{"the address left out of the signature", replace("Signature-Input", ` "@target-uri"`, ""), "signature.component-missing"},
		{"no nonce", replace("Signature-Input", ";nonce=", ";nothing="), "signature.parameter-missing"},
		{"no keyid", replace("Signature-Input", ";keyid=", ";nothing="), "signature.parameter-missing"},
		{"no created", replace("Signature-Input", ";created=", ";nothing="), "signature.parameter-missing"},
		{"of long ago", replace("Signature-Input", ";created=1", ";created=0"), "signature.outside-window"},
		{"another key", replace("Signature-Input", `;keyid="`, `;keyid="x`), "signature.key-unknown"},
		{"another algorithm", replace("Signature-Input", ";nonce=", `;alg="rsa-pss-sha512";nonce=`), "signature.algorithm"},
		{"what the request does not have", replace("Signature-Input", `("@method"`, `("@method" "date"`), "signature.component-absent"},
		{"no structured field", func(r *http.Request) { r.Header.Set("Signature-Input", "a=(") }, "signature.malformed"},
		{"somebody else's tag", replace("Signature-Input", `"helianthus"`, `"proxy"`), ""}, // it is not for us
	} {
		r := c.sign(t, post())
		w.change(r)
		if got := c.code(t, r); got != w.want {
			t.Errorf("%s: got %q, want %q", w.name, got, w.want)
		}
	}
	r := c.sign(t, post())
	again := r.Clone(r.Context())
	again.Body, _ = r.GetBody()
	if got := c.code(t, r); got != "" {
		t.Errorf("a signed request: got %q", got)
	}
	if got := c.code(t, again); got != "signature.replayed" {
		t.Errorf("the same request once more: got %q", got)
	}
	if _, err := h.Identity.RevokeClientKey(ctx, c.client.ID, mustID(t, c.signer.KeyID)); err != nil {
		t.Fatal(err)
	}
	h.Advance(tokenMemory)
	if got := c.code(t, c.sign(t, post())); got != "signature.key-unknown" {
		t.Errorf("a revoked key: got %q", got)
	}
}

// certified makes a certificate and its PEM.
func certified(t *testing.T) (der []byte, text string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "partner"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err = x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	return der, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// A token that was asked for over a connection with a registered certificate is good over such a connection only (RFC 8705).
func TestCertificateBoundTokens(t *testing.T) {
	t.Parallel()
	h := Open(t)
	behind := *h.House
	behind.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	server, err := httpd.New(&behind)
	if err != nil {
		t.Fatal(err)
	}
	ctx := h.Tenant(t, tenancy.Jurisdiction)
	records := h.Records(t, ctx)
	mine, text := certified(t)
	other, _ := certified(t)
	over := func(r *http.Request, from string, certificate []byte) *http.Request {
		r.RemoteAddr = from
		if certificate != nil {
			r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(certificate)+":")
		}
		return r
	}
	const proxy, stranger = "192.0.2.7:1", "198.51.100.7:1"
	for _, required := range [][]identity.Proof{nil, {identity.ProofCertificate}} {
		c := h.signing(t, ctx, required...)
		c.handler = server
		if _, err := h.Identity.AddClientKey(ctx, c.client.ID, text); err != nil {
			t.Fatal(err)
		}
		if required != nil {
			for name, r := range map[string]*http.Request{
				"none": over(c.token(t), proxy, nil), "another": over(c.token(t), proxy, other), "the right one, said by a stranger": over(c.token(t), stranger, mine),
			} {
				if got := c.code(t, r); got != "certificate.needed" {
					t.Errorf("token with certificate %s: got %q", name, got)
				}
			}
		}
		if got := c.code(t, over(c.token(t), proxy, mine)); got != "" || c.Token == "" {
			t.Fatalf("token with the certificate: got %q", got)
		}
		for _, o := range server.Spec().Operations {
			for name, r := range map[string]*http.Request{
				"none": over(c.request(t, o.Method, address(t, o, records), nil), proxy, nil), "another": over(c.request(t, o.Method, address(t, o, records), nil), proxy, other),
				"the right one, said by a stranger": over(c.request(t, o.Method, address(t, o, records), nil), stranger, mine),
			} {
				if got := c.code(t, r); got != "certificate.other" {
					t.Errorf("required %v: %s with certificate %s: got %q", required, o.ID, name, got)
				}
			}
		}
		if got := c.code(t, over(c.request(t, "GET", "/api/v1/registrations", nil), proxy, mine)); got != "" {
			t.Errorf("with the certificate: got %q", got)
		}
	}
	// A token from before the certificate was required is bound to none.
	c := h.signing(t, ctx)
	c.handler = server
	if got := c.code(t, c.token(t)); got != "" {
		t.Fatal(got)
	}
	if _, err := h.Identity.RequireOfClient(ctx, c.client.ID, []identity.Proof{identity.ProofCertificate}); err != nil {
		t.Fatal(err)
	}
	h.Advance(tokenMemory)
	if got := c.code(t, over(c.request(t, "GET", "/api/v1/registrations", nil), proxy, nil)); got != "certificate.needed" {
		t.Errorf("an older token: got %q", got)
	}
}
