package apitest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api/signature"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// key is a machine's own, and its public half as it is registered.
type key struct {
	crypto.Signer
	PEM string
}

func newKey(t testing.TB) key {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return key{private, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}
}

// signing is a machine that must sign, and its caller, which does not sign by itself.
type signing struct {
	*Caller
	client identity.Client
	secret string
	signer signature.Signer
}

// signing makes a machine with these proofs required, and gets it a token that way.
func (h *House) signing(t *testing.T, ctx context.Context, proofs ...identity.Proof) *signing {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c, secret, err := h.Identity.CreateClient(ctx, identity.Client{Name: "Canary " + s.Slug, Scopes: h.Access.MachineCeiling(s.TenantKind), Required: proofs, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	private := newKey(t)
	k, err := h.Identity.AddClientKey(ctx, c.ID, private.PEM)
	if err != nil {
		t.Fatal(err)
	}
	return &signing{&Caller{handler: h.Server, Scope: s}, c, secret, signature.Signer{KeyID: k.ID, Key: private.Signer, Now: h.Now}}
}

// request is one that the machine may sign and send.
func (c *signing) request(t *testing.T, method, path string, body []byte) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://helianthus.example"+path, bytes.NewReader(body))
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", mediaTypeOf(method))
	}
	return r
}

// token is the request for a token.
func (c *signing) token(t *testing.T) *http.Request {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.client.ID}, "client_secret": {c.secret}}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "http://helianthus.example/api/v1/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func (c *signing) sign(t *testing.T, r *http.Request) *http.Request {
	t.Helper()
	if err := c.signer.Sign(r); err != nil {
		t.Fatal(err)
	}
	return r
}

// code sends a request and returns the problem's code, empty when there is none.
func (c *signing) code(t *testing.T, r *http.Request) string {
	t.Helper()
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	var answer struct {
		Code        string
		AccessToken string `json:"access_token"`
	}
	_ = json.Unmarshal(w.Body.Bytes(), &answer) // some answers are no JSON
	if answer.AccessToken != "" {
		c.Token = answer.AccessToken
	}
	return answer.Code
}

func mustID(t *testing.T, text string) uuid.UUID {
	t.Helper()
	id, err := uuid.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
