package recognition

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

func on(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCalendarsThatComeWithTheHouse(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"CN", "EU", "WIPO"} {
		c, ok := Calendars[code]
		if !ok {
			t.Fatalf("there is no calendar %s", code)
		}
		if err := c.check(problem.ErrInvalid, "").Or(); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		for _, y := range c.Years {
			if len(y.Sources) == 0 {
				t.Errorf("%s %d has no source", code, y.Year)
			}
		}
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		calendar, day     string
		working, certain  bool
		next              string
		nextIsOfKnownDays bool
	}{
		{"CN", "2026-02-13", true, true, "2026-02-13", true},
		{"CN", "2026-02-14", true, true, "2026-02-14", true},  // a Saturday that is worked
		{"CN", "2026-02-16", false, true, "2026-02-24", true}, // Spring Festival
		{"CN", "2026-10-01", false, true, "2026-10-08", true},
		{"CN", "2026-10-11", false, true, "2026-10-12", true}, // a Sunday
		{"CN", "2025-12-31", true, true, "2025-12-31", true},
		{"CN", "2027-01-01", true, false, "2027-01-01", false}, // nobody told us of 2027
		{"EU", "2014-04-17", false, true, "2014-04-22", true},
		{"EU", "2014-12-24", false, true, "2015-01-01", false},
		{"EU", "2026-11-28", false, false, "2026-11-30", false},
	} {
		working, certain := Calendars[c.calendar].Working(on(t, c.day))
		next, known := Calendars[c.calendar].NextWorking(on(t, c.day))
		if working != c.working || certain != c.certain || !next.Equal(on(t, c.next)) || known != c.nextIsOfKnownDays {
			t.Errorf("%s %s: got working %v, certain %v, next %s, known %v", c.calendar, c.day, working, certain, next.Format(time.DateOnly), known)
		}
	}
}

func TestDaysBeginWhereTheCalendarHolds(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC)
	if got := Calendars["CN"].Day(late); !got.Equal(on(t, "2026-03-29")) {
		t.Errorf("in China it is %s", got)
	}
	if got := Calendars["EU"].Day(late); !got.Equal(on(t, "2026-03-29")) {
		t.Errorf("in Brussels it is %s", got)
	}
	if got := Calendars["EU"].Day(late.Add(-time.Hour)); !got.Equal(on(t, "2026-03-28")) {
		t.Errorf("an hour before it was %s", got)
	}
	// The day on which summer time begins has 23 hours.
	start, end := Calendars["EU"].Over(on(t, "2026-03-28")), Calendars["EU"].Over(on(t, "2026-03-29"))
	if got := end.Sub(start); got != 23*time.Hour {
		t.Errorf("29 March 2026 has %s", got)
	}
}

func TestWrongCalendarsAreRefused(t *testing.T) {
	t.Parallel()
	c := Calendar{Code: "xa", TimeZone: "Local", Weekend: []Weekday{"friday", "friday", "caturday"}, Years: []CalendarYear{
		{Year: 2026, Off: []string{"2025-12-31", "2026-05-03/2026-05-01", "soon", "2026-01-01/2026-12-31"}}, {Year: 2026}}}
	var pointers []string
	for _, d := range c.check(problem.ErrInvalid, "").Details {
		pointers = append(pointers, d.Pointer)
	}
	want := []string{"/code", "/timeZone", "/weekend/1", "/weekend/2", "/years/0/off/0", "/years/0/off/1", "/years/0/off/2", "/years/0/off", "/years/1/year"}
	if diff := cmp.Diff(want, pointers); diff != "" {
		t.Error(diff)
	}
}
