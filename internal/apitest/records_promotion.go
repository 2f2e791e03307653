package apitest

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// call is a call whose window is open for an hour.
func call(title string, now time.Time) promotion.Content {
	const clock = "2006-01-02T15:04:05"
	return promotion.Content{Kind: "fair", Titles: map[string]string{"en": title}, Countries: []string{"XB"}, Window: promotion.Window{Opens: now.Add(-time.Hour).UTC().Format(clock), Closes: now.Add(time.Hour).UTC().Format(clock), Zone: "UTC"}, Places: 3,
		Currency: "CNY", Budgets: []promotion.Budget{{Source: "county", Amount: 100_000_00}}, Rules: promotion.Rules{ShareBP: 5000, Ceiling: 50_000_00, Eligible: []promotion.CostKind{"booth"}},
		Criteria: []promotion.Criterion{{Code: "market", Names: map[string]string{"en": "Market"}, Weight: 1}}, Documents: []promotion.Required{}, ObjectionDays: 7}
}

func filled(text string) promotion.Form {
	return promotion.Form{Name: text, CreditCode: uuid.NewString(), Contact: text, Email: "somebody@example.org", Plan: text, Costs: []promotion.Cost{{Kind: "booth", Text: text, Amount: 1000_00, Currency: "CNY"}}}
}

// seated is a person of the tenant, with what it does in its own name.
type seated struct {
	ctx context.Context
	id  uuid.UUID
}

func (s seated) String() string { return s.id.String() }

// someone is a person of the tenant of its own: who drafts what another reviews, who scores.
func (b *builder) someone() seated {
	b.t.Helper()
	s, err := tenancy.From(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	p, err := b.house.Identity.CreatePerson(b.ctx, identity.Person{Email: uuid.NewString() + "@" + s.Slug + ".example", Name: b.canary, Roles: []string{}, Units: []string{}}, password)
	if err != nil {
		b.t.Fatal(err)
	}
	s.Actor = uuid.MustParse(p.ID)
	return seated{tenancy.In(b.ctx, s), s.Actor}
}

// promotion makes a call that nobody else sees; one that is open to everybody, whose words are nobody's secret; and one that was, with an
// application of the tenant's own that goes all the way. Its clock is its own.
func (b *builder) promotion() {
	b.t.Helper()
	now := time.Now()
	own := promotion.New(b.house.DB, b.house.Reach, func() time.Time { return now })
	secret, err := own.Create(b.ctx, call(b.canary, now))
	b.keep("promotion-programmes", secret.ID, err)
	b.made["programmeId"] = secret.ID.String()
	f, err := own.AddPlatform(b.ctx, promotion.Platform{Level: "municipal", Names: map[string]string{"en": b.canary}}, "")
	b.keep("promotion-platforms", f.ID, err)
	open := b.openedCall(own, now)
	b.made["an open call"], b.made["its member"] = open.ID.String(), b.seat(own, open).String()
	p := b.openedCall(own, now)
	member := b.seat(own, p)
	a := b.applied(own, p)
	b.made["promotion-applications"], b.made["applicationId"] = a.ID.String(), a.ID.String()
	if _, err := own.Give(member.ctx, promotion.Score{ApplicationID: a.ID, Stand: promotion.Scored, Points: promotion.Ballot{"market": 80}, Note: b.canary}); err != nil {
		b.t.Fatal(err)
	}
	now = now.Add(2 * time.Hour)
	b.do(own, p, promotion.Close)
	w, err := own.Award(b.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Awarded, Reason: b.canary}, "500.00")
	b.keep("promotion-awards", w.ID, err)
	b.made["awardId"] = w.ID.String()
	b.do(own, p, promotion.Decide, promotion.Run)
	o, err := own.Object(b.ctx, w.ID, b.canary)
	b.keep("promotion-objections", o.ID, err)
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	c, err := own.Claim(b.ctx, promotion.Claim{AwardID: w.ID, Note: b.canary, Receipts: []promotion.Receipt{{Cost: promotion.Cost{Kind: "booth", Text: b.canary, Amount: 1000_00, Currency: "CNY"}, Number: "1", IssuedOn: day, DocumentID: new(uuid.MustParse(b.made["documents"]))}}}, "200.00")
	b.keep("promotion-claims", c.ID, err)
	b.made["claimId"] = c.ID.String()
	if _, err := own.Pay(b.ctx, c.ID, c.Version, "10.00", day, b.canary); err != nil {
		b.t.Fatal(err)
	}
	r, err := own.Report(b.ctx, promotion.Result{AwardID: w.ID, HappenedOn: day, Contacts: 1, Exports: []promotion.Export{{HSCode: "120600", Country: "XB", Amount: 1, Currency: "CNY"}}, Note: b.canary, FollowUpOn: &day, FollowUpWhat: b.canary}, promotion.Attached{Documents: []uuid.UUID{uuid.MustParse(b.made["documents"])}})
	b.keep("promotion-results", r.ID, err)
	b.made["followsId"] = r.ID.String()
}

// opened is a call that one person wrote and another reviewed.
func (b *builder) openedCall(own *promotion.Promotions, now time.Time) promotion.Programme {
	b.t.Helper()
	c := call("Fair", now)
	c.Topics = []string{"Seeds"}
	p, err := own.Create(b.someone().ctx, c)
	for _, act := range []promotion.Act{promotion.Review, promotion.OpenIt} {
		if err == nil {
			p, err = own.Do(b.ctx, p.ID, p.Version, act, "")
		}
	}
	b.keep("a call", p.ID, err)
	return p
}

// seat appoints somebody to a committee.
func (b *builder) seat(own *promotion.Promotions, p promotion.Programme) seated {
	b.t.Helper()
	m := b.someone()
	if _, _, err := own.Appoint(b.ctx, p.ID, p.Version, []uuid.UUID{m.id}); err != nil {
		b.t.Fatal(err)
	}
	return m
}

func (b *builder) applied(own *promotion.Promotions, p promotion.Programme) promotion.Application {
	b.t.Helper()
	f := filled(b.canary)
	f.Papers = []promotion.Paper{{DocumentID: uuid.MustParse(b.made["documents"])}}
	a, err := own.Apply(b.ctx, p.ID, f)
	if err == nil {
		a, err = own.Submit(b.ctx, a.ID, a.Version)
	}
	b.keep("an application", a.ID, err)
	return a
}

// do does acts on a programme one after the other.
func (b *builder) do(own *promotion.Promotions, p promotion.Programme, acts ...promotion.Act) {
	b.t.Helper()
	for _, act := range acts {
		now, _, err := own.Programme(b.ctx, p.ID)
		if err == nil {
			_, err = own.Do(b.ctx, p.ID, now.Version, act, "")
		}
		if err != nil {
			b.t.Fatalf("%s: %v", act, err)
		}
	}
}
