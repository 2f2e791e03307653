package promotion

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// today is the day that it is first anywhere, so that nobody is refused the day that it is where they are.
func (s *Promotions) today() time.Time {
	return s.now().UTC().Add(14 * time.Hour).Truncate(24 * time.Hour)
}

// Claim asks for an amount, written in the currency of the call, under an award of the own. It returns ErrNotPaying, ErrAboveAward, ErrAboveReceipts, or problem.ErrInvalid.
func (s *Promotions) Claim(ctx context.Context, c Claim, amount string) (made Claim, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		w, p, err := ownAward(ctx, tx, c.AwardID)
		if err != nil {
			return err
		}
		if !p.Status.paying() || w.Outcome != Awarded {
			return ErrNotPaying
		}
		c.Amount, _ = ParseMoney(amount, w.Currency) // what is none is nothing, which Check refuses
		if err := c.Check(p.Content, s.today()); err != nil {
			return err
		}
		if most := c.most(p.Content); c.Amount > most {
			return ErrAboveReceipts.With("Most", most.In(w.Currency))
		}
		claimed, err := claimedUnder(ctx, tx, w.ID)
		if err != nil {
			return err
		}
		if left := w.Amount - claimed; c.Amount > left {
			return ErrAboveAward.With("Left", left.In(w.Currency))
		}
		papers := c.papers()
		if err := known(ctx, tx, "/receipts", papers); err != nil {
			return err
		}
		id, err := insertClaim(ctx, tx, w, c)
		if err != nil {
			return err
		}
		if err := file(ctx, tx, id, w.Keeper, papers); err != nil {
			return err
		}
		made, err = claimTold(ctx, tx, id, "create", w.Keeper)
		return err
	})
	return made, err
}

// ownAward reads an award to the tenant of ctx, with its programme; claims under it come one after the other.
func ownAward(ctx context.Context, tx pgx.Tx, id uuid.UUID) (w Award, p Programme, err error) {
	if w, err = awardByID(ctx, tx, id); err != nil {
		return w, p, err
	}
	a, err := lockApplication(ctx, tx, w.ApplicationID)
	if err != nil {
		return w, p, err
	}
	if !a.Own {
		return w, p, ErrAwardNotFound
	}
	p, err = programmeByID(ctx, tx, w.ProgrammeID)
	return w, p, err
}

func claimTold(ctx context.Context, tx pgx.Tx, id uuid.UUID, act string, other uuid.UUID) (c Claim, err error) {
	if c, err = claimByID(ctx, tx, id); err != nil {
		return c, err
	}
	return c, exchange.Across(ctx, tx, audit.Event{Action: "promotion-claim." + act, ObjectKind: "promotion-claim", ObjectID: id.String(), OtherParty: other,
		After: map[string]any{"award": c.AwardID, "status": c.Status, "amount": c.Amount.In(c.Currency), "paid": c.Paid.In(c.Currency), "decision": c.Decision}})
}

// decideClaim does something to version of a claim to an own programme; payments of a programme come one after the other.
func (s *Promotions) decideClaim(ctx context.Context, id uuid.UUID, version int, act string, do func(tx pgx.Tx, c Claim) error) (after Claim, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		c, err := claimByID(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := lockProgramme(ctx, tx, c.ProgrammeID)
		if errors.Is(err, ErrNotFound) || err == nil && !p.Own {
			return ErrClaimNotFound
		}
		if err != nil {
			return err
		}
		if c, err = claimByID(ctx, tx, id); err != nil {
			return err
		}
		if c.Version != version {
			return problem.ErrStale
		}
		if !p.Status.paying() {
			return ErrNotPaying
		}
		if err := do(tx, c); err != nil {
			return err
		}
		after, err = claimTold(ctx, tx, id, act, c.Applicant.ID)
		return err
	})
	return after, err
}

// Pay enters an amount, written in the currency of the claim, that was paid for version of it, all of it or a part. It is taken from what the award has of each source, in their
// order. It returns ErrAboveClaim, ErrClaimDecided, or problem.ErrInvalid.
func (s *Promotions) Pay(ctx context.Context, id uuid.UUID, version int, written string, on time.Time, reference string) (Claim, error) {
	return s.decideClaim(ctx, id, version, "pay", func(tx pgx.Tx, c Claim) error {
		amount, _ := ParseMoney(written, c.Currency) // what is none is nothing, which is refused
		wrong := problem.ErrInvalid
		if amount <= 0 {
			wrong = wrong.At("/amount", codeAmount)
		}
		if on.After(s.today()) {
			wrong = wrong.At("/paidOn", codeFuture)
		}
		if err := wrong.Or(); err != nil {
			return err
		}
		if !c.open() {
			return ErrClaimDecided
		}
		if err := notWithdrawn(ctx, tx, c.AwardID); err != nil {
			return err
		}
		if left := c.Amount - c.Paid; amount > left {
			return ErrAboveClaim.With("Left", left.In(c.Currency))
		}
		rest, err := promised(ctx, tx, c.ProgrammeID, c.AwardID)
		if err != nil {
			return err
		}
		parts, ok := draw(rest, amount)
		if !ok {
			return ErrAboveAward.With("Left", left(rest).In(c.Currency))
		}
		if err := insertPayments(ctx, tx, c, parts, on, reference); err != nil {
			return err
		}
		return standClaim(ctx, tx, c.ID, c.stands(c.Paid+amount))
	})
}

// notWithdrawn locks the application of an award and returns ErrNotPaying when it was withdrawn: whoever withdraws it at the same moment
// sees the payment, or the payment the withdrawal.
func notWithdrawn(ctx context.Context, tx pgx.Tx, award uuid.UUID) error {
	w, err := awardByID(ctx, tx, award)
	if err != nil {
		return err
	}
	a, err := lockApplication(ctx, tx, w.ApplicationID)
	if err == nil && a.Stage == Withdrawn {
		return ErrNotPaying
	}
	return err
}

// Refuse refuses what of version of a claim is not paid, and says why.
func (s *Promotions) Refuse(ctx context.Context, id uuid.UUID, version int, reason string) (Claim, error) {
	reason = strings.TrimSpace(reason)
	return s.decideClaim(ctx, id, version, "refuse", func(tx pgx.Tx, c Claim) error {
		if reason == "" {
			return problem.ErrInvalid.At("/reason", codeNeeded)
		}
		if !c.open() {
			return ErrClaimDecided
		}
		return refuseClaim(ctx, tx, c.ID, reason, s.now())
	})
}

// Reverse takes back a payment of version of a claim that was wrong, by a new entry. It returns ErrPaymentNotFound or ErrPaymentReversed.
func (s *Promotions) Reverse(ctx context.Context, id uuid.UUID, version int, payment uuid.UUID, reason string) (Claim, error) {
	reason = strings.TrimSpace(reason)
	return s.decideClaim(ctx, id, version, "reverse", func(tx pgx.Tx, c Claim) error {
		if reason == "" {
			return problem.ErrInvalid.At("/reason", codeNeeded)
		}
		p, err := paymentByID(ctx, tx, payment)
		if err != nil {
			return err
		}
		if p.ClaimID != c.ID {
			return ErrPaymentNotFound
		}
		if p.Reverses != nil || p.Reversed {
			return ErrPaymentReversed
		}
		if err := insertReversal(ctx, tx, c, p, s.today(), reason); err != nil {
			return err
		}
		if c.Status == Refused {
			return standClaim(ctx, tx, c.ID, Refused)
		}
		return standClaim(ctx, tx, c.ID, c.stands(c.Paid-p.Amount))
	})
}

// ReadClaim reads a claim.
func (s *Promotions) ReadClaim(ctx context.Context, id uuid.UUID) (c Claim, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { c, err = claimByID(ctx, tx, id); return err })
	return c, err
}

// Claims lists claims, the newest first, and returns the cursor of the next page.
func (s *Promotions) Claims(ctx context.Context, f ClaimFilter, limit int, cursor string) (all []Claim, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listClaims(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountClaims counts what a filter chooses.
func (s *Promotions) CountClaims(ctx context.Context, f ClaimFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countClaims(ctx, tx, f); return err })
	return n, err
}

// Payments lists payments and reversals, the newest entry first, and returns the cursor of the next page.
func (s *Promotions) Payments(ctx context.Context, f PaymentFilter, limit int, cursor string) (all []Payment, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { all, next, err = listPayments(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// CountPayments counts what a filter chooses.
func (s *Promotions) CountPayments(ctx context.Context, f PaymentFilter) (n int, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error { n, err = countPayments(ctx, tx, f); return err })
	return n, err
}
