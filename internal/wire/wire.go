// Package wire turns values of the domain into those of the specification and back: what is empty here is left out there.
package wire

import (
	"time"

	"github.com/oapi-codegen/runtime/types"
)

// page is how many records a page of a list has when nobody says (api/README.md).
const page = 50

// Or is what p points at, or the zero value when it is left out.
func Or[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// OrElse is what p points at, or what is meant when it is left out.
func OrElse[T any](p *T, missing T) T {
	if p == nil {
		return missing
	}
	return *p
}

// Optional leaves out a zero value.
func Optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// Limit is how many records a page has.
func Limit(n *int) int { return OrElse(n, page) }

// Day is a day as it is written.
func Day(t time.Time) types.Date { return types.Date{Time: t} }

// DayOf is a day that may be left out.
func DayOf(t *time.Time) *types.Date {
	if t == nil {
		return nil
	}
	return &types.Date{Time: *t}
}

// DayText is a day that is kept as text and was checked when it was written; nothing for an empty one.
func DayText(s string) *types.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return nil
	}
	return &types.Date{Time: t}
}

// TimeOf is a day that may have been left out.
func TimeOf(d *types.Date) *time.Time {
	if d == nil {
		return nil
	}
	return &d.Time
}
