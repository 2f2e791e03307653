package registry

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of files.
var (
	ErrFileForm    = problem.New(problem.Invalid, "import.file-form")
	ErrFileHeading = problem.New(problem.Invalid, "import.no-heading")
	ErrFileLarge   = problem.New(problem.TooLarge, "import.file-large")
)

const (
	maxRows    = 500_000
	maxCells   = 200      // columns of a row
	maxRecord  = 64 << 10 // bytes of a row
	maxFile    = 200 << 20
	maxSheet   = 512 << 20 // of a workbook, unpacked
	sheetRatio = 200       // unpacked to packed, above which it is a bomb
)

// eachRow reads registrations from a file, row by row, with the row's number as the file counts, headings included. The
// form follows from the content: a workbook, lines of JSON, or text with commas in UTF-8 or GB 18030.
func eachRow(r io.ReaderAt, size int64, visit func(row int, c Content, err error) error) (unknown []string, err error) {
	if size > maxFile {
		return nil, ErrFileLarge
	}
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("import: %w", err)
	}
	whole := io.NewSectionReader(r, 0, size)
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return eachSheetRow(r, size, visit)
	case len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '['):
		return nil, eachJSON(whole, visit)
	default:
		return eachCSVRow(whole, visit)
	}
}

func eachCSVRow(r *io.SectionReader, visit func(int, Content, error) error) ([]string, error) {
	var text io.Reader = bufio.NewReaderSize(r, 1<<16)
	if !isUTF8(r) {
		text = simplifiedchinese.GB18030.NewDecoder().Reader(text)
	}
	buffered := bufio.NewReader(text)
	if bom, err := buffered.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	lines := csv.NewReader(&recordLimiter{r: buffered})
	lines.FieldsPerRecord, lines.LazyQuotes, lines.ReuseRecord = -1, true, true
	header, err := lines.Read()
	if err != nil {
		return nil, ErrFileHeading
	}
	which, unknown := layout(header)
	if len(unknown) == len(which) {
		return nil, ErrFileHeading
	}
	for {
		row, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return unknown, nil
		}
		if err != nil || len(row) > maxCells {
			return unknown, ErrFileForm
		}
		n, _ := lines.FieldPos(0)
		if n > maxRows {
			return unknown, ErrFileLarge
		}
		if err := visit(n, fromRow(which, row), nil); err != nil {
			return unknown, err
		}
	}
}

// recordLimiter ends a file whose quotes never close before it fills memory: so many bytes without a line's end.
type recordLimiter struct {
	r    io.Reader
	left int
}

func (l *recordLimiter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if i := bytes.LastIndexByte(p[:n], '\n'); i >= 0 {
		l.left = n - i
	} else {
		l.left += n
	}
	if l.left > maxRecord {
		return 0, ErrFileForm
	}
	return n, err
}

func isUTF8(r *io.SectionReader) bool {
	defer r.Seek(0, io.SeekStart) //nolint:errcheck // a section's start can always be sought
	b := make([]byte, 1<<20)
	n, err := io.ReadFull(r, b)
	if err == nil { // cut in the middle: perhaps in a character
		for n > 0 && !utf8.RuneStart(b[n-1]) {
			n--
		}
		n--
	}
	return utf8.Valid(b[:max(n, 0)])
}

func eachJSON(r io.Reader, visit func(int, Content, error) error) error {
	d := json.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	if first, err := bufferedByte(d); err == nil && first == '[' {
		if _, err := d.Token(); err != nil {
			return ErrFileForm
		}
	}
	for row := 1; d.More(); row++ {
		if row > maxRows {
			return ErrFileLarge
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return ErrFileForm
		}
		var c Content
		strict := json.NewDecoder(bytes.NewReader(raw))
		strict.DisallowUnknownFields()
		err := strict.Decode(&c)
		if len(raw) > maxRecord*16 {
			err = ErrFileForm
		}
		if err := visit(row, c, err); err != nil {
			return err
		}
	}
	return nil
}

func bufferedByte(d *json.Decoder) (byte, error) {
	d.More() // reads ahead
	b, err := io.ReadAll(d.Buffered())
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
	if err != nil || len(b) == 0 {
		return 0, io.EOF
	}
	return b[0], nil
}

func eachSheetRow(r io.ReaderAt, size int64, visit func(int, Content, error) error) ([]string, error) {
	if err := checkWorkbook(r, size); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{UnzipSizeLimit: maxSheet, UnzipXMLSizeLimit: 16 << 20, RawCellValue: true})
	if err != nil {
		return nil, ErrFileForm
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return nil, ErrFileForm
	}
	defer rows.Close()
	var which []int
	var unknown []string
	for n := 1; rows.Next(); n++ {
		if n > maxRows {
			return unknown, ErrFileLarge
		}
		row, err := rows.Columns()
		if err != nil || len(row) > maxCells {
			return unknown, ErrFileForm
		}
		if which == nil { // titles and empty lines may stand above the headings
			if w, u := layout(row); len(w)-len(u) >= 2 && len(u) < len(w) {
				which, unknown = w, u
			} else if n > 20 {
				return nil, ErrFileHeading
			}
			continue
		}
		if empty(row) {
			continue
		}
		if err := visit(n, fromRow(which, row), nil); err != nil {
			return unknown, err
		}
	}
	if which == nil {
		return nil, ErrFileHeading
	}
	return unknown, nil
}

// checkWorkbook looks at a workbook's directory before anything is unpacked.
func checkWorkbook(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil || len(z.File) > 1000 {
		return ErrFileForm
	}
	var total uint64
	for _, f := range z.File {
		total += f.UncompressedSize64
		if f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > sheetRatio {
			return ErrFileLarge
		}
	}
	if total > maxSheet {
		return ErrFileLarge
	}
	return nil
}

func empty(row []string) bool {
	for _, v := range row {
		if v != "" {
			return false
		}
	}
	return true
}

// Export writes the selected registrations: csv (UTF-8 with the mark that spreadsheets need), xlsx, or ndjson, which has
// all of each. It reads in pages, so that a register of any size takes little memory.
func (g *Registry) Export(ctx context.Context, f Filter, format string, w io.Writer) error {
	header := make([]string, len(tabular))
	for i, c := range tabular {
		header[i] = c.headings[0]
	}
	var write func(Content) error
	finish := func() error { return nil }
	switch format {
	case "csv":
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		lines := csv.NewWriter(w)
		if err := lines.Write(header); err != nil {
			return err
		}
		write = func(c Content) error { return lines.Write(toRow(c)) }
		finish = func() error { lines.Flush(); return lines.Error() }
	case "ndjson":
		e := json.NewEncoder(w)
		write = func(c Content) error { return e.Encode(c) }
	default:
		book := excelize.NewFile()
		defer book.Close()
		sheet, err := book.NewStreamWriter("Sheet1")
		if err != nil {
			return err
		}
		n := 1
		row := func(values []string) error {
			cells := make([]any, len(values))
			for i, v := range values {
				cells[i] = v
			}
			at, err := excelize.CoordinatesToCellName(1, n)
			n++
			return errors.Join(err, sheet.SetRow(at, cells))
		}
		if err := row(header); err != nil {
			return err
		}
		write = func(c Content) error { return row(toRow(c)) }
		finish = func() error { return errors.Join(sheet.Flush(), book.Write(w)) }
	}
	if err := g.each(ctx, f, write); err != nil {
		return err
	}
	return finish()
}

// each visits the contents of the selected registrations, a page a transaction.
func (g *Registry) each(ctx context.Context, f Filter, visit func(Content) error) error {
	cursor := ""
	for {
		page, next, err := g.List(ctx, f, cursor, 200)
		if err != nil {
			return err
		}
		contents, err := g.contents(ctx, page)
		if err != nil {
			return err
		}
		for _, c := range contents {
			if err := visit(c); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}
