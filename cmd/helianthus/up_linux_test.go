package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// instance is the product as somebody started it, and who signed in there.
type instance struct {
	cmd    *exec.Cmd
	url    string
	client *http.Client
	errs   *bytes.Buffer
}

// startUp starts `helianthus up --demo` and waits until it is ready.
func startUp(t *testing.T, dir string, more ...string) *instance {
	t.Helper()
	i := &instance{errs: &bytes.Buffer{}}
	i.cmd = exec.Command(os.Args[0], append([]string{"up", "--demo", "--data", dir, "--addr", "127.0.0.1:0"}, more...)...) //nolint:gosec // the test binary
	i.cmd.Env = append(os.Environ(), "HELIANTHUS_DEMO_PASSWORD="+testPassword, "LC_ALL=en")
	i.cmd.Stderr = i.errs
	out, err := i.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.cmd.Process.Kill(); _, _ = i.cmd.Process.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ready := strings.CutPrefix(lines.Text(), "ready "); ready {
			i.url = url
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return i
		}
	}
	_ = i.cmd.Wait()
	t.Fatalf("up ended before it was ready:\n%s", i.errs)
	return nil
}

// call sends a request as who has signed in, and reads the answer into v.
func (i *instance) call(t *testing.T, method, path string, body, v any) int {
	t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, i.url+path, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	if body == nil {
		req.Body, req.ContentLength = http.NoBody, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := i.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode < 300 && v != nil {
		if err := json.Unmarshal(answer, v); err != nil {
			t.Fatalf("%s %s: %v\n%s", method, path, err, answer)
		}
	}
	if res.StatusCode >= 300 {
		t.Logf("%s %s: %d %s", method, path, res.StatusCode, answer)
	}
	return res.StatusCode
}

func (i *instance) signIn(t *testing.T) { t.Helper(); i.signInAs(t, "bureau@wuyuan.demo") }

func (i *instance) signInAs(t *testing.T, email string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	i.client = &http.Client{Jar: jar, Timeout: time.Minute}
	if code := i.call(t, "POST", "/api/v1/session", map[string]string{"email": email, "password": testPassword}, nil); code != http.StatusOK {
		t.Fatalf("sign in: %d", code)
	}
}

// half is the process id of the working half.
func (i *instance) half(t *testing.T) int {
	t.Helper()
	for range 500 {
		all, err := filepath.Glob("/proc/[0-9]*/stat")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range all {
			text, err := os.ReadFile(path)
			if err != nil {
				continue // it has ended meanwhile
			}
			var pid, parent int
			var state string
			_, rest, _ := strings.Cut(string(text), ") ")
			_, _ = fmt.Sscan(string(text), &pid)
			_, _ = fmt.Sscan(rest, &state, &parent)
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
			if parent == i.cmd.Process.Pid && state != "Z" && strings.HasSuffix(string(command), "\x00work\x00") {
				return pid
			}
		}
		<-time.After(20 * time.Millisecond) // another process of which nothing is heard
	}
	t.Fatal("no working half")
	return 0
}

type task struct{ ID, Status string }

// ended waits for a task.
func (i *instance) ended(t *testing.T, id string) string {
	t.Helper()
	for range 3600 { // three minutes: the working half waits for whoever else wants the processor
		var got task
		if code := i.call(t, "GET", "/api/v1/tasks/"+id, nil, &got); code != http.StatusOK {
			t.Fatalf("task: %d", code)
		}
		if got.Status != "queued" && got.Status != "running" {
			return got.Status
		}
		<-time.After(50 * time.Millisecond) // over the network, as clients do
	}
	t.Fatalf("task %s does not end:\n%s", id, i.errs)
	return ""
}

// queue orders n draft builds of the demonstration's dossier and returns its address and the ids of their tasks.
func (i *instance) queue(t *testing.T, n int) (builds string, tasks []string) {
	t.Helper()
	var list struct{ Items []struct{ ID string } }
	if code := i.call(t, "GET", "/api/v1/dossiers", nil, &list); code != http.StatusOK || len(list.Items) != 1 {
		t.Fatalf("dossiers: %d, %d of them", code, len(list.Items))
	}
	builds = "/api/v1/dossiers/" + list.Items[0].ID + "/builds"
	for range n {
		var b struct{ TaskID string }
		if code := i.call(t, "POST", builds, nil, &b); code != http.StatusAccepted {
			t.Fatalf("build: %d", code)
		}
		tasks = append(tasks, b.TaskID)
	}
	return builds, tasks
}

// whole tells how many builds are there, and fails when one was not made or made twice over.
func (i *instance) whole(t *testing.T, builds string) int {
	t.Helper()
	var list struct {
		Items []struct {
			BuiltAt string
			Files   []struct{ Name, SHA256 string }
		}
	}
	if code := i.call(t, "GET", builds, nil, &list); code != http.StatusOK {
		t.Fatalf("builds: %d", code)
	}
	for n, b := range list.Items {
		if b.BuiltAt == "" || len(b.Files) != 4 {
			t.Errorf("build %d has %d files, want three papers and a package", n, len(b.Files))
		}
	}
	return len(list.Items)
}

// monitored runs the monitor on the house's log; an honest log is met with silence.
func (i *instance) monitored(t *testing.T, state string) {
	t.Helper()
	var log struct{ Keys []string }
	if got := i.call(t, http.MethodGet, "/api/v1/log", nil, &log); got != http.StatusOK || len(log.Keys) == 0 {
		t.Fatalf("the log: %d %v", got, log.Keys)
	}
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"monitor", "--url", i.url, "--key", log.Keys[0], "--state", state}, &out, &errs); code != 0 || errs.Len() > 0 {
		t.Errorf("the monitor: exit %d, %s%s", code, out.String(), errs.String())
	}
}

// certificate keeps one of the demonstration's credentials as a file.
func (i *instance) certificate(t *testing.T) string {
	t.Helper()
	var list struct{ Items []struct{ ID, Status string } }
	i.call(t, "GET", "/api/v1/credentials", nil, &list)
	for _, c := range list.Items {
		if c.Status == "valid" {
			var whole struct{ Token string }
			i.call(t, "GET", "/api/v1/credentials/"+c.ID, nil, &whole)
			file := filepath.Join(t.TempDir(), "credential.jwt")
			if err := os.WriteFile(file, []byte(whole.Token), 0o600); err != nil {
				t.Fatal(err)
			}
			return file
		}
	}
	t.Fatalf("no credential that holds among %v", list.Items)
	return ""
}

func TestUpGoesOnWhereItWasKilled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a path with spaces")
	state := filepath.Join(t.TempDir(), "state")
	first := startUp(t, dir)
	first.signIn(t)
	builds, tasks := first.queue(t, 3)
	if err := syscall.Kill(first.half(t), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for _, id := range tasks {
		if got := first.ended(t, id); got != "succeeded" {
			t.Errorf("task %s %s after the working half was killed", id, got)
		}
	}
	first.monitored(t, state)
	_, tasks = first.queue(t, 2)
	certificate := first.certificate(t)
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = first.cmd.Process.Wait()
	taken, err := net.Listen("tcp", strings.TrimPrefix(first.url, "http://")) // somebody else has the port meanwhile
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()

	second := startUp(t, dir)
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"verify", certificate, "--url", second.url}, &out, &errs); code != 0 || second.url == first.url {
		t.Errorf("a certificate of %s at %s: exit %d, %s%s", first.url, second.url, code, out.String(), errs.String())
	}
	second.signIn(t)
	second.monitored(t, state)
	for _, id := range tasks {
		if got := second.ended(t, id); got != "succeeded" {
			t.Errorf("task %s %s after everything was killed", id, got)
		}
	}
	if n := second.whole(t, builds); n != 5 {
		t.Errorf("%d builds, want 5", n)
	}
	if err := second.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := second.cmd.Wait(); err != nil {
		t.Errorf("up ended with %v after Ctrl-C:\n%s", err, second.errs)
	}
}

func TestUpKeepsItsDirectoryToItself(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startUp(t, dir)
	info, err := os.Stat(filepath.Join(dir, "run.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("run.json is %v, %v; want it readable by its owner only", info, err)
	}
	other := exec.Command(os.Args[0], "up", "--data", dir, "--addr", "127.0.0.1:0") //nolint:gosec // the test binary
	other.Env = append(os.Environ(), "LC_ALL=en")
	said, err := other.CombinedOutput()
	if err == nil || !strings.Contains(string(said), dir) || strings.Count(string(said), "\n") != 1 {
		t.Errorf("a second instance: %v, said %q; want one sentence that names the directory", err, said)
	}
}
