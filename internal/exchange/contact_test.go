package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestContactIsMasked(t *testing.T) {
	t.Parallel()
	for in, want := range map[exchange.Contact]exchange.Contact{
		{Phone: "13800001234", Email: "li.ming@growers.example"}: {Phone: "138******34", Email: "l***@growers.example"},
		{Phone: "0478000", Email: "@x"}:                          {Phone: "*****00", Email: "**"},
		{Phone: "110", Email: "李@x.example"}:                     {Phone: "***", Email: "李***@x.example"},
		{}:                                                       {},
	} {
		if got := in.Masked(); got != want {
			t.Errorf("%+v: got %+v, want %+v", in, got, want)
		}
	}
}

// TestContactsAreSealed: at rest nobody finds a number; what comes back masked stays as it was; what another secret sealed, or nobody did, the
// sweep seals.
func TestContactsAreSealed(t *testing.T) {
	t.Parallel()
	db := dbtest.DB(t)
	old, err := exchange.NewKeys([32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	next, err := exchange.NewKeys([32]byte{2}, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, other := dbtest.Tenant(t, tenancy.Association), dbtest.Tenant(t, tenancy.Association)
	object, before := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	said := exchange.Contact{Phone: "13800001234", Email: "li.ming@growers.example"}
	keep := func(c exchange.Contact) {
		t.Helper()
		if err := db.Tx(ctx, func(tx pgx.Tx) error {
			_, err := exchange.NewContacts(db, old).Keep(ctx, tx, object, uuid.New(), c)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	opened := func(ctx context.Context, k *exchange.Keys, id uuid.UUID) (c exchange.Contact, err error) {
		err = db.Read(ctx, func(tx pgx.Tx) error { c, err = exchange.NewContacts(db, k).Open(ctx, tx, id); return err })
		return c, err
	}
	keep(said)
	keep(exchange.Contact{Phone: said.Masked().Phone, Email: "wang@growers.example"})
	want := exchange.Contact{Phone: said.Phone, Email: "wang@growers.example"}
	if got, err := opened(ctx, old, object); err != nil || got != want {
		t.Fatalf("got %+v, %v", got, err)
	}
	if _, err := opened(other, old, object); !errors.Is(err, exchange.ErrNoContact) {
		t.Errorf("another tenant: %v", err)
	}
	if err := db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into app.applicant_contacts (object_id, keeper, unsealed) values ($1, $2, '{"phone": "13900005678"}')`, before, uuid.New())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := exchange.NewContacts(db, next).Tend(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := opened(ctx, next, before); err != nil || got.Phone != "13900005678" {
		t.Errorf("what was never sealed: %+v, %v", got, err)
	}
	if got, err := opened(ctx, next, object); err != nil || got != want {
		t.Errorf("under the next secret: %+v, %v", got, err)
	}
	if _, err := opened(ctx, old, object); err == nil {
		t.Error("the older secret opens it still")
	}
	var rows []byte
	if err := dbtest.Superuser(t).QueryRow(t.Context(), `select string_agg(c::text, E'\n')::bytea from app.applicant_contacts c where object_id in ($1, $2)`, object, before).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"13800001234", "13900005678", "wang"} {
		if bytes.Contains(rows, []byte(secret)) {
			t.Errorf("%s is at rest in clear", secret)
		}
	}
}
