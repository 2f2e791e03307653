package apitest

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// marks lets two producers use the mark of a registration that is shown to the tenant alone, and moves some of its marks.
func (b *builder) marks(s tenancy.Scope) {
	b.t.Helper()
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	registration := b.registered(s, b.canary)
	var all []marks.Authorisation
	for i, code := range []string{"91350100M000100Y43", "91440300708461136T"} {
		a, err := b.house.Users.Apply(b.ctx, registration, marks.Holder{Kind: marks.Kinds[i], CreditCode: marks.CreditCode(code), Names: map[string]string{"en": b.canary}, Township: b.canary, Exports: i == 0}, marks.Event{HappenedOn: day})
		for _, act := range []marks.Act{marks.Verify, marks.Examine, marks.Announce, marks.Enter} {
			if err == nil {
				a, err = b.house.Users.Do(b.ctx, a.ID, a.Version, marks.Event{Act: act, HappenedOn: day, Reference: b.canary, Reason: b.canary})
			}
		}
		b.keep("mark-authorisations", a.ID, err)
		all = append(all, a)
	}
	b.made["authorisationId"] = all[0].ID.String()
	batch, err := b.house.Batches.Order(b.ctx, marks.BatchOrder{RegistrationID: registration, AuthorisationID: &all[0].ID, Design: b.canary, Printer: b.canary, Count: 10, OrderedOn: day})
	b.keep("mark-batches", batch.ID, err)
	b.made["batchId"] = b.made["mark-batches"]
	for _, act := range []marks.MoveAct{marks.MovePrint, marks.MoveReceive, marks.MoveIssue} {
		d := marks.Doing{Act: act, Numbers: marks.Numbers{Count: 5}, HappenedOn: day.AddDate(0, 0, len(act)), Authorisation: all[0].ID, Facts: marks.Facts{Reference: b.canary}}
		if act == marks.MoveReceive {
			d.Warehouse = b.canary
		}
		m, err := b.house.Batches.Do(b.ctx, batch.ID, d)
		b.keep("moveId", m.ID, err)
	}
	p, err := b.house.Usages.Create(b.ctx, registration, marks.ProducerFacts{CreditCode: all[0].CreditCode, Name: b.canary, Township: b.canary, Exports: true, ListedOn: day, Source: b.canary})
	b.keep("mark-producers", p.ID, err)
	f, err := b.house.Usages.Freeze(b.ctx, registration, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "")
	b.keep("mark-usage-figures", f.ID, err)
	alert, err := b.house.alarmed(b.ctx, marks.AlertVoid, batch.ID, nil, 1)
	b.keep("mark-alerts", alert, err)
	alert, err = b.house.alarmed(b.ctx, marks.AlertNoLot, batch.ID, &all[0].ID, 2)
	b.keep("mark-alerts", alert, err)
	lot, err := b.house.Lots.Declare(b.ctx, all[0].ID, b.canary, marks.LotFacts{Harvest: 2026, Quantity: marks.Measure{Value: "1", Unit: "t"}, DeclaredBy: b.canary, DeclaredOn: day})
	b.keep("mark-lots", lot.ID, err)
	b.watched(all, day)
	b.applications(registration)
	b.images()
	b.made["code"] = "0000-0000-0000-0000-00000" // of no batch: whoever has a genuine one is told what it is
}

// applications are a draft of the tenant's own and one that it handed in to itself.
func (b *builder) applications(registration uuid.UUID) {
	b.t.Helper()
	f := marks.Form{Kind: marks.Kinds[0], CreditCode: "9144030071526726XG", Names: map[string]string{"en": b.canary}, Contact: b.canary, Phone: "0478-0000000", Area: &marks.Measure{Value: "1", Unit: "mu"}, Standard: b.canary,
		Documents: []uuid.UUID{uuid.MustParse(b.made["documents"])}}
	one, err := b.house.Applying.Begin(b.ctx, registration, f)
	if err == nil {
		one, err = b.house.Applying.Submit(b.ctx, one.ID, one.Version)
	}
	b.keep("mark-applications", one.ID, err)
	draft, err := b.house.Applying.Begin(b.ctx, registration, marks.Form{Contact: b.canary})
	b.keep("a draft for a mark", draft.ID, err)
}

// watched plans visits to two users and writes down complaints about them, of which one each is done with.
func (b *builder) watched(all []marks.Authorisation, day time.Time) {
	b.t.Helper()
	for i, a := range all {
		v, err := b.house.Watching.Plan(b.ctx, marks.Visit{AuthorisationID: a.ID, PlannedOn: day, Visitor: b.canary, Reason: b.canary})
		c, cerr := b.house.Watching.Complain(b.ctx, marks.Complaint{AuthorisationID: a.ID, Complainant: b.canary, Text: b.canary, ReceivedOn: day})
		if i > 0 && err == nil && cerr == nil {
			_, err = b.house.Watching.Record(b.ctx, v.ID, 1, marks.Found{Outcome: marks.VisitFailed, VisitedOn: day, Findings: b.canary})
			_, cerr = b.house.Watching.Answer(b.ctx, c.ID, 1, marks.ComplaintUphold, b.canary)
			b.keep("a visit that was made", v.ID, err)
			b.keep("a complaint that was decided", c.ID, cerr)
			continue
		}
		b.keep("mark-visits", v.ID, err)
		b.keep("mark-complaints", c.ID, cerr)
	}
}

// images keeps two drawings as official images, of which one is out of use.
func (b *builder) images() {
	b.t.Helper()
	d, err := b.house.Docs.Put(b.ctx, document.File{Filename: b.canary + ".svg", MediaType: "image/svg+xml", Purpose: "special-mark", Content: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>`)})
	b.keep("a drawing", d.ID, err)
	for range 2 {
		i, err := b.house.Images.Create(b.ctx, marks.Image{Name: b.canary, DocumentID: d.ID, Layout: marks.Layout{Code: marks.Box{Top: 800, Width: 1000, Height: 200}, LeastMM: 10, Colours: []string{"#1A1A1A"}, Source: b.canary}})
		if b.made["mark-images"] != "" && err == nil {
			_, err = b.house.Images.Retire(b.ctx, uuid.MustParse(b.made["mark-images"]), 1)
		}
		b.keep("mark-images", i.ID, err)
	}
	b.made["imageId"] = b.made["mark-images"]
}

// alarmed makes an alert as a sweep of scans raises it.
func (h *House) alarmed(ctx context.Context, kind marks.AlertKind, batch uuid.UUID, holder *uuid.UUID, number int) (id uuid.UUID, err error) {
	err = h.DB.Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `insert into app.mark_alerts (kind, batch_id, authorisation_id, number, day, evidence) values ($1, $2, $3, $4, '2026-02-01', $5) returning id`, kind, batch, holder, number, marks.Evidence{Scans: 1, Codes: 1}).Scan(&id)
	})
	return id, err
}

// registered makes a registration that holds, and shows it to the tenant alone.
func (b *builder) registered(s tenancy.Scope, name string) uuid.UUID {
	b.t.Helper()
	r, err := b.house.Registry.Draft(b.ctx, registry.Content{Office: "XA", Names: []registry.Name{{Text: name, Language: "en", Kind: "original"}}})
	if err == nil { // a record keeps the audience that it had first
		err = b.house.DB.Tx(b.ctx, func(tx pgx.Tx) error {
			_, err := exchange.Publish(b.ctx, tx, exchange.Publication{Kind: "registration", RecordID: uuid.MustParse(string(r.ID)), Audience: exchange.OneReader, Reader: s.Tenant, Content: map[string]string{"text": name}})
			return err
		})
	}
	for _, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if err == nil {
			_, err = b.house.Registry.Do(b.ctx, r.ID, registry.Event{Act: act, EffectiveOn: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		}
	}
	b.keep("a registration that holds", r.ID, err)
	return uuid.MustParse(string(r.ID))
}
