package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// What can become of work besides its own problems.
var (
	ErrCancelled = problem.New(problem.Conflict, "task.cancelled")
	ErrTooLong   = problem.New(problem.Unavailable, "task.too-long")
	ErrGivenUp   = problem.New(problem.Unavailable, "task.given-up") // its worker died under it again and again
)

// ErrInterrupted is why work ended that is done again from the beginning: its node shuts down.
var ErrInterrupted = errors.New("interrupted")

var (
	errSuspended = fmt.Errorf("the tenant is suspended: %w", ErrInterrupted)
	errTakenOver = fmt.Errorf("another worker has taken the job over: %w", ErrInterrupted)
)

// Stopped says why the context of work has ended: ErrCancelled by a person, ErrTooLong, or ErrInterrupted, after which the
// work is done again and must have left nothing that prevents it. It is nil while the context goes on.
func Stopped(ctx context.Context) error {
	cause := context.Cause(ctx)
	switch {
	case cause == nil, errors.Is(cause, ErrInterrupted):
		return cause
	case errors.Is(cause, river.ErrJobCancelledRemotely):
		return ErrCancelled
	case errors.Is(cause, context.DeadlineExceeded):
		return ErrTooLong
	}
	return ErrInterrupted // River names no cause that others can compare with
}

const (
	// suspendedPause is how long a job of a suspended tenant waits until it looks again.
	suspendedPause = time.Minute

	// tries is how often work is done that meets an unavailable store.
	tries = 5

	// recordTimeout is what the record of a result gets, even when the work's own context has ended.
	recordTimeout = 10 * time.Second
)

// worker does one kind of work for River.
type worker[T Args] struct {
	river.WorkerDefaults[order[T]]
	jobs *Jobs
	work func(ctx context.Context, p *Progress, args T) error
}

// Work enters the scope of the order, does the work and records its end.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[order[T]]) error {
	o := job.Args
	log := w.jobs.log.With("task", o.Task, "kind", job.Kind)
	ctx = audit.WithRequest(ctx, o.Request)
	scope, suspended, err := w.jobs.scope(ctx, o.Tenant)
	if err != nil {
		return err
	}
	if suspended {
		return river.JobSnooze(suspendedPause)
	}
	scope.Actor, scope.Unit = o.Actor, o.Unit
	ctx, stop := context.WithCancelCause(tenancy.In(ctx, scope))
	defer stop(nil)
	w.jobs.running.add(job.ID, run{tenant: o.Tenant, stop: stop})
	defer w.jobs.running.remove(job.ID)

	var attempt int
	err = w.jobs.db.Tx(ctx, func(tx pgx.Tx) (err error) {
		attempt, scope.ActorName, err = beginTask(ctx, tx, o.Task)
		return err
	})
	switch {
	case errors.Is(err, errNotToDo):
		return nil
	case err != nil:
		return fmt.Errorf("task %s: begin: %w", o.Task, err)
	case attempt == 0:
		return river.JobCancel(ErrCancelled)
	}
	ctx = tenancy.In(ctx, scope)
	p := startProgress(ctx, w.jobs.db, log, o.Task, attempt)
	if job.Attempt >= maxAttempts {
		err = ErrGivenUp
	} else {
		err = guarded(ctx, log, func() error { return w.work(ctx, p, o.Args) })
	}
	p.end()
	return w.record(ctx, log, job, attempt, err)
}

// record writes what became of the work, and tells River the same.
func (w *worker[T]) record(ctx context.Context, log *slog.Logger, job *river.Job[order[T]], attempt int, result error) error {
	id := job.Args.Task
	stopped := Stopped(ctx)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	write := func(fn func(tx pgx.Tx) error) error { return w.jobs.db.Tx(late, fn) }

	if result == nil {
		return write(func(tx pgx.Tx) error {
			if err := endTask(late, tx, id, attempt, Succeeded, nil); err != nil {
				return err
			}
			_, err := river.JobCompleteTx[*riverpgxv5.Driver](late, tx, job)
			return err
		})
	}
	switch {
	case errors.Is(stopped, ErrCancelled), errors.Is(result, ErrCancelled):
		err := write(func(tx pgx.Tx) error { return endTask(late, tx, id, attempt, Cancelled, nil) })
		return errors.Join(err, river.JobCancel(result))
	case errors.Is(stopped, errSuspended):
		err := write(func(tx pgx.Tx) error { return requeueTask(late, tx, id, attempt) })
		return errors.Join(err, river.JobSnooze(suspendedPause))
	case errors.Is(stopped, ErrTooLong):
		result = ErrTooLong
	case stopped != nil:
		err := write(func(tx pgx.Tx) error { return requeueTask(late, tx, id, attempt) })
		return errors.Join(err, river.JobSnooze(0))
	}
	known, ok := problem.As(result)
	if ok && known.Kind == problem.Unavailable && !isOurs(known) && len(job.Errors) < tries-1 {
		log.WarnContext(ctx, "work will be tried again", "error", result)
		return errors.Join(result, write(func(tx pgx.Tx) error { return requeueTask(late, tx, id, attempt) }))
	}
	f := failure(result)
	log.ErrorContext(ctx, "work failed", "error", result, "reference", f.Reference)
	err := write(func(tx pgx.Tx) error { return endTask(late, tx, id, attempt, Failed, f) })
	if err != nil {
		return err // River tries again; the work is safe to do twice
	}
	return river.JobCancel(result)
}

func isOurs(e *problem.Error) bool { return errors.Is(e, ErrTooLong) || errors.Is(e, ErrGivenUp) }

// guarded turns a panic of the work into an error, so that its task fails instead of hanging.
func guarded(ctx context.Context, log *slog.Logger, work func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			log.ErrorContext(ctx, "work panicked", "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return work()
}

// Failure is why a task failed, as it is stored: a problem's code and values, never a sentence.
type Failure struct {
	Code      string           `json:"code"`
	Values    map[string]any   `json:"values,omitempty"`
	Details   []problem.Detail `json:"details,omitempty"`
	Reference string           `json:"reference,omitempty"` // of an internal failure, to be found in the log
}

// maxDetails bounds what is kept of a failure with very many wrong fields.
const maxDetails = 200

func failure(err error) *Failure {
	p, ok := problem.As(err)
	if !ok {
		return &Failure{Code: "internal", Reference: uuid.NewString()[:8]}
	}
	f := &Failure{Code: p.Code, Values: p.Values, Details: p.Details[:min(len(p.Details), maxDetails)]}
	// A problem that looks at something JSON cannot hold still names its code.
	if _, err := json.Marshal(f); err != nil {
		return &Failure{Code: p.Code}
	}
	return f
}

// scope is the scope of the system for one tenant.
func (j *Jobs) scope(ctx context.Context, tenant uuid.UUID) (tenancy.Scope, bool, error) {
	s := tenancy.Scope{Tenant: tenant, ActorKind: tenancy.System}
	var suspended bool
	err := j.db.Pool().QueryRow(ctx, `
		select slug, kind, demo, suspended from app.gate_tenants() where id = $1`, tenant).
		Scan(&s.Slug, &s.TenantKind, &s.Demo, &suspended)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, false, river.JobCancel(fmt.Errorf("tenant %s is gone", tenant))
	}
	return s, suspended, err
}

// run is one job that this node is doing.
type run struct {
	tenant uuid.UUID
	stop   context.CancelCauseFunc
}

// runs are the jobs that this node is doing, by River's id.
type runs struct {
	mu   sync.Mutex
	byID map[int64]run
}

func (r *runs) add(id int64, one run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID = map[int64]run{}
	}
	r.byID[id] = one
}

func (r *runs) remove(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byID, id)
}

func (r *runs) has(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.byID[id]
	return ok
}

func (r *runs) tenants() []uuid.UUID {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := []uuid.UUID{}
	for _, one := range r.byID {
		ids = append(ids, one.tenant)
	}
	return ids
}

// stopOf ends the running work of a tenant.
func (r *runs) stopOf(tenant uuid.UUID, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.byID {
		if one.tenant == tenant {
			one.stop(cause)
		}
	}
}
