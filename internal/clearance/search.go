package clearance

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// readBatch is how many records are read at once to be compared closely.
const readBatch = 500

// search answers a report's question: it looks at every name of every source and compares closely what may be alike. tell hears
// how many sources are done.
func search(ctx context.Context, tx pgx.Tx, r Report, tell func(done, total int)) (all []Finding, searched []Searched, found int, err error) {
	q, err := ask(ctx, tx, r)
	if err != nil {
		return nil, nil, 0, err
	}
	reach := reachOf(r.Market)
	through := newSieve(q.names, r.Floor)
	most := weightOf("findings")
	for n, s := range sources {
		tell(n, len(sources))
		var ids []uuid.UUID
		is, err := s.eachName(ctx, tx, reach, r.Same, func(id uuid.UUID, names string) {
			for name := range strings.SplitSeq(names, "\n") {
				if s.raw {
					name = registry.NameKey(name)
				}
				if through.keeps(name) {
					ids = append(ids, id)
					return
				}
			}
		})
		if err != nil {
			return nil, nil, 0, err
		}
		for len(ids) > 0 {
			batch := ids[:min(len(ids), readBatch)]
			ids = ids[len(batch):]
			records, err := s.read(ctx, tx, batch)
			if err != nil {
				return nil, nil, 0, err
			}
			for _, c := range records {
				if f, ok := q.weigh(s.name, c); ok {
					found++
					all = append(all, f)
				}
			}
			if inOrder(all); len(all) > most {
				all = all[:most]
			}
		}
		if s.name == "marks" {
			if is.Lists, err = searchedLists(ctx, tx); err != nil {
				return nil, nil, 0, err
			}
		}
		searched = append(searched, is)
	}
	for i := range all {
		all[i].Place = i + 1
	}
	return all, searched, found, nil
}

// reachOf are the offices whose rights can stand against a name in a market: its own, those of the unions that it belongs to, and those
// of its members where it is one.
func reachOf(m recognition.Market) (codes []string) {
	for _, in := range append(m.Within(), m.Members()...) {
		codes = append(codes, string(in))
	}
	return codes
}

// ask makes the question of a report: its names in their shapes, and the generic terms of the tenant.
func ask(ctx context.Context, tx pgx.Tx, r Report) (q question, err error) {
	q = question{report: r, reach: map[string]bool{}}
	for _, n := range r.Names {
		q.names = append(q.names, spell(n.Text))
	}
	for _, code := range reachOf(r.Market) {
		q.reach[code] = true
	}
	rows, _ := tx.Query(ctx, `select f from app.earlier_marks m, unnest(array[m.sign, m.transcription, m.translation]) f where m.kind = 'generic-term' and f <> '' order by m.sign, m.id limit $1`, mostTerms)
	terms, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return q, postgres.Wrap(err, "generic terms")
	}
	for _, t := range terms {
		term := spell(t)
		for _, ours := range q.names { // the others cannot be what our names have in common with theirs
			if term.plain != "" && (strings.Contains(ours.plain, term.plain) || term.latin != "" && strings.Contains(ours.latin, term.latin)) {
				q.generic = append(q.generic, term)
				break
			}
		}
	}
	return q, nil
}

// mostTerms is how many generic terms are looked at.
const mostTerms = 50_000

func searchedLists(ctx context.Context, tx pgx.Tx) ([]SearchedList, error) {
	rows, _ := tx.Query(ctx, `select l.id, l.name, l.source, l.taken_on::text, l.version, (select count(*) from app.earlier_marks m where m.list_id = l.id) from app.earlier_mark_lists l order by l.name limit $1`, mostLists)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[SearchedList])
	return all, postgres.Wrap(err, "lists of earlier marks")
}
