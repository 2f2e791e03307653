// Package problem holds the kinds of failure that a person or a client can act on.
//
// A problem has a kind (what sort of failure), a code (which one, `registration.number-used`), values for its
// message and details that point at fields (JSON pointers, RFC 6901). It knows neither HTTP nor any language:
// httpd turns a kind into a status, and the catalogue under i18n turns a code into sentences.
// Every other error is internal: it is logged whole and shown as nothing but a reference.
package problem

import (
	"errors"
	"maps"
	"slices"
)

// Kind is the sort of a failure; httpd maps each to one HTTP status.
type Kind string

// The kinds of failure.
const (
	Invalid         Kind = "invalid"         // the input is wrong; details name the fields
	Unauthenticated Kind = "unauthenticated" // nobody is signed in, or the credential is no good
	Forbidden       Kind = "forbidden"       // the actor lacks a permission
	NotFound        Kind = "not-found"       // there is no such record for this tenant
	Gone            Kind = "gone"            // it was there, and was switched off; what replaces it is named
	Conflict        Kind = "conflict"        // the record's state, or another record, stands against it
	Stale           Kind = "stale"           // somebody else changed the record since it was read
	Unconditional   Kind = "unconditional"   // the change needs an If-Match with the version read
	TooLarge        Kind = "too-large"       // the input is larger than allowed
	Unsupported     Kind = "unsupported"     // the media type or format is not taken
	NotAcceptable   Kind = "not-acceptable"  // the media type asked for is not given
	NotAllowed      Kind = "not-allowed"     // the path exists, the method does not
	TooMany         Kind = "too-many"        // slow down; Values["retryAfter"] holds seconds
	Unprocessable   Kind = "unprocessable"   // well formed, and yet at odds with what was sent before
	Unavailable     Kind = "unavailable"     // a store is away; try again
)

// Kinds lists every kind, for tests that range over them.
var Kinds = []Kind{Invalid, Unauthenticated, Forbidden, NotFound, Gone, Conflict, Stale, Unconditional, TooLarge, Unsupported, NotAcceptable, NotAllowed, TooMany, Unprocessable, Unavailable}

// Detail says what is wrong with one field. Pointer is a JSON pointer into the body, or `?name` for a query parameter.
type Detail struct {
	Pointer string
	Code    string
	Values  map[string]any
}

// Error is one failure. Its values are immutable: With and At return copies, so that package-level problems can be extended.
type Error struct {
	Kind    Kind
	Code    string
	Values  map[string]any
	Details []Detail
}

var codes = map[string]Kind{}

// New declares a problem. It is called for package-level variables, so that Codes lists all of them.
func New(kind Kind, code string) *Error {
	codes[code] = kind
	return &Error{Kind: kind, Code: code}
}

// KindOf returns the kind of a declared problem.
func KindOf(code string) Kind { return codes[code] }

var fieldCodes = map[string]bool{}

// Field declares a code for details, so that a test can ask for its message in every locale.
func Field(code string) string {
	fieldCodes[code] = true
	return code
}

// Codes returns the codes of all declared problems, sorted.
func Codes() []string { return slices.Sorted(maps.Keys(codes)) }

// FieldCodes returns all declared codes of details, sorted.
func FieldCodes() []string { return slices.Sorted(maps.Keys(fieldCodes)) }

// Error names the code; it is written to logs, never shown to people.
func (e *Error) Error() string {
	s := e.Code
	for _, d := range e.Details {
		s += " " + d.Pointer + ":" + d.Code
	}
	return s
}

// Is makes errors.Is compare kinds and codes, since With and At return copies.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Kind == e.Kind
}

// With returns a copy with a value for the message.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Values = maps.Clone(e.Values)
	if c.Values == nil {
		c.Values = map[string]any{}
	}
	c.Values[key] = value
	return &c
}

// At returns a copy with one more detail; kv are the message's values by turns.
func (e *Error) At(pointer, code string, kv ...any) *Error {
	c := *e
	d := Detail{Pointer: pointer, Code: code}
	for i := 0; i+1 < len(kv); i += 2 {
		if d.Values == nil {
			d.Values = map[string]any{}
		}
		d.Values[kv[i].(string)] = kv[i+1]
	}
	c.Details = append(slices.Clone(e.Details), d)
	return &c
}

// Or returns e when it has details and nil otherwise: a check collects all wrong fields and returns check.Or().
func (e *Error) Or() error {
	if len(e.Details) == 0 {
		return nil
	}
	return e
}

// As finds the problem in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// ErrInvalid is the problem of an input with wrong fields.
var ErrInvalid = New(Invalid, "invalid")
