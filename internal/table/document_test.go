package table_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/table"
)

func TestDOCX(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, tag, has string }{
		{"from left to right", "zh-Hans", "五原 &amp; &lt;向日葵&gt;"},
		{"from right to left", "ar", "<w:bidiVisual/>"},
	} {
		var b bytes.Buffer
		if err := table.DOCX(&b, "附件", c.tag, [][]string{{"1", "名称"}, {"2", "五原 & <向日葵>"}}); err != nil {
			t.Fatal(err)
		}
		archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			for d := xml.NewDecoder(bytes.NewReader(text)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %s: %v", c.name, f.Name, err)
				}
			}
			if f.Name == "word/document.xml" && !strings.Contains(string(text), c.has) {
				t.Errorf("%s: %s lacks %s", c.name, text, c.has)
			}
		}
	}
}
