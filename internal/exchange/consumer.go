package exchange

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Consumer is one of the tenant's own readers of the feed, by the filter it reads with. Readers without credentials leave
// no trace; webhooks keep a position of their own.
type Consumer struct {
	ActorKind tenancy.ActorKind
	Actor     uuid.UUID
	Name      string
	ChangeFilter
	Position Position // what was delivered last
	Since    time.Time
	ReadAt   time.Time
}

const (
	nothing = "-" // a kind that no publication has: asks whether the feed can be read at all

	// mostFilters bounds the rows of one reader: whoever makes up filters gets no more.
	mostFilters = 50
)

// note keeps how far a reader is. A reader that asks and asks where nothing changes is written every ten seconds only.
func (f ChangeFilter) note(ctx context.Context, tx pgx.Tx, at Position) error {
	s, err := tenancy.From(ctx)
	if err != nil || f.Kind == nothing || s.ActorKind != tenancy.Person && s.ActorKind != tenancy.Client {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into app.feed_consumers as c (actor_kind, actor_id, kind, publisher, position)
		select $1, $2, $3, $4, $5
		where (select count(*) from app.feed_consumers where actor_id = $2) < $6
			or exists (select from app.feed_consumers where actor_id = $2 and kind = $3 and publisher = $4)
		on conflict (tenant_id, actor_id, kind, publisher) do update set position = excluded.position, read_at = now()
		where c.position <> excluded.position or c.read_at < now() - interval '10 seconds'`,
		s.ActorKind, s.Actor, f.Kind, f.Publisher, at, mostFilters)
	return postgres.Wrap(err, "consumer %s", s.Actor)
}

// Consumers lists the tenant's readers of the feed, those that read last first, five hundred at most, and its head.
func (x *Exchange) Consumers(ctx context.Context) (all []Consumer, head Position, err error) {
	if head, err = x.peek(ctx); err != nil {
		return nil, 0, err
	}
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select c.actor_kind, c.actor_id, coalesce(a.name, p.name, ''), c.kind, c.publisher, c.position, c.since, c.read_at
			from app.feed_consumers c
			left join app.api_clients a on a.tenant_id = c.tenant_id and a.id = c.actor_id and c.actor_kind = 'client'
			left join app.people p on p.tenant_id = c.tenant_id and p.id = c.actor_id and c.actor_kind = 'person'
			order by c.read_at desc, c.actor_id limit 500`)
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Consumer, err error) {
			err = row.Scan(&c.ActorKind, &c.Actor, &c.Name, &c.Kind, &c.Publisher, &c.Position, &c.Since, &c.ReadAt)
			return c, err
		})
		return postgres.Wrap(err, "consumers")
	})
	for _, c := range all {
		head = max(head, c.Position) // the head is known as it was a moment ago
	}
	return all, head, err
}
