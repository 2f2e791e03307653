package document

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	// abandonedAfter is when an upload that was not completed is given up; upload links are long dead by then.
	abandonedAfter = 24 * time.Hour

	// expirePage bounds how much one transaction looks at.
	expirePage = 500
)

// Sweeping says how Expire is registered: jobs.Sweep(document.SweepName, document.SweepEvery, docs.Expire).
const (
	SweepName  = "document.expire"
	SweepEvery = 6 * time.Hour
)

// Expire refuses the tenant's uploads that were announced and never completed, and removes files from the store that no
// row names: what a crash or a lost connection left behind. It may be done twice.
func (k *Documents) Expire(ctx context.Context) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	before := k.now().Add(-abandonedAfter)
	if err := k.refuseAbandoned(ctx, before); err != nil {
		return err
	}
	for _, place := range []string{incoming, kept} {
		if err := k.removeUnnamed(ctx, prefix(s, place), before); err != nil {
			return err
		}
	}
	return nil
}

func (k *Documents) refuseAbandoned(ctx context.Context, before time.Time) error {
	for {
		var some int
		err := k.db.Tx(ctx, func(tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, `
				select document_id from app.document_versions where status = 'uploading' and created_at < $1 order by created_at limit $2`, before, expirePage)
			ids, err := pgx.CollectRows(rows, pgx.RowTo[ID])
			if err != nil {
				return postgres.Wrap(err, "abandoned uploads")
			}
			some = len(ids)
			for _, id := range ids {
				d, err := lockByID(ctx, tx, id)
				if err != nil {
					return err
				}
				if v, ok := d.awaited(); ok {
					if _, err := settle(ctx, tx, d, v, reasonExpired); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil || some < expirePage {
			return err
		}
	}
}

// removeUnnamed removes files below a prefix, older than before, that no row names.
func (k *Documents) removeUnnamed(ctx context.Context, below string, before time.Time) error {
	var keys []string
	flush := func() error {
		unnamed, err := k.unnamed(ctx, keys)
		keys = keys[:0]
		for _, key := range unnamed {
			if err == nil {
				err = k.remove(ctx, key)
			}
		}
		return err
	}
	var failed error
	err := k.store.List(ctx, below, func(o objectstore.Object) bool {
		if o.ModifiedAt.Before(before) {
			keys = append(keys, o.Key)
		}
		if len(keys) == expirePage {
			failed = flush()
		}
		return failed == nil
	})
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	return flush()
}

func (k *Documents) unnamed(ctx context.Context, keys []string) (unnamed []string, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	err = k.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select key from unnest($1::text[]) key
			where not exists (select from app.document_versions where object_key = key and status <> 'refused')
				and not exists (select from app.document_versions where upload_key = key and status = 'uploading')`, keys)
		unnamed, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return unnamed, err
}

// remove takes every version of a file away; one under a lock stays until its day.
func (k *Documents) remove(ctx context.Context, key string) error {
	at, err := k.store.Stat(ctx, key)
	if errors.Is(err, objectstore.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = k.store.DeleteVersion(ctx, key, at.Version)
	}
	if err != nil {
		return fmt.Errorf("remove %s: %w", key, err)
	}
	return nil
}
