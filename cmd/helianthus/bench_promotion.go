package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// benchTraders is how many tenants apply to the call that is measured; each applies for many producers, as an association does.
const benchTraders = 500

// benchPromotion measures a call to which very many apply: its lists, its ranking with three who score, and what came of it in figures.
func benchPromotion(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, benchTraders+1)
	if err != nil {
		return err
	}
	ctx = asOfficer(tenants[0])
	p, err := r.openCall(ctx)
	if err != nil {
		return err
	}
	r.figure("promotion_applications", "%d", r.applied)
	if err := r.applyAll(ctx, p.ID); err != nil {
		return err
	}
	lists := []promotion.ApplicationFilter{{}, {Programme: &p.ID}, {Stage: promotion.Submitted}, {Programme: &p.ID, Blind: true}}
	if err := r.promotionLists(ctx, "promotion_list_p95_ms", lists); err != nil {
		return err
	}
	last := r.applied - 1
	if err := r.promotionLists(ctx, "promotion_search_p95_ms", []promotion.ApplicationFilter{{Words: "2026-N7"}, {Words: fmt.Sprint("演示·企业", last)}, {Programme: &p.ID, Words: fmt.Sprint("2026-N", last)}}); err != nil {
		return err
	}
	return r.promotionWhole(ctx, p.ID)
}

// openCall is a call that is open, as two people make it.
func (r *benchRun) openCall(ctx context.Context) (promotion.Programme, error) {
	now := time.Now().UTC()
	const clock = "2006-01-02T15:04:05"
	p, err := r.house.Promotion.Create(asOfficer(ctx), promotion.Content{Kind: "fair", Titles: map[string]string{"zh-Hans": "食品展"}, Countries: []string{"DE", "AE"}, Places: 100_000, Currency: "CNY",
		Window:  promotion.Window{Opens: now.Add(-time.Hour).Format(clock), Closes: now.Add(24 * time.Hour).Format(clock), Zone: "UTC"},
		Budgets: []promotion.Budget{{Source: "county", Amount: 100_000_000_00}}, Rules: promotion.Rules{ShareBP: 5000, Ceiling: 50_000_00, Eligible: []promotion.CostKind{"booth"}},
		Criteria: []promotion.Criterion{{Code: "market", Names: map[string]string{"zh-Hans": "市场"}, Weight: 3}, {Code: "plan", Names: map[string]string{"zh-Hans": "方案"}, Weight: 2}}, Documents: []promotion.Required{}, ObjectionDays: 7})
	for _, act := range []promotion.Act{promotion.Review, promotion.OpenIt} {
		if err != nil {
			return p, err
		}
		p, err = r.house.Promotion.Do(ctx, p.ID, p.Version, act, "")
	}
	return p, err
}

// What is written of each application, past the verbs: the form, three scores, and of one in five an award and a report.
const (
	appliedTable    = `create temporary table applied as select n, uuidv7() as id, uuidv7() as award, (select array_agg(id order by slug) from app.tenants where slug like 'bench-%' and id <> $1) as tenants from generate_series(0, $3::integer - 1) n where $2::uuid is not null`
	judgesTable     = `create temporary table judges as select uuidv7() as id, j from generate_series(1, 3) j where $1::uuid is not null and $2::uuid is not null and $3::integer >= 0`
	judgesRows      = `insert into app.people (tenant_id, id, email, name) select $1, id, 'judge' || j || '@bench.example', 'J' || j from judges where $2::uuid is not null and $3::integer >= 0`
	committeeRows   = `insert into app.promotion_committee (tenant_id, programme_id, person_id) select $1, $2, id from judges where $3::integer >= 0`
	applicationRows = `insert into app.promotion_applications (tenant_id, id, keeper, programme_id, status, content, credit_code, number, submitted_at, eligible, support)
		select tenants[1 + n % cardinality(tenants)], id, $1, $2, 'submitted', jsonb_build_object('name', '演示·企业' || n, 'creditCode', 'C' || n, 'contact', '演示', 'email', 'a@b.example', 'phone', '', 'language', 'zh-Hans', 'plan', repeat('参展计划', 100), 'team', '[]'::jsonb, 'papers', '[]'::jsonb,
			'costs', '[{"kind": "booth", "text": "展位", "amount": 1000000, "currency": "CNY"}]'::jsonb), 'C' || n, '2026-N' || n, now() - make_interval(secs => n), 1000000, 500000
		from applied where $3::integer >= 0`
	scoreRows  = `insert into app.promotion_scores (tenant_id, programme_id, application_id, person_id, points) select $1, $2, a.id, j.id, jsonb_build_object('market', (a.n * 7 + j.j * 13) % 101, 'plan', (a.n * 11 + j.j * 17) % 101) from applied a, judges j where $3::integer >= 0`
	awardRows  = `insert into app.promotion_awards (tenant_id, id, programme_id, applicant, application_id, outcome, position, amount, reason, published_at) select $1, award, $2, tenants[1 + n % cardinality(tenants)], id, 'awarded', n + 1, 100000, 'r', now() from applied where n % 5 = 0 and $3::integer >= 0`
	resultRows = `insert into app.promotion_results (tenant_id, keeper, programme_id, award_id, happened_on, contacts, inquiries, samples, contracts, exports)
		select tenants[1 + n % cardinality(tenants)], $1, $2, award, current_date, 10, 5, 2, 1, '[{"hsCode": "120600", "country": "DE", "amount": 100000, "currency": "EUR"}, {"hsCode": "120600", "country": "AE", "amount": 100000, "currency": "USD"}]' from applied where n % 5 = 0 and $3::integer >= 0`
)

// applyAll writes the applications to a call and what was given to them, as the superuser, whom the policies do not hold.
func (r *benchRun) applyAll(ctx context.Context, programme uuid.UUID) error {
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	return r.asSuperuser(ctx, func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, appliedTable, s.Tenant, programme, r.applied)
		if err == nil {
			_, err = c.Exec(ctx, judgesTable, s.Tenant, programme, r.applied)
		}
		if err == nil {
			_, err = c.Exec(ctx, judgesRows, s.Tenant, programme, r.applied)
		}
		if err == nil {
			_, err = c.Exec(ctx, committeeRows, s.Tenant, programme, r.applied)
		}
		if err == nil {
			_, err = c.Exec(ctx, applicationRows, s.Tenant, programme, r.applied)
		}
		if err == nil {
			_, err = c.Exec(ctx, scoreRows, s.Tenant, programme, r.applied)
		}
		if err == nil {
			_, err = c.Exec(ctx, awardRows, s.Tenant, programme, r.applied)
		}
		if err == nil {
			_, err = c.Exec(ctx, resultRows, s.Tenant, programme, r.applied)
		}
		if err != nil {
			return fmt.Errorf("applications: %w", err)
		}
		_, err = c.Exec(ctx, `vacuum analyze app.promotion_applications, app.promotion_scores, app.promotion_awards, app.promotion_results, app.promotion_programmes, app.promotion_budgets`)
		return err
	})
}

// promotionLists reads pages of lists, the first and the one after it.
func (r *benchRun) promotionLists(ctx context.Context, figure string, filters []promotion.ApplicationFilter) error {
	var took []time.Duration
	for n := range 200 {
		f, asked := filters[n%len(filters)], time.Now()
		found, next, err := r.house.Promotion.Applications(ctx, f, 25, "")
		if err == nil && next != "" && n%2 == 0 {
			_, _, err = r.house.Promotion.Applications(ctx, f, 25, next)
		}
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fmt.Errorf("nothing found for %+v", f)
		}
		took = append(took, time.Since(asked))
	}
	r.figure(figure, "%.2f", milliseconds(quantile(took[20:], 0.95)))
	return nil
}

// promotionWhole measures what reads all applications: the ranking and the figures, each the slowest of five.
func (r *benchRun) promotionWhole(ctx context.Context, programme uuid.UUID) error {
	var ranking, figures time.Duration
	for range 5 {
		asked := time.Now()
		_, all, err := r.house.Promotion.Ranking(ctx, programme)
		if err != nil {
			return err
		}
		if len(all) != r.applied {
			return fmt.Errorf("%d of %d are ranked", len(all), r.applied)
		}
		ranking, asked = max(ranking, time.Since(asked)), time.Now()
		d, err := r.house.Promotion.Dashboard(ctx, 0)
		if err != nil {
			return err
		}
		if d.Funnel.Applications != r.applied {
			return fmt.Errorf("%d of %d are counted", d.Funnel.Applications, r.applied)
		}
		figures = max(figures, time.Since(asked))
	}
	r.figure("promotion_ranking_ms", "%.0f", milliseconds(ranking))
	r.figure("promotion_dashboard_ms", "%.0f", milliseconds(figures))
	return nil
}
