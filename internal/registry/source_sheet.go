package registry

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// span is a range of merged cells, from 1, ends included.
type span struct{ left, top, right, bottom int }

// maxMerges is how many merged ranges of a sheet are looked at. More than that is decoration.
const maxMerges = 50_000

// sheetTable reads the first sheet of a workbook.
type sheetTable struct {
	book     *excelize.File
	rows     *excelize.Rows
	n        int
	from1904 bool
	all      []span
	down     []span   // those over several rows, by their top
	open     []filled // those that the row stands in
}

type filled struct {
	span
	value string
}

func newSheetTable(r io.ReaderAt, size int64) (*sheetTable, error) {
	if err := checkWorkbook(r, size); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{UnzipSizeLimit: maxSheet, UnzipXMLSizeLimit: 16 << 20, RawCellValue: true})
	if err != nil {
		return nil, ErrFileForm
	}
	t := &sheetTable{book: f}
	sheets := f.WorkBook.Sheets.Sheet
	if len(sheets) == 0 {
		return nil, errors.Join(ErrFileForm, f.Close())
	}
	name := sheets[0].Name
	if t.rows, err = f.Rows(name); err != nil {
		return nil, errors.Join(ErrFileForm, f.Close())
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		t.from1904 = *p.Date1904
	}
	if t.all, err = mergesOf(r, size, sheets[0].ID); err != nil {
		return nil, errors.Join(err, t.close())
	}
	for _, m := range t.all {
		if m.bottom > m.top {
			t.down = append(t.down, m)
		}
	}
	slices.SortStableFunc(t.down, func(a, b span) int { return a.top - b.top })
	return t, nil
}

func (t *sheetTable) merges() []span { return t.all }
func (t *sheetTable) close() error   { return errors.Join(t.rows.Close(), t.book.Close()) }

func (t *sheetTable) next() (line, error) {
	for t.rows.Next() {
		t.n++
		if t.n > maxRows {
			return line{}, ErrFileLarge
		}
		cells, err := t.rows.Columns()
		if err != nil {
			return line{}, ErrRowUnreadable.With("Row", t.n)
		}
		if len(cells) > maxCells {
			if cells = cells[:maxCells]; empty(cells) {
				return line{}, ErrRowLong.With("Row", t.n)
			}
		}
		was := empty(cells)
		l := line{n: t.n, cells: cells}
		t.fill(&l)
		if was && !empty(l.cells) && l.only() {
			continue // nothing but what a merged cell says of it: no row of its own
		}
		if !empty(l.cells) {
			return l, nil
		}
	}
	if err := t.rows.Error(); err != nil {
		return line{}, ErrRowUnreadable.With("Row", t.n+1)
	}
	return line{}, io.EOF
}

// only tells whether all that a row says comes from merged cells.
func (l *line) only() bool {
	n := 0
	for _, c := range l.cells {
		if c != "" {
			n++
		}
	}
	return n == len(l.findings)
}

// fill writes the value of a cell merged over rows into each of them, as a reader sees it, and says so.
func (t *sheetTable) fill(l *line) {
	t.open = slices.DeleteFunc(t.open, func(m filled) bool { return m.bottom < l.n })
	for _, m := range t.open {
		for len(l.cells) < m.left {
			l.cells = append(l.cells, "")
		}
		if l.cells[m.left-1] == "" && m.value != "" {
			l.cells[m.left-1] = m.value
			l.findings = append(l.findings, RowProblem{Column: m.left, Code: CodeMerged, Values: map[string]any{"Read": short(m.value), "Top": m.top, "Bottom": m.bottom}})
		}
	}
	for len(t.down) > 0 && t.down[0].top <= l.n {
		m := t.down[0]
		t.down = t.down[1:]
		if m.top == l.n && m.left <= len(l.cells) {
			t.open = append(t.open, filled{m, l.cells[m.left-1]})
		}
	}
}

// mergesOf finds the merged ranges of a sheet. They stand after all rows, and excelize gives them only from a sheet that is
// whole in memory; so the sheet's text is looked through for them, tag by tag.
func mergesOf(r io.ReaderAt, size int64, id string) ([]span, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, ErrFileForm
	}
	text, err := z.Open(partOf(z, id))
	if err != nil {
		return nil, nil //nolint:nilerr // a workbook of another make; its cells are read all the same
	}
	defer text.Close()
	tags := bufio.NewScanner(text)
	tags.Buffer(make([]byte, 1<<16), 1<<20)
	tags.Split(upToTag)
	var found []span
	for tags.Scan() && len(found) < maxMerges {
		name, attributes, _ := bytes.Cut(tags.Bytes(), []byte(" "))
		if bytes.HasSuffix(name, []byte("mergeCell")) {
			if m, ok := mergeIn(attributes); ok {
				found = append(found, m)
			}
		}
	}
	return found, nil // a sheet that is cut off says so when its rows are read
}

func upToTag(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '<'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// partOf is where a workbook keeps the sheet of a relationship (ECMA-376 part 1, section 12.3.23).
func partOf(z *zip.Reader, id string) string {
	var list struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	f, err := z.Open("xl/_rels/workbook.xml.rels")
	if err != nil {
		return ""
	}
	defer f.Close()
	if err := xml.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&list); err != nil {
		return ""
	}
	for _, r := range list.Relationship {
		if r.ID == id {
			if part, absolute := strings.CutPrefix(r.Target, "/"); absolute {
				return part
			}
			return path.Join("xl", r.Target)
		}
	}
	return ""
}

// mergeIn reads the ref of a mergeCell element.
func mergeIn(attributes []byte) (m span, ok bool) {
	end := bytes.IndexByte(attributes, '>')
	if end < 0 {
		return m, false
	}
	_, after, ok := bytes.Cut(attributes[:end], []byte(`ref="`))
	ref, _, ok2 := bytes.Cut(after, []byte(`"`))
	if !ok || !ok2 {
		return m, false
	}
	from, to, ok := strings.Cut(string(ref), ":")
	if !ok {
		return m, false
	}
	var err1, err2 error
	m.left, m.top, err1 = excelize.CellNameToCoordinates(from)
	m.right, m.bottom, err2 = excelize.CellNameToCoordinates(to)
	return m, err1 == nil && err2 == nil && m.right >= m.left && m.bottom >= m.top
}

// short is the beginning of a value, for messages.
func short(s string) string {
	r := []rune(s)
	if len(r) <= 80 {
		return s
	}
	return fmt.Sprint(string(r[:79]), "…")
}
