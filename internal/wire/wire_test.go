package wire_test

import (
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/wire"
)

func TestWhatIsEmptyIsLeftOut(t *testing.T) {
	t.Parallel()
	if wire.Optional("") != nil || wire.Optional(0) != nil || *wire.Optional("a") != "a" {
		t.Error("a zero value is left out, another is not")
	}
	if wire.Or[string](nil) != "" || wire.Or(new("a")) != "a" || wire.OrElse(nil, 3) != 3 || wire.OrElse(new(4), 3) != 4 {
		t.Error("what is left out is the zero value, or what is meant")
	}
	if wire.Limit(nil) != 50 || wire.Limit(new(7)) != 7 {
		t.Error("a page has fifty records, or as many as are asked for")
	}
}

func TestDaysThereAndBack(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	if wire.DayOf(nil) != nil || wire.TimeOf(nil) != nil || wire.DayText("") != nil {
		t.Error("no day is none")
	}
	if got := wire.TimeOf(wire.DayOf(&day)); got == nil || !got.Equal(day) || wire.Day(day).Time != day || !wire.DayText("2026-01-05").Equal(day) {
		t.Errorf("got %v, want %v", got, day)
	}
}
