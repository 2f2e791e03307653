package members

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const columns = `m.id, m.version, coalesce(m.number, ''), m.status, m.category, m.name, coalesce(m.credit_code, ''), m.content, m.sealed, m.applied_on, m.admitted_on, m.ended_on, m.erased_at, m.created_at, m.updated_at`

// scan reads members of one tenant and opens what is sealed.
func (s *Members) scan(tenant tenancy.ID) pgx.RowToFunc[Member] {
	return func(row pgx.CollectableRow) (m Member, err error) {
		var sealed []byte
		if err := row.Scan(&m.ID, &m.Version, &m.Number, &m.Status, &m.Category, &m.Name, &m.CreditCode, &m.Content, &sealed, &m.AppliedOn, &m.AdmittedOn, &m.EndedOn, &m.ErasedAt, &m.CreatedAt, &m.UpdatedAt); err != nil {
			return m, err
		}
		m.Private, err = unseal(s.Vault, tenant, m.ID, sealed)
		return m, err
	}
}

func (s *Members) byID(ctx context.Context, tx pgx.Tx, id ID) (Member, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from app.members m where m.id = $1`, id)
	return s.one(ctx, rows, id)
}

func (s *Members) lockByID(ctx context.Context, tx pgx.Tx, id ID) (Member, error) {
	rows, _ := tx.Query(ctx, `select `+columns+` from app.members m where m.id = $1 for update`, id)
	return s.one(ctx, rows, id)
}

func (s *Members) one(ctx context.Context, rows pgx.Rows, id ID) (m Member, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return m, err
	}
	m, err = pgx.CollectExactlyOneRow(rows, s.scan(scope.Tenant))
	if errors.Is(err, pgx.ErrNoRows) {
		return m, ErrNotFound
	}
	return m, postgres.Wrap(err, "member %s", id)
}

// Filter chooses members; empty fields choose all.
type Filter struct {
	Words    string
	Category Category
	Status   Status
	Standing Standing
}

type listCursor struct {
	Number string
	ID     uuid.UUID
}

// chosen is the condition of a filter: words are looked for in the name, or are the beginning of a number or code.
const chosen = ` from app.members m
	where ($1 = '' or strpos(m.name_key, $2) > 0 and $2 <> '' or starts_with(lower(m.number), lower($1)) or starts_with(m.credit_code, upper($1)))
	and ($3 = '' or m.category = $3) and ($4 = '' or m.status = $4)
	and ($5 = '' or $5 = (select case when min(i.due_on) < $6 then 'overdue' when count(*) > 0 then 'due' else 'good' end
		from app.dues_invoices i cross join lateral (select coalesce(sum(amount), 0)::bigint as paid from app.dues_payments where invoice_id = i.id) p
		where i.member_id = m.id and i.cancelled_at is null and p.paid < i.amount))`

func (f Filter) arguments(today time.Time) []any {
	return []any{f.Words, registry.NameKey(f.Words), f.Category, f.Status, f.Standing, today}
}

// list reads members in the order of their numbers, and those without one first.
func (s *Members) list(ctx context.Context, tx pgx.Tx, f Filter, limit int, cursor string) ([]Member, string, error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return nil, "", err
	}
	var cur listCursor
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+columns+chosen+`
		and (coalesce(m.number, '') collate "C", m.id) > ($7, $8)
		order by coalesce(m.number, '') collate "C", m.id limit $9`, append(f.arguments(today), cur.Number, cur.ID, limit+1)...)
	all, err := pgx.CollectRows(rows, s.scan(scope.Tenant))
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "members")
	}
	last := all[limit-1]
	return all[:limit], postgres.EncodeCursor(listCursor{last.Number, last.ID}), nil
}

func (s *Members) count(ctx context.Context, tx pgx.Tx, f Filter) (n int, err error) {
	today, err := s.today(ctx, tx)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `select count(*)`+chosen, f.arguments(today)...).Scan(&n)
	return n, postgres.Wrap(err, "members")
}

// save writes a member that is new or was locked.
func (s *Members) save(ctx context.Context, tx pgx.Tx, m Member) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	sealed := []byte{}
	if m.ErasedAt == nil {
		if sealed, err = seal(s.Vault, scope.Tenant, m.ID, m.Private); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `
		insert into app.members (id, number, category, name, name_key, credit_code, status, content, sealed, applied_on, admitted_on, ended_on, erased_at)
		values ($1, nullif($2, ''), $3, $4, $5, nullif($6, ''), $7, $8, $9, $10, $11, $12, $13)
		on conflict (tenant_id, id) do update set version = members.version + 1, number = excluded.number, category = excluded.category, name = excluded.name, name_key = excluded.name_key,
			credit_code = excluded.credit_code, status = excluded.status, content = excluded.content, sealed = excluded.sealed, admitted_on = excluded.admitted_on, ended_on = excluded.ended_on,
			erased_at = excluded.erased_at, updated_at = now()`,
		m.ID, m.Number, m.Category, m.Name, registry.NameKey(m.Name), string(m.CreditCode), m.Status, m.Content, sealed, m.AppliedOn, m.AdmittedOn, m.EndedOn, m.ErasedAt)
	return postgres.Wrap(err, "member %s", m.ID)
}

// note adds what happened to a membership.
func note(ctx context.Context, tx pgx.Tx, id ID, e Event) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	if e.Changed == nil {
		e.Changed = []string{}
	}
	_, err = tx.Exec(ctx, `
		insert into app.member_events (member_id, seq, act, status, happened_on, reason, reference, document_id, changed, recorded_by)
		values ($1, (select coalesce(max(seq), 0) + 1 from app.member_events where member_id = $1), $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, e.Act, e.Status, e.On, e.Reason, e.Reference, e.DocumentID, e.Changed, scope.ActorName)
	return postgres.Wrap(err, "event of member %s", id)
}

func events(ctx context.Context, tx pgx.Tx, id ID) ([]Event, error) {
	rows, _ := tx.Query(ctx, `select seq, act, status, happened_on, reason, reference, document_id, changed, recorded_at, recorded_by from app.member_events where member_id = $1 order by seq limit 1000`, id)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
	return all, postgres.Wrap(err, "events of member %s", id)
}

// text is a value as JSON; none is empty.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data
	}
	if t := string(b); t != "null" && t != "[]" {
		return t
	}
	return ""
}

// nextNumber gives the next number of the association, which no member has.
func nextNumber(ctx context.Context, tx pgx.Tx) (number string, err error) {
	for {
		var n int64
		err := tx.QueryRow(ctx, `insert into app.member_rules (retention_years, version, numbered) values ($1, 0, 1)
			on conflict (tenant_id) do update set numbered = member_rules.numbered + 1 returning numbered`, usualRetention).Scan(&n)
		if err != nil {
			return "", postgres.Wrap(err, "number of a member")
		}
		number = fmt.Sprintf("%06d", n)
		var used bool
		if err := tx.QueryRow(ctx, `select exists (select from app.members where number = $1)`, number).Scan(&used); err != nil {
			return "", postgres.Wrap(err, "number of a member")
		}
		if !used {
			return number, nil
		}
	}
}

// today is the day in the association's time zone.
func (s *Members) today(ctx context.Context, tx pgx.Tx) (time.Time, error) {
	var zone string
	err := tx.QueryRow(ctx, `select time_zone from app.tenants where id = app.tenant()`).Scan(&zone)
	return recognition.Calendar{TimeZone: zone}.Day(s.Now()), postgres.Wrap(err, "own tenant")
}

// zone is the association's time zone.
func zone(ctx context.Context, tx pgx.Tx) (*time.Location, error) {
	var name string
	if err := tx.QueryRow(ctx, `select time_zone from app.tenants where id = app.tenant()`).Scan(&name); err != nil {
		return nil, postgres.Wrap(err, "own tenant")
	}
	at, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC, nil //nolint:nilerr // as a calendar has it
	}
	return at, nil
}

// HasCode tells whether a credit code is that of a member in good standing.
func HasCode(ctx context.Context, tx pgx.Tx, code string) (is bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from app.members m where m.credit_code = $1 and m.status = 'admitted')`, code).Scan(&is)
	return is, postgres.Wrap(err, "member")
}
