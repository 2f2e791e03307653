package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// holding starts a process that holds keys in files, and returns its socket.
func holding(t *testing.T, dir, socket string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "keys", "hold", socket, "--keys", "file:"+dir) //nolint:gosec // the test binary
	cmd.Env, cmd.Stderr = append(os.Environ(), "LC_ALL=en"), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if lines := bufio.NewScanner(out); !lines.Scan() || !strings.Contains(lines.Text(), socket) {
		t.Fatalf("it said %q", lines.Text())
	}
	return cmd
}

// The log's keys are shown and rotated by an operator, here with private keys that another process holds.
func TestKeysCommand(t *testing.T) {
	server := dbtest.Own(t)
	t.Setenv("HELIANTHUS_POSTGRES_URL", server.URL(postgres.App, postgres.Database))
	t.Setenv("HELIANTHUS_BASE_URL", "https://gi.example")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(strings.Repeat("5e", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HELIANTHUS_SECRET_FILE", secret) // as orchestrators hand it out
	tell := func(words ...string) []string {
		t.Helper()
		var out strings.Builder
		if err := keysCommand(t.Context(), words, &out); err != nil {
			t.Fatalf("keys %v: %v", words, explain(err))
		}
		return strings.Fields(out.String())
	}
	first := tell("log")
	if again := tell("log"); len(first) != 1 || again[0] != first[0] {
		t.Fatalf("got %v and then %v", first, again)
	}
	dir, socket := t.TempDir(), filepath.Join(shortDir(t), "s")
	custodian := holding(t, dir, socket)
	t.Setenv("HELIANTHUS_KEYS", "unix:"+socket+",database")
	second := tell("rotate-log")
	if len(second) != 2 || second[1] != first[0] {
		t.Fatalf("got %v, want a new key before %v", second, first)
	}
	if _, err := note.NewVerifier(second[0]); err != nil {
		t.Error(err)
	}
	if made, err := filepath.Glob(filepath.Join(dir, "log-eddsa-*.pem")); err != nil || len(made) != 1 {
		t.Errorf("the custodian has %v, %v", made, err)
	}
	// The custodian is killed, and another one takes its place at the socket that was left.
	if err := custodian.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = custodian.Wait()
	var out strings.Builder
	if err := keysCommand(t.Context(), []string{"rotate-log"}, &out); err == nil || !strings.Contains(explain(err), "does not answer") {
		t.Errorf("without its custodian: %v", err)
	}
	holding(t, dir, socket)
	if third := tell("rotate-log"); len(third) != 3 || third[1] != second[0] {
		t.Errorf("got %v after %v", third, second)
	}
	for _, wrong := range [][]string{{}, {"dance"}, {"hold"}, {"hold", socket, "--keys", "database"}, {"hold", socket, "--keys", "file:" + dir}, {"log", "--keys", "vault"}} {
		if err := keysCommand(t.Context(), wrong, &out); err == nil {
			t.Errorf("keys %v was done", wrong)
		}
	}
	t.Setenv("HELIANTHUS_SECRET_FILE", secret+".gone")
	if err := keysCommand(t.Context(), []string{"log"}, &out); err == nil || !strings.Contains(explain(err), "HELIANTHUS_SECRET_FILE") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// shortDir is a directory whose path leaves room for a socket's name.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "keys")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
