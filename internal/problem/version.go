package problem

import (
	"strconv"
	"strings"
)

// ErrStale is returned for a change of a version that is no longer the newest.
var ErrStale = New(Stale, "stale")

// ErrUnconditional is returned for a change that does not say which version it read.
var ErrUnconditional = New(Unconditional, "if-match-needed")

// ETag is the strong validator of a record's version (RFC 9110, section 8.8.3).
func ETag(version int) string { return `"v` + strconv.Itoa(version) + `"` }

// Version reads the version out of an If-Match header as ETag wrote it. What nobody wrote yet has version 0.
func Version(ifMatch string) (int, error) {
	s := strings.TrimSpace(ifMatch)
	if s == "" {
		return 0, ErrUnconditional
	}
	digits, ok := strings.CutPrefix(strings.TrimSuffix(s, `"`), `"v`)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0, ErrStale
	}
	return n, nil
}
