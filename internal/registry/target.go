package registry

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Target is what the rows of a file become where they become no registrations: records of another package, which says what
// its fields are and how its records are written. All else of an import is the same, from the encoding of the file to the rows that
// an officer leaves out.
type Target struct {
	Name   string // in the import
	Fields []TargetField
	Needed []string // without them no row can be read
	Sparse bool     // what a row does not say stays as the record has it
	// Read makes a record of the values of a row by field; what is wrong points at a field.
	Read func(values map[string]string) (TargetRow, []RowProblem)
	// Existing finds the records that rows may be, by identity.
	Existing func(ctx context.Context, tx pgx.Tx, i Import, identities []string) (map[string]TargetRecord, error)
	// Write begins to write an import in the transaction that writes all of it.
	Write func(ctx context.Context, tx pgx.Tx, i Import) (TargetWriter, error)
}

// TargetField is a field that a column may become.
type TargetField struct {
	Key      string
	Headings []string // read besides the key
	Like     string   // the field of registrations that is read in the same way
	Most     int      // letters, where it is read as it stands
	Private  bool     // the preview shows no samples of it
	Read     func(said string) (read, code string)
}

// TargetRow is what a row of a file says.
type TargetRow struct {
	Identity string // what two rows are the same record by
	Title    string
	Content  json.RawMessage // an object
}

// TargetRecord is a record as Read would make it of a row, with its id when there is one.
type TargetRecord struct {
	ID      *string
	Content json.RawMessage
}

// TargetWriter takes the rows of an import, some at a time, and ends when all are written.
type TargetWriter struct {
	Rows func([]TargetRecord) error
	End  func() error
}

// Add makes imports of another target possible.
func (m *Imports) Add(t Target) { m.forms[t.Name] = formOf(t) }

// form is what the columns of a file may become, and how they are understood.
type form struct {
	fields    []column // those with headings of ours first
	byKey     map[string]int
	byHeading map[string]int
	rules     map[string]func(x *reading, i int, said string) string
	needed    []string
	target    *Target // nil: registrations
}

func newForm(fields []column, headed int, needed []string) *form {
	f := &form{fields: fields, byKey: map[string]int{}, byHeading: map[string]int{}, needed: needed}
	for i, c := range fields {
		f.byKey[c.headings[0]] = i
		if i < headed {
			for _, h := range c.headings {
				f.byHeading[NameKey(h)] = i
			}
		}
	}
	return f
}

// ofRegistrations is the form of files of registrations: the tabular form, and the fields that only imports know.
var ofRegistrations = func() *form {
	f := newForm(slices.Concat(tabular, importOnly), len(tabular), []string{"name", "office"})
	f.rules = rules
	return f
}()

func formOf(t Target) *form {
	fields := []column{}
	for _, field := range t.Fields {
		fields = append(fields, column{headings: append([]string{field.Key}, field.Headings...)})
	}
	f := newForm(fields, len(fields), t.Needed)
	f.target, f.rules = &t, map[string]func(*reading, int, string) string{}
	for _, field := range t.Fields {
		switch {
		case field.Like != "":
			f.rules[field.Key] = rules[field.Like]
		case field.Read != nil:
			f.rules[field.Key] = func(x *reading, i int, said string) string {
				v, code := field.Read(said)
				if code != "" {
					x.at(i, code, "Said", short(said), "Read", short(v))
				}
				return v
			}
		default:
			f.rules[field.Key] = limit(field.Most)
		}
	}
	return f
}

// hides tells whether a field is private.
func (f *form) hides(key string) bool {
	return f.target != nil && slices.ContainsFunc(f.target.Fields, func(t TargetField) bool { return t.Private && t.Key == key })
}

// targeted makes a row of a target of what was read, and says at which column it is wrong.
func (x *reading) targeted(n int) checked {
	values := map[string]string{}
	for f, v := range x.values {
		if v != "" {
			values[x.plan.of.fields[f].headings[0]] = v
		}
	}
	row, wrong := x.plan.of.target.Read(values)
	for _, p := range wrong {
		x.find(p.Pointer, p.Code)
		x.findings[len(x.findings)-1].Values = p.Values
	}
	for i, f := range x.findings { // what is said of a private cell must not say the cell
		if f.Column > 0 && f.Column <= len(x.plan.fields) && x.plan.fields[f.Column-1] >= 0 && x.plan.of.hides(x.plan.of.fields[x.plan.fields[f.Column-1]].headings[0]) {
			x.findings[i].Values = map[string]any{"Said": "***", "Read": "***"}
		}
	}
	return checked{number: n, row: &row, problems: x.findings, plan: x.plan}
}

// targetFate compares a row with the record that it may be.
func targetFate(r *checked, have TargetRecord, known bool) (Fate, *string) {
	if !known {
		return FateNew, nil
	}
	var was, is map[string]json.RawMessage
	if json.Unmarshal(have.Content, &was) != nil || json.Unmarshal(r.row.Content, &is) != nil {
		return FateChanged, have.ID
	}
	same := true
	for _, field := range r.plan.of.fields {
		key := field.headings[0]
		if string(was[key]) != string(is[key]) && (len(is[key]) > 0 || !r.plan.of.target.Sparse) {
			same = false
			r.problems = append(r.problems, r.located(RowProblem{Pointer: key, Code: CodeDiffers, Values: map[string]any{"Has": short(plainJSON(was[key])), "Read": short(plainJSON(is[key]))}}))
		}
	}
	if same {
		return FateSame, have.ID
	}
	return FateChanged, have.ID
}

// plainJSON is a value as people read it.
func plainJSON(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}
