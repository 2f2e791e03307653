package httpd

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// fair lets so many requests of one tenant work at once; the others wait in line. Without it a tenant that sends a hundred
// requests at once has all connections to the database and all processors, and everybody else waits behind them. A tenant that is
// alone may use what is there; beside others it has less, so that a processor is free when they come.
type fair struct {
	alone   int // requests of one tenant at once while no other is at work
	beside  int // the same while others are
	waiting int // in one line at most; who comes then is told to come again
	now     func() time.Time
	mu      sync.Mutex
	lines   map[string]*line
	latest  [2]visit // the last two to come, of different tenants
}

type line struct {
	working int
	queue   []chan struct{} // each is closed when its turn comes
}

// visit is when somebody came last.
type visit struct {
	who string
	at  time.Time
}

// waitingMost is how many requests of one tenant wait at most: more than a browser or a machine in order sends at once.
const waitingMost = 256

// longLine is how many wait where a tenant asks for more than it gets: more than a browser has connections.
const longLine = 8

// A place in front of a long line rests so many times as long as its request worked, and never longer than that.
const (
	restFor     = 3
	longestRest = 200 * time.Millisecond
)

// company is how long after its last request a tenant still counts as at work.
const company = 5 * time.Second

// fairShare is the part of the connections that one tenant may use at once: one in four, so that three tenants at their limit
// leave room for the fourth.
const fairShare = 4

// newFair shares so many connections and processors.
func newFair(connections, processors int, now func() time.Time) *fair {
	alone := max(2, connections/fairShare)
	return &fair{alone: alone, beside: min(alone, max(1, processors/2)), waiting: waitingMost, now: now, lines: map[string]*line{}}
}

// enter gives a request its place; visitors are one line an address. What streams is not counted, since it works only now and
// then and would hold its place for hours.
func (s *Server) enter(r *http.Request, o *Operation) (leave func(), err error) {
	if s.fair == nil || o.Streams {
		return func() {}, nil
	}
	scope, err := tenancy.From(r.Context())
	if err != nil {
		return nil, err
	}
	if scope.ActorKind == tenancy.Visitor {
		return s.fair.enter(r.Context(), s.address(r).String())
	}
	return s.fair.enter(r.Context(), scope.Tenant.String())
}

// enter waits for a place and returns what gives it back.
func (f *fair) enter(ctx context.Context, who string) (leave func(), err error) {
	f.mu.Lock()
	l := f.lines[who]
	if l == nil {
		l = &line{}
		f.lines[who] = l
	}
	if f.latest[0].who != who {
		f.latest[1] = f.latest[0]
	}
	f.latest[0] = visit{who, f.now()}
	if l.working < f.places(who) && len(l.queue) == 0 {
		l.working++
		f.mu.Unlock()
		return f.leaving(who, l), nil
	}
	if len(l.queue) >= f.waiting {
		f.mu.Unlock()
		return nil, errTooMany.With("retryAfter", 1)
	}
	turn := make(chan struct{})
	l.queue = append(l.queue, turn)
	f.mu.Unlock()
	select {
	case <-turn:
		return f.leaving(who, l), nil
	case <-ctx.Done():
		f.giveUp(who, l, turn)
		return nil, ctx.Err()
	}
}

// places is how many requests of somebody may work now.
func (f *fair) places(who string) int {
	other := f.latest[0]
	if other.who == who {
		other = f.latest[1]
	}
	if other.who == "" || f.now().Sub(other.at) > company {
		return f.alone
	}
	return f.beside
}

// leaving is what gives back the place that is taken now. Beside others, a place in front of a long line rests first, so that most of the
// time of the processors is not that tenant's.
func (f *fair) leaving(who string, l *line) (leave func()) {
	since := f.now()
	return func() {
		f.mu.Lock()
		rest := time.Duration(0)
		if len(l.queue) > longLine && f.places(who) < f.alone {
			rest = min(restFor*f.now().Sub(since), longestRest)
		}
		f.mu.Unlock()
		if rest > 0 {
			time.AfterFunc(rest, func() { f.leave(who, l) })
			return
		}
		f.leave(who, l)
	}
}

// leave gives a place back and calls who waits, as many as there are places for.
func (f *fair) leave(who string, l *line) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l.working--
	for len(l.queue) > 0 && l.working < f.places(who) {
		close(l.queue[0])
		l.queue = l.queue[1:]
		l.working++
	}
	f.forget(who, l)
}

// giveUp leaves the line; whose turn came at that moment gives its place to the next.
func (f *fair) giveUp(who string, l *line, turn chan struct{}) {
	f.mu.Lock()
	at := slices.Index(l.queue, turn)
	if at >= 0 {
		l.queue = slices.Delete(l.queue, at, at+1)
		f.forget(who, l)
	}
	f.mu.Unlock()
	if at < 0 {
		f.leave(who, l)
	}
}

// forget removes a line in which nobody is left.
func (f *fair) forget(who string, l *line) {
	if l.working == 0 && len(l.queue) == 0 {
		delete(f.lines, who)
	}
}
