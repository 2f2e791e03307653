package registry

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Filter chooses registrations; empty fields choose all.
type Filter struct {
	Q, Status, Office, Class, HS string
}

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

// place is where a page begins: after a line of the list by date, or after so many of the matches by rank.
type place struct {
	At   time.Time `json:"at"`
	ID   string    `json:"id"`
	Skip int       `json:"skip"`
}

const summaryColumns = `r.id, r.status, r.office, r.title, r.number, r.content -> 'names', r.hs_codes, r.updated_at`

// mostMatches is how many matches a search ranks and shows (app.search_registrations); nobody reads further, and a
// frequent character must cost no more than a rare one.
const mostMatches = 1000

// List returns a page of registrations and the cursor of the next: best match first when something is looked for (exact
// name, then beginning, then inside), else newest change first.
func (g *Registry) List(ctx context.Context, f Filter, cursor string, limit int) (page []Summary, next string, err error) {
	p := place{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), ID: "ffffffff-ffff-ffff-ffff-ffffffffffff"}
	if err := postgres.DecodeCursor(cursor, &p); err != nil {
		return nil, "", err
	}
	if p.Skip < 0 || p.Skip > mostMatches {
		return nil, "", problem.ErrInvalid.At("?cursor", postgres.CodeCursor)
	}
	word := NameKey(f.Q)
	if f.Q != "" && word == "" {
		return nil, "", nil // nothing but signs: no name has it
	}
	err = g.db.Read(ctx, func(tx pgx.Tx) error {
		var rows pgx.Rows
		if word != "" {
			rows, _ = tx.Query(ctx, `
				select `+summaryColumns+` from app.search_registrations($1, $2, $3, $4, $5, $6, $7, $8) with ordinality s(id, rank, place)
				join app.registrations r on r.id = s.id order by s.place`,
				wantedGrams(word), word, f.Status, f.Office, f.Class, f.HS, p.Skip, limit+1)
		} else {
			rows, _ = tx.Query(ctx, `
				select `+summaryColumns+` from app.registrations r
				where ($1 = '' or r.status = $1) and ($2 = '' or r.office = $2) and ($3 = '' or $3 = any (r.classes))
				  and ($4 = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, $4))) and (r.updated_at, r.id) < ($5, $6)
				order by r.updated_at desc, r.id desc limit $7`, f.Status, f.Office, f.Class, f.HS, p.At, p.ID, limit+1)
		}
		page, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Summary])
		return postgres.Wrap(err, "registrations")
	})
	if err == nil && len(page) > limit {
		page = page[:limit]
		last := page[limit-1]
		p = place{At: last.UpdatedAt, ID: string(last.ID), Skip: p.Skip}
		if word != "" {
			p = place{Skip: p.Skip + limit}
		}
		next = postgres.EncodeCursor(p)
	}
	return page, next, err
}

// contents reads the whole of the registrations of a page, in its order.
func (g *Registry) contents(ctx context.Context, page []Summary) (cs []Content, err error) {
	ids := make([]string, len(page))
	for i, s := range page {
		ids[i] = string(s.ID)
	}
	err = g.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select r.content from unnest($1::uuid[]) with ordinality w(id, place) join app.registrations r using (id) order by w.place`, ids)
		cs, err = pgx.CollectRows(rows, pgx.RowTo[Content])
		return postgres.Wrap(err, "registrations")
	})
	return cs, err
}
