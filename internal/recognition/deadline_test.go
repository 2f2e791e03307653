package recognition

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLastDays(t *testing.T) {
	t.Parallel()
	days := func(n int) Length { return Length{n, Days} }
	months := func(n int) Length { return Length{n, Months} }
	working := func(n int) Length { return Length{n, WorkingDays} }
	resumed := func(first, until string) []Pause {
		u := on(t, until)
		return []Pause{{From: on(t, first), Until: &u}}
	}
	for _, c := range []struct {
		name, from string
		r          Reckoning
		want       string // empty: it is paused
		certain    bool
	}{
		{"the day of the event is not counted", "2026-03-02", Reckoning{Length: days(10)}, "2026-03-12", true},
		{"two months end on the same date", "2026-03-12", Reckoning{Length: months(2)}, "2026-05-12", true},
		{"31 December and two months, no leap year", "2025-12-31", Reckoning{Length: months(2)}, "2026-02-28", true},
		{"31 December and two months, leap year", "2027-12-31", Reckoning{Length: months(2)}, "2028-02-29", true},
		{"29 February and a year", "2028-02-29", Reckoning{Length: Length{1, Years}}, "2029-02-28", true},
		{"29 February and four years", "2028-02-29", Reckoning{Length: Length{4, Years}}, "2032-02-29", true},
		{"30 January and a month", "2026-01-30", Reckoning{Length: months(1)}, "2026-02-28", true},
		{"28 February to the end of the month", "2026-02-28", Reckoning{Length: months(1), LastDay: EndOfMonth}, "2026-03-31", true},
		{"over the turn of the year", "2026-11-30", Reckoning{Length: months(3)}, "2027-02-28", true},
		{"it rolls out of Spring Festival", "2025-12-16", Reckoning{Length: months(2), Rolls: true}, "2026-02-24", true},
		{"a Saturday that is worked is no reason to roll", "2025-12-14", Reckoning{Length: months(2), Rolls: true}, "2026-02-14", true},
		{"a year of which there is no notice", "2026-11-02", Reckoning{Length: months(2), Rolls: true}, "2027-01-04", false},
		{"a year without notice matters only when days are asked", "2026-11-02", Reckoning{Length: months(2)}, "2027-01-02", true},
		{"five working days over Spring Festival", "2026-02-12", Reckoning{Length: working(5)}, "2026-02-26", true},
		{"one working day into National Day", "2026-09-30", Reckoning{Length: working(1)}, "2026-10-08", true},
		{"an extension in the same unit is a longer period", "2026-01-31", Reckoning{Length: months(1), Extensions: []Length{months(1)}}, "2026-03-31", true},
		{"an extension in days is counted from the end", "2026-01-31", Reckoning{Length: months(1), Extensions: []Length{days(3)}}, "2026-03-03", true},
		{"days of a pause are added", "2026-03-02", Reckoning{Length: days(10), Pauses: resumed("2026-03-05", "2026-03-15")}, "2026-03-22", true},
		{"a pause after the end adds nothing", "2026-03-02", Reckoning{Length: days(10), Pauses: resumed("2026-03-13", "2026-04-15")}, "2026-03-12", true},
		{"a pause on the last day counts", "2026-03-02", Reckoning{Length: days(10), Pauses: resumed("2026-03-12", "2026-03-13")}, "2026-03-13", true},
		{"a pause that began before", "2026-03-02", Reckoning{Length: days(10), Pauses: resumed("2026-02-20", "2026-03-05")}, "2026-03-14", true},
		{"a pause that lasts", "2026-03-02", Reckoning{Length: months(2), Pauses: []Pause{{From: on(t, "2026-03-20")}}}, "", true},
		{"a pause that lasts, in working days", "2026-03-02", Reckoning{Length: working(20), Pauses: []Pause{{From: on(t, "2026-03-20")}}}, "", true},
		{"working days of a pause are not counted", "2026-03-02", Reckoning{Length: working(5), Pauses: resumed("2026-03-04", "2026-03-11")}, "2026-03-16", true},
	} {
		c.r.From, c.r.Calendar = on(t, c.from), Calendars["CN"]
		got := c.r.End()
		if c.want == "" && got.On == nil {
			continue
		}
		if got.On == nil || got.On.Format(time.DateOnly) != c.want || got.Certain != c.certain {
			t.Errorf("%s: got %v, certain %v, want %q, %v", c.name, got.On, got.Certain, c.want, c.certain)
		}
	}
}

var (
	someDay = rapid.Custom(func(t *rapid.T) time.Time {
		return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 4000).Draw(t, "day"))
	})
	someLength = rapid.Custom(func(t *rapid.T) Length {
		return Length{rapid.IntRange(1, 40).Draw(t, "count"), rapid.SampledFrom(Units).Draw(t, "unit")}
	})
	someReckoning = rapid.Custom(func(t *rapid.T) Reckoning {
		r := Reckoning{From: someDay.Draw(t, "from"), Length: someLength.Draw(t, "length"), Calendar: Calendars[rapid.SampledFrom([]string{"CN", "EU", "WIPO"}).Draw(t, "calendar")],
			LastDay: rapid.SampledFrom([]LastDay{"", SameDate, EndOfMonth}).Draw(t, "last"), Rolls: rapid.Bool().Draw(t, "rolls")}
		day := r.From.AddDate(0, 0, rapid.IntRange(2, 60).Draw(t, "paused after"))
		for range rapid.IntRange(0, 3).Draw(t, "pauses") {
			until := day.AddDate(0, 0, rapid.IntRange(0, 90).Draw(t, "pause"))
			r.Pauses = append(r.Pauses, Pause{From: day, Until: &until})
			day = until.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "goes on"))
		}
		return r
	})
)

// A period ends after its event, never earlier when it begins later or is longer, extended or paused, and on a day that
// is worked when it rolls.
func TestLastDaysGoForward(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := someReckoning.Draw(t, "reckoning")
		end := r.End()
		if end.On == nil || !end.On.After(r.From) {
			t.Fatalf("%v ends on %v", r, end)
		}
		if working, _ := r.Calendar.Working(*end.On); r.Rolls && !working {
			t.Fatalf("%s is not worked", end.On)
		}
		for _, c := range []struct {
			name   string
			change func(*Reckoning)
		}{
			{"a day later", func(r *Reckoning) { r.From = r.From.AddDate(0, 0, 1) }},
			{"one more", func(r *Reckoning) { r.Length.Count++ }},
			{"extended", func(r *Reckoning) { r.Extensions = []Length{someLength.Draw(t, "extension")} }},
			{"paused once again", func(r *Reckoning) { r.Pauses = append(r.Pauses, pauseAfter(t, *r, *end.On)...) }},
		} {
			next := r
			c.change(&next)
			if got := next.End(); got.On == nil || got.On.Before(*end.On) {
				t.Fatalf("%s: it ended on %s and ends on %v", c.name, end.On, got.On)
			}
		}
	})
}

func pauseAfter(t *rapid.T, r Reckoning, end time.Time) []Pause {
	first := end.AddDate(0, 0, -rapid.IntRange(0, 20).Draw(t, "before the end"))
	if n := len(r.Pauses); !first.After(r.From) || n > 0 && !first.After(*r.Pauses[n-1].Until) {
		return nil
	}
	until := first.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, "again"))
	return []Pause{{From: first, Until: &until}}
}

// Months are held against the plainest way to count them: day by day, until the month is the right one and the date is
// reached or the month is over.
func TestMonthsAgainstCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from, n := someDay.Draw(t, "from"), rapid.IntRange(1, 60).Draw(t, "months")
		day, left := from, n
		for left > 0 || day.Day() < from.Day() && day.AddDate(0, 0, 1).Month() == day.Month() {
			day = day.AddDate(0, 0, 1)
			if day.Day() == 1 {
				left--
			}
		}
		if got := *(Reckoning{From: from, Length: Length{n, Months}}.End().On); !got.Equal(day) {
			t.Fatalf("%s and %d months: got %s, want %s", from, n, got, day)
		}
	})
}

// What a clock says does not matter: a house whose clock is wrong reckons the same last day, and calls it over at most as
// much too early or too late as its clock is wrong.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, day := Calendars["CN"], someDay.Draw(t, "last day")
		skew := time.Duration(rapid.Int64Range(0, int64(72*time.Hour)).Draw(t, "skew"))
		over := c.Over(day)
		if c.Day(over.Add(-1)) != day || c.Day(over) != day.AddDate(0, 0, 1) {
			t.Fatalf("%s is not over at %s", day, over)
		}
		d := Deadline{State: DeadlineOpen, EndsOn: &day}
		if !d.Overdue(c.Day(over.Add(skew))) || d.Overdue(c.Day(over.Add(-1-skew))) {
			t.Fatalf("a clock that is wrong by %s says otherwise", skew)
		}
	})
}
