// Package receipttest reads the receipts of what passed between two tenants in tests: both sides list the same, and each verifies.
package receipttest

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Of are the receipts of what the doer did in a record, the first one first: what the trail calls an act, or `open` for a document. The
// test fails when the other side lists others, or when one does not verify with the doer's published keys.
func Of(t *testing.T, doer, other context.Context, record uuid.UUID) []string {
	t.Helper()
	keys, err := exchange.NewKeys([32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	x := exchange.New(dbtest.DB(t), keys, time.Now)
	if err := x.Settle(doer); err != nil {
		t.Fatal(err)
	}
	me, err := tenancy.From(doer)
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := listed(doer, t, x, me.Slug, record), listed(other, t, x, me.Slug, record)
	if !slices.Equal(mine, theirs) {
		t.Errorf("the doer keeps the receipts %v, the other side %v", mine, theirs)
	}
	return mine
}

// listed are the receipts of a record that the reader keeps and that the doer signed.
func listed(reader context.Context, t *testing.T, x *exchange.Exchange, doer string, record uuid.UUID) (steps []string) {
	t.Helper()
	a := exchange.NewAPI(x, func(context.Context, string) bool { return true })
	found, _, err := x.Receipts(reader, exchange.ReceiptFilter{}, 200, "")
	if err != nil {
		t.Fatal(err)
	}
	published := Keys(t, a, doer)
	for _, r := range slices.Backward(found) {
		signer := r.Owner.Slug
		if r.Act == "open" {
			signer = r.Reader.Slug
		}
		if signer != doer || len(r.Items) != 1 || r.Items[0].Record != record {
			continue
		}
		res, err := a.ReadReceipt(reader, api.ReadReceiptRequestObject{Id: r.ID})
		if err != nil {
			t.Fatal(err)
		}
		file, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := exchange.VerifyReceipt(bytes.NewReader(file), published); err != nil {
			t.Errorf("%s %s: %v in %s", r.Act, r.Items[0].Step, err, file)
		}
		step := r.Items[0].Step
		if r.Act == "open" {
			step = "open"
		}
		steps = append(steps, step)
	}
	return steps
}

// Keys are the keys of a publisher as a partner fetches them.
func Keys(t *testing.T, a *exchange.API, publisher string) exchange.KeySet {
	t.Helper()
	res, err := a.ListKeys(tenancy.In(t.Context(), tenancy.Public), api.ListKeysRequestObject{Params: api.ListKeysParams{Publisher: &publisher}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := exchange.ReadKeys(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
