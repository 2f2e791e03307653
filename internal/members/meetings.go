package members

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Meetings are the verbs of meetings, motions and minutes.
type Meetings struct {
	*Members
	Letters *Letters
	Jobs    *jobs.Jobs
}

// NewMeetings returns the verbs.
func NewMeetings(l *Letters) *Meetings { return &Meetings{l.Members, l, l.Jobs} }

// Rule reads what the statutes say of a kind of meeting; one of which nobody said anything has the version 0.
func (s *Meetings) Rule(ctx context.Context, kind MeetingKind) (r MeetingRule, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { r, err = meetingRule(ctx, tx, kind); return err })
	return r, err
}

// UpdateRule replaces version of what the statutes say of a kind of meeting. Meetings that were called keep the rule that held then.
func (s *Meetings) UpdateRule(ctx context.Context, r MeetingRule) (after MeetingRule, err error) {
	if err := r.Check(); err != nil {
		return after, err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := meetingRule(ctx, tx, r.Kind)
		if err != nil {
			return err
		}
		if before.Version != r.Version {
			return problem.ErrStale
		}
		if err := saveMeetingRule(ctx, tx, r); err != nil {
			return err
		}
		if after, err = meetingRule(ctx, tx, r.Kind); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "meeting-rule.update", ObjectKind: "meeting-rule", ObjectID: string(r.Kind), Before: before, After: after})
	})
	return after, err
}

// MeetingFilter chooses meetings; empty fields choose all.
type MeetingFilter struct {
	Words  string
	Kind   MeetingKind
	Status MeetingStatus
}

// List returns a page of meetings, the latest first, and the cursor of the next.
func (s *Meetings) List(ctx context.Context, f MeetingFilter, limit int, cursor string) (found []Meeting, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { found, next, err = listMeetings(ctx, tx, f, limit, cursor); return err })
	return found, next, err
}

// Meeting reads a meeting.
func (s *Meetings) Meeting(ctx context.Context, id MeetingID) (m Meeting, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { m, err = meetingByID(ctx, tx, id); return err })
	return m, err
}

// Draft writes a meeting down; nobody is told. It returns problem.ErrInvalid with each wrong field.
func (s *Meetings) Draft(ctx context.Context, m Meeting) (made Meeting, err error) {
	if err := m.Check(); err != nil {
		return made, err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		m.ID = uuid.Must(uuid.NewV7())
		if err := insertMeeting(ctx, tx, m); err != nil {
			return err
		}
		made, err = s.tell(ctx, tx, "create", m.ID, nil)
		return err
	})
	return made, err
}

// tell reads a meeting after an act and tells the trail.
func (s *Meetings) tell(ctx context.Context, tx pgx.Tx, act string, id MeetingID, more map[string]any) (m Meeting, err error) {
	if m, err = meetingByID(ctx, tx, id); err != nil {
		return m, err
	}
	after := map[string]any{"kind": m.Kind, "status": m.Status, "title": m.Title}
	for k, v := range more {
		after[k] = v
	}
	return m, audit.Record(ctx, tx, audit.Event{Action: "meeting." + act, ObjectKind: "meeting", ObjectID: id.String(), After: after})
}

// change does something to version of a meeting that nobody else changes meanwhile.
func (s *Meetings) change(ctx context.Context, id MeetingID, version int, act string, more map[string]any, do func(tx pgx.Tx, m Meeting) error) (after Meeting, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		m, err := lockMeeting(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Version != version {
			return problem.ErrStale
		}
		if err := do(tx, m); err != nil {
			return err
		}
		after, err = s.tell(ctx, tx, act, id, more)
		return err
	})
	return after, err
}

// Update replaces version of a draft. It returns ErrMeetingFixed for what was called.
func (s *Meetings) Update(ctx context.Context, id MeetingID, version int, m Meeting) (Meeting, error) {
	return s.change(ctx, id, version, "update", nil, func(tx pgx.Tx, before Meeting) error {
		if before.Status != MeetingDraft {
			return ErrMeetingFixed
		}
		if err := m.Check(); err != nil {
			return err
		}
		m.ID = id
		return updateMeeting(ctx, tx, m)
	})
}

// Call calls the members: the rule of today stays with the meeting, its roll is written, and a job mails the notice. To a general meeting all
// who belong to the association are called, to another one those named. It returns ErrNoMeetingRule, or ErrLateNotice.
func (s *Meetings) Call(ctx context.Context, id MeetingID, version int, whom []ID) (Meeting, error) {
	return s.change(ctx, id, version, "call", nil, func(tx pgx.Tx, m Meeting) error {
		if _, err := meetingMoves.Next(m.Status, CallMeeting); err != nil {
			return err
		}
		if (m.Kind == GeneralMeeting) != (len(whom) == 0) {
			return problem.ErrInvalid.At("/memberIds", codeMeetingWhom)
		}
		r, err := meetingRule(ctx, tx, m.Kind)
		if err != nil {
			return err
		}
		if r.Version == 0 {
			return ErrNoMeetingRule
		}
		if err := callMeeting(ctx, tx, id, r, s.Now(), m.zone()); err != nil {
			return err
		}
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		slices.SortFunc(whom, func(a, b ID) int { return slices.Compare(a[:], b[:]) })
		whom = slices.Compact(whom)
		made, err := writeRoll(ctx, tx, id, whom, r.OverdueVotes, today)
		if err != nil {
			return err
		}
		if len(whom) > 0 && made != len(whom) { // somebody is no member of ours, or not any more
			return problem.ErrInvalid.At("/memberIds", codeMeetingWhom)
		}
		return s.Letters.begin(ctx, tx)
	})
}

// Open opens a meeting: who has a vote is looked at once more, and the quorum is counted. It returns ErrNoQuorum.
func (s *Meetings) Open(ctx context.Context, id MeetingID, version int) (Meeting, error) {
	return s.change(ctx, id, version, "open", nil, func(tx pgx.Tx, m Meeting) error {
		to, err := meetingMoves.Next(m.Status, OpenMeeting)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		if m.Kind == GeneralMeeting { // who was admitted since belongs to it too
			if _, err := writeRoll(ctx, tx, id, nil, m.Rule.OverdueVotes, today); err != nil {
				return err
			}
		}
		if err := renewRoll(ctx, tx, id, m.Rule.OverdueVotes, today); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update app.meetings set version = version + 1, status = $2, opened_at = $3, updated_at = now() where id = $1`, id, to, s.Now())
		return postgres.Wrap(err, "meeting %s", id)
	})
}

// Close closes a meeting: its roll and its votes stay as they are.
func (s *Meetings) Close(ctx context.Context, id MeetingID, version int) (Meeting, error) {
	return s.change(ctx, id, version, "close", nil, func(tx pgx.Tx, m Meeting) error {
		to, err := meetingMoves.Next(m.Status, CloseMeeting)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update app.meetings set version = version + 1, status = $2, closed_at = $3, updated_at = now() where id = $1`, id, to, s.Now())
		return postgres.Wrap(err, "meeting %s", id)
	})
}

// Cancel says that a meeting is not held, and why: too few came, for one.
func (s *Meetings) Cancel(ctx context.Context, id MeetingID, version int, reason string) (Meeting, error) {
	return s.change(ctx, id, version, "cancel", map[string]any{"reason": reason}, func(tx pgx.Tx, m Meeting) error {
		to, err := meetingMoves.Next(m.Status, CancelMeeting)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update app.meetings set version = version + 1, status = $2, reason = $3, updated_at = now() where id = $1`, id, to, reason)
		return postgres.Wrap(err, "meeting %s", id)
	})
}

// RollFilter chooses who is on a roll; empty fields choose all.
type RollFilter struct {
	Words      string
	Attendance Attendance
	Notice     string
}

// Roll lists who is called to a meeting in the order of their numbers, and returns the cursor of the next page.
func (s *Meetings) Roll(ctx context.Context, id MeetingID, f RollFilter, limit int, cursor string) (found []Called, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := meetingByID(ctx, tx, id); err != nil {
			return err
		}
		found, next, err = listRoll(ctx, tx, id, f, limit, cursor)
		return err
	})
	return found, next, err
}

// Attend enters whether a member came, itself or by another one that stands for it. It returns ErrNotOnRoll, ErrNoHolder, ErrProxies, ErrProxy
// or ErrStands, and ErrMeetingFixed when the meeting is over.
func (s *Meetings) Attend(ctx context.Context, id MeetingID, member ID, a Attendance, proxy *ID) (m Meeting, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := lockMeeting(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Status != MeetingCalled && before.Status != MeetingOpen {
			return ErrMeetingFixed
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `update app.meeting_roll set attendance = $3, proxy_id = $4, recorded_by = $5 where meeting_id = $1 and member_id = $2`, id, member, a, proxy, scope.ActorName)
		if err != nil {
			return postgres.Wrap(err, "attendance at %s", id)
		}
		if done.RowsAffected() == 0 {
			return ErrNotOnRoll
		}
		m, err = s.tell(ctx, tx, "attend", id, map[string]any{"member": member, "attendance": a, "proxy": proxy})
		return err
	})
	return m, err
}

// answer is what a member says of a meeting before it: whether it comes.
func answer(ctx context.Context, tx pgx.Tx, id MeetingID, member ID, comes bool, at time.Time) error {
	said := "not-coming"
	if comes {
		said = "coming"
	}
	done, err := tx.Exec(ctx, `update app.meeting_roll r set answer = $3, answered_at = $4 from app.meetings m where m.id = $1 and m.status = 'called' and r.meeting_id = $1 and r.member_id = $2`, id, member, said, at)
	if err != nil {
		return postgres.Wrap(err, "answer to %s", id)
	}
	if done.RowsAffected() == 0 {
		return ErrNotOnRoll
	}
	return nil
}
