package promotion_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// town is a county with a call, over the real verbs and a clock of its own.
type town struct {
	t    testing.TB
	own  *promotion.Promotions
	ctx  context.Context // the county, as who reviews and decides
	mu   sync.Mutex
	at   time.Time
	call promotion.Programme
}

var begin = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func content() promotion.Content {
	return promotion.Content{Kind: "fair", Titles: map[string]string{"zh-Hans": "迪拜食品展", "en": "Food fair"}, Countries: []string{"AE"}, Window: promotion.Window{Opens: "2026-03-01T08:00:00", Closes: "2026-03-29T01:59:59", Zone: "Europe/Berlin"}, Places: 2,
		Currency: "CNY", Budgets: []promotion.Budget{{Source: "region", Amount: 400_00}, {Source: "county", Amount: 600_00}}, Rules: promotion.Rules{ShareBP: 5000, Ceiling: 600_00, Eligible: []promotion.CostKind{"booth"}},
		Criteria: []promotion.Criterion{{Code: "market", Names: map[string]string{"en": "Market"}, Weight: 2}, {Code: "plan", Names: map[string]string{"en": "Plan"}, Weight: 1}}, Documents: []promotion.Required{}, ObjectionDays: 7}
}

// open is a town whose call is open.
func open(t testing.TB, c promotion.Content) *town {
	t.Helper()
	h := &town{t: t, ctx: dbtest.Tenant(t, tenancy.County), at: begin}
	keys, err := exchange.NewKeys([32]byte{1})
	h.must(err)
	h.own = promotion.New(dbtest.DB(t), exchange.NewContacts(dbtest.DB(t), keys), func() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at })
	p, err := h.own.Create(h.somebody(), c)
	h.must(err)
	h.call = p
	h.do(promotion.Review, promotion.OpenIt)
	return h
}

func (h *town) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// wantErr wants one problem and no other.
func (h *town) wantErr(got error, want *problem.Error) {
	h.t.Helper()
	if !errors.Is(got, want) {
		h.t.Errorf("got %v, want %s", got, want.Code)
	}
}

func (h *town) do(acts ...promotion.Act) {
	h.t.Helper()
	for _, act := range acts {
		now, _, err := h.own.Programme(h.ctx, h.call.ID)
		h.must(err)
		if h.call, err = h.own.Do(h.ctx, h.call.ID, now.Version, act, "r"); err != nil {
			h.t.Fatalf("%s: %v", act, err)
		}
	}
}

func (h *town) set(at time.Time) { h.mu.Lock(); h.at = at; h.mu.Unlock() }

// somebody is another person of the county.
func (h *town) somebody() context.Context {
	h.t.Helper()
	s, err := tenancy.From(h.ctx)
	h.must(err)
	err = dbtest.DB(h.t).Tx(h.ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(h.ctx, `insert into app.people (email, name) values ($1, 'M') returning id`, uuid.NewString()+"@x.example").Scan(&s.Actor)
	})
	h.must(err)
	return tenancy.In(h.ctx, s)
}

func (h *town) committee(members ...context.Context) {
	h.t.Helper()
	var ids []uuid.UUID
	for _, m := range members {
		s, _ := tenancy.From(m)
		ids = append(ids, s.Actor)
	}
	now, _, err := h.own.Programme(h.ctx, h.call.ID)
	h.must(err)
	_, _, err = h.own.Appoint(h.ctx, h.call.ID, now.Version, ids)
	h.must(err)
}

func form(costs promotion.Money) promotion.Form {
	return promotion.Form{Name: "演示贸易", CreditCode: uuid.NewString(), Contact: "演示", Email: "a@b.example", Plan: "p", Costs: []promotion.Cost{{Kind: "booth", Text: "展位", Amount: costs, Currency: "CNY"}}}
}

// applicant is a trader with an application that is handed in.
type applicant struct {
	ctx context.Context
	promotion.Application
}

func (h *town) applied(costs promotion.Money) applicant {
	h.t.Helper()
	ctx := dbtest.Tenant(h.t, tenancy.Trader)
	a, err := h.own.Apply(ctx, h.call.ID, form(costs))
	h.must(err)
	a, err = h.own.Submit(ctx, a.ID, a.Version)
	h.must(err)
	return applicant{ctx, a}
}

func (h *town) score(member context.Context, a applicant, points int) error {
	_, err := h.own.Give(member, promotion.Score{ApplicationID: a.ID, Stand: promotion.Scored, Points: promotion.Ballot{"market": points, "plan": points}})
	return err
}

var after = time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC) // a second after the last one, when clocks in Berlin are set forward

func (h *town) count(sql string, args ...any) (n int) {
	h.t.Helper()
	h.must(dbtest.DB(h.t).Read(h.ctx, func(tx pgx.Tx) error { return tx.QueryRow(h.ctx, sql, args...).Scan(&n) }))
	return n
}

func (h *town) version() int {
	p, _, err := h.own.Programme(h.ctx, h.call.ID)
	h.must(err)
	return p.Version
}

func receipt(number string, amount promotion.Money) promotion.Receipt {
	return promotion.Receipt{Cost: promotion.Cost{Kind: "booth", Text: "展位", Amount: amount, Currency: "CNY"}, Number: number, IssuedOn: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)}
}

// funds wants how much of each source is promised.
func (h *town) funds(want string) {
	h.t.Helper()
	_, in, err := h.own.Programme(h.ctx, h.call.ID)
	h.must(err)
	var got string
	for i, f := range in.Funds {
		if i > 0 {
			got += ", "
		}
		got += fmt.Sprintf("%s %d of %d", f.Source, f.Committed/100, f.Amount/100)
	}
	if got != want {
		h.t.Errorf("promised: %s, want %s", got, want)
	}
}
