package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

var (
	errMonitor = problem.New(problem.Invalid, "cli.monitor-usage")
	// errAlarm is what a monitor ends with when the log does not keep its promises.
	errAlarm = problem.New(problem.Conflict, "cli.alarm")
)

// alarms are what a monitor and a mirror may find, by the words that scripts look for.
var alarms = []struct {
	err  error
	word string
}{
	{translog.ErrSignature, "signature"}, {translog.ErrShrunk, "shrunk"}, {translog.ErrRewritten, "rewritten"}, {translog.ErrWithheld, "withheld"},
	{mirror.ErrAltered, "altered"}, {mirror.ErrUnlogged, "unlogged"}, {mirror.ErrSilent, "silent"},
}

// alarmOf is the word of an error that accuses the other side; empty for any other.
func alarmOf(err error) string {
	for _, a := range alarms {
		if errors.Is(err, a.err) {
			return a.word
		}
	}
	return ""
}

// finding is the one line of JSON that a monitor prints.
type finding struct {
	At    time.Time `json:"at"`
	Log   string    `json:"log"`
	Size  int64     `json:"size"`
	Alarm string    `json:"alarm,omitempty"`
	Why   string    `json:"why,omitempty"`
}

// monitor reads a log on from where it was, and ends with an error when the log has another history than before, withholds
// what its checkpoint promises, or is not signed by its key. With --stale DURATION a log that did not grow for so long is an
// alarm too.
func monitor(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("monitor", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	from, key, file := flags.String("url", "", ""), flags.String("key", "", ""), flags.String("state", "", "")
	stale := flags.Duration("stale", 0, "")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *from == "" || *key == "" || *file == "" {
		return errMonitor
	}
	v, err := note.NewVerifier(*key)
	if err != nil {
		return errMonitor
	}
	was, err := readMonitored(*file)
	if err != nil {
		return err
	}
	m := translog.Monitor{URL: strings.TrimSuffix(*from, "/") + "/api/v1/log", Verifier: v, Client: mirror.NewClient()}
	edge, err := m.Follow(ctx, was.Log, func(int64, []byte) error { return nil })
	f := finding{At: time.Now().UTC(), Log: v.Name(), Size: edge.Size}
	if err == nil && *stale > 0 && edge.Size == was.Log.Size && !was.GrewAt.IsZero() && time.Since(was.GrewAt) > *stale {
		err = fmt.Errorf("%w: nothing new since %s", translog.ErrWithheld, was.GrewAt.Format(time.RFC3339))
	}
	if f.Alarm = alarmOf(err); f.Alarm != "" {
		f.Why, f.Size = err.Error(), was.Log.Size
	}
	if f.Alarm == "" && err != nil {
		return err
	}
	line, errJSON := json.Marshal(f)
	if errJSON != nil {
		return errJSON
	}
	fmt.Fprintln(out, string(line))
	if f.Alarm != "" {
		return fmt.Errorf("%w: %w", errAlarm.With("Log", f.Log).With("What", say("cli.alarm."+f.Alarm, nil)), err)
	}
	now := monitored{Log: edge, GrewAt: was.GrewAt}
	if edge.Size > was.Log.Size || was.GrewAt.IsZero() {
		now.GrewAt = f.At
	}
	return writeMonitored(*file, now)
}

// monitored is what a monitor keeps between its runs.
type monitored struct {
	Log    translog.Edge `json:"log"`
	GrewAt time.Time     `json:"grewAt"`
}

func readMonitored(file string) (m monitored, err error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(b, &m)
}

func writeMonitored(file string, m monitored) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
