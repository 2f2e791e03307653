package registry

import (
	"archive/zip"
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"
)

// directory is a workbook of which only the directory is read: that it says so much of its files is enough.
func directory(t *testing.T, files int, packed, unpacked uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n := range files {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/" + strconv.Itoa(n) + ".xml", Method: zip.Deflate, CompressedSize64: packed, UncompressedSize64: unpacked}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFilesThatAreTooMuch: what is meant to exhaust a reader is refused by its directory, or at the row where it is too much.
func TestFilesThatAreTooMuch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"a sheet that unpacks to two hundred times and more", directory(t, 1, 9<<10, 2<<20), ErrFileLarge},
		{"sheets of too much together", directory(t, 6, 1<<20, 100<<20), ErrFileLarge},
		{"more parts than a workbook has", directory(t, 1001, 1, 1), ErrFileForm},
		{"a workbook cut off", dirtySheet(t)[:2000], ErrFileForm},
		{"rows of CSV without end", []byte("office,name\n" + strings.Repeat("CN,x\n", maxRows+1)), ErrFileLarge},
		{"records of JSON without end", []byte("[" + strings.Repeat("{},", maxRows) + "{}]"), ErrFileLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows := 0
			_, err := readFile(ofRegistrations, bytes.NewReader(c.file), int64(len(c.file)), Mapping{}, noneKept, func(checked) error { rows++; return nil })
			if !errors.Is(err, c.want) || rows > maxRows {
				t.Errorf("got %v after %d rows, want %v", err, rows, c.want)
			}
		})
	}
}
