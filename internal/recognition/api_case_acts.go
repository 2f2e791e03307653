package recognition

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
)

// The acts of cases as operations: each names its act, and CaseAPI.do does it.

// SubmitRecognitionCase does the act submit.
func (a *CaseAPI) SubmitRecognitionCase(ctx context.Context, r api.SubmitRecognitionCaseRequestObject) (api.SubmitRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActSubmit, r.Id, r.Params.IfMatch, r.Body)
	return api.SubmitRecognitionCase200JSONResponse{Body: w, Headers: api.SubmitRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ReturnRecognitionCase does the act return.
func (a *CaseAPI) ReturnRecognitionCase(ctx context.Context, r api.ReturnRecognitionCaseRequestObject) (api.ReturnRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActReturn, r.Id, r.Params.IfMatch, r.Body)
	return api.ReturnRecognitionCase200JSONResponse{Body: w, Headers: api.ReturnRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// EndorseRecognitionCase does the act endorse.
func (a *CaseAPI) EndorseRecognitionCase(ctx context.Context, r api.EndorseRecognitionCaseRequestObject) (api.EndorseRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActEndorse, r.Id, r.Params.IfMatch, r.Body)
	return api.EndorseRecognitionCase200JSONResponse{Body: w, Headers: api.EndorseRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ReceiveRecognitionCase does the act receive.
func (a *CaseAPI) ReceiveRecognitionCase(ctx context.Context, r api.ReceiveRecognitionCaseRequestObject) (api.ReceiveRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActReceive, r.Id, r.Params.IfMatch, r.Body)
	return api.ReceiveRecognitionCase200JSONResponse{Body: w, Headers: api.ReceiveRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// NotifyRecognitionCase does the act notify.
func (a *CaseAPI) NotifyRecognitionCase(ctx context.Context, r api.NotifyRecognitionCaseRequestObject) (api.NotifyRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActNotify, r.Id, r.Params.IfMatch, r.Body)
	return api.NotifyRecognitionCase200JSONResponse{Body: w, Headers: api.NotifyRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RemedyRecognitionCase does the act remedy.
func (a *CaseAPI) RemedyRecognitionCase(ctx context.Context, r api.RemedyRecognitionCaseRequestObject) (api.RemedyRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActRemedy, r.Id, r.Params.IfMatch, r.Body)
	return api.RemedyRecognitionCase200JSONResponse{Body: w, Headers: api.RemedyRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// AbandonRecognitionCase does the act abandon.
func (a *CaseAPI) AbandonRecognitionCase(ctx context.Context, r api.AbandonRecognitionCaseRequestObject) (api.AbandonRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActAbandon, r.Id, r.Params.IfMatch, r.Body)
	return api.AbandonRecognitionCase200JSONResponse{Body: w, Headers: api.AbandonRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// AcceptRecognitionCase does the act accept.
func (a *CaseAPI) AcceptRecognitionCase(ctx context.Context, r api.AcceptRecognitionCaseRequestObject) (api.AcceptRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActAccept, r.Id, r.Params.IfMatch, r.Body)
	return api.AcceptRecognitionCase200JSONResponse{Body: w, Headers: api.AcceptRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ObjectRecognitionCase does the act object.
func (a *CaseAPI) ObjectRecognitionCase(ctx context.Context, r api.ObjectRecognitionCaseRequestObject) (api.ObjectRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActObject, r.Id, r.Params.IfMatch, r.Body)
	return api.ObjectRecognitionCase200JSONResponse{Body: w, Headers: api.ObjectRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RespondRecognitionCase does the act respond.
func (a *CaseAPI) RespondRecognitionCase(ctx context.Context, r api.RespondRecognitionCaseRequestObject) (api.RespondRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActRespond, r.Id, r.Params.IfMatch, r.Body)
	return api.RespondRecognitionCase200JSONResponse{Body: w, Headers: api.RespondRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// PublishRecognitionCase does the act publish.
func (a *CaseAPI) PublishRecognitionCase(ctx context.Context, r api.PublishRecognitionCaseRequestObject) (api.PublishRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActPublish, r.Id, r.Params.IfMatch, r.Body)
	return api.PublishRecognitionCase200JSONResponse{Body: w, Headers: api.PublishRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// OpposeRecognitionCase does the act oppose.
func (a *CaseAPI) OpposeRecognitionCase(ctx context.Context, r api.OpposeRecognitionCaseRequestObject) (api.OpposeRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActOppose, r.Id, r.Params.IfMatch, r.Body)
	return api.OpposeRecognitionCase200JSONResponse{Body: w, Headers: api.OpposeRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// CounterRecognitionCase does the act counter.
func (a *CaseAPI) CounterRecognitionCase(ctx context.Context, r api.CounterRecognitionCaseRequestObject) (api.CounterRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActCounter, r.Id, r.Params.IfMatch, r.Body)
	return api.CounterRecognitionCase200JSONResponse{Body: w, Headers: api.CounterRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ConsultRecognitionCase does the act consult.
func (a *CaseAPI) ConsultRecognitionCase(ctx context.Context, r api.ConsultRecognitionCaseRequestObject) (api.ConsultRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActConsult, r.Id, r.Params.IfMatch, r.Body)
	return api.ConsultRecognitionCase200JSONResponse{Body: w, Headers: api.ConsultRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// DismissRecognitionCase does the act dismiss.
func (a *CaseAPI) DismissRecognitionCase(ctx context.Context, r api.DismissRecognitionCaseRequestObject) (api.DismissRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActDismiss, r.Id, r.Params.IfMatch, r.Body)
	return api.DismissRecognitionCase200JSONResponse{Body: w, Headers: api.DismissRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// SettleRecognitionCase does the act settle.
func (a *CaseAPI) SettleRecognitionCase(ctx context.Context, r api.SettleRecognitionCaseRequestObject) (api.SettleRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActSettle, r.Id, r.Params.IfMatch, r.Body)
	return api.SettleRecognitionCase200JSONResponse{Body: w, Headers: api.SettleRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ClearRecognitionCase does the act clear.
func (a *CaseAPI) ClearRecognitionCase(ctx context.Context, r api.ClearRecognitionCaseRequestObject) (api.ClearRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActClear, r.Id, r.Params.IfMatch, r.Body)
	return api.ClearRecognitionCase200JSONResponse{Body: w, Headers: api.ClearRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// EnterRecognitionCase does the act enter.
func (a *CaseAPI) EnterRecognitionCase(ctx context.Context, r api.EnterRecognitionCaseRequestObject) (api.EnterRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActEnter, r.Id, r.Params.IfMatch, r.Body)
	return api.EnterRecognitionCase200JSONResponse{Body: w, Headers: api.EnterRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// GrantRecognitionCase does the act grant.
func (a *CaseAPI) GrantRecognitionCase(ctx context.Context, r api.GrantRecognitionCaseRequestObject) (api.GrantRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActGrant, r.Id, r.Params.IfMatch, r.Body)
	return api.GrantRecognitionCase200JSONResponse{Body: w, Headers: api.GrantRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// LimitRecognitionCase does the act limit.
func (a *CaseAPI) LimitRecognitionCase(ctx context.Context, r api.LimitRecognitionCaseRequestObject) (api.LimitRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActLimit, r.Id, r.Params.IfMatch, r.Body)
	return api.LimitRecognitionCase200JSONResponse{Body: w, Headers: api.LimitRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// AcquiesceRecognitionCase does the act acquiesce.
func (a *CaseAPI) AcquiesceRecognitionCase(ctx context.Context, r api.AcquiesceRecognitionCaseRequestObject) (api.AcquiesceRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActAcquiesce, r.Id, r.Params.IfMatch, r.Body)
	return api.AcquiesceRecognitionCase200JSONResponse{Body: w, Headers: api.AcquiesceRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RefuseRecognitionCase does the act refuse.
func (a *CaseAPI) RefuseRecognitionCase(ctx context.Context, r api.RefuseRecognitionCaseRequestObject) (api.RefuseRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActRefuse, r.Id, r.Params.IfMatch, r.Body)
	return api.RefuseRecognitionCase200JSONResponse{Body: w, Headers: api.RefuseRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RetractRecognitionCase does the act retract.
func (a *CaseAPI) RetractRecognitionCase(ctx context.Context, r api.RetractRecognitionCaseRequestObject) (api.RetractRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActRetract, r.Id, r.Params.IfMatch, r.Body)
	return api.RetractRecognitionCase200JSONResponse{Body: w, Headers: api.RetractRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// AppealRecognitionCase does the act appeal.
func (a *CaseAPI) AppealRecognitionCase(ctx context.Context, r api.AppealRecognitionCaseRequestObject) (api.AppealRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActAppeal, r.Id, r.Params.IfMatch, r.Body)
	return api.AppealRecognitionCase200JSONResponse{Body: w, Headers: api.AppealRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// UpholdRecognitionCase does the act uphold.
func (a *CaseAPI) UpholdRecognitionCase(ctx context.Context, r api.UpholdRecognitionCaseRequestObject) (api.UpholdRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActUphold, r.Id, r.Params.IfMatch, r.Body)
	return api.UpholdRecognitionCase200JSONResponse{Body: w, Headers: api.UpholdRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RemitRecognitionCase does the act remit.
func (a *CaseAPI) RemitRecognitionCase(ctx context.Context, r api.RemitRecognitionCaseRequestObject) (api.RemitRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActRemit, r.Id, r.Params.IfMatch, r.Body)
	return api.RemitRecognitionCase200JSONResponse{Body: w, Headers: api.RemitRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// SuspendRecognitionCase does the act suspend.
func (a *CaseAPI) SuspendRecognitionCase(ctx context.Context, r api.SuspendRecognitionCaseRequestObject) (api.SuspendRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActSuspend, r.Id, r.Params.IfMatch, r.Body)
	return api.SuspendRecognitionCase200JSONResponse{Body: w, Headers: api.SuspendRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ResumeRecognitionCase does the act resume.
func (a *CaseAPI) ResumeRecognitionCase(ctx context.Context, r api.ResumeRecognitionCaseRequestObject) (api.ResumeRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActResume, r.Id, r.Params.IfMatch, r.Body)
	return api.ResumeRecognitionCase200JSONResponse{Body: w, Headers: api.ResumeRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// AmendRecognitionCase does the act amend.
func (a *CaseAPI) AmendRecognitionCase(ctx context.Context, r api.AmendRecognitionCaseRequestObject) (api.AmendRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActAmend, r.Id, r.Params.IfMatch, r.Body)
	return api.AmendRecognitionCase200JSONResponse{Body: w, Headers: api.AmendRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RenewRecognitionCase does the act renew.
func (a *CaseAPI) RenewRecognitionCase(ctx context.Context, r api.RenewRecognitionCaseRequestObject) (api.RenewRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActRenew, r.Id, r.Params.IfMatch, r.Body)
	return api.RenewRecognitionCase200JSONResponse{Body: w, Headers: api.RenewRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ExpireRecognitionCase does the act expire.
func (a *CaseAPI) ExpireRecognitionCase(ctx context.Context, r api.ExpireRecognitionCaseRequestObject) (api.ExpireRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActExpire, r.Id, r.Params.IfMatch, r.Body)
	return api.ExpireRecognitionCase200JSONResponse{Body: w, Headers: api.ExpireRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// InvalidateRecognitionCase does the act invalidate.
func (a *CaseAPI) InvalidateRecognitionCase(ctx context.Context, r api.InvalidateRecognitionCaseRequestObject) (api.InvalidateRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActInvalidate, r.Id, r.Params.IfMatch, r.Body)
	return api.InvalidateRecognitionCase200JSONResponse{Body: w, Headers: api.InvalidateRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// CancelRecognitionCase does the act cancel.
func (a *CaseAPI) CancelRecognitionCase(ctx context.Context, r api.CancelRecognitionCaseRequestObject) (api.CancelRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActCancel, r.Id, r.Params.IfMatch, r.Body)
	return api.CancelRecognitionCase200JSONResponse{Body: w, Headers: api.CancelRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// RenounceRecognitionCase does the act renounce.
func (a *CaseAPI) RenounceRecognitionCase(ctx context.Context, r api.RenounceRecognitionCaseRequestObject) (api.RenounceRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActRenounce, r.Id, r.Params.IfMatch, r.Body)
	return api.RenounceRecognitionCase200JSONResponse{Body: w, Headers: api.RenounceRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// WithdrawRecognitionCase does the act withdraw.
func (a *CaseAPI) WithdrawRecognitionCase(ctx context.Context, r api.WithdrawRecognitionCaseRequestObject) (api.WithdrawRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActWithdraw, r.Id, r.Params.IfMatch, r.Body)
	return api.WithdrawRecognitionCase200JSONResponse{Body: w, Headers: api.WithdrawRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// ExtendRecognitionCase does the act extend.
func (a *CaseAPI) ExtendRecognitionCase(ctx context.Context, r api.ExtendRecognitionCaseRequestObject) (api.ExtendRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActExtend, r.Id, r.Params.IfMatch, r.Body)
	return api.ExtendRecognitionCase200JSONResponse{Body: w, Headers: api.ExtendRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// WaiveRecognitionCase does the act waive.
func (a *CaseAPI) WaiveRecognitionCase(ctx context.Context, r api.WaiveRecognitionCaseRequestObject) (api.WaiveRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActWaive, r.Id, r.Params.IfMatch, r.Body)
	return api.WaiveRecognitionCase200JSONResponse{Body: w, Headers: api.WaiveRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// CorrectRecognitionCase does the act correct.
func (a *CaseAPI) CorrectRecognitionCase(ctx context.Context, r api.CorrectRecognitionCaseRequestObject) (api.CorrectRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActCorrect, r.Id, r.Params.IfMatch, r.Body)
	return api.CorrectRecognitionCase200JSONResponse{Body: w, Headers: api.CorrectRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}

// AnnulRecognitionCase does the act annul.
func (a *CaseAPI) AnnulRecognitionCase(ctx context.Context, r api.AnnulRecognitionCaseRequestObject) (api.AnnulRecognitionCaseResponseObject, error) {
	w, err := a.do(ctx, ActAnnul, r.Id, r.Params.IfMatch, r.Body)
	return api.AnnulRecognitionCase200JSONResponse{Body: w, Headers: api.AnnulRecognitionCase200ResponseHeaders{ETag: &w.Etag}}, err
}
