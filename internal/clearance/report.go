package clearance

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// ReportID identifies a report.
type ReportID = uuid.UUID

// Problems of reports.
var (
	ErrReportNotFound  = problem.New(problem.NotFound, "clearance-report.not-found")
	ErrFindingNotFound = problem.New(problem.NotFound, "clearance-finding.not-found")
	// ErrSearching is returned for an act on a report whose search has not ended.
	ErrSearching = problem.New(problem.Conflict, "clearance-report.searching")
	// ErrDecided is returned when somebody else decided first; the decision is to be undone before another is made.
	ErrDecided = problem.New(problem.Conflict, "clearance-finding.decided")
	// ErrUndecided is returned when a decision is undone that nobody made.
	ErrUndecided = problem.New(problem.Conflict, "clearance-finding.undecided")

	codeSubject   = problem.Field("clearance-report.subject")
	codeMarket    = problem.Field("clearance-report.market")
	codeName      = problem.Field("clearance-report.name")
	codeLanguage  = problem.Field("clearance-report.language")
	codeNoRecord  = problem.Field("clearance-report.no-record")
	codeManyNames = problem.Field("clearance-report.many-names")
)

// ReportStatus is where a report stands.
type ReportStatus string

// The statuses of reports.
const (
	Searching ReportStatus = "searching"
	Done      ReportStatus = "done"
)

// ReportAct is what can be done with a report.
type ReportAct string

// The acts. Finish is the search's own; decide and undo are acts on a finding.
const (
	Finish ReportAct = "finish"
	Issue  ReportAct = "issue"
	Export ReportAct = "export"
	Decide ReportAct = "decide"
	Undo   ReportAct = "undo"
)

var moves = lifecycle.Table[ReportStatus, ReportAct]{
	{From: Searching, Act: Finish, To: Done},
	{From: Done, Act: Issue, To: Done},
	{From: Done, Act: Export, To: Done},
}

// Deliberation is whether somebody decided on a finding.
type Deliberation string

// The two.
const (
	Open    Deliberation = "open"
	Decided Deliberation = "decided"
)

var deliberations = lifecycle.Table[Deliberation, ReportAct]{
	{From: Open, Act: Decide, To: Decided},
	{From: Decided, Act: Undo, To: Open},
}

// Deliberation of a finding.
func (f Finding) Deliberation() Deliberation {
	if f.Decision == Undecided {
		return Open
	}
	return Decided
}

// Name is a name that is asked for.
type Name struct {
	Text     string `json:"text"`
	Language string `json:"language"`
}

// Question is what a report answers: which names, in which market, for which goods. It is about a registration of the tenant, a
// case that it is a side of, or names alone.
type Question struct {
	Registration *registry.ID
	Case         *recognition.CaseID
	Names        []Name // of free questions
	Market       recognition.Market
	Classes      []registry.Class
	HSCodes      []string
	Floor        int // the least score that is shown; 0: the method's own
}

// Check collects what is wrong with a question by itself.
func (q Question) Check() error {
	wrong := problem.ErrInvalid
	about := 0
	for _, given := range []bool{q.Registration != nil, q.Case != nil, len(q.Names) > 0} {
		if given {
			about++
		}
	}
	if about != 1 {
		wrong = wrong.At("/names", codeSubject)
	}
	if _, ok := recognition.ParseMarket(string(q.Market)); !ok && q.Case == nil {
		wrong = wrong.At("/market", codeMarket)
	}
	for i, n := range q.Names {
		if registry.NameKey(n.Text) == "" {
			wrong = wrong.At(pointer("/names", i, "text"), codeName)
		}
		if _, err := language.Parse(n.Language); err != nil {
			wrong = wrong.At(pointer("/names", i, "language"), codeLanguage)
		}
	}
	if len(q.Names) > mostNames {
		wrong = wrong.At("/names", codeManyNames, "Most", mostNames)
	}
	return wrong.Or()
}

// Report is the frozen answer to a question (检索报告).
type Report struct {
	ID           ReportID
	Version      int // one more with each decision
	Status       ReportStatus
	Title        string
	Names        []Name
	Market       recognition.Market
	Classes      []string // scheme|code
	HSCodes      []string
	Floor        int
	Registration *uuid.UUID
	Case         *uuid.UUID
	Same         []uuid.UUID // records that are the name itself
	TaskID       *uuid.UUID
	AskedAt      time.Time
	AskedBy      string
	Searched     []Searched
	Method       Method
	Found        int // above the floor; at most the first 500 are kept
	DocumentID   *uuid.UUID
	Printed      int // the version of its paper
	Decided      int // findings on which somebody decided
	Conflicts    int
	Kept         int
}

// Searched is what one place was when it was searched.
type Searched struct {
	Source   string         `json:"source"`
	Count    int            `json:"count"`              // records that were looked at
	NewestAt *time.Time     `json:"newestAt,omitempty"` // the last change of what was looked at
	Lists    []SearchedList `json:"lists,omitempty"`
}

// SearchedList is a list of earlier marks as it was searched.
type SearchedList struct {
	ID      uuid.UUID `json:"id"`
	Name    string    `json:"name"`
	Source  string    `json:"source"`
	TakenOn string    `json:"takenOn"`
	Version int       `json:"version"`
	Count   int       `json:"count"`
}

// Finding is a record whose name is like one that was asked for.
type Finding struct {
	ID         uuid.UUID
	Place      int // from 1, the strongest first
	Right      Right
	Source     string
	RecordID   uuid.UUID
	Facts      Facts
	Name       string // of ours
	Score      int
	Goods      Goods
	Likenesses []Likeness
	Decision   Decision
	Reason     string
	DecidedBy  string
	DecidedAt  *time.Time
}

// Facts are what was known of a record when it was found.
type Facts struct {
	Sign      string            `json:"sign"` // the form that is like ours
	Main      string            `json:"main"` // the record's own name, where that is another form
	Office    string            `json:"office,omitempty"`
	Number    string            `json:"number,omitempty"`
	Holder    map[string]string `json:"holder,omitempty"` // by language tag
	Classes   []string          `json:"classes,omitempty"`
	HSCodes   []string          `json:"hsCodes,omitempty"`
	Status    string            `json:"status,omitempty"`
	Since     string            `json:"since,omitempty"`     // priority or registration
	Publisher map[string]string `json:"publisher,omitempty"` // whose record it is, where it is another's
	List      string            `json:"list,omitempty"`
	InMarket  bool              `json:"inMarket"`
	Ended     bool              `json:"ended,omitempty"`
}

// Decision is what a person says of a finding.
type Decision string

// The decisions. Undecided is the lack of one.
const (
	Undecided  Decision = ""
	Conflict   Decision = "conflict"
	NoConflict Decision = "no-conflict"
	Unclear    Decision = "unclear"
)

// candidate is a record that may be found.
type candidate struct {
	ID        uuid.UUID
	Names     []Name
	Right     Right
	Office    string
	Number    string
	Holder    map[string]string
	Classes   []string
	HSCodes   []string
	Status    string
	Since     string // a full-date, or empty
	Publisher map[string]string
	List      string
	Ended     bool
}

// question is a report's question in the shapes in which it is searched.
type question struct {
	report  Report
	names   []spelling
	generic []spelling
	reach   map[string]bool // offices whose rights hold in the market
}

// weigh makes a finding of a candidate by the names that are most alike; without one that reaches the floor it is none.
func (q question) weigh(source string, c candidate) (f Finding, found bool) {
	for _, theirs := range c.Names {
		other := spell(theirs.Text)
		for _, ours := range q.names {
			var ways []Likeness
			if c.Right == GenericTerm {
				ways = againstGeneric(ours, other)
			} else {
				ways = compare(ours, other, q.generic)
			}
			if len(ways) > 0 && ways[0].Score > f.Score {
				f.Score, f.Likenesses, f.Name, f.Facts.Sign = ways[0].Score, ways, ours.text, theirs.Text
			}
		}
	}
	if f.Score < q.report.Floor {
		return f, false
	}
	f.Right, f.Source, f.RecordID, f.Goods = c.Right, source, c.ID, goodsOf(q.report.Classes, c.Classes, q.report.HSCodes, c.HSCodes)
	f.Facts = Facts{Sign: f.Facts.Sign, Office: c.Office, Number: c.Number, Holder: c.Holder, Classes: c.Classes, HSCodes: c.HSCodes, Status: c.Status, Publisher: c.Publisher, List: c.List, Ended: c.Ended,
		InMarket: c.Office == "" || q.reach[c.Office] || c.Right == Recognised || c.Right == Pending}
	if main := c.Names[0].Text; main != f.Facts.Sign {
		f.Facts.Main = main
	}
	if _, err := time.Parse(time.DateOnly, c.Since); err == nil { // other houses may say what is no day
		f.Facts.Since = c.Since
	}
	return f, true
}

// rank is what findings stand in order by: the score, and what raises or lowers it in the order alone.
func (f Finding) rank() int {
	rank := f.Score
	for _, by := range []struct {
		holds  bool
		weight string
	}{{f.Goods == SameGoods, "goods-same"}, {f.Facts.InMarket, "in-market"}, {f.Facts.Ended, "ended"}} {
		if by.holds {
			rank += weightOf(by.weight)
		}
	}
	return rank
}

// inOrder puts findings in the order of a report: by rank, then the earlier right, then sign and id, so that the same
// question to the same registers always gives the same list.
func inOrder(all []Finding) {
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(b.rank()-a.rank(), strings.Compare(orLast(a.Facts.Since), orLast(b.Facts.Since)), strings.Compare(a.Facts.Sign, b.Facts.Sign), strings.Compare(a.RecordID.String(), b.RecordID.String()))
	})
}

func orLast(day string) string { return cmp.Or(day, "9999") }
