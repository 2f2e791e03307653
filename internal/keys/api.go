package keys

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/exchange"
)

// API is the operations on signing keys.
type API struct{ x *exchange.Exchange }

// NewAPI makes it.
func NewAPI(x *exchange.Exchange) *API { return &API{x} }

func wire(ctx context.Context, k exchange.SigningKey) api.SigningKey {
	w := api.SigningKey{Id: k.ID, Algorithm: api.SigningKeyAlgorithm(k.Algorithm), CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt, RetiredAt: k.RetiredAt, Allowed: []string{}}
	if k.RetiredAt == nil {
		w.Allowed = access.Allowed(ctx, "signing-key", "rotate")
		return w
	}
	w.RetiredWhy = new(api.SigningKeyRetirement(k.RetiredWhy))
	return w
}

// ListSigningKeys lists the tenant's keys.
func (a *API) ListSigningKeys(ctx context.Context, _ api.ListSigningKeysRequestObject) (api.ListSigningKeysResponseObject, error) {
	all, err := a.x.SigningKeys(ctx)
	list := api.SigningKeyList{Items: []api.SigningKey{}}
	for _, k := range all {
		list.Items = append(list.Items, wire(ctx, k))
	}
	return api.ListSigningKeys200JSONResponse(list), err
}

// RotateSigningKey retires a key and makes the next one.
func (a *API) RotateSigningKey(ctx context.Context, r api.RotateSigningKeyRequestObject) (api.RotateSigningKeyResponseObject, error) {
	k, err := a.x.RotateKey(ctx, r.Id, exchange.Why(r.Body.Why))
	if err != nil {
		return nil, err
	}
	return api.RotateSigningKey200JSONResponse(wire(ctx, k)), nil
}
