package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// desk is what a stranger has on the desk: files, and the address of the house that issued them.
type desk struct {
	*apitest.House
	ctx  context.Context
	dir  string
	url  string
	cred credential.Credential
}

// file writes a file of the desk and returns its path.
func (d desk) file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (d desk) get(t *testing.T, path string) []byte {
	t.Helper()
	a := d.Nobody().Do(t, http.MethodGet, path, nil, nil)
	if a.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.Code, a.Body)
	}
	return a.Body.Bytes()
}

// lists writes the status lists of the credential as they are now and returns what names them to the command.
func (d desk) lists(t *testing.T, name string) []string {
	t.Helper()
	var args []string
	for i, id := range d.cred.StatusLists() {
		args = append(args, "--list", d.file(t, name+string(rune('0'+i))+".jwt", d.get(t, "/api/v1/credential-status-lists/"+id.String())))
	}
	return args
}

func sitDown(t *testing.T) desk {
	t.Helper()
	d := desk{House: apitest.Open(t), dir: t.TempDir()}
	server := httptest.NewServer(d.Server)
	t.Cleanup(server.Close)
	d.ctx, d.url = d.Tenant(t, tenancy.County), server.URL
	r, err := d.Registry.Draft(d.ctx, registry.Content{
		Office: "CN", Names: []registry.Name{{Text: "五原向日葵", Language: "zh-Hans", Kind: "original"}}, Bases: []registry.Basis{{Kind: "gi-product", Office: "CN", Number: uuid.NewString()}},
		Holder: registry.Party{Names: map[string]string{"zh-Hans": "五原县"}}, ControlBody: registry.Party{Names: map[string]string{"zh-Hans": "监督机构"}}, Area: registry.Area{Words: map[string]string{"zh-Hans": "五原县全境"}},
		Specification: []registry.Section{{Key: "product", Texts: map[string]string{"zh-Hans": "向日葵"}}}, Classes: []registry.Class{{Scheme: "nice", Code: "31"}}, Link: map[string]string{"zh-Hans": "水土"},
	})
	for i, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if err == nil {
			r, err = d.Registry.Do(d.ctx, r.ID, registry.Event{Act: act, EffectiveOn: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)})
		}
	}
	if err == nil {
		_, err = d.Translog.Sequence(t.Context())
	}
	if err == nil {
		d.cred, err = d.Attests.Issue(d.ctx, credential.Order{Kind: "registration", RecordID: uuid.MustParse(string(r.ID)), Languages: []string{"en"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// verified runs `helianthus verify` and returns its exit status and all that it said.
func verified(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), append([]string{"verify"}, args...), &out, &out)
	return code, out.String()
}

// Each outcome, of a certificate and of a credential, without a network and with one.
func TestVerifyTheFiveOutcomes(t *testing.T) {
	t.Parallel()
	d := sitDown(t)
	token := d.file(t, "credential.jwt", []byte(d.cred.Token+"\n"))
	forged := []byte(d.cred.Token)
	// Another letter of base64url in the signature: still a credential by its form.
	if at := len(forged) - 5; forged[at] == 'A' {
		forged[at] = 'B'
	} else {
		forged[at] = 'A'
	}
	issuers := d.get(t, "/api/v1/issuers")
	keys := d.file(t, "issuers.json", issuers)
	var others map[string]any
	if err := json.Unmarshal(issuers, &others); err != nil {
		t.Fatal(err)
	}
	others["items"] = []any{}
	nobody, err := json.Marshal(others)
	if err != nil {
		t.Fatal(err)
	}
	holds := d.lists(t, "holds")
	type outcome struct {
		name    string
		code    int
		verdict credential.Verdict
		args    []string
		also    string // a message that is said as well
	}
	look := func(file, altered string, rows ...outcome) {
		t.Helper()
		rows = append(rows,
			outcome{"altered", 6, credential.Altered, []string{altered, "--keys", keys}, ""},
			outcome{"unknown issuer", 5, credential.UnknownIssuer, []string{file, "--keys", d.file(t, "nobody.json", nobody)}, ""})
		for _, r := range rows {
			code, said := verified(t, r.args...)
			if code != r.code || !strings.Contains(said, say("verify.credential."+string(r.verdict), nil)) || !strings.Contains(said, r.also) {
				t.Errorf("%s %s: exit status %d, want %d:\n%s", filepath.Base(file), r.name, code, r.code, said)
			}
		}
	}
	look(token, d.file(t, "forged.jwt", forged),
		outcome{"valid, as far as is known", 0, credential.Valid, []string{token, "--keys", keys}, say("verify.no-status", nil)},
		outcome{"valid by kept lists", 0, credential.Valid, append([]string{token, "--keys", keys}, holds...), ""},
		outcome{"valid now", 0, credential.Valid, []string{token, "--url", d.url}, ""})
	if _, err := d.Attests.Do(d.ctx, d.cred.ID, credential.Suspend, "to see"); err != nil {
		t.Fatal(err)
	}
	onHold := d.lists(t, "on-hold")
	suspended := []outcome{
		{"suspended by kept lists", 4, credential.Suspended, append([]string{token, "--keys", keys}, onHold...), ""},
		{"suspended by the newer of kept lists", 4, credential.Suspended, append(append([]string{token, "--keys", keys}, onHold...), holds...), ""},
		{"suspended now", 4, credential.Suspended, []string{token, "--url=" + d.url}, "to see"},
	}
	look(token, d.file(t, "forged.jwt", forged), suspended...)
	if _, err := d.Attests.Do(d.ctx, d.cred.ID, credential.Revoke, "it is over"); err != nil {
		t.Fatal(err)
	}
	look(token, d.file(t, "forged.jwt", forged),
		outcome{"revoked by kept lists", 3, credential.Withdrawn, append([]string{token, "--keys", keys}, d.lists(t, "over")...), ""},
		outcome{"revoked now", 3, credential.Withdrawn, []string{token, "--url", d.url}, "it is over"})
}

// The same of a data package.
func TestVerifyPackages(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	var signer exchange.Signer
	if err := h.DB.Tx(ctx, func(tx pgx.Tx) (err error) { signer, err = h.Keys.Signer(ctx, tx); return err }); err != nil {
		t.Fatal(err)
	}
	d := desk{House: h, dir: t.TempDir()}
	var zip bytes.Buffer
	issued := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	_, err := exchange.NewPacker(h.Bundle).Pack(ctx, &zip, signer, exchange.Package{Number: "N-1", IssuedAt: issued, BaseURL: "https://gi.example", Files: []exchange.File{
		{Path: "dossier.en.pdf", MediaType: "application/pdf", Source: "test", Open: exchange.Bytes([]byte("one"))}}})
	if err != nil {
		t.Fatal(err)
	}
	file, changed := d.file(t, "n-1.zip", zip.Bytes()), d.file(t, "changed.zip", bytes.Replace(zip.Bytes(), []byte("one"), []byte("ONE"), 1))
	keys, nobody := d.file(t, "keys.json", d.get(t, "/api/v1/keys")), d.file(t, "nobody.json", []byte(`{"items":[]}`))
	check := func(code int, verdict exchange.Verdict, args ...string) exchange.Report {
		t.Helper()
		got, said := verified(t, args...)
		if got != code || !strings.Contains(said, say("verify.verdict."+string(verdict), nil)) {
			t.Errorf("%v: exit status %d, want %d:\n%s", args, got, code, said)
		}
		rep, err := exchange.Verify(bytes.NewReader(zip.Bytes()), int64(zip.Len()), exchange.KeySet{})
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	rep := check(0, exchange.Valid, file, "--keys", keys)
	check(6, exchange.Altered, changed, "--keys", keys)
	check(5, exchange.UnknownIssuer, file, "--keys", nobody)
	check(7, exchange.NotIssued, file, "--url", server.URL)
	manifest, err := hex.DecodeString(rep.ManifestSHA)
	if err != nil {
		t.Fatal(err)
	}
	record := uuid.Must(uuid.NewV7())
	err = h.DB.Tx(ctx, func(tx pgx.Tx) error {
		_, err := exchange.PublishPackage(ctx, tx, record, "N-1", [32]byte(manifest), issued)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	check(0, exchange.Valid, file, "--url", server.URL)
	lists := func(name string) string {
		t.Helper()
		if err := h.Exchange.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		return d.file(t, name, d.get(t, "/api/v1/withdrawn-packages"))
	}
	old := lists("old.json")
	if err := h.DB.Tx(ctx, func(tx pgx.Tx) error {
		return exchange.Withdraw(ctx, tx, exchange.PackageKind, record, "a wrong weight")
	}); err != nil {
		t.Fatal(err)
	}
	newer := lists("newer.json")
	check(3, exchange.Withdrawn, file, "--url", server.URL)
	for name, r := range map[string]struct {
		code    int
		verdict exchange.Verdict
		lists   []string
		also    []string
	}{
		"no list":           {0, exchange.Valid, nil, []string{say("verify.not-asked", nil)}},
		"the older list":    {0, exchange.Valid, []string{old}, []string{asOf(t, old, slugOf(t, ctx))}},
		"the newer list":    {3, exchange.Withdrawn, []string{newer}, []string{"a wrong weight", asOf(t, newer, slugOf(t, ctx)), withdrawnOn(t, newer, rep.ManifestSHA)}},
		"both lists":        {3, exchange.Withdrawn, []string{newer, old}, []string{asOf(t, newer, slugOf(t, ctx))}},
		"nobody's list":     {0, exchange.Valid, []string{d.file(t, "none.json", []byte(`{"items":[]}`))}, []string{say("verify.not-asked", nil)}},
		"the list, altered": {1, "", []string{d.file(t, "altered.json", bytes.ReplaceAll(d.get(t, "/api/v1/withdrawn-packages"), []byte("a wrong weight"), []byte("a right weight")))}, []string{say("problem.package.list-file.title", nil)}},
	} {
		args := []string{file, "--keys", keys}
		for _, l := range r.lists {
			args = append(args, "--list", l)
		}
		code, said := verified(t, args...)
		if code != r.code || r.verdict != "" && !strings.Contains(said, say("verify.verdict."+string(r.verdict), nil)) {
			t.Errorf("%s: exit status %d, want %d:\n%s", name, code, r.code, said)
		}
		for _, also := range r.also {
			if !strings.Contains(said, also) {
				t.Errorf("%s: %q is not said:\n%s", name, also, said)
			}
		}
	}
}

func slugOf(t *testing.T, ctx context.Context) string {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s.Slug
}

// statements are what the lists in a file say.
func statements(t *testing.T, path string) (all []exchange.Withdrawals) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Items []struct{ Statement string } }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	for _, i := range file.Items {
		var w exchange.Withdrawals
		if err := json.Unmarshal([]byte(i.Statement), &w); err != nil {
			t.Fatal(err)
		}
		all = append(all, w)
	}
	return all
}

// asOf is what the command says of the age of a publisher's list.
func asOf(t *testing.T, path, slug string) string {
	t.Helper()
	for _, w := range statements(t, path) {
		if w.Issuer == slug {
			return say("verify.as-of", map[string]any{"AsOf": w.At.Format(time.RFC3339)})
		}
	}
	t.Fatalf("%s has no list of %s", path, slug)
	return ""
}

// withdrawnOn is what the command says of the day on which a package was taken back.
func withdrawnOn(t *testing.T, path, sha256 string) string {
	t.Helper()
	for _, w := range statements(t, path) {
		for _, p := range w.Packages {
			if p.SHA256 == sha256 {
				return say("verify.withdrawn-on", map[string]any{"Since": p.WithdrawnAt.Format(time.RFC3339)})
			}
		}
	}
	t.Fatalf("%s does not name %s", path, sha256)
	return ""
}

func TestVerifyWrongUse(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"nothing": {}, "no keys": {"a.pdf"}, "two files": {"a.pdf", "b.pdf", "--keys", "k"}, "an option that is none": {"a.pdf", "--key", "k"}, "an option without its value": {"a.pdf", "--keys"},
	} {
		if code, said := verified(t, args...); code != 2 || !strings.Contains(said, "--list") {
			t.Errorf("%s: exit status %d, want 2: %s", name, code, said)
		}
	}
	if code, _ := verified(t, filepath.Join(t.TempDir(), "nowhere.pdf"), "--keys", "k"); code != 1 {
		t.Errorf("no such file: exit status %d, want 1", code)
	}
}
