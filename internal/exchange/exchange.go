package exchange

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrByRecord is returned for publications that are shared and withdrawn with their record only.
var ErrByRecord = problem.New(problem.Conflict, "publication.by-its-record")

// Exchange is the verbs: who may read what is published, what changed, and who read it.
type Exchange struct {
	db   *tenancy.DB
	keys *Keys
	now  func() time.Time
	mu   sync.Mutex
	head Position  // of the feed, as it was
	seen time.Time // then
}

// New returns the verbs over db; receipts are signed with the tenants' keys.
func New(db *tenancy.DB, keys *Keys, now func() time.Time) *Exchange {
	return &Exchange{db: db, keys: keys, now: now}
}

// List is the list of publications that the caller may read; what is of others leaves receipts.
func (x *Exchange) List(ctx context.Context, f Filter, limit int, cursor string) (found []Publication, next string, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		if found, next, err = List(ctx, tx, f, limit, cursor); err != nil {
			return err
		}
		return x.receiptsOfRead(ctx, tx, found)
	})
	return found, next, err
}

// Read reads any version that the caller may read, or returns ErrNotFound; one of another tenant's leaves a receipt.
func (x *Exchange) Read(ctx context.Context, id ID) (p Publication, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		if p, err = ByID(ctx, tx, id); err != nil {
			return err
		}
		return x.receiptsOfRead(ctx, tx, []Publication{p})
	})
	return p, err
}

// Share shows a record, all its versions, to another audience than before.
func (x *Exchange) Share(ctx context.Context, id ID, c Choice) (p Publication, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		if p, err = own(ctx, tx, id); err != nil {
			return err
		}
		to := p
		if err := c.Apply(ctx, tx, &to); err != nil || to.sameAudience(p) {
			return err
		}
		if err := share(ctx, tx, p, to); err != nil {
			return err
		}
		p, err = ByID(ctx, tx, id)
		return err
	})
	return p, err
}

// Withdraw ends the publication of the record that id is a version of, with a reason.
func (x *Exchange) Withdraw(ctx context.Context, id ID, reason string) (p Publication, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		if p, err = own(ctx, tx, id); err != nil {
			return err
		}
		if err := Withdraw(ctx, tx, p.Kind, p.RecordID, reason); err != nil {
			return err
		}
		p, err = ByID(ctx, tx, id)
		return err
	})
	return p, err
}

// own reads a publication of the tenant's that may be acted on by itself.
func own(ctx context.Context, tx pgx.Tx, id ID) (Publication, error) {
	p, err := ByID(ctx, tx, id)
	switch {
	case err != nil:
		return p, err
	case p.Basis.Kind != basisOwn:
		return p, ErrNotFound // a foreign record answers as a missing one
	case !p.Free():
		return p, ErrByRecord
	}
	return p, nil
}

// Free tells whether a publication may be shared and withdrawn by itself; others follow the acts of their record.
func (p Publication) Free() bool { return p.Kind != PackageKind && p.Kind != CanaryKind }

// Sweeping says how Settle is registered: jobs.Sweep(exchange.SweepName, exchange.SweepEvery, x.Settle).
const (
	SweepName  = "exchange.settle"
	SweepEvery = 15 * time.Second
)

// Settle tells readers in the feed of grants that ended, and signs the receipts of what the tenant did and the list of the
// packages that it took back. It may be done twice.
func (x *Exchange) Settle(ctx context.Context) error {
	if err := x.settleGrants(ctx); err != nil {
		return err
	}
	if err := x.signReceipts(ctx); err != nil {
		return err
	}
	return x.signWithdrawn(ctx)
}

// share changes the audience of all versions of a record from p's to to's and tells who gained or lost it.
func share(ctx context.Context, tx pgx.Tx, p, to Publication) error {
	if err := lockReaders(ctx, tx); err != nil {
		return err
	}
	concerned, err := candidates(ctx, tx, p, to)
	if err != nil {
		return err
	}
	before, err := readersAmong(ctx, tx, p, concerned)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update app.publications set audience = $3, reader = $4, parties_of = $5, audience_since = now()
		where kind = $1 and record_id = $2 and tenant_id = app.tenant()`, p.Kind, p.RecordID, to.Audience, known(to.Reader), known(to.Instrument))
	if err != nil {
		return postgres.Wrap(err, "share %s %s", p.Kind, p.RecordID)
	}
	if err := moveNames(ctx, tx, to); err != nil {
		return err
	}
	if err := tellOfShare(ctx, tx, p, to, before, concerned); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{
		Action: p.Kind + ".share-publication", ObjectKind: "publication", ObjectID: p.ID.String(), OtherParty: to.Reader,
		Before: map[string]any{"audience": p.Audience, "reader": known(p.Reader), "instrument": known(p.Instrument)},
		After:  map[string]any{"audience": to.Audience, "reader": known(to.Reader), "instrument": known(to.Instrument)},
	})
}

// moveNames keeps the names of what everybody may read, and of nothing else.
func moveNames(ctx context.Context, tx pgx.Tx, p Publication) error {
	_, err := tx.Exec(ctx, `
		delete from app.published_names n using app.publications p
		where p.kind = $1 and p.record_id = $2 and p.tenant_id = app.tenant() and p.audience <> 'public' and n.tenant_id = p.tenant_id and n.publication_id = p.id`, p.Kind, p.RecordID)
	if err == nil {
		_, err = tx.Exec(ctx, `
			insert into app.published_names (publication_id, name_key, name, language, kind)
			select p.id, n.key, n.text, n.language, n.kind from app.publications p,
				jsonb_to_recordset(p.names) as n(key text, text text, language text, kind text)
			where p.kind = $1 and p.record_id = $2 and p.tenant_id = app.tenant() and p.audience = 'public'
			on conflict do nothing`, p.Kind, p.RecordID)
	}
	return postgres.Wrap(err, "names of %s %s", p.Kind, p.RecordID)
}

// tellOfShare writes the feed and the receipts. What was for everybody is concealed from everybody first.
func tellOfShare(ctx context.Context, tx pgx.Tx, old, to Publication, before, concerned []tenancy.ID) error {
	p, err := latest(ctx, tx, old.Kind, old.RecordID)
	if err != nil {
		return err
	}
	after, err := readersAmong(ctx, tx, p, concerned)
	if err != nil {
		return err
	}
	lost, gained := without(before, after), without(after, before)
	switch everybody := []tenancy.ID{uuid.Nil}; {
	case to.Audience == Public:
		lost, gained = nil, everybody
	case old.Audience == Public:
		lost, gained = everybody, after
	}
	for _, reader := range lost {
		if err := change(ctx, tx, eventConceal, p, reader); err != nil {
			return err
		}
	}
	if p.WithdrawnAt != nil {
		return nil // those who lost it may not have heard yet that it is withdrawn; there is nothing to gain
	}
	for _, reader := range gained {
		if err := change(ctx, tx, eventReveal, p, reader); err != nil {
			return err
		}
	}
	return receiptOfWrite(ctx, tx, actShare, p)
}

func without(all, some []tenancy.ID) (rest []tenancy.ID) {
	for _, id := range all {
		if !slices.Contains(some, id) {
			rest = append(rest, id)
		}
	}
	return rest
}
