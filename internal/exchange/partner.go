package exchange

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// Partner is a tenant that we exchange with: one that has something of ours addressed to it or has read it, or the other way
// round. What is known of it comes out of rights and receipts, which both sides have anyway.
type Partner struct {
	Tenant      Publisher
	SuspendedAt *time.Time
	Gives, Gets Rights // what it may read of ours, what we may read of its own, beside what is for everybody
	LastReceipt *ReceiptMark
	ReadAt      *time.Time // when it last read something of ours
	WeReadAt    *time.Time
	Received    *PublicationMark // the newest publication of ours that it has read
	Missing     int              // publications of ours that hold, that it may read, and that came after that; at most mostMissing
	MissingFrom *time.Time       // since when the first of them is there
	Unsigned    int              // receipts that one side has not signed for an hour
	Problems    []Trouble
}

// Rights are what one side may read of the other's, beside what is for everybody.
type Rights struct {
	Grants      int
	Kinds       []string // all of these kinds, by grants
	Records     int      // single records, by grants
	Until       *time.Time
	Instruments int // whose parties it belongs to
}

func (r Rights) any() bool { return r.Grants+r.Instruments > 0 }

// ReceiptMark is a receipt without its items.
type ReceiptMark struct {
	ID  uuid.UUID
	Act Act
	At  time.Time
}

// PublicationMark is a publication without its content.
type PublicationMark struct {
	ID ID
	At time.Time
}

// Trouble is what is wrong between us and a partner, or soon will be.
type Trouble string

// The troubles.
const (
	partnerSuspended  Trouble = "suspended"
	partnerBehind     Trouble = "behind"     // it has not read for a day what it may read
	partnerNeverRead  Trouble = "never-read" // a right was given, and never used
	partnerGrantEnds  Trouble = "grant-ends" // a right ends within grantEndsSoon
	partnerUnsigned   Trouble = "unsigned"   // receipts wait for a signature
	behindAfter               = 24 * time.Hour
	grantEndsSoon             = 14 * 24 * time.Hour
	signedWithin              = time.Hour
	mostMissing               = 1000
	receiptsLookedFor         = 10 // the newest ones, for what was received last
)

// troubles says what is wrong at an instant.
func (p Partner) troubles(now time.Time) (all []Trouble) {
	add := func(is bool, t Trouble) {
		if is {
			all = append(all, t)
		}
	}
	ends := func(r Rights) bool { return r.Until != nil && r.Until.Before(now.Add(grantEndsSoon)) }
	late := p.MissingFrom != nil && p.MissingFrom.Before(now.Add(-behindAfter))
	add(p.SuspendedAt != nil, partnerSuspended)
	add(p.ReadAt != nil && late, partnerBehind)
	add(p.ReadAt == nil && (late || p.Gives.any() && p.Missing > 0), partnerNeverRead)
	add(ends(p.Gives) || ends(p.Gets), partnerGrantEnds)
	add(p.Unsigned > 0, partnerUnsigned)
	return all
}

type slugCursor struct{ Slug string }

// partnersSQL finds who has a receipt with us or shares an instrument, and asks for each what there is. What a partner that
// never read is missing is only what is meant for it: everybody's records it may have read without credentials.
const partnersSQL = `
with partner as (
	select t.* from app.tenants t
	where t.id <> app.tenant() and t.slug > $1 and (
		exists (select from app.receipts r where r.owner = app.tenant() and r.reader = t.id)
		or exists (select from app.receipts r where r.owner = t.id and r.reader = app.tenant())
		or exists (select from app.instrument_parties i where i.tenant_id = app.tenant() and i.party = t.id)
		or exists (select from app.instrument_parties i where t.id = i.tenant_id and i.party = app.tenant()))
	order by t.slug limit $2)
select c.id, c.slug, c.kind, c.names, c.demo, c.suspended_at,
	gives.grants, gives.kinds, gives.records, gives.until, gives.instruments, gets.grants, gets.kinds, gets.records, gets.until, gets.instruments,
	last.id, last.act, last.at, theirs.at, ours.at, received.id, received.published_at, missing.n, missing.since, unsigned.n
from partner c
left join lateral (` + rightsSQL + `where g.tenant_id = app.tenant() and g.reader = c.id and g.revoked_at is null and g.until_at > now()) gives on true
left join lateral (` + rightsGotSQL + `where c.id = g.tenant_id and g.reader = app.tenant() and g.revoked_at is null and g.until_at > now()) gets on true
left join lateral (select x.id, x.act, x.at from (
	(select r.id, r.act, r.at from app.receipts r where r.owner = app.tenant() and r.reader = c.id order by r.id desc limit 1)
	union all (select r.id, r.act, r.at from app.receipts r where r.owner = c.id and r.reader = app.tenant() order by r.id desc limit 1)) x
	order by x.id desc limit 1) last on true
left join lateral (select r.at from app.receipts r where r.owner = app.tenant() and r.reader = c.id and r.act = 'read' order by r.id desc limit 1) theirs on true
left join lateral (select r.at from app.receipts r where r.owner = c.id and r.reader = app.tenant() and r.act = 'read' order by r.id desc limit 1) ours on true
left join lateral (select p.id, p.published_at from app.publications p where p.tenant_id = app.tenant() and p.id in (
	select unnest(r.publications) from (select r.publications from app.receipts r
		where r.owner = app.tenant() and r.reader = c.id and r.act = 'read' order by r.id desc limit $3) r)
	order by p.id desc limit 1) received on true
left join lateral (select count(*)::int as n, min(m.published_at) as since from (
	select p.published_at from app.publications p
	where p.tenant_id = app.tenant() and p.withdrawn_at is null and p.superseded_at is null
		and case when received.id is null then p.audience <> 'public' else p.id > received.id end
		and ` + mayRead + ` order by p.id limit $4) m) missing on true
left join lateral (select count(*)::int as n from app.receipts r
	where (r.owner, r.reader) in ((app.tenant(), c.id), (c.id, app.tenant())) and r.signature is null and r.at < $5) unsigned on true
order by c.slug`

const rightsSQL = `select count(*)::int as grants, coalesce((select array_agg(distinct k order by k) from app.grants g, unnest(g.kinds) k
		where g.tenant_id = app.tenant() and g.reader = c.id and g.revoked_at is null and g.until_at > now()), '{}') as kinds,
	coalesce(sum(cardinality(g.records)), 0)::int as records, min(g.until_at) as until,
	(select count(*)::int from app.instrument_parties i where i.tenant_id = app.tenant() and i.party = c.id) as instruments
	from app.grants g `

const rightsGotSQL = `select count(*)::int as grants, coalesce((select array_agg(distinct k order by k) from app.grants g, unnest(g.kinds) k
		where c.id = g.tenant_id and g.reader = app.tenant() and g.revoked_at is null and g.until_at > now()), '{}') as kinds,
	coalesce(sum(cardinality(g.records)), 0)::int as records, min(g.until_at) as until,
	(select count(*)::int from app.instrument_parties i where c.id = i.tenant_id and i.party = app.tenant()) as instruments
	from app.grants g `

// Partners lists the tenants that we exchange with, by their short names, with what is wrong.
func (x *Exchange) Partners(ctx context.Context, limit int, cursor string) (found []Partner, next string, err error) {
	c, now := slugCursor{}, x.now()
	if err := postgres.DecodeCursor(cursor, &c); err != nil {
		return nil, "", err
	}
	err = x.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, partnersSQL, c.Slug, limit+1, receiptsLookedFor, mostMissing, now.Add(-signedWithin))
		found, err = pgx.CollectRows(rows, scanPartner)
		return postgres.Wrap(err, "partners")
	})
	for i := range found {
		found[i].Problems = found[i].troubles(now)
	}
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], postgres.EncodeCursor(slugCursor{found[limit-1].Tenant.Slug}), nil
}

func scanPartner(row pgx.CollectableRow) (p Partner, err error) {
	var receipt, received *uuid.UUID
	var act *Act
	var at, receivedAt *time.Time
	t, a, b := &p.Tenant, &p.Gives, &p.Gets
	err = row.Scan(&t.ID, &t.Slug, &t.Kind, &t.Names, &t.Demo, &p.SuspendedAt, &a.Grants, &a.Kinds, &a.Records, &a.Until, &a.Instruments,
		&b.Grants, &b.Kinds, &b.Records, &b.Until, &b.Instruments, &receipt, &act, &at, &p.ReadAt, &p.WeReadAt, &received, &receivedAt, &p.Missing, &p.MissingFrom, &p.Unsigned)
	if err == nil && receipt != nil {
		p.LastReceipt = &ReceiptMark{*receipt, *act, *at}
	}
	if err == nil && received != nil {
		p.Received = &PublicationMark{*received, *receivedAt}
	}
	return p, err
}
