package marks

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// ID identifies an authorisation.
type ID = uuid.UUID

// Kind is one of the four kinds of lawful users of the special mark (notice 354 of 2020, 地理标志专用标志使用管理办法（试行）).
type Kind string

// Kinds are the four: who was approved by notice for a GI product; members of a collective mark and licensees of a certification
// mark that are registered as geographical indications; others that are filed with the authority.
var Kinds = []Kind{"approved-producer", "collective-member", "certification-licensee", "filed-user"}

// Details of fields.
var (
	codeNeeded  = problem.Field("mark-authorisation.needed")
	codeName    = problem.Field("mark-authorisation.name")
	codeFuture  = problem.Field("mark-authorisation.future")
	codeEarlier = problem.Field("mark-authorisation.earlier")
	codeGround  = problem.Field("mark-authorisation.ground")
)

// Holder is who may use the mark, as it is kept and shown.
type Holder struct {
	Kind       Kind
	CreditCode CreditCode
	Names      map[string]string // by language tag
	Township   string
	Exports    bool   // an export enterprise: counted by itself in the usage rate
	ContentG   *int64 // grams in a package with a mark on it, where it is another than the rule says
}

// Authorisation (使用授权) lets a producer use the special mark for one registration.
type Authorisation struct {
	ID             ID
	Version        int // the number of its last event
	Status         Status
	RegistrationID uuid.UUID
	Holder
	Notice      string
	FromOn      *time.Time
	EndedOn     *time.Time
	Ground      Ground
	DueOn       *time.Time
	AppealUntil *time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Origin      registry.Status // where its registration stands now
	LastUsedOn  *time.Time      // day on which its holder last put marks on goods
	ReportedOn  *time.Time      // day of its last report
	Asked       Rule            // what the tenant asks of users: its periods alone
}

// Proposal is an act that the register proposes; a person decides on it.
type Proposal struct {
	Act    Act
	Ground Ground
	Why    string // registration-ended, rectification-overdue, unused or report-overdue
}

// Proposals are read from what is known today, and stored nowhere. A use rests on its registration: when that ended at origin, so
// should the use.
func (a *Authorisation) Proposals(today time.Time) (all []Proposal) {
	ended := a.Origin == registry.Cancelled || a.Origin == registry.Surrendered || a.Origin == registry.Lapsed
	if a.Status.InForce() && ended {
		all = append(all, Proposal{End, "registration-ended", "registration-ended"})
	}
	if a.Status == Rectifying && a.DueOn != nil && a.DueOn.Before(today) {
		all = append(all, Proposal{Flag, "", "rectification-overdue"})
	}
	if on, ok := a.UnusedOn(); ok && !on.After(today) {
		all = append(all, Proposal{End, "unused", "unused"})
	}
	if due, ok := a.ReportDueOn(); ok && due.Before(today) {
		all = append(all, Proposal{Report, "", "report-overdue"})
	}
	return all
}

// UnusedOn is the day on which a use in force that stays unused has been so for as long as the tenant's rule lets it; false when the
// rule does not say.
func (a *Authorisation) UnusedOn() (time.Time, bool) {
	if !a.Status.InForce() || a.FromOn == nil {
		return time.Time{}, false
	}
	return a.Asked.Unused(later(*a.FromOn, a.LastUsedOn))
}

// ReportDueOn is the last day of the next report of a use in force; false when the rule asks for none.
func (a *Authorisation) ReportDueOn() (time.Time, bool) {
	if !a.Status.InForce() || a.FromOn == nil {
		return time.Time{}, false
	}
	return a.Asked.ReportDue(later(*a.FromOn, a.ReportedOn))
}

func later(day time.Time, other *time.Time) time.Time {
	if other != nil && other.After(day) {
		return *other
	}
	return day
}

// Event is something that happened to an authorisation.
type Event struct {
	Seq          int
	Act          Act
	From, To     Status
	HappenedOn   time.Time
	Reference    string
	Reason       string
	Ground       Ground
	DueOn        *time.Time
	AppealUntil  *time.Time
	Documents    []uuid.UUID
	RecordedBy   *uuid.UUID
	RecordedName string
	RecordedAt   time.Time
}

// Check collects what is wrong with a holder by itself, and reads its code as it was typed.
func (h *Holder) Check() error {
	wrong := problem.ErrInvalid
	code, err := ParseCreditCode(string(h.CreditCode))
	switch {
	case strings.TrimSpace(string(h.CreditCode)) == "":
		wrong = wrong.At("/creditCode", codeNeeded)
	case err != nil:
		wrong = wrong.At("/creditCode", CodeCreditCode)
	}
	h.CreditCode = code
	return both(wrong.Or(), h.checkNames())
}

func (h *Holder) checkNames() error {
	wrong := problem.ErrInvalid
	if h.title() == "" {
		wrong = wrong.At("/names", codeName)
	}
	for tag, name := range h.Names {
		if registry.NameKey(name) == "" {
			wrong = wrong.At("/names/"+tag, codeName)
		}
	}
	return wrong.Or()
}

// title is the name in Chinese, and else the first one by tag.
func (h *Holder) title() string { return h.Names[h.language()] }

// language is the tag of the title; empty when there is no name.
func (h *Holder) language() string {
	for _, tag := range append([]string{"zh-Hans", "zh"}, sortedTags(h.Names)...) {
		if h.Names[tag] != "" {
			return tag
		}
	}
	return ""
}

func sortedTags(names map[string]string) (tags []string) {
	for tag := range names {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}

// folded are names and code as they are looked for, a line each.
func (h *Holder) folded() string {
	lines := []string{strings.ToLower(string(h.CreditCode))}
	for _, tag := range sortedTags(h.Names) {
		lines = append(lines, registry.NameKey(h.Names[tag]))
	}
	return strings.Join(lines, "\n")
}

// Check collects what an event lacks. today is the day that nothing happens after.
func (e Event) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	given := map[Need]bool{
		NeedReason: strings.TrimSpace(e.Reason) != "", NeedReference: strings.TrimSpace(e.Reference) != "", NeedGround: e.Ground != "",
		NeedDue: e.DueOn != nil, NeedAppeal: e.AppealUntil != nil,
	}
	for _, n := range e.needed() {
		if !given[n] {
			wrong = wrong.At("/"+string(n), codeNeeded)
		}
	}
	if e.Ground != "" && e.Act != End {
		wrong = wrong.At("/ground", codeGround)
	}
	if e.HappenedOn.After(today) {
		wrong = wrong.At("/happenedOn", codeFuture)
	}
	for need, day := range map[Need]*time.Time{NeedDue: e.DueOn, NeedAppeal: e.AppealUntil} {
		if day != nil && day.Before(e.HappenedOn) {
			wrong = wrong.At("/"+string(need), codeEarlier)
		}
	}
	return wrong.Or()
}

// allowed are the acts that the status allows; artwork is made for whoever may use the mark.
func (a Authorisation) allowed() []Act {
	acts := moves.Allowed(a.Status)
	if a.Status == Active {
		acts = append(acts, "compose")
	}
	return acts
}

// apply moves the authorisation by an event; what the event says of days and grounds is kept with it.
func (a *Authorisation) apply(e *Event) error {
	to, err := moves.Next(a.Status, e.Act)
	if err != nil {
		return err
	}
	e.From, e.To = a.Status, to
	if e.Act == Appeal && (a.AppealUntil == nil || e.HappenedOn.After(*a.AppealUntil)) {
		return ErrTooLate
	}
	if a.Status = to; to != Rectifying {
		a.DueOn = nil
	}
	switch e.Act {
	case Enter:
		a.Notice, a.FromOn = e.Reference, &e.HappenedOn
	case Order:
		a.DueOn = e.DueOn
	case Refuse:
		a.AppealUntil = e.AppealUntil
	case End:
		a.EndedOn, a.Ground, a.AppealUntil = &e.HappenedOn, e.Ground, e.AppealUntil
	case Reopen:
		a.EndedOn, a.Ground, a.AppealUntil = nil, "", nil
	}
	return nil
}
