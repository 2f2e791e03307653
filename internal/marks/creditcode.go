package marks

import (
	"strings"

	"golang.org/x/text/width"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// ErrCreditCode is returned for what is no unified social credit code: wrong length, wrong symbol or wrong check symbol.
var ErrCreditCode = problem.New(problem.Invalid, "credit-code.invalid")

// CodeCreditCode is the same as the detail of a field.
var CodeCreditCode = registry.CodeCreditCode

// CreditCode is the unified social credit code (统一社会信用代码) of a legal person or organisation in China, 18 symbols of
// GB 32100-2015: registration authority (1), kind of body (1), administrative division (6 digits), body (9), check symbol (1).
// A zero CreditCode is none: farmers without a registered body have no code.
type CreditCode string

// ParseCreditCode reads a code as people write it: full-width or small letters, spaces and hyphens between groups. It returns
// ErrCreditCode for anything that is not a code with the right check symbol.
func ParseCreditCode(s string) (CreditCode, error) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '-', '\u00a0', '\u2010', '\u2011', '\u2013':
			return -1
		}
		return r
	}, strings.ToUpper(width.Narrow.String(strings.TrimSpace(s))))
	if !registry.CreditCode(s) {
		return "", ErrCreditCode
	}
	return CreditCode(s), nil
}

// Division is the administrative division (行政区划) of the registration, six digits.
func (c CreditCode) Division() string {
	if len(c) < 8 {
		return ""
	}
	return string(c[2:8])
}
