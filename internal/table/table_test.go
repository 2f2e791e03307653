package table

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var rows = [][]string{{"name", "note"}, {"五原向日葵", `a "quoted", word`}, {"", "two\nlines"}}

func write(t *testing.T, begin func(*bytes.Buffer) (Writer, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := begin(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCSV(t *testing.T) {
	t.Parallel()
	text := write(t, func(b *bytes.Buffer) (Writer, error) { return CSV(b) })
	got, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if d := cmp.Diff(rows, got); err != nil || d != "" || !bytes.HasPrefix(text, []byte("\ufeff")) {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	book, err := excelize.OpenReader(bytes.NewReader(write(t, func(b *bytes.Buffer) (Writer, error) { return XLSX(b) })))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	got, err := book.GetRows("Sheet1")
	if d := cmp.Diff(rows, got); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestXLSXGoesOn(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := XLSX(&b)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[:2] {
		if err := w.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	w.(*workbook).row = mostRows
	if err := w.Row([]string{"last", ""}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	got, err := book.GetRows("Sheet2")
	if d := cmp.Diff([][]string{rows[0], {"last"}}, got); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 702: "ZZ", 703: "AAA"} {
		if got := letters(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestHarmless(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "", "=1+1": "'=1+1", "@x": "'@x", "-": "'-", "a=1": "a=1", "五": "五"} {
		if got := Harmless(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
