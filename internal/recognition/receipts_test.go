package recognition_test

import (
	"slices"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange/receipttest"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// Each side keeps receipts of what both did in a case, and of the documents that one opened of the other, from the act on that shows it
// to the other side.
func TestCasesLeaveReceipts(t *testing.T) {
	t.Parallel()
	w := openCase(t)
	if got := receipttest.Of(t, w.county, w.office, w.file.ID); len(got) > 0 {
		t.Errorf("a case that nobody else sees leaves the receipts %v", got)
	}
	w.do(t, w.county, recognition.CaseEvent{Act: "submit", On: on("2026-01-06"), Documents: []recognition.Paper{w.put(t, w.county, "a")}})
	w.do(t, w.county, recognition.CaseEvent{Act: "endorse", On: on("2026-01-07"), Documents: []recognition.Paper{w.put(t, w.county, "b")}})
	d, err := w.Letters.Attach(w.county, w.file.ID, w.put(t, w.county, "c"))
	if err == nil {
		d, err = w.Letters.Share(w.county, w.file.ID, d.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Letters.Link(w.county, w.file.ID, d.ID, document.Attachment); err != nil { // its own
		t.Fatal(err)
	}
	if _, _, err := w.Letters.Link(w.office, w.file.ID, d.ID, document.Attachment); err != nil {
		t.Fatal(err)
	}
	day := on("2026-01-12")
	w.do(t, w.office, recognition.CaseEvent{Act: "receive", On: day, ReceivedOn: &day, Reference: "R-1"})
	if got, want := receipttest.Of(t, w.county, w.office, w.file.ID), []string{"recognition-case.endorse", "case-document.share"}; !slices.Equal(got, want) {
		t.Errorf("the county's: got %v, want %v", got, want)
	}
	if got, want := receipttest.Of(t, w.office, w.county, w.file.ID), []string{"open", "recognition-case.receive"}; !slices.Equal(got, want) {
		t.Errorf("the office's: got %v, want %v", got, want)
	}
}
