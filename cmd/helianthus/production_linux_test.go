package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// plant is what an operator of the production halves has: a server of PostgreSQL, a service of S3, a collector of traces and what
// the environment says of them.
type plant struct {
	env    []string
	server *postgres.Embedded
	data   string
	traces chan []byte
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	p := &plant{data: filepath.Join(t.TempDir(), "postgres"), traces: make(chan []byte, 64)}
	p.startPostgres(t)
	files, err := dbtest.StartGateway(t.Context(), filepath.Join(t.TempDir(), "s3"), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Stop() })
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/v1/traces" {
			select {
			case p.traces <- b:
			default: // more than anybody looks at
			}
		}
	}))
	t.Cleanup(collector.Close)
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	s3 := files.Config("production")
	p.env = append(os.Environ(), "LC_ALL=en",
		"HELIANTHUS_POSTGRES_URL="+p.server.URL(postgres.App, postgres.Database),
		"HELIANTHUS_POSTGRES_OWNER_URL="+p.server.URL(postgres.Owner, postgres.Database),
		"HELIANTHUS_POSTGRES_SUPERUSER_URL="+p.server.URL("postgres", "postgres"),
		"HELIANTHUS_S3_ENDPOINT="+s3.Endpoint, "HELIANTHUS_S3_REGION="+s3.Region, "HELIANTHUS_S3_BUCKET="+s3.Bucket,
		"HELIANTHUS_S3_ACCESS_KEY="+s3.AccessKey, "HELIANTHUS_S3_SECRET_KEY="+s3.SecretKey,
		"HELIANTHUS_SECRET="+hex.EncodeToString(secret), "HELIANTHUS_DEMO_PASSWORD="+testPassword,
		"HELIANTHUS_BASE_URL=http://127.0.0.1", "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "OTEL_BSP_SCHEDULE_DELAY=100")
	return p
}

func (p *plant) startPostgres(t *testing.T) {
	t.Helper()
	var err error
	if p.server, err = postgres.StartEmbedded(t.Context(), postgres.EmbeddedConfig{DataDir: p.data, Hasty: true}); err != nil {
		t.Fatal(err)
	}
	server := p.server
	t.Cleanup(func() { _ = server.Stop() })
}

// tell runs a command of the product to its end.
func (p *plant) tell(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...) //nolint:gosec // the test binary
	cmd.Env = p.env
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, errs.String())
	}
	return string(out)
}

// start starts a half and waits until it says that it is ready.
func (p *plant) start(t *testing.T, args ...string) *instance {
	t.Helper()
	i := &instance{errs: &bytes.Buffer{}, client: &http.Client{Timeout: time.Minute}, cmd: exec.Command(os.Args[0], args...)} //nolint:gosec // the test binary
	i.cmd.Env, i.cmd.Stderr = p.env, i.errs
	out, err := i.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.cmd.Process.Signal(os.Interrupt); _ = i.cmd.Wait() })
	if lines := bufio.NewScanner(out); !lines.Scan() || !strings.HasPrefix(lines.Text(), "ready") {
		_ = i.cmd.Wait()
		t.Fatalf("%v ended before it was ready:\n%s", args, i.errs)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return i
}

// answers waits until an address answers with a status.
func (i *instance) answers(t *testing.T, path string, want int) {
	t.Helper()
	code := 0
	for range 300 {
		res, err := i.client.Get(i.url + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if code = res.StatusCode; code == want {
			return
		}
		<-time.After(50 * time.Millisecond) // another process
	}
	t.Fatalf("%s: %d, want %d\n%s", path, code, want, i.errs)
}

// The production halves on a bare server of PostgreSQL and a service of S3: made by migrate, served by one process, worked for by
// another; not ready while the database is away, and ready again when it is back; traces reach the collector.
func TestProductionHalves(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	for range 2 { // a second time it has nothing to do
		if said := p.tell(t, "migrate"); said == "" {
			t.Error("migrate said nothing")
		}
	}
	p.tell(t, "tenants", "apply", filepath.Join("..", "..", "tenants", "demo", "wuyuan.yaml"))
	addr := freeAddress(t)
	serving := p.start(t, "serve", "--addr", addr)
	serving.url = "http://" + addr
	serving.answers(t, "/readyz", http.StatusOK)
	p.start(t, "work")

	serving.signInAs(t, "market@wuyuan.demo")
	document := serving.put(t, "one.csv", "text/csv", []byte("office,name,nameLanguage,basisKind,number,registeredOn\nCN,Production,en,certification-mark,P-1,2020-01-02\n"))
	var made struct{ TaskID string }
	if code := serving.call(t, "POST", "/api/v1/registration-imports", map[string]string{"documentId": document}, &made); code != http.StatusAccepted {
		t.Fatalf("import: %d", code)
	}
	if got := serving.ended(t, made.TaskID); got != "succeeded" {
		t.Errorf("the working half left the import %s", got)
	}
	seen := false
	for deadline := time.After(20 * time.Second); !seen; {
		select {
		case spans := <-p.traces:
			seen = bytes.Contains(spans, []byte("registration-imports"))
		case <-deadline:
			t.Fatal("no trace of the request reached the collector")
		}
	}

	if err := p.server.Stop(); err != nil {
		t.Fatal(err)
	}
	serving.answers(t, "/readyz", http.StatusServiceUnavailable)
	serving.answers(t, "/healthz", http.StatusOK)
	p.startPostgres(t)
	serving.answers(t, "/readyz", http.StatusOK)
	if got := serving.ended(t, made.TaskID); got != "succeeded" {
		t.Errorf("after the database came back the import is %s", got)
	}
}

// freeAddress is one that nobody listens on just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	return s.Listener.Addr().String()
}
