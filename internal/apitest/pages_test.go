package apitest

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/clearance"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// unpaged are the lists with cursors to which nothing can be added at will, and why.
var unpaged = map[string]string{
	"listImportRows":           "the rows of an import are all there when it is shown",
	"listDeadlines":            "their order is the day on which they end, which moves",
	"listReceivedPublications": "they come from another house; translog",
	"listKeys":                 "a tenant has a key, and a new one when that is changed",
	"listCaseNotices":          "other tests add to them, too; recognition",
	"listClearanceFindings":    "a report is frozen when its search ends",
	"listMarkRisks":            "their order is the score, which moves; marks",
	"listMarkHoldings":         "ranges of numbers, which moves cut and join; their sum is held against a model in marks",
	"listPromotionProgrammes":  "other tests publish theirs, too; promotion",
	"listPromotionCommitments": "a commitment needs a decision on a call that is closed; ordered by id as payments",
	"listPromotionAwards":      "a decision needs a call that is closed, which nobody applies to any more; ordered by id as claims",
	"listPromotionObjections":  "a decision is objected to once; the same",
	"listCredentials":          "each is a paper to be typeset; ordered by id as the others",
}

// adder adds record n to a tenant.
type adder struct {
	t       *testing.T
	house   *House
	ctx     context.Context
	records Records
	n       int // added so far
}

func (a adder) draft(n int) (registry.Registration, error) {
	// Titles come before and behind those that are there.
	return a.house.Registry.Draft(a.ctx, registry.Content{Office: "XA", Names: []registry.Name{{Text: fmt.Sprintf("%c name %d", 'A'+n*7%26, n), Language: "en", Kind: "original"}}})
}

// markOf is the registration of the tenant's marks.
func (a adder) markOf() uuid.UUID { return uuid.MustParse(a.records["a registration that holds"]) }

func (a adder) order() (marks.Batch, error) {
	return a.house.Batches.Order(a.ctx, marks.BatchOrder{RegistrationID: a.markOf(), Design: "D", Printer: "P", Count: 5, OrderedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
}

func (a adder) produce(n int) error {
	_, err := a.house.Usages.Create(a.ctx, a.markOf(), marks.ProducerFacts{CreditCode: creditCode(n), Name: fmt.Sprint("Producer ", n), ListedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Source: "S"})
	return err
}

// applies begins an application to the call of Records that is open.
func (a adder) applies(n int) (promotion.Application, error) {
	return a.house.Promotion.Apply(a.ctx, uuid.MustParse(a.records["an open call"]), filled(fmt.Sprint("Producer ", n)))
}

// as is ctx as a person whom Records made.
func (a adder) as(person string) context.Context {
	s, err := tenancy.From(a.ctx)
	if err != nil {
		a.t.Fatal(err)
	}
	s.Actor = uuid.MustParse(a.records[person])
	return tenancy.In(a.ctx, s)
}

// creditCode is one of nobody, with the right check symbol.
func creditCode(n int) marks.CreditCode {
	body := fmt.Sprintf("91110000%09d", n)
	for _, check := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if c, err := marks.ParseCreditCode(body + string(check)); err == nil {
			return c
		}
	}
	panic("each body has a check symbol")
}

func (a adder) publish() error {
	s, err := tenancy.From(a.ctx)
	if err != nil {
		return err
	}
	return a.house.DB.Tx(a.ctx, func(tx pgx.Tx) error {
		_, err := exchange.Publish(a.ctx, tx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Audience: exchange.OneReader, Reader: s.Tenant, Content: map[string]string{"text": "x"}})
		return err
	})
}

func (a adder) give(n int) error {
	other, err := tenancy.From(a.house.Tenant(a.t, tenancy.Trader))
	if err != nil {
		return err
	}
	if _, err := a.house.Exchange.Give(a.ctx, exchange.Grant{Reader: exchange.Publisher{Slug: other.Slug}, Kinds: []string{"nothing"}, Purpose: fmt.Sprint(n), Until: time.Now().Add(time.Hour)}); err != nil {
		return err
	}
	return a.house.Exchange.Settle(a.ctx)
}

// adders add to each list that has cursors.
var adders = map[string]func(a adder, n int) error{
	"listPeople": func(a adder, n int) error {
		_, err := a.house.Identity.CreatePerson(a.ctx, identity.Person{Email: fmt.Sprintf("%d-%s@people.example", n, uuid.NewString()), Name: fmt.Sprint(n), Roles: []string{}, Units: []string{}}, password)
		return err
	},
	"listAuditEvents":   func(a adder, n int) error { _, err := a.draft(n); return err },
	"listRegistrations": func(a adder, n int) error { _, err := a.draft(n); return err },
	"listTasks": func(a adder, _ int) error {
		_, err := a.house.Imports.Begin(a.ctx, uuid.MustParse(a.records["documents"]), registry.Mapping{})
		return err
	},
	"listDocuments": func(a adder, n int) error {
		_, err := a.house.Docs.Put(a.ctx, document.File{Filename: fmt.Sprint(n, ".csv"), MediaType: "text/csv", Purpose: "import", Content: []byte(fmt.Sprint("office\n", n))})
		return err
	},
	"listInstruments": func(a adder, n int) error {
		_, err := a.house.Law.CreateInstrument(a.ctx, recognition.Instrument{Code: fmt.Sprintf("%c-%d", 'A'+n*7%26, n), Kind: "treaty", Titles: map[string]string{"en": "T"}, Parties: []string{"XA", "XB"},
			Lists: []recognition.List{}, Scope: []recognition.Class{}, Sources: []recognition.Source{{Title: "T"}}})
		return err
	},
	"listRecognitions": func(a adder, n int) error {
		_, err := a.house.Law.Record(a.ctx, recognition.Recognition{Market: "XC", OriginOffice: "XA", Name: fmt.Sprint("Name ", n), Language: "en", Protection: recognition.Protected,
			From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Sources: []recognition.Source{{Title: "T"}}})
		return err
	},
	"listRecognitionCases": func(a adder, n int) error {
		_, err := a.house.Cases.Open(a.ctx, recognition.Opening{Side: recognition.Origin, On: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC),
			Case: recognition.Case{OriginOffice: "XA", Market: "XB", Name: fmt.Sprint("Name ", n), Language: "en", InstrumentID: uuid.MustParse(a.records["instruments"])}})
		return err
	},
	"listOppositions": func(a adder, n int) error {
		o, err := a.house.Opposing.Read(a.ctx, uuid.MustParse(a.records["oppositions"]))
		if err != nil {
			return err
		}
		_, err = a.house.Opposing.Register(a.ctx, o.CaseID, *o.ReceivedOn, recognition.Filing{Opponent: fmt.Sprint(n), Capacity: "legal-person", Address: "A", Email: "a@example.org", Language: "en",
			Grounds: []recognition.OnGround{{Ground: "generic", Text: "T"}}})
		return err
	},
	"listWaves": func(a adder, n int) error {
		_, err := a.house.Waves.Open(a.ctx, recognition.WaveOpening{Title: fmt.Sprint(n), Cases: []recognition.CaseID{uuid.MustParse(a.records["recognition-cases"])}})
		return err
	},
	"listClearanceReports": func(a adder, n int) error {
		_, err := a.house.Clear.Ask(a.ctx, clearance.Question{Names: []clearance.Name{{Text: fmt.Sprint("Name ", n), Language: "en"}}, Market: "XB"})
		return err
	},
	"listEarlierMarks": func(a adder, n int) error {
		_, err := a.house.Marks.Add(a.ctx, clearance.Origin{List: "Added", Source: "T", TakenOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)},
			clearance.MarkFacts{Kind: clearance.TradeMark, Sign: fmt.Sprintf("%c %d", 'A'+n*7%26, n), Status: clearance.MarkUnknown})
		return err
	},
	"listMarkAuthorisations": func(a adder, n int) error {
		_, err := a.house.Users.Apply(a.ctx, a.markOf(), marks.Holder{Kind: marks.Kinds[0], CreditCode: creditCode(n), Names: map[string]string{"en": fmt.Sprint(n)}}, marks.Event{HappenedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
		return err
	},
	"listMarkProducers":      adder.produce,
	"listMarkUsageProducers": adder.produce,
	"listMarkAlerts": func(a adder, n int) error {
		_, err := a.house.alarmed(a.ctx, marks.AlertVoid, uuid.MustParse(a.records["mark-batches"]), nil, 100+n)
		return err
	},
	"listMarkLots": func(a adder, n int) error {
		_, err := a.house.Lots.Declare(a.ctx, uuid.MustParse(a.records["authorisationId"]), fmt.Sprint("Lot ", n), marks.LotFacts{Harvest: 2026, Quantity: marks.Measure{Value: "1", Unit: "kg"}, DeclaredBy: "P", DeclaredOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
		return err
	},
	"listMarkUserApplications": func(a adder, n int) error {
		_, err := a.house.Applying.Begin(a.ctx, a.markOf(), marks.Form{Contact: fmt.Sprint(n)})
		return err
	},
	"listMarkVisits": func(a adder, n int) error {
		_, err := a.house.Watching.Plan(a.ctx, marks.Visit{AuthorisationID: uuid.MustParse(a.records["authorisationId"]), PlannedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Visitor: "V", Reason: fmt.Sprint(n)})
		return err
	},
	"listMarkComplaints": func(a adder, n int) error {
		_, err := a.house.Watching.Complain(a.ctx, marks.Complaint{AuthorisationID: uuid.MustParse(a.records["authorisationId"]), Text: fmt.Sprint(n), ReceivedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)})
		return err
	},
	"listMarkUsageFigures": func(a adder, n int) error {
		_, err := a.house.Usages.Freeze(a.ctx, a.markOf(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), fmt.Sprint(n))
		return err
	},
	"listMarkImages": func(a adder, n int) error {
		_, err := a.house.Images.Create(a.ctx, marks.Image{Name: fmt.Sprint("Image ", n), DocumentID: uuid.MustParse(a.records["a drawing"]), Layout: marks.Layout{Code: marks.Box{Width: 1, Height: 1}, LeastMM: 1, Colours: []string{"#000000"}, Source: "S"}})
		return err
	},
	"listMarkBatches": func(a adder, _ int) error { _, err := a.order(); return err },
	"listMarkMoves":   func(a adder, _ int) error { _, err := a.order(); return err },
	"listReminders": func(a adder, n int) error {
		return a.house.DB.Tx(a.ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(a.ctx, `insert into app.reminders (case_id, code, start_seq, ends_on, days, told_on, channel) values ($1, 'period', 1, '2026-03-01'::date + $2::integer, 7, '2026-02-22'::date + $2::integer, 'webhook')`,
				a.records["caseId"], n)
			return err
		})
	},
	"listWebhookDeliveries": func(a adder, _ int) error {
		_, err := a.house.Webhooks.Test(a.ctx, uuid.MustParse(a.records["webhooks"]))
		return err
	},
	"listDossiers": func(a adder, n int) error {
		r, err := a.draft(n)
		if err != nil {
			return err
		}
		_, err = a.house.Dossiers.Create(a.ctx, dossier.Dossier{RegistrationID: r.ID, Market: "XA", Profile: "general-presentation", Languages: []string{"en"}})
		return err
	},
	"listMembers": func(a adder, n int) error {
		_, err := a.house.Members.Create(a.ctx, members.Facts{Category: members.Expert, Name: fmt.Sprint("Member ", n)}, nil)
		return err
	},
	"listMemberChanges": func(a adder, n int) error { // one waits at a time
		found, _, err := a.house.Members.Changes(a.ctx, members.ChangeFilter{Status: members.ChangeProposed}, 1, "")
		if err == nil && len(found) > 0 {
			_, err = a.house.Members.WithdrawChange(a.ctx, found[0].ID, "")
		}
		if err != nil {
			return err
		}
		m, err := a.house.Members.Read(a.ctx, uuid.MustParse(a.records["memberId"]))
		f := m.Facts
		f.Content.Address = fmt.Sprint("Address ", n)
		if err == nil {
			_, err = a.house.Members.Propose(a.ctx, m.ID, m.Version, f, "")
		}
		return err
	},
	"listPromotionPlatforms": func(a adder, n int) error {
		_, err := a.house.Promotion.AddPlatform(a.ctx, promotion.Platform{Level: "regional", Names: map[string]string{"en": fmt.Sprint("Platform ", n)}}, "")
		return err
	},
	"listPromotionApplications": func(a adder, n int) error { _, err := a.applies(n); return err },
	"listPromotionScores": func(a adder, n int) error {
		one, err := a.applies(n)
		if err == nil {
			one, err = a.house.Promotion.Submit(a.ctx, one.ID, one.Version)
		}
		if err == nil {
			_, err = a.house.Promotion.Give(a.as("its member"), promotion.Score{ApplicationID: one.ID, Stand: promotion.Scored, Points: promotion.Ballot{"market": n % 100}})
		}
		return err
	},
	"listPromotionClaims": func(a adder, n int) error {
		_, err := a.house.Promotion.Claim(a.ctx, promotion.Claim{AwardID: uuid.MustParse(a.records["awardId"]), Receipts: []promotion.Receipt{{Cost: promotion.Cost{Kind: "booth", Amount: 100, Currency: "CNY"}, Number: fmt.Sprint(n), IssuedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}}}, "0.01")
		return err
	},
	"listPromotionPayments": func(a adder, _ int) error {
		c, err := a.house.Promotion.ReadClaim(a.ctx, uuid.MustParse(a.records["claimId"]))
		if err == nil {
			_, err = a.house.Promotion.Pay(a.ctx, c.ID, c.Version, "0.01", time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), "")
		}
		return err
	},
	"listPromotionResults": func(a adder, n int) error {
		_, err := a.house.Promotion.Report(a.ctx, promotion.Result{AwardID: uuid.MustParse(a.records["awardId"]), HappenedOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Contacts: n, Exports: []promotion.Export{}}, promotion.Attached{})
		return err
	},
	"listDuesInvoices": func(a adder, n int) error {
		_, err := a.house.Dues.Ask(a.ctx, members.Invoice{MemberID: uuid.MustParse(a.records["memberId"]), Title: fmt.Sprint(n), Amount: 1_00, DueOn: time.Now().AddDate(0, 1, n%3)})
		return err
	},
	"listDuesPayments": func(a adder, _ int) error {
		i, err := a.house.Dues.Invoice(a.ctx, uuid.MustParse(a.records["invoiceId"]))
		if err == nil {
			_, err = a.house.Dues.Pay(a.ctx, i.ID, i.Version, members.Payment{Amount: 1, PaidOn: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), Method: "cash"})
		}
		return err
	},
	"listPublications":    func(a adder, _ int) error { return a.publish() },
	"listOwnPublications": func(a adder, _ int) error { return a.publish() },
	"listLogEntries": func(a adder, _ int) error {
		if err := a.publish(); err != nil {
			return err
		}
		_, err := a.house.Translog.Sequence(a.ctx)
		return err
	},
	"listGrants":   adder.give,
	"listReceipts": adder.give,
	"listPartners": adder.give,

	"listMeetings": adder.meet, "listMeetingRoll": adder.come, "listMeetingVotes": adder.vote,
}

// TestPagesWhileRecordsAreAdded goes through each list with cursors, in each of its orders, while somebody adds between the
// pages: who was there from the beginning comes exactly once, and nobody twice.
func TestPagesWhileRecordsAreAdded(t *testing.T) {
	t.Parallel()
	h := Open(t)
	walked := map[string]bool{}
	for _, kind := range []tenancy.Kind{tenancy.Jurisdiction, tenancy.County, tenancy.Association} {
		ctx := h.Tenant(t, kind)
		a := adder{t, h, ctx, h.Records(t, ctx), 0}
		caller := h.Person(t, ctx)
		may := callerMay(t, caller)
		for _, o := range paged(h.Server.Spec()) {
			if walked[o.ID] || !o.Public && !slices.Contains(may, o.Permission) {
				continue
			}
			walked[o.ID] = true
			add, ok := adders[o.ID]
			if !ok {
				t.Errorf("%s: nothing is added to it", o.ID)
				continue
			}
			for _, order := range orders(o) {
				w := walker{caller, address(t, o, a.records), url.Values{}}
				if order != "" {
					w.query.Set("sort", order)
				}
				a.walk(w, add)
			}
		}
	}
	for _, o := range paged(h.Server.Spec()) {
		if !walked[o.ID] {
			t.Errorf("nobody goes through %s", o.ID)
		}
	}
}

// TestTheFeedWhileRecordsAreAdded reads the change feed in pages while its publisher goes on: all that was there and all that
// comes is read, once each and in order.
func TestTheFeedWhileRecordsAreAdded(t *testing.T) {
	t.Parallel()
	h := Open(t)
	ctx := h.Tenant(t, tenancy.County)
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a, c := adder{t: t, house: h, ctx: ctx}, h.Person(t, ctx)
	made := 0
	publish := func(n int) {
		for range n {
			if err := a.publish(); err != nil {
				t.Fatal(err)
			}
			made++
		}
	}
	publish(5)
	var seen []int64
	for after, page := int64(0), 0; ; page++ {
		var p struct {
			Items          []struct{ Seq int64 }
			Position, Head int64
		}
		c.Need(t, &p, "GET", fmt.Sprintf("/api/v1/changes?limit=2&publisher=%s&after=%d", s.Slug, after), nil)
		for _, one := range p.Items {
			seen = append(seen, one.Seq)
		}
		if after = p.Position; len(p.Items) == 0 && after >= p.Head {
			break
		}
		if page < 4 {
			publish(1)
		}
	}
	if !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != len(seen) || len(seen) != made {
		t.Errorf("of %d publications the feed gave %v", made, seen)
	}
}

// paged are the lists with cursors to which something can be added.
func paged(s *httpd.Spec) []*httpd.Operation {
	return slices.DeleteFunc(lists(s), func(o *httpd.Operation) bool {
		return unpaged[o.ID] != "" || !slices.ContainsFunc(o.Parameters, func(p httpd.Parameter) bool { return p.Name == "cursor" })
	})
}

// walk adds five records, and some more while it goes through the pages.
func (a *adder) walk(w walker, add func(adder, int) error) {
	a.t.Helper()
	one := func() {
		a.n++
		if err := add(*a, a.n); err != nil {
			a.t.Fatalf("%s: %v", w.path, err)
		}
	}
	for range 5 {
		one()
	}
	before := w.all(a.t, 200, nil)
	seen := w.all(a.t, max(2, len(before)/4), one)
	for _, id := range before {
		if times := count(seen, id); times != 1 {
			a.t.Errorf("%s %v: %s of %d came %d times", w.path, w.query, id, len(before), times)
		}
	}
	if slices.Sort(seen); len(slices.Compact(slices.Clone(seen))) != len(seen) {
		a.t.Errorf("%s %v: something came twice", w.path, w.query)
	}
	if len(before) < 5 {
		a.t.Errorf("%s: %d records are no list", w.path, len(before))
	}
	w.strayed(a.t)
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// orders are those that a list may be asked for; one without a name when it has but one.
func orders(o *httpd.Operation) (names []string) {
	for _, p := range o.Parameters {
		if words, ok := p.Declared["enum"].([]any); ok && p.Name == "sort" {
			for _, w := range words {
				names = append(names, fmt.Sprint(w))
			}
			return names
		}
	}
	return []string{""}
}

type walker struct {
	caller *Caller
	path   string
	query  url.Values
}

// all are the ids of all pages; between the first of them, something happens.
func (w walker) all(t *testing.T, limit int, between func()) (ids []string) {
	t.Helper()
	q := url.Values{"limit": {fmt.Sprint(min(limit, 200))}}
	for name, v := range w.query {
		q[name] = v
	}
	for page := 0; ; page++ {
		l, status := w.caller.list(t, w.path, q)
		if status != 200 {
			t.Fatalf("%s?%s: got %d", w.path, q.Encode(), status)
		}
		ids = append(ids, idsOf(l.Items)...)
		if l.Next == "" {
			return ids
		}
		q.Set("cursor", l.Next)
		if between != nil && page < 4 { // else a list with the oldest first would have no end
			between()
		}
	}
}
