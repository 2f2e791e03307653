package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"
)

// tick is the unit of processor time in /proc (USER_HZ, which Linux keeps at a hundredth of a second for programs).
const tick = 10 * time.Millisecond

// cpu is the processor time that this process, and the servers of PostgreSQL, have taken so far; zero where the system
// has no /proc. Unlike rates, it does not depend much on what else the machine does.
func (r *benchRun) cpu() (ours, postgres time.Duration) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, 0
	}
	self, server := strconv.Itoa(os.Getpid()), strconv.Itoa(r.server.PID())
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		pid := filepath.Base(filepath.Dir(path))
		_, rest, _ := bytes.Cut(text, []byte(") ")) // the name in brackets may hold spaces
		fields := bytes.Fields(rest)
		if len(fields) < 13 {
			continue
		}
		user, _ := strconv.Atoi(string(fields[11]))
		system, _ := strconv.Atoi(string(fields[12]))
		switch {
		case pid == self:
			ours += time.Duration(user+system) * tick
		case pid == server, string(fields[1]) == server:
			postgres += time.Duration(user+system) * tick
		}
	}
	return ours, postgres
}

// forgetPeak lets the peak of the resident memory begin anew, where the system knows how (Linux).
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // elsewhere peakMemory tells nothing
}

// peakMemory is the most resident memory of this process since forgetPeak, in MiB; false where the system does not tell.
func peakMemory() (int, bool) { return statusMiB("VmHWM:") }

// statusMiB is a line of what the system tells of this process's memory.
func statusMiB(line string) (int, bool) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	_, rest, _ := bytes.Cut(text, []byte(line))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0, false
	}
	kb, err := strconv.Atoi(string(fields[0]))
	return kb >> 10, err == nil
}

// memory prints the peak of the resident memory.
func (r *benchRun) memory(name string) {
	if mb, ok := peakMemory(); ok {
		r.figure(name+"_peak_rss_mb", "%d", mb)
	}
}
