package httpd_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// runners say how an example is run: the program that is needed, and its arguments before the file. Java and Python are not
// presumed on a machine that builds us; where one is missing its examples are not run, and the test says so.
var runners = map[string]struct {
	program  string
	args     []string
	as       string // the ending that the runner wants
	presumed bool
}{
	"sh":     {"sh", []string{"-eu"}, "sh", false}, // and curl
	"go.txt": {"go", []string{"run"}, "go", true},
	"ts":     {"node", nil, "mjs", true}, // TypeScript without annotations is JavaScript
	"py":     {"python3", nil, "py", false},
	"java":   {"java", nil, "java", false},
}

// TestExamplesRun runs what developers are told to copy against a real house.
func TestExamplesRun(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	record := uuid.New()
	published(t, h, exchange.Publication{Kind: "registration", RecordID: record, Audience: exchange.Public, Content: map[string]string{"text": "sunflower"}})
	machine, secret, err := h.Identity.CreateClient(h.Tenant(t, tenancy.Jurisdiction), identity.Client{Name: "example", Scopes: []string{"publication:read"}, ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	environment := append(os.Environ(), "HELIANTHUS_URL="+server.URL, "HELIANTHUS_CLIENT_ID="+machine.ID, "HELIANTHUS_CLIENT_SECRET="+secret)
	files, err := filepath.Glob("../../web/public/developers/examples/*")
	if err != nil || len(files) != 2*len(runners) {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, f := range files {
		name, ending, _ := strings.Cut(filepath.Base(f), ".")
		r := runners[ending]
		missing := ""
		for _, program := range append(map[string][]string{"sh": {"curl"}}[ending], r.program) {
			if _, err := exec.LookPath(program); err != nil {
				missing = program
			}
		}
		if missing != "" && !r.presumed {
			t.Logf("%s is missing here: the example %s was not run", missing, filepath.Base(f))
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		program := filepath.Join(t.TempDir(), name+"."+r.as)
		if err := os.WriteFile(program, text, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
		c := exec.CommandContext(ctx, r.program, append(r.args, program)...) //nolint:gosec // programs of ours
		c.Env = environment
		out, err := c.CombinedOutput()
		stop()
		want := map[string]string{"status": "unknown", "feed": record.String()}[name]
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v, and no %s in what it prints:\n%s", filepath.Base(f), err, want, out)
		}
	}
}
