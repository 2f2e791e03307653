package recognition

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Problems of the views of two houses.
var (
	ErrViewAltered   = problem.New(problem.Invalid, "case-view.altered")
	ErrViewKey       = problem.New(problem.Invalid, "case-view.unknown-key")
	ErrViewOwn       = problem.New(problem.Invalid, "case-view.own")
	ErrViewOtherCase = problem.New(problem.Conflict, "case-view.other-case")
)

const (
	viewFormat = "helianthus-case-view/1"
	// viewPrefix keeps a signature of a view from passing for one of another thing.
	viewPrefix = "helianthus case view v1\n"
)

// ViewStep is one event of a case as both houses would write it down: without ids, texts and codes that are a house's own. It
// names the hash of the step before it, so that the hash of the last one is that of all.
type ViewStep struct {
	Number        int               `json:"number"`
	Previous      string            `json:"previous"` // SHA-256 of the step before, in hexadecimal; empty at the first
	Act           CaseAct           `json:"act"`
	Side          Side              `json:"side"`
	To            State             `json:"to"`
	About         int               `json:"about,omitempty"` // the number of the step that it is about
	On            string            `json:"on"`
	EffectiveOn   string            `json:"effectiveOn,omitempty"`
	ReceivedOn    string            `json:"receivedOn,omitempty"`
	DispatchedOn  string            `json:"dispatchedOn,omitempty"`
	Reference     string            `json:"reference,omitempty"`
	Reason        string            `json:"reason,omitempty"`
	Grounds       []string          `json:"grounds,omitempty"`
	Documents     []string          `json:"documents,omitempty"` // SHA-256 of each, in order
	Period        string            `json:"period,omitempty"`
	Length        *Length           `json:"length,omitempty"`
	List          string            `json:"list,omitempty"`
	Position      string            `json:"position,omitempty"`
	Limits        map[string]string `json:"limits,omitempty"`
	PhaseOutUntil string            `json:"phaseOutUntil,omitempty"`
}

// View is what a house says of a case when it is asked: how many steps, and the hash of the last.
type View struct {
	Format       string    `json:"format"`
	At           time.Time `json:"at"`
	House        string    `json:"house"`  // name of its log
	Issuer       string    `json:"issuer"` // slug of the tenant, in that house
	OriginOffice string    `json:"originOffice"`
	Market       Market    `json:"market"`
	Name         string    `json:"name"`
	Steps        int       `json:"steps"`
	SHA256       string    `json:"sha256"`
}

// SignedView is a view with its steps, as it goes from house to house.
type SignedView struct {
	Statement string   // View in the form of RFC 8785
	Chain     []string // the steps, each in that form
	KeyID     string
	Signature []byte // Ed25519, of viewPrefix and the statement
}

// Relation is how two views stand to each other.
type Relation string

// The relations.
const (
	Same    Relation = "same"
	Ahead   Relation = "ahead"  // we have steps that they lack; they have none that we lack
	Behind  Relation = "behind" // the other way round
	Differs Relation = "differs"
)

// Relations lists all of them.
var Relations = []Relation{Same, Ahead, Behind, Differs}

// Comparison says where two views of a case part.
type Comparison struct {
	Relation     Relation
	Common       int       // steps that are the same in both, from the first on
	Ours, Theirs *ViewStep // the first step after those, in either view
	Fields       []string  // in which these two differ, by their names in JSON
	Settled      bool      // they parted, but what holds of both after corrections is the same as far as both go
}

// stepsOf are the shared events of a case as both houses would write them down. The first is the proposal, of which each
// house has papers of its own: the origin endorsed it, the destination opened its file with it.
func stepsOf(events []CaseEvent) ([]string, error) {
	first := slices.IndexFunc(events, func(e CaseEvent) bool { return slices.Contains(shared, e.To) })
	if first < 0 {
		return []string{}, nil
	}
	texts, numbers, previous := []string{}, map[int]int{}, ""
	for n, e := range events[first:] {
		numbers[e.Seq] = n + 1
		s := e.step(numbers[e.About])
		if n == 0 {
			s = ViewStep{Act: ActEndorse, Side: Origin, To: e.To, On: s.On}
		}
		s.Number, s.Previous = n+1, previous
		text, err := exchange.Canonical(s)
		if err != nil {
			return nil, err
		}
		texts, previous = append(texts, string(text)), hashOf(string(text))
	}
	return texts, nil
}

// step is the event without what is a house's own.
func (e CaseEvent) step(about int) ViewStep {
	s := ViewStep{
		Act: e.Act, Side: e.Side, To: e.To, About: about, On: dayText(&e.On), EffectiveOn: dayText(e.EffectiveOn), ReceivedOn: dayText(e.ReceivedOn),
		DispatchedOn: dayText(e.DispatchedOn), Reference: e.Reference, Reason: e.Reason, Grounds: slices.Sorted(slices.Values(e.Grounds)),
		Period: e.Period, Length: e.Length, List: e.List, Position: e.Position, Limits: e.Limits, PhaseOutUntil: dayText(e.PhaseOutUntil),
	}
	for _, p := range e.Documents {
		s.Documents = append(s.Documents, p.SHA256)
	}
	slices.Sort(s.Documents)
	return s
}

func dayText(d *time.Time) string {
	if d == nil {
		return ""
	}
	return d.Format(time.DateOnly)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func head(chain []string) string {
	if len(chain) == 0 {
		return ""
	}
	return hashOf(chain[len(chain)-1])
}

// says reads the statement, which nobody has verified yet. It returns ErrViewAltered for what is none.
func (v SignedView) says() (said View, err error) {
	if json.Unmarshal([]byte(v.Statement), &said) != nil || said.Format != viewFormat {
		return said, ErrViewAltered
	}
	return said, nil
}

// check verifies a view with the keys that its issuer has in its house: who signed it, and that its steps are those that it
// names. It returns ErrViewAltered or ErrViewKey.
func (v SignedView) check(said View, keys exchange.KeySet) error {
	key, known := keys[v.KeyID]
	if !known || !key.MaySign(said.Issuer, said.At) {
		return ErrViewKey
	}
	if !ed25519.Verify(key.Key, []byte(viewPrefix+v.Statement), v.Signature) || len(v.Chain) != said.Steps || head(v.Chain) != said.SHA256 {
		return ErrViewAltered
	}
	previous := ""
	for n, text := range v.Chain {
		s, err := readStep(text)
		if err != nil || s.Number != n+1 || s.Previous != previous {
			return ErrViewAltered
		}
		previous = hashOf(text)
	}
	return nil
}

// readStep reads a step in the one form in which it can be written: two that say the same are the same text.
func readStep(text string) (s ViewStep, err error) {
	again, err := exchange.Canonical(json.RawMessage(text))
	if err != nil || string(again) != text {
		return s, ErrViewAltered
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, ErrViewAltered
	}
	for _, day := range []string{s.On, s.EffectiveOn, s.ReceivedOn, s.DispatchedOn, s.PhaseOutUntil} {
		if _, err := time.Parse(time.DateOnly, day); err != nil && (day != "" || s.On == "") {
			return s, ErrViewAltered
		}
	}
	return s, nil
}

// sameAs tells whether a view is of this case: the same name, in any of its forms, from the same office in the same market.
func (c Case) sameAs(v View) bool {
	names := []string{registry.NameKey(c.Name)}
	for _, o := range c.Forms {
		names = append(names, registry.NameKey(o.Text))
	}
	return c.OriginOffice == v.OriginOffice && c.Market == v.Market && slices.Contains(names, registry.NameKey(v.Name))
}

// compareChains finds the first step at which two views part. Both were checked, or are our own.
func compareChains(ours, theirs []string) (c Comparison, err error) {
	for c.Common < min(len(ours), len(theirs)) && ours[c.Common] == theirs[c.Common] {
		c.Common++
	}
	next := func(chain []string) (*ViewStep, error) {
		if c.Common == len(chain) {
			return nil, nil //nolint:nilnil // a chain that ends here has no next step
		}
		s, err := readStep(chain[c.Common])
		return &s, err
	}
	if c.Ours, err = next(ours); err != nil {
		return c, err
	}
	if c.Theirs, err = next(theirs); err != nil {
		return c, err
	}
	switch {
	case c.Ours == nil && c.Theirs == nil:
		c.Relation = Same
	case c.Theirs == nil:
		c.Relation = Ahead
	case c.Ours == nil:
		c.Relation = Behind
	default:
		c.Relation = Differs
		if c.Fields, err = differing(ours[c.Common], theirs[c.Common]); err == nil {
			c.Settled, err = settled(ours, theirs)
		}
	}
	return c, err
}

// settled tells whether two views that parted say the same again: what stands of one is the beginning of what stands of the other.
func settled(ours, theirs []string) (bool, error) {
	a, err := standingSteps(ours)
	if err != nil {
		return false, err
	}
	b, err := standingSteps(theirs)
	if err != nil {
		return false, err
	}
	for n := range min(len(a), len(b)) {
		if a[n].text != b[n].text || a[n].reason != b[n].reason && !a[n].corrected && !b[n].corrected {
			return false, nil
		}
	}
	return true, nil
}

// standingStep is a step that holds, without its number. The reason of one that was corrected is that of the correction, of which the
// other house knows nothing.
type standingStep struct {
	text, reason string
	corrected    bool
}

// standingSteps are the steps that hold after corrections and annulments.
func standingSteps(chain []string) (steps []standingStep, err error) {
	events, corrected := make([]CaseEvent, 0, len(chain)), map[int]bool{}
	for _, text := range chain {
		s, err := readStep(text)
		if err != nil {
			return nil, err
		}
		corrected[s.About] = corrected[s.About] || s.Act == ActCorrect
		events = append(events, s.event())
	}
	for _, e := range Standing(events) {
		s := standingStep{reason: e.Reason, corrected: corrected[e.Seq]}
		e.Reason = ""
		text, err := exchange.Canonical(e.step(0))
		if err != nil {
			return nil, err
		}
		s.text = string(text)
		steps = append(steps, s)
	}
	return steps, nil
}

// event is a step that was read as an event of a case.
func (s ViewStep) event() CaseEvent {
	day := func(text string) *time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return nil
		}
		return &d
	}
	e := CaseEvent{
		Seq: s.Number, Act: s.Act, Side: s.Side, To: s.To, About: s.About, EffectiveOn: day(s.EffectiveOn), ReceivedOn: day(s.ReceivedOn), DispatchedOn: day(s.DispatchedOn),
		Reference: s.Reference, Reason: s.Reason, Grounds: s.Grounds, Period: s.Period, Length: s.Length, List: s.List, Position: s.Position, Limits: s.Limits, PhaseOutUntil: day(s.PhaseOutUntil),
	}
	if on := day(s.On); on != nil {
		e.On = *on
	}
	for _, sum := range s.Documents {
		e.Documents = append(e.Documents, Paper{SHA256: sum})
	}
	return e
}

// differing are the members in which two steps differ, by name.
func differing(ours, theirs string) (fields []string, err error) {
	var a, b map[string]json.RawMessage
	if err := json.Unmarshal([]byte(ours), &a); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(theirs), &b); err != nil {
		return nil, err
	}
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if string(a[name]) != string(b[name]) {
			fields = append(fields, name)
		}
	}
	return fields, nil
}
