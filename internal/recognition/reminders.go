package recognition

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The sweep of reminders.
const (
	ReminderSweepName  = "reminders"
	ReminderSweepEvery = 30 * time.Minute
)

// choosesReminders is the permission of those who are reminded by mail, unless they do not want it.
const choosesReminders = "reminder-choice:choose"

// RemindersConfig is what Reminders need.
type RemindersConfig struct {
	DB     *tenancy.DB
	Access *access.Access
	Jobs   *jobs.Jobs
	Mail   *mail.Server // nil: nothing is sent by mail
	Bundle *locale.Bundle
	Base   string // address of the house
	Now    func() time.Time
}

// Reminders tell people and machines of last days, ahead and once.
type Reminders struct{ RemindersConfig }

// NewReminders returns the verbs and registers their worker.
func NewReminders(c RemindersConfig) *Reminders {
	s := &Reminders{c}
	jobs.Add(c.Jobs, s.send)
	return s
}

// SendReminders is the job that tells a person of what waits.
type SendReminders struct{ Person uuid.UUID }

// Kind names the job.
func (SendReminders) Kind() string { return "reminder.send" }

// Rule reads the tenant's rule, and whether the person who asks is told by mail.
func (s *Reminders) Rule(ctx context.Context) (r ReminderRule, mine bool, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if r, err = reminderRule(ctx, tx); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `select coalesce((select mail from app.reminder_choices where person_id = $1), true)`, scope.Actor).Scan(&mine)
		return postgres.Wrap(err, "choice of %s", scope.Actor)
	})
	return r, mine, err
}

// Update replaces version of the rule. It returns problem.ErrStale, or problem.ErrInvalid with each wrong field.
func (s *Reminders) Update(ctx context.Context, r ReminderRule) (after ReminderRule, err error) {
	if err := r.Check(); err != nil {
		return r, err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := reminderRule(ctx, tx)
		if err != nil {
			return err
		}
		if err := saveReminderRule(ctx, tx, r); err != nil {
			return err
		}
		if after, err = reminderRule(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "reminder-rule.update", ObjectKind: "reminder-rule", Before: before, After: after})
	})
	return after, err
}

// Choose says whether the person who asks is told by mail.
func (s *Reminders) Choose(ctx context.Context, byMail bool) error {
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into app.reminder_choices (person_id, mail) values ($1, $2) on conflict (tenant_id, person_id) do update set mail = excluded.mail`, scope.Actor, byMail)
		if err != nil {
			return postgres.Wrap(err, "choice of %s", scope.Actor)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "reminder-choice.choose", ObjectKind: "person", ObjectID: scope.Actor.String(), After: map[string]any{"mail": byMail}})
	})
}

// List lists what was told, newest first; of one case, or in one status, when they are named.
func (s *Reminders) List(ctx context.Context, c *CaseID, status ReminderStatus, limit int, cursor string) (found []Reminder, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		found, next, err = listReminders(ctx, tx, c, status, limit, cursor)
		return err
	})
	return found, next, err
}

// Remind is the sweep of a tenant: it writes down what is to be told today and has it told. It may be done as often as one
// likes.
func (s *Reminders) Remind(ctx context.Context) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		rule, err := reminderRule(ctx, tx)
		if err != nil {
			return err
		}
		_, today, err := ownTenant(ctx, tx, s.Now())
		if err != nil {
			return err
		}
		if rule.By(ByWebhook) {
			if err := errors.Join(remind(ctx, tx, rule, today, s.Now(), ByWebhook, []*uuid.UUID{nil}), tellMachines(ctx, tx)); err != nil {
				return err
			}
		}
		if s.Mail == nil || !rule.By(ByMail) {
			return nil
		}
		to, err := s.recipients(ctx, tx, scope)
		if err != nil || len(to) == 0 {
			return err
		}
		if err := remind(ctx, tx, rule, today, s.Now(), ByMail, to); err != nil {
			return err
		}
		people, err := waiting(ctx, tx, s.Now())
		for n := 0; err == nil && n < len(people); n++ {
			_, err = s.Jobs.Start(ctx, tx, "reminder.send", people[n], SendReminders{people[n]})
		}
		return err
	})
}

// recipients are the people of the tenant whose roles let them be reminded.
func (s *Reminders) recipients(ctx context.Context, tx pgx.Tx, of tenancy.Scope) (to []*uuid.UUID, err error) {
	all, err := people(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		may, err := s.Access.Of(ctx, tenancy.Scope{Tenant: of.Tenant, Slug: of.Slug, TenantKind: of.TenantKind, Demo: of.Demo, ActorKind: tenancy.Person, Actor: p.ID, Roles: p.Roles})
		if err != nil {
			return nil, err
		}
		if may[choosesReminders] {
			to = append(to, &p.ID)
		}
	}
	return to, nil
}

// send is the worker of SendReminders.
func (s *Reminders) send(ctx context.Context, p *jobs.Progress, args SendReminders) error {
	p.Step(ctx, "task.step.sending")
	return s.Deliver(ctx, args.Person)
}

// Deliver tells a person of all that waits, in one mail. It returns mail.ErrUnavailable, when it may be tried again, or mail.ErrRefused.
func (s *Reminders) Deliver(ctx context.Context, person uuid.UUID) error {
	if s.Mail == nil {
		return mail.ErrUnavailable // nothing is taken that could not be sent
	}
	var all []Reminder
	var to reminded
	err := s.DB.Tx(ctx, func(tx pgx.Tx) (err error) {
		all, to, err = take(ctx, tx, person, s.Now())
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	result := s.Mail.Send(ctx, s.message(to, all))
	became, answer := mail.OutcomeOf(result)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = s.DB.Tx(late, func(tx pgx.Tx) error { return settle(late, tx, all, ReminderStatus(became), answer) })
	return errors.Join(err, result)
}

// message is what a person is told, in the language that the person chose.
func (s *Reminders) message(to reminded, all []Reminder) mail.Message {
	tag := locale.Match(to.Locale)
	word := func(id string, values map[string]any) string { return s.Bundle.T(tag, id, values) }
	var b strings.Builder
	b.WriteString(word("mail.reminder.greeting", map[string]any{"Name": to.Name}) + "\n\n")
	for _, r := range all {
		id := "mail.reminder.due"
		if r.Days == over {
			id = "mail.reminder.over"
		}
		title := locale.Pick(tag, r.titles)
		if title == "" {
			title = r.Code
		}
		b.WriteString(word(id, map[string]any{"Name": r.Name, "Market": r.market.Name(s.Bundle, tag), "Period": title, "Day": locale.Day(tag, r.EndsOn)}) + "\n")
		b.WriteString(s.Base + "/app/cases/" + r.CaseID.String() + "\n\n")
	}
	b.WriteString(word("mail.reminder.why", map[string]any{"Address": s.Base + "/app/settings"}) + "\n")
	first := all[0]
	return mail.Message{To: to.Email, Name: to.Name, Subject: word("mail.reminder.subject", map[string]any{"Count": len(all)}), Text: b.String(),
		ID: first.ID.String() + "@reminders.helianthus", Language: string(tag)}
}
