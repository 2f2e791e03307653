package marks

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// ListMarkAlerts lists what scans say that should not be so.
func (a *API) ListMarkAlerts(ctx context.Context, r api.ListMarkAlertsRequestObject) (api.ListMarkAlertsResponseObject, error) {
	p := r.Params
	f := AlertFilter{Kind: AlertKind(wire.Or(p.Kind)), Status: AlertStatus(wire.Or(p.Status)), Batch: p.BatchId, Holder: p.AuthorisationId}
	found, next, err := a.batches.Alerts(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.MarkAlertList{Items: make([]api.MarkAlert, 0, len(found)), Next: wire.Optional(next)}
	for _, one := range found {
		w.Items = append(w.Items, wireAlert(ctx, one))
	}
	if wire.Or(p.Count) {
		n, err := a.batches.CountAlerts(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListMarkAlerts200JSONResponse{Body: w}, nil
}

// ReadMarkAlert shows one.
func (a *API) ReadMarkAlert(ctx context.Context, r api.ReadMarkAlertRequestObject) (api.ReadMarkAlertResponseObject, error) {
	one, err := a.batches.Alert(ctx, r.Id)
	return api.ReadMarkAlert200JSONResponse{Body: wireAlert(ctx, one), Headers: api.ReadMarkAlert200ResponseHeaders{ETag: new(problem.ETag(one.Version))}}, err
}

func (a *API) decide(ctx context.Context, id uuid.UUID, ifMatch string, act AlertAct, b *api.MarkAlertDecision) (w api.MarkAlert, etag *string, err error) {
	version, err := problem.Version(ifMatch)
	if err != nil {
		return w, nil, err
	}
	one, err := a.batches.Decide(ctx, id, version, act, b.Reason)
	return wireAlert(ctx, one), new(problem.ETag(one.Version)), err
}

// ConfirmMarkAlert records that it is so.
func (a *API) ConfirmMarkAlert(ctx context.Context, r api.ConfirmMarkAlertRequestObject) (api.ConfirmMarkAlertResponseObject, error) {
	w, etag, err := a.decide(ctx, r.Id, r.Params.IfMatch, AlertConfirm, r.Body)
	return api.ConfirmMarkAlert200JSONResponse{Body: w, Headers: api.ConfirmMarkAlert200ResponseHeaders{ETag: etag}}, err
}

// DismissMarkAlert records a false alarm.
func (a *API) DismissMarkAlert(ctx context.Context, r api.DismissMarkAlertRequestObject) (api.DismissMarkAlertResponseObject, error) {
	w, etag, err := a.decide(ctx, r.Id, r.Params.IfMatch, AlertDismiss, r.Body)
	return api.DismissMarkAlert200JSONResponse{Body: w, Headers: api.DismissMarkAlert200ResponseHeaders{ETag: etag}}, err
}

// ReopenMarkAlert takes a decision back.
func (a *API) ReopenMarkAlert(ctx context.Context, r api.ReopenMarkAlertRequestObject) (api.ReopenMarkAlertResponseObject, error) {
	w, etag, err := a.decide(ctx, r.Id, r.Params.IfMatch, AlertReopen, r.Body)
	return api.ReopenMarkAlert200JSONResponse{Body: w, Headers: api.ReopenMarkAlert200ResponseHeaders{ETag: etag}}, err
}

// ListMarkScanCountries sums the scans of a period by country.
func (a *API) ListMarkScanCountries(ctx context.Context, r api.ListMarkScanCountriesRequestObject) (api.ListMarkScanCountriesResponseObject, error) {
	from, to := a.span(r.Params.From, r.Params.To)
	all, err := a.batches.Lands(ctx, r.Params.BatchId, from, to)
	w := api.ListMarkScanCountries200JSONResponse{Items: make([]api.MarkScanCountry, 0, len(all))}
	for _, l := range all {
		w.Items = append(w.Items, api.MarkScanCountry{Country: l.Country, Scans: l.Scans, Codes: l.Codes, Suspicious: l.Suspicious, LastAt: l.LastAt})
	}
	return w, err
}

func wireAlert(ctx context.Context, l Alert) api.MarkAlert {
	w := api.MarkAlert{Id: l.ID, Version: l.Version, Kind: api.MarkAlertKind(l.Kind), BatchId: l.BatchID, AuthorisationId: l.AuthorisationID, Day: wire.Day(l.Day), Status: api.MarkAlertStatus(l.Status), Reason: wire.Optional(l.Reason),
		DecidedName: wire.Optional(l.DecidedName), DecidedAt: l.DecidedAt, RaisedAt: l.RaisedAt, Allowed: access.Allowed(ctx, "mark-alert", alertMoves.Allowed(l.Status)...)}
	if l.Number != nil {
		w.Number = new(int(*l.Number))
	}
	e := l.Evidence
	w.Evidence = api.MarkAlertEvidence{Scans: e.Scans, Codes: e.Codes, Countries: e.Countries, FirstAt: e.FirstAt, LastAt: e.LastAt, Numbers: []int{}, Minutes: e.Minutes, Limit: e.Limit}
	if w.Evidence.Countries == nil {
		w.Evidence.Countries = []string{}
	}
	if e.Balance != nil {
		w.Evidence.Balance = new(wireBalance(*e.Balance))
	}
	for _, n := range e.Numbers {
		w.Evidence.Numbers = append(w.Evidence.Numbers, int(n))
	}
	return w
}
