package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// copyOf is what a consumer holds that does what the feed says: the version of each record.
type copyOf map[string]uuid.UUID

func recordKey(p exchange.Publication) string {
	return fmt.Sprintf("%s %s %s", p.Publisher.ID, p.Kind, p.RecordID)
}

func (c copyOf) apply(ch exchange.Change) {
	switch ch.Event {
	case "publish", "reveal":
		if ch.Publication.WithdrawnAt == nil {
			c[recordKey(ch.Publication)] = ch.Publication.ID
		}
	default:
		delete(c, recordKey(ch.Publication))
	}
}

// readAll goes through the feed from a position to its head in pages of random sizes.
func readAll(t *testing.T, ctx context.Context, x *exchange.Exchange, after exchange.Position, see func(exchange.Change)) exchange.Position {
	t.Helper()
	for {
		page, err := x.Changes(ctx, after, 1+rand.IntN(40), exchange.ChangeFilter{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Items {
			if c.Seq <= after {
				t.Fatalf("change %d came after %d", c.Seq, after)
			}
			after = c.Seq
			see(c)
		}
		if after = page.Position; after >= page.Head {
			return after
		}
	}
}

// holding is what the database shows to the tenant of ctx by itself.
func holding(t *testing.T, ctx context.Context) copyOf {
	t.Helper()
	all := copyOf{}
	err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select tenant_id, kind, record_id, id from app.publications where superseded_at is null and withdrawn_at is null`)
		_, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p exchange.Publication, err error) {
			err = row.Scan(&p.Publisher.ID, &p.Kind, &p.RecordID, &p.ID)
			all[recordKey(p)] = p.ID
			return p, err
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func only(c copyOf, publishers ...tenancy.ID) copyOf {
	some := copyOf{}
	for k, v := range c {
		for _, p := range publishers {
			if len(k) > 36 && k[:36] == p.String() {
				some[k] = v
			}
		}
	}
	return some
}

func tenantOf(t *testing.T, ctx context.Context) tenancy.Scope {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// world is two publishers and who reads them, moved by random acts.
type world struct {
	t           *testing.T
	x           *exchange.Exchange
	publishers  []context.Context
	readers     []context.Context // two tenants and nobody
	records     []uuid.UUID
	instruments []uuid.UUID
	grants      []uuid.UUID
	givers      []context.Context // of grants
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, x: verbs(t)}
	for range 2 {
		w.publishers = append(w.publishers, dbtest.Tenant(t, tenancy.County))
		w.readers = append(w.readers, dbtest.Tenant(t, tenancy.Jurisdiction))
		w.instruments = append(w.instruments, uuid.New())
	}
	w.readers = append(w.readers, tenancy.In(t.Context(), tenancy.Public), w.publishers[0])
	for range 6 {
		w.records = append(w.records, uuid.New())
	}
	return w
}

func (w *world) choice() exchange.Choice {
	switch rand.IntN(4) {
	case 0:
		return exchange.Choice{Audience: exchange.Public}
	case 1:
		return exchange.Choice{Audience: exchange.OneReader, Tenant: tenantOf(w.t, w.readers[rand.IntN(2)]).Slug}
	case 2:
		return exchange.Choice{Audience: exchange.Parties, Instrument: w.instruments[0]}
	}
	return exchange.Choice{}
}

// act does something at random; what the rules refuse is left.
func (w *world) act() error {
	n := rand.IntN(len(w.publishers))
	ctx, kind, record := w.publishers[n], []string{"registration", "recognition"}[rand.IntN(2)], w.records[rand.IntN(len(w.records))]
	db := dbtest.DB(w.t)
	switch rand.IntN(10) {
	case 0:
		return db.Tx(ctx, func(tx pgx.Tx) error { return exchange.Withdraw(ctx, tx, kind, record, "test") })
	case 1:
		g, err := w.x.Give(ctx, exchange.Grant{Reader: exchange.Publisher{Slug: tenantOf(w.t, w.readers[rand.IntN(2)]).Slug}, Kinds: []string{kind}, Purpose: "test", Until: time.Now().Add(time.Hour)})
		w.grants, w.givers = append(w.grants, g.ID), append(w.givers, ctx)
		return err
	case 2:
		g, err := w.x.Give(ctx, exchange.Grant{Reader: exchange.Publisher{Slug: tenantOf(w.t, w.readers[rand.IntN(2)]).Slug}, Records: []uuid.UUID{record}, Purpose: "test", Until: time.Now().Add(time.Hour)})
		w.grants, w.givers = append(w.grants, g.ID), append(w.givers, ctx)
		return err
	case 3, 4:
		if len(w.grants) == 0 {
			return nil
		}
		i := rand.IntN(len(w.grants))
		if _, err := w.x.Revoke(w.givers[i], w.grants[i], "test"); !errors.Is(err, exchange.ErrGrantEnded) {
			return err
		}
		return nil
	case 5:
		parties := []tenancy.ID{}
		for _, r := range w.readers[:2] {
			if rand.IntN(2) == 0 {
				parties = append(parties, tenantOf(w.t, r).Tenant)
			}
		}
		return db.Tx(ctx, func(tx pgx.Tx) error { return exchange.SetParties(ctx, tx, w.instruments[0], parties) })
	}
	return db.Tx(ctx, func(tx pgx.Tx) error {
		p := exchange.Publication{Kind: kind, RecordID: record, Content: map[string]any{"n": rand.IntN(1000)}, Names: []exchange.Name{{Key: "k", Text: "K", Language: "en", Kind: "original"}}}
		c := w.choice()
		if err := c.Apply(ctx, tx, &p); err != nil && c.Audience == exchange.Parties {
			p.Audience, p.Instrument = "", uuid.Nil // there are no parties now
		} else if err != nil {
			return err
		}
		_, err := exchange.Publish(ctx, tx, p)
		return err
	})
}

// Whoever follows the feed, from the beginning or from any place on, has what the database would show, whatever is
// published, corrected, withdrawn, granted, revoked and shared in between.
func TestTheFeedRebuildsWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	for range 4 {
		w := newWorld(t)
		publishers := []tenancy.ID{tenantOf(t, w.publishers[0]).Tenant, tenantOf(t, w.publishers[1]).Tenant}
		following, at := make([]copyOf, len(w.readers)), make([]exchange.Position, len(w.readers))
		for i := range following {
			following[i] = copyOf{}
		}
		for step := range 120 {
			if err := w.act(); err != nil {
				t.Fatal(err)
			}
			if step%40 != 39 {
				continue
			}
			for i, r := range w.readers {
				at[i] = readAll(t, r, w.x, at[i], following[i].apply)
				anew := copyOf{}
				readAll(t, r, w.x, 0, anew.apply)
				want := only(holding(t, r), publishers...)
				if diff := cmp.Diff(want, only(following[i], publishers...)); diff != "" {
					t.Fatalf("step %d, reader %d, who followed (-want +got):\n%s", step, i, diff)
				}
				if diff := cmp.Diff(want, only(anew, publishers...)); diff != "" {
					t.Fatalf("step %d, reader %d, from 0 (-want +got):\n%s", step, i, diff)
				}
			}
		}
	}
}

var errRolledBack = errors.New("rolled back")

// Eight write at once, some long, some in vain, while one reads: it reads each change that is committed, once, in
// ascending order, and each record's versions in theirs.
func TestNoChangeIsMissedWhileEightWrite(t *testing.T) {
	t.Parallel()
	x, reader := verbs(t), tenancy.In(t.Context(), tenancy.Public)
	kind := "test-" + uuid.NewString()
	start, err := x.Head(reader)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	committed := map[uuid.UUID]bool{}
	var writers sync.WaitGroup
	for range 8 {
		ctx := dbtest.Tenant(t, tenancy.County)
		writers.Go(func() {
			records := []uuid.UUID{uuid.New(), uuid.New()}
			for n := range 40 {
				var ids []uuid.UUID
				err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
					ids = nil
					for i := range 1 + rand.IntN(3) {
						id, err := exchange.Publish(ctx, tx, exchange.Publication{Kind: kind, RecordID: records[rand.IntN(2)], Content: map[string]any{"n": n, "i": i}})
						if err != nil {
							return err
						}
						ids = append(ids, id)
						pause(ctx, time.Duration(rand.IntN(3000))*time.Microsecond)
					}
					if rand.IntN(4) == 0 {
						return errRolledBack
					}
					return nil
				})
				if err != nil && !errors.Is(err, errRolledBack) {
					t.Error(err)
					return
				}
				if err == nil {
					mu.Lock()
					for _, id := range ids {
						committed[id] = true
					}
					mu.Unlock()
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	read, last, versions := map[uuid.UUID]bool{}, start, map[uuid.UUID]int{}
	for finished := false; ; {
		select {
		case <-done:
			finished = true
		default:
		}
		page, err := x.Changes(reader, last, 50, exchange.ChangeFilter{Kind: kind}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Items {
			p := c.Publication
			if c.Seq <= last || read[p.ID] || p.Version <= versions[p.RecordID] {
				t.Fatalf("change %d of version %d came after %d, version %d", c.Seq, p.Version, last, versions[p.RecordID])
			}
			last, read[p.ID], versions[p.RecordID] = c.Seq, true, p.Version
		}
		if last = page.Position; finished && last >= page.Head {
			break
		}
	}
	if diff := cmp.Diff(committed, read); diff != "" {
		t.Errorf("committed (-) and read (+):\n%s", diff)
	}
}

// While rights are given, taken and shared by some and others publish, one reader follows; in the end it has what the
// database shows, so no right fell between a publication and its event.
func TestRightsAndPublicationsMeet(t *testing.T) {
	t.Parallel()
	x, owner, reader := verbs(t), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction)
	other := tenantOf(t, dbtest.Tenant(t, tenancy.Trader))
	instrument := uuid.New()
	var working sync.WaitGroup
	work := func(times int, act func() error) {
		working.Go(func() {
			for range times {
				if err := act(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 4 {
		work(60, func() error {
			return dbtest.DB(t).Tx(owner, func(tx pgx.Tx) error {
				p := exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.OneReader, Reader: other.Tenant, Content: map[string]any{}}
				if rand.IntN(2) == 0 {
					p = exchange.Publication{Kind: "recognition", RecordID: uuid.New(), Audience: exchange.Parties, Instrument: instrument, Content: map[string]any{}}
				}
				_, err := exchange.Publish(owner, tx, p)
				pause(owner, time.Duration(rand.IntN(3000))*time.Microsecond)
				return err
			})
		})
	}
	work(25, func() error {
		g, err := x.Give(owner, exchange.Grant{Reader: exchange.Publisher{Slug: tenantOf(t, reader).Slug}, Kinds: []string{"registration"}, Purpose: "test", Until: time.Now().Add(time.Hour)})
		if err == nil && rand.IntN(3) > 0 {
			_, err = x.Revoke(owner, g.ID, "test")
		}
		return err
	})
	work(25, func() error {
		parties := []tenancy.ID{tenantOf(t, reader).Tenant}
		return dbtest.DB(t).Tx(owner, func(tx pgx.Tx) error { return exchange.SetParties(owner, tx, instrument, parties[:rand.IntN(2)]) })
	})
	done := make(chan struct{})
	go func() { working.Wait(); close(done) }()
	following, at := copyOf{}, exchange.Position(0)
	for finished := false; !finished; {
		select {
		case <-done:
			finished = true
		default:
		}
		at = readAll(t, reader, x, at, following.apply)
	}
	us := tenantOf(t, owner).Tenant
	if diff := cmp.Diff(only(holding(t, reader), us), only(following, us)); diff != "" {
		t.Errorf("who followed (-want +got):\n%s", diff)
	}
}

// pause holds a transaction open for a while.
func pause(ctx context.Context, d time.Duration) {
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-ctx.Done():
	case <-over.C:
	}
}
