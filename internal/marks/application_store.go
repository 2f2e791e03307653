package marks

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

var _ = postgres.Constraint("mark_applications_once_key", problem.New(problem.Conflict, "mark-application.second"))

const applicationColumns = `a.id, a.version, a.tenant_id, t.slug, t.kind, t.names, t.demo, a.keeper, k.slug, k.kind, k.names, k.demo, a.registration_id, a.product, a.status, a.content, a.checks, coalesce(a.number, ''), a.submitted_at, a.appeal,
	a.asked, a.complete_until, a.authorisation_id, a.progress, a.decision, a.notice, a.appeal_until, a.decided_name, a.created_name, a.created_at, a.updated_at, a.tenant_id = app.tenant()`

const fromApplications = ` from app.mark_applications a join app.tenants t on t.id = a.tenant_id join app.tenants k on k.id = a.keeper`

func scanApplication(row pgx.CollectableRow) (a Application, err error) {
	err = row.Scan(&a.ID, &a.Version, &a.Applicant.ID, &a.Applicant.Slug, &a.Applicant.Kind, &a.Applicant.Names, &a.Applicant.Demo, &a.Keeper.ID, &a.Keeper.Slug, &a.Keeper.Kind, &a.Keeper.Names, &a.Keeper.Demo,
		&a.RegistrationID, &a.Product, &a.Stage, &a.Form, &a.Checks, &a.Number, &a.SubmittedAt, &a.Appeal,
		&a.Asked, &a.CompleteUntil, &a.AuthorisationID, &a.Progress, &a.Decision, &a.Notice, &a.AppealUntil, &a.DecidedName, &a.CreatedName, &a.CreatedAt, &a.UpdatedAt, &a.Own)
	return a, err
}

func applicationByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Application, error) {
	rows, _ := tx.Query(ctx, `select `+applicationColumns+fromApplications+` where a.id = $1`, id)
	a, err := pgx.CollectExactlyOneRow(rows, scanApplication)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, ErrApplicationNotFound
	}
	return a, postgres.Wrap(err, "application %s", id)
}

// lockApplication reads an application that nobody else changes meanwhile. What the reader may not change cannot be locked, either; it is
// read as it is, and the lifecycle refuses the step.
func lockApplication(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Application, error) {
	if _, err := tx.Exec(ctx, `select from app.mark_applications where id = $1 for update`, id); err != nil {
		return Application{}, postgres.Wrap(err, "application %s", id)
	}
	return applicationByID(ctx, tx, id)
}

// filled is a form without nil lists, so that it is read as it was written.
func (f Form) filled() Form {
	if f.Names == nil {
		f.Names = map[string]string{}
	}
	if f.Documents == nil {
		f.Documents = []uuid.UUID{}
	}
	return f
}

func insertApplication(ctx context.Context, tx pgx.Tx, a Application) (id uuid.UUID, err error) {
	err = tx.QueryRow(ctx, `insert into app.mark_applications (keeper, registration_id, product, content, credit_code, created_name) values ($1, $2, $3, $4, $5, $6) returning id`,
		a.Keeper.ID, a.RegistrationID, a.Product, a.Form.filled(), a.Form.code(), a.CreatedName).Scan(&id)
	return id, postgres.Wrap(err, "application for the mark of %s", a.RegistrationID)
}

// saveOwn writes what is the applicant's.
func saveOwn(ctx context.Context, tx pgx.Tx, a Application) error {
	_, err := tx.Exec(ctx, `
		update app.mark_applications set version = version + 1, status = $2, content = $3, credit_code = $4, checks = $5, number = nullif($6, ''), submitted_at = $7, appeal = $8, updated_at = clock_timestamp()
		where id = $1`, a.ID, a.Stage, a.Form.filled(), a.Form.code(), a.checked(), a.Number, a.SubmittedAt, a.Appeal)
	return postgres.Wrap(err, "application %s", a.ID)
}

func (a Application) checked() []Checked {
	if a.Checks == nil {
		return []Checked{}
	}
	return a.Checks
}

// saveKept writes what is the keeper's.
func saveKept(ctx context.Context, tx pgx.Tx, a Application) error {
	if a.Asked == nil {
		a.Asked = []string{}
	}
	_, err := tx.Exec(ctx, `
		update app.mark_applications set version = version + 1, status = $2, asked = $3, complete_until = $4, authorisation_id = $5, progress = $6, decided_name = $7, updated_at = clock_timestamp()
		where id = $1`, a.ID, a.Stage, a.Asked, a.CompleteUntil, a.AuthorisationID, a.Progress, a.DecidedName)
	return postgres.Wrap(err, "application %s", a.ID)
}

// tell lets the application that an authorisation follows from follow it, so that the applicant reads where it stands and why.
func tell(ctx context.Context, tx pgx.Tx, a Authorisation, e Event) error {
	var id, applicant uuid.UUID
	var stage Stage
	err := tx.QueryRow(ctx, `select id, tenant_id, status from app.mark_applications where authorisation_id = $1 and keeper = app.tenant() for update`, a.ID).Scan(&id, &applicant, &stage)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return postgres.Wrap(err, "application of mark authorisation %s", a.ID)
	}
	decision := ""
	if e.Act == Refuse || e.Act == End || stage == StageRefused || stage == StageAppealed {
		decision = e.Reason
	}
	_, err = tx.Exec(ctx, `
		update app.mark_applications set version = version + 1, status = $2, progress = $3, decision = case when $2 in ('refused', 'appealed') and $4 = '' then decision else $4 end, notice = $5,
			appeal_until = coalesce($6, appeal_until), decided_name = $7, updated_at = clock_timestamp()
		where id = $1`, id, follows(stage, e.Act, a.Status), a.Status, decision, a.Notice, a.AppealUntil, e.RecordedName)
	if err != nil {
		return postgres.Wrap(err, "application %s", id)
	}
	return exchange.ReceiptOf(ctx, tx, audit.Event{Action: "mark-authorisation." + string(e.Act), ObjectKind: "mark-application", ObjectID: id.String(), OtherParty: applicant,
		After: map[string]any{"progress": a.Status, "decision": decision, "notice": a.Notice, "appealUntil": a.AppealUntil}})
}

// ApplicationFilter chooses applications; empty fields choose all.
type ApplicationFilter struct {
	Words string // of its number, or of the producer's names
	Stage Stage
}

const chosenApplications = ` where ($1 = '' or strpos(lower(coalesce(a.number, '') || ' ' || a.credit_code || ' ' || jsonb_path_query_array(a.content, '$.names.*')::text), $1) > 0) and ($2 = '' or a.status = $2)`

// listApplications are ordered by their ids, which are made in time: the newest first.
func listApplications(ctx context.Context, tx pgx.Tx, f ApplicationFilter, limit int, cursor string) (all []Application, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+applicationColumns+fromApplications+chosenApplications+` and a.id < $3 order by a.id desc limit $4`, strings.ToLower(strings.TrimSpace(f.Words)), f.Stage, after, limit+1)
	if all, err = pgx.CollectRows(rows, scanApplication); err != nil {
		return nil, "", postgres.Wrap(err, "applications for marks")
	}
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, nil
}

// over tells whether the day is past until which something can be done.
func over(until *time.Time, now time.Time) bool {
	return until != nil && now.UTC().Add(-12*time.Hour).Truncate(24*time.Hour).After(*until)
}
