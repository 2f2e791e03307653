package recognition

import (
	"slices"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
)

// State is where a case stands.
type State string

// The states of a case. New is before it is opened.
const (
	StateNew         State = "new"
	StateDraft       State = "draft"             // the dossier is being built
	StateEndorsement State = "endorsement"       // inside the origin side: county, province, central authority
	StateProposed    State = "proposed"          // on the list exchanged between the parties, or filed abroad
	StateFormality   State = "formality"         // received, formalities are checked
	StateDeficient   State = "deficient"         // a notice of deficiency is open
	StateExamination State = "examination"       // the specification is examined
	StatePublished   State = "published"         // for opposition or consultation
	StateOpposed     State = "opposed"           // at least one admissible opposition
	StateConsulting  State = "consultation"      // the sides negotiate
	StatePending     State = "decision-pending"  // a positive result waits for the act: an annex, a regulation, a grant
	StateProtected   State = "protected"         // in force
	StateLimited     State = "protected-limited" // in force with a reservation, a phase-out or a part refused
	StateSuspended   State = "suspended"         // proceedings or effect are stayed
	StateRefused     State = "refused"           // final unless it is appealed or withdrawn
	StateAppeal      State = "appeal"            // an appeal or review is pending
	StateWithdrawn   State = "withdrawn"         // by the applicant or the authority of origin
	StateAbandoned   State = "abandoned"         // a time limit was missed
	StateRenounced   State = "renounced"         // the holder gave up the effect in this market
	StateInvalidated State = "invalidated"       // by decision of the destination
	StateCancelled   State = "cancelled"         // at origin, or the whole registration
	StateExpired     State = "expired"           // a fixed term ended
)

// CaseAct is something done in a case. The word is the segment of its address, its permission and its button.
type CaseAct string

// The acts of a case.
const (
	ActOpen       CaseAct = "open"
	ActSubmit     CaseAct = "submit"  // for endorsement
	ActReturn     CaseAct = "return"  // for completion
	ActEndorse    CaseAct = "endorse" // and so propose it
	ActReceive    CaseAct = "receive"
	ActNotify     CaseAct = "notify" // a deficiency
	ActRemedy     CaseAct = "remedy"
	ActAbandon    CaseAct = "abandon"
	ActAccept     CaseAct = "accept" // its formalities
	ActObject     CaseAct = "object" // an office action
	ActRespond    CaseAct = "respond"
	ActPublish    CaseAct = "publish"
	ActOppose     CaseAct = "oppose"
	ActCounter    CaseAct = "counter"
	ActConsult    CaseAct = "consult"
	ActDismiss    CaseAct = "dismiss"
	ActSettle     CaseAct = "settle"
	ActClear      CaseAct = "clear" // nobody opposed
	ActEnter      CaseAct = "enter" // in the list
	ActGrant      CaseAct = "grant"
	ActLimit      CaseAct = "limit"
	ActAcquiesce  CaseAct = "acquiesce" // silence is protection
	ActRefuse     CaseAct = "refuse"
	ActRetract    CaseAct = "retract" // a refusal
	ActAppeal     CaseAct = "appeal"
	ActUphold     CaseAct = "uphold" // the refusal
	ActRemit      CaseAct = "remit"  // to examination
	ActSuspend    CaseAct = "suspend"
	ActResume     CaseAct = "resume"
	ActAmend      CaseAct = "amend"
	ActRenew      CaseAct = "renew"
	ActExpire     CaseAct = "expire"
	ActInvalidate CaseAct = "invalidate"
	ActCancel     CaseAct = "cancel"
	ActRenounce   CaseAct = "renounce"
	ActWithdraw   CaseAct = "withdraw"
	ActExtend     CaseAct = "extend" // a deadline
	ActWaive      CaseAct = "waive"  // a deadline
	ActCorrect    CaseAct = "correct"
	ActAnnul      CaseAct = "annul"
)

// Side is one of the two sides of a case.
type Side string

// The sides.
const (
	Origin      Side = "origin"      // whose name it is
	Destination Side = "destination" // in whose market it is to be protected
)

// Sides lists both.
var Sides = []Side{Origin, Destination}

// Need is what has to come with an act.
type Need string

// The needs. Those with the name of a field of the event ask for that field.
const (
	NeedDocument  Need = "documents"
	NeedReference Need = "reference"   // the number or place under which others find the act
	NeedEffective Need = "effectiveOn" // the day its effect begins
	NeedReceived  Need = "receivedOn"
	NeedReason    Need = "reason"
	NeedGrounds   Need = "grounds"
	NeedLimits    Need = "limits"
	NeedAbout     Need = "about"   // the event that it corrects or annuls
	NeedPeriod    Need = "period"  // the deadline that it is of
	NeedLength    Need = "length"  // by how much it is extended
	NeedSilence   Need = "silence" // a deadline whose silence means this act is over
)

// rule says all there is to say of an act. What a state machine of one instrument leaves out is not among the steps of its
// procedure; what it adds is data of the procedure too.
type rule struct {
	act    CaseAct
	sides  []Side  // whose act it may be
	from   []State // where it may be done
	to     State   // where it leads; stays, or back to where the event that it is about began
	needs  []Need
	always bool // of the file itself: part of every procedure
}

// Special targets of rules.
const (
	stays State = "="
	back  State = "<"
)

// Groups of states.
var (
	atOrigin  = []State{StateDraft, StateEndorsement}
	examined  = []State{StateFormality, StateDeficient, StateExamination, StatePublished, StateOpposed, StateConsulting, StatePending}
	inForce   = []State{StateProtected, StateLimited}
	pending   = slices.Concat([]State{StateProposed}, examined, []State{StateAppeal})
	shared    = slices.Concat(pending, inForce)
	unsettled = slices.Concat(shared, []State{StateSuspended, StateRefused})
)

// rules is the law of the file: every act, whose it is, from where to where, and what has to come with it. The composition
// is ours, after the Lisbon rules, the EU-China agreement and the statuses of national registers; periods are data of
// procedures. The same moves are rows of app.case_moves, and a test holds the two against each other.
var rules = []rule{
	{act: ActOpen, sides: []Side{Origin}, from: []State{StateNew}, to: StateDraft, always: true},
	{act: ActOpen, sides: []Side{Destination}, from: []State{StateNew}, to: StateProposed, always: true},
	{act: ActSubmit, sides: []Side{Origin}, from: []State{StateDraft}, to: StateEndorsement, needs: []Need{NeedDocument}},
	{act: ActReturn, sides: []Side{Origin}, from: []State{StateEndorsement}, to: StateDraft, needs: []Need{NeedReason}},
	{act: ActEndorse, sides: []Side{Origin}, from: []State{StateEndorsement}, to: StateProposed, needs: []Need{NeedDocument}},
	{act: ActReceive, sides: []Side{Destination}, from: []State{StateProposed}, to: StateFormality, needs: []Need{NeedReference, NeedReceived}},
	{act: ActNotify, sides: []Side{Destination}, from: []State{StateFormality}, to: StateDeficient, needs: []Need{NeedDocument, NeedReason}},
	{act: ActRemedy, sides: []Side{Origin}, from: []State{StateDeficient}, to: StateFormality, needs: []Need{NeedDocument}},
	{act: ActAbandon, sides: []Side{Destination}, from: []State{StateDeficient, StateOpposed}, to: StateAbandoned, needs: []Need{NeedSilence, NeedReason}},
	{act: ActAccept, sides: []Side{Destination}, from: []State{StateFormality}, to: StateExamination},
	{act: ActObject, sides: []Side{Destination}, from: []State{StateExamination}, to: stays, needs: []Need{NeedDocument, NeedReason}},
	{act: ActRespond, sides: []Side{Origin}, from: []State{StateExamination}, to: stays, needs: []Need{NeedDocument}},
	{act: ActPublish, sides: []Side{Destination}, from: []State{StateExamination}, to: StatePublished, needs: []Need{NeedReference, NeedEffective}},
	{act: ActOppose, sides: []Side{Destination}, from: []State{StatePublished, StateOpposed}, to: StateOpposed, needs: []Need{NeedGrounds, NeedReceived, NeedDocument}},
	{act: ActCounter, sides: []Side{Origin}, from: []State{StateOpposed}, to: stays, needs: []Need{NeedDocument}},
	{act: ActConsult, sides: Sides, from: []State{StateOpposed}, to: StateConsulting},
	{act: ActDismiss, sides: []Side{Destination}, from: []State{StateOpposed, StateConsulting}, to: StatePending, needs: []Need{NeedDocument, NeedReason}},
	{act: ActSettle, sides: []Side{Destination}, from: []State{StateOpposed, StateConsulting}, to: StatePending, needs: []Need{NeedDocument}},
	{act: ActClear, sides: []Side{Destination}, from: []State{StatePublished}, to: StatePending, needs: []Need{NeedSilence}},
	{act: ActEnter, sides: []Side{Destination}, from: []State{StatePending}, to: StateProtected, needs: []Need{NeedReference, NeedEffective}},
	{act: ActGrant, sides: []Side{Destination}, from: pending, to: StateProtected, needs: []Need{NeedDocument, NeedEffective}},
	{act: ActAcquiesce, sides: Sides, from: []State{StateFormality, StateExamination}, to: StateProtected, needs: []Need{NeedSilence, NeedDocument, NeedEffective}},
	{act: ActLimit, sides: []Side{Destination}, from: slices.Concat(pending, inForce, []State{StateRefused}), to: StateLimited, needs: []Need{NeedDocument, NeedEffective, NeedLimits}},
	{act: ActRefuse, sides: []Side{Destination}, from: examined, to: StateRefused, needs: []Need{NeedGrounds, NeedDocument}},
	{act: ActRetract, sides: []Side{Destination}, from: []State{StateRefused}, to: StateProtected, needs: []Need{NeedDocument, NeedEffective}},
	{act: ActAppeal, sides: []Side{Origin}, from: []State{StateRefused}, to: StateAppeal, needs: []Need{NeedDocument}},
	{act: ActUphold, sides: []Side{Destination}, from: []State{StateAppeal}, to: StateRefused, needs: []Need{NeedDocument}},
	{act: ActRemit, sides: []Side{Destination}, from: []State{StateAppeal}, to: StateExamination, needs: []Need{NeedDocument}},
	{act: ActSuspend, sides: Sides, from: shared, to: StateSuspended, needs: []Need{NeedReason}, always: true},
	{act: ActResume, sides: Sides, from: []State{StateSuspended}, to: back, needs: []Need{NeedReason}, always: true},
	{act: ActAmend, sides: []Side{Origin}, from: inForce, to: stays, needs: []Need{NeedDocument}},
	{act: ActRenew, sides: []Side{Origin}, from: inForce, to: stays, needs: []Need{NeedDocument}},
	{act: ActExpire, sides: []Side{Destination}, from: inForce, to: StateExpired, needs: []Need{NeedSilence, NeedEffective}},
	{act: ActInvalidate, sides: []Side{Destination}, from: inForce, to: StateInvalidated, needs: []Need{NeedDocument, NeedEffective}, always: true},
	{act: ActCancel, sides: []Side{Origin}, from: unsettled, to: StateCancelled, needs: []Need{NeedDocument, NeedEffective}, always: true},
	{act: ActRenounce, sides: []Side{Origin}, from: inForce, to: StateRenounced, needs: []Need{NeedDocument, NeedEffective}, always: true},
	{act: ActWithdraw, sides: []Side{Origin}, from: slices.Concat(atOrigin, pending, []State{StateSuspended}), to: StateWithdrawn, needs: []Need{NeedReason}, always: true},
	{act: ActExtend, sides: Sides, from: shared, to: stays, needs: []Need{NeedPeriod, NeedLength, NeedReason}, always: true},
	{act: ActWaive, sides: Sides, from: shared, to: stays, needs: []Need{NeedPeriod, NeedReason}, always: true},
	{act: ActCorrect, sides: Sides, from: allStates, to: stays, needs: []Need{NeedAbout, NeedReason}, always: true},
	{act: ActAnnul, sides: Sides, from: allStates, to: back, needs: []Need{NeedAbout, NeedReason}, always: true},
}

// allStates are the states of a case, in the order in which it may go through them.
var allStates = []State{
	StateDraft, StateEndorsement, StateProposed, StateFormality, StateDeficient, StateExamination, StatePublished, StateOpposed, StateConsulting, StatePending,
	StateProtected, StateLimited, StateSuspended, StateRefused, StateAppeal, StateWithdrawn, StateAbandoned, StateRenounced, StateInvalidated, StateCancelled, StateExpired,
}

// final are acts that made or ended a right: what follows from them stands in registers, and is undone by another act.
var final = []CaseAct{ActOpen, ActEnter, ActGrant, ActAcquiesce, ActLimit, ActRetract, ActInvalidate, ActCancel, ActRenounce, ActExpire}

// States lists the states of a case.
func States() []State { return allStates }

// CaseActs lists the acts of a case.
func CaseActs() []CaseAct { return moves.Acts() }

// sided is a move of one side.
type sided struct {
	lifecycle.Move[State, CaseAct]
	Side Side
}

// sidedMoves are the rules written out. An act that leads back leads to each state from which it can have been come from; which one
// it is says the event that it is about.
var sidedMoves = func() (all []sided) {
	add := func(from State, act CaseAct, to State, side Side) {
		m := sided{lifecycle.Move[State, CaseAct]{From: from, Act: act, To: to}, side}
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	for _, r := range rules {
		for _, from := range r.from {
			for _, side := range r.sides {
				switch r.to {
				case back:
				case stays:
					add(from, r.act, from, side)
				default:
					add(from, r.act, r.to, side)
				}
			}
		}
	}
	for _, m := range slices.Clone(all) {
		switch {
		case m.Act == ActSuspend:
			add(m.To, ActResume, m.From, m.Side)
			add(m.To, ActAnnul, m.From, m.Side)
			add(m.From, ActAnnul, m.To, m.Side) // of the resumption
		case m.Act != ActCorrect && !slices.Contains(final, m.Act):
			add(m.To, ActAnnul, m.From, m.Side)
		}
	}
	return all
}()

var moves = func() (t lifecycle.Table[State, CaseAct]) {
	for _, m := range sidedMoves {
		if !slices.Contains(t, m.Move) {
			t = append(t, m.Move)
		}
	}
	return t
}()

// ruleOf is the rule of an act; open has one for each side, which differ only in where they lead.
func ruleOf(act CaseAct) rule {
	return rules[slices.IndexFunc(rules, func(r rule) bool { return r.act == act })]
}

// May tells whether an act is one that a side may do in a state, in any procedure.
func May(side Side, from State, act CaseAct) bool {
	return slices.ContainsFunc(sidedMoves, func(m sided) bool { return m.Side == side && m.From == from && m.Act == act })
}

// SidedAct is an act of a file and whose it may be.
type SidedAct struct {
	Act   CaseAct
	Sides []Side
}

// StepsOfFile are the acts that can be steps of a procedure, in the order of a file.
func StepsOfFile() (all []SidedAct) {
	for _, r := range rules {
		if r.act == ActOpen {
			continue
		}
		i := slices.IndexFunc(all, func(a SidedAct) bool { return a.Act == r.act })
		if i < 0 {
			all = append(all, SidedAct{Act: r.act})
			i = len(all) - 1
		}
		for _, side := range r.sides {
			if !slices.Contains(all[i].Sides, side) {
				all[i].Sides = append(all[i].Sides, side)
			}
		}
	}
	return all
}

// Terminal tells whether nothing more can happen in a state but that its history is corrected.
func (s State) Terminal() bool {
	return !slices.ContainsFunc(moves, func(m lifecycle.Move[State, CaseAct]) bool {
		return m.From == s && m.Act != ActCorrect && m.Act != ActAnnul
	})
}

// InForce tells whether the name is protected in a state.
func (s State) InForce() bool { return slices.Contains(inForce, s) }

// CaseDiagram draws the acts of procedures for the guides; those of the file itself would cover them.
func CaseDiagram() string {
	var t lifecycle.Table[State, CaseAct]
	for _, m := range moves {
		if !ruleOf(m.Act).always || m.Act == ActOpen {
			t = append(t, m)
		}
	}
	return t.Mermaid()
}
