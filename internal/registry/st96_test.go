package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// schemas is the directory of WIPO's schemas and example: the operator's setting, else beside the checkout. They are WIPO's
// and not part of the repository. It is empty where they or xmllint are missing.
func schemas(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Log("NOT CHECKED against WIPO's schemas: xmllint is missing (Debian: apt-get install libxml2-utils)")
		return ""
	}
	for _, d := range []string{os.Getenv("HELIANTHUS_ST96_SCHEMAS"), "../../../shared/data/st96"} {
		if found, _ := filepath.Glob(filepath.Join(d, "ST96XMLSchema_V6_0_Flattened", "GITransaction_V6_0.xsd")); d != "" && len(found) == 1 {
			return d
		}
	}
	t.Log("NOT CHECKED against WIPO's schemas, which are not here: set HELIANTHUS_ST96_SCHEMAS to the directory that holds ST96XMLSchema_V6_0_Flattened")
	return ""
}

// validate holds documents against the schema of a transaction, which has all elements of an application too. One run for
// all of them, since reading the schema takes most of it.
func validate(t *testing.T, dir string, documents ...[]byte) {
	t.Helper()
	args := []string{"--nonet", "--noout", "--schema", filepath.Join(dir, "ST96XMLSchema_V6_0_Flattened", "GITransaction_V6_0.xsd")}
	to := t.TempDir()
	for i, d := range documents {
		name := filepath.Join(to, strconv.Itoa(i)+".xml")
		if err := os.WriteFile(name, d, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	if out, err := exec.CommandContext(t.Context(), "xmllint", args...).CombinedOutput(); err != nil {
		t.Errorf("not valid: %v\n%.3000s", err, out)
	}
}

func valueOf(t *testing.T, c Content) any {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func readAll(t *testing.T, document []byte) (cs []Content, unknown []string, err error) {
	t.Helper()
	unknown, err = eachXML(bytes.NewReader(document), func(_ int, c Content, err error) error {
		if err != nil {
			t.Errorf("record %d: %v", len(cs)+1, err)
		}
		cs = append(cs, c)
		return nil
	})
	return cs, unknown, err
}

// TestST96RoundTrip: whatever a registration says comes back from XML, and the XML is as the schemas want it.
func TestST96RoundTrip(t *testing.T) {
	t.Parallel()
	dir := schemas(t)
	var all []Registration
	rapid.Check(t, func(r *rapid.T) {
		c := anyContent.Draw(r, "content")
		if err := c.Check(); err != nil {
			r.Fatalf("the generator made something else: %v", err)
		}
		reg := Registration{ID: "01890000-0000-7000-8000-000000000000", Status: Registered, Content: c}
		all = append(all, reg)
		var b bytes.Buffer
		if err := writeST96(&b, reg); err != nil {
			r.Fatal(err)
		}
		back, unknown, err := readAll(t, b.Bytes())
		if err != nil || len(back) != 1 || len(unknown) > 0 {
			r.Fatalf("reading: %d records, unknown %v, %v\n%s", len(back), unknown, err, &b)
		}
		if d := cmp.Diff(valueOf(t, c), valueOf(t, back[0])); d != "" {
			r.Fatalf("lost or added:\n%s\n%s", d, &b)
		}
		checkShape(r, b.Bytes())
	})
	var list bytes.Buffer
	w, err := newST96Writer(&list)
	if err != nil {
		t.Fatal(err)
	}
	for _, reg := range all {
		if err := w.write(reg); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if back, _, err := readAll(t, list.Bytes()); err != nil || len(back) != len(all) {
		t.Errorf("the list: got %d of %d, %v", len(back), len(all), err)
	}
	var one bytes.Buffer
	if err := writeST96(&one, Registration{ID: "01890000-0000-7000-8000-000000000000", Status: Registered, Content: sunflower()}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<com:RegistrationNumber>12345678<", ">五原向日葵</gin:GINameText>", "<gin:GIStatusCategory>Registered<"} {
		if !strings.Contains(one.String(), want) {
			t.Errorf("no %s in\n%s", want, &one)
		}
	}
	if dir != "" {
		validate(t, dir, one.Bytes(), list.Bytes())
	}
}

// TestST96OfOthers: WIPO's own example, and every place of the schema where the data of a GI may stand.
func TestST96OfOthers(t *testing.T) {
	t.Parallel()
	const data = `<gin:GIData com:officeCode="FR" com:languageCode="fr"><com:RegistrationNumber>7</com:RegistrationNumber><com:RegistrationDate>2018-03-19Z</com:RegistrationDate>` +
		`<gin:GINameBag><gin:GINameRichText>Tapisserie <com:B>d'Aubusson</com:B></gin:GINameRichText></gin:GINameBag><gin:GICategory> Appellation  of Origin</gin:GICategory></gin:GIData>`
	for name, document := range map[string]string{
		"data of a GI":          data,
		"an application":        `<gin:GIApplication>` + data + `</gin:GIApplication>`,
		"a transaction":         `<gin:GITransaction><gin:GITransactionBody><gin:TransactionContentBag><gin:TransactionData>` + data + `</gin:TransactionData></gin:TransactionContentBag></gin:GITransactionBody></gin:GITransaction>`,
		"a record":              `<gin:GIRecordBag><gin:GIRecord><gin:GIRegistrationRecord>` + data + `<com:RegistrationNumber>8</com:RegistrationNumber></gin:GIRegistrationRecord></gin:GIRecord></gin:GIRecordBag>`,
		"a certificate of use":  `<gin:GIUserCertificate>` + data + `</gin:GIUserCertificate>`,
		"prefixes of their own": strings.ReplaceAll(data, "gin:", ""),
	} {
		root := strings.Replace(document, ">", ` xmlns:gin="`+ginNS+`" xmlns:com="`+comNS+`" xmlns="`+ginNS+`">`, 1)
		cs, _, err := readAll(t, []byte(root))
		if err != nil || len(cs) != 1 {
			t.Errorf("%s: %d records, %v", name, len(cs), err)
			continue
		}
		day := "2018-03-19"
		want := Content{Office: "FR", Names: []Name{{Text: "Tapisserie d'Aubusson", Language: "fr", Kind: Original}},
			Bases: []Basis{{Kind: "gi-product", Office: "FR", Number: "7", RegisteredOn: &day}}, Classes: []Class{{Scheme: schemeCategory, Code: "Appellation of Origin"}}}
		if d := cmp.Diff(want, cs[0]); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
	dir := schemas(t)
	if dir == "" {
		return
	}
	example, err := os.ReadFile(filepath.Join(dir, "examples", "GIApplication_Example.xml"))
	if err != nil {
		t.Fatal(err)
	}
	cs, unknown, err := readAll(t, example)
	if err != nil || len(cs) != 1 {
		t.Fatalf("WIPO's example: %d records, %v", len(cs), err)
	}
	c := cs[0]
	if err := c.Check(); err != nil {
		t.Errorf("WIPO's example does not pass: %v", err)
	}
	if c.Title() != "Tapisserie d'Aubusson" || c.number() != "IG 18-002" || c.Bases[0].Notice != "2018-18" || len(c.Classes) != 2 || len(c.Names) != 2 ||
		c.Holder.Names["fr"] != "Association LAINAMAC" || c.Area.Words["fr"] != "Département de la Creuse" || len(c.Specification) != 1 {
		t.Errorf("WIPO's example: got %+v", c)
	}
	for _, path := range []string{"GIApplication/GIData/ApplicationDate", "GIApplication/AuthorizedUser/Contact/Name/OrganizationName/OrganizationStandardName"} {
		if !strings.Contains(strings.Join(unknown, " "), path) {
			t.Errorf("nobody is told that %s has no place, only of %v", path, unknown)
		}
	}
}

// TestImportAgainstSchemas: with the operator's schemas, what they do not let pass is refused, with the line.
func TestImportAgainstSchemas(t *testing.T) {
	t.Parallel()
	if _, err := NewST96Schemas(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty directory: got %v", err)
	}
	none, err := NewST96Schemas("")
	if err != nil || none.Check(t.Context(), strings.NewReader("<a/>")) != nil {
		t.Errorf("no directory: got %v", err)
	}
	dir := schemas(t)
	if dir == "" {
		return
	}
	s, err := NewST96Schemas(dir)
	if err != nil {
		t.Fatal(err)
	}
	wrong := "<gin:GIData xmlns:gin=\"" + ginNS + "\" xmlns:com=\"" + comNS + "\" com:officeCode=\"FR\"\n com:languageCode=\"fr\">\n<gin:Nothing/>\n</gin:GIData>"
	p, ok := problem.As(s.Check(t.Context(), strings.NewReader(wrong)))
	if !ok || p.Code != "import.xml-invalid" || p.Values["Line"] != 3 {
		t.Errorf("a wrong element on line 3: got %+v", p)
	}
}

// TestXMLBombs: what is meant to exhaust a reader is refused before it does.
func TestXMLBombs(t *testing.T) {
	t.Parallel()
	open := `<gin:GIData xmlns:gin="` + ginNS + `">`
	for name, document := range map[string]string{
		"entities within entities": `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` + open + `&b;</gin:GIData>`,
		"an external entity":       `<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + open + `&a;</gin:GIData>`,
		"an external definition":   `<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">` + open + `</gin:GIData>`,
		"an undeclared entity":     open + `&a;</gin:GIData>`,
		"depth outside a record":   strings.Repeat("<a>", 100_000),
		"depth in a record":        open + strings.Repeat("<a>", 100_000),
		"a huge attribute":         `<a b="` + strings.Repeat("x", maxXMLRecord+1) + `"/>`,
		"a huge comment":           `<!--` + strings.Repeat("x", maxXMLRecord+1) + `-->`,
		"a huge text":              open + strings.Repeat("x", maxXMLRecord+1),
		"a huge name":              `<` + strings.Repeat("x", maxXMLRecord+1),
		"many elements":            open + strings.Repeat("<a/>", maxXMLNodes+1) + `</gin:GIData>`,
		"many attributes":          open + `<a ` + strings.Repeat(` a=""`, maxXMLRecord/5) + `/></gin:GIData>`,
		"not closed":               open,
		"an encoding nobody knows": `<?xml version="1.0" encoding="x-unknown"?>` + open + `</gin:GIData>`,
	} {
		if _, err := eachXML(strings.NewReader(document), func(int, Content, error) error { return nil }); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

func TestXMLEncodings(t *testing.T) {
	t.Parallel()
	const body = `<GIData xmlns="` + ginNS + `" xmlns:com="` + comNS + `" com:officeCode="FR" com:languageCode="fr"><GINameBag><GINameText>Caf` + "\u00e9" + `</GINameText></GINameBag></GIData>`
	wide := []byte{0xff, 0xfe}
	for _, r := range `<?xml version="1.0" encoding="UTF-16"?>` + body {
		wide = append(wide, byte(r), byte(r>>8))
	}
	for name, document := range map[string][]byte{
		"UTF-8":         []byte(body),
		"with its mark": []byte("\ufeff" + body),
		"UTF-16":        wide,
		"Latin 1":       []byte(`<?xml version="1.0" encoding="ISO-8859-1"?>` + strings.ReplaceAll(body, "\u00e9", "\xe9")),
	} {
		var got []string
		if _, err := eachRow(bytes.NewReader(document), int64(len(document)), func(_ int, c Content, _ error) error { got = append(got, c.Title()); return nil }); err != nil || len(got) != 1 || got[0] != "Caf\u00e9" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func FuzzXML(f *testing.F) {
	var b bytes.Buffer
	if err := writeST96(&b, Registration{Content: sunflower()}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY a "a">]><a>&a;</a>`))
	f.Fuzz(func(t *testing.T, document []byte) {
		_, _ = eachXML(bytes.NewReader(document), func(_ int, c Content, err error) error {
			if err != nil {
				return nil
			}
			var again bytes.Buffer // whatever was read can be written, and says the same
			if err := writeST96(&again, Registration{Content: c}); err != nil {
				t.Errorf("writing what was read: %v", err)
				return nil
			}
			back, _, err := readAll(t, again.Bytes())
			if err != nil || len(back) != 1 {
				t.Errorf("reading what was written: %v\n%s", err, &again)
				return nil
			}
			if d := cmp.Diff(valueOf(t, c), valueOf(t, back[0])); d != "" {
				t.Errorf("%s\n%s", d, &again)
			}
			return nil
		})
	})
}

func FuzzExtension(f *testing.F) {
	f.Add("/names/0/text", `"x"`, "set")
	f.Add("/names/9", `{}`, "remove")
	f.Add("/specification", `["a"]`, "order")
	f.Fuzz(func(t *testing.T, at, value, verb string) {
		x := extension{ops: []operation{{verb, at, value}}}
		if c, err := x.apply(sunflower()); err == nil {
			if _, err := json.Marshal(c); err != nil {
				t.Errorf("%s %s %s: %v", verb, at, value, err)
			}
		}
	})
}

// anyContent generates what Check lets pass.
var anyContent = rapid.Custom(func(t *rapid.T) Content {
	tag := rapid.SampledFrom([]string{"zh-Hans", "zh-Hant", "zh", "zh-Latn", "en", "en-GB", "ar", "mn-Mong", "yue", "fr", "und", "iw"})
	str := rapid.OneOf(rapid.SampledFrom([]string{"五原向日葵", "a & b <c> \"d\" 'e'", " two  spaces ", "line\r\nline\ttab", "\u0001\ufffe\u2028", "]]>", "=1+1"}), rapid.StringN(0, 12, -1))
	full := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"葵", "x"}).Draw(t, "first") + str.Draw(t, "more")
	})
	text := rapid.MapOfN(tag, str, 0, 4)
	day := rapid.Map(rapid.IntRange(0, 100_000), func(n int) *string {
		if n%3 == 0 {
			return nil
		}
		d := time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
		return &d
	})
	office := rapid.SampledFrom([]string{"CN", "FR", "EM", "XA", "XZ"})
	c := Content{Office: office.Draw(t, "office")}
	for i := range rapid.IntRange(1, 4).Draw(t, "names") {
		n := Name{Text: full.Draw(t, "name") + strconv.Itoa(i), Language: tag.Draw(t, "tag"), Kind: rapid.SampledFrom([]string{Original, Transcription, Translation}).Draw(t, "kind"), DoNotTranslate: rapid.Bool().Draw(t, "keep")}
		if i == 0 {
			n.Kind = Original
		}
		if n.Kind == Transcription {
			n.Scheme = full.Draw(t, "scheme")
		}
		c.Names = append(c.Names, n)
	}
	for range rapid.IntRange(0, 3).Draw(t, "bases") {
		c.Bases = append(c.Bases, Basis{Kind: rapid.SampledFrom(BasisKinds).Draw(t, "basis"), Office: office.Draw(t, "of"), Number: str.Draw(t, "number"), Notice: str.Draw(t, "notice"), RegisteredOn: day.Draw(t, "day")})
	}
	scheme := rapid.OneOf(rapid.SampledFrom([]string{"Nice", schemeHS, schemeCategory, schemeProduct, "Other"}), full)
	code := rapid.OneOf(rapid.SampledFrom([]string{"31", "Protected Designation of Origin", plainCategory, "Oilseeds"}), full)
	for range rapid.IntRange(0, 3).Draw(t, "classes") {
		c.Classes = append(c.Classes, Class{Scheme: scheme.Draw(t, "scheme"), Code: code.Draw(t, "code"), Edition: str.Draw(t, "edition")})
	}
	c.HSCodes = rapid.SampledFrom([][]string{nil, {"1206"}, {"120600", "2008"}}).Draw(t, "hs")
	c.Holder = Party{Names: text.Draw(t, "holder"), Address: text.Draw(t, "address")}
	c.ControlBody = Party{Names: text.Draw(t, "control body")}
	if c.Office != "CN" {
		c.Holder.Code, c.ControlBody.Code = str.Draw(t, "holder code"), str.Draw(t, "control code")
	}
	c.Area.Words = text.Draw(t, "words")
	c.Area.Geometry = rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{"type":"Polygon","coordinates":[[[107.5,41.0000001],[108,41],[108,41.5],[107.5,41.0000001]]],"note":null}`)}).Draw(t, "geometry")
	for i := range rapid.IntRange(0, 3).Draw(t, "sections") {
		key := rapid.SampledFrom([]string{"product", "production", "labelling", "harvest", "sensory"}).Draw(t, "key")
		for _, s := range c.Specification {
			if s.Key == key {
				key += strconv.Itoa(i)
			}
		}
		c.Specification = append(c.Specification, Section{Key: key, Titles: text.Draw(t, "titles"), Texts: text.Draw(t, "texts")})
	}
	c.Link = text.Draw(t, "link")
	for range rapid.IntRange(0, 2).Draw(t, "quality") {
		c.Quality = append(c.Quality, Quality{Property: text.Draw(t, "property"), Value: str.Draw(t, "value"), Method: str.Draw(t, "method"), Evidence: text.Draw(t, "evidence")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "sources") {
		s := Source{Title: str.Draw(t, "title"), URL: rapid.OneOf(rapid.SampledFrom([]string{"https://gi.example/a?b=c&d=%E4", "no address", "data:,x", "https://gi.example/?[A|", "?%zz", "http://[::1]/"}), str).Draw(t, "url"), Page: str.Draw(t, "page")}
		if rapid.Bool().Draw(t, "retrieved") {
			at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
			s.RetrievedAt = &at
		}
		c.Sources = append(c.Sources, s)
	}
	return c
})

// shapes are the children that we write, in the order in which the schemas have them.
var shapes = map[string]string{
	"GIApplication": "GIData ApplicantBag DocumentIncludedBag RecordIdentifier",
	"GIData":        "RegistrationNumber RegistrationDate GINameBag ProductIndicationBag FeatureDescriptionBag GeographicRegionDescriptionBag GICategory GIPublicationBag GIStatusCategory",
	"GINameBag":     "GINameText GINameTransliterationText GINameTranslationText",
	"FeatureDescription": "MainFeatureDescriptionText ProductionDescriptionText FeatureDescriptionText UniquenessText OriginProofText ProductPhysicalCharacteristicText ProductOrganolepticCharacteristicText " +
		"ProductChemicalCharacteristicText ProductMaterialText ProductProcessingRuleText ProductLabelingRuleText QualityProduct",
	"GeographicRegionDescriptionBag": "GeographicRegionDescription CausalInteractionText",
	"GeographicRegionDescription":    "GeographicRegionDescriptionText DocumentIncludedBag",
	"GoodsServicesClassification":    "ClassificationKindCode ClassificationVersion ClassNumber",
	"Applicant":                      "PartyIdentifier Contact",
	"Contact":                        "Name PostalAddressBag ContactText",
	"DocumentIncluded":               "DocumentName FileName DocumentFormatCategory DocumentKindCategory DocumentLocationURI CommentText",
}

// checkShape is what can be checked without WIPO's schemas: the order of the elements, and that those stand that must.
func checkShape(t rapid.TB, document []byte) {
	t.Helper()
	x := newXMLReader(bytes.NewReader(document))
	start, err := x.next()
	if err != nil {
		t.Fatal(err)
	}
	root, err := x.whole(start)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(*element)
	walk = func(e *element) {
		order, at := strings.Fields(shapes[e.name.Local]), 0
		for _, k := range e.kids {
			if k.name.Local == "" {
				continue
			}
			if len(order) > 0 {
				for at < len(order) && order[at] != k.name.Local {
					at++
				}
				if at == len(order) {
					t.Errorf("%s has %s out of its order", e.name.Local, k.name.Local)
					return
				}
			}
			walk(k)
		}
		if strings.HasSuffix(e.name.Local, "Bag") && len(e.kids) == 0 {
			t.Errorf("%s is empty", e.name.Local)
		}
	}
	walk(root)
	data := root.first(ginNS, "GIData")
	for _, must := range []string{"GINameBag", "ProductIndicationBag", "FeatureDescriptionBag", "GeographicRegionDescriptionBag", "GICategory"} {
		if data.first(ginNS, must) == nil {
			t.Errorf("no %s", must)
		}
	}
}
