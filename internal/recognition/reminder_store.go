package recognition

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

func reminderRule(ctx context.Context, tx pgx.Tx) (r ReminderRule, err error) {
	err = tx.QueryRow(ctx, `select version, days, channels from app.reminder_rules`).Scan(&r.Version, &r.Days, &r.Channels)
	if errors.Is(err, pgx.ErrNoRows) {
		return usualRule, nil
	}
	return r, postgres.Wrap(err, "reminder rule")
}

// saveReminderRule replaces version of the rule, 0 while there is none. It returns problem.ErrStale when that is not the newest.
func saveReminderRule(ctx context.Context, tx pgx.Tx, r ReminderRule) error {
	done, err := tx.Exec(ctx, `
		insert into app.reminder_rules as r (days, channels) select $2, $3 where $1 = 0 or exists (select from app.reminder_rules)
		on conflict (tenant_id) do update set version = r.version + 1, days = excluded.days, channels = excluded.channels, updated_at = now() where r.version = $1`,
		r.Version, orEmpty(r.Days), orEmpty(r.Channels))
	if err == nil && done.RowsAffected() == 0 {
		return problem.ErrStale
	}
	return postgres.Wrap(err, "reminder rule")
}

// reminded is a person who is reminded by mail.
type reminded struct {
	ID                  uuid.UUID
	Email, Name, Locale string
	Roles               []string
}

// people are those who did not say that they want no mail.
func people(ctx context.Context, tx pgx.Tx) ([]reminded, error) {
	rows, _ := tx.Query(ctx, `
		select p.id, p.email, p.name, p.locale, p.roles from app.people p left join app.reminder_choices c on c.person_id = p.id
		where p.disabled_at is null and coalesce(c.mail, true) order by p.id limit 10000`)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reminded])
	return all, postgres.Wrap(err, "people to remind")
}

// lately is how long after a last day somebody who was not told is still told that it is over: a rule that begins today is no reason
// to tell of all that ever was.
const lately = 7 // days

// remind writes down of which last days a channel is to tell now, each to everybody it is for; machines are one that has no id. It may be
// done again: what was written stays as it is.
func remind(ctx context.Context, tx pgx.Tx, r ReminderRule, today, now time.Time, c Channel, to []*uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		with due as (
			select t.case_id, t.code, t.start_seq, t.ends_on,
				case when t.ends_on < $1 then -1 else (select min(d) from unnest($2::integer[]) d where d >= t.ends_on - $1) end as days
			from app.case_deadlines t
			where t.state = 'open' and t.ends_on between $1 - $4::integer and $1 + $5::integer
				and (t.ends_on < $1 or app.tenant() = case t.side when 'origin' then coalesce(t.origin, t.tenant_id) else coalesce(t.destination, t.tenant_id) end))
		insert into app.reminders (case_id, code, start_seq, ends_on, days, told_on, channel, person_id, created_at)
		select d.case_id, d.code, d.start_seq, d.ends_on, d.days, $1, $3, p.id, $7 from due d, unnest($6::uuid[]) as p (id) where d.days is not null
		on conflict do nothing`, today, orEmpty(r.Days), c, lately, r.First(), to, now)
	return postgres.Wrap(err, "reminders by %s", c)
}

// tellMachines writes what machines are told into the trail, from which endpoints are told.
func tellMachines(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `update app.reminders set status = 'sent', tries = 1, tried_at = now() where channel = 'webhook' and status = 'queued' returning case_id, code, ends_on, days`)
	type told struct {
		Case CaseID
		Code string
		Ends time.Time
		Days int
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[told])
	if err != nil {
		return postgres.Wrap(err, "reminders of machines")
	}
	for _, r := range all {
		e := audit.Event{Action: "deadline.end-soon", ObjectKind: "deadline", ObjectID: r.Case.String() + "/" + r.Code,
			After: map[string]any{"daysBefore": r.Days, "expiresAt": r.Ends, "caseId": r.Case, "code": r.Code}}
		if err := audit.Record(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

const (
	// askedAgain is how long after it was tried last a reminder that a server did not take is tried again.
	askedAgain = 30 * time.Minute
	// worthTelling is how long a reminder is tried: what comes later is of no use.
	worthTelling = 48 * time.Hour
)

// waiting are the people for whom reminders wait. Those that were tried in vain for too long are given up.
func waiting(ctx context.Context, tx pgx.Tx, now time.Time) ([]uuid.UUID, error) {
	_, err := tx.Exec(ctx, `
		update app.reminders set status = 'failed' where channel = 'e-mail'
			and (status = 'queued' and created_at < $1 or status = 'sending' and tried_at < $2)`, now.Add(-worthTelling), now.Add(-askedAgain))
	if err != nil {
		return nil, postgres.Wrap(err, "reminders given up")
	}
	rows, _ := tx.Query(ctx, `select person_id from app.reminders where channel = 'e-mail' and status = 'queued' group by person_id
		having coalesce(max(tried_at), '-infinity') < $1 order by person_id`, now.Add(-askedAgain))
	all, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return all, postgres.Wrap(err, "reminders that wait")
}

// mostInMail is how many last days one mail tells of; a mail program shows no more.
const mostInMail = 200

// take takes the reminders that wait for a person, so that nobody else sends them.
func take(ctx context.Context, tx pgx.Tx, person uuid.UUID, now time.Time) ([]Reminder, reminded, error) {
	var p reminded
	err := tx.QueryRow(ctx, `select id, email, name, locale, roles from app.people where id = $1 and disabled_at is null for update`, person).Scan(&p.ID, &p.Email, &p.Name, &p.Locale, &p.Roles)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, p, nil
	}
	if err != nil {
		return nil, p, postgres.Wrap(err, "person %s", person)
	}
	rows, _ := tx.Query(ctx, `
		with mine as (
			update app.reminders set status = 'sending', tries = tries + 1, tried_at = $2
			where id in (select id from app.reminders where person_id = $1 and status = 'queued' order by ends_on, id limit $3)
			returning id, case_id, code, ends_on, days, tries)
		select m.id, m.case_id, m.code, m.ends_on, m.days, m.tries, c.name, c.language, c.market,
			coalesce((select e -> 'titles' from jsonb_array_elements(p.content -> 'periods') e where e ->> 'code' = m.code limit 1), '{}')
		from mine m join app.recognition_cases c on c.id = m.case_id
		join app.procedures p on p.tenant_id = c.tenant_id and p.instrument_id = c.instrument_id and p.version = c.procedure_version
		order by m.ends_on, m.id`, person, now, mostInMail)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Reminder, err error) {
		err = row.Scan(&r.ID, &r.CaseID, &r.Code, &r.EndsOn, &r.Days, &r.Tries, &r.Name, &r.language, &r.market, &r.titles)
		return r, err
	})
	return all, p, postgres.Wrap(err, "reminders of %s", person)
}

// settle writes what became of reminders that were being sent.
func settle(ctx context.Context, tx pgx.Tx, all []Reminder, s ReminderStatus, answer string) error {
	ids := make([]uuid.UUID, 0, len(all))
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	_, err := tx.Exec(ctx, `update app.reminders set status = $2, answer = $3 where id = any ($1)`, ids, s, answer)
	return postgres.Wrap(err, "reminders")
}

// listReminders lists what was told, newest first.
func listReminders(ctx context.Context, tx pgx.Tx, c *CaseID, status ReminderStatus, limit int, cursor string) ([]Reminder, string, error) {
	cur := idCursor{uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, `
		select r.id, r.case_id, coalesce(c.name, ''), r.code, r.ends_on, r.days, r.channel, coalesce(p.name, ''), r.status, r.tries, r.answer, r.created_at
		from app.reminders r left join app.recognition_cases c on c.id = r.case_id left join app.people p on p.id = r.person_id
		where r.id < $1 and ($2::uuid is null or r.case_id = $2) and ($3 = '' or r.status = $3) order by r.id desc limit $4`, cur.ID, c, status, limit+1)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Reminder, err error) {
		err = row.Scan(&r.ID, &r.CaseID, &r.Name, &r.Code, &r.EndsOn, &r.Days, &r.Channel, &r.Person, &r.Status, &r.Tries, &r.Answer, &r.At)
		return r, err
	})
	if err != nil || len(found) <= limit {
		return found, "", postgres.Wrap(err, "reminders")
	}
	return found[:limit], postgres.EncodeCursor(idCursor{found[limit-1].ID}), nil
}
