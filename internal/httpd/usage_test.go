package httpd

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func usageOf(t *testing.T, ctx context.Context, u *usageAPI) api.Usage {
	t.Helper()
	r, err := u.ReadUsage(ctx, api.ReadUsageRequestObject{})
	if err != nil {
		t.Fatal(err)
	}
	return api.Usage(r.(api.ReadUsage200JSONResponse))
}

func TestUsageIsWhatTheNodeCounts(t *testing.T) {
	t.Parallel()
	s, now := counting(t)
	db := dbtest.DB(t)
	who, err := identity.New(db, nil, make([]byte, 32), false, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	u := &usageAPI{db: db, identity: who, now: s.buckets.now, began: *now, buckets: s.buckets}
	ctx := dbtest.Tenant(t, tenancy.Trader)
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got := usageOf(t, ctx, u); !got.Counted || len(got.Items) != 2 || got.Items[0].Used != 0 || got.Items[0].WholeIn != 0 || got.Items[0].Quota != quotas["trader"][classRead] {
		t.Errorf("before anything was asked: %+v", got)
	}
	scope.ActorKind, scope.Actor = tenancy.Person, uuid.New()
	for range quotas["trader"][classRead] + 5 {
		from(s, scope, "192.0.2.1:1", reading)
	}
	got := usageOf(t, ctx, u).Items[0]
	if got.Used != got.Quota || got.WholeIn != 60 || got.Asked != int64(got.Quota+5) || got.Refused != 5 || got.ClientId != nil {
		t.Errorf("used up: %+v", got)
	}
	*now = now.Add(30 * time.Second)
	if got = usageOf(t, ctx, u).Items[0]; got.Used != got.Quota/2 || got.WholeIn != 30 {
		t.Errorf("half a window later: %+v", got)
	}
	if other := usageOf(t, dbtest.Tenant(t, tenancy.Trader), u).Items[0]; other.Asked != 0 {
		t.Errorf("another tenant: %+v", other)
	}
	u.buckets = nil
	if got := usageOf(t, ctx, u); got.Counted || len(got.Items) != 0 {
		t.Errorf("a house that does not count: %+v", got)
	}
}

func TestRetiredCallIsKeptForItsTenant(t *testing.T) {
	t.Parallel()
	spec, err := ReadSpec([]byte(retiring))
	if err != nil {
		t.Fatal(err)
	}
	o, now := spec.Operation("listThings"), time.Now()
	u := &usageAPI{db: dbtest.DB(t), now: func() time.Time { return now }, retired: []*Operation{o}}
	ctx, neighbour := dbtest.Tenant(t, tenancy.Trader), dbtest.Tenant(t, tenancy.Trader)
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	scope.Actor, scope.ActorKind = uuid.New(), tenancy.Client
	machine := tenancy.In(t.Context(), scope)
	for range 3 { // the second and third are not written
		if err := u.noteRetired(machine, o); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.noteRetired(tenancy.In(t.Context(), tenancy.Public), o); err != nil {
		t.Errorf("nobody in particular: %v", err)
	}
	if err := u.noteRetired(machine, &Operation{ID: "listOthers", Method: http.MethodGet}); err != nil {
		t.Errorf("an operation that stays: %v", err)
	}
	for of, want := range map[context.Context]int{ctx: 1, neighbour: 0} {
		r, err := u.ListRetirements(of, api.ListRetirementsRequestObject{})
		if err != nil {
			t.Fatal(err)
		}
		items := api.RetirementList(r.(api.ListRetirements200JSONResponse)).Items
		if len(items) != 1 || items[0].Operation != "listThings" || items[0].Sunset.Format(time.DateOnly) != "2027-01-02" || len(items[0].Calls) != want {
			t.Errorf("got %+v, want %d calls", items, want)
		}
	}
}
