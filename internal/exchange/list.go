package exchange

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// Filter narrows a list of publications; its zero value is all that the reader may see and that hold.
type Filter struct {
	Kind      string
	Publisher string // slug
	RecordID  *uuid.UUID
}

type cursorKey struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

// List returns publications that hold, newest first, and the cursor of the next page, empty on the last one.
func List(ctx context.Context, tx pgx.Tx, f Filter, limit int, cursor string) ([]Publication, string, error) {
	c := cursorKey{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `
		select `+publicationColumns+` from app.publications p join app.tenants t on t.id = p.tenant_id
		where p.withdrawn_at is null and p.superseded_at is null and (p.published_at, p.id) < ($1, $2)
			and ($3 = '' or p.kind = $3) and ($4 = '' or t.slug = $4) and ($5::uuid is null or p.record_id = $5)
		order by p.published_at desc, p.id desc limit $6`, c.At, c.ID, f.Kind, f.Publisher, f.RecordID, limit+1)
	found, err := pgx.CollectRows(rows, scanPublication)
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list publications")
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(cursorKey{last.PublishedAt, last.ID}), nil
}

// listedKey is a public key as it is shown.
type listedKey struct {
	ID        string
	Key       ed25519.PublicKey
	CreatedAt time.Time
	RetiredAt *time.Time
	Publisher Publisher
}

type keyCursor struct {
	Slug string `json:"slug"`
	ID   string `json:"id"`
}

func listKeys(ctx context.Context, tx pgx.Tx, publisher string, limit int, cursor string) ([]listedKey, string, error) {
	var c keyCursor
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `
		select k.id, k.public_key, k.created_at, k.retired_at, t.id, t.slug, t.kind, t.names, t.demo
		from app.public_keys k join app.tenants t on t.id = k.tenant_id
		where ($1 = '' or t.slug = $1) and (t.slug, k.id) > ($2, $3) order by t.slug, k.id limit $4`, publisher, c.Slug, c.ID, limit+1)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k listedKey, err error) {
		err = row.Scan(&k.ID, (*[]byte)(&k.Key), &k.CreatedAt, &k.RetiredAt, &k.Publisher.ID, &k.Publisher.Slug, &k.Publisher.Kind, &k.Publisher.Names, &k.Publisher.Demo)
		return k, err
	})
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list keys")
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(keyCursor{last.Publisher.Slug, last.ID}), nil
}
