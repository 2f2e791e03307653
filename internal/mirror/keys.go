package mirror

import (
	"context"
	"crypto/ed25519"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// Keys are the keys that a publisher of a followed house signs with, and signed with. The house is asked each time, since a key
// may have been retired a moment ago; when it does not answer, what it said last counts. It returns ErrNotFollowed for a house
// that is not followed now, and ErrKeysUnknown when it does not answer and never gave a key of that publisher.
func (p *Partners) Keys(ctx context.Context, house, publisher string) (exchange.KeySet, error) {
	ctx = everybodyIn(ctx)
	followed, err := p.follows(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(followed, func(h translog.House) bool { return h.Name == house })
	if i < 0 {
		return nil, ErrNotFollowed.With("Name", house)
	}
	given, asked := p.askKeys(ctx, followed[i], publisher)
	if asked != nil {
		p.c.Log.WarnContext(ctx, "a partner house does not give its keys", "house", house, "error", asked)
	} else if err := p.keepKeys(ctx, followed[i], given); err != nil {
		return nil, err
	}
	keys, err := p.keptKeys(ctx, house, publisher)
	if err == nil && len(keys) == 0 && asked != nil {
		err = ErrKeysUnknown.With("Name", house)
	}
	return keys, err
}

// askKeys asks a house for the keys of one of its publishers; what is no key, or another's, is left out.
func (p *Partners) askKeys(ctx context.Context, h translog.House, publisher string) ([]exchange.PublicKey, error) {
	client := p.client
	if !p.named(h.Name) {
		client = p.c.Client
	}
	var answer struct{ Items []exchange.PublicKey }
	err := (&House{URL: h.URL, Client: client}).get(ctx, "/api/v1/keys?publisher="+url.QueryEscape(publisher), &answer)
	return slices.DeleteFunc(answer.Items, func(k exchange.PublicKey) bool {
		return len(k.Key) != ed25519.PublicKeySize || exchange.KeyID(k.Key) != k.KeyID || k.Publisher.Slug != publisher
	}), err
}

// keepKeys writes down what a house gave. That a key is retired is never taken back.
func (p *Partners) keepKeys(ctx context.Context, h translog.House, given []exchange.PublicKey) error {
	return p.db.Tx(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		if p.named(h.Name) { // it may not have been read yet
			b.Queue(`insert into app.partner_houses (name, url) values ($1, $2) on conflict do nothing`, h.Name, h.URL)
		}
		for _, k := range given {
			b.Queue(`
				insert into app.partner_keys (house, key_id, publisher, public_key, retired_at, seen_at) values ($1, $2, $3, $4, $5, $6)
				on conflict (house, key_id) do update set retired_at = coalesce(app.partner_keys.retired_at, excluded.retired_at), seen_at = excluded.seen_at`,
				h.Name, k.KeyID, k.Publisher.Slug, []byte(k.Key), k.RetiredAt, p.c.Now())
		}
		return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "keys of %s", h.Name)
	})
}

// mostKeys of one publisher are believed: it makes one in two years.
const mostKeys = 1000

func (p *Partners) keptKeys(ctx context.Context, house, publisher string) (exchange.KeySet, error) {
	keys := exchange.KeySet{}
	err := p.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select key_id, public_key, retired_at from app.partner_keys where house = $1 and publisher = $2 order by key_id limit $3`, house, publisher, mostKeys)
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k exchange.PublicKey, err error) {
			var raw []byte
			err = row.Scan(&k.KeyID, &raw, &k.RetiredAt)
			k.Key, k.Publisher.Slug = raw, publisher
			return k, err
		})
		for _, k := range all {
			keys[k.KeyID] = k
		}
		return postgres.Wrap(err, "keys of %s", house)
	})
	return keys, err
}
