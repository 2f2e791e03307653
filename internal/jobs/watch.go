package jobs

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// lookAnyway is how often a watched task is read although nothing was heard of it: notifications can be lost with a
// connection, a task must not be.
const lookAnyway = 2 * time.Second

// watchers are those of this node who wait for news of a task.
type watchers struct {
	mu     sync.Mutex
	byTask map[TaskID]map[chan struct{}]bool
}

// add returns a channel that gets one word whenever the task may have changed, and what ends that.
func (w *watchers) add(id TaskID) (news <-chan struct{}, leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := make(chan struct{}, 1)
	if w.byTask == nil {
		w.byTask = map[TaskID]map[chan struct{}]bool{}
	}
	if w.byTask[id] == nil {
		w.byTask[id] = map[chan struct{}]bool{}
	}
	w.byTask[id][c] = true
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.byTask[id], c)
		if len(w.byTask[id]) == 0 {
			delete(w.byTask, id)
		}
	}
}

// tell wakes the watchers of a task; one that has not listened yet will look anyway.
func (w *watchers) tell(id TaskID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.byTask[id] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Listen hears from the database which tasks changed and tells those who watch them, until ctx ends. Every node that
// serves requests runs it, on a connection of its own.
func (j *Jobs) Listen(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := j.listenOnce(ctx); err != nil && ctx.Err() == nil {
			j.log.WarnContext(ctx, "listening for tasks broke off", "error", err)
		}
		pause(ctx, retryConnection)
	}
	return nil
}

func (j *Jobs) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, j.db.Pool().Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `listen tasks`); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if id, err := uuid.Parse(n.Payload); err == nil {
			j.watch.tell(id)
		}
	}
}

// Follow calls see with the task as it is now and after each change, until the task is final, see fails or ctx ends.
// Only what the scope of ctx may read is seen.
func (j *Jobs) Follow(ctx context.Context, id TaskID, see func(Task) error) error {
	news, leave := j.watch.add(id)
	defer leave()
	tick := time.NewTicker(lookAnyway)
	defer tick.Stop()
	var last Task
	for {
		t, err := j.Task(ctx, id)
		if err != nil {
			return err
		}
		if !t.UpdatedAt.Equal(last.UpdatedAt) {
			if err := see(t); err != nil {
				return err
			}
			last = t
		}
		if t.Status.Final() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-news:
		case <-tick.C:
		}
	}
}

// Await returns the task when it is final.
func (j *Jobs) Await(ctx context.Context, id TaskID) (last Task, err error) {
	err = j.Follow(ctx, id, func(t Task) error {
		last = t
		return nil
	})
	return last, err
}
