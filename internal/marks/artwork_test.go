package marks

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pdf "github.com/pdfcpu/pdfcpu/pkg/api"

	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// square is an image of nobody's mark: a frame, and room for a code in its lower fifth.
const square = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 120" width="100" height="120"><rect x="1" y="1" width="98" height="98" fill="#E3A008" stroke="#8A5A08" stroke-width="2"/></svg>`

// Artwork has the size that was asked for and the official file within it; with ARTWORK=DIR it is kept there to be looked at.
func TestArtworkIsSet(t *testing.T) {
	t.Parallel()
	press, err := typeset.New(typeset.Config{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(press.Close)
	sheet := func(mediaType string) *artSheet {
		return &artSheet{Sheet: typeset.SheetOf(locale.English, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)), File: imageTypes[mediaType], WidthMM: 30, Box: [4]int{50, 860, 900, 100}, Code: "91350100M000100Y43", Colour: "#8A5A08"}
	}
	keep := func(name string, content []byte) {
		if dir := os.Getenv("ARTWORK"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	var pixels bytes.Buffer
	if err := png.Encode(&pixels, image.NewGray(image.Rect(0, 0, 100, 120))); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"image/svg+xml": []byte(square), "image/png": pixels.Bytes()}
	for _, mediaType := range []string{"image/svg+xml", "image/png", "application/pdf"} {
		got, err := setArtwork(t.Context(), press, sheet(mediaType), ArtPDF, files[mediaType])
		if err != nil {
			t.Fatalf("%s: %v", mediaType, err)
		}
		files["application/pdf"] = got
		keep("of-"+filepath.Base(mediaType)+".pdf", got)
		pdf.DisableConfigDir()
		sizes, err := pdf.PageDims(bytes.NewReader(got), nil)
		if err != nil || len(sizes) != 1 || math.Abs(sizes[0].Width-points(30)) > 0.1 || math.Abs(sizes[0].Height-points(36)) > 0.1 {
			t.Errorf("%s: got pages of %v, want 30 mm by 36 mm: %v", mediaType, sizes, err)
		}
	}
	picture, err := setArtwork(t.Context(), press, sheet("image/svg+xml"), ArtPNG, []byte(square))
	if err != nil {
		t.Fatal(err)
	}
	keep("of-svg.png", picture)
	drawn, err := png.Decode(bytes.NewReader(picture))
	if err != nil || drawn.Bounds() != image.Rect(0, 0, 709, 850) && drawn.Bounds() != image.Rect(0, 0, 709, 851) {
		t.Fatalf("got %v, want 30 mm by 36 mm at 600 points an inch: %v", drawn.Bounds(), err)
	}
	for what, c := range map[string]struct {
		at   image.Point
		want color.NRGBA
	}{
		"the official image": {image.Pt(350, 350), color.NRGBA{0xE3, 0xA0, 0x08, 0xFF}},
		"nothing beside it":  {image.Pt(3, 845), color.NRGBA{}},
	} {
		if got := color.NRGBAModel.Convert(drawn.At(c.at.X, c.at.Y)); got != c.want {
			t.Errorf("%s: got %v, want %v", what, got, c.want)
		}
	}
	drawing, err := setArtwork(t.Context(), press, sheet("image/svg+xml"), ArtSVG, []byte(square))
	if err != nil {
		t.Fatal(err)
	}
	keep("of-svg.svg", drawing)
	if !bytes.Contains(drawing, []byte("<svg")) || !bytes.Contains(bytes.ToUpper(drawing), []byte("#8A5A08")) || bytes.Contains(drawing, []byte("<text")) {
		t.Errorf("the drawing has no outlines of the code in its colour: %.300s", drawing)
	}
	if _, err := setArtwork(t.Context(), press, sheet("image/svg+xml"), ArtPDF, []byte("<svg")); !errors.Is(err, ErrImageBroken) {
		t.Errorf("a file that is none: %v", err)
	}
}

func TestWhatALayoutAllows(t *testing.T) {
	t.Parallel()
	layout := Layout{LeastMM: 15, Colours: []string{"#1A1A1A", "#8A5A08"}, Source: "S"}
	for name, c := range map[string]struct {
		wish Wish
		want string
	}{
		"the least size":         {Wish{WidthMM: 15, Colour: "#1a1a1a"}, ""},
		"smaller":                {Wish{WidthMM: 14.9, Colour: "#8A5A08"}, "/widthMm:mark-artwork.small"},
		"another colour":         {Wish{WidthMM: 20, Colour: "#FF0000"}, "/colour:mark-artwork.colour"},
		"a picture":              {Wish{WidthMM: 300, Colour: "#8A5A08", Form: ArtPNG}, ""},
		"too large a picture":    {Wish{WidthMM: 300.1, Colour: "#8A5A08", Form: ArtPNG}, "/widthMm:mark-artwork.large"},
		"both, and no form says": {Wish{}, "/widthMm:mark-artwork.small /colour:mark-artwork.colour"},
	} {
		got := ""
		if err := c.wish.Check(layout); err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid ")
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatAnImageNeeds(t *testing.T) {
	t.Parallel()
	good := func() Image {
		return Image{Name: "N", Layout: Layout{Code: Box{0, 900, 1000, 100}, LeastMM: 10, Colours: []string{" #1a1a1a"}, Source: "S"}}
	}
	for name, c := range map[string]struct {
		change func(*Image)
		want   string
	}{
		"all is there":            {func(*Image) {}, ""},
		"a box beyond the image":  {func(i *Image) { i.Code.Top = 901 }, "/code:mark-image.box"},
		"a box of no height":      {func(i *Image) { i.Code.Height = 0 }, "/code:mark-image.box"},
		"a colour with a name":    {func(i *Image) { i.Colours = []string{"#000000", "black"} }, "/colours/1:mark-image.colour"},
		"no rule, and a bad name": {func(i *Image) { i.Source, i.Name = " ", "。" }, "/name:mark-image.name /source:mark-image.source"},
	} {
		i, got := good(), ""
		c.change(&i)
		if err := i.Check(); err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid ")
		} else if i.Colours[0] != "#1A1A1A" {
			t.Errorf("%s: the colour is %q", name, i.Colours[0])
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
