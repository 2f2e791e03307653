package recognition

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const caseColumns = `
	c.id, c.version, c.state, c.since, k.id, k.slug, k.names, k.demo, o.id, o.slug, o.names, o.demo, d.id, d.slug, d.names, d.demo, c.shared, c.origin_office, c.market,
	c.name, c.language, c.forms, c.registration_publisher, c.registration_id, c.instrument_id, c.procedure_version, p.instrument ->> 'code', p.instrument -> 'titles', c.list,
	c.opened_at, c.updated_at`

const caseRows = ` from app.recognition_cases c
	join app.tenants k on k.id = c.tenant_id
	left join app.tenants o on o.id = c.origin
	left join app.tenants d on d.id = c.destination
	join app.procedures p on p.tenant_id = c.tenant_id and p.instrument_id = c.instrument_id and p.version = c.procedure_version`

// nullParty is a party that a row may not have.
type nullParty struct {
	id    *uuid.UUID
	slug  *string
	names map[string]string
	demo  *bool
}

func (n nullParty) party() *Party {
	if n.id == nil {
		return nil
	}
	return &Party{*n.id, *n.slug, n.names, *n.demo}
}

func scanCase(row pgx.CollectableRow) (c Case, err error) {
	var o, d nullParty
	var publisher, record *uuid.UUID
	err = row.Scan(&c.ID, &c.Version, &c.State, &c.Since, &c.Keeper.ID, &c.Keeper.Slug, &c.Keeper.Names, &c.Keeper.Demo, &o.id, &o.slug, &o.names, &o.demo,
		&d.id, &d.slug, &d.names, &d.demo, &c.Shared, &c.OriginOffice, &c.Market, &c.Name, &c.Language, &c.Forms, &publisher, &record,
		&c.InstrumentID, &c.Procedure, &c.InstrumentCode, &c.InstrumentName, &c.List, &c.OpenedAt, &c.UpdatedAt)
	c.Origin, c.Destination = o.party(), d.party()
	if publisher != nil && record != nil {
		c.Registration = &Link{*publisher, *record}
	}
	return c, err
}

func oneCase(rows pgx.Rows) (Case, error) {
	c, err := pgx.CollectExactlyOneRow(rows, scanCase)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, ErrCaseNotFound
	}
	return c, postgres.Wrap(err, "case")
}

// CaseByID reads a case that the tenant is a side of, or returns ErrCaseNotFound.
func CaseByID(ctx context.Context, tx pgx.Tx, id CaseID) (Case, error) {
	rows, _ := tx.Query(ctx, `select `+caseColumns+caseRows+` where c.id = $1`, id)
	return oneCase(rows)
}

func lockCase(ctx context.Context, tx pgx.Tx, id CaseID) (Case, error) {
	rows, _ := tx.Query(ctx, `select `+caseColumns+caseRows+` where c.id = $1 for update of c`, id)
	return oneCase(rows)
}

func insertCase(ctx context.Context, tx pgx.Tx, c Case, e CaseEvent) (id CaseID, err error) {
	var publisher, record *uuid.UUID
	if c.Registration != nil {
		publisher, record = &c.Registration.Publisher, &c.Registration.Record
	}
	err = tx.QueryRow(ctx, `
		insert into app.recognition_cases (version, state, since, origin, destination, shared, origin_office, market, name, language, forms, form_keys,
			registration_publisher, registration_id, instrument_id, procedure_version, list)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id`,
		e.Seq, e.To, e.On, idOf(c.Origin), idOf(c.Destination), c.Shared, c.OriginOffice, c.Market, c.Name, c.Language, orEmpty(c.Forms), nameKeys(c),
		publisher, record, c.InstrumentID, c.Procedure, c.List).Scan(&id)
	return id, postgres.Wrap(err, "case of %s in %s", c.Name, c.Market)
}

// nameKeys are all forms of a case's name as they are looked for, a line each.
func nameKeys(c Case) string {
	keys := []string{registry.NameKey(c.Name)}
	for _, f := range c.Forms {
		keys = append(keys, registry.NameKey(f.Text))
	}
	return strings.Join(keys, "\n")
}

func idOf(p *Party) *uuid.UUID {
	if p == nil {
		return nil
	}
	return &p.ID
}

// moveCase writes what the last event says into the case's row.
func moveCase(ctx context.Context, tx pgx.Tx, c Case) error {
	_, err := tx.Exec(ctx, `update app.recognition_cases set version = $2, state = $3, since = $4, shared = $5, updated_at = now() where id = $1`,
		c.ID, c.Version, c.State, c.Since, c.Shared)
	return postgres.Wrap(err, "case %s", c.ID)
}

const eventColumns = `
	e.seq, e.act, e.from_state, e.to_state, e.side, coalesce(e.about, 0), e.happened_on, e.effective_on, e.received_on, e.dispatched_on, e.reference, e.national_code, e.national_text,
	e.reason, e.grounds, e.documents, e.period, e.length, e.list, e.position, e.limits, e.phase_out_until, e.recorded_by, r.id, r.slug, r.names, r.demo, e.recorded_at`

func scanEvent(row pgx.CollectableRow) (e CaseEvent, err error) {
	var by *uuid.UUID
	err = row.Scan(&e.Seq, &e.Act, &e.From, &e.To, &e.Side, &e.About, &e.On, &e.EffectiveOn, &e.ReceivedOn, &e.DispatchedOn, &e.Reference, &e.NationalCode, &e.NationalText,
		&e.Reason, &e.Grounds, &e.Documents, &e.Period, &e.Length, &e.List, &e.Position, &e.Limits, &e.PhaseOutUntil, &by, &e.Recorder.ID, &e.Recorder.Slug, &e.Recorder.Names, &e.Recorder.Demo, &e.RecordedAt)
	if by != nil {
		e.RecordedBy = *by
	}
	return e, err
}

// mostEvents is more than any case has; beyond it a file is broken.
const mostEvents = 10_000

// eventsOf reads what happened in a case, as far as the tenant may see it, in order.
func eventsOf(ctx context.Context, tx pgx.Tx, c Case) ([]CaseEvent, error) {
	rows, _ := tx.Query(ctx, `select `+eventColumns+` from app.case_events e join app.tenants r on r.id = e.recorder
		where e.case_id = $1 order by e.seq limit $2`, c.ID, mostEvents)
	events, err := pgx.CollectRows(rows, scanEvent)
	return events, postgres.Wrap(err, "events of case %s", c.ID)
}

func insertEvent(ctx context.Context, tx pgx.Tx, c Case, e CaseEvent) error {
	_, err := tx.Exec(ctx, `
		insert into app.case_events (tenant_id, case_id, seq, act, from_state, to_state, side, about, recorder, recorded_by, shared, happened_on, effective_on, received_on, dispatched_on,
			reference, national_code, national_text, reason, grounds, documents, period, length, list, position, limits, phase_out_until)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8, 0), $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
		c.Keeper.ID, c.ID, e.Seq, e.Act, e.From, e.To, e.Side, e.About, e.Recorder.ID, known(e.RecordedBy), c.Shared, e.On, e.EffectiveOn, e.ReceivedOn, e.DispatchedOn,
		e.Reference, e.NationalCode, orNone(e.NationalText), e.Reason, orEmpty(e.Grounds), orEmpty(e.Documents), e.Period, e.Length, e.List, e.Position, orNone(e.Limits), e.PhaseOutUntil)
	return postgres.Wrap(err, "event %d of case %s", e.Seq, c.ID)
}

func orNone(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// saveDeadlines replaces the deadlines of a case by what follows from its events now.
func saveDeadlines(ctx context.Context, tx pgx.Tx, c Case, all []Deadline) error {
	b := &pgx.Batch{}
	b.Queue(`delete from app.case_deadlines where case_id = $1`, c.ID)
	for _, d := range all {
		b.Queue(`
			insert into app.case_deadlines (tenant_id, case_id, code, start_seq, origin, destination, shared, side, state, starts_on, ends_on, certain, verified, silence, calendar, length, extensions, by_seq)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, nullif($18, 0))`,
			c.Keeper.ID, c.ID, d.Code, d.Start, idOf(c.Origin), idOf(c.Destination), c.Shared, d.Side, d.State, d.StartsOn, d.EndsOn, d.Certain, d.Verified, d.Silence, d.Calendar,
			d.Length, orEmpty(d.Extensions), d.By)
	}
	return postgres.Wrap(tx.SendBatch(ctx, b).Close(), "deadlines of case %s", c.ID)
}

// CaseFilter narrows a list of cases; its zero value is all that the tenant is a side of.
type CaseFilter struct {
	Words        string
	Side         Side // the tenant's
	State        State
	Market       Market
	InstrumentID *uuid.UUID
	OverdueOn    *time.Time // a deadline is open whose last day is before that day
}

// caseChosen is what a filter says of a case c; its fields are the first six parameters.
const caseChosen = ` ($1 = '' or strpos(c.form_keys, $1) > 0) and ($2 = '' or c.state = $2) and ($3 = '' or c.market = $3) and ($4::uuid is null or c.instrument_id = $4)
	and ($5 = '' or app.tenant() = coalesce(case $5 when 'origin' then c.origin else c.destination end, c.tenant_id))
	and ($6::date is null or exists (select from app.case_deadlines t where t.tenant_id = c.tenant_id and t.case_id = c.id and t.state = 'open' and t.ends_on < $6))`

func listCases(ctx context.Context, tx pgx.Tx, f CaseFilter, limit int, cursor string) ([]Case, string, error) {
	cur := idCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `
		select `+caseColumns+caseRows+`
		where `+caseChosen+` and c.id < $7 order by c.id desc limit $8`,
		registry.NameKey(f.Words), f.State, f.Market, f.InstrumentID, f.Side, f.OverdueOn, cur.ID, limit+1)
	found, err := pgx.CollectRows(rows, scanCase)
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list cases")
	}
	return found[:limit], postgres.EncodeCursor(idCursor{found[limit-1].ID}), nil
}

// Due is a deadline with the case that it runs in.
type Due struct {
	CaseID CaseID
	Name   string
	Market Market
	State  State
	Deadline
}

// DueFilter narrows a list of deadlines; its zero value is all that are open.
type DueFilter struct {
	Side   Side // who has to act
	State  DeadlineState
	CaseID *uuid.UUID
	Until  *time.Time // its last day is no later
}

type dueCursor struct {
	On   string    `json:"on"` // last day; paused ones come last
	Case uuid.UUID `json:"case"`
	Code string    `json:"code"`
	Seq  int       `json:"seq"`
}

// never is after every last day.
const never = "9999-12-31"

func listDue(ctx context.Context, tx pgx.Tx, f DueFilter, limit int, cursor string) ([]Due, string, error) {
	var cur dueCursor
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	if cur.On == "" {
		cur.On = "0001-01-01"
	}
	if f.State == "" {
		f.State = DeadlineOpen
	}
	rows, _ := tx.Query(ctx, `
		select c.id, c.name, c.market, c.state, t.code, t.side, t.start_seq, t.starts_on, t.ends_on, t.certain, t.length, t.extensions, t.calendar, t.silence, t.state, coalesce(t.by_seq, 0), t.verified
		from app.case_deadlines t join app.recognition_cases c on c.tenant_id = t.tenant_id and c.id = t.case_id
		where (coalesce(t.ends_on, '`+never+`'), t.case_id, t.code, t.start_seq) > ($1::date, $2, $3, $4) and t.state = $5 and ($6 = '' or t.side = $6)
			and ($7::uuid is null or t.case_id = $7) and ($8::date is null or t.ends_on <= $8)
		order by coalesce(t.ends_on, '`+never+`'), t.case_id, t.code, t.start_seq limit $9`, cur.On, cur.Case, cur.Code, cur.Seq, f.State, f.Side, f.CaseID, f.Until, limit+1)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Due, err error) {
		err = row.Scan(&d.CaseID, &d.Name, &d.Market, &d.State, &d.Code, &d.Side, &d.Start, &d.StartsOn, &d.EndsOn, &d.Certain, &d.Length, &d.Extensions, &d.Calendar, &d.Silence, &d.Deadline.State, &d.By, &d.Verified)
		return d, err
	})
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "list deadlines")
	}
	last := found[limit-1]
	next := dueCursor{never, last.CaseID, last.Code, last.Start}
	if last.EndsOn != nil {
		next.On = last.EndsOn.Format(time.DateOnly)
	}
	return found[:limit], postgres.EncodeCursor(next), nil
}

// officeTenant finds the public authority of another office of this house by its slug.
func officeTenant(ctx context.Context, tx pgx.Tx, slug, office string) (p Party, err error) {
	err = tx.QueryRow(ctx, `select id, slug, names, demo from app.tenants
		where slug = $1 and office = $2 and kind in ('jurisdiction', 'county') and suspended_at is null and id <> app.tenant()`, slug, office).Scan(&p.ID, &p.Slug, &p.Names, &p.Demo)
	return p, postgres.Wrap(err, "tenant %s", slug)
}

// ownTenant is the tenant itself, and its day at an instant.
func ownTenant(ctx context.Context, tx pgx.Tx, at time.Time) (p Party, today time.Time, err error) {
	var zone string
	err = tx.QueryRow(ctx, `select id, slug, names, demo, time_zone from app.tenants where id = app.tenant()`).Scan(&p.ID, &p.Slug, &p.Names, &p.Demo, &zone)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, today, tenancy.ErrNoScope
	}
	return p, Calendar{TimeZone: zone}.Day(at), postgres.Wrap(err, "own tenant")
}
