package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var issuedAt = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func signer(t testing.TB, ctx context.Context) (s exchange.Signer) {
	t.Helper()
	keys, err := exchange.NewKeys([32]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	inTx(t, ctx, func(tx pgx.Tx) error {
		s, err = keys.Signer(ctx, tx)
		return err
	})
	return s
}

func pack(t testing.TB, s exchange.Signer, files ...exchange.File) ([]byte, [32]byte) {
	t.Helper()
	texts, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	sum, err := exchange.NewPacker(texts).Pack(context.Background(), &b, s, exchange.Package{Number: "WY-2026-17", IssuedAt: issuedAt, BaseURL: "https://gi.example/", Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), sum
}

// signed is a signature of something else.
func signed(t testing.TB, s exchange.Signer) []byte {
	t.Helper()
	b, err := s.Sign([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func file(path, content string) exchange.File {
	return exchange.File{Path: path, MediaType: "text/plain", Source: "test", Open: exchange.Bytes([]byte(content))}
}

func keySet(s exchange.Signer) exchange.KeySet {
	k := exchange.PublicKey{KeyID: exchange.KeyID(s.Public), Key: s.Public}
	k.Publisher.Slug = s.Publisher.Slug
	return exchange.KeySet{k.KeyID: k}
}

func TestPackageIsTheSameBytesEachTime(t *testing.T) {
	t.Parallel()
	s := signer(t, dbtest.Tenant(t, tenancy.County))
	a, _ := pack(t, s, file("dossier.zh-Hans.pdf", "一"), file("annex/报告.txt", "二"))
	b, _ := pack(t, s, file("annex/报告.txt", "二"), file("dossier.zh-Hans.pdf", "一"))
	if !bytes.Equal(a, b) {
		t.Error("two packages of the same files differ")
	}
	z, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		if f.Method != zip.Store || !f.Modified.Equal(issuedAt) || f.NonUTF8 {
			t.Errorf("%s: got method %d, time %s", f.Name, f.Method, f.Modified)
		}
	}
	if diff := cmp.Diff([]string{"manifest.json", "manifest.sig", "README.txt", "annex/报告.txt", "dossier.zh-Hans.pdf"}, names); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

// rezip copies a package through change, which returns false to leave an entry out; more is added at the end.
func rezip(t *testing.T, b []byte, method uint16, change func(name string, content []byte) ([]byte, bool), more map[string]string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	put := func(name string, content []byte) {
		e, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = e.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if content, keep := change(f.Name, content); keep {
			put(f.Name, content)
		}
	}
	for name, content := range more {
		put(name, []byte(content))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestVerify(t *testing.T) {
	t.Parallel()
	s, stranger := signer(t, dbtest.Tenant(t, tenancy.County)), signer(t, dbtest.Tenant(t, tenancy.Trader))
	good, _ := pack(t, s, file("dossier.pdf", "the dossier"), file("annex/1.txt", "the annex"))
	same := func(_ string, c []byte) ([]byte, bool) { return c, true }
	alter := func(path, content string) func(string, []byte) ([]byte, bool) {
		return func(name string, c []byte) ([]byte, bool) {
			if name == path {
				return []byte(content), true
			}
			return c, true
		}
	}
	drop := func(path string) func(string, []byte) ([]byte, bool) {
		return func(name string, c []byte) ([]byte, bool) { return c, name != path }
	}
	otherName := keySet(s)
	k := otherName[exchange.KeyID(s.Public)]
	k.Publisher.Slug = "somebody-else"
	otherName[k.KeyID] = k

	type found struct {
		Verdict                 exchange.Verdict
		Changed, Missing, Added []string
	}
	for _, c := range []struct {
		name string
		file []byte
		keys exchange.KeySet
		want found
	}{
		{"as issued", good, keySet(s), found{Verdict: exchange.Valid}},
		{"compressed anew by a mail program", rezip(t, good, zip.Deflate, same, nil), keySet(s), found{Verdict: exchange.Valid}},
		{"a file was changed", rezip(t, good, zip.Store, alter("dossier.pdf", "the d0ssier"), nil), keySet(s), found{Verdict: exchange.Altered, Changed: []string{"dossier.pdf"}}},
		{"a file was cut", rezip(t, good, zip.Store, alter("annex/1.txt", "the"), nil), keySet(s), found{Verdict: exchange.Altered, Changed: []string{"annex/1.txt"}}},
		{"a file was taken away", rezip(t, good, zip.Store, drop("annex/1.txt"), nil), keySet(s), found{Verdict: exchange.Altered, Missing: []string{"annex/1.txt"}}},
		{"a file was added", rezip(t, good, zip.Store, same, map[string]string{"annex/2.txt": "x"}), keySet(s), found{Verdict: exchange.Altered, Added: []string{"annex/2.txt"}}},
		{"a file is there twice", rezip(t, good, zip.Store, same, map[string]string{"dossier.pdf": "the other dossier"}), keySet(s), found{Verdict: exchange.Altered, Changed: []string{"dossier.pdf"}, Added: []string{"dossier.pdf"}}},
		{"the manifest was changed", rezip(t, good, zip.Store, func(name string, c []byte) ([]byte, bool) {
			if name == "manifest.json" {
				c = bytes.Replace(c, []byte("WY-2026-17"), []byte("WY-2026-18"), 1)
			}
			return c, true
		}, nil), keySet(s), found{Verdict: exchange.Altered, Changed: []string{"manifest.json"}}},
		{"the manifest is no manifest", rezip(t, good, zip.Store, alter("manifest.json", `{"files":[]}`), nil), keySet(s), found{Verdict: exchange.Altered, Changed: []string{"manifest.json"}}},
		{"the signature is another's", rezip(t, good, zip.Store, alter("manifest.sig", string(signed(t, stranger))), nil), keySet(s), found{Verdict: exchange.Altered, Changed: []string{"manifest.json"}}},
		{"the signature is gone", rezip(t, good, zip.Store, drop("manifest.sig"), nil), keySet(s), found{Verdict: exchange.Altered, Changed: []string{"manifest.json"}, Missing: []string{"manifest.sig"}}},
		{"the key is not known", good, keySet(stranger), found{Verdict: exchange.UnknownIssuer}},
		{"the key is another publisher's", good, otherName, found{Verdict: exchange.UnknownIssuer}},
		{"no keys, and changed", rezip(t, good, zip.Store, alter("dossier.pdf", "x"), nil), nil, found{Verdict: exchange.Altered, Changed: []string{"dossier.pdf"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rep, err := exchange.Verify(bytes.NewReader(c.file), int64(len(c.file)), c.keys)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, found{rep.Verdict, rep.Changed, rep.Missing, rep.Added}); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestVerifyRefusesWhatIsNoPackage(t *testing.T) {
	t.Parallel()
	var empty bytes.Buffer
	if err := zip.NewWriter(&empty).Close(); err != nil {
		t.Fatal(err)
	}
	bomb := func(name string, size int) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		e, err := w.Create(name)
		if err == nil {
			_, err = e.Write(make([]byte, size))
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	many := func(n int) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for range n {
			if _, err := w.CreateHeader(&zip.FileHeader{Name: "x"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"a text", []byte("hello"), exchange.ErrNoPackage},
		{"nothing", nil, exchange.ErrNoPackage},
		{"an empty ZIP", empty.Bytes(), exchange.ErrNoPackage},
		{"a ZIP of something else", bomb("notes.txt", 10), exchange.ErrNoPackage},
		{"a manifest that unpacks to 16 MiB", bomb("manifest.json", 16<<20), exchange.ErrTooLarge},
		{"ten thousand entries", many(10_000), exchange.ErrTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := exchange.Verify(bytes.NewReader(c.file), int64(len(c.file)), nil)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestPathsThatCannotBeInAPackage(t *testing.T) {
	t.Parallel()
	s := signer(t, dbtest.Tenant(t, tenancy.County))
	texts, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, paths := range [][]string{{"../x"}, {"/x"}, {"a//b"}, {"a\\b"}, {"a\nb"}, {"."}, {""}, {"manifest.json"}, {"Manifest.JSON"}, {"readme.txt"}, {"a.pdf", "A.pdf"}, {"\xff"}} {
		p := exchange.Package{Number: "1", IssuedAt: issuedAt, BaseURL: "https://gi.example"}
		for _, path := range paths {
			p.Files = append(p.Files, file(path, "x"))
		}
		if _, err := exchange.NewPacker(texts).Pack(t.Context(), io.Discard, s, p); !errors.Is(err, exchange.ErrPath) {
			t.Errorf("%q: got %v, want %v", paths, err, exchange.ErrPath)
		}
	}
}

// The README's commands, run as a stranger would.
func TestOpenSSLVerifiesAPackage(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Log("there is no openssl here; the signed message is checked without it")
	}
	s := signer(t, dbtest.Tenant(t, tenancy.County))
	b, _ := pack(t, s, file("dossier.pdf", "the dossier"))
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	entries := map[string][]byte{"key.pem": []byte(exchange.PEM(s.Public))}
	for _, name := range []string{"manifest.json", "manifest.sig"} {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if entries[name], err = io.ReadAll(f); err != nil {
			t.Fatal(err)
		}
	}
	entries["message"] = append([]byte("helianthus data package v1\n"), entries["manifest.json"]...)
	if !ed25519.Verify(s.Public, entries["message"], entries["manifest.sig"]) {
		t.Error("the signature is not of the documented message")
	}
	for name, content := range entries {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := exec.LookPath("openssl"); err == nil {
		cmd := exec.Command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "message", "-sigfile", "manifest.sig")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("openssl: %v: %s", err, out)
		}
	}
}

// house serves the public operations as the product does, over the test database.
func house(t *testing.T) exchange.House {
	t.Helper()
	a := newAPI(t)
	h := api.HandlerFromMux(api.NewStrictHandlerWithOptions(publicOnly{API: a}, nil, api.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadRequest)
		},
		ResponseErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, _ error) { http.Error(w, "", http.StatusNotFound) },
	}), nil)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return exchange.House{Base: base, Client: server.Client()}
}

// publicOnly has the operations of this package one level above those that nobody asks for here.
type publicOnly struct {
	others
	*exchange.API
}

type others struct{ api.StrictServerInterface }

func TestIssuedPackageOverTheNetwork(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	s := signer(t, ctx)
	b, sum := pack(t, s, file("dossier.pdf", "the dossier"))
	h := house(t)
	keys, err := h.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(want exchange.Verdict) {
		t.Helper()
		rep, err := exchange.Verify(bytes.NewReader(b), int64(len(b)), keys)
		if err == nil {
			rep, err = h.Ask(t.Context(), rep)
		}
		if err != nil || rep.Verdict != want || !rep.Asked {
			t.Errorf("got %+v, %v, want %s", rep, err, want)
		}
	}
	ask(exchange.NotIssued)
	build := uuid.New()
	for range 2 { // a job may be done twice
		inTx(t, ctx, func(tx pgx.Tx) error {
			_, err := exchange.PublishPackage(ctx, tx, build, "WY-2026-17", sum, issuedAt)
			return err
		})
	}
	ask(exchange.Valid)
	inTx(t, ctx, func(tx pgx.Tx) error { return exchange.Withdraw(ctx, tx, exchange.PackageKind, build, "") })
	ask(exchange.Withdrawn)
}
