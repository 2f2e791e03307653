package httpd_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// checked is what a checker says of a package.
type checked struct {
	Verdict                 string
	Changed, Missing, Added []string
	AsOf                    string
}

// packageCase is a package, the keys that are known and what the publisher says when it is asked.
type packageCase struct {
	Name string               `json:"-"`
	File string               `json:"file"`
	Keys []exchange.PublicKey `json:"keys"`
	Said any                  `json:"said"`
	Kept json.RawMessage      `json:"kept"` // an answer of GET /api/v1/withdrawn-packages
}

// The page's script and the command must come to the same verdict, for the same reasons.
func TestBrowserAndCommandAgreeOnPackages(t *testing.T) {
	t.Parallel()
	cases := packageCases(t)
	dir := t.TempDir()
	list, err := json.Marshal(cases)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "cases.json"), list, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "testdata/verify.mjs", "../../web/public/verify/package.js", filepath.Join(dir, "cases.json")).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("node: %s", exit.Stderr)
		}
		t.Fatal(err)
	}
	var browser []checked
	if err := json.Unmarshal(out, &browser); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if diff := cmp.Diff(byCommand(t, c), browser[i]); diff != "" {
			t.Errorf("%s (-command +browser):\n%s", c.Name, diff)
		}
	}
}

// byCommand is what `helianthus verify` says, with the publisher's word added as the command adds it.
func byCommand(t *testing.T, c packageCase) checked {
	t.Helper()
	b, err := os.ReadFile(c.File)
	if err != nil {
		t.Fatal(err)
	}
	keys := exchange.KeySet{}
	for _, k := range c.Keys {
		keys[k.KeyID] = k
	}
	none := []string{}
	lists, err := exchange.ReadWithdrawn(bytes.NewReader(c.Kept), keys)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	r, err := exchange.Verify(bytes.NewReader(b), int64(len(b)), keys)
	switch {
	case errors.Is(err, exchange.ErrNoPackage):
		return checked{"not-a-package", none, none, none, ""}
	case errors.Is(err, exchange.ErrTooLarge):
		return checked{"too-large", none, none, none, ""}
	case err != nil:
		t.Fatalf("%s: %v", c.Name, err)
	}
	verdict := string(r.Verdict)
	if r.Verdict == exchange.Valid {
		switch said := c.Said.(type) {
		case nil:
			r = r.Against(lists)
			verdict = string(r.Verdict)
		case string:
			verdict = string(exchange.NotIssued)
		case map[string]string:
			if said["status"] == "withdrawn" {
				verdict = string(exchange.Withdrawn)
			}
		}
	}
	as := checked{verdict, append(none, r.Changed...), append(none, r.Missing...), append(none, r.Added...), ""}
	if r.AsOf != nil {
		as.AsOf = r.AsOf.Format(time.RFC3339Nano)
	}
	return as
}

func packageCases(t *testing.T) []packageCase {
	t.Helper()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	var signer exchange.Signer
	err := h.DB.Tx(ctx, func(tx pgx.Tx) (err error) { signer, err = h.Keys.Signer(ctx, tx); return err })
	if err != nil {
		t.Fatal(err)
	}
	var good bytes.Buffer
	sum, err := exchange.NewPacker(h.Bundle).Pack(ctx, &good, signer, exchange.Package{Number: "N-1", IssuedAt: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), BaseURL: "https://gi.example", Files: []exchange.File{
		{Path: "dossier.en.pdf", MediaType: "application/pdf", Source: "test", Open: exchange.Bytes([]byte("one"))},
		{Path: "annex/报告 & <b>.txt", MediaType: "text/plain", Source: "\"quoted\" \u2028", Open: exchange.Bytes(bytes.Repeat([]byte("two"), 1000))},
	}})
	if err != nil {
		t.Fatal(err)
	}
	key := exchange.PublicKey{KeyID: exchange.KeyID(signer.Public), Key: signer.Public}
	key.Publisher.Slug = signer.Publisher.Slug
	stranger := key
	stranger.Publisher.Slug = "somebody-else"
	known := []exchange.PublicKey{key}
	retired := func(at time.Time) []exchange.PublicKey {
		k := key
		k.RetiredAt = &at
		return []exchange.PublicKey{k}
	}
	holds, over := keptLists(t, ctx, h, sum)
	keep := func(_ string, b []byte) ([]byte, bool) { return b, true }
	edit := func(name string, to func([]byte) []byte) func(string, []byte) ([]byte, bool) {
		return func(n string, b []byte) ([]byte, bool) {
			if n == name {
				b = to(b)
			}
			return b, true
		}
	}
	drop := func(name string) func(string, []byte) ([]byte, bool) {
		return func(n string, b []byte) ([]byte, bool) { return b, n != name }
	}
	replace := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
	}
	issued, none := map[string]string{"status": "issued"}, json.RawMessage(`{"items":[]}`)
	all := []struct {
		name string
		zip  []byte
		keys []exchange.PublicKey
		said any
		kept json.RawMessage
	}{
		{"nobody to ask, by a list of before", good.Bytes(), known, nil, holds},
		{"nobody to ask, by a list of afterwards", good.Bytes(), known, nil, over},
		{"by a list of afterwards, and asked", good.Bytes(), known, issued, over},
		{"changed, with a list", rezip(t, good.Bytes(), zip.Store, edit("dossier.en.pdf", replace("one", "ONE")), ""), known, nil, over},
		{"a key of somebody else, with a list", good.Bytes(), []exchange.PublicKey{stranger}, nil, json.RawMessage(`{"items":[]}`)},
		{"by a key that was retired afterwards", good.Bytes(), retired(time.Date(2026, 11, 23, 8, 0, 1, 0, time.UTC)), issued, none},
		{"by a key that was retired before", good.Bytes(), retired(time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)), issued, none},
		{"as it was issued", good.Bytes(), known, issued, none},
		{"nobody to ask", good.Bytes(), known, nil, none},
		{"withdrawn", good.Bytes(), known, map[string]string{"status": "withdrawn"}, none},
		{"never issued", good.Bytes(), known, "unknown", none},
		{"no key", good.Bytes(), []exchange.PublicKey{}, issued, none},
		{"a key of somebody else", good.Bytes(), []exchange.PublicKey{stranger}, issued, none},
		{"compressed again", rezip(t, good.Bytes(), zip.Deflate, keep, ""), known, issued, none},
		{"a file changed", rezip(t, good.Bytes(), zip.Store, edit("dossier.en.pdf", replace("one", "ONE")), ""), known, issued, none},
		{"a file longer", rezip(t, good.Bytes(), zip.Deflate, edit("dossier.en.pdf", replace("one", strings.Repeat("one", 9999))), ""), known, issued, none},
		{"a file missing", rezip(t, good.Bytes(), zip.Store, drop("dossier.en.pdf"), ""), known, issued, none},
		{"a file added", rezip(t, good.Bytes(), zip.Store, keep, "more.txt"), known, issued, none},
		{"a file twice", rezip(t, good.Bytes(), zip.Store, keep, "dossier.en.pdf"), known, issued, none},
		{"no signature", rezip(t, good.Bytes(), zip.Store, drop("manifest.sig"), ""), known, issued, none},
		{"another signature", rezip(t, good.Bytes(), zip.Store, edit("manifest.sig", func(b []byte) []byte { return append([]byte{b[0] ^ 1}, b[1:]...) }), ""), known, issued, none},
		{"another number", rezip(t, good.Bytes(), zip.Store, edit("manifest.json", replace("N-1", "N-2")), ""), known, issued, none},
		{"a manifest in another form", rezip(t, good.Bytes(), zip.Store, edit("manifest.json", replace(`{"check"`, `{ "check"`)), ""), known, issued, none},
		{"a member twice", rezip(t, good.Bytes(), zip.Store, edit("manifest.json", replace(`{"check"`, `{"check":"","check"`)), ""), known, issued, none},
		{"a path upwards", rezip(t, good.Bytes(), zip.Store, edit("manifest.json", replace("dossier.en.pdf", "../dossier.pdf")), ""), known, issued, none},
		{"no manifest", rezip(t, good.Bytes(), zip.Store, drop("manifest.json"), ""), known, issued, none},
		{"no ZIP", []byte("%PDF-1.7"), known, issued, none},
		{"nothing", nil, known, issued, none},
	}
	dir := t.TempDir()
	var cases []packageCase
	for _, c := range all {
		path := filepath.Join(dir, strings.ReplaceAll(c.name, " ", "-")+".zip")
		if err := os.WriteFile(path, c.zip, 0o600); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, packageCase{c.name, path, c.keys, c.said, c.kept})
	}
	return cases
}

// keptLists are lists of the publisher as somebody kept them: before a package was taken back, and afterwards.
func keptLists(t *testing.T, ctx context.Context, h *apitest.House, manifest [32]byte) (before, after json.RawMessage) {
	t.Helper()
	record := uuid.New()
	issued := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	get := func(change func(tx pgx.Tx) error) json.RawMessage {
		t.Helper()
		if err := errors.Join(h.DB.Tx(ctx, change), h.Exchange.Settle(ctx)); err != nil {
			t.Fatal(err)
		}
		return h.Nobody().Do(t, "GET", "/api/v1/withdrawn-packages", nil, nil).Body.Bytes()
	}
	before = get(func(tx pgx.Tx) error {
		_, err := exchange.PublishPackage(ctx, tx, record, "N-1", manifest, issued)
		return err
	})
	return before, get(func(tx pgx.Tx) error {
		return exchange.Withdraw(ctx, tx, exchange.PackageKind, record, "a wrong weight")
	})
}

// rezip copies a package through change, which returns false to leave an entry out, and adds one more.
func rezip(t *testing.T, b []byte, method uint16, change func(name string, content []byte) ([]byte, bool), more string) []byte {
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
	if more != "" {
		put(more, []byte("more"))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
