package promotion

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of awards.
var (
	ErrAwardNotFound = problem.New(problem.NotFound, "promotion-award.not-found")
	// ErrBudget is returned for a promise of more than is left; its value Left is what is.
	ErrBudget = postgres.Constraint("promotion_budgets_committed_check", problem.New(problem.Conflict, "promotion-award.budget"))
	// ErrPlaces is returned when all places are taken.
	ErrPlaces = postgres.Constraint("promotion_programmes_taken_check", problem.New(problem.Conflict, "promotion-award.places"))
	// ErrTooEarly is returned for a decision while applications are taken, or when the results are published.
	ErrTooEarly = problem.New(problem.Conflict, "promotion-award.not-now")
	// ErrAboveRules is returned for more than the rules make of the eligible costs; its value Most is what they do.
	ErrAboveRules = problem.New(problem.Conflict, "promotion-award.above-rules")
)

// Outcome is what was decided.
type Outcome string

// The outcomes.
const (
	Awarded   Outcome = "awarded"
	Waiting   Outcome = "waiting" // it moves up when somebody withdraws
	Rejected  Outcome = "rejected"
	TakenBack Outcome = "withdrawn" // the applicant withdrew
)

// Award is the decision on an application.
type Award struct {
	ID             uuid.UUID
	Version        int
	ProgrammeID    uuid.UUID
	ApplicationID  uuid.UUID
	Applicant      exchange.Publisher
	Name           string // of the producer or trader, as it applied
	Number         string
	Outcome        Outcome
	Position       int // in the ranking, when it was decided; 0: nobody scored it
	Amount, Paid   Money
	Currency       Currency
	Reason         string
	DecidedName    string
	DecidedAt      time.Time
	PublishedAt    *time.Time
	ObjectionUntil *time.Time
	UpdatedAt      time.Time
	Titles         map[string]string // of the programme
	Keeper         uuid.UUID
	Blind          bool   // the selection is
	Status         Status // of the programme
}

// Decision is what somebody decides on an application.
type Decision struct {
	ApplicationID uuid.UUID
	Outcome       Outcome
	Amount        Money
	Reason        string
}

// Check collects what is wrong with a decision by itself.
func (d Decision) Check() error {
	wrong := problem.ErrInvalid
	if (d.Outcome == Rejected) != (d.Amount == 0) || d.Amount < 0 {
		wrong = wrong.At("/amount", codeAmount)
	}
	if strings.TrimSpace(d.Reason) == "" {
		wrong = wrong.At("/reason", codeNeeded)
	}
	return wrong.Or()
}

// draw takes an amount from what is left of each source, in their order; false when all together have less.
func draw(funds []Fund, amount Money) (parts []Budget, ok bool) {
	for _, f := range funds {
		if part := min(amount, f.Amount-f.Committed); part > 0 {
			parts = append(parts, Budget{f.Source, part})
			amount -= part
		}
	}
	return parts, amount == 0
}

// left is what is not promised yet.
func left(funds []Fund) (sum Money) {
	for _, f := range funds {
		sum += f.Amount - f.Committed
	}
	return sum
}
