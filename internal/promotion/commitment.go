package promotion

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// Commitment is an entry of what is promised of a source: less than zero when it is taken back.
type Commitment struct {
	ID           uuid.UUID
	ProgrammeID  uuid.UUID
	AwardID      uuid.UUID
	Number       string // of the application
	Name         string
	Source       Source
	Amount       Money
	Currency     Currency
	Reason       string
	RecordedName string
	RecordedAt   time.Time
}

// CommitmentFilter chooses commitments; empty fields choose all.
type CommitmentFilter struct {
	Programme *uuid.UUID
	Source    Source
	From, To  *time.Time // days of entry by UTC, both included
}

const chosenCommitments = `
	select k.id, k.programme_id, k.award_id, a.number, a.content ->> 'name', k.source, k.amount, p.content ->> 'currency', k.reason, k.recorded_name, k.recorded_at
	from app.promotion_commitments k join app.promotion_awards w on w.tenant_id = k.tenant_id and w.id = k.award_id
	join app.promotion_programmes p on p.tenant_id = k.tenant_id and p.id = k.programme_id join app.promotion_applications a on a.tenant_id = w.applicant and a.id = w.application_id
	where ($1::uuid is null or k.programme_id = $1) and ($2 = '' or k.source = $2)
	  and ($3::date is null or k.recorded_at >= $3::timestamp at time zone 'UTC') and ($4::date is null or k.recorded_at < ($4::date + 1)::timestamp at time zone 'UTC')`

func (f CommitmentFilter) args(more ...any) []any {
	return append([]any{f.Programme, f.Source, f.From, f.To}, more...)
}

// Commitments lists what was promised under own programmes and taken back, the newest entry first, and returns the cursor of the next page.
func (s *Promotions) Commitments(ctx context.Context, f CommitmentFilter, limit int, cursor string) (all []Commitment, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, chosenCommitments+` and k.id < $5 order by k.id desc limit $6`, f.args(after, limit+1)...)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Commitment])
		return postgres.Wrap(err, "commitments")
	})
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, err
}

// CountCommitments counts what a filter chooses.
func (s *Promotions) CountCommitments(ctx context.Context, f CommitmentFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*) from (`+chosenCommitments+`) x`, f.args()...).Scan(&n), "commitments")
	})
	return n, err
}
