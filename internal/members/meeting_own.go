package members

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// OwnMeeting is a meeting as a member sees it: whether it has a vote, whether it came, and what came of the motions.
type OwnMeeting struct {
	Meeting
	NoVote     NoVote
	Attendance Attendance
	Answer     string
	Motions    []OwnMotion
}

// OwnMotion is a motion with the member's own vote; empty where it gave none, or the vote was secret.
type OwnMotion struct {
	Motion
	Choice Choice
}

// Open tells whether the member can still say if it comes.
func (m OwnMeeting) Open() bool { return m.Status == MeetingCalled }

// When writes when a meeting begins, in the meeting's own zone.
func (m Meeting) When(language string) string {
	return locale.Instant(locale.Tag(language), m.BeginsAt, m.zone())
}

// mostMeetings bounds what a member is shown of its meetings.
const mostMeetings = 100

// meetingsOf are the meetings to which a member was called, the latest first.
func meetingsOf(ctx context.Context, tx pgx.Tx, id ID) ([]OwnMeeting, error) {
	rows, _ := tx.Query(ctx, meetings+` where exists (select from app.meeting_roll r where r.meeting_id = m.id and r.member_id = $1) order by m.begins_at desc, m.id desc limit $2`, id, mostMeetings)
	found, err := pgx.CollectRows(rows, scanMeeting)
	if err != nil {
		return nil, postgres.Wrap(err, "meetings of %s", id)
	}
	all, at := make([]OwnMeeting, len(found)), map[MeetingID]*OwnMeeting{}
	ids := make([]MeetingID, len(found))
	for i, m := range found {
		all[i].Meeting, ids[i] = m, m.ID
		at[m.ID] = &all[i]
	}
	rows, _ = tx.Query(ctx, `select meeting_id, no_vote, attendance, answer from app.meeting_roll where member_id = $1 and meeting_id = any ($2)`, id, ids)
	var meeting MeetingID
	var own OwnMeeting
	if _, err := pgx.ForEachRow(rows, []any{&meeting, &own.NoVote, &own.Attendance, &own.Answer}, func() error {
		o := at[meeting]
		o.NoVote, o.Attendance, o.Answer = own.NoVote, own.Attendance, own.Answer
		return nil
	}); err != nil {
		return nil, postgres.Wrap(err, "roll of %s", id)
	}
	rows, _ = tx.Query(ctx, motions+` where m.meeting_id = any ($1) order by m.number`, ids)
	put, err := pgx.CollectRows(rows, scanMotion)
	if err != nil {
		return nil, postgres.Wrap(err, "motions of %s", id)
	}
	rows, _ = tx.Query(ctx, `select motion_id, choice from app.meeting_votes where member_id = $1 and meeting_id = any ($2)`, id, ids)
	chosen := map[MeetingID]Choice{}
	var motion MeetingID
	var choice Choice
	if _, err := pgx.ForEachRow(rows, []any{&motion, &choice}, func() error { chosen[motion] = choice; return nil }); err != nil {
		return nil, postgres.Wrap(err, "votes of %s", id)
	}
	for _, m := range put {
		at[m.MeetingID].Motions = append(at[m.MeetingID].Motions, OwnMotion{m, chosen[m.ID]})
	}
	return all, nil
}
