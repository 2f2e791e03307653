package jobs

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	// patrolEvery is how often a node looks for jobs whose worker is gone.
	patrolEvery = 2 * time.Second

	// A live worker may lose its connection for a moment, with a restart of the database; its lease must be seen missing
	// twice before its jobs are taken. Only the first look of a starting node acts at once, so that after a crash of
	// everything nobody waits.
	missingBefore = 2

	// A job that this node should be doing, and is not, lost its result on the way into the database; River writes
	// results for a few seconds, so it is left alone that long.
	lostBefore = 6
)

// lease tells other nodes that a worker lives: an advisory lock, held by a connection of its own for as long as the
// process is there. Heartbeats in a table were the other way; they make every restart wait for a time-out.
type lease struct {
	jobs *Jobs
	name string         // the worker's name, as River writes it into attempted_by
	seen map[string]int // looks at which a suspect was seen in a row
}

// leaseKey is an advisory lock for a worker's name; the prefix keeps it apart from other locks.
const leaseKey = `hashtextextended('helianthus worker ' || $1, 0)`

// errHeld is met when the server has not yet noticed the end of the worker's former connection.
var errHeld = errors.New("the lease is still held")

// hold takes the lease, tells so by closing held, and takes it again whenever the connection breaks.
func (l *lease) hold(ctx context.Context, held chan<- struct{}) {
	for ctx.Err() == nil {
		err := l.holdOnce(ctx, func() {
			if held != nil {
				close(held)
				held = nil
			}
		})
		if ctx.Err() != nil {
			return
		}
		l.jobs.log.WarnContext(ctx, "the worker's lease was lost and is taken again", "error", err)
		pause(ctx, retryConnection)
	}
}

func (l *lease) holdOnce(ctx context.Context, got func()) error {
	conn, err := pgx.ConnectConfig(ctx, l.jobs.db.Pool().Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var taken bool
	if err := conn.QueryRow(ctx, `select pg_try_advisory_lock(`+leaseKey+`)`, l.name).Scan(&taken); err != nil {
		return err
	}
	if !taken {
		return errHeld
	}
	got()
	// Nothing is sent to this connection: waiting is how its end is noticed.
	_, err = conn.WaitForNotification(ctx)
	return err
}

// patrol takes over the jobs of dead workers and stops the work of suspended tenants.
func (l *lease) patrol(ctx context.Context) {
	first := true
	for ctx.Err() == nil {
		if err := l.look(ctx, first); err != nil && ctx.Err() == nil {
			l.jobs.log.WarnContext(ctx, "no look at other workers was possible", "error", err)
		}
		first = false
		pause(ctx, patrolEvery)
	}
}

type runningJob struct {
	ID     int64
	Worker string
}

func (l *lease) look(ctx context.Context, first bool) error {
	rows, _ := l.jobs.db.Pool().Query(ctx, `
		select id, coalesce(attempted_by[cardinality(attempted_by)], '') as worker from river.river_job where state = 'running' order by id limit 1000`)
	running, err := pgx.CollectRows(rows, pgx.RowToStructByPos[runningJob])
	if err != nil {
		return err
	}
	suspects := map[string]int{}
	for _, job := range running {
		suspect, enough := job.Worker, missingBefore
		if job.Worker == l.name {
			if l.jobs.running.has(job.ID) {
				continue
			}
			suspect, enough = "job "+strconv.FormatInt(job.ID, 10), lostBefore
		}
		if _, counted := suspects[suspect]; counted {
			continue
		}
		suspects[suspect] = l.seen[suspect] + 1
		switch {
		case job.Worker == l.name && suspects[suspect] >= enough:
			err = l.retake(ctx, job.ID)
		case job.Worker != l.name:
			suspects[suspect], err = l.takeOver(ctx, job.Worker, suspects[suspect], first || suspects[suspect] >= enough)
		}
		if err != nil {
			return err
		}
	}
	l.seen = suspects
	return l.stopSuspended(ctx)
}

// takeOver makes the jobs of a dead worker available again. A living one is no suspect: its count starts anew.
func (l *lease) takeOver(ctx context.Context, worker string, count int, sure bool) (int, error) {
	err := pgx.BeginFunc(ctx, l.jobs.db.Pool(), func(tx pgx.Tx) error {
		var dead bool
		if err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock(`+leaseKey+`)`, worker).Scan(&dead); err != nil {
			return err
		}
		if !dead {
			count = 0
			return nil
		}
		if !sure {
			return nil
		}
		tag, err := tx.Exec(ctx, `
			update river.river_job set state = 'available', scheduled_at = now(), max_attempts = greatest(max_attempts, attempt + 1)
			where state = 'running' and attempted_by[cardinality(attempted_by)] = $1`, worker)
		if err == nil {
			l.jobs.log.InfoContext(ctx, "jobs of a dead worker are done again", "worker", worker, "jobs", tag.RowsAffected())
		}
		return err
	})
	return count, err
}

// retake makes a job of this node available again that it is not doing.
func (l *lease) retake(ctx context.Context, id int64) error {
	_, err := l.jobs.db.Pool().Exec(ctx, `
		update river.river_job set state = 'available', scheduled_at = now(), max_attempts = greatest(max_attempts, attempt + 1)
		where id = $1 and state = 'running'`, id)
	return err
}

func (l *lease) stopSuspended(ctx context.Context) error {
	ids := l.jobs.running.tenants()
	if len(ids) == 0 {
		return nil
	}
	rows, _ := l.jobs.db.Pool().Query(ctx, `select id from app.gate_tenants() where id = any($1) and suspended`, ids)
	suspended, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	for _, tenant := range suspended {
		l.jobs.running.stopOf(tenant, errSuspended)
	}
	return err
}

// retryConnection is the pause before a lost connection is made anew.
const retryConnection = 250 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
