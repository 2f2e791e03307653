package exchange

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// CanaryKind is the kind of the one public record that every client must find, see the package's documentation.
const CanaryKind = "canary"

// CanaryRecord is the canary's record in every house.
var CanaryRecord = uuid.MustParse("00000000-0000-4000-8000-0000000ca4a9")

// PlaceCanary publishes the canary in the scope of ctx, which is the operator's. Done again it changes nothing.
func PlaceCanary(ctx context.Context, db *tenancy.DB) error {
	return db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := Publish(ctx, tx, Publication{Kind: CanaryKind, RecordID: CanaryRecord, Audience: Public, Content: map[string]any{"canary": true}})
		return err
	})
}
