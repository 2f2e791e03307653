package marks

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// API serves the operations of the tag marks.
type API struct {
	authorisations *Authorisations
	batches        *Batches
	codes          *Codes
	usages         *Usages
	images         *Images
	base           string     // address under which people reach the house, before /m/
	protected      Protection // nil: nobody knows
	imports        WireImport
}

// Protection tells whether a name is protected in a market: yes, no or unknown.
type Protection func(ctx context.Context, name, market string) (string, error)

// WireImport writes an import as those of registrations are written.
type WireImport func(context.Context, registry.Import) (api.RegistrationImport, error)

// NewAPI returns the operations of the verbs.
func NewAPI(authorisations *Authorisations, batches *Batches, codes *Codes, usages *Usages, images *Images, base string, protected Protection, imports WireImport) *API {
	return &API{authorisations, batches, codes, usages, images, base, protected, imports}
}

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

func some[T any](all []T) *[]T {
	if len(all) == 0 {
		return nil
	}
	return &all
}

func wirePlace(p Place) api.MarkPlace {
	w := api.MarkPlace{Kind: string(p.Kind)}
	if id, ok := p.Authorisation(); ok {
		w.AuthorisationId, w.Lot = &id, optional(p.Lot())
		return w
	}
	w.Name = optional(p.Of)
	return w
}

func wireNumbers(all []Numbers) []api.MarkNumbers {
	out := make([]api.MarkNumbers, len(all))
	for i, n := range all {
		out[i] = api.MarkNumbers{First: int(n.First), Count: int(n.Count)}
	}
	return out
}
