package exchange_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestKeysAreSealed(t *testing.T) {
	t.Parallel()
	ctx, other := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	s := signer(t, ctx)
	if again := signer(t, ctx); !again.Public.Equal(s.Public) {
		t.Error("a second signature got another key")
	}
	var sealed []byte
	inTx(t, ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select sealed from app.signing_keys`).Scan(&sealed)
	})
	scope, _ := tenancy.From(ctx)
	// Another secret opens nothing.
	wrong, err := exchange.NewKeys([32]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	err = dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		_, err := wrong.Signer(ctx, tx)
		return err
	})
	if err == nil {
		t.Error("a key was opened with another secret")
	}
	// Neither does the same secret for another tenant that holds a copy of the row.
	otherScope, _ := tenancy.From(other)
	_, err = dbtest.Superuser(t).Exec(t.Context(), `
		insert into app.signing_keys (tenant_id, id, public_key, sealed) select $2, id, public_key, sealed from app.signing_keys where tenant_id = $1`, scope.Tenant, otherScope.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	right, err := exchange.NewKeys([32]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	err = dbtest.DB(t).Tx(other, func(tx pgx.Tx) error {
		_, err := right.Signer(other, tx)
		return err
	})
	if err == nil {
		t.Error("a tenant opened a copy of another's key")
	}
	if len(sealed) < 32+12+16 {
		t.Errorf("got %d sealed bytes", len(sealed))
	}
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	s := signer(t, dbtest.Tenant(t, tenancy.County))
	key := map[string]any{"keyId": exchange.KeyID(s.Public), "publicKey": base64.StdEncoding.EncodeToString(s.Public), "publisher": map[string]any{"slug": "x"}}
	for _, c := range []struct {
		name string
		file any
		want error
	}{
		{"as served", map[string]any{"items": []any{key}}, nil},
		{"an id that is not the key's", map[string]any{"items": []any{map[string]any{"keyId": "0123456789abcdef", "publicKey": key["publicKey"]}}}, exchange.ErrKeyFile},
		{"a key that is too short", map[string]any{"items": []any{map[string]any{"keyId": key["keyId"], "publicKey": "AAAA"}}}, exchange.ErrKeyFile},
		{"no key file", []any{1}, exchange.ErrKeyFile},
	} {
		b, err := json.Marshal(c.file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := exchange.ReadKeys(bytes.NewReader(b)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestCurveKeyIsMadeOnceAndStaysBesideTheOther(t *testing.T) {
	t.Parallel()
	db, ctx := dbtest.DB(t), dbtest.Tenant(t, tenancy.County)
	keys, err := exchange.NewKeys([32]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	var first, second exchange.CurveSigner
	var other exchange.Signer
	err = db.Tx(ctx, func(tx pgx.Tx) (err error) {
		if first, err = keys.CurveSigner(ctx, tx); err != nil {
			return err
		}
		if second, err = keys.CurveSigner(ctx, tx); err != nil {
			return err
		}
		other, err = keys.Signer(ctx, tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if first.KeyID != second.KeyID || first.KeyID == exchange.KeyID(other.Public) {
		t.Errorf("keys %s and %s beside %s", first.KeyID, second.KeyID, exchange.KeyID(other.Public))
	}
}
