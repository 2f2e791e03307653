package exchange_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestRotation(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	keys, err := exchange.NewKeys([32]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	x := exchange.New(dbtest.DB(t), keys, time.Now)
	old := signer(t, ctx)
	before, _ := pack(t, old, file("a.txt", "of before"))
	id := exchange.KeyID(old.Public)
	next, err := x.RotateKey(ctx, id, exchange.Compromised)
	if err != nil {
		t.Fatal(err)
	}
	fresh := signer(t, ctx)
	if fresh.Public.Equal(old.Public) || next.ID != exchange.KeyID(fresh.Public) {
		t.Errorf("the retired key still signs: next is %s", next.ID)
	}
	if _, err := x.RotateKey(ctx, id, exchange.Routine); !errors.Is(err, exchange.ErrSigningKeyRetired) {
		t.Errorf("a key was retired twice: %v", err)
	}
	if _, err := x.RotateKey(dbtest.Tenant(t, tenancy.County), next.ID, exchange.Routine); !errors.Is(err, exchange.ErrSigningKeyNotFound) {
		t.Errorf("a neighbour's key: got %v", err)
	}
	err = dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.signing_keys set retired_at = null, retired_why = '' where id = $1`, id)
		return err
	})
	if err == nil {
		t.Error("a retired key was brought back")
	}
	all, err := x.SigningKeys(ctx)
	if err != nil || len(all) != 2 || all[1].RetiredWhy != exchange.Compromised || all[1].RetiredAt == nil {
		t.Fatalf("got %+v, %v", all, err)
	}
	// Both keys as GET /api/v1/keys gives them: what was signed before is good, and so is what is signed now.
	trusted := keySet(old)
	for k, v := range keySet(fresh) {
		trusted[k] = v
	}
	known := trusted[id]
	known.RetiredAt = new(issuedAt.Add(time.Hour)) // packages of these tests are issued at a fixed instant
	trusted[id] = known
	now, _ := pack(t, fresh, file("a.txt", "of now"))
	check := func(name string, content []byte, want exchange.Verdict) {
		t.Helper()
		r, err := exchange.Verify(bytes.NewReader(content), int64(len(content)), trusted)
		if err != nil || r.Verdict != want {
			t.Errorf("%s: got %v, %v, want %v", name, r.Verdict, err, want)
		}
	}
	check("signed before", before, exchange.Valid)
	check("signed with the new key", now, exchange.Valid)
	// Whoever kept the old key signs something that says it is of later.
	known.RetiredAt = new(issuedAt.Add(-time.Hour))
	trusted[id] = known
	check("signed with the retired key", before, exchange.UnknownIssuer)
}

func TestKeysEnd(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	keys, err := exchange.NewKeys([32]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	first := signer(t, ctx)
	later := exchange.New(dbtest.DB(t), keys, func() time.Time { return time.Now().AddDate(2, 0, 1) })
	for range 2 { // it may be done twice
		if err := exchange.New(dbtest.DB(t), keys, time.Now).TendKeys(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if !signer(t, ctx).Public.Equal(first.Public) {
		t.Error("a key was rotated before its end")
	}
	soon := exchange.New(dbtest.DB(t), keys, func() time.Time { return time.Now().AddDate(2, 0, -5) })
	for range 2 {
		if err := soon.TendKeys(ctx); err != nil {
			t.Fatal(err)
		}
	}
	var told int
	inTx(t, ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from app.audit_events where action = 'signing-key.end-soon' and object_id = $1`, exchange.KeyID(first.Public)).Scan(&told)
	})
	if told != 1 {
		t.Errorf("five days before the end: told %d times, want once", told)
	}
	if err := later.TendKeys(ctx); err != nil {
		t.Fatal(err)
	}
	all, err := later.SigningKeys(ctx)
	if err != nil || len(all) != 2 || all[1].RetiredWhy != exchange.Expired {
		t.Errorf("got %+v, %v", all, err)
	}
}

// The house's secret is exchanged without a pause: the new one and the old one are given, the new one seals, and once everything is
// sealed anew the old one is not needed.
func TestSecretIsExchanged(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	was, is := [32]byte{1, 2, 3}, [32]byte{4, 5, 6}
	old := signer(t, ctx)
	sign := func(k *exchange.Keys) (s exchange.Signer, err error) {
		err = dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error { s, err = k.Signer(ctx, tx); return err })
		return s, err
	}
	alone, err := exchange.NewKeys(is)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sign(alone); err == nil {
		t.Fatal("the new secret alone opened what the old one sealed")
	}
	both, err := exchange.NewKeys(is, was)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := sign(both); err != nil || !s.Public.Equal(old.Public) {
		t.Errorf("with both: %v", err)
	}
	if err := exchange.New(dbtest.DB(t), both, time.Now).TendKeys(ctx); err != nil {
		t.Fatal(err)
	}
	if s, err := sign(alone); err != nil || !s.Public.Equal(old.Public) {
		t.Errorf("with the new one alone, after all was sealed anew: %v", err)
	}
	before, err := exchange.NewKeys(was)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sign(before); err == nil {
		t.Error("the old secret still opens")
	}
}
