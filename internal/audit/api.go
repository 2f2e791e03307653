package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// API is the operations of the tag audit.
type API struct{ trail *Trail }

// NewAPI makes it.
func NewAPI(t *Trail) *API { return &API{t} }

func filter(from, to *time.Time, actor *uuid.UUID, action, kind, id *string) Filter {
	f := Filter{From: from, To: to, Action: text(action), ObjectKind: text(kind), ObjectID: text(id)}
	if actor != nil {
		f.Actor = actor.String()
	}
	return f
}

// ListAuditEvents lists who did what.
func (a *API) ListAuditEvents(ctx context.Context, r api.ListAuditEventsRequestObject) (api.ListAuditEventsResponseObject, error) {
	p := r.Params
	var after Cursor
	if err := postgres.DecodeCursor(text(p.Cursor), &after); err != nil {
		return nil, err
	}
	limit := 50
	if p.Limit != nil {
		limit = *p.Limit
	}
	lines, err := a.trail.List(ctx, filter(p.From, p.To, p.Actor, p.Action, p.ObjectKind, p.ObjectId), after, limit+1)
	if err != nil {
		return nil, err
	}
	w := api.ListAuditEvents200JSONResponse{Items: []api.AuditEvent{}}
	for n, l := range lines {
		if n == limit {
			w.Next = new(postgres.EncodeCursor(Cursor{At: lines[n-1].At, ID: lines[n-1].ID}))
			break
		}
		w.Items = append(w.Items, wire(l))
	}
	return w, nil
}

func wire(l Line) api.AuditEvent {
	w := api.AuditEvent{Id: uuid.MustParse(l.ID), At: l.At, ActorKind: l.ActorKind, ActorName: l.ActorName, Unit: l.Unit, Action: l.Action, ObjectKind: l.ObjectKind, ObjectId: l.ObjectID, RequestId: l.RequestID}
	if l.ActorID != nil {
		w.ActorId = new(uuid.MustParse(*l.ActorID))
	}
	if l.OtherParty != nil {
		w.OtherParty = new(uuid.MustParse(*l.OtherParty))
	}
	if l.Before != nil {
		w.Before = &l.Before
	}
	if l.After != nil {
		w.After = &l.After
	}
	return w
}

// ExportAuditEvents streams the events as CSV.
func (a *API) ExportAuditEvents(ctx context.Context, r api.ExportAuditEventsRequestObject) (api.ExportAuditEventsResponseObject, error) {
	p := r.Params
	f := filter(p.From, p.To, p.Actor, p.Action, p.ObjectKind, p.ObjectId)
	body, err := a.trail.Export(ctx, f)
	if err != nil {
		return nil, err
	}
	return api.ExportAuditEvents200TextcsvResponse{Body: body, Headers: api.ExportAuditEvents200ResponseHeaders{ContentDisposition: new(`attachment; filename="audit.csv"`)}}, nil
}
