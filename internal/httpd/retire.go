package httpd

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// errGone is what an operation answers from its sunset on: a client that missed it must see that it did, and must never take an
// empty list for the truth.
var errGone = problem.New(problem.Gone, "operation.gone")

// retirement is an operation's way out: since when it is deprecated, the day from which it is gone, and the operation that is
// asked instead.
type retirement struct {
	since, sunset time.Time
	successor     string
}

// retired reads `deprecated`, `x-deprecated` and `x-sunset` (days) and `x-successor` (an operationId) of an operation. One that is
// deprecated must say all three: a client that is told to move has to know by when and whereto.
func retired(d map[string]any) (*retirement, error) {
	if deprecated, _ := d["deprecated"].(bool); !deprecated {
		if d["x-sunset"] != nil || d["x-deprecated"] != nil || d["x-successor"] != nil {
			return nil, fmt.Errorf("x-deprecated, x-sunset and x-successor belong to an operation with deprecated: true")
		}
		return nil, nil //nolint:nilnil // most operations are not on their way out
	}
	since, err := day(d, "x-deprecated")
	if err != nil {
		return nil, fmt.Errorf("x-deprecated: %w", err)
	}
	sunset, err := day(d, "x-sunset")
	if err != nil {
		return nil, fmt.Errorf("x-sunset: %w", err)
	}
	if sunset.Before(since) {
		return nil, fmt.Errorf("x-sunset lies before x-deprecated")
	}
	return &retirement{since, sunset, word(d, "x-successor")}, nil
}

// day reads a day, which YAML takes for an instant where it stands without quotes.
func day(d map[string]any, name string) (time.Time, error) {
	return time.Parse(time.DateOnly, strings.TrimSuffix(word(d, name), "T00:00:00Z"))
}

// successors looks up the operations that take the place of others; each is of the document, and does not go itself.
func (s *Spec) successors() error {
	for _, o := range s.Operations {
		if o.retirement == nil {
			continue
		}
		next := s.Operation(o.retirement.successor)
		if next == nil || next.retirement != nil {
			return fmt.Errorf("x-successor of %s: there is no operation %q that stays", o.ID, o.retirement.successor)
		}
		o.retirement.successor = next.Method + " " + next.Path
	}
	return nil
}

// over is the problem of an operation whose sunset is past; nil before that, and for one that stays.
func (t *retirement) over(now func() time.Time) error {
	if t == nil || now().Before(t.sunset) {
		return nil
	}
	return errGone.With("Successor", t.successor).With("Sunset", t.sunset.Format(time.DateOnly))
}

// announce says it on every answer: Deprecation is a date as a structured field (RFC 9745), Sunset one of HTTP
// (RFC 8594).
func (t *retirement) announce(h http.Header) {
	if t == nil {
		return
	}
	h.Set("Deprecation", fmt.Sprintf("@%d", t.since.Unix()))
	h.Set("Sunset", t.sunset.UTC().Format(http.TimeFormat))
}
