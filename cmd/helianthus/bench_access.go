package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// benchAccess measures a decision over many tenants, each with a role of its own beside the templates of its kind.
func benchAccess(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, r.tenants)
	if err != nil {
		return err
	}
	scopes := make([]tenancy.Scope, len(tenants))
	for n, scoped := range tenants {
		if scopes[n], err = tenancy.From(scoped); err != nil {
			return err
		}
		scopes[n].Actor, scopes[n].ActorKind, scopes[n].Roles = uuid.New(), tenancy.Person, []string{"own", "reader"}
		err := r.house.DB.Tx(scoped, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `insert into app.roles (slug, title, permissions) values ('own', 'Own', '{dossier:read,dossier:build,document:read}')`)
			return err
		})
		if err != nil {
			return err
		}
	}
	r.figure("access_tenants", "%d", r.tenants)
	forgetPeak()
	for _, name := range []string{"template", "own"} {
		took, err := decide(ctx, r.house.Access, scopes, name)
		if err != nil {
			return err
		}
		r.figure("access_"+name+"_ns", "%d", took.Nanoseconds())
	}
	r.memory("access")
	return nil
}

// decide takes the time of one decision, over all tenants in turns, after each tenant was asked for once.
func decide(ctx context.Context, a *access.Access, scopes []tenancy.Scope, roles string) (time.Duration, error) {
	const decisions = 1_000_000
	asked := make([]tenancy.Scope, len(scopes))
	for i, s := range scopes {
		if roles == "template" {
			s.Roles = []string{"reader"}
		}
		asked[i] = s
		if _, err := a.Of(ctx, s); err != nil {
			return 0, err
		}
	}
	started := time.Now()
	for n := range decisions {
		set, err := a.Of(ctx, asked[n%len(asked)])
		if err != nil {
			return 0, err
		}
		if may := access.Can(access.With(ctx, set), "dossier:read"); !may {
			return 0, fmt.Errorf("tenant %d may not read dossiers", n%len(asked))
		}
	}
	return time.Since(started) / decisions, nil
}
