package exchange_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// sees counts what a query finds as the tenant of ctx, in the application's role.
func sees(t *testing.T, ctx context.Context, sql string, args ...any) (n int) {
	t.Helper()
	err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, sql, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// changed is how many rows a statement changes as the tenant of ctx, or -1 when it is refused.
func changed(t *testing.T, ctx context.Context, sql string, args ...any) (n int64) {
	t.Helper()
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sql, args...)
		n = tag.RowsAffected()
		return err
	})
	if err != nil {
		return -1
	}
	return n
}

// The database itself decides who reads: three tenants and nobody ask for the same publication as its audience and its
// grants change.
func TestTheDatabaseDecidesWhoReads(t *testing.T) {
	t.Parallel()
	x := verbs(t)
	owner, a, b := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction), dbtest.Tenant(t, tenancy.Jurisdiction)
	nobody := tenancy.In(t.Context(), tenancy.Public)
	instrument, record := uuid.New(), uuid.New()
	id := publish(t, owner, exchange.Publication{Kind: "registration", RecordID: record, Content: map[string]any{}, Audience: exchange.OneReader, Reader: tenantOf(t, dbtest.Tenant(t, tenancy.Trader)).Tenant})
	share := func(c exchange.Choice) {
		t.Helper()
		if _, err := x.Share(owner, id, c); err != nil {
			t.Fatal(err)
		}
	}
	parties := func(all ...context.Context) {
		t.Helper()
		ids := []tenancy.ID{}
		for _, p := range all {
			ids = append(ids, tenantOf(t, p).Tenant)
		}
		inTx(t, owner, func(tx pgx.Tx) error { return exchange.SetParties(owner, tx, instrument, ids) })
	}
	var kinds, records exchange.Grant
	for _, step := range []struct {
		name         string
		do           func()
		a, b, nobody int
	}{
		{"for another reader", func() {}, 0, 0, 0},
		{"for a", func() { share(exchange.Choice{Audience: exchange.OneReader, Tenant: tenantOf(t, a).Slug}) }, 1, 0, 0},
		{"b gets a grant of the kind", func() { kinds = give(t, owner, b, x, time.Now().Add(time.Hour)) }, 1, 1, 0},
		{"and one of the record", func() {
			var err error
			records, err = x.Give(owner, exchange.Grant{Reader: exchange.Publisher{Slug: tenantOf(t, b).Slug}, Records: []uuid.UUID{record}, Purpose: "test", Until: time.Now().Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
		}, 1, 1, 0},
		{"the first is revoked", func() {
			if _, err := x.Revoke(owner, kinds.ID, "done"); err != nil {
				t.Fatal(err)
			}
		}, 1, 1, 0},
		{"the second is over", func() {
			if _, err := dbtest.Superuser(t).Exec(t.Context(), `update app.grants set until_at = now() where id = $1`, records.ID); err != nil {
				t.Fatal(err)
			}
		}, 1, 0, 0},
		{"for parties: a", func() {
			parties(a)
			share(exchange.Choice{Audience: exchange.Parties, Instrument: instrument})
		}, 1, 0, 0},
		{"b joins", func() { parties(a, b) }, 1, 1, 0},
		{"a leaves", func() { parties(b) }, 0, 1, 0},
		{"for everybody", func() { share(exchange.Choice{Audience: exchange.Public}) }, 1, 1, 1},
		{"for a again", func() { share(exchange.Choice{Audience: exchange.OneReader, Tenant: tenantOf(t, a).Slug}) }, 1, 0, 0},
	} {
		step.do()
		const q = `select count(*) from app.publications where id = $1`
		if n := sees(t, owner, q, id); n != 1 {
			t.Errorf("%s: the publisher sees %d", step.name, n)
		}
		if got := [3]int{sees(t, a, q, id), sees(t, b, q, id), sees(t, nobody, q, id)}; got != [3]int{step.a, step.b, step.nobody} {
			t.Errorf("%s: a, b and nobody see %v, want %v", step.name, got, [3]int{step.a, step.b, step.nobody})
		}
	}
}

// Whoever speaks SQL as the application, in the scope of the reader or of a stranger, can take no right, prolong none and
// forge nothing.
func TestRightsAreTakenByNobody(t *testing.T) {
	t.Parallel()
	x := verbs(t)
	owner, reader, stranger := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction), dbtest.Tenant(t, tenancy.Trader)
	us, them := tenantOf(t, owner).Tenant, tenantOf(t, reader).Tenant
	id := publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}, Audience: exchange.OneReader, Reader: them})
	g := give(t, owner, reader, x, time.Now().Add(time.Hour))
	if _, err := x.Read(reader, id); err != nil {
		t.Fatal(err)
	}
	instrument := uuid.New()
	inTx(t, owner, func(tx pgx.Tx) error { return exchange.SetParties(owner, tx, instrument, []tenancy.ID{them}) })
	for _, c := range []struct {
		name string
		ctx  context.Context
		sql  string
		args []any
		want int64 // rows; -1: refused
	}{
		{"a reader prolongs its grant", reader, `update app.grants set revoked_at = null where id = $1`, []any{g.ID}, 0},
		{"a reader sets another end", reader, `update app.grants set until_at = until_at + interval '1 day' where id = $1`, []any{g.ID}, -1},
		{"an owner sets another end", owner, `update app.grants set until_at = until_at + interval '1 day' where id = $1`, []any{g.ID}, -1},
		{"a stranger grants itself", stranger, `insert into app.grants (tenant_id, reader, kinds, records, purpose, until_at) values ($1, $2, '{registration}', '{}', 'x', now() + interval '1 day')`, []any{us, tenantOf(t, stranger).Tenant}, -1},
		{"a reader removes its grant", reader, `delete from app.grants where id = $1`, []any{g.ID}, -1},
		{"a stranger makes itself a party", stranger, `insert into app.instrument_parties (tenant_id, instrument_id, party) values ($1, $2, $3)`, []any{us, instrument, tenantOf(t, stranger).Tenant}, -1},
		{"a party removes the others", reader, `delete from app.instrument_parties where instrument_id = $1`, []any{instrument}, 0},
		{"a reader opens a publication", reader, `update app.publications set audience = 'public', reader = null where id = $1`, []any{id}, 0},
		{"a reader withdraws it", reader, `update app.publications set withdrawn_at = now() where id = $1`, []any{id}, 0},
		{"a reader removes its receipts", reader, `delete from app.receipts where owner = $1`, []any{us}, -1},
		{"a reader changes a receipt", reader, `update app.receipts set items = '[]' where owner = $1`, []any{us}, -1},
		{"a reader signs its receipt anew", reader, `update app.receipts set signature = '\x00', key_id = 'x' where tenant_id = $1`, []any{them}, 0},
		{"a stranger signs for the owner", stranger, `update app.receipts set signature = '\x00', key_id = 'x' where tenant_id = $1`, []any{us}, 0},
		{"a stranger writes a receipt of others", stranger, `insert into app.receipts (owner, reader, act, count, publications, items, statement) values ($1, $2, 'read', 0, '{}', '[]', '{}')`, []any{us, them}, -1},
		{"a reader writes into the owner's feed", reader, `insert into app.changes (tenant_id, event, publication_id, kind, record_id, version, open) values ($1, 'withdraw', $2, 'registration', $2, 1, true)`, []any{us, id}, -1},
		{"an owner numbers a change", owner, `update app.changes set seq = 1`, nil, -1},
		{"an owner removes a change", owner, `delete from app.changes`, nil, -1},
	} {
		if got := changed(t, c.ctx, c.sql, c.args...); got != c.want {
			t.Errorf("%s: got %d rows, want %d", c.name, got, c.want)
		}
	}
	for _, table := range []string{"grants", "receipts", "changes", "instrument_parties"} {
		if n := sees(t, stranger, `select count(*) from app.`+table+` where tenant_id in ($1, $2)`, us, them); n != 0 {
			t.Errorf("a stranger sees %d rows of %s", n, table)
		}
		if n := sees(t, tenancy.In(t.Context(), tenancy.Public), `select count(*) from app.`+table+` where tenant_id in ($1, $2)`, us, them); n != 0 {
			t.Errorf("nobody sees %d rows of %s", n, table)
		}
	}
	// One reader does not learn of another's rights.
	second := dbtest.Tenant(t, tenancy.Jurisdiction)
	give(t, owner, second, x, time.Now().Add(time.Hour))
	if n := sees(t, reader, `select count(*) from app.changes where reader = $1`, tenantOf(t, second).Tenant); n != 0 {
		t.Errorf("a reader sees %d changes that another one was told of", n)
	}
}

// Whoever goes through a list while records are added and get new versions finds each record that was there once.
func TestListsStayCorrectWhileRowsAreAdded(t *testing.T) {
	t.Parallel()
	owner := dbtest.Tenant(t, tenancy.County)
	nobody := tenancy.In(t.Context(), tenancy.Public)
	there, found := map[uuid.UUID]bool{}, map[uuid.UUID]int{}
	var records []uuid.UUID
	for range 20 {
		p := exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"n": 0}}
		publish(t, owner, p)
		there[p.RecordID], records = true, append(records, p.RecordID)
	}
	x, f := verbs(t), exchange.Filter{Publisher: tenantOf(t, owner).Slug}
	for cursor, n := "", 1; ; n++ {
		page, next, err := x.List(nobody, f, 3, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			found[p.RecordID]++
		}
		if cursor = next; next == "" {
			break
		}
		for i, record := range records {
			if (i+n)%3 == 0 {
				publish(t, owner, exchange.Publication{Kind: "registration", RecordID: record, Content: map[string]any{"n": n}})
			}
		}
		publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"n": n}})
	}
	for record := range there {
		if found[record] != 1 {
			t.Errorf("a record that was there all the time was found %d times", found[record])
		}
	}
}
