package access

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	// channel is where nodes tell each other of changed roles; the payload is the tenant's id, or a node's own name.
	channel = "access"
	// echoEvery is how often a node listens for its own word. Notices get lost without an error where a pooler stands
	// between, or where a connection is dead and nobody says so; a node that does not hear itself hears nobody.
	echoEvery = 15 * time.Second
)

// Listen keeps the roles current until ctx ends: it forgets a tenant's roles when a node changed them, and keeps none
// while it cannot hear.
func (a *Access) Listen(ctx context.Context) error {
	for ctx.Err() == nil {
		err := a.hear(ctx)
		a.hears(false)
		if ctx.Err() != nil {
			return nil
		}
		slog.WarnContext(ctx, "listening for changed roles was interrupted", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return nil
}

func (a *Access) hear(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, a.db.Pool().Config().ConnConfig.Copy())
	if err != nil {
		return postgres.Wrap(err, "listen %s", channel)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // whether it parts well or not
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return postgres.Wrap(err, "listen %s", channel)
	}
	for {
		if err := a.call(ctx); err != nil {
			return err
		}
		if err := a.hearRound(ctx, conn); err != nil {
			return postgres.Wrap(err, "listen %s", channel)
		}
	}
}

// call says this node's name on the channel, by another connection.
func (a *Access) call(ctx context.Context) error {
	_, err := a.db.Pool().Exec(ctx, `select pg_notify($1, $2)`, channel, a.node)
	return postgres.Wrap(err, "notify %s", channel)
}

// hearRound takes notices until the next call is due. The end of the round is an error when the node's own word was not
// among them.
func (a *Access) hearRound(ctx context.Context, conn *pgx.Conn) error {
	round, cancel := context.WithTimeout(ctx, echoEvery)
	defer cancel()
	for heard := false; ; {
		n, err := conn.WaitForNotification(round)
		switch {
		case err != nil && heard && ctx.Err() == nil && pgconn.Timeout(err):
			return nil
		case err != nil:
			return err
		case n.Payload == a.node:
			heard = true
			a.hears(true)
		default:
			if id, err := uuid.Parse(n.Payload); err == nil {
				a.forget(id)
			}
		}
	}
}

// hears notes whether the node hears of changes. What it kept while it did not is worth nothing.
func (a *Access) hears(yes bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.hearing != yes {
		a.hearing = yes
		a.changes++
		clear(a.own)
	}
}

func (a *Access) forget(t tenancy.ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
	delete(a.own, t)
}

// tell lets all nodes know, when tx is committed, that the roles of its tenant changed.
func tell(ctx context.Context, tx pgx.Tx) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `select pg_notify($1, $2)`, channel, s.Tenant.String())
	return postgres.Wrap(err, "notify %s", channel)
}
