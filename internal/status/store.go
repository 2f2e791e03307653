package status

import (
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// most is how many records one answer weighs. No name is known to be carried by so many.
const most = 200

// factsSQL reads all that is said about a name: the records that carry it in any form, the registrations that those are about,
// and whatever is said of these registrations in the markets $2; each with its publisher, with the instrument that it cites
// as the publisher shows it now, and with its forms that match. Publications to everybody that hold, and no others.
const factsSQL = `
with hits as (
  select p.about, array_agg(array[n.name, n.language, n.kind]) as names
  from app.published_names n
  join app.publications p on p.tenant_id = n.tenant_id and p.id = n.publication_id
  where n.name_key = $1 and p.audience = 'public' and p.superseded_at is null and p.withdrawn_at is null
  group by p.about
  limit $3)
select p.kind, p.record_id, p.id, p.published_at, t.id, t.slug, t.names, t.demo, p.said, i.said, h.names
from hits h
join app.publications p on p.about = h.about
join app.tenants t on t.id = p.tenant_id
left join app.publications i on i.tenant_id = p.tenant_id and i.kind = 'instrument' and i.record_id = p.instrument_id
  and i.audience = 'public' and i.superseded_at is null and i.withdrawn_at is null
where p.superseded_at is null and p.withdrawn_at is null and p.audience = 'public'
  and (p.kind = 'registration' or p.kind = 'recognition' and p.market = any($2))
order by p.published_at, p.id
limit $3`

// Queue puts the question for all facts about q into a batch, one statement.
func (q Question) Queue(b *pgx.Batch) *pgx.QueuedQuery {
	return b.Queue(factsSQL, q.Key, q.Market.Within(), most)
}

// read takes the facts from the rows of the statement.
func read(rows pgx.Rows, f *Facts) error {
	seen := map[Name]bool{}
	n := 0
	for ; rows.Next(); n++ {
		names, err := scan(rows, f)
		if err != nil {
			return err
		}
		for _, name := range names {
			if !seen[name] {
				seen[name] = true
				f.Names = append(f.Names, name)
			}
		}
	}
	f.Cut = n >= most
	return rows.Err()
}

func scan(rows pgx.Rows, f *Facts) ([]Name, error) {
	var r Record
	var said, instrument []byte
	var forms [][]string
	if err := rows.Scan(&r.Kind, &r.ID, &r.Publication, &r.PublishedAt, &r.Publisher.ID, &r.Publisher.Slug, &r.Publisher.Names, &r.Publisher.Demo,
		&said, &instrument, &forms); err != nil {
		return nil, err
	}
	var err error
	if r.Kind == "registration" {
		var p published
		err = json.Unmarshal(said, &p)
		f.Registrations = append(f.Registrations, p.registration(r))
	} else {
		c := recognition.Content{}
		err = json.Unmarshal(said, &c)
		if err == nil && instrument != nil {
			err = json.Unmarshal(instrument, c.Instrument)
		}
		f.Recognitions = append(f.Recognitions, Recognition{Record: r, Content: c})
	}
	if err != nil {
		return nil, fmt.Errorf("publication %s: %w", r.Publication, err)
	}
	names := make([]Name, 0, len(forms))
	for _, n := range forms {
		names = append(names, Name{Text: n[0], Language: n[1], Kind: n[2]})
	}
	return names, nil
}
