package recognition

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
)

// A calendar is whole days in lines that every program can read (RFC 5545, sections 3.1, 3.3.4 and 3.3.11).
func TestCalendarOfDeadlines(t *testing.T) {
	t.Parallel()
	b, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) *time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	long := strings.Repeat("五原向日葵的地理标志互认，", 12) + `a, b; c\d` + "\nX-EVIL:1"
	all := []Due{
		{CaseID: uuid.New(), Name: long, Market: "EU", Deadline: Deadline{Code: "opposition", Side: Destination, Start: 8, EndsOn: day("2028-02-29"), Calendar: "CN"}},
		{CaseID: uuid.New(), Name: "Year's end", Market: "CN", Deadline: Deadline{Code: "remedy", Side: Origin, Start: 5, EndsOn: day("2026-12-31"), Calendar: "EU", Certain: true}},
		{CaseID: uuid.New(), Name: "Paused", Market: "CN", Deadline: Deadline{Code: "remedy", Side: Origin, Start: 5, Calendar: "EU"}},
	}
	for _, tag := range locale.Supported {
		text := calendarOf(b, tag, all, time.Date(2026, 11, 28, 1, 2, 3, 0, time.UTC))
		if got := strings.Count(text, "BEGIN:VEVENT"); got != 2 {
			t.Errorf("%s: got %d events, want 2: one is paused", tag, got)
		}
		for _, want := range []string{"DTSTART;VALUE=DATE:20280229\r\n", "DTEND;VALUE=DATE:20280301\r\n", "DTSTART;VALUE=DATE:20261231\r\n", "DTEND;VALUE=DATE:20270101\r\n", "DTSTAMP:20261128T010203Z\r\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not there", tag, want)
			}
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Errorf("%s: a line of %d bytes: %q", tag, len(line), line)
			}
			if strings.HasPrefix(line, "X-EVIL") {
				t.Errorf("%s: a name made a property of its own", tag)
			}
		}
		unfolded := strings.ReplaceAll(text, "\r\n ", "")
		if want := `a\, b\; c\\d\nX-EVIL:1`; !strings.Contains(unfolded, want) {
			t.Errorf("%s: %q is not there: commas, semicolons, backslashes and line ends are escaped", tag, want)
		}
	}
}
