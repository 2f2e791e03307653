package registry

import (
	"strconv"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// SourceForm is the form of a file.
type SourceForm string

// The forms of files.
const (
	OwnForm   SourceForm = "own"       // our headings, or our JSON
	EAmbrosia SourceForm = "eambrosia" // of the European Union's register
	GIview    SourceForm = "giview"    // of the EUIPO's view of it
	UKForm    SourceForm = "uk"        // of the United Kingdom's register of protected names
	MappedBy  SourceForm = "mapped"    // somebody said which field each column is
)

// Mapping says which field each column of a file is (映射).
type Mapping struct {
	Columns    []MappedColumn `json:"columns"`
	Values     []FieldValue   `json:"values,omitempty"` // for all rows, of fields without a column
	DayOrder   DayOrder       `json:"dayOrder,omitempty"`
	HeadingRow int            `json:"headingRow,omitempty"` // 0: it is looked for
	Source     SourceForm     `json:"source,omitempty"`     // empty: it is recognised
}

// MappedColumn is a column by its heading and the field it becomes.
type MappedColumn struct {
	Heading string `json:"heading"`
	Field   string `json:"field"`
}

// FieldValue is a value for all rows.
type FieldValue struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Column is a column of a file as it was found.
type Column struct {
	Column    int      `json:"column"` // from 1
	Heading   string   `json:"heading"`
	Field     string   `json:"field,omitempty"`
	Suggested string   `json:"suggested,omitempty"`
	Why       string   `json:"why,omitempty"` // a code: why a known register's column is not taken
	Samples   []string `json:"samples"`
}

// Codes of wrong mappings.
var (
	CodeFieldUnknown  = problem.Field("import-mapping.field-unknown")
	CodeFieldTwice    = problem.Field("import-mapping.field-twice")
	CodeHeadingTwice  = problem.Field("import-mapping.heading-twice")
	CodeHeadingAbsent = problem.Field("import-mapping.heading-absent")
)

// importOnly are fields that only imports know: what they say goes into other fields, or into findings.
var importOnly = []column{
	{headings: []string{"origin"}, set: setOrigin},
	{headings: []string{"registerStatus"}, set: func(*Content, string) {}},
	{headings: []string{"giType"}, set: func(*Content, string) {}},
	{headings: []string{"sourcePage"}, set: func(c *Content, v string) { source(c).Page = v }},
	{headings: []string{"sourceUrl"}, set: func(c *Content, v string) { source(c).URL = v }},
}

func pointer(list string, i int, member string) string {
	return list + "/" + strconv.Itoa(i) + "/" + member
}

func source(c *Content) *Source {
	if len(c.Sources) == 0 {
		c.Sources = []Source{{}}
	}
	return &c.Sources[0]
}

func setOrigin(c *Content, v string) {
	if c.Area.Words == nil {
		c.Area.Words = map[string]string{}
	}
	if _, said := c.Area.Words["en"]; !said {
		c.Area.Words["en"] = v
	}
}

// Check collects what is wrong with a mapping of a file of registrations by itself.
func (m Mapping) Check(at string) error { return m.check(at, ofRegistrations) }

func (m Mapping) check(at string, of *form) error {
	wrong := problem.ErrInvalid
	headings := map[string]bool{}
	for i, c := range m.Columns {
		key := NameKey(c.Heading)
		if _, ok := of.byKey[c.Field]; !ok {
			wrong = wrong.At(pointer(at+"/columns", i, "field"), CodeFieldUnknown)
		}
		if headings[key] {
			wrong = wrong.At(pointer(at+"/columns", i, "heading"), CodeHeadingTwice)
		}
		headings[key] = true
	}
	fields := map[string]bool{}
	for i, v := range m.Values {
		if _, ok := of.byKey[v.Field]; !ok {
			wrong = wrong.At(pointer(at+"/values", i, "field"), CodeFieldUnknown)
		}
		if fields[v.Field] {
			wrong = wrong.At(pointer(at+"/values", i, "field"), CodeFieldTwice)
		}
		fields[v.Field] = true
	}
	return wrong.Or()
}

// plan is how the columns of one file become fields.
type plan struct {
	of       *form // what its rows become
	form     SourceForm
	register *register // of a public register
	mapping  Mapping
	day      dayForm
	headings []string
	fields   []int          // by column: which of the form's, -1 for none
	why      []string       // by column: why it is not taken
	values   map[int]string // by field: for all rows
}

// newPlan chooses the form of a file by its headings: what somebody said, a register's own form, a mapping kept for these
// headings, our own.
func newPlan(of *form, headings []string, said Mapping, kept func(headings string) (Mapping, bool), day dayForm) *plan {
	p := &plan{of: of, headings: headings, mapping: said, day: day, values: map[int]string{}}
	if of.target == nil {
		p.form, p.register = recognise(headings)
	}
	switch {
	case len(said.Columns) > 0:
		p.form, p.register = MappedBy, registerOf(said.Source)
	case said.Source != "" && said.Source != MappedBy:
		p.form, p.register = said.Source, registerOf(said.Source)
	case p.form == "" && of.target == nil: // mappings are kept of files of registrations
		if m, ok := kept(headingsKey(headings)); ok {
			p.mapping, p.form, p.register = m, MappedBy, registerOf(m.Source)
		}
	}
	p.columns()
	if p.register != nil {
		for key, v := range p.register.values {
			p.values[of.byKey[key]] = v
		}
		if p.day.order = p.register.order; p.mapping.DayOrder != "" {
			p.day.order = p.mapping.DayOrder
		}
	} else {
		p.day.order = p.mapping.DayOrder
	}
	for _, v := range p.mapping.Values {
		p.values[of.byKey[v.Field]] = v.Value
	}
	return p
}

// headingsKey is what files with the same headings have in common.
func headingsKey(headings []string) string {
	keys := make([]string, len(headings))
	for i, h := range headings {
		keys[i] = NameKey(h)
	}
	return strings.TrimRight(strings.Join(keys, "\n"), "\n")
}

// columns finds the field of each column. Without a register or a mapping our own headings count.
func (p *plan) columns() {
	mapped := map[string]int{}
	for _, c := range p.mapping.Columns {
		mapped[NameKey(c.Heading)] = p.of.byKey[c.Field]
	}
	p.fields, p.why = make([]int, len(p.headings)), make([]string, len(p.headings))
	for i, h := range p.headings {
		field, ok := mapped[NameKey(h)]
		switch {
		case p.form == MappedBy:
		case p.register != nil:
			field, p.why[i], ok = p.register.field(h)
		default:
			field, ok = p.of.byHeading[NameKey(h)]
		}
		p.fields[i] = field
		if !ok {
			p.fields[i] = -1
		}
	}
	if p.form == "" && p.has(p.of.needed[0]) {
		p.form = OwnForm
	}
}

// has tells whether a field has a column or a value.
func (p *plan) has(key string) bool {
	f := p.of.byKey[key]
	if _, ok := p.values[f]; ok {
		return true
	}
	for _, g := range p.fields {
		if f == g {
			return true
		}
	}
	return false
}

// complete tells whether rows can be read at all: of registrations who has registered something, and its name.
func (p *plan) complete() bool {
	for _, key := range p.of.needed {
		if !p.has(key) {
			return false
		}
	}
	return p.form != ""
}

// unknown are the headings of columns that become nothing and nobody said why.
func (p *plan) unknown() []string {
	out := []string{}
	for i, h := range p.headings {
		if p.fields[i] < 0 && strings.TrimSpace(h) != "" && p.why[i] == "" && p.form != MappedBy {
			out = append(out, strings.TrimSpace(h))
		}
	}
	return out
}

// columnOf is the column that a field comes from, from 1; 0 when it has none.
func (p *plan) columnOf(field int) int {
	for i, f := range p.fields {
		if f == field {
			return i + 1
		}
	}
	return 0
}

// described are the columns as the preview shows them.
func (p *plan) described(samples [][]string) []Column {
	out := []Column{}
	for i, h := range p.headings {
		c := Column{Column: i + 1, Heading: h, Why: p.why[i], Samples: []string{}}
		for _, row := range samples {
			if i < len(row) && strings.TrimSpace(row[i]) != "" && len(c.Samples) < 3 {
				c.Samples = append(c.Samples, short(strings.TrimSpace(row[i])))
			}
		}
		if strings.TrimSpace(h) == "" && len(c.Samples) == 0 {
			continue
		}
		if f := p.fields[i]; f >= 0 {
			c.Field = p.of.fields[f].headings[0]
		} else {
			c.Suggested = p.of.suggested(h)
		}
		if p.of.hides(c.Field) || p.of.hides(c.Suggested) {
			c.Samples = []string{}
		}
		out = append(out, c)
	}
	return out
}

// suggested is the field whose heading a heading resembles most: it holds it, or is one letter off.
func (f *form) suggested(heading string) string {
	key := NameKey(heading)
	best, longest := "", 0
	for _, c := range f.fields {
		for _, h := range c.headings {
			if _, headed := f.byHeading[NameKey(h)]; !headed {
				continue
			}
			known := NameKey(h)
			n := len([]rune(known))
			if n > longest && (strings.Contains(key, known) || n > 3 && Distance(key, known, 1) >= 0) {
				best, longest = c.headings[0], n
			}
		}
	}
	return best
}
