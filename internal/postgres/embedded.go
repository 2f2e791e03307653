package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

var errEarly = errors.New("postgres ended while starting")

// StartEmbedded starts the cluster in cfg.DataDir and returns when it takes connections. It makes the cluster first when
// there is none, and refuses one of another major version without touching it. A predecessor that was killed may not be
// gone yet: it is waited for, five seconds at most.
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
	child, err := newChild(cfg.BinDir, cfg.DataDir)
	if err != nil {
		return nil, err
	}
	e := &Embedded{cfg: cfg, sockets: socketDir(cfg.DataDir)}
	if err := e.prepare(ctx, child); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(5 * time.Second); ; {
		err := e.start(ctx, child)
		if err == nil || !errors.Is(err, errEarly) || time.Now().After(deadline) {
			return e, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// FindBinaries looks for PostgreSQL's programs in HELIANTHUS_POSTGRES_BIN, then in node_modules upward from the
// executable and from the working directory.
func FindBinaries() (string, error) {
	if d := os.Getenv("HELIANTHUS_POSTGRES_BIN"); d != "" {
		return d, nil
	}
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	d, err := FindModule(filepath.Join("@embedded-postgres", runtime.GOOS+"-"+arch, "native", "bin"))
	if err != nil {
		return "", fmt.Errorf("the programs of PostgreSQL are not there: run npm ci, or name their directory in HELIANTHUS_POSTGRES_BIN: %w", err)
	}
	return d, nil
}

// FindModule finds a path below the nearest node_modules, upward from the executable and from the working directory, or
// below HELIANTHUS_NPM.
func FindModule(path string) (string, error) {
	starts := []string{}
	if d := os.Getenv("HELIANTHUS_NPM"); d != "" {
		starts = append(starts, d)
	}
	if exe, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(exe))
	}
	if wd, err := os.Getwd(); err == nil {
		starts = append(starts, wd)
	}
	for _, d := range starts {
		for {
			p := filepath.Join(d, "node_modules", path)
			if _, err := os.Stat(p); err == nil {
				return p, nil
			}
			up := filepath.Dir(d)
			if up == d {
				break
			}
			d = up
		}
	}
	return "", fmt.Errorf("node_modules/%s: %w", path, os.ErrNotExist)
}

// repairLinks makes the library links that npm leaves out when it is told to run no install scripts.
func repairLinks(native string) error {
	b, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	for _, l := range links {
		// The paths are relative to the package: native/lib/libicuuc.so.60.
		source, target := filepath.Join(filepath.Dir(native), l.Source), filepath.Join(filepath.Dir(native), l.Target)
		if _, err := os.Lstat(target); err == nil {
			continue
		}
		to, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return err
		}
		if err := os.Symlink(to, target); err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("library link: %w", err)
		}
	}
	return nil
}

// socketDir is where the unix socket lies: a socket's whole path must stay below 108 bytes.
func socketDir(data string) string {
	d := filepath.Join(filepath.Dir(data), "socket")
	if len(d)+len("/.s.PGSQL.5432.lock") < 100 {
		return d
	}
	sum := sha256.Sum256([]byte(data))
	return filepath.Join(os.TempDir(), "helianthus-"+hex.EncodeToString(sum[:8]))
}

func (e *Embedded) prepare(ctx context.Context, c child) error {
	for _, d := range []string{filepath.Dir(e.cfg.DataDir), e.cfg.DataDir, e.sockets} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	if err := c.own(e.cfg.DataDir, e.sockets); err != nil {
		return err
	}
	have, err := os.ReadFile(filepath.Join(e.cfg.DataDir, "PG_VERSION"))
	if err == nil {
		return e.sameVersion(strings.TrimSpace(string(have)))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	args := []string{"-D", e.cfg.DataDir, "-U", "postgres", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8",
		"--auth-local=trust", "--auth-host=reject", "--no-instructions", "--data-checksums"}
	if e.cfg.Hasty {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(e.cfg.BinDir, "initdb"), args...)
	var said strings.Builder
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = "/", &said, &said, c.attr()
	if err := onOwnThread(cmd.Run); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
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

func (e *Embedded) start(ctx context.Context, c child) error {
	params := map[string]string{
		"unix_socket_directories": e.sockets, "listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "120",
		"shared_buffers": "256MB", "timezone": "UTC", "log_min_messages": "warning", "random_page_cost": "1.1",
	}
	if e.cfg.Hasty {
		maps.Copy(params, map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"})
	}
	maps.Copy(params, e.cfg.Params)
	args := []string{"-D", e.cfg.DataDir}
	for _, k := range slices.Sorted(maps.Keys(params)) {
		args = append(args, "-c", k+"="+params[k])
	}
	cmd := exec.Command(filepath.Join(e.cfg.BinDir, "postgres"), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = "/", e.cfg.Log, e.cfg.Log, c.attr()
	started, done := make(chan error, 1), make(chan struct{})
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
			return errEarly
		case <-ctx.Done():
			_ = e.Stop()
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
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
	q := url.Values{"host": {e.sockets}, "port": {"5432"}}
	return "postgres://" + user + "@/" + database + "?" + q.Encode()
}

// PID is the process id of the server.
func (e *Embedded) PID() int { return e.cmd.Process.Pid }

// Done is closed when the server has ended.
func (e *Embedded) Done() <-chan struct{} { return e.done }

// Stop ends the server: fast, and after ten seconds at once. Neither loses what was committed; it is never killed.
func (e *Embedded) Stop() error {
	_ = e.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-e.done:
		return nil
	case <-time.After(10 * time.Second):
	}
	_ = e.cmd.Process.Signal(syscall.SIGQUIT)
	select {
	case <-e.done:
		return nil
	case <-time.After(5 * time.Second):
		return errors.New("postgres did not stop")
	}
}
