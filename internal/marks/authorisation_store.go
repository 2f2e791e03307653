package marks

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Problems of authorisations.
var (
	ErrNotFound     = problem.New(problem.NotFound, "mark-authorisation.not-found")
	ErrHolder       = postgres.Constraint("mark_authorisations_holder_key", problem.New(problem.Conflict, "mark-authorisation.holder"))
	ErrTooLate      = problem.New(problem.Conflict, "mark-authorisation.too-late")
	ErrRegistration = postgres.Constraint("mark_authorisations_registration_fkey", problem.New(problem.NotFound, "mark-authorisation.registration"))
	ErrNotInForce   = problem.New(problem.Conflict, "mark-authorisation.registration-not-in-force")
)

const authorisationColumns = `a.id, a.version, a.status, a.registration_id, a.kind, a.credit_code, a.names, a.township, a.exports, a.content_g, a.notice, a.from_on, a.ended_on, a.ground, a.due_on, a.appeal_until, a.created_at, a.updated_at,
	(select r.status from app.registrations r where r.id = a.registration_id),
	(select max(m.happened_on) from app.mark_moves m where m.to_kind = 'used' and m.act = 'use' and m.from_of = a.id::text
		and not exists (select from app.mark_moves c where c.tenant_id = m.tenant_id and c.corrects = m.id and c.numbers = m.numbers)),
	(select max(e.happened_on) from app.mark_authorisation_events e where e.authorisation_id = a.id and e.act = 'report'),
	(select unused_months from app.mark_rules), (select report_months from app.mark_rules)`

func scanAuthorisation(row pgx.CollectableRow) (a Authorisation, err error) {
	err = row.Scan(&a.ID, &a.Version, &a.Status, &a.RegistrationID, &a.Kind, &a.CreditCode, &a.Names, &a.Township, &a.Exports, &a.ContentG, &a.Notice, &a.FromOn, &a.EndedOn, &a.Ground, &a.DueOn, &a.AppealUntil, &a.CreatedAt, &a.UpdatedAt, &a.Origin, &a.LastUsedOn, &a.ReportedOn, &a.Asked.UnusedMonths, &a.Asked.ReportMonths)
	return a, err
}

// ByID reads an authorisation in the caller's transaction.
func ByID(ctx context.Context, tx pgx.Tx, id ID) (Authorisation, error) {
	rows, _ := tx.Query(ctx, `select `+authorisationColumns+` from app.mark_authorisations a where a.id = $1`, id)
	return oneAuthorisation(rows, id)
}

func lockByID(ctx context.Context, tx pgx.Tx, id ID) (Authorisation, error) {
	rows, _ := tx.Query(ctx, `select `+authorisationColumns+` from app.mark_authorisations a where a.id = $1 for update`, id)
	return oneAuthorisation(rows, id)
}

func oneAuthorisation(rows pgx.Rows, id ID) (Authorisation, error) {
	a, err := pgx.CollectExactlyOneRow(rows, scanAuthorisation)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, ErrNotFound
	}
	return a, postgres.Wrap(err, "mark authorisation %s", id)
}

// insert writes an application and its first event.
func insert(ctx context.Context, tx pgx.Tx, a Authorisation, e Event) (Authorisation, error) {
	rows, _ := tx.Query(ctx, `
		insert into app.mark_authorisations as a (status, registration_id, kind, credit_code, names, title, folded, township, exports, content_g)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning `+authorisationColumns,
		a.Status, a.RegistrationID, a.Kind, a.CreditCode, a.Names, a.title(), a.folded(), a.Township, a.Exports, a.ContentG)
	made, err := oneAuthorisation(rows, a.ID)
	if err != nil {
		return made, err
	}
	return made, addEvent(ctx, tx, made, e)
}

// save writes an authorisation over what is there, and the event that it follows from.
func save(ctx context.Context, tx pgx.Tx, a Authorisation, e Event) (Authorisation, error) {
	rows, _ := tx.Query(ctx, `
		update app.mark_authorisations a set version = version + 1, status = $2, kind = $3, names = $4, title = $5, folded = $6, township = $7, exports = $8,
			notice = $9, from_on = $10, ended_on = $11, ground = $12, due_on = $13, appeal_until = $14, content_g = $15, updated_at = clock_timestamp()
		where a.id = $1 returning `+authorisationColumns,
		a.ID, a.Status, a.Kind, a.Names, a.title(), a.folded(), a.Township, a.Exports, a.Notice, a.FromOn, a.EndedOn, a.Ground, a.DueOn, a.AppealUntil, a.ContentG)
	saved, err := oneAuthorisation(rows, a.ID)
	if err != nil {
		return saved, err
	}
	return saved, addEvent(ctx, tx, saved, e)
}

func addEvent(ctx context.Context, tx pgx.Tx, a Authorisation, e Event) error {
	if e.Documents == nil {
		e.Documents = []uuid.UUID{}
	}
	_, err := tx.Exec(ctx, `
		insert into app.mark_authorisation_events (authorisation_id, seq, act, from_status, to_status, happened_on, reference, reason, ground, due_on, appeal_until, documents, recorded_by, recorded_name, recorded_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, clock_timestamp())`,
		a.ID, a.Version, e.Act, e.From, e.To, e.HappenedOn, e.Reference, e.Reason, e.Ground, e.DueOn, e.AppealUntil, e.Documents, e.RecordedBy, e.RecordedName)
	return postgres.Wrap(err, "event of mark authorisation %s", a.ID)
}

func events(ctx context.Context, tx pgx.Tx, id ID) ([]Event, error) {
	rows, _ := tx.Query(ctx, `
		select seq, act, from_status, to_status, happened_on, reference, reason, ground, due_on, appeal_until, documents, recorded_by, recorded_name, recorded_at
		from app.mark_authorisation_events where authorisation_id = $1 order by seq`, id)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
	return all, postgres.Wrap(err, "events of mark authorisation %s", id)
}

// Filter chooses authorisations; empty fields choose all.
type Filter struct {
	Words        string
	Status       Status
	Kind         Kind
	Registration *uuid.UUID
	Township     string
	Exports      *bool
}

type place struct {
	At time.Time `json:"at"`
	ID uuid.UUID `json:"id"`
}

// newest is the place before the first of a list that has the newest first.
var newest = place{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max}

const chosen = `
	from app.mark_authorisations a
	where ($1 = '' or strpos(a.folded, $1) > 0) and ($2 = '' or a.status = $2) and ($3 = '' or a.kind = $3) and ($4::uuid is null or a.registration_id = $4)
	  and ($5 = '' or a.township = $5) and ($6::boolean is null or a.exports = $6)`

// args are the filter's; ok is false when it has nothing but signs, which no name has.
func (f Filter) args(more ...any) (all []any, ok bool) {
	key := registry.NameKey(f.Words)
	if code, err := ParseCreditCode(f.Words); err == nil {
		key = strings.ToLower(string(code))
	}
	return append([]any{key, f.Status, f.Kind, f.Registration, f.Township, f.Exports}, more...), f.Words == "" || key != ""
}

func list(ctx context.Context, tx pgx.Tx, f Filter, limit int, cursor string) (all []Authorisation, next string, err error) {
	after := newest
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	args, ok := f.args(after.At, after.ID, limit+1)
	if !ok {
		return nil, "", nil
	}
	rows, _ := tx.Query(ctx, `select `+authorisationColumns+chosen+` and (a.updated_at, a.id) < ($7, $8) order by a.updated_at desc, a.id desc limit $9`, args...)
	if all, err = pgx.CollectRows(rows, scanAuthorisation); err != nil {
		return nil, "", postgres.Wrap(err, "mark authorisations")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(place{all[limit-1].UpdatedAt, all[limit-1].ID})
	}
	return all, next, nil
}
