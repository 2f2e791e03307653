package dbtest_test

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// victimVariable makes the one test below say where its stores are and wait to be killed.
const victimVariable = "HELIANTHUS_TEST_VICTIM"

// A test process that is killed leaves neither servers nor directories behind.
func TestNothingIsLeftBehind(t *testing.T) {
	if os.Getenv(victimVariable) != "" {
		dbtest.Store(t)
		fmt.Println("here", dbtest.URL(t, "postgres"))
		select {}
	}
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tmp, err := os.MkdirTemp("", "hx-") // short, so that sockets lie beside the data
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(tmp) })
	cmd := exec.Command(exe, "-test.run=^TestNothingIsLeftBehind$")
	cmd.Env = append(os.Environ(), victimVariable+"=1", "TMPDIR="+tmp)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "here ") {
	}
	locks, err := filepath.Glob(filepath.Join(tmp, "helianthus-dbtest-*", "data", "postmaster.pid"))
	if err != nil || len(locks) != 1 {
		t.Fatalf("%d clusters, %v; the last line was %q", len(locks), err, lines.Text())
	}
	var server int
	text, err := os.ReadFile(locks[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(text), &server); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for started := time.Now(); ; <-time.After(20 * time.Millisecond) {
		left := files(tmp)
		running := syscall.Kill(server, 0) == nil
		if len(left) == 0 && !running {
			return
		}
		if time.Since(started) > 20*time.Second {
			t.Fatalf("server running: %v; left: %v", running, left)
		}
	}
}

func files(dir string) []string {
	var all []string
	_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && path != dir && len(all) < 10 {
			all = append(all, path)
		}
		return nil
	})
	return all
}

func TestEachTenantIsANewOne(t *testing.T) {
	t.Parallel()
	seen := map[tenancy.ID]bool{}
	for _, kind := range tenancy.Kinds {
		s, err := tenancy.From(dbtest.Tenant(t, kind))
		if err != nil || s.TenantKind != kind || seen[s.Tenant] {
			t.Errorf("%s: got %+v, %v", kind, s, err)
		}
		seen[s.Tenant] = true
	}
}
