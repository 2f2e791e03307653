package jobs_test

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"sync"
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
	url := server.URL(postgres.App, postgres.Database)
	pool, err := postgres.Open(t.Context(), url, 10)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	db := tenancy.New(pool)
	j, err := jobs.New(db, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx := tenantOn(t, server)
	var id jobs.TaskID
	err = db.Tx(ctx, func(tx pgx.Tx) (err error) {
		id, err = j.Start(ctx, tx, "test.unit", uuid.Nil, unitArgs{"forestry"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(exe)
	victim.Env = append(os.Environ(), workerVariable+"="+url)
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

// A worker whose database is restarted under it finishes its job, once.
func TestDatabaseRestartsUnderTheWork(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
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
	ctx := tenantOn(t, server)
	super, err := pgx.Connect(t.Context(), server.URL("postgres", postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close(context.WithoutCancel(t.Context()))
	var once sync.Once
	addUnit(j, db, func(context.Context) {
		once.Do(func() {
			// All connections of the application break, as in a restart; the statement that asks for it stays.
			_, err := super.Exec(context.WithoutCancel(ctx), `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'helianthus_app'`)
			if err != nil {
				t.Error(err)
			}
		})
	})
	workCtx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { _ = j.Work(workCtx) })
	defer wait.Wait()
	defer stop()
	var id jobs.TaskID
	err = db.Tx(ctx, func(tx pgx.Tx) (err error) {
		id, err = j.Start(ctx, tx, "test.unit", uuid.Nil, unitArgs{"water"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		task, err := j.Task(ctx, id)
		return err == nil && task.Status == jobs.Succeeded
	})
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
