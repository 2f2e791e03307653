package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
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
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// publisher is a house that is served, with an office in it that publishes.
type publisher struct {
	*apitest.House
	ctx  context.Context
	slug string
	url  string
}

func newPublisher(t *testing.T) publisher {
	t.Helper()
	h, url := apitest.OpenServed(t)
	office := h.Tenant(t, tenancy.County)
	return publisher{h, office, scopeOf(t, office).Slug, url}
}

func scopeOf(t *testing.T, ctx context.Context) tenancy.Scope {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// publish publishes a record, or its next version, to everybody or to one reader.
func (p publisher) publish(t *testing.T, record uuid.UUID, name string, reader tenancy.ID) {
	t.Helper()
	audience := exchange.Public
	if reader != uuid.Nil {
		audience = exchange.OneReader
	}
	err := p.DB.Tx(p.ctx, func(tx pgx.Tx) error {
		_, err := exchange.Publish(p.ctx, tx, exchange.Publication{Kind: "registration", RecordID: record, Content: map[string]any{"name": name}, Audience: audience, Reader: reader})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// copied is what a directory holds of the publisher: version by record.
func (p publisher) copied(t *testing.T, dir string) map[string]int {
	t.Helper()
	all := map[string]int{}
	files, err := filepath.Glob(filepath.Join(dir, "records", p.slug, "registration", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var r struct{ Version int }
		if err := json.Unmarshal(b, &r); err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".json")] = r.Version
	}
	return all
}

// syncs is the command as a partner starts it, a process of its own, with what its environment says more.
func syncs(ctx context.Context, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"sync"}, args...)...) //nolint:gosec // the test binary
	cmd.Env = append(append(os.Environ(), "LC_ALL=en"), env...)
	return cmd
}

// synced runs it to its end and returns the exit status and what it said to whom.
func synced(t *testing.T, env []string, args ...string) (code int, out, errs string) {
	t.Helper()
	cmd := syncs(t.Context(), env, args...)
	var said, complained bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complained
	_ = cmd.Run() // the status says it
	return cmd.ProcessState.ExitCode(), said.String(), complained.String()
}

func TestSyncIntoADirectoryAndADatabase(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	dir, database := t.TempDir(), dbtest.Own(t).URL("postgres", "postgres")
	first, second := uuid.New(), uuid.New()
	p.publish(t, first, "first", uuid.Nil)
	want := map[string]int{first.String(): 1}
	for range 2 { // once more, from where it stopped
		for _, to := range []string{dir, database} {
			code, out, errs := synced(t, nil, "--url", p.url, "--to", to)
			if code != 0 || errs != "" || !strings.Contains(out, "entries of the log verified") {
				t.Fatalf("into %s: exit %d: %s%s", to, code, out, errs)
			}
		}
		if diff := cmp.Diff(want, p.copied(t, dir)); diff != "" {
			t.Errorf("the directory (-published +copied):\n%s", diff)
		}
		if diff := cmp.Diff(want, p.inDatabase(t, database)); diff != "" {
			t.Errorf("the database (-published +copied):\n%s", diff)
		}
		p.publish(t, first, "first, corrected", uuid.Nil)
		p.publish(t, second, "second", uuid.Nil)
		want = map[string]int{first.String(): 2, second.String(): 1}
	}
}

// inDatabase is what tables hold of the publisher: version by record.
func (p publisher) inDatabase(t *testing.T, database string) map[string]int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	rows, err := conn.Query(t.Context(), `select record_id, version from helianthus.records where publisher = $1 and kind = 'registration'`, p.slug)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int{}
	var record string
	var version int
	if _, err := pgx.ForEachRow(rows, []any{&record, &version}, func() error { all[record] = version; return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// Who alters a record on its way is found out, and what was altered is not kept; not even where the command goes on after failures.
func TestSyncEndsWhereItIsLiedTo(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	name := "genuine " + uuid.NewString()
	p.publish(t, uuid.New(), name, uuid.Nil)
	to, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	liar := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Header.Set("Accept-Encoding", "identity") }}
	liar.ModifyResponse = func(res *http.Response) error {
		b, err := io.ReadAll(res.Body)
		b = bytes.ReplaceAll(b, []byte(name), []byte("forged! "+name[len("genuine "):]))
		res.Body = io.NopCloser(bytes.NewReader(b))
		return err
	}
	between := httptest.NewServer(liar)
	t.Cleanup(between.Close)
	for _, more := range [][]string{nil, {"--follow"}} {
		dir := t.TempDir()
		code, _, errs := synced(t, nil, append([]string{"--url", between.URL, "--to", dir}, more...)...)
		if code != 1 || !strings.Contains(errs, "does not tell the truth") || !strings.Contains(errs, "not the one that was published") || !strings.Contains(errs, p.slug) {
			t.Errorf("%v: exit %d: %s", more, code, errs)
		}
		if kept := p.copied(t, dir); len(kept) != 0 {
			t.Errorf("%v: it kept %v", more, kept)
		}
	}
}

func TestSyncFollows(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	record, dir := uuid.New(), t.TempDir()
	p.publish(t, record, "first", uuid.Nil)
	cmd := syncs(t.Context(), nil, "--url", p.url, "--to", dir, "--follow")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	lines, corrected := bufio.NewScanner(out), false
	var at time.Time
	for lines.Scan() {
		version := p.copied(t, dir)[record.String()]
		if version == 1 && !corrected {
			p.publish(t, record, "corrected", uuid.Nil)
			corrected, at = true, time.Now()
		}
		if version == 2 {
			t.Logf("the second version was there %v after it was published", time.Since(at).Round(time.Millisecond))
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if !corrected || p.copied(t, dir)[record.String()] != 2 {
		t.Errorf("it ended with %v", p.copied(t, dir))
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted it ended with %v", err)
	}
}

// reader makes an office that reads, and a machine of it that must show a proof, of which the public half is in PEM. It returns
// what the command is told: environment and flags.
func (p publisher) reader(t *testing.T, proof identity.Proof, public string) (who tenancy.ID, keyID string, env []string) {
	t.Helper()
	ctx := p.Tenant(t, tenancy.Jurisdiction)
	c, secret, err := p.Identity.CreateClient(ctx, identity.Client{
		Name: "copy", Scopes: p.Access.MachineCeiling(tenancy.Jurisdiction)[:1], Required: []identity.Proof{proof}, ExpiresAt: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	k, err := p.Identity.AddClientKey(ctx, c.ID, public)
	if err != nil {
		t.Fatal(err)
	}
	return scopeOf(t, ctx).Tenant, k.ID, []string{"HELIANTHUS_CLIENT_ID=" + c.ID, "HELIANTHUS_CLIENT_SECRET=" + secret}
}

// inPEM writes a file of the kind that openssl does.
func inPEM(t *testing.T, kind string, der []byte) (file, text string) {
	t.Helper()
	text = string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	file = filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, text
}

// A partner whose policy says signed keeps its copy too: the requests for a token, for changes, for proofs and for the log are signed.
func TestSyncSignsItsRequests(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	_, registered := inPEM(t, "PUBLIC KEY", der)
	if der, err = x509.MarshalPKCS8PrivateKey(private); err != nil {
		t.Fatal(err)
	}
	key, _ := inPEM(t, "PRIVATE KEY", der)
	who, id, env := p.reader(t, identity.ProofSignature, registered)
	record, dir := uuid.New(), t.TempDir()
	p.publish(t, record, "for one reader", who)
	if code, _, errs := synced(t, env, "--url", p.url, "--to", dir); code != 1 || !strings.Contains(errs, "signature.needed") {
		t.Errorf("unsigned: exit %d: %s", code, errs)
	}
	want := map[string]int{record.String(): 1}
	for how, given := range map[string]struct{ env, flags []string }{
		"by flags":           {nil, []string{"--sign-key", key, "--key-id", id}},
		"by the environment": {[]string{"HELIANTHUS_SIGN_KEY=" + key, "HELIANTHUS_KEY_ID=" + id}, nil},
	} {
		dir := t.TempDir()
		code, out, errs := synced(t, append(given.env, env...), append([]string{"--url", p.url, "--to", dir}, given.flags...)...)
		if code != 0 || !cmp.Equal(want, p.copied(t, dir)) {
			t.Errorf("%s: exit %d, %v: %s%s", how, code, p.copied(t, dir), out, errs)
		}
	}
	for what, c := range map[string]struct {
		flags []string
		says  string
	}{
		"a key without its id":   {[]string{"--sign-key", key}, say("cli.sync-usage", nil)},
		"half a certificate":     {[]string{"--cert", key}, say("cli.sync-usage", nil)},
		"a file without a key":   {[]string{"--sign-key", os.Args[0], "--key-id", id}, say("cli.sync-key", map[string]any{"File": os.Args[0]})},
		"a file that is no file": {[]string{"--sign-key", filepath.Join(dir, "nowhere"), "--key-id", id}, "nowhere"},
	} {
		if code, _, errs := synced(t, env, append([]string{"--url", p.url, "--to", dir}, c.flags...)...); code != 1 || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit %d: %s", what, code, errs)
		}
	}
}
