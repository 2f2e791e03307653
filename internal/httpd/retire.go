package httpd

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// retirement is an operation's way out: since when it is deprecated, and the day from which it may be gone.
type retirement struct{ since, sunset time.Time }

// retired reads `deprecated`, `x-deprecated` and `x-sunset` (days) of an operation. One that is deprecated must say both: a
// client that is told to move has to know by when.
func retired(d map[string]any) (*retirement, error) {
	if deprecated, _ := d["deprecated"].(bool); !deprecated {
		if d["x-sunset"] != nil || d["x-deprecated"] != nil {
			return nil, fmt.Errorf("x-deprecated and x-sunset belong to an operation with deprecated: true")
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
	return &retirement{since, sunset}, nil
}

// day reads a day, which YAML takes for an instant where it stands without quotes.
func day(d map[string]any, name string) (time.Time, error) {
	return time.Parse(time.DateOnly, strings.TrimSuffix(word(d, name), "T00:00:00Z"))
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
