package marks

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Stage is where an application stands.
type Stage string

// The stages. From taken on it follows the authorisation that the keeper of the mark examines.
const (
	NoStage        Stage = "none"
	StageDraft     Stage = "draft"
	StageSubmitted Stage = "submitted"
	StageReturned  Stage = "returned" // for completion
	StageWithdrawn Stage = "withdrawn"
	StageTaken     Stage = "taken" // it is examined
	StageRefused   Stage = "refused"
	StageAppealed  Stage = "appealed"
	StageEntered   Stage = "entered"
)

// Step is something done to an application.
type Step string

// The steps; the last ones are taken by what happens to the authorisation.
const (
	StepCreate   Step = "create"
	StepUpdate   Step = "update"
	StepSubmit   Step = "submit"
	StepWithdraw Step = "withdraw"
	StepReturn   Step = "return"
	StepTake     Step = "take"
	StepAppeal   Step = "appeal"
)

var steps = lifecycle.Table[Stage, Step]{
	{From: NoStage, Act: StepCreate, To: StageDraft},
	{From: StageDraft, Act: StepUpdate, To: StageDraft},
	{From: StageDraft, Act: StepSubmit, To: StageSubmitted},
	{From: StageDraft, Act: StepWithdraw, To: StageWithdrawn},
	{From: StageSubmitted, Act: StepReturn, To: StageReturned},
	{From: StageSubmitted, Act: StepTake, To: StageTaken},
	{From: StageSubmitted, Act: StepWithdraw, To: StageWithdrawn},
	{From: StageReturned, Act: StepUpdate, To: StageReturned},
	{From: StageReturned, Act: StepSubmit, To: StageSubmitted},
	{From: StageReturned, Act: StepWithdraw, To: StageWithdrawn},
	{From: StageRefused, Act: StepAppeal, To: StageAppealed},
}

// follows is the stage of an application whose authorisation came into a status by an act; an appeal that the keeper wrote down changes
// nothing.
func follows(before Stage, act Act, to Status) Stage {
	switch {
	case act == Appeal:
		return before
	case to == Refused:
		return StageRefused
	case to == Withdrawn:
		return StageWithdrawn
	case to.InForce(), to == Ended:
		return StageEntered
	}
	return StageTaken
}

// Inspection is the last one of the producer, as it says.
type Inspection struct {
	On     string `json:"on"` // a day
	Passed bool   `json:"passed"`
	Report string `json:"report"` // number of the report
}

// Form is what an applicant says. It is saved as it is filled, whatever it still lacks.
type Form struct {
	Kind           Kind              `json:"kind"`
	CreditCode     string            `json:"creditCode"`
	Names          map[string]string `json:"names"`
	Township       string            `json:"township"`
	Exports        bool              `json:"exports"`
	Contact        string            `json:"contact"`
	Phone          string            `json:"phone"` // masked, as it is kept; exchange.Contacts have it
	Area           *Measure          `json:"area,omitempty"`
	Standard       string            `json:"standard"` // that it produces to
	Inspection     *Inspection       `json:"inspection,omitempty"`
	Recommendation string            `json:"recommendation"` // of the association that applies for it
	Documents      []uuid.UUID       `json:"documents"`
}

// code is the credit code, as it is compared; empty when it is none.
func (f Form) code() string {
	c, err := ParseCreditCode(f.CreditCode)
	if err != nil {
		return ""
	}
	return string(c)
}

// complete collects what a form lacks to be submitted.
func (f Form) complete() error {
	h := f.holder()
	wrong := problem.ErrInvalid
	for _, needed := range []struct{ at, text string }{{"/kind", string(f.Kind)}, {"/contact", f.Contact}, {"/phone", f.Phone}, {"/standard", f.Standard}} {
		if strings.TrimSpace(needed.text) == "" {
			wrong = wrong.At(needed.at, codeNeeded)
		}
	}
	if f.Area != nil {
		if _, ok := f.Area.in(mu); !ok {
			wrong = wrong.At("/area/value", codeLotArea)
		}
	} else {
		wrong = wrong.At("/area/value", codeNeeded)
	}
	return both(h.Check(), wrong.Or())
}

func (f Form) holder() Holder {
	return Holder{Kind: f.Kind, CreditCode: CreditCode(f.CreditCode), Names: f.Names, Township: f.Township, Exports: f.Exports}
}

// Checked is one of the things that make an applicant eligible.
type Checked struct {
	Check   string `json:"check"`   // registration, code, membership, area, specification, inspection or recommendation
	Verdict string `json:"verdict"` // yes, no or unknown
}

// Known is what is known of an applicant beside its form.
type Known struct {
	Registered  bool  // the registration holds
	Association bool  // the applicant is one
	Member      *bool // of the association that applies; nil: nobody can say
}

// Eligible checks an application. A no refuses nothing: the keeper decides, and has to admit who meets the conditions of a certification
// mark (Trade Mark Law implementing regulation, article 4).
func (f Form) Eligible(k Known) []Checked {
	said := func(yes bool) string {
		if yes {
			return "yes"
		}
		return "no"
	}
	when := func(known, yes bool) string {
		if !known {
			return "unknown"
		}
		return said(yes)
	}
	area := false
	if f.Area != nil {
		r, ok := f.Area.in(mu)
		area = ok && r.Sign() > 0
	}
	return []Checked{
		{"registration", said(k.Registered)},
		{"code", said(f.code() != "")},
		{"membership", when(k.Member != nil, k.Member != nil && *k.Member)},
		{"area", said(area)},
		{"specification", said(strings.TrimSpace(f.Standard) != "")},
		{"inspection", when(f.Inspection != nil, f.Inspection != nil && f.Inspection.Passed)},
		{"recommendation", when(k.Association, strings.TrimSpace(f.Recommendation) != "")},
	}
}

// Application (用标申请) is one of a producer to the keeper of a mark.
type Application struct {
	ID              uuid.UUID
	Version         int
	Applicant       exchange.Publisher
	Keeper          exchange.Publisher
	RegistrationID  uuid.UUID
	Product         string
	Stage           Stage
	Form            Form
	Checks          []Checked
	Number          string
	SubmittedAt     *time.Time
	Appeal          string
	Asked           []string
	CompleteUntil   *time.Time
	AuthorisationID *uuid.UUID
	Progress        Status // of the authorisation
	Decision        string
	Notice          string
	AppealUntil     *time.Time
	DecidedName     string
	CreatedName     string
	CreatedAt       time.Time
	UpdatedAt       time.Time
	Own             bool // of the reader
}

// Membership tells whether a credit code is that of a member of the reading association.
type Membership func(ctx context.Context, tx pgx.Tx, code string) (bool, error)

// Problems of applications.
var (
	ErrApplicationNotFound = problem.New(problem.NotFound, "mark-application.not-found")
	ErrProduct             = problem.New(problem.NotFound, "mark-application.registration")
	ErrAppealOver          = problem.New(problem.Conflict, "mark-application.appeal-over")
	ErrPaperNotFound       = problem.New(problem.NotFound, "mark-application.document")
	codeAsked              = problem.Field("mark-application.asked")
	codeFile               = problem.Field("mark-application.file")
)

// askable collects what is wrong with what is asked for.
func askable(asked []string, until, today time.Time) error {
	wrong := problem.ErrInvalid
	for i, a := range asked {
		if strings.TrimSpace(a) == "" {
			wrong = wrong.At(fmt.Sprintf("/asked/%d", i), codeAsked)
		}
	}
	if until.Before(today) {
		wrong = wrong.At("/until", codeEarlier)
	}
	return wrong.Or()
}
