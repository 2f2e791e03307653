package promotion

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// API are the operations of promotion.
type API struct{ promotions *Promotions }

// NewAPI returns the operations of the verbs.
func NewAPI(promotions *Promotions) *API { return &API{promotions} }

func or[T any](v *T) (zero T) {
	if v == nil {
		return zero
	}
	return *v
}

func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func limit(n *int) int {
	if n == nil {
		return 50
	}
	return *n
}

func day(t time.Time) types.Date { return types.Date{Time: t} }

func dayOf(t *time.Time) *types.Date {
	if t == nil {
		return nil
	}
	return &types.Date{Time: *t}
}

func timeOf(d *types.Date) *time.Time {
	if d == nil {
		return nil
	}
	return &d.Time
}

func wireParty(p exchange.Publisher) api.Publisher {
	return api.Publisher{Id: p.ID, Slug: p.Slug, Kind: string(p.Kind), Names: p.Names, Demo: p.Demo}
}

func wireEvents(all []Event) *[]api.PromotionEvent {
	out := make([]api.PromotionEvent, 0, len(all))
	for _, e := range all {
		out = append(out, api.PromotionEvent{Version: e.Version, Act: e.Act, FromStatus: e.From, ToStatus: e.To, Reason: optional(e.Reason), RecordedName: e.RecordedName, RecordedAt: e.RecordedAt})
	}
	return &out
}

// mine tells whether a tenant is the one of ctx.
func mine(ctx context.Context, tenant uuid.UUID) bool {
	scope, err := tenancy.From(ctx)
	return err == nil && scope.Tenant == tenant
}
