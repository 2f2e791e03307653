package recognition

import (
	"context"
	"encoding/base64"

	"github.com/helianthus-gi/helianthus/api"
)

// ViewAPI serves the views of a case between two houses.
type ViewAPI struct{ views *Views }

// NewViewAPI returns the operations.
func NewViewAPI(v *Views) *ViewAPI { return &ViewAPI{v} }

// GiveCaseView gives the tenant's view of a case, signed, for the house of the other side.
func (a *ViewAPI) GiveCaseView(ctx context.Context, r api.GiveCaseViewRequestObject) (api.GiveCaseViewResponseObject, error) {
	v, err := a.views.Give(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.GiveCaseView200JSONResponse(wireSigned(v)), nil
}

// ReceiveCaseView keeps the view of the other side's house and says where it parts from the tenant's own.
func (a *ViewAPI) ReceiveCaseView(ctx context.Context, r api.ReceiveCaseViewRequestObject) (api.ReceiveCaseViewResponseObject, error) {
	signature, _ := base64.StdEncoding.DecodeString(r.Body.Signature) // what is none fits no key
	v, err := a.views.Receive(ctx, r.Id, SignedView{Statement: r.Body.Statement, Chain: r.Body.Chain, KeyID: r.Body.KeyId, Signature: signature})
	if err != nil {
		return nil, err
	}
	w, err := wireView(v)
	return api.ReceiveCaseView201JSONResponse(w), err
}

// ListCaseViews lists what other houses gave of a case.
func (a *ViewAPI) ListCaseViews(ctx context.Context, r api.ListCaseViewsRequestObject) (api.ListCaseViewsResponseObject, error) {
	all, err := a.views.Received(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	out := api.ListCaseViews200JSONResponse{Items: make([]api.ReceivedCaseView, 0, len(all))}
	for _, v := range all {
		w, err := wireView(v)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, w)
	}
	return out, nil
}

func wireSigned(v SignedView) api.CaseView {
	return api.CaseView{Statement: v.Statement, Chain: orEmpty(v.Chain), KeyId: v.KeyID, Signature: base64.StdEncoding.EncodeToString(v.Signature)}
}

func wireView(v ReceivedView) (w api.ReceivedCaseView, err error) {
	w = api.ReceivedCaseView{Id: v.ID, House: v.House, Issuer: v.Issuer, At: v.At, Steps: v.Steps, Sha256: v.SHA256, ReceivedAt: v.ReceivedAt, ReceivedBy: v.By, Signed: wireSigned(v.Signed),
		Relation: api.CaseRelation(v.Relation), Common: v.Common, Fields: orEmpty(v.Fields), Settled: v.Settled}
	if v.Rewritten > 0 {
		w.Rewritten = &v.Rewritten
	}
	for _, s := range []struct {
		of *ViewStep
		to **api.CaseViewStep
	}{{v.Ours, &w.Ours}, {v.Theirs, &w.Theirs}} {
		if s.of == nil {
			continue
		}
		step, err := as[api.CaseViewStep](s.of)
		if err != nil {
			return w, err
		}
		*s.to = &step
	}
	return w, nil
}
