package apitest

import "github.com/helianthus-gi/helianthus/internal/webhook"

func (b *builder) webhooks() {
	b.t.Helper()
	e, _, err := b.house.Webhooks.Create(b.ctx, webhook.Endpoint{URL: "https://receiver.example/", Description: b.canary, Kinds: []string{}})
	b.keep("webhooks", e.ID, err)
	d, err := b.house.Webhooks.Test(b.ctx, e.ID)
	b.keep("deliveryId", d.ID, err)
}
