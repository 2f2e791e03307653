package registry

import (
	"io"
	"slices"
	"strconv"

	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrListLong is returned for a list of more names than whoever reads it takes.
var ErrListLong = problem.New(problem.TooLarge, "import.list-long")

// NameList is a list of names as it was read from a file: what others register, and not registrations of the reader.
type NameList struct {
	Columns  []Column
	Unknown  []string
	Encoding Encoding
	Headings bool // a row of it says what its columns are
	Complete bool // rows were read; else somebody has to say which column is the name
	Rows     []ListedName
}

// ListedName is a row of a list.
type ListedName struct {
	Row      int
	Name     string
	Language string // empty: the row does not say
	Forms    []Name // transcriptions and translations
	Number   string // in the register that it comes from
	Findings []RowProblem
}

// ListForm is what is said of the form of a list; its zero value leaves all to be recognised.
type ListForm struct {
	Mapping  Mapping
	Headings *bool // whether a row says what the columns are; nil: it is looked at
	Pasted   bool  // without a heading that is known, the columns are a name, its transcription and its translation
}

// listed are the fields that a list of names has; what its other columns say is not looked at.
var listed = []string{"name", "nameLanguage", "transcription", "transcriptionScheme", "nameEn", "nameAr", "number"}

// bare are the columns of a list without headings, in their order.
var bare = []string{"name", "transcription", "nameEn"}

// ReadNames reads a list of at most so many names from a table in any of the forms that registrations come in. It returns
// ErrFileForm for what is no table, ErrFileHeading when the row that has the headings is not there, or ErrListLong.
func ReadNames(r io.ReaderAt, size int64, form ListForm, most int) (list NameList, err error) {
	if size > maxFile {
		return list, ErrFileLarge
	}
	t, text, err := openTable(ofRegistrations, r, size)
	if err != nil {
		return list, err
	}
	if t == nil {
		return list, ErrFileForm
	}
	defer t.close() //nolint:errcheck // nothing was written
	if text != nil {
		list.Encoding = text.main
	}
	first, err := firstRows(t)
	if err != nil {
		return list, err
	}
	p, rest, err := form.plan(t, first)
	if err != nil {
		return list, err
	}
	list.Headings = len(rest) < len(first)
	list.Columns, list.Unknown, list.Complete = p.described(cellsOf(rest)), p.unknown(), p.has("name")
	if !list.Complete {
		return list, nil
	}
	err = eachLine(t, rest, func(l line) error {
		if len(list.Rows) == most {
			return ErrListLong.With("Most", most)
		}
		list.Rows = append(list.Rows, p.listed(l))
		return nil
	})
	return list, err
}

// plan says which column is what, and which of the rows that were read first are names.
func (f ListForm) plan(t table, first []line) (p *plan, rest []line, err error) {
	none := func(string) (Mapping, bool) { return Mapping{}, false }
	at, deep := ofRegistrations.headingRows(first, t.merges(), f.Mapping.HeadingRow)
	if !f.headed(first, at) {
		return newPlan(ofRegistrations, f.numbered(first), f.bare(first), none, dayFormOf(t)), first, nil
	}
	if at < 0 && (f.Mapping.HeadingRow > 0 || len(first) == 0) {
		return nil, nil, ErrFileHeading
	}
	if at < 0 { // a single one, which nobody knows
		at, deep = 0, 1
	}
	return newPlan(ofRegistrations, ofRegistrations.headings(first[at:at+deep], t.merges()), f.Mapping, none, dayFormOf(t)), first[at+deep:], nil
}

// headed tells whether a row has headings. A single column without a word that is known has none, nor has what was pasted.
func (f ListForm) headed(first []line, at int) bool {
	switch {
	case f.Headings != nil:
		return *f.Headings
	case f.Mapping.HeadingRow > 0:
		return true
	case at < 0:
		return false
	}
	return ofRegistrations.knownIn(first[at].cells) > 0 || !f.Pasted && width(first) > 1
}

func width(rows []line) (n int) {
	for _, l := range rows {
		n = max(n, len(l.cells))
	}
	return n
}

// numbered are the headings of columns that have none.
func (f ListForm) numbered(rows []line) []string {
	all := make([]string, width(rows))
	for i := range all {
		all[i] = strconv.Itoa(i + 1)
	}
	return all
}

// bare is the mapping of a list without headings.
func (f ListForm) bare(rows []line) Mapping {
	m := f.Mapping
	for i := 0; len(f.Mapping.Columns) == 0 && i < min(width(rows), len(bare)); i++ {
		m.Columns = append(m.Columns, MappedColumn{Heading: strconv.Itoa(i + 1), Field: bare[i]})
	}
	return m
}

// listed reads a name and its forms from a row.
func (p *plan) listed(l line) ListedName {
	x := p.reading(l)
	c := x.content()
	n := ListedName{Row: l.n, Language: x.values[ofRegistrations.byKey["nameLanguage"]], Number: x.values[ofRegistrations.byKey["number"]]}
	for _, name := range c.Names {
		switch {
		case name.Kind == Original && n.Name == "":
			n.Name = name.Text
		case name.Kind != Original:
			n.Forms = append(n.Forms, name)
		}
	}
	if n.Name == "" {
		x.find("name", CodeColumnNeeded)
	}
	if _, err := language.Parse(n.Language); n.Language != "" && err != nil {
		x.find("nameLanguage", CodeLanguage)
	}
	if n.Language == "" {
		n.Language = languageOf(n.Name)
	}
	for i, f := range n.Forms {
		if f.Kind == Transcription && f.Language == "zh-Latn" {
			n.Forms[i] = romanised(f, n.Language)
		}
	}
	n.Findings = slices.DeleteFunc(x.findings, func(f RowProblem) bool { return f.Column > 0 && !p.isListed(f.Column-1) })
	return n
}

// romanised is a transcription in the language of its name; the scheme of pinyin is that of no other.
func romanised(f Name, of string) Name {
	tag, err := language.Parse(of)
	if err != nil {
		return f
	}
	if base, _, _ := tag.Raw(); base.String() != "zh" { // which of "und" makes no guess
		f.Language, f.Scheme = base.String()+"-Latn", ""
	}
	return f
}

func (p *plan) isListed(column int) bool {
	return column < len(p.fields) && p.fields[column] >= 0 && slices.Contains(listed, ofRegistrations.fields[p.fields[column]].headings[0])
}

// Broken tells whether a row cannot be taken as it is.
func (n ListedName) Broken() bool {
	wrong, _ := worst(n.Findings)
	return wrong
}
