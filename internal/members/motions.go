package members

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Motions lists what is put to the vote of a meeting, in its order.
func (s *Meetings) Motions(ctx context.Context, id MeetingID) (all []Motion, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := meetingByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = motionsOf(ctx, tx, id)
		return err
	})
	return all, err
}

// Propose puts a motion to a meeting that is not over. It returns problem.ErrInvalid with each wrong field, or ErrMeetingFixed.
func (s *Meetings) Propose(ctx context.Context, m Motion) (made Motion, err error) {
	if err := m.Check(); err != nil {
		return made, err
	}
	return s.decideOn(ctx, m.MeetingID, "propose", func(tx pgx.Tx, by string) (uuid.UUID, error) {
		id := uuid.Must(uuid.NewV7())
		_, err := tx.Exec(ctx, `
			insert into app.meeting_motions (id, meeting_id, number, title, body, secret, majority_numerator, majority_denominator, majority_more, majority_base, recorded_by)
			values ($1, $2, (select count(*) + 1 from app.meeting_motions where meeting_id = $2), $3, $4, $5, $6, $7, $8, $9, $10)`,
			id, m.MeetingID, strings.TrimSpace(m.Title), m.Body, m.Secret, m.Majority.Numerator, m.Majority.Denominator, m.Majority.More, m.Majority.Base, by)
		return id, postgres.Wrap(err, "motion of %s", m.MeetingID)
	})
}

// decideOn does something to a motion of a meeting that nobody else changes meanwhile, and tells the trail.
func (s *Meetings) decideOn(ctx context.Context, id MeetingID, act string, do func(tx pgx.Tx, by string) (uuid.UUID, error)) (m Motion, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := lockMeeting(ctx, tx, id); err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		motion, err := do(tx, scope.ActorName)
		if err != nil {
			return err
		}
		if m, err = motionByID(ctx, tx, id, motion); err != nil {
			return err
		}
		// How somebody voted stands in the record and not in the trail.
		_, err = s.tell(ctx, tx, act, id, map[string]any{"motion": m.Number, "result": m.Result()})
		return err
	})
	return m, err
}

// Ballot is a vote that is entered.
type Ballot struct {
	MemberID ID
	Choice   Choice
}

// Vote enters votes on an open motion, all of them or none. Whoever is represented votes through who stands for it. It returns ErrNotThere,
// ErrVoted or ErrNoVoting.
func (s *Meetings) Vote(ctx context.Context, id MeetingID, motion uuid.UUID, all []Ballot) (Motion, error) {
	return s.decideOn(ctx, id, "vote", func(tx pgx.Tx, by string) (uuid.UUID, error) {
		if _, err := motionByID(ctx, tx, id, motion); err != nil {
			return motion, err
		}
		members, choices := make([]ID, 0, len(all)), make([]string, 0, len(all))
		for _, b := range all {
			members, choices = append(members, b.MemberID), append(choices, string(b.Choice))
		}
		done, err := tx.Exec(ctx, `insert into app.meeting_votes (motion_id, meeting_id, member_id, choice, cast_by, recorded_by)
			select $1, $2, v.member, v.choice, coalesce(r.proxy_id, r.member_id), $5 from unnest($3::uuid[], $4::text[]) v (member, choice) join app.meeting_roll r on r.meeting_id = $2 and r.member_id = v.member`,
			motion, id, members, choices, by)
		if err == nil && int(done.RowsAffected()) != len(all) {
			return motion, ErrNotOnRoll
		}
		return motion, postgres.Wrap(err, "votes on %s", motion)
	})
}

// Decide ends the vote on a motion. The votes of an open one are counted; of a secret one they are said. It returns ErrNoQuorumNow, ErrDecided or
// ErrTooMany.
func (s *Meetings) Decide(ctx context.Context, id MeetingID, motion uuid.UUID, secret Tally) (Motion, error) {
	return s.decideOn(ctx, id, "decide", func(tx pgx.Tx, by string) (uuid.UUID, error) {
		if _, err := motionByID(ctx, tx, id, motion); err != nil {
			return motion, err
		}
		_, err := tx.Exec(ctx, `update app.meeting_motions set decided_at = $2, votes_for = $3, votes_against = $4, votes_abstain = $5, recorded_by = $6 where id = $1`,
			motion, s.Now(), secret.For, secret.Against, secret.Abstain, by)
		return motion, postgres.Wrap(err, "motion %s", motion)
	})
}

// Votes lists who voted how on an open motion, in the order of their numbers.
func (s *Meetings) Votes(ctx context.Context, id MeetingID, motion uuid.UUID, limit int, cursor string) (found []Vote, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := motionByID(ctx, tx, id, motion); err != nil {
			return err
		}
		var cur listCursor
		if err := postgres.DecodeCursor(cursor, &cur); err != nil {
			return err
		}
		found, err = votesOf(ctx, tx, motion, cur, limit+1)
		if err == nil && len(found) > limit {
			found = found[:limit]
			last := found[limit-1]
			next = postgres.EncodeCursor(listCursor{last.Number, last.MemberID})
		}
		return err
	})
	return found, next, err
}

func votesOf(ctx context.Context, tx pgx.Tx, motion uuid.UUID, after listCursor, limit int) ([]Vote, error) {
	rows, _ := tx.Query(ctx, `select v.member_id, m.name, coalesce(m.number, ''), v.choice, v.cast_by from app.meeting_votes v join app.members m on m.id = v.member_id
		where v.motion_id = $1 and (coalesce(m.number, '') collate "C", m.id) > ($2, $3) order by coalesce(m.number, '') collate "C", m.id limit $4`, motion, after.Number, after.ID, limit)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Vote])
	return all, postgres.Wrap(err, "votes on %s", motion)
}

// motions are all motions; of one that is not decided the votes so far are counted.
const motions = `
	select m.id, m.meeting_id, m.number, m.title, m.body, m.secret, m.majority_numerator, m.majority_denominator, m.majority_more, m.majority_base, m.decided_at,
		case when m.decided_at is null then v.f else m.votes_for end, case when m.decided_at is null then v.a else m.votes_against end, case when m.decided_at is null then v.n else m.votes_abstain end,
		coalesce(m.present, 0), coalesce(m.voters, 0)
	from app.meeting_motions m cross join lateral (select count(*) filter (where choice = 'for')::integer f, count(*) filter (where choice = 'against')::integer a, count(*) filter (where choice = 'abstain')::integer n
		from app.meeting_votes where motion_id = m.id) v`

func scanMotion(row pgx.CollectableRow) (m Motion, err error) {
	err = row.Scan(&m.ID, &m.MeetingID, &m.Number, &m.Title, &m.Body, &m.Secret, &m.Majority.Numerator, &m.Majority.Denominator, &m.Majority.More, &m.Majority.Base, &m.DecidedAt,
		&m.Tally.For, &m.Tally.Against, &m.Tally.Abstain, &m.Tally.Present, &m.Tally.Voters)
	return m, err
}

func motionsOf(ctx context.Context, tx pgx.Tx, id MeetingID) ([]Motion, error) {
	rows, _ := tx.Query(ctx, motions+` where m.meeting_id = $1 order by m.number limit 200`, id)
	all, err := pgx.CollectRows(rows, scanMotion)
	return all, postgres.Wrap(err, "motions of %s", id)
}

func motionByID(ctx context.Context, tx pgx.Tx, meeting MeetingID, id uuid.UUID) (Motion, error) {
	rows, _ := tx.Query(ctx, motions+` where m.meeting_id = $1 and m.id = $2`, meeting, id)
	m, err := pgx.CollectExactlyOneRow(rows, scanMotion)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, ErrMotionNotFound
	}
	return m, postgres.Wrap(err, "motion %s", id)
}
