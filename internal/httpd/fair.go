package httpd

import (
	"context"
	"net/http"
	"sync"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// fair lets so many requests of one tenant work at once; the others wait in line. Without it a tenant that sends a hundred
// requests at once has all connections to the database, and everybody else waits behind them.
type fair struct {
	atOnce  int
	waiting int // in one line at most; who comes then is told to come again
	mu      sync.Mutex
	lines   map[string]*line
}

type line struct {
	places chan struct{}
	users  int // working and waiting
}

// waitingMost is how many requests of one tenant wait at most: more than a browser or a machine in order sends at once.
const waitingMost = 256

func newFair(atOnce int) *fair {
	return &fair{atOnce: atOnce, waiting: waitingMost, lines: map[string]*line{}}
}

// fairShare is the part of the connections that one tenant may use at once: one in four, so that three tenants at their limit
// leave room for the fourth.
const fairShare = 4

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
		l = &line{places: make(chan struct{}, f.atOnce)}
		f.lines[who] = l
	}
	if l.users >= f.atOnce+f.waiting {
		f.mu.Unlock()
		return nil, errTooMany.With("retryAfter", 1)
	}
	l.users++
	f.mu.Unlock()
	select {
	case l.places <- struct{}{}:
		return func() { <-l.places; f.gone(who, l) }, nil
	case <-ctx.Done():
		f.gone(who, l)
		return nil, ctx.Err()
	}
}

// gone forgets a line in which nobody is left.
func (f *fair) gone(who string, l *line) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(f.lines, who)
	}
}
