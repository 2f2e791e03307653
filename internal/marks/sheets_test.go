package marks_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pdf "github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// pagesOf are what the pages of a PDF draw.
func pagesOf(t *testing.T, file []byte) (all []string) {
	t.Helper()
	pdf.DisableConfigDir()
	whole, err := pdf.ReadAndValidate(bytes.NewReader(file), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= whole.PageCount; n++ {
		r, err := pdfcpu.ExtractPageContent(whole, n)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(content))
	}
	return all
}

var (
	written = regexp.MustCompile(`\(([^)]*)\) Tj`)
	modules = regexp.MustCompile(`(?s)q [^\n]* cm\n(.*?)f Q`)
)

// drawn are the rows of the first QR code of a page.
func drawn(t *testing.T, page string, size int) []string {
	t.Helper()
	rows := slices.Repeat([][]byte{bytes.Repeat([]byte("0"), size)}, size)
	for i := range rows {
		rows[i] = slices.Clone(rows[i])
	}
	for line := range strings.Lines(modules.FindStringSubmatch(page)[1]) {
		var x, y, width int
		if _, err := fmt.Sscanf(line, "%d %d %d 1 re", &x, &y, &width); err != nil {
			t.Fatal(err)
		}
		copy(rows[size-1-y][x:x+width], bytes.Repeat([]byte("1"), width))
	}
	var texts []string
	for _, r := range rows {
		texts = append(texts, string(r))
	}
	return texts
}

// Sheets have the codes of the other forms, forty to a page, each as text and as the QR code of its address.
func TestSheetsOfCodes(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.ordered(100)
	codes := h.printed(b, marks.PrintCSV, 7, 45)[1:]
	f, _, err := h.batches.PrintFile(h.ctx, b.ID, marks.PrintPDF, marks.Numbers{First: 7, Count: 45}, "https://example.org")
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := f.Write(h.ctx, &file); err != nil {
		t.Fatal(err)
	}
	pages := pagesOf(t, file.Bytes())
	if len(pages) != 2 {
		t.Fatalf("got %d pages, want 2", len(pages))
	}
	var got, want []string
	for n, page := range pages {
		for _, w := range written.FindAllStringSubmatch(page, -1) {
			got = append(got, w[1])
		}
		for i, line := range codes[40*n : min(40*n+40, 45)] {
			code := strings.Split(line, ",")[1]
			want = append(want, code[:14], code[15:], fmt.Sprint(7+40*n+i))
		}
		want = append(want, fmt.Sprintf("%d: %d-%d   %d/2", b.Code, 7+40*n, min(7+40*n+39, 51), n+1))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	rows, err := typeset.QR("https://example.org/m/"+strings.Split(codes[0], ",")[1], typeset.Sturdy)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows, drawn(t, pages[0], len(rows))); diff != "" {
		t.Error(diff)
	}
}

func TestSheetsHaveAnEnd(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.ordered(30_000)
	_, _, err := h.batches.PrintFile(h.ctx, b.ID, marks.PrintPDF, marks.Numbers{}, "https://example.org")
	if want := problem.ErrInvalid.At("?count", "mark-batch.sheets"); !errors.Is(err, problem.ErrInvalid) || !strings.Contains(err.Error(), want.Details[0].Code) {
		t.Errorf("got %v, want %v", err, want)
	}
}
