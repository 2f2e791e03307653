package marks

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkLots lists what holders produced.
func (a *API) ListMarkLots(ctx context.Context, r api.ListMarkLotsRequestObject) (api.ListMarkLotsResponseObject, error) {
	p := r.Params
	f := LotFilter{Words: wire.Or(p.Q), Authorisation: p.AuthorisationId, Harvest: wire.Or(p.Harvest)}
	found, next, err := a.lots.List(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkLotList{Items: make([]api.MarkLot, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireLot(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.lots.Count(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkLots200JSONResponse{Body: w}, nil
}

// CreateMarkLot keeps a lot.
func (a *API) CreateMarkLot(ctx context.Context, r api.CreateMarkLotRequestObject) (api.CreateMarkLotResponseObject, error) {
	b := r.Body
	l, err := a.lots.Declare(ctx, b.AuthorisationId, b.Number, LotFacts{Harvest: b.Harvest, Quantity: quantityOf(b.Quantity), Plots: plotsOf(b.Plots), Area: areaOf(b.Area), DeclaredBy: b.DeclaredBy, DeclaredOn: b.DeclaredOn.Time})
	return api.CreateMarkLot201JSONResponse{Body: wireLot(ctx, l), Headers: api.CreateMarkLot201ResponseHeaders{ETag: new(problem.ETag(l.Version)), Location: new("/api/v1/mark-lots/" + l.ID.String())}}, err
}

// ReadMarkLot shows a lot and what it said before.
func (a *API) ReadMarkLot(ctx context.Context, r api.ReadMarkLotRequestObject) (api.ReadMarkLotResponseObject, error) {
	l, versions, err := a.lots.Lot(ctx, r.Id)
	w := wireLot(ctx, l)
	all := make([]api.MarkLotVersion, 0, len(versions))
	for _, v := range versions {
		all = append(all, api.MarkLotVersion{Version: v.Version, Harvest: v.Harvest, Quantity: wireQuantity(v.Quantity), Plots: wirePlots(v.Plots), Area: wireArea(v.Area), DeclaredBy: v.DeclaredBy, DeclaredOn: wire.Day(v.DeclaredOn),
			Reason: wire.Optional(v.Reason), RecordedName: v.RecordedName, RecordedAt: v.RecordedAt})
	}
	w.Versions = &all
	return api.ReadMarkLot200JSONResponse{Body: w, Headers: api.ReadMarkLot200ResponseHeaders{ETag: new(problem.ETag(l.Version))}}, err
}

// CorrectMarkLot makes another version of a lot.
func (a *API) CorrectMarkLot(ctx context.Context, r api.CorrectMarkLotRequestObject) (api.CorrectMarkLotResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	l, err := a.lots.Correct(ctx, r.Id, version, LotFacts{Harvest: b.Harvest, Quantity: quantityOf(b.Quantity), Plots: plotsOf(b.Plots), Area: areaOf(b.Area), DeclaredBy: b.DeclaredBy, DeclaredOn: b.DeclaredOn.Time}, b.Reason)
	return api.CorrectMarkLot200JSONResponse{Body: wireLot(ctx, l), Headers: api.CorrectMarkLot200ResponseHeaders{ETag: new(problem.ETag(l.Version))}}, err
}

// ReadMarkMassBalance shows the mass balance of a holder.
func (a *API) ReadMarkMassBalance(ctx context.Context, r api.ReadMarkMassBalanceRequestObject) (api.ReadMarkMassBalanceResponseObject, error) {
	b, err := a.lots.Balance(ctx, r.Id)
	return api.ReadMarkMassBalance200JSONResponse(wireBalance(b)), err
}

func quantityOf(q api.MarkQuantity) Measure { return Measure{q.Value, string(q.Unit)} }

func wireQuantity(m Measure) api.MarkQuantity {
	return api.MarkQuantity{Value: m.Value, Unit: api.MarkWeightUnit(m.Unit)}
}

func areaOf(l *api.LandArea) *Measure {
	if l == nil {
		return nil
	}
	return &Measure{l.Value, string(l.Unit)}
}

func wireArea(m *Measure) *api.LandArea {
	if m == nil {
		return nil
	}
	return &api.LandArea{Value: m.Value, Unit: api.AreaUnit(m.Unit)}
}

func plotsOf(w *[]api.MarkPlot) (all []Plot) {
	for _, p := range wire.Or(w) {
		all = append(all, Plot{p.Name, Measure{p.Area.Value, string(p.Area.Unit)}})
	}
	return all
}

func wirePlots(plots []Plot) []api.MarkPlot {
	all := make([]api.MarkPlot, 0, len(plots))
	for _, p := range plots {
		all = append(all, api.MarkPlot{Name: p.Name, Area: *wireArea(&p.Area)})
	}
	return all
}

func wireLot(ctx context.Context, l Lot) api.MarkLot {
	return api.MarkLot{Id: l.ID, Version: l.Version, AuthorisationId: l.AuthorisationID, Number: l.Number, Harvest: l.Harvest, Quantity: wireQuantity(l.Quantity), Plots: wirePlots(l.Plots), Area: wireArea(l.Area),
		DeclaredBy: l.DeclaredBy, DeclaredOn: wire.Day(l.DeclaredOn), CreatedAt: l.CreatedAt, UpdatedAt: l.UpdatedAt, Allowed: access.Allowed(ctx, "mark-lot", "correct")}
}

func wireBalance(b MassBalance) api.MarkMassBalance {
	w := api.MarkMassBalance{AuthorisationId: b.AuthorisationID, Verdict: api.MarkPossible(b.Verdict), YieldKgPerMu: wire.Optional(b.YieldKgMu), ContentG: b.ContentG, ContentOf: wire.Optional(api.MarkMassBalanceContentOf(b.ContentOf)), Source: wire.Optional(b.Source),
		Lots: make([]api.MarkLotBalance, 0, len(b.Lots)), Total: wireLotBalance(b.Total), Harvests: make([]api.MarkHarvestBalance, 0, len(b.Harvests))}
	for _, l := range b.Lots {
		w.Lots = append(w.Lots, wireLotBalance(l))
	}
	for _, h := range b.Harvests {
		w.Harvests = append(w.Harvests, api.MarkHarvestBalance{Harvest: h.Harvest, Lots: h.Lots, ProducedKg: h.ProducedKg, AreaMu: wire.Optional(h.AreaMu), LimitKg: wire.Optional(h.LimitKg), OverKg: wire.Optional(h.OverKg), Verdict: api.MarkPossible(h.Verdict)})
	}
	return w
}

func wireLotBalance(l LotBalance) api.MarkLotBalance {
	return api.MarkLotBalance{LotId: l.LotID, Number: wire.Optional(l.Number), Harvest: wire.Optional(l.Harvest), Marks: l.Marks, Weighed: l.Weighed, WeighedKg: l.WeighedKg, Counted: l.Counted, CountedKg: wire.Optional(l.CountedKg), UsedKg: l.UsedKg,
		ProducedKg: wire.Optional(l.ProducedKg), OverKg: wire.Optional(l.OverKg), Verdict: api.MarkPossible(l.Verdict)}
}
