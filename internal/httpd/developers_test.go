package httpd_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/apitest"
)

// runners say how an example is run: the program that is needed, and its arguments before the file. Java and Python are not
// presumed on a machine that builds us; where one is missing its examples are not run, and the test says so.
type runner struct {
	program  string
	args     []string
	as       string              // the ending that the runner wants
	needs    map[string][]string // further programs, by the name of the example; those of "" each of them needs
	presumed bool
}

var runners = map[string]runner{
	"sh":     {"sh", []string{"-eu"}, "sh", map[string][]string{"": {"curl", "sed"}, "write": {"openssl"}, "webhook": {"openssl", "base64", "od"}, "proof": {"openssl", "jq", "awk", "base64"}}, false},
	"go.txt": {"go", []string{"run"}, "go", nil, true},
	"ts":     {"node", nil, "mjs", nil, true}, // TypeScript without annotations is JavaScript
	"py":     {"python3", nil, "py", map[string][]string{"proof": {"python:cryptography"}}, false},
	"java":   {"java", nil, "java", nil, false},
}

// exampleNames are what the examples show how to do, and what each prints when it was done.
var exampleNames = map[string]string{"status": "unknown", "feed": "00000000-0000-4000-8000-0000000ca4a9", "write": "/api/v1/registrations/", "webhook": "genuine", "proof": "proved: entry"}

// TestExamplesRun runs what developers are told to copy, with the credentials that the sandbox's page gives them.
func TestExamplesRun(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	o, err := h.Sandbox.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Translog.Sequence(t.Context()); err != nil { // a worker does it, a moment later
		t.Fatal(err)
	}
	var log struct{ Keys []string }
	h.Nobody().Need(t, &log, "GET", "/api/v1/log", nil)
	environment := append(os.Environ(), "HELIANTHUS_URL="+server.URL, "HELIANTHUS_CLIENT_ID="+o.ClientID, "HELIANTHUS_CLIENT_SECRET="+o.Secret, "HELIANTHUS_LOG_KEY="+log.Keys[0])
	files, err := filepath.Glob("../../web/public/developers/examples/*")
	if err != nil || len(files) != len(exampleNames)*len(runners) {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, f := range files {
		name, ending, _ := strings.Cut(filepath.Base(f), ".")
		r := runners[ending]
		if missing := r.missing(name); missing != "" {
			if r.presumed {
				t.Errorf("%s is presumed and is missing", missing)
			}
			t.Logf("NOT CHECKED: %s is missing here, the example %s was not run", missing, filepath.Base(f))
			continue
		}
		program := r.place(t, f, name)
		out, err := r.run(t, program, append(environment, delivery(hook)...))
		if want := exampleNames[name]; err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v, and no %q in what it prints:\n%s", filepath.Base(f), err, want, out)
		}
		if name == "write" && !strings.Contains(strings.ToLower(out), "idempotency-replayed: true") {
			t.Errorf("%s: done twice:\n%s", filepath.Base(f), out)
		}
		// What is not true must not be believed: a body that is another, and a log with another key.
		switch name {
		case "webhook":
			if out, err := r.run(t, program, append(environment, delivery("{}")...)); err == nil {
				t.Errorf("%s believes an altered body:\n%s", filepath.Base(f), out)
			}
		case "proof":
			_, other, err := note.GenerateKey(rand.Reader, strings.Split(log.Keys[0], "+")[0])
			if err != nil {
				t.Fatal(err)
			}
			if out, err := r.run(t, program, append(environment, "HELIANTHUS_LOG_KEY="+other)); err == nil {
				t.Errorf("%s believes another key:\n%s", filepath.Base(f), out)
			}
		}
	}
}

// hook is the body of a delivery.
const hook = `{"type":"registration.publish","timestamp":"2026-11-23T08:00:00Z","data":{"seq":1}}`

// delivery is the environment of the webhook examples: headers that are right for a body, by the rules of Standard Webhooks.
func delivery(body string) []string {
	secret, id, at := []byte("a secret of thirty-two bytes....")[:32], "msg_1", strconv.FormatInt(time.Now().Unix(), 10)
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(id + "." + at + "." + body))
	return []string{
		"WEBHOOK_SECRET=whsec_" + base64.StdEncoding.EncodeToString(secret), "WEBHOOK_ID=" + id, "WEBHOOK_TIMESTAMP=" + at,
		"WEBHOOK_SIGNATURE=v1," + base64.StdEncoding.EncodeToString([]byte("of the secret before, as it may be")) + " v1," + base64.StdEncoding.EncodeToString(h.Sum(nil)),
	}
}

// missing is what this machine lacks to run an example.
func (r runner) missing(name string) string {
	for _, program := range append(slices.Clone(r.needs[name]), append(r.needs[""], r.program)...) {
		if module, ok := strings.CutPrefix(program, "python:"); ok {
			if exec.Command(r.program, "-c", "import "+module).Run() != nil { //nolint:gosec // names of ours
				return module
			}
		} else if _, err := exec.LookPath(program); err != nil {
			return program
		}
	}
	return ""
}

func (r runner) place(t *testing.T, file, name string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), name+"."+r.as)
	if err := os.WriteFile(program, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return program
}

// run runs a program with the delivery on its standard input.
func (r runner) run(t *testing.T, program string, environment []string) (string, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	c := exec.CommandContext(ctx, r.program, append(slices.Clone(r.args), program)...) //nolint:gosec // programs of ours
	c.Env, c.Stdin = environment, strings.NewReader(hook)
	out, err := c.CombinedOutput()
	return string(out), err
}
