package recognition

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// OppositionID identifies an opposition.
type OppositionID = uuid.UUID

// Problems of oppositions.
var (
	ErrNoticeNotFound     = problem.New(problem.NotFound, "case-notice.not-found")
	ErrOppositionNotFound = problem.New(problem.NotFound, "opposition.not-found")
	// ErrClosed is returned for an opposition after the last day, or when the case has gone on.
	ErrClosed = problem.New(problem.Conflict, "opposition.closed")
	// ErrBusy is returned when too many oppositions to one case are begun and not filed.
	ErrBusy = problem.New(problem.TooMany, "opposition.busy")
	// ErrUndecided is returned when a case is to go on while an opposition waits for its decision.
	ErrUndecided = problem.New(problem.Conflict, "opposition.undecided")
	// ErrUpheld is returned when oppositions are to be dismissed of which one was upheld.
	ErrUpheld = problem.New(problem.Conflict, "opposition.upheld")
	// ErrNotOffice is returned for an act that is the office's, to the other side.
	ErrNotOffice = problem.New(problem.Conflict, "opposition.other-side")

	codeGrounds   = problem.Field("opposition.no-ground")
	codeTwice     = problem.Field("opposition.ground-twice")
	codeUnknown   = problem.Field("opposition.unknown-ground")
	codeUnsaid    = problem.Field("opposition.ground-missing")
	codeEmail     = problem.Field("opposition.not-an-address")
	codeTooMany   = problem.Field("opposition.too-many-papers")
	codePaperType = problem.Field("opposition.paper-type")
	codeNotReady  = problem.Field("opposition.paper-not-ready")
)

// OppositionState is where an opposition stands.
type OppositionState string

// The states of an opposition.
const (
	OppositionBegun        OppositionState = "begun" // the opponent is writing; the office does not see it
	OppositionFiled        OppositionState = "filed"
	OppositionAdmitted     OppositionState = "admitted"
	OppositionInadmissible OppositionState = "inadmissible"
	OppositionDecided      OppositionState = "decided"
	OppositionSettled      OppositionState = "settled" // with the case
	OppositionWithdrawn    OppositionState = "withdrawn"
)

// OppositionAct is something done in an opposition.
type OppositionAct string

// The acts of oppositions.
const (
	OppositionFile     OppositionAct = "file"
	OppositionAdmit    OppositionAct = "admit"
	OppositionReject   OppositionAct = "reject" // as inadmissible
	OppositionAnswer   OppositionAct = "answer"
	OppositionHear     OppositionAct = "hear"
	OppositionDecide   OppositionAct = "decide"
	OppositionSettle   OppositionAct = "settle"
	OppositionWithdraw OppositionAct = "withdraw"
)

var oppositionMoves = lifecycle.Table[OppositionState, OppositionAct]{
	{From: OppositionBegun, Act: OppositionFile, To: OppositionFiled},
	{From: OppositionFiled, Act: OppositionAdmit, To: OppositionAdmitted},
	{From: OppositionFiled, Act: OppositionReject, To: OppositionInadmissible},
	{From: OppositionFiled, Act: OppositionWithdraw, To: OppositionWithdrawn},
	{From: OppositionAdmitted, Act: OppositionAnswer, To: OppositionAdmitted},
	{From: OppositionAdmitted, Act: OppositionHear, To: OppositionAdmitted},
	{From: OppositionAdmitted, Act: OppositionDecide, To: OppositionDecided},
	{From: OppositionAdmitted, Act: OppositionSettle, To: OppositionSettled},
	{From: OppositionAdmitted, Act: OppositionWithdraw, To: OppositionWithdrawn},
}

// OppositionStates lists the states that an office sees.
func OppositionStates() []OppositionState { return oppositionMoves.Statuses()[1:] }

// OppositionActs lists the acts of oppositions.
func OppositionActs() []OppositionAct { return oppositionMoves.Acts() }

// Capacity is as what somebody opposes.
type Capacity string

// Capacities lists them. In the consultation on the second batch of the agreement between the EU and China, states, and any
// natural or legal person with a legitimate interest, could oppose (OJ C 459, 2.12.2022, p. 17).
var Capacities = []Capacity{"natural-person", "legal-person", "authority"}

// Speaker is who speaks in an opposition: a side of the case, or the opponent.
type Speaker string

// OfOpponent is the third speaker, beside the two sides.
const OfOpponent Speaker = "opponent"

// EntryKind is what an entry is.
type EntryKind string

// The kinds of entries.
const (
	EntryGround   EntryKind = "ground"   // on which it is opposed, with the statement
	EntryEvidence EntryKind = "evidence" // papers of the opponent
	EntryNote     EntryKind = "act"      // what an act said: the reason of its admission, of its withdrawal
	EntryAnswer   EntryKind = "answer"   // to a ground
	EntryHearing  EntryKind = "hearing"  // the minutes
	EntryDecision EntryKind = "decision" // on a ground
)

// Outcome is what was decided on a ground.
type Outcome string

// The outcomes.
const (
	Upheld    Outcome = "upheld"
	Dismissed Outcome = "dismissed"
)

// OppositionEntry is something said in an opposition.
type OppositionEntry struct {
	Seq        int
	Kind       EntryKind
	Side       Speaker
	Ground     string
	Text       string
	Outcome    Outcome
	Documents  []Paper
	On         time.Time
	RecordedAt time.Time
}

// Opposition (异议) is one opponent's case against a name that is published, as its reader may see it.
type Opposition struct {
	ID         OppositionID
	Version    int
	State      OppositionState
	Office     Party // that decides
	Keeper     uuid.UUID
	CaseID     CaseID
	Origin     *uuid.UUID
	Shared     bool
	Number     string
	Name       string // of the case
	Market     Market
	Language   string
	Opponent   string
	Capacity   Capacity
	Address    string // for the office and the opponent only
	Email      string
	ReceivedOn *time.Time
	ExpiresAt  *time.Time
	UpdatedAt  time.Time
	Entries    []OppositionEntry
}

// Filing is what an opposition is filed with: who opposes, and the grounds with a statement each.
type Filing struct {
	Opponent, Address, Email, Language string
	Capacity                           Capacity
	Grounds                            []OnGround
}

// OnGround is what is said on a ground: a statement, an answer, or the reasons of a decision with its outcome.
type OnGround struct {
	Ground  string
	Text    string
	Outcome Outcome
}

// Check returns problem.ErrInvalid with a detail for each wrong field.
func (f Filing) Check(grounds []Ground) error {
	err := problem.ErrInvalid
	for _, s := range []struct{ at, text string }{{"/opponent", f.Opponent}, {"/address", f.Address}} {
		if strings.TrimSpace(s.text) == "" {
			err = err.At(s.at, codeNeed)
		}
	}
	if a, bad := mail.ParseAddress(f.Email); bad != nil || a.Address != f.Email {
		err = err.At("/email", codeEmail)
	}
	if _, bad := language.Parse(f.Language); bad != nil {
		err = err.At("/language", codeLanguage)
	}
	if !slices.Contains(Capacities, f.Capacity) {
		err = err.At("/capacity", codeNeed)
	}
	if len(f.Grounds) == 0 {
		err = err.At("/grounds", codeGrounds)
	}
	known := opposable(grounds)
	for n, g := range f.Grounds {
		at := fmt.Sprintf("/grounds/%d", n)
		if len(known) > 0 && !slices.ContainsFunc(known, func(k Ground) bool { return k.Code == g.Ground }) {
			err = err.At(at+"/ground", codeUnknown)
		}
		err = checkOnGround(err, at, f.Grounds, n)
	}
	return err.Or()
}

// checkOnGround wants each ground once, with a text.
func checkOnGround(err *problem.Error, at string, all []OnGround, n int) *problem.Error {
	if slices.IndexFunc(all, func(o OnGround) bool { return o.Ground == all[n].Ground }) != n {
		err = err.At(at+"/ground", codeTwice)
	}
	if strings.TrimSpace(all[n].Text) == "" {
		err = err.At(at+"/text", codeNeed)
	}
	return err
}

// opposable are the grounds that a name may be opposed on.
func opposable(grounds []Ground) (of []Ground) {
	for _, g := range grounds {
		if slices.Contains(g.Of, OfOpposition) {
			of = append(of, g)
		}
	}
	return of
}

// Said are the entries of a kind.
func (o Opposition) Said(kind EntryKind) (all []OppositionEntry) {
	for _, e := range o.Entries {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

// checkEach holds what is said ground by ground against the grounds of the opposition; all says that each has to be spoken to.
func (o Opposition) checkEach(said []OnGround, all bool) error {
	err := problem.ErrInvalid
	raised := o.Said(EntryGround)
	has := func(code string) bool {
		return slices.ContainsFunc(raised, func(e OppositionEntry) bool { return e.Ground == code })
	}
	for n, g := range said {
		at := fmt.Sprintf("/grounds/%d", n)
		if !has(g.Ground) {
			err = err.At(at+"/ground", codeUnknown)
		}
		err = checkOnGround(err, at, said, n)
		if all && g.Outcome != Upheld && g.Outcome != Dismissed {
			err = err.At(at+"/outcome", codeNeed)
		}
	}
	for _, e := range raised {
		if all && !slices.ContainsFunc(said, func(g OnGround) bool { return g.Ground == e.Ground }) {
			err = err.At("/grounds", codeUnsaid, "Ground", e.Ground)
		}
	}
	if len(said) == 0 {
		err = err.At("/grounds", codeGrounds)
	}
	return err.Or()
}

// Outcomes tells how many grounds were upheld, and how many were decided.
func (o Opposition) Outcomes() (upheld, decided int) {
	for _, e := range o.Said(EntryDecision) {
		decided++
		if e.Outcome == Upheld {
			upheld++
		}
	}
	return upheld, decided
}

// Possible are the acts that may be done now by a tenant: the office's own, or the other side's.
func (o Opposition) Possible(reader uuid.UUID) (acts []OppositionAct) {
	for _, a := range oppositionMoves.Allowed(o.State) {
		switch a {
		case OppositionFile, OppositionSettle: // the opponent's, and the case's
		case OppositionAnswer:
			if o.answers() == reader {
				acts = append(acts, a)
			}
		default:
			if o.Office.ID == reader {
				acts = append(acts, a)
			}
		}
	}
	return acts
}

// answers is the tenant that answers for the holder: the other side, or the office that keeps that side by hand.
func (o Opposition) answers() uuid.UUID {
	if o.Origin != nil {
		return *o.Origin
	}
	return o.Office.ID
}

// grounds are the codes of the grounds that were raised.
func (o Opposition) grounds() (codes []string) {
	for _, e := range o.Said(EntryGround) {
		codes = append(codes, e.Ground)
	}
	return codes
}

// paper is what was said, as a document that the file of the case names by its hash: of its canonical JSON.
func paper(title, kind, language string, said any) (Paper, error) {
	b, err := json.Marshal(said)
	if err != nil {
		return Paper{}, fmt.Errorf("paper %s: %w", title, err)
	}
	sum := sha256.Sum256(b)
	return Paper{Title: title, Kind: kind, Language: language, SHA256: hex.EncodeToString(sum[:])}, nil
}

// newKey is a key that opens one opposition to whoever has it.
func newKey() string { return rand.Text() }

// keyID is what is kept of a key, and the actor in whose scope the database shows the opposition. It is 128 bits of a hash:
// neither can the key be found from it, nor another one that has the same.
func keyID(key string) uuid.UUID {
	sum := sha256.Sum256([]byte("opposition " + strings.ToUpper(strings.TrimSpace(key))))
	return uuid.UUID(sum[:16])
}
