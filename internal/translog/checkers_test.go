package translog_test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// checkers are other people's programs, built once. They have a module of their own (testdata/checkers), which pins them by
// version and hash, so that what they need is nothing that the product needs.
var checkers = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "helianthus-checkers-"); err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-C", "testdata/checkers", "-o", dir, "tool", "./witness") //nolint:gosec // our own directory
	build.Stderr = os.Stderr
	return dir, build.Run()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := checkers(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

func checker(t *testing.T, name string) string {
	t.Helper()
	dir, err := checkers()
	if err != nil {
		t.Fatalf("build the checkers: %v", err)
	}
	return filepath.Join(dir, name)
}

// grow adds entries and signs their tree.
func grow(t *testing.T, l *translog.Log, db dbtest.House, entries int) {
	t.Helper()
	ctx := db.Tenant(t, tenancy.County)
	for range entries {
		publication(t, ctx, db, "public", nil)
	}
	sequence(t, l)
}

// litewitness is a witness of the log with this key, as a process of its own; it returns its verifier key and its address.
func litewitness(t *testing.T, log string) (key, url string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0") // litewitness does not tell which port it was given
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(checker(t, "witness"), checker(t, "litewitness"), t.TempDir(), address, log) //nolint:gosec // built above
	stop, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, whole := bufio.NewScanner(said), &strings.Builder{}
	ended := make(chan struct{})
	t.Cleanup(func() {
		_ = stop.Close()
		<-ended
		_ = cmd.Wait()
		t.Logf("litewitness:\n%s", whole)
	})
	for key == "" && lines.Scan() {
		whole.WriteString(lines.Text() + "\n")
		_, key, _ = strings.Cut(lines.Text(), "vkey=")
	}
	go func() {
		defer close(ended)
		for lines.Scan() {
			whole.WriteString(lines.Text() + "\n")
		}
	}()
	if key == "" {
		t.Fatal("litewitness did not start")
	}
	for range 100 { // it says its key before it listens
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return key, "http://" + address
		}
		<-time.After(20 * time.Millisecond)
	}
	t.Fatalf("litewitness does not listen at %s", address)
	return "", ""
}

// Somebody else's witness cosigns our checkpoints, one after another, and does not cosign another history; the log takes
// its cosignature and shows it.
func TestLitewitness(t *testing.T) {
	t.Parallel()
	first, db := open(t, translog.Config{BaseURL: "https://gi.example"})
	sequence(t, first)
	v := verifierOf(t, first)
	i, err := first.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil {
		t.Fatal(err)
	}
	key, url := litewitness(t, i.Keys[0])
	file := filepath.Join(t.TempDir(), "witnesses")
	if err := os.WriteFile(file, []byte("witness "+key+" "+url+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	others, err := translog.ReadOthers(file)
	if err != nil {
		t.Fatal(err)
	}
	shown := func(l *translog.Log) int {
		signed, err := l.Checkpoint(tenancy.In(t.Context(), tenancy.Public))
		if err != nil {
			t.Fatal(err)
		}
		n, err := note.Open([]byte(signed), note.VerifierList(v, others.Witnesses[0].Verifier))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("checkpoint:\n%s", signed)
		return len(n.Sigs)
	}
	l := with(db, translog.Config{BaseURL: "https://gi.example", Witnesses: others.Witnesses})
	for _, entries := range []int{3, 1, 300} { // the first one, a consistency proof, one over more than a tile
		grow(t, l, db, entries)
		l.Ask(t.Context())
		if n := shown(l); n != 2 {
			t.Errorf("after %d more entries the checkpoint has %d signatures, want the log's and the witness's", entries, n)
		}
	}
	info, err := l.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil || len(info.Witnesses) != 1 || info.Witnesses[0].Size != info.Size || info.Witnesses[0].Error != "" {
		t.Errorf("the log says of its witness %+v, %v; want that it is at %d", info.Witnesses, err, info.Size)
	}
	_, forkDB := open(t, translog.Config{BaseURL: "https://gi.example"})
	copyKeys(t, db, forkDB)
	fork := with(forkDB, translog.Config{BaseURL: "https://gi.example", Witnesses: others.Witnesses})
	grow(t, fork, forkDB, 400)
	fork.Ask(t.Context())
	if n := shown(fork); n != 1 {
		t.Errorf("another history under the same key has %d signatures, want the log's alone", n)
	}
}
