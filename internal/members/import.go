package members

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// importTarget is the name of members among what files become.
const importTarget = "members"

// ListImport is what is said of a file of members.
type ListImport struct {
	Year int `json:"year"` // of which its production is
}

// Import starts to read a file of members for its preview; the rest is an import as any other (registry.Imports). The list that an
// association has is of people who were admitted: those who are new here become members with that day.
func (s *Members) Import(ctx context.Context, doc uuid.UUID, o ListImport) (registry.Import, error) {
	return s.Imports.BeginTo(ctx, importTarget, o, doc, registry.Mapping{})
}

// The words that files have for fields and categories, and ours for them.
//
//go:embed data/words.csv
var wordFile string

var (
	words      = registry.Words(wordFile)
	categories = words.Of("category")
)

// row is what a line of a file says of a member. What is private stands there as its mask and its mark, by which the preview tells
// whether it changed; Sealed has it as it is.
type row struct {
	Number         string `json:"number,omitempty"`
	Category       string `json:"category,omitempty"`
	Name           string `json:"name,omitempty"`
	CreditCode     string `json:"creditCode,omitempty"`
	IDNumber       string `json:"idNumber,omitempty"`
	Representative string `json:"representative,omitempty"`
	Contact        string `json:"contact,omitempty"`
	Phone          string `json:"phone,omitempty"`
	Email          string `json:"email,omitempty"`
	Address        string `json:"address,omitempty"`
	Licence        string `json:"licence,omitempty"`
	LicenceUntil   string `json:"licenceUntil,omitempty"`
	AreaMu         string `json:"areaMu,omitempty"`
	Varieties      string `json:"varieties,omitempty"`
	Tonnes         string `json:"tonnes,omitempty"`
	AdmittedOn     string `json:"admittedOn,omitempty"`
	Note           string `json:"note,omitempty"`
	Sealed         string `json:"sealed,omitempty"`
}

// columnKeys are the columns of an export, in their order; each is a field of an import.
var columnKeys = []string{"number", "category", "name", "creditCode", "idNumber", "representative", "contact", "phone", "email", "address", "licence", "licenceUntil", "areaMu", "varieties", "tonnes", "admittedOn", "note"}

// byKey are the values of a row by the key of their column.
func (r *row) byKey() map[string]*string {
	return map[string]*string{"number": &r.Number, "category": &r.Category, "name": &r.Name, "creditCode": &r.CreditCode, "idNumber": &r.IDNumber, "representative": &r.Representative, "contact": &r.Contact,
		"phone": &r.Phone, "email": &r.Email, "address": &r.Address, "licence": &r.Licence, "licenceUntil": &r.LicenceUntil, "areaMu": &r.AreaMu, "varieties": &r.Varieties, "tonnes": &r.Tonnes,
		"admittedOn": &r.AdmittedOn, "note": &r.Note}
}

// target says how files of members are read and written.
func (s *Members) target() registry.Target {
	t := registry.Target{Name: importTarget, Needed: []string{"name", "category"}, Sparse: true, Read: s.readRow, Existing: s.existing, Write: s.writeImport}
	for _, key := range columnKeys {
		f := registry.TargetField{Key: key, Headings: words.Headings(key), Most: 500}
		switch key {
		case "number":
			f.Like = "number"
		case "licenceUntil", "admittedOn":
			f.Like = "registeredOn"
		case "category":
			f.Read = func(said string) (string, string) {
				if c, ok := categories[registry.NameKey(said)]; ok {
					return c, ""
				}
				return said, registry.CodeKind
			}
		case "idNumber", "phone", "email":
			f.Private = true
		}
		t.Fields = append(t.Fields, f)
	}
	return t
}

// importName is what private data of a row on its way are bound to.
var importName = []byte("member import")

// readRow makes a row of what a line says. What is checked of each member is checked here too.
func (s *Members) readRow(values map[string]string) (registry.TargetRow, []registry.RowProblem) {
	var r row
	for key, v := range r.byKey() {
		*v = values[key]
	}
	wrong := r.read()
	private := Private{IDNumber: r.IDNumber}
	if r.Phone != "" || r.Email != "" {
		private.Reach = []Reach{{Phone: r.Phone, Email: r.Email}}
	}
	f := Facts{Category: Category(r.Category), Name: r.Name, CreditCode: marks.CreditCode(r.CreditCode), Private: private}
	if p, ok := problem.As(f.Check()); ok {
		for _, d := range p.Details {
			wrong = append(wrong, registry.RowProblem{Pointer: columnOf(d.Pointer), Code: d.Code, Values: d.Values})
		}
	}
	if text(private) != "{}" {
		secret, err := json.Marshal(private)
		if err != nil {
			panic(err) // texts are always JSON
		}
		r.Sealed = base64.StdEncoding.EncodeToString(s.Vault.Seal(secret, importName))
	}
	s.hide(&r)
	content, err := json.Marshal(r)
	if err != nil {
		panic(err) // the same
	}
	return registry.TargetRow{Identity: r.identity(), Title: r.Name, Content: content}, wrong
}

// columnOf is the column that a field of a member comes from.
func columnOf(pointer string) string {
	switch field := pointer[strings.LastIndexByte(pointer, '/')+1:]; {
	case strings.HasPrefix(pointer, "/contacts/"):
		return field
	default:
		return strings.TrimPrefix(pointer, "/")
	}
}

// read puts the values of a row into the form in which members have them, and says what is wrong.
func (r *row) read() (wrong []registry.RowProblem) {
	bad := func(key, code string, said string) {
		p := registry.RowProblem{Pointer: key, Code: code}
		if said != "" {
			p.Values = map[string]any{"Said": said}
		}
		wrong = append(wrong, p)
	}
	if c, ok := categories[registry.NameKey(r.Category)]; ok {
		r.Category = c
	} else {
		bad("category", registry.CodeKind, r.Category)
	}
	if code, err := marks.ParseCreditCode(r.CreditCode); err == nil {
		r.CreditCode = string(code)
	}
	for _, v := range []*string{&r.IDNumber, &r.Phone, &r.Email} {
		if strings.Contains(*v, "*") { // an export that comes back: what is masked there says nothing
			*v = ""
		}
	}
	if number, ok := ReadIDNumber(r.IDNumber); ok {
		r.IDNumber = number
	}
	for key, v := range map[string]*string{"areaMu": &r.AreaMu, "tonnes": &r.Tonnes} {
		*v = strings.ReplaceAll(strings.TrimSpace(*v), ",", "")
		if *v != "" && !decimal.MatchString(*v) {
			bad(key, codeArea, *v)
		}
	}
	for key, v := range map[string]string{"licenceUntil": r.LicenceUntil, "admittedOn": r.AdmittedOn} {
		if !isDay(v) {
			bad(key, codeDay, v)
		}
	}
	return wrong
}

// identity is what two rows are the same member by: the association's own number, a body's code, or the name.
func (r *row) identity() string {
	switch {
	case r.Number != "":
		return "number|" + r.Number
	case r.CreditCode != "":
		return "code|" + r.CreditCode
	default:
		return "name|" + registry.NameKey(r.Name)
	}
}

// facts puts what a row says over what is known.
func (r *row) facts(f Facts, private Private, year int) Facts {
	f.Category, f.Name = Category(cmp.Or(r.Category, string(f.Category))), cmp.Or(r.Name, f.Name)
	f.CreditCode = marks.CreditCode(cmp.Or(r.CreditCode, string(f.CreditCode)))
	f.Private.IDNumber = cmp.Or(private.IDNumber, f.Private.IDNumber)
	c := &f.Content
	c.Representative, c.Address, c.Note = cmp.Or(r.Representative, c.Representative), cmp.Or(r.Address, c.Address), cmp.Or(r.Note, c.Note)
	if r.Contact != "" || len(private.Reach) > 0 {
		if len(c.Contacts) == 0 {
			c.Contacts, f.Private.Reach = []Contact{{Name: cmp.Or(r.Representative, r.Name)}}, []Reach{{}}
		}
		c.Contacts[0].Name = cmp.Or(r.Contact, c.Contacts[0].Name)
		if len(private.Reach) > 0 {
			reach := &f.Private.Reach[0]
			reach.Phone, reach.Email = cmp.Or(private.Reach[0].Phone, reach.Phone), cmp.Or(private.Reach[0].Email, reach.Email)
		}
	}
	if r.Licence != "" {
		if len(c.Licences) == 0 {
			c.Licences = []Licence{{Kind: "-"}}
		}
		c.Licences[0].Number, c.Licences[0].UntilOn = r.Licence, cmp.Or(r.LicenceUntil, c.Licences[0].UntilOn)
	}
	if r.AreaMu != "" {
		c.Declared = &Area{r.AreaMu, Mu}
	}
	if r.Varieties != "" {
		c.Varieties = varieties(r.Varieties)
	}
	if r.Tonnes != "" {
		c.Production = withYear(c.Production, Production{year, r.Tonnes})
	}
	return f
}

func varieties(said string) (all []string) {
	for v := range strings.FieldsFuncSeq(said, func(r rune) bool { return strings.ContainsRune(",;\u3001\uff0c\uff1b/", r) }) {
		if v = strings.TrimSpace(v); v != "" {
			all = append(all, v)
		}
	}
	return all
}

func withYear(all []Production, p Production) []Production {
	for i := range all {
		if all[i].Year == p.Year {
			all[i] = p
			return all
		}
	}
	return append(all, p)
}

// rowOf is a member as a row of a file has it, with what is private as shown says.
func rowOf(m Member, private Private, year int) row {
	c := m.Content
	r := row{Number: m.Number, Category: string(m.Category), Name: m.Name, CreditCode: string(m.CreditCode), IDNumber: private.IDNumber, Representative: c.Representative, Address: c.Address,
		Varieties: strings.Join(c.Varieties, ", "), Note: c.Note}
	if len(c.Contacts) > 0 {
		r.Contact = c.Contacts[0].Name
	}
	if len(private.Reach) > 0 {
		r.Phone, r.Email = private.Reach[0].Phone, private.Reach[0].Email
	}
	if len(c.Licences) > 0 {
		r.Licence, r.LicenceUntil = c.Licences[0].Number, c.Licences[0].UntilOn
	}
	if c.Declared != nil {
		r.AreaMu = Decimal(c.Declared.Mu())
	}
	for _, p := range sortedYears(c.Production) {
		if p.Year == year || year == 0 {
			r.Tonnes = p.Tonnes
			break
		}
	}
	if m.AdmittedOn != nil {
		r.AdmittedOn = m.AdmittedOn.Format(time.DateOnly)
	}
	return r
}

func optionsOf(i registry.Import) (o ListImport, err error) {
	if err := json.Unmarshal(i.Options, &o); err != nil {
		return o, fmt.Errorf("import %s: %w", i.ID, err)
	}
	return o, nil
}

// existing finds the members that rows may be.
func (s *Members) existing(ctx context.Context, tx pgx.Tx, i registry.Import, identities []string) (map[string]registry.TargetRecord, error) {
	o, err := optionsOf(i)
	if err != nil {
		return nil, err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return nil, err
	}
	var by [3][]string
	for _, id := range identities {
		kind, value, _ := strings.Cut(id, "|")
		n := map[string]int{"number": 0, "code": 1, "name": 2}[kind]
		by[n] = append(by[n], value)
	}
	rows, _ := tx.Query(ctx, `select `+columns+` from app.members m
		where m.erased_at is null and (m.number = any ($1) or m.credit_code = any ($2) or m.name_key = any ($3) and m.credit_code is null)`, by[0], by[1], by[2])
	found, err := pgx.CollectRows(rows, s.scan(scope.Tenant))
	if err != nil {
		return nil, postgres.Wrap(err, "members of an import")
	}
	have := map[string]registry.TargetRecord{}
	for _, m := range found {
		r := rowOf(m, m.Private, o.Year)
		s.hide(&r)
		content, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		record := registry.TargetRecord{ID: new(m.ID.String()), Content: content}
		for _, id := range []string{"number|" + m.Number, "code|" + string(m.CreditCode), "name|" + registry.NameKey(m.Name)} {
			have[id] = record
		}
	}
	return have, nil
}

// writeImport takes the rows of an import.
func (s *Members) writeImport(ctx context.Context, tx pgx.Tx, i registry.Import) (w registry.TargetWriter, err error) {
	o, err := optionsOf(i)
	if err != nil {
		return w, err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return w, err
	}
	w.Rows = func(records []registry.TargetRecord) error {
		for _, t := range records {
			if err := s.writeRow(ctx, tx, t, o.Year, today); err != nil {
				return err
			}
		}
		return nil
	}
	w.End = func() error { return nil }
	return w, nil
}

func (s *Members) writeRow(ctx context.Context, tx pgx.Tx, t registry.TargetRecord, year int, today time.Time) error {
	var r row
	if err := json.Unmarshal(t.Content, &r); err != nil {
		return fmt.Errorf("row of an import: %w", err)
	}
	var private Private
	if r.Sealed != "" {
		sealed, err := base64.StdEncoding.DecodeString(r.Sealed)
		if err == nil {
			sealed, err = s.Vault.Open(sealed, importName)
		}
		if err == nil {
			err = json.Unmarshal(sealed, &private)
		}
		if err != nil {
			return fmt.Errorf("row of an import: %w", err)
		}
	}
	if t.ID != nil {
		before, err := s.lockByID(ctx, tx, uuid.MustParse(*t.ID))
		if err != nil {
			return err
		}
		return s.replace(ctx, tx, before, r.facts(before.Facts.clone(), private, year), "")
	}
	on := today
	if day, err := time.Parse(time.DateOnly, r.AdmittedOn); err == nil {
		on = day
	}
	number := r.Number
	if number == "" {
		var err error
		if number, err = nextNumber(ctx, tx); err != nil {
			return err
		}
	}
	m := Member{ID: uuid.Must(uuid.NewV7()), Number: number, Status: Admitted, Facts: r.facts(Facts{}, private, year), AppliedOn: on, AdmittedOn: &on}
	if err := s.save(ctx, tx, m); err != nil {
		return err
	}
	return note(ctx, tx, m.ID, Event{Act: TakeOver, Status: Admitted, On: on})
}
