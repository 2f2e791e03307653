package marks

import (
	"time"

	"github.com/google/uuid"
)

// Usage is how many of the producers that could use the mark of a registration, or those of all, used it in a period (用标率): those of them who were
// authorised and put marks on goods, by the ledger, over those that are listed and counted on its last day.
type Usage struct {
	RegistrationID *uuid.UUID // nil: of all
	From, To       time.Time  // first and last day
	Target         *int       // percent; nil: the tenant's rule names none
	Figures
	Months []MonthUsage
}

// Figures are the shares of a period.
type Figures struct {
	All       Share           `json:"all"`
	Exporters Share           `json:"exporters"`
	Townships []TownshipShare `json:"townships"`
	Exclusion []Exclusion     `json:"exclusions"`
}

// Share is a numerator and a denominator. Producers that are listed and excluded are in neither.
type Share struct {
	Counted  int `json:"counted"`
	Using    int `json:"using"`
	Excluded int `json:"excluded"`
}

// Percent is the rate in hundredths of a percent, rounded down: a target that is not met is never shown as met. False where nobody is
// counted, which is no rate.
func (s Share) Percent() (hundredths int, ok bool) {
	if s.Counted == 0 {
		return 0, false
	}
	return s.Using * 10_000 / s.Counted, true
}

// Meets tells whether the share meets a target in percent.
func (s Share) Meets(target int) bool { return s.Counted > 0 && s.Using*100 >= target*s.Counted }

func (s Share) plus(o Share) Share {
	return Share{s.Counted + o.Counted, s.Using + o.Using, s.Excluded + o.Excluded}
}

// TownshipShare is the share of a township; the township is empty for producers of which none is known.
type TownshipShare struct {
	Township string `json:"township"`
	Share
}

// Exclusion is how many producers are excluded for a reason.
type Exclusion struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// MonthUsage are the shares of a month.
type MonthUsage struct {
	Month          time.Time
	All, Exporters Share
}

// add counts a group of producers of one township.
func (f *Figures) add(township string, exports bool, s Share) {
	f.All = f.All.plus(s)
	if exports {
		f.Exporters = f.Exporters.plus(s)
	}
	if n := len(f.Townships); n > 0 && f.Townships[n-1].Township == township {
		f.Townships[n-1].Share = f.Townships[n-1].plus(s)
		return
	}
	f.Townships = append(f.Townships, TownshipShare{township, s})
}

// NextStep is what brings a producer that does not use the mark nearer to it.
type NextStep string

// The next steps, in the order of the way.
const (
	StepNone   NextStep = ""        // it uses the mark, or is not counted
	StepApply  NextStep = "apply"   // it has no authorisation, or its last one is over
	StepDecide NextStep = "decide"  // its application waits for the authority
	StepRight  NextStep = "rectify" // it has something to put right first
	StepIssue  NextStep = "issue"   // it may use the mark and was given none
	StepUse    NextStep = "use"     // it has marks, and no use of them is in the ledger
)

// NextSteps lists those that are shown.
var NextSteps = []NextStep{StepApply, StepDecide, StepRight, StepIssue, StepUse}

// ProducerUsage is a producer with what it did in a period.
type ProducerUsage struct {
	Producer
	Marks           int64 // that it put on goods in the period
	LastUsedOn      *time.Time
	AuthorisationID *uuid.UUID // its newest one
	Status          Status     // of that; empty: it has none
	Held            int64      // marks that it was given and has not used
}

// Using tells whether it counts as one that uses the mark.
func (p ProducerUsage) Using() bool { return p.Marks > 0 }

// Next is what brings it nearer to using the mark.
func (p ProducerUsage) Next() NextStep {
	switch {
	case p.Using() || p.Excluded != "":
		return StepNone
	case p.Status == "" || p.Status.Over():
		return StepApply
	case p.Status == Rectifying || p.Status == Abnormal:
		return StepRight
	case p.Status != Active:
		return StepDecide
	case p.Held == 0:
		return StepIssue
	default:
		return StepUse
	}
}

// Figure are the figures of a month as they were reported; what follows of the same month says why.
type Figure struct {
	ID             uuid.UUID
	RegistrationID uuid.UUID
	Month          time.Time
	Seq            int
	Target         *int
	Figures        Figures
	Reason         string
	FrozenName     string
	FrozenAt       time.Time
}

// Counted is a producer as a figure counted it, so that the figure can be followed to its records however they change.
type Counted struct {
	ID         uuid.UUID  `json:"id"`
	CreditCode CreditCode `json:"creditCode"`
	Name       string     `json:"name"`
	Township   string     `json:"township"`
	Exports    bool       `json:"exports"`
	Excluded   string     `json:"excluded,omitempty"`
	Marks      int64      `json:"marks"`
}
