package exchange

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Across leaves what the tenant did in a matter that it shares with another, e.OtherParty, in its trail and as a receipt that both
// sides keep. Callers name no other party before that sees the matter.
func Across(ctx context.Context, tx pgx.Tx, e audit.Event) error {
	if err := audit.Record(ctx, tx, e); err != nil {
		return err
	}
	return ReceiptOf(ctx, tx, e)
}

// ReceiptOf writes the receipt of an event of which the trail tells elsewhere; none when there is no other party. Its hash is that of
// what is told after the act, so that the doer can show later what it said, and nobody reads it out of the receipt.
func ReceiptOf(ctx context.Context, tx pgx.Tx, e audit.Event) error {
	record, err := uuid.Parse(e.ObjectID)
	if err != nil {
		return fmt.Errorf("receipt of %s: %w", e.Action, err)
	}
	after, err := Canonical(e.After)
	if err != nil {
		return fmt.Errorf("receipt of %s: %w", e.Action, err)
	}
	sum := sha256.Sum256(after)
	return crossed(ctx, tx, actDo, e.OtherParty, ReceiptItem{Kind: e.ObjectKind, Record: record, Step: e.Action, SHA256: hexed(sum[:])})
}

// Opened writes the receipt of a document of another tenant that the tenant opens, in a record of a kind; none of its own.
func Opened(ctx context.Context, tx pgx.Tx, owner tenancy.ID, kind string, record, document uuid.UUID, sum string) error {
	return crossed(ctx, tx, actOpen, owner, ReceiptItem{Kind: kind, Record: record, Document: &document, SHA256: sum})
}

// crossed writes a receipt of one act of the tenant, to be signed by Settle: who acts holds no keys.
func crossed(ctx context.Context, tx pgx.Tx, act Act, other tenancy.ID, item ReceiptItem) error {
	scope, err := tenancy.From(ctx)
	if err != nil || other == uuid.Nil || other == scope.Tenant {
		return err
	}
	owner, reader := Publisher{ID: scope.Tenant}, Publisher{ID: other}
	var at time.Time
	err = tx.QueryRow(ctx, `select o.slug, t.slug, now() from app.tenants o, app.tenants t where o.id = app.tenant() and t.id = $1`, other).Scan(&owner.Slug, &reader.Slug, &at)
	if err != nil {
		return postgres.Wrap(err, "receipt for tenant %s", other)
	}
	if act.byReader() {
		owner, reader = reader, owner
	}
	r, err := receipt(scope, audit.RequestID(ctx), at, act, owner, reader, []ReceiptItem{item}, nil)
	if err != nil {
		return err
	}
	return addReceipt(ctx, tx, r)
}
