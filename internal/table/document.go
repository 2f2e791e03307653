package table

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strings"

	"golang.org/x/text/language"
)

// DOCX writes a text document of a title and a table, whose first row is the heading and comes again on every page. It is the
// least that WordprocessingML (ECMA-376, part 1) lets a document be, written by hand as workbooks are: a title and a table
// need no library. In a language that is written from right to left, paragraphs and the order of columns are so, too.
func DOCX(w io.Writer, title, tag string, rows [][]string) error {
	archive := zip.NewWriter(w)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type=` + strings.TrimSuffix(relNS, `"`) + `/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", text(title, tag, rows)},
	} {
		file, err := archive.Create(part[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(file, head+part[1]); err != nil {
			return err
		}
	}
	return archive.Close()
}

func text(title, tag string, rows [][]string) string {
	right := false
	if t, err := language.Parse(tag); err == nil {
		script, _ := t.Script()
		right = script.String() == "Arab" || script.String() == "Hebr"
	}
	var b strings.Builder
	paragraph := func(s string, bold bool) {
		b.WriteString(`<w:p><w:pPr>`)
		if right {
			b.WriteString(`<w:bidi/>`)
		}
		b.WriteString(`</w:pPr><w:r><w:rPr>`)
		if bold {
			b.WriteString(`<w:b/><w:bCs/>`)
		}
		if right {
			b.WriteString(`<w:rtl/>`)
		}
		b.WriteString(`</w:rPr><w:t xml:space="preserve">`)
		_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
		b.WriteString(`</w:t></w:r></w:p>`)
	}
	b.WriteString(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	paragraph(title, true)
	b.WriteString(`<w:tbl><w:tblPr>`)
	if right {
		b.WriteString(`<w:bidiVisual/>`)
	}
	b.WriteString(`<w:tblW w:w="5000" w:type="pct"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="808080"/>`)
	}
	b.WriteString(`</w:tblBorders></w:tblPr><w:tblGrid>`)
	if len(rows) > 0 {
		b.WriteString(strings.Repeat(`<w:gridCol/>`, len(rows[0])))
	}
	b.WriteString(`</w:tblGrid>`)
	for n, row := range rows {
		b.WriteString(`<w:tr>`)
		if n == 0 {
			b.WriteString(`<w:trPr><w:tblHeader/></w:trPr>`)
		}
		for _, cell := range row {
			b.WriteString(`<w:tc><w:tcPr/>`)
			paragraph(cell, n == 0)
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl><w:p/><w:sectPr/></w:body></w:document>`)
	return b.String()
}
