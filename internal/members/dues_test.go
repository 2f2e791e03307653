package members_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail/mailtest"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// day is that of the tests.
var day = now.Truncate(24 * time.Hour)

// Amounts are read and written exactly.
func TestMoneyIsExact(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"1200": "1200.00", "12.5": "12.50", "0.01": "0.01", "999999999.99": "999999999.99", "0": "0.00", "007": "7.00"} {
		if m, ok := members.ParseMoney(in); !ok || m.String() != want {
			t.Errorf("%s: got %s, %t", in, m, ok)
		}
	}
	for _, in := range []string{"", "-1", "1.234", "1,200", "1e3", ".5", "1.", "１２", "1234567890", " 1"} {
		if m, ok := members.ParseMoney(in); ok {
			t.Errorf("%q is read as %s", in, m)
		}
	}
	if got := members.Money(-5).String(); got != "-0.05" {
		t.Errorf("below zero: %s", got)
	}
}

// purse is an association that takes dues, on a day that goes on.
type purse struct {
	*members.Dues
	ctx context.Context
	box *mailtest.Box
	now time.Time
}

func openPurse(t *testing.T) *purse {
	t.Helper()
	p := &purse{ctx: dbtest.Tenant(t, tenancy.Association), box: mailtest.Open(t), now: now}
	s := open(t)
	s.Now = func() time.Time { return p.now }
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	j, err := jobs.New(dbtest.DB(t), slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	p.Dues = members.NewDues(members.DuesConfig{Members: s, Jobs: j, Mail: p.box.Server(), Bundle: bundle})
	return p
}

func (p *purse) tariff(t *testing.T, year int, due string, amounts map[members.Category]members.Money) members.YearShown {
	t.Helper()
	before, err := p.Year(p.ctx, year)
	if err != nil {
		t.Fatal(err)
	}
	on, err := time.Parse(time.DateOnly, due)
	if err != nil {
		t.Fatal(err)
	}
	y, err := p.UpdateYear(p.ctx, members.DuesYear{Year: year, Version: before.Version, DueOn: &on, Amounts: amounts})
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func (p *purse) only(t *testing.T) members.Invoice {
	t.Helper()
	all, _, err := p.Invoices(p.ctx, members.InvoiceFilter{Sort: members.NewestInvoice}, 50, "")
	if err != nil || len(all) != 1 {
		t.Fatalf("%d invoices, %v", len(all), err)
	}
	return all[0]
}

// The dues of a year are asked of everybody to whom they apply, once: done again, also by two at once, they are asked of those who came.
func TestDuesAreAskedOnce(t *testing.T) {
	t.Parallel()
	p := openPurse(t)
	for i := range 3 {
		admitted(t, p.ctx, p.Members, members.Facts{Category: members.Grower, Name: fmt.Sprint("种植户", i)})
	}
	admitted(t, p.ctx, p.Members, members.Facts{Category: members.Expert, Name: "专家"})
	gone := admitted(t, p.ctx, p.Members, members.Facts{Category: members.Grower, Name: "已退会"})
	if _, err := p.Do(p.ctx, gone.ID, gone.Version, members.Deed{Act: members.Leave}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Create(p.ctx, members.Facts{Category: members.Grower, Name: "申请人"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Raise(p.ctx, 2026, 0); !errors.Is(err, members.ErrNoTariff) {
		t.Errorf("without a tariff: %v", err)
	}
	y := p.tariff(t, 2026, "2026-06-30", map[members.Category]members.Money{members.Grower: 20_00, members.Expert: 0})
	if len(y.Pending) != 1 || y.Pending[0] != (members.Asked{Category: members.Grower, Members: 3, Each: 20_00, Amount: 60_00}) {
		t.Fatalf("the preview: %+v", y.Pending)
	}
	if _, err := p.Raise(p.ctx, 2026, y.Version+1); !errors.Is(err, problem.ErrStale) {
		t.Errorf("another tariff than was read: %v", err)
	}
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if _, err := p.Raise(p.ctx, 2026, y.Version); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	admitted(t, p.ctx, p.Members, members.Facts{Category: members.Grower, Name: "新会员"})
	asked, err := p.Raise(p.ctx, 2026, y.Version)
	if err != nil || len(asked) != 1 || asked[0].Members != 1 {
		t.Errorf("who came meanwhile: %+v, %v", asked, err)
	}
	found, _, err := p.Invoices(p.ctx, members.InvoiceFilter{Sort: members.NewestInvoice}, 50, "")
	if err != nil || len(found) != 4 || found[0].Number != "2026-000004" || found[3].Number != "2026-000001" || found[0].MemberName != "新会员" {
		t.Errorf("%v: %+v", err, found)
	}
	if y, err = p.Year(p.ctx, 2026); err != nil || len(y.Pending) != 0 || y.Sum != (members.DuesSum{Invoices: 4, Amount: 80_00}) {
		t.Errorf("the year: %+v, %v", y, err)
	}
}

// Money comes in parts, never more than is open; a wrong entry is reversed by a new one; an invoice for which money came is not cancelled. What
// was entered cannot be changed by the application, whatever it does.
func TestPayments(t *testing.T) {
	t.Parallel()
	p := openPurse(t)
	m := admitted(t, p.ctx, p.Members, members.Facts{Category: members.Grower, Name: "种植户"})
	i, err := p.Ask(p.ctx, members.Invoice{MemberID: m.ID, Title: "培训费", Amount: 100_00, DueOn: now.AddDate(0, 0, 5)})
	if err != nil {
		t.Fatal(err)
	}
	pay := func(amount members.Money) error {
		i = p.only(t)
		_, err := p.Pay(p.ctx, i.ID, i.Version, members.Payment{Amount: amount, PaidOn: day, Method: "cash"})
		i = p.only(t)
		return err
	}
	if err := pay(100_01); !errors.Is(err, members.ErrTooMuch) {
		t.Errorf("more than is open: %v", err)
	}
	if err := pay(-1); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("below zero: %v", err)
	}
	if err := pay(40_00); err != nil || i.Paid != 40_00 || i.Open() != 60_00 || i.State != members.InvoiceDue {
		t.Errorf("a part: %v, %+v", err, i)
	}
	if _, err := p.Pay(p.ctx, i.ID, i.Version-1, members.Payment{Amount: 1, PaidOn: day, Method: "cash"}); !errors.Is(err, problem.ErrStale) {
		t.Errorf("who did not see the first payment: %v", err)
	}
	if _, err := p.Cancel(p.ctx, i.ID, i.Version, "误"); !errors.Is(err, members.ErrInvoicePaid) {
		t.Errorf("cancelled although money came: %v", err)
	}
	if err := pay(60_00); err != nil || i.State != members.InvoicePaid {
		t.Errorf("all of it: %v, %+v", err, i)
	}
	entries, _, err := p.Payments(p.ctx, members.PaymentFilter{Invoice: &i.ID}, 50, "")
	if err != nil || len(entries) != 2 {
		t.Fatalf("%+v, %v", entries, err)
	}
	for _, e := range entries {
		if i, err = p.Reverse(p.ctx, i.ID, i.Version, e.ID, "记错会员"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Reverse(p.ctx, i.ID, i.Version, entries[0].ID, "再次"); !errors.Is(err, members.ErrReversed) {
		t.Errorf("reversed twice: %v", err)
	}
	if _, err := p.Reverse(p.ctx, i.ID, i.Version, uuid.New(), "无"); !errors.Is(err, members.ErrPaymentNotFound) {
		t.Errorf("of another invoice: %v", err)
	}
	if i, err = p.Cancel(p.ctx, i.ID, i.Version, "不再收取"); err != nil || i.State != members.InvoiceCancelled || i.Open() != 0 {
		t.Errorf("cancelled: %v, %+v", err, i)
	}
	if _, err := p.Pay(p.ctx, i.ID, i.Version, members.Payment{Amount: 1, PaidOn: day, Method: "cash"}); !errors.Is(err, members.ErrInvoiceCancelled) {
		t.Errorf("paid after all: %v", err)
	}
	for _, statement := range []string{`update app.dues_payments set amount = 1`, `delete from app.dues_payments`, `delete from app.dues_invoices`, `update app.dues_invoices set amount = 1`} {
		err := dbtest.DB(t).Tx(p.ctx, func(tx pgx.Tx) error { _, err := tx.Exec(p.ctx, statement); return err })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// A member's standing follows from its invoices and the day; the list of members is chosen by it.
func TestStandingFollowsFromTheDay(t *testing.T) {
	t.Parallel()
	p := openPurse(t)
	m := admitted(t, p.ctx, p.Members, members.Facts{Category: members.Grower, Name: "种植户"})
	standing := func(want members.Standing, open members.Money) {
		t.Helper()
		got, err := p.Read(p.ctx, m.ID)
		if err != nil || got.Debt.Standing != want || got.Debt.Open != open {
			t.Errorf("got %+v, %v, want %s", got.Debt, err, want)
		}
		for _, s := range []members.Standing{members.GoodStanding, members.DueStanding, members.OverdueStanding} {
			if n, err := p.Members.Count(p.ctx, members.Filter{Standing: s}); err != nil || n != map[bool]int{true: 1}[s == want] {
				t.Errorf("%s chosen: %d, %v", s, n, err)
			}
		}
	}
	standing(members.GoodStanding, 0)
	y := p.tariff(t, 2026, "2026-03-10", map[members.Category]members.Money{members.Grower: 20_00})
	if _, err := p.Raise(p.ctx, 2026, y.Version); err != nil {
		t.Fatal(err)
	}
	standing(members.DueStanding, 20_00)
	p.now = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	standing(members.DueStanding, 20_00) // on its last day
	p.now = p.now.AddDate(0, 0, 1)
	standing(members.OverdueStanding, 20_00)
	i := p.only(t)
	if i.State != members.InvoiceOverdue {
		t.Errorf("the invoice: %s", i.State)
	}
	if _, err := p.Pay(p.ctx, i.ID, i.Version, members.Payment{Amount: 20_00, PaidOn: p.now.Truncate(24 * time.Hour), Method: "wechat"}); err != nil {
		t.Fatal(err)
	}
	standing(members.GoodStanding, 0)
}

// A member is told once before the last day of an invoice and once when it is over, in its language; nobody who paid, and nobody without an
// address.
func TestMembersAreRemindedOnce(t *testing.T) {
	t.Parallel()
	p := openPurse(t)
	f := grower("Ayan")
	f.Private.Reach[0].Email, f.Content.Language = "ayan@example.org", "en"
	admitted(t, p.ctx, p.Members, f)
	admitted(t, p.ctx, p.Members, members.Facts{Category: members.Grower, Name: "无邮箱"})
	y := p.tariff(t, 2026, "2026-03-31", map[members.Category]members.Money{members.Grower: 20_00})
	if _, err := p.Raise(p.ctx, 2026, y.Version); err != nil {
		t.Fatal(err)
	}
	round := func(text string, mails int) []mailtest.Letter {
		t.Helper()
		on, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		p.now = on.Add(9 * time.Hour)
		for range 2 {
			if err := p.Remind(p.ctx); err != nil {
				t.Fatal(err)
			}
			if err := p.Deliver(p.ctx); err != nil {
				t.Log(err) // what became of it stands with the reminder
			}
		}
		got := p.box.Taken()
		if len(got) != mails {
			t.Errorf("%s: %d mails, want %d: %+v", text, len(got), mails, got)
		}
		return got
	}
	round("2026-03-02", 0)
	if l := round("2026-03-20", 1)[0]; l.Language != "en" || !strings.Contains(l.To, "ayan@example.org") || !strings.Contains(l.Text, "20.00") || !strings.Contains(l.Text, "31 March 2026") {
		t.Errorf("%+v", l)
	}
	p.box.Refuses(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"})
	round("2026-04-02", 1)
	p.box.Refuses(nil)
	p.now = p.now.Add(time.Hour)
	if err := p.Deliver(p.ctx); err != nil || len(p.box.Taken()) != 2 {
		t.Errorf("tried again: %v, %d", err, len(p.box.Taken()))
	}
	round("2026-04-05", 2)
	all, _, err := p.Invoices(p.ctx, members.InvoiceFilter{Sort: members.SoonestDue}, 50, "")
	if err != nil || len(all) != 2 || all[0].RemindedAt == nil == (all[1].RemindedAt == nil) {
		t.Errorf("who was told: %+v, %v", all, err)
	}
}

// Dues are the association's own.
func TestDuesAreTheAssociationsOwn(t *testing.T) {
	t.Parallel()
	p := openPurse(t)
	m := admitted(t, p.ctx, p.Members, members.Facts{Category: members.Grower, Name: "种植户"})
	i, err := p.Ask(p.ctx, members.Invoice{MemberID: m.ID, Title: "培训费", Amount: 100_00, DueOn: now})
	if err != nil {
		t.Fatal(err)
	}
	for who, ctx := range map[string]context.Context{"the other association": dbtest.Tenant(t, tenancy.Association), "the county": dbtest.Tenant(t, tenancy.County)} {
		if _, err := p.Invoice(ctx, i.ID); !errors.Is(err, members.ErrInvoiceNotFound) {
			t.Errorf("%s reads it: %v", who, err)
		}
		if _, err := p.Pay(ctx, i.ID, i.Version, members.Payment{Amount: 1, PaidOn: day, Method: "cash"}); !errors.Is(err, members.ErrInvoiceNotFound) {
			t.Errorf("%s pays it: %v", who, err)
		}
		if _, err := p.Ask(ctx, members.Invoice{MemberID: m.ID, Title: "培训费", Amount: 1, DueOn: now}); !errors.Is(err, problem.ErrInvalid) {
			t.Errorf("%s asks its member: %v", who, err)
		}
		if found, _, err := p.Invoices(ctx, members.InvoiceFilter{Sort: members.NewestInvoice}, 50, ""); err != nil || len(found) != 0 {
			t.Errorf("%s lists %d, %v", who, len(found), err)
		}
	}
}
