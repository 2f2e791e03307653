package clearance

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Problems of changes of marks.
var (
	ErrManyLists  = problem.New(problem.Conflict, "earlier-mark-list.too-many")
	ErrMarkInList = postgres.Constraint("earlier_marks_identity_key", problem.New(problem.Conflict, "earlier-mark.in-list"))
)

// Marks are the verbs of earlier marks.
type Marks struct {
	db      *tenancy.DB
	imports *registry.Imports
}

// NewMarks returns the verbs, and lets files become marks.
func NewMarks(db *tenancy.DB, imports *registry.Imports) *Marks {
	s := &Marks{db, imports}
	imports.Add(target())
	return s
}

// Lists returns the tenant's lists by name.
func (s *Marks) Lists(ctx context.Context) (all []MarkList, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, err = markLists(ctx, tx); return err })
	return all, err
}

// List returns a page of marks in the order of their signs, and the cursor of the next.
func (s *Marks) List(ctx context.Context, f MarkFilter, limit int, cursor string) (all []Mark, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listMarks(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// Origin is where marks come from: the list they stand in, what it was taken from, and when.
type Origin struct {
	List    string
	Source  string
	TakenOn time.Time
}

// Add enters one mark by hand into a list, which is made when there is none of the name. It returns ErrMarkInList, or problem.ErrInvalid.
func (s *Marks) Add(ctx context.Context, from Origin, m MarkFacts) (added Mark, err error) {
	if err := m.Check(); err != nil {
		return added, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		list, err := listNamed(ctx, tx, from.List, from.Source, from.TakenOn)
		if err != nil {
			return err
		}
		id := uuid.NewString()
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select from app.earlier_marks where list_id = $1 and identity = $2)`, list, m.identity()).Scan(&there); err != nil {
			return postgres.Wrap(err, "earlier mark %s", m.Sign)
		}
		if there {
			return ErrMarkInList
		}
		if err := writeMarks(ctx, tx, list, nil, []MarkFacts{m}, []*string{&id}); err != nil {
			return err
		}
		if added, err = markByID(ctx, tx, uuid.MustParse(id)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "earlier-mark.add", ObjectKind: "earlier-mark", ObjectID: id, After: added})
	})
	return added, err
}

// Remove takes a mark out of its list. Reports that found it keep what they found.
func (s *Marks) Remove(ctx context.Context, id uuid.UUID) error {
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		m, err := markByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from app.earlier_marks where id = $1`, id); err != nil {
			return postgres.Wrap(err, "earlier mark %s", id)
		}
		if err := touchList(ctx, tx, m.ListID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "earlier-mark.remove", ObjectKind: "earlier-mark", ObjectID: id.String(), Before: m})
	})
}

// RemoveList takes a list away with all its marks. Reports that searched it keep what they found.
func (s *Marks) RemoveList(ctx context.Context, id uuid.UUID) error {
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+listColumns+` from app.earlier_mark_lists l where l.id = $1 for update of l`, id)
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[MarkList])
		if err != nil {
			return postgres.Wrap(err, "list %s of earlier marks", id)
		}
		if len(all) == 0 {
			return ErrListNotFound
		}
		if _, err := tx.Exec(ctx, `delete from app.earlier_mark_lists where id = $1`, id); err != nil {
			return postgres.Wrap(err, "list %s of earlier marks", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "earlier-mark-list.remove", ObjectKind: "earlier-mark-list", ObjectID: id.String(), Before: all[0]})
	})
}
