package promotion

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const applicationColumns = `a.id, a.version, a.tenant_id, t.slug, t.kind, t.names, t.demo, a.keeper, a.programme_id, a.status, a.content, coalesce(a.number, ''), a.submitted_at, a.eligible, a.support, a.asked, a.complete_until, a.asked_name,
	a.created_name, a.created_at, a.updated_at, p.content -> 'titles', p.content ->> 'currency', p.content -> 'rules', coalesce((p.content ->> 'blind')::boolean, false), p.status, a.tenant_id = app.tenant()`

const fromApplications = ` from app.promotion_applications a join app.tenants t on t.id = a.tenant_id join app.promotion_programmes p on p.tenant_id = a.keeper and p.id = a.programme_id`

func scanApplication(row pgx.CollectableRow) (a Application, err error) {
	err = row.Scan(&a.ID, &a.Version, &a.Applicant.ID, &a.Applicant.Slug, &a.Applicant.Kind, &a.Applicant.Names, &a.Applicant.Demo, &a.Keeper, &a.ProgrammeID, &a.Stage, &a.Form, &a.Number, &a.SubmittedAt, &a.Reckoned.Eligible, &a.Reckoned.Support, &a.Asked, &a.CompleteUntil, &a.AskedName,
		&a.CreatedName, &a.CreatedAt, &a.UpdatedAt, &a.Call.Titles, &a.Call.Currency, &a.Call.Rules, &a.Call.Blind, &a.Call.Status, &a.Own)
	return a, err
}

func applicationByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Application, error) {
	rows, _ := tx.Query(ctx, `select `+applicationColumns+fromApplications+` where a.id = $1`, id)
	return oneApplication(rows, id)
}

func oneApplication(rows pgx.Rows, id uuid.UUID) (Application, error) {
	a, err := pgx.CollectExactlyOneRow(rows, scanApplication)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, ErrApplicationNotFound
	}
	return a, postgres.Wrap(err, "application %s", id)
}

// lockApplication reads an application that nobody else changes meanwhile. What the reader may not change cannot be locked, either; it is read
// as it is, and the lifecycle refuses the step.
func lockApplication(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Application, error) {
	if _, err := tx.Exec(ctx, `select from app.promotion_applications where id = $1 for update`, id); err != nil {
		return Application{}, postgres.Wrap(err, "application %s", id)
	}
	return applicationByID(ctx, tx, id)
}

// filled is a form without nil lists, so that it is read as it was written.
func (f Form) filled() Form {
	if f.Costs == nil {
		f.Costs = []Cost{}
	}
	if f.Papers == nil {
		f.Papers = []Paper{}
	}
	if f.Team == nil {
		f.Team = []string{}
	}
	return f
}

func insertApplication(ctx context.Context, tx pgx.Tx, p Programme, f Form) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `insert into app.promotion_applications (keeper, programme_id, content, credit_code, created_name) values ($1, $2, $3, $4, $5) returning id`,
		p.Keeper.ID, p.ID, f.filled(), f.code(), scope.ActorName).Scan(&id)
	return id, postgres.Wrap(err, "application to %s", p.ID)
}

func fill(ctx context.Context, tx pgx.Tx, id uuid.UUID, f Form) error {
	_, err := tx.Exec(ctx, `update app.promotion_applications set version = version + 1, content = $2, credit_code = $3, updated_at = clock_timestamp() where id = $1`, id, f.filled(), f.code())
	return postgres.Wrap(err, "application %s", id)
}

func submit(ctx context.Context, tx pgx.Tx, a Application, r Reckoned, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update app.promotion_applications set version = version + 1, status = 'submitted', number = $2, submitted_at = coalesce(submitted_at, $3), eligible = $4, support = $5, updated_at = clock_timestamp()
		where id = $1`, a.ID, a.Number, at, r.Eligible, r.Support)
	return postgres.Wrap(err, "application %s", a.ID)
}

func moveApplication(ctx context.Context, tx pgx.Tx, id uuid.UUID, to Stage) error {
	_, err := tx.Exec(ctx, `update app.promotion_applications set version = version + 1, status = $2, updated_at = clock_timestamp() where id = $1`, id, to)
	return postgres.Wrap(err, "application %s", id)
}

func giveBack(ctx context.Context, tx pgx.Tx, id uuid.UUID, asked []string, until time.Time, by string) error {
	_, err := tx.Exec(ctx, `
		update app.promotion_applications set version = version + 1, status = 'returned', asked = $2, complete_until = $3, asked_name = $4, updated_at = clock_timestamp()
		where id = $1`, id, asked, until, by)
	return postgres.Wrap(err, "application %s", id)
}

// known refuses papers, listed at a place of the body, that are no documents of the tenant, or whose file is not ready: one that is looked
// through, or was found infected. A line without a paper has the zero id.
func known(ctx context.Context, tx pgx.Tx, at string, papers []Paper) error {
	ids := make([]uuid.UUID, len(papers))
	for i, p := range papers {
		ids[i] = p.DocumentID
	}
	rows, _ := tx.Query(ctx, `select distinct v.document_id from app.document_versions v where v.document_id = any ($1) and v.status = 'ready'`, ids)
	ready, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return postgres.Wrap(err, "documents")
	}
	wrong := problem.ErrInvalid
	for i, p := range papers {
		if p.DocumentID != uuid.Nil && !slices.Contains(ready, p.DocumentID) {
			wrong = wrong.At(fmt.Sprintf("%s/%d/documentId", at, i), codeFile)
		}
	}
	return wrong.Or()
}

// paidFor tells whether money was paid for an application.
func paidFor(ctx context.Context, tx pgx.Tx, id uuid.UUID) (paid bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from app.promotion_awards where application_id = $1 and paid > 0)`, id).Scan(&paid)
	return paid, postgres.Wrap(err, "award of application %s", id)
}

// ApplicationFilter chooses applications; empty fields choose all.
type ApplicationFilter struct {
	Words     string
	Programme *uuid.UUID
	Stage     Stage
	Own       *bool
	Blind     bool // the reader only scores: in a blind selection a name finds nothing
	ToScore   bool // of those the reader is to score, only what it said nothing of yet
}

// hiddenFrom is the rule of blinded in SQL: $5 says that the reader only scores.
const hiddenFrom = `$5 and a.tenant_id <> app.tenant() and a.programme_id in (select p.id from app.promotion_programmes p where p.content -> 'blind' = 'true' and p.status in ('open', 'closed'))`

// filtered are the conditions of a filter on an application itself.
const filtered = `($1 = '' or strpos(lower(coalesce(a.number, '') || ' ' || case when ` + hiddenFrom + ` then '' else a.content ->> 'name' end), $1) > 0) and ($2::uuid is null or a.programme_id = $2) and ($3 = '' or a.status = $3) and (not $6 or ` + unscored + `)`

// unscored is what waits for the reader: it is on the committee of a call that is in selection, and neither scored, abstained nor declared a conflict.
const unscored = `a.status = 'submitted'
	and exists (select from app.promotion_committee m join app.promotion_programmes p on p.tenant_id = m.tenant_id and p.id = m.programme_id
		where m.programme_id = a.programme_id and m.person_id = (select nullif(current_setting('app.actor', true), '')::uuid) and p.status in ('open', 'closed'))
	and not exists (select from app.promotion_scores s where s.application_id = a.id and s.person_id = (select nullif(current_setting('app.actor', true), '')::uuid))
	and not exists (select from app.promotion_conflicts c where c.application_id = a.id and c.person_id = (select nullif(current_setting('app.actor', true), '')::uuid))`

const chosenApplications = fromApplications + `
	where ` + filtered + ` and ($4::boolean is null or (a.tenant_id = app.tenant()) = $4)`

// pageOfApplications asks each side by the index that has its order, and joins what it shows of a page alone: over both sides at once
// every application would be read and sorted for each page.
const pageOfApplications = `
	with found as (
		(select a.tenant_id, a.id from app.promotion_applications a where a.tenant_id = app.tenant() and coalesce($4::boolean, true) and ` + filtered + ` and (a.updated_at, a.id) < ($7, $8)
			order by a.updated_at desc, a.id desc limit $9)
		union all
		(select a.tenant_id, a.id from app.promotion_applications a where a.keeper = app.tenant() and a.number is not null and a.tenant_id <> app.tenant() and not coalesce($4::boolean, false) and ` + filtered + ` and (a.updated_at, a.id) < ($7, $8)
			order by a.updated_at desc, a.id desc limit $9))
	select ` + applicationColumns + fromApplications + ` join found f on f.tenant_id = a.tenant_id and f.id = a.id order by a.updated_at desc, a.id desc limit $9`

func (f ApplicationFilter) args(more ...any) []any {
	return append([]any{strings.ToLower(strings.TrimSpace(f.Words)), f.Programme, f.Stage, f.Own, f.Blind, f.ToScore}, more...)
}

func listApplications(ctx context.Context, tx pgx.Tx, f ApplicationFilter, limit int, cursor string) ([]Application, string, error) {
	after := newest
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, pageOfApplications, f.args(after.At, after.ID, limit+1)...)
	all, err := pgx.CollectRows(rows, scanApplication)
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "applications")
	}
	last := all[limit-1]
	return all[:limit], postgres.EncodeCursor(place{last.UpdatedAt, last.ID}), nil
}

func countApplications(ctx context.Context, tx pgx.Tx, f ApplicationFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+chosenApplications, f.args()...).Scan(&n)
	return n, postgres.Wrap(err, "applications")
}
