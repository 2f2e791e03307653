package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var errBroken = problem.New(problem.Conflict, "test.broken")

// Each test has a kind of work of its own, because workers of the tests that run beside it share the queues.
type (
	happyArgs     struct{ Name string }
	failingArgs   struct{ How string }
	awayArgs      struct{}
	longArgs      struct{}
	suspendedArgs struct{}
	manyArgs      struct{}
	paperArgs     struct{}
	idleArgs      struct{}
)

func (happyArgs) Kind() string      { return "test.happy" }
func (failingArgs) Kind() string    { return "test.failing" }
func (awayArgs) Kind() string       { return "test.away" }
func (longArgs) Kind() string       { return "test.long" }
func (suspendedArgs) Kind() string  { return "test.suspended" }
func (idleArgs) Kind() string       { return "test.idle" }
func (manyArgs) Kind() string       { return "test.many" }
func (paperArgs) Kind() string      { return "test.paper" }
func (paperArgs) Queue() jobs.Queue { return jobs.Typeset }

// newJobs returns jobs over the shared database; work starts them.
func newJobs(t *testing.T) *jobs.Jobs {
	t.Helper()
	j, err := jobs.New(dbtest.DB(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// work runs workers and the listener until the test ends.
func work(t *testing.T, j *jobs.Jobs) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := j.Work(ctx); err != nil {
			t.Error(err)
		}
	})
	wait.Go(func() { _ = j.Listen(ctx) })
	t.Cleanup(func() {
		stop()
		wait.Wait()
	})
}

func start(t *testing.T, ctx context.Context, j *jobs.Jobs, args jobs.Args) jobs.TaskID {
	t.Helper()
	return startOn(t, ctx, dbtest.DB(t), j, args)
}

func await(t *testing.T, ctx context.Context, j *jobs.Jobs, id jobs.TaskID, want jobs.Status) jobs.Task {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	task, err := j.Await(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if task.Status != want {
		t.Fatalf("got status %s with problem %+v, want %s", task.Status, task.Problem, want)
	}
	return task
}

func TestWorkRunsInTheScopeOfWhoStartedIt(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	scope, _ := tenancy.From(ctx)
	scope.Unit = "agriculture"
	ctx = tenancy.In(ctx, scope)
	j := newJobs(t)
	ran := make(chan tenancy.Scope, 1)
	jobs.Add(j, func(ctx context.Context, p *jobs.Progress, args happyArgs) error {
		s, err := tenancy.From(ctx)
		ran <- s
		p.Step(ctx, "task.step."+args.Name)
		p.At(ctx, 3, 4)
		return err
	})
	work(t, j)
	task := await(t, ctx, j, start(t, ctx, j, happyArgs{"typesetting"}), jobs.Succeeded)

	got := <-ran
	want := tenancy.Scope{Tenant: scope.Tenant, Slug: scope.Slug, TenantKind: tenancy.County, Demo: true, Actor: scope.Actor, ActorKind: tenancy.System, ActorName: scope.ActorName, Unit: "agriculture"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scope of the work (-want +got):\n%s", diff)
	}
	if task.Step != "task.step.typesetting" || task.Done != 4 || task.Total != 4 || task.FinishedAt == nil || *task.CreatedBy != scope.Actor {
		t.Errorf("got task %+v", task)
	}
}

func TestNothingIsStartedByATransactionThatFails(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		if _, err := j.Start(ctx, tx, "test.happy", uuid.Nil, happyArgs{}); err != nil {
			return err
		}
		return errBroken
	})
	if !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	tasks, _, err := j.List(ctx, jobs.Filter{}, 10, "")
	if err != nil || len(tasks) != 0 {
		t.Errorf("got %v, %v, want no task", tasks, err)
	}
}

func TestFailureIsKeptWithTheTask(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	jobs.Add(j, func(_ context.Context, _ *jobs.Progress, args failingArgs) error {
		switch args.How {
		case "problem":
			return fmt.Errorf("row 7: %w", errBroken.With("Row", 7).At("/rows/7", "test.row"))
		case "panic":
			panic("out of order")
		default:
			return errors.New("disk on fire")
		}
	})
	work(t, j)
	task := await(t, ctx, j, start(t, ctx, j, failingArgs{"problem"}), jobs.Failed)
	want := &jobs.Failure{Code: "test.broken", Values: map[string]any{"Row": 7.0}, Details: []problem.Detail{{Pointer: "/rows/7", Code: "test.row"}}}
	if diff := cmp.Diff(want, task.Problem); diff != "" {
		t.Errorf("failure (-want +got):\n%s", diff)
	}
	for _, how := range []string{"panic", "error"} {
		task := await(t, ctx, j, start(t, ctx, j, failingArgs{how}), jobs.Failed)
		if task.Problem.Code != "internal" || task.Problem.Reference == "" {
			t.Errorf("%s: got %+v, want internal with a reference", how, task.Problem)
		}
	}
}

func TestUnavailableStoreIsTriedAgain(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	var runs atomic.Int32
	errAway := problem.New(problem.Unavailable, "test.away")
	jobs.Add(j, func(context.Context, *jobs.Progress, awayArgs) error {
		if runs.Add(1) < 3 {
			return fmt.Errorf("put: %w", errAway)
		}
		return nil
	})
	work(t, j)
	await(t, ctx, j, start(t, ctx, j, awayArgs{}), jobs.Succeeded)
	if runs.Load() != 3 {
		t.Errorf("got %d runs, want 3", runs.Load())
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	began := make(chan bool)
	jobs.Add(j, func(ctx context.Context, p *jobs.Progress, _ longArgs) error {
		close(began)
		<-ctx.Done()
		if !p.Cancelled() {
			t.Error("the progress does not know of the end")
		}
		return ctx.Err()
	})
	queued := start(t, ctx, j, longArgs{})
	if task, err := j.Cancel(ctx, queued); err != nil || task.Status != jobs.Cancelled {
		t.Fatalf("got %+v, %v, want the queued task cancelled at once", task, err)
	}
	running := start(t, ctx, j, longArgs{})
	work(t, j)
	<-began
	neighbour := dbtest.Tenant(t, tenancy.County)
	if _, err := j.Cancel(neighbour, running); !errors.Is(err, jobs.ErrNotFound) {
		t.Errorf("a neighbour's cancel: got %v, want not found", err)
	}
	if task, err := j.Cancel(ctx, running); err != nil || task.CancelAskedAt == nil {
		t.Fatalf("got %+v, %v", task, err)
	}
	await(t, ctx, j, running, jobs.Cancelled)
	if task, err := j.Cancel(ctx, running); err != nil || task.Status != jobs.Cancelled {
		t.Errorf("cancelled twice: got %+v, %v", task, err)
	}
}

func suspend(t *testing.T, ctx context.Context, at *time.Time) {
	t.Helper()
	s, _ := tenancy.From(ctx)
	if _, err := dbtest.Superuser(t).Exec(t.Context(), `update app.tenants set suspended_at = $2 where id = $1`, s.Tenant, at); err != nil {
		t.Fatal(err)
	}
}

func TestWorkOfASuspendedTenantStops(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.Association)
	j := newJobs(t)
	began := make(chan bool, 10)
	stopped := make(chan error, 10)
	jobs.Add(j, func(ctx context.Context, _ *jobs.Progress, _ suspendedArgs) error {
		began <- true
		<-ctx.Done()
		stopped <- context.Cause(ctx)
		return ctx.Err()
	})
	work(t, j)
	id := start(t, ctx, j, suspendedArgs{})
	<-began
	now := time.Now()
	suspend(t, ctx, &now)
	if err := <-stopped; err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("got cause %v, want the suspension", err)
	}
	// The task waits, and a new one does not begin.
	other := start(t, ctx, j, suspendedArgs{})
	waitFor(t, func() bool {
		var n int
		err := dbtest.Superuser(t).QueryRow(t.Context(), `
			select count(*) from river.river_job j join app.tasks t on t.job_id = j.id where t.id = any($1) and t.status = 'queued' and j.state = 'scheduled'`,
			[]uuid.UUID{id, other}).Scan(&n)
		return err == nil && n == 2
	})
	if len(began) != 0 {
		t.Error("work of a suspended tenant began")
	}
}

// waitFor looks until something is so; the test's own time limit ends it otherwise.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-t.Context().Done():
			t.Fatal("it never was so")
		case <-tick.C:
		}
	}
}

func TestQueuesAreBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args jobs.Args
		max  int32
	}{{"default", manyArgs{}, 4}, {"typesetting", paperArgs{}, 1}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx := dbtest.Tenant(t, tenancy.County)
			j := newJobs(t)
			var now, most atomic.Int32
			busy := func() error {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				return nil
			}
			jobs.Add(j, func(context.Context, *jobs.Progress, manyArgs) error { return busy() })
			jobs.Add(j, func(context.Context, *jobs.Progress, paperArgs) error { return busy() })
			var ids []jobs.TaskID
			for range 20 {
				ids = append(ids, start(t, ctx, j, c.args))
			}
			work(t, j)
			for _, id := range ids {
				await(t, ctx, j, id, jobs.Succeeded)
			}
			if most.Load() > c.max {
				t.Errorf("got %d at once, want at most %d", most.Load(), c.max)
			}
		})
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	var want []jobs.TaskID
	for range 5 {
		want = append([]jobs.TaskID{start(t, ctx, j, idleArgs{})}, want...)
	}
	var got []jobs.TaskID
	for cursor := ""; ; {
		page, next, err := j.List(ctx, jobs.Filter{Status: jobs.Queued}, 2, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range page {
			got = append(got, task.ID)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
	if _, _, err := j.List(ctx, jobs.Filter{}, 2, "nonsense"); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("bad cursor: got %v", err)
	}
}
