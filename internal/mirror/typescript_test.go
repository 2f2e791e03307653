package mirror_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The TypeScript client (api/typescript) does what a mirror does, on Node and against a real house: it has what its reader may
// read, goes on from where it stopped, and believes no lie.
func TestTypeScriptClientKeepsAVerifiedCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, reader := w.Tenant(t, tenancy.County), w.Tenant(t, tenancy.Jurisdiction)
	who, err := tenancy.From(reader)
	if err != nil {
		t.Fatal(err)
	}
	machine, secret, err := w.Identity.CreateClient(reader, identity.Client{
		Name: "copy", Scopes: []string{"publication:read"}, Required: []identity.Proof{identity.ProofSignature}, ExpiresAt: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	public, private := keyPair(t)
	key, err := w.Identity.AddClientKey(reader, machine.ID, public)
	if err != nil {
		t.Fatal(err)
	}
	changed := uuid.New()
	w.publish(t, owner, changed, "first", exchange.Public, uuid.Nil)
	w.publish(t, owner, changed, "second", exchange.Public, uuid.Nil)
	w.publish(t, owner, uuid.New(), "for one", exchange.OneReader, who.Tenant)
	gone := w.publish(t, owner, uuid.New(), "gone", exchange.Public, uuid.Nil)
	if _, err := w.Exchange.Withdraw(owner, gone, "a mistake"); err != nil {
		t.Fatal(err)
	}
	stranger, err := tenancy.From(w.Tenant(t, tenancy.Trader))
	if err != nil {
		t.Fatal(err)
	}
	w.publish(t, owner, uuid.New(), "for others", exchange.OneReader, stranger.Tenant)
	info, err := w.Translog.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil || len(info.Keys) == 0 {
		t.Fatalf("the log has no key: %v", err)
	}
	built := run(t, exec.CommandContext(t.Context(), "npm", "run", "--silent", "build"))
	t.Logf("built: %s", built)
	c := exec.CommandContext(t.Context(), "node", "test/copy.mjs")
	c.Env = append(os.Environ(), "URL="+w.url, "LOG_KEY="+info.Keys[0], "CLIENT_ID="+machine.ID, "CLIENT_SECRET="+secret, "KEY_ID="+key.ID, "PRIVATE_KEY="+private)
	var got struct {
		First, Position, Resumed int64
		Held                     map[string]int
		Lies                     map[string]string
		Status                   string
	}
	if err := json.Unmarshal(run(t, c), &got); err != nil {
		t.Fatal(err)
	}
	mine := map[string]int{}
	for key, version := range w.held(t, reader) { // others of this process publish meanwhile
		if filepath.Dir(filepath.Dir(key)) == slugOf(t, owner) {
			mine[key] = version
		}
	}
	copied := map[string]int{}
	for key, version := range got.Held {
		if filepath.Dir(filepath.Dir(key)) == slugOf(t, owner) {
			copied[key] = version
		}
	}
	if diff := cmp.Diff(mine, copied); diff != "" || len(mine) != 2 {
		t.Errorf("the copy (+) is not what may be read (-):\n%s", diff)
	}
	if got.First <= 0 || got.Position < got.First || got.Resumed < got.Position {
		t.Errorf("positions %d, %d, %d", got.First, got.Position, got.Resumed)
	}
	if diff := cmp.Diff(map[string]string{"content": "Altered", "silence": "Silent", "proof": "NotProved", "signature": "NotProved", "key": "NotProved"}, got.Lies); diff != "" {
		t.Errorf("lies were believed:\n%s", diff)
	}
	if got.Status != "unknown" {
		t.Errorf("the status of an unknown name is %q", got.Status)
	}
}

// keyPair makes a machine's key: the public half in PEM, as it is registered, and the private one in PKCS #8 and base64.
func keyPair(t *testing.T) (public, private string) {
	t.Helper()
	key, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})), base64.StdEncoding.EncodeToString(pkcs8)
}

// run runs a command of the client's package and returns what it printed.
func run(t *testing.T, c *exec.Cmd) []byte {
	t.Helper()
	c.Dir = "../../api/typescript"
	out, err := c.Output()
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Output returns it as it is
		t.Fatalf("%v: %s%s", c.Args, out, exit.Stderr)
	}
	if err != nil {
		t.Fatalf("%v: %v", c.Args, err)
	}
	return out
}

func slugOf(t *testing.T, ctx context.Context) string {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s.Slug
}
