package exchange_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/exchange/receipttest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// keysNow are the keys of a publisher as a partner fetches them.
func keysNow(t *testing.T, publisher string) exchange.KeySet {
	t.Helper()
	return receipttest.Keys(t, newAPI(t), publisher)
}

// Both sides keep the same receipt; it proves what was read, and no changed one does.
func TestReceiptsProveWhatWasRead(t *testing.T) {
	t.Parallel()
	x := verbs(t)
	owner, reader := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction)
	us, them := tenantOf(t, owner), tenantOf(t, reader)
	for n := range 3 {
		publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{"n": n}, Audience: exchange.OneReader, Reader: them.Tenant})
	}
	public := publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}})
	page, err := x.Changes(reader, 0, 1000, exchange.ChangeFilter{Publisher: us.Slug}, 0)
	if err != nil || len(page.Items) != 4 {
		t.Fatalf("got %d changes, %v", len(page.Items), err)
	}
	a := newAPI(t)
	seen := map[string]string{}
	for side, of := range map[string]context.Context{"owner": owner, "reader": reader} {
		found, _, err := x.Receipts(of, exchange.ReceiptFilter{Act: "read", Publication: &public}, 10, "")
		if err != nil || len(found) != 1 || found[0].Count != 4 {
			t.Fatalf("%s: got %d receipts, %v, want one of four publications", side, len(found), err)
		}
		res, err := a.ReadReceipt(of, api.ReadReceiptRequestObject{Id: found[0].ID})
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		seen[side] = string(b)
	}
	if seen["owner"] != seen["reader"] {
		t.Errorf("the sides keep different receipts:\n%s\n%s", seen["owner"], seen["reader"])
	}
	file, keys := seen["owner"], keysNow(t, them.Slug)
	s, err := exchange.VerifyReceipt(strings.NewReader(file), keys)
	if err != nil || s.Owner != us.Slug || s.Reader != them.Slug || s.Act != "read" || s.Count != 4 {
		t.Errorf("got %+v, %v, want the read of %s by %s", s, err, us.Slug, them.Slug)
	}
	sum := page.Items[0].Publication.SHA256
	for _, c := range []struct {
		name, from, to string
		keys           exchange.KeySet
		want           error
	}{
		{"another reader in the statement", them.Slug + `\"`, `someone-else\"`, keys, exchange.ErrReceiptKeyForeign},
		{"another owner in the statement", us.Slug + `\"`, `someone-else\"`, keys, exchange.ErrReceiptAltered},
		{"another item", `"version":1`, `"version":2`, keys, exchange.ErrReceiptAltered},
		{"an item more", `"items":[`, `"items":[{},`, keys, exchange.ErrReceiptAltered},
		{"the owner's keys", "", "", keysNow(t, us.Slug), exchange.ErrReceiptKeyForeign},
		{"no signature", `"signature":"`, `"old":"`, keys, exchange.ErrReceiptUnsigned},
		{"another signature", `"signature":"`, `"signature":"AAAA`, keys, exchange.ErrReceiptAltered},
		{"no JSON", "{", "", keys, exchange.ErrReceiptAltered},
	} {
		if _, err := exchange.VerifyReceipt(strings.NewReader(strings.Replace(file, c.from, c.to, 1)), c.keys); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	if !strings.Contains(file, hex.EncodeToString(sum[:])) {
		t.Error("the receipt does not name the hash of what was read")
	}
}

// What the owner does for a reader is signed by the owner, soon after; what is read of one's own leaves no receipt.
func TestReceiptsOfWhatTheOwnerDid(t *testing.T) {
	t.Parallel()
	x := verbs(t)
	owner, reader := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction)
	us, them := tenantOf(t, owner), tenantOf(t, reader)
	p := exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}, Audience: exchange.OneReader, Reader: them.Tenant}
	id := publish(t, owner, p)
	if _, err := x.Read(owner, id); err != nil {
		t.Fatal(err)
	}
	g := give(t, owner, reader, x, time.Now().Add(time.Hour))
	if _, err := x.Revoke(owner, g.ID, "done"); err != nil {
		t.Fatal(err)
	}
	inTx(t, owner, func(tx pgx.Tx) error { return exchange.Withdraw(owner, tx, p.Kind, p.RecordID, "test") })
	found, _, err := x.Receipts(reader, exchange.ReceiptFilter{Other: us.Slug}, 10, "")
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, r := range found {
		acts = append(acts, string(r.Act))
	}
	if got := strings.Join(acts, " "); got != "withdraw revoke grant publish" {
		t.Fatalf("got the receipts %q", got)
	}
	if err := errors.Join(x.Settle(owner), x.Settle(owner)); err != nil {
		t.Fatal(err)
	}
	a, keys := newAPI(t), keysNow(t, us.Slug)
	for _, r := range found {
		res, err := a.ReadReceipt(reader, api.ReadReceiptRequestObject{Id: r.ID})
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := exchange.VerifyReceipt(bytes.NewReader(b), keys); err != nil || s.Owner != us.Slug {
			t.Errorf("%s: got %+v, %v", r.Act, s, err)
		}
	}
}

// The canary is placed once and found by everybody.
func TestTheCanaryIsFound(t *testing.T) {
	t.Parallel()
	operator, nobody := dbtest.Tenant(t, tenancy.Operator), tenancy.In(t.Context(), tenancy.Public)
	for range 2 {
		if err := exchange.PlaceCanary(operator, dbtest.DB(t)); err != nil {
			t.Fatal(err)
		}
	}
	x := verbs(t)
	page, err := x.Changes(nobody, 0, 10, exchange.ChangeFilter{Kind: exchange.CanaryKind, Publisher: tenantOf(t, operator).Slug}, 0)
	if err != nil || len(page.Items) != 1 || page.Items[0].Publication.RecordID != exchange.CanaryRecord {
		t.Fatalf("got %+v, %v, want the canary once", page.Items, err)
	}
	if _, err := x.Withdraw(operator, page.Items[0].Publication.ID, "test"); !errors.Is(err, exchange.ErrByRecord) {
		t.Errorf("withdraw the canary: got %v, want %v", err, exchange.ErrByRecord)
	}
}
