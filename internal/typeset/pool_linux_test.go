package typeset_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/helianthus-gi/helianthus/internal/typeset"
)

func TestKilledWorkerIsReplacedAndTheDocumentMade(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	if err := syscall.Kill(p.PIDs()[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Errorf("killed between documents: %v", err)
	}
	killed := make(chan int)
	go func() { killed <- killBusy(t, p) }()
	if _, err := p.Render(t.Context(), job(slow)); err != nil {
		t.Errorf("killed in a document: %v", err)
	}
	if first := <-killed; p.PIDs()[0] == first {
		t.Error("the killed worker is said to run")
	}
}

// A worker that shares its processor with somebody who never rests has a tenth of it. It is slow, and has not hung.
func TestStarvedWorkerHasNotHung(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{Timeout: time.Second})
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Fatal(err)
	}
	greedy := exec.Command("sh", "-c", "while :; do :; done")
	if err := greedy.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = greedy.Process.Kill(), greedy.Wait() }()
	var one unix.CPUSet
	one.Set(firstCPU(t))
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", p.PIDs()[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range append(threads, strconv.Itoa(greedy.Process.Pid)) {
		id, err := strconv.Atoi(filepath.Base(thread))
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.SchedSetaffinity(id, &one); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	if _, err := p.Render(t.Context(), job(loops("100"))); err != nil {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
	if n := p.Restarted.Load(); n != 0 {
		t.Errorf("replaced %d times", n)
	}
	t.Logf("a document of about 0.2 s took %s", time.Since(began))
}

// firstCPU is one that we may run on.
func firstCPU(t *testing.T) int {
	t.Helper()
	var ours unix.CPUSet
	if err := unix.SchedGetaffinity(0, &ours); err != nil {
		t.Fatal(err)
	}
	for n := range 1024 {
		if ours.IsSet(n) {
			return n
		}
	}
	t.Fatal("no processor is ours")
	return 0
}

func TestDocumentThatKillsItsWorkersIsGivenUp(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{})
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Fatal(err)
	}
	killed := make(chan int)
	go func() {
		killed <- killBusy(t, p)
		killed <- killBusy(t, p)
	}()
	failed := make(chan error)
	go func() {
		_, err := p.Render(t.Context(), job(endless))
		failed <- err
	}()
	if first, second := <-killed, <-killed; first == second {
		t.Error("the document was not tried again in a new worker")
	}
	if err := <-failed; !errors.Is(err, typeset.ErrFailed) {
		t.Errorf("got %v, want ErrFailed", err)
	}
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Errorf("the next document: %v", err)
	}
}

func TestWorkerThatWantsTooMuchMemoryDies(t *testing.T) {
	t.Parallel()
	p := pool(t, typeset.Config{Memory: 600 << 20})
	_, err := p.Render(t.Context(), job(`#let a = ()`+"\n"+`#for i in range(90000000) { a.push("text " + str(i)) }`))
	if !errors.Is(err, typeset.ErrFailed) {
		t.Errorf("got %v, want ErrFailed", err)
	}
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Errorf("the next document: %v", err)
	}
}

func TestWorkerHasNothingOfOurs(t *testing.T) {
	t.Setenv("HELIANTHUS_SECRET", "canary")
	p := pool(t, typeset.Config{})
	if _, err := p.Render(t.Context(), job("fine")); err != nil {
		t.Fatal(err)
	}
	pid := p.PIDs()[0]
	environ := read(t, pid, "environ")
	for _, word := range []string{"canary", "PATH=", "HOME=", "USER="} {
		if strings.Contains(environ, word) {
			t.Errorf("the environment holds %s: %q", word, environ)
		}
	}
	for _, limit := range []string{"Max file size             0", "Max core file size        0", "Max data size             1610612736"} {
		if !strings.Contains(read(t, pid, "limits"), limit) {
			t.Errorf("no limit %q", limit)
		}
	}
	if args := read(t, pid, "cmdline"); !strings.Contains(args, "permission\x00") {
		t.Errorf("Node runs without its permissions: %q", args)
	}
}

// killBusy waits until a worker has computed for 0.3 s more, kills it and returns its process id.
func killBusy(t *testing.T, p *typeset.Pool) int {
	began := map[int]int{}
	for range time.Tick(2 * time.Millisecond) {
		for _, pid := range p.PIDs() {
			used, ok := ticks(pid)
			if !ok {
				continue
			}
			if _, seen := began[pid]; !seen {
				began[pid] = max(used, 40) // what a new worker needs to get ready
			}
			if used > began[pid]+30 {
				if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
					t.Error(err)
				}
				for len(p.PIDs()) > 0 && p.PIDs()[0] == pid {
					<-time.After(time.Millisecond)
				}
				return pid
			}
		}
	}
	return 0
}

// ticks is the processor time of a process, in hundredths of a second.
func ticks(pid int) (int, bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	_, after, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0, false
	}
	user, errUser := strconv.Atoi(fields[11])
	system, errSystem := strconv.Atoi(fields[12])
	return user + system, errUser == nil && errSystem == nil
}

func read(t *testing.T, pid int, name string) string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
