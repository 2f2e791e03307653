package httpd_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const exampleRegistration = `{"office": "CN",
	"names": [{"text": "五原向日葵", "language": "zh-Hans", "kind": "original"}, {"text": "Wuyuan Xiangrikui", "language": "zh-Latn", "kind": "transcription", "scheme": "ISO 7098"},
		{"text": "Wuyuan Sunflower", "language": "en", "kind": "translation"}],
	"bases": [{"kind": "certification-mark", "office": "CN", "number": "12345678", "notice": "1700", "registeredOn": "2012-06-01"}],
	"classes": [{"scheme": "Nice", "code": "31", "edition": "12"}], "hsCodes": ["120600"],
	"holder": {"names": {"zh-Hans": "演示协会"}, "code": "91350100M000100Y43", "address": {"zh-Hans": "五原县"}},
	"area": {"words": {"zh-Hans": "五原县"}, "geometry": {"type": "Polygon", "coordinates": [[[107.6, 40.8], [108.6, 40.8], [108.6, 41.3], [107.6, 40.8]]]}},
	"specification": [{"key": "product", "texts": {"zh-Hans": "籽粒饱满"}}, {"key": "labelling", "texts": {"zh-Hans": "标注产地"}}],
	"link": {"zh-Hans": "光照充足"}, "quality": [{"property": {"zh-Hans": "水分"}, "value": "≤ 12 %", "method": "GB 5009.3"}],
	"sources": [{"title": "Gazette", "url": "https://gazette.example/1700", "page": "12"}]}`

// The guide's example is what the API gives, and its table names every element of it and none besides.
func TestST96GuideIsWhatTheAPIGives(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	officer := h.Person(t, h.Tenant(t, tenancy.County))
	var made struct{ ID string }
	officer.Need(t, &made, "POST", "/api/v1/registrations", json.RawMessage(exampleRegistration))
	answer := officer.Do(t, "GET", "/api/v1/registrations/"+made.ID, nil, http.Header{"Accept": {"application/xml"}})
	document := strings.TrimSpace(strings.ReplaceAll(answer.Body.String(), made.ID, "01980f7e-5b3a-7c3e-9c57-2f1f0f3f8a11"))
	page := h.Nobody().Do(t, "GET", "/guides/partner-office", nil, nil).Body.String()
	shown := func(id string) string {
		_, rest, _ := strings.Cut(page, `<code id="`+id+`">`)
		text, _, _ := strings.Cut(rest, "</code>")
		return html.UnescapeString(text)
	}
	if d := cmp.Diff(document, shown("st96-example")); d != "" {
		t.Errorf("the example:\n%s\nshall be:\n%s", d, html.EscapeString(document))
	}
	encoded := regexp.MustCompile(`data:application/xml;base64,([^<]+)`).FindStringSubmatch(document)
	if encoded == nil {
		t.Fatal("no extension")
	}
	extension, err := base64.StdEncoding.DecodeString(encoded[1])
	if d := cmp.Diff(strings.TrimSpace(string(extension)), shown("st96-extension")); err != nil || d != "" {
		t.Errorf("the extension: %v\n%s\nshall be:\n%s", err, d, html.EscapeString(string(extension)))
	}
	there := paths(t, document)
	var listed []string
	for _, m := range regexp.MustCompile(`data-path="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		listed = append(listed, m[1])
		if !there[m[1]] && m[1] != "GIData/GIStatusCategory" { // a draft has none
			t.Errorf("the table lists %s, which the document lacks", m[1])
		}
	}
	for path := range there {
		known := false
		for _, l := range listed {
			known = known || path == l || strings.HasPrefix(path, l+"/") || strings.HasPrefix(l, path+"/")
		}
		if !known {
			t.Errorf("the document has %s, which the table does not list", path)
		}
	}
}

// paths are the elements of a document below its root.
func paths(t *testing.T, document string) map[string]bool {
	t.Helper()
	d, found, at := xml.NewDecoder(strings.NewReader(document)), map[string]bool{}, []string{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			at = append(at, token.Name.Local)
			if len(at) > 1 {
				found[strings.Join(at[1:], "/")] = true
			}
		case xml.EndElement:
			at = at[:len(at)-1]
		}
	}
}
