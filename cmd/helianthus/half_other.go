//go:build !linux

package main

import "syscall"

func halfAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// yield lowers the priority of a process, as far as every Unix knows one.
func yield(pid int) error { return syscall.Setpriority(syscall.PRIO_PROCESS, pid, 5) }
