package exchange_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The end of a right is told to either side, once for each reminder, and that of a few days to nobody.
func TestEndsOfGrantsAreToldInTime(t *testing.T) {
	t.Parallel()
	owner, reader := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Trader)
	keys, err := exchange.NewKeys([32]byte{52})
	if err != nil {
		t.Fatal(err)
	}
	to, err := tenancy.From(reader)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	const day = 24 * time.Hour
	for _, life := range []time.Duration{90 * day, 3 * day} {
		x := exchange.New(dbtest.DB(t), keys, time.Now)
		if _, err := x.Give(owner, exchange.Grant{Reader: exchange.Publisher{Slug: to.Slug}, Kinds: []string{"registration"}, Purpose: "test", Until: began.Add(life)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		at   time.Duration
		told int
	}{{0, 0}, {2 * day, 0}, {31 * day, 1}, {32 * day, 1}, {70 * day, 2}, {84 * day, 3}, {90*day - time.Hour, 4}, {91 * day, 4}} {
		x := exchange.New(dbtest.DB(t), keys, func() time.Time { return began.Add(step.at) })
		for _, side := range []context.Context{owner, reader} {
			for range 2 {
				if err := x.RemindOfGrants(side); err != nil {
					t.Fatal(err)
				}
			}
			var told int
			err := dbtest.DB(t).Tx(side, func(tx pgx.Tx) error {
				return tx.QueryRow(side, `select count(*) from app.audit_events where action = 'grant.end-soon'`).Scan(&told)
			})
			if err != nil || told != step.told {
				t.Errorf("after %v: told %d times, want %d, %v", step.at, told, step.told, err)
			}
		}
	}
}
