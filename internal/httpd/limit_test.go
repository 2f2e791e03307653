package httpd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// counting is a server whose clock stands still until it is put forward.
func counting(t *testing.T) (*Server, *time.Time) {
	t.Helper()
	s, now := bareServer(t), time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	s.buckets = newBuckets(func() time.Time { return now }, mostBuckets)
	return s, &now
}

func from(s *Server, scope tenancy.Scope, address string, o *Operation) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(o.Method, "/api/v1/things", nil)
	r.RemoteAddr = address
	if err := s.limit(tenancy.In(r.Context(), scope), w, r, o); err != nil {
		s.fail(w, r, err)
	}
	return w
}

var (
	reading   = &Operation{ID: "listThings", Method: http.MethodGet}
	signingIn = &Operation{ID: "signIn", Method: http.MethodPost}
)

func TestQuotaIsUsedUpAndComesBack(t *testing.T) {
	t.Parallel()
	s, now := counting(t)
	trader := tenancy.Scope{Tenant: uuid.New(), TenantKind: tenancy.Trader, Actor: uuid.New(), ActorKind: tenancy.Person}
	quota := quotas["trader"][classRead]
	first := from(s, trader, "192.0.2.1:1", reading)
	if got, want := first.Header().Get("RateLimit-Policy"), fmt.Sprintf(`"trader-read";q=%d;w=60`, quota); got != want {
		t.Errorf("got policy %s, want %s", got, want)
	}
	if got, want := first.Header().Get("RateLimit"), fmt.Sprintf(`"trader-read";r=%d;t=1`, quota-1); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for range quota - 1 {
		from(s, trader, "192.0.2.1:1", reading)
	}
	over := from(s, trader, "192.0.2.1:1", reading)
	if over.Code != http.StatusTooManyRequests || over.Header().Get("Retry-After") != "1" || over.Header().Get("RateLimit") != `"trader-read";r=0;t=60` ||
		!strings.Contains(over.Body.String(), "limit.too-many") {
		t.Errorf("got %d %v %s", over.Code, over.Header(), over.Body)
	}
	if w := from(s, tenancy.Scope{Tenant: uuid.New(), TenantKind: tenancy.Trader, ActorKind: tenancy.Person}, "192.0.2.1:1", reading); w.Code != http.StatusOK {
		t.Errorf("the neighbour: got %d", w.Code)
	}
	if w := from(s, trader, "192.0.2.1:1", &Operation{ID: "createThing", Method: http.MethodPost}); w.Code != http.StatusOK {
		t.Errorf("another class: got %d", w.Code)
	}
	*now = now.Add(time.Second)
	if w := from(s, trader, "192.0.2.1:1", reading); w.Code != http.StatusOK {
		t.Errorf("a second later: got %d", w.Code)
	}
}

func TestMachineHasItsOwnQuotaBesideItsTenants(t *testing.T) {
	t.Parallel()
	s, _ := counting(t)
	machine := tenancy.Scope{Tenant: uuid.New(), TenantKind: tenancy.Jurisdiction, Actor: uuid.New(), ActorKind: tenancy.Client}
	for range quotas["client"][classRead] {
		from(s, machine, "192.0.2.1:1", reading)
	}
	if w := from(s, machine, "192.0.2.1:1", reading); w.Code != http.StatusTooManyRequests {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	machine.Actor = uuid.New()
	w := from(s, machine, "192.0.2.1:1", reading)
	rest := quotas["jurisdiction"][classRead] - quotas["client"][classRead] - 1 // what was refused took nothing
	want := fmt.Sprintf(`"client-read";r=%d;t=1, "jurisdiction-read";r=%d;t=16`, quotas["client"][classRead]-1, rest)
	if diff := cmp.Diff(want, w.Header().Get("RateLimit")); w.Code != http.StatusOK || diff != "" {
		t.Errorf("the tenant's other machine: got %d %s", w.Code, diff)
	}
}

func TestCredentialsAreTriedByAddress(t *testing.T) {
	t.Parallel()
	s, _ := counting(t)
	for range quotas["address"][classGate] {
		from(s, tenancy.Public, "[2001:db8:0:1::1]:1", signingIn)
	}
	for address, want := range map[string]int{
		"[2001:db8:0:1::1]:1": http.StatusTooManyRequests, "[2001:db8:0:1:ffff::2]:9": http.StatusTooManyRequests,
		"[2001:db8:0:2::1]:1": http.StatusOK, "192.0.2.1:1": http.StatusOK,
	} {
		if w := from(s, tenancy.Public, address, signingIn); w.Code != want {
			t.Errorf("%s: got %d, want %d", address, w.Code, want)
		}
	}
	if w := from(s, tenancy.Public, "[2001:db8:0:1::1]:1", reading); w.Code != http.StatusOK {
		t.Errorf("reading from there: got %d", w.Code)
	}
}

func TestMemoryOfBucketsIsBounded(t *testing.T) {
	t.Parallel()
	b := newBuckets(time.Now, 3)
	busy := b.of("busy", 10)
	for i := range 100 {
		b.of(fmt.Sprint(i), 10)
		if b.of("busy", 10) != busy {
			t.Fatal("the bucket in use was forgotten")
		}
	}
	if len(b.all) != 3 || b.used.Len() != 3 {
		t.Errorf("%d and %d are remembered, want 3", len(b.all), b.used.Len())
	}
}

func TestAddressIsTheLastHopNotOurs(t *testing.T) {
	t.Parallel()
	s := bareServer(t)
	s.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct{ name, remote, forwarded, want string }{
		{"straight", "192.0.2.1:1", "", "192.0.2.1/32"},
		{"straight, with a header of the client's own", "192.0.2.1:1", "203.0.113.9", "192.0.2.1/32"},
		{"through our proxy", "10.0.0.1:1", "203.0.113.9", "203.0.113.9/32"},
		{"through two of ours", "10.0.0.1:1", "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9/32"},
		{"through ours, which says nonsense", "10.0.0.1:1", "nonsense", "10.0.0.1/32"},
		{"IPv6", "[2001:db8:1:2:3:4:5:6]:1", "", "2001:db8:1:2::/64"},
		{"IPv4 within IPv6", "[::ffff:192.0.2.1]:1", "", "192.0.2.1/32"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		r.Header.Set("X-Forwarded-For", c.forwarded)
		if got := s.address(r).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestEveryKindOfTenantHasQuotas(t *testing.T) {
	t.Parallel()
	for _, k := range tenancy.Kinds {
		if q := quotas[string(k)]; q[classRead] < 1 || q[classWrite] < 1 {
			t.Errorf("%s: got %v", k, q)
		}
	}
	spec, err := ReadSpec(api.Spec)
	if err != nil {
		t.Fatal(err)
	}
	for id := range gateOperations {
		if spec.Operation(id) == nil {
			t.Errorf("there is no operation %s", id)
		}
	}
	if !spec.Operation("listChanges").Streams || spec.Operation("listRegistrations").Streams {
		t.Error("the feed streams, the list does not")
	}
}

func TestTenantWaitsForItsOwnOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFair(4, 2, time.Now)
		f.alone, f.waiting = 1, 1
		leave, err := f.enter(t.Context(), "noisy")
		if err != nil {
			t.Fatal(err)
		}
		other, err := f.enter(t.Context(), "quiet")
		if err != nil {
			t.Fatalf("another tenant: %v", err)
		}
		other()
		next := make(chan error, 1)
		go func() {
			leave, err := f.enter(t.Context(), "noisy")
			if err == nil {
				leave()
			}
			next <- err
		}()
		synctest.Wait() // until it stands in line
		if _, err := f.enter(t.Context(), "noisy"); !errors.Is(err, errTooMany) {
			t.Errorf("a line that is full: got %v", err)
		}
		leave()
		if err := <-next; err != nil {
			t.Errorf("who waited: %v", err)
		}
		synctest.Wait()
		if len(f.lines) != 0 {
			t.Errorf("%d lines are left", len(f.lines))
		}
	})
}

// Beside others a tenant has fewer places than alone, and has them all again when nobody else was there for a while; who gives up
// waiting takes nobody's place.
func TestTenantHasLessBesideOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		f := newFair(16, 2, func() time.Time { return now })
		if f.alone != 4 || f.beside != 1 {
			t.Fatalf("got %d places alone and %d beside others", f.alone, f.beside)
		}
		comeIn := func(ctx context.Context, who string) (leave func()) {
			leave, err := f.enter(ctx, who)
			if err != nil {
				t.Error(err)
			}
			return leave
		}
		first, second := comeIn(t.Context(), "noisy"), comeIn(t.Context(), "noisy")
		comeIn(t.Context(), "quiet")()
		var served atomic.Int32
		for range 3 {
			go func() { comeIn(t.Context(), "noisy")(); served.Add(1) }()
		}
		impatient, cancel := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		synctest.Wait()
		go func() { _, err := f.enter(impatient, "noisy"); gone <- err }()
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up: got %v", err)
		}
		first()
		synctest.Wait()
		if n := served.Load(); n != 0 {
			t.Errorf("one works still, and %d were let in beside it", n)
		}
		second()
		synctest.Wait()
		if n := served.Load(); n != 3 {
			t.Errorf("%d of 3 who waited had their turn", n)
		}
		now = now.Add(company + time.Second)
		var all []func()
		for range f.alone {
			all = append(all, comeIn(t.Context(), "noisy"))
		}
		for _, leave := range all {
			leave()
		}
		if len(f.lines) != 0 {
			t.Errorf("%d lines are left", len(f.lines))
		}
	})
}

// Beside others, a place in front of a long line rests, longer than its request worked. Whoever waits in a short line waits for nothing else.
func TestPlaceInFrontOfALongLineRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFair(16, 2, time.Now)
		var served atomic.Int32
		comeIn := func(who string) {
			leave, err := f.enter(t.Context(), who)
			if err != nil {
				t.Error(err)
				return
			}
			served.Add(1)
			leave()
		}
		leave, err := f.enter(t.Context(), "noisy")
		if err != nil {
			t.Fatal(err)
		}
		comeIn("quiet")
		for range longLine + 1 {
			go comeIn("noisy")
		}
		synctest.Wait()
		const worked = 10 * time.Millisecond
		<-time.After(worked)
		leave()
		<-time.After(restFor*worked - time.Millisecond)
		if n := served.Load(); n != 1 {
			t.Errorf("%d were let in while the place rested", n-1)
		}
		<-time.After(2 * time.Millisecond)
		if n := served.Load(); n != longLine+2 {
			t.Errorf("%d of %d had their turn", n-1, longLine+1)
		}
	})
}

// Somebody without an account who begins one opposition after the other is held back by address, by the API as by the form, and told
// for how long; other addresses are not.
func TestFilingsAreHeldBack(t *testing.T) {
	t.Parallel()
	s, now := counting(t)
	beginning := &Operation{ID: "beginFiling", Method: http.MethodPost}
	for range quotas["address"][classGate] {
		if w := from(s, tenancy.Public, "192.0.2.1:1", beginning); w.Code != http.StatusOK {
			t.Fatalf("within the quota: %d", w.Code)
		}
	}
	if w := from(s, tenancy.Public, "192.0.2.1:1", beginning); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("by the API: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if w := from(s, tenancy.Public, "192.0.2.2:1", beginning); w.Code != http.StatusOK {
		t.Errorf("another address: %d", w.Code)
	}
	form := func(address string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/notices/x", nil)
		r.RemoteAddr = address
		if err := s.limitFilings(r); err != nil {
			s.fail(w, r, err)
		}
		return w
	}
	for range filingQuota {
		if w := form("192.0.2.3:1"); w.Code != http.StatusOK {
			t.Fatalf("within the quota of the form: %d", w.Code)
		}
	}
	if w := form("192.0.2.3:1"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("by the form: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	*now = now.Add(quotaWindow)
	if w := form("192.0.2.3:1"); w.Code != http.StatusOK {
		t.Errorf("a minute later: %d", w.Code)
	}
}
