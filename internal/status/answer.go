package status

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// Word is an answer in one word.
type Word string

// The words.
const (
	Yes     Word = "yes"
	No      Word = "no"
	Unknown Word = "unknown"
)

// Code says what a reason is about; its sentence is the message status.reason.<code>.
type Code string

// The reasons, each with the word that it speaks for.
const (
	Registered        Code = "registered"          // yes: a basis holds in its own office's market
	Pending           Code = "pending"             // no until today, unknown after: filed and not decided
	NotYet            Code = "not-yet"             // no: registered later
	Ended             Code = "ended"               // no: cancelled, surrendered or lapsed
	NeverRegistered   Code = "never-registered"    // no: refused or withdrawn
	DayUnknown        Code = "day-unknown"         // unknown: registered, the day is not known
	Recognised        Code = "recognised"          // yes
	RecognisedLimited Code = "recognised-limited"  // yes, within limits
	RecognisedLater   Code = "recognised-later"    // no: from a later day on
	RecognitionEnded  Code = "recognition-ended"   // no
	RecognitionNo     Code = "refused"             // no: the market refused protection
	RefusalNotNow     Code = "refused-another-day" // unknown: the refusal does not hold on the day
	InstrumentLater   Code = "instrument-later"    // no: the instrument is not in force yet
	InstrumentEnded   Code = "instrument-ended"    // no
	OriginEnded       Code = "origin-ended"        // no: a name that is not protected at origin is not recognised
	Contradiction     Code = "contradiction"       // unknown: publishers contradict each other
	Elsewhere         Code = "elsewhere"           // unknown: registered somewhere, nothing known of the market
	NothingKnown      Code = "nothing-known"       // unknown
	TooMany           Code = "too-many"            // unknown: more is published than one answer can weigh
	HolderIs          Code = "holder"              // yes: the asked holder holds the registration
	Authorised        Code = "authorised"          // yes: the asked holder may use the mark
	AuthorisedOrdered Code = "authorised-ordered"  // yes, and has something to put right, or is on the list of abnormal use
	AuthorisedLater   Code = "authorised-later"    // no: from a later day on
	UseEnded          Code = "use-ended"           // no: it may use the mark no more
	HolderUnknown     Code = "holder-unknown"      // unknown: nobody published anything of the asked holder
)

// Codes lists all reasons.
var Codes = []Code{
	Registered, Pending, NotYet, Ended, NeverRegistered, DayUnknown, Recognised, RecognisedLimited, RecognisedLater, RecognitionEnded, RecognitionNo,
	RefusalNotNow, InstrumentLater, InstrumentEnded, OriginEnded, Contradiction, Elsewhere, NothingKnown, TooMany, HolderIs,
	Authorised, AuthorisedOrdered, AuthorisedLater, UseEnded, HolderUnknown,
}

// Answer is the answer to a question.
type Answer struct {
	Asked     Question
	Word      Word // to the whole question
	Protected Word // whether the name is protected
	Entitled  Word // whether the holder may use it; empty when it was not asked
	Names     []Name
	Reasons   []Reason
	Sandbox   bool // it rests on what a sandbox published, and is for that alone
}

// Reason is one reason of an answer.
type Reason struct {
	Code        Code
	Says        Word
	Record      *Record
	Basis       *Basis
	Recognition *recognition.Content
	Use         *marks.Public // the holder's authorisation to use the mark
	Name        string        // the name as it is registered or recognised
	From        *time.Time
	Until       *time.Time
	Sources     []recognition.Source
}

// AsOf is when the fact was last looked at: the day its newest source was read, else when the house that publishes it was
// read last, else, in our own, the day it was published.
func (r Reason) AsOf() time.Time {
	at := time.Time{}
	for _, s := range r.Sources {
		if s.RetrievedAt != nil && s.RetrievedAt.After(at) {
			at = *s.RetrievedAt
		}
	}
	if at.IsZero() && r.Record.House != nil {
		return r.Record.House.CheckedAt
	}
	if at.IsZero() {
		return r.Record.PublishedAt
	}
	return at
}

// statement is a reason on its way to the answer. Two statements on one route are about one and the same right.
type statement struct {
	Reason
	subject uuid.UUID // the registration at origin; zero when it is not known
	route   string
	refusal bool
}

// Decide weighs the facts.
func Decide(q Question, f Facts) Answer {
	a := Answer{Asked: q, Names: f.Names}
	said := home(q, f)
	said = append(said, abroad(q, f)...)
	said = append(said, elsewhere(f, said)...)
	a.Protected = weigh(said)
	if f.Cut && a.Protected == No {
		a.Protected = Unknown
	}
	for _, s := range said {
		a.Reasons = append(a.Reasons, s.Reason)
	}
	a.Reasons = append(a.Reasons, general(f, said)...)
	slices.SortStableFunc(a.Reasons, func(x, y Reason) int { return weight(a.Protected, x) - weight(a.Protected, y) })
	a.Word = a.Protected
	if q.Holder != "" {
		r := holder(q, f, said)
		a.Entitled = r.Says
		a.Reasons = append(a.Reasons, r)
		if a.Word == Yes {
			a.Word = a.Entitled
		}
	}
	return a
}

// weight puts the reasons first that speak for the answer given.
func weight(w Word, r Reason) int {
	switch {
	case r.Code == Contradiction:
		return 0
	case r.Says == w:
		return 1
	default:
		return 2
	}
}

// home judges the registrations of the market itself, and of a union that it belongs to.
func home(q Question, f Facts) (said []statement) {
	reach := q.Market.Within()
	for _, r := range f.Registrations {
		for n := range r.Bases {
			if b := &r.Bases[n]; slices.Contains(reach, b.Office) {
				code, says := b.on(q.On, q.Today)
				said = append(said, statement{
					Reason:  Reason{Code: code, Says: says, Record: &r.Record, Basis: b, Name: r.Name, From: b.From, Until: b.Until, Sources: r.Sources},
					subject: r.ID, route: b.route(),
				})
			}
		}
	}
	return said
}

// on judges a basis on a day. Whoever publishes a pending basis says that it is not registered so far; what comes after
// today nobody knows.
func (b *Basis) on(day, today time.Time) (Code, Word) {
	switch {
	case b.Never:
		return NeverRegistered, No
	case b.Until != nil && !day.Before(*b.Until):
		return Ended, No
	case b.From != nil && day.Before(*b.From):
		return NotYet, No
	case b.From != nil:
		return Registered, Yes
	case b.Pending && day.After(today):
		return Pending, Unknown
	case b.Pending:
		return Pending, No
	case !day.Before(today):
		return Registered, Yes
	default:
		return DayUnknown, Unknown
	}
}

// route is the same for one right that several publishers show: office, kind and number. Without a number it is none.
func (b *Basis) route() string {
	if b.Number == "" {
		return ""
	}
	return string(b.Office) + "/" + b.Kind + "/" + strings.ToUpper(b.Number)
}

// abroad judges the recognitions that reach the market.
func abroad(q Question, f Facts) (said []statement) {
	reach := q.Market.Within()
	for _, r := range f.Recognitions {
		if !slices.Contains(reach, r.Market) {
			continue
		}
		s := statement{route: "recognition/" + string(r.Market) + "/", refusal: r.Protection == recognition.Refused}
		if r.Instrument != nil {
			s.route += r.Instrument.Code
		}
		if r.Registration != nil {
			s.subject = r.Registration.Record
		}
		code, says := r.on(q, origin(q, f, r.Registration))
		from, until := r.From.Time, (*time.Time)(nil)
		if r.Until != nil {
			until = &r.Until.Time
		}
		s.Reason = Reason{Code: code, Says: says, Record: &r.Record, Recognition: &r.Content, Name: r.Name, From: &from, Until: until, Sources: r.Sources}
		said = append(said, s)
	}
	return said
}

// origin says whether the registration that a recognition stands on has ended on the day: all its bases have.
func origin(q Question, f Facts, link *recognition.Link) (ended bool) {
	if link == nil {
		return false
	}
	for _, r := range f.Registrations {
		if r.ID != link.Record || r.Publisher.ID != link.Publisher {
			continue
		}
		for n := range r.Bases {
			if code, _ := r.Bases[n].on(q.On, q.Today); code != Ended {
				return false
			}
		}
		return len(r.Bases) > 0
	}
	return false
}

func (r Recognition) on(q Question, originEnded bool) (Code, Word) {
	i := r.Instrument
	inTime := !q.On.Before(r.From.Time) && (r.Until == nil || q.On.Before(r.Until.Time))
	switch {
	case r.Protection == recognition.Refused && inTime:
		return RecognitionNo, No
	case r.Protection == recognition.Refused:
		return RefusalNotNow, Unknown
	case q.On.Before(r.From.Time):
		return RecognisedLater, No
	case !inTime:
		return RecognitionEnded, No
	case i != nil && i.EndedOn != nil && !q.On.Before(i.EndedOn.Time):
		return InstrumentEnded, No
	case i != nil && i.InForceOn != nil && q.On.Before(i.InForceOn.Time):
		return InstrumentLater, No
	case originEnded:
		// There is no duty to protect what is not, or no longer, protected in its country of origin (TRIPS, article 24.9).
		return OriginEnded, No
	case r.Protection == recognition.Limited:
		return RecognisedLimited, Yes
	default:
		return Recognised, Yes
	}
}

// elsewhere names the registrations of which nothing is known in the market. Two records of one right count as one.
func elsewhere(f Facts, said []statement) (more []statement) {
	routes := map[string]bool{}
	for _, r := range f.Registrations {
		if about(said, r.ID) {
			for n := range r.Bases {
				routes[r.Bases[n].route()] = true
			}
		}
	}
	for _, r := range f.Registrations {
		if about(said, r.ID) || len(r.Bases) == 0 {
			continue
		}
		b := &r.Bases[0]
		if known := routes[b.route()] && b.route() != ""; !known {
			more = append(more, statement{Reason: Reason{Code: Elsewhere, Says: Unknown, Record: &r.Record, Basis: b, Name: r.Name, From: b.From, Until: b.Until, Sources: r.Sources}, subject: r.ID})
		}
	}
	return more
}

func about(said []statement, subject uuid.UUID) bool {
	return slices.ContainsFunc(said, func(s statement) bool { return s.subject == subject })
}

// weigh comes to one word. One right that holds and that nobody contests is enough for a yes; a no needs every statement
// to say so.
func weigh(said []statement) Word {
	no := len(said) > 0
	for _, s := range said {
		contested := slices.ContainsFunc(said, func(o statement) bool { return contradict(s, o) })
		if s.Says == Yes && !contested {
			return Yes
		}
		no = no && s.Says == No
	}
	if no {
		return No
	}
	return Unknown
}

// contradict tells whether two publishers say yes and no of one thing: of one right, or one of them that the market
// refused what the other says it protects. A right that ended and another one that holds are no contradiction.
func contradict(s, o statement) bool {
	opposed := s.Says == Yes && o.Says == No || s.Says == No && o.Says == Yes
	if !opposed || s.Record.Publisher.ID == o.Record.Publisher.ID {
		return false
	}
	none := uuid.UUID{}
	same := s.subject == o.subject || s.subject == none || o.subject == none
	if s.Basis != nil || o.Basis != nil {
		return s.route == o.route && s.route != "" || same && (s.refusal || o.refusal)
	}
	return same && (s.route == o.route || s.refusal || o.refusal)
}

// general adds the reasons that cite no record.
func general(f Facts, said []statement) (more []Reason) {
	for n, s := range said {
		if slices.ContainsFunc(said[n:], func(o statement) bool { return contradict(s, o) }) {
			more = append(more, Reason{Code: Contradiction, Says: Unknown})
			break
		}
	}
	if len(said) == 0 {
		more = append(more, Reason{Code: NothingKnown, Says: Unknown})
	}
	if f.Cut {
		more = append(more, Reason{Code: TooMany, Says: Unknown})
	}
	return more
}
