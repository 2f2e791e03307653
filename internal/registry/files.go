package registry

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"

	"github.com/xuri/excelize/v2"

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

// eachRow reads registrations in a form of our own, row by row, with the row's number as the file counts.
func eachRow(r io.ReaderAt, size int64, visit func(row int, c Content, err error) error) error {
	return eachJSON(io.NewSectionReader(r, 0, size), visit)
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
			return ErrRowUnreadable.With("Row", row)
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
