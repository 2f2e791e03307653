package marks

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ReadMarkRule shows what the tenant asks of users.
func (a *API) ReadMarkRule(ctx context.Context, _ api.ReadMarkRuleRequestObject) (api.ReadMarkRuleResponseObject, error) {
	r, err := a.authorisations.Rule(ctx)
	return api.ReadMarkRule200JSONResponse{Body: wireRule(ctx, r), Headers: api.ReadMarkRule200ResponseHeaders{ETag: new(problem.ETag(r.Version))}}, err
}

// UpdateMarkRule replaces it.
func (a *API) UpdateMarkRule(ctx context.Context, r api.UpdateMarkRuleRequestObject) (api.UpdateMarkRuleResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	kept, err := a.authorisations.UpdateRule(ctx, Rule{Version: version, TargetPercent: b.TargetPercent, UnusedMonths: b.UnusedMonths, ReportMonths: b.ReportMonths, YieldKgMu: wire.Or(b.YieldKgPerMu), ContentG: b.ContentG, Weights: weightsOf(b.RiskWeights), Clocks: clocksOf(b.ComplaintDays), Source: b.Source})
	return api.UpdateMarkRule200JSONResponse{Body: wireRule(ctx, kept), Headers: api.UpdateMarkRule200ResponseHeaders{ETag: new(problem.ETag(kept.Version))}}, err
}

func wireRule(ctx context.Context, r Rule) api.MarkRule {
	return api.MarkRule{Version: r.Version, TargetPercent: r.TargetPercent, UnusedMonths: r.UnusedMonths, ReportMonths: r.ReportMonths, YieldKgPerMu: wire.Optional(r.YieldKgMu), ContentG: r.ContentG, RiskWeights: wireWeights(r.Weights), ComplaintDays: wireClocks(r.Clocks), Source: r.Source, UpdatedAt: r.UpdatedAt, UpdatedBy: wire.Optional(r.UpdatedBy),
		Allowed: access.Allowed(ctx, "mark-rule", "update")}
}

// span is a period as it is asked for: of what is missing, the last day is today and the first the first of its month.
func (a *API) span(from, to *types.Date) (first, last time.Time) {
	now := a.authorisations.now().UTC()
	last = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	if to != nil {
		last = to.Time
	}
	first = time.Date(last.Year(), last.Month(), 1, 0, 0, 0, 0, time.UTC)
	if from != nil {
		first = from.Time
	}
	return first, last
}

// ReadMarkUsage shows the usage rate as it stands.
func (a *API) ReadMarkUsage(ctx context.Context, r api.ReadMarkUsageRequestObject) (api.ReadMarkUsageResponseObject, error) {
	from, to := a.span(r.Params.From, r.Params.To)
	u, err := a.usages.Usage(ctx, r.Params.RegistrationId, from, to)
	if err != nil {
		return nil, err
	}
	w := api.ReadMarkUsage200JSONResponse{RegistrationId: u.RegistrationID, From: wire.Day(u.From), To: wire.Day(u.To), TargetPercent: u.Target, All: wireShare(u.All, u.Target), Exporters: wireShare(u.Exporters, u.Target),
		Townships: wireTownships(u.Figures, u.Target), Exclusions: wireExclusions(u.Figures), Months: make([]api.MarkUsageMonth, 0, len(u.Months))}
	for _, m := range u.Months {
		w.Months = append(w.Months, api.MarkUsageMonth{Month: wire.Day(m.Month), All: wireShare(m.All, u.Target), Exporters: wireShare(m.Exporters, u.Target)})
	}
	return w, nil
}

func wireShare(s Share, target *int) api.MarkUsageShare {
	w := api.MarkUsageShare{Counted: s.Counted, Using: s.Using, Excluded: s.Excluded}
	if hundredths, ok := s.Percent(); ok {
		w.Percent = new(float32(hundredths) / 100)
		if target != nil {
			w.Met = new(s.Meets(*target))
		}
	}
	return w
}

func wireTownships(f Figures, target *int) []api.MarkUsageTownship {
	all := make([]api.MarkUsageTownship, 0, len(f.Townships))
	for _, t := range f.Townships {
		all = append(all, api.MarkUsageTownship{Township: t.Township, Share: wireShare(t.Share, target)})
	}
	return all
}

func wireExclusions(f Figures) []api.MarkUsageExclusion {
	all := make([]api.MarkUsageExclusion, 0, len(f.Exclusion))
	for _, e := range f.Exclusion {
		all = append(all, api.MarkUsageExclusion{Reason: e.Reason, Count: e.Count})
	}
	return all
}

// ListMarkUsageProducers lists whom the rate counts, with what they did.
func (a *API) ListMarkUsageProducers(ctx context.Context, r api.ListMarkUsageProducersRequestObject) (api.ListMarkUsageProducersResponseObject, error) {
	p := r.Params
	f := UsageFilter{Registration: p.RegistrationId, Township: wire.Or(p.Township), Exports: p.Exports, Using: p.Using}
	f.From, f.To = a.span(p.From, p.To)
	found, next, err := a.usages.Of(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkUsageProducerList{Items: make([]api.MarkUsageProducer, 0, len(found)), Next: wire.Optional(next)}
	for _, u := range found {
		w.Items = append(w.Items, api.MarkUsageProducer{Id: u.ID, RegistrationId: u.RegistrationID, CreditCode: string(u.CreditCode), Name: u.Name, Township: u.Township, Exports: u.Exports, Excluded: wire.Optional(u.Excluded), Using: u.Using(),
			Marks: int(u.Marks), Held: int(u.Held), LastUsedOn: wire.DayOf(u.LastUsedOn), AuthorisationId: u.AuthorisationID, Status: wire.Optional(api.MarkStatus(u.Status)), Next: wire.Optional(api.MarkNextStep(u.Next()))})
	}
	if wire.Or(p.Count) {
		n, err := a.usages.CountOf(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkUsageProducers200JSONResponse{Body: w}, nil
}

// ListMarkUsageFigures lists what was reported.
func (a *API) ListMarkUsageFigures(ctx context.Context, r api.ListMarkUsageFiguresRequestObject) (api.ListMarkUsageFiguresResponseObject, error) {
	p := r.Params
	f := FigureFilter{Registration: p.RegistrationId, Month: wire.TimeOf(p.Month)}
	found, next, err := a.usages.Figures(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkUsageFigureList{Items: make([]api.MarkUsageFigure, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireFigure(one))
	}
	if wire.Or(p.Count) {
		n, err := a.usages.CountFigures(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkUsageFigures200JSONResponse{Body: w}, nil
}

// FreezeMarkUsageFigure keeps the figures of a month.
func (a *API) FreezeMarkUsageFigure(ctx context.Context, r api.FreezeMarkUsageFigureRequestObject) (api.FreezeMarkUsageFigureResponseObject, error) {
	f, err := a.usages.Freeze(ctx, r.Body.RegistrationId, r.Body.Month.Time, wire.Or(r.Body.Reason))
	return api.FreezeMarkUsageFigure201JSONResponse{Body: wireFigure(f), Headers: api.FreezeMarkUsageFigure201ResponseHeaders{Location: new("/api/v1/mark-usage-figures/" + f.ID.String())}}, err
}

// ReadMarkUsageFigure shows a figure with whom it counted.
func (a *API) ReadMarkUsageFigure(ctx context.Context, r api.ReadMarkUsageFigureRequestObject) (api.ReadMarkUsageFigureResponseObject, error) {
	f, producers, err := a.usages.Figure(ctx, r.Id)
	w := api.ReadMarkUsageFigure200JSONResponse{Figure: wireFigure(f), Producers: make([]api.MarkUsageCounted, 0, len(producers))}
	for _, p := range producers {
		w.Producers = append(w.Producers, api.MarkUsageCounted{Id: p.ID, CreditCode: string(p.CreditCode), Name: p.Name, Township: p.Township, Exports: p.Exports, Excluded: wire.Optional(p.Excluded), Marks: int(p.Marks)})
	}
	return w, err
}

func wireFigure(f Figure) api.MarkUsageFigure {
	return api.MarkUsageFigure{Id: f.ID, RegistrationId: f.RegistrationID, Month: wire.Day(f.Month), Seq: f.Seq, TargetPercent: f.Target, All: wireShare(f.Figures.All, f.Target), Exporters: wireShare(f.Figures.Exporters, f.Target),
		Townships: wireTownships(f.Figures, f.Target), Exclusions: wireExclusions(f.Figures), Reason: wire.Optional(f.Reason), FrozenName: f.FrozenName, FrozenAt: f.FrozenAt}
}
