package registry

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	tables "github.com/helianthus-gi/helianthus/internal/table"
)

func book(t *testing.T, rows ...[]string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := tables.XLSX(&b)
	for _, row := range rows {
		if err == nil {
			err = w.Row(row)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gb(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// said is a row in one line: its number, name, language, forms, number and findings.
func said(n ListedName) string {
	parts := []string{n.Name, n.Language}
	for _, f := range n.Forms {
		parts = append(parts, f.Kind[:5]+" "+f.Language+" "+f.Text)
	}
	if n.Number != "" {
		parts = append(parts, "no. "+n.Number)
	}
	for _, f := range n.Findings {
		parts = append(parts, f.Code+" at "+f.Pointer)
	}
	return strings.Join(parts, " | ")
}

func TestReadNames(t *testing.T) {
	t.Parallel()
	no, yes := false, true
	tests := []struct {
		name, file string
		form       ListForm
		want       []string
	}{
		{"names alone, one a line", "五原向日葵\n\n河套番茄\n", ListForm{}, []string{"五原向日葵 | zh-Hans", "河套番茄 | zh-Hans"}},
		{"pasted with transcription and translation", "五原向日葵\tWuyuan Xiangrikui\tWuyuan Sunflower\nქართლი\tKartli\n", ListForm{Pasted: true},
			[]string{"五原向日葵 | zh-Hans | trans zh-Latn Wuyuan Xiangrikui | trans en Wuyuan Sunflower", "ქართლი | und-Geor | trans und-Latn Kartli"}},
		{"Chinese headings in GB18030", gb(t, "序号,名称,拼音,注册号\n1,五原向日葵,Wuyuan Xiangrikui,AGI01\n2,,Nobody,AGI02\n"), ListForm{},
			[]string{"五原向日葵 | zh-Hans | trans zh-Latn Wuyuan Xiangrikui | no. AGI01", " | und | trans und-Latn Nobody | no. AGI02 | import.value-needed at 名称"}},
		{"a French workbook", book(t, []string{"Dénomination", "Langue", "Translittération"}, []string{"Ромей", "bg", "Romei"}), ListForm{}, []string{"Ромей | bg | trans bg-Latn Romei"}},
		{"a Russian list", "Наименование;Язык;Перевод\nВологодское масло;ru;Vologda butter\n", ListForm{}, []string{"Вологодское масло | ru | trans en Vologda butter"}},
		{"an Arabic list", "الاسم,اللغة\nدقلة نور,ar\n", ListForm{}, []string{"دقلة نور | ar"}},
		{"a language that is none", "name,nameLanguage\nMelon,no language\n", ListForm{}, []string{"Melon | no language | language.not-bcp47 at nameLanguage"}},
		{"headings that nobody knows, mapped", "დასახელება,ქვეყანა\nქართლი,GE\n", ListForm{Mapping: Mapping{Columns: []MappedColumn{{"დასახელება", "name"}}}}, []string{"ქართლი | und-Geor"}},
		{"the first row is a name after all", "Romei,BG\nKartli,GE\n", ListForm{Headings: &no}, []string{"Romei | und-Latn | trans und-Latn BG", "Kartli | und-Latn | trans und-Latn GE"}},
		{"a single heading that nobody knows", "დასახელება\nქართლი\n", ListForm{Headings: &yes, Mapping: Mapping{Columns: []MappedColumn{{"დასახელება", "name"}}}}, []string{"ქართლი | und-Geor"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list, err := ReadNames(strings.NewReader(c.file), int64(len(c.file)), c.form, 500)
			if err != nil || !list.Complete {
				t.Fatalf("complete %t, %v", list.Complete, err)
			}
			got := []string{}
			for _, r := range list.Rows {
				got = append(got, said(r))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A list whose columns nobody knows is not guessed at; one that is too long, or no table, is refused.
func TestReadNamesRefuses(t *testing.T) {
	t.Parallel()
	read := func(file string, most int) (NameList, error) {
		return ReadNames(strings.NewReader(file), int64(len(file)), ListForm{}, most)
	}
	list, err := read("დასახელება,ქვეყანა\nქართლი,GE\n", 500)
	if err != nil || list.Complete || len(list.Rows) > 0 || len(list.Columns) != 2 || list.Columns[0].Samples[0] != "ქართლი" {
		t.Errorf("unknown headings: %+v, %v", list, err)
	}
	if _, err := read(strings.Repeat("Melon\n", 4), 3); !errors.Is(err, ErrListLong) {
		t.Errorf("four names of three: %v", err)
	}
	if _, err := read(`{"office":"CN","names":[]}`, 3); !errors.Is(err, ErrFileForm) {
		t.Errorf("a registration is no list of names: %v", err)
	}
	if list, err := read("", 3); err != nil || len(list.Rows) > 0 {
		t.Errorf("nothing: %+v, %v", list, err)
	}
}

func FuzzReadNames(f *testing.F) {
	f.Add("名称,拼音\n五原向日葵,Wuyuan\n", false)
	f.Add("a\tb\tc\n", true)
	f.Fuzz(func(t *testing.T, file string, pasted bool) {
		list, err := ReadNames(strings.NewReader(file), int64(len(file)), ListForm{Pasted: pasted}, 20)
		if err == nil && len(list.Rows) > 20 {
			t.Errorf("%d rows of 20", len(list.Rows))
		}
		for _, r := range list.Rows {
			if !r.Broken() && r.Name == "" {
				t.Errorf("row %d has no name and nobody says so", r.Row)
			}
		}
	})
}
