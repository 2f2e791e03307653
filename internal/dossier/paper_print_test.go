package dossier

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/typeset"
	"github.com/helianthus-gi/helianthus/internal/typeset/pdftest"
)

// printed sets a paper in a language, or stops the test.
func printed(t testing.TB, press *typeset.Pool, c Contents, lang string, annexes map[string][]byte) typeset.Result {
	t.Helper()
	p, err := composer{c, catalogue(t), locale.Tag(lang)}.paper()
	if err != nil {
		t.Fatal(err)
	}
	r, err := printPaper(t.Context(), press, p, annexes)
	if err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	return r
}

func TestPapersAreArchival(t *testing.T) {
	t.Parallel()
	press := newPress(t)
	c, annexes := fullContents(t)
	attached := map[string]string{"data.json": "Source"}
	for name := range annexes {
		attached[name] = "Supplement"
	}
	for lang, tag := range map[string]string{"zh-Hans": "zh-CN", "en": "en", "ar": "ar"} {
		r := printed(t, press, c, lang, annexes)
		pdftest.Archival(t, r.PDF, tag, attached, c.Number)
		if r.Pages < 12 || len(r.PDF) > 2<<20 {
			t.Errorf("%s: %d pages, %d bytes; want some fifteen pages in less than 2 MB", lang, r.Pages, len(r.PDF))
		}
	}
}

func TestSameContentsSamePaper(t *testing.T) {
	t.Parallel()
	c, annexes := fullContents(t)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var stored Contents // as a second attempt of the job reads them
	if err := json.Unmarshal(b, &stored); err != nil {
		t.Fatal(err)
	}
	one, other := newPress(t), newPress(t)
	for i, lang := range Languages {
		first := printed(t, one, c, lang, annexes).PDF
		if !bytes.Equal(first, printed(t, other, stored, lang, annexes).PDF) || i == 0 && !bytes.Equal(first, printed(t, one, stored, lang, annexes).PDF) {
			t.Errorf("%s: the same contents gave other bytes", lang)
		}
	}
}

func TestSparsePapers(t *testing.T) {
	t.Parallel()
	press := newPress(t)
	for i, answer := range []string{"yes", "no", "unknown"} {
		c := demoContents(t)
		c.Official, c.Demo = false, answer == "no"
		c.Registration = registry.Content{Office: "CN", Names: c.Registration.Names[:1]}
		c = segmented(c, nil)
		lang := Languages[i%len(Languages)]
		c.Answers[lang] = Said{Answer: answer, Question: "?", Text: answer}
		if r := printed(t, press, c, lang, nil); r.Pages < 4 {
			t.Errorf("%s: %d pages", lang, r.Pages)
		}
	}
}

func TestUntranslatedTextsSaySo(t *testing.T) {
	t.Parallel()
	c := demoContents(t)
	for i := range c.Segments {
		for j := range c.Segments[i].Translations {
			c.Segments[i].Translations[j].State = []State{Missing, Machine, Drafted, Reviewed, Certified}[i%5]
		}
	}
	p, err := composer{c, catalogue(t), locale.English}.paper()
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range p.Specification {
		key := "specification." + c.Registration.Specification[i].Key
		at := slices.IndexFunc(c.Segments, func(s Segment) bool { return s.Key == key })
		if missing := at%5 == 0; missing != (s.Text.Language == SourceLanguage) || (at%5 < 3) != (s.Text.Note != "") {
			t.Errorf("%s in state %d: language %q, note %q", key, at%5, s.Text.Language, s.Text.Note)
		}
	}
	printed(t, newPress(t), c, "en", nil)
}

func TestHardTexts(t *testing.T) {
	t.Parallel()
	press := newPress(t)
	texts := map[string]string{
		"without a glyph":       "𠮷野家 𓀀 \ue000",
		"turned around":         "abc\u202egpj.exe\u202c",
		"controls":              "a\u0001b\u0085c\u2028d\ufeffe\tf\r\ng",
		"marks without letters": "\u0301\u064b\u0e49\u200d\u200c\u2066",
		"Typst code":            `#read("/etc/passwd") $x^2$ *b* _i_ @ref <label> \ // /* */ = heading`,
		"a list of nothing":     "- \n-\n- - -",
		"one long word":         strings.Repeat("葵", 3000) + strings.Repeat("W", 600),
		"rows of digits":        "1,234.5-6/7:8 (Latin 9) ١٢٣٫٤ ۱۲۳",
		"every script":          "अ क्षि ગ த ක ខ ລ მ Հ ע ᠮ འ 한 กำ ﷺ Ａ ｱ",
	}
	for i, name := range slices.Sorted(maps.Keys(texts)) {
		text := texts[name]
		c := demoContents(t)
		c.Registration.Names = append(c.Registration.Names, registry.Name{Text: text, Language: "und", Kind: "translation", Scheme: text})
		c.Title = map[string]string{"en": text}
		c.Registration.Holder.Names["en"], c.Registration.Holder.Code = text, text
		c.Registration.Quality[0].Value = text
		c.Registration.Link["ar"], c.Registration.Specification[0].Titles["zh-Hans"] = text, text
		c = segmented(c, map[string]string{"zh-Hans": text})
		// Each text stands in fields of every language: one paper shows it from left to right and from right to left.
		if r := printed(t, press, c, Languages[i%len(Languages)], nil); bytes.Contains(r.PDF, []byte("root:x")) {
			t.Errorf("%s: a text was read as code", name)
		}
	}
}

func TestMissingCharactersAreNamed(t *testing.T) {
	t.Parallel()
	got, err := newPress(t).Unprintable(Paper{Title: "𠮷 五原", Number: "a\u202eb", Words: map[string]string{"x": "\u0001"}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"0001", "202E", "20BB7"}, got); d != "" {
		t.Error(d)
	}
}

func TestHardAreas(t *testing.T) {
	t.Parallel()
	press := newPress(t)
	circle := func(n int, x, y, r float64) string {
		var points []string
		for i := range n {
			a := float64(i) / float64(n) * 2 * math.Pi
			points = append(points, fmt.Sprintf("[%.6f,%.6f]", x+r*math.Cos(a), y+r*math.Sin(a)))
		}
		return "[" + strings.Join(append(points, points[0]), ",") + "]"
	}
	for name, geometry := range map[string]string{
		"with a hole":        `{"type":"Polygon","coordinates":[` + circle(60, 108, 41, .5) + `,` + circle(30, 108, 41, .2) + `]}`,
		"several parts":      `{"type":"MultiPolygon","coordinates":[[` + circle(9, 108, 41, .2) + `],[` + circle(9, 109, 42, .2) + `]]}`,
		"a field":            `{"type":"Polygon","coordinates":[` + circle(5, 108, 41, .0001) + `]}`,
		"the whole world":    `{"type":"Polygon","coordinates":[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]}`,
		"without extent":     `{"type":"Polygon","coordinates":[[[108,41],[108,41],[108,41],[108,41]]]}`,
		"south and west":     `{"type":"Polygon","coordinates":[` + circle(12, -60, -30, 3) + `]}`,
		"from a fine survey": `{"type":"Polygon","coordinates":[` + circle(9000, 108, 41, .5) + `]}`,
	} {
		c := demoContents(t)
		c.Registration.Area.Geometry = json.RawMessage(geometry)
		if r := printed(t, press, c, "en", nil); len(r.PDF) > 2<<20 {
			t.Errorf("%s: %d bytes", name, len(r.PDF))
		}
	}
}

func TestTemplateAndLabelsAgree(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	word := regexp.MustCompile(`\bl\.([a-zA-Z]+)`)
	for _, file := range []string{"template/dossier.typ", "../typeset/house/house.typ", "template/drawings.typ"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range word.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = true
		}
	}
	bundle := catalogue(t)
	for _, l := range labels {
		if !used[l] {
			t.Errorf("the template does not use the label %s", l)
		}
		delete(used, l)
		for _, lang := range Languages {
			if !bundle.Has(locale.Tag(lang), "paper."+l) {
				t.Errorf("%s lacks paper.%s", lang, l)
			}
		}
	}
	for l := range used {
		t.Errorf("the template uses the label %s, which is in no list", l)
	}
}

// BenchmarkPapers sets fifteen pages in three languages, of contents that differ each time.
func BenchmarkPapers(b *testing.B) {
	press := newPress(b)
	c, annexes := fullContents(b)
	for i := 0; b.Loop(); i++ {
		c.Number = fmt.Sprintf("WUYUAN-2026-%04d", i)
		for _, lang := range Languages {
			printed(b, press, c, lang, annexes)
		}
	}
}
