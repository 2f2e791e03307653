package registry

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// DayOrder says how a file writes days of which day and month could be exchanged. Empty: it does not say.
type DayOrder string

// The orders.
const (
	DayFirst   DayOrder = "day-first"   // 05/03/2024 is the fifth of March
	MonthFirst DayOrder = "month-first" // 05/03/2024 is the third of May
)

// Codes of days that cannot be taken as they stand.
var (
	CodeDayAmbiguous  = problem.Field("import.day-ambiguous")
	CodeDayIncomplete = problem.Field("import.day-incomplete")
)

// dayForm is how a file's days are to be read.
type dayForm struct {
	order    DayOrder
	from1904 bool // the workbook counts days from 1904
}

var (
	isoDay      = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	instant     = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?$`)
	yearFirst   = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?$`)
	yearLast    = regexp.MustCompile(`^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})$`)
	digitsOnly  = regexp.MustCompile(`^\d{8}$`)
	serial      = regexp.MustCompile(`^[1-7]\d{4}(\.\d+)?$`) // 1927 to 2118: shorter numbers are no days
	dayAndMonth = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([a-z]+)[\s.,-]+(\d{4})$`)
	monthAndDay = regexp.MustCompile(`^([a-z]+)[\s.-]+(\d{1,2})(?:st|nd|rd|th)?[\s,.-]+(\d{4})$`)
	noDay       = regexp.MustCompile(`^(\d{4}|\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|\d{4}\s*年|[a-z]+\s+\d{4}|\d{1,2}[/.]\d{4})$`)
	shortYear   = regexp.MustCompile(`^(\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}|\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]?)$`)
)

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// readDay reads a day as people and spreadsheets write it: 2024-03-05, 2024/3/5, 2024年3月5日, 二〇二四年三月五日, 20240305, 5 March
// 2024, 05/03/2024, and the serial number of a spreadsheet. What is a full-date already comes back as it is. code is empty, or
// says why it cannot be taken: no such day, no day at all, or one that could be another. A year of two digits is no year.
func readDay(said string, form dayForm) (day, code string) {
	s := strings.ToLower(strings.TrimSpace(norm.NFKC.String(said)))
	if len(s) > 40 {
		return "", CodeDay
	}
	s = chineseDigits(s)
	if m := instant.FindStringSubmatch(s); m != nil {
		s = m[1] // the day as written: a register means its own
	}
	switch {
	case isoDay.MatchString(s):
		return valid(s)
	case digitsOnly.MatchString(s):
		return valid(s[:4] + "-" + s[4:6] + "-" + s[6:])
	case serial.MatchString(s):
		return fromSerial(s, form.from1904)
	case noDay.MatchString(s), shortYear.MatchString(s):
		return "", CodeDayIncomplete
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return ymd(m[1], m[2], m[3])
	}
	if m := dayAndMonth.FindStringSubmatch(s); m != nil {
		return ymd(m[3], monthNumber(m[2]), m[1])
	}
	if m := monthAndDay.FindStringSubmatch(s); m != nil {
		return ymd(m[3], monthNumber(m[1]), m[2])
	}
	if m := yearLast.FindStringSubmatch(s); m != nil {
		return inOrder(m[1], m[2], m[3], form.order)
	}
	return "", CodeDay
}

// inOrder decides which of two numbers is the month. One above twelve decides it, and then the file's order must not
// contradict: else a single exchanged day would go unnoticed among those that could be both.
func inOrder(first, second, year string, order DayOrder) (string, string) {
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	switch {
	case a == b, a > 12 && order != MonthFirst, order == DayFirst:
		return ymd(year, second, first)
	case b > 12 && order != DayFirst, order == MonthFirst:
		return ymd(year, first, second)
	default:
		return "", CodeDayAmbiguous
	}
}

func ymd(year, month, day string) (string, string) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	return valid(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
}

func valid(s string) (string, string) {
	if !sensibleDay(s) {
		return "", CodeDay
	}
	return s, ""
}

// fromSerial counts days as spreadsheets do: from 30 December 1899, which makes up for their 29 February 1900, or from
// 1 January 1904. Time of day is dropped.
func fromSerial(s string, from1904 bool) (string, string) {
	whole, _, _ := strings.Cut(s, ".")
	n, _ := strconv.Atoi(whole)
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return valid(start.AddDate(0, 0, n).Format(time.DateOnly))
}

func monthNumber(word string) string {
	for i, name := range monthNames {
		if word == name || len(word) >= 3 && len(word) <= 4 && strings.HasPrefix(name, word) {
			return strconv.Itoa(i + 1)
		}
	}
	return "0"
}

var chineseDigit = map[rune]int{'〇': 0, '零': 0, '○': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// chineseDigits writes 二〇二四年十二月三十一日 as 2024年12月31日: years digit by digit, months and days with tens.
func chineseDigits(s string) string {
	if !strings.ContainsAny(s, "年月") {
		return s
	}
	var out strings.Builder
	tens, digits, numeral := 0, "", false
	flush := func() {
		if numeral {
			if tens > 0 {
				n, _ := strconv.Atoi(digits)
				digits = strconv.Itoa(tens*10 + n)
			}
			out.WriteString(digits)
		}
		tens, digits, numeral = 0, "", false
	}
	for _, r := range s {
		d, ok := chineseDigit[r]
		switch {
		case ok:
			digits, numeral = digits+strconv.Itoa(d), true
		case r == '十':
			n, err := strconv.Atoi(digits)
			if err != nil {
				n = 1
			}
			tens, digits, numeral = n, "", true
		default:
			flush()
			out.WriteRune(r)
		}
	}
	flush()
	return out.String()
}
