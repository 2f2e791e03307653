package members

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of changes.
var (
	ErrChangeNotFound = problem.New(problem.NotFound, "member-change.not-found")
	// ErrChangeOpen is returned for a second proposal while one waits.
	ErrChangeOpen = postgres.Constraint("member_changes_open_key", problem.New(problem.Conflict, "member-change.open"))
	// ErrChangeDecided is returned for what was decided already.
	ErrChangeDecided = problem.New(problem.Conflict, "member-change.decided")
	// ErrSamePerson is returned to whoever would decide on a proposal of its own.
	ErrSamePerson = problem.New(problem.Conflict, "member-change.same-person")
	// ErrOvertaken is returned when what the proposal would change was changed meanwhile; its value Fields names it.
	ErrOvertaken = problem.New(problem.Conflict, "member-change.overtaken")
	// ErrNothingChanges is returned for a proposal that is as the member is.
	ErrNothingChanges = problem.New(problem.Conflict, "member-change.nothing")
)

// ChangeStatus is what became of a proposal.
type ChangeStatus string

// The statuses.
const (
	ChangeProposed  ChangeStatus = "proposed"
	ChangeAccepted  ChangeStatus = "accepted"
	ChangeRefused   ChangeStatus = "refused"
	ChangeWithdrawn ChangeStatus = "withdrawn"
)

// Change is a proposal to change what is written of a member, on which a second person decides.
type Change struct {
	ID           uuid.UUID
	MemberID     ID
	MemberName   string
	Status       ChangeStatus
	Fields       []string
	Reason       string
	ByMember     bool
	ProposedBy   uuid.UUID
	ProposedName string
	ProposedAt   time.Time
	DecidedName  string
	DecidedAt    *time.Time
	Decision     string
	Said         proposal // while it is open
}

// proposal is what a member says before and after, as it is sealed.
type proposal struct{ Before, After Facts }

// Difference is a field with what it says and what it would say; what is private is masked.
type Difference struct{ Field, Before, After string }

// Differences are the fields of an open proposal.
func (c Change) Differences() (all []Difference) {
	before, after := c.Said.Before.masked().words(), c.Said.After.masked().words()
	for _, f := range c.Fields {
		all = append(all, Difference{f, before[f], after[f]})
	}
	return all
}

func (f Facts) masked() Facts {
	f.Private = f.Private.Masked()
	return f
}

// words are what a member says, each field for people to read; what has no words, such as files, is counted.
func (f Facts) words() map[string]string {
	c := f.Content
	var contacts, licences, plots, production []string
	for i, x := range c.Contacts {
		one := []string{x.Name, x.Role}
		if i < len(f.Private.Reach) {
			one = append(one, f.Private.Reach[i].Phone, f.Private.Reach[i].Email)
		}
		contacts = append(contacts, said(one))
	}
	for _, x := range c.Licences {
		licences = append(licences, said([]string{x.Kind, x.Number, x.UntilOn}))
	}
	for _, x := range c.Plots {
		plots = append(plots, said([]string{x.Name, x.Place, x.Area.Value + " " + string(x.Area.Unit)}))
	}
	for _, x := range c.Production {
		production = append(production, fmt.Sprintf("%d: %s", x.Year, x.Tonnes))
	}
	all := map[string]string{"category": string(f.Category), "name": f.Name, "creditCode": string(f.CreditCode), "idNumber": f.Private.IDNumber, "representative": c.Representative, "contacts": strings.Join(contacts, "; "),
		"address": c.Address, "licences": strings.Join(licences, "; "), "plots": strings.Join(plots, "; "), "varieties": strings.Join(c.Varieties, ", "), "production": strings.Join(production, "; "), "note": c.Note, "language": c.Language}
	if c.Declared != nil {
		all["declaredArea"] = c.Declared.Value + " " + string(c.Declared.Unit)
	}
	if len(c.Documents) > 0 {
		all["documentIds"] = fmt.Sprint(len(c.Documents))
	}
	return all
}

func said(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// overtaken names the fields of a proposal that are not any more as they were when it was made.
func (c Change) overtaken(now Facts) []string {
	return slices.DeleteFunc(changed(c.Said.Before, now), func(f string) bool { return !slices.Contains(c.Fields, f) })
}

// on is a member with the fields of a proposal, and everything else as it is now.
func (c Change) on(now Facts) Facts {
	f, after := now.clone(), c.Said.After
	for _, field := range c.Fields {
		switch field {
		case "category":
			f.Category = after.Category
		case "name":
			f.Name = after.Name
		case "creditCode":
			f.CreditCode = after.CreditCode
		case "idNumber":
			f.Private.IDNumber = after.Private.IDNumber
		case "contacts":
			f.Content.Contacts, f.Private.Reach = after.Content.Contacts, after.Private.Reach
		default:
			f.Content = f.Content.with(field, after.Content)
		}
	}
	return f
}

func (c Content) with(field string, after Content) Content {
	switch field {
	case "representative":
		c.Representative = after.Representative
	case "address":
		c.Address = after.Address
	case "licences":
		c.Licences = after.Licences
	case "declaredArea":
		c.Declared = after.Declared
	case "plots":
		c.Plots = after.Plots
	case "varieties":
		c.Varieties = after.Varieties
	case "production":
		c.Production = after.Production
	case "note":
		c.Note = after.Note
	case "language":
		c.Language = after.Language
	case "documentIds":
		c.Documents = after.Documents
	}
	return c
}
