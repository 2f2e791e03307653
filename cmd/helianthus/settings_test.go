package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// A wrong setting fails with one sentence that names it and says why, and never shows a secret.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	none := func(string) string { return "" }
	for name, c := range map[string]struct {
		command string
		args    string
		env     map[string]string
		says    string
		hides   string
	}{
		"an address without a port":   {"up", "--addr localhost", nil, "--addr", ""},
		"a port that is none":         {"up", "--addr 127.0.0.1:70000", nil, "--addr", ""},
		"no number":                   {"work", "--job-workers many", nil, "--job-workers", ""},
		"too large a number":          {"work", "", map[string]string{"HELIANTHUS_TYPESET_WORKERS": "99"}, "HELIANTHUS_TYPESET_WORKERS", ""},
		"a word that is none":         {"serve", "--log-level loud", nil, "--log-level", ""},
		"a secret that is too short":  {"serve", "", map[string]string{"HELIANTHUS_SECRET": "5ec12e7"}, "HELIANTHUS_SECRET", "5ec12e7"},
		"an address of no scheme":     {"serve", "--base-url gi.example", nil, "--base-url", ""},
		"an address with a password":  {"serve", "", map[string]string{"HELIANTHUS_POSTGRES_URL": "owner:hunter2@db"}, "HELIANTHUS_POSTGRES_URL", "hunter2"},
		"a setting that nobody knows": {"up", "--colour red", nil, "--colour", ""},
		"one of another command":      {"up", "--postgres-url postgres://x/y", nil, "--postgres-url", ""},
		"a flag without its value":    {"up", "--data", nil, "--data", ""},
		"a proxy that is no prefix":   {"serve", "--proxies 10.0.0.1", nil, "--proxies", ""},
		"neither yes nor no":          {"up", "--demo=perhaps", nil, "--demo", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := none
			if c.env != nil {
				env = func(k string) string { return c.env[k] }
			}
			_, _, err := read(c.command, strings.Fields(c.args), env)
			if err == nil {
				t.Fatal("it was taken")
			}
			said := explain(err)
			if !strings.Contains(said, c.says) || strings.Contains(said, "\n") || strings.Contains(said, "cli.") {
				t.Errorf("said %q, want one sentence with %s", said, c.says)
			}
			if c.hides != "" && strings.Contains(said, c.hides) {
				t.Errorf("said %q, which shows a secret", said)
			}
		})
	}
}

// A file that is no map ends up at once: nobody waits for stores first.
func TestWrongFilesEndUpBeforeStoresAreMade(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HELIANTHUS_BASE_MAP", filepath.Join(dir, "nowhere.json"))
	err := up(t.Context(), []string{"--data", dir, "--addr", "127.0.0.1:0"}, io.Discard)
	if err == nil || !strings.Contains(explain(err), "nowhere.json") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres")); !os.IsNotExist(err) {
		t.Errorf("PostgreSQL was made first: %v", err)
	}
}

// A default address that is taken makes way for another; one that was asked for does not.
func TestListen(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	for name, c := range map[string]struct {
		settings Settings
		refused  bool
	}{
		"the default, taken":     {Settings{Addr: addr}, false},
		"asked for, taken":       {Settings{Addr: addr, explicitAddr: true}, true},
		"any port":               {Settings{Addr: "127.0.0.1:0", explicitAddr: true, Data: t.TempDir()}, false},
		"no address of this one": {Settings{Addr: "192.0.2.1:80"}, true}, // RFC 5737: of documentation, nobody's
	} {
		t.Run(name, func(t *testing.T) {
			l, err := listen(c.settings)
			if c.refused {
				if p, ok := problem.As(err); !ok || p.Code != errAddrUsed.Code || !strings.Contains(explain(err), c.settings.Addr) {
					t.Errorf("got %v, want that %s is not to be had", err, c.settings.Addr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			if host, _, _ := net.SplitHostPort(l.Addr().String()); host != "127.0.0.1" || l.Addr().String() == addr {
				t.Errorf("listens on %s", l.Addr())
			}
		})
	}
}

// What a production half is not told it does not guess.
func TestProductionNeedsToBeTold(t *testing.T) {
	t.Parallel()
	for _, half := range []string{"serve", "work"} {
		_, err := production(half, []string{"--postgres-url", "postgres://app@db/helianthus"})
		if err == nil || !strings.Contains(explain(err), "HELIANTHUS_S3_ENDPOINT") {
			t.Errorf("%s: got %v", half, err)
		}
	}
}

// tenantsCommand, as an operator runs it: a plan first, then tenants, a second time nothing, and one out of the way.
func TestTenantsCommand(t *testing.T) {
	server := dbtest.Own(t)
	t.Setenv("HELIANTHUS_POSTGRES_URL", server.URL(postgres.App, postgres.Database))
	t.Setenv("HELIANTHUS_POSTGRES_OWNER_URL", server.URL(postgres.Owner, postgres.Database))
	t.Setenv("HELIANTHUS_DEMO_PASSWORD", testPassword)
	file := filepath.Join("..", "..", "tenants", "demo", "operator.yaml")
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	tell := func(words ...string) string {
		t.Helper()
		var out strings.Builder
		if err := tenantsCommand(t.Context(), words, &out); err != nil {
			t.Fatalf("tenants %v: %v", words, err)
		}
		return out.String()
	}
	plan := tell("apply", file, "--dry-run")
	if plan == "" || tell("list") != "" {
		t.Errorf("a dry run did something, or said nothing: %q", plan)
	}
	if tell("apply", file); !strings.Contains(tell("list"), "operator") {
		t.Error("the tenant is not there")
	}
	if again := tell("apply", file); again != "" {
		t.Errorf("applied again it changes %q", again)
	}
	tell("suspend", "operator")
	if list := tell("list"); !strings.Contains(list, "suspended") {
		t.Errorf("the list says %q", list)
	}
	tell("resume", "operator")
	if list := tell("list"); strings.Contains(list, "suspended") {
		t.Errorf("the list says %q", list)
	}
	var out strings.Builder
	for _, wrong := range [][]string{{}, {"suspend"}, {"dance"}, {"suspend", "nobody"}, {"apply", "nowhere.yaml"}, {"password", "operator"}} {
		if err := tenantsCommand(t.Context(), wrong, &out); err == nil {
			t.Errorf("tenants %v was done", wrong)
		}
	}
}
