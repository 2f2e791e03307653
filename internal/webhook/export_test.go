package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// For tests.
var (
	CheckURL  = checkURL
	Next      = next
	ErrReach  = errPrivate
	FailureOf = failureOf
)

// Trust lets requests believe the certificates of a test's receiver.
func (w *Webhooks) Trust(pool *x509.CertPool) {
	w.client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// Dial connects as a delivery does.
func (w *Webhooks) Dial(ctx context.Context, address string) error {
	c, err := w.client.Transport.(*http.Transport).DialContext(ctx, "tcp", address)
	if err == nil {
		err = c.Close()
	}
	return err
}

// Serve does what Round does for one tenant.
func (w *Webhooks) Serve(ctx context.Context) error { return w.serve(ctx) }

// MessageID names a change to an endpoint.
func MessageID(endpoint uuid.UUID, seq int64) string { return messageID(endpoint, seq) }

// Signature signs with the secrets as they are shown.
func Signature(secrets [][]byte, id string, at time.Time, body []byte) string {
	return signature(secrets, id, at, body)
}
