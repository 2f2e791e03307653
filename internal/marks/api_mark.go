package marks

import (
	"context"
	"strings"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ReadMark says what is known of a code.
func (a *API) ReadMark(ctx context.Context, r api.ReadMarkRequestObject) (api.ReadMarkResponseObject, error) {
	k, err := a.codes.Check(ctx, r.Code)
	if err != nil {
		return nil, err
	}
	w := api.ReadMark200JSONResponse{Verdict: api.MarkVerdict(k.Verdict), Code: k.Code}
	if k.Verdict == Unknown || k.Verdict == Mistyped {
		return w, nil
	}
	w.Publisher, w.Lot = new(api.Text(k.Publisher.Names)), optional(k.Lot)
	if k.Publisher.Demo {
		w.Demo = new(true)
	}
	if own, err := tenancy.From(ctx); err == nil && own.Tenant == k.Publisher.ID && access.Can(ctx, "mark-batch:read") {
		w.BatchId, w.Number = &k.BatchID, new(int(k.Number))
	}
	w.Product = &api.MarkProduct{Title: k.Product.Title, Names: []api.RegistrationName{}, Office: k.Product.Office, Number: optional(k.Product.Number), Registered: k.Product.Registered}
	for _, n := range k.Product.Names {
		w.Product.Names = append(w.Product.Names, api.RegistrationName{Text: n.Text, Language: n.Language, Kind: api.RegistrationNameKind(n.Kind)})
	}
	if k.Holder != nil {
		w.Holder = &api.MarkHolder{Kind: api.MarkUserKind(k.Holder.Kind), CreditCode: string(k.Holder.CreditCode), Names: k.Holder.Names, Status: api.MarkStatus(k.Status)}
	}
	if market := strings.ToUpper(or(r.Params.Market)); market != "" && a.protected != nil {
		word, err := a.protected(ctx, k.Product.Title, market)
		if err != nil {
			return nil, err
		}
		w.Market, w.Protection = &market, new(api.MarkCheckProtection(word))
	}
	return w, nil
}
