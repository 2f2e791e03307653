package apitest

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/members"
)

// meet drafts a meeting.
func (a adder) meet(n int) error {
	_, err := a.house.Meetings.Draft(a.ctx, members.Meeting{Kind: members.OtherMeeting, Title: fmt.Sprint("Meeting ", n), Place: "Here", BeginsAt: time.Now().AddDate(0, 0, n), TimeZone: "UTC"})
	return err
}

// come lets somebody come to a meeting that goes on, who was not called.
func (a adder) come(n int) error { _, err := a.comes(n); return err }

func (a adder) comes(n int) (members.ID, error) {
	m, err := a.house.Members.Create(a.ctx, members.Facts{Category: members.Grower, Name: fmt.Sprint("Member ", n)}, nil)
	if err != nil {
		return m.ID, err
	}
	return m.ID, a.house.DB.Tx(a.ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(a.ctx, `insert into app.meeting_roll (meeting_id, member_id, attendance) values ($1, $2, 'here')`, a.records["meetings"], m.ID)
		return err
	})
}

// vote lets somebody come and vote.
func (a adder) vote(n int) error {
	id, err := a.comes(n)
	if err == nil {
		_, err = a.house.Meetings.Vote(a.ctx, uuid.MustParse(a.records["meetings"]), uuid.MustParse(a.records["motionId"]), []members.Ballot{{MemberID: id, Choice: members.Against}})
	}
	return err
}
