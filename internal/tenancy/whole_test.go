package tenancy_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestPartsHoldTogether(t *testing.T) {
	t.Parallel()
	db, ctx, broken := dbtest.DB(t), dbtest.Tenant(t, tenancy.County), errors.New("broken")
	err := db.Whole(ctx, func(ctx context.Context, _ pgx.Tx) error {
		if err := addUnit(ctx, db, "one"); err != nil {
			return err
		}
		if n := countUnits(t, ctx, db); n != 1 {
			t.Errorf("a later part sees %d units", n)
		}
		return broken
	})
	if n := countUnits(t, ctx, db); !errors.Is(err, broken) || n != 0 {
		t.Errorf("%d units are left, error %v", n, err)
	}
}

func TestPartThatFailsLeavesTheOthers(t *testing.T) {
	t.Parallel()
	db, ctx := dbtest.DB(t), dbtest.Tenant(t, tenancy.County)
	err := db.Whole(ctx, func(ctx context.Context, _ pgx.Tx) error {
		if err := addUnit(ctx, db, "one"); err != nil {
			return err
		}
		if err := addUnit(ctx, db, "one"); err == nil {
			t.Error("a unit was added twice")
		}
		return addUnit(ctx, db, "two")
	})
	if n := countUnits(t, ctx, db); err != nil || n != 2 {
		t.Errorf("got %d units, error %v", n, err)
	}
}

func TestPartInAnotherScopeSeesThatScopeOnly(t *testing.T) {
	t.Parallel()
	db, own, other := dbtest.DB(t), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	scope, err := tenancy.From(other)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Whole(own, func(ctx context.Context, _ pgx.Tx) error {
		in := tenancy.In(ctx, scope)
		if err := addUnit(ctx, db, "one"); err != nil {
			return err
		}
		if err := addUnit(in, db, "two"); err != nil {
			return err
		}
		if err := addUnit(in, db, "two"); err == nil {
			t.Error("a unit was added twice")
		}
		if n := countUnits(t, in, db); n != 1 {
			t.Errorf("the other tenant sees %d units", n)
		}
		if n := countUnits(t, tenancy.In(ctx, tenancy.Public), db); n != 0 {
			t.Errorf("the public sees %d units", n)
		}
		return addUnit(ctx, db, "three") // in the own scope again
	})
	if a, b := countUnits(t, own, db), countUnits(t, other, db); err != nil || a != 2 || b != 1 {
		t.Errorf("got %d and %d units, error %v", a, b, err)
	}
}
