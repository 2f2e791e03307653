package members

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// recordFormat names the form of a record that is signed.
const recordFormat = "helianthus-meeting-record/1"

// Record is a meeting as data: what is signed with its minutes, by the SHA-256 of its canonical JSON (RFC 8785). Members are in it by id and
// not by name, so that what is personal of one can be erased and the signed record stays.
type Record struct {
	Format  string         `json:"format"`
	Meeting RecordMeeting  `json:"meeting"`
	Roll    []RecordCalled `json:"roll"`
	Motions []RecordMotion `json:"motions"`
	Quorum  string         `json:"quorum"` // reached or not-reached, at the opening
	Seq     int            `json:"seq"`    // behind 1: a correction
	Chair   string         `json:"chair"`
	Body    string         `json:"body"`
}

// RecordMeeting is the meeting of a record.
type RecordMeeting struct {
	ID       MeetingID    `json:"id"`
	Kind     MeetingKind  `json:"kind"`
	Title    string       `json:"title"`
	Place    string       `json:"place"`
	Link     string       `json:"link"`
	BeginsAt string       `json:"beginsAt"`
	TimeZone string       `json:"timeZone"`
	Agenda   []AgendaItem `json:"agenda"`
	CalledOn string       `json:"calledOn"`
	Notice   int          `json:"noticeDays"`
	Quorum   string       `json:"quorumShare"`
	Base     Base         `json:"quorumBase"`
	Source   string       `json:"source"`
	Counted  int          `json:"counted"`
	Present  int          `json:"present"`
	OpenedAt string       `json:"openedAt"`
	ClosedAt string       `json:"closedAt"`
}

// RecordCalled is somebody on the roll of a record.
type RecordCalled struct {
	Member     ID         `json:"member"`
	NoVote     NoVote     `json:"noVote"`
	Attendance Attendance `json:"attendance"`
	Proxy      *ID        `json:"proxy"`
}

// RecordMotion is a motion of a record.
type RecordMotion struct {
	Number   int          `json:"number"`
	Title    string       `json:"title"`
	Body     string       `json:"body"`
	Secret   bool         `json:"secret"`
	Majority string       `json:"majorityShare"`
	Base     MajorityBase `json:"majorityBase"`
	For      int          `json:"for"`
	Against  int          `json:"against"`
	Abstain  int          `json:"abstain"`
	Present  int          `json:"present"`
	Voters   int          `json:"voters"`
	Result   string       `json:"result"` // empty: it was not decided
	Votes    []RecordVote `json:"votes"`
}

// RecordVote is a vote of a record.
type RecordVote struct {
	Member ID     `json:"member"`
	Choice Choice `json:"choice"`
	CastBy ID     `json:"castBy"`
}

// mostOnRecord bounds a roll that is read whole.
const mostOnRecord = 50_000

func (s Share) String() string {
	sign := ">="
	if s.More {
		sign = ">"
	}
	return fmt.Sprintf("%s %d/%d", sign, s.Numerator, s.Denominator)
}

// record gathers a meeting with an entry of its minutes.
func record(ctx context.Context, tx pgx.Tx, m Meeting, e Minutes) (r Record, err error) {
	r = Record{Format: recordFormat, Seq: e.Seq, Chair: e.Chair, Body: e.Body, Quorum: "not-reached", Roll: []RecordCalled{}, Motions: []RecordMotion{}}
	instant := func(at *time.Time) string {
		if at == nil {
			return ""
		}
		return at.UTC().Format(time.RFC3339)
	}
	r.Meeting = RecordMeeting{ID: m.ID, Kind: m.Kind, Title: m.Title, Place: m.Place, Link: m.Link, BeginsAt: instant(&m.BeginsAt), TimeZone: m.TimeZone, Agenda: agenda(m.Agenda), Counted: m.Count.Of, Present: m.Count.Present,
		OpenedAt: instant(m.OpenedAt), ClosedAt: instant(m.ClosedAt)}
	if m.Rule != nil {
		r.Meeting.CalledOn, r.Meeting.Notice, r.Meeting.Quorum, r.Meeting.Base, r.Meeting.Source = m.CalledOn.Format(time.DateOnly), m.Rule.NoticeDays, m.Rule.Quorum.String(), m.Rule.Base, m.Rule.Source
	}
	if m.Quorate() {
		r.Quorum = "reached"
	}
	roll, _, err := listRoll(ctx, tx, m.ID, RollFilter{}, mostOnRecord, "")
	if err != nil {
		return r, err
	}
	for _, c := range roll {
		r.Roll = append(r.Roll, RecordCalled{c.MemberID, c.NoVote, c.Attendance, c.ProxyID})
	}
	slices.SortFunc(r.Roll, func(a, b RecordCalled) int { return slices.Compare(a.Member[:], b.Member[:]) }) // numbers may change
	all, err := motionsOf(ctx, tx, m.ID)
	if err != nil {
		return r, err
	}
	for _, o := range all {
		x := RecordMotion{o.Number, o.Title, o.Body, o.Secret, o.Majority.Share.String(), o.Majority.Base, o.Tally.For, o.Tally.Against, o.Tally.Abstain, o.Tally.Present, o.Tally.Voters, o.Result(), []RecordVote{}}
		votes, err := votesOf(ctx, tx, o.ID, listCursor{}, mostOnRecord)
		if err != nil {
			return r, err
		}
		for _, v := range votes {
			x.Votes = append(x.Votes, RecordVote{v.MemberID, v.Choice, v.CastBy})
		}
		slices.SortFunc(x.Votes, func(a, b RecordVote) int { return slices.Compare(a.Member[:], b.Member[:]) })
		r.Motions = append(r.Motions, x)
	}
	return r, nil
}

// Hash is what is signed of a record.
func (r Record) Hash() ([]byte, error) {
	text, err := exchange.Canonical(r)
	sum := sha256.Sum256(text)
	return sum[:], err
}

// MinutesOf lists the minutes of a meeting and their corrections, in their order.
func (s *Meetings) MinutesOf(ctx context.Context, id MeetingID) (all []Minutes, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := meetingByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = minutesOf(ctx, tx, id)
		return err
	})
	return all, err
}

// Record reads a meeting with an entry of its minutes as data.
func (s *Meetings) Record(ctx context.Context, id MeetingID, entry uuid.UUID) (r Record, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		m, err := meetingByID(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err := minutesByID(ctx, tx, id, entry)
		if err != nil {
			return err
		}
		r, err = record(ctx, tx, m, e)
		return err
	})
	return r, err
}

// Minute writes the minutes of a meeting that was closed; behind signed ones it is a correction. An entry that the chair has not signed is
// written anew. It returns ErrMinutesNext or ErrMinutesFixed.
func (s *Meetings) Minute(ctx context.Context, id MeetingID, chair, body string) (made Minutes, err error) {
	return s.minute(ctx, id, "minute", func(tx pgx.Tx, all []Minutes, scope tenancy.Scope) (uuid.UUID, error) {
		if n := len(all); n > 0 && !all[n-1].Signed() {
			_, err := tx.Exec(ctx, `update app.meeting_minutes set body = $2, chair = $3 where id = $1`, all[n-1].ID, body, chair)
			return all[n-1].ID, postgres.Wrap(err, "minutes of %s", id)
		}
		entry := uuid.Must(uuid.NewV7())
		_, err := tx.Exec(ctx, `insert into app.meeting_minutes (id, meeting_id, seq, body, chair, created_by) values ($1, $2, $3, $4, $5, $6)`, entry, id, len(all)+1, body, chair, scope.ActorName)
		return entry, postgres.Wrap(err, "minutes of %s", id)
	})
}

// Signer is as whom somebody signs minutes.
type Signer string

// The signers.
const (
	Chair  Signer = "chair"
	Second Signer = "second"
)

// Sign signs an entry of minutes as the chair, or as the second person, after which it is fixed. It returns ErrSameSigner, ErrChairFirst or
// ErrMinutesFixed.
func (s *Meetings) Sign(ctx context.Context, id MeetingID, entry uuid.UUID, as Signer) (Minutes, error) {
	return s.minute(ctx, id, "sign", func(tx pgx.Tx, _ []Minutes, scope tenancy.Scope) (uuid.UUID, error) {
		e, err := minutesByID(ctx, tx, id, entry)
		if err != nil {
			return entry, err
		}
		if scope.ActorKind != tenancy.Person {
			return entry, ErrNoPerson
		}
		m, err := meetingByID(ctx, tx, id)
		if err != nil {
			return entry, err
		}
		r, err := record(ctx, tx, m, e)
		if err != nil {
			return entry, err
		}
		sum, err := r.Hash()
		if err != nil {
			return entry, err
		}
		if as == Chair {
			_, err = tx.Exec(ctx, `update app.meeting_minutes set sha256 = $2, chair_by = $3, chair_name = $4, chair_at = $5 where id = $1`, entry, sum, scope.Actor, scope.ActorName, s.Now())
			return entry, postgres.Wrap(err, "minutes %s", entry)
		}
		if e.ChairAt != nil && !bytes.Equal(e.SHA256, sum) {
			return entry, ErrMinutesFixed
		}
		_, err = tx.Exec(ctx, `update app.meeting_minutes set second_by = $2, second_name = $3, second_at = $4 where id = $1`, entry, scope.Actor, scope.ActorName, s.Now())
		return entry, postgres.Wrap(err, "minutes %s", entry)
	})
}

// minute does something to the minutes of a meeting that nobody else changes meanwhile, and tells the trail.
func (s *Meetings) minute(ctx context.Context, id MeetingID, act string, do func(tx pgx.Tx, all []Minutes, scope tenancy.Scope) (uuid.UUID, error)) (e Minutes, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := lockMeeting(ctx, tx, id); err != nil {
			return err
		}
		all, err := minutesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		entry, err := do(tx, all, scope)
		if err != nil {
			return err
		}
		if e, err = minutesByID(ctx, tx, id, entry); err != nil {
			return err
		}
		_, err = s.tell(ctx, tx, act, id, map[string]any{"minutes": e.Seq})
		return err
	})
	return e, err
}

const minutes = `select id, meeting_id, seq, body, chair, sha256, chair_by, chair_name, chair_at, second_by, second_name, second_at, created_at, created_by from app.meeting_minutes where meeting_id = $1`

func minutesOf(ctx context.Context, tx pgx.Tx, id MeetingID) ([]Minutes, error) {
	rows, _ := tx.Query(ctx, minutes+` order by seq limit 200`, id)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Minutes])
	return all, postgres.Wrap(err, "minutes of %s", id)
}

func minutesByID(ctx context.Context, tx pgx.Tx, id MeetingID, entry uuid.UUID) (Minutes, error) {
	rows, _ := tx.Query(ctx, minutes+` and id = $2`, id, entry)
	e, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Minutes])
	if errors.Is(err, pgx.ErrNoRows) {
		return e, ErrMinutesNotFound
	}
	return e, postgres.Wrap(err, "minutes %s", entry)
}
