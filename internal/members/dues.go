package members

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of dues.
var (
	ErrInvoiceNotFound = problem.New(problem.NotFound, "dues-invoice.not-found")
	// ErrInvoiceCancelled is returned for a payment of what nobody asks for any more, and for a second cancellation.
	ErrInvoiceCancelled = problem.New(problem.Conflict, "dues-invoice.cancelled")
	// ErrInvoicePaid is returned for the cancellation of an invoice for which money came: the payments are reversed first.
	ErrInvoicePaid = problem.New(problem.Conflict, "dues-invoice.paid")
	// ErrTooMuch is returned for a payment of more than is open; its value Open is what is.
	ErrTooMuch         = problem.New(problem.Conflict, "dues-invoice.too-much")
	ErrPaymentNotFound = problem.New(problem.NotFound, "dues-payment.not-found")
	// ErrReversed is returned for a reversal of what was reversed already, or is a reversal itself.
	ErrReversed = problem.New(problem.Conflict, "dues-payment.reversed")
	// ErrNoTariff is returned when dues of a year are asked for of which nobody said what is paid.
	ErrNoTariff = problem.New(problem.Conflict, "dues-year.no-tariff")

	codeDueOn    = problem.Field("dues.due-on")
	codeCategory = problem.Field("dues.category")
	codeMember   = problem.Field("dues.member")
	codePaidOn   = problem.Field("dues.paid-on")
	codeTitle    = problem.Field("dues.title")
)

// DuesYear is what members pay in a year, by category, and until when (会费标准). Who is in no category that it names pays nothing.
type DuesYear struct {
	Year      int
	Version   int // 0: nobody said yet
	DueOn     *time.Time
	Amounts   map[Category]Money
	UpdatedAt *time.Time
	UpdatedBy string
}

// Check collects what is wrong with a tariff by itself. The last day to pay is in the year or soon after it, else it is a slip.
func (y DuesYear) Check() error {
	wrong := problem.ErrInvalid
	if y.DueOn == nil || y.DueOn.Year() < y.Year || y.DueOn.Year() > y.Year+1 {
		wrong = wrong.At("/dueOn", codeDueOn)
	}
	for _, c := range Categories {
		if y.Amounts[c] < 0 {
			wrong = wrong.At("/amounts", codeAmount)
		}
	}
	return wrong.Or()
}

// InvoiceKind is how an invoice came to be.
type InvoiceKind string

// The kinds: the dues of a year, asked of all to whom they apply, and what one member is asked for.
const (
	Annual InvoiceKind = "annual"
	Single InvoiceKind = "single"
)

// InvoiceState is how an invoice stands on a day. It follows from the payments and the day and is never kept.
type InvoiceState string

// The states.
const (
	InvoiceDue       InvoiceState = "due"
	InvoiceOverdue   InvoiceState = "overdue"
	InvoicePaid      InvoiceState = "paid"
	InvoiceCancelled InvoiceState = "cancelled"
)

// Invoice is what a member is asked to pay (会费通知单).
type Invoice struct {
	ID           uuid.UUID
	Version      int
	MemberID     ID
	MemberName   string // of today; empty once it was erased
	MemberNumber string
	Number       string
	Year         int
	Kind         InvoiceKind
	Category     Category // when it was asked
	Title        string
	Amount, Paid Money
	IssuedOn     time.Time
	DueOn        time.Time
	State        InvoiceState
	RemindedAt   *time.Time // the member was told by mail
	Reminder     string     // what became of the last mail; empty: there was none
	CancelledAt  *time.Time
	CancelReason string
	CreatedAt    time.Time
	CreatedBy    string
}

// Open is what is still asked for.
func (i Invoice) Open() Money {
	if i.CancelledAt != nil {
		return 0
	}
	return i.Amount - i.Paid
}

// takes tells whether an invoice takes a payment, or why not.
func (i Invoice) takes(m Money) error {
	if i.CancelledAt != nil {
		return ErrInvoiceCancelled
	}
	if m > i.Open() {
		return ErrTooMuch.With("Open", i.Open().String())
	}
	return nil
}

// endable tells whether an invoice can be cancelled, or why not.
func (i Invoice) endable() error {
	if i.CancelledAt != nil {
		return ErrInvoiceCancelled
	}
	if i.Paid != 0 {
		return ErrInvoicePaid
	}
	return nil
}

// Method is how somebody paid.
type Method string

// Payment is money that came, or the reversal of an entry that was wrong.
type Payment struct {
	ID            uuid.UUID
	InvoiceID     uuid.UUID
	InvoiceNumber string
	MemberID      ID
	MemberName    string
	Amount        Money // negative: a reversal
	PaidOn        time.Time
	Method        Method
	Reference     string
	Reverses      *uuid.UUID
	Reversed      bool
	Reason        string // of a reversal
	RecordedAt    time.Time
	RecordedBy    string
}

// Check collects what is wrong with a payment by itself.
func (p Payment) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if p.Amount <= 0 {
		wrong = wrong.At("/amount", codeAmount)
	}
	if p.PaidOn.After(today) {
		wrong = wrong.At("/paidOn", codePaidOn)
	}
	return wrong.Or()
}

// Check collects what is wrong with a single invoice by itself.
func (i Invoice) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if i.Amount <= 0 {
		wrong = wrong.At("/amount", codeAmount)
	}
	if i.DueOn.Before(today) {
		wrong = wrong.At("/dueOn", codeDueOn)
	}
	if strings.TrimSpace(i.Title) == "" {
		wrong = wrong.At("/title", codeTitle)
	}
	return wrong.Or()
}

// Standing is how a member stands with its dues on a day: nothing is open, something is, or its last day is over.
type Standing string

// The standings.
const (
	GoodStanding    Standing = "good"
	DueStanding     Standing = "due"
	OverdueStanding Standing = "overdue"
)

// Debt is what a member owes on a day.
type Debt struct {
	Standing Standing
	Open     Money
	Since    *time.Time // the earliest last day of what is open
}

// debt tells a standing from what is open.
func debt(open Money, first *time.Time, today time.Time) Debt {
	d := Debt{Standing: GoodStanding, Open: open, Since: first}
	switch {
	case first == nil:
	case first.Before(today):
		d.Standing = OverdueStanding
	default:
		d.Standing = DueStanding
	}
	return d
}

// Asked is a category of a year: to whom its dues apply, and what is asked or would be.
type Asked struct {
	Category Category
	Members  int
	Each     Money
	Amount   Money
}

// DuesSum is what became of the dues of a year: all its invoices but the cancelled ones.
type DuesSum struct {
	Invoices              int
	Amount, Paid, Overdue Money
}
