//go:build !linux

package typeset

import (
	"syscall"
	"time"
)

func childAttr(bool) *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func limit(int, int64) error { return nil }

func (w *worker) starved() time.Duration { return 0 }
