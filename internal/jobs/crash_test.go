package jobs_test

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// workerVariable makes the test binary a worker on the given database that is killed in the middle of its work.
const workerVariable = "HELIANTHUS_TEST_WORKER"

type unitArgs struct{ Slug string }

func (unitArgs) Kind() string { return "test.unit" }

// addUnit writes a row that can be there only once and then calls between, before the work ends.
func addUnit(j *jobs.Jobs, db *tenancy.DB, between func(ctx context.Context)) {
	jobs.Add(j, func(ctx context.Context, p *jobs.Progress, args unitArgs) error {
		p.Step(ctx, "task.step.unit")
		err := db.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `insert into app.units (slug, names) values ($1, '{}') on conflict do nothing`, args.Slug)
			return err
		})
		between(ctx)
		return err
	})
}

func TestMain(m *testing.M) {
	if url := os.Getenv(workerVariable); url != "" {
		dieAtWork(url)
	}
	os.Exit(m.Run())
}

// dieAtWork works until killed: its work tells that it has begun and never ends.
func dieAtWork(url string) {
	ctx := context.Background()
	pool, err := postgres.Open(ctx, url, 10)
	if err != nil {
		panic(err)
	}
	db := tenancy.New(pool)
	j, err := jobs.New(db, slog.Default())
	if err != nil {
		panic(err)
	}
	addUnit(j, db, func(ctx context.Context) {
		_, _ = os.Stdout.WriteString("began\n")
		<-ctx.Done()
	})
	panic(j.Work(ctx))
}

func TestKilledWorkersJobIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
	db, j := jobsOn(t, server)
	ctx := tenantOn(t, server)
	id := startOn(t, ctx, db, j, unitArgs{"forestry"})

	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(exe)
	victim.Env = append(os.Environ(), workerVariable+"="+server.URL(postgres.App, postgres.Database))
	said, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := said.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	if task, err := j.Task(ctx, id); err != nil || task.Status != jobs.Running {
		t.Fatalf("got %+v, %v, want it running", task, err)
	}
	_ = victim.Process.Kill()
	_ = victim.Wait()

	runs := 0
	addUnit(j, db, func(context.Context) { runs++ })
	workCtx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { _ = j.Work(workCtx) })
	defer wait.Wait()
	defer stop()
	killed := time.Now()
	await(t, ctx, j, id, jobs.Succeeded)
	if took := time.Since(killed); took > 10*time.Second {
		t.Errorf("the next worker took the job over after %s", took)
	}
	var units, completed int
	err = db.Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select (select count(*) from app.units), (select count(*) from river.river_job where state = 'completed')`).Scan(&units, &completed)
	})
	if err != nil || units != 1 || completed != 1 || runs != 1 {
		t.Errorf("got %d units, %d completed jobs, %d runs, %v, want one of each", units, completed, runs, err)
	}
}

// A worker whose database breaks under it finishes its job, once.
func TestDatabaseBreaksUnderTheWork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		harm func(t *testing.T, super *pgx.Conn)
	}{
		{"connections are ended", func(t *testing.T, super *pgx.Conn) {
			_, err := super.Exec(context.Background(), `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'helianthus_app'`)
			if err != nil {
				t.Error(err)
			}
		}},
		{"the server crashes", func(t *testing.T, super *pgx.Conn) {
			var pid int
			err := super.QueryRow(context.Background(), `select pid from pg_stat_activity where usename = 'helianthus_app' limit 1`).Scan(&pid)
			if err == nil {
				err = syscall.Kill(pid, syscall.SIGKILL) // one dead backend makes the postmaster start all over
			}
			if err != nil {
				t.Error(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := dbtest.Own(t)
			super, err := pgx.Connect(t.Context(), server.URL("postgres", postgres.Database))
			if err != nil {
				t.Fatal(err)
			}
			defer super.Close(context.WithoutCancel(t.Context()))
			// Test clusters are hasty and would lose what was committed.
			if _, err := super.Exec(t.Context(), `
				alter role helianthus_app set synchronous_commit = on; alter role helianthus_owner set synchronous_commit = on`); err != nil {
				t.Fatal(err)
			}
			db, j := jobsOn(t, server)
			ctx := tenantOn(t, server)
			var once sync.Once
			addUnit(j, db, func(context.Context) { once.Do(func() { c.harm(t, super) }) })
			workCtx, stop := context.WithCancel(context.Background())
			var wait sync.WaitGroup
			wait.Go(func() { _ = j.Work(workCtx) })
			defer wait.Wait()
			defer stop()
			id := startOn(t, ctx, db, j, unitArgs{"water"})
			waitFor(t, func() bool {
				task, err := j.Task(ctx, id)
				if err == nil && task.Status == jobs.Failed {
					t.Fatalf("the task failed: %+v", task.Problem)
				}
				return err == nil && task.Status == jobs.Succeeded
			})
		})
	}
}

func jobsOn(t *testing.T, server *postgres.Embedded) (*tenancy.DB, *jobs.Jobs) {
	t.Helper()
	pool, err := postgres.Open(t.Context(), server.URL(postgres.App, postgres.Database), 10)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	db := tenancy.New(pool)
	j, err := jobs.New(db, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return db, j
}

func startOn(t *testing.T, ctx context.Context, db *tenancy.DB, j *jobs.Jobs, args jobs.Args) (id jobs.TaskID) {
	t.Helper()
	err := db.Tx(ctx, func(tx pgx.Tx) (err error) {
		id, err = j.Start(ctx, tx, args.Kind(), uuid.Nil, args)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func tenantOn(t *testing.T, server *postgres.Embedded) context.Context {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), server.URL(postgres.Owner, postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context()))
	s := tenancy.Scope{Slug: "lone", TenantKind: tenancy.County, ActorKind: tenancy.System}
	if err := owner.QueryRow(t.Context(), `insert into app.tenants (slug, kind, names) values ('lone', 'county', '{}') returning id`).Scan(&s.Tenant); err != nil {
		t.Fatal(err)
	}
	return tenancy.In(t.Context(), s)
}
