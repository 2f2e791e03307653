package clearance

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// source is a place that is searched. Names gives every record with all its names, a line each, and its last change; reach are
// the offices whose rights reach the market, same the records that are the name itself. Facts gives what a report says of some.
type source struct {
	name  string
	raw   bool // the names are as they were written, and not folded
	names func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error)
	facts func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error)
}

// sources are all places, in the order in which a report says that they were searched. What the tenant may read of them is decided by
// the policies of the database. A registration of the tenant that is published is searched once, as its own.
var sources = []source{
	{name: "registrations",
		names: func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select r.id, r.folded, r.updated_at from app.registrations r where r.id <> all ($2::uuid[]) and $1::text[] is not null`, reach, same)
		},
		facts: func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select r.id, r.content -> 'names', 'geographical-indication', r.office, r.number, coalesce(r.content #> '{holder,names}', '{}'), r.classes, r.hs_codes, r.status,
				coalesce(r.content #>> '{bases,0,registeredOn}', ''), '{}'::jsonb, '', r.status in ('cancelled', 'surrendered', 'lapsed', 'refused', 'withdrawn')
			from app.registrations r where r.id = any ($1)`, ids)
		}},
	{name: "publications", raw: true,
		names: func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select p.id, (select string_agg(n ->> 'text', E'\n') from jsonb_array_elements(p.content -> 'names') n), p.published_at from app.publications p
			where p.kind = 'registration' and p.superseded_at is null and p.withdrawn_at is null and p.tenant_id <> app.tenant() and p.about <> all ($2::uuid[]) and $1::text[] is not null`, reach, same)
		},
		facts: func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select p.id, p.content -> 'names', 'geographical-indication', coalesce(p.content ->> 'office', ''), coalesce(p.content #>> '{bases,0,number}', ''), coalesce(p.content #> '{holder,names}', '{}'),
				array(select (k ->> 'scheme') || '|' || (k ->> 'code') from jsonb_array_elements(coalesce(p.content -> 'classes', '[]')) k), array(select jsonb_array_elements_text(coalesce(p.content -> 'hsCodes', '[]'))),
				coalesce(p.content ->> 'status', ''), coalesce(p.content #>> '{bases,0,registeredOn}', ''), t.names, '', p.content ->> 'status' in ('cancelled', 'surrendered', 'lapsed', 'refused', 'withdrawn')
			from app.publications p join app.tenants t on t.id = p.tenant_id where p.id = any ($1)`, ids)
		}},
	// Other houses may write what ours would not; what is no list is none.
	{name: "received", raw: true,
		names: func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select r.publication_id, (select string_agg(n ->> 'text', E'\n') from jsonb_array_elements(case jsonb_typeof(r.content -> 'names') when 'array' then r.content -> 'names' else '[]' end) n), r.received_at from app.received r
			where r.kind = 'registration' and r.ended_at is null and r.about <> all ($2::uuid[]) and $1::text[] is not null
				and (select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()) is null`, reach, same)
		},
		facts: func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select r.publication_id, (select jsonb_agg(jsonb_build_object('text', coalesce(n ->> 'text', ''), 'language', coalesce(n ->> 'language', '')))
					from jsonb_array_elements(case jsonb_typeof(r.content -> 'names') when 'array' then r.content -> 'names' else '[]' end) n),
				'geographical-indication', coalesce(r.content ->> 'office', ''), coalesce(r.content #>> '{bases,0,number}', ''), '{}'::jsonb, '{}'::text[], '{}'::text[],
				coalesce(r.content ->> 'status', ''), coalesce(r.content #>> '{bases,0,registeredOn}', ''), r.publisher_names, '', r.content ->> 'status' in ('cancelled', 'surrendered', 'lapsed', 'refused', 'withdrawn')
			from app.received r where r.publication_id = any ($1) and r.ended_at is null`, ids)
		}},
	{name: "recognitions",
		names: func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select r.id, r.name_key || E'\n' || r.form_keys, r.known_from from app.recognitions r
			where r.known_until is null and r.protection <> 'refused' and r.market = any ($1::text[]) and coalesce(r.registration_id, r.id) <> all ($2::uuid[])`, reach, same)
		},
		facts: func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select r.id, jsonb_build_array(jsonb_build_object('text', r.name, 'language', r.language)) || r.forms, 'recognition', r.market, r.position, '{}'::jsonb, '{}'::text[], '{}'::text[],
				r.protection, r.valid_from::text, '{}'::jsonb, r.list, coalesce(r.valid_until <= current_date, false)
			from app.recognitions r where r.id = any ($1) and r.known_until is null`, ids)
		}},
	{name: "published-recognitions", raw: true,
		names: func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select p.id, (p.content ->> 'name') || coalesce((select string_agg(E'\n' || (n ->> 'text'), '') from jsonb_array_elements(p.content -> 'forms') n), ''), p.published_at from app.publications p
			where p.kind = 'recognition' and p.superseded_at is null and p.withdrawn_at is null and p.tenant_id <> app.tenant() and p.about <> all ($2::uuid[]) and p.market = any ($1::text[])
				and p.content ->> 'protection' <> 'refused'`, reach, same)
		},
		facts: func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select p.id, jsonb_build_array(jsonb_build_object('text', p.content ->> 'name', 'language', p.content ->> 'language')) || (p.content -> 'forms'), 'recognition', p.market,
				coalesce(p.content ->> 'position', ''), '{}'::jsonb, '{}'::text[], '{}'::text[], p.content ->> 'protection', coalesce(p.content ->> 'from', ''), t.names, coalesce(p.content ->> 'list', ''),
				coalesce(p.content ->> 'until' <= current_date::text, false)
			from app.publications p join app.tenants t on t.id = p.tenant_id where p.id = any ($1)`, ids)
		}},
	{name: "cases",
		names: func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select c.id, c.form_keys, c.updated_at from app.recognition_cases c
			where c.market = any ($1::text[]) and c.id <> all ($2::uuid[]) and coalesce(c.registration_id, c.id) <> all ($2::uuid[])
				and c.state not in ('protected', 'protected-limited', 'refused', 'withdrawn', 'abandoned', 'renounced', 'invalidated', 'cancelled', 'expired')`, reach, same)
		},
		facts: func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select c.id, jsonb_build_array(jsonb_build_object('text', c.name, 'language', c.language)) || c.forms, 'pending-name', c.market, '', '{}'::jsonb, '{}'::text[], '{}'::text[], c.state, c.since::text,
				'{}'::jsonb, c.list, false
			from app.recognition_cases c where c.id = any ($1)`, ids)
		}},
	{name: "marks",
		names: func(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select m.id, m.folded, null::timestamptz from app.earlier_marks m where (m.office = '' or m.office = any ($1::text[])) and $2::uuid[] is not null`, reach, same)
		},
		facts: func(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (pgx.Rows, error) {
			return tx.Query(ctx, `select m.id, (select jsonb_agg(jsonb_build_object('text', f, 'language', '')) from unnest(array[m.sign, m.transcription, m.translation]) f where f <> ''), m.kind, m.office, m.number,
				case m.holder when '' then '{}'::jsonb else jsonb_build_object('und', m.holder) end, m.classes, '{}'::text[], m.status, coalesce(m.priority_on::text, ''), '{}'::jsonb, l.name, m.status = 'ended'
			from app.earlier_marks m join app.earlier_mark_lists l on l.tenant_id = m.tenant_id and l.id = m.list_id where m.id = any ($1)`, ids)
		}},
}

// eachName visits the names of all records of a source and says how many records there are, and when the last one changed.
func (s source) eachName(ctx context.Context, tx pgx.Tx, reach []string, same []uuid.UUID, visit func(id uuid.UUID, names string)) (is Searched, err error) {
	is = Searched{Source: s.name}
	rows, _ := s.names(ctx, tx, reach, same)
	var id uuid.UUID
	var names *string
	var at *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &names, &at}, func() error {
		is.Count++
		if at != nil && (is.NewestAt == nil || at.After(*is.NewestAt)) {
			newest := *at
			is.NewestAt = &newest
		}
		if names != nil {
			visit(id, *names)
		}
		return nil
	})
	return is, postgres.Wrap(err, "names of %s", s.name)
}

// read reads what a report says of records.
func (s source) read(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) ([]candidate, error) {
	rows, _ := s.facts(ctx, tx, ids)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c candidate, err error) {
		err = row.Scan(&c.ID, &c.Names, &c.Right, &c.Office, &c.Number, &c.Holder, &c.Classes, &c.HSCodes, &c.Status, &c.Since, &c.Publisher, &c.List, &c.Ended)
		return c, err
	})
	return all, postgres.Wrap(err, "records of %s", s.name)
}
