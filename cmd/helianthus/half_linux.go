package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// halfAttr puts the working half into a session of its own, so that Ctrl-C reaches only us, and ends it with us.
func halfAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
}

// yield lets a process, and all that it starts, run when nobody else wants the processor. Where the kernel groups
// processes by session (sched_autogroup) the group must be told too, since classes are compared within a group only.
func yield(pid int) error {
	err := unix.SchedSetAttr(pid, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0)
	group := os.WriteFile(fmt.Sprintf("/proc/%d/autogroup", pid), []byte("19"), 0)
	if errors.Is(group, os.ErrNotExist) {
		group = nil // the kernel does not group
	}
	return errors.Join(err, group)
}
