package marks

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Usages are the verbs of producers and of the usage rate.
type Usages struct {
	db      *tenancy.DB
	imports *registry.Imports
	now     func() time.Time
}

// NewUsages returns the verbs over db, and lets files become producers.
func NewUsages(db *tenancy.DB, imports *registry.Imports, now func() time.Time) *Usages {
	imports.Add(producerTarget())
	return &Usages{db, imports, now}
}

// Create enters a producer into the list of a registration. It returns ErrProducerListed when it is there.
func (s *Usages) Create(ctx context.Context, registration uuid.UUID, f ProducerFacts) (p Producer, err error) {
	if err := f.Check(); err != nil {
		return p, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := registry.ByID(ctx, tx, registry.ID(registration.String())); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		if p, err = insertProducer(ctx, tx, registration, f, scope.ActorName); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-producer.create", ObjectKind: "mark-producer", ObjectID: p.ID.String(), After: p})
	})
	return p, err
}

// Update replaces what is kept of the version that was read; its code stays.
func (s *Usages) Update(ctx context.Context, id uuid.UUID, version int, f ProducerFacts) (p Producer, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if p, err = lockProducer(ctx, tx, id); err != nil {
			return err
		}
		if p.Version != version {
			return problem.ErrStale
		}
		before := p
		f.CreditCode = p.CreditCode
		if err := f.Check(); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		p.ProducerFacts = f
		if p, err = saveProducer(ctx, tx, p, scope.ActorName); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-producer.update", ObjectKind: "mark-producer", ObjectID: id.String(), Before: before, After: p})
	})
	return p, err
}

// Producer reads one.
func (s *Usages) Producer(ctx context.Context, id uuid.UUID) (p Producer, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { p, err = producerByID(ctx, tx, id); return err })
	return p, err
}

// Producers is a page of producers, the newest first, and the cursor of the next.
func (s *Usages) Producers(ctx context.Context, f ProducerFilter, limit int, cursor string) (all []Producer, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listProducers(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountProducers is how many a filter chooses.
func (s *Usages) CountProducers(ctx context.Context, f ProducerFilter) (n int, err error) {
	args, ok := f.args()
	if !ok {
		return 0, nil
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosenProducers, args...).Scan(&n), "mark producers")
	})
	return n, err
}
