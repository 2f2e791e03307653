package marks_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// house is a county with a registration, over the real verbs.
type house struct {
	t              testing.TB
	ctx            context.Context
	db             *tenancy.DB
	registry       *registry.Registry
	authorisations *marks.Authorisations
	batches        *marks.Batches
	codes          *marks.Codes
	registration   uuid.UUID
	reach          *exchange.Contacts
	now            time.Time
	codesOf        map[uuid.UUID][]string
}

func open(t testing.TB) *house {
	t.Helper()
	return openIn(t, dbtest.Tenant(t, tenancy.County), dbtest.DB(t))
}

func openIn(t testing.TB, ctx context.Context, db *tenancy.DB) *house {
	t.Helper()
	h := &house{t: t, ctx: ctx, db: db, now: time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)}
	now := func() time.Time { return h.now }
	vault, err := exchange.NewKeys([32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	h.registry, h.authorisations, h.batches, h.codes = registry.New(db, time.Now), marks.NewAuthorisations(db, now), marks.NewBatches(db, vault, now), marks.NewCodes(db, vault, now)
	h.reach = exchange.NewContacts(db, vault)
	h.registration = h.registered("五原向日葵 " + uuid.NewString()[:8])
	return h
}

// registered makes a registration that holds.
func (h *house) registered(name string) uuid.UUID {
	h.t.Helper()
	r, err := h.registry.Draft(h.ctx, registry.Content{Office: "CN", Names: []registry.Name{{Text: name, Language: "zh-Hans", Kind: registry.Original}}, Holder: registry.Party{Names: map[string]string{"zh-Hans": "演示持有人"}}})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		h.origin(r.ID, act)
	}
	return uuid.MustParse(string(r.ID))
}

func (h *house) origin(id registry.ID, act registry.Act) {
	h.t.Helper()
	if _, err := h.registry.Do(h.ctx, id, registry.Event{Act: act, EffectiveOn: on("2026-01-05"), Reason: "r"}); err != nil {
		h.t.Fatalf("%s: %v", act, err)
	}
}

// codes of bodies that nobody has, with the right check symbol.
const (
	firstCode  = "91350100M000100Y43"
	secondCode = "91440300708461136T"
	thirdCode  = "9144030071526726XG"
)

func holder(code, name string) marks.Holder {
	return marks.Holder{Kind: "certification-licensee", CreditCode: marks.CreditCode(code), Names: map[string]string{"zh-Hans": name}, Township: "隆兴昌镇", Exports: true}
}

func (h *house) applied(code string) marks.Authorisation {
	h.t.Helper()
	a, err := h.authorisations.Apply(h.ctx, h.registration, holder(code, "演示 "+code), marks.Event{HappenedOn: on("2026-02-01")})
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// with are the needs of all acts.
var appealable, due = on("2026-07-01"), on("2026-06-20")

func full(act marks.Act) marks.Event {
	e := marks.Event{Act: act, HappenedOn: on("2026-02-10"), Reason: "r", Reference: "N-1"}
	switch act {
	case marks.Refuse:
		e.AppealUntil = &appealable
	case marks.Order:
		e.DueOn = &due
	case marks.End:
		e.Ground, e.AppealUntil = "exit-ordered", &appealable
	}
	return e
}

func (h *house) do(a marks.Authorisation, acts ...marks.Act) marks.Authorisation {
	h.t.Helper()
	for _, act := range acts {
		next, err := h.authorisations.Do(h.ctx, a.ID, a.Version, full(act))
		if err != nil {
			h.t.Fatalf("%s: %v", act, err)
		}
		a = next
	}
	return a
}

func (h *house) active(code string) marks.Authorisation {
	h.t.Helper()
	return h.do(h.applied(code), marks.Verify, marks.Examine, marks.Announce, marks.Enter)
}

func (h *house) ordered(count int64) marks.Batch {
	h.t.Helper()
	b, err := h.batches.Order(h.ctx, marks.BatchOrder{RegistrationID: h.registration, Design: "D", Printer: "P", Count: count, OrderedOn: on("2026-03-01")})
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// doing is a move with all that its act needs.
func doing(act marks.MoveAct, first, count int64) marks.Doing {
	d := marks.Doing{Act: act, Numbers: marks.Numbers{First: first, Count: count}, HappenedOn: on("2026-03-02"), Facts: marks.Facts{Reference: "R", Reason: "r", Witnesses: []string{"A", "B"}}}
	switch act {
	case marks.MoveUse:
		d.Lot = "L-1"
	case marks.MoveReceive, marks.MoveTransfer, marks.MoveReturn, marks.MoveFind:
		d.Warehouse = "W"
	}
	return d
}

func (h *house) move(b marks.Batch, d marks.Doing) marks.Move {
	h.t.Helper()
	m, err := h.batches.Do(h.ctx, b.ID, d)
	if err != nil {
		h.t.Fatalf("%s: %v", d.Act, err)
	}
	return m
}

func (h *house) issue(b marks.Batch, to marks.Authorisation, first, count int64) marks.Move {
	h.t.Helper()
	d := doing(marks.MoveIssue, first, count)
	d.Authorisation = to.ID
	return h.move(b, d)
}

// stocked is a batch in stock.
func (h *house) stocked(count int64) marks.Batch {
	h.t.Helper()
	b := h.ordered(count)
	h.move(b, doing(marks.MovePrint, 0, count))
	h.move(b, doing(marks.MoveReceive, 0, count))
	return b
}

// sums are how many of a batch's marks are where.
func (h *house) sums(b marks.Batch) map[marks.PlaceKind]int64 {
	h.t.Helper()
	_, all, err := h.batches.Read(h.ctx, b.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	out := map[marks.PlaceKind]int64{}
	for _, s := range all {
		out[s.Kind] = s.Count
	}
	return out
}

func (h *house) wantSums(b marks.Batch, want map[marks.PlaceKind]int64) {
	h.t.Helper()
	if got := h.sums(b); !maps.Equal(got, want) {
		h.t.Errorf("got %v, want %v", got, want)
	}
}

// coded is a batch in stock whose codes are known.
func (h *house) coded(count int64) marks.Batch {
	h.t.Helper()
	b := h.ordered(count)
	if h.codesOf == nil {
		h.codesOf = map[uuid.UUID][]string{}
	}
	for _, line := range h.printed(b, marks.PrintCSV, 0, count)[1:] {
		h.codesOf[b.ID] = append(h.codesOf[b.ID], strings.Split(line, ",")[1])
	}
	h.move(b, doing(marks.MovePrint, 0, count))
	h.move(b, doing(marks.MoveReceive, 0, count))
	return b
}
