package apitest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/clearance"
	attest "github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Records are the ids of a tenant's records, by what the specification calls them: the collection in the path for `{id}`
// (`registrations`), the parameter's own name for others (`buildId`), the property's name in a body (`documentId`).
type Records map[string]string

// Canary stands in the texts of a tenant's records that nobody else may see.
func Canary(s tenancy.Scope) string { return "CANARY-" + s.Slug }

// Records makes one record of each kind in the tenant of ctx, with the real verbs. Nothing of it is published but to the
// tenant itself, so that its canary must not be seen anywhere else.
func (h *House) Records(t testing.TB, ctx context.Context) Records {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return h.RecordsSaying(t, ctx, Canary(s))
}

// RecordsSaying makes the same records with a text of the caller's in them: for a tenant that may publish what it likes
// while others look for canaries.
func (h *House) RecordsSaying(t testing.TB, ctx context.Context, text string) Records {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{t: t, house: h, ctx: ctx, canary: text, made: Records{}}
	b.people(s)
	b.documents()
	b.registrations()
	b.recognitions()
	b.cases()
	b.oppositions()
	b.clearance()
	b.members()
	b.marks(s)
	b.promotion()
	b.dossiers()
	b.publications(s)
	b.webhooks()
	b.credentials(s)
	// What was published has its place and its number, and its receipts are signed, before anybody compares: what does so by
	// itself, or when somebody reads, would come in between.
	err = h.DB.Tx(ctx, func(tx pgx.Tx) error {
		_, _, err := exchange.Marks(ctx, tx, 0, 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Translog.Sequence(ctx); err != nil {
		t.Fatal(err)
	}
	if err := h.Exchange.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	b.made["index"] = "0" // the log has an entry at least
	return b.made
}

type builder struct {
	t      testing.TB
	house  *House
	ctx    context.Context
	canary string
	made   Records
}

func (b *builder) keep(name string, id any, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s: %v", name, err)
	}
	b.made[name] = fmt.Sprint(id)
}

func (b *builder) people(s tenancy.Scope) {
	b.t.Helper()
	email := "victim-" + uuid.NewString() + "@" + s.Slug + ".example"
	p, err := b.house.Identity.CreatePerson(b.ctx, identity.Person{Email: email, Name: b.canary, Roles: []string{b.house.Access.Templates(s.TenantKind)[0].Slug}, Units: []string{}}, password)
	b.keep("people", p.ID, err)
	b.made["actor"] = p.ID
	b.made["calendar-feeds"] = uuid.NewString() // addresses are of a person; the one that is asked for is nobody's
	var mine struct{ Items []struct{ ID string } }
	b.house.SignIn(b.t, s, email).Need(b.t, &mine, "GET", "/api/v1/sessions", nil)
	b.made["sessions"] = mine.Items[0].ID
	r, err := b.house.Access.CreateRole(b.ctx, access.Role{Slug: "own-role", Title: b.canary, Permissions: []string{"session:read"}})
	b.keep("roles", r.ID, err)
	c, _, err := b.house.Identity.CreateClient(b.ctx, identity.Client{Name: b.canary, Scopes: b.house.Access.MachineCeiling(s.TenantKind)[:1], ExpiresAt: time.Now().Add(clientLife)})
	b.keep("api-clients", c.ID, err)
	k, err := b.house.Identity.AddClientKey(b.ctx, c.ID, newKey(b.t).PEM)
	b.keep("clientKeyId", k.ID, err)
}

// documents keeps a table to import, and its import, which the workers bring to an end.
func (b *builder) documents() {
	b.t.Helper()
	d, err := b.house.Docs.Put(b.ctx, document.File{Filename: b.canary + ".csv", MediaType: "text/csv", Purpose: "registration-import", Content: []byte("office,name\nXA," + b.canary + "\n")})
	b.keep("documents", d.ID, err)
	b.made["documentId"] = b.made["documents"]
	i, err := b.house.Imports.Begin(b.ctx, d.ID, registry.Mapping{})
	b.keep("registration-imports", i.ID, err)
	if i.TaskID == nil {
		b.t.Fatal("the import has no task")
	}
	b.keep("tasks", *i.TaskID, nil)
	if _, err := b.house.Jobs.Await(b.ctx, *i.TaskID); err != nil {
		b.t.Fatal(err)
	}
	k, err := b.house.Imports.Keep(b.ctx, b.canary, []string{b.canary}, registry.Mapping{Columns: []registry.MappedColumn{{Heading: b.canary, Field: "name"}}})
	b.keep("import-mappings", k.ID, err)
	b.made["mappingId"] = b.made["import-mappings"]
}

func (b *builder) registrations() {
	b.t.Helper()
	r, err := b.house.Registry.Draft(b.ctx, registry.Content{Office: "XA", Names: []registry.Name{{Text: b.canary, Language: "en", Kind: "original"}},
		Link: map[string]string{"zh-Hans": b.canary}, Holder: registry.Party{Names: map[string]string{"zh-Hans": b.canary}}})
	b.keep("registrations", r.ID, err)
	b.made["registrationId"] = b.made["registrations"]
	if _, err = b.house.Registry.Do(b.ctx, r.ID, registry.Event{Act: registry.File, EffectiveOn: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Reason: b.canary}); err != nil {
		b.t.Fatal(err)
	}
	events, _, err := b.house.Registry.History(b.ctx, r.ID)
	if err != nil || len(events) == 0 {
		b.t.Fatalf("history: %d events, %v", len(events), err)
	}
	b.made["eventId"] = events[0].ID
}

func (b *builder) recognitions() {
	b.t.Helper()
	sources := []recognition.Source{{Title: b.canary}}
	i, err := b.house.Law.CreateInstrument(b.ctx, recognition.Instrument{Code: "C-1", Kind: "treaty", Titles: map[string]string{"en": b.canary}, Parties: []string{"XA", "XB"}, Lists: []recognition.List{}, Scope: []recognition.Class{}, Sources: sources})
	b.keep("instruments", i.ID, err)
	b.made["instrumentId"] = b.made["instruments"]
	r, err := b.house.Law.Record(b.ctx, recognition.Recognition{Market: "XB", OriginOffice: "XA", Name: b.canary, Language: "en", InstrumentID: &i.ID, Protection: recognition.Protected,
		From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Sources: sources})
	b.keep("recognitions", r.ID, err)
}

// cases opens one under a procedure that comes with the house; the other side is kept by hand.
func (b *builder) cases() {
	b.t.Helper()
	act := uuid.MustParse(b.made["instruments"])
	i, err := b.house.Law.ReadInstrument(b.ctx, act)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, _, err := b.house.Law.UpdateProcedure(b.ctx, act, i.Version, recognition.Templates[0].Procedure); err != nil {
		b.t.Fatal(err)
	}
	f, err := b.house.Cases.Open(b.ctx, recognition.Opening{Side: recognition.Origin, On: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC),
		Case: recognition.Case{OriginOffice: "XA", Market: "XB", Name: b.canary, Language: "en", InstrumentID: act}})
	b.keep("recognition-cases", f.ID, err)
	b.made["caseId"] = f.ID.String()
	if _, err := b.house.Cases.Note(b.ctx, f.ID, b.canary); err != nil {
		b.t.Fatal(err)
	}
	own := uuid.MustParse(b.made["documents"])
	d, err := b.house.Letters.Attach(b.ctx, f.ID, recognition.Paper{Title: b.canary, DocumentID: &own})
	b.keep("caseDocumentId", d.ID, err)
	l, err := b.house.Letters.Draft(b.ctx, f.ID, "cover", recognition.Origin, []string{"en"})
	b.keep("letterId", l.ID, err)
	k, err := b.house.Tasks.Add(b.ctx, f.ID, b.canary, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.made["caseTaskId"] = k.ID.String()
	err = b.house.DB.Tx(b.ctx, func(tx pgx.Tx) error {
		statement := fmt.Sprintf(`{"format":"helianthus-case-view/1","house":"elsewhere.example/api/v1/log","issuer":%q,"name":%q}`, b.canary, b.canary)
		if _, err := tx.Exec(b.ctx, `insert into app.case_views (case_id, house, statement, sha256, chain, key_id, public_key, signature, received_name)
			values ($1, 'elsewhere.example/api/v1/log', $2, sha256(convert_to($2, 'UTF8')), '{}', '0000000000000000', decode(repeat('00', 32), 'hex'), decode(repeat('00', 64), 'hex'), $3)`, f.ID, statement, b.canary); err != nil {
			return err
		}
		_, err := tx.Exec(b.ctx, `insert into app.reminders (case_id, code, start_seq, ends_on, days, told_on, channel) values ($1, $2, 1, '2026-03-01', 7, '2026-02-22', 'webhook')`, f.ID, b.canary)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// oppositions registers one to a published name that is nobody's secret, since its notice is public, and bundles the case in a wave.
func (b *builder) oppositions() {
	b.t.Helper()
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	i, err := b.house.Law.CreateInstrument(b.ctx, recognition.Instrument{Code: "N-1", Kind: "treaty", Titles: map[string]string{"en": "Treaty"}, Parties: []string{"XA", "XB"}, Lists: []recognition.List{}, Scope: []recognition.Class{},
		Sources: []recognition.Source{{Title: "Gazette"}}})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, _, err := b.house.Law.UpdateProcedure(b.ctx, i.ID, i.Version, recognition.Templates[0].Procedure); err != nil {
		b.t.Fatal(err)
	}
	f, err := b.house.Cases.Open(b.ctx, recognition.Opening{Side: recognition.Destination, On: day,
		Case: recognition.Case{OriginOffice: "XA", Market: "XB", Name: "Melon", Language: "en", InstrumentID: i.ID}})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, act := range []recognition.CaseAct{recognition.ActReceive, recognition.ActAccept, recognition.ActPublish} {
		e := recognition.CaseEvent{Act: act, Side: recognition.Destination, On: day, ReceivedOn: &day, EffectiveOn: &day, Reference: "R-1"}
		if f, err = b.house.Cases.Do(b.ctx, f.ID, f.Version, e); err != nil {
			b.t.Fatal(err)
		}
	}
	o, err := b.house.Opposing.Register(b.ctx, f.ID, day, recognition.Filing{Opponent: b.canary, Capacity: "legal-person", Address: b.canary, Email: "opponent@example.org", Language: "en",
		Grounds: []recognition.OnGround{{Ground: "generic", Text: b.canary}}})
	b.keep("oppositions", o.ID, err)
	b.made["filings"] = o.ID.String()
	b.made["case-notices"] = b.made["recognition-cases"] // which has none: it is not published, and whoever asks for it learns nothing
	w, err := b.house.Waves.Open(b.ctx, recognition.WaveOpening{Title: b.canary, Cases: []recognition.CaseID{f.ID}})
	b.keep("waves", w.ID, err)
}

// members enters an application, which is examined.
func (b *builder) members() {
	b.t.Helper()
	m, err := b.house.Members.Create(b.ctx, members.Facts{Category: members.Grower, Name: b.canary, Content: members.Content{Representative: b.canary, Address: b.canary, Contacts: []members.Contact{{Name: b.canary}}},
		Private: members.Private{Reach: []members.Reach{{Phone: "13800000000"}}}}, nil)
	b.keep("members", m.ID, err)
	for _, act := range []members.Act{members.Examine, members.Admit} {
		if m, err = b.house.Members.Do(b.ctx, m.ID, m.Version, members.Deed{Act: act, Reason: b.canary}); err != nil {
			b.t.Fatal(err)
		}
	}
	other, err := tenancy.From(b.house.Tenant(b.t, tenancy.Laboratory))
	if err != nil {
		b.t.Fatal(err)
	}
	b.dues(m.ID)
	b.meetings(m.ID)
	f := m.Facts
	f.Content.Address = b.canary + " 2"
	change, err := b.house.Members.Propose(b.ctx, m.ID, m.Version, f, b.canary)
	b.keep("member-changes", change.ID, err)
	c, err := b.house.Members.Agree(b.ctx, members.Consent{MemberID: m.ID, Reader: exchange.Publisher{Slug: other.Slug}, Purpose: b.canary, Until: time.Now().Add(time.Hour), GivenOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
	b.keep("consentId", c.ID, err)
}

// dues asks a member for something, of which a part came. What is paid in the year was changed once, so that nobody who names the first
// version raises it.
func (b *builder) dues(m members.ID) {
	b.t.Helper()
	due := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	for version := range 2 {
		y, err := b.house.Dues.UpdateYear(b.ctx, members.DuesYear{Year: 2026, Version: version, DueOn: &due, Amounts: map[members.Category]members.Money{members.Grower: 20_00}})
		b.keep("year", y.Year, err)
	}
	i, err := b.house.Dues.Ask(b.ctx, members.Invoice{MemberID: m, Title: b.canary, Amount: 100_00, DueOn: time.Now().AddDate(0, 1, 0)})
	b.keep("dues-invoices", i.ID, err)
	i, err = b.house.Dues.Pay(b.ctx, i.ID, i.Version, members.Payment{Amount: 1_00, PaidOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Method: "bank", Reference: b.canary})
	b.keep("invoiceId", i.ID, err)
	b.made["memberId"] = m.String()
	paid, _, err := b.house.Dues.Payments(b.ctx, members.PaymentFilter{}, 1, "")
	if err != nil || len(paid) != 1 {
		b.t.Fatalf("%d payments, %v", len(paid), err)
	}
	b.made["paymentId"] = paid[0].ID.String()
}

// clearance asks about the registration and about the case, which both meet a mark of the same sign and another that is like it.
func (b *builder) clearance() {
	b.t.Helper()
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	m, err := b.house.Marks.Add(b.ctx, clearance.Origin{List: b.canary, Source: b.canary, TakenOn: day}, clearance.MarkFacts{Kind: clearance.TradeMark, Sign: b.canary, Office: "XB", Holder: b.canary, Status: clearance.MarkRegistered})
	b.keep("earlier-marks", m.ID, err)
	b.made["earlier-mark-lists"], b.made["listId"] = m.ListID.String(), m.ListID.String()
	if _, err := b.house.Marks.Add(b.ctx, clearance.Origin{List: b.canary + " 2", Source: b.canary, TakenOn: day}, clearance.MarkFacts{Kind: clearance.PlantVariety, Sign: b.canary + " two", Status: clearance.MarkEnded}); err != nil {
		b.t.Fatal(err)
	}
	registration, theCase := registry.ID(b.made["registrations"]), uuid.MustParse(b.made["recognition-cases"])
	for _, q := range []clearance.Question{{Case: &theCase}, {Registration: &registration, Market: "XC"}, {Registration: &registration, Market: "XB"}} {
		r, err := b.house.Clear.Ask(b.ctx, q)
		b.keep("clearance-reports", r.ID, err)
		if _, err := b.house.Jobs.Await(b.ctx, *r.TaskID); err != nil {
			b.t.Fatal(err)
		}
	}
	found, err := b.house.Clear.Findings(b.ctx, uuid.MustParse(b.made["clearance-reports"]), clearance.FindingFilter{}, 0, 10)
	if err != nil || len(found) < 2 {
		b.t.Fatalf("%d findings, %v", len(found), err)
	}
	b.made["findingId"] = found[0].ID.String()
	if _, err := b.house.Clear.Decide(b.ctx, uuid.MustParse(b.made["clearance-reports"]), found[0].ID, clearance.Conflict, b.canary); err != nil {
		b.t.Fatal(err)
	}
}

func (b *builder) dossiers() {
	b.t.Helper()
	v, err := b.house.Dossiers.Create(b.ctx, dossier.Dossier{RegistrationID: registry.ID(b.made["registrations"]), Market: "XA", Profile: "general-presentation", Languages: []string{"zh-Hans", "en"}})
	b.keep("dossiers", v.ID, err)
	b.made["supersedes"] = b.made["dossiers"]
	for _, s := range v.Segments {
		for _, l := range s.Translations {
			b.made["segment"], b.made["language"] = s.Key, l.Language
		}
	}
	if b.made["segment"] == "" {
		b.t.Fatal("the dossier has no segment to translate")
	}
	if _, err := b.house.Dossiers.Translate(b.ctx, v.ID, b.made["segment"], b.made["language"], b.canary, "person"); err != nil {
		b.t.Fatal(err)
	}
	build, err := b.house.Dossiers.Build(b.ctx, v.ID)
	b.keep("buildId", build.ID, err)
	b.made["file"] = "manifest.json"
	if build.TaskID == nil {
		b.t.Fatal("the build has no task")
	}
	if _, err := b.house.Jobs.Await(b.ctx, *build.TaskID); err != nil {
		b.t.Fatal(err)
	}
}

// publications publishes to the tenant itself alone: nobody else may know of it. The package that is asked for is nobody's.
func (b *builder) publications(s tenancy.Scope) {
	b.t.Helper()
	err := b.house.DB.Tx(b.ctx, func(tx pgx.Tx) error {
		id, err := exchange.Publish(b.ctx, tx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.OneReader, Reader: s.Tenant, Content: map[string]string{"text": b.canary}})
		b.keep("publications", id, err)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	other, err := tenancy.From(b.house.Tenant(b.t, tenancy.Trader))
	if err != nil {
		b.t.Fatal(err)
	}
	g, err := b.house.Exchange.Give(b.ctx, exchange.Grant{Reader: exchange.Publisher{Slug: other.Slug}, Kinds: []string{"nothing"}, Purpose: b.canary, Until: time.Now().Add(time.Hour)})
	b.keep("grants", g.ID, err)
	if err := b.house.Exchange.Settle(b.ctx); err != nil { // before the workers do
		b.t.Fatal(err)
	}
	receipts, _, err := b.house.Exchange.Receipts(b.ctx, exchange.ReceiptFilter{Owner: true}, 1, "")
	if err != nil || len(receipts) == 0 {
		b.t.Fatalf("%d receipts of the grant, %v", len(receipts), err)
	}
	b.made["receipts"] = receipts[0].ID.String()
	keys, err := b.house.Exchange.SigningKeys(b.ctx) // it signed the receipts
	if err != nil || len(keys) == 0 {
		b.t.Fatalf("%d signing keys, %v", len(keys), err)
	}
	b.made["signing-keys"] = keys[0].ID
	b.made["sha256"] = strings.Repeat("0", 64)
}

// credentials attests a record that is published to the tenant itself alone.
func (b *builder) credentials(s tenancy.Scope) {
	b.t.Helper()
	record := uuid.New()
	err := b.house.DB.Tx(b.ctx, func(tx pgx.Tx) error {
		_, err := exchange.Publish(b.ctx, tx, exchange.Publication{Kind: "registration", RecordID: record, Audience: exchange.OneReader, Reader: s.Tenant,
			Content: registry.Public{Content: registry.Content{Office: "XA", Names: []registry.Name{{Text: b.canary, Language: "en", Kind: "original"}}}, Status: registry.Registered}})
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.house.Translog.Sequence(b.ctx); err != nil {
		b.t.Fatal(err)
	}
	c, err := b.house.Attests.Issue(b.ctx, attest.Order{Kind: "registration", RecordID: record, Languages: []string{"zh-Hans", "en"}})
	b.keep("credentials", c.ID, err)
	if _, err := b.house.Jobs.Await(b.ctx, *c.TaskID); err != nil {
		b.t.Fatal(err)
	}
	b.made["recordId"] = record.String()
	b.made["received-publications"] = uuid.NewString()   // what partner houses publish is no tenant's; the one that is asked for is nobody's
	b.made["partner-houses"] = uuid.NewString()          // other houses are no tenant's, either
	b.made["credential-status-lists"] = uuid.NewString() // lists are for everybody; the one that is asked for is nobody's
}
