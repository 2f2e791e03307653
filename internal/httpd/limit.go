package httpd

import (
	recency "container/list"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var errTooMany = problem.New(problem.TooMany, "limit.too-many")

// class is a sort of operations that are counted together.
type class string

const (
	classRead  class = "read"
	classWrite class = "write"
	classGate  class = "gate" // where credentials are tried or given
)

// gateOperations are counted by address however they end, beside the delay that grows with each name tried in vain.
var gateOperations = map[string]bool{"signIn": true, "issueToken": true, "beginFiling": true}

func (o *Operation) class() class {
	switch {
	case gateOperations[o.ID]:
		return classGate
	case o.Method == http.MethodGet:
		return classRead
	}
	return classWrite
}

// quotaWindow is the time in which a quota that is used up is whole again.
const quotaWindow = time.Minute

// quotas are requests a window by class: of a whole tenant by its kind, of each of its machines, and of an address. They are
// far above what an office at work needs, and stop a loop that has lost its way. Partner offices copy whole registers.
var quotas = map[string]map[class]int{
	string(tenancy.Operator):     {classRead: 12_000, classWrite: 3_000},
	string(tenancy.County):       {classRead: 12_000, classWrite: 3_000},
	string(tenancy.Association):  {classRead: 6_000, classWrite: 1_500},
	string(tenancy.Jurisdiction): {classRead: 24_000, classWrite: 3_000},
	string(tenancy.Trader):       {classRead: 3_000, classWrite: 600},
	string(tenancy.Laboratory):   {classRead: 3_000, classWrite: 600},
	"client":                     {classRead: 6_000, classWrite: 1_200},
	"address":                    {classRead: 6_000, classWrite: 600, classGate: 60},
}

// buckets counts requests in this node's memory. The least recently used of too many is forgotten; that gives whoever has so
// many addresses nothing that the addresses do not give already.
type buckets struct {
	now  func() time.Time
	most int
	mu   sync.Mutex
	all  map[string]*recency.Element
	used *recency.List // of *bucket, the most recent first
}

const mostBuckets = 50_000

type bucket struct {
	key            string
	limiter        *rate.Limiter
	asked, refused atomic.Int64 // since the bucket is there
}

func newBuckets(now func() time.Time, most int) *buckets {
	return &buckets{now: now, most: most, all: map[string]*recency.Element{}, used: recency.New()}
}

func (b *buckets) of(key string, quota int) *bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e, ok := b.all[key]; ok {
		b.used.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if len(b.all) >= b.most {
		oldest := b.used.Back()
		delete(b.all, b.used.Remove(oldest).(*bucket).key)
	}
	added := &bucket{key: key, limiter: rate.NewLimiter(rate.Limit(float64(quota)/quotaWindow.Seconds()), quota)}
	b.all[key] = b.used.PushFront(added)
	return added
}

// peek is the bucket of a key, nil when there is none; looking is no use of it.
func (b *buckets) peek(key string) *bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e, ok := b.all[key]; ok {
		return e.Value.(*bucket)
	}
	return nil
}

// counted is one bucket that a request is taken from.
type counted struct {
	policy string // its name in the headers
	quota  int
	*bucket
}

// take takes the request from each bucket, or from none. It returns how long to wait when one is empty.
func take(now time.Time, all []counted) (wait time.Duration) {
	var taken []*rate.Reservation
	for _, c := range all {
		r := c.limiter.ReserveN(now, 1)
		taken = append(taken, r)
		wait = max(wait, r.DelayFrom(now))
	}
	if wait > 0 {
		for _, r := range taken {
			r.CancelAt(now)
		}
	}
	return wait
}

// counted names the buckets of a request: of its address for visitors and wherever credentials are tried, else of the tenant,
// and of the machine before it.
func (s *Server) counted(ctx context.Context, r *http.Request, o *Operation) (all []counted) {
	c := o.class()
	add := func(who, key string) {
		if q := quotas[who][c]; q > 0 {
			all = append(all, counted{who + "-" + string(c), q, s.buckets.of(who+string(c)+key, q)})
		}
	}
	scope, err := tenancy.From(ctx)
	if err != nil || c == classGate || scope.ActorKind == tenancy.Visitor {
		add("address", s.address(r).String())
		return all
	}
	if scope.ActorKind == tenancy.Client {
		add("client", scope.Actor.String())
	}
	add(string(scope.TenantKind), scope.Tenant.String())
	return all
}

// limit refuses a request above its quota and says in RateLimit and RateLimit-Policy what is left
// (draft-ietf-httpapi-ratelimit-headers-09: q requests a window of w seconds, r remaining, whole again in t seconds).
func (s *Server) limit(ctx context.Context, w http.ResponseWriter, r *http.Request, o *Operation) error {
	if s.buckets == nil {
		return nil
	}
	now, all := s.buckets.now(), s.counted(ctx, r, o)
	wait := take(now, all)
	for _, c := range all {
		c.asked.Add(1)
		if wait > 0 {
			c.refused.Add(1)
		}
	}
	policies, left := make([]string, len(all)), make([]string, len(all))
	for i, c := range all {
		rest := max(0, math.Floor(c.limiter.TokensAt(now)))
		whole := math.Ceil((float64(c.quota) - rest) / float64(c.limiter.Limit()))
		policies[i] = fmt.Sprintf(`"%s";q=%d;w=%.0f`, c.policy, c.quota, quotaWindow.Seconds())
		left[i] = fmt.Sprintf(`"%s";r=%.0f;t=%.0f`, c.policy, rest, whole)
	}
	w.Header().Set("RateLimit-Policy", strings.Join(policies, ", "))
	w.Header().Set("RateLimit", strings.Join(left, ", "))
	if wait > 0 {
		return errTooMany.With("retryAfter", int(math.Ceil(wait.Seconds())))
	}
	return nil
}

// address is where a request comes from: the last hop that is none of the operator's own proxies. An IPv6 address counts as
// its /64, which is what one connection is given.
func (s *Server) address(r *http.Request) netip.Prefix {
	at, _ := netip.ParseAddrPort(r.RemoteAddr)
	from := at.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.ownProxy(from); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = hop.Unmap()
	}
	bits := 64
	if from.Is4() {
		bits = 32
	}
	p, _ := from.WithZone("").Prefix(bits) // the zero prefix for what is no address
	return p
}

func (s *Server) ownProxy(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
