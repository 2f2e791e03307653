package marks

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"strconv"

	"golang.org/x/image/font/gofont/gomono"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Sheets are A4 pages of labels in a grid, each with the QR code of a mark's address and below it the code and the number. They are
// streamed as the other forms are, page after page: what is printed from a file of codes is kept nowhere, and a process that answers
// requests has no typesetter. All measures are millimetres.
const (
	sheetWidth, sheetHeight = 210, 297
	labelWidth, labelHeight = 38, 35
	labelsAcross            = 5
	labelsDown              = 8
	labelsOnSheet           = labelsAcross * labelsDown
	labelQR                 = 25
)

// mostOnSheets bounds the marks of one file of sheets: 500 pages, some seconds of drawing. Who prints more takes CSV or ZPL.
const mostOnSheets = 500 * labelsOnSheet

var codeSheets = problem.Field("mark-batch.sheets")

// checkSheets refuses sheets of more marks than one file has.
func checkSheets(n Numbers) error {
	if n.Count > mostOnSheets {
		return problem.ErrInvalid.At("?count", codeSheets, "Most", mostOnSheets)
	}
	return nil
}

// The objects of the file that come before its pages (ISO 32000-1, 7.3.10); each page is two: itself and its content.
const (
	objCatalog = iota + 1
	objPages
	objFont
	objDescriptor
	objFontFile
	objFirstPage
)

// sheetWriter writes a PDF as it goes along, and remembers where its objects are.
type sheetWriter struct {
	out     *bufio.Writer
	at      int64
	offsets []int64 // of object i+1
}

func (s *sheetWriter) print(format string, args ...any) {
	n, _ := fmt.Fprintf(s.out, format, args...) // the writer keeps its first error
	s.at += int64(n)
}

// object begins the object of a number.
func (s *sheetWriter) object(n int, dict string, stream []byte) {
	for len(s.offsets) < n {
		s.offsets = append(s.offsets, 0)
	}
	s.offsets[n-1] = s.at
	if stream == nil {
		s.print("%d 0 obj\n%s\nendobj\n", n, dict)
		return
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(stream) // a buffer takes everything
	_ = z.Close()
	s.print("%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n", n, dict, packed.Len(), packed.Bytes())
}

// sheets writes the file.
func (f *PrintFile) sheets(ctx context.Context, w io.Writer) error {
	s := &sheetWriter{out: bufio.NewWriterSize(w, 1<<16)}
	pages := int((f.numbers.Count + labelsOnSheet - 1) / labelsOnSheet)
	s.print("%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n")
	s.object(objCatalog, "<</Type/Catalog/Pages 2 0 R>>", nil)
	s.font()
	var kids bytes.Buffer
	for page := range pages {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		content, err := f.sheet(page, pages)
		if err != nil {
			return err
		}
		n := objFirstPage + 2*page
		fmt.Fprintf(&kids, "%d 0 R ", n)
		s.object(n, fmt.Sprintf("<</Type/Page/Parent %d 0 R/Contents %d 0 R>>", objPages, n+1), nil)
		s.object(n+1, "", content)
	}
	s.object(objPages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]/MediaBox[0 0 %.4f %.4f]/Resources<</Font<</F %d 0 R>>>>>>", pages, kids.Bytes(), points(sheetWidth), points(sheetHeight), objFont), nil)
	table := s.at
	s.print("xref\n0 %d\n0000000000 65535 f \n", len(s.offsets)+1)
	for _, at := range s.offsets {
		s.print("%010d 00000 n \n", at)
	}
	s.print("trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(s.offsets)+1, objCatalog, table)
	return s.out.Flush()
}

func points(mm float64) float64 { return mm / 25.4 * 72 }

// font embeds the letters: a printer has those of a file or none. Go Mono's are all 600 thousandths of an em wide.
func (s *sheetWriter) font() {
	const first, last, width = ' ', '~', 600
	widths := bytes.Repeat([]byte(strconv.Itoa(width)+" "), last-first+1)
	s.object(objFont, fmt.Sprintf("<</Type/Font/Subtype/TrueType/BaseFont/GoMono/Encoding/WinAnsiEncoding/FirstChar %d/LastChar %d/Widths[%s]/FontDescriptor %d 0 R>>", first, last, widths, objDescriptor), nil)
	s.object(objDescriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/GoMono/Flags 33/FontBBox[0 -300 600 1000]/ItalicAngle 0/Ascent 950/Descent -250/CapHeight 700/StemV 90/MissingWidth %d/FontFile2 %d 0 R>>", width, objFontFile), nil)
	s.object(objFontFile, fmt.Sprintf("/Length1 %d", len(gomono.TTF)), gomono.TTF)
}

// sheet draws a page, upward from its lower left corner as PDF does, in millimetres.
func (f *PrintFile) sheet(page, pages int) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%.6f 0 0 %.6f 0 0 cm\n", points(1), points(1))
	const left, bottom = float64(sheetWidth-labelsAcross*labelWidth) / 2, float64(sheetHeight-labelsDown*labelHeight) / 2
	b.WriteString("q 0.1 w 0.7 G\n") // where to cut
	for i := range labelsAcross + 1 {
		fmt.Fprintf(&b, "%.2f %.2f m %.2f %.2f l\n", left+float64(i*labelWidth), bottom, left+float64(i*labelWidth), bottom+labelsDown*labelHeight)
	}
	for i := range labelsDown + 1 {
		fmt.Fprintf(&b, "%.2f %.2f m %.2f %.2f l\n", left, bottom+float64(i*labelHeight), left+labelsAcross*labelWidth, bottom+float64(i*labelHeight))
	}
	b.WriteString("S Q\n")
	from := int64(page * labelsOnSheet)
	for i := range min(labelsOnSheet, f.numbers.Count-from) {
		x, y := left+float64(i%labelsAcross)*labelWidth, bottom+float64(labelsDown-1-i/labelsAcross)*labelHeight
		if err := f.label(&b, x, y, f.numbers.First+from+i); err != nil {
			return nil, err
		}
	}
	line(&b, left, bottom-4, 2.5, fmt.Sprintf("%d: %d-%d   %d/%d", f.batch, f.numbers.First+from, f.numbers.First+min(from+labelsOnSheet, f.numbers.Count)-1, page+1, pages))
	return b.Bytes(), nil
}

// label draws one mark: the rows of its QR code as runs of dark modules, in a space where a module is one, and two lines of the code
// with the number below.
func (f *PrintFile) label(b *bytes.Buffer, x, y float64, number int64) error {
	code := f.sealer.Code(uint32(number)).String()
	rows, err := typeset.QR(f.address+code, typeset.Sturdy)
	if err != nil {
		return err
	}
	module := float64(labelQR) / float64(len(rows))
	fmt.Fprintf(b, "q %.5f 0 0 %.5f %.3f %.3f cm\n", module, module, x+(labelWidth-labelQR)/2.0, y+labelHeight-labelQR-0.5)
	for r, row := range rows {
		for from := 0; from < len(row); from++ {
			if row[from] != '1' {
				continue
			}
			to := from
			for to < len(row) && row[to] == '1' {
				to++
			}
			fmt.Fprintf(b, "%d %d %d 1 re\n", from, len(rows)-1-r, to-from)
			from = to
		}
	}
	b.WriteString("f Q\n")
	const cut = 14 // the first groups of a code, without the hyphen after them
	for i, text := range []string{code[:cut], code[cut+1:], strconv.FormatInt(number, 10)} {
		const size = 2.9
		line(b, x+(labelWidth-0.6*size*float64(len(text)))/2, y+7-float64(i)*2.9, size, text)
	}
	return nil
}

// line writes text that has no brackets and no backslashes, which codes and numbers have none of.
func line(b *bytes.Buffer, x, y, size float64, text string) {
	fmt.Fprintf(b, "BT /F %.2f Tf %.3f %.3f Td (%s) Tj ET\n", size, x, y, text)
}
