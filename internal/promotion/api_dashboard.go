package promotion

import (
	"context"
	"time"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ReadPromotionEligibility tells what is known of an applicant.
func (a *API) ReadPromotionEligibility(ctx context.Context, r api.ReadPromotionEligibilityRequestObject) (api.ReadPromotionEligibilityResponseObject, error) {
	one, _, err := a.promotions.Application(ctx, r.Id)
	if err == nil && blinded(ctx, one) {
		err = ErrBlind
	}
	if err != nil {
		return nil, err
	}
	all, err := a.knowledge.Eligibility(ctx, one)
	w := api.PromotionEligibility{Items: make([]api.PromotionFinding, 0, len(all))}
	for _, f := range all {
		w.Items = append(w.Items, api.PromotionFinding{Code: api.PromotionFindingCode(f.Asked), Verdict: api.PromotionFindingVerdict(f.Verdict), Reason: f.Reason, Source: wire.Optional(f.Source), On: wire.DayOf(f.On),
			Text: a.papers.Bundle.T(locale.From(ctx), "promotion-eligibility."+f.Reason, nil)})
	}
	return api.ReadPromotionEligibility200JSONResponse(w), err
}

// ReadPromotionPrefill tells what can be put into a form.
func (a *API) ReadPromotionPrefill(ctx context.Context, r api.ReadPromotionPrefillRequestObject) (api.ReadPromotionPrefillResponseObject, error) {
	all, issued, err := a.knowledge.Prefill(ctx, r.Id)
	w := api.ReadPromotionPrefill200JSONResponse{Items: make([]api.PromotionPrefilled, 0, len(all))}
	for _, f := range all {
		w.Items = append(w.Items, api.PromotionPrefilled{Field: api.PromotionPrefilledField(f.Field), Value: f.Value, Source: api.PromotionPrefilledSource(f.Source)})
	}
	w.Dossiers = make([]struct {
		Id     api.Id    `json:"id"`
		Market string    `json:"market"`
		Number *string   `json:"number,omitempty"`
		Title  *api.Text `json:"title,omitempty"`
	}, len(issued))
	for i, d := range issued {
		w.Dossiers[i].Id, w.Dossiers[i].Market, w.Dossiers[i].Number, w.Dossiers[i].Title = d.ID, d.Market, d.Number, new(api.Text(d.Title))
	}
	return w, err
}

func wireFunnel(f Funnel) api.PromotionFunnel {
	return api.PromotionFunnel{Calls: f.Calls, Applications: f.Applications, Applicants: f.Applicants, Awarded: f.Awarded, Contacts: f.Contacts, Inquiries: f.Inquiries, Samples: f.Samples, Contracts: f.Contracts}
}

func wireSums(all []Sum) []api.PromotionSum {
	out := make([]api.PromotionSum, 0, len(all))
	for _, s := range all {
		out = append(out, api.PromotionSum{Currency: string(s.Currency), Amount: s.Amount.In(s.Currency)})
	}
	return out
}

// ReadPromotionDashboard shows what came of the calls of a year.
func (a *API) ReadPromotionDashboard(ctx context.Context, r api.ReadPromotionDashboardRequestObject) (api.ReadPromotionDashboardResponseObject, error) {
	d, err := a.promotions.Dashboard(ctx, wire.Or(r.Params.Year))
	w := api.PromotionDashboard{Year: d.Year, Funnel: wireFunnel(d.Funnel), Exports: wireSums(d.Exports), Spent: make([]api.PromotionSpent, 0, len(d.Spent)), Markets: make([]api.PromotionMarket, 0, len(d.Markets)),
		Years: make([]api.PromotionYearFigures, 0, len(d.Years)), NeverSupported: make([]api.PromotionUnsupported, 0, len(d.Never)), NeverSupportedCount: d.NeverCount}
	for _, s := range d.Spent {
		one := api.PromotionSpent{Currency: string(s.Currency), Budget: s.Budget.In(s.Currency), Committed: s.Committed.In(s.Currency), Paid: s.Paid.In(s.Currency), Contracts: s.Contracts}
		if each, ok := s.PerContract(); ok {
			one.PerContract = new(each.In(s.Currency))
		}
		w.Spent = append(w.Spent, one)
	}
	for _, m := range d.Markets {
		w.Markets = append(w.Markets, api.PromotionMarket{Country: m.Country, Calls: m.Calls, Applications: m.Applications, Awarded: m.Awarded, Contracts: m.Contracts, Exports: wireSums(m.Exports)})
	}
	for _, y := range d.Years {
		w.Years = append(w.Years, api.PromotionYearFigures{Year: y.Year, Funnel: wireFunnel(y.Funnel)})
	}
	for _, u := range d.Never {
		w.NeverSupported = append(w.NeverSupported, api.PromotionUnsupported{Name: u.Name, CreditCode: wire.Optional(u.CreditCode), Applications: u.Applications, LastOn: wire.Day(u.LastOn.UTC().Truncate(24 * time.Hour))})
	}
	return api.ReadPromotionDashboard200JSONResponse(w), err
}

// PrintPromotionDashboard makes the yearly report.
func (a *API) PrintPromotionDashboard(ctx context.Context, r api.PrintPromotionDashboardRequestObject) (api.PrintPromotionDashboardResponseObject, error) {
	p, err := a.papers.PrintReport(ctx, r.Body.Year, locale.Tag(r.Body.Language), Format(r.Body.Format))
	w, at := printed(p)
	return api.PrintPromotionDashboard202JSONResponse{Body: w, Headers: api.PrintPromotionDashboard202ResponseHeaders{Location: at}}, err
}
