package registry

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

func TestNameKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"Chinese with a space", "五原 向日葵", "五原向日葵"},
		{"full-width letters", "Ｗｕｙｕａｎ", "wuyuan"},
		{"tone marks", "Wǔyuán Xiàngrìkuí", "wuyuanxiangrikui"},
		{"accents and apostrophe", "Pruneaux d’Agen", "pruneauxdagen"},
		{"sharp s", "Weißwurst", "weisswurst"},
		{"Turkish dotless i", "Isparta Gülü / ISPARTA GÜLÜ", "ispartagulu" + "ispartagulu"},
		{"Turkish dotted capital", "İnegöl", "inegol"},
		{"Arabic vowels and forms of alif", "دُوَّار الشَّمس أحمد", "دوارالشمساحمد"},
		{"Arabic ta marbuta", "زهرة", "زهره"},
		{"signs only", "—·…", ""},
		{"digits", "No. 12", "no12"},
	} {
		if got := NameKey(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzNameKey(f *testing.F) {
	f.Add("五原向日葵")
	f.Add("İ\u0307ß\U0001f33b")
	f.Fuzz(func(t *testing.T, s string) {
		k := NameKey(s)
		if again := NameKey(k); again != k {
			t.Errorf("folding twice: %q, then %q", k, again)
		}
	})
}

func TestCreditCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"91350100M000100Y43": true, "91440300708461136T": true, "9144030071526726XG": true, "91110000802100433B": true, "91330100799655058B": true,
		"91350100M000100Y44": false, "91350100M000100I43": false, "9135010": false, "": false, "五原五原五原五原五原五原五原五原五原": false,
	} {
		if got := CreditCode(code); got != want {
			t.Errorf("%s: got %v, want %v", code, got, want)
		}
	}
}

func FuzzRings(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[0,0]]]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		rings, err := Rings(b)
		if err != nil {
			return
		}
		for _, r := range rings {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				t.Errorf("an open ring was taken: %v", r)
			}
		}
	})
}

func sunflower() Content {
	return Content{
		Office: "CN", Names: []Name{{Text: "五原向日葵", Language: "zh-Hans", Kind: Original}, {Text: "Wuyuan Xiangrikui", Language: "zh-Latn", Kind: Transcription, Scheme: "ISO 7098"}},
		Bases: []Basis{{Kind: "certification-mark", Office: "CN", Number: "12345678"}}, Holder: Party{Names: map[string]string{"zh-Hans": "演示协会"}},
	}
}

func TestCheckPointsAtTheFields(t *testing.T) {
	t.Parallel()
	c := sunflower()
	if err := c.Check(); err != nil {
		t.Errorf("a right one: %v", err)
	}
	c.Office = "ZZ"
	c.Names = []Name{{Text: "x", Language: "not a language", Kind: Transcription}}
	c.HSCodes = []string{"12O6"}
	c.Area.Geometry = json.RawMessage(`{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}`)
	day := "1212-02-31"
	c.Bases[0].RegisteredOn = &day
	c.Specification = []Section{{Key: "a"}, {Key: "a"}}
	p, ok := problem.As(c.Check())
	if !ok {
		t.Fatal("nothing was wrong")
	}
	var got []string
	for _, d := range p.Details {
		got = append(got, d.Pointer+" "+d.Code)
	}
	want := []string{"/office office.unknown", "/names/0/language language.not-bcp47", "/names/0/scheme registration.scheme-missing", "/names registration.no-original-name",
		"/bases/0/registeredOn registration.day", "/hsCodes/0 registration.hs-code", "/area/geometry registration.geometry", "/specification/1/key registration.section-twice"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func on(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }

func TestPeriods(t *testing.T) {
	t.Parallel()
	known := func(s string) time.Time { return on(s).Add(9 * time.Hour) }
	first := "e4"
	events := []Event{
		{ID: "e1", Seq: 1, Act: File, EffectiveOn: on("2020-01-10"), RecordedAt: known("2020-01-10")},
		{ID: "e2", Seq: 2, Act: Examine, EffectiveOn: on("2020-03-01"), RecordedAt: known("2020-03-02")},
		{ID: "e3", Seq: 3, Act: Publish, EffectiveOn: on("2020-04-01"), RecordedAt: known("2020-04-01")},
		{ID: "e4", Seq: 4, Act: Register, EffectiveOn: on("2020-07-01"), RecordedAt: known("2020-07-03")},
		{ID: "e5", Seq: 5, Act: Register, EffectiveOn: on("2020-06-20"), RecordedAt: known("2021-01-05"), Corrects: &first},
		{ID: "e6", Seq: 6, Act: Cancel, EffectiveOn: on("2024-02-29"), RecordedAt: known("2023-12-01")},
	}
	for _, c := range []struct {
		name, day, asOf string
		want            Status
	}{
		{"before it was filed", "2019-12-31", "2026-01-01", Draft},
		{"the day it was filed", "2020-01-10", "2026-01-01", Filed},
		{"registered, as corrected", "2020-06-25", "2026-01-01", Registered},
		{"the same day, as the register showed it before the correction", "2020-06-25", "2020-08-01", Published},
		{"the register did not know yet", "2020-07-01", "2020-07-02", Published},
		{"the day before the cancellation", "2024-02-28", "2026-01-01", Registered},
		{"the day of the cancellation, a leap day", "2024-02-29", "2026-01-01", Cancelled},
		{"a cancellation known but still to come", "2024-01-01", "2023-12-24", Registered},
	} {
		if got := StatusOn(Periods(events, known(c.asOf)), on(c.day)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestEveryMoveIsInTheTable(t *testing.T) {
	t.Parallel()
	for _, s := range moves.Statuses() {
		allowed := moves.Allowed(s)
		for _, a := range moves.Acts() {
			_, err := moves.Next(s, a)
			want := false
			for _, x := range allowed {
				want = want || x == a
			}
			if (err == nil) != want {
				t.Errorf("%s in %s: error %v, listed %v", a, s, err, want)
			}
		}
	}
}
