package typeset

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of typesetting.
var (
	ErrUnavailable = problem.New(problem.Unavailable, "typeset.unavailable") // no worker could be started
	ErrTimeout     = problem.New(problem.Unavailable, "typeset.timeout")
)

//go:embed worker.mjs
var script []byte

// Config says how to run workers; zero fields have the defaults named.
type Config struct {
	Modules string        // node_modules; empty: searched upward from the executable and the working directory
	Size    int           // documents at once; default 1
	MaxRSS  int64         // bytes above which a worker is replaced after its document; default 700 MiB
	MaxJobs int           // documents after which it is replaced; default 200
	Timeout time.Duration // per document; default 60 s
}

// Job is one document. Templates and files are all that it can read.
type Job struct {
	Template fs.FS
	Main     string            // path of the template's main file in Template
	Files    map[string][]byte // further files: data and images, by path
	Standard string            // a-3a, ua-1, 1.7, …
	Created  time.Time         // written into the PDF instead of the time of the clock
}

// Result is a document.
type Result struct {
	PDF   []byte
	Pages int
}

// Pool is the workers.
type Pool struct {
	cfg       Config
	node      string
	dir       string
	fonts     []string
	free      chan *worker
	id        atomic.Uint64
	Restarted atomic.Int64 // workers replaced after a hang, a crash or growth
}

// New prepares the pool; workers start when they are needed.
func New(cfg Config) (*Pool, error) {
	cfg.Size = max(cfg.Size, 1)
	if cfg.MaxRSS == 0 {
		cfg.MaxRSS = 700 << 20
	}
	if cfg.MaxJobs == 0 {
		cfg.MaxJobs = 200
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 60 * time.Second
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("typeset: node is not installed: %w", err)
	}
	if cfg.Modules == "" {
		if cfg.Modules, err = findModules(); err != nil {
			return nil, err
		}
	}
	fonts, err := filepath.Glob(filepath.Join(cfg.Modules, "@expo-google-fonts", "*", "*"))
	if err != nil {
		return nil, err
	}
	fonts = slices.DeleteFunc(fonts, func(f string) bool { return !wanted(f) })
	if len(fonts) == 0 {
		return nil, errors.New("typeset: no fonts below " + cfg.Modules + "; run npm ci")
	}
	dir, err := os.MkdirTemp("", "helianthus-typeset-")
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "workspace"), 0o700), os.WriteFile(filepath.Join(dir, "worker.mjs"), script, 0o600)); err != nil {
		return nil, err
	}
	p := &Pool{cfg: cfg, node: node, dir: dir, fonts: fonts, free: make(chan *worker, cfg.Size)}
	for range cfg.Size {
		p.free <- nil
	}
	return p, nil
}

// wanted keeps the two weights that templates use: a font that is loaded costs time and memory.
func wanted(dir string) bool {
	return strings.HasSuffix(dir, "400Regular") || strings.HasSuffix(dir, "700Bold")
}

func findModules() (string, error) {
	starts := []string{os.Getenv("HELIANTHUS_NPM")}
	if exe, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(exe))
	}
	if wd, err := os.Getwd(); err == nil {
		starts = append(starts, wd)
	}
	for _, d := range starts {
		for d != "" {
			m := filepath.Join(d, "node_modules")
			if _, err := os.Stat(filepath.Join(m, "@myriaddreamin", "typst-ts-node-compiler")); err == nil {
				return filepath.EvalSymlinks(m)
			}
			if up := filepath.Dir(d); up != d {
				d = up
				continue
			}
			break
		}
	}
	return "", errors.New("typeset: Typst is not there; run npm ci, or name the directory above node_modules in HELIANTHUS_NPM")
}

type worker struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	done chan struct{}
	jobs int
}

func (p *Pool) start() (*worker, error) {
	// The compiler itself is native and reads no file outside its workspace; Node's own permissions keep the script to its modules.
	args := []string{"--expose-gc", "--max-old-space-size=256", filepath.Join(p.dir, "worker.mjs"), p.cfg.Modules, filepath.Join(p.dir, "workspace")}
	cmd := exec.Command(p.node, append(args, p.fonts...)...)
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	cmd.Dir, cmd.Stderr, cmd.SysProcAttr = p.dir, os.Stderr, childAttr()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	started, w := make(chan error, 1), &worker{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 1<<16), done: make(chan struct{})}
	go func() {
		runtime.LockOSThread() // the child's end is tied to the thread that forked it
		err := cmd.Start()
		started <- err
		if err == nil {
			_, _ = cmd.Process.Wait()
		}
		close(w.done)
	}()
	return w, <-started
}

func (w *worker) kill() {
	_ = w.in.Close()
	_ = w.cmd.Process.Kill()
	<-w.done
}

// Warm starts one worker and lets it typeset nothing, so that the first document does not wait for it.
func (p *Pool) Warm(ctx context.Context) error {
	_, err := p.Render(ctx, Job{Main: "empty.typ", Files: map[string][]byte{"empty.typ": []byte(" ")}, Standard: "1.7", Created: time.Unix(0, 0)})
	return err
}

// Render makes a document. A worker that dies under it is replaced and the document tried once more; one that takes too
// long is killed and the document given up.
func (p *Pool) Render(ctx context.Context, j Job) (Result, error) {
	files, err := j.files()
	if err != nil {
		return Result{}, fmt.Errorf("typeset: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	for try := 0; ; try++ {
		r, err := p.once(ctx, j, files)
		if err == nil || try == 1 || ctx.Err() != nil || errors.As(err, new(*TemplateError)) {
			return r, err
		}
		slog.WarnContext(ctx, "typesetting is tried again", "error", err)
	}
}

// TemplateError is what Typst says against a template and its data; it would say it again.
type TemplateError struct{ Diagnostics string }

func (e *TemplateError) Error() string { return "typst: " + e.Diagnostics }

func (j Job) files() (map[string][]byte, error) {
	all := maps.Clone(j.Files)
	if all == nil {
		all = map[string][]byte{}
	}
	if j.Template == nil {
		return all, nil
	}
	err := fs.WalkDir(j.Template, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[path], err = fs.ReadFile(j.Template, path)
		return err
	})
	return all, err
}

func (p *Pool) once(ctx context.Context, j Job, files map[string][]byte) (Result, error) {
	var w *worker
	select {
	case w = <-p.free:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	if w == nil {
		var err error
		if w, err = p.start(); err != nil {
			p.free <- nil
			return Result{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	type answer struct {
		r   Result
		rss int64
		err error
	}
	answered := make(chan answer, 1)
	go func() {
		r, rss, err := w.do(p.id.Add(1), j, files)
		answered <- answer{r, rss, err}
	}()
	select {
	case a := <-answered:
		w.jobs++
		broken := a.err != nil && !errors.As(a.err, new(*TemplateError))
		if broken || a.rss > p.cfg.MaxRSS || w.jobs >= p.cfg.MaxJobs {
			p.Restarted.Add(1)
			w.kill()
			w = nil
		}
		p.free <- w
		return a.r, a.err
	case <-ctx.Done():
		p.Restarted.Add(1)
		w.kill()
		<-answered
		p.free <- nil
		return Result{}, fmt.Errorf("%w: %w", ErrTimeout, ctx.Err())
	}
}

func (w *worker) do(id uint64, j Job, files map[string][]byte) (r Result, rss int64, err error) {
	type file struct {
		Path string `json:"path"`
		Size int    `json:"size"`
	}
	header := struct {
		ID       uint64 `json:"id"`
		Main     string `json:"main"`
		Standard string `json:"standard"`
		Created  int64  `json:"created"`
		Files    []file `json:"files"`
	}{id, "/" + j.Main, j.Standard, j.Created.Unix(), []file{}}
	paths := slices.Sorted(maps.Keys(files))
	for _, path := range paths {
		header.Files = append(header.Files, file{"/" + path, len(files[path])})
	}
	b, err := json.Marshal(header)
	if err != nil {
		return r, 0, err
	}
	out := bufio.NewWriterSize(w.in, 1<<16)
	_ = binary.Write(out, binary.BigEndian, uint32(len(b))) // a bufio.Writer keeps its first error for Flush
	_, _ = out.Write(b)
	for _, path := range paths {
		_, _ = out.Write(files[path])
	}
	if err := out.Flush(); err != nil {
		return r, 0, fmt.Errorf("worker: %w", err)
	}
	return w.reply(id)
}

func (w *worker) reply(id uint64) (r Result, rss int64, err error) {
	var size uint32
	if err := binary.Read(w.out, binary.BigEndian, &size); err != nil {
		return r, 0, fmt.Errorf("worker: %w", err)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(w.out, b); err != nil {
		return r, 0, fmt.Errorf("worker: %w", err)
	}
	var h struct {
		ID    uint64 `json:"id"`
		OK    bool   `json:"ok"`
		Size  int    `json:"size"`
		Pages int    `json:"pages"`
		RSS   int64  `json:"rss"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(b, &h); err != nil {
		return r, 0, fmt.Errorf("worker: %w", err)
	}
	if h.ID != id {
		return r, 0, fmt.Errorf("worker: reply %d to job %d", h.ID, id)
	}
	if !h.OK {
		return r, h.RSS, &TemplateError{h.Error}
	}
	r = Result{PDF: make([]byte, h.Size), Pages: h.Pages}
	_, err = io.ReadFull(w.out, r.PDF)
	return r, h.RSS, err
}

// Close ends the workers, after the documents they are at.
func (p *Pool) Close() {
	for range p.cfg.Size {
		if w := <-p.free; w != nil {
			w.kill()
		}
	}
	_ = os.RemoveAll(p.dir)
}

// PIDs are the process ids of workers that are not at a document just now.
func (p *Pool) PIDs() []int {
	var pids []int
	for range p.cfg.Size {
		w := <-p.free
		if w != nil {
			pids = append(pids, w.cmd.Process.Pid)
		}
		p.free <- w
	}
	return pids
}
