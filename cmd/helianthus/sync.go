package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

var (
	errSync = problem.New(problem.Invalid, "cli.sync-usage")
	// errDistrust is what a mirror ends with when the house, or somebody between, does not tell the truth.
	errDistrust = problem.New(problem.Conflict, "cli.distrust")
)

// syncPause is what a mirror waits after a failure, doubled up to syncPauseMax.
const (
	syncPause    = time.Second
	syncPauseMax = time.Minute
)

// syncCommand keeps a copy of what a house publishes: in a directory, or in a PostgreSQL of the reader's own. Once, or on and on
// with --follow; whatever it stopped for, it goes on where it was.
func syncCommand(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("sync", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	from, to := flags.String("url", "", ""), flags.String("to", "", "")
	id, key, follow := flags.String("client-id", os.Getenv("HELIANTHUS_CLIENT_ID"), ""), flags.String("log-key", "", ""), flags.Bool("follow", false, "")
	proofs := proofFlags(flags)
	if flags.Parse(args) != nil || flags.NArg() > 0 || *to == "" {
		return errSync
	}
	if u, err := url.Parse(*from); err != nil || u.Host == "" {
		return errSync
	}
	client, err := proofs.client()
	if err != nil {
		return err
	}
	kept, closeCopy, err := openCopy(ctx, *to)
	if err != nil {
		return err
	}
	defer closeCopy()
	// The secret comes from the environment only: a list of processes shows what was written behind a command.
	house := &mirror.House{URL: strings.TrimSuffix(*from, "/"), ClientID: *id, Secret: os.Getenv("HELIANTHUS_CLIENT_SECRET"), Client: client}
	m := &mirror.Mirror{House: house, Copy: kept}
	pause, wait := syncPause, time.Duration(0)
	for {
		s, err := m.Round(ctx, *key, wait)
		switch {
		case ctx.Err() != nil:
			return nil
		case alarmOf(err) != "":
			return fmt.Errorf("%w %w", errDistrust.With("What", say("cli.alarm."+alarmOf(err), nil)).With("Found", err.Error()), err)
		case err != nil && !*follow:
			return err
		case err != nil:
			fmt.Fprintln(os.Stderr, err)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
			pause = min(2*pause, syncPauseMax)
			continue
		}
		n, err := kept.Count(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, say("cli.synced", map[string]any{"Records": n, "Position": s.Position, "Entries": s.Log.Size}))
		if !*follow {
			return nil
		}
		pause, wait = syncPause, 30*time.Second
	}
}

func openCopy(ctx context.Context, to string) (mirror.Copy, func(), error) {
	if strings.HasPrefix(to, "postgres://") || strings.HasPrefix(to, "postgresql://") {
		d, err := mirror.OpenDatabase(ctx, to)
		if err != nil {
			return nil, nil, err
		}
		return d, d.Close, nil
	}
	return mirror.Files{Dir: to}, func() {}, nil
}
