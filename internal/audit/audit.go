// Package audit keeps the trail of who did what: every change, every decision and every read across a tenant's wall.
//
// An event is written in the transaction of the change it tells of, so that neither is without the other. Events are
// only added; the application role has no right to change or remove them.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Event is one line of the trail. Actor, unit and tenant come from the scope.
type Event struct {
	Action     string // object.act, the permission's words: registration.publish
	ObjectKind string
	ObjectID   string
	OtherParty uuid.UUID // the other tenant of a read or write across the wall; zero inside one tenant
	Before     any       // the record before, nil when it was made; marshalled to JSON
	After      any       // the record after, nil when it was removed
}

type requestKey struct{}

// WithRequest returns a context whose events carry the request's correlation id.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the correlation id of ctx, empty outside a request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// Record writes an event in the caller's transaction.
func Record(ctx context.Context, tx pgx.Tx, e Event) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	before, err := encode(e.Before)
	if err != nil {
		return fmt.Errorf("audit %s: before: %w", e.Action, err)
	}
	after, err := encode(e.After)
	if err != nil {
		return fmt.Errorf("audit %s: after: %w", e.Action, err)
	}
	_, err = tx.Exec(ctx, `
		insert into app.audit_events (actor_id, actor_kind, actor_name, unit, action, object_kind, object_id, other_party, before, after, request_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		known(s.Actor), s.ActorKind, s.ActorName, s.Unit, e.Action, e.ObjectKind, e.ObjectID, known(e.OtherParty), before, after, RequestID(ctx))
	return postgres.Wrap(err, "audit %s %s", e.Action, e.ObjectID)
}

// reminders are how many days before an end people are told of it.
var reminders = []int{60, 30, 7, 1}

// FirstReminder is how long before an end the first reminder is.
var FirstReminder = time.Duration(reminders[0]) * 24 * time.Hour

// Reminder is the reminder whose time has come, in days before the end; 0 when none has, or when the end has come too.
func Reminder(ends, now time.Time) (days int) {
	for _, d := range reminders {
		if left := ends.Sub(now); left > 0 && left <= time.Duration(d)*24*time.Hour {
			days = d
		}
	}
	return days
}

// Remind writes an event that tells of an end, once for each reminder. It may be called as often as one likes.
func Remind(ctx context.Context, tx pgx.Tx, e Event, ends, now time.Time) error {
	days := Reminder(ends, now)
	if days == 0 {
		return nil
	}
	var told bool
	err := tx.QueryRow(ctx, `
		select exists (select from app.audit_events where object_kind = $1 and object_id = $2 and action = $3 and (after ->> 'daysBefore')::integer = $4)`,
		e.ObjectKind, e.ObjectID, e.Action, days).Scan(&told)
	if err != nil || told {
		return postgres.Wrap(err, "reminder of %s %s", e.ObjectKind, e.ObjectID)
	}
	e.After = map[string]any{"daysBefore": days, "expiresAt": ends.UTC()}
	return Record(ctx, tx, e)
}

func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// encode makes a JSON object of a record, since readers are shown objects; a list or a single value is one under "value".
func encode(v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	b, err := json.Marshal(v)
	if err == nil && b[0] != '{' {
		b, err = json.Marshal(map[string]json.RawMessage{"value": b})
	}
	return b, err
}
