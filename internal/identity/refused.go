package identity

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// refusalsAnHour is how many refusals of one person or machine are written into the trail in an hour: enough to see that somebody
// tries, too few for a stranger to fill a tenant's trail, or to hide something in it.
const refusalsAnHour = 10

// refusedPeople writes into the trail of each tenant concerned that a sign-in by the name of one of its people was refused. Who
// tried is not known, and what was tried is not written. That a name is known could be told from the time this takes, but for
// the delay after five attempts: so few samples say nothing beside the noise of hashing.
func (i *Identity) refusedPeople(ctx context.Context, all []candidate) error {
	for _, c := range all {
		if err := i.refused(ctx, c.scope, audit.Event{Action: "session.refuse", ObjectKind: "person", ObjectID: c.scope.Actor.String()}); err != nil {
			return err
		}
	}
	return nil
}

// refusedMachine writes into the trail of a machine's tenant why its credentials or its request were refused, and returns the
// refusal. What is no refusal is passed on.
func (i *Identity) refusedMachine(ctx context.Context, m machine, why error) error {
	p, ok := problem.As(why)
	if !ok {
		return why
	}
	err := i.refused(ctx, m.scope, audit.Event{Action: "api-client.refuse", ObjectKind: "api-client", ObjectID: m.scope.Actor.String(), After: map[string]string{"why": p.Code}})
	if err != nil {
		return err
	}
	return why
}

func (i *Identity) refused(ctx context.Context, of tenancy.Scope, e audit.Event) error {
	in := tenancy.In(ctx, tenancy.Scope{Tenant: of.Tenant, Slug: of.Slug, TenantKind: of.TenantKind, Demo: of.Demo, ActorKind: tenancy.Visitor})
	return i.db.Tx(in, func(tx pgx.Tx) error {
		var many bool
		err := tx.QueryRow(in, `
			select count(*) >= $4 from (
				select from app.audit_events where object_kind = $1 and object_id = $2 and action = $3 and at > now() - interval '1 hour' limit $4) e`,
			e.ObjectKind, e.ObjectID, e.Action, refusalsAnHour).Scan(&many)
		if err != nil || many {
			return postgres.Wrap(err, "refusals")
		}
		return audit.Record(in, tx, e)
	})
}
