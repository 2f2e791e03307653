package webhook

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

const endpointColumns = `
	w.id, w.version, w.url, w.description, w.kinds, w.status, w.disabled_at, w.disabled_why, w.position, w.failing_since, w.created_at, w.updated_at,
	(select count(*) from app.webhook_deliveries d where d.webhook_id = w.id and d.status = 'queued')::integer`

func scanEndpoint(row pgx.CollectableRow) (e Endpoint, err error) {
	err = row.Scan(&e.ID, &e.Version, &e.URL, &e.Description, &e.Kinds, &e.Status, &e.DisabledAt, &e.DisabledWhy, &e.Position, &e.FailingSince, &e.CreatedAt, &e.UpdatedAt, &e.Waiting)
	return e, err
}

func endpoints(ctx context.Context, tx pgx.Tx) ([]Endpoint, error) {
	rows, _ := tx.Query(ctx, `select `+endpointColumns+` from app.webhooks w order by w.id`)
	all, err := pgx.CollectRows(rows, scanEndpoint)
	return all, postgres.Wrap(err, "webhooks")
}

func byID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Endpoint, error) {
	rows, _ := tx.Query(ctx, `select `+endpointColumns+` from app.webhooks w where w.id = $1`, id)
	return one(rows)
}

func lockByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Endpoint, error) {
	rows, _ := tx.Query(ctx, `select `+endpointColumns+` from app.webhooks w where w.id = $1 for update of w`, id)
	return one(rows)
}

func one(rows pgx.Rows) (Endpoint, error) {
	e, err := pgx.CollectExactlyOneRow(rows, scanEndpoint)
	if errors.Is(err, pgx.ErrNoRows) {
		return e, ErrNotFound
	}
	return e, postgres.Wrap(err, "webhook")
}

func save(ctx context.Context, tx pgx.Tx, e Endpoint) error {
	_, err := tx.Exec(ctx, `
		update app.webhooks set version = version + 1, updated_at = now(), url = $2, description = $3, kinds = $4,
			status = $5, disabled_at = $6, disabled_why = $7, position = $8, failing_since = $9
		where id = $1`, e.ID, e.URL, e.Description, e.Kinds, e.Status, e.DisabledAt, e.DisabledWhy, e.Position, e.FailingSince)
	return postgres.Wrap(err, "webhook %s", e.ID)
}

// Delivery is one change, a test, or a reminder of something that ends, to one endpoint.
type Delivery struct {
	ID          uuid.UUID
	Endpoint    uuid.UUID
	MessageID   string
	Type        string
	Seq         *exchange.Position // none for a test, and for what ends
	About       string             // the id of what ends: a signing key, a machine or its key, a grant, a recognition
	Status      DeliveryStatus
	Tries       int
	NextAt      time.Time
	CreatedAt   time.Time
	DeliveredAt *time.Time
	Log         []Try
}

// DeliveryStatus says how far a delivery is.
type DeliveryStatus string

// The statuses of deliveries.
const (
	Queued    DeliveryStatus = "queued"
	Delivered DeliveryStatus = "delivered"
	GivenUp   DeliveryStatus = "given-up"
	Concealed DeliveryStatus = "concealed" // the tenant may no longer read what it would tell of
)

// Try is one request of a delivery, and what came of it.
type Try struct {
	At       time.Time `json:"at"`
	TookMS   int       `json:"tookMs"`
	Response *int      `json:"response"` // HTTP status; nil when there was no answer
	Error    string    `json:"error"`    // why there was none: a code, see failureOf
}

const deliveryColumns = `d.id, d.webhook_id, d.message_id, d.type, d.seq, d.status, d.tries, d.next_at, d.created_at, d.delivered_at, d.about`

func scanDelivery(row pgx.CollectableRow) (d Delivery, err error) {
	err = row.Scan(&d.ID, &d.Endpoint, &d.MessageID, &d.Type, &d.Seq, &d.Status, &d.Tries, &d.NextAt, &d.CreatedAt, &d.DeliveredAt, &d.About)
	return d, err
}

type deliveryCursor struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

// deliveries are the delivery log of an endpoint, newest first, with the tries of each.
func deliveries(ctx context.Context, tx pgx.Tx, endpoint uuid.UUID, status DeliveryStatus, limit int, cursor string) ([]Delivery, string, error) {
	c := deliveryCursor{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `
		select `+deliveryColumns+`, coalesce((
			select jsonb_agg(jsonb_build_object('at', t.at, 'tookMs', t.took_ms, 'response', t.response, 'error', t.error) order by t.id)
			from app.webhook_tries t where t.delivery_id = d.id), '[]')
		from app.webhook_deliveries d
		where d.webhook_id = $1 and ($2 = '' or d.status = $2) and (d.created_at, d.id) < ($3, $4)
		order by d.created_at desc, d.id desc limit $5`, endpoint, status, c.At, c.ID, limit+1)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Delivery, err error) {
		err = row.Scan(&d.ID, &d.Endpoint, &d.MessageID, &d.Type, &d.Seq, &d.Status, &d.Tries, &d.NextAt, &d.CreatedAt, &d.DeliveredAt, &d.About, &d.Log)
		return d, err
	})
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "deliveries")
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(deliveryCursor{last.CreatedAt, last.ID}), nil
}

// enqueue makes deliveries of marks and moves the endpoint on, unless another worker has done so.
func enqueue(ctx context.Context, tx pgx.Tx, e Endpoint, marks []exchange.Mark, to exchange.Position) error {
	tag, err := tx.Exec(ctx, `update app.webhooks set position = $3 where id = $1 and position = $2 and status = 'active'`, e.ID, e.Position, to)
	if err != nil || tag.RowsAffected() == 0 || len(marks) == 0 {
		return postgres.Wrap(err, "move webhook %s", e.ID)
	}
	ids, types, seqs := make([]string, len(marks)), make([]string, len(marks)), make([]exchange.Position, len(marks))
	for n, m := range marks {
		ids[n], types[n], seqs[n] = messageID(e.ID, m.Seq), m.Kind+"."+string(m.Event), m.Seq
	}
	// What was told before is told again only in a replay, which moves the position back.
	_, err = tx.Exec(ctx, `
		insert into app.webhook_deliveries (webhook_id, message_id, type, seq)
		select $1, * from unnest($2::text[], $3::text[], $4::bigint[])
		on conflict on constraint webhook_deliveries_message_key
		do update set status = 'queued', tries = 0, next_at = now(), delivered_at = null`, e.ID, ids, types, seqs)
	return postgres.Wrap(err, "deliveries of webhook %s", e.ID)
}

// claim takes deliveries that are due and keeps others from them until the lease ends.
func claim(ctx context.Context, tx pgx.Tx, endpoint uuid.UUID, most int) ([]Delivery, error) {
	rows, _ := tx.Query(ctx, `
		update app.webhook_deliveries d set tries = tries + 1, next_at = now() + interval '2 minutes'
		where d.id in (
			select c.id from app.webhook_deliveries c where c.webhook_id = $1 and c.status = 'queued' and c.next_at <= now()
			order by c.next_at, c.seq nulls first limit $2 for update skip locked)
		returning `+deliveryColumns, endpoint, most)
	all, err := pgx.CollectRows(rows, scanDelivery)
	return all, postgres.Wrap(err, "due deliveries of %s", endpoint)
}

// record writes what came of a delivery, with the try in its log. A delivery that was claimed again meanwhile keeps its newer state.
func record(ctx context.Context, tx pgx.Tx, d Delivery) error {
	tag, err := tx.Exec(ctx, `
		update app.webhook_deliveries set status = $3, next_at = $4, delivered_at = $5 where id = $1 and tries = $2`,
		d.ID, d.Tries, d.Status, d.NextAt, d.DeliveredAt)
	if err == nil && len(d.Log) > 0 && tag.RowsAffected() > 0 {
		t := d.Log[0]
		_, err = tx.Exec(ctx, `insert into app.webhook_tries (delivery_id, at, took_ms, response, error) values ($1, $2, $3, $4, $5)`,
			d.ID, t.At, t.TookMS, t.Response, t.Error)
	}
	return postgres.Wrap(err, "delivery %s", d.ID)
}

// remind makes deliveries of the tenant's signing keys that end, one for each reminder, to the endpoints that want them.
func remind(ctx context.Context, tx pgx.Tx, now time.Time) error {
	ending, err := exchange.EndingKeys(ctx, tx, now)
	if err != nil {
		return err
	}
	for _, k := range ending {
		days := audit.Reminder(k.ExpiresAt, now)
		if days == 0 {
			continue // it is rotated by itself
		}
		_, err := tx.Exec(ctx, `
			insert into app.webhook_deliveries (webhook_id, message_id, type, about)
			select w.id, 'msg_' || w.id || '_key_' || $1 || '_' || $2::integer, $3, $1 from app.webhooks w
			where w.status = 'active' and (w.kinds = '{}' or 'signing-key' = any (w.kinds))
			on conflict on constraint webhook_deliveries_message_key do nothing`, k.ID, days, keyType)
		if err != nil {
			return postgres.Wrap(err, "reminders of key %s", k.ID)
		}
	}
	return nil
}

// toldFor is how long a reminder in the trail may wait for the sweep that tells the endpoints.
const toldFor = 48 * time.Hour

// remindOfEnds makes deliveries of the reminders in the tenant's trail, which the packages of what ends have written.
func remindOfEnds(ctx context.Context, tx pgx.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into app.webhook_deliveries (webhook_id, message_id, type, about)
		select w.id, 'msg_' || w.id || '_end_' || e.id, e.action, e.object_id from app.audit_events e, app.webhooks w
		where e.at > $1 and e.action = e.object_kind || $2 and e.object_kind <> 'signing-key'
			and w.status = 'active' and (w.kinds = '{}' or e.object_kind = any (w.kinds))
		on conflict on constraint webhook_deliveries_message_key do nothing`, now.Add(-toldFor), endSoon)
	return postgres.Wrap(err, "reminders")
}

// reminder is what is told of an end: what the trail says, while it is the last word about that.
func reminder(ctx context.Context, tx pgx.Tx, d Delivery) (data []byte, err error) {
	err = tx.QueryRow(ctx, `
		select jsonb_build_object('kind', e.object_kind, 'id', e.object_id) || e.after from app.audit_events e
		where e.object_kind || $1 = $2 and e.object_id = $3 and e.action = $2
			and not exists (select from app.audit_events l where l.object_kind = e.object_kind and l.object_id = e.object_id and l.id > e.id and l.action in (e.object_kind || '.revoke', e.object_kind || '.end'))
		order by e.at desc limit 1`, endSoon, d.Type, d.About).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil // it was ended meanwhile
	}
	return data, postgres.Wrap(err, "reminder %s", d.ID)
}
