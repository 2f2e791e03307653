package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// progressEvery bounds how often progress is written: more is not seen by people and costs the database.
const progressEvery = 250 * time.Millisecond

// Progress is told by the work how far it is. It keeps the newest word and writes it a few times a second in
// transactions of its own, so that it is seen before the work commits.
type Progress struct {
	ctx     context.Context
	db      *tenancy.DB
	log     *slog.Logger
	task    uuid.UUID
	attempt int

	mu      sync.Mutex
	step    string
	done    int64
	total   int64
	changed bool

	wake  chan struct{}
	ended chan struct{}
	wait  sync.WaitGroup
}

func startProgress(ctx context.Context, db *tenancy.DB, log *slog.Logger, task uuid.UUID, attempt int) *Progress {
	p := &Progress{ctx: ctx, db: db, log: log, task: task, attempt: attempt, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	p.wait.Go(p.writeAll)
	return p
}

// Step says what is being done now, by a message key: `task.step.typesetting`. It starts counting anew.
func (p *Progress) Step(_ context.Context, key string) { p.set(key, 0, 0) }

// At says how much of the step is done. A total of zero is not known.
func (p *Progress) At(_ context.Context, done, total int64) {
	p.mu.Lock()
	key := p.step
	p.mu.Unlock()
	p.set(key, done, total)
}

// Cancelled says whether the work shall stop, because a person asked for it or the node shuts down. The context of the
// work ends at the same moment; this is for loops that do not look at it.
func (p *Progress) Cancelled() bool { return p.ctx.Err() != nil }

func (p *Progress) set(step string, done, total int64) {
	p.mu.Lock()
	p.step, p.done, p.total, p.changed = step, done, total, true
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// writeAll writes the first word at once and later ones at their pace, until the end.
func (p *Progress) writeAll() {
	pace := time.NewTimer(0)
	defer pace.Stop()
	for {
		select {
		case <-p.ended:
			return
		case <-p.wake:
		}
		select {
		case <-p.ended:
			p.write()
			return
		case <-pace.C:
		}
		p.write()
		pace.Reset(progressEvery)
	}
}

// write is best effort: a task whose progress cannot be written is still done.
func (p *Progress) write() {
	p.mu.Lock()
	step, done, total, changed := p.step, p.done, p.total, p.changed
	p.changed = false
	p.mu.Unlock()
	if !changed {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), recordTimeout)
	defer cancel()
	err := p.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update app.tasks set step = $3, done = $4, total = $5, updated_at = now() where id = $1 and attempt = $2 and status = 'running'`,
			p.task, p.attempt, step, done, total)
		return err
	})
	if err != nil {
		p.log.WarnContext(ctx, "progress was not written", "error", err)
	}
}

// end writes the last word and waits until it is written.
func (p *Progress) end() {
	close(p.ended)
	p.wait.Wait()
	p.write()
}
