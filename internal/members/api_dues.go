package members

import (
	"context"
	"strconv"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// debtsOf are what the members of a page owe.
func (a *API) debtsOf(ctx context.Context, page []Member) (map[ID]Debt, error) {
	ids := make([]ID, 0, len(page))
	for _, m := range page {
		ids = append(ids, m.ID)
	}
	return a.dues.Debts(ctx, ids)
}

func wireAsked(all []Asked) []api.DuesAsked {
	out := make([]api.DuesAsked, 0, len(all))
	for _, c := range all {
		out = append(out, api.DuesAsked{Category: api.MemberCategory(c.Category), Members: c.Members, Each: c.Each.String(), Amount: c.Amount.String()})
	}
	return out
}

func wireYear(ctx context.Context, y YearShown) api.DuesYear {
	w := api.DuesYear{Year: y.Year, Currency: Currency, DueOn: wire.DayOf(y.DueOn), Amounts: []api.DuesAmount{}, Pending: wireAsked(y.Pending), Sum: api.DuesSum{Invoices: y.Sum.Invoices, Amount: y.Sum.Amount.String(), Paid: y.Sum.Paid.String(), Overdue: y.Sum.Overdue.String()},
		UpdatedAt: y.UpdatedAt, UpdatedBy: wire.Optional(y.UpdatedBy), Etag: problem.ETag(y.Version)}
	for _, c := range Categories {
		if m, ok := y.Amounts[c]; ok {
			w.Amounts = append(w.Amounts, api.DuesAmount{Category: api.MemberCategory(c), Amount: m.String()})
		}
	}
	acts := []string{"update"}
	if y.Version > 0 {
		acts = append(acts, "raise")
	}
	w.Allowed = access.Allowed(ctx, "dues-year", acts...)
	return w
}

// ReadDuesYear shows what is paid in a year, whom it would be asked of now, and what became of it.
func (a *API) ReadDuesYear(ctx context.Context, r api.ReadDuesYearRequestObject) (api.ReadDuesYearResponseObject, error) {
	y, err := a.dues.Year(ctx, r.Year)
	w := wireYear(ctx, y)
	return api.ReadDuesYear200JSONResponse{Body: w, Headers: api.ReadDuesYear200ResponseHeaders{ETag: &w.Etag}}, err
}

// UpdateDuesYear says what is paid in a year.
func (a *API) UpdateDuesYear(ctx context.Context, r api.UpdateDuesYearRequestObject) (api.UpdateDuesYearResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	y, wrong := DuesYear{Year: r.Year, Version: version, DueOn: &r.Body.DueOn.Time, Amounts: map[Category]Money{}}, problem.ErrInvalid
	for i, c := range r.Body.Amounts {
		m, ok := ParseMoney(c.Amount)
		if !ok {
			wrong = wrong.At("/amounts/"+strconv.Itoa(i)+"/amount", codeAmount)
		}
		if _, twice := y.Amounts[Category(c.Category)]; twice {
			wrong = wrong.At("/amounts/"+strconv.Itoa(i)+"/category", codeCategory)
		}
		y.Amounts[Category(c.Category)] = m
	}
	if err := wrong.Or(); err != nil {
		return nil, err
	}
	after, err := a.dues.UpdateYear(ctx, y)
	w := wireYear(ctx, after)
	return api.UpdateDuesYear200JSONResponse{Body: w, Headers: api.UpdateDuesYear200ResponseHeaders{ETag: &w.Etag}}, err
}

// RaiseDuesYear asks everybody for the dues of a year who was not asked.
func (a *API) RaiseDuesYear(ctx context.Context, r api.RaiseDuesYearRequestObject) (api.RaiseDuesYearResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	asked, err := a.dues.Raise(ctx, r.Year, version)
	return api.RaiseDuesYear200JSONResponse{Items: wireAsked(asked)}, err
}

func wireInvoice(ctx context.Context, i Invoice) api.DuesInvoice {
	w := api.DuesInvoice{Id: i.ID, Version: i.Version, Number: i.Number, MemberId: i.MemberID, MemberName: i.MemberName, MemberNumber: wire.Optional(i.MemberNumber), Year: i.Year, Kind: api.DuesInvoiceKind(i.Kind),
		Category: api.MemberCategory(i.Category), Title: wire.Optional(i.Title), Amount: i.Amount.String(), Paid: i.Paid.String(), Open: i.Open().String(), Currency: Currency, IssuedOn: wire.Day(i.IssuedOn), DueOn: wire.Day(i.DueOn),
		State: api.DuesInvoiceState(i.State), RemindedAt: i.RemindedAt, Reminder: wire.Optional(api.MemberLetterStatus(i.Reminder)), CancelledAt: i.CancelledAt, Reason: wire.Optional(i.CancelReason), CreatedAt: i.CreatedAt, CreatedName: i.CreatedBy, Etag: problem.ETag(i.Version)}
	var acts []string
	if i.Open() > 0 {
		acts = append(acts, "pay")
	}
	if i.endable() == nil {
		acts = append(acts, "cancel")
	}
	if i.Paid > 0 {
		acts = append(acts, "reverse")
	}
	w.Allowed = access.Allowed(ctx, "dues-invoice", append(acts, "print")...)
	return w
}

// ListDuesInvoices lists invoices.
func (a *API) ListDuesInvoices(ctx context.Context, r api.ListDuesInvoicesRequestObject) (api.ListDuesInvoicesResponseObject, error) {
	p := r.Params
	year, _ := strconv.Atoi(wire.Or(p.Year)) // four digits, as the specification says
	f := InvoiceFilter{Words: wire.Or(p.Q), Member: p.MemberId, Year: year, State: InvoiceState(wire.Or(p.State)), Reminder: string(wire.Or(p.Reminder)), Sort: InvoiceSort(wire.Or(p.Sort))}
	if f.Sort == "" {
		f.Sort = NewestInvoice
	}
	found, next, err := a.dues.Invoices(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.DuesInvoiceList{Items: make([]api.DuesInvoice, 0, len(found)), Next: wire.Optional(next)}
	for _, i := range found {
		w.Items = append(w.Items, wireInvoice(ctx, i))
	}
	if wire.Or(p.Count) {
		n, err := a.dues.CountInvoices(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListDuesInvoices200JSONResponse{Body: w}, nil
}

// CreateDuesInvoice asks one member for something.
func (a *API) CreateDuesInvoice(ctx context.Context, r api.CreateDuesInvoiceRequestObject) (api.CreateDuesInvoiceResponseObject, error) {
	amount, _ := ParseMoney(r.Body.Amount) // what is none is nothing, which Check refuses
	i, err := a.dues.Ask(ctx, Invoice{MemberID: r.Body.MemberId, Title: r.Body.Title, Amount: amount, DueOn: r.Body.DueOn.Time})
	if err != nil {
		return nil, err
	}
	return api.CreateDuesInvoice201JSONResponse{Body: wireInvoice(ctx, i), Headers: api.CreateDuesInvoice201ResponseHeaders{ETag: new(problem.ETag(i.Version)), Location: new("/api/v1/dues-invoices/" + i.ID.String())}}, nil
}

// ReadDuesInvoice shows an invoice.
func (a *API) ReadDuesInvoice(ctx context.Context, r api.ReadDuesInvoiceRequestObject) (api.ReadDuesInvoiceResponseObject, error) {
	i, err := a.dues.Invoice(ctx, r.Id)
	return api.ReadDuesInvoice200JSONResponse{Body: wireInvoice(ctx, i), Headers: api.ReadDuesInvoice200ResponseHeaders{ETag: new(problem.ETag(i.Version))}}, err
}

// PayDuesInvoice enters money that came.
func (a *API) PayDuesInvoice(ctx context.Context, r api.PayDuesInvoiceRequestObject) (api.PayDuesInvoiceResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	amount, _ := ParseMoney(r.Body.Amount) // the same
	i, err := a.dues.Pay(ctx, r.Id, version, Payment{Amount: amount, PaidOn: r.Body.PaidOn.Time, Method: Method(r.Body.Method), Reference: wire.Or(r.Body.Reference)})
	return api.PayDuesInvoice200JSONResponse{Body: wireInvoice(ctx, i), Headers: api.PayDuesInvoice200ResponseHeaders{ETag: new(problem.ETag(i.Version))}}, err
}

// CancelDuesInvoice says that an invoice is not asked for any more.
func (a *API) CancelDuesInvoice(ctx context.Context, r api.CancelDuesInvoiceRequestObject) (api.CancelDuesInvoiceResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	i, err := a.dues.Cancel(ctx, r.Id, version, r.Body.Reason)
	return api.CancelDuesInvoice200JSONResponse{Body: wireInvoice(ctx, i), Headers: api.CancelDuesInvoice200ResponseHeaders{ETag: new(problem.ETag(i.Version))}}, err
}

// ReverseDuesInvoice takes back an entry of an invoice that was wrong.
func (a *API) ReverseDuesInvoice(ctx context.Context, r api.ReverseDuesInvoiceRequestObject) (api.ReverseDuesInvoiceResponseObject, error) {
	version, err := problem.Version(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	i, err := a.dues.Reverse(ctx, r.Id, version, r.Body.PaymentId, r.Body.Reason)
	return api.ReverseDuesInvoice200JSONResponse{Body: wireInvoice(ctx, i), Headers: api.ReverseDuesInvoice200ResponseHeaders{ETag: new(problem.ETag(i.Version))}}, err
}

// ListDuesPayments lists payments and reversals.
func (a *API) ListDuesPayments(ctx context.Context, r api.ListDuesPaymentsRequestObject) (api.ListDuesPaymentsResponseObject, error) {
	p := r.Params
	f := PaymentFilter{Invoice: p.InvoiceId, Member: p.MemberId, Method: Method(wire.Or(p.Method)), From: wire.TimeOf(p.PaidFrom), To: wire.TimeOf(p.PaidTo)}
	found, next, err := a.dues.Payments(ctx, f, wire.Limit(p.Limit), wire.Or(p.Cursor))
	if err != nil {
		return nil, err
	}
	w := api.DuesPaymentList{Items: make([]api.DuesPayment, 0, len(found)), Next: wire.Optional(next)}
	for _, p := range found {
		w.Items = append(w.Items, wirePayment(p))
	}
	if wire.Or(p.Count) {
		n, err := a.dues.CountPayments(ctx, f)
		if err != nil {
			return nil, err
		}
		w.Count = &n
	}
	return api.ListDuesPayments200JSONResponse{Body: w}, nil
}

func wirePayment(p Payment) api.DuesPayment {
	return api.DuesPayment{Id: p.ID, InvoiceId: p.InvoiceID, InvoiceNumber: p.InvoiceNumber, MemberId: p.MemberID, MemberName: p.MemberName, Amount: p.Amount.String(), Currency: Currency, PaidOn: wire.Day(p.PaidOn), Method: api.DuesMethod(p.Method),
		Reference: wire.Optional(p.Reference), Reverses: p.Reverses, Reversed: p.Reversed, Reason: wire.Optional(p.Reason), RecordedAt: p.RecordedAt, RecordedName: p.RecordedBy}
}
