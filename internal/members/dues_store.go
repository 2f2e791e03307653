package members

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func duesYear(ctx context.Context, tx pgx.Tx, year int) (DuesYear, error) {
	y := DuesYear{Year: year, Amounts: map[Category]Money{}}
	err := tx.QueryRow(ctx, `select version, due_on, amounts, updated_at, updated_by from app.dues_years where year = $1 and version > 0`, year).
		Scan(&y.Version, &y.DueOn, &y.Amounts, &y.UpdatedAt, &y.UpdatedBy)
	if errors.Is(err, pgx.ErrNoRows) {
		return y, nil
	}
	return y, postgres.Wrap(err, "dues of %d", year)
}

// saveDuesYear replaces version of a tariff, 0 while there is none. It returns problem.ErrStale when that is not the newest.
func saveDuesYear(ctx context.Context, tx pgx.Tx, y DuesYear) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	done, err := tx.Exec(ctx, `
		insert into app.dues_years as y (year, due_on, amounts, updated_by) select $2, $3, $4, $5 where $1 = 0 or exists (select from app.dues_years where year = $2)
		on conflict (tenant_id, year) do update set version = y.version + 1, due_on = excluded.due_on, amounts = excluded.amounts, updated_at = now(), updated_by = excluded.updated_by
		where y.version = $1`, y.Version, y.Year, y.DueOn, y.Amounts, scope.ActorName)
	if err == nil && done.RowsAffected() == 0 {
		return problem.ErrStale
	}
	return postgres.Wrap(err, "dues of %d", y.Year)
}

// takeNumbers takes the next numbers of a year's invoices and returns the one before the first; it holds back whoever else takes some until
// the transaction ends.
func takeNumbers(ctx context.Context, tx pgx.Tx, year, count int) (before int, err error) {
	err = tx.QueryRow(ctx, `insert into app.dues_years as y (year, version, numbered) values ($1, 0, $2)
		on conflict (tenant_id, year) do update set numbered = y.numbered + $2 returning numbered - $2`, year, count).Scan(&before)
	return before, postgres.Wrap(err, "numbers of %d", year)
}

// toAsk are the members to whom the dues of a year apply and who were not asked for them: they belong to the association, came before the
// year was over, and their category pays.
const toAsk = ` from app.members m join jsonb_each_text($1::jsonb) a on a.key = m.category and a.value::bigint > 0
	where m.status in ('admitted', 'suspended') and m.admitted_on <= make_date($2, 12, 31)
	and not exists (select from app.dues_invoices i where i.member_id = m.id and i.year = $2 and i.kind = 'annual')`

func pending(ctx context.Context, tx pgx.Tx, y DuesYear) ([]Asked, error) {
	rows, _ := tx.Query(ctx, `select m.category, count(*)::integer, min(a.value::bigint), sum(a.value::bigint)::bigint`+toAsk+` group by m.category order by m.category`, y.Amounts, y.Year)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Asked])
	return all, postgres.Wrap(err, "dues to ask of %d", y.Year)
}

// ask writes an invoice for each member to whom the dues of a year apply.
func ask(ctx context.Context, tx pgx.Tx, y DuesYear, before int, today time.Time, by string) (int64, error) {
	done, err := tx.Exec(ctx, `
		insert into app.dues_invoices (member_id, number, year, kind, category, amount, issued_on, due_on, created_by)
		select m.id, $2::integer || '-' || lpad(($3 + row_number() over (order by coalesce(m.number, '') collate "C", m.id))::text, 6, '0'), $2, 'annual', m.category, a.value::bigint, $4, $5, $6`+toAsk,
		y.Amounts, y.Year, before, today, y.DueOn, by)
	return done.RowsAffected(), postgres.Wrap(err, "invoices of %d", y.Year)
}

func duesSum(ctx context.Context, tx pgx.Tx, year int, today time.Time) (s DuesSum, err error) {
	err = tx.QueryRow(ctx, `
		select count(*)::integer, coalesce(sum(i.amount), 0)::bigint, coalesce(sum(p.paid), 0)::bigint, coalesce(sum(i.amount - p.paid) filter (where i.due_on < $2), 0)::bigint
		from app.dues_invoices i cross join lateral (select coalesce(sum(amount), 0)::bigint as paid from app.dues_payments where invoice_id = i.id) p
		where i.year = $1 and i.cancelled_at is null`, year, today).Scan(&s.Invoices, &s.Amount, &s.Paid, &s.Overdue)
	return s, postgres.Wrap(err, "sum of %d", year)
}

// InvoiceFilter chooses invoices; empty fields choose all.
type InvoiceFilter struct {
	Words  string
	Member *ID
	Year   int
	State  InvoiceState
	// Reminder is what became of the last reminder: no-address finds whom somebody has to call.
	Reminder string
	Sort     InvoiceSort
}

// InvoiceSort is the order of a list of invoices.
type InvoiceSort string

// The orders.
const (
	NewestInvoice InvoiceSort = "-number"
	SoonestDue    InvoiceSort = "dueOn"
)

// invoices are all invoices as they stand on the day $1.
const invoices = `
	select i.id, i.version, i.member_id, m.name, coalesce(m.number, ''), i.number, i.year, i.kind, i.category, i.title, i.amount, p.paid, i.issued_on, i.due_on,
		case when i.cancelled_at is not null then 'cancelled' when p.paid >= i.amount then 'paid' when i.due_on < $1 then 'overdue' else 'due' end as state,
		(select max(r.tried_at) from app.dues_reminders r where r.invoice_id = i.id and r.status = 'sent'), coalesce((select r.status from app.dues_reminders r where r.invoice_id = i.id order by r.id desc limit 1), ''), i.cancelled_at, i.cancel_reason, i.created_at, i.created_by
	from app.dues_invoices i join app.members m on m.id = i.member_id
	cross join lateral (select coalesce(sum(amount), 0)::bigint as paid from app.dues_payments where invoice_id = i.id) p`

// chosenInvoices is the condition of a filter: words are looked for in the member's name, or are the beginning of a number.
const chosenInvoices = `
	where ($2 = '' or strpos(m.name_key, $3) > 0 and $3 <> '' or starts_with(i.number, $2) or starts_with(lower(m.number), lower($2)))
	and ($4::uuid is null or i.member_id = $4) and ($5 = 0 or i.year = $5)
	and ($6 = '' or $6 = case when i.cancelled_at is not null then 'cancelled' when p.paid >= i.amount then 'paid' when i.due_on < $1 then 'overdue' else 'due' end)
	and ($7 = '' or $7 = (select r.status from app.dues_reminders r where r.invoice_id = i.id order by r.id desc limit 1))`

func (f InvoiceFilter) arguments(today time.Time) []any {
	return []any{today, f.Words, registry.NameKey(f.Words), f.Member, f.Year, f.State, f.Reminder}
}

// A cursor of one order has no place in another.
type invoiceCursor struct {
	Sort   InvoiceSort
	DueOn  time.Time
	Number string
}

func listInvoices(ctx context.Context, tx pgx.Tx, f InvoiceFilter, today time.Time, limit int, cursor string) ([]Invoice, string, error) {
	cur := invoiceCursor{f.Sort, time.Time{}, ""}
	if f.Sort != SoonestDue {
		cur.Number = "~" // behind every number
	}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	if cur.Sort != f.Sort {
		return nil, "", problem.ErrInvalid.At("?cursor", postgres.CodeCursor)
	}
	var rows pgx.Rows
	if f.Sort == SoonestDue {
		rows, _ = tx.Query(ctx, invoices+chosenInvoices+` and (i.due_on, i.number collate "C") > ($8, $9) order by i.due_on, i.number collate "C" limit $10`, append(f.arguments(today), cur.DueOn, cur.Number, limit+1)...)
	} else {
		rows, _ = tx.Query(ctx, invoices+chosenInvoices+` and i.number collate "C" < $8 order by i.number collate "C" desc limit $9`, append(f.arguments(today), cur.Number, limit+1)...)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Invoice])
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "invoices")
	}
	last := all[limit-1]
	return all[:limit], postgres.EncodeCursor(invoiceCursor{f.Sort, last.DueOn, last.Number}), nil
}

func countInvoices(ctx context.Context, tx pgx.Tx, f InvoiceFilter, today time.Time) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from (`+invoices+chosenInvoices+`) x`, f.arguments(today)...).Scan(&n)
	return n, postgres.Wrap(err, "invoices")
}

func invoiceByID(ctx context.Context, tx pgx.Tx, id uuid.UUID, today time.Time) (Invoice, error) {
	rows, _ := tx.Query(ctx, invoices+` where i.id = $2`, today, id)
	i, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Invoice])
	if errors.Is(err, pgx.ErrNoRows) {
		return i, ErrInvoiceNotFound
	}
	return i, postgres.Wrap(err, "invoice %s", id)
}

// lockInvoice reads an invoice that is to be changed: nobody adds a payment to it meanwhile.
func lockInvoice(ctx context.Context, tx pgx.Tx, id uuid.UUID, version int, today time.Time) (Invoice, error) {
	if _, err := tx.Exec(ctx, `select from app.dues_invoices where id = $1 for update`, id); err != nil {
		return Invoice{}, postgres.Wrap(err, "invoice %s", id)
	}
	i, err := invoiceByID(ctx, tx, id, today)
	if err == nil && i.Version != version {
		return i, problem.ErrStale
	}
	return i, err
}

func insertInvoice(ctx context.Context, tx pgx.Tx, i Invoice) error {
	_, err := tx.Exec(ctx, `insert into app.dues_invoices (id, member_id, number, year, kind, category, title, amount, issued_on, due_on, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		i.ID, i.MemberID, i.Number, i.Year, i.Kind, i.Category, i.Title, i.Amount, i.IssuedOn, i.DueOn, i.CreatedBy)
	return postgres.Wrap(err, "invoice of %s", i.MemberID)
}

func insertPayment(ctx context.Context, tx pgx.Tx, p Payment) error {
	_, err := tx.Exec(ctx, `insert into app.dues_payments (id, invoice_id, amount, paid_on, method, reference, reverses, reason, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.ID, p.InvoiceID, p.Amount, p.PaidOn, p.Method, p.Reference, p.Reverses, p.Reason, p.RecordedBy)
	if err == nil {
		_, err = tx.Exec(ctx, `update app.dues_invoices set version = version + 1 where id = $1`, p.InvoiceID)
	}
	return postgres.Wrap(err, "payment of %s", p.InvoiceID)
}

// PaymentFilter chooses payments; empty fields choose all.
type PaymentFilter struct {
	Invoice, Member *uuid.UUID
	Method          Method
	From, To        *time.Time // days of payment, both included
}

const payments = `
	select p.id, p.invoice_id, i.number, i.member_id, m.name, p.amount, p.paid_on, p.method, p.reference, p.reverses,
		exists (select from app.dues_payments r where r.reverses = p.id), p.reason, p.recorded_at, p.recorded_by
	from app.dues_payments p join app.dues_invoices i on i.id = p.invoice_id join app.members m on m.id = i.member_id
	where ($1::uuid is null or p.invoice_id = $1) and ($2::uuid is null or i.member_id = $2) and ($3 = '' or p.method = $3)
	and ($4::date is null or p.paid_on >= $4) and ($5::date is null or p.paid_on <= $5)`

type paymentCursor struct{ ID uuid.UUID }

// listPayments lists payments and reversals, the newest entry first.
func listPayments(ctx context.Context, tx pgx.Tx, f PaymentFilter, limit int, cursor string) ([]Payment, string, error) {
	cur := paymentCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, payments+` and p.id < $6 order by p.id desc limit $7`, f.Invoice, f.Member, f.Method, f.From, f.To, cur.ID, limit+1)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Payment])
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "payments")
	}
	return all[:limit], postgres.EncodeCursor(paymentCursor{all[limit-1].ID}), nil
}

func countPayments(ctx context.Context, tx pgx.Tx, f PaymentFilter) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from (`+payments+`) x`, f.Invoice, f.Member, f.Method, f.From, f.To).Scan(&n)
	return n, postgres.Wrap(err, "payments")
}

func paymentByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Payment, error) {
	rows, _ := tx.Query(ctx, payments+` and p.id = $6`, nil, nil, "", nil, nil, id)
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Payment])
	if errors.Is(err, pgx.ErrNoRows) {
		return p, ErrPaymentNotFound
	}
	return p, postgres.Wrap(err, "payment %s", id)
}

// debts are what some members owe; who owes nothing is in good standing.
func debts(ctx context.Context, tx pgx.Tx, ids []ID, today time.Time) (map[ID]Debt, error) {
	rows, _ := tx.Query(ctx, `
		select i.member_id, sum(i.amount - p.paid)::bigint, min(i.due_on)
		from app.dues_invoices i cross join lateral (select coalesce(sum(amount), 0)::bigint as paid from app.dues_payments where invoice_id = i.id) p
		where i.member_id = any ($1) and i.cancelled_at is null and p.paid < i.amount group by i.member_id`, ids)
	type owed struct {
		Member ID
		Open   Money
		First  *time.Time
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[owed])
	found := map[ID]Debt{}
	for _, id := range ids {
		found[id] = debt(0, nil, today)
	}
	for _, o := range all {
		found[o.Member] = debt(o.Open, o.First, today)
	}
	return found, postgres.Wrap(err, "debts")
}

func cancelInvoice(ctx context.Context, tx pgx.Tx, id uuid.UUID, at time.Time, by, reason string) error {
	_, err := tx.Exec(ctx, `update app.dues_invoices set version = version + 1, cancelled_at = $2, cancelled_by = $3, cancel_reason = $4 where id = $1`, id, at, by, reason)
	return postgres.Wrap(err, "invoice %s", id)
}
