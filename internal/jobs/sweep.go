package jobs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// sweep is work that is done for every tenant from time to time.
type sweep struct {
	every time.Duration
	work  func(ctx context.Context) error
}

// Sweep registers work that is done for every tenant that is not suspended, one after another, at an interval and
// after a start. It runs in the scope of the system for that tenant, without a task; it must be safe to do twice.
// Fanning out by tenant, instead of reading across all of them, keeps row-level security the only door.
func (j *Jobs) Sweep(name string, every time.Duration, work func(ctx context.Context) error) {
	j.sweeps[name] = sweep{every, work}
}

// sweepArgs are the arguments of one round of a sweep.
type sweepArgs struct {
	Name string `json:"name" river:"unique"`
}

// Kind names the worker of sweeps.
func (sweepArgs) Kind() string { return "sweep" }

func (j *Jobs) periodic() []*river.PeriodicJob {
	var all []*river.PeriodicJob
	for name, s := range j.sweeps {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(s.every), func() (river.JobArgs, *river.InsertOpts) {
			return sweepArgs{name}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: s.every}, MaxAttempts: 1}
		}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return all
}

type sweeper struct {
	river.WorkerDefaults[sweepArgs]
	jobs *Jobs
}

// Work does one round. A failure with one tenant does not keep the others waiting.
func (w *sweeper) Work(ctx context.Context, job *river.Job[sweepArgs]) error {
	s, ok := w.jobs.sweeps[job.Args.Name]
	if !ok {
		return nil // of a version that swept more
	}
	rows, _ := w.jobs.db.Pool().Query(ctx, `select id, slug, kind, demo from app.gate_tenants() where not suspended`)
	scopes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (tenancy.Scope, error) {
		s := tenancy.Scope{ActorKind: tenancy.System}
		err := row.Scan(&s.Tenant, &s.Slug, &s.TenantKind, &s.Demo)
		return s, err
	})
	if err != nil {
		return err
	}
	for _, scope := range scopes {
		in := tenancy.In(ctx, scope)
		log := w.jobs.log.With("sweep", job.Args.Name)
		if err := guarded(in, log, func() error { return s.work(in) }); err != nil {
			log.ErrorContext(in, "sweep failed", "tenant", scope.Slug, "error", err)
		}
	}
	return nil
}
