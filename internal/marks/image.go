package marks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Image is an official image of the mark (官方标志图样) as the authority uploaded it, and how the credit code of a user is put into it.
// Nobody draws an image here: the file stays as it is, byte by byte, and the code is placed beside it. Neither file nor layout is ever
// changed: another edition is another image.
type Image struct {
	ID         uuid.UUID
	Version    int
	Name       string
	DocumentID uuid.UUID
	MediaType  string
	SHA256     string
	Layout
	RetiredAt   *time.Time
	CreatedAt   time.Time
	CreatedName string
}

// Layout is where and how the code stands in an image, by a rule of the authority, which it names.
type Layout struct {
	Code    Box
	LeastMM float64  // the least width of the image
	Colours []string // of the code, #RRGGBB
	Source  string
}

// Box is a part of an image, in thousandths of its width and height.
type Box struct{ Left, Top, Width, Height int }

// imageTypes are the files that an image may be, and their names where the image is typeset.
var imageTypes = map[string]string{"image/svg+xml": "image.svg", "application/pdf": "image.pdf", "image/png": "image.png"}

// ImageStatus is whether an image may be used.
type ImageStatus string

// The statuses.
const (
	ImageCurrent ImageStatus = "current"
	ImageRetired ImageStatus = "retired"
)

// Status is the image's.
func (i Image) Status() ImageStatus {
	if i.RetiredAt != nil {
		return ImageRetired
	}
	return ImageCurrent
}

// Problems and details of images.
var (
	ErrImageNotFound = problem.New(problem.NotFound, "mark-image.not-found")
	ErrImageRetired  = problem.New(problem.Conflict, "mark-image.retired")
	ErrImageChanged  = problem.New(problem.Conflict, "mark-image.changed") // the document has another version than the layout is for
	ErrImageBroken   = problem.New(problem.Conflict, "mark-image.broken")  // the file cannot be set
	codeImageName    = problem.Field("mark-image.name")
	codeImageFile    = problem.Field("mark-image.file")
	codeImageBox     = problem.Field("mark-image.box")
	codeImageColour  = problem.Field("mark-image.colour")
	codeImageSource  = problem.Field("mark-image.source")
	codeArtSmall     = problem.Field("mark-artwork.small")
	codeArtLarge     = problem.Field("mark-artwork.large")
	codeArtColour    = problem.Field("mark-artwork.colour")
	codeArtImage     = problem.Field("mark-artwork.image")
)

var colourForm = regexp.MustCompile(`^#[0-9A-F]{6}$`)

// Check collects what is wrong with an image by itself, and makes colours of one form.
func (i *Image) Check() error {
	wrong := problem.ErrInvalid
	if registry.NameKey(i.Name) == "" {
		wrong = wrong.At("/name", codeImageName)
	}
	if b := i.Code; b.Left < 0 || b.Top < 0 || b.Width < 1 || b.Height < 1 || b.Left+b.Width > 1000 || b.Top+b.Height > 1000 {
		wrong = wrong.At("/code", codeImageBox)
	}
	for n := range i.Colours {
		if i.Colours[n] = strings.ToUpper(strings.TrimSpace(i.Colours[n])); !colourForm.MatchString(i.Colours[n]) {
			wrong = wrong.At(fmt.Sprintf("/colours/%d", n), codeImageColour)
		}
	}
	if i.Source = strings.TrimSpace(i.Source); i.Source == "" {
		wrong = wrong.At("/source", codeImageSource)
	}
	return wrong.Or()
}

// ArtForm is a form of print-ready artwork.
type ArtForm string

// The forms. Two are vectors; the third is a picture of points at the size at which it is printed, for printers who take nothing else.
const (
	ArtSVG ArtForm = "svg"
	ArtPDF ArtForm = "pdf"
	ArtPNG ArtForm = "png"
)

const (
	artDPI    = 600 // points an inch of a picture
	mostPNGMM = 300 // of its width; larger ones are printed from vectors
)

// Wish is the artwork that somebody asks for.
type Wish struct {
	ImageID uuid.UUID
	Form    ArtForm
	WidthMM float64
	Colour  string
}

// Check collects what of a wish the layout forbids.
func (w Wish) Check(l Layout) error {
	wrong := problem.ErrInvalid
	if w.WidthMM < l.LeastMM {
		wrong = wrong.At("/widthMm", codeArtSmall, "Least", l.LeastMM, "Source", l.Source)
	}
	if w.Form == ArtPNG && w.WidthMM > mostPNGMM {
		wrong = wrong.At("/widthMm", codeArtLarge, "Most", mostPNGMM)
	}
	if !slices.Contains(l.Colours, strings.ToUpper(w.Colour)) {
		wrong = wrong.At("/colour", codeArtColour, "Colours", strings.Join(l.Colours, ", "), "Source", l.Source)
	}
	return wrong.Or()
}
