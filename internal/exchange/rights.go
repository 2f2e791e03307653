package exchange

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrAccessEnded ends what is delivered to a reader that lost a right that it had when the delivery began: what the reader still
// may read it gets by coming back.
var ErrAccessEnded = problem.New(problem.Forbidden, "change.access-ended")

// rights are the grants that a reader has.
type rights []uuid.UUID

func (x *Exchange) rights(ctx context.Context) (r rights, err error) {
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select id from app.grants where reader = app.tenant() and revoked_at is null and until_at > now()`)
		r, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return postgres.Wrap(err, "grants")
	})
	return r, err
}

// still returns ErrAccessEnded when one of the rights is over or the reader is suspended.
func (r rights) still(ctx context.Context, tx pgx.Tx) error {
	var ended bool
	err := tx.QueryRow(ctx, `
		select exists (select from app.tenants where id = app.tenant() and suspended_at is not null)
			or cardinality($1::uuid[]) > (select count(*) from app.grants
				where reader = app.tenant() and id = any ($1) and revoked_at is null and until_at > now())`, []uuid.UUID(r)).Scan(&ended)
	if err == nil && ended {
		return ErrAccessEnded
	}
	return postgres.Wrap(err, "rights of a reader")
}

// Delivery is something long that one reader takes piece by piece.
type Delivery struct {
	x      *Exchange
	rights rights
	looked time.Time
}

// Deliver begins a delivery to the reader of ctx.
func (x *Exchange) Deliver(ctx context.Context) (d *Delivery, err error) {
	d = &Delivery{x: x, rights: rights{}, looked: time.Now()}
	if scope, err := tenancy.From(ctx); err != nil || scope.Tenant == uuid.Nil {
		return d, err // nobody in particular has no rights to lose
	}
	d.rights, err = x.rights(ctx)
	return d, err
}

// Look returns ErrAccessEnded when the reader lost a right since the delivery began, or is suspended.
func (d *Delivery) Look(ctx context.Context) error { return d.look(ctx, nil) }

// Glance is Look where the last one was a while ago; it costs nothing to ask it of each piece.
func (d *Delivery) Glance(ctx context.Context) error {
	if !d.stale() {
		return nil
	}
	return d.Look(ctx)
}

func (d *Delivery) stale() bool { return time.Since(d.looked) > lookEvery }

// look is Look, with what else is asked in its transaction.
func (d *Delivery) look(ctx context.Context, also func(tx pgx.Tx) error) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	d.looked = time.Now()
	if scope.Tenant == uuid.Nil && also == nil {
		return nil
	}
	return d.x.db.Read(ctx, func(tx pgx.Tx) error {
		if err := d.rights.still(ctx, tx); err != nil || also == nil {
			return err
		}
		return also(tx)
	})
}
