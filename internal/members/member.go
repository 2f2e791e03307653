package members

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// ID identifies a membership.
type ID = uuid.UUID

// Problems of members.
var (
	ErrNotFound   = problem.New(problem.NotFound, "member.not-found")
	ErrErased     = problem.New(problem.Conflict, "member.erased")
	ErrNumberUsed = postgres.Constraint("members_number_key", problem.New(problem.Conflict, "member.number-used"))
	// ErrCodeUsed is returned for a second membership of one body: it is readmitted instead.
	ErrCodeUsed = postgres.Constraint("members_credit_code_key", problem.New(problem.Conflict, "member.code-used"))
	// ErrTooEarly is returned for the erasure of somebody whose membership goes on.
	ErrTooEarly = problem.New(problem.Conflict, "member.not-over")

	codeName     = problem.Field("member.name")
	codeIDNumber = problem.Field("member.id-number")
	codeIdentity = problem.Field("member.no-identity")
	codePhone    = problem.Field("member.phone")
	codeEmail    = problem.Field("member.email")
	codeReason   = problem.Field("member.no-reason")
	codeDay      = problem.Field("member.day")
	codeGeometry = problem.Field("member.geometry")
	codeDocument = problem.Field("member.document")
)

// Category is what sort of member somebody is.
type Category string

// The categories.
const (
	Enterprise  Category = "enterprise"
	Cooperative Category = "cooperative"
	Grower      Category = "grower"
	Expert      Category = "expert"
)

// Categories lists them.
var Categories = []Category{Enterprise, Cooperative, Grower, Expert}

// Content is what everybody in the association may read of a member besides its name and code.
type Content struct {
	Representative string       `json:"representative,omitempty"`
	Contacts       []Contact    `json:"contacts,omitempty"`
	Address        string       `json:"address,omitempty"`
	Licences       []Licence    `json:"licences,omitempty"`
	Declared       *Area        `json:"declared,omitempty"` // all land, as the member says
	Plots          []Plot       `json:"plots,omitempty"`
	Varieties      []string     `json:"varieties,omitempty"`
	Production     []Production `json:"production,omitempty"`
	Note           string       `json:"note,omitempty"`
	Language       string       `json:"language,omitempty"`  // in which it is written to; empty: Chinese
	Documents      []uuid.UUID  `json:"documents,omitempty"` // that came with the application
}

// Contact is a person to ask. How the person is reached is private.
type Contact struct {
	Name string `json:"name"`
	Role string `json:"role,omitempty"`
}

// Licence is a permission that a member works under, such as a business licence (营业执照).
type Licence struct {
	Kind    string `json:"kind"`
	Number  string `json:"number"`
	UntilOn string `json:"untilOn,omitempty"` // the last day; empty: it has no end
}

// Production is what a member grew or made in a year.
type Production struct {
	Year   int    `json:"year"`
	Tonnes string `json:"tonnes"` // decimal
}

// Facts are what a member is, as somebody wrote them down.
type Facts struct {
	Category   Category
	Name       string
	CreditCode marks.CreditCode // empty: a natural person
	Content    Content
	Private    Private
}

// Member is a producer's membership in the association (会员).
type Member struct {
	ID      ID
	Version int
	Number  string
	Status  Status
	Facts
	AppliedOn  time.Time
	AdmittedOn *time.Time
	EndedOn    *time.Time
	ErasedAt   *time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Event is what happened to a membership.
type Event struct {
	Seq        int
	Act        Act
	Status     Status
	On         time.Time
	Reason     string
	Reference  string
	DocumentID *uuid.UUID
	Changed    []string
	RecordedAt time.Time
	RecordedBy string
}

// Deed is an act with its day, reason and paper.
type Deed struct {
	Act        Act
	On         time.Time
	Reason     string
	Reference  string
	DocumentID *uuid.UUID
	Number     string // of an admission; empty: the next one
}

// Check collects what is wrong with a member by itself.
func (f Facts) Check() error {
	wrong := problem.ErrInvalid
	if registry.NameKey(f.Name) == "" {
		wrong = wrong.At("/name", codeName)
	}
	if f.CreditCode != "" {
		if _, err := marks.ParseCreditCode(string(f.CreditCode)); err != nil {
			wrong = wrong.At("/creditCode", marks.CodeCreditCode)
		}
	}
	if f.Private.IDNumber != "" {
		if _, ok := ReadIDNumber(f.Private.IDNumber); !ok {
			wrong = wrong.At("/idNumber", codeIDNumber)
		}
	}
	if f.CreditCode == "" && (f.Category == Enterprise || f.Category == Cooperative) {
		wrong = wrong.At("/creditCode", codeIdentity)
	}
	for i, r := range f.Private.Reach {
		if r.Phone != "" && !phoneForm.MatchString(r.Phone) {
			wrong = wrong.At(at("contacts", i, "phone"), codePhone)
		}
		if r.Email != "" && !emailForm.MatchString(r.Email) {
			wrong = wrong.At(at("contacts", i, "email"), codeEmail)
		}
	}
	return f.Content.check(wrong).Or()
}

func (c Content) check(wrong *problem.Error) *problem.Error {
	for i, l := range c.Licences {
		if !isDay(l.UntilOn) {
			wrong = wrong.At(at("licences", i, "untilOn"), codeDay)
		}
	}
	if c.Declared != nil && !c.Declared.Valid() {
		wrong = wrong.At("/declaredArea/value", codeArea)
	}
	for i, p := range c.Plots {
		if !p.Area.Valid() {
			wrong = wrong.At(at("plots", i, "area/value"), codeArea)
		}
		if len(p.Geometry) > 0 {
			if _, err := registry.Rings(p.Geometry); err != nil {
				wrong = wrong.At(at("plots", i, "geometry"), codeGeometry)
			}
		}
	}
	for i, p := range c.Production {
		if !decimal.MatchString(p.Tonnes) {
			wrong = wrong.At(at("production", i, "tonnes"), codeArea)
		}
	}
	return wrong
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

func at(list string, i int, field string) string {
	return "/" + list + "/" + strconv.Itoa(i) + "/" + field
}

// Check collects what is wrong with an act by itself.
func (d Deed) Check(today time.Time) error {
	wrong := problem.ErrInvalid
	if reasoned[d.Act] && strings.TrimSpace(d.Reason) == "" {
		wrong = wrong.At("/reason", codeReason)
	}
	if d.On.After(today) {
		wrong = wrong.At("/on", codeDay)
	}
	return wrong.Or()
}

// clone is a copy whose lists can be changed without changing the original's.
func (f Facts) clone() Facts {
	f.Content.Contacts, f.Content.Licences, f.Content.Production = slices.Clone(f.Content.Contacts), slices.Clone(f.Content.Licences), slices.Clone(f.Content.Production)
	f.Private.Reach = slices.Clone(f.Private.Reach)
	return f
}

// changed names the fields in which two members differ.
func changed(before, after Facts) (fields []string) {
	b, a := before.fields(), after.fields()
	for i := range a {
		if a[i].value != b[i].value {
			fields = append(fields, a[i].name)
		}
	}
	return fields
}

type field struct{ name, value string }

// fields are what a member says, each as one text.
func (f Facts) fields() []field {
	c := f.Content
	return []field{
		{"category", string(f.Category)}, {"name", f.Name}, {"creditCode", string(f.CreditCode)}, {"idNumber", f.Private.IDNumber}, {"representative", c.Representative},
		{"contacts", text(c.Contacts) + text(f.Private.Reach)}, {"address", c.Address}, {"licences", text(c.Licences)}, {"declaredArea", text(c.Declared)}, {"plots", text(c.Plots)},
		{"varieties", text(c.Varieties)}, {"production", text(c.Production)}, {"note", c.Note}, {"language", c.Language}, {"documentIds", text(c.Documents)},
	}
}

// erased is a member without what is personal: a body keeps its name and code, a person nothing.
func (m Member) erased() Member {
	m.Private = Private{}
	c := Content{Licences: m.Content.Licences, Declared: m.Content.Declared, Varieties: m.Content.Varieties, Production: m.Content.Production}
	if m.CreditCode == "" {
		m.Name, c.Licences = "", nil
	} else {
		c.Plots = m.Content.Plots
	}
	m.Content = c
	return m
}

// expiring are the licences that end on or before a day.
func (c Content) expiring(by time.Time) (all []Licence) {
	for _, l := range c.Licences {
		if l.UntilOn != "" && l.UntilOn <= by.Format(time.DateOnly) {
			all = append(all, l)
		}
	}
	return all
}

func sortedYears(all []Production) []Production {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Production) int { return b.Year - a.Year })
	return all
}
