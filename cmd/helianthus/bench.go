package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

var errBench = problem.New(problem.Invalid, "bench.unknown")

// bench is one measurement. Each makes what it measures in stores of its own, which are removed afterwards.
type bench struct {
	name    string
	working workingIn // where the jobs are done that it needs
	run     func(context.Context, *benchRun) error
	part    string // of another one, with which it is measured too
}

// workingIn says which process does jobs.
type workingIn int

const (
	noProcess   workingIn = iota // there are no jobs
	thisProcess                  // so that their memory is measured too
	halfProcess                  // in the working half, as up does it
)

var benches = []bench{
	{"status", noProcess, benchStatus, ""},
	{"search", noProcess, benchSearch, ""},
	{"import", thisProcess, benchImport, ""},
	{"dossier", halfProcess, benchDossier, ""},
	{"access", noProcess, benchAccess, ""},
	{"log", noProcess, benchLog, "exchange"},
	{"webhooks", noProcess, benchWebhooks, "exchange"},
	{"exchange", noProcess, benchExchange, ""},
	{"fair", noProcess, benchFair, ""},
	{"formats", noProcess, benchFormats, ""},
	{"cases", noProcess, benchCases, ""},
	{"clearance", thisProcess, benchClearance, ""},
	{"marks", noProcess, benchMarks, ""},
	{"members", thisProcess, benchMembers, ""},
	{"promotion", noProcess, benchPromotion, ""},
}

// benchSizes say how much is measured.
type benchSizes struct {
	tenants, registrations int           // of the status check, registrations a tenant
	cased                  int           // cases of the office whose cases are listed
	cleared                int           // earlier marks, and registrations, among which a name is cleared
	marked                 int           // marks of the batch that is issued
	membered               int           // members of the association that are imported and listed
	applied                int           // applications to the call that is listed and ranked
	searched               int           // registrations of the tenant that is searched
	imported               int           // rows of the imported file
	exported               int           // registrations that are written in each form
	forms                  string        // the names of those forms, with commas between them; empty: all
	builds                 int           // builds that are queued at once
	changes                int           // publications of the feed
	delivered              int           // deliveries of webhooks
	logged                 int           // entries of the transparency log
	clients                int           // connections that ask at once
	rounds                 int           // interleaved rounds of which the medians are told
	round                  time.Duration // of one round
}

// benchRun is one measurement under way.
type benchRun struct {
	benchSizes
	*node
	server  *postgres.Embedded
	address string // where the node serves
	out     io.Writer
}

// runBench measures: `helianthus bench [NAME]` prints one figure a line, from one run, on data of its own.
func runBench(ctx context.Context, args []string, out io.Writer) error {
	var z benchSizes
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.IntVar(&z.tenants, "tenants", 1000, "")
	flags.IntVar(&z.registrations, "registrations", 1000, "")
	flags.IntVar(&z.cased, "cases", 100_000, "")
	flags.IntVar(&z.cleared, "cleared", 100_000, "")
	flags.IntVar(&z.marked, "marked", 10_000_000, "")
	flags.IntVar(&z.membered, "members", 20_000, "")
	flags.IntVar(&z.applied, "applied", 50_000, "")
	flags.IntVar(&z.searched, "searched", 1_000_000, "")
	flags.IntVar(&z.imported, "imported", 100_000, "")
	flags.IntVar(&z.exported, "exported", 1_000_000, "")
	flags.StringVar(&z.forms, "forms", "", "")
	flags.IntVar(&z.builds, "builds", 50, "")
	flags.IntVar(&z.changes, "changes", 100_000, "")
	flags.IntVar(&z.delivered, "delivered", 2000, "")
	flags.IntVar(&z.logged, "logged", 1_000_000, "")
	// Two for each processor keep all of them busy; more only wait for each other, and the wait would be measured.
	flags.IntVar(&z.clients, "clients", 2*runtime.NumCPU(), "")
	flags.IntVar(&z.rounds, "rounds", 5, "")
	flags.DurationVar(&z.round, "round", 3*time.Second, "")
	chosen := benches
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		k := slices.IndexFunc(benches, func(b bench) bool { return b.name == args[0] })
		if k < 0 {
			return errBench.With("Word", args[0])
		}
		chosen, args = slices.DeleteFunc(slices.Clone(benches), func(b bench) bool { return b.name != benches[k].name && b.part != benches[k].name }), args[1:]
	}
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errBench.With("Word", fmt.Sprint(args))
	}
	dir, err := os.MkdirTemp("", "helianthus-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	empty := filepath.Join(dir, "empty")
	if err := makeEmpty(ctx, empty); err != nil {
		return err
	}
	for _, b := range chosen {
		if err := measure(ctx, b, z, empty, filepath.Join(dir, b.name), out); err != nil {
			return fmt.Errorf("bench %s: %w", b.name, err)
		}
	}
	return nil
}

// makeEmpty makes a cluster with the product's tables and nothing in them, to be copied.
func makeEmpty(ctx context.Context, dir string) (err error) {
	server, err := postgres.StartEmbedded(ctx, postgres.EmbeddedConfig{DataDir: dir, Hasty: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := postgres.Bootstrap(ctx, server.URL("postgres", "postgres")); err != nil {
		return err
	}
	return postgres.Migrate(ctx, server.URL(postgres.Owner, postgres.Database))
}

// measure runs one bench over stores of its own in a directory, so that none warms or fills another's.
func measure(ctx context.Context, b bench, z benchSizes, empty, dir string, out io.Writer) (err error) {
	if err := os.Mkdir(dir, 0o750); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := postgres.CopyData(empty, filepath.Join(dir, "postgres")); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(log, nil))) // writing the log is part of a server's work
	defer slog.SetDefault(before)
	r := &benchRun{benchSizes: z, out: out}
	// What a small server would be given; without fsync, since the disk is not what is measured.
	r.server, err = postgres.StartEmbedded(ctx, postgres.EmbeddedConfig{DataDir: filepath.Join(dir, "postgres"), Hasty: true, Log: log,
		Params: map[string]string{"shared_buffers": "1GB", "max_wal_size": "2GB", "wal_level": "minimal", "max_wal_senders": "0", "work_mem": "16MB", "maintenance_work_mem": "512MB"}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.server.Stop()) }()
	gateway, err := objectstore.StartGateway(ctx, objectstore.GatewayConfig{Dir: filepath.Join(dir, "s3"), Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, gateway.Stop()) }()
	return r.with(ctx, gateway.Config("helianthus"), b)
}

// with assembles the product as a server does, serves on a free port and runs the bench.
func (r *benchRun) with(ctx context.Context, store objectstore.Config, b bench) (err error) {
	s, _, err := read("up", nil, func(string) string { return "" })
	if err != nil {
		return err
	}
	s.Secret = make([]byte, 32)
	_, _ = rand.Read(s.Secret) // never fails
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	r.address = listener.Addr().String()
	s.BaseURL = "http://" + r.address
	if r.node, err = newNode(ctx, s, r.server.URL(postgres.App, postgres.Database), store, b.working == thisProcess); err != nil {
		listener.Close()
		return err
	}
	defer r.close()
	running, stop := context.WithCancel(ctx)
	var group errgroup.Group
	group.Go(func() error {
		if err := r.node.run(running, listener, b.working == thisProcess, nil); err != nil && running.Err() == nil {
			return err
		}
		return nil
	})
	if b.working == halfProcess {
		group.Go(func() error {
			workingHalf(running, s, r.server.URL(postgres.App, postgres.Database), store)
			return nil
		})
	}
	defer func() {
		stop()
		err = errors.Join(err, group.Wait())
	}()
	return b.run(ctx, r)
}

// figure prints one line.
func (r *benchRun) figure(name, format string, value any) {
	fmt.Fprintf(r.out, "%s: "+format+"\n", name, value)
}

// quantile is the value below which the share q of the durations lies.
func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
