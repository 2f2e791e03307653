package promotion

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Problems of programmes.
var (
	ErrNotFound = problem.New(problem.NotFound, "promotion-programme.not-found")
	// ErrFrozen is returned for a change of what applicants rely on.
	ErrFrozen = postgres.Constraint("promotion_programmes_frozen_check", problem.New(problem.Conflict, "promotion-programme.frozen"))
	// ErrOwnReview is returned to who reviews what they wrote.
	ErrOwnReview = postgres.Constraint("promotion_programmes_second_check", problem.New(problem.Conflict, "promotion-programme.own-review"))
	// ErrWindowOpen is returned for closing a call while its window is open; its value Closes is until when.
	ErrWindowOpen = problem.New(problem.Conflict, "promotion-programme.window-open")
	ErrWindowOver = problem.New(problem.Conflict, "promotion-programme.window-over")
	// ErrUndecided is returned for publishing results while applications wait for a decision; its value Count is how many.
	ErrUndecided = problem.New(problem.Conflict, "promotion-programme.undecided")
	// ErrOpenClaims is returned for settling while claims wait.
	ErrOpenClaims = problem.New(problem.Conflict, "promotion-programme.open-claims")

	codeTitle     = problem.Field("promotion.title")
	codeWindow    = problem.Field("promotion.window")
	codeCountry   = problem.Field("promotion.country")
	codeCurrency  = problem.Field("promotion.currency")
	codeAmount    = problem.Field("promotion.amount")
	codeTwice     = problem.Field("promotion.twice")
	codeNone      = problem.Field("promotion.none")
	codeCommittee = problem.Field("promotion.committee")
)

// Kind is what a programme supports.
type Kind string

// Kinds lists them.
var Kinds = []Kind{"fair", "mission", "platform", "buyer-meeting", "certification", "advertising", "labels"}

// Source is whose money it is.
type Source string

// Sources lists them, in the order in which they are drawn on.
var Sources = []Source{"county", "league-city", "region", "state"}

// CostKind is what costs are for.
type CostKind string

// CostKinds lists them.
var CostKinds = []CostKind{"booth", "travel", "freight", "samples", "translation", "certification", "advertising", "platform-fee", "labels", "other"}

// Budget is the money of a source.
type Budget struct {
	Source Source `json:"source"`
	Amount Money  `json:"amount"`
}

// Rules say how much of what is supported.
type Rules struct {
	ShareBP  int        `json:"shareBp"` // hundredths of a percent of the eligible costs
	Ceiling  Money      `json:"ceiling"` // for one application
	Eligible []CostKind `json:"eligible"`
}

// Support is what the rules make of eligible costs, rounded down.
func (r Rules) Support(eligible Money) Money {
	// 10^15 · 10^4 is more than an int64 holds.
	whole, rest := eligible/10_000, eligible%10_000
	return min(whole*Money(r.ShareBP)+rest*Money(r.ShareBP)/10_000, r.Ceiling)
}

// Criterion is what the committee looks at.
type Criterion struct {
	Code   string            `json:"code"`
	Names  map[string]string `json:"names"`
	Weight int               `json:"weight"`
}

// Required is a document that an application needs.
type Required struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
}

// Content is the call: what applicants rely on.
type Content struct {
	Kind          Kind              `json:"kind"`
	Titles        map[string]string `json:"titles"` // by BCP 47 tag
	Texts         map[string]string `json:"texts"`
	Topics        []string          `json:"topics,omitempty"` // what it is about, in the words of whoever keeps it; subscribed to
	Countries     []string          `json:"countries"`        // ISO 3166-1, two letters
	Window        Window            `json:"window"`
	Places        int               `json:"places"`
	Currency      Currency          `json:"currency"`
	Budgets       []Budget          `json:"budgets"`
	Rules         Rules             `json:"rules"`
	Criteria      []Criterion       `json:"criteria"`
	Documents     []Required        `json:"documents"`
	Blind         bool              `json:"blind"`         // the committee does not see whose an application is
	ObjectionDays int               `json:"objectionDays"` // after the results are published
}

// Check collects what is wrong with a call by itself.
func (c Content) Check() error {
	wrong := c.shape("")
	if c.Rules.Ceiling <= 0 {
		wrong = wrong.At("/rules/ceiling", codeAmount)
	}
	for _, need := range []struct {
		at    string
		parts int
	}{{"/budgets", len(c.Budgets)}, {"/rules/shareBp", c.Rules.ShareBP}, {"/rules/eligible", len(c.Rules.Eligible)}, {"/criteria", len(c.Criteria)}} {
		if need.parts == 0 {
			wrong = wrong.At(need.at, codeNeeded)
		}
	}
	return wrong.Or()
}

// shape collects what is wrong with a call, whoever's it is: of another's, money and criteria may be unknown. Pointers begin with at.
func (c Content) shape(at string) *problem.Error {
	wrong := problem.ErrInvalid
	if !said(c.Titles) {
		wrong = wrong.At(at+"/titles", codeTitle)
	}
	_, _, parts := c.Window.bounds()
	for _, part := range parts {
		wrong = wrong.At(at+"/window/"+part, codeWindow)
	}
	if _, ok := ParseCurrency(string(c.Currency)); !ok {
		wrong = wrong.At(at+"/currency", codeCurrency)
	}
	for i, b := range c.Budgets {
		one := fmt.Sprintf("%s/budgets/%d", at, i)
		if b.Amount <= 0 {
			wrong = wrong.At(one+"/amount", codeAmount)
		}
		if slices.ContainsFunc(c.Budgets[:i], func(o Budget) bool { return o.Source == b.Source }) {
			wrong = wrong.At(one+"/source", codeTwice)
		}
	}
	for _, list := range []struct {
		path  string
		words []string
		code  string
	}{{"/criteria/%d/code", codesOf(c.Criteria, func(k Criterion) string { return k.Code }), codeTwice}, {"/documents/%d/code", codesOf(c.Documents, func(d Required) string { return d.Code }), codeTwice},
		{"/countries/%d", c.Countries, codeCountry}, {"/topics/%d", codesOf(c.Topics, registry.NameKey), codeTwice}} {
		for i, word := range list.words {
			if word == "" || slices.Contains(list.words[:i], word) {
				wrong = wrong.At(at+fmt.Sprintf(list.path, i), list.code)
			}
		}
	}
	return wrong
}

func codesOf[T any](all []T, code func(T) string) (codes []string) {
	for _, one := range all {
		codes = append(codes, code(one))
	}
	return codes
}

// Programme is a call and how it stands.
type Programme struct {
	ID           uuid.UUID
	Keeper       exchange.Publisher
	Version      int
	Status       Status
	Content      Content
	OpensAt      time.Time
	ClosesAt     time.Time // the last second that counts
	Taken        int       // places
	PublishedAt  *time.Time
	DraftedName  string
	ReviewedName string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Own          bool // of the tenant that reads it
	Mirror       *Mirror
	Original     *Original // of a mirrored call that is of a tenant here
	Mirrorable   bool      // it is of an active platform of the tenant that reads it
}

// takes tells whether applications may be submitted at an instant, or why not.
func (p Programme) takes(at time.Time) error {
	if p.Mirror != nil {
		return ErrElsewhere.With("Address", p.Mirror.Address)
	}
	if p.Status != Open || at.Before(p.OpensAt) {
		return ErrNotOpen.With("Opens", p.OpensAt.UTC().Format(time.RFC3339))
	}
	if over(p.ClosesAt, at) {
		return ErrWindowOver.With("Closes", p.ClosesAt.Format(time.RFC3339))
	}
	return nil
}

// Event is something that happened to a programme or an application.
type Event struct {
	Version      int
	Act          string
	From, To     string
	Reason       string
	RecordedName string
	RecordedAt   time.Time
}

// Fund is how the money of a source stands.
type Fund struct {
	Source                  Source
	Amount, Committed, Paid Money
}

// Member is a person of the committee.
type Member struct {
	PersonID uuid.UUID
	Name     string
}

// said tells whether a text says something in some language.
func said(texts map[string]string) bool {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return true
		}
	}
	return false
}
