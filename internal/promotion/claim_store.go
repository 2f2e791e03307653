package promotion

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const claimColumns = `c.id, c.version, c.tenant_id, t.slug, t.kind, t.names, t.demo, c.keeper, c.programme_id, c.award_id, a.number, a.content ->> 'name', c.status, c.amount,
	coalesce((select sum(y.amount) from app.promotion_payments y where y.claim_id = c.id), 0)::bigint, c.currency, c.receipts, c.note, c.decision, c.decided_name, c.decided_at, c.created_name, c.created_at, c.updated_at`

const fromClaims = ` from app.promotion_claims c join app.tenants t on t.id = c.tenant_id join app.promotion_awards w on w.tenant_id = c.keeper and w.id = c.award_id
	join app.promotion_applications a on a.tenant_id = c.tenant_id and a.id = w.application_id`

func scanClaim(row pgx.CollectableRow) (c Claim, err error) {
	err = row.Scan(&c.ID, &c.Version, &c.Applicant.ID, &c.Applicant.Slug, &c.Applicant.Kind, &c.Applicant.Names, &c.Applicant.Demo, &c.Keeper, &c.ProgrammeID, &c.AwardID, &c.Number, &c.Name, &c.Status, &c.Amount,
		&c.Paid, &c.Currency, &c.Receipts, &c.Note, &c.Decision, &c.DecidedName, &c.DecidedAt, &c.CreatedName, &c.CreatedAt, &c.UpdatedAt)
	return c, err
}

func claimByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Claim, error) {
	rows, _ := tx.Query(ctx, `select `+claimColumns+fromClaims+` where c.id = $1`, id)
	c, err := pgx.CollectExactlyOneRow(rows, scanClaim)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, ErrClaimNotFound
	}
	return c, postgres.Wrap(err, "claim %s", id)
}

// claimedUnder is what was claimed under an award: of a claim that is refused, what was paid for it all the same.
func claimedUnder(ctx context.Context, tx pgx.Tx, award uuid.UUID) (sum Money, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(sum(case when c.status = 'refused' then coalesce((select sum(y.amount) from app.promotion_payments y where y.claim_id = c.id), 0) else c.amount end), 0)::bigint
		from app.promotion_claims c where c.award_id = $1`, award).Scan(&sum)
	return sum, postgres.Wrap(err, "claims under award %s", award)
}

func insertClaim(ctx context.Context, tx pgx.Tx, w Award, c Claim) (id uuid.UUID, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return id, err
	}
	err = tx.QueryRow(ctx, `
		insert into app.promotion_claims (keeper, programme_id, award_id, amount, currency, receipts, note, created_name) values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
		w.Keeper, w.ProgrammeID, w.ID, c.Amount, w.Currency, c.Receipts, c.Note, scope.ActorName).Scan(&id)
	return id, postgres.Wrap(err, "claim under award %s", w.ID)
}

func standClaim(ctx context.Context, tx pgx.Tx, id uuid.UUID, to ClaimStatus) error {
	_, err := tx.Exec(ctx, `update app.promotion_claims set version = version + 1, status = $2, updated_at = clock_timestamp() where id = $1`, id, to)
	return postgres.Wrap(err, "claim %s", id)
}

func refuseClaim(ctx context.Context, tx pgx.Tx, id uuid.UUID, reason string, at time.Time) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update app.promotion_claims set version = version + 1, status = 'refused', decision = $2, decided_name = $3, decided_at = $4, updated_at = clock_timestamp() where id = $1`, id, reason, scope.ActorName, at)
	return postgres.Wrap(err, "claim %s", id)
}

// promised is what an award has of each source, and what of it is paid.
func promised(ctx context.Context, tx pgx.Tx, programme, award uuid.UUID) ([]Fund, error) {
	rows, _ := tx.Query(ctx, `select r.source, r.rest, 0::bigint, 0::bigint from (`+restSQL+`) r where r.rest > 0`, programme, award)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Fund])
	slices.SortFunc(all, func(a, b Fund) int { return slices.Index(Sources, a.Source) - slices.Index(Sources, b.Source) })
	return all, postgres.Wrap(err, "commitments of award %s", award)
}

func insertPayments(ctx context.Context, tx pgx.Tx, c Claim, parts []Budget, on time.Time, reference string) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	for _, b := range parts { // four at most
		if _, err := tx.Exec(ctx, `insert into app.promotion_payments (programme_id, award_id, applicant, claim_id, source, amount, paid_on, reference, recorded_name) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			c.ProgrammeID, c.AwardID, c.Applicant.ID, c.ID, b.Source, b.Amount, on, reference, scope.ActorName); err != nil {
			return postgres.Wrap(err, "payment of claim %s", c.ID)
		}
	}
	return nil
}

func insertReversal(ctx context.Context, tx pgx.Tx, c Claim, p Payment, on time.Time, reason string) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into app.promotion_payments (programme_id, award_id, applicant, claim_id, source, amount, paid_on, reverses, reason, recorded_name) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ProgrammeID, c.AwardID, c.Applicant.ID, c.ID, p.Source, -p.Amount, on, p.ID, reason, scope.ActorName)
	return postgres.Wrap(err, "reversal of payment %s", p.ID)
}

// ClaimFilter chooses claims; empty fields choose all.
type ClaimFilter struct {
	Programme, Award *uuid.UUID
	Status           ClaimStatus
}

const chosenClaims = fromClaims + ` where ($1::uuid is null or c.programme_id = $1) and ($2::uuid is null or c.award_id = $2) and ($3 = '' or c.status = $3)`

func listClaims(ctx context.Context, tx pgx.Tx, f ClaimFilter, limit int, cursor string) ([]Claim, string, error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `select `+claimColumns+chosenClaims+` and c.id < $4 order by c.id desc limit $5`, f.Programme, f.Award, f.Status, after, limit+1)
	all, err := pgx.CollectRows(rows, scanClaim)
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "claims")
	}
	return all[:limit], postgres.EncodeCursor(all[limit-1].ID), nil
}

func countClaims(ctx context.Context, tx pgx.Tx, f ClaimFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*)`+chosenClaims, f.Programme, f.Award, f.Status).Scan(&n)
	return n, postgres.Wrap(err, "claims")
}

// PaymentFilter chooses payments; empty fields choose all.
type PaymentFilter struct {
	Programme, Claim *uuid.UUID
	Source           Source
	From, To         *time.Time // days of payment, both included
}

const paymentSQL = `
	select y.id, y.programme_id, y.award_id, y.claim_id, a.number, a.content ->> 'name', y.source, y.amount, c.currency, y.paid_on, y.reference, y.reverses,
		exists (select from app.promotion_payments r where r.reverses = y.id), y.reason, y.recorded_name, y.recorded_at
	from app.promotion_payments y join app.promotion_claims c on c.tenant_id = y.applicant and c.id = y.claim_id
	join app.promotion_awards w on w.tenant_id = y.tenant_id and w.id = y.award_id join app.promotion_applications a on a.tenant_id = y.applicant and a.id = w.application_id`

const chosenPayments = paymentSQL + `
	where ($1::uuid is null or y.programme_id = $1) and ($2::uuid is null or y.claim_id = $2) and ($3 = '' or y.source = $3)
	  and ($4::date is null or y.paid_on >= $4) and ($5::date is null or y.paid_on <= $5)`

func (f PaymentFilter) args(more ...any) []any {
	return append([]any{f.Programme, f.Claim, f.Source, f.From, f.To}, more...)
}

func listPayments(ctx context.Context, tx pgx.Tx, f PaymentFilter, limit int, cursor string) ([]Payment, string, error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, chosenPayments+` and y.id < $6 order by y.id desc limit $7`, f.args(after, limit+1)...)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Payment])
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "payments")
	}
	return all[:limit], postgres.EncodeCursor(all[limit-1].ID), nil
}

func countPayments(ctx context.Context, tx pgx.Tx, f PaymentFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from (`+chosenPayments+`) x`, f.args()...).Scan(&n)
	return n, postgres.Wrap(err, "payments")
}

func paymentByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Payment, error) {
	rows, _ := tx.Query(ctx, paymentSQL+` where y.id = $1`, id)
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Payment])
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrPaymentNotFound
	}
	return p, postgres.Wrap(err, "payment %s", id)
}
