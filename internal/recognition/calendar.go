package recognition

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Calendar is the working days of an office or country (工作日历), as data: which days of the week are free, and, year by
// year as each notice is published, the days off and the days that are worked although they would be free.
type Calendar struct {
	Code     string            `json:"code"`
	Titles   map[string]string `json:"titles"`
	TimeZone string            `json:"timeZone"` // IANA name of the zone in which its days begin and end
	Weekend  []Weekday         `json:"weekend"`
	Years    []CalendarYear    `json:"years"`
	Sources  []Source          `json:"sources,omitempty"`
}

// CalendarYear is what a notice says of one year. A year without one is reckoned by its weekends and is not certain.
type CalendarYear struct {
	Year    int      `json:"year"`
	Off     []string `json:"off"`          // full-dates, or `first/last` (ISO 8601 intervals, both days included)
	On      []string `json:"on,omitempty"` // shifted working days (调休)
	Sources []Source `json:"sources"`
}

// Weekday is a day of the week by its English name in lower case.
type Weekday string

var weekdays = []Weekday{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// Codes of wrong fields of calendars.
var (
	codeZone = problem.Field("calendar.unknown-zone")
	codeDays = problem.Field("calendar.bad-days")
)

// Working tells whether a day is worked, and whether that is certain: the year's notice is there.
func (c Calendar) Working(day time.Time) (working, certain bool) {
	i := slices.IndexFunc(c.Years, func(y CalendarYear) bool { return y.Year == day.Year() })
	if i >= 0 {
		switch {
		case among(c.Years[i].On, day):
			return true, true
		case among(c.Years[i].Off, day):
			return false, true
		}
	}
	return !slices.Contains(c.Weekend, weekdays[day.Weekday()]), i >= 0
}

// NextWorking is day when it is worked, else the next day that is, and whether that is certain.
func (c Calendar) NextWorking(day time.Time) (time.Time, bool) {
	certain := true
	for {
		working, known := c.Working(day)
		certain = certain && known
		if working {
			return day, certain
		}
		day = day.AddDate(0, 0, 1)
	}
}

// Day is the day of an instant where the calendar holds.
func (c Calendar) Day(at time.Time) time.Time {
	local := at.In(c.zone())
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
}

// Over is the instant at which a day is over where the calendar holds.
func (c Calendar) Over(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, c.zone())
}

func (c Calendar) zone() *time.Location {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC // Check refuses such a calendar
	}
	return zone
}

func among(intervals []string, day time.Time) bool {
	return slices.ContainsFunc(intervals, func(i string) bool {
		first, last, err := interval(i)
		return err == nil && !day.Before(first) && !day.After(last)
	})
}

func interval(s string) (first, last time.Time, err error) {
	from, until, two := strings.Cut(s, "/")
	if first, err = time.Parse(time.DateOnly, from); err != nil || !two {
		return first, first, err
	}
	last, err = time.Parse(time.DateOnly, until)
	return first, last, err
}

func (c Calendar) check(err *problem.Error, at string) *problem.Error {
	if !codePattern.MatchString(c.Code) {
		err = err.At(at+"/code", codeCode)
	}
	err = checkTexts(err, at+"/titles", c.Titles)
	if _, bad := time.LoadLocation(c.TimeZone); bad != nil || c.TimeZone == "" || c.TimeZone == "Local" {
		err = err.At(at+"/timeZone", codeZone)
	}
	for n, d := range c.Weekend {
		if !slices.Contains(weekdays, d) {
			err = err.At(fmt.Sprintf("%s/weekend/%d", at, n), codeKind)
		} else if slices.Index(c.Weekend, d) != n {
			err = err.At(fmt.Sprintf("%s/weekend/%d", at, n), codeDouble)
		}
	}
	if len(c.Weekend) > 6 {
		err = err.At(at+"/weekend", codeDays)
	}
	for n, y := range c.Years {
		at := fmt.Sprintf("%s/years/%d", at, n)
		if slices.IndexFunc(c.Years, func(o CalendarYear) bool { return o.Year == y.Year }) != n {
			err = err.At(at+"/year", codeDouble)
		}
		err = y.checkDays(y.checkDays(err, at+"/off", y.Off), at+"/on", y.On)
	}
	return err
}

// mostOff is how many days a year may be off: more is a slip of the pen, and no last day could be found.
const mostOff = 120

func (y CalendarYear) checkDays(err *problem.Error, at string, days []string) *problem.Error {
	total := 0
	for n, s := range days {
		first, last, bad := interval(s)
		if bad != nil || last.Before(first) || first.Year() != y.Year || last.Year() != y.Year {
			err = err.At(fmt.Sprintf("%s/%d", at, n), codeDays)
			continue
		}
		total += int(last.Sub(first).Hours()/24) + 1
	}
	if total > mostOff {
		err = err.At(at, codeDays)
	}
	return err
}

//go:embed calendars/*.json procedures/*.json
var shipped embed.FS

// Calendars are those that come with the house, by code. A procedure may bring its own.
var Calendars = func() map[string]Calendar {
	all := map[string]Calendar{}
	for _, c := range load[Calendar]("calendars") {
		all[c.Code] = c
	}
	return all
}()

// load reads the files of a folder that come with the house; tests check them, so that a wrong one never gets here.
func load[T any](folder string) (all []T) {
	files, err := shipped.ReadDir(folder)
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		b, err := shipped.ReadFile(path.Join(folder, f.Name()))
		if err != nil {
			panic(err)
		}
		var one T
		if err := json.Unmarshal(b, &one); err != nil {
			panic(fmt.Errorf("%s: %w", f.Name(), err))
		}
		all = append(all, one)
	}
	return all
}
