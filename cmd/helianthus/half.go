package main

import (
	"context"
	"encoding/hex"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/helianthus-gi/helianthus/internal/objectstore"
)

// What a working half that ended waits before it is started again, doubled each time it ends soon.
const (
	halfPause    = 500 * time.Millisecond
	halfPauseMax = 30 * time.Second
	halfLives    = time.Minute // after which its end counts as the first again
	halfStops    = 10 * time.Second
)

// workingHalf runs `helianthus work` beside the server until ctx ends, on the stores that up has started. It is a
// process of its own, as in production, so that whoever waits for a page does not wait for somebody's papers, and work
// that eats all memory does not take the server with it. One that ends is started again; its jobs go on.
func workingHalf(ctx context.Context, s Settings, postgresURL string, store objectstore.Config) {
	pause := halfPause
	for {
		started := time.Now()
		err := runHalf(ctx, s.half(postgresURL, store))
		if ctx.Err() != nil {
			return
		}
		if time.Since(started) > halfLives {
			pause = halfPause
		}
		slog.ErrorContext(ctx, "the working half ended and is started again", "error", err, "in", pause.String())
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, halfPauseMax)
	}
}

func runHalf(ctx context.Context, env []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "work")
	cmd.Env, cmd.Stderr, cmd.SysProcAttr = env, os.Stderr, halfAttr()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = halfStops
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the child's end is tied to the thread that forked it
		if err := cmd.Start(); err != nil {
			ended <- err
			return
		}
		if err := yield(cmd.Process.Pid); err != nil {
			slog.WarnContext(ctx, "the working half has the server's priority", "error", err)
		}
		ended <- cmd.Wait()
	}()
	return <-ended
}

// half is the environment of a working half: ours, with what was decided by flags or by up itself.
func (s Settings) half(postgresURL string, store objectstore.Config) []string {
	own := map[string]string{
		"postgres-url": postgresURL, "s3-endpoint": store.Endpoint, "s3-region": store.Region, "s3-bucket": store.Bucket,
		"s3-access-key": store.AccessKey, "s3-secret-key": store.SecretKey, "secret": hex.EncodeToString(s.Secret), "base-url": s.BaseURL, "identity": s.Identity,
	}
	env := os.Environ() // of two entries the later one counts
	for _, row := range settings {
		v, decided := own[row.name]
		if !decided {
			v = s.given[row.name]
		}
		if v != "" && slices.Contains(strings.Fields(row.commands), "work") {
			env = append(env, row.variable()+"="+v)
		}
	}
	return env
}
