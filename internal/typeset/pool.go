package typeset

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrFailed is returned for a document that the workers did not bring to an end: none could be started, one died under it
// twice, or it took too long. It may go well the next time; a TemplateError would not, and is a fault of ours.
var ErrFailed = problem.New(problem.Unavailable, "typeset.failed")

var (
	errHung   = errors.New("the worker took too long and was ended")
	errClosed = errors.New("typesetting has stopped")
)

//go:embed worker.mjs
var script []byte

// Config says how to run workers; zero fields have the defaults named.
type Config struct {
	Modules string        // node_modules; by default searched in HELIANTHUS_NPM, and upward from the executable and the working directory
	Size    int           // documents at once; default 1; a worker takes 200 to 300 MB
	Memory  int64         // bytes that a worker may have at any moment, on Linux; one that wants more dies; default 1.5 GiB
	MaxRSS  int64         // bytes above which a worker is replaced after its document; default 700 MiB
	MaxJobs int           // documents after which it is replaced; default 200
	Timeout time.Duration // per document; without the time that it waits for a worker, and on Linux the worker for a processor; default 60 s
	Log     *slog.Logger  // default slog.Default()
}

// Pool is the workers.
type Pool struct {
	cfg       Config
	node      string   // path of the program
	flags     []string // of Node's permissions, which changed their names
	apart     bool     // whether workers get namespaces of their own
	dir       string   // private: script, empty workspace, font configuration
	fonts     []string
	faces     faces
	free      chan *worker // nil: a place whose worker is not started
	closed    chan struct{}
	close     sync.Once
	id        atomic.Uint64
	workers   sync.Map     // process id → *worker
	Restarted atomic.Int64 // workers replaced after a hang, a crash or growth
}

// New prepares the pool and starts its first worker, which gets ready in its own time.
func New(cfg Config) (*Pool, error) {
	cfg.Size = max(cfg.Size, 1)
	cfg.Memory = cmp.Or(cfg.Memory, 1536<<20)
	cfg.MaxRSS = cmp.Or(cfg.MaxRSS, 700<<20)
	cfg.MaxJobs = cmp.Or(cfg.MaxJobs, 200)
	cfg.Timeout = cmp.Or(cfg.Timeout, 60*time.Second)
	cfg.Log = cmp.Or(cfg.Log, slog.Default())
	p := &Pool{cfg: cfg, free: make(chan *worker, cfg.Size), closed: make(chan struct{})}
	if err := p.prepare(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Pool) prepare() error {
	for range p.cfg.Size - 1 {
		p.free <- nil
	}
	first, err := p.first()
	p.free <- first
	return err
}

func (p *Pool) first() (*worker, error) {
	var err error
	if p.node, err = exec.LookPath("node"); err != nil {
		return nil, fmt.Errorf("typeset: node is not installed: %w", err)
	}
	if p.cfg.Modules == "" {
		if p.cfg.Modules, err = findModules(); err != nil {
			return nil, err
		}
	}
	if p.fonts, err = fontDirs(p.cfg.Modules); err != nil {
		return nil, err
	}
	if p.faces, err = openFaces(p.fonts); err != nil {
		return nil, fmt.Errorf("typeset: %w", err)
	}
	if err := p.writeDir(); err != nil {
		return nil, fmt.Errorf("typeset: %w", err)
	}
	if err := p.probe(); err != nil {
		return nil, err
	}
	return p.start()
}

func (p *Pool) writeDir() error {
	dir, err := os.MkdirTemp("", "helianthus-typeset-") // 0700
	if err != nil {
		return err
	}
	if p.dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	return errors.Join(
		os.Mkdir(p.workspace(), 0o700),
		os.WriteFile(filepath.Join(p.dir, "worker.mjs"), script, 0o600),
		os.WriteFile(filepath.Join(p.dir, "fonts.conf"), fontconfig(p.workspace()), 0o600))
}

func (p *Pool) workspace() string { return filepath.Join(p.dir, "workspace") }

// probe asks Node what its permissions are called (`--permission` since 22.13), inside namespaces first: where the system
// forbids them, or files are out of reach in them, workers do without.
func (p *Pool) probe() error {
	ask := func(apart bool) (string, error) {
		cmd := exec.Command(p.node, "-p", `require("fs").readdirSync(process.argv[1]); require("fs").readFileSync(process.argv[2]); process.allowedNodeEnvironmentFlags.has("--permission")`,
			filepath.Join(p.cfg.Modules, compilerModule), filepath.Join(p.dir, "worker.mjs"))
		cmd.Env, cmd.SysProcAttr = p.env(), childAttr(apart)
		runtime.LockOSThread() // as in start
		defer runtime.UnlockOSThread()
		out, err := cmd.Output()
		return strings.TrimSpace(string(out)), err
	}
	answer, err := ask(true)
	p.apart = err == nil
	if err != nil {
		if answer, err = ask(false); err != nil {
			return fmt.Errorf("typeset: node does not run: %w", err)
		}
	}
	flag := "--experimental-permission"
	if answer == "true" {
		flag = "--permission"
	}
	p.flags = []string{flag, "--allow-addons", "--allow-fs-read=" + p.cfg.Modules, "--allow-fs-read=" + filepath.Join(p.dir, "worker.mjs")}
	return nil
}

// Render makes a document. A worker that dies under it is replaced and the document tried once more; one that takes too
// long is killed and the document given up. It returns ErrFailed, a *TemplateError, or the end of ctx.
func (p *Pool) Render(ctx context.Context, j Job) (Result, error) {
	o, err := j.order()
	if err != nil {
		return Result{}, fmt.Errorf("typeset: %w", err)
	}
	for try := 0; ; try++ {
		r, err := p.once(ctx, o)
		switch {
		case err == nil:
			return r, nil
		case ctx.Err() != nil:
			return Result{}, fmt.Errorf("typeset: %w", ctx.Err())
		case errors.As(err, new(*TemplateError)):
			return Result{}, fmt.Errorf("typeset %s: %w", j.Main, err)
		case try == 1, errors.Is(err, errHung), errors.Is(err, errClosed):
			return Result{}, fmt.Errorf("typeset %s: %w: %w", j.Main, ErrFailed, err)
		}
		p.cfg.Log.WarnContext(ctx, "typesetting is tried again", "error", err)
	}
}

func (p *Pool) once(ctx context.Context, o order) (Result, error) {
	w, err := p.take(ctx)
	if err != nil {
		return Result{}, err
	}
	type answer struct {
		reply reply
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		r, err := w.do(p.id.Add(1), o)
		answered <- answer{r, err}
	}()
	began, before := time.Now(), w.starved()
	late := time.NewTimer(p.cfg.Timeout)
	defer late.Stop()
	for err == nil {
		select {
		case a := <-answered:
			w.jobs++
			broken := a.err != nil && !errors.As(a.err, new(*TemplateError))
			p.put(w, broken || a.reply.RSS > p.cfg.MaxRSS || w.jobs >= p.cfg.MaxJobs)
			return a.reply.result(o), a.err
		case <-late.C:
			// Workers let everybody else go first: on a busy machine they wait for most of the time, and have not hung.
			left := p.cfg.Timeout + w.starved() - before - time.Since(began)
			if left < time.Millisecond {
				err = errHung
			}
			late.Reset(left)
		case <-ctx.Done():
			err = ctx.Err()
		case <-p.closed:
			err = errClosed
		}
	}
	p.put(w, true)
	<-answered
	return Result{}, err
}

// take waits for a free place and starts its worker when it has none, or one that has died since.
func (p *Pool) take(ctx context.Context) (*worker, error) {
	var w *worker
	select {
	case <-p.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	case w = <-p.free:
	}
	if w != nil && w.dead() {
		p.Restarted.Add(1)
		w = nil
	}
	if w == nil {
		var err error
		if w, err = p.start(); err != nil {
			p.free <- nil
			return nil, err
		}
	}
	return w, nil
}

// put gives a worker back, or ends it and leaves its place empty.
func (p *Pool) put(w *worker, ended bool) {
	if ended {
		p.Restarted.Add(1)
		w.kill()
		w = nil
	}
	p.free <- w
}

// Close ends the workers, also those at a document; those who wait for one get ErrFailed.
func (p *Pool) Close() {
	p.close.Do(func() {
		close(p.closed)
		for range p.cfg.Size {
			if w := <-p.free; w != nil {
				w.kill()
			}
		}
		p.faces.close()
		if p.dir != "" {
			_ = os.RemoveAll(p.dir)
		}
	})
}

// PIDs are the process ids of the workers that run.
func (p *Pool) PIDs() []int {
	var pids []int
	p.workers.Range(func(pid, _ any) bool {
		pids = append(pids, pid.(int))
		return true
	})
	return pids
}
