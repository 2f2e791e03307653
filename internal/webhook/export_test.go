package webhook

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// For tests.
var (
	CheckURL  = checkURL
	Next      = next
	FailureOf = failureOf
)

// Serve does what Round does for one tenant.
func (w *Webhooks) Serve(ctx context.Context) error { return w.serve(ctx) }

// MessageID names a change to an endpoint.
func MessageID(endpoint uuid.UUID, seq int64) string { return messageID(endpoint, seq) }

// Signature signs with the secrets as they are shown.
func Signature(secrets [][]byte, id string, at time.Time, body []byte) string {
	return signature(secrets, id, at, body)
}
