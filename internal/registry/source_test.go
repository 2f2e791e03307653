package registry

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// told reads a file and tells of each row what became of it, and at which row and column what was found.
func told(t *testing.T, file []byte, m Mapping) (seen, []string, []Content) {
	t.Helper()
	var out []string
	var contents []Content
	s, err := readFile(ofRegistrations, bytes.NewReader(file), int64(len(file)), m, noneKept, func(r checked) error {
		contents = append(contents, r.content)
		for _, p := range r.problems {
			text := fmt.Sprintf("%d/%d %s %s", r.number, p.Column, p.Pointer, p.Code)
			if said, ok := p.Values["Said"]; ok {
				text += fmt.Sprintf(" %v", said)
			}
			if read, ok := p.Values["Read"]; ok {
				text += fmt.Sprintf(" → %v", read)
			}
			out = append(out, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, out, contents
}

func compare(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// The names and numbers below are invented; only the shapes are those of the registers.

func TestEAmbrosia(t *testing.T) {
	t.Parallel()
	s, found, cs := told(t, []byte(`[
	{"giIdentifier":"EUGI00000099901","fileNumber":"PGI-CN-9901","protectedNames":["Shifan Kuihua","示范葵花"],"transcriptions":["Shifan Kuihua"],"countries":["CN"],"giType":"PGI",
	 "productType":"FOOD","productCategories":["Class 1.6. Fruit, vegetables and cereals fresh or processed"],"status":"registered","euProtectionDate":"2021-03-01","producerGroupName":"Demonstration Growers"},
	{"giIdentifier":"EUGI00000099902","fileNumber":"PDO-XA-9902","protectedNames":["Demo Käse"],"countries":["IT","EL"],"giType":"PDO","productCategories":["Hard things of the demonstration"],"status":"cancelled","removed":false},
	{"giIdentifier":"EUGI00000099903","fileNumber":"TSG-XA-9903","protectedNames":["Demo Cake"],"countries":["FR"],"giType":"TSG","status":"registered","removed":true}]`), Mapping{})
	if s.form != EAmbrosia || !s.complete {
		t.Fatalf("recognised as %q %v", s.form, s.complete)
	}
	compare(t, "findings", found, []string{
		"2/8 productCategories import.class-untaken Hard things of the demonstration", "2/9 status import.register-status cancelled",
		"3/6 giType import.not-a-gi TSG", "3/9 status import.removed registered",
	})
	compare(t, "first", cs[0], Content{
		Office: "EU", Names: []Name{{Text: "Shifan Kuihua", Language: "und-Latn", Kind: Original}, {Text: "示范葵花", Language: "zh-Hans", Kind: Original},
			{Text: "Shifan Kuihua", Language: "und-Latn", Kind: Transcription, Scheme: "eAmbrosia (European Commission)"}},
		Bases: []Basis{{Kind: "gi-product", Office: "EU", Number: "PGI-CN-9901"}}, Classes: []Class{{Scheme: "food", Code: "1.6"}},
		Holder: Party{Names: map[string]string{"und": "Demonstration Growers"}}, Area: Area{Words: map[string]string{"en": "China"}},
		Sources: []Source{{Title: "eAmbrosia (European Commission)", Page: "EUGI00000099901"}},
	})
	compare(t, "origin", cs[1].Area.Words["en"], "Italy, Greece")
	for _, c := range s.columns {
		if c.Heading == "euProtectionDate" && (c.Field != "" || c.Why != WhyEUDate) {
			t.Errorf("euProtectionDate became %q, because %q", c.Field, c.Why)
		}
	}
}

func TestEAmbrosiaAsATable(t *testing.T) {
	t.Parallel()
	s, found, cs := told(t, []byte("File number;Protected names;GI type;Countries;Status;EU protection date\nPDO-XA-1;Demo Käse;PDO;IT;registered;05/03/2021\n"), Mapping{})
	if s.form != EAmbrosia || len(found) > 0 || cs[0].Bases[0].Number != "PDO-XA-1" || cs[0].Bases[0].RegisteredOn != nil {
		t.Errorf("got %q %v %+v", s.form, found, cs)
	}
}

func TestGIview(t *testing.T) {
	t.Parallel()
	s, found, cs := told(t, []byte(`{"total":1,"resultRecords":[{"id":"EUGI9","status":"registered","database":"UNION_REGISTER_AGRI_GI",
		"basicData":{"protectedNames":["Demo Honig"],"giType":"PGI","productType":"FOOD","countries":["DE"],"euProtectionDate":"2020-01-01","fileNumber":"PGI-DE-9904"}}]}`), Mapping{})
	if s.form != GIview || len(found) > 0 || len(cs) != 1 {
		t.Fatalf("got %q %v %v", s.form, found, cs)
	}
	compare(t, "number", cs[0].number(), "PGI-DE-9904")
	if cs[0].Bases[0].RegisteredOn != nil {
		t.Error("a day of protection was concluded")
	}
}

func TestUKRegister(t *testing.T) {
	t.Parallel()
	table := "Registered product name,Protection type,Product type,Status,Class or category of product,Reason for protection,Country of origin,Date of application,Date of UK registration,Date of original registration with the EU,Protection instrument\n" +
		"Demo Pasty,Protected Geographical Indication (PGI),Food,Registered,\"Class 2.3. Bread, pastry, cakes, confectionery, biscuits and other baker's wares\",UK GI before 2021,United Kingdom,01/02/2010,31/12/2020,05/03/2011,https://www.gov.uk/demo\n" +
		"Demo Schinken,PDO,Food,In consultation,\"Class 1.2. Meat prodcuts (cooked, salted, smoked, etc.)\",EU agreement,Germany,,04/05/2022,,\n" +
		"Demo Cake,Traditional Specialities Guaranteed (TSG),Food,Registered,,UK GI after 2021,France,,,,\n"
	s, found, cs := told(t, []byte(table), Mapping{})
	if s.form != UKForm {
		t.Fatalf("recognised as %q", s.form)
	}
	compare(t, "findings", found, []string{
		"2/9 Date of UK registration import.day-read-as 31/12/2020 → 2020-12-31",
		"3/5 Class or category of product import.class-read-as Class 1.2. Meat prodcuts (cooked, salted, smoked, etc.) → 1.2 Meat products (cooked, salted, smoked, etc.)",
		"3/9 Date of UK registration import.day-read-as 04/05/2022 → 2022-05-04", "3/4 Status import.register-status In consultation",
		"4/2 Protection type import.not-a-gi Traditional Specialities Guaranteed (TSG)",
	})
	compare(t, "bases", []Basis{cs[0].Bases[0], cs[1].Bases[0]}, []Basis{{Kind: "gi-product", Office: "GB", RegisteredOn: new("2020-12-31")}, {Kind: "agreement", Office: "GB", RegisteredOn: new("2022-05-04")}})
	s, found, cs = told(t, []byte(`{"results":[{"title":"Demo Pasty","link":"/protected-food-drink-names/demo-pasty","registered_name":"Demo Pasty","status":"registered","protection_type":"protected-geographical-indication-pgi",
		"class_category":["2-3-bread-pastry-cakes-confectionery-biscuits-and-other-bakers-wares"],"country_of_origin":["united-kingdom"],"reason_for_protection":"uk-gi-before-2021","date_registration":"2020-12-31"}],"total":1}`), Mapping{})
	if s.form != UKForm || len(found) > 0 {
		t.Fatalf("got %q %v", s.form, found)
	}
	compare(t, "source", cs[0].Sources[0].URL, "https://www.gov.uk/protected-food-drink-names/demo-pasty")
	compare(t, "class", cs[0].Classes, []Class{{Scheme: "food", Code: "2.3"}})
}

var chinese = Mapping{
	Columns: []MappedColumn{{"产品名称", "name"}, {"证书编号", "number"}, {"批准时间", "registeredOn"}, {"所属类别", "classes"}, {"保护方式", "basisKind"}, {"权利人", "holder"}},
	Values:  []FieldValue{{"office", "CN"}},
}

func TestADirtyTable(t *testing.T) {
	t.Parallel()
	gb := func(s string) string { return in(t, simplifiedchinese.GB18030, s) }
	file := "某县地理标志一览表（示范数据）\n\n序号,产品名称,证书编号,批准时间,所属类别,保护方式,权利人\n" +
		"1,示范葵花,Ｄ０１,2012年6月1日,水果、蔬菜及谷物，鲜品或加工品,地理标志证明商标,示范协会\n" + // the full-width comma is none
		gb("2,示范蜜瓜,D02,2013/7/2,油酯（黄油、人造黄油、食用油等）,地理标志证明商栎,示范协会\n") +
		in(t, charmap.Windows1252, "3,Demo Käse,D03,05/03/2024,1.3,证明商标,x\n"[:len("3,Demo K")]+"äse,D03,05/03/2024,1.3,gi-product,x\n") +
		"4,ç¤ºèŒƒæž¸æ�,D04,41061,1.6,农产品地理标志,示范协会\n" +
		"5,示范枸杞,D05,2014-08,Wooden clogs,地理标志产品,示范协会,多余\n" +
		"6,\"示范番茄,D06,2015.9.3,1.6,地理标志产品,示范协会\n" +
		"7,,D07,2016-10-04,1.6,地理标志产品,示范协会\n"
	s, found, cs := told(t, []byte(file), chinese)
	if !s.complete || s.encoding != UTF8 || len(cs) != 7 {
		t.Fatalf("got %+v and %d rows", s, len(cs))
	}
	compare(t, "findings", found, []string{
		"4/3 证书编号 import.read-as Ｄ０１ → D01", "4/4 批准时间 import.day-read-as 2012年6月1日 → 2012-06-01",
		"5/0  import.line-encoding", "5/4 批准时间 import.day-read-as 2013/7/2 → 2013-07-02", "5/5 所属类别 import.class-read-as 油酯（黄油、人造黄油、食用油等） → 1.5 油脂（黄油、人造黄油、食用油等）",
		"5/6 保护方式 import.read-as 地理标志证明商栎 → certification-mark",
		"6/0  import.line-encoding", "6/4 批准时间 import.day-ambiguous 05/03/2024",
		"7/2 产品名称 import.character-lost ç¤ºèŒƒæž¸æ�", "7/4 批准时间 import.day-read-as 41061 → 2012-06-01",
		"8/4 批准时间 import.day-incomplete 2014-08", "8/5 所属类别 import.class-unknown Wooden clogs", "8/8  import.cells-beyond 多余",
		"9/0  import.quote-open", "9/4 批准时间 import.day-read-as 2015.9.3 → 2015-09-03",
		"10/2 产品名称 registration.no-original-name", "10/2 产品名称 import.value-needed",
	})
	compare(t, "first", cs[0].Bases[0], Basis{Kind: "certification-mark", Office: "CN", Number: "D01", RegisteredOn: new("2012-06-01")})
	compare(t, "language", cs[2].Names[0].Language, "und-Latn")
	ordered := chinese
	ordered.DayOrder = DayFirst
	_, _, cs = told(t, []byte(file), ordered)
	compare(t, "day first", *cs[2].Bases[0].RegisteredOn, "2024-03-05")
}

// dirtySheet is a workbook as offices send them: a title, two rows of headings with merged cells, a cell merged over rows, days
// in three styles.
func dirtySheet(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"示范县地理标志登记台账（虚构）"}, {},
		{"序号", "产品名称", "登记信息", "", "权利人"},
		{"", "", "证书编号", "批准时间", ""},
		{1, "示范葵花", "D01", 41061, "示范葵花协会"},
		{2, "示范蜜瓜", "D02", "2013年7月2日", ""},
		{3, "示范枸杞", "D01", "03/04/2015", "示范枸杞协会"},
	}
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"E5", "E6"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMergedCellsAndSeveralHeadingRows(t *testing.T) {
	t.Parallel()
	file := dirtySheet(t)
	s, _, cs := told(t, file, Mapping{})
	if s.complete || len(cs) > 0 {
		t.Fatalf("it should ask which field each column is: %+v", s)
	}
	var shown []string
	for _, c := range s.columns {
		shown = append(shown, fmt.Sprint(c.Column, " ", c.Heading, " ", c.Suggested, " ", strings.Join(c.Samples, ",")))
	}
	compare(t, "columns", shown, []string{"1 序号  1,2,3", "2 产品名称 name 示范葵花,示范蜜瓜,示范枸杞", "3 登记信息 / 证书编号 number D01,D02,D01", "4 登记信息 / 批准时间  41061,2013年7月2日,03/04/2015", "5 权利人  示范葵花协会,示范葵花协会,示范枸杞协会"})
	m := Mapping{Columns: []MappedColumn{{"产品名称", "name"}, {"登记信息 / 证书编号", "number"}, {"登记信息 / 批准时间", "registeredOn"}, {"权利人", "holder"}}, Values: []FieldValue{{"office", "CN"}, {"basisKind", "gi-product"}}, DayOrder: DayFirst}
	_, found, cs := told(t, file, m)
	compare(t, "findings", found, []string{
		"5/4 登记信息 / 批准时间 import.day-read-as 41061 → 2012-06-01",
		"6/5 权利人 import.merged-cell → 示范葵花协会", "6/4 登记信息 / 批准时间 import.day-read-as 2013年7月2日 → 2013-07-02",
		"7/4 登记信息 / 批准时间 import.day-read-as 03/04/2015 → 2015-04-03",
	})
	compare(t, "holder", cs[1].Holder.Names["zh-Hans"], "示范葵花协会")
}

func TestAMappingKeptForTheseHeadingsIsUsed(t *testing.T) {
	t.Parallel()
	file := []byte("产品名称,证书编号\n示范葵花,D01\n")
	kept := func(h string) (Mapping, bool) {
		return Mapping{Columns: chinese.Columns[:2], Values: chinese.Values}, h == headingsKey([]string{"产品 名称", "证书编号"})
	}
	s, err := readFile(ofRegistrations, bytes.NewReader(file), int64(len(file)), Mapping{}, kept, func(r checked) error {
		if len(r.problems) > 0 || r.content.number() != "D01" {
			t.Errorf("got %+v", r)
		}
		return nil
	})
	if err != nil || s.form != MappedBy || !s.complete {
		t.Errorf("got %+v %v", s, err)
	}
}

func FuzzSource(f *testing.F) {
	f.Add([]byte("序号,产品名称\n1,\"x\n"))
	f.Add([]byte(`{"results":[{"title":"x","protection_type":"y","reason_for_protection":"z"}]}`))
	f.Add([]byte(`[{"giIdentifier":1,"fileNumber":[[{"a":null}]]}]`))
	f.Add([]byte("sep=;\nname;office\nx;CN\n"))
	f.Add(dirtySheet(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		last := -1
		_, _ = readFile(ofRegistrations, bytes.NewReader(file), int64(len(file)), chinese, noneKept, func(r checked) error {
			if r.number < last {
				t.Fatalf("row %d comes after row %d", r.number, last)
			}
			last = r.number
			_, _, err := r.json()
			return err
		})
	})
}
