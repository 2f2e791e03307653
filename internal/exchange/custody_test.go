package exchange_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// custodian holds keys in files behind a socket, and returns the setting that asks there; stop ends it.
func custodian(t *testing.T) (places string, stop func()) {
	t.Helper()
	held, err := custody.Open("file:" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "keys") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: custody.Handler(held.Custodian(), slog.New(slog.DiscardHandler))} //nolint:gosec // ends with the test
	go server.Serve(l)                                                                                //nolint:errcheck // ends with the test
	stop = func() { server.Close() }
	t.Cleanup(stop)
	return "unix:" + socket, stop
}

func keysIn(t *testing.T, places string) *exchange.Keys {
	t.Helper()
	keys, err := exchange.NewKeys([32]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	if keys.Custody, err = custody.Open(places); err != nil {
		t.Fatal(err)
	}
	return keys
}

// A tenant's keys move out of the database when they are rotated; nothing that was signed before is lost, and what is signed
// afterwards is signed elsewhere.
func TestKeysMoveIntoCustody(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.Jurisdiction)
	sealed := signer(t, ctx)
	before, _ := pack(t, sealed, file("a.txt", "of before"))
	places, stop := custodian(t)
	keys := keysIn(t, places)
	x := exchange.New(dbtest.DB(t), keys, time.Now)
	open := func() (s exchange.Signer, curve exchange.CurveSigner, err error) {
		err = dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
			if s, err = keys.Signer(ctx, tx); err != nil {
				return err
			}
			curve, err = keys.CurveSigner(ctx, tx)
			return err
		})
		return s, curve, err
	}
	if s, _, err := open(); err != nil || !s.Public.Equal(sealed.Public) {
		t.Fatalf("the sealed key signs no more: %v", err)
	}
	if _, err := x.RotateKey(ctx, exchange.KeyID(sealed.Public), exchange.Routine); err != nil {
		t.Fatal(err)
	}
	held, _, err := open()
	if err != nil || held.Public.Equal(sealed.Public) {
		t.Fatalf("the next key: %v", err)
	}
	var inDatabase, elsewhere int
	inTx(t, ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) filter (where sealed is not null), count(*) filter (where held_as like 'unix:%') from app.signing_keys`).Scan(&inDatabase, &elsewhere)
	})
	if inDatabase != 1 || elsewhere != 2 {
		t.Errorf("got %d sealed keys and %d held elsewhere, want the retired one, and both others", inDatabase, elsewhere)
	}
	trusted := keySet(sealed)
	for id, k := range keySet(held) {
		trusted[id] = k
	}
	now, _ := pack(t, held, file("a.txt", "of now"))
	for name, content := range map[string][]byte{"before": before, "now": now} {
		if r, err := exchange.Verify(bytes.NewReader(content), int64(len(content)), trusted); err != nil || r.Verdict != exchange.Valid {
			t.Errorf("%s: got %v, %v", name, r.Verdict, err)
		}
	}
	if err := x.TendKeys(ctx); err != nil {
		t.Errorf("keys are tended: %v", err)
	}
	stop()
	if _, err := held.Sign([]byte("x")); !errors.Is(err, custody.ErrUnavailable) {
		t.Errorf("nobody holds the key, and got %v", err)
	}
	keys.Custody = nil
	if s, _, err := open(); err == nil {
		if _, err := s.Sign([]byte("x")); err == nil {
			t.Error("the key signs without its custodian")
		}
	}
}

// Who reads waits for no custodian: its receipt is signed soon after.
func TestReceiptsAreSignedLaterWithKeysHeldElsewhere(t *testing.T) {
	t.Parallel()
	owner, reader := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction)
	us, them := tenantOf(t, owner), tenantOf(t, reader)
	places, _ := custodian(t)
	x := exchange.New(dbtest.DB(t), keysIn(t, places), time.Now)
	id := publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}, Audience: exchange.OneReader, Reader: them.Tenant})
	if _, err := x.Read(reader, id); err != nil {
		t.Fatal(err)
	}
	receipt := func() string {
		found, _, err := x.Receipts(owner, exchange.ReceiptFilter{Act: "read", Other: them.Slug}, 10, "")
		if err != nil || len(found) != 1 {
			t.Fatalf("got %d receipts, %v", len(found), err)
		}
		res, err := newAPI(t).ReadReceipt(owner, api.ReadReceiptRequestObject{Id: found[0].ID})
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if _, err := exchange.VerifyReceipt(strings.NewReader(receipt()), keysNow(t, them.Slug)); !errors.Is(err, exchange.ErrReceiptUnsigned) {
		t.Errorf("at once: got %v", err)
	}
	if err := errors.Join(x.Settle(reader), x.Settle(reader)); err != nil {
		t.Fatal(err)
	}
	if s, err := exchange.VerifyReceipt(strings.NewReader(receipt()), keysNow(t, them.Slug)); err != nil || s.Owner != us.Slug {
		t.Errorf("afterwards: got %+v, %v", s, err)
	}
}

// A key that an operator provides is taken once; rotating waits for the next one.
func TestProvidedKeysRunOut(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	x := exchange.New(dbtest.DB(t), keysIn(t, "env"), time.Now)
	err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
		_, err := keysIn(t, "env").Signer(ctx, tx)
		return err
	})
	if !errors.Is(err, custody.ErrNotProvided) {
		t.Errorf("no key is provided, and got %v", err)
	}
	old := signer(t, ctx)
	if _, err := x.RotateKey(ctx, exchange.KeyID(old.Public), exchange.Routine); !errors.Is(err, custody.ErrNotProvided) {
		t.Errorf("no next key is provided, and got %v", err)
	}
	if s := signer(t, ctx); !s.Public.Equal(old.Public) {
		t.Error("a rotation that failed took the key away")
	}
}
