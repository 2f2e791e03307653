package marks

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operations of the tag marks.
type API struct {
	authorisations *Authorisations
	batches        *Batches
	codes          *Codes
	usages         *Usages
	images         *Images
	lots           *Lots
	supervision    *Supervision
	applications   *Applications
	base           string     // address under which people reach the house, before /m/
	protected      Protection // nil: nobody knows
	imports        WireImport
}

// Protection tells whether a name is protected in a market: yes, no or unknown.
type Protection func(ctx context.Context, name, market string) (string, error)

// WireImport writes an import as those of registrations are written.
type WireImport func(context.Context, registry.Import) (api.RegistrationImport, error)

// NewAPI returns the operations of the verbs.
func NewAPI(authorisations *Authorisations, batches *Batches, codes *Codes, usages *Usages, images *Images, lots *Lots, supervision *Supervision, applications *Applications, base string, protected Protection, imports WireImport) *API {
	return &API{authorisations, batches, codes, usages, images, lots, supervision, applications, base, protected, imports}
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
		w.AuthorisationId, w.Lot = &id, wire.Optional(p.Lot())
		return w
	}
	w.Name = wire.Optional(p.Of)
	return w
}

func wireNumbers(all []Numbers) []api.MarkNumbers {
	out := make([]api.MarkNumbers, len(all))
	for i, n := range all {
		out[i] = api.MarkNumbers{First: int(n.First), Count: int(n.Count)}
	}
	return out
}
