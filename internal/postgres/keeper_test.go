package postgres_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// keeperVariable makes the test binary the keeper of a cluster, which tests may kill.
const keeperVariable = "HELIANTHUS_TEST_KEEPER"

func TestMain(m *testing.M) {
	if order := os.Getenv(keeperVariable); order != "" {
		os.Exit(keep(order))
	}
	code := m.Run()
	_ = os.RemoveAll(madeIn)
	os.Exit(code)
}

type keeperOrder struct {
	Data, Bin        string
	Durable          bool // what was committed survives a kill of the server
	ForbidNamespaces bool
}

// keep starts a cluster, says its server's process and address, and stops it when standard input ends.
func keep(text string) int {
	var o keeperOrder
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		fmt.Println("error", err)
		return 2
	}
	if o.ForbidNamespaces {
		// The limit holds in the user namespace that this process was started in, and nowhere else.
		if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0o644); err != nil {
			fmt.Println("error", err)
			return 2
		}
	}
	ctx := context.Background()
	e, err := postgres.StartEmbedded(ctx, postgres.EmbeddedConfig{DataDir: o.Data, BinDir: o.Bin, Hasty: !o.Durable})
	if err != nil {
		fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	fmt.Println("ready", e.PID(), e.URL("postgres", "postgres"))
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := e.Stop(); err != nil {
		fmt.Println("error", err)
		return 1
	}
	return 0
}

// keeper is a process of ours that keeps a cluster.
type keeper struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner
}

func startKeeper(t *testing.T, o keeperOrder, env []string, attr *syscall.SysProcAttr) *keeper {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{cmd: exec.Command(exe)}
	if attr != nil {
		// Whoever it runs as must be able to read the binary, which lies in a private directory.
		k.cmd.Path = filepath.Join(openDir(t), "keeper")
		if out, err := exec.Command("cp", exe, k.cmd.Path).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		k.cmd.SysProcAttr = attr
	}
	k.cmd.Env = append(append(os.Environ(), keeperVariable+"="+string(text)), env...)
	if k.stdin, err = k.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	k.lines = bufio.NewScanner(out)
	k.lines.Buffer(nil, 1<<20)
	k.cmd.Stderr = os.Stderr
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = k.cmd.Process.Kill()
		_ = k.cmd.Wait()
	})
	return k
}

// ready waits until the cluster takes connections.
func (k *keeper) ready(t *testing.T) (pid int, url string) {
	t.Helper()
	word, rest, _ := strings.Cut(k.said(), " ")
	number, url, _ := strings.Cut(rest, " ")
	pid, err := strconv.Atoi(number)
	if word != "ready" || err != nil {
		t.Fatalf("the keeper said %q", word+" "+rest)
	}
	return pid, url
}

func (k *keeper) said() string {
	k.lines.Scan()
	return k.lines.Text()
}

// stop lets the keeper end as it should.
func (k *keeper) stop(t *testing.T) {
	t.Helper()
	_ = k.stdin.Close()
	if err := k.cmd.Wait(); err != nil {
		t.Errorf("the keeper ended with %v", err)
	}
}

// openDir is a temporary directory that everybody may enter; removed by force, whoever the files in it belong to.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "helianthus-open-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func socketOf(t *testing.T, url string) string {
	t.Helper()
	return strings.Trim(query(t, url, `select current_setting('unix_socket_directories')`), `"`)
}

// gone waits until a process has ended; a process that nobody waits for counts as ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); alive(pid); {
		if time.Now().After(deadline) {
			t.Fatalf("process %d is still there", pid)
		}
		<-time.After(10 * time.Millisecond)
	}
}

func alive(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}
