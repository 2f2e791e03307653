package registry

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Filter chooses registrations; empty fields choose all. Number and the two instants cannot be asked for together with Q.
type Filter struct {
	Q, Status, Office, Class, HS, Number string
	UpdatedFrom, UpdatedTo               *time.Time // from that instant on, before that instant
	Sort                                 Sort       // without Q; empty: NewestChange
}

// Sort is the order of a list.
type Sort string

// The orders. In those by id or title a registration keeps its place while it is changed. In the order of changes a changed
// one goes to the new end: oldest first it comes again, and nobody who reads on misses it.
const (
	NewestChange Sort = "-updatedAt"
	OldestChange Sort = "updatedAt"
	ByMade       Sort = "id" // the order in which they were made
	ByTitle      Sort = "title"
)

// Summary is a line of the list.
type Summary struct {
	ID        ID
	Status    Status
	Office    string
	Title     string
	Number    string
	Names     []Name
	HSCodes   []string
	UpdatedAt time.Time
}

// place is where a page begins: after a line of the list, or after so many of the matches by rank.
type place struct {
	At    time.Time `json:"at,omitzero"`
	Title string    `json:"title,omitempty"`
	ID    string    `json:"id,omitempty"`
	Skip  int       `json:"skip,omitempty"`
	Sort  Sort      `json:"sort,omitempty"` // the cursor of one order has no place in another
}

const summaryColumns = `r.id, r.status, r.office, r.title, r.number, r.content -> 'names', r.hs_codes, r.updated_at`

// mostMatches is how many matches a search ranks and shows (app.search_registrations); nobody reads further, and a
// frequent character must cost no more than a rare one.
const mostMatches = 1000

// CodeFilterWithQ is the detail of a filter that a search does not know.
var CodeFilterWithQ = problem.Field("registration.filter-with-q")

// chosen are the registrations of a filter without words.
const chosen = `
	from app.registrations r
	where ($1 = '' or r.status = $1) and ($2 = '' or r.office = $2) and ($3 = '' or $3 = any (r.classes))
	  and ($4 = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, $4))) and ($5 = '' or r.number = $5)
	  and ($6::timestamptz is null or r.updated_at >= $6) and ($7::timestamptz is null or r.updated_at < $7)`

func (f Filter) args(more ...any) []any {
	return append([]any{f.Status, f.Office, f.Class, f.HS, f.Number, f.UpdatedFrom, f.UpdatedTo}, more...)
}

// firsts are the places before the first of each order.
var firsts = map[Sort]place{
	NewestChange: {At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: lastID},
	OldestChange: {ID: firstID},
	ByMade:       {ID: firstID},
	ByTitle:      {ID: firstID},
}

// behind reads the registrations of a filter behind a place of an order.
func behind(ctx context.Context, tx pgx.Tx, f Filter, by Sort, p place, limit int) (rows pgx.Rows) {
	switch by {
	case OldestChange:
		rows, _ = tx.Query(ctx, `select `+summaryColumns+chosen+` and (r.updated_at, r.id) > ($8, $9) order by r.updated_at, r.id limit $10`, f.args(p.At, p.ID, limit)...)
	case ByMade:
		rows, _ = tx.Query(ctx, `select `+summaryColumns+chosen+` and r.id > $8 order by r.id limit $9`, f.args(p.ID, limit)...)
	case ByTitle:
		rows, _ = tx.Query(ctx, `select `+summaryColumns+chosen+` and (r.title, r.id) > ($8, $9) order by r.title, r.id limit $10`, f.args(p.Title, p.ID, limit)...)
	default:
		rows, _ = tx.Query(ctx, `select `+summaryColumns+chosen+` and (r.updated_at, r.id) < ($8, $9) order by r.updated_at desc, r.id desc limit $10`, f.args(p.At, p.ID, limit)...)
	}
	return rows
}

// Before and behind all ids.
const (
	firstID = "00000000-0000-0000-0000-000000000000"
	lastID  = "ffffffff-ffff-ffff-ffff-ffffffffffff"
)

// List returns a page of registrations and the cursor of the next: best match first when something is looked for (exact
// name, then beginning, then inside), else in the order asked for.
func (g *Registry) List(ctx context.Context, f Filter, cursor string, limit int) (page []Summary, next string, err error) {
	by := f.Sort
	if by == "" {
		by = NewestChange
	}
	p := firsts[by]
	if err := postgres.DecodeCursor(cursor, &p); err != nil {
		return nil, "", err
	}
	word := NameKey(f.Q)
	if _, err := uuid.Parse(p.ID); err != nil || p.Skip < 0 || p.Skip > mostMatches || cursor != "" && word == "" && p.Sort != by {
		return nil, "", problem.ErrInvalid.At("?cursor", postgres.CodeCursor)
	}
	if err := f.check(); err != nil || f.Q != "" && word == "" {
		return nil, "", err // nothing but signs: no name has it
	}
	err = g.db.Read(ctx, func(tx pgx.Tx) error {
		var rows pgx.Rows
		if word != "" {
			rows, _ = tx.Query(ctx, `
				select `+summaryColumns+` from app.search_registrations($1, $2, $3, $4, $5, $6, $7, $8) with ordinality s(id, rank, place)
				join app.registrations r on r.id = s.id order by s.place`,
				wantedGrams(word), word, f.Status, f.Office, f.Class, f.HS, p.Skip, limit+1)
		} else {
			rows = behind(ctx, tx, f, by, p, limit+1)
		}
		page, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Summary])
		return postgres.Wrap(err, "registrations")
	})
	if err == nil && len(page) > limit {
		page = page[:limit]
		last := page[limit-1]
		after := place{At: last.UpdatedAt, Title: last.Title, ID: string(last.ID), Sort: by}
		if word != "" {
			after = place{Skip: p.Skip + limit}
		}
		next = postgres.EncodeCursor(after)
	}
	return page, next, err
}

func (f Filter) check() error {
	wrong := problem.ErrInvalid
	if f.Q != "" {
		for name, given := range map[string]bool{"?number": f.Number != "", "?updatedFrom": f.UpdatedFrom != nil, "?updatedTo": f.UpdatedTo != nil} {
			if given {
				wrong = wrong.At(name, CodeFilterWithQ)
			}
		}
	}
	return wrong.Or()
}

// Count is how many registrations a filter chooses; of those a search finds, at most mostMatches.
func (g *Registry) Count(ctx context.Context, f Filter) (n int, err error) {
	word := NameKey(f.Q)
	if err := f.check(); err != nil || f.Q != "" && word == "" {
		return 0, err
	}
	err = g.db.Read(ctx, func(tx pgx.Tx) error {
		if word != "" {
			return postgres.Wrap(tx.QueryRow(ctx, `select count(*) from app.search_registrations($1, $2, $3, $4, $5, $6, 0, $7)`,
				wantedGrams(word), word, f.Status, f.Office, f.Class, f.HS, mostMatches).Scan(&n), "registrations")
		}
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*)`+chosen, f.args()...).Scan(&n), "registrations")
	})
	return n, err
}

// whole reads the registrations of a page, in its order.
func (g *Registry) whole(ctx context.Context, page []Summary) (rs []Registration, err error) {
	ids := make([]string, len(page))
	for i, s := range page {
		ids[i] = string(s.ID)
	}
	err = g.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select r.id, r.version, r.status, r.content, r.created_at, r.updated_at
			from unnest($1::uuid[]) with ordinality w(id, place) join app.registrations r using (id) order by w.place`, ids)
		rs, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Registration])
		return postgres.Wrap(err, "registrations")
	})
	return rs, err
}
