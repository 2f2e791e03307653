package marks

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// PlaceKind is the sort of a place where marks are.
type PlaceKind string

// The kinds of places.
const (
	Nowhere   PlaceKind = ""          // before they are ordered
	Ordered   PlaceKind = "ordered"   // with a printer, who has not printed them
	Printed   PlaceKind = "printed"   // with a printer
	Stock     PlaceKind = "stock"     // in a warehouse of the authority
	Issued    PlaceKind = "issued"    // with the holder of an authorisation
	Used      PlaceKind = "used"      // on goods of a lot
	Void      PlaceKind = "void"      // spoilt or taken out of use, and still there
	Lost      PlaceKind = "lost"      // nobody knows
	Destroyed PlaceKind = "destroyed" // before witnesses
)

// PlaceKinds lists the places that a mark may be in, in the order of its life.
var PlaceKinds = []PlaceKind{Ordered, Printed, Stock, Issued, Used, Void, Lost, Destroyed}

// Place is where marks are: with which printer, in which warehouse, with which holder (the id of its authorisation), in which lot of
// which holder (id/lot).
type Place struct {
	Kind PlaceKind
	Of   string
}

// Authorisation is the id of the authorisation whose holder has, or had, the marks of the place.
func (p Place) Authorisation() (uuid.UUID, bool) {
	if p.Kind != Issued && p.Kind != Used {
		return uuid.Nil, false
	}
	id, _, _ := strings.Cut(p.Of, "/")
	parsed, err := uuid.Parse(id)
	return parsed, err == nil
}

// Lot is the lot of goods that the marks of the place are on; empty when they are on none.
func (p Place) Lot() string {
	if p.Kind != Used {
		return ""
	}
	_, lot, _ := strings.Cut(p.Of, "/")
	return lot
}

// MoveAct is what moves marks. The word is the segment of its address, its permission and its button.
type MoveAct string

// The acts of the ledger.
const (
	MoveOrder    MoveAct = "order"
	MovePrint    MoveAct = "print"
	MoveReceive  MoveAct = "receive"
	MoveTransfer MoveAct = "transfer" // to another warehouse
	MoveIssue    MoveAct = "issue"
	MoveUse      MoveAct = "use"
	MoveReturn   MoveAct = "return"
	MoveVoid     MoveAct = "void"
	MoveLose     MoveAct = "lose"
	MoveFind     MoveAct = "find"
	MoveDestroy  MoveAct = "destroy"
	MoveCorrect  MoveAct = "correct" // puts back what a move moved by mistake
)

// ledger are the ways of marks from place to place. The database has the same (mark_moves_kinds_check), and a test holds the two
// against each other. A correction goes the way of the move that it corrects backwards.
var ledger = lifecycle.Table[PlaceKind, MoveAct]{
	{From: Nowhere, Act: MoveOrder, To: Ordered},
	{From: Ordered, Act: MovePrint, To: Printed},
	{From: Ordered, Act: MoveVoid, To: Void},
	{From: Printed, Act: MoveReceive, To: Stock},
	{From: Printed, Act: MoveVoid, To: Void},
	{From: Printed, Act: MoveLose, To: Lost},
	{From: Printed, Act: MoveDestroy, To: Destroyed},
	{From: Stock, Act: MoveTransfer, To: Stock},
	{From: Stock, Act: MoveIssue, To: Issued},
	{From: Stock, Act: MoveVoid, To: Void},
	{From: Stock, Act: MoveLose, To: Lost},
	{From: Stock, Act: MoveDestroy, To: Destroyed},
	{From: Issued, Act: MoveUse, To: Used},
	{From: Issued, Act: MoveReturn, To: Stock},
	{From: Issued, Act: MoveVoid, To: Void},
	{From: Issued, Act: MoveLose, To: Lost},
	{From: Issued, Act: MoveDestroy, To: Destroyed},
	{From: Used, Act: MoveVoid, To: Void},
	{From: Lost, Act: MoveFind, To: Stock},
	{From: Void, Act: MoveDestroy, To: Destroyed},
}

// MoveActs lists the acts of the ledger.
func MoveActs() []MoveAct { return append(ledger.Acts(), MoveCorrect) }

// LedgerDiagram draws the ways of marks for the guides.
func LedgerDiagram() string { return ledger.Mermaid() }

// Numbers are the marks of a batch from First on.
type Numbers struct {
	First int64
	Count int64
}

func (n Numbers) end() int64 { return n.First + n.Count }

// Doing is what somebody says of a move.
type Doing struct {
	Act           MoveAct
	Numbers       Numbers
	HappenedOn    time.Time
	Warehouse     string    // to which they go
	Authorisation uuid.UUID // to whose holder they are issued
	Corrects      uuid.UUID // the move that a correction puts back
	Facts
}

// Facts are what is kept of a move beside its places.
type Facts struct {
	Reference   string      `json:"reference,omitempty"` // of the proof, the delivery note, the notice
	Reason      string      `json:"reason,omitempty"`
	Lot         string      `json:"lot,omitempty"`
	Packages    *int        `json:"packages,omitempty"`
	WeightG     *int64      `json:"weightG,omitempty"` // net, of the goods that the marks are on
	Destination string      `json:"destination,omitempty"`
	Witnesses   []string    `json:"witnesses,omitempty"`
	Documents   []uuid.UUID `json:"documents,omitempty"`
	Corrects    *uuid.UUID  `json:"corrects,omitempty"`
}

// Move is a line of the ledger.
type Move struct {
	ID           uuid.UUID
	BatchID      uuid.UUID
	Seq          int
	Act          MoveAct
	Numbers      Numbers
	From, To     Place
	HappenedOn   time.Time
	RecordedName string
	RecordedAt   time.Time
	Facts
}

var (
	codeMoveNeeds   = problem.Field("mark-move.needed")
	codeWitnesses   = problem.Field("mark-move.witnesses")
	codeMoveNumbers = problem.Field("mark-move.numbers")
	codeLot         = problem.Field("mark-move.lot")
)

// moveNeeds are the fields that each act asks for, see the constraints of app.mark_moves.
var moveNeeds = map[MoveAct][]string{
	MovePrint: {"reference"}, MoveReceive: {"reference", "warehouse"}, MoveTransfer: {"warehouse"}, MoveIssue: {"authorisationId"}, MoveUse: {"lot"},
	MoveReturn: {"reason", "warehouse"}, MoveVoid: {"reason"}, MoveLose: {"reason"}, MoveFind: {"reason", "warehouse"}, MoveDestroy: {"reason"}, MoveCorrect: {"reason", "moveId"},
}

// leastWitnesses see marks destroyed.
const leastWitnesses = 2

// Check collects what a move lacks by itself.
func (d Doing) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	given := map[string]bool{
		"reference": strings.TrimSpace(d.Reference) != "", "reason": strings.TrimSpace(d.Reason) != "", "warehouse": strings.TrimSpace(d.Warehouse) != "",
		"authorisationId": d.Authorisation != uuid.Nil, "lot": strings.TrimSpace(d.Lot) != "", "moveId": d.Corrects != uuid.Nil,
	}
	for _, field := range moveNeeds[d.Act] {
		if !given[field] {
			wrong = wrong.At("/"+field, codeMoveNeeds)
		}
	}
	if d.Act == MoveDestroy && len(d.Witnesses) < leastWitnesses {
		wrong = wrong.At("/witnesses", codeWitnesses, "Least", leastWitnesses)
	}
	if d.Act != MoveUse && d.Lot != "" {
		wrong = wrong.At("/lot", codeLot)
	}
	if d.Numbers.First < 0 || d.Numbers.Count < 1 || d.Numbers.Count > MostNumbers || d.Numbers.First >= MostNumbers {
		wrong = wrong.At("/count", codeMoveNumbers)
	}
	if d.HappenedOn.After(today) {
		wrong = wrong.At("/happenedOn", codeFuture)
	}
	return wrong.Or()
}

// target is where the marks of a place go by the move.
func (d Doing) target(from Place) (Place, error) {
	kind, err := ledger.Next(from.Kind, d.Act)
	if err != nil {
		return from, err
	}
	to := Place{Kind: kind}
	switch kind {
	case Printed:
		to.Of = from.Of
	case Stock:
		to.Of = d.Warehouse
	case Issued:
		to.Of = d.Authorisation.String()
	case Used:
		to.Of = from.Of + "/" + d.Lot
	}
	return to, nil
}
