package promotion

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of applications.
var (
	ErrApplicationNotFound = problem.New(problem.NotFound, "promotion-application.not-found")
	// ErrSecond is returned for a second application to a call for the same producer, while the first is not withdrawn.
	ErrSecond = postgres.Constraint("promotion_applications_once_key", problem.New(problem.Conflict, "promotion-application.second"))
	// ErrNotOpen is returned for an application to a call that takes none yet, or none any more; its value Opens is since when it would.
	ErrNotOpen = problem.New(problem.Conflict, "promotion-application.not-open")
	// ErrCompletionOver is returned for completing after the day that was set; its value Until is which.
	ErrCompletionOver = problem.New(problem.Conflict, "promotion-application.completion-over")
	// ErrSelected is returned for completing an application when the selection is over.
	ErrSelected = problem.New(problem.Conflict, "promotion-application.selected")
	// ErrSettled is returned for withdrawing what is settled.
	ErrSettled = problem.New(problem.Conflict, "promotion-application.settled")
	// ErrPaidOut is returned for withdrawing what was paid for.
	ErrPaidOut = problem.New(problem.Conflict, "promotion-application.paid")

	codeNeeded     = problem.Field("promotion.needed")
	codeRate       = problem.Field("promotion.rate")
	codeRateSource = problem.Field("promotion.rate-source")
	codeFuture     = problem.Field("promotion.future")
	codeDocument   = problem.Field("promotion.document")
	codeFile       = problem.Field("promotion.file")
	codeUntil      = problem.Field("promotion.until")
)

// Cost is an amount that was or will be spent, in its own currency, with what it is worth in the programme's. A rate is named with its source and its
// day, so that anybody can look it up.
type Cost struct {
	Kind       CostKind   `json:"kind"`
	Text       string     `json:"text"`
	Amount     Money      `json:"amount"`
	Currency   Currency   `json:"currency"`
	Rate       Rate       `json:"rate,omitempty"`
	RateSource string     `json:"rateSource,omitempty"`
	RateOn     *time.Time `json:"rateOn,omitempty"`
}

// worth is the cost in a currency, not rounded; nil when the rate is missing.
func (c Cost) worth(in Currency) *big.Rat {
	if c.Currency == in {
		return new(big.Rat).SetInt64(int64(c.Amount))
	}
	rate, ok := c.Rate.value()
	if !ok {
		return nil
	}
	return converted(c.Amount, c.Currency, in, rate)
}

// check names what a cost lacks, below its place.
func (c Cost) check(wrong *problem.Error, at string, in Currency, today time.Time) *problem.Error {
	if c.Amount <= 0 {
		wrong = wrong.At(at+"/amount", codeAmount)
	}
	if _, ok := ParseCurrency(string(c.Currency)); !ok {
		wrong = wrong.At(at+"/currency", codeCurrency)
	}
	if c.Currency == in {
		return wrong
	}
	if _, ok := c.Rate.value(); !ok {
		wrong = wrong.At(at+"/rate", codeRate, "From", string(c.Currency), "To", string(in))
	}
	if strings.TrimSpace(c.RateSource) == "" {
		wrong = wrong.At(at+"/rateSource", codeRateSource)
	}
	switch {
	case c.RateOn == nil:
		wrong = wrong.At(at+"/rateOn", codeRateSource)
	case c.RateOn.After(today):
		wrong = wrong.At(at+"/rateOn", codeFuture)
	}
	return wrong
}

// Paper is a document that comes with an application: its hash says which file it was.
type Paper struct {
	Code       string    `json:"code"` // of the document that the call requires; empty: another
	DocumentID uuid.UUID `json:"documentId"`
}

// Form is what an applicant says. It is saved as it is filled, whatever it still lacks.
type Form struct {
	Name       string   `json:"name"`       // of the producer or trader
	CreditCode string   `json:"creditCode"` // by which two applications for the same one are told
	Contact    string   `json:"contact"`
	Email      string   `json:"email"` // masked, as phone is; exchange.Contacts have both
	Phone      string   `json:"phone"`
	Language   string   `json:"language"` // of letters to it
	Plan       string   `json:"plan"`
	Team       []string `json:"team"`
	Costs      []Cost   `json:"costs"`
	Papers     []Paper  `json:"papers"`
}

// code is the credit code as it is compared.
func (f Form) code() string {
	return strings.ToUpper(strings.Join(strings.Fields(f.CreditCode), ""))
}

// Reckoned is what costs make under a call's rules.
type Reckoned struct {
	Eligible Money
	Support  Money
}

// Reckon sums the eligible costs that can be converted and rounds once, down.
func Reckon(costs []Cost, in Currency, rules Rules) Reckoned {
	sum := new(big.Rat)
	for _, cost := range costs {
		if worth := cost.worth(in); worth != nil && slices.Contains(rules.Eligible, cost.Kind) {
			sum.Add(sum, worth)
		}
	}
	eligible := floor(sum)
	return Reckoned{eligible, rules.Support(eligible)}
}

// complete collects what a form lacks to be submitted to a call.
func (f Form) complete(c Content, today time.Time) error {
	wrong := problem.ErrInvalid
	for _, needed := range []struct{ at, text string }{{"/name", f.Name}, {"/creditCode", f.code()}, {"/contact", f.Contact}, {"/email", f.Email}, {"/plan", f.Plan}} {
		if strings.TrimSpace(needed.text) == "" {
			wrong = wrong.At(needed.at, codeNeeded)
		}
	}
	for i, cost := range f.Costs {
		wrong = cost.check(wrong, fmt.Sprintf("/costs/%d", i), c.Currency, today)
	}
	for _, d := range c.Documents {
		if !slices.ContainsFunc(f.Papers, func(p Paper) bool { return p.Code == d.Code }) {
			wrong = wrong.At("/papers", codeDocument, "Code", d.Code)
		}
	}
	if len(wrong.Details) == 0 && Reckon(f.Costs, c.Currency, c.Rules).Support <= 0 {
		wrong = wrong.At("/costs", codeNone)
	}
	return wrong.Or()
}

// Application is a tenant's application to a programme.
type Application struct {
	ID            uuid.UUID
	Version       int
	Applicant     exchange.Publisher
	Keeper        uuid.UUID
	ProgrammeID   uuid.UUID
	Stage         Stage
	Form          Form
	Number        string
	SubmittedAt   *time.Time
	Reckoned      Reckoned // as it was submitted
	Asked         []string // what has to be completed
	CompleteUntil *time.Time
	AskedName     string
	CreatedName   string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Call          Call
	Own           bool // of the tenant that reads it
}

// Call is what an application's reader has to know of its programme.
type Call struct {
	Titles   map[string]string
	Currency Currency
	Rules    Rules
	Blind    bool
	Status   Status
}

// contact is how the applicant is reached, as the form says it.
func (f Form) contact() exchange.Contact { return exchange.Contact{Phone: f.Phone, Email: f.Email} }

// masking is the form with what it may say of how the applicant is reached.
func (f Form) masking(c exchange.Contact) Form {
	f.Phone, f.Email = c.Phone, c.Email
	return f
}

// completing tells whether what was returned can still be completed at an instant, or why not.
func (a Application) completing(at time.Time) error {
	if a.CompleteUntil != nil && over(*a.CompleteUntil, at) {
		return ErrCompletionOver.With("Until", a.CompleteUntil.UTC().Format(time.RFC3339))
	}
	if !a.Call.Status.selecting() {
		return ErrSelected
	}
	return nil
}
