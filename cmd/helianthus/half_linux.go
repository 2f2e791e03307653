package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// halfAttr puts the working half into a session of its own, so that Ctrl-C reaches only us, and ends it with us.
func halfAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
}

// politeness is the nice value of the working half: about a third of what others get who want the processor too. The idle class would
// give it nothing on a machine that is busy, and papers would never be made.
const politeness = 5

// yield lets a process, and all that it starts, leave the processor to whoever answers people. Where the kernel groups
// processes by session (sched_autogroup) the group must be told too, since nice values are compared within a group only.
func yield(pid int) error {
	err := unix.Setpriority(unix.PRIO_PROCESS, pid, politeness)
	group := os.WriteFile(fmt.Sprintf("/proc/%d/autogroup", pid), []byte(strconv.Itoa(politeness)), 0)
	if errors.Is(group, os.ErrNotExist) {
		group = nil // the kernel does not group
	}
	return errors.Join(err, group)
}
