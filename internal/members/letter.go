package members

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The sweep of letters.
const (
	LetterSweepName  = "members.letters"
	LetterSweepEvery = 30 * time.Minute
)

// lettersAtOnce bounds what is written down in one transaction.
const lettersAtOnce = 500

var (
	// ErrNoAddress is returned for a letter to a member of whom no address of mail is known.
	ErrNoAddress = problem.New(problem.Conflict, "member.no-address")
	// ErrNoMail is returned in a house that has no mail server.
	ErrNoMail = problem.New(problem.Conflict, "member.no-mail")
)

// LetterKind is what a letter is about.
type LetterKind string

// The kinds: the notice of a meeting, the end of a licence, a link to the portal.
const (
	MeetingLetter LetterKind = "meeting"
	LicenceLetter LetterKind = "licence"
	PortalLetter  LetterKind = "portal"
)

// Letter is a mail to a member, sent once and kept.
type Letter struct {
	ID        uuid.UUID
	MemberID  ID
	Kind      LetterKind
	About     string
	Status    string
	Address   string // it went to, masked
	Answer    string // of a mail server that did not take it
	TriedAt   *time.Time
	CreatedAt time.Time
	CreatedBy string
}

// LettersConfig is what Letters need.
type LettersConfig struct {
	*Members
	Jobs   *jobs.Jobs
	Mail   *mail.Server // nil: letters are written down and nobody is sent any
	Bundle *locale.Bundle
	Base   string // address of the house
}

// Letters are the verbs of mail to members.
type Letters struct{ LettersConfig }

// SendLetters is the job that writes the letters of an association that are due, and sends them.
type SendLetters struct{}

// Kind names the job.
func (SendLetters) Kind() string { return "member-letter.send" }

// NewLetters returns the verbs and registers the worker that sends.
func NewLetters(c LettersConfig) *Letters {
	s := &Letters{c}
	jobs.Add(c.Jobs, func(ctx context.Context, p *jobs.Progress, _ SendLetters) error {
		p.Step(ctx, "task.step.sending")
		if err := s.Write(ctx); err != nil {
			return err
		}
		return s.Deliver(ctx)
	})
	return s
}

// begin has the letters written and sent once the transaction is committed.
func (s *Letters) begin(ctx context.Context, tx pgx.Tx) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = s.Jobs.Start(ctx, tx, SendLetters{}.Kind(), scope.Tenant, SendLetters{})
	return err
}

// Tend is the sweep of an association: it gives up what could not be sent, writes the letters that are due, and has them sent. It may be done as
// often as one likes.
func (s *Letters) Tend(ctx context.Context) error {
	scope, err := tenancy.From(ctx)
	if err != nil || scope.TenantKind != tenancy.Association {
		return err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		// Whether what was being sent when its worker died arrived is not known, and nobody is told twice.
		_, err := tx.Exec(ctx, `update app.member_letters set status = 'failed' where status = 'queued' and created_at < $1 or status = 'sending' and tried_at < $2`, s.Now().Add(-worthTelling), s.Now().Add(-triedAgain))
		return postgres.Wrap(err, "letters given up")
	})
	if err != nil || s.Mail == nil {
		return err
	}
	if err := s.Write(ctx); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		var waits bool
		if err := tx.QueryRow(ctx, `select exists (select from app.member_letters where status = 'queued' and coalesce(tried_at, '-infinity') < $1)`, s.Now().Add(-triedAgain)).Scan(&waits); err != nil || !waits {
			return postgres.Wrap(err, "letters")
		}
		return s.begin(ctx, tx)
	})
}

// letterDue is a letter that nobody wrote yet.
type letterDue struct {
	Member ID
	Kind   LetterKind
	About  string
}

// Write writes down which members are told of what: of meetings that were called, and of licences that end on a day of the rule. Who has no
// address of mail stands there too, so that somebody calls.
func (s *Letters) Write(ctx context.Context) error {
	for {
		var n int
		err := s.DB.Tx(ctx, func(tx pgx.Tx) error {
			today, err := s.today(ctx, tx)
			if err != nil {
				return err
			}
			all, err := lettersDue(ctx, tx, today)
			if err != nil {
				return err
			}
			n = len(all)
			for _, l := range all {
				if err := s.write(ctx, tx, l); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n < lettersAtOnce {
			return err
		}
	}
}

// write writes a letter down.
func (s *Letters) write(ctx context.Context, tx pgx.Tx, l letterDue) error {
	m, err := s.byID(ctx, tx, l.Member)
	if err != nil {
		return err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	status, address := "queued", ""
	if _, to := m.mailbox(); to == "" {
		status = "no-address"
	} else {
		address = exchange.MaskEmail(to)
	}
	_, err = tx.Exec(ctx, `insert into app.member_letters (member_id, kind, about, status, address, created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`, l.Member, l.Kind, l.About, status, address, s.Now(), scope.ActorName)
	return postgres.Wrap(err, "letter to %s", l.Member)
}

// lettersDue are those that are to be written on a day. A licence is told of on the first day of the rule that has come and not been told of; one
// whose letters of two days would be written at once gets the later only. Nobody is told of a licence that ended.
func lettersDue(ctx context.Context, tx pgx.Tx, today time.Time) ([]letterDue, error) {
	rows, _ := tx.Query(ctx, `
		select r.member_id, 'meeting', m.id::text from app.meetings m join app.meeting_roll r on r.meeting_id = m.id join app.members x on x.id = r.member_id
			where m.status = 'called' and x.erased_at is null and not exists (select from app.member_letters l where l.kind = 'meeting' and l.about = m.id::text and l.member_id = r.member_id)
		union all
		select m.id, 'licence', l ->> 'untilOn' || ' ' || d.days || ' ' || (l ->> 'number') from app.members m cross join lateral jsonb_array_elements(coalesce(m.content -> 'licences', '[]')) l
			cross join lateral (select min(days) as days from unnest(coalesce((select licence_days from app.member_rules), $2)) days where $1::date >= (l ->> 'untilOn')::date - days) d
			where m.status in ('admitted', 'suspended') and l ->> 'untilOn' >= $1::date::text and d.days is not null
			and not exists (select from app.member_letters x where x.kind = 'licence' and x.about = l ->> 'untilOn' || ' ' || d.days || ' ' || (l ->> 'number') and x.member_id = m.id)
		limit $3`, today, usualLicenceDays, lettersAtOnce)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[letterDue])
	return all, postgres.Wrap(err, "letters due")
}

// SendLink mails a member a link to its portal; the key is made when the mail is, and stands nowhere else. It returns ErrNoAddress, ErrErased,
// ErrNoMember or ErrNoMail.
func (s *Letters) SendLink(ctx context.Context, id ID) (l Letter, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		m, err := s.invited(ctx, tx, id)
		if err != nil {
			return err
		}
		if s.Mail == nil {
			return ErrNoMail
		}
		if _, to := m.mailbox(); to == "" {
			return ErrNoAddress
		}
		if err := s.write(ctx, tx, letterDue{id, PortalLetter, uuid.NewString()}); err != nil {
			return err
		}
		all, err := lettersTo(ctx, tx, id)
		if err != nil {
			return err
		}
		l = all[0]
		if err := s.begin(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "member.invite", ObjectKind: "member", ObjectID: id.String(), After: map[string]any{"address": l.Address}})
	})
	return l, err
}

// To lists the letters to a member, the last first.
func (s *Letters) To(ctx context.Context, id ID) (all []Letter, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := s.byID(ctx, tx, id); err != nil {
			return err
		}
		all, err = lettersTo(ctx, tx, id)
		return err
	})
	return all, err
}

func lettersTo(ctx context.Context, tx pgx.Tx, id ID) ([]Letter, error) {
	rows, _ := tx.Query(ctx, `select id, member_id, kind, about, status, address, answer, tried_at, created_at, created_by from app.member_letters where member_id = $1 order by id desc limit 200`, id)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Letter])
	return all, postgres.Wrap(err, "letters to %s", id)
}

// forgetLetters leaves of a member's letters that there were some: of meetings, without the address.
func forgetLetters(ctx context.Context, tx pgx.Tx, id ID) error {
	_, err := tx.Exec(ctx, `delete from app.member_letters where member_id = $1 and kind <> 'meeting'`, id)
	if err == nil {
		_, err = tx.Exec(ctx, `update app.member_letters set address = '' where member_id = $1`, id)
	}
	return postgres.Wrap(err, "letters to %s", id)
}

// Deliver sends all letters that wait. It returns mail.ErrUnavailable, when it may be tried again; what a server refuses stands with the letter.
func (s *Letters) Deliver(ctx context.Context) error {
	if s.Mail == nil {
		return nil // what is written down waits until it is given up
	}
	return deliver(ctx, s.DB, s.Mail, s.take, func(ctx context.Context, tx pgx.Tx, id uuid.UUID, became mail.Outcome, answer string) error {
		_, err := tx.Exec(ctx, `update app.member_letters set status = $2, answer = $3 where id = $1`, id, became, answer)
		return postgres.Wrap(err, "letter %s", id)
	})
}

// deliver sends what take finds until it finds nothing, and has kept what became of each.
func deliver(ctx context.Context, db *tenancy.DB, server *mail.Server, take func(context.Context) (uuid.UUID, mail.Message, error), keep func(context.Context, pgx.Tx, uuid.UUID, mail.Outcome, string) error) error {
	for {
		id, message, err := take(ctx)
		if err != nil || id == uuid.Nil {
			return err
		}
		result := server.Send(ctx, message)
		became, answer := mail.OutcomeOf(result)
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		err = db.Tx(late, func(tx pgx.Tx) error { return keep(late, tx, id, became, answer) })
		cancel()
		if err != nil || became == mail.Later {
			return errors.Join(err, result)
		}
	}
}

// take takes a letter that waits, so that nobody else sends it, with what it says; none has no id.
func (s *Letters) take(ctx context.Context) (id uuid.UUID, m mail.Message, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			update app.member_letters set status = 'sending', tries = tries + 1, tried_at = $1 where id = (
				select l.id from app.member_letters l where l.status = 'queued' and coalesce(l.tried_at, '-infinity') < $2
				and (l.kind <> 'meeting' or exists (select from app.meetings g where g.id::text = l.about and g.status = 'called')) order by l.id limit 1 for update skip locked)
			returning id, member_id, kind, about, status, address, answer, tried_at, created_at, created_by`, s.Now(), s.Now().Add(-triedAgain))
		l, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Letter])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return postgres.Wrap(err, "letter")
		}
		id = l.ID
		m, err = s.message(ctx, tx, l)
		return err
	})
	return id, m, err
}
