package typeset

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

const (
	maxReply = 1 << 20   // bytes of a reply's header; diagnostics are cut at 4,000
	maxPDF   = 512 << 20 // bytes; what a worker says of itself is not believed beyond it
)

// worker is one process. Its pipes are used by one document at a time.
type worker struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	done chan struct{} // closed when the process has ended
	jobs int
}

func (p *Pool) env() []string {
	return []string{
		"FONTCONFIG_FILE=" + filepath.Join(p.dir, "fonts.conf"),
		// Typst would fetch a package that a template imports; where there are no namespaces this sends it nowhere.
		"ALL_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9",
	}
}

func (p *Pool) start() (*worker, error) {
	args := append([]string{}, p.flags...)
	args = append(args, "--no-warnings", "--expose-gc", "--max-old-space-size=256", filepath.Join(p.dir, "worker.mjs"), p.cfg.Modules, p.workspace())
	cmd := exec.Command(p.node, append(args, p.fonts...)...)
	cmd.Env, cmd.Dir, cmd.SysProcAttr = p.env(), p.workspace(), childAttr(p.apart)
	cmd.Stderr = complaints{p.cfg.Log}
	cmd.WaitDelay = time.Second // no grandchild shall keep us waiting by holding stderr
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
		defer close(w.done)
		runtime.LockOSThread() // the child's end is tied to the thread that forked it
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		p.workers.Store(cmd.Process.Pid, w)
		started <- limit(cmd.Process.Pid, p.cfg.Memory)
		_ = cmd.Wait() // how it ended is seen on its pipes
		p.workers.Delete(cmd.Process.Pid)
	}()
	if err := <-started; err != nil {
		if cmd.Process != nil {
			w.kill()
		}
		return nil, fmt.Errorf("starting a worker: %w", err)
	}
	return w, nil
}

func (w *worker) kill() {
	_ = w.in.Close()
	_ = w.cmd.Process.Kill()
	<-w.done
}

func (w *worker) dead() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// complaints puts what a worker says on stderr into the log.
type complaints struct{ log *slog.Logger }

func (c complaints) Write(b []byte) (int, error) {
	c.log.Warn("a typesetting worker complains", "text", string(bytes.TrimSpace(b[:min(len(b), 2000)])))
	return len(b), nil
}

// reply is the header of what a worker answers, with the document that follows it.
type reply struct {
	ID    uint64 `json:"id"`
	OK    bool   `json:"ok"`
	Size  int    `json:"size"`
	Pages int    `json:"pages"`
	RSS   int64  `json:"rss"`
	Error string `json:"error"`
	body  []byte
}

func (r reply) result(of order) Result {
	if of.Drawing {
		return Result{SVG: r.body, Pages: r.Pages}
	}
	return Result{PDF: r.body, Pages: r.Pages}
}

func (w *worker) do(id uint64, o order) (reply, error) {
	o.ID = id
	header, err := json.Marshal(o)
	if err != nil {
		return reply{}, err
	}
	out := bufio.NewWriterSize(w.in, 1<<16)
	_ = binary.Write(out, binary.BigEndian, uint32(len(header))) // a bufio.Writer keeps its first error for Flush
	_, _ = out.Write(header)
	for _, b := range o.bodies {
		_, _ = out.Write(b)
	}
	if err := out.Flush(); err != nil {
		return reply{}, fmt.Errorf("worker: %w", err)
	}
	r, err := w.read(id)
	if err != nil {
		return r, fmt.Errorf("worker: %w", err)
	}
	if !r.OK {
		return r, &TemplateError{r.Error}
	}
	return r, nil
}

func (w *worker) read(id uint64) (r reply, err error) {
	var size uint32
	if err := binary.Read(w.out, binary.BigEndian, &size); err != nil {
		return r, err
	}
	if size > maxReply {
		return r, errors.New("the reply makes no sense")
	}
	header := make([]byte, size)
	if _, err := io.ReadFull(w.out, header); err != nil {
		return r, err
	}
	if err := json.Unmarshal(header, &r); err != nil {
		return r, err
	}
	if r.ID != id || r.Size < 0 || r.Size > maxPDF {
		return r, fmt.Errorf("reply %d of %d bytes to job %d", r.ID, r.Size, id)
	}
	r.body = make([]byte, r.Size)
	_, err = io.ReadFull(w.out, r.body)
	return r, err
}
