package promotion

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of scores.
var (
	// ErrNotMember is returned to who is not on the committee of the programme.
	ErrNotMember = problem.New(problem.Conflict, "promotion-score.not-member")
	// ErrConflict is returned to who declared a conflict of interest with the application.
	ErrConflict = problem.New(problem.Conflict, "promotion-score.conflict")
	ErrDeclared = postgres.Constraint("promotion_conflicts_pkey", problem.New(problem.Conflict, "promotion-score.declared"))
	// ErrRaced is returned when the same person scores twice at once.
	ErrRaced = postgres.Constraint("promotion_scores_once_key", problem.New(problem.Conflict, "promotion-score.raced"))

	codePoints = problem.Field("promotion.points")
)

// Stand is how a member stands to an application.
type Stand string

// The stands.
const (
	Scored    Stand = "scored"
	Abstained Stand = "abstained"
	Conflict  Stand = "conflict"
)

// Score is what a member of the committee said of an application.
type Score struct {
	ID            uuid.UUID
	ProgrammeID   uuid.UUID
	ApplicationID uuid.UUID
	Number        string // of the application
	PersonID      uuid.UUID
	PersonName    string
	Stand         Stand
	Points        Ballot // when it scored
	Note          string // why, of the others
	ScoredAt      time.Time
}

// Check collects what is wrong with a score for a call by itself: each criterion has its points, and no other.
func (v Score) Check(c Content) error {
	wrong := problem.ErrInvalid
	if v.Stand != Scored {
		if strings.TrimSpace(v.Note) == "" {
			wrong = wrong.At("/note", codeNeeded)
		}
		if len(v.Points) > 0 {
			wrong = wrong.At("/points", codePoints, "Most", mostPoints)
		}
		return wrong.Or()
	}
	for _, k := range c.Criteria {
		if n, ok := v.Points[k.Code]; !ok || n < 0 || n > mostPoints {
			wrong = wrong.At("/points", codePoints, "Most", mostPoints)
			break
		}
	}
	if len(wrong.Details) == 0 && len(v.Points) != len(c.Criteria) {
		wrong = wrong.At("/points", codePoints, "Most", mostPoints)
	}
	return wrong.Or()
}
