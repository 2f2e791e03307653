package promotion

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// mostCalls are shown at once of those that are open or coming, and of a feed.
const mostCalls = 200

// CallFilter chooses published calls; empty fields choose all. It is what somebody subscribes to, too.
type CallFilter struct {
	Words   string // in a title, in any language
	Kind    Kind
	Country string
	Topic   string // one of its topics
}

// State is how the public sees a call.
type State string

// The states.
const (
	Coming      State = "coming"
	Taking      State = "taking" // applications
	InSelection State = "selection"
)

// States lists them; from the decision on they are those of the programme.
var States = []State{Coming, Taking, InSelection, State(Decided), State(Running), State(Settled), State(Cancelled)}

// Seen is how the public sees a call at an instant: one that its keeper has not closed yet takes nothing either when its window is over.
func (p Programme) Seen(at time.Time) State {
	switch {
	case p.Status == Open && at.Before(p.OpensAt):
		return Coming
	case p.Status == Open && !over(p.ClosesAt, at):
		return Taking
	case p.Status.selecting():
		return InSelection
	}
	return State(p.Status)
}

// Supported is who is supported under a call, as it was published.
type Supported struct {
	Number string
	Name   string
	Amount Money
}

// Show writes an amount as a language does, with all the digits that its currency has.
func (m Money) Show(t locale.Tag, c Currency) string {
	if c.digits() == 2 {
		return locale.Money(t, int64(m), string(c))
	}
	return m.In(c) + "\u00a0" + string(c)
}

const publishedCalls = fromProgrammes + `
	where p.published_at is not null and t.suspended_at is null
	  and ($1 = '' or strpos(p.folded, $1) > 0) and ($2 = '' or p.kind = $2) and ($3 = '' or p.countries @> array[$3::text]) and ($4 = '' or p.topics @> array[$4::text])`

// current is a call that takes applications at an instant, or will.
const current = `p.status = 'open' and p.closes_at + interval '1 second' > $5`

func (f CallFilter) args(more ...any) []any {
	return append([]any{searched(f.Words), f.Kind, f.Country, searched(f.Topic)}, more...)
}

// CurrentCalls are those that are open or coming, the one that closes first at the top.
func (s *Promotions) CurrentCalls(ctx context.Context, f CallFilter) (all []Programme, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+programmeColumns+publishedCalls+` and `+current+` order by p.closes_at, p.id limit $6`, f.args(s.now(), mostCalls)...)
		all, err = pgx.CollectRows(rows, scanProgramme)
		return postgres.Wrap(err, "calls")
	})
	return all, err
}

// PastCalls are those that take no applications any more, the one that closed last at the top, and the cursor of the next page.
func (s *Promotions) PastCalls(ctx context.Context, f CallFilter, limit int, cursor string) (all []Programme, next string, err error) {
	after := newest
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+programmeColumns+publishedCalls+` and not (`+current+`) and (p.closes_at, p.id) < ($6, $7) order by p.closes_at desc, p.id desc limit $8`, f.args(s.now(), after.At, after.ID, limit+1)...)
		all, err = pgx.CollectRows(rows, scanProgramme)
		return postgres.Wrap(err, "calls")
	})
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(place{all[limit-1].ClosesAt, all[limit-1].ID})
	}
	return all, next, err
}

// LatestCalls are those in which something happened last: what a subscriber is told.
func (s *Promotions) LatestCalls(ctx context.Context, f CallFilter) (all []Programme, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+programmeColumns+publishedCalls+` order by p.updated_at desc, p.id desc limit $5`, f.args(mostCalls)...)
		all, err = pgx.CollectRows(rows, scanProgramme)
		return postgres.Wrap(err, "calls")
	})
	return all, err
}

// Call reads a published call of the keeper with a short name, and who is supported once that is published. It returns ErrNotFound.
func (s *Promotions) Call(ctx context.Context, keeper string, id uuid.UUID) (p Programme, all []Supported, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if p, err = programmeByID(ctx, tx, id); err != nil {
			return err
		}
		if p.Keeper.Slug != keeper || p.PublishedAt == nil {
			return ErrNotFound
		}
		rows, _ := tx.Query(ctx, `select number, name, amount from app.gate_promotion_results($1)`, id)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Supported])
		return postgres.Wrap(err, "results of programme %s", id)
	})
	return p, all, err
}

// mostTopics are offered to whoever subscribes.
const mostTopics = 100

// Topics are what published calls are about, by their words.
func (s *Promotions) Topics(ctx context.Context) (all []string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select min(x.word) from app.promotion_programmes p join app.tenants t on t.id = p.tenant_id cross join lateral jsonb_array_elements_text(p.content -> 'topics') x(word)
			where p.published_at is not null and t.suspended_at is null group by lower(x.word) order by 1 limit $1`, mostTopics)
		all, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return postgres.Wrap(err, "topics of calls")
	})
	return all, err
}
