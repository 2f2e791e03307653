package marks_test

import (
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/marks"
)

// The codes are those of public samples whose check symbols were computed by others.
var knownCodes = []string{"91350100M000100Y43", "91440300708461136T", "9144030071526726XG", "91110000802100433B", "91330100799655058B"}

func TestParseCreditCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"as it is printed", "91350100M000100Y43", "91350100M000100Y43"},
		{"a letter as check symbol", "91440300708461136T", "91440300708461136T"},
		{"small letters", "9144030071526726xg", "9144030071526726XG"},
		{"full-width", "９１１１０００0802100433Ｂ", "91110000802100433B"},
		{"in groups", " 91 330100-799655058 B ", "91330100799655058B"},
		{"wrong check symbol", "91350100M000100Y44", ""},
		{"a letter that is none of the symbols", "91350100I000100Y43", ""},
		{"a letter in the division", "913501A0M000100Y43", ""},
		{"one short", "91350100M000100Y4", ""},
		{"one long", "91350100M000100Y433", ""},
		{"nothing", "", ""},
		{"Chinese of the same length", "统一社会信", ""},
	} {
		got, err := marks.ParseCreditCode(c.in)
		if string(got) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q is %q, %v; want %q", c.name, c.in, got, err, c.want)
		}
	}
	if c, _ := marks.ParseCreditCode(knownCodes[0]); c.Division() != "350100" {
		t.Errorf("the division of %s is %s", c, c.Division())
	}
}

// A single wrong symbol is always found: 31 is prime and no weight is a multiple of it.
func TestCreditCodeFindsOneWrongSymbol(t *testing.T) {
	t.Parallel()
	for _, code := range knownCodes {
		for i := range code {
			for _, r := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
				if wrong := code[:i] + string(r) + code[i+1:]; wrong != code {
					if _, err := marks.ParseCreditCode(wrong); err == nil {
						t.Errorf("%s passes for %s", wrong, code)
					}
				}
			}
		}
	}
}

func FuzzParseCreditCode(f *testing.F) {
	for _, code := range append(knownCodes, "", "９", "\xff") {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := marks.ParseCreditCode(s)
		if err != nil {
			return
		}
		if again, err := marks.ParseCreditCode(strings.ToLower(string(c))); err != nil || again != c || len(c) != 18 {
			t.Errorf("%q is %q, and that is %q, %v", s, c, again, err)
		}
	})
}
