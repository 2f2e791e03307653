package marks

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ReadMark says what is known of a code.
func (a *API) ReadMark(ctx context.Context, r api.ReadMarkRequestObject) (api.ReadMarkResponseObject, error) {
	k, err := a.codes.Check(ctx, r.Code)
	if err != nil {
		return nil, err
	}
	w := wireCheck(k)
	if own, err := tenancy.From(ctx); err == nil && w.Product != nil && own.Tenant == k.Publisher.ID && access.Can(ctx, "mark-batch:read") {
		w.BatchId, w.Number = &k.BatchID, new(int(k.Number))
	}
	if market := strings.ToUpper(wire.Or(r.Params.Market)); market != "" && a.protected != nil && w.Product != nil {
		word, err := a.protected(ctx, k.Product.Title, market)
		if err != nil {
			return nil, err
		}
		w.Market, w.Protection = &market, new(api.MarkCheckProtection(word))
	}
	return api.ReadMark200JSONResponse(w), nil
}

// told is what is told of all marks in one place, before and after the code.
type told struct{ before, after []byte }

// Tell is ReadMark without a market, as the bytes that it writes. All marks of a batch that are in one place are told the same but
// their codes, so it is written once for all of them, and forgotten with what is known of the batch.
func (a *API) Tell(ctx context.Context, code string) ([]byte, error) {
	k, err := a.codes.Check(ctx, code)
	if err != nil {
		return nil, err
	}
	if k.facts != nil {
		if of, ok := k.facts.told.Load(k.place); ok {
			of := of.(told)
			return slices.Concat(of.before, []byte(k.Code), of.after), nil
		}
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(wireCheck(k)); err != nil {
		return nil, err
	}
	if k.facts != nil {
		if before, after, ok := bytes.Cut(b.Bytes(), []byte(k.Code)); ok {
			k.facts.told.Store(k.place, told{before, after})
		}
	}
	return b.Bytes(), nil
}

func wireCheck(k Check) api.MarkCheck {
	w := api.MarkCheck{Verdict: api.MarkVerdict(k.Verdict), Code: k.Code}
	if k.Verdict == Unknown || k.Verdict == Mistyped {
		return w
	}
	w.Publisher, w.Lot = new(api.Text(k.Publisher.Names)), wire.Optional(k.Lot)
	if k.Publisher.Demo {
		w.Demo = new(true)
	}
	w.Product = &api.MarkProduct{Title: k.Product.Title, Names: []api.RegistrationName{}, Office: k.Product.Office, Number: wire.Optional(k.Product.Number), Registered: k.Product.Registered}
	for _, n := range k.Product.Names {
		w.Product.Names = append(w.Product.Names, api.RegistrationName{Text: n.Text, Language: n.Language, Kind: api.RegistrationNameKind(n.Kind)})
	}
	if k.Holder != nil {
		w.Holder = &api.MarkHolder{Kind: api.MarkUserKind(k.Holder.Kind), CreditCode: string(k.Holder.CreditCode), Names: k.Holder.Names, Status: api.MarkStatus(k.Status)}
	}
	return w
}
