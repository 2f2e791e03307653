package members

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func meetingRule(ctx context.Context, tx pgx.Tx, kind MeetingKind) (MeetingRule, error) {
	r := MeetingRule{Kind: kind}
	err := tx.QueryRow(ctx, `select version, notice_days, quorum_numerator, quorum_denominator, quorum_more, quorum_base, proxies, overdue_votes, source, updated_at, updated_by from app.meeting_rules where kind = $1`, kind).
		Scan(&r.Version, &r.NoticeDays, &r.Quorum.Numerator, &r.Quorum.Denominator, &r.Quorum.More, &r.Base, &r.Proxies, &r.OverdueVotes, &r.Source, &r.UpdatedAt, &r.UpdatedBy)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, nil
	}
	return r, postgres.Wrap(err, "rule of %s meetings", kind)
}

// saveMeetingRule replaces version of a rule, 0 while there is none. It returns problem.ErrStale when that is not the newest.
func saveMeetingRule(ctx context.Context, tx pgx.Tx, r MeetingRule) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	done, err := tx.Exec(ctx, `
		insert into app.meeting_rules as r (kind, notice_days, quorum_numerator, quorum_denominator, quorum_more, quorum_base, proxies, overdue_votes, source, updated_by)
		select $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 where $1 = 0 or exists (select from app.meeting_rules where kind = $2)
		on conflict (tenant_id, kind) do update set version = r.version + 1, notice_days = excluded.notice_days, quorum_numerator = excluded.quorum_numerator, quorum_denominator = excluded.quorum_denominator,
			quorum_more = excluded.quorum_more, quorum_base = excluded.quorum_base, proxies = excluded.proxies, overdue_votes = excluded.overdue_votes, source = excluded.source,
			updated_at = now(), updated_by = excluded.updated_by where r.version = $1`,
		r.Version, r.Kind, r.NoticeDays, r.Quorum.Numerator, r.Quorum.Denominator, r.Quorum.More, r.Base, r.Proxies, r.OverdueVotes, r.Source, scope.ActorName)
	if err == nil && done.RowsAffected() == 0 {
		return problem.ErrStale
	}
	return postgres.Wrap(err, "rule of %s meetings", r.Kind)
}

func insertMeeting(ctx context.Context, tx pgx.Tx, m Meeting) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into app.meetings (id, kind, title, place, link, begins_at, time_zone, agenda, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		m.ID, m.Kind, m.Title, m.Place, m.Link, m.BeginsAt, m.TimeZone, agenda(m.Agenda), scope.ActorName)
	return postgres.Wrap(err, "meeting %s", m.ID)
}

func updateMeeting(ctx context.Context, tx pgx.Tx, m Meeting) error {
	_, err := tx.Exec(ctx, `update app.meetings set version = version + 1, kind = $2, title = $3, place = $4, link = $5, begins_at = $6, time_zone = $7, agenda = $8, updated_at = now() where id = $1`,
		m.ID, m.Kind, m.Title, m.Place, m.Link, m.BeginsAt, m.TimeZone, agenda(m.Agenda))
	return postgres.Wrap(err, "meeting %s", m.ID)
}

func agenda(items []AgendaItem) []AgendaItem {
	if items == nil {
		return []AgendaItem{}
	}
	return items
}

func callMeeting(ctx context.Context, tx pgx.Tx, id MeetingID, r MeetingRule, at time.Time, zone *time.Location) error {
	_, err := tx.Exec(ctx, `
		update app.meetings set version = version + 1, status = 'called', called_at = $2, called_on = $3, notice_days = $4, quorum_numerator = $5, quorum_denominator = $6, quorum_more = $7, quorum_base = $8,
			proxies = $9, overdue_votes = $10, source = $11, updated_at = now() where id = $1`,
		id, at, recognition.Calendar{TimeZone: zone.String()}.Day(at), r.NoticeDays, r.Quorum.Numerator, r.Quorum.Denominator, r.Quorum.More, r.Base, r.Proxies, r.OverdueVotes, r.Source)
	return postgres.Wrap(err, "meeting %s", id)
}

// overdue are the members of whom money is open although its last day is over, on the day $1.
const overdue = `exists (select from app.dues_invoices i where i.member_id = m.id and i.cancelled_at is null and i.due_on < $1
	and i.amount > (select coalesce(sum(p.amount), 0) from app.dues_payments p where p.invoice_id = i.id))`

// noVote is why a member has no vote; $2 lets those vote whose dues are overdue.
const noVote = `case when m.status = 'suspended' then 'suspended' when m.status <> 'admitted' then 'over' when not $2 and ` + overdue + ` then 'overdue' else '' end`

// writeRoll calls members to a meeting, all who belong to the association where none are named, and returns how many it wrote. Who is on the
// roll stays as it is.
func writeRoll(ctx context.Context, tx pgx.Tx, id MeetingID, whom []ID, overdueVotes bool, today time.Time) (int, error) {
	done, err := tx.Exec(ctx, `insert into app.meeting_roll (meeting_id, member_id, no_vote) select $3, m.id, `+noVote+` from app.members m
		where m.status in ('admitted', 'suspended') and ($4::uuid[] is null or m.id = any ($4)) on conflict do nothing`, today, overdueVotes, id, whom)
	return int(done.RowsAffected()), postgres.Wrap(err, "roll of %s", id)
}

// renewRoll looks once more at who has a vote. Whoever lost it is represented no more; who stands for others and lost it has to be replaced first.
func renewRoll(ctx context.Context, tx pgx.Tx, id MeetingID, overdueVotes bool, today time.Time) error {
	_, err := tx.Exec(ctx, `update app.meeting_roll r set no_vote = x.why, attendance = case when x.why <> '' and r.attendance = 'proxy' then 'absent' else r.attendance end, proxy_id = case when x.why = '' then r.proxy_id end
		from (select m.id, `+noVote+` as why from app.members m) x where r.meeting_id = $3 and x.id = r.member_id and x.why <> r.no_vote`, today, overdueVotes, id)
	return postgres.Wrap(err, "roll of %s", id)
}

// meetings are all meetings with their counts: those of the opening, or as the roll stands.
const meetings = `
	select m.id, m.version, m.kind, m.status, m.title, m.place, m.link, m.begins_at, m.time_zone, m.agenda, m.called_on, m.called_at, m.notice_days, m.quorum_numerator, m.quorum_denominator, m.quorum_more, m.quorum_base,
		m.proxies, m.overdue_votes, m.source, m.opened_at, coalesce(m.counted, c.counted), coalesce(m.present, c.present), c.voters, m.closed_at, m.reason, m.created_at, m.created_by
	from app.meetings m cross join lateral (select count(*) filter (where m.quorum_base = 'roll' or r.no_vote = '')::integer as counted, count(*) filter (where r.no_vote = '' and r.attendance <> 'absent')::integer as present,
		count(*) filter (where r.no_vote = '')::integer as voters from app.meeting_roll r where r.meeting_id = m.id) c`

func scanMeeting(row pgx.CollectableRow) (m Meeting, err error) {
	var r struct {
		days, numerator, denominator, proxies *int
		more, overdue                         *bool
		base                                  *Base
		source                                *string
	}
	err = row.Scan(&m.ID, &m.Version, &m.Kind, &m.Status, &m.Title, &m.Place, &m.Link, &m.BeginsAt, &m.TimeZone, &m.Agenda, &m.CalledOn, &m.CalledAt, &r.days, &r.numerator, &r.denominator, &r.more, &r.base, &r.proxies, &r.overdue, &r.source,
		&m.OpenedAt, &m.Count.Of, &m.Count.Present, &m.Count.Voters, &m.ClosedAt, &m.Reason, &m.CreatedAt, &m.CreatedBy)
	if err == nil && r.days != nil {
		m.Rule = &MeetingRule{Kind: m.Kind, NoticeDays: *r.days, Quorum: Share{*r.numerator, *r.denominator, *r.more}, Base: *r.base, Proxies: *r.proxies, OverdueVotes: *r.overdue, Source: *r.source}
	}
	return m, err
}

func meetingByID(ctx context.Context, tx pgx.Tx, id MeetingID) (Meeting, error) {
	rows, _ := tx.Query(ctx, meetings+` where m.id = $1`, id)
	m, err := pgx.CollectExactlyOneRow(rows, scanMeeting)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, ErrMeetingNotFound
	}
	return m, postgres.Wrap(err, "meeting %s", id)
}

func lockMeeting(ctx context.Context, tx pgx.Tx, id MeetingID) (Meeting, error) {
	if _, err := tx.Exec(ctx, `select from app.meetings where id = $1 for update`, id); err != nil {
		return Meeting{}, postgres.Wrap(err, "meeting %s", id)
	}
	return meetingByID(ctx, tx, id)
}

type meetingCursor struct {
	At time.Time
	ID uuid.UUID
}

func listMeetings(ctx context.Context, tx pgx.Tx, f MeetingFilter, limit int, cursor string) ([]Meeting, string, error) {
	cur := meetingCursor{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max}
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, meetings+` where ($1 = '' or strpos(lower(m.title), lower($1)) > 0) and ($2 = '' or m.kind = $2) and ($3 = '' or m.status = $3) and (m.begins_at, m.id) < ($4, $5)
		order by m.begins_at desc, m.id desc limit $6`, f.Words, f.Kind, f.Status, cur.At, cur.ID, limit+1)
	all, err := pgx.CollectRows(rows, scanMeeting)
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "meetings")
	}
	last := all[limit-1]
	return all[:limit], postgres.EncodeCursor(meetingCursor{last.BeginsAt, last.ID}), nil
}

// rollRows are those on the roll of the meeting $1.
const rollRows = `
	select r.member_id, m.name, coalesce(m.number, '') as number, r.no_vote, r.attendance, r.proxy_id, coalesce(h.name, '') as proxy, r.answer, coalesce(l.status, '') as notice, l.tried_at
	from app.meeting_roll r join app.members m on m.id = r.member_id left join app.members h on h.id = r.proxy_id
	left join app.member_letters l on l.kind = 'meeting' and l.about = r.meeting_id::text and l.member_id = r.member_id
	where r.meeting_id = $1`

func listRoll(ctx context.Context, tx pgx.Tx, id MeetingID, f RollFilter, limit int, cursor string) ([]Called, string, error) {
	var cur listCursor
	if err := postgres.DecodeCursor(cursor, &cur); err != nil {
		return nil, "", err
	}
	rows, _ := tx.Query(ctx, rollRows+` and ($2 = '' or strpos(m.name_key, $3) > 0 and $3 <> '' or starts_with(lower(m.number), lower($2))) and ($4 = '' or r.attendance = $4) and ($5 = '' or l.status = $5)
		and (coalesce(m.number, '') collate "C", m.id) > ($6, $7) order by coalesce(m.number, '') collate "C", m.id limit $8`,
		id, f.Words, registry.NameKey(f.Words), f.Attendance, f.Notice, cur.Number, cur.ID, limit+1)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Called])
	if err != nil || len(all) <= limit {
		return all, "", postgres.Wrap(err, "roll of %s", id)
	}
	last := all[limit-1]
	return all[:limit], postgres.EncodeCursor(listCursor{last.Number, last.MemberID}), nil
}
