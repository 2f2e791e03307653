package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// Received is one version that another house published, as it was received.
type Received struct {
	House       string
	Seq         int64 // of the change that brought it, in its house's feed
	Publication uuid.UUID
	Publisher   Publisher
	Kind        string
	RecordID    uuid.UUID
	Version     int
	Content     json.RawMessage
	SHA256      []byte
	PublishedAt time.Time
	ReceivedAt  time.Time
	EndedSeq    *int64     // of the change that ended it: a newer version, a withdrawal, a concealment
	EndedAt     *time.Time // when this house learned of it
	Proof       string     // of its house's log
}

// Filter narrows the list of what was received; its zero value is all that holds.
type Filter struct {
	House, Kind string
	RecordID    *uuid.UUID
	Name        string // its beginning, in any spelling
	Proved      *bool  // those with the proof of their log, or those without
	Ended       bool   // also what no longer holds
}

type receivedCursor struct {
	At    time.Time `json:"at"`
	House string    `json:"house"`
	Seq   int64     `json:"seq"`
}

// receivedColumns are read of received r by scanReceived.
const receivedColumns = `r.house, r.seq, r.publication_id, r.publisher_id, r.publisher, r.publisher_names, r.demo, r.kind, r.record_id, r.version, r.content, r.sha256,
	r.published_at, r.received_at, r.ended_seq, r.ended_at, r.proof`

// ofTheHouse keeps sandboxes from what other houses publish: nothing that is true is in a sandbox.
const ofTheHouse = `(select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()) is null`

func scanReceived(row pgx.CollectableRow) (r Received, err error) {
	err = row.Scan(&r.House, &r.Seq, &r.Publication, &r.Publisher.ID, &r.Publisher.Slug, &r.Publisher.Names, &r.Publisher.Demo, &r.Kind, &r.RecordID, &r.Version,
		&r.Content, &r.SHA256, &r.PublishedAt, &r.ReceivedAt, &r.EndedSeq, &r.EndedAt, &r.Proof)
	return r, err
}

// ErrNotReceived is returned for a publication that no other house was heard to publish.
var ErrNotReceived = problem.New(problem.NotFound, "received-publication.not-found")

// ByID reads a version by the id that its own house gave it, or returns ErrNotReceived.
func (p *Partners) ByID(ctx context.Context, id uuid.UUID) (r Received, err error) {
	err = p.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+receivedColumns+` from app.received r where `+ofTheHouse+` and r.publication_id = $1 order by r.received_at desc limit 1`, id)
		r, err = pgx.CollectExactlyOneRow(rows, scanReceived)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNotReceived
		}
		return postgres.Wrap(err, "received %s", id)
	})
	return r, err
}

// List lists what was received, the newest first.
func (p *Partners) List(ctx context.Context, f Filter, limit int, cursor string) (found []Received, next string, err error) {
	c := receivedCursor{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	key := ""
	if f.Name != "" {
		if key = p.c.Fold(f.Name); key == "" {
			return nil, "", nil // no letter: no name
		}
	}
	err = p.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+receivedColumns+` from app.received r
			where `+ofTheHouse+` and (r.received_at, r.house, r.seq) < ($1, $2, $3) and ($4 = '' or r.house = $4) and ($5 = '' or r.kind = $5) and ($6::uuid is null or r.record_id = $6)
				and ($7 or r.ended_at is null) and ($8 = '' or exists (select from app.received_names n where n.house = r.house and n.seq = r.seq and n.name_key >= $8 and n.name_key < $8 || chr(1114111)))
				and ($10::boolean is null or (r.proof <> '') = $10)
			order by r.received_at desc, r.house desc, r.seq desc limit $9`, c.At, c.House, c.Seq, f.House, f.Kind, f.RecordID, f.Ended, key, limit+1, f.Proved)
		found, err = pgx.CollectRows(rows, scanReceived)
		return postgres.Wrap(err, "list received")
	})
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	last := found[limit-1]
	return found[:limit], postgres.EncodeCursor(receivedCursor{last.ReceivedAt, last.House, last.Seq}), nil
}

// Partner is how far this house is with another one.
type Partner struct {
	ID           uuid.UUID
	Version      int
	Name, URL    string
	Key          string // verifier key of its log, when operators follow it
	SuspendedAt  *time.Time
	SuspendedWhy string
	Position     int64
	Records      int64 // that hold
	Unproved     int64 // of those, without the proof of their log
	LogSize      int64 // entries of its log that were read
	TriedAt      *time.Time
	CheckedAt    *time.Time
	Error        string
	Cosigns      *translog.WitnessState // how far it is as a witness of our log; nil: it is none
	Cosigned     *translog.WitnessState // how far we are as a witness of its log; nil: we are none
}

// partnerSQL reads partners; what is chosen and in which order is added.
const partnerSQL = `
	select h.id, h.version, h.name, h.url, h.key, h.suspended_at, h.suspended_why, h.position, n.records, n.unproved, coalesce((h.state -> 'log' ->> 'size')::bigint, 0), h.tried_at, h.checked_at, h.error
	from app.partner_houses h cross join lateral (
		select count(*) as records, count(*) filter (where r.proof = '') as unproved from app.received r where r.house = h.name and r.ended_at is null) n
	where `

func scanPartner(row pgx.CollectableRow) (h Partner, err error) {
	err = row.Scan(&h.ID, &h.Version, &h.Name, &h.URL, &h.Key, &h.SuspendedAt, &h.SuspendedWhy, &h.Position, &h.Records, &h.Unproved, &h.LogSize, &h.TriedAt, &h.CheckedAt, &h.Error)
	return h, err
}

func houseByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Partner, error) {
	rows, _ := tx.Query(ctx, partnerSQL+`h.id = $1`, id)
	return oneHouse(ctx, tx, rows)
}

func houseByName(ctx context.Context, tx pgx.Tx, name string) (Partner, error) {
	rows, _ := tx.Query(ctx, partnerSQL+`h.name = $1`, name)
	return oneHouse(ctx, tx, rows)
}

func shownHouse(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Partner, error) {
	rows, _ := tx.Query(ctx, partnerSQL+ofTheHouse+` and h.id = $1`, id)
	return oneHouse(ctx, tx, rows)
}

// oneHouse reads the house that was asked for, or returns ErrHouseNotFound.
func oneHouse(ctx context.Context, tx pgx.Tx, rows pgx.Rows) (h Partner, err error) {
	h, err = pgx.CollectExactlyOneRow(rows, scanPartner)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, ErrHouseNotFound
	}
	if err != nil {
		return h, postgres.Wrap(err, "partner house")
	}
	h.Cosigns, h.Cosigned, err = translog.Between(ctx, tx, h.Name)
	return h, err
}

// Houses lists the houses that are followed, or were.
func (p *Partners) Houses(ctx context.Context) (all []Partner, err error) {
	err = p.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, partnerSQL+ofTheHouse+` order by h.name limit 1000`)
		if all, err = pgx.CollectRows(rows, scanPartner); err != nil {
			return postgres.Wrap(err, "partner houses")
		}
		for i := range all {
			if all[i].Cosigns, all[i].Cosigned, err = translog.Between(ctx, tx, all[i].Name); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}
