package typeset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// insider is whom a worker takes itself for in a user namespace: nobody in particular, without capabilities.
const insider = 1000

// childAttr puts the worker into a group of its own, so that Ctrl-C reaches only us, and ends it with us. Apart, it is in
// namespaces of its own and has no network but a loopback that is down: Typst can fetch packages, and shall not.
func childAttr(apart bool) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if apart {
		a.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: insider, HostID: syscall.Getuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: insider, HostID: syscall.Getgid(), Size: 1}}
	}
	return a
}

// politeness is the worker's nice value.
const politeness = 5

// limit bounds what a worker may have: memory that it writes to, no file written, no core dump, which would hold data of
// tenants. Node reserves much more address space than it uses, so that a limit on that would not do.
func limit(pid int, memory int64) error {
	set := func(resource int, to uint64) error {
		return unix.Prlimit(pid, resource, &unix.Rlimit{Cur: to, Max: to}, nil)
	}
	// Whoever waits for a paper waits a little longer, so that a queue of papers does not make everybody else wait.
	return errors.Join(set(unix.RLIMIT_DATA, uint64(memory)), set(unix.RLIMIT_FSIZE, 0), set(unix.RLIMIT_CORE, 0), unix.Setpriority(unix.PRIO_PROCESS, pid, politeness))
}

// starved is how long the worker, since it began, could have run and had no processor: of its threads, the one that waited
// longest (Linux, Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat). Zero where the kernel does not tell.
func (w *worker) starved() time.Duration {
	var longest time.Duration
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", w.cmd.Process.Pid)) // the pattern is a good one
	for _, name := range threads {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has ended
		}
		var ran, waited time.Duration // nanoseconds
		if _, err := fmt.Sscan(string(b), &ran, &waited); err == nil {
			longest = max(longest, waited)
		}
	}
	return longest
}
