package registry

import "testing"

func TestClassesAsRegistersWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ said, class, read, code string }{
		{"1.6", "food:1.6", "", ""},
		{"Class 1.6. Fruit, vegetables and cereals fresh or processed", "food:1.6", "", ""},
		{"1.6 Fruit, vegetables and cereals, fresh or processed", "food:1.6", "", ""},
		{"1-6-fruit-vegetables-and-cereals-fresh-or-processed", "food:1.6", "", ""},
		{"Fruit, vegetables and cereals fresh or processed", "food:1.6", "", ""},
		{"水果、蔬菜及谷物，鲜品或加工品", "food:1.6", "", ""},
		{"Class 1.6. Friut, vegetabels and cereals fresh or processed", "food:1.6", "1.6 Fruit, vegetables and cereals fresh or processed", ""},
		{"油脂（黄油、人造黄油、食用油等)", "food:1.5", "", ""},
		{"油酯（黄油、人造黄油、食用油等）", "food:1.5", "1.5 油脂（黄油、人造黄油、食用油等）", ""},
		{"1.5 Fruit, vegetables and cereals fresh or processed", "", "", CodeClassDiffers},
		{"2.22 Beers", "food:2.22", "", ""},
		{"Beers", "food:2.1", "", ""},
		{"15. Vodka", "spirit-drink:15", "", ""},
		{"37a. Sloe-aromatised spirit drink or Pacharán", "spirit-drink:37a", "", ""},
		{"第31类", "nice:31", "", ""},
		{"gb:0101", "gb:0101", "", ""},
		{"1.9", "", "", CodeClass},
		{"Wooden clogs", "", "", CodeClass},
		{"Sal", "", "", CodeClass},
	} {
		got, read, code := readClass(c.said)
		class := ""
		if got.Code != "" {
			class = got.Scheme + ":" + got.Code
		}
		if class != c.class || read != c.read || code != c.code {
			t.Errorf("%q: got %q %q %q, want %q %q %q", c.said, class, read, code, c.class, c.read, c.code)
		}
	}
}

func FuzzReadClass(f *testing.F) {
	f.Add("Class 1.6. Friut")
	f.Add("第31类")
	f.Fuzz(func(t *testing.T, said string) {
		c, _, code := readClass(said)
		if (c.Code == "") == (code == "") {
			t.Fatalf("%q: got %v and %q", said, c, code)
		}
	})
}
