package marks

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Verdict is what is known of a code.
type Verdict string

// The verdicts.
const (
	Genuine   Verdict = "genuine"
	NotIssued Verdict = "not-issued" // a code of ours that nobody was given to use
	Stopped   Verdict = "stopped"    // its holder may use the mark no more, or the name is protected no more
	Voided    Verdict = "void"       // taken out of use, lost or destroyed: it should be on nothing
	Mistyped  Verdict = "mistyped"   // its check symbol says so
	Unknown   Verdict = "not-genuine"
)

// Verdicts lists them.
var Verdicts = []Verdict{Genuine, NotIssued, Stopped, Voided, Mistyped, Unknown}

// Check is what is said of a code that was asked for.
type Check struct {
	Verdict   Verdict
	Code      string // in groups, as it was typed
	Publisher exchange.Publisher
	Product   Product
	Holder    *Holder // nil: it was issued to nobody
	Status    Status  // of the holder's authorisation
	Lot       string
	BatchID   uuid.UUID
	Number    int64  // in its batch
	facts     *facts // of its batch; nil: it is of none
	place     Place
}

// Product is what a batch of marks is for.
type Product struct {
	RegistrationID uuid.UUID
	Title          string
	Names          []registry.Name
	Registered     bool
	Office         string
	Number         string // of its first legal basis
}

// Codes recognise codes. What a batch is, they keep in memory for a moment: a genuine code is recognised without the database.
type Codes struct {
	db    *tenancy.DB
	vault *exchange.Keys
	now   func() time.Time
	mu    sync.Mutex
	known map[uint32]*known
	scans scans
	guess guesses
}

const (
	// freshFor is how old the knowledge of a batch may be: a mark that is taken out of use is said to be so this much later.
	freshFor = 10 * time.Second
	// mostKnown is how many batches are kept; one of too many is forgotten, whichever it is.
	mostKnown = 1000
	// mostHoldings is how many ranges of a batch are kept; of a batch in more pieces each number is looked up.
	mostHoldings = 20_000
)

// NewCodes returns the door for codes.
func NewCodes(db *tenancy.DB, vault *exchange.Keys, now func() time.Time) *Codes {
	return &Codes{db: db, vault: vault, now: now, known: map[uint32]*known{}}
}

// known is what is known of the batches that a code's 24 bits may mean, none when there is none.
type known struct {
	mu    sync.Mutex // held while it is read
	at    time.Time
	facts []*facts
}

// facts are of one batch.
type facts struct {
	scope     tenancy.Scope
	publisher exchange.Publisher
	batch     Batch
	product   Product
	sealers   sync.Pool // of *Sealer
	holdings  []Holding // in the order of their numbers
	whole     bool      // these are all
	holders   map[uuid.UUID]Authorisation
	told      sync.Map // Place → what is told of a mark in it, but its code
}

// Check says what is known of a code as it was typed. It returns ErrTooMany to an address that asks for many wrong ones.
func (c *Codes) Check(ctx context.Context, typed string) (k Check, err error) {
	who := askerFrom(ctx)
	if err := c.guess.patience(who, c.now()); err != nil {
		return k, err
	}
	if k, err = c.check(ctx, typed, who.Country); err == nil && (k.Verdict == Unknown || k.Verdict == Mistyped) {
		c.guess.wrong(who, c.now())
	}
	return k, err
}

func (c *Codes) check(ctx context.Context, typed, country string) (k Check, err error) {
	code, err := ParseCode(typed)
	if err != nil {
		k.Verdict, k.Code = Unknown, typed
		if errors.Is(err, ErrCodeTyped) {
			k.Verdict = Mistyped
		}
		return k, nil
	}
	k.Verdict, k.Code = Unknown, code.String()
	all, err := c.of(ctx, code.Batch)
	if err != nil {
		return k, err
	}
	for _, f := range all {
		if int64(code.Number) < f.batch.Count && f.genuine(code) {
			p, err := c.place(ctx, f, int64(code.Number))
			if err != nil {
				return k, err
			}
			f.say(&k, p)
			k.BatchID, k.Number = f.batch.ID, int64(code.Number)
			// Whoever keeps the marks looks codes up at a desk: that is no scan of goods.
			if own, err := tenancy.From(ctx); err != nil || own.Tenant != f.scope.Tenant {
				c.scans.add(scan{f.scope, f.batch.ID, int64(code.Number), k.Verdict, country, c.now()})
			}
			return k, nil
		}
	}
	return k, nil
}

func (f *facts) genuine(code Code) bool {
	s := f.sealers.Get().(*Sealer)
	defer f.sealers.Put(s)
	return s.Genuine(code)
}

// say fills in what is said of a mark in a place.
func (f *facts) say(k *Check, p Place) {
	k.Publisher, k.Product, k.Lot, k.facts, k.place = f.publisher, f.product, p.Lot(), f, p
	if id, ok := p.Authorisation(); ok {
		a := f.holders[id]
		k.Holder, k.Status = &a.Holder, a.Status
	}
	switch p.Kind {
	case Issued, Used:
		k.Verdict = Genuine
		if !k.Status.InForce() || !f.product.Registered {
			k.Verdict = Stopped
		}
	case Void, Lost, Destroyed:
		k.Verdict = Voided
	default:
		k.Verdict = NotIssued
	}
}

// place is where a number is.
func (c *Codes) place(ctx context.Context, f *facts, number int64) (p Place, err error) {
	if f.whole {
		i, _ := slices.BinarySearchFunc(f.holdings, number, func(h Holding, n int64) int {
			switch {
			case h.Numbers.end() <= n:
				return -1
			case h.Numbers.First > n:
				return 1
			}
			return 0
		})
		if i < len(f.holdings) {
			return f.holdings[i].Place, nil
		}
		return Place{}, nil
	}
	err = c.db.Read(tenancy.In(ctx, f.scope), func(tx pgx.Tx) error { p, err = placeOf(ctx, tx, f.batch.ID, number); return err })
	return p, err
}

// of is what is known of a batch's 24 bits. Whoever comes while it is read waits for it and reads nothing.
func (c *Codes) of(ctx context.Context, code uint32) ([]*facts, error) {
	c.mu.Lock()
	k, ok := c.known[code]
	if !ok {
		if len(c.known) >= mostKnown {
			for other := range c.known {
				delete(c.known, other)
				break
			}
		}
		k = &known{}
		c.known[code] = k
	}
	c.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := c.now(); k.at.IsZero() || now.Sub(k.at) > freshFor {
		read, err := c.read(ctx, code)
		if err != nil {
			return nil, err
		}
		k.facts, k.at = read, now
	}
	return k.facts, nil
}

// Forget drops what is known of a batch, for whoever has just moved its marks.
func (c *Codes) Forget(code uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.known, code)
}

// read finds the batches of a code's 24 bits, as nobody, and what there is to say of each, as its tenant.
func (c *Codes) read(ctx context.Context, code uint32) (all []*facts, err error) {
	err = c.db.Read(tenancy.In(ctx, tenancy.Public), func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select g.tenant_id, g.slug, g.kind, g.demo, g.batch_id, t.names from app.gate_mark_batches($1) g join app.tenants t on t.id = g.tenant_id`, int32(code))
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*facts, error) {
			f := &facts{scope: tenancy.Scope{ActorKind: tenancy.System}}
			err := row.Scan(&f.scope.Tenant, &f.scope.Slug, &f.scope.TenantKind, &f.scope.Demo, &f.batch.ID, &f.publisher.Names)
			f.publisher.ID, f.publisher.Slug, f.publisher.Kind, f.publisher.Demo = f.scope.Tenant, f.scope.Slug, f.scope.TenantKind, f.scope.Demo
			return f, err
		})
		return postgres.Wrap(err, "batches of code %d", code)
	})
	for _, f := range all {
		if err := c.db.Read(tenancy.In(ctx, f.scope), func(tx pgx.Tx) error { return f.read(ctx, tx, c.vault) }); err != nil {
			return nil, err
		}
	}
	return all, err
}

func (f *facts) read(ctx context.Context, tx pgx.Tx, vault *exchange.Keys) (err error) {
	if f.batch, err = batchByID(ctx, tx, f.batch.ID); err != nil {
		return err
	}
	first, secret, err := sealerOf(ctx, tx, vault, f.scope.Tenant, f.batch)
	if err != nil {
		return err
	}
	f.sealers.New = func() any {
		s, err := NewSealer(secret, f.batch.ID, f.batch.Code)
		if err != nil {
			panic(err) // the first one was made of the same
		}
		return s
	}
	f.sealers.Put(first)
	r, err := registry.ByID(ctx, tx, registry.ID(f.batch.RegistrationID.String()))
	if err != nil {
		return err
	}
	f.product = Product{RegistrationID: f.batch.RegistrationID, Title: r.Content.Title(), Names: r.Content.Names, Registered: r.Status == registry.Registered, Office: r.Content.Office}
	if len(r.Content.Bases) > 0 {
		f.product.Number = r.Content.Bases[0].Number
	}
	if f.holdings, err = holdings(ctx, tx, f.batch.ID, 0, mostHoldings+1); err != nil {
		return err
	}
	f.whole = len(f.holdings) <= mostHoldings
	return f.readHolders(ctx, tx)
}

// readHolders reads all to whom marks of the batch were issued.
func (f *facts) readHolders(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `
		select `+authorisationColumns+` from app.mark_authorisations a
		where a.id::text in (select distinct m.to_of from app.mark_moves m where m.batch_id = $1 and m.to_kind = 'issued')`, f.batch.ID)
	all, err := pgx.CollectRows(rows, scanAuthorisation)
	f.holders = make(map[uuid.UUID]Authorisation, len(all))
	for _, a := range all {
		f.holders[a.ID] = a
	}
	return postgres.Wrap(err, "holders of mark batch %s", f.batch.ID)
}
