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

// receivedSQL reads the same of what other houses publish, with the house, how new its word is, and the proof of its log. An
// external status shows its age: that of the last time its house was read to the end. A sandbox
// knows of no other house.
const receivedSQL = `
with hits as (
  select r.about, array_agg(array[n.name, n.language, n.kind]) as names
  from app.received_names n join app.received r on r.house = n.house and r.seq = n.seq
  where n.name_key = $1 and r.ended_at is null and r.about is not null
  group by r.about
  limit $3)
select r.kind, r.record_id, r.publication_id, r.published_at, r.publisher_id, r.publisher, r.publisher_names, r.demo, app.said(r.kind, r.content),
  app.said(i.kind, i.content), h.names, p.name, p.url, coalesce(p.checked_at, r.received_at), r.proof
from hits h
join app.received r on r.about = h.about
join app.partner_houses p on p.name = r.house
left join app.received i on i.house = r.house and i.publisher_id = r.publisher_id and i.kind = 'instrument' and i.record_id = r.instrument_id and i.ended_at is null
where r.ended_at is null and (r.kind = 'registration' or r.kind = 'recognition' and r.market = any($2))
  and (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()) is null
order by r.published_at, r.publication_id
limit $3`

// Queue puts the question for all facts about q into a batch: what is published here, and what other houses publish.
func (q Question) Queue(b *pgx.Batch) []*pgx.QueuedQuery {
	return []*pgx.QueuedQuery{b.Queue(factsSQL, q.Key, q.Market.Within(), most), b.Queue(receivedSQL, q.Key, q.Market.Within(), most)}
}

// read takes the facts from the rows of the statement.
func read(rows pgx.Rows, f *Facts) error {
	seen := map[Name]bool{}
	for _, name := range f.Names {
		seen[name] = true
	}
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
	f.Cut = f.Cut || n >= most
	return rows.Err()
}

func scan(rows pgx.Rows, f *Facts) ([]Name, error) {
	var r Record
	var said, instrument []byte
	var forms [][]string
	to := []any{&r.Kind, &r.ID, &r.Publication, &r.PublishedAt, &r.Publisher.ID, &r.Publisher.Slug, &r.Publisher.Names, &r.Publisher.Demo, &said, &instrument, &forms}
	if len(rows.FieldDescriptions()) > len(to) {
		r.House = &House{}
		to = append(to, &r.House.Name, &r.House.URL, &r.House.CheckedAt, &r.House.Proof)
	}
	if err := rows.Scan(to...); err != nil {
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
	if err != nil && r.House != nil {
		return nil, nil //nolint:nilerr // another house may publish what we cannot read; it says nothing then
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
