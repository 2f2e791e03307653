package custody

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// served gives out a custodian on a socket and returns the socket.
func served(t *testing.T, c Custodian) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "keys") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: Handler(c, slog.New(slog.DiscardHandler))} //nolint:gosec // ends with the test
	go server.Serve(l)                                                         //nolint:errcheck // ends with the test
	t.Cleanup(func() { server.Close() })
	return socket
}

func inPEM(t *testing.T, a Algorithm) (crypto.Signer, string) {
	t.Helper()
	private, err := generate(a)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return private, string(pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}))
}

func opened(t *testing.T, places string) *Custody {
	t.Helper()
	c, err := Open(places)
	if err != nil {
		t.Fatalf("%s: %v", places, err)
	}
	return c
}

// signs makes a signature of an input that fits the algorithm.
func signs(t *testing.T, s crypto.Signer) error {
	t.Helper()
	input := []byte("a message")
	opts := crypto.SignerOpts(crypto.Hash(0))
	if algorithmOf(s.Public()) == ES256 {
		sum := sha256.Sum256(input)
		input, opts = sum[:], crypto.SHA256
	}
	signature, err := s.Sign(rand.Reader, input, opts)
	if err == nil && !fits(s.Public(), input, signature) {
		t.Error("a signature that is not the key's was handed out")
	}
	return err
}

func TestEveryPlaceSigns(t *testing.T) {
	for _, a := range []Algorithm{EdDSA, ES256} {
		_, text := inPEM(t, a)
		t.Setenv(variable("tenants/wuyuan", a), text)
	}
	dir := t.TempDir()
	behind := served(t, files(t.TempDir()))
	provided := served(t, environment(os.Getenv))
	for _, places := range []string{"file:" + dir, "env", "unix:" + behind, "unix:" + provided, "env, file:" + dir + ", database"} {
		c := opened(t, places)
		for _, a := range []Algorithm{EdDSA, ES256} {
			k, err := c.Make(t.Context(), "tenants/wuyuan", a)
			if err != nil {
				t.Fatalf("%s: %v", places, err)
			}
			if scheme, _, _ := strings.Cut(places, ":"); algorithmOf(k.Public) != a || !strings.HasPrefix(k.Ref, strings.Split(scheme, ",")[0]+":") {
				t.Errorf("%s: got %s key %s, want %s", places, algorithmOf(k.Public), k.Ref, a)
			}
			// Another process, or this one started again, signs with what the database keeps.
			if err := signs(t, opened(t, places).Signer(t.Context(), k)); err != nil {
				t.Errorf("%s: %v", places, err)
			}
			if strings.HasPrefix(places, "env") || places == "unix:"+provided {
				continue
			}
			if next, err := c.Make(t.Context(), "tenants/wuyuan", a); err != nil || next.Ref == k.Ref {
				t.Errorf("%s: the next key: %s after %s, %v", places, next.Ref, k.Ref, err)
			}
		}
	}
}

func TestPlacesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, places := range []string{"vault", "file", "file:keys", "unix:", "env:X", "database:x", "env,env", "env,,database", ","} {
		if _, err := Open(places); err == nil {
			t.Errorf("%q was taken", places)
		}
	}
	for places, outside := range map[string]bool{"": false, "database": false, "database,env": false, "env,database": true} {
		if got := opened(t, places).Outside(); got != outside {
			t.Errorf("%q: outside %v", places, got)
		}
	}
	if (*Custody)(nil).Outside() {
		t.Error("no custody is outside")
	}
}

// The old key of the environment signs until the next one is taken.
func TestProvidedKeysAreExchanged(t *testing.T) {
	t.Parallel()
	first, one := inPEM(t, EdDSA)
	second, two := inPEM(t, EdDSA)
	value := one
	e := environment(func(string) string { return value })
	old, err := e.Make(t.Context(), "log", EdDSA)
	if err != nil || !first.Public().(ed25519.PublicKey).Equal(old.Public) {
		t.Fatalf("the first key: %v", err)
	}
	value = two + one
	next, err := e.Make(t.Context(), "log", EdDSA)
	if err != nil || !second.Public().(ed25519.PublicKey).Equal(next.Public) {
		t.Fatalf("the next key: %v", err)
	}
	for _, k := range []Key{old, next} {
		if s, err := e.Sign(t.Context(), k.Ref, []byte("x")); err != nil || !fits(k.Public, []byte("x"), s) {
			t.Errorf("%s: %v", k.Ref, err)
		}
	}
	value = two
	if _, err := e.Sign(t.Context(), old.Ref, []byte("x")); !errors.Is(err, errUnknown) {
		t.Errorf("a key that was taken away: %v", err)
	}
	value = ""
	if _, err := e.Make(t.Context(), "log", EdDSA); !errors.Is(err, ErrNotProvided) {
		t.Errorf("no key: %v", err)
	}
	for _, text := range []string{"x", one + "x", strings.Replace(one, "PRIVATE", "PUBLIC", 2)} {
		value = text
		if _, err := e.Make(t.Context(), "log", EdDSA); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := files(dir)
	k, err := f.Make(t.Context(), "tenants/wuyuan", EdDSA)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, k.Ref)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil { //nolint:gosec // what is refused
		t.Fatal(err)
	}
	if _, err := f.Sign(t.Context(), k.Ref, nil); err == nil {
		t.Error("a key that others may read signed")
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "x.pem")); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"x.pem", "../" + filepath.Base(dir) + "/" + k.Ref, "/etc/passwd", "", "gone.pem"} {
		if _, err := f.Sign(t.Context(), ref, nil); err == nil {
			t.Errorf("%q signed", ref)
		}
	}
	for _, name := range []string{"../x", "", "A", "a b", "/", strings.Repeat("a", 101)} {
		if _, err := f.Make(t.Context(), name, EdDSA); !errors.Is(err, errMalformed) {
			t.Errorf("a key for %q: %v", name, err)
		}
	}
}

// liar signs with another key than the one that it was asked to sign with.
type liar struct{ Custodian }

func (l liar) Sign(ctx context.Context, _ string, input []byte) ([]byte, error) {
	other, err := l.Make(ctx, "other", EdDSA)
	if err != nil {
		return nil, err
	}
	return l.Custodian.Sign(ctx, other.Ref, input)
}

func TestWhatComesBackIsNotBelieved(t *testing.T) {
	t.Parallel()
	c := opened(t, "unix:"+served(t, liar{files(t.TempDir())}))
	k, err := c.Make(t.Context(), "log", EdDSA)
	if err != nil {
		t.Fatal(err)
	}
	if err := signs(t, c.Signer(t.Context(), k)); err == nil {
		t.Error("another key's signature was taken")
	}
	nobody := opened(t, "unix:/nonexistent/socket")
	if err := signs(t, nobody.Signer(t.Context(), k)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("nobody there: %v", err)
	}
	if err := signs(t, opened(t, "database").Signer(t.Context(), k)); err == nil {
		t.Error("a place that is not there signed")
	}
}

func TestCustodianRefuses(t *testing.T) {
	t.Parallel()
	socket := served(t, files(t.TempDir()))
	r := newRemote(socket)
	for _, q := range []struct {
		path, body string
		status     int
	}{
		{keysPath, `{"name": "log", "algorithm": "EdDSA"}`, 200},
		{keysPath, `{"name": "log", "algorithm": "RS256"}`, 400},
		{keysPath, `{"name": "../x", "algorithm": "EdDSA"}`, 400},
		{keysPath, `{"name": "log", "algorithm": "EdDSA", "export": true}`, 400},
		{keysPath, `[`, 400},
		{signaturesPath, `{"ref": "gone.pem", "input": ""}`, 404},
		{signaturesPath, `{"ref": "../gone.pem", "input": ""}`, 400},
		{signaturesPath, `{"ref": "gone.pem", "input": "` + strings.Repeat("A", 3<<20) + `"}`, 400},
		{"/v1/private-keys", `{}`, 404},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://custodian"+q.path, strings.NewReader(q.body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := r.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != q.status {
			t.Errorf("%s %.80s: got %d, want %d", q.path, q.body, res.StatusCode, q.status)
		}
	}
}
