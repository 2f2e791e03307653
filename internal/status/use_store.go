package status

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/marks"
)

// mostUses is how many authorisations of one holder are read: as many as there are names whose marks one producer could use.
const mostUses = 200

// usesSQL reads what is published to everybody of the authorisations of a holder, by its credit code.
const usesSQL = `
select p.record_id, p.id, p.published_at, t.id, t.slug, t.names, t.demo, p.content
from app.publications p join app.tenants t on t.id = p.tenant_id
where p.holder_code = $1 and p.superseded_at is null and p.withdrawn_at is null and p.audience = 'public'
order by p.published_at desc, p.id desc
limit $2`

// receivedUsesSQL reads the same of what other houses publish; a sandbox knows of no other house.
const receivedUsesSQL = `
select r.record_id, r.publication_id, r.published_at, r.publisher_id, r.publisher, r.publisher_names, r.demo, r.content, p.name, p.url, coalesce(p.checked_at, r.received_at), r.proof
from app.received r join app.partner_houses p on p.name = r.house
where r.kind = 'mark-authorisation' and r.content ->> 'creditCode' = $1 and r.ended_at is null
  and (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()) is null
order by r.published_at desc, r.publication_id desc
limit $2`

// queueUses puts the question for the authorisations of the holder into a batch. Names of producers are no keys: two may bear one, so
// a holder that is asked for by anything but a credit code has none.
func (q Question) queueUses(b *pgx.Batch) []*pgx.QueuedQuery {
	code, err := marks.ParseCreditCode(q.Holder)
	if err != nil {
		return nil
	}
	return []*pgx.QueuedQuery{b.Queue(usesSQL, code, mostUses), b.Queue(receivedUsesSQL, code, mostUses)}
}

func readUses(rows pgx.Rows, f *Facts) error {
	for rows.Next() {
		u := Use{Record: Record{Kind: marks.PublicationKind}}
		r := &u.Record
		var content []byte
		to := []any{&r.ID, &r.Publication, &r.PublishedAt, &r.Publisher.ID, &r.Publisher.Slug, &r.Publisher.Names, &r.Publisher.Demo, &content}
		if len(rows.FieldDescriptions()) > len(to) {
			r.House = &House{}
			to = append(to, &r.House.Name, &r.House.URL, &r.House.CheckedAt, &r.House.Proof)
		}
		if err := rows.Scan(to...); err != nil {
			return err
		}
		err := json.Unmarshal(content, &u.Public)
		if err == nil {
			u.From, err = dayOf(u.FromOn)
		}
		if err == nil {
			u.Until, err = dayOf(u.EndedOn)
		}
		if err != nil && r.House != nil {
			continue // another house may publish what we cannot read; it says nothing then
		}
		if err != nil {
			return fmt.Errorf("publication %s: %w", r.Publication, err)
		}
		f.Uses = append(f.Uses, u)
	}
	return rows.Err()
}

// dayOf is a day as it is published; empty: none.
func dayOf(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no day was said
	}
	d, err := time.Parse(time.DateOnly, text)
	return &d, err
}
