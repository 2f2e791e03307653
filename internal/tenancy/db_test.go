package tenancy_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func addUnit(ctx context.Context, db *tenancy.DB, slug string) error {
	return db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into app.units (slug, names) values ($1, '{}')`, slug)
		return err
	})
}

func countUnits(t *testing.T, ctx context.Context, db *tenancy.DB) (n int) {
	t.Helper()
	err := db.Read(ctx, func(tx pgx.Tx) error { return tx.QueryRow(ctx, `select count(*) from app.units`).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNoScopeNoSQL(t *testing.T) {
	t.Parallel()
	db := dbtest.DB(t)
	err := db.Tx(t.Context(), func(pgx.Tx) error { t.Error("the function ran"); return nil })
	if !errors.Is(err, tenancy.ErrNoScope) {
		t.Errorf("got %v, want ErrNoScope", err)
	}
}

func TestEachTenantSeesItsOwnRows(t *testing.T) {
	t.Parallel()
	db, a, b := dbtest.DB(t), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	if err := addUnit(a, db, "market-supervision"); err != nil {
		t.Fatal(err)
	}
	if n := countUnits(t, a, db); n != 1 {
		t.Errorf("the owner sees %d units, want 1", n)
	}
	if n := countUnits(t, b, db); n != 0 {
		t.Errorf("the neighbour sees %d units, want 0", n)
	}
	if n := countUnits(t, tenancy.In(t.Context(), tenancy.Public), db); n != 0 {
		t.Errorf("the public sees %d units, want 0", n)
	}
}

func TestForeignTenantIDIsRefused(t *testing.T) {
	t.Parallel()
	db, a, b := dbtest.DB(t), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	other, _ := tenancy.From(b)
	err := db.Tx(a, func(tx pgx.Tx) error {
		_, err := tx.Exec(a, `insert into app.units (tenant_id, slug, names) values ($1, 'planted', '{}')`, other.Tenant)
		return err
	})
	if err == nil {
		t.Error("a row was planted in another tenant")
	}
}

// A pool whose every connection was poisoned with a session-wide setting of another tenant still shows nothing of it.
func TestPoisonedPoolShowsNothing(t *testing.T) {
	t.Parallel()
	victim := dbtest.Tenant(t, tenancy.County)
	if err := addUnit(victim, dbtest.DB(t), "secret"); err != nil {
		t.Fatal(err)
	}
	s, _ := tenancy.From(victim)
	pool := dbtest.FreshPool(t, 4)
	var wg sync.WaitGroup
	for range 4 {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), `set app.tenant = '`+s.Tenant.String()+`'`); err != nil {
			t.Fatal(err)
		}
		wg.Go(conn.Release)
	}
	wg.Wait()
	db := tenancy.New(pool)
	next := dbtest.Tenant(t, tenancy.Trader)
	for range 20 {
		if n := countUnits(t, next, db); n != 0 {
			t.Fatalf("the next tenant sees %d units of the one before", n)
		}
		if n := countUnits(t, tenancy.In(t.Context(), tenancy.Public), db); n != 0 {
			t.Fatalf("the public sees %d units", n)
		}
		var n int
		b := &pgx.Batch{}
		b.Queue(`select count(*) from app.units`).QueryRow(func(r pgx.Row) error { return r.Scan(&n) })
		if err := db.ReadPublic(t.Context(), b); err != nil || n != 0 {
			t.Fatalf("a public batch sees %d units, error %v", n, err)
		}
	}
}

func TestInjectedSQLCannotSwitchTheTenant(t *testing.T) {
	t.Parallel()
	db, a := dbtest.DB(t), dbtest.Tenant(t, tenancy.County)
	err := db.Tx(a, func(tx pgx.Tx) error {
		_, err := tx.Exec(a, `select set_config('app.tenant', $1, true)`, "00000000-0000-0000-0000-000000000001")
		return err
	})
	if err == nil {
		t.Error("the application role may call set_config")
	}
}
