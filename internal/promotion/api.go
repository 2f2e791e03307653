package promotion

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API are the operations of promotion.
type API struct {
	promotions *Promotions
	access     *access.Access
	papers     *Papers
	knowledge  *Knowledge
}

// NewAPI returns the operations of the verbs; access knows who may score.
func NewAPI(papers *Papers, access *access.Access, knowledge *Knowledge) *API {
	return &API{papers.Promotions, access, papers, knowledge}
}

func wireEvents(all []Event) *[]api.PromotionEvent {
	out := make([]api.PromotionEvent, 0, len(all))
	for _, e := range all {
		out = append(out, api.PromotionEvent{Version: e.Version, Act: e.Act, FromStatus: e.From, ToStatus: e.To, Reason: wire.Optional(e.Reason), RecordedName: e.RecordedName, RecordedAt: e.RecordedAt})
	}
	return &out
}

// mine tells whether a tenant is the one of ctx.
func mine(ctx context.Context, tenant uuid.UUID) bool {
	scope, err := tenancy.From(ctx)
	return err == nil && scope.Tenant == tenant
}
