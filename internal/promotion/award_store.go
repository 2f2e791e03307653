package promotion

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const awardColumns = `w.id, w.version, w.programme_id, w.application_id, w.applicant, t.slug, t.kind, t.names, t.demo, a.content ->> 'name', a.number, w.outcome, coalesce(w.position, 0), w.amount, w.paid, p.content ->> 'currency',
	w.reason, w.decided_name, w.decided_at, w.published_at, w.objection_until, w.updated_at, p.content -> 'titles', w.tenant_id, coalesce((p.content ->> 'blind')::boolean, false), p.status`

const fromAwards = ` from app.promotion_awards w join app.promotion_applications a on a.tenant_id = w.applicant and a.id = w.application_id
	join app.promotion_programmes p on p.tenant_id = w.tenant_id and p.id = w.programme_id join app.tenants t on t.id = w.applicant`

func scanAward(row pgx.CollectableRow) (w Award, err error) {
	err = row.Scan(&w.ID, &w.Version, &w.ProgrammeID, &w.ApplicationID, &w.Applicant.ID, &w.Applicant.Slug, &w.Applicant.Kind, &w.Applicant.Names, &w.Applicant.Demo, &w.Name, &w.Number, &w.Outcome, &w.Position, &w.Amount, &w.Paid, &w.Currency,
		&w.Reason, &w.DecidedName, &w.DecidedAt, &w.PublishedAt, &w.ObjectionUntil, &w.UpdatedAt, &w.Titles, &w.Keeper, &w.Blind, &w.Status)
	return w, err
}

func awardByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Award, error) {
	rows, _ := tx.Query(ctx, `select `+awardColumns+fromAwards+` where w.id = $1`, id)
	w, err := pgx.CollectExactlyOneRow(rows, scanAward)
	if errors.Is(err, pgx.ErrNoRows) {
		return w, ErrAwardNotFound
	}
	return w, postgres.Wrap(err, "award %s", id)
}

// putAward writes a decision over what was decided on the application before.
func putAward(ctx context.Context, tx pgx.Tx, a Application, d Decision, position int, at time.Time) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `
		insert into app.promotion_awards as w (programme_id, applicant, application_id, outcome, position, amount, reason, decided_name, decided_at) values ($1, $2, $3, $4, nullif($5, 0), $6, $7, $8, $9)
		on conflict (tenant_id, application_id) do update set version = w.version + 1, outcome = excluded.outcome, amount = excluded.amount, reason = excluded.reason,
			decided_name = excluded.decided_name, decided_at = excluded.decided_at, updated_at = clock_timestamp()
		returning id`, a.ProgrammeID, a.Applicant.ID, a.ID, d.Outcome, position, d.Amount, d.Reason, scope.ActorName, at).Scan(&id)
	return id, postgres.Wrap(err, "award of application %s", a.ID)
}

func setOutcome(ctx context.Context, tx pgx.Tx, id uuid.UUID, to Outcome) error {
	_, err := tx.Exec(ctx, `update app.promotion_awards set version = version + 1, outcome = $2, updated_at = clock_timestamp() where id = $1`, id, to)
	return postgres.Wrap(err, "award %s", id)
}

// restSQL is what is promised and not paid, by award and source.
const restSQL = `
	select c.award_id, c.source, sum(c.amount)::bigint - coalesce((select sum(y.amount) from app.promotion_payments y where y.award_id = c.award_id and y.source = c.source), 0)::bigint as rest
	from app.promotion_commitments c where c.programme_id = $1 and ($2::uuid is null or c.award_id = $2) group by c.award_id, c.source`

// release takes back what was promised by an award and is not paid.
func release(ctx context.Context, tx pgx.Tx, programme, award uuid.UUID, reason string) error {
	return releaseAll(ctx, tx, programme, &award, reason)
}

// releaseAll does so for all awards of a programme, or one.
func releaseAll(ctx context.Context, tx pgx.Tx, programme uuid.UUID, award *uuid.UUID, reason string) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into app.promotion_commitments (programme_id, award_id, source, amount, reason, recorded_name)
		select $1, r.award_id, r.source, -r.rest, $3, $4 from (`+restSQL+`) r where r.rest > 0`, programme, award, reason, scope.ActorName)
	return postgres.Wrap(err, "commitments of programme %s", programme)
}

func addCommitments(ctx context.Context, tx pgx.Tx, programme, award uuid.UUID, parts []Budget, reason string) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	for _, b := range parts { // four at most
		if _, err := tx.Exec(ctx, `insert into app.promotion_commitments (programme_id, award_id, source, amount, reason, recorded_name) values ($1, $2, $3, $4, $5, $6)`,
			programme, award, b.Source, b.Amount, reason, scope.ActorName); err != nil {
			return postgres.Wrap(err, "commitment of award %s", award)
		}
	}
	return nil
}

func countPlaces(ctx context.Context, tx pgx.Tx, programme uuid.UUID) error {
	_, err := tx.Exec(ctx, `update app.promotion_programmes set taken = (select count(*) from app.promotion_awards where programme_id = $1 and outcome = 'awarded') where id = $1`, programme)
	return postgres.Wrap(err, "places of programme %s", programme)
}

func placesTaken(ctx context.Context, tx pgx.Tx, programme uuid.UUID) (n int, err error) {
	err = tx.QueryRow(ctx, `select taken from app.promotion_programmes where id = $1`, programme).Scan(&n)
	return n, postgres.Wrap(err, "places of programme %s", programme)
}

// withdrawnAwards are the awards of who withdrew since.
func withdrawnAwards(ctx context.Context, tx pgx.Tx, programme uuid.UUID) ([]uuid.UUID, error) {
	rows, _ := tx.Query(ctx, `
		select w.id from app.promotion_awards w join app.promotion_applications a on a.tenant_id = w.applicant and a.id = w.application_id
		where w.programme_id = $1 and w.outcome in ('awarded', 'waiting') and a.status = 'withdrawn' order by w.id`, programme)
	all, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return all, postgres.Wrap(err, "awards of programme %s", programme)
}

// leftProgrammes are the own programmes in which money is promised to somebody who withdrew.
func leftProgrammes(ctx context.Context, tx pgx.Tx) ([]uuid.UUID, error) {
	rows, _ := tx.Query(ctx, `
		select distinct p.id from app.promotion_programmes p join app.promotion_awards w on w.tenant_id = p.tenant_id and w.programme_id = p.id
		join app.promotion_applications a on a.tenant_id = w.applicant and a.id = w.application_id
		where p.tenant_id = app.tenant() and p.status in ('decided', 'running') and w.outcome in ('awarded', 'waiting') and a.status = 'withdrawn' limit 1000`)
	all, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return all, postgres.Wrap(err, "programmes to go on with")
}

// waitingList are those who wait, in their order.
func waitingList(ctx context.Context, tx pgx.Tx, programme uuid.UUID) ([]Award, error) {
	rows, _ := tx.Query(ctx, `select `+awardColumns+fromAwards+` where w.programme_id = $1 and w.outcome = 'waiting' order by w.position nulls last, w.id`, programme)
	all, err := pgx.CollectRows(rows, scanAward)
	return all, postgres.Wrap(err, "waiting list of programme %s", programme)
}

// publish shows the decisions to the applicants, once there is one for each.
func publish(ctx context.Context, tx pgx.Tx, p Programme, at time.Time) error {
	var n int
	err := tx.QueryRow(ctx, `
		select count(*) from app.promotion_applications a where a.programme_id = $1 and a.status in ('submitted', 'returned')
			and not exists (select from app.promotion_awards w where w.application_id = a.id)`, p.ID).Scan(&n)
	if err != nil {
		return postgres.Wrap(err, "decisions of programme %s", p.ID)
	}
	if n > 0 {
		return ErrUndecided.With("Count", n)
	}
	_, err = tx.Exec(ctx, `update app.promotion_awards set published_at = $2, objection_until = $3, updated_at = clock_timestamp() where programme_id = $1 and published_at is null`, p.ID, at, at.AddDate(0, 0, p.Content.ObjectionDays))
	if err != nil {
		return postgres.Wrap(err, "decisions of programme %s", p.ID)
	}
	rows, _ := tx.Query(ctx, `select `+awardColumns+fromAwards+` where w.programme_id = $1 and w.published_at = $2`, p.ID, at)
	all, err := pgx.CollectRows(rows, scanAward)
	if err != nil {
		return postgres.Wrap(err, "decisions of programme %s", p.ID)
	}
	for _, w := range all {
		if err := exchange.ReceiptOf(ctx, tx, w.event("publish")); err != nil {
			return err
		}
	}
	return nil
}

func showAward(ctx context.Context, tx pgx.Tx, id uuid.UUID, at time.Time) error {
	_, err := tx.Exec(ctx, `update app.promotion_awards set published_at = coalesce(published_at, $2) where id = $1`, id, at)
	return postgres.Wrap(err, "award %s", id)
}

// settle frees what was promised and never claimed, once no claim waits.
func settle(ctx context.Context, tx pgx.Tx, p Programme) error {
	var n int
	if err := tx.QueryRow(ctx, `select count(*) from app.promotion_claims where programme_id = $1 and status in ('submitted', 'part-paid')`, p.ID).Scan(&n); err != nil {
		return postgres.Wrap(err, "claims of programme %s", p.ID)
	}
	if n > 0 {
		return ErrOpenClaims.With("Count", n)
	}
	return releaseAll(ctx, tx, p.ID, nil, string(Settled))
}

// AwardFilter chooses decisions; empty fields choose all.
type AwardFilter struct {
	Programme, Application *uuid.UUID
	Outcome                Outcome
	Blind                  bool // the reader only scores: decisions of a blind selection that goes on are not shown
}

const chosenAwards = fromAwards + ` where ($1::uuid is null or w.programme_id = $1) and ($2::uuid is null or w.application_id = $2) and ($3 = '' or w.outcome = $3)
	and not ($4 and p.content -> 'blind' = 'true' and p.status in ('open', 'closed') and w.tenant_id = app.tenant())`

// listAwards lists the newest first: by id, since decisions are made in time.
func listAwards(ctx context.Context, tx pgx.Tx, f AwardFilter, limit int, cursor string) ([]Award, string, error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+awardColumns+chosenAwards+` and w.id < $5 order by w.id desc limit $6`, f.Programme, f.Application, f.Outcome, f.Blind, after, limit+1)
	all, err := pgx.CollectRows(rows, scanAward)
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "awards")
	}
	return all[:limit], postgres.EncodeCursor(all[limit-1].ID), nil
}

func countAwards(ctx context.Context, tx pgx.Tx, f AwardFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+chosenAwards, f.Programme, f.Application, f.Outcome, f.Blind).Scan(&n)
	return n, postgres.Wrap(err, "awards")
}
