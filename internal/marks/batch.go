package marks

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Batch (批次) is a run of marks of one design.
type Batch struct {
	ID              uuid.UUID
	Code            uint32 // 24 bits, in the code of each mark
	KeyVersion      int
	RegistrationID  uuid.UUID
	AuthorisationID *uuid.UUID // whose credit code is in the design; nil: for stock
	Design          string
	DocumentID      *uuid.UUID // the official image, as the authority uploaded it
	Printer         string
	Count           int64
	Moves           int
	CreatedAt       time.Time
	CreatedName     string
}

// BatchOrder is what somebody orders from a printer.
type BatchOrder struct {
	RegistrationID  uuid.UUID
	AuthorisationID *uuid.UUID
	Design          string
	DocumentID      *uuid.UUID
	Printer         string
	Count           int64
	OrderedOn       time.Time
	Reference       string
}

// Check collects what is wrong with an order by itself.
func (o BatchOrder) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if o.Count < 1 || o.Count > MostNumbers {
		wrong = wrong.At("/count", codeMoveNumbers)
	}
	if o.OrderedOn.After(today) {
		wrong = wrong.At("/orderedOn", codeFuture)
	}
	return wrong.Or()
}

// Holding is a range of a batch's numbers and where it is.
type Holding struct {
	BatchID uuid.UUID
	Numbers Numbers
	Place   Place
}

// Balance is how many marks of a batch are in a kind of places.
type Balance struct {
	Kind  PlaceKind
	Count int64
}

// Count is a stock-taking (盘点): what was counted in a place, and what the ledger had there.
type Count struct {
	ID           uuid.UUID
	BatchID      uuid.UUID
	Place        Place
	CountedOn    time.Time
	Counted      []Numbers
	Missing      []Numbers // booked and not counted
	Surplus      []Numbers // counted and not booked
	Explanation  string
	Witnesses    []string
	RecordedName string
	RecordedAt   time.Time
}

func checkCounted(c Count, today time.Time) error {
	wrong := problem.ErrInvalid
	for i, n := range c.Counted {
		if n.First < 0 || n.Count < 1 || n.end() > MostNumbers {
			wrong = wrong.At(fmt.Sprintf("/counted/%d", i), codeMoveNumbers)
		}
	}
	if c.CountedOn.After(today) {
		wrong = wrong.At("/countedOn", codeFuture)
	}
	return wrong.Or()
}
