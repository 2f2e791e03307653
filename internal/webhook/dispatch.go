package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	lookEvery = 500 * time.Millisecond
	tenants   = 8   // that are served at once
	parallel  = 8   // requests to one endpoint at once
	batch     = 64  // deliveries that are claimed at once
	window    = 500 // changes of which deliveries are made at once

	// answerSize is how much of an answer is read, so that its connection can be used again.
	answerSize = 64 << 10

	testType = "webhook.test"
	endSoon  = ".end-soon"
	keyType  = "signing-key" + endSoon
)

// Run delivers until ctx ends. Any number of nodes may run it: a delivery is claimed by one of them at a time.
func (w *Webhooks) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := w.Round(ctx)
		if err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "webhooks", "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
	return nil
}

// Round serves each tenant that has something to be told, once; it tells whether there was one.
func (w *Webhooks) Round(ctx context.Context) (bool, error) {
	head, err := w.feed.Head(ctx)
	if err != nil {
		return false, err
	}
	var busy []tenancy.Scope
	everybody := tenancy.In(ctx, tenancy.Public)
	err = w.db.Read(everybody, func(tx pgx.Tx) error {
		rows, _ := tx.Query(everybody, `select id, slug, kind, demo from app.busy_webhooks($1)`, head)
		busy, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (tenancy.Scope, error) {
			s := tenancy.Scope{ActorKind: tenancy.System}
			err := row.Scan(&s.Tenant, &s.Slug, &s.TenantKind, &s.Demo)
			return s, err
		})
		return postgres.Wrap(err, "busy webhooks")
	})
	if err != nil {
		return false, err
	}
	var group errgroup.Group
	group.SetLimit(tenants)
	for _, s := range busy {
		group.Go(func() error { return w.serve(tenancy.In(ctx, s)) })
	}
	return len(busy) > 0, group.Wait()
}

// serve makes deliveries for each endpoint of one tenant, and tries those that are due.
func (w *Webhooks) serve(ctx context.Context) error {
	all, err := w.Endpoints(ctx)
	if err != nil {
		return err
	}
	var group errgroup.Group
	for _, e := range all {
		if e.Status == Active {
			group.Go(func() error { return errors.Join(w.advance(ctx, e), w.deliver(ctx, e)) })
		}
	}
	return group.Wait()
}

// advance makes deliveries of the next changes. While many wait no more are made, so that a replay of millions stays a position.
func (w *Webhooks) advance(ctx context.Context, e Endpoint) error {
	if e.Waiting > 4*batch {
		return nil
	}
	return w.db.Tx(ctx, func(tx pgx.Tx) error {
		marks, to, err := exchange.Marks(ctx, tx, e.Position, window)
		if err != nil {
			return err
		}
		if len(e.Kinds) > 0 {
			marks = slices.DeleteFunc(marks, func(m exchange.Mark) bool { return !slices.Contains(e.Kinds, m.Kind) })
		}
		return enqueue(ctx, tx, e, marks, to)
	})
}

// deliver claims what is due, sends it and records what came of it.
func (w *Webhooks) deliver(ctx context.Context, e Endpoint) error {
	var due []Delivery
	var secrets [][]byte
	err := w.db.Tx(ctx, func(tx pgx.Tx) (err error) {
		if due, err = claim(ctx, tx, e.ID, batch); err != nil || len(due) == 0 {
			return err
		}
		secrets, err = w.secrets(ctx, tx, e.ID)
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	slices.SortFunc(due, func(a, b Delivery) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	var group errgroup.Group
	group.SetLimit(parallel)
	for n := range due {
		group.Go(func() error { return w.try(ctx, e, &due[n], secrets) })
	}
	err = group.Wait() // of our own stores; those deliveries are tried again when their lease ends
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(err, w.db.Tx(late, func(tx pgx.Tx) error { return w.settle(late, tx, e.ID, due) }))
}

// try sends one delivery; the delivery says afterwards what becomes of it, and its log has the try.
func (w *Webhooks) try(ctx context.Context, e Endpoint, d *Delivery, secrets [][]byte) error {
	body, err := w.body(ctx, *d)
	if err != nil {
		return err
	}
	if body == nil {
		d.Status = Concealed
		return nil
	}
	t := Try{At: w.now()}
	status, err := w.send(ctx, e.URL, d.MessageID, t.At, body, secrets)
	if ctx.Err() != nil {
		return ctx.Err() // we end, not they; it is tried again
	}
	t.TookMS = int(w.now().Sub(t.At).Milliseconds())
	if err != nil {
		t.Error = failureOf(err)
	} else {
		t.Response = &status
	}
	switch at, again := next(w.now(), d.Tries, rand.Float64()); { //nolint:gosec // it keeps deliveries apart, nothing depends on it
	case err == nil && status >= 200 && status < 300:
		done := w.now()
		d.Status, d.DeliveredAt = Delivered, &done
	case !again || status == http.StatusGone:
		d.Status = GivenUp
	default:
		d.NextAt = at
	}
	d.Log = []Try{t}
	return nil
}

// message is what is sent.
type message struct {
	Type      string          `json:"type"`
	Timestamp time.Time       `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

// body is what a delivery says at this instant; nil when the tenant may no longer read it.
func (w *Webhooks) body(ctx context.Context, d Delivery) ([]byte, error) {
	m := message{Type: d.Type, Timestamp: d.CreatedAt.UTC(), Data: json.RawMessage(`{}`)}
	if d.About != "" && d.Type != keyType {
		err := w.db.Read(ctx, func(tx pgx.Tx) (err error) {
			m.Data, err = reminder(ctx, tx, d)
			return err
		})
		if err != nil || m.Data == nil {
			return nil, err
		}
	} else if d.About != "" {
		k, err := w.feed.SigningKey(ctx, d.About)
		if err != nil || k.RetiredAt != nil {
			return nil, err // another one signs by now: there is nothing to do
		}
		if m.Data, err = json.Marshal(k); err != nil {
			return nil, err
		}
	}
	if d.Seq != nil {
		page, err := w.feed.Changes(ctx, *d.Seq-1, 1, exchange.ChangeFilter{}, 0)
		if err != nil {
			return nil, err
		}
		if len(page.Items) == 0 || page.Items[0].Seq != *d.Seq {
			return nil, nil
		}
		if m.Data, err = exchange.Line(page.Items[0]); err != nil {
			return nil, err
		}
	}
	return json.Marshal(m)
}

func (w *Webhooks) send(ctx context.Context, url, id string, at time.Time, body []byte, secrets [][]byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Helianthus-Webhook/1",
		"Webhook-Id": id, "Webhook-Timestamp": strconv.FormatInt(at.Unix(), 10), "Webhook-Signature": signature(secrets, id, at, body),
	} {
		req.Header.Set(name, value)
	}
	res, err := w.client.Do(req) //nolint:gosec // the dialer refuses what is not public
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, answerSize)) // what it says beside its status is not read
	return res.StatusCode, res.Body.Close()
}

// failureOf is the code of why there was no answer; the message webhook.error.<code> explains it.
func failureOf(err error) string {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var handshake tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.Is(err, errPrivate):
		return "private"
	case errors.As(err, &name):
		return "name"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.As(err, &certificate), errors.As(err, &handshake):
		return "tls"
	}
	return "connection"
}

// settle records tries, and what they say of the endpoint.
func (w *Webhooks) settle(ctx context.Context, tx pgx.Tx, id uuid.UUID, done []Delivery) error {
	e, err := lockByID(ctx, tx, id)
	if errors.Is(err, ErrNotFound) {
		return nil // removed meanwhile
	}
	if err != nil {
		return err
	}
	before := e
	var gone, gaveUp bool
	for _, d := range done {
		if len(d.Log) == 0 && d.Status != Concealed {
			continue // our own stores failed; it is tried again
		}
		if err := record(ctx, tx, d); err != nil {
			return err
		}
		switch {
		case d.Status == Delivered:
			e.FailingSince = nil
		case d.Status == Concealed:
		case e.FailingSince == nil:
			e.FailingSince = &d.Log[0].At
		}
		gaveUp = gaveUp || d.Status == GivenUp
		gone = gone || len(d.Log) > 0 && d.Log[0].Response != nil && *d.Log[0].Response == http.StatusGone
	}
	threeDays := w.now().Add(-72 * time.Hour)
	switch {
	case gone:
		e.disable(ByGone, w.now())
	case gaveUp && e.FailingSince != nil && e.FailingSince.Before(threeDays):
		e.disable(ByFailure, w.now())
	}
	if e.Status == before.Status && sameInstant(e.FailingSince, before.FailingSince) {
		return nil
	}
	if err := save(ctx, tx, e); err != nil {
		return err
	}
	if e.Status == before.Status {
		return nil
	}
	w.log.WarnContext(ctx, "a webhook was disabled", "webhook", e.ID, "why", e.DisabledWhy)
	return tell(ctx, tx, "disable", e.ID, before, e)
}

func sameInstant(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
