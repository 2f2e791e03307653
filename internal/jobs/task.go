package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/rivertype"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// TaskID identifies a task within its tenant.
type TaskID = uuid.UUID

// Status is where a task is.
type Status string

// The statuses of tasks. The last three are final.
const (
	Queued    Status = "queued"
	Running   Status = "running"
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Cancelled Status = "cancelled"
)

// Final says whether nothing will change any more.
func (s Status) Final() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Task (任务) is a piece of long work as people see it.
type Task struct {
	ID            TaskID
	Kind          string
	ObjectID      *uuid.UUID // the record that is worked on
	Status        Status
	Done          int64
	Total         int64 // 0: not known yet
	Step          string
	Problem       *Failure
	CancelAskedAt *time.Time
	CreatedBy     *uuid.UUID
	ActorName     string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	FinishedAt    *time.Time
	JobID         *int64 // River's
}

// ErrNotFound is returned for a task that this tenant does not have.
var ErrNotFound = problem.New(problem.NotFound, "task.not-found")

// errNotToDo is returned by beginTask for a task that came to its end by another way.
var errNotToDo = errors.New("the task is not to be done")

const taskColumns = `id, kind, object_id, status, done, total, step, problem, cancel_asked_at, created_by, actor_name, created_at, updated_at, finished_at, job_id`

func scanTask(row pgx.CollectableRow) (Task, error) {
	var t Task
	err := row.Scan(&t.ID, &t.Kind, &t.ObjectID, &t.Status, &t.Done, &t.Total, &t.Step, &t.Problem, &t.CancelAskedAt, &t.CreatedBy, &t.ActorName, &t.CreatedAt, &t.UpdatedAt, &t.FinishedAt, &t.JobID)
	return t, err
}

// ByID reads a task in the caller's transaction.
func ByID(ctx context.Context, tx pgx.Tx, id TaskID) (Task, error) {
	rows, _ := tx.Query(ctx, `select `+taskColumns+` from app.tasks where id = $1`, id)
	return oneTask(rows, id)
}

func oneTask(rows pgx.Rows, id TaskID) (Task, error) {
	t, err := pgx.CollectExactlyOneRow(rows, scanTask)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, ErrNotFound
	}
	return t, postgres.Wrap(err, "task %s", id)
}

// Filter narrows a list of tasks; its zero value is all of them.
type Filter struct {
	Status   Status
	ObjectID *uuid.UUID
}

type taskCursor struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

// List returns the tenant's tasks, newest first, and the cursor of the next page, empty on the last one.
func (j *Jobs) List(ctx context.Context, f Filter, limit int, cursor string) (tasks []Task, next string, err error) {
	c := taskCursor{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	err = j.db.Read(ctx, func(tx pgx.Tx) (err error) {
		rows, _ := tx.Query(ctx, `
			select `+taskColumns+` from app.tasks
			where (created_at, id) < ($1, $2) and ($3 = '' or status = $3) and ($4::uuid is null or object_id = $4)
			order by created_at desc, id desc limit $5`, c.At, c.ID, f.Status, f.ObjectID, limit+1)
		tasks, err = pgx.CollectRows(rows, scanTask)
		return err
	})
	if len(tasks) > limit {
		tasks = tasks[:limit]
		last := tasks[limit-1]
		next = postgres.EncodeCursor(taskCursor{last.CreatedAt, last.ID})
	}
	return tasks, next, err
}

// Task reads a task.
func (j *Jobs) Task(ctx context.Context, id TaskID) (t Task, err error) {
	err = j.db.Read(ctx, func(tx pgx.Tx) error {
		t, err = ByID(ctx, tx, id)
		return err
	})
	return t, err
}

// Cancel stops a task: a queued one at once, a running one as soon as its work looks. A finished one stays as it is.
func (j *Jobs) Cancel(ctx context.Context, id TaskID) (t Task, err error) {
	err = j.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+taskColumns+` from app.tasks where id = $1 for update`, id)
		if t, err = oneTask(rows, id); err != nil || t.Status.Final() || t.CancelAskedAt != nil {
			return err
		}
		job, err := j.starter.JobCancelTx(ctx, tx, *t.JobID)
		if err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return postgres.Wrap(err, "cancel task %s", id)
		}
		atOnce := err != nil || job.State != rivertype.JobStateRunning
		rows, _ = tx.Query(ctx, `
			update app.tasks set cancel_asked_at = now(), updated_at = now(),
				status = case when $2 then 'cancelled' else status end,
				finished_at = case when $2 then now() end
			where id = $1 returning `+taskColumns, id, atOnce)
		if t, err = oneTask(rows, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "task.cancel", ObjectKind: "task", ObjectID: id.String(), After: map[string]any{"kind": t.Kind}})
	})
	return t, err
}

func insertTask(ctx context.Context, tx pgx.Tx, id TaskID, kind string, object uuid.UUID, job int64, s tenancy.Scope) error {
	_, err := tx.Exec(ctx, `
		insert into app.tasks (id, kind, object_id, job_id, created_by, actor_kind, actor_name, unit)
		values ($1, $2, nullif($3, '00000000-0000-0000-0000-000000000000'::uuid), $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6, $7, $8)`,
		id, kind, object, job, s.Actor, s.ActorKind, s.ActorName, s.Unit)
	return postgres.Wrap(err, "task %s", kind)
}

// beginTask marks the task as running and returns the number of this attempt, which its later writes must name, and
// who started it. A task that was cancelled meanwhile ends here with attempt 0; a finished one is errNotToDo.
func beginTask(ctx context.Context, tx pgx.Tx, id TaskID) (attempt int, actor string, err error) {
	err = tx.QueryRow(ctx, `
		update app.tasks set attempt = attempt + 1, updated_at = now(),
			status = case when cancel_asked_at is null then 'running' else 'cancelled' end,
			finished_at = case when cancel_asked_at is not null then now() end
		where id = $1 and status in ('queued', 'running')
		returning case when cancel_asked_at is null then attempt else 0 end, actor_name`, id).Scan(&attempt, &actor)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, "", errNotToDo
	}
	return attempt, actor, err
}

// endTask records the end of an attempt, unless another worker has taken the task over.
func endTask(ctx context.Context, tx pgx.Tx, id TaskID, attempt int, status Status, f *Failure) error {
	var why []byte
	if f != nil {
		var err error
		if why, err = json.Marshal(f); err != nil {
			return err
		}
	}
	tag, err := tx.Exec(ctx, `
		update app.tasks set status = $3, problem = $4, finished_at = now(), updated_at = now(),
			done = case when $3 = 'succeeded' then total else done end
		where id = $1 and attempt = $2 and status = 'running'`, id, attempt, status, why)
	return onlyNewest(tag.RowsAffected(), err)
}

// requeueTask shows the task as waiting again.
func requeueTask(ctx context.Context, tx pgx.Tx, id TaskID, attempt int) error {
	tag, err := tx.Exec(ctx, `
		update app.tasks set status = 'queued', updated_at = now() where id = $1 and attempt = $2 and status = 'running'`, id, attempt)
	return onlyNewest(tag.RowsAffected(), err)
}

func onlyNewest(rows int64, err error) error {
	if err == nil && rows == 0 {
		return errTakenOver
	}
	return err
}
