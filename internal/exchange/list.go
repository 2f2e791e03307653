package exchange

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// Filter narrows a list of publications; its zero value is all that the reader may see and that hold.
type Filter struct {
	Kind      string
	Publisher string // slug
	RecordID  *uuid.UUID
	Words     string         // in one of the content's names, in any case
	Says      map[string]any // a part of the content
}

func (f Filter) args(before uuid.UUID) []any {
	says := f.Says
	if says == nil {
		says = map[string]any{}
	}
	return []any{before, f.Kind, f.Publisher, f.RecordID, f.Words, says}
}

type rootCursor struct {
	Root uuid.UUID `json:"root"`
}

// publicationsChosen are those of a filter before a root.
const publicationsChosen = `
	where p.withdrawn_at is null and p.superseded_at is null and p.root < $1
		and ($2 = '' or p.kind = $2) and ($3 = '' or t.slug = $3) and ($4::uuid is null or p.record_id = $4)
		and ($5 = '' or strpos(lower(jsonb_path_query_array(p.content, '$.names.*')::text), lower($5)) > 0) and ($6::jsonb = '{}' or p.content @> $6)`

// counted is how many publications a filter chooses that hold and the reader may see, where that was asked for.
func (a *API) counted(ctx context.Context, f Filter, asked *bool) (*int, error) {
	if !wire.Or(asked) {
		return nil, nil //nolint:nilnil // nobody asked
	}
	n := 0
	err := a.db.Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from `+publicationTables+publicationsChosen, f.args(lastID)...).Scan(&n)
	})
	return &n, postgres.Wrap(err, "count publications")
}

// List returns publications that hold, the newest record first, and the cursor of the next page, empty on the last one. A
// record keeps its place when it gets a new version, so that whoever goes through the pages meanwhile finds it once.
func List(ctx context.Context, tx pgx.Tx, f Filter, limit int, cursor string) ([]Publication, string, error) {
	c := rootCursor{lastID}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+publicationColumns+`, p.root from `+publicationTables+publicationsChosen+` order by p.root desc limit $7`, append(f.args(c.Root), limit+1)...)
	return pageOfPublications(rows, limit)
}

// OwnFilter narrows the list of what the tenant published; its zero value is all that holds.
type OwnFilter struct {
	Filter
	Audience  Audience
	Withdrawn bool // those that are withdrawn, instead
}

// ListOwn returns the newest versions of the tenant's own records, as List does: what of ours is shown, to whom, since when.
func ListOwn(ctx context.Context, tx pgx.Tx, f OwnFilter, limit int, cursor string) ([]Publication, string, error) {
	c := rootCursor{lastID}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `
		select `+publicationColumns+`, p.root from `+publicationTables+`
		where p.tenant_id = app.tenant() and p.superseded_at is null and (p.withdrawn_at is not null) = $4 and p.root < $1
			and not exists (select from app.publications n where n.tenant_id = p.tenant_id and n.kind = p.kind and n.record_id = p.record_id and n.version > p.version)
			and ($2 = '' or p.kind = $2) and ($3::uuid is null or p.record_id = $3) and ($5 = '' or p.audience = $5)
		order by p.root desc, p.version desc limit $6`, c.Root, f.Kind, f.RecordID, f.Withdrawn, f.Audience, limit+1)
	return pageOfPublications(rows, limit)
}

func pageOfPublications(rows pgx.Rows, limit int) (found []Publication, next string, err error) {
	var roots []uuid.UUID
	found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Publication, err error) {
		var content json.RawMessage
		var sum []byte
		var root uuid.UUID
		err = row.Scan(append(p.fields(&content, &sum), &root)...)
		p.Content, roots = content, append(roots, root)
		copy(p.SHA256[:], sum)
		return p, err
	})
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list publications")
	}
	return found[:limit], postgres.EncodeCursor(rootCursor{roots[limit-1]}), nil
}

// listedKey is a public key as it is shown.
type listedKey struct {
	ID                   string
	Key                  ed25519.PublicKey
	CreatedAt, ExpiresAt time.Time
	RetiredAt            *time.Time
	RetiredWhy           Why
	Publisher            Publisher
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
		select k.id, k.public_key, k.created_at, k.expires_at, k.retired_at, k.retired_why, t.id, t.slug, t.kind, t.names, t.demo
		from app.public_keys k join app.tenants t on t.id = k.tenant_id
		where k.algorithm = 'EdDSA' and ($1 = '' or t.slug = $1) and (t.slug, k.id) > ($2, $3) order by t.slug, k.id limit $4`, publisher, c.Slug, c.ID, limit+1)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k listedKey, err error) {
		err = row.Scan(&k.ID, (*[]byte)(&k.Key), &k.CreatedAt, &k.ExpiresAt, &k.RetiredAt, &k.RetiredWhy, &k.Publisher.ID, &k.Publisher.Slug, &k.Publisher.Kind, &k.Publisher.Names, &k.Publisher.Demo)
		return k, err
	})
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list keys")
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(keyCursor{last.Publisher.Slug, last.ID}), nil
}
