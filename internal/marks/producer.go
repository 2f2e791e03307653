package marks

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Producer is one that could use the mark of a registration (应用标主体): the producers that are counted are the denominator of the usage
// rate. One that is listed and not counted says why.
type Producer struct {
	ID             uuid.UUID
	Version        int
	RegistrationID uuid.UUID
	ProducerFacts
	CreatedAt   time.Time
	UpdatedAt   time.Time
	UpdatedName string
}

// ProducerFacts are what is kept of a producer.
type ProducerFacts struct {
	CreditCode CreditCode
	Name       string
	Township   string
	Exports    bool
	ListedOn   time.Time  // first day on which it is counted
	EndedOn    *time.Time // first day no longer
	Excluded   string     // why it is not counted; empty: it is
	Source     string     // the list that says so
}

// Details of the fields of a producer.
var (
	codeProducerName  = problem.Field("mark-producer.name")
	codeProducerEnd   = problem.Field("mark-producer.end")
	codeProducerBlank = problem.Field("mark-producer.source")
)

// Check collects what is wrong with a producer by itself, and reads its code as it was typed.
func (p *ProducerFacts) Check() error {
	wrong := problem.ErrInvalid
	code, err := ParseCreditCode(string(p.CreditCode))
	if err != nil {
		wrong = wrong.At("/creditCode", CodeCreditCode)
	} else {
		p.CreditCode = code
	}
	if registry.NameKey(p.Name) == "" {
		wrong = wrong.At("/name", codeProducerName)
	}
	if p.EndedOn != nil && !p.EndedOn.After(p.ListedOn) {
		wrong = wrong.At("/endedOn", codeProducerEnd)
	}
	if strings.TrimSpace(p.Source) == "" {
		wrong = wrong.At("/source", codeProducerBlank)
	}
	p.Township, p.Excluded = strings.TrimSpace(p.Township), strings.TrimSpace(p.Excluded)
	return wrong.Or()
}

func (p *ProducerFacts) folded() string {
	return strings.ToLower(string(p.CreditCode)) + "\n" + registry.NameKey(p.Name)
}
