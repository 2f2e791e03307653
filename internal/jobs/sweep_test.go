package jobs_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// In a cluster of its own: workers of other tests would do the sweep instead.
func TestSweepVisitsTheTenantsThatAreNotSuspended(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
	_, j := jobsOn(t, server)
	owner, err := pgx.Connect(t.Context(), server.URL(postgres.Owner, postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context()))
	_, err = owner.Exec(t.Context(), `
		insert into app.tenants (slug, kind, names, suspended_at) values ('first', 'county', '{}', null), ('suspended', 'trader', '{}', now()), ('second', 'trader', '{}', null)`)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan tenancy.Scope, 10)
	j.Sweep("test.sweep", time.Hour, func(ctx context.Context) error {
		s, err := tenancy.From(ctx)
		seen <- s
		if s.Slug == "first" {
			panic("one tenant's trouble")
		}
		return err
	})
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { _ = j.Work(ctx) })
	defer wait.Wait()
	defer stop()
	got := map[string]tenancy.Scope{}
	for len(got) < 2 {
		select {
		case s := <-seen:
			got[s.Slug] = s
		case <-t.Context().Done():
			t.Fatal("the sweep did not come round")
		}
	}
	if s := got["second"]; s.TenantKind != tenancy.Trader || s.ActorKind != tenancy.System {
		t.Errorf("got %+v, want both tenants that are not suspended", got)
	}
}

type takenArgs struct{}

func (takenArgs) Kind() string { return "test.taken" }

// A worker that was thought dead and comes back does not write over what the next one did.
func TestWorkThatWasTakenOverEndsOnce(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	j := newJobs(t)
	var runs atomic.Int32
	goOn, back := make(chan bool), make(chan bool)
	jobs.Add(j, func(context.Context, *jobs.Progress, takenArgs) error {
		if runs.Add(1) == 1 {
			<-goOn
			defer close(back)
			return errBroken
		}
		return nil
	})
	workCtx, stop := context.WithCancel(context.Background())
	defer stop()
	var wait sync.WaitGroup
	wait.Go(func() { _ = j.Work(workCtx) })
	id := start(t, ctx, j, takenArgs{})
	waitFor(t, func() bool { return runs.Load() == 1 })
	_, err := dbtest.Superuser(t).Exec(t.Context(), `
		update river.river_job j set state = 'available', scheduled_at = now() from app.tasks t where t.job_id = j.id and t.id = $1`, id)
	if err != nil {
		t.Fatal(err)
	}
	done := await(t, ctx, j, id, jobs.Succeeded)
	close(goOn)
	<-back
	stop()
	wait.Wait() // until what the first one had to say is said
	if now, err := j.Task(ctx, id); err != nil || now.Status != jobs.Succeeded || !now.FinishedAt.Equal(*done.FinishedAt) || now.Problem != nil {
		t.Errorf("got %+v, %v, want what the second worker wrote", now, err)
	}
}
