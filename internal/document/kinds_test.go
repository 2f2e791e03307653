package document

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// zipped makes an archive of names and contents, by turns.
func zipped(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		e, err := w.Create(parts[i])
		if err == nil {
			_, err = e.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pdf writes a PDF of the given objects; the first one is the catalogue.
func pdf(objects ...string) string {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.String()
}

// packedPDF hides an object in an object stream, where a search for words does not find it.
func packedPDF(t testing.TB, hidden string) string {
	t.Helper()
	inside := "5 0 " + hidden
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write([]byte(inside)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, 7)
	put := func(n int, o string) {
		offsets[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, o)
	}
	put(1, "<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>")
	put(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	put(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>")
	put(4, fmt.Sprintf("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", packed.Len(), packed.String()))
	offsets[6] = b.Len()
	var table bytes.Buffer
	entry := func(kind byte, a int, c byte) { table.Write([]byte{kind, byte(a >> 8), byte(a), c}) }
	entry(0, 0, 255)
	for n := 1; n <= 4; n++ {
		entry(1, offsets[n], 0)
	}
	entry(2, 4, 0)
	entry(1, offsets[6], 0)
	fmt.Fprintf(&b, "6 0 obj\n<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", table.Len(), table.String(), offsets[6])
	return b.String()
}

const (
	pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	page  = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
)

func drawn(inside string) string {
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">` + inside + `</svg>`
}

func pictured(t testing.TB, format string) string {
	t.Helper()
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	var err error
	if format == "png" {
		err = png.Encode(&b, m)
	} else {
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hugePNG is the head of a picture of 32,768 by 32,768 pixels.
func hugePNG() string {
	chunk := []byte("IHDR\x00\x00\x80\x00\x00\x00\x80\x00\x08\x00\x00\x00\x00")
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk)))
}

func gb18030(t testing.TB, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestContentIsOfItsType(t *testing.T) {
	t.Parallel()
	const xlsx, docx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	good := pdf("<</Type/Catalog/Pages 2 0 R>>", pages, page)
	bomb := zipped(t, "a.txt", strings.Repeat("0", 32<<20))
	var many []string
	for i := range maxEntries + 1 {
		many = append(many, fmt.Sprint(i), "")
	}
	for _, c := range []struct {
		name, mediaType, content, want string
	}{
		{"a PDF", "application/pdf", good, ""},
		{"a PDF that opens at a page", "application/pdf", pdf("<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>>", pages, page), ""},
		{"a PDF with a script on opening", "application/pdf", pdf("<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", pages, page), reasonScript},
		{"a PDF with a script in its names", "application/pdf", pdf("<</Type/Catalog/Pages 2 0 R/Names<</JavaScript<</Names[(a) 4 0 R]>>>>>>", pages, page, "<</S/Foo>>"), reasonScript},
		{"a PDF that starts a program", "application/pdf", pdf("<</Type/Catalog/Pages 2 0 R>>", pages, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/AA<</O<</S/Launch/F(cmd.exe)>>>>>>"), reasonScript},
		{"a PDF with an escaped script", "application/pdf", pdf("<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Java#53cript/J#53(app.alert(1))>>>>", pages, page), reasonScript},
		{"a PDF with a script in an object stream", "application/pdf", packedPDF(t, "<</S/JavaScript/JS(app.alert(1))>>"), reasonScript},
		{"a PDF with something harmless in an object stream", "application/pdf", packedPDF(t, "[3 0 R/Fit]"), ""},
		{"a PDF with a form that sends", "application/pdf", pdf("<</Type/Catalog/Pages 2 0 R/OpenAction<</S/SubmitForm/F(http://x)>>>>", pages, page), reasonScript},
		{"a PDF with XFA", "application/pdf", pdf("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/XFA(x)>>>>", pages, page), reasonScript},
		{"a PDF that is cut", "application/pdf", good[:len(good)/3], reasonContent},
		{"a PDF in name only", "application/pdf", "hello", reasonContent},
		{"a PNG", "image/png", pictured(t, "png"), ""},
		{"a PNG that is a JPEG", "image/png", pictured(t, "jpeg"), reasonContent},
		{"a JPEG", "image/jpeg", pictured(t, "jpeg"), ""},
		{"a JPEG that is a page of HTML", "image/jpeg", "<html><script>alert(1)</script>", reasonContent},
		{"a PNG of a billion pixels", "image/png", hugePNG(), reasonPixels},
		{"a WebP", "image/webp", "RIFF\x0c\x00\x00\x00WEBPVP8L\x00\x00\x00\x00", ""},
		{"a WebP that is a WAV", "image/webp", "RIFF\x0c\x00\x00\x00WAVEfmt \x00\x00\x00\x00", reasonContent},
		{"a drawing", "image/svg+xml", drawn(`<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><style>.b{fill:url(#a)}</style><g class="b" style="stroke:url('#a')"><path d="M0 0"/><use href="#a"/></g>`), ""},
		{"a drawing with a picture in it", "image/svg+xml", drawn(`<image href="data:image/png;base64,AAAA"/>`), ""},
		{"a drawing of a drawing program", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape"><metadata><i:page/></metadata></svg>`, ""},
		{"a drawing in name only", "image/svg+xml", "<html/>", reasonContent},
		{"a drawing that is cut", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"><g>`, reasonContent},
		{"a drawing with entities", "image/svg+xml", `<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + drawn(`<text>&e;</text>`), reasonContent},
		{"a drawing with a script", "image/svg+xml", drawn(`<script>alert(1)</script>`), reasonScript},
		{"a drawing with a script of another space", "image/svg+xml", drawn(`<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>`), reasonScript},
		{"a drawing that acts when it is loaded", "image/svg+xml", drawn(`<g onLoad="alert(1)"/>`), reasonScript},
		{"a drawing with a page in it", "image/svg+xml", drawn(`<foreignObject/>`), reasonScript},
		{"a drawing that changes itself", "image/svg+xml", drawn(`<use href="#a"><set attributeName="href" to="javascript:alert(1)"/></use>`), reasonScript},
		{"a drawing with a link that is a script", "image/svg+xml", drawn(`<use xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:alert(1)"/>`), reasonExternal},
		{"a drawing that fetches a picture", "image/svg+xml", drawn(`<image href="https://example.org/a.png"/>`), reasonExternal},
		{"a drawing with a drawing in it", "image/svg+xml", drawn(`<image href="data:image/svg+xml;base64,AAAA"/>`), reasonExternal},
		{"a drawing that fetches a pattern", "image/svg+xml", drawn(`<rect fill="url( 'https://example.org/a.svg#b')"/>`), reasonExternal},
		{"a drawing that fetches a style", "image/svg+xml", drawn(`<style>@import "https://example.org/a.css";</style>`), reasonExternal},
		{"a drawing with a style that fetches", "image/svg+xml", drawn(`<style>a{fill:url(https://example.org)}</style>`), reasonExternal},
		{"a drawing with a style around a comment", "image/svg+xml", drawn(`<style>@imp<!-- -->ort "https://example.org/a.css";</style>`), reasonExternal},
		{"a drawing with a style around a section", "image/svg+xml", drawn(`<style>a{fill:u<![CDATA[rl(https://example.org)]]>}</style>`), reasonExternal},
		{"a drawing with a style around another", "image/svg+xml", drawn(`<style>@imp<style>a{}</style>ort "https://example.org/a.css";</style>`), reasonContent},
		{"a drawing with a style in escapes", "image/svg+xml", drawn(`<style>a{fill:u\72l(https://example.org)}</style>`), reasonExternal},
		{"a drawing with a style sheet", "image/svg+xml", `<?xml-stylesheet href="a.css"?>` + drawn(""), reasonExternal},
		{"text", "text/plain", "五原向日葵\n", ""},
		{"text of an old office", "text/csv", gb18030(t, "名称,编号\n五原向日葵,1\n"), ""},
		{"text with a byte order mark", "text/csv", "\ufeff名称\n", ""},
		{"a table in UTF-16", "text/csv", "\xff\xfen\x00a\x00\n\x00", ""},
		{"a table in Windows-1252", "text/csv", "K\xe4se,1\n", ""},
		{"a table in two encodings", "text/csv", "Käse,1\nK\xe4se,2\n", ""},
		{"a table that is a program", "text/csv", "\x7fELF\x02\x01\x01\x00\x00", reasonContent},
		{"a table in UTF-16 with control characters", "text/csv", "\xff\xfe\x01\x00", reasonContent},
		{"text that is a program", "text/plain", "\x7fELF\x02\x01\x01\x00\x00", reasonContent},
		{"text that is nothing", "text/plain", "\xff\xfe\xfa\x81", reasonContent},
		{"JSON", "application/json", `{"a":[1,2]}`, ""},
		{"JSON that is cut", "application/json", `{"a":[1,2`, reasonContent},
		{"JSON five million deep", "application/json", strings.Repeat("[", 5_000_000), reasonContent},
		{"GeoJSON", "application/geo+json", `{"type":"Point","coordinates":[108.27,41.09]}`, ""},
		{"GeoJSON that is other JSON", "application/geo+json", `{"type":"Sunflower"}`, reasonContent},
		{"XML", "application/xml", `<?xml version="1.0" encoding="UTF-8"?><a><b/></a>`, ""},
		{"XML with entities", "application/xml", `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`, reasonContent},
		{"XML a thousand deep", "application/xml", strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000), reasonDepth},
		{"XML with two roots", "application/xml", `<a/><b/>`, reasonContent},
		{"a ZIP", "application/zip", zipped(t, "报告/一.pdf", "x"), ""},
		{"a ZIP bomb", "application/zip", bomb, reasonBomb},
		{"a ZIP with too many files", "application/zip", zipped(t, many...), reasonBomb},
		{"a ZIP that leaves its folder", "application/zip", zipped(t, "../../etc/passwd", "x"), reasonPath},
		{"a ZIP with one name twice", "application/zip", zipped(t, "a", "x", "a", "y"), reasonPath},
		{"a ZIP in name only", "application/zip", "PK\x03\x04", reasonContent},
		{"a workbook", xlsx, zipped(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook/>"), ""},
		{"a workbook that is a letter", xlsx, zipped(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<document/>"), reasonContent},
		{"a workbook with macros", xlsx, zipped(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook/>", "xl/vbaProject.bin", "x"), reasonMacro},
		{"a workbook that is a bomb", xlsx, zipped(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", strings.Repeat(" ", 32<<20)), reasonBomb},
		{"a letter", docx, zipped(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<document/>"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := kinds[c.mediaType].look(t.Context(), strings.NewReader(c.content), int64(len(c.content))); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzLook throws anything at every kind: an answer, never a panic.
func FuzzLook(f *testing.F) {
	for _, mediaType := range MediaTypes() {
		for _, seed := range []string{"", "%PDF-1.7", pdf("<</Type/Catalog/Pages 2 0 R>>", pages, page), packedPDF(f, "[3 0 R/Fit]"), pictured(f, "png"), zipped(f, "a", "b"), `{"type":"Point"}`, "<a/>"} {
			f.Add(mediaType, seed)
		}
	}
	f.Fuzz(func(t *testing.T, mediaType, content string) {
		k, ok := kinds[mediaType]
		if !ok {
			return
		}
		var known refusal
		if err := k.look(t.Context(), strings.NewReader(content), int64(len(content))); err != nil && !errors.As(err, &known) {
			t.Errorf("got %v, want a refusal or none", err)
		}
	})
}

func TestAnnouncement(t *testing.T) {
	t.Parallel()
	ok := Announcement{Filename: "检验报告.pdf", Size: 10, MediaType: "application/pdf", SHA256: strings.Repeat("a", 64)}
	for _, c := range []struct {
		name   string
		change func(*Announcement)
		want   string
	}{
		{"as it should be", func(*Announcement) {}, ""},
		{"extension in capitals", func(a *Announcement) { a.Filename = "REPORT.PDF" }, ""},
		{"a path", func(a *Announcement) { a.Filename = "../a.pdf" }, "invalid /filename:document.filename"},
		{"a Windows path", func(a *Announcement) { a.Filename = `c:\a.pdf` }, "invalid /filename:document.filename"},
		{"a name that reads backwards", func(a *Announcement) { a.Filename = "a\u202efdp.pdf" }, "invalid /filename:document.filename"},
		{"a line break", func(a *Announcement) { a.Filename = "a\r\nX: y.pdf" }, "invalid /filename:document.filename"},
		{"another extension", func(a *Announcement) { a.Filename = "a.exe" }, "invalid /filename:document.extension"},
		{"a table in the old form of Excel", func(a *Announcement) { a.MediaType, a.Filename = "application/vnd.ms-excel", "会员名册.XLS" }, "invalid /filename:document.old-excel"},
		{"a type that is not taken", func(a *Announcement) { a.MediaType = "image/bmp" }, "invalid /mediaType:document.media-type"},
		{"several at once", func(a *Announcement) { a.MediaType, a.Filename, a.SHA256 = "text/html", "", "" }, "invalid /filename:document.filename /mediaType:document.media-type /sha256:document.digest"},
		{"too large", func(a *Announcement) { a.Size = 101 }, "document.too-large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := ok
			c.change(&a)
			got := ""
			if err := a.Check(100); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
