package marks

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Outcome is what a visit came to.
type Outcome string

// The outcomes.
const (
	VisitPassed Outcome = "passed"
	VisitMinor  Outcome = "minor" // something has to be put right, and no order is needed
	VisitFailed Outcome = "failed"
)

// VisitStatus is where a visit stands.
type VisitStatus string

// The statuses.
const (
	VisitPlanned   VisitStatus = "planned"
	VisitDone      VisitStatus = "done"
	VisitCancelled VisitStatus = "cancelled"
)

// VisitAct is something done to a visit.
type VisitAct string

// The acts.
const (
	VisitRecord VisitAct = "record"
	VisitCancel VisitAct = "cancel"
)

var visitMoves = lifecycle.Table[VisitStatus, VisitAct]{
	{From: VisitPlanned, Act: VisitRecord, To: VisitDone},
	{From: VisitPlanned, Act: VisitCancel, To: VisitCancelled},
}

// Visit (检查) is one to a user of the mark: who goes when and why, and what was found.
type Visit struct {
	ID              uuid.UUID
	Version         int
	AuthorisationID ID
	Status          VisitStatus
	PlannedOn       time.Time
	Visitor         string
	Reason          string
	Outcome         Outcome
	VisitedOn       *time.Time
	Findings        string // or why it was cancelled
	Documents       []uuid.UUID
	CreatedAt       time.Time
	UpdatedAt       time.Time
	UpdatedName     string
}

// Found is what a visit found.
type Found struct {
	Outcome   Outcome
	VisitedOn time.Time
	Findings  string
	Documents []uuid.UUID
}

// Details of the fields of visits and complaints.
var (
	codeVisitNeeded   = problem.Field("mark-visit.needed")
	codeVisitFindings = problem.Field("mark-visit.findings")
	codeComplaint     = problem.Field("mark-complaint.needed")
	codeAnswer        = problem.Field("mark-complaint.answer")
)

// Check collects what a plan lacks.
func (v *Visit) Check() error {
	wrong := problem.ErrInvalid
	if v.Visitor = strings.TrimSpace(v.Visitor); v.Visitor == "" {
		wrong = wrong.At("/visitor", codeVisitNeeded)
	}
	if v.Reason = strings.TrimSpace(v.Reason); v.Reason == "" {
		wrong = wrong.At("/reason", codeVisitNeeded)
	}
	return wrong.Or()
}

// record writes what was found into a visit. A visit that found nothing says so by passing.
func (v *Visit) record(f Found, today time.Time) error {
	to, err := visitMoves.Next(v.Status, VisitRecord)
	if err != nil {
		return err
	}
	wrong := problem.ErrInvalid
	if f.Findings = strings.TrimSpace(f.Findings); f.Findings == "" && f.Outcome != VisitPassed {
		wrong = wrong.At("/findings", codeVisitFindings)
	}
	if f.VisitedOn.After(today) {
		wrong = wrong.At("/visitedOn", codeFuture)
	}
	v.Status, v.Outcome, v.VisitedOn, v.Findings, v.Documents = to, f.Outcome, &f.VisitedOn, f.Findings, f.Documents
	return wrong.Or()
}

// cancel ends a plan with the reason.
func (v *Visit) cancel(reason string) error {
	to, err := visitMoves.Next(v.Status, VisitCancel)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return problem.ErrInvalid.At("/reason", codeVisitNeeded)
	}
	v.Status, v.Findings = to, reason
	return nil
}

// ComplaintStatus is what came of a complaint.
type ComplaintStatus string

// The statuses.
const (
	ComplaintOpen      ComplaintStatus = "open"
	ComplaintAccepted  ComplaintStatus = "accepted" // it is dealt with, and the complainant was told so
	ComplaintUpheld    ComplaintStatus = "upheld"
	ComplaintDismissed ComplaintStatus = "dismissed"
)

// ComplaintAct is something done to a complaint.
type ComplaintAct string

// The acts.
const (
	ComplaintAccept  ComplaintAct = "accept"
	ComplaintUphold  ComplaintAct = "uphold"
	ComplaintDismiss ComplaintAct = "dismiss"
)

var complaintMoves = lifecycle.Table[ComplaintStatus, ComplaintAct]{
	{From: ComplaintOpen, Act: ComplaintAccept, To: ComplaintAccepted},
	{From: ComplaintOpen, Act: ComplaintUphold, To: ComplaintUpheld},
	{From: ComplaintOpen, Act: ComplaintDismiss, To: ComplaintDismissed},
	{From: ComplaintAccepted, Act: ComplaintUphold, To: ComplaintUpheld},
	{From: ComplaintAccepted, Act: ComplaintDismiss, To: ComplaintDismissed},
}

// Complaint (投诉举报) is about a user of the mark. Who complained is confidential (SAMR Order 20 of 2019, article 33): whoever decides reads it,
// and the trail does not.
type Complaint struct {
	ID              uuid.UUID
	Version         int
	AuthorisationID ID
	Status          ComplaintStatus
	Complainant     string `json:"-"`
	Text            string
	ReceivedOn      time.Time
	Documents       []uuid.UUID
	Answer          string
	DecidedName     string
	DecidedAt       *time.Time
	CreatedAt       time.Time
	CreatedName     string
	AcceptedOn      *time.Time
	Clock           *Clock `json:"-"` // the one that runs
}

// Check collects what a complaint lacks.
func (c *Complaint) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if c.Text = strings.TrimSpace(c.Text); c.Text == "" {
		wrong = wrong.At("/text", codeComplaint)
	}
	if c.ReceivedOn.After(today) {
		wrong = wrong.At("/receivedOn", codeFuture)
	}
	return wrong.Or()
}

// accept begins to deal with a complaint on a day that has come.
func (c *Complaint) accept(on, today time.Time) error {
	to, err := complaintMoves.Next(c.Status, ComplaintAccept)
	if err != nil {
		return err
	}
	wrong := problem.ErrInvalid
	switch {
	case on.After(today):
		wrong = wrong.At("/on", codeFuture)
	case on.Before(c.ReceivedOn):
		wrong = wrong.At("/on", codeEarlier)
	}
	c.Status, c.AcceptedOn = to, &on
	return wrong.Or()
}

// decide says what came of a complaint.
func (c *Complaint) decide(act ComplaintAct, answer string) error {
	to, err := complaintMoves.Next(c.Status, act)
	if err != nil {
		return err
	}
	if answer = strings.TrimSpace(answer); answer == "" {
		return problem.ErrInvalid.At("/answer", codeAnswer)
	}
	c.Status, c.Answer = to, answer
	return nil
}
