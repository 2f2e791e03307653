package marks

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var codeRuleSource = problem.Field("mark-rule.source")

// Rule is what a tenant asks of the users of its marks (用标规则): periods, a target and a yield of a law or a plan, which it names. What it does
// not ask is not asked: laws differ, and none of them is assumed.
type Rule struct {
	Version       int // 0: nobody wrote one
	TargetPercent *int
	UnusedMonths  *int
	ReportMonths  *int
	YieldKgMu     string // the most that grows on a mu, a decimal number of kilograms; empty: nothing is said
	ContentG      *int64 // grams in a package with a mark on it
	Weights       Weights
	Clocks        Clocks // working days for complaints
	Source        string
	UpdatedAt     *time.Time
	UpdatedBy     string
}

// Check returns problem.ErrInvalid for a rule that does not say where it comes from, or a yield that is no number.
func (r Rule) Check() error {
	wrong := problem.ErrInvalid
	if strings.TrimSpace(r.Source) == "" {
		wrong = wrong.At("/source", codeRuleSource)
	}
	if r.YieldKgMu != "" {
		if kg, ok := (Measure{r.YieldKgMu, "kg"}).in(kilograms); !ok || kg.Sign() == 0 {
			wrong = wrong.At("/yieldKgPerMu", codeLotQuantity)
		}
	}
	return wrong.Or()
}

// Unused is the first day on which a use that nothing happened in since a day is unused; false when the rule does not say.
func (r Rule) Unused(since time.Time) (time.Time, bool) { return after(since, r.UnusedMonths) }

// ReportDue is the last day of the next report after a day; false when the rule asks for none.
func (r Rule) ReportDue(since time.Time) (time.Time, bool) { return after(since, r.ReportMonths) }

// after adds months to a day; the 31st of a month becomes the last day of a shorter one, so that no period is longer than it says.
func after(since time.Time, months *int) (time.Time, bool) {
	if months == nil {
		return since, false
	}
	first := time.Date(since.Year(), since.Month()+time.Month(*months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(since.Day(), last)-1), true
}

func rule(ctx context.Context, tx pgx.Tx) (r Rule, err error) {
	rows, _ := tx.Query(ctx, `select version, target_percent, unused_months, report_months, coalesce(trim_scale(yield_kg_mu)::text, ''), content_g, risk_weights, complaint_days, source, updated_at, updated_by from app.mark_rules`)
	r, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Rule])
	if errors.Is(err, pgx.ErrNoRows) {
		return Rule{}, nil
	}
	return r, postgres.Wrap(err, "mark rule")
}

// Rule reads what the tenant asks.
func (s *Authorisations) Rule(ctx context.Context) (r Rule, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { r, err = rule(ctx, tx); return err })
	return r, err
}

// UpdateRule replaces version of the rule, 0 while there is none.
func (s *Authorisations) UpdateRule(ctx context.Context, r Rule) (kept Rule, err error) {
	if err := r.Check(); err != nil {
		return kept, err
	}
	if r.Weights == nil {
		r.Weights = Weights{}
	}
	if r.Clocks == nil {
		r.Clocks = Clocks{}
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		before, err := rule(ctx, tx)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `
			insert into app.mark_rules (target_percent, unused_months, report_months, source, updated_by, yield_kg_mu, content_g, risk_weights, complaint_days) select $2, $3, $4, $5, $6, nullif($7, '')::text::numeric, $8, $9, $10 where $1 = 0 or exists (select from app.mark_rules)
			on conflict (tenant_id) do update set version = mark_rules.version + 1, target_percent = excluded.target_percent, unused_months = excluded.unused_months,
				report_months = excluded.report_months, source = excluded.source, updated_at = now(), updated_by = excluded.updated_by, yield_kg_mu = excluded.yield_kg_mu, content_g = excluded.content_g, risk_weights = excluded.risk_weights, complaint_days = excluded.complaint_days where mark_rules.version = $1`,
			r.Version, r.TargetPercent, r.UnusedMonths, r.ReportMonths, strings.TrimSpace(r.Source), scope.ActorName, r.YieldKgMu, r.ContentG, r.Weights, r.Clocks)
		if err != nil {
			return postgres.Wrap(err, "mark rule")
		}
		if done.RowsAffected() == 0 {
			return problem.ErrStale
		}
		if kept, err = rule(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "mark-rule.update", ObjectKind: "mark-rule", Before: before, After: kept})
	})
	return kept, err
}
