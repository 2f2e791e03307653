// Package table writes rows for spreadsheets: CSV with the mark that they need to read UTF-8, and workbooks. Both are
// written as the rows come, in little memory.
package table

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Writer takes rows one by one; the first is the heading. Close ends the table.
type Writer interface {
	Row(values []string) error
	Close() error
}

// WriteTexts writes rows that are texts throughout, none of which is taken for a formula, and closes the writer.
func WriteTexts(w Writer, rows [][]string) error {
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, text := range row {
			safe[i] = Harmless(text)
		}
		if err := w.Row(safe); err != nil {
			return err
		}
	}
	return w.Close()
}

// Harmless keeps a spreadsheet from taking a text for a formula.
func Harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

type csvWriter struct{ lines *csv.Writer }

// CSV begins a table of comma-separated values (RFC 4180) in UTF-8 with a byte order mark.
func CSV(w io.Writer) (Writer, error) {
	_, err := io.WriteString(w, "\ufeff")
	return csvWriter{csv.NewWriter(w)}, err
}

func (t csvWriter) Row(values []string) error { return t.lines.Write(values) }

func (t csvWriter) Close() error {
	t.lines.Flush()
	return t.lines.Error()
}

// workbook is written by hand, row by row into the archive: the library for workbooks keeps 16 MiB of rows, and copies
// of them, before it puts any on disk. It is the least that Office Open XML (ECMA-376) lets a workbook be.
type workbook struct {
	archive *zip.Writer
	part    io.Writer // the sheet
	line    bytes.Buffer
	heading []string
	columns []string // A, B, …
	row     int
	sheets  int
}

const (
	mostRows    = 1_048_576 // of a sheet, as spreadsheets have them
	mostLetters = 32_767    // of a cell

	mainNS = `"http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS  = `"http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	head   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
)

// XLSX begins a workbook. It goes on in another sheet, with the heading again, where one is full.
func XLSX(w io.Writer) (Writer, error) {
	t := &workbook{archive: zip.NewWriter(w)}
	return t, t.begin()
}

func (t *workbook) begin() (err error) {
	t.sheets, t.row = t.sheets+1, 0
	if t.part, err = t.archive.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", t.sheets)); err != nil {
		return err
	}
	_, err = io.WriteString(t.part, head+`<worksheet xmlns=`+mainNS+`><sheetData>`)
	return err
}

func (t *workbook) end() error {
	_, err := io.WriteString(t.part, `</sheetData></worksheet>`)
	return err
}

func (t *workbook) Row(values []string) error {
	if t.heading == nil {
		t.heading = slices.Clone(values)
	}
	if t.row == mostRows {
		if err := errors.Join(t.end(), t.begin(), t.put(t.heading)); err != nil {
			return err
		}
	}
	return t.put(values)
}

func (t *workbook) put(values []string) error {
	for n := len(t.columns) + 1; n <= len(values); n++ {
		t.columns = append(t.columns, letters(n))
	}
	t.row++
	number := strconv.Itoa(t.row)
	t.line.Reset()
	t.line.WriteString(`<row r="` + number + `">`)
	for i, v := range values {
		if v == "" {
			continue
		}
		if utf8.RuneCountInString(v) > mostLetters {
			v = string([]rune(v)[:mostLetters-1]) + "…"
		}
		t.line.WriteString(`<c r="` + t.columns[i] + number + `" t="inlineStr"><is><t xml:space="preserve">`)
		if err := xml.EscapeText(&t.line, []byte(v)); err != nil {
			return err
		}
		t.line.WriteString(`</t></is></c>`)
	}
	t.line.WriteString(`</row>`)
	_, err := t.part.Write(t.line.Bytes())
	return err
}

// letters names a column: 1 is A, 27 is AA.
func letters(n int) (name string) {
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

func (t *workbook) Close() error {
	if err := t.end(); err != nil {
		return err
	}
	var types, sheets, relations strings.Builder
	for n := 1; n <= t.sheets; n++ {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&sheets, `<sheet name="Sheet%d" sheetId="%d" r:id="r%d"/>`, n, n, n)
		fmt.Fprintf(&relations, `<Relationship Id="r%d" Type=%s Target="worksheets/sheet%d.xml"/>`, n, strings.TrimSuffix(relNS, `"`)+`/worksheet"`, n)
	}
	const packageNS = `"http://schemas.openxmlformats.org/package/2006/`
	for _, part := range [][2]string{
		{"xl/workbook.xml", `<workbook xmlns=` + mainNS + ` xmlns:r=` + relNS + `><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns=` + packageNS + `relationships">` + relations.String() + `</Relationships>`},
		{"_rels/.rels", `<Relationships xmlns=` + packageNS + `relationships"><Relationship Id="r1" Type=` + strings.TrimSuffix(relNS, `"`) + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", `<Types xmlns=` + packageNS + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` + types.String() + `</Types>`},
	} {
		w, err := t.archive.Create(part[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, head+part[1]); err != nil {
			return err
		}
	}
	return t.archive.Close()
}
