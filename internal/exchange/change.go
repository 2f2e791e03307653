package exchange

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// EventKind is what a change of the feed says.
type EventKind string

// The events of the feed.
const (
	eventPublish  EventKind = "publish"  // a version was published; it supersedes the one before
	eventWithdraw EventKind = "withdraw" // the record is withdrawn, with all its versions
	eventReveal   EventKind = "reveal"   // the reader may read the record from now on
	eventConceal  EventKind = "conceal"  // the reader may no longer read it, and removes its copy
)

// Position is a place in the feed: the number of the last change before it. The beginning is 0.
type Position = int64

// Change is one line of the feed.
type Change struct {
	Seq         Position
	Event       EventKind
	At          time.Time
	Publication Publication // of a conceal: publisher, kind, record and version alone
}

// scanWindow is how many numbers of the feed one page looks at, so that a filter that fits nothing ends in time.
const scanWindow = 50_000

// ErrAhead is returned for a position that the feed has not reached: it is of another house, or of one that lost data.
var ErrAhead = problem.New(problem.Conflict, "change.position-ahead")

// ChangeFilter narrows the feed; its zero value is all that the reader may see.
type ChangeFilter struct {
	Kind      string
	Publisher string // slug
}

// Page is a part of the feed.
type Page struct {
	Items    []Change
	Position Position // after the last change that was looked at; where to go on
	Head     Position // of the whole feed
}

// change writes an event of p for one reader, or for all who may read p when reader is zero. It is numbered after its
// transaction is committed.
func change(ctx context.Context, tx pgx.Tx, e EventKind, p Publication, reader tenancy.ID) error {
	open := reader == uuid.Nil && (p.Audience == Public || e == eventConceal)
	_, err := tx.Exec(ctx, `
		insert into app.changes (event, publication_id, kind, record_id, version, open, reader) values ($1, $2, $3, $4, $5, $6, $7)`,
		e, p.ID, p.Kind, p.RecordID, p.Version, open, known(reader))
	return postgres.Wrap(err, "change %s %s", e, p.ID)
}

// reach is a set of publications: of these kinds, of these records, and for the parties of the instrument.
type reach struct {
	Kinds      []string
	Records    []uuid.UUID
	Instrument *uuid.UUID
}

// tell writes the same event for each of the readers and each publication in reach that holds and that the reader may
// not read: before the reader gains it by what follows, or after it lost it. What is withdrawn is concealed too, since
// the reader may not have heard of that yet and would not any more.
func tell(ctx context.Context, tx pgx.Tx, e EventKind, in reach, readers []tenancy.ID) error {
	_, err := tx.Exec(ctx, `
		insert into app.changes (event, publication_id, kind, record_id, version, open, reader)
		select $1, p.id, p.kind, p.record_id, p.version, false, c.id
		from app.publications p, unnest($5::uuid[]) as c(id)
		where p.tenant_id = app.tenant() and (p.withdrawn_at is null or $1 = 'conceal') and p.superseded_at is null
			and (p.kind = any ($2) or p.record_id = any ($3) or p.parties_of = $4) and not `+mayRead,
		e, in.Kinds, in.Records, in.Instrument, readers)
	return postgres.Wrap(err, "tell readers")
}

// changesSQL reads the changes that the reader may know of. Own records are never concealed from their publisher, nor
// revealed. A version that is concealed by now comes out in refresh.
const changesSQL = `
	select c.seq, c.event, c.at, c.publication_id, c.kind, c.record_id, c.version, t.id, t.slug, t.kind, t.names, t.demo
	from app.changes c join app.tenants t on t.id = c.tenant_id
	where c.seq > $1 and c.seq <= $2 and ($3 = '' or c.kind = $3) and ($4 = '' or t.slug = $4)
		and (c.reader is null or c.reader = app.tenant())
		and (c.event in ('publish', 'withdraw') or c.tenant_id is distinct from app.tenant())
	order by c.seq limit $5`

func scanChange(row pgx.CollectableRow) (c Change, err error) {
	p := &c.Publication
	err = row.Scan(&c.Seq, &c.Event, &c.At, &p.ID, &p.Kind, &p.RecordID, &p.Version, &p.Publisher.ID, &p.Publisher.Slug, &p.Publisher.Kind, &p.Publisher.Names, &p.Publisher.Demo)
	return c, err
}

// pageOf reads changes after a position, at most limit. Numbers are given first, so that whatever was committed before
// the call is there.
func pageOf(ctx context.Context, tx pgx.Tx, after Position, limit int, f ChangeFilter) (page Page, err error) {
	if err := tx.QueryRow(ctx, `select app.sequence_changes()`).Scan(&page.Head); err != nil {
		return page, postgres.Wrap(err, "number changes")
	}
	if after > page.Head {
		return page, ErrAhead.With("Head", page.Head)
	}
	page.Position = min(page.Head, after+scanWindow)
	// Planned each time for the numbers given: a plan for any numbers would read and sort the whole window for each page.
	rows, _ := tx.Query(ctx, changesSQL, pgx.QueryExecModeCacheDescribe, after, page.Position, f.Kind, f.Publisher, limit)
	page.Items, err = pgx.CollectRows(rows, scanChange)
	if err != nil {
		return page, postgres.Wrap(err, "changes")
	}
	if len(page.Items) == limit {
		page.Position = page.Items[limit-1].Seq
	}
	page.Items, err = refresh(ctx, tx, page.Items)
	return page, err
}

// refresh reads the publications of changes as the reader may see them at this instant, and leaves out those it may not.
func refresh(ctx context.Context, tx pgx.Tx, changes []Change) ([]Change, error) {
	tenants, ids := make([]tenancy.ID, 0, len(changes)), make([]ID, 0, len(changes))
	for _, c := range changes {
		if c.Event != eventConceal {
			tenants, ids = append(tenants, c.Publication.Publisher.ID), append(ids, c.Publication.ID)
		}
	}
	rows, _ := tx.Query(ctx, `
		select `+publicationColumns+` from `+publicationTables+`
		where (p.tenant_id, p.id) in (select * from unnest($1::uuid[], $2::uuid[]))`, tenants, ids)
	all, err := pgx.CollectRows(rows, scanPublication)
	if err != nil {
		return nil, postgres.Wrap(err, "publications of changes")
	}
	found := make(map[ID]Publication, len(all))
	for _, p := range all {
		found[p.ID] = p
	}
	seen := changes[:0]
	for _, c := range changes {
		p, ok := found[c.Publication.ID]
		if ok && c.Event != eventConceal {
			c.Publication = p
		}
		if ok || c.Event == eventConceal {
			seen = append(seen, c)
		}
	}
	return seen, nil
}
