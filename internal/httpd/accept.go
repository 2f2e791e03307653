package httpd

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// errNotAcceptable is a request for a form that an operation does not have.
var errNotAcceptable = problem.New(problem.NotAcceptable, "representation.not-acceptable")

// The forms that every operation with JSON and a choice of forms has.
const (
	jsonType   = "application/json"
	csvType    = "text/csv"
	linesType  = "application/x-ndjson"
	xlsxType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	jcsProfile = "https://www.rfc-editor.org/rfc/rfc8785"
)

// canonicalType is JSON in the canonical form of RFC 8785, named by its profile.
const canonicalType = jsonType + `; profile="` + jcsProfile + `"`

// mediaRange is one wish of an Accept header (RFC 9110, section 12.5.1).
type mediaRange struct {
	kind, profile string
	q             float64
}

const maxRanges = 32

func parseAccept(header string) (ranges []mediaRange) {
	for _, part := range splitQuoted(header) {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil || len(ranges) == maxRanges {
			continue
		}
		r := mediaRange{kind, params["profile"], 1}
		if q, ok := params["q"]; ok {
			if r.q, err = strconv.ParseFloat(q, 64); err != nil || r.q < 0 || r.q > 1 {
				continue
			}
		}
		ranges = append(ranges, r)
	}
	return ranges
}

// splitQuoted takes a list apart at its commas, but not at those in quotes.
func splitQuoted(s string) (parts []string) {
	quoted, from := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"' && (i == 0 || s[i-1] != '\\'):
			quoted = !quoted
		case s[i] == ',' && !quoted:
			parts, from = append(parts, s[from:i]), i+1
		}
	}
	return append(parts, s[from:])
}

// fits says how exactly a range names a form; 0: not at all.
func (r mediaRange) fits(kind, profile string) int {
	group, _, _ := strings.Cut(kind, "/")
	switch {
	case r.kind == kind && r.profile != "" && r.profile == profile:
		return 4
	case r.profile != "":
		return 0
	case r.kind == kind && profile == "":
		return 3
	case profile != "":
		return 0 // canonical JSON is given to whoever asks for it
	case r.kind == group+"/*":
		return 2
	case r.kind == "*/*":
		return 1
	}
	return 0
}

// choose returns the form that is wished for most, of equals the first; empty when none is acceptable.
func choose(accept string, offers []string) string {
	ranges := parseAccept(accept)
	if len(ranges) == 0 {
		return offers[0] // no wish, or none that can be understood
	}
	best, chosen := 0.0, ""
	for _, offer := range offers {
		kind, params, err := mime.ParseMediaType(offer)
		if err != nil {
			continue
		}
		exact, q := 0, 0.0
		for _, r := range ranges {
			if n := r.fits(kind, params["profile"]); n > exact {
				exact, q = n, r.q
			}
		}
		if q > best {
			best, chosen = q, offer
		}
	}
	return chosen
}

// negotiate chooses the form of the answer and leaves it as the request's only wish, so that the operation need not look
// at any other.
func (o *Operation) negotiate(w http.ResponseWriter, r *http.Request) (string, error) {
	if len(o.Offers) == 0 {
		return jsonType, nil
	}
	w.Header().Add("Vary", "Accept")
	chosen := choose(strings.Join(r.Header.Values("Accept"), ","), o.Offers)
	if chosen == "" {
		return "", errNotAcceptable.With("Offers", strings.Join(o.Offers, ", "))
	}
	r.Header.Set("Accept", chosen)
	return chosen, nil
}
