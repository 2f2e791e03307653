package members

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The sweep of reminders of dues.
const (
	DuesSweepName  = "members.dues"
	DuesSweepEvery = 30 * time.Minute
)

const (
	remindBefore = 14 // days before the last day
	remindAfter  = 30 // days behind it in which somebody is still told that it is over
	// remindAtOnce bounds what one round of the sweep writes down; the next goes on.
	remindAtOnce = 500
	// triedAgain is how long after it was tried a mail that a server did not take is tried again.
	triedAgain = 30 * time.Minute
	// worthTelling is how long a mail is tried.
	worthTelling = 48 * time.Hour
)

// SendDuesReminders is the job that tells an association's members of their dues.
type SendDuesReminders struct{}

// Kind names the job.
func (SendDuesReminders) Kind() string { return "dues-reminder.send" }

// Remind is the sweep of an association: it writes down whom to tell of what, each once before the last day of an invoice and once when it
// is over, and has it told. It may be done as often as one likes.
func (s *Dues) Remind(ctx context.Context) error {
	scope, err := tenancy.From(ctx)
	if err != nil || s.Mail == nil || scope.TenantKind != tenancy.Association {
		return err
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		if err := s.writeReminders(ctx, tx, today); err != nil {
			return err
		}
		var waits bool
		if err := tx.QueryRow(ctx, `select exists (select from app.dues_reminders where status = 'queued' and coalesce(tried_at, '-infinity') < $1)`, s.Now().Add(-triedAgain)).Scan(&waits); err != nil {
			return postgres.Wrap(err, "reminders of dues")
		}
		if waits {
			_, err = s.Jobs.Start(ctx, tx, "dues-reminder.send", scope.Tenant, SendDuesReminders{})
		}
		return err
	})
}

// writeReminders writes down which members are told of which invoices. Who has no address of mail stands there too, so that somebody calls.
func (s *Dues) writeReminders(ctx context.Context, tx pgx.Tx, today time.Time) error {
	// Whether what was being sent when its worker died arrived is not known, and nobody is told twice.
	_, err := tx.Exec(ctx, `update app.dues_reminders set status = 'failed' where status = 'queued' and created_at < $1 or status = 'sending' and tried_at < $2`, s.Now().Add(-worthTelling), s.Now().Add(-triedAgain))
	if err != nil {
		return postgres.Wrap(err, "reminders given up")
	}
	rows, _ := tx.Query(ctx, `
		select i.id, i.member_id, case when i.due_on < $1 then 'overdue' else 'due' end as step
		from app.dues_invoices i cross join lateral (select coalesce(sum(amount), 0)::bigint as paid from app.dues_payments where invoice_id = i.id) p
		where i.cancelled_at is null and p.paid < i.amount and i.due_on between $1::date - $2::integer and $1::date + $3::integer
		and not exists (select from app.dues_reminders r where r.invoice_id = i.id and r.step = case when i.due_on < $1 then 'overdue' else 'due' end)
		order by i.due_on, i.number limit $4`, today, remindAfter, remindBefore, remindAtOnce)
	type due struct {
		Invoice uuid.UUID
		Member  ID
		Step    string
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[due])
	if err != nil {
		return postgres.Wrap(err, "dues to remind of")
	}
	for _, d := range all {
		m, err := s.byID(ctx, tx, d.Member)
		if err != nil {
			return err
		}
		status := "queued"
		if _, to := m.mailbox(); to == "" {
			status = "no-address"
		}
		if _, err := tx.Exec(ctx, `insert into app.dues_reminders (invoice_id, step, status, created_at) values ($1, $2, $3, $4)`, d.Invoice, d.Step, status, s.Now()); err != nil {
			return postgres.Wrap(err, "reminder of %s", d.Invoice)
		}
	}
	return nil
}

// mailbox is the first contact of a member that has an address of mail.
func (m Member) mailbox() (name, address string) {
	for i, r := range m.Private.Reach {
		if r.Email != "" && i < len(m.Content.Contacts) {
			return m.Content.Contacts[i].Name, r.Email
		}
	}
	return "", ""
}

// send is the worker of SendDuesReminders.
func (s *Dues) send(ctx context.Context, p *jobs.Progress, _ SendDuesReminders) error {
	p.Step(ctx, "task.step.sending")
	return s.Deliver(ctx)
}

// duesReminder is one that is being sent.
type duesReminder struct {
	ID, Invoice uuid.UUID
	Step        string
}

// Deliver tells members of all that waits, a mail for an invoice. It returns mail.ErrUnavailable, when it may be tried again; what a server
// refuses stands with the reminder.
func (s *Dues) Deliver(ctx context.Context) error {
	if s.Mail == nil {
		return mail.ErrUnavailable // nothing is taken that could not be sent
	}
	return deliver(ctx, s.DB, s.Mail, s.take, func(ctx context.Context, tx pgx.Tx, id uuid.UUID, became mail.Outcome, answer string) error {
		_, err := tx.Exec(ctx, `update app.dues_reminders set status = $2, answer = $3 where id = $1`, id, became, answer)
		return postgres.Wrap(err, "reminder %s", id)
	})
}

// take takes a reminder that waits, so that nobody else sends it, with what it says; none has no id.
func (s *Dues) take(ctx context.Context) (id uuid.UUID, m mail.Message, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			update app.dues_reminders set status = 'sending', tries = tries + 1, tried_at = $1 where id = (
				select r.id from app.dues_reminders r join app.dues_invoices i on i.id = r.invoice_id
				where r.status = 'queued' and coalesce(r.tried_at, '-infinity') < $2 and i.cancelled_at is null and i.amount > (select coalesce(sum(p.amount), 0) from app.dues_payments p where p.invoice_id = i.id)
				order by r.id limit 1 for update of r skip locked)
			returning id, invoice_id, step`, s.Now(), s.Now().Add(-triedAgain))
		r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[duesReminder])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return postgres.Wrap(err, "reminder of dues")
		}
		id = r.ID
		m, err = s.message(ctx, tx, r)
		return err
	})
	return id, m, err
}

// message is what a member is told of an invoice, in its language.
func (s *Dues) message(ctx context.Context, tx pgx.Tx, r duesReminder) (m mail.Message, err error) {
	today, err := s.today(ctx, tx)
	if err != nil {
		return m, err
	}
	i, err := invoiceByID(ctx, tx, r.Invoice, today)
	if err != nil {
		return m, err
	}
	tag, m, values, err := s.addressed(ctx, tx, i.MemberID)
	if err != nil {
		return m, err
	}
	word := func(id string) string { return s.Bundle.T(tag, id, values) }
	values["Number"], values["Amount"], values["Day"], values["Year"], values["Title"] = i.Number, i.Open().String(), locale.Day(tag, i.DueOn), i.Year, i.Title
	about := "dues.mail.annual"
	if i.Kind == Single {
		about = "dues.mail.single"
	}
	values["About"] = word(about)
	lines := []string{word("dues.mail.greeting"), word("dues.mail." + r.Step), word("dues.mail.why")}
	m.Subject, m.Text, m.ID = word("dues.mail.subject"), strings.Join(lines, "\n\n")+"\n", r.ID.String()+"@dues.helianthus"
	return m, nil
}

// language is that in which a member is written to: the one that it asked for, or Chinese.
func (c Content) language() locale.Tag {
	if c.Language == "" {
		return locale.Match("zh-Hans")
	}
	return locale.Match(c.Language)
}
