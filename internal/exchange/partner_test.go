package exchange_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// A partner is known by what was addressed to it; once it has read, it is known how far it is.
func TestPartnerIsKnownByItsRightsAndReceipts(t *testing.T) {
	t.Parallel()
	x := verbs(t)
	owner, reader, stranger := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction), dbtest.Tenant(t, tenancy.Jurisdiction)
	us, them := tenantOf(t, owner), tenantOf(t, reader)
	partners := func() []exchange.Partner {
		t.Helper()
		found, next, err := x.Partners(owner, 10, "")
		if err != nil || next != "" {
			t.Fatalf("%v, next %q", err, next)
		}
		return found
	}
	if got := partners(); len(got) != 0 {
		t.Fatalf("got %d partners of nobody", len(got))
	}
	publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}}) // for everybody
	publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}, Audience: exchange.OneReader, Reader: them.Tenant})
	if _, err := x.Give(owner, exchange.Grant{Reader: exchange.Publisher{Slug: them.Slug}, Kinds: []string{"recognition"}, Purpose: "control", Until: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	got := partners()
	if len(got) != 1 || got[0].Tenant.Slug != them.Slug {
		t.Fatalf("got %+v, want %s alone", got, them.Slug)
	}
	p := got[0]
	if p.Missing != 1 || p.ReadAt != nil || p.Gives.Grants != 1 || !slices.Equal(p.Gives.Kinds, []string{"recognition"}) ||
		!slices.Equal(p.Problems, []exchange.Trouble{"never-read", "grant-ends"}) {
		t.Errorf("before it read: %+v", p)
	}
	read := func(after exchange.Position) exchange.Page {
		t.Helper()
		page, err := x.Changes(reader, after, 1000, exchange.ChangeFilter{Publisher: us.Slug}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	position := read(0).Position
	p = partners()[0]
	if p.Missing != 0 || p.ReadAt == nil || p.Received == nil || p.LastReceipt.Act != "read" || !slices.Equal(p.Problems, []exchange.Trouble{"grant-ends"}) {
		t.Errorf("after it read: %+v", p)
	}
	publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}})
	if p = partners()[0]; p.Missing != 1 || p.MissingFrom == nil {
		t.Errorf("after another publication: %+v", p)
	}
	read(position)
	theirs, _, err := x.Partners(reader, 10, "")
	if err != nil || len(theirs) != 1 || theirs[0].Tenant.Slug != us.Slug || theirs[0].WeReadAt == nil || theirs[0].Gets.Grants != 1 || theirs[0].Gives.Grants != 0 {
		t.Errorf("the other side sees %+v, %v", theirs, err)
	}
	if others, _, err := x.Partners(stranger, 10, ""); err != nil || len(others) != 0 {
		t.Errorf("a stranger sees %+v, %v", others, err)
	}
}

func TestReaderOfTheFeedHasAPosition(t *testing.T) {
	t.Parallel()
	x := verbs(t)
	owner, reader := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.Jurisdiction)
	us, scope := tenantOf(t, owner), tenantOf(t, reader)
	scope.Actor, scope.ActorKind = uuid.New(), tenancy.Client
	machine := tenancy.In(t.Context(), scope)
	publish(t, owner, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}})
	f := exchange.ChangeFilter{Publisher: us.Slug}
	page, err := x.Changes(machine, 0, 1000, f, 0)
	if err != nil {
		t.Fatal(err)
	}
	canary := exchange.ChangeFilter{Kind: "canary"} // must not move the place of the other filter
	if _, err := x.Changes(machine, 0, 1, canary, 0); err != nil {
		t.Fatal(err)
	}
	all, head, err := x.Consumers(reader)
	if err != nil || len(all) != 2 || head < page.Position {
		t.Fatalf("got %+v to %d, %v", all, head, err)
	}
	at := slices.IndexFunc(all, func(c exchange.Consumer) bool { return c.ChangeFilter == f })
	if at < 0 || all[at].Position != page.Position || all[at].Actor != scope.Actor || all[at].ActorKind != tenancy.Client || all[at].Since.IsZero() {
		t.Errorf("got %+v, want the position %d", all, page.Position)
	}
	if others, _, err := x.Consumers(owner); err != nil || len(others) != 0 {
		t.Errorf("the publisher sees the reader's machines: %+v, %v", others, err)
	}
	for range 60 {
		if _, err := x.Changes(machine, 0, 1, exchange.ChangeFilter{Kind: "k-" + uuid.NewString()}, 0); err != nil {
			t.Fatal(err)
		}
	}
	if all, _, err = x.Consumers(reader); err != nil || len(all) != 50 {
		t.Errorf("who makes up filters has %d rows, %v", len(all), err)
	}
}
