package audit

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/table"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Line is an event as it was written.
type Line struct {
	ID         string
	At         time.Time
	ActorID    *string
	ActorKind  string
	ActorName  string
	Unit       string
	Action     string
	ObjectKind string
	ObjectID   string
	OtherParty *string
	Before     map[string]any
	After      map[string]any
	RequestID  string
}

// Filter chooses events; zero fields choose all.
type Filter struct {
	From       *time.Time `json:"from,omitempty"`   // from this instant on
	To         *time.Time `json:"to,omitempty"`     // before this instant
	Actor      string     `json:"actor,omitempty"`  // an id
	Action     string     `json:"action,omitempty"` // an act, or how acts begin: `registration.`
	ObjectKind string     `json:"objectKind,omitempty"`
	ObjectID   string     `json:"objectId,omitempty"`
}

// Cursor is the place after the last event read.
type Cursor struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

// Trail reads the audit trail of the tenant of ctx.
type Trail struct{ db *tenancy.DB }

// New returns the trail.
func New(db *tenancy.DB) *Trail { return &Trail{db} }

// List returns events, newest first, after the cursor.
func (t *Trail) List(ctx context.Context, f Filter, after Cursor, limit int) (lines []Line, err error) {
	if after.ID == "" {
		after = Cursor{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: "ffffffff-ffff-ffff-ffff-ffffffffffff"}
	}
	err = t.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select id::text, at, actor_id::text, actor_kind, actor_name, unit, action, object_kind, object_id, other_party::text, before, after, request_id
			from app.audit_events
			where ($1::timestamptz is null or at >= $1) and ($2::timestamptz is null or at < $2)
			  and ($3 = '' or actor_id::text = $3) and ($4 = '' or starts_with(action, $4)) and ($5 = '' or object_kind = $5) and ($6 = '' or object_id = $6)
			  and (at, id) < ($7, $8)
			order by at desc, id desc limit $9`,
			f.From, f.To, f.Actor, f.Action, f.ObjectKind, f.ObjectID, after.At, after.ID, limit)
		lines, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Line])
		return postgres.Wrap(err, "audit events")
	})
	return lines, err
}

// Export returns the events as CSV, read in pages while they are taken, so that a trail of any length needs little memory.
// That it was exported is itself an event, written before the first byte leaves. The reader must be closed.
func (t *Trail) Export(ctx context.Context, f Filter) (io.ReadCloser, error) {
	err := t.db.Tx(ctx, func(tx pgx.Tx) error {
		return Record(ctx, tx, Event{Action: "audit-event.export", ObjectKind: "audit-event", After: f})
	})
	if err != nil {
		return nil, err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(t.write(ctx, f, w)) }() // ends when the reader is closed
	return r, nil
}

var heading = []string{"at", "actorKind", "actorId", "actorName", "unit", "action", "objectKind", "objectId", "otherParty", "before", "after", "requestId"}

func (t *Trail) write(ctx context.Context, f Filter, w io.Writer) error {
	const page = 1000
	c := csv.NewWriter(w)
	if err := c.Write(heading); err != nil {
		return err
	}
	for after := (Cursor{}); ; {
		lines, err := t.List(ctx, f, after, page)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := c.Write(row(l)); err != nil {
				return err
			}
		}
		if len(lines) < page {
			c.Flush()
			return c.Error()
		}
		last := lines[len(lines)-1]
		after = Cursor{At: last.At, ID: last.ID}
	}
}

func row(l Line) []string {
	return []string{l.At.Format(time.RFC3339Nano), l.ActorKind, text(l.ActorID), table.Harmless(l.ActorName), l.Unit, l.Action, l.ObjectKind, table.Harmless(l.ObjectID), text(l.OtherParty), plain(l.Before), plain(l.After), table.Harmless(l.RequestID)}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func plain(m map[string]any) string {
	if m == nil {
		return ""
	}
	b, err := json.Marshal(m)
	if err != nil {
		return ""
	}
	return string(b)
}
