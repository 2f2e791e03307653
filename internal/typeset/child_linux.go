package typeset

import "syscall"

// childAttr puts the worker into a group of its own, so that Ctrl-C reaches only us, and ends it with us.
func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
