package registry

import (
	"testing"
	"time"
)

func TestDaysAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		said string
		form dayForm
		day  string
		code string
	}{
		{"2024-03-05", dayForm{}, "2024-03-05", ""},
		{" 2024/3/5 ", dayForm{}, "2024-03-05", ""},
		{"2024.3.5", dayForm{}, "2024-03-05", ""},
		{"20240305", dayForm{}, "2024-03-05", ""},
		{"2024年3月5日", dayForm{}, "2024-03-05", ""},
		{"2024 年 3 月 5 号", dayForm{}, "2024-03-05", ""},
		{"２０２４年３月５日", dayForm{}, "2024-03-05", ""},
		{"二〇二四年三月五日", dayForm{}, "2024-03-05", ""},
		{"二〇一二年十二月三十一日", dayForm{}, "2012-12-31", ""},
		{"二零一〇年十月二十日", dayForm{}, "2010-10-20", ""},
		{"2024-03-05T23:30:00+08:00", dayForm{}, "2024-03-05", ""},
		{"2024-03-05 00:00:00", dayForm{}, "2024-03-05", ""},
		{"5 March 2024", dayForm{}, "2024-03-05", ""},
		{"5th Mar. 2024", dayForm{}, "2024-03-05", ""},
		{"March 5, 2024", dayForm{}, "2024-03-05", ""},
		{"05-Sept-2024", dayForm{}, "2024-09-05", ""},
		{"45356", dayForm{}, "2024-03-05", ""},
		{"45356.75", dayForm{}, "2024-03-05", ""},
		{"43894", dayForm{from1904: true}, "2024-03-05", ""},
		{"25/03/2024", dayForm{}, "2024-03-25", ""},
		{"03/25/2024", dayForm{}, "2024-03-25", ""},
		{"05.05.2024", dayForm{}, "2024-05-05", ""},
		{"05/03/2024", dayForm{}, "", CodeDayAmbiguous},
		{"05/03/2024", dayForm{order: DayFirst}, "2024-03-05", ""},
		{"05/03/2024", dayForm{order: MonthFirst}, "2024-05-03", ""},
		{"03/25/2024", dayForm{order: DayFirst}, "", CodeDay},
		{"25/03/2024", dayForm{order: MonthFirst}, "", CodeDay},
		{"2024年3月", dayForm{}, "", CodeDayIncomplete},
		{"2024", dayForm{}, "", CodeDayIncomplete},
		{"24-3-5", dayForm{}, "", CodeDayIncomplete},
		{"5/3/24", dayForm{order: DayFirst}, "", CodeDayIncomplete},
		{"2024-02-30", dayForm{}, "", CodeDay},
		{"2023年2月29日", dayForm{}, "", CodeDay},
		{"5 Brumaire 2024", dayForm{}, "", CodeDay},
		{"00001", dayForm{}, "", CodeDay},
		{"soon", dayForm{}, "", CodeDay},
	} {
		day, code := readDay(c.said, c.form)
		if day != c.day || code != c.code {
			t.Errorf("%q (%+v): got %q %q, want %q %q", c.said, c.form, day, code, c.day, c.code)
		}
	}
}

func FuzzReadDay(f *testing.F) {
	for _, s := range []string{"2024-03-05", "2024年3月5日", "二〇二四年十二月三十一日", "45356.5", "5 March 2024", "05/03/2024", "十十年月"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		day, code := readDay(said, dayForm{})
		if (day == "") == (code == "") {
			t.Fatalf("%q: got %q and %q", said, day, code)
		}
		if code != "" {
			return
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			t.Fatalf("%q became %q", said, day)
		}
		if again, code := readDay(day, dayForm{}); again != day || code != "" {
			t.Fatalf("%q is read as %q, which is read as %q %q", said, day, again, code)
		}
	})
}
