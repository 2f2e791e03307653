package registry

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"io"

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

// eachRow reads registrations in a form that has all of each, lines of JSON or XML of ST.96, with the row's number as the
// file counts, and names the elements that have no place in a registration.
func eachRow(r io.ReaderAt, size int64, visit func(row int, c Content, err error) error) (unknown []string, err error) {
	whole := io.NewSectionReader(r, 0, size)
	if isXML(r, size) {
		return eachXML(whole, visit)
	}
	return []string{}, eachJSON(whole, visit)
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
