package webhook

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Webhooks is the verbs, and the worker that delivers.
type Webhooks struct {
	db     *tenancy.DB
	feed   *exchange.Exchange
	keys   *exchange.Keys
	client *http.Client
	log    *slog.Logger
	now    func() time.Time
}

// tryTimeout is what one request may take, with all that it waits for.
const tryTimeout = 15 * time.Second

// New returns the verbs. Deliveries are sent by client: the product's is PublicClient.
func New(db *tenancy.DB, feed *exchange.Exchange, keys *exchange.Keys, client *http.Client, log *slog.Logger, now func() time.Time) *Webhooks {
	return &Webhooks{db: db, feed: feed, keys: keys, log: log, now: now, client: client}
}

// PublicClient is a client that connects to public addresses only, through no proxy, which would connect where it does not,
// and follows no redirect.
func PublicClient() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: control}
	return &http.Client{
		Timeout: tryTimeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 5 * time.Second,
			MaxIdleConnsPerHost: parallel, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: stay,
	}
}

// stay follows no redirect: where it leads was looked at by nobody.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Endpoints lists the tenant's endpoints, the oldest first.
func (w *Webhooks) Endpoints(ctx context.Context) (all []Endpoint, err error) {
	err = w.db.Read(ctx, func(tx pgx.Tx) error {
		all, err = endpoints(ctx, tx)
		return err
	})
	return all, err
}

// Endpoint reads an endpoint.
func (w *Webhooks) Endpoint(ctx context.Context, id uuid.UUID) (e Endpoint, err error) {
	err = w.db.Read(ctx, func(tx pgx.Tx) error {
		e, err = byID(ctx, tx, id)
		return err
	})
	return e, err
}

// Create adds an endpoint and returns its secret, which is shown this once. It is told of what changes from now on;
// Replay tells it of more.
func (w *Webhooks) Create(ctx context.Context, e Endpoint) (_ Endpoint, secret string, err error) {
	if err := checkURL(e.URL); err != nil {
		return e, "", err
	}
	head, err := w.feed.Head(ctx)
	if err != nil {
		return e, "", err
	}
	s, err := tenancy.From(ctx)
	if err != nil {
		return e, "", err
	}
	plain := newSecret()
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		// The lock keeps two that come at once from both being the last one allowed.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('webhooks ' || app.tenant(), 0))`); err != nil {
			return postgres.Wrap(err, "webhooks")
		}
		have, err := endpoints(ctx, tx)
		if err != nil {
			return err
		}
		if len(have) >= maxEndpoints {
			return ErrTooMany.With("Most", maxEndpoints)
		}
		err = tx.QueryRow(ctx, `insert into app.webhooks (url, description, kinds, position, created_by) values ($1, $2, $3, $4, $5) returning id`,
			e.URL, e.Description, e.Kinds, head, s.Actor).Scan(&e.ID)
		if err != nil {
			return postgres.Wrap(err, "webhook")
		}
		if err := w.keepSecret(ctx, tx, e.ID, plain); err != nil {
			return err
		}
		if e, err = byID(ctx, tx, e.ID); err != nil {
			return err
		}
		return tell(ctx, tx, "create", e.ID, nil, e)
	})
	return e, secretText(plain), err
}

func tell(ctx context.Context, tx pgx.Tx, act string, id uuid.UUID, before, after any) error {
	return audit.Record(ctx, tx, audit.Event{Action: "webhook." + act, ObjectKind: "webhook", ObjectID: id.String(), Before: before, After: after})
}

// change locks an endpoint, changes it and tells the audit trail. version is the one that was read; 0 asks for none.
func (w *Webhooks) change(ctx context.Context, id uuid.UUID, version int, act string, how func(*Endpoint) error) (e Endpoint, err error) {
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		if e, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		if version != 0 && e.Version != version {
			return problem.ErrStale
		}
		before := e
		if err := how(&e); err != nil {
			return err
		}
		if err := save(ctx, tx, e); err != nil {
			return err
		}
		if e, err = byID(ctx, tx, id); err != nil {
			return err
		}
		return tell(ctx, tx, act, id, before, e)
	})
	return e, err
}

// Change is what Update changes; nil leaves as it is.
type Change struct {
	URL, Description *string
	Kinds            *[]string
}

// Update changes an endpoint; version is the one that was read.
func (w *Webhooks) Update(ctx context.Context, id uuid.UUID, version int, c Change) (Endpoint, error) {
	return w.change(ctx, id, version, "update", func(e *Endpoint) error {
		if c.URL != nil {
			if err := checkURL(*c.URL); err != nil {
				return err
			}
			e.URL = *c.URL
		}
		if c.Description != nil {
			e.Description = *c.Description
		}
		if c.Kinds != nil {
			e.Kinds = *c.Kinds
		}
		return nil
	})
}

// Disable stops deliveries. The endpoint keeps its place.
func (w *Webhooks) Disable(ctx context.Context, id uuid.UUID) (Endpoint, error) {
	return w.change(ctx, id, 0, "disable", func(e *Endpoint) error { e.disable(ByPerson, w.now()); return nil })
}

func (e *Endpoint) disable(why string, at time.Time) {
	if e.Status == Active {
		e.Status, e.DisabledAt, e.DisabledWhy = Disabled, &at, why
	}
}

// Enable goes on where the endpoint was disabled; what waits is tried at once.
func (w *Webhooks) Enable(ctx context.Context, id uuid.UUID) (Endpoint, error) {
	e, err := w.change(ctx, id, 0, "enable", func(e *Endpoint) error {
		e.Status, e.DisabledAt, e.DisabledWhy, e.FailingSince = Active, nil, "", nil
		return nil
	})
	if err != nil {
		return e, err
	}
	return e, w.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.webhook_deliveries set next_at = now(), tries = 0 where webhook_id = $1 and status = 'queued'`, id)
		return postgres.Wrap(err, "deliveries of %s", id)
	})
}

// Replay tells the endpoint again of all changes after a position.
func (w *Webhooks) Replay(ctx context.Context, id uuid.UUID, after exchange.Position) (Endpoint, error) {
	return w.change(ctx, id, 0, "replay", func(e *Endpoint) error {
		if after > e.Position {
			return exchange.ErrAhead.With("Head", e.Position)
		}
		e.Position = after
		return nil
	})
}

// Remove removes an endpoint with its delivery log.
func (w *Webhooks) Remove(ctx context.Context, id uuid.UUID) error {
	return w.db.Tx(ctx, func(tx pgx.Tx) error {
		e, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from app.webhooks where id = $1`, id); err != nil {
			return postgres.Wrap(err, "remove webhook %s", id)
		}
		return tell(ctx, tx, "remove", id, e, nil)
	})
}

// Rotate gives the endpoint a new secret, shown this once. The one before signs on beside it until the returned instant.
func (w *Webhooks) Rotate(ctx context.Context, id uuid.UUID) (secret string, until time.Time, err error) {
	plain := newSecret()
	until = w.now().Add(overlap)
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := lockByID(ctx, tx, id); err != nil {
			return err
		}
		// Of the former secrets the last one goes on; a second exchange within a day ends the first one's.
		if _, err := tx.Exec(ctx, `delete from app.webhook_secrets where webhook_id = $1 and until_at is not null`, id); err != nil {
			return postgres.Wrap(err, "secrets of %s", id)
		}
		if _, err := tx.Exec(ctx, `update app.webhook_secrets set until_at = $2 where webhook_id = $1`, id, until); err != nil {
			return postgres.Wrap(err, "secrets of %s", id)
		}
		if err := w.keepSecret(ctx, tx, id, plain); err != nil {
			return err
		}
		return tell(ctx, tx, "rotate", id, nil, map[string]any{"previousUntil": until})
	})
	return secretText(plain), until, err
}

// Test makes a delivery that tells of nothing.
func (w *Webhooks) Test(ctx context.Context, id uuid.UUID) (d Delivery, err error) {
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		e, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if e.Status == Disabled {
			return ErrDisabled
		}
		rows, _ := tx.Query(ctx, `insert into app.webhook_deliveries as d (webhook_id, message_id, type) values ($1, 'msg_' || uuidv7(), $2) returning `+deliveryColumns, id, testType)
		if d, err = pgx.CollectExactlyOneRow(rows, scanDelivery); err != nil {
			return postgres.Wrap(err, "test of %s", id)
		}
		return tell(ctx, tx, "test", id, nil, nil)
	})
	return d, err
}

// Retry tries a delivery again at once, whatever became of it.
func (w *Webhooks) Retry(ctx context.Context, endpoint, id uuid.UUID) (d Delivery, err error) {
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		e, err := lockByID(ctx, tx, endpoint)
		if err != nil {
			return err
		}
		if e.Status == Disabled {
			return ErrDisabled
		}
		rows, _ := tx.Query(ctx, `
			update app.webhook_deliveries d set status = 'queued', tries = 0, next_at = now(), delivered_at = null
			where d.webhook_id = $1 and d.id = $2 returning `+deliveryColumns, endpoint, id)
		found, err := pgx.CollectRows(rows, scanDelivery)
		if err != nil {
			return postgres.Wrap(err, "delivery %s", id)
		}
		if len(found) == 0 {
			return ErrDeliveryNotFound
		}
		d = found[0]
		return tell(ctx, tx, "retry", endpoint, nil, map[string]any{"messageId": d.MessageID})
	})
	return d, err
}

// Deliveries is the delivery log of an endpoint, newest first.
func (w *Webhooks) Deliveries(ctx context.Context, endpoint uuid.UUID, status DeliveryStatus, limit int, cursor string) (ds []Delivery, next string, err error) {
	err = w.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := byID(ctx, tx, endpoint); err != nil {
			return err
		}
		ds, next, err = deliveries(ctx, tx, endpoint, status, limit, cursor)
		return err
	})
	return ds, next, err
}

// keptDays is how long the delivery log keeps what is done.
const keptDays = 30

// Sweeping says how Expire is registered: jobs.Sweep(webhook.SweepName, webhook.SweepEvery, w.Expire).
const (
	SweepName  = "webhook.expire"
	SweepEvery = time.Hour
)

// Expire removes secrets that have ended and what is long done from the delivery log, seals secrets with the house's present one,
// and reminds of signing keys, machines, grants and recognitions that end. It may be done twice.
func (w *Webhooks) Expire(ctx context.Context) error {
	return w.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `delete from app.webhook_secrets where until_at < $1`, w.now()); err != nil {
			return postgres.Wrap(err, "secrets")
		}
		if err := w.reseal(ctx, tx); err != nil {
			return err
		}
		if err := remind(ctx, tx, w.now()); err != nil {
			return err
		}
		if err := remindOfEnds(ctx, tx, w.now()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `delete from app.webhook_deliveries where status <> 'queued' and created_at < $1`, w.now().AddDate(0, 0, -keptDays))
		return postgres.Wrap(err, "deliveries")
	})
}

func (w *Webhooks) reseal(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `select id, webhook_id, sealed from app.webhook_secrets order by id`)
	type row struct {
		ID, Webhook uuid.UUID
		Sealed      []byte
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return postgres.Wrap(err, "sealed secrets")
	}
	b := &pgx.Batch{}
	for _, r := range all {
		sealed, renewed, err := w.keys.Renew(r.Sealed, bound(r.Webhook))
		if err != nil {
			return err
		}
		if renewed {
			b.Queue(`update app.webhook_secrets set sealed = $2 where id = $1`, r.ID, sealed)
		}
	}
	return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "sealed secrets")
}

func (w *Webhooks) keepSecret(ctx context.Context, tx pgx.Tx, endpoint uuid.UUID, plain []byte) error {
	_, err := tx.Exec(ctx, `insert into app.webhook_secrets (webhook_id, sealed) values ($1, $2)`, endpoint, w.keys.Seal(plain, bound(endpoint)))
	return postgres.Wrap(err, "secret of %s", endpoint)
}

// secrets opens those that sign now, the newest first.
func (w *Webhooks) secrets(ctx context.Context, tx pgx.Tx, endpoint uuid.UUID) ([][]byte, error) {
	rows, _ := tx.Query(ctx, `select sealed from app.webhook_secrets where webhook_id = $1 and (until_at is null or until_at > $2) order by id desc`, endpoint, w.now())
	sealed, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, postgres.Wrap(err, "secrets of %s", endpoint)
	}
	for n := range sealed {
		if sealed[n], err = w.keys.Open(sealed[n], bound(endpoint)); err != nil {
			return nil, err
		}
	}
	return slices.Clip(sealed), nil
}

// bound is what a sealed secret belongs to, so that a row copied elsewhere opens nothing.
func bound(endpoint uuid.UUID) []byte { return append([]byte("webhook "), endpoint[:]...) }
