package exchange

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// logged puts an event into the transparency log, in the transaction that makes it.
func logged(ctx context.Context, tx pgx.Tx, e EventKind, p Publication, at time.Time) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	// What a sandbox publishes is there for the sandbox alone; the log of the house has a commitment of it.
	var house bool
	if err := tx.QueryRow(ctx, `select app.sandbox() is null`).Scan(&house); err != nil {
		return postgres.Wrap(err, "side of %s", s.Slug)
	}
	return translog.Append(ctx, tx, translog.Entry{
		Event: string(e), Kind: p.Kind, Publication: p.ID, Publisher: s.Slug, Version: p.Version, SHA256: p.SHA256, At: at, Public: house && p.Audience == Public,
	})
}
