package promotion

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of claims and payments.
var (
	ErrClaimNotFound   = problem.New(problem.NotFound, "promotion-claim.not-found")
	ErrPaymentNotFound = problem.New(problem.NotFound, "promotion-payment.not-found")
	// ErrAboveAward is returned for claiming or paying more than is promised and not claimed; its value Left is what is.
	ErrAboveAward = postgres.Constraint("promotion_awards_paid_check", problem.New(problem.Conflict, "promotion-claim.above-award"))
	_             = postgres.Constraint("promotion_budgets_paid_check", ErrAboveAward)
	// ErrAboveReceipts is returned for claiming more than the rules make of the receipts; its value Most is what they do.
	ErrAboveReceipts = problem.New(problem.Conflict, "promotion-claim.above-receipts")
	// ErrAboveClaim is returned for paying more than a claim still asks for; its value Left is what it does.
	ErrAboveClaim   = problem.New(problem.Conflict, "promotion-claim.above-claim")
	ErrClaimDecided = problem.New(problem.Conflict, "promotion-claim.decided")
	// ErrNotPaying is returned when a programme pays nothing, yet or any more.
	ErrNotPaying       = problem.New(problem.Conflict, "promotion-claim.not-now")
	ErrPaymentReversed = postgres.Constraint("promotion_payments_reverses_key", problem.New(problem.Conflict, "promotion-payment.reversed"))
)

// ClaimStatus is how a claim stands.
type ClaimStatus string

// The statuses of a claim.
const (
	Claimed  ClaimStatus = "submitted"
	PartPaid ClaimStatus = "part-paid"
	PaidOff  ClaimStatus = "paid"
	Refused  ClaimStatus = "refused" // what of it is not paid
)

// Receipt is what was spent, and the paper that says so.
type Receipt struct {
	Cost
	Number     string     `json:"number"`
	IssuedOn   time.Time  `json:"issuedOn"`
	DocumentID *uuid.UUID `json:"documentId,omitempty"`
}

// Claim asks for money under an award.
type Claim struct {
	ID          uuid.UUID
	Version     int
	Applicant   exchange.Publisher
	Keeper      uuid.UUID
	ProgrammeID uuid.UUID
	AwardID     uuid.UUID
	Number      string // of the application
	Name        string
	Status      ClaimStatus
	Amount      Money
	Paid        Money
	Currency    Currency
	Receipts    []Receipt
	Note        string
	Decision    string // why it was refused
	DecidedName string
	DecidedAt   *time.Time
	CreatedName string
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// open tells whether a claim waits for money.
func (c Claim) open() bool { return c.Status == Claimed || c.Status == PartPaid }

// stands is the status of a claim that is not refused when an amount is paid.
func (c Claim) stands(paid Money) ClaimStatus {
	switch {
	case paid == 0:
		return Claimed
	case paid < c.Amount:
		return PartPaid
	default:
		return PaidOff
	}
}

// papers are the documents of its receipts, in their places; the zero id stands for none.
func (c Claim) papers() []Paper {
	all := make([]Paper, len(c.Receipts))
	for i, r := range c.Receipts {
		if r.DocumentID != nil {
			all[i].DocumentID = *r.DocumentID
		}
	}
	return all
}

// Check collects what is wrong with a claim for a call by itself.
func (c Claim) Check(call Content, today time.Time) error {
	wrong := problem.ErrInvalid
	if c.Amount <= 0 {
		wrong = wrong.At("/amount", codeAmount)
	}
	for i, r := range c.Receipts {
		at := fmt.Sprintf("/receipts/%d", i)
		wrong = r.check(wrong, at, call.Currency, today)
		if strings.TrimSpace(r.Number) == "" {
			wrong = wrong.At(at+"/number", codeNeeded)
		}
		if r.IssuedOn.After(today) {
			wrong = wrong.At(at+"/issuedOn", codeFuture)
		}
		if slices.ContainsFunc(c.Receipts[:i], func(o Receipt) bool { return o.Number == r.Number && o.IssuedOn.Equal(r.IssuedOn) }) {
			wrong = wrong.At(at+"/number", codeTwice)
		}
	}
	return wrong.Or()
}

// most is what the rules of a call make of the receipts: the share of what is eligible, rounded down. The ceiling is in the award.
func (c Claim) most(call Content) Money {
	sum := new(big.Rat)
	for _, r := range c.Receipts {
		if worth := r.worth(call.Currency); worth != nil && slices.Contains(call.Rules.Eligible, r.Kind) {
			sum.Add(sum, worth)
		}
	}
	return floor(sum.Mul(sum, big.NewRat(int64(call.Rules.ShareBP), 10_000)))
}

// Payment is money that was paid for a claim, or the reversal of an entry that was wrong.
type Payment struct {
	ID           uuid.UUID
	ProgrammeID  uuid.UUID
	AwardID      uuid.UUID
	ClaimID      uuid.UUID
	Number       string // of the application
	Name         string
	Source       Source
	Amount       Money // below zero: a reversal
	Currency     Currency
	PaidOn       time.Time
	Reference    string
	Reverses     *uuid.UUID
	Reversed     bool
	Reason       string
	RecordedName string
	RecordedAt   time.Time
}
