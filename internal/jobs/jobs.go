package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Queue bounds how much work of one sort is done at once on a node.
type Queue string

// The queues. Typesetting has one of its own, because it can use whole cores for seconds and requests come first.
const (
	Default Queue = river.QueueDefault
	Typeset Queue = "typeset"
)

// maxWorkers is how many jobs of a queue one node runs at once, where SetWorkers says nothing else.
var maxWorkers = map[Queue]int{Default: 4, Typeset: 1}

const (
	schema = "river"

	// jobTimeout ends work that hangs; an import of 100,000 rows takes about a minute.
	jobTimeout = 30 * time.Minute

	// stopTimeout is what running work gets at a shutdown before its context ends; it is then done again elsewhere.
	stopTimeout = 5 * time.Second

	// maxAttempts bounds how often one job may be begun in all, so that work that kills its worker ends some day.
	maxAttempts = 25
)

// Args are the arguments of one kind of work. They are stored as JSON and hold ids, never facts. Kind names the worker,
// in the form `dossier.build`. Arguments with a method `Queue() Queue` go to that queue, others to Default.
type Args interface{ Kind() string }

// Jobs starts long work and, where Work is called, does it.
type Jobs struct {
	db      *tenancy.DB
	log     *slog.Logger
	starter *river.Client[pgx.Tx] // inserts only
	workers *river.Workers
	queues  map[Queue]int
	sweeps  map[string]sweep
	running runs
	watch   watchers
}

// New returns Jobs that can start work; Add the workers before Work is called.
func New(db *tenancy.DB, log *slog.Logger) (*Jobs, error) {
	starter, err := river.NewClient(riverpgxv5.New(db.Pool()), &river.Config{Schema: schema, Logger: log})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	j := &Jobs{db: db, log: log, starter: starter, workers: river.NewWorkers(), queues: maps.Clone(maxWorkers), sweeps: map[string]sweep{}}
	river.AddWorker(j.workers, &sweeper{jobs: j})
	return j, nil
}

// SetWorkers says how many jobs of a queue this node does at once. It is called before Work.
func (j *Jobs) SetWorkers(q Queue, n int) { j.queues[q] = n }

// Add registers the worker of one kind of work. The function runs in the scope of whoever started it, as the system on
// their behalf. It may be run twice and must then change nothing the second time. A problem it returns is shown with
// the task; a problem of kind Unavailable makes it be tried again, up to five times.
func Add[T Args](j *Jobs, work func(ctx context.Context, p *Progress, args T) error) {
	river.AddWorker(j.workers, &worker[T]{jobs: j, work: work})
}

// order is what River keeps of a piece of work: for whom, which task, and the arguments.
type order[T Args] struct {
	Tenant  uuid.UUID `json:"tenant"`
	Actor   uuid.UUID `json:"actor"`
	Unit    string    `json:"unit,omitempty"`
	Task    uuid.UUID `json:"task"`
	Request string    `json:"request,omitempty"` // correlation id of the request that started it
	Args    T         `json:"args"`
}

// Kind is the kind of the arguments, as River asks for it.
func (o order[T]) Kind() string { return o.Args.Kind() }

// Start puts a task and its job into the caller's transaction: both are there after its commit, or neither. The task's
// kind is the permission's words, `dossier.build`; object is the record that is worked on.
func (j *Jobs) Start(ctx context.Context, tx pgx.Tx, kind string, object uuid.UUID, args Args) (TaskID, error) {
	s, err := tenancy.From(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, err
	}
	queue := Default
	if q, ok := args.(interface{ Queue() Queue }); ok {
		queue = q.Queue()
	}
	o := order[Args]{Tenant: s.Tenant, Actor: s.Actor, Unit: s.Unit, Task: id, Request: audit.RequestID(ctx), Args: args}
	in, err := j.starter.InsertTx(ctx, tx, o, &river.InsertOpts{Queue: string(queue), MaxAttempts: maxAttempts})
	if err != nil {
		return uuid.Nil, postgres.Wrap(err, "start %s", kind)
	}
	return id, insertTask(ctx, tx, id, kind, object, in.Job.ID, s)
}

// Work does jobs until ctx ends, then gives running work a few seconds to finish.
func (j *Jobs) Work(ctx context.Context) error {
	name := uuid.NewString()
	queues := map[string]river.QueueConfig{}
	for q, n := range j.queues {
		queues[string(q)] = river.QueueConfig{MaxWorkers: n}
	}
	client, err := river.NewClient(riverpgxv5.New(j.db.Pool()), &river.Config{
		ID: name, Schema: schema, Logger: j.log, Queues: queues, Workers: j.workers,
		FetchCooldown:       20 * time.Millisecond, // a click is felt at once; the default of 100 ms is not
		FetchOnlyKnownKinds: true,                  // during an upgrade, nodes of two versions work side by side
		JobTimeout:          jobTimeout,
		SoftStopTimeout:     stopTimeout,
		RetryPolicy:         backoff{},
		PeriodicJobs:        j.periodic(),
	})
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	l := &lease{jobs: j, name: name, seen: map[string]int{}}
	var wait sync.WaitGroup
	// The lease outlives the last job, so that nobody takes over what is still being finished.
	leaseCtx, release := context.WithCancel(context.WithoutCancel(ctx))
	defer wait.Wait()
	defer release()
	held := make(chan struct{})
	wait.Go(func() { l.hold(leaseCtx, held) })
	select {
	case <-held:
	case <-ctx.Done():
		return nil
	}
	if err := client.Start(ctx); err != nil {
		return postgres.Wrap(err, "jobs: start")
	}
	wait.Go(func() { l.patrol(leaseCtx) })
	<-client.Stopped()
	return nil
}

// backoff waits 1, 2, 4, 8 and 16 seconds between the attempts at work that met an unavailable store.
type backoff struct{}

// NextRetry says when the job is tried again.
func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Second << min(len(job.Errors), 4))
}
