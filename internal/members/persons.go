package members

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Reveal shows what is private of a member to whoever says for what; the trail keeps who saw it, when and why.
func (s *Members) Reveal(ctx context.Context, id ID, purpose string) (m Member, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if m, err = s.byID(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "member.reveal", ObjectKind: "member", ObjectID: id.String(), After: map[string]any{"purpose": purpose}})
	})
	return m, err
}

// Extract is everything that the association has of a person, for that person.
type Extract struct {
	Shown
	Rule    Rule
	Events  []Event
	Looked  []Look
	EraseOn *time.Time // the day on which a sweep erases what is personal; nil while the membership goes on

	Invoices []Invoice
	Payments []Payment
	Meetings []OwnMeeting
	Letters  []Letter
}

// Look is somebody having seen what is private.
type Look struct {
	At      time.Time
	By      string
	Purpose string
}

// Extract gathers what the association has of a member.
func (s *Members) Extract(ctx context.Context, id ID) (x Extract, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if x.Shown, err = s.shown(ctx, tx, id); err != nil {
			return err
		}
		if x.Rule, err = rule(ctx, tx); err != nil {
			return err
		}
		if x.Events, err = events(ctx, tx, id); err != nil {
			return err
		}
		if x.EndedOn != nil && x.ErasedAt == nil {
			x.EraseOn = new(x.EndedOn.AddDate(x.Rule.RetentionYears, 0, 0))
		}
		if x.Looked, err = looks(ctx, tx, id); err != nil {
			return err
		}
		if err := s.extractMore(ctx, tx, &x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "member.extract", ObjectKind: "member", ObjectID: id.String()})
	})
	return x, err
}

// mostExtracted bounds each list of an extract.
const mostExtracted = 1000

// extractMore adds what a member was asked for and paid, its meetings and votes, and what it was written.
func (s *Members) extractMore(ctx context.Context, tx pgx.Tx, x *Extract) error {
	today, err := s.today(ctx, tx)
	if err != nil {
		return err
	}
	if x.Invoices, _, err = listInvoices(ctx, tx, InvoiceFilter{Member: &x.ID, Sort: NewestInvoice}, today, mostExtracted, ""); err != nil {
		return err
	}
	if x.Payments, _, err = listPayments(ctx, tx, PaymentFilter{Member: &x.ID}, mostExtracted, ""); err != nil {
		return err
	}
	if x.Meetings, err = meetingsOf(ctx, tx, x.ID); err != nil {
		return err
	}
	x.Letters, err = lettersTo(ctx, tx, x.ID)
	return err
}

// looks are those who saw what is private of a member, the last first.
func looks(ctx context.Context, tx pgx.Tx, id ID) ([]Look, error) {
	rows, _ := tx.Query(ctx, `select at, actor_name, coalesce(after ->> 'purpose', '') from app.audit_events
		where object_kind = 'member' and object_id = $1 and action in ('member.reveal', 'member.extract') order by at desc limit 1000`, id.String())
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Look])
	return all, postgres.Wrap(err, "looks at member %s", id)
}

// Erase erases what is personal of a membership that is over, before the sweep does, because the person asks. It returns ErrTooEarly.
func (s *Members) Erase(ctx context.Context, id ID, version int, reason string) (m Shown, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := s.lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		if before.ErasedAt != nil {
			return ErrErased
		}
		if !over[before.Status] {
			return ErrTooEarly
		}
		if err := s.erase(ctx, tx, before, reason); err != nil {
			return err
		}
		m, err = s.shown(ctx, tx, id)
		return err
	})
	return m, err
}

func (s *Members) erase(ctx context.Context, tx pgx.Tx, m Member, reason string) error {
	today, err := s.today(ctx, tx)
	if err != nil {
		return err
	}
	if err := errors.Join(s.forgetPapers(ctx, tx, m), s.forgetChanges(ctx, tx, m), forgetKeys(ctx, tx, m.ID), forgetLetters(ctx, tx, m.ID)); err != nil {
		return err
	}
	// What was published of it was withdrawn when the membership ended; its content goes, and the log keeps proving the hash.
	if _, err := tx.Exec(ctx, `select app.blank_membership($1)`, m.ID); err != nil {
		return postgres.Wrap(err, "publications of %s", m.ID)
	}
	m = m.erased()
	m.ErasedAt = new(s.Now())
	if err := s.save(ctx, tx, m); err != nil {
		return err
	}
	if err := note(ctx, tx, m.ID, Event{Act: Erase, Status: m.Status, On: today, Reason: reason}); err != nil {
		return err
	}
	return trail(ctx, tx, Erase, m, nil)
}

// forgetPapers takes the files away that came with an application, and those on which a member agreed to something: what they show is personal.
// A file that another member names too stays for that one.
func (s *Members) forgetPapers(ctx context.Context, tx pgx.Tx, m Member) error {
	rows, _ := tx.Query(ctx, `
		select d from (select unnest($2::uuid[]) d union select document_id from app.member_consents where member_id = $1 and document_id is not null) papers
		where not exists (select from app.members o where o.id <> $1 and o.erased_at is null and o.content -> 'documents' ? d::text)
		and not exists (select from app.member_consents c where c.member_id <> $1 and c.document_id = d)`, m.ID, m.Content.Documents)
	papers, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return postgres.Wrap(err, "papers of member %s", m.ID)
	}
	for _, d := range papers {
		if err := document.Forget(ctx, tx, d, s.Now()); err != nil {
			return err
		}
	}
	return nil
}

// Sweeping says how Tend is registered.
const (
	SweepName  = "members.tend"
	SweepEvery = 12 * time.Hour
)

// tendAtOnce is how many members are erased in one transaction.
const tendAtOnce = 100

// Tend erases what is personal of memberships that ended longer ago than the association's rule keeps it. It may be done as often as one
// likes.
func (s *Members) Tend(ctx context.Context) error {
	if err := s.DB.Tx(ctx, func(tx pgx.Tx) error { return s.forget(ctx, tx) }); err != nil {
		return err
	}
	if err := errors.Join(s.reseal(ctx), s.resealChanges(ctx)); err != nil {
		return err
	}
	for {
		var done int
		err := s.DB.Tx(ctx, func(tx pgx.Tx) error {
			r, err := rule(ctx, tx)
			if err != nil {
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
			rows, _ := tx.Query(ctx, `select `+columns+` from app.members m where m.ended_on < $1 and m.erased_at is null order by m.ended_on limit $2 for update skip locked`,
				today.AddDate(-r.RetentionYears, 0, 0), tendAtOnce)
			due, err := pgx.CollectRows(rows, s.scan(scope.Tenant))
			if err != nil {
				return postgres.Wrap(err, "members to erase")
			}
			for _, m := range due {
				if err := s.erase(ctx, tx, m, ""); err != nil {
					return err
				}
			}
			done = len(due)
			return nil
		})
		if err != nil || done < tendAtOnce {
			return err
		}
	}
}

// reseal seals again, under the house's present secret, what an older one sealed.
func (s *Members) reseal(ctx context.Context) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	type sealedMember struct {
		ID     ID
		Sealed []byte
	}
	for after := (ID{}); ; {
		var page []sealedMember
		err := s.DB.Tx(ctx, func(tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, `select id, sealed from app.members where id > $1 and erased_at is null order by id limit $2`, after, tendAtOnce)
			if page, err = pgx.CollectRows(rows, pgx.RowToStructByPos[sealedMember]); err != nil {
				return postgres.Wrap(err, "sealed members")
			}
			for _, m := range page {
				renewed, changed, err := s.Vault.Renew(m.Sealed, sealName(scope.Tenant, m.ID))
				if err != nil {
					return err
				}
				if !changed {
					continue
				}
				// Who changed the member meanwhile sealed it anew already.
				if _, err := tx.Exec(ctx, `update app.members set sealed = $3 where id = $1 and sealed = $2`, m.ID, m.Sealed, renewed); err != nil {
					return postgres.Wrap(err, "sealed member %s", m.ID)
				}
			}
			return nil
		})
		if err != nil || len(page) < tendAtOnce {
			return err
		}
		after = page[len(page)-1].ID
	}
}

// resealChanges seals open proposals again.
func (s *Members) resealChanges(ctx context.Context) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	type sealedChange struct {
		ID     uuid.UUID
		Sealed []byte
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select id, sealed from app.member_changes where status = 'proposed' for update skip locked`)
		open, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sealedChange])
		if err != nil {
			return postgres.Wrap(err, "sealed changes")
		}
		for _, c := range open {
			renewed, changed, err := s.Vault.Renew(c.Sealed, changeName(scope.Tenant, c.ID))
			if err == nil && changed {
				_, err = tx.Exec(ctx, `update app.member_changes set sealed = $2 where id = $1`, c.ID, renewed)
			}
			if err != nil {
				return postgres.Wrap(err, "sealed change %s", c.ID)
			}
		}
		return nil
	})
}
