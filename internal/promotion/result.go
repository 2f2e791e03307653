package promotion

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrResultNotFound is returned for a report that is not there.
var ErrResultNotFound = problem.New(problem.NotFound, "promotion-result.not-found")

// Export is goods that were sold abroad, by HS code and country.
type Export struct {
	HSCode   string   `json:"hsCode"`
	Country  string   `json:"country"`
	Amount   Money    `json:"amount"`
	Currency Currency `json:"currency"`
}

// Result is what an applicant reports after an event. What comes of it later is another report.
type Result struct {
	ID           uuid.UUID
	Version      int
	ProgrammeID  uuid.UUID
	AwardID      uuid.UUID
	Number       string // of the application
	Name         string
	HappenedOn   time.Time
	Contacts     int
	Inquiries    int
	Samples      int
	Contracts    int
	Exports      []Export
	Note         string
	RecordedName string
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Check collects what is wrong with a report by itself.
func (r Result) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if r.HappenedOn.After(today) {
		wrong = wrong.At("/happenedOn", codeFuture)
	}
	for i, e := range r.Exports {
		at := fmt.Sprintf("/exports/%d", i)
		if e.Amount <= 0 {
			wrong = wrong.At(at+"/amount", codeAmount)
		}
		if _, ok := ParseCurrency(string(e.Currency)); !ok {
			wrong = wrong.At(at+"/currency", codeCurrency)
		}
		if slices.ContainsFunc(r.Exports[:i], func(o Export) bool { return o.HSCode == e.HSCode && o.Country == e.Country && o.Currency == e.Currency }) {
			wrong = wrong.At(at+"/hsCode", codeTwice)
		}
	}
	return wrong.Or()
}

// Report records what came of an own award. It returns ErrNotPaying for what was not awarded, or problem.ErrInvalid.
func (s *Promotions) Report(ctx context.Context, r Result) (made Result, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		w, _, err := ownAward(ctx, tx, r.AwardID)
		if err != nil {
			return err
		}
		if w.Outcome != Awarded {
			return ErrNotPaying
		}
		if err := r.Check(s.today()); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		var id uuid.UUID
		err = tx.QueryRow(ctx, `
			insert into app.promotion_results (keeper, programme_id, award_id, happened_on, contacts, inquiries, samples, contracts, exports, note, recorded_name)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
			w.Keeper, w.ProgrammeID, w.ID, r.HappenedOn, r.Contacts, r.Inquiries, r.Samples, r.Contracts, r.Exports, r.Note, scope.ActorName).Scan(&id)
		if err != nil {
			return postgres.Wrap(err, "report under award %s", w.ID)
		}
		if made, err = resultByID(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "promotion-result.report", ObjectKind: "promotion-result", ObjectID: id.String(), OtherParty: w.Keeper, After: made})
	})
	return made, err
}

const resultSQL = `
	select r.id, r.version, r.programme_id, r.award_id, a.number, a.content ->> 'name', r.happened_on, r.contacts, r.inquiries, r.samples, r.contracts, r.exports, r.note, r.recorded_name, r.created_at, r.updated_at
	from app.promotion_results r join app.promotion_awards w on w.tenant_id = r.keeper and w.id = r.award_id join app.promotion_applications a on a.tenant_id = r.tenant_id and a.id = w.application_id`

func resultByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Result, error) {
	rows, _ := tx.Query(ctx, resultSQL+` where r.id = $1`, id)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Result])
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrResultNotFound
	}
	return r, postgres.Wrap(err, "report %s", id)
}

// ReadResult reads a report.
func (s *Promotions) ReadResult(ctx context.Context, id uuid.UUID) (r Result, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { r, err = resultByID(ctx, tx, id); return err })
	return r, err
}

// ResultFilter chooses reports; empty fields choose all.
type ResultFilter struct {
	Programme, Award *uuid.UUID
	Country          string // to which something was exported
}

const chosenResults = resultSQL + `
	where ($1::uuid is null or r.programme_id = $1) and ($2::uuid is null or r.award_id = $2) and ($3 = '' or r.exports @> jsonb_build_array(jsonb_build_object('country', $3::text)))`

// Results lists reports, the newest first, and returns the cursor of the next page.
func (s *Promotions) Results(ctx context.Context, f ResultFilter, limit int, cursor string) (all []Result, next string, err error) {
	after := uuid.Max
	if err := postgres.DecodeCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, chosenResults+` and r.id < $4 order by r.id desc limit $5`, f.Programme, f.Award, f.Country, after, limit+1)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Result])
		return postgres.Wrap(err, "reports")
	})
	if len(all) > limit {
		all = all[:limit]
		next = postgres.EncodeCursor(all[limit-1].ID)
	}
	return all, next, err
}

// CountResults counts what a filter chooses.
func (s *Promotions) CountResults(ctx context.Context, f ResultFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*) from (`+chosenResults+`) x`, f.Programme, f.Award, f.Country).Scan(&n), "reports")
	})
	return n, err
}
