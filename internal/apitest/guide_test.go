package apitest

import (
	"crypto/x509"
	"encoding/pem"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The lines with openssl and curl in the guide for partner offices are run as they stand there, against a real server.
func TestGuideSignsWithOpenSSL(t *testing.T) {
	t.Parallel()
	h := Open(t)
	c := h.signing(t, h.Tenant(t, tenancy.Jurisdiction), identity.ProofSignature)
	if got := c.code(t, c.sign(t, c.token(t))); got != "" {
		t.Fatal(got)
	}
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	der, err := x509.MarshalPKCS8PrivateKey(c.signer.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "zh-Hans"} {
		page, err := os.ReadFile("../../web/public/guides/partner-office/" + language + ".html")
		if err != nil {
			t.Fatal(err)
		}
		example := regexp.MustCompile(`(?s)<code>openssl genpkey.*?\n\n(.*?)</code>`).FindSubmatch(page)
		if example == nil {
			t.Fatalf("%s: the guide has no example", language)
		}
		script := strings.NewReplacer("https://…", server.URL, "…", c.signer.KeyID, `curl "$url"`, `curl -sS -o answer -w '%{http_code}' "$url"`).Replace(html.UnescapeString(string(example[1])))
		cmd := exec.CommandContext(t.Context(), "bash", "-euc", script) //nolint:gosec // our own guide
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "TOKEN="+c.Token)
		out, err := cmd.CombinedOutput()
		if err != nil || string(out) != "200" {
			answer, _ := os.ReadFile(filepath.Join(dir, "answer"))
			t.Errorf("%s: %v, %s %s", language, err, out, answer)
		}
	}
}

// The end of keys is a metric, so that an alert can be made of it.
func TestKeyEndsAreMeasured(t *testing.T) {
	t.Parallel()
	h := Open(t)
	h.Records(t, h.Tenant(t, tenancy.County)) // receipts are signed
	r := h.Nobody().Do(t, http.MethodGet, "/metrics", nil, nil)
	if !regexp.MustCompile(`(?m)^helianthus_signing_key_expires_timestamp_seconds 1\.\d+e\+09$`).MatchString(r.Body.String()) {
		t.Errorf("no end of a key: %d", r.Code)
	}
}
