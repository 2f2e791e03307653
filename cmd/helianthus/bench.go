package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var errBench = problem.New(problem.Invalid, "bench.unknown")

// bench is one measurement. Each makes what it measures in the stores of the run, which are removed afterwards.
type bench struct {
	name string
	run  func(context.Context, *benchRun) error
}

var benches = []bench{
	{"status", benchStatus},
	{"search", benchSearch},
	{"access", benchAccess},
}

// benchRun is one run: its sizes, its stores, and where the figures go.
type benchRun struct {
	tenants, registrations int           // of the status check, registrations a tenant
	searched               int           // registrations of the tenant that is searched
	imported               int           // rows of the imported file
	clients                int           // connections that ask at once
	rounds                 int           // interleaved rounds of which the medians are told
	round                  time.Duration // of one round
	out                    io.Writer
	dir                    string
	server                 *postgres.Embedded
	pool                   *pgxpool.Pool
	db                     *tenancy.DB
	words                  *locale.Bundle
}

// runBench measures: `helianthus bench [NAME]` prints one figure a line, from one run, on data of its own.
func runBench(ctx context.Context, args []string, out io.Writer) (err error) {
	r := &benchRun{out: out}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.IntVar(&r.tenants, "tenants", 1000, "")
	flags.IntVar(&r.registrations, "registrations", 1000, "")
	flags.IntVar(&r.searched, "searched", 1_000_000, "")
	flags.IntVar(&r.imported, "imported", 100_000, "")
	flags.IntVar(&r.clients, "clients", 16, "")
	flags.IntVar(&r.rounds, "rounds", 5, "")
	flags.DurationVar(&r.round, "round", 3*time.Second, "")
	chosen := benches
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		k := slices.IndexFunc(benches, func(b bench) bool { return b.name == args[0] })
		if k < 0 {
			return errBench.With("Word", args[0])
		}
		chosen, args = benches[k:k+1], args[1:]
	}
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errBench.With("Word", fmt.Sprint(args))
	}
	if r.words, err = locale.Load(i18n.FS); err != nil {
		return err
	}
	for _, b := range chosen {
		if err := r.alone(ctx, b); err != nil {
			return fmt.Errorf("bench %s: %w", b.name, err)
		}
	}
	return nil
}

// alone runs one bench over a database of its own, so that none warms or fills another's.
func (r *benchRun) alone(ctx context.Context, b bench) (err error) {
	if r.dir, err = os.MkdirTemp("", "helianthus-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(r.dir)
	log, err := os.Create(filepath.Join(r.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(log, nil))) // as a server does, since writing the log is part of its work
	defer slog.SetDefault(before)
	// What a server on two cores would be given; without fsync, since the disk is not what is measured.
	r.server, err = postgres.StartEmbedded(ctx, postgres.EmbeddedConfig{DataDir: filepath.Join(r.dir, "postgres"), Hasty: true, Log: log,
		Params: map[string]string{"shared_buffers": "1GB", "max_wal_size": "2GB", "wal_level": "minimal", "max_wal_senders": "0", "work_mem": "16MB", "maintenance_work_mem": "512MB"}})
	if err != nil {
		return err
	}
	defer func() {
		if stop := r.server.Stop(); err == nil {
			err = stop
		}
	}()
	if err := postgres.Bootstrap(ctx, r.server.URL("postgres", "postgres")); err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, r.server.URL(postgres.Owner, postgres.Database)); err != nil {
		return err
	}
	if r.pool, err = postgres.Open(ctx, r.server.URL(postgres.App, postgres.Database), 16); err != nil {
		return err
	}
	defer r.pool.Close()
	r.db = tenancy.New(r.pool)
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
