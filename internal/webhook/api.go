package webhook

import (
	"context"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// API serves the operations of the tag webhooks.
type API struct{ verbs *Webhooks }

// NewAPI returns the operations of the verbs.
func NewAPI(verbs *Webhooks) *API { return &API{verbs} }

// ListWebhooks lists the tenant's endpoints.
func (a *API) ListWebhooks(ctx context.Context, _ api.ListWebhooksRequestObject) (api.ListWebhooksResponseObject, error) {
	all, err := a.verbs.Endpoints(ctx)
	if err != nil {
		return nil, err
	}
	head, err := a.verbs.feed.Head(ctx)
	out := api.WebhookList{Items: make([]api.Webhook, 0, len(all)), Head: head}
	for _, e := range all {
		out.Items = append(out.Items, wireEndpoint(ctx, e))
	}
	return api.ListWebhooks200JSONResponse(out), err
}

// CreateWebhook adds an endpoint.
func (a *API) CreateWebhook(ctx context.Context, r api.CreateWebhookRequestObject) (api.CreateWebhookResponseObject, error) {
	e, secret, err := a.verbs.Create(ctx, Endpoint{URL: r.Body.Url, Description: wire.Or(r.Body.Description), Kinds: wire.OrElse(r.Body.Kinds, []string{})})
	if err != nil {
		return nil, err
	}
	etag, location := problem.ETag(e.Version), "/api/v1/webhooks/"+e.ID.String()
	return api.CreateWebhook201JSONResponse{
		Body: api.WebhookCreated{Webhook: wireEndpoint(ctx, e), Secret: secret}, Headers: api.CreateWebhook201ResponseHeaders{ETag: &etag, Location: &location},
	}, nil
}

// ReadWebhook shows an endpoint.
func (a *API) ReadWebhook(ctx context.Context, r api.ReadWebhookRequestObject) (api.ReadWebhookResponseObject, error) {
	e, err := a.verbs.Endpoint(ctx, r.Id)
	etag := problem.ETag(e.Version)
	return api.ReadWebhook200JSONResponse{Body: wireEndpoint(ctx, e), Headers: api.ReadWebhook200ResponseHeaders{ETag: &etag}}, err
}

// UpdateWebhook changes an endpoint.
func (a *API) UpdateWebhook(ctx context.Context, r api.UpdateWebhookRequestObject) (api.UpdateWebhookResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	e, err := a.verbs.Update(ctx, r.Id, version, Change{URL: r.Body.Url, Description: r.Body.Description, Kinds: r.Body.Kinds})
	etag := problem.ETag(e.Version)
	return api.UpdateWebhook200JSONResponse{Body: wireEndpoint(ctx, e), Headers: api.UpdateWebhook200ResponseHeaders{ETag: &etag}}, err
}

// RemoveWebhook removes an endpoint.
func (a *API) RemoveWebhook(ctx context.Context, r api.RemoveWebhookRequestObject) (api.RemoveWebhookResponseObject, error) {
	return api.RemoveWebhook204Response{}, a.verbs.Remove(ctx, r.Id)
}

// EnableWebhook goes on where it was disabled.
func (a *API) EnableWebhook(ctx context.Context, r api.EnableWebhookRequestObject) (api.EnableWebhookResponseObject, error) {
	e, err := a.verbs.Enable(ctx, r.Id)
	return api.EnableWebhook200JSONResponse(wireEndpoint(ctx, e)), err
}

// DisableWebhook stops deliveries.
func (a *API) DisableWebhook(ctx context.Context, r api.DisableWebhookRequestObject) (api.DisableWebhookResponseObject, error) {
	e, err := a.verbs.Disable(ctx, r.Id)
	return api.DisableWebhook200JSONResponse(wireEndpoint(ctx, e)), err
}

// RotateWebhookSecret exchanges the secret.
func (a *API) RotateWebhookSecret(ctx context.Context, r api.RotateWebhookSecretRequestObject) (api.RotateWebhookSecretResponseObject, error) {
	secret, until, err := a.verbs.Rotate(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return api.RotateWebhookSecret200JSONResponse{Secret: secret, PreviousUntil: until}, nil
}

// TestWebhook sends a delivery that tells of nothing.
func (a *API) TestWebhook(ctx context.Context, r api.TestWebhookRequestObject) (api.TestWebhookResponseObject, error) {
	d, err := a.verbs.Test(ctx, r.Id)
	return api.TestWebhook202JSONResponse(wireDelivery(d)), err
}

// ReplayWebhook tells the endpoint again of all changes after a position.
func (a *API) ReplayWebhook(ctx context.Context, r api.ReplayWebhookRequestObject) (api.ReplayWebhookResponseObject, error) {
	e, err := a.verbs.Replay(ctx, r.Id, r.Body.After)
	return api.ReplayWebhook200JSONResponse(wireEndpoint(ctx, e)), err
}

// ListWebhookDeliveries is the delivery log.
func (a *API) ListWebhookDeliveries(ctx context.Context, r api.ListWebhookDeliveriesRequestObject) (api.ListWebhookDeliveriesResponseObject, error) {
	p := r.Params
	found, next, err := a.verbs.Deliveries(ctx, r.Id, DeliveryStatus(wire.Or(p.Status)), wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	out := api.WebhookDeliveryList{Items: make([]api.WebhookDelivery, 0, len(found))}
	if next != "" {
		out.Next = &next
	}
	for _, d := range found {
		out.Items = append(out.Items, wireDelivery(d))
	}
	return api.ListWebhookDeliveries200JSONResponse(out), nil
}

// RetryWebhookDelivery tries a delivery again at once.
func (a *API) RetryWebhookDelivery(ctx context.Context, r api.RetryWebhookDeliveryRequestObject) (api.RetryWebhookDeliveryResponseObject, error) {
	d, err := a.verbs.Retry(ctx, r.Id, r.DeliveryId)
	return api.RetryWebhookDelivery202JSONResponse(wireDelivery(d)), err
}

func wireEndpoint(ctx context.Context, e Endpoint) api.Webhook {
	w := api.Webhook{
		Id: e.ID, Url: e.URL, Description: e.Description, Kinds: e.Kinds, Status: api.WebhookStatus(e.Status), DisabledAt: e.DisabledAt, Position: e.Position,
		Waiting: e.Waiting, FailingSince: e.FailingSince, CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}
	acts := []string{"update", "remove", "rotate", "enable"}
	if e.Status == Active {
		acts = []string{"update", "remove", "rotate", "disable", "test", "replay", "retry"}
	} else {
		why := api.WebhookDisabledWhy(e.DisabledWhy)
		w.DisabledWhy = &why
	}
	w.Allowed = access.Allowed(ctx, "webhook", acts...)
	return w
}

func wireDelivery(d Delivery) api.WebhookDelivery {
	w := api.WebhookDelivery{Id: d.ID, MessageId: d.MessageID, Type: d.Type, Seq: d.Seq, Status: api.WebhookDeliveryStatus(d.Status), Tries: d.Tries, CreatedAt: d.CreatedAt, DeliveredAt: d.DeliveredAt}
	if d.Status == Queued {
		w.NextAt = &d.NextAt
	}
	log := make([]api.WebhookTry, len(d.Log))
	for n, t := range d.Log {
		log[n] = api.WebhookTry{At: t.At, TookMs: t.TookMS, Response: t.Response}
		if t.Error != "" {
			why := api.WebhookTryError(t.Error)
			log[n].Error = &why
		}
	}
	w.Log = &log
	return w
}
