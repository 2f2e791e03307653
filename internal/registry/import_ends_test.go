package registry_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// writing is a tenant with an import that a node is writing, to a target whose rows take as long as the test wants.
type writing struct {
	ctx     context.Context
	house   dbtest.House
	imports *registry.Imports
	jobs    *jobs.Jobs
	id      uuid.UUID
	task    jobs.TaskID
	begun   chan bool
	written chan bool // closed: rows are written at once
	stop    func()    // the node
}

func newWriting(t *testing.T, house dbtest.House) *writing {
	t.Helper()
	j, err := jobs.New(house.DB, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w := &writing{ctx: house.Tenant(t, tenancy.County), house: house, jobs: j, imports: registry.NewImports(house.DB, nil, j),
		begun: make(chan bool, 9), written: make(chan bool)}
	w.imports.Add(registry.Target{Name: "members", Write: func(ctx context.Context, tx pgx.Tx, _ registry.Import) (registry.TargetWriter, error) {
		return registry.TargetWriter{End: func() error { return nil }, Rows: func([]registry.TargetRecord) error {
			w.begun <- true
			select {
			case <-w.written:
			case <-ctx.Done():
			}
			_, err := tx.Exec(ctx, `select 1`)
			return err
		}}, nil
	}})
	err = house.Tx(w.ctx, func(tx pgx.Tx) error {
		if err := tx.QueryRow(w.ctx, `insert into app.imports (document_id, status, target, counts) values ($1, 'ready', 'members', '{"rows": 1, "new": 1}') returning id`, uuid.New()).Scan(&w.id); err != nil {
			return err
		}
		_, err := tx.Exec(w.ctx, `insert into app.import_rows (import_id, row_number, fate, title, content, problems) values ($1, 2, 'new', 'One', '{}', '[]')`, w.id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.work(t)
	i, err := w.imports.Commit(w.ctx, w.id)
	if err != nil {
		t.Fatal(err)
	}
	w.task = *i.TaskID
	<-w.begun
	return w
}

// work starts a node, which stop ends.
func (w *writing) work(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := w.jobs.Work(ctx); err != nil {
			t.Error(err)
		}
	})
	wait.Go(func() { _ = w.jobs.Listen(ctx) })
	w.stop = sync.OnceFunc(func() { stop(); wait.Wait() })
	t.Cleanup(w.stop)
}

func (w *writing) ends(t *testing.T, task jobs.Status, status registry.ImportStatus) {
	t.Helper()
	got, err := w.jobs.Await(w.ctx, w.task)
	if err != nil || got.Status != task {
		t.Errorf("the task: got %s, %v, want %s", got.Status, err, task)
	}
	if i, err := w.imports.Import(w.ctx, w.id); err != nil || i.Status != status {
		t.Errorf("the import: got %s, %v, want %s", i.Status, err, status)
	}
}

// TestImportGoesOnWhereANodeStopped: a node that is shut down while it writes leaves the import to the next one.
func TestImportGoesOnWhereANodeStopped(t *testing.T) {
	t.Parallel()
	w := newWriting(t, dbtest.OwnHouse(t))
	w.stop()
	if i, err := w.imports.Import(w.ctx, w.id); err != nil || i.Status != registry.Writing {
		t.Errorf("when the node has stopped: got %s, %v, want %s", i.Status, err, registry.Writing)
	}
	close(w.written)
	w.work(t)
	w.ends(t, jobs.Succeeded, registry.Done)
}

// TestImportIsCancelledWhileItIsWritten: by its own button, and by that of its task.
func TestImportIsCancelledWhileItIsWritten(t *testing.T) {
	t.Parallel()
	house := dbtest.OwnHouse(t)
	for name, cancel := range map[string]func(*writing, context.Context) error{
		"the import": func(w *writing, ctx context.Context) error { _, err := w.imports.Cancel(ctx, w.id); return err },
		"its task":   func(w *writing, ctx context.Context) error { _, err := w.jobs.Cancel(ctx, w.task); return err },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWriting(t, house)
			defer w.stop() // nodes of one house take each other's work
			ctx, late := context.WithTimeout(w.ctx, 5*time.Second)
			defer late()
			if err := cancel(w, ctx); err != nil {
				t.Fatal(err)
			}
			w.ends(t, jobs.Cancelled, registry.ImportCancelled)
			if _, err := w.imports.Cancel(w.ctx, w.id); err == nil {
				t.Error("cancelled twice")
			}
		})
	}
}
