package recognition

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Channel is a way on which people or machines are reminded.
type Channel string

// The channels. In the product nothing is sent: what is due is a task that everybody of the side reads.
const (
	InApp     Channel = "in-app"
	ByMail    Channel = "e-mail"
	ByWebhook Channel = "webhook"
)

// Channels lists them.
var Channels = []Channel{InApp, ByMail, ByWebhook}

var codeRuleDays = problem.Field("reminder-rule.bad-days")

// ReminderRule is how a tenant is reminded of last days (提醒规则): how many days before, and on which channels. On the day after
// a last day both sides are told that it is over, whatever the days are.
type ReminderRule struct {
	Version  int // 0: nobody wrote one, and this is what holds without
	Days     []int
	Channels []Channel
}

// usualRule holds where a tenant has none.
var usualRule = ReminderRule{Days: []int{30, 7, 1}, Channels: []Channel{InApp, ByMail}}

// over is the step of a rule on which a last day is over.
const over = -1

// Check returns problem.ErrInvalid with each wrong field.
func (r ReminderRule) Check() error {
	err := problem.ErrInvalid
	for n, d := range r.Days {
		if d < 0 || d > 365 || slices.Index(r.Days, d) != n {
			err = err.At("/days", codeRuleDays)
			break
		}
	}
	if len(r.Days) > 10 {
		err = err.At("/days", codeRuleDays)
	}
	for _, c := range r.Channels {
		if !slices.Contains(Channels, c) {
			err = err.At("/channels", codeKind)
			break
		}
	}
	return err.Or()
}

// By tells whether a channel is one of the rule's.
func (r ReminderRule) By(c Channel) bool { return slices.Contains(r.Channels, c) }

// First is how many days before a last day the first reminder is.
func (r ReminderRule) First() int {
	if len(r.Days) == 0 {
		return 0
	}
	return slices.Max(r.Days)
}

// ReminderStatus is what became of a reminder that was to be sent.
type ReminderStatus string

// The statuses of reminders. One that was being sent when its worker died is failed: whether it arrived is not known, and nobody is told
// twice.
const (
	ReminderQueued  ReminderStatus = "queued"
	ReminderSending ReminderStatus = "sending"
	ReminderSent    ReminderStatus = "sent"
	ReminderRefused ReminderStatus = "refused"
	ReminderFailed  ReminderStatus = "failed"
)

// Reminder is what one person, or a tenant's machines, were told of one last day.
type Reminder struct {
	ID       uuid.UUID
	CaseID   CaseID
	Name     string
	Code     string
	EndsOn   time.Time
	Days     int // before the last day; -1: it is over
	Channel  Channel
	Person   string // name; empty of machines
	Status   ReminderStatus
	Tries    int
	Answer   string
	At       time.Time
	language string
	market   Market
	titles   map[string]string
}
