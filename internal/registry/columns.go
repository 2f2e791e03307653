package registry

import (
	"strings"

	"github.com/helianthus-gi/helianthus/internal/problem"
	tables "github.com/helianthus-gi/helianthus/internal/table"
)

// CodeColumnNeeded is the detail of a row without a value that every registration has.
var CodeColumnNeeded = problem.Field("import.value-needed")

// column is one column of the tabular form: its headings, and how a value goes into a registration and comes out of it.
// A registration with more than one basis or holder language keeps all of it only in the line form (NDJSON).
type column struct {
	headings []string // the first is the name of the field; all are read, folded by NameKey, and those of the catalogues are among them
	get      func(c Content) string
	set      func(c *Content, v string)
}

var tabular = []column{
	{[]string{"office", "\u673a\u5173", "\u53d7\u7406\u673a\u5173", "\u673a\u5173\uff08ST.3\uff09", "Office (ST.3)", "\u0627\u0644\u0645\u0643\u062a\u0628 (ST.3)", "Bureau (ST.3)", "Ведомство (ST.3)", "Oficina (ST.3)"}, func(c Content) string { return c.Office }, func(c *Content, v string) { c.Office = strings.ToUpper(v) }},
	{[]string{"name", "\u540d\u79f0", "\u5730\u7406\u6807\u5fd7\u540d\u79f0", "\u0627\u0644\u0627\u0633\u0645", "nom", "dénomination", "indication géographique", "название", "наименование", "географическое указание", "nombre", "denominación", "indicación geográfica", "geographical indication", "地理标志", "المؤشر الجغرافي"}, nameGet(Original, ""), nameSet(Original, "zh-Hans")},
	{[]string{"nameLanguage", "\u540d\u79f0\u8bed\u8a00", "\u540d\u79f0\u8bed\u8a00\uff08BCP 47\uff09", "Language of the name (BCP 47)", "\u0644\u063a\u0629 \u0627\u0644\u0627\u0633\u0645 (BCP 47)", "Langue du nom (BCP 47)", "Язык названия (BCP 47)", "Idioma del nombre (BCP 47)", "language", "语言", "langue", "язык", "idioma", "اللغة"}, originalLanguage, setOriginalLanguage},
	{[]string{"transcription", "\u8f6c\u5199", "\u62fc\u97f3", "\u0627\u0644\u0646\u0642\u062d\u0631\u0629", "транскрипция", "транслитерация", "transcripción", "transliteración", "translittération", "transliteration"}, nameGet(Transcription, ""), nameSet(Transcription, "zh-Latn")},
	{[]string{"transcriptionScheme", "\u8f6c\u5199\u65b9\u6848", "\u0646\u0638\u0627\u0645 \u0627\u0644\u0646\u0642\u062d\u0631\u0629"}, transcriptionScheme, setTranscriptionScheme},
	{[]string{"nameEn", "\u82f1\u6587\u540d\u79f0", "English name", "\u0627\u0644\u0627\u0633\u0645 \u0627\u0644\u0625\u0646\u062c\u0644\u064a\u0632\u064a", "Nom anglais", "Английское название", "Nombre inglés", "translation", "翻译", "译名", "traduction", "перевод", "traducción", "الترجمة"}, nameGet(Translation, "en"), nameSet(Translation, "en")},
	{[]string{"nameAr", "\u963f\u6587\u540d\u79f0", "\u963f\u62c9\u4f2f\u6587\u540d\u79f0", "Arabic name", "\u0627\u0644\u0627\u0633\u0645 \u0627\u0644\u0639\u0631\u0628\u064a", "Nom arabe", "Арабское название", "Nombre árabe"}, nameGet(Translation, "ar"), nameSet(Translation, "ar")},
	{[]string{"basisKind", "\u4fdd\u62a4\u7c7b\u578b", "\u6ce8\u518c\u7c7b\u578b", "Legal basis", "\u0627\u0644\u0623\u0633\u0627\u0633 \u0627\u0644\u0642\u0627\u0646\u0648\u0646\u064a"}, basisGet(func(b Basis) string { return b.Kind }), basisSet(func(b *Basis, v string) { b.Kind = v })},
	{[]string{"number", "\u7f16\u53f7", "\u6ce8\u518c\u53f7", "\u767b\u8bb0\u53f7", "\u0627\u0644\u0631\u0642\u0645", "numéro", "номер", "número"}, basisGet(func(b Basis) string { return b.Number }), basisSet(func(b *Basis, v string) { b.Number = v })},
	{[]string{"notice", "\u516c\u544a\u53f7", "\u0627\u0644\u0625\u0634\u0639\u0627\u0631"}, basisGet(func(b Basis) string { return b.Notice }), basisSet(func(b *Basis, v string) { b.Notice = v })},
	{[]string{"registeredOn", "\u6ce8\u518c\u65e5\u671f", "\u767b\u8bb0\u65e5\u671f", "\u062a\u0627\u0631\u064a\u062e \u0627\u0644\u062a\u0633\u062c\u064a\u0644"}, basisGet(registeredOn), basisSet(func(b *Basis, v string) { b.RegisteredOn = &v })},
	{[]string{"classes", "\u4ea7\u54c1\u7c7b\u522b", "\u5546\u54c1\u7c7b\u522b", "\u7c7b\u522b", "Product class", "\u0641\u0626\u0629 \u0627\u0644\u0645\u0646\u062a\u062c"}, classesOf, setClasses},
	{[]string{"hsCodes", "\u6d77\u5173\u7f16\u7801", "\u0631\u0645\u0648\u0632 \u0627\u0644\u0646\u0638\u0627\u0645 \u0627\u0644\u0645\u0646\u0633\u0642"}, func(c Content) string { return strings.Join(c.HSCodes, ";") }, func(c *Content, v string) { c.HSCodes = fields(v) }},
	{[]string{"holder", "\u6301\u6709\u4eba", "\u6ce8\u518c\u4eba", "\u7533\u8bf7\u4eba", "\u0635\u0627\u062d\u0628 \u0627\u0644\u062d\u0642"}, textGet(func(c Content) map[string]string { return c.Holder.Names }, "zh-Hans"), textSet(func(c *Content) *map[string]string { return &c.Holder.Names }, "zh-Hans")},
	{[]string{"holderEn", "\u6301\u6709\u4eba\u82f1\u6587", "Holder in English", "\u0635\u0627\u062d\u0628 \u0627\u0644\u062d\u0642 \u0628\u0627\u0644\u0625\u0646\u062c\u0644\u064a\u0632\u064a\u0629"}, textGet(func(c Content) map[string]string { return c.Holder.Names }, "en"), textSet(func(c *Content) *map[string]string { return &c.Holder.Names }, "en")},
	{[]string{"holderCode", "\u7edf\u4e00\u793e\u4f1a\u4fe1\u7528\u4ee3\u7801", "Credit code of the holder", "\u0631\u0645\u0632 \u0635\u0627\u062d\u0628 \u0627\u0644\u062d\u0642"}, func(c Content) string { return c.Holder.Code }, func(c *Content, v string) { c.Holder.Code = v }},
	{[]string{"area", "\u4fdd\u62a4\u8303\u56f4", "\u5730\u57df\u8303\u56f4", "\u4ea7\u5730\u8303\u56f4", "Protected area", "\u0627\u0644\u0645\u0646\u0637\u0642\u0629 \u0627\u0644\u0645\u062d\u0645\u064a\u0629"}, textGet(func(c Content) map[string]string { return c.Area.Words }, "zh-Hans"), textSet(func(c *Content) *map[string]string { return &c.Area.Words }, "zh-Hans")},
	{[]string{"link", "\u5173\u8054\u6027", "\u4e0e\u4ea7\u5730\u7684\u5173\u8054", "Link with the place", "\u0627\u0644\u0635\u0644\u0629 \u0628\u0627\u0644\u0645\u0643\u0627\u0646"}, textGet(func(c Content) map[string]string { return c.Link }, "zh-Hans"), textSet(func(c *Content) *map[string]string { return &c.Link }, "zh-Hans")},
	{[]string{"source", "\u6765\u6e90", "\u0627\u0644\u0645\u0635\u062f\u0631"}, firstSource, func(c *Content, v string) { c.Sources = []Source{{Title: v}} }},
}

func fields(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("; ,\u3001\uff1b\uff0c", r) })
}

func nameGet(kind, lang string) func(Content) string {
	return func(c Content) string {
		for _, n := range c.Names {
			if n.Kind == kind && (lang == "" || n.Language == lang) {
				return n.Text
			}
		}
		return ""
	}
}

func nameSet(kind, lang string) func(*Content, string) {
	return func(c *Content, v string) {
		n := Name{Text: v, Language: lang, Kind: kind}
		if kind == Transcription {
			n.Scheme = "ISO 7098"
		}
		c.Names = append(c.Names, n)
	}
}

func originalLanguage(c Content) string {
	for _, n := range c.NamesOf(Original) {
		return n.Language
	}
	return ""
}

func setOriginalLanguage(c *Content, v string) {
	for i := range c.Names {
		if c.Names[i].Kind == Original {
			c.Names[i].Language = v
			return
		}
	}
}

func transcriptionScheme(c Content) string {
	for _, n := range c.NamesOf(Transcription) {
		return n.Scheme
	}
	return ""
}

func setTranscriptionScheme(c *Content, v string) {
	for i := range c.Names {
		if c.Names[i].Kind == Transcription {
			c.Names[i].Scheme = v
			return
		}
	}
}

func basisGet(get func(Basis) string) func(Content) string {
	return func(c Content) string {
		if len(c.Bases) == 0 {
			return ""
		}
		return get(c.Bases[0])
	}
}

func basisSet(set func(*Basis, string)) func(*Content, string) {
	return func(c *Content, v string) {
		if len(c.Bases) == 0 {
			c.Bases = []Basis{{Kind: "gi-product", Office: c.Office}}
		}
		set(&c.Bases[0], v)
	}
}

func registeredOn(b Basis) string {
	if b.RegisteredOn == nil {
		return ""
	}
	return *b.RegisteredOn
}

func textGet(get func(Content) map[string]string, lang string) func(Content) string {
	return func(c Content) string { return get(c)[lang] }
}

func textSet(get func(*Content) *map[string]string, lang string) func(*Content, string) {
	return func(c *Content, v string) {
		m := get(c)
		if *m == nil {
			*m = map[string]string{}
		}
		(*m)[lang] = v
	}
}

func firstSource(c Content) string {
	if len(c.Sources) == 0 {
		return ""
	}
	return c.Sources[0].Title
}

// toRow is the tabular form.
func toRow(c Content) []string {
	row := make([]string, len(tabular))
	for i, col := range tabular {
		row[i] = tables.Harmless(col.get(c))
	}
	return row
}

// pointedColumns are the columns that pointers into a registration are about, the longer pointer first.
var pointedColumns = [][2]string{
	{"/holder/code", "holderCode"}, {"/office", "office"}, {"/names", "name"}, {"/bases", "number"}, {"/classes", "classes"}, {"/hsCodes", "hsCodes"},
	{"/holder", "holder"}, {"/area", "area"}, {"/link", "link"}, {"/sources", "source"},
}

// headingOf is the first heading of the column that a pointer is about, for errors by column.
func headingOf(pointer string) string {
	if strings.HasSuffix(pointer, "/registeredOn") {
		return "registeredOn"
	}
	for _, c := range pointedColumns {
		if strings.HasPrefix(pointer, c[0]) {
			return c[1]
		}
	}
	return pointer
}
