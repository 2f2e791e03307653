package clearance

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestHowNamesAreAlike holds real names against each other: the strongest way in which each pair is alike, and a score that it
// reaches; none where nobody would mix them up.
func TestHowNamesAreAlike(t *testing.T) {
	t.Parallel()
	generic := []spelling{spell("向日葵"), spell("sunflower")}
	for _, c := range []struct {
		situation, ours, theirs string
		kind                    LikenessKind
		least, most             int
	}{
		{"the same", "五原向日葵", "五原向日葵", Identical, 100, 100},
		{"a space and a soft hyphen", "Wuyuan Sunflower", " Wuy\u00aduan  Sunflower", Identical, 100, 100},
		{"full width and case", "WUYUAN SUNFLOWER", "ｗｕｙｕａｎ sunflower", Folded, 98, 98},
		{"accents", "Gruyère", "GRUYERE", Folded, 98, 98},
		{"Turkish dotless i", "Ayvalık Zeytinyağı", "AYVALIK ZEYTINYAGI", Folded, 98, 98},
		{"traditional characters", "吴川月饼", "吳川月餅", ScriptVariant, 97, 97},
		{"the same syllables and tones", "五原", "武原", PinyinTones, 92, 92},
		{"pinyin with tones", "五原", "Wǔyuán", PinyinTones, 92, 92},
		{"pinyin without tones", "五原向日葵", "Wuyuan Xiangrikui", Pinyin, 88, 88},
		{"other tones", "五原", "乌园", Pinyin, 88, 88},
		{"another reading of the first character", "重庆", "虫庆", Pinyin, 88, 88},
		{"ü", "绿茶", "Lücha", Pinyin, 88, 88},
		{"Cyrillic", "Rokfor", "Рокфор", Transliteration, 88, 88},
		{"Greek", "Feta", "Φέτα", Sound, 74, 74},
		{"Cyrillic for pinyin", "Wuyuan", "Вуюань", Sound, 74, 74},
		{"Arabic without vowels", "Darjeeling", "دارجيلنغ", Consonants, 64, 64},
		{"Arabic without vowels again", "Gorgonzola", "غورغونزولا", Consonants, 64, 64},
		{"in a longer name", "五原向日葵", "五原向日葵籽", Contained, 70, 85},
		{"a word of it", "Wuyuan", "Wuyuan Golden Field", Contained, 55, 70},
		{"one letter of many", "Parmigiano", "Parmigiana", Edit, 70, 86},
		{"two words that changed places", "Ham of Parma", "Parma Ham of", Parts, 45, 80},
		{"nothing but the place in common", "五原西瓜", "五原向日葵", FirstElement, 40, 60},
		{"place and translation", "五原向日葵", "Wuyuan Sunflower", FirstElement, 40, 60},
		{"nothing but a generic term in common", "五原向日葵", "河套向日葵", Parts, 0, 44},
		{"nothing but a generic term in common, in Latin letters", "Wuyuan Sunflower", "Hetao Sunflower", Parts, 0, 44},
		{"nothing in common", "五原向日葵", "西湖龙井", "", 0, 0},
		{"nothing in common in Latin letters", "Wuyuan Sunflower", "Darjeeling", "", 0, 0},
		{"a part of a word", "Ham", "Hampshire Wool", "", 0, 0},
		{"signs alone", "五原", "——", "", 0, 0},
	} {
		for _, pair := range [][2]string{{c.ours, c.theirs}, {c.theirs, c.ours}} {
			all := compare(spell(pair[0]), spell(pair[1]), generic)
			var kind LikenessKind
			score := 0
			if len(all) > 0 {
				kind, score = all[0].Kind, all[0].Score
			}
			if kind == Contains { // from the other side
				kind = Contained
			}
			if kind != c.kind && c.most >= weightOf("floor") || score < c.least || score > c.most {
				t.Errorf("%s: %s and %s: got %q with %d (%v), want %q with %d to %d", c.situation, pair[0], pair[1], kind, score, all, c.kind, c.least, c.most)
			}
		}
	}
}

func TestGenericTerms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ours, term string
		kind       LikenessKind
	}{
		{"向日葵", "向日葵", Identical}, {"Sunflower", "SUNFLOWER", Folded}, {"五原向日葵", "向日葵", GenericElement}, {"Wuyuan Sunflower", "sunflower", GenericElement}, {"五原西瓜", "向日葵", ""}, {"葵", "向日葵", ""},
	} {
		all := againstGeneric(spell(c.ours), spell(c.term))
		var kind LikenessKind
		if len(all) > 0 {
			kind = all[0].Kind
		}
		if kind != c.kind {
			t.Errorf("%s against %s: got %v, want %q", c.ours, c.term, all, c.kind)
		}
	}
}

// TestTheSieveHoldsNothingBack: what is like ours goes through it, in the folded form that the registers keep.
func TestTheSieveHoldsNothingBack(t *testing.T) {
	t.Parallel()
	names := []string{"五原向日葵", "Wuyuan Sunflower", "Wuyuan Xiangrikui", "吳川月餅", "Parmigiano Reggiano", "Ham of Parma", "Рокфор", "دارجيلنغ", "Feta", "重庆", "五原向日葵籽", "武原向日葵", "Вуюань", "Parmigiana", "Roquefort",
		"Darjeeling", "Φέτα", "Wuyuan", "虫庆", "Parma Ham", "吴川月饼", "Wǔyuán", "Wu Chuan Yue Bing", "河套向日葵", "abcd", "abxd", "Tokaj", "Tokay", "Chablis", "Shablis"}
	for _, a := range names {
		s := newSieve([]spelling{spell(a)}, weightOf("floor"))
		for _, b := range names {
			all := compare(spell(a), spell(b), nil)
			if alike := len(all) > 0 && all[0].Score >= weightOf("floor"); alike && !s.keeps(spell(b).folded) {
				t.Errorf("%s holds back %s, which is like it: %v", a, b, all)
			}
		}
	}
	if s := newSieve([]spelling{spell("五原向日葵")}, weightOf("floor")); s.keeps("西湖龙井") || s.keeps("darjeeling") || s.keeps("") {
		t.Error("the sieve lets everything through")
	}
}

func TestGoods(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		situation           string
		ours, theirs        []string
		ourCodes, theirCode []string
		want                Goods
	}{
		{"no classes", nil, nil, nil, nil, UnknownGoods},
		{"one scheme, one class", []string{"nice|31"}, []string{"nice|29", "nice|31"}, nil, nil, SameGoods},
		{"a leading zero", []string{"nice|5"}, []string{"nice|05"}, nil, nil, SameGoods},
		{"one scheme, other classes", []string{"nice|31"}, []string{"nice|12"}, nil, nil, DifferentGoods},
		{"two schemes", []string{"nice|31"}, []string{"food|1.6"}, nil, nil, UnknownGoods},
		{"a class within another", []string{"food|1.6"}, []string{"food|1"}, nil, nil, SameGoods},
		{"not within 1.61", []string{"food|1.6"}, []string{"food|1.61"}, nil, nil, DifferentGoods},
		{"one heading", nil, nil, []string{"120600"}, []string{"1206"}, SameGoods},
		{"another chapter", nil, nil, []string{"120600"}, []string{"0902"}, DifferentGoods},
	} {
		if got := goodsOf(c.ours, c.theirs, c.ourCodes, c.theirCode); got != c.want {
			t.Errorf("%s: got %s, want %s", c.situation, got, c.want)
		}
	}
}

// TestOrderOfFindings: the score first, raised by goods and market, then the earlier right; never by chance.
func TestOrderOfFindings(t *testing.T) {
	t.Parallel()
	q := question{report: Report{Market: "XA", Classes: []string{"nice|31"}, Floor: 45}, names: []spelling{spell("五原向日葵")}, reach: map[string]bool{"XA": true}}
	var all []Finding
	for _, c := range []candidate{
		{Names: []Name{{Text: "Darjeeling"}}, Right: TradeMark},
		{Names: []Name{{Text: "五原向日葵"}}, Right: TradeMark, Office: "XB", Number: "elsewhere"},
		{Names: []Name{{Text: "五原向日葵"}}, Right: TradeMark, Office: "XA", Ended: true, Number: "ended"},
		{Names: []Name{{Text: "五原向日葵"}}, Right: TradeMark, Office: "XA", Since: "2020-01-01", Number: "late"},
		{Names: []Name{{Text: "五原向日葵"}}, Right: TradeMark, Office: "XA", Since: "2010-01-01", Number: "early"},
		{Names: []Name{{Text: "五原向日葵"}}, Right: TradeMark, Office: "XA", Classes: []string{"nice|31"}, Number: "same goods"},
		{Names: []Name{{Text: "西湖龙井"}, {Text: "Wuyuan Xiangrikui"}}, Right: Indication, Office: "XA", Number: "by pinyin"},
	} {
		if f, ok := q.weigh("marks", c); ok {
			all = append(all, f)
		}
	}
	inOrder(all)
	var got []string
	for _, f := range all {
		got = append(got, f.Facts.Number)
	}
	if want := "same goods, early, late, elsewhere, by pinyin, ended"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	if f := all[4]; f.Facts.Sign != "Wuyuan Xiangrikui" || f.Facts.Main != "西湖龙井" || f.Likenesses[0].Kind != Pinyin {
		t.Errorf("the form that is like ours: %+v", f)
	}
}

// TestWeightsHaveReasons: each number of the method says why it is that.
func TestWeightsHaveReasons(t *testing.T) {
	t.Parallel()
	for name, w := range weights {
		if len(w.Reason) < 10 {
			t.Errorf("%s: %d, and why?", name, w.Value)
		}
	}
	for _, kind := range []LikenessKind{Identical, Folded, ScriptVariant, PinyinTones, Pinyin, Transliteration, Sound, Consonants, FirstElement, GenericElement} {
		if w := weightOf(string(kind)); w < weightOf("floor") || w > 100 {
			t.Errorf("%s is worth %d: nobody would see it", kind, w)
		}
	}
}

// FuzzCompare: whatever a name is written with, comparing it ends, is fair to both sides, and stays within its scores.
func FuzzCompare(f *testing.F) {
	for _, s := range []string{"五原向日葵", "Wǔyuán", "دارجيلنغ", "\u00ad\u200d", "ß", "𠀀𠮷", "1", " ", "한국", "ᠮᠣᠩᠭᠣᠯ"} {
		f.Add(s, "五原 Sunflower")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 300 || len(b) > 300 || !utf8.ValidString(a) || !utf8.ValidString(b) {
			return
		}
		x, y := spell(a), spell(b)
		one, two := compare(x, y, nil), compare(y, x, nil)
		if len(one) != len(two) {
			t.Fatalf("%q and %q: %v from one side, %v from the other", a, b, one, two)
		}
		for i, l := range one {
			if l.Score < 0 || l.Score > 100 || l.Score != two[i].Score {
				t.Fatalf("%q and %q: %v and %v", a, b, l, two[i])
			}
		}
		newSieve([]spelling{x}, 45).keeps(y.folded)
	})
}
