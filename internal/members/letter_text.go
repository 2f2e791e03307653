package members

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// message is what a member is told, in its language.
func (s *Letters) message(ctx context.Context, tx pgx.Tx, l Letter) (m mail.Message, err error) {
	tag, m, values, err := s.addressed(ctx, tx, l.MemberID)
	if err != nil {
		return m, err
	}
	lines := []string{s.Bundle.T(tag, "dues.mail.greeting", values)}
	word := func(id string) string { return s.Bundle.T(tag, id, values) }
	switch l.Kind {
	case MeetingLetter:
		more, err := s.notice(ctx, tx, tag, l, values)
		if err != nil {
			return m, err
		}
		m.Subject, lines = word("letter-to-member.meeting.subject"), append(lines, more...)
	case LicenceLetter:
		day, number, err := licenceOf(l.About)
		if err != nil {
			return m, err
		}
		values["Day"], values["Number"] = locale.Day(tag, day), number
		m.Subject, lines = word("letter-to-member.licence.subject"), append(lines, word("letter-to-member.licence.text"))
	case PortalLetter:
		if values["Link"], values["Until"], err = s.link(ctx, tx, tag, l.MemberID); err != nil {
			return m, err
		}
		m.Subject, lines = word("letter-to-member.portal.subject"), append(lines, word("letter-to-member.portal.text"))
	}
	lines = append(lines, word("letter-to-member.why"))
	m.Text, m.ID = strings.Join(lines, "\n\n")+"\n", l.ID.String()+"@members.helianthus"
	return m, nil
}

// addressed begins a mail to a member in its language, with what each of them says: to whom, and from which association.
func (s *Members) addressed(ctx context.Context, tx pgx.Tx, id ID) (tag locale.Tag, m mail.Message, values map[string]any, err error) {
	to, err := s.byID(ctx, tx, id)
	if err != nil {
		return tag, m, nil, err
	}
	names, err := ownNames(ctx, tx)
	tag = to.Content.language()
	m.Name, m.To = to.mailbox()
	m.Language = string(tag)
	return tag, m, map[string]any{"Name": m.Name, "Association": locale.Pick(tag, names)}, err
}

// ownNames are the names of the association.
func ownNames(ctx context.Context, tx pgx.Tx) (names map[string]string, err error) {
	err = tx.QueryRow(ctx, `select names from app.tenants where id = app.tenant()`).Scan(&names)
	return names, postgres.Wrap(err, "own tenant")
}

// licenceOf reads what a letter of a licence is about: the last day, the days before it, and the number.
func licenceOf(about string) (until time.Time, number string, err error) {
	on, rest, _ := strings.Cut(about, " ")
	if until, err = time.Parse(time.DateOnly, on); err != nil {
		return until, "", fmt.Errorf("licence %q: %w", about, err)
	}
	_, number, _ = strings.Cut(rest, " ")
	return until, number, nil
}

// link makes a key of the portal for a mail; those before it open nothing any more.
func (s *Letters) link(ctx context.Context, tx pgx.Tx, tag locale.Tag, id ID) (link, until string, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return "", "", err
	}
	key, ends, err := s.newKey(ctx, tx, id)
	if err != nil {
		return "", "", err
	}
	zone, err := zone(ctx, tx)
	return s.Base + "/associations/" + scope.Slug + "/portal/" + key, locale.Instant(tag, ends, zone), err
}

// notice is what a member is told of a meeting: when, where, on what, and whether it has a vote.
func (s *Letters) notice(ctx context.Context, tx pgx.Tx, tag locale.Tag, l Letter, values map[string]any) ([]string, error) {
	id, err := uuid.Parse(l.About)
	if err != nil {
		return nil, fmt.Errorf("letter %s: %w", l.ID, err)
	}
	g, err := meetingByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	var why NoVote
	if err := tx.QueryRow(ctx, `select no_vote from app.meeting_roll where meeting_id = $1 and member_id = $2`, id, l.MemberID).Scan(&why); err != nil {
		return nil, postgres.Wrap(err, "roll of %s", id)
	}
	values["Title"], values["When"] = g.Title, locale.Instant(tag, g.BeginsAt, g.zone())
	word := func(id string) string { return s.Bundle.T(tag, id, values) }
	lines := []string{word("letter-to-member.meeting.text")}
	if values["Place"] = g.Place; g.Place != "" {
		lines = append(lines, word("letter-to-member.meeting.place"))
	}
	if values["Link"] = g.Link; g.Link != "" {
		lines = append(lines, word("letter-to-member.meeting.link"))
	}
	if len(g.Agenda) > 0 {
		matters := []string{word("letter-to-member.meeting.agenda")}
		for i, item := range g.Agenda {
			matters = append(matters, fmt.Sprintf("%d. %s", i+1, item.Title))
		}
		lines = append(lines, strings.Join(matters, "\n"))
	}
	if why != "" {
		values["Why"] = word("meeting.no-vote." + string(why))
		lines = append(lines, word("letter-to-member.meeting.no-vote"))
	}
	return lines, nil
}
