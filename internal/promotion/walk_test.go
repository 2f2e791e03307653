package promotion_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func TestASecondLateAtTheBorderOfDaylightSaving(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	ctx := dbtest.Tenant(t, tenancy.Trader)
	late, err := h.own.Apply(ctx, h.call.ID, form(100_00))
	h.must(err)
	h.set(after.Add(-1))
	h.applied(100_00) // within the closing second
	h.set(after)
	_, err = h.own.Submit(ctx, late.ID, late.Version)
	h.wantErr(err, promotion.ErrWindowOver)
	_, err = h.own.Apply(ctx, h.call.ID, form(100_00))
	h.wantErr(err, promotion.ErrWindowOver)
}

func TestACallIsFrozenOnceItIsOpen(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	c := content()
	c.Criteria[0].Weight = 5
	_, err := h.own.Update(h.ctx, h.call.ID, h.call.Version, c)
	h.wantErr(err, promotion.ErrFrozen)
	// The database refuses it, too, whoever asks.
	err = dbtest.DB(t).Tx(h.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.ctx, `update app.promotion_programmes set content = jsonb_set(content, '{rules,ceiling}', '1') where id = $1`, h.call.ID)
		return err
	})
	if err == nil {
		t.Error("a published call was changed")
	}
	alone, err := h.own.Create(h.ctx, content())
	h.must(err)
	_, err = h.own.Do(h.ctx, alone.ID, alone.Version, promotion.Review, "")
	h.wantErr(err, promotion.ErrOwnReview)
}

func TestAnApplicationIsTheApplicantsUntilItIsSubmitted(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	ctx, neighbour := dbtest.Tenant(t, tenancy.Trader), dbtest.Tenant(t, tenancy.Trader)
	f := form(100_00)
	a, err := h.own.Apply(ctx, h.call.ID, f)
	h.must(err)
	for _, other := range []context.Context{h.ctx, neighbour} {
		_, _, err := h.own.Application(other, a.ID)
		h.wantErr(err, promotion.ErrApplicationNotFound)
	}
	_, err = h.own.Apply(ctx, h.call.ID, f)
	h.wantErr(err, promotion.ErrSecond)
	a, err = h.own.Submit(ctx, a.ID, a.Version)
	h.must(err)
	seen, history, err := h.own.Application(h.ctx, a.ID)
	h.must(err)
	if seen.Number == "" || seen.Reckoned.Support != 50_00 || len(history) != 2 {
		t.Errorf("got number %q, support %d, %d events", seen.Number, seen.Reckoned.Support, len(history))
	}
	_, _, err = h.own.Application(neighbour, a.ID)
	h.wantErr(err, promotion.ErrApplicationNotFound)
	// The keeper gives it back, and cannot write in it.
	back, err := h.own.Return(h.ctx, a.ID, a.Version, []string{"补充展位合同"}, h.at.Add(time.Hour))
	h.must(err)
	_, err = h.own.Fill(h.ctx, a.ID, back.Version, f)
	h.wantErr(err, promotion.ErrApplicationNotFound)
	err = dbtest.DB(t).Tx(h.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.ctx, `update app.promotion_applications set content = '{}', status = 'returned' where id = $1`, a.ID)
		return err
	})
	if n := h.count(`select count(*) from app.promotion_applications where id = $1 and content = '{}'`, a.ID); n != 0 {
		t.Errorf("the keeper wrote what the applicant says: %v", err)
	}
	h.set(h.at.Add(time.Hour + time.Second))
	_, err = h.own.Submit(ctx, a.ID, back.Version)
	h.wantErr(err, promotion.ErrCompletionOver)
}

func TestWhoDeclaredAConflictDoesNotScore(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	one, two, outsider := h.somebody(), h.somebody(), h.somebody()
	h.committee(one, two)
	a := h.applied(100_00)
	h.must(h.score(one, a, 90))
	h.must(h.score(two, a, 50))
	h.wantErr(h.score(outsider, a, 90), promotion.ErrNotMember)
	_, err := h.own.Give(one, promotion.Score{ApplicationID: a.ID, Stand: promotion.Conflict, Note: "a relative"})
	h.must(err)
	h.wantErr(h.score(one, a, 100), promotion.ErrConflict)
	s, _ := tenancy.From(one)
	for name, ctx := range map[string]context.Context{"who has a conflict": one, "another in that name": two} {
		err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update app.promotion_scores set points = '{"market": 100, "plan": 100}' where application_id = $1 and person_id = $2`, a.ID, s.Actor)
			if err == nil {
				var n int
				if err = tx.QueryRow(ctx, `select count(*) from app.promotion_scores where points ->> 'market' = '100'`).Scan(&n); err == nil && n > 0 {
					t.Errorf("%s scored", name)
				}
			}
			return err
		})
		if name == "who has a conflict" && err == nil {
			t.Error("the database took the score of who has a conflict")
		}
	}
	_, ranked, err := h.own.Ranking(h.ctx, h.call.ID)
	h.must(err)
	if len(ranked) != 1 || ranked[0].Mean.FloatString(0) != "50" || ranked[0].Conflicts != 1 {
		t.Errorf("got %+v, want 50 by the other member alone", ranked)
	}
	h.committee(one, two, outsider)
	_, _, err = h.own.Appoint(h.ctx, h.call.ID, h.version(), []uuid.UUID{})
	h.wantErr(err, promotion.ErrSeated)
}

// Sixteen decide at once, and there is money for ten, in two sources.
func TestTheBudgetIsNeverOvercommitted(t *testing.T) {
	t.Parallel()
	c := content()
	c.Places = 100
	h := open(t, c)
	var all []applicant
	for range 16 {
		all = append(all, h.applied(200_00))
	}
	h.set(after)
	h.do(promotion.Close)
	var group sync.WaitGroup
	errs := make([]error, len(all))
	for i, a := range all {
		group.Go(func() {
			_, errs[i] = h.own.Award(h.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Awarded, Reason: "r"}, "100.00")
		})
	}
	group.Wait()
	var promised int
	for _, err := range errs {
		switch {
		case err == nil:
			promised++
		case !errors.Is(err, promotion.ErrBudget):
			t.Errorf("got %v", err)
		}
	}
	_, in, err := h.own.Programme(h.ctx, h.call.ID)
	h.must(err)
	want := []promotion.Fund{{Source: "county", Amount: 600_00, Committed: 600_00}, {Source: "region", Amount: 400_00, Committed: 400_00}}
	if promised != 10 || !slices.Equal(in.Funds, want) {
		t.Errorf("%d promises, and %+v", promised, in.Funds)
	}
	// Past the verbs the database itself refuses another fen.
	err = dbtest.DB(t).Tx(h.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(h.ctx, `insert into app.promotion_commitments (programme_id, award_id, source, amount) select programme_id, id, 'county', 1 from app.promotion_awards where programme_id = $1 limit 1`, h.call.ID)
		return err
	})
	if err == nil {
		t.Error("the database promised more than there is")
	}
}

func TestFromTheCallToTheSettledResult(t *testing.T) {
	t.Parallel()
	h := open(t, content())
	one, two := h.somebody(), h.somebody()
	h.committee(one, two)
	first, second, third := h.applied(1200_00), h.applied(800_00), h.applied(600_00)
	for i, a := range []applicant{first, second, third} {
		h.must(h.score(one, a, 90-10*i))
	}
	_, err := h.own.Give(two, promotion.Score{ApplicationID: first.ID, Stand: promotion.Abstained, Note: "absent"})
	h.must(err)
	_, err = h.own.Award(h.ctx, promotion.Decision{ApplicationID: first.ID, Outcome: promotion.Awarded, Reason: "r"}, "600.00")
	h.wantErr(err, promotion.ErrTooEarly)
	h.set(after)
	h.do(promotion.Close)
	decide := func(a applicant, o promotion.Outcome, amount string) promotion.Award {
		t.Helper()
		w, err := h.own.Award(h.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: o, Reason: "r"}, amount)
		h.must(err)
		return w
	}
	_, err = h.own.Award(h.ctx, promotion.Decision{ApplicationID: first.ID, Outcome: promotion.Awarded, Reason: "r"}, "600.01")
	h.wantErr(err, promotion.ErrAboveRules)
	w := decide(first, promotion.Awarded, "600.00")
	decide(second, promotion.Waiting, "400.00")
	_, err = h.own.Do(h.ctx, h.call.ID, h.call.Version, promotion.Decide, "")
	h.wantErr(err, promotion.ErrUndecided)
	own := decide(third, promotion.Awarded, "300.00")
	if w.Position != 1 || own.Position != 3 {
		t.Errorf("places %d and %d, want 1 and 3", w.Position, own.Position)
	}
	_, err = h.own.ReadAward(third.ctx, own.ID)
	h.wantErr(err, promotion.ErrAwardNotFound) // not published yet
	h.do(promotion.Decide)
	if seen, err := h.own.ReadAward(third.ctx, own.ID); err != nil || seen.Amount != 300_00 {
		t.Errorf("the applicant sees %+v, %v", seen, err)
	}
	_, err = h.own.ReadAward(first.ctx, own.ID)
	h.wantErr(err, promotion.ErrAwardNotFound)
	h.objects(second)

	// The winner withdraws; who waits moves up, and the money with it.
	_, err = h.own.Withdraw(first.ctx, first.ID, first.Version, "busy")
	h.must(err)
	h.must(h.own.Tend(h.ctx))
	moved, err := h.own.Advance(h.ctx, h.call.ID)
	if err != nil || len(moved) != 0 {
		t.Errorf("done again it changed %+v, %v", moved, err)
	}
	up, _, err := h.own.Awards(h.ctx, promotion.AwardFilter{Programme: &h.call.ID, Outcome: promotion.Awarded}, 10, "")
	if err != nil || len(up) != 2 {
		t.Fatalf("%d awards, %v", len(up), err)
	}
	h.funds("county 400 of 600, region 300 of 400")
	h.do(promotion.Run)
	h.claims(second, third, own)
}

// objects files an objection within the period, once, and has it dismissed.
func (h *town) objects(a applicant) {
	h.t.Helper()
	all, _, err := h.own.Awards(a.ctx, promotion.AwardFilter{}, 10, "")
	if err != nil || len(all) != 1 {
		h.t.Fatalf("%d decisions, %v", len(all), err)
	}
	o, err := h.own.Object(a.ctx, all[0].ID, "why")
	h.must(err)
	_, err = h.own.Object(a.ctx, all[0].ID, "why")
	h.wantErr(err, promotion.ErrObjectionTwice)
	_, err = h.own.Answer(a.ctx, o.ID, o.Version, promotion.Upheld, "because")
	h.wantErr(err, promotion.ErrObjectionNotFound)
	_, err = h.own.Answer(h.ctx, o.ID, o.Version, promotion.Dismissed, "because")
	h.must(err)
	_, err = h.own.Award(h.ctx, promotion.Decision{ApplicationID: a.ID, Outcome: promotion.Awarded, Reason: "r"}, "1.00")
	h.wantErr(err, promotion.ErrTooEarly)
}

// claims asks for money, is paid in parts, has one reversed and the rest refused, and the programme is settled.
func (h *town) claims(second, third applicant, w promotion.Award) {
	h.t.Helper()
	on := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
	c := promotion.Claim{AwardID: w.ID, Receipts: []promotion.Receipt{receipt("1", 500_00)}}
	_, err := h.own.Claim(third.ctx, c, "250.01")
	h.wantErr(err, promotion.ErrAboveReceipts)
	_, err = h.own.Claim(second.ctx, c, "1.00")
	h.wantErr(err, promotion.ErrAwardNotFound)
	c, err = h.own.Claim(third.ctx, c, "250.00")
	h.must(err)
	_, err = h.own.Claim(third.ctx, promotion.Claim{AwardID: w.ID, Receipts: []promotion.Receipt{receipt("2", 500_00)}}, "50.01")
	h.wantErr(err, promotion.ErrAboveAward)
	_, err = h.own.Pay(third.ctx, c.ID, c.Version, "1.00", on, "")
	h.wantErr(err, promotion.ErrClaimNotFound)
	c, err = h.own.Pay(h.ctx, c.ID, c.Version, "100.00", on, "B-1")
	h.must(err)
	if c.Status != promotion.PartPaid || c.Paid != 100_00 {
		h.t.Errorf("%s, paid %d", c.Status, c.Paid)
	}
	_, err = h.own.Pay(h.ctx, c.ID, c.Version, "150.01", on, "")
	h.wantErr(err, promotion.ErrAboveClaim)
	_, err = h.own.Pay(h.ctx, c.ID, c.Version-1, "1.00", on, "")
	h.wantErr(err, problem.ErrStale)
	paid, _, err := h.own.Payments(third.ctx, promotion.PaymentFilter{}, 10, "")
	if err != nil || len(paid) != 1 {
		h.t.Fatalf("the applicant sees %d payments, %v", len(paid), err)
	}
	c, err = h.own.Reverse(h.ctx, c.ID, c.Version, paid[0].ID, "wrong account")
	h.must(err)
	_, err = h.own.Reverse(h.ctx, c.ID, c.Version, paid[0].ID, "again")
	h.wantErr(err, promotion.ErrPaymentReversed)
	c, err = h.own.Pay(h.ctx, c.ID, c.Version, "120.00", on, "B-2")
	h.must(err)
	_, err = h.own.Withdraw(third.ctx, third.ID, third.Version, "late")
	h.wantErr(err, promotion.ErrPaidOut)
	_, err = h.own.Do(h.ctx, h.call.ID, h.version(), promotion.Settle, "")
	h.wantErr(err, promotion.ErrOpenClaims)
	c, err = h.own.Refuse(h.ctx, c.ID, c.Version, "no invoice")
	h.must(err)
	_, err = h.own.Report(third.ctx, promotion.Result{AwardID: w.ID, HappenedOn: on, Contracts: 1, Exports: []promotion.Export{{HSCode: "120600", Country: "AE", Amount: 1000_00, Currency: "USD"}}}, promotion.Attached{})
	h.must(err)
	h.do(promotion.Settle)
	h.funds("county 0 of 600, region 120 of 400")
	_, err = h.own.Withdraw(second.ctx, second.ID, second.Version, "late")
	h.wantErr(err, promotion.ErrSettled)
	if reports, _, err := h.own.Results(h.ctx, promotion.ResultFilter{Programme: &h.call.ID}, 10, ""); err != nil || len(reports) != 1 {
		h.t.Errorf("%d reports, %v", len(reports), err)
	}
}
