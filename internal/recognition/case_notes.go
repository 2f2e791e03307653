package recognition

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// CaseNote is what one side writes down for itself. It is a row of that tenant alone.
type CaseNote struct {
	ID   uuid.UUID
	Text string
	By   string // the name of whoever wrote it
	At   time.Time
}

// mostNotes are shown; who writes more keeps a diary.
const mostNotes = 500

// Notes lists the tenant's own notes on a case, newest first.
func (s *Cases) Notes(ctx context.Context, id CaseID) (notes []CaseNote, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := CaseByID(ctx, tx, id); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `select id, text, created_name, created_at from app.case_notes where case_id = $1 order by id desc limit $2`, id, mostNotes)
		notes, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CaseNote])
		return postgres.Wrap(err, "notes on case %s", id)
	})
	return notes, err
}

// Note adds a note on a case. The trail says that there is one and not what it says: auditors read it, too.
func (s *Cases) Note(ctx context.Context, id CaseID, text string) (n CaseNote, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := CaseByID(ctx, tx, id); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `insert into app.case_notes (case_id, text, created_by, created_name) values ($1, $2, $3, $4) returning id, text, created_name, created_at`,
			id, text, known(scope.Actor), scope.ActorName)
		if n, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[CaseNote]); err != nil {
			return postgres.Wrap(err, "note on case %s", id)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "case-note.add", ObjectKind: "recognition-case", ObjectID: id.String()})
	})
	return n, err
}
