package httpd

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// usageAPI tells tenants what this node counts of them, and which operations on their way out they still call.
type usageAPI struct {
	db       *tenancy.DB
	identity *identity.Identity
	now      func() time.Time
	began    time.Time
	buckets  *buckets // nil: requests are not counted
	retired  []*Operation
	written  sync.Map // retiredCall → time.Time
}

// ReadUsage shows the quotas of the tenant and of each of its machines that this node has met.
func (u *usageAPI) ReadUsage(ctx context.Context, _ api.ReadUsageRequestObject) (api.ReadUsageResponseObject, error) {
	w := api.Usage{Counted: u.buckets != nil, Window: int(quotaWindow.Seconds()), Since: u.began, Items: []api.QuotaUse{}}
	scope, err := tenancy.From(ctx)
	if err != nil || u.buckets == nil {
		return api.ReadUsage200JSONResponse(w), err
	}
	clients, err := u.identity.Clients(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range []class{classRead, classWrite} {
		w.Items = append(w.Items, u.use(string(scope.TenantKind), c, scope.Tenant.String()))
	}
	for _, m := range clients {
		for _, c := range []class{classRead, classWrite} {
			use := u.use("client", c, m.ID)
			if use.Asked == 0 {
				continue
			}
			id, err := uuid.Parse(m.ID)
			if err != nil {
				return nil, err
			}
			use.ClientId, use.Name = &id, &m.Name
			w.Items = append(w.Items, use)
		}
	}
	return api.ReadUsage200JSONResponse(w), nil
}

// use is what a bucket holds at this moment; one that nobody filled is whole.
func (u *usageAPI) use(who string, c class, key string) api.QuotaUse {
	w := api.QuotaUse{Class: api.QuotaUseClass(c), Quota: quotas[who][c]}
	b := u.buckets.peek(who + string(c) + key)
	if b == nil {
		return w
	}
	left := b.limiter.TokensAt(u.now())
	w.Used = max(0, w.Quota-int(math.Floor(left)))
	w.WholeIn = max(0, int(math.Ceil((float64(w.Quota)-left)/float64(b.limiter.Limit()))))
	w.Asked, w.Refused = b.asked.Load(), b.refused.Load()
	return w
}

// ListRetirements lists the operations on their way out, with the tenant's own that called them.
func (u *usageAPI) ListRetirements(ctx context.Context, _ api.ListRetirementsRequestObject) (api.ListRetirementsResponseObject, error) {
	calls := map[string][]retiredCaller{}
	err := u.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select r.operation, r.actor_id, r.actor_kind, coalesce(a.name, p.name, ''), r.last_at from app.retired_calls r
			left join app.api_clients a on a.tenant_id = r.tenant_id and a.id = r.actor_id
			left join app.people p on p.tenant_id = r.tenant_id and p.id = r.actor_id
			order by r.last_at desc, r.actor_id limit 1000`)
		var operation string
		var c retiredCaller
		_, err := pgx.ForEachRow(rows, []any{&operation, &c.ActorId, &c.ActorKind, &c.Name, &c.LastAt}, func() error {
			calls[operation] = append(calls[operation], c)
			return nil
		})
		return postgres.Wrap(err, "retired calls")
	})
	list := api.RetirementList{Items: []api.Retirement{}}
	for _, o := range u.retired {
		w := api.Retirement{Operation: o.ID, Method: o.Method, Path: o.Path, Calls: calls[o.ID]}
		w.Since.Time, w.Sunset.Time = o.retirement.since, o.retirement.sunset
		if w.Calls == nil {
			w.Calls = []retiredCaller{}
		}
		list.Items = append(list.Items, w)
	}
	return api.ListRetirements200JSONResponse(list), err
}

type retiredCaller = struct {
	ActorId   api.Id      `json:"actorId"`
	ActorKind string      `json:"actorKind"`
	LastAt    api.Instant `json:"lastAt"`
	Name      string      `json:"name"`
}

// retiredCall is who called what.
type retiredCall struct {
	operation string
	actor     uuid.UUID
}

// retiredEvery is how often one caller of one operation is written down: it is a notice, no statistics.
const retiredEvery = time.Hour

// noteRetired keeps that somebody still calls an operation on its way out.
func (u *usageAPI) noteRetired(ctx context.Context, o *Operation) error {
	s, err := tenancy.From(ctx)
	if err != nil || o.retirement == nil || s.Tenant == uuid.Nil {
		return err
	}
	call := retiredCall{o.ID, s.Actor}
	if last, ok := u.written.Load(call); ok && u.now().Sub(last.(time.Time)) < retiredEvery {
		return nil
	}
	err = u.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into app.retired_calls (operation, actor_id, actor_kind) values ($1, $2, $3)
			on conflict (tenant_id, operation, actor_id) do update set last_at = now()`, o.ID, s.Actor, s.ActorKind)
		return postgres.Wrap(err, "retired call %s", o.ID)
	})
	if err == nil {
		u.written.Store(call, u.now())
	}
	return err
}
