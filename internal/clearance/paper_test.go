package clearance

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// A report is set in each language of the house; with REPORTS=DIR the papers are kept there to be looked at.
func TestReportsAreSet(t *testing.T) {
	t.Parallel()
	b, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	press, err := typeset.New(typeset.Config{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { press.Close() })
	r := Report{Title: "五原向日葵", Names: []Name{{"五原向日葵", "zh-Hans"}, {"Wuyuan Sunflower", "en"}}, Market: "AE", Classes: []string{"nice|31"}, Floor: 45, AskedAt: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), AskedBy: "Wang Hai",
		Found: 3, Kept: 3, Decided: 1, Conflicts: 1, Method: CurrentMethod(), Searched: []Searched{{Source: "registrations", Count: 12}, {Source: "marks", Count: 3, Lists: []SearchedList{{Name: "示范名单", Source: "示范商标公告", TakenOn: "2026-01-05", Count: 3}}}}}
	q := question{report: r, reach: map[string]bool{"AE": true}}
	for _, n := range r.Names {
		q.names = append(q.names, spell(n.Text))
	}
	var all []Finding
	for _, c := range []candidate{
		{Names: []Name{{Text: "五原向日葵籽"}}, Right: TradeMark, Office: "AE", Number: "1001", Holder: map[string]string{"und": "示范公司"}, Classes: []string{"nice|31"}, Status: "registered", Since: "2019-03-01", List: "示范名单"},
		{Names: []Name{{Text: "عباد شمس وويوان"}, {Text: "Wuyuan"}}, Right: Recognised, Office: "AE", Status: "protected", Publisher: map[string]string{"ar": "مكتب المؤشرات الجغرافية", "en": "Office"}},
		{Names: []Name{{Text: "武原向日葵"}}, Right: Indication, Office: "CN", Status: "registered"},
	} {
		if f, ok := q.weigh("marks", c); ok {
			all = append(all, f)
		}
	}
	inOrder(all)
	for i := range all {
		all[i].Place = i + 1
	}
	if len(all) != 3 {
		t.Fatalf("got %d findings", len(all))
	}
	all[0].Decision, all[0].Reason, all[0].DecidedBy = Conflict, "The same goods, an earlier right.", "Wang Hai"
	for _, tag := range locale.Supported {
		if sheetOf(b, tag, false, r, all).Demo != "" {
			t.Errorf("%s: the paper of a real office says that it is a demonstration", tag)
		}
		sh := sheetOf(b, tag, true, r, all)
		if sh.Demo != b.T(tag, "letter.paper.demo", nil) {
			t.Errorf("%s: the paper of a demonstration does not say so", tag)
		}
		pdf, err := setPaper(context.Background(), press, sh)
		if err != nil {
			t.Errorf("%s: %v", tag, err)
			continue
		}
		if !bytes.Contains(pdf, []byte("pdfaid:part")) {
			t.Errorf("%s: the paper does not say that it is PDF/A", tag)
		}
		if dir := os.Getenv("REPORTS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, string(tag)+".pdf"), pdf, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
