package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// EmbeddedConfig says how to run a cluster of our own.
type EmbeddedConfig struct {
	DataDir string            // made when it is missing; never emptied
	BinDir  string            // directory of initdb and postgres; empty: searched
	Params  map[string]string // settings on top of ours
	Log     io.Writer         // what the server says; nil: nowhere
	Hasty   bool              // no fsync: for tests and benchmarks, whose data nobody misses
}

// Embedded is a PostgreSQL server that runs as our child. It listens on a private unix socket only and ends with us,
// also when we are killed.
type Embedded struct {
	cfg     EmbeddedConfig
	sockets string
	cmd     *exec.Cmd
	done    chan struct{}
}

// patience is how long a predecessor that was killed may take to be gone: its backends end when they notice, and the
// system takes its time to bury it when the machine is busy.
const patience = 15 * time.Second

// errOccupied is met while a predecessor is not yet gone.
var errOccupied = errors.New("the directory is in use")

// StartEmbedded starts the cluster in cfg.DataDir and returns when it takes connections. It makes the cluster first when
// there is none, and refuses one of another major version, and a directory with something else in it, without touching
// them. A predecessor that was killed may not be gone yet: it is waited for.
func StartEmbedded(ctx context.Context, cfg EmbeddedConfig) (*Embedded, error) {
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	var err error
	if cfg.DataDir, err = filepath.Abs(cfg.DataDir); err != nil {
		return nil, err
	}
	if cfg.BinDir == "" {
		if cfg.BinDir, err = FindBinaries(); err != nil {
			return nil, err
		}
	}
	if err := repairLinks(filepath.Dir(cfg.BinDir)); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(cfg.DataDir), 0o700); err != nil {
		return nil, err
	}
	var c child
	if c, cfg.BinDir, err = newChild(cfg.BinDir, cfg.DataDir); err != nil {
		return nil, err
	}
	e := &Embedded{cfg: cfg}
	if err := e.prepare(ctx, c); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); ; {
		err := e.start(ctx, c)
		if err == nil {
			return e, nil
		}
		if !errors.Is(err, errOccupied) || time.Now().After(deadline) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// prepare makes the cluster when there is none, and the directory of its socket.
func (e *Embedded) prepare(ctx context.Context, c child) error {
	e.sweep()
	have, err := os.ReadFile(filepath.Join(e.cfg.DataDir, "PG_VERSION"))
	switch {
	case err == nil:
		err = e.sameVersion(strings.TrimSpace(string(have)))
	case errors.Is(err, os.ErrNotExist):
		err = e.create(ctx, c)
	}
	if err != nil {
		return err
	}
	if e.sockets, err = socketDir(e.cfg.DataDir, c); err != nil {
		return fmt.Errorf("directory of the socket: %w", err)
	}
	return c.own(e.cfg.DataDir, e.sockets)
}

// making is where clusters are made, and how their directories' names begin.
func (e *Embedded) making() (parent, prefix string) {
	return filepath.Dir(e.cfg.DataDir), filepath.Base(e.cfg.DataDir) + ".initdb-"
}

// sweep removes what starts that were killed left half made.
func (e *Embedded) sweep() {
	parent, prefix := e.making()
	entries, _ := os.ReadDir(parent) // there may be nothing yet
	for _, d := range entries {
		if strings.HasPrefix(d.Name(), prefix) {
			_ = os.RemoveAll(filepath.Join(parent, d.Name()))
		}
	}
}

// create makes a cluster beside its place and moves it there when it is whole: whoever is killed in between leaves
// nothing that looks like a cluster.
func (e *Embedded) create(ctx context.Context, c child) error {
	if err := os.Remove(e.cfg.DataDir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the directory %s is not empty and holds no data of PostgreSQL; choose another one: %w", e.cfg.DataDir, err)
	}
	// A killed predecessor's initdb may still be tidying up after itself: each has a place of its own.
	parent, prefix := e.making()
	making, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return err
	}
	if err := c.own(making); err != nil {
		return err
	}
	args := []string{"-D", making, "-U", "postgres", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8",
		"--auth-local=trust", "--auth-host=reject", "--no-instructions", "--data-checksums"}
	if e.cfg.Hasty {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(e.cfg.BinDir, "initdb"), args...)
	var said strings.Builder
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = "/", plainEnvironment(), &said, &said, c.attr()
	if err := onOwnThread(cmd.Run); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return os.Rename(making, e.cfg.DataDir)
}

// CopyData copies the directory of a cluster that does not run, with its owners and rights, to a place where nothing is.
func CopyData(from, to string) error {
	if said, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil { //nolint:gosec // both are directories of ours
		return fmt.Errorf("copy a cluster: %w: %s", err, said)
	}
	return nil
}

// plainEnvironment is ours without what PostgreSQL would take as orders: variables of libpq and of another server, and
// locales, which the system may not have. A backend keeps up to 64 MB that it has freed: a search for a frequent word needs
// some 30 MB for a moment, and to be given them anew by the kernel, page by page, took half of its time.
func plainEnvironment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "PG") || strings.HasPrefix(v, "LC_") || strings.HasPrefix(v, "LANG")
	})
	return append(env, "LC_ALL=C", "MALLOC_TRIM_THRESHOLD_=67108864", "MALLOC_MMAP_THRESHOLD_=33554432")
}

func (e *Embedded) sameVersion(have string) error {
	out, err := exec.Command(filepath.Join(e.cfg.BinDir, "postgres"), "--version").Output()
	if err != nil {
		return fmt.Errorf("postgres --version: %w", err)
	}
	for _, word := range strings.Fields(string(out)) {
		if word[0] >= '0' && word[0] <= '9' {
			if major, _, _ := strings.Cut(word, "."); major != have {
				return fmt.Errorf("the data in %s are of PostgreSQL %s and the programs of %s: dump and restore, or choose another directory; nothing was changed", e.cfg.DataDir, have, major)
			}
		}
	}
	return nil
}

// socketDir makes the directory of the unix socket: beside the data, or among the temporary files when the socket's
// path would be too long (108 bytes at most) or clients would take it for a list of hosts. There everybody may have put a
// directory of that name; a stranger's is not taken.
func socketDir(data string, c child) (string, error) {
	beside := data + "-socket"
	if len(beside)+len("/.s.PGSQL.5432.lock") < 100 && !strings.Contains(beside, ",") {
		return beside, os.MkdirAll(beside, 0o700)
	}
	sum := sha256.Sum256([]byte(data))
	d := filepath.Join(os.TempDir(), "helianthus-"+hex.EncodeToString(sum[:8]))
	if err := os.Mkdir(d, 0o700); err == nil || !errors.Is(err, os.ErrExist) {
		return d, err
	}
	info, err := os.Lstat(d)
	if err != nil {
		return "", err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && info.Mode() == os.ModeDir|0o700 && c.trusts(int(s.Uid)) {
		return d, nil
	}
	return os.MkdirTemp("", "helianthus-")
}

func (e *Embedded) start(ctx context.Context, c child) error {
	params := map[string]string{
		"unix_socket_directories": `"` + strings.ReplaceAll(e.sockets, `"`, `""`) + `"`, "listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "120",
		"shared_buffers": "256MB", "work_mem": "16MB", "timezone": "UTC", "log_min_messages": "warning", "random_page_cost": "1.1",
	}
	if e.cfg.Hasty {
		maps.Copy(params, map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"})
	}
	maps.Copy(params, e.cfg.Params)
	args := []string{"-D", e.cfg.DataDir}
	for _, k := range slices.Sorted(maps.Keys(params)) {
		args = append(args, "-c", k+"="+params[k])
	}
	cmd, said := exec.Command(filepath.Join(e.cfg.BinDir, "postgres"), args...), &tail{}
	log := io.MultiWriter(e.cfg.Log, said)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = "/", plainEnvironment(), log, log, c.attr()
	cmd.WaitDelay = time.Second // a backend that outlives the server holds its output open
	started, done, met := make(chan error, 1), make(chan struct{}), e.locked()
	go func() {
		// The signal that ends the child with its parent is tied to the thread that forked it: keep that thread.
		runtime.LockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = cmd.Wait()
		close(done)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	e.cmd, e.done = cmd, done
	for !e.ready() {
		select {
		case <-done:
			return e.whyEnded(said.String(), met)
		case <-ctx.Done():
			_ = e.Stop()
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// whyEnded tells a server that met another one from one that cannot run at all. The lock files say so: ours are removed at
// the end, another's stay; or the other one ended since, and they were there when we came.
func (e *Embedded) whyEnded(said string, met bool) error {
	if met || e.locked() {
		return fmt.Errorf("postgres: %w: %s", errOccupied, said)
	}
	return fmt.Errorf("postgres ended while starting: %s", said)
}

func (e *Embedded) locked() bool {
	for _, lock := range []string{filepath.Join(e.cfg.DataDir, "postmaster.pid"), filepath.Join(e.sockets, ".s.PGSQL.5432.lock")} {
		if _, err := os.Stat(lock); err == nil {
			return true
		}
	}
	return false
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(b []byte) (int, error) {
	const most = 1000 // bytes: the last few messages
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-most):]
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(t.text), "")), " ")
}

func onOwnThread(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread()
		result <- f()
	}()
	return <-result
}

// ready reads the eighth line of postmaster.pid, as pg_ctl does.
func (e *Embedded) ready() bool {
	b, err := os.ReadFile(filepath.Join(e.cfg.DataDir, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(b), "\n")
	return len(lines) >= 8 && strings.TrimSpace(lines[0]) == strconv.Itoa(e.PID()) && strings.TrimSpace(lines[7]) == "ready"
}

// URL is the server's address for a user and a database, through its socket.
func (e *Embedded) URL(user, database string) string {
	// PostgreSQL's own clients read + as itself.
	host := strings.ReplaceAll(url.QueryEscape(e.sockets), "+", "%20")
	return "postgres://" + user + "@/" + database + "?host=" + host + "&port=5432"
}

// PID is the process id of the server.
func (e *Embedded) PID() int { return e.cmd.Process.Pid }

// Done is closed when the server has ended.
func (e *Embedded) Done() <-chan struct{} { return e.done }

// Stop ends the server: fast, and after ten seconds at once. Neither loses what was committed; it is never killed.
func (e *Embedded) Stop() error {
	for _, how := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{syscall.SIGINT, 10 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}} {
		_ = e.cmd.Process.Signal(how.signal)
		select {
		case <-e.done:
			_ = os.Remove(e.sockets) // it is empty now, unless a successor listens there already
			return nil
		case <-time.After(how.within):
		}
	}
	return errors.New("postgres did not stop")
}
