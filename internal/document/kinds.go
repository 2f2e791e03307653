package document

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image"
	_ "image/jpeg" // their headers are read
	_ "image/png"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Reasons for which a file is refused; each is a code with a message.
const (
	reasonSize      = "document.refused.size"
	reasonDigest    = "document.refused.digest"
	reasonContent   = "document.refused.content" // not of the type that was announced
	reasonScript    = "document.refused.script"
	reasonExternal  = "document.refused.external" // it fetches something from elsewhere
	reasonEncrypted = "document.refused.encrypted"
	reasonBomb      = "document.refused.bomb"
	reasonPath      = "document.refused.path"
	reasonMacro     = "document.refused.macro"
	reasonPixels    = "document.refused.pixels"
	reasonDepth     = "document.refused.depth"
	reasonExpired   = "document.refused.expired"
	reasonReplaced  = "document.refused.replaced" // another version was announced before this one was completed
	reasonErased    = "document.refused.erased"   // what it showed was personal, and its time is over
)

// Reasons lists all of them, for tests that look for their messages.
var Reasons = []string{reasonSize, reasonDigest, reasonContent, reasonScript, reasonExternal, reasonEncrypted, reasonBomb, reasonPath, reasonMacro, reasonPixels, reasonDepth, reasonExpired, reasonReplaced, reasonErased}

// refusal is a reason as an error.
type refusal string

func (r refusal) Error() string { return string(r) }

// content is a file to be looked at, on disk.
type content interface {
	io.ReadSeeker
	io.ReaderAt
}

// kind is a type of file that we take.
type kind struct {
	extensions []string
	inline     bool // may be shown in the browser
	look       func(ctx context.Context, f content, size int64) error
}

func (k kind) named(filename string) bool {
	return slices.Contains(k.extensions, strings.ToLower(path.Ext(filename)))
}

// kinds are the types of files that we take, by media type. HTML is not among them, since it runs scripts; an SVG that runs something is
// refused, and none is shown in the browser.
var kinds = map[string]kind{
	"application/pdf":      {[]string{".pdf"}, true, lookPDF},
	"image/png":            {[]string{".png"}, true, lookImage("png")},
	"image/jpeg":           {[]string{".jpg", ".jpeg"}, true, lookImage("jpeg")},
	"image/svg+xml":        {[]string{".svg"}, false, lookSVG},
	"image/webp":           {[]string{".webp"}, true, lookWebP},
	"text/plain":           {[]string{".txt"}, false, lookText},
	"text/csv":             {[]string{".csv"}, false, lookTable},
	"application/json":     {[]string{".json"}, false, lookJSON},
	"application/geo+json": {[]string{".geojson", ".json"}, false, lookGeoJSON},
	"application/xml":      {[]string{".xml"}, false, lookXML},
	"application/zip":      {[]string{".zip"}, false, lookArchive("")},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       {[]string{".xlsx"}, false, lookArchive("xl/workbook.xml")},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": {[]string{".docx"}, false, lookArchive("word/document.xml")},
}

// MediaTypes lists the media types that we take, sorted.
func MediaTypes() []string {
	types := []string{}
	for t := range kinds {
		types = append(types, t)
	}
	slices.Sort(types)
	return types
}

// Limits of what parsers are given.
const (
	maxPixels     = 100_000_000
	maxStructured = 20 << 20 // JSON and XML
	maxXMLDepth   = 100
)

func lookImage(format string) func(context.Context, content, int64) error {
	return func(_ context.Context, f content, _ int64) error {
		c, got, err := image.DecodeConfig(bufio.NewReader(f))
		switch {
		case err != nil || got != format:
			return refusal(reasonContent)
		case c.Width*c.Height > maxPixels:
			return refusal(reasonPixels)
		}
		return nil
	}
}

// lookWebP reads the container's head (RFC 9649, section 2.3).
func lookWebP(_ context.Context, f content, size int64) error {
	var head [16]byte
	if _, err := f.ReadAt(head[:], 0); err != nil || string(head[:4]) != "RIFF" || string(head[8:12]) != "WEBP" {
		return refusal(reasonContent)
	}
	inside := int64(head[4]) | int64(head[5])<<8 | int64(head[6])<<16 | int64(head[7])<<24
	if !slices.Contains([]string{"VP8 ", "VP8L", "VP8X"}, string(head[12:16])) || inside+8 > size+1 {
		return refusal(reasonContent)
	}
	return nil
}

// lookText takes UTF-8 and GB18030, in which Chinese offices still save their tables, without control characters.
func lookText(_ context.Context, f content, size int64) error {
	if size > maxStructured {
		return refusal(reasonSize)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxStructured))
	if err != nil {
		return err
	}
	if bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' }) {
		return refusal(reasonContent)
	}
	if utf8.Valid(b) {
		return nil
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return refusal(reasonContent)
	}
	return nil
}

// lookTable takes tables as offices save them: in any encoding, in several even, since whoever imports them says at which row
// something cannot be read. What has control characters is no text; UTF-16 is told by its mark.
func lookTable(_ context.Context, f content, size int64) error {
	if size > maxStructured {
		return refusal(reasonSize)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxStructured))
	if err != nil {
		return err
	}
	if bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
		if b, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b); err != nil {
			return refusal(reasonContent)
		}
	}
	if bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' }) {
		return refusal(reasonContent)
	}
	return nil
}

func lookJSON(_ context.Context, f content, size int64) error {
	_, err := readJSON(f, size)
	return err
}

func readJSON(f content, size int64) ([]byte, error) {
	if size > maxStructured {
		return nil, refusal(reasonSize)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxStructured))
	if err != nil {
		return nil, err
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) || !json.Valid(b) {
		return nil, refusal(reasonContent)
	}
	return b, nil
}

// geoTypes are the types of RFC 7946, section 1.4.
var geoTypes = []string{"Feature", "FeatureCollection", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}

func lookGeoJSON(_ context.Context, f content, size int64) error {
	b, err := readJSON(f, size)
	if err != nil {
		return err
	}
	var object struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(b, &object) != nil || !slices.Contains(geoTypes, object.Type) {
		return refusal(reasonContent)
	}
	return nil
}

// lookXML takes well-formed XML without a document type, which could name entities and other files.
func lookXML(_ context.Context, f content, size int64) error {
	if size > maxStructured {
		return refusal(reasonSize)
	}
	d := xml.NewDecoder(bufio.NewReader(io.LimitReader(f, maxStructured)))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, refusal(reasonContent) }
	depth, roots := 0, 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return refusal(reasonContent)
		}
		switch t.(type) {
		case xml.Directive:
			return refusal(reasonContent)
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			if depth++; depth > maxXMLDepth {
				return refusal(reasonDepth)
			}
		case xml.EndElement:
			depth--
		}
	}
	if depth != 0 || roots != 1 {
		return refusal(reasonContent)
	}
	return nil
}
