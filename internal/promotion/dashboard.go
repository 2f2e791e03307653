package promotion

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// Funnel is how many of what began came to what: from the call to contracts.
type Funnel struct {
	Calls        int
	Applications int // that were handed in, withdrawn ones included
	Applicants   int
	Awarded      int
	Contacts     int
	Inquiries    int
	Samples      int
	Contracts    int
}

// Sum is money in a currency.
type Sum struct {
	Currency Currency
	Amount   Money
}

// Spent is how the money of the calls in a currency stands, and what contracts came of it.
type Spent struct {
	Currency  Currency
	Budget    Money
	Committed Money
	Paid      Money
	Contracts int
}

// PerContract is what was paid for each contract, rounded down; false without one.
func (s Spent) PerContract() (Money, bool) {
	if s.Contracts == 0 {
		return 0, false
	}
	return s.Paid / Money(s.Contracts), true
}

// Market is what came of a country. A call for several countries counts in each, what was exported where it went.
type Market struct {
	Country      string
	Calls        int
	Applications int
	Awarded      int
	Contracts    int
	Exports      []Sum
}

// YearFigures are the figures of a year.
type YearFigures struct {
	Year   int
	Funnel Funnel
}

// Unsupported is who applied and was never awarded anything. Who was, and withdrew, is not one of them.
type Unsupported struct {
	Name         string
	CreditCode   string
	Applications int
	LastOn       time.Time
}

// Dashboard is what came of the own calls of a year. A call is of the year in which its window opens by its own clock.
type Dashboard struct {
	Year       int
	Funnel     Funnel
	Spent      []Spent
	Exports    []Sum
	Markets    []Market
	Years      []YearFigures
	Never      []Unsupported
	NeverCount int
}

// Dashboard reads the figures of a year; 0 is this year by UTC.
func (s *Promotions) Dashboard(ctx context.Context, year int) (d Dashboard, err error) {
	if d.Year = year; year == 0 {
		d.Year = s.now().UTC().Year()
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if err := d.years(ctx, tx); err != nil {
			return err
		}
		if err := d.money(ctx, tx); err != nil {
			return err
		}
		if err := d.markets(ctx, tx); err != nil {
			return err
		}
		return d.unsupported(ctx, tx)
	})
	return d, err
}

// ofYears are the own published calls, with the year of each.
const ofYears = `
	with calls as materialized (select p.id, p.countries, p.content ->> 'currency' as currency, extract(year from p.opens_at at time zone (p.content -> 'window' ->> 'zone'))::integer as year
		from app.promotion_programmes p where p.tenant_id = app.tenant() and p.published_at is not null and p.mirror is null and p.status <> 'cancelled'),
	applied as materialized (select a.programme_id, a.id, a.tenant_id, a.credit_code from app.promotion_applications a where a.keeper = app.tenant() and a.number is not null),
	won as materialized (select w.programme_id, w.application_id from app.promotion_awards w where w.tenant_id = app.tenant() and w.outcome = 'awarded'),
	reported as materialized (select r.programme_id, r.contacts, r.inquiries, r.samples, r.contracts, r.exports from app.promotion_results r where r.keeper = app.tenant())`

func (d *Dashboard) years(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, ofYears+`
		select c.year, c.calls, coalesce(a.applications, 0), coalesce(a.applicants, 0), coalesce(w.awarded, 0), coalesce(r.contacts, 0), coalesce(r.inquiries, 0), coalesce(r.samples, 0), coalesce(r.contracts, 0)
		from (select year, count(*) as calls from calls group by year) c
		left join (select x.year, sum(x.n) as applications, count(*) as applicants
			from (select c.year, count(*) as n from applied a join calls c on c.id = a.programme_id group by c.year, a.tenant_id, a.credit_code) x group by x.year) a using (year)
		left join (select c.year, count(*) as awarded from won w join calls c on c.id = w.programme_id group by c.year) w using (year)
		left join (select c.year, sum(r.contacts) as contacts, sum(r.inquiries) as inquiries, sum(r.samples) as samples, sum(r.contracts) as contracts from reported r join calls c on c.id = r.programme_id group by c.year) r using (year)
		order by c.year desc limit 50`)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (y YearFigures, err error) {
		f := &y.Funnel
		err = row.Scan(&y.Year, &f.Calls, &f.Applications, &f.Applicants, &f.Awarded, &f.Contacts, &f.Inquiries, &f.Samples, &f.Contracts)
		return y, err
	})
	d.Years = all
	if i := slices.IndexFunc(all, func(y YearFigures) bool { return y.Year == d.Year }); i >= 0 {
		d.Funnel = all[i].Funnel
	}
	return postgres.Wrap(err, "figures of promotion")
}

func (d *Dashboard) money(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, ofYears+`
		select c.currency, sum(b.amount)::bigint, sum(b.committed)::bigint, sum(b.paid)::bigint,
			coalesce((select sum(r.contracts) from reported r join calls o on o.id = r.programme_id where o.year = $1 and o.currency = c.currency), 0)::integer
		from calls c join app.promotion_budgets b on b.programme_id = c.id where c.year = $1 group by c.currency order by c.currency`, d.Year)
	var err error
	if d.Spent, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Spent]); err != nil {
		return postgres.Wrap(err, "money of promotion")
	}
	rows, _ = tx.Query(ctx, ofYears+`
		select e ->> 'currency', sum((e ->> 'amount')::bigint)::bigint from reported r join calls c on c.id = r.programme_id cross join lateral jsonb_array_elements(r.exports) e
		where c.year = $1 group by 1 order by 1 limit 200`, d.Year)
	d.Exports, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Sum])
	return postgres.Wrap(err, "exports")
}

func (d *Dashboard) markets(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, ofYears+`,
		each as (select c.id, unnest(c.countries) as country from calls c where c.year = $1)
		select e.country, count(*)::integer, coalesce(sum(a.n), 0)::integer, coalesce(sum(w.n), 0)::integer, coalesce(sum(r.n), 0)::integer
		from each e
		left join (select programme_id, count(*) as n from applied group by programme_id) a on a.programme_id = e.id
		left join (select programme_id, count(*) as n from won group by programme_id) w on w.programme_id = e.id
		left join (select programme_id, sum(contracts) as n from reported group by programme_id) r on r.programme_id = e.id
		group by e.country order by e.country limit 300`, d.Year)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Market, err error) {
		return m, row.Scan(&m.Country, &m.Calls, &m.Applications, &m.Awarded, &m.Contracts)
	})
	if err != nil {
		return postgres.Wrap(err, "markets of promotion")
	}
	rows, _ = tx.Query(ctx, ofYears+`
		select e ->> 'country', e ->> 'currency', sum((e ->> 'amount')::bigint)::bigint from reported r join calls c on c.id = r.programme_id cross join lateral jsonb_array_elements(r.exports) e
		where c.year = $1 group by 1, 2 order by 1, 2 limit 1000`, d.Year)
	var country string
	var sum Sum
	_, err = pgx.ForEachRow(rows, []any{&country, &sum.Currency, &sum.Amount}, func() error {
		i := slices.IndexFunc(all, func(m Market) bool { return m.Country == country })
		if i < 0 { // nobody called for it, and yet goods went there
			all = append(all, Market{Country: country})
			i = len(all) - 1
		}
		all[i].Exports = append(all[i].Exports, sum)
		return nil
	})
	slices.SortFunc(all, func(a, b Market) int { return strings.Compare(a.Country, b.Country) })
	d.Markets = all
	return postgres.Wrap(err, "exports by country")
}

func (d *Dashboard) unsupported(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `
		with one as (select a.tenant_id, a.credit_code, count(*) as n, max(a.submitted_at) as latest
			from app.promotion_applications a
			left join (select w.application_id from app.promotion_awards w where w.tenant_id = app.tenant() and w.outcome = 'awarded'
				union select w.application_id from app.promotion_commitments k join app.promotion_awards w on w.tenant_id = k.tenant_id and w.id = k.award_id where k.tenant_id = app.tenant()) w on w.application_id = a.id
			where a.keeper = app.tenant() and a.number is not null group by a.tenant_id, a.credit_code having count(w.application_id) = 0)
		select (select a.content ->> 'name' from app.promotion_applications a where a.keeper = app.tenant() and a.tenant_id = o.tenant_id and a.credit_code = o.credit_code and a.number is not null order by a.submitted_at desc, a.id desc limit 1),
			o.credit_code, o.n, o.latest, o.total
		from (select *, count(*) over () as total from one order by n desc, latest desc, tenant_id, credit_code limit 100) o order by o.n desc, o.latest desc, o.tenant_id, o.credit_code`)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u Unsupported, err error) {
		return u, row.Scan(&u.Name, &u.CreditCode, &u.Applications, &u.LastOn, &d.NeverCount)
	})
	d.Never = all
	return postgres.Wrap(err, "who was never supported")
}
