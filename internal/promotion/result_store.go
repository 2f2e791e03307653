package promotion

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const resultSQL = `
	select r.id, r.version, r.programme_id, r.award_id, a.id, a.number, a.content ->> 'name', r.happened_on, r.contacts, r.inquiries, r.samples, r.contracts, r.exports, r.note, r.recorded_name, r.created_at, r.updated_at,
		r.tenant_id = app.tenant(), r.keeper, r.follow_up_on, r.follow_up_what, r.follows, r.followed_at, r.dossiers, r.cases
	from app.promotion_results r join app.promotion_awards w on w.tenant_id = r.keeper and w.id = r.award_id join app.promotion_applications a on a.tenant_id = r.tenant_id and a.id = w.application_id`

func resultByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Result, error) {
	rows, _ := tx.Query(ctx, resultSQL+` where r.id = $1`, id)
	return oneResult(rows, id)
}

// lockResult reads a report that nobody else changes meanwhile.
func lockResult(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Result, error) {
	rows, _ := tx.Query(ctx, resultSQL+` where r.id = $1 for update of r`, id)
	return oneResult(rows, id)
}

func oneResult(rows pgx.Rows, id uuid.UUID) (Result, error) {
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Result])
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrResultNotFound
	}
	return r, postgres.Wrap(err, "report %s", id)
}

func insertResult(ctx context.Context, tx pgx.Tx, w Award, r Result) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `
		insert into app.promotion_results (keeper, programme_id, award_id, happened_on, contacts, inquiries, samples, contracts, exports, note, recorded_name, follow_up_on, follow_up_what, follows, dossiers)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning id`,
		w.Keeper, w.ProgrammeID, w.ID, r.HappenedOn, r.Contacts, r.Inquiries, r.Samples, r.Contracts, r.Exports, r.Note, scope.ActorName, r.FollowUpOn, r.FollowUpWhat, r.Follows, r.Dossiers).Scan(&id)
	return id, postgres.Wrap(err, "report under award %s", w.ID)
}

func usedDossiers(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) ([]Used, error) {
	rows, _ := tx.Query(ctx, `select d.id, coalesce(d.number, ''), d.title, d.market from app.dossiers d where d.id = any ($1)`, ids)
	return used(rows, ids, "/dossierIds")
}

func usedCases(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) ([]Used, error) {
	rows, _ := tx.Query(ctx, `select c.id, '', jsonb_build_object(c.language, c.name), c.market from app.recognition_cases c where c.id = any ($1)`, ids)
	return used(rows, ids, "/caseIds")
}

// used puts what was found in the order in which it was named. What the reader does not see is unknown.
func used(rows pgx.Rows, ids []uuid.UUID, at string) ([]Used, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Used])
	if err != nil {
		return nil, postgres.Wrap(err, "what was used")
	}
	wrong, all := problem.ErrInvalid, []Used{}
	for i, id := range ids {
		n := slices.IndexFunc(found, func(u Used) bool { return u.ID == id })
		switch {
		case n < 0:
			wrong = wrong.At(fmt.Sprintf("%s/%d", at, i), codeUnknown)
		case slices.Contains(ids[:i], id):
			wrong = wrong.At(fmt.Sprintf("%s/%d", at, i), codeTwice)
		default:
			all = append(all, found[n])
		}
	}
	return all, wrong.Or()
}

// ResultFilter chooses reports; empty fields choose all.
type ResultFilter struct {
	Programme, Award *uuid.UUID
	Country          string     // to which something was exported
	Due              *time.Time // own ones to be followed up on that day or before, which nothing follows up
}

const chosenResults = resultSQL + `
	where ($1::uuid is null or r.programme_id = $1) and ($2::uuid is null or r.award_id = $2) and ($3 = '' or r.exports @> jsonb_build_array(jsonb_build_object('country', $3::text)))
	  and ($4::date is null or r.tenant_id = app.tenant() and r.follow_up_on <= $4 and r.followed_at is null)`

func (f ResultFilter) args(more ...any) []any {
	return append([]any{f.Programme, f.Award, f.Country, f.Due}, more...)
}

func listResults(ctx context.Context, tx pgx.Tx, f ResultFilter, limit int, cursor string) ([]Result, string, error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, chosenResults+` and r.id < $5 order by r.id desc limit $6`, f.args(after, limit+1)...)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Result])
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "reports")
	}
	return all[:limit], postgres.EncodeCursor(all[limit-1].ID), nil
}

func countResults(ctx context.Context, tx pgx.Tx, f ResultFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from (`+chosenResults+`) x`, f.args()...).Scan(&n)
	return n, postgres.Wrap(err, "reports")
}
