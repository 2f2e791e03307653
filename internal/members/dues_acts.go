package members

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// DuesConfig is what Dues need.
type DuesConfig struct {
	*Members
	Jobs   *jobs.Jobs
	Mail   *mail.Server // nil: nobody is reminded
	Bundle *locale.Bundle
}

// Dues are the verbs of what members pay.
type Dues struct{ DuesConfig }

// NewDues returns the verbs and registers the worker that reminds.
func NewDues(c DuesConfig) *Dues {
	s := &Dues{c}
	jobs.Add(c.Jobs, s.send)
	return s
}

// YearShown is a year of dues with whom it would be asked of now, and what became of it.
type YearShown struct {
	DuesYear
	Pending []Asked
	Sum     DuesSum
}

func (s *Dues) yearShown(ctx context.Context, tx pgx.Tx, year int) (y YearShown, err error) {
	if y.DuesYear, err = duesYear(ctx, tx, year); err != nil {
		return y, err
	}
	if y.Pending, err = pending(ctx, tx, y.DuesYear); err != nil {
		return y, err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return y, err
	}
	y.Sum, err = duesSum(ctx, tx, year, today)
	return y, err
}

// Year reads a year of dues.
func (s *Dues) Year(ctx context.Context, year int) (y YearShown, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { y, err = s.yearShown(ctx, tx, year); return err })
	return y, err
}

// UpdateYear replaces version of what is paid in a year; what was asked before stays as it was asked. It returns problem.ErrStale, or
// problem.ErrInvalid with each wrong field.
func (s *Dues) UpdateYear(ctx context.Context, y DuesYear) (after YearShown, err error) {
	if err := y.Check(); err != nil {
		return after, err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := duesYear(ctx, tx, y.Year)
		if err != nil {
			return err
		}
		if before.Version != y.Version {
			return problem.ErrStale
		}
		if err := saveDuesYear(ctx, tx, y); err != nil {
			return err
		}
		if after, err = s.yearShown(ctx, tx, y.Year); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "dues-year.update", ObjectKind: "dues-year", ObjectID: fmt.Sprint(y.Year), Before: before, After: after.DuesYear})
	})
	return after, err
}

// Raise asks everybody to whom the dues of a year apply and who was not asked for them. Done again, it asks those who came meanwhile, and
// nobody twice. It returns ErrNoTariff, or problem.ErrStale when the tariff is not the one that was read.
func (s *Dues) Raise(ctx context.Context, year, version int) (asked []Asked, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := takeNumbers(ctx, tx, year, 0) // one at a time
		if err != nil {
			return err
		}
		y, err := duesYear(ctx, tx, year)
		if err != nil {
			return err
		}
		if y.Version == 0 {
			return ErrNoTariff
		}
		if y.Version != version {
			return problem.ErrStale
		}
		if asked, err = pending(ctx, tx, y); err != nil {
			return err
		}
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		made, err := ask(ctx, tx, y, before, today, scope.ActorName)
		if err != nil || made == 0 {
			return err
		}
		if _, err := takeNumbers(ctx, tx, year, int(made)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "dues-year.raise", ObjectKind: "dues-year", ObjectID: fmt.Sprint(year), After: map[string]any{"invoices": made, "asked": asked}})
	})
	return asked, err
}

// readToday reads what depends on the day that it is for the tenant.
func (s *Dues) readToday(ctx context.Context, read func(tx pgx.Tx, today time.Time) error) error {
	return s.DB.Read(ctx, func(tx pgx.Tx) error {
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		return read(tx, today)
	})
}

// Invoices lists invoices, and returns the cursor of the next page.
func (s *Dues) Invoices(ctx context.Context, f InvoiceFilter, limit int, cursor string) (found []Invoice, next string, err error) {
	err = s.readToday(ctx, func(tx pgx.Tx, today time.Time) error {
		found, next, err = listInvoices(ctx, tx, f, today, limit, cursor)
		return err
	})
	return found, next, err
}

// CountInvoices counts what a filter chooses.
func (s *Dues) CountInvoices(ctx context.Context, f InvoiceFilter) (n int, err error) {
	err = s.readToday(ctx, func(tx pgx.Tx, today time.Time) error {
		n, err = countInvoices(ctx, tx, f, today)
		return err
	})
	return n, err
}

// Invoice reads an invoice.
func (s *Dues) Invoice(ctx context.Context, id uuid.UUID) (i Invoice, err error) {
	err = s.readToday(ctx, func(tx pgx.Tx, today time.Time) error {
		i, err = invoiceByID(ctx, tx, id, today)
		return err
	})
	return i, err
}

// Payments lists payments and reversals, the newest entry first.
func (s *Dues) Payments(ctx context.Context, f PaymentFilter, limit int, cursor string) (found []Payment, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { found, next, err = listPayments(ctx, tx, f, limit, cursor); return err })
	return found, next, err
}

// CountPayments counts what a filter chooses.
func (s *Dues) CountPayments(ctx context.Context, f PaymentFilter) (n int, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { n, err = countPayments(ctx, tx, f); return err })
	return n, err
}

// Debts are what some members owe today.
func (s *Dues) Debts(ctx context.Context, ids []ID) (all map[ID]Debt, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		all, err = debts(ctx, tx, ids, today)
		return err
	})
	return all, err
}

// Ask asks one member for something. It returns problem.ErrInvalid with each wrong field.
func (s *Dues) Ask(ctx context.Context, i Invoice) (made Invoice, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		m, err := s.byID(ctx, tx, i.MemberID)
		if errors.Is(err, ErrNotFound) {
			err = problem.ErrInvalid.At("/memberId", codeMember)
		}
		if err != nil {
			return err
		}
		if err := i.Check(today); err != nil {
			return err
		}
		if m.ErasedAt != nil {
			return ErrErased
		}
		before, err := takeNumbers(ctx, tx, today.Year(), 1)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		i.ID, i.Year, i.Kind, i.Category, i.IssuedOn, i.CreatedBy = uuid.Must(uuid.NewV7()), today.Year(), Single, m.Category, today, scope.ActorName
		i.Number = fmt.Sprintf("%d-%06d", i.Year, before+1)
		if err := insertInvoice(ctx, tx, i); err != nil {
			return err
		}
		made, err = s.told(ctx, tx, "create", i.ID, today, nil)
		return err
	})
	return made, err
}

// told reads an invoice after an act and tells the trail.
func (s *Dues) told(ctx context.Context, tx pgx.Tx, act string, id uuid.UUID, today time.Time, more map[string]any) (i Invoice, err error) {
	if i, err = invoiceByID(ctx, tx, id, today); err != nil {
		return i, err
	}
	after := map[string]any{"number": i.Number, "member": i.MemberID, "amount": i.Amount.String(), "open": i.Open().String()}
	for k, v := range more {
		after[k] = v
	}
	return i, audit.Record(ctx, tx, audit.Event{Action: "dues-invoice." + act, ObjectKind: "dues-invoice", ObjectID: id.String(), After: after})
}

// change does something to version of an invoice that nobody else changes meanwhile.
func (s *Dues) change(ctx context.Context, id uuid.UUID, version int, act string, more map[string]any, do func(tx pgx.Tx, i Invoice, today time.Time, by string) error) (after Invoice, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		before, err := lockInvoice(ctx, tx, id, version, today)
		if err != nil {
			return err
		}
		if err := do(tx, before, today, scope.ActorName); err != nil {
			return err
		}
		after, err = s.told(ctx, tx, act, id, today, more)
		return err
	})
	return after, err
}

// Pay enters money that came for version of an invoice, all of it or a part. It returns ErrTooMuch, ErrInvoiceCancelled, or
// problem.ErrInvalid with each wrong field.
func (s *Dues) Pay(ctx context.Context, id uuid.UUID, version int, p Payment) (Invoice, error) {
	return s.change(ctx, id, version, "pay", map[string]any{"paid": p.Amount.String(), "method": p.Method}, func(tx pgx.Tx, i Invoice, today time.Time, by string) error {
		if err := p.Check(today); err != nil {
			return err
		}
		if err := i.takes(p.Amount); err != nil {
			return err
		}
		p.ID, p.InvoiceID, p.RecordedBy = uuid.Must(uuid.NewV7()), id, by
		return insertPayment(ctx, tx, p)
	})
}

// Reverse takes back an entry that was wrong, by a new one. It returns ErrReversed, or ErrPaymentNotFound.
func (s *Dues) Reverse(ctx context.Context, id uuid.UUID, version int, payment uuid.UUID, reason string) (Invoice, error) {
	return s.change(ctx, id, version, "reverse", map[string]any{"payment": payment, "reason": reason}, func(tx pgx.Tx, _ Invoice, today time.Time, by string) error {
		p, err := paymentByID(ctx, tx, payment)
		if err != nil {
			return err
		}
		if p.InvoiceID != id {
			return ErrPaymentNotFound
		}
		if p.Reversed || p.Reverses != nil {
			return ErrReversed
		}
		return insertPayment(ctx, tx, Payment{ID: uuid.Must(uuid.NewV7()), InvoiceID: id, Amount: -p.Amount, PaidOn: today, Method: p.Method, Reference: p.Reference, Reverses: &p.ID, Reason: reason, RecordedBy: by})
	})
}

// Cancel says that version of an invoice is not asked for any more. It returns ErrInvoicePaid, or ErrInvoiceCancelled.
func (s *Dues) Cancel(ctx context.Context, id uuid.UUID, version int, reason string) (Invoice, error) {
	return s.change(ctx, id, version, "cancel", map[string]any{"reason": reason}, func(tx pgx.Tx, i Invoice, _ time.Time, by string) error {
		if err := i.endable(); err != nil {
			return err
		}
		return cancelInvoice(ctx, tx, id, s.Now(), by, reason)
	})
}
