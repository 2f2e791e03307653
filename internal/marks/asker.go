package marks

import (
	"context"
	"math"
	"regexp"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrTooMany is returned to who asks for one wrong code after the other.
var ErrTooMany = problem.New(problem.TooMany, "mark-code.too-many")

// Asker is who asks about a code, as far as it is known. It is nowhere kept but the country.
type Asker struct {
	Address string // by which wrong codes are counted, in memory; empty: they are not
	Country string // ISO 3166-1, two letters; empty: it is not known
}

type askerKey struct{}

// WithAsker returns a context in which an asker asks.
func WithAsker(ctx context.Context, a Asker) context.Context {
	return context.WithValue(ctx, askerKey{}, a)
}

var countryForm = regexp.MustCompile(`^[A-Z]{2}$`)

func askerFrom(ctx context.Context) Asker {
	a, _ := ctx.Value(askerKey{}).(Asker)
	if !countryForm.MatchString(a.Country) {
		a.Country = ""
	}
	return a
}

const (
	// wrongCodes is how many wrong codes an address may ask for at once, and in each minute after that: a class with telephones, not a
	// program that guesses. At this rate a MAC of 48 bits is met once in about nine million years.
	wrongCodes   = 60
	mostGuessers = 20_000
)

// guesses count wrong codes by address. One of too many addresses is forgotten, whichever it is.
type guesses struct {
	mu sync.Mutex
	by map[string]*rate.Limiter
}

func (g *guesses) of(address string) *rate.Limiter {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, ok := g.by[address]
	if !ok {
		if len(g.by) >= mostGuessers {
			for other := range g.by {
				delete(g.by, other)
				break
			}
		}
		l = rate.NewLimiter(rate.Limit(float64(wrongCodes)/time.Minute.Seconds()), wrongCodes)
		if g.by == nil {
			g.by = map[string]*rate.Limiter{}
		}
		g.by[address] = l
	}
	return l
}

// patience refuses an address that used up its wrong codes, for a genuine one too: else a program would learn which are.
func (g *guesses) patience(a Asker, now time.Time) error {
	g.mu.Lock()
	l, asked := g.by[a.Address]
	g.mu.Unlock()
	if asked && l.TokensAt(now) < 1 {
		wait := (1 - l.TokensAt(now)) / float64(l.Limit())
		return ErrTooMany.With("retryAfter", int(math.Ceil(wait)))
	}
	return nil
}

// wrong counts a wrong code.
func (g *guesses) wrong(a Asker, now time.Time) {
	if a.Address != "" {
		g.of(a.Address).AllowN(now, 1)
	}
}
