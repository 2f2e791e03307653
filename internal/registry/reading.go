package registry

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// reading is one row on its way from cells to a registration, and what was found on that way.
type reading struct {
	plan     *plan
	cells    []string
	values   []string // by field
	findings []RowProblem
}

// read makes a registration of a row and says, by column, what is wrong and what was understood with a correction.
func (p *plan) read(l line) checked { return p.reading(l).checked(l.n) }

// reading takes the values of a row from its columns.
func (p *plan) reading(l line) *reading {
	x := &reading{plan: p, cells: l.cells, values: make([]string, len(p.of.fields)), findings: l.findings}
	for i, f := range x.findings {
		if f.Column > 0 && f.Column <= len(p.headings) {
			x.findings[i].Pointer = p.headings[f.Column-1]
		}
	}
	x.findings = slices.DeleteFunc(x.findings, func(f RowProblem) bool { // of columns that become nothing
		return f.Column > 0 && (f.Column > len(p.fields) || p.fields[f.Column-1] < 0)
	})
	for i, said := range l.cells {
		switch {
		case i >= len(p.fields):
			if strings.TrimSpace(said) != "" {
				x.findings = append(x.findings, RowProblem{Column: i + 1, Code: CodeCellsBeyond, Values: map[string]any{"Said": short(said)}})
			}
		case p.fields[i] >= 0:
			x.cell(i, p.fields[i], said)
		}
	}
	for f, v := range p.values {
		if x.values[f] == "" {
			x.values[f] = v
		}
	}
	return x
}

// cell takes the value of a column. Where two columns are one field the first that says something counts.
func (x *reading) cell(i, field int, said string) {
	said = strings.TrimSpace(strings.TrimPrefix(said, "'"))
	if said == "" {
		return
	}
	value := x.text(i, said)
	if rule := x.plan.of.rules[x.plan.of.fields[field].headings[0]]; rule != nil {
		value = rule(x, i, value)
	}
	switch have := x.values[field]; {
	case have == "":
		x.values[field] = value
	case have != value && value != "" && x.plan.form != OwnForm && x.plan.register == nil:
		x.at(i, CodeTwoColumns, "Said", short(said), "Read", short(have))
	}
}

// text puts characters right.
func (x *reading) text(i int, said string) string {
	if strings.ContainsRune(said, utf8.RuneError) {
		x.at(i, CodeCharacterLost, "Said", short(said))
	}
	if strings.HasPrefix(said, "#") && slices.Contains(formulaErrors, said) {
		x.at(i, CodeFormulaError, "Said", said)
	}
	better, did := mended(said)
	if did {
		x.at(i, CodeMended, "Said", short(said), "Read", short(better))
	}
	return better
}

var formulaErrors = []string{"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}

// at notes a finding at a column, by its place from 0.
func (x *reading) at(i int, code string, kv ...string) {
	f := RowProblem{Column: i + 1, Code: code}
	if i < len(x.plan.headings) {
		f.Pointer = x.plan.headings[i]
	}
	for n := 0; n+1 < len(kv); n += 2 {
		if f.Values == nil {
			f.Values = map[string]any{}
		}
		f.Values[kv[n]] = kv[n+1]
	}
	x.findings = append(x.findings, f)
}

// find notes a finding at the column of a field, or at the field where no column is it.
func (x *reading) find(field, code string, kv ...string) {
	if c := x.plan.columnOf(x.plan.of.byKey[field]); c > 0 {
		x.at(c-1, code, kv...)
		return
	}
	x.at(len(x.plan.headings), code, kv...)
	f := &x.findings[len(x.findings)-1]
	f.Column, f.Pointer = 0, field
}

// rules are how the values of fields are understood; each returns the value as registrations have it and notes what is
// remarkable. A field without a rule is taken as it stands.
var rules = map[string]func(x *reading, i int, said string) string{
	"office": readOffice, "registeredOn": readDayCell, "classes": readClasses, "basisKind": readKind, "number": readNumber, "holderCode": readNumber,
	"hsCodes": readHS, "name": limit(300), "transcription": limit(300), "nameEn": limit(300), "nameAr": limit(300), "notice": limit(200), "origin": readOrigin,
}

func limit(most int) func(*reading, int, string) string {
	return func(x *reading, i int, said string) string {
		if utf8.RuneCountInString(said) > most {
			x.at(i, CodeTooLong, "Said", short(said))
		}
		return said
	}
}

func readDayCell(x *reading, i int, said string) string {
	day, code := readDay(said, x.plan.day)
	if code != "" {
		x.at(i, code, "Said", short(said))
	} else if day != said {
		x.at(i, CodeDayReadAs, "Said", short(said), "Read", day)
	}
	return day
}

func readClasses(x *reading, i int, said string) string {
	c, read, code := readClass(said)
	if code == "" {
		if read != "" {
			x.at(i, CodeClassReadAs, "Said", short(said), "Read", read)
		}
		return c.Scheme + ":" + c.Code
	}
	parts := strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(";；|\n", r) })
	if len(parts) > 1 { // a label may hold the sign, so the whole was tried first
		var all []string
		for _, p := range parts {
			if v := readClasses(x, i, strings.TrimSpace(p)); v != "" {
				all = append(all, v)
			}
		}
		return strings.Join(all, "; ")
	}
	if x.plan.register != nil && code == CodeClass {
		code = CodeClassUntaken // what a register calls its products is no mistake of the file
	}
	x.at(i, code, "Said", short(said))
	return ""
}

//go:embed data/kinds.csv
var kindFile string

// kindWords are the kinds of legal bases as registers write them, folded.
var kindWords = func() map[string]string {
	m := map[string]string{}
	for row := range strings.FieldsSeq(kindFile) {
		word, kind, _ := strings.Cut(row, ",")
		m[NameKey(word)] = kind
	}
	return m
}()

func readKind(x *reading, i int, said string) string {
	key := NameKey(said)
	if kind, ok := kindWords[key]; ok {
		return kind
	}
	best := ""
	for word, kind := range kindWords {
		if len([]rune(word)) >= 4 && Distance(key, word, 1) == 1 {
			if best != "" && best != kind {
				best = ""
				break
			}
			best = kind
		}
	}
	if best == "" {
		x.at(i, CodeKind, "Said", short(said))
		return said
	}
	x.at(i, CodeReadAs, "Said", short(said), "Read", best)
	return best
}

// readNumber writes full-width digits and letters as registers do.
func readNumber(x *reading, i int, said string) string {
	v := strings.TrimSpace(norm.NFKC.String(said))
	if v != said {
		x.at(i, CodeReadAs, "Said", short(said), "Read", short(v))
	}
	return limit(100)(x, i, v)
}

// readHS takes the dots out of 1206.00.
func readHS(x *reading, i int, said string) string {
	v := strings.ReplaceAll(norm.NFKC.String(said), ".", "")
	if v != said && strings.Contains(said, ".") {
		x.at(i, CodeReadAs, "Said", short(said), "Read", short(v))
	}
	return v
}

func readOrigin(_ *reading, _ int, said string) string {
	var all []string
	for part := range strings.SplitSeq(said, ";") {
		all = append(all, regionName(strings.TrimSpace(part)))
	}
	return strings.Join(all, ", ")
}

// officeWords are the English and Chinese names of what has a code.
var officeWords = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, names := range []display.Namer{display.Regions(language.English), display.Regions(language.Chinese)} {
		for code := range offices {
			if r, err := language.ParseRegion(code); err == nil && r.IsCountry() {
				m[NameKey(names.Name(r))] = code
			}
		}
	}
	return m
})

func readOffice(x *reading, i int, said string) string {
	v := strings.ToUpper(strings.TrimSpace(norm.NFKC.String(said)))
	if len(v) == 2 {
		return v
	}
	if code, ok := officeWords()[NameKey(said)]; ok {
		x.at(i, CodeReadAs, "Said", short(said), "Read", code)
		return code
	}
	return v
}

// checked makes the registration, holds it against its own rules, and says at which column each is broken.
func (x *reading) checked(n int) checked {
	if x.plan.of.target != nil {
		return x.targeted(n)
	}
	c := x.content()
	r := checkRow(n, c, nil)
	for _, p := range r.problems {
		if p.Pointer == "registeredOn" && slices.ContainsFunc(x.findings, func(f RowProblem) bool { return f.Code == CodeDay }) {
			continue
		}
		x.find(p.Pointer, p.Code)
		x.findings[len(x.findings)-1].Values = p.Values
	}
	r.problems, r.plan = x.findings, x.plan
	return r
}

func (x *reading) content() Content {
	var c Content
	many := x.plan.register != nil
	for f, v := range x.values {
		if v == "" {
			continue
		}
		switch key := x.plan.of.fields[f].headings[0]; {
		case many && (key == "name" || key == "transcription"):
			for part := range strings.SplitSeq(v, ";") {
				if part = strings.TrimSpace(part); part != "" {
					x.plan.of.fields[f].set(&c, part)
				}
			}
		default:
			x.plan.of.fields[f].set(&c, v)
		}
	}
	if x.plan.form != OwnForm && x.values[x.plan.of.byKey["nameLanguage"]] == "" {
		for i := range c.Names {
			if c.Names[i].Kind == Original {
				c.Names[i].Language = languageOf(c.Names[i].Text)
			}
		}
	}
	if x.plan.register != nil {
		x.plan.register.settle(x, &c)
	}
	return c
}

// scriptTags are what the script of a name lets one say of its language: Hanzi are taken for simplified Chinese, of all
// others only the script is known (ISO 15924).
var scriptTags = []struct {
	table *unicode.RangeTable
	tag   string
}{{unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Han, "zh-Hans"}, {unicode.Latin, "und-Latn"}, {unicode.Cyrillic, "und-Cyrl"}, {unicode.Greek, "und-Grek"},
	{unicode.Arabic, "und-Arab"}, {unicode.Georgian, "und-Geor"}, {unicode.Armenian, "und-Armn"}, {unicode.Hangul, "und-Kore"}, {unicode.Thai, "und-Thai"}, {unicode.Hebrew, "und-Hebr"}}

func languageOf(text string) string {
	for _, s := range scriptTags {
		for _, r := range text {
			if unicode.Is(s.table, r) {
				return s.tag
			}
		}
	}
	return "und"
}
