package promotion_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// reported is a town in which of two who applied one is supported, paid and reports.
func reported(t *testing.T) *town {
	t.Helper()
	h := open(t, content())
	first, second := h.applied(1200_00), h.applied(800_00)
	h.set(after)
	h.do(promotion.Close)
	w, err := h.own.Award(h.ctx, promotion.Decision{ApplicationID: first.ID, Outcome: promotion.Awarded, Reason: "r"}, "600.00")
	h.must(err)
	_, err = h.own.Award(h.ctx, promotion.Decision{ApplicationID: second.ID, Outcome: promotion.Rejected, Reason: "r"}, "")
	h.must(err)
	h.do(promotion.Decide, promotion.Run)
	on := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
	c, err := h.own.Claim(first.ctx, promotion.Claim{AwardID: w.ID, Receipts: []promotion.Receipt{receipt("1", 500_00)}}, "250.00")
	h.must(err)
	_, err = h.own.Pay(h.ctx, c.ID, c.Version, "100.00", on, "B-1")
	h.must(err)
	for _, r := range []promotion.Result{
		{Contacts: 10, Inquiries: 5, Samples: 2, Contracts: 1, Exports: []promotion.Export{{HSCode: "120600", Country: "AE", Amount: 1000_00, Currency: "USD"}}},
		{Contracts: 2, Exports: []promotion.Export{{HSCode: "120600", Country: "AE", Amount: 500_01, Currency: "USD"}, {HSCode: "120600", Country: "JP", Amount: 7000, Currency: "JPY"}}},
	} {
		r.AwardID, r.HappenedOn = w.ID, on
		_, err := h.own.Report(first.ctx, r, promotion.Attached{})
		h.must(err)
	}
	return h
}

func TestFromTheCallToExportsInFigures(t *testing.T) {
	t.Parallel()
	h, other := reported(t), reported(t)
	d, err := h.own.Dashboard(h.ctx, 2026)
	h.must(err)
	if len(d.Never) != 1 || d.Never[0].Applications != 1 || d.Never[0].Name != "演示贸易" {
		t.Errorf("never supported: %+v", d.Never)
	}
	d.Never = nil
	funnel := promotion.Funnel{Calls: 1, Applications: 2, Applicants: 2, Awarded: 1, Contacts: 10, Inquiries: 5, Samples: 2, Contracts: 3}
	want := promotion.Dashboard{Year: 2026, Funnel: funnel, Years: []promotion.YearFigures{{Year: 2026, Funnel: funnel}}, NeverCount: 1,
		Spent:   []promotion.Spent{{Currency: "CNY", Budget: 1000_00, Committed: 600_00, Paid: 100_00, Contracts: 3}},
		Exports: []promotion.Sum{{Currency: "JPY", Amount: 7000}, {Currency: "USD", Amount: 1500_01}},
		Markets: []promotion.Market{{Country: "AE", Calls: 1, Applications: 2, Awarded: 1, Contracts: 3, Exports: []promotion.Sum{{Currency: "USD", Amount: 1500_01}}}, {Country: "JP", Exports: []promotion.Sum{{Currency: "JPY", Amount: 7000}}}}}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("got  %+v\nwant %+v", d, want)
	}
	if each, ok := d.Spent[0].PerContract(); !ok || each != 33_33 {
		t.Errorf("per contract: %d", each)
	}
	if d, err = h.own.Dashboard(h.ctx, 2020); err != nil || d.Funnel != (promotion.Funnel{}) || len(d.Years) != 1 {
		t.Errorf("another year: %+v, %v", d, err)
	}
	if d, err = h.own.Dashboard(other.ctx, 2026); err != nil || d.Funnel.Calls != 1 {
		t.Errorf("another county counts its own: %+v, %v", d, err)
	}
}

// The yearly report is set in each language and as a workbook; with PAPERS=DIR they are kept there to be looked at.
func TestYearlyReport(t *testing.T) {
	t.Parallel()
	h := reported(t)
	s := h.papers()
	press, err := typeset.New(typeset.Config{Size: 1})
	h.must(err)
	t.Cleanup(func() { press.Close() })
	s.Press = press
	for _, tag := range locale.Supported {
		for _, format := range []promotion.Format{promotion.PDF, promotion.XLSX} {
			file, err := s.MakeReport(h.ctx, promotion.Report{Year: 2026, Language: tag, Format: format})
			h.must(err)
			if dir := os.Getenv("PAPERS"); dir != "" {
				h.must(os.WriteFile(filepath.Join(dir, "report-"+string(tag)+"."+string(format)), file, 0o600))
			}
			if format == promotion.PDF {
				if !bytes.HasPrefix(file, []byte("%PDF-")) {
					t.Errorf("%s: no PDF", tag)
				}
				continue
			}
			z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
			h.must(err)
			sheet, err := z.Open("xl/worksheets/sheet1.xml")
			h.must(err)
			text, err := io.ReadAll(sheet)
			h.must(err)
			for _, want := range []string{"1,500.01", "33.33", "演示贸易"} {
				if !strings.Contains(string(text), want) {
					t.Errorf("%s: %s is not in the workbook", tag, want)
				}
			}
			if strings.Contains(string(text), "promotion-report.") {
				t.Errorf("%s: a message is missing", tag)
			}
		}
	}
}
