package typeset

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"math"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

// ErrTooManyPoints is what a picture says that would be larger than mostPoints.
var ErrTooManyPoints = errors.New("typeset: a picture of too many points")

const (
	mostPoints  = 100_000_000
	pointAnInch = 72.0 // a page's size is told in these
	waitForTurn = 5 * time.Minute
)

// drawer draws PDF: PDFium compiled to WebAssembly, in a sandbox that sees no file. To compile it takes some seconds, so that only a process
// that needs it does, once; one picture is drawn at a time.
var drawer = sync.OnceValues(func() (pdfium.Pool, error) {
	return webassembly.Init(webassembly.Config{MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig()})
})

// Points draws the first page of a PDF as a PNG of so many points an inch, which the file says, too. What the page leaves free is transparent.
// It returns ErrTooManyPoints.
func Points(ctx context.Context, pdf []byte, dpi int) (_ []byte, err error) {
	pool, err := drawer()
	if err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := pool.GetInstance(waitForTurn)
	if err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	picture, err := draw(p, pdf, dpi)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, err
	}
	return withResolution(out.Bytes(), dpi), nil
}

func draw(p pdfium.Pdfium, pdf []byte, dpi int) (*image.NRGBA, error) {
	doc, err := p.OpenDocument(&requests.OpenDocument{File: &pdf})
	if err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	size, err := p.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc.Document})
	if err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	points := func(length float64) int { return max(1, int(math.Round(length/pointAnInch*float64(dpi)))) }
	width, height := points(size.Width), points(size.Height)
	if width > mostPoints/height {
		return nil, ErrTooManyPoints
	}
	bitmap, err := p.FPDFBitmap_Create(&requests.FPDFBitmap_Create{Width: width, Height: height, Alpha: 1})
	if err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	if _, err := p.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: bitmap.Bitmap, Width: width, Height: height}); err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document}}
	if _, err := p.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{Bitmap: bitmap.Bitmap, Page: page, SizeX: width, SizeY: height}); err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	drawn, err := p.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bitmap.Bitmap})
	if err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	picture := image.NewNRGBA(image.Rect(0, 0, width, height))
	if len(drawn.Buffer) != len(picture.Pix) {
		return nil, fmt.Errorf("pdfium: %d bytes for %d by %d points", len(drawn.Buffer), width, height)
	}
	for i := 0; i < len(picture.Pix); i += 4 { // blue comes first
		b := drawn.Buffer[i : i+4]
		picture.Pix[i], picture.Pix[i+1], picture.Pix[i+2], picture.Pix[i+3] = b[2], b[1], b[0], b[3]
	}
	return picture, nil
}

// withResolution says in a PNG how many points an inch has: a pHYs chunk behind the head (PNG, third edition, 11.3.4.3).
func withResolution(picture []byte, dpi int) []byte {
	const head = 8 + 25                                // the signature and IHDR
	metre := uint32(math.Round(float64(dpi) / 0.0254)) // points a metre
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, "pHYs"...)
	chunk = binary.BigEndian.AppendUint32(chunk, metre)
	chunk = binary.BigEndian.AppendUint32(chunk, metre)
	chunk = append(chunk, 1)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(bytes.Clone(picture[:head]), chunk...), picture[head:]...)
}
