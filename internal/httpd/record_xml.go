package httpd

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// recordNS is the namespace of records in XML for which the standards of offices have no component: ST.96 V6_0 describes
// applications for geographical indications and what is registered of them, and knows neither recognitions nor the
// instruments under which names are recognised. So this form is ours, and says so by its namespace:
//
//	<record xmlns="…" of="recognitions">
//	  <market>XA</market>                                   a text stands as it is
//	  <version type="number">2</version>                    what is none says its type: number, boolean, null
//	  <forms type="array"><item><text>…</text></item></forms>
//	  <limits><en>…</en></limits>                           an object has its members; one without any says type="object"
//	  <member name="a b">…</member>                         a member whose name is no name in XML
//	  <reason type="json">"\u0001"</reason>                 a text that XML cannot hold
//	</record>
//
// Members are those of the JSON, of the same names: what is there is said in one place, the specification, and what became
// XML becomes the same JSON again. A list has its records in an element `records`.
const recordNS = "https://github.com/helianthus-gi/helianthus/records/1"

const xmlType = "application/xml"

// xmlRows begins a document with one record, or with the records of a list.
func xmlRows(w io.Writer, of string, list bool) (*rows, error) {
	root := ` xmlns="` + recordNS + `" of="` + of + `"`
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return nil, err
	}
	if list {
		if _, err := io.WriteString(w, "<records"+root+">\n"); err != nil {
			return nil, err
		}
		root = ""
	}
	var b bytes.Buffer
	put := func(record any) error {
		b.Reset()
		xmlElement(&b, "", "record", root, record)
		_, err := w.Write(b.Bytes())
		return err
	}
	end := func() (err error) {
		if list {
			_, err = io.WriteString(w, "</records>\n")
		}
		return err
	}
	return &rows{put, end}, nil
}

// xmlElement writes a value that was read from JSON.
func xmlElement(b *bytes.Buffer, indent, name, attributes string, v any) {
	kind, text := "", ""
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 {
			b.WriteString(indent + "<" + name + attributes + ">\n")
			for _, k := range slices.Sorted(maps.Keys(v)) {
				member, named := memberName(k)
				xmlElement(b, indent+" ", member, named, v[k])
			}
			b.WriteString(indent + "</" + name + ">\n")
			return
		}
		kind = "object"
	case []any:
		b.WriteString(indent + "<" + name + attributes + ` type="array">` + "\n")
		for _, item := range v {
			xmlElement(b, indent+" ", "item", "", item)
		}
		b.WriteString(indent + "</" + name + ">\n")
		return
	case string:
		if text = v; !xmlHolds(v) {
			kind, text = "json", asciiJSON(v)
		}
	case json.Number:
		kind, text = "number", v.String()
	case bool:
		if kind, text = "boolean", "false"; v {
			text = "true"
		}
	default:
		kind = "null"
	}
	if kind != "" {
		attributes += ` type="` + kind + `"`
	}
	b.WriteString(indent + "<" + name + attributes + ">")
	_ = xml.EscapeText(b, []byte(text)) // a buffer takes all
	b.WriteString("</" + name + ">\n")
}

var xmlName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// memberName is the element of a member, and the attribute that names it where its own name cannot be an element's.
func memberName(k string) (name, attributes string) {
	if xmlName.MatchString(k) && k != "member" && !strings.HasPrefix(strings.ToLower(k), "xml") {
		return k, ""
	}
	var b bytes.Buffer
	quoted := asciiJSON(k)
	_ = xml.EscapeText(&b, []byte(quoted[1:len(quoted)-1]))
	return "member", ` name="` + b.String() + `"`
}

// xmlHolds tells whether XML 1.0 can hold all characters of a text (section 2.2).
func xmlHolds(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	})
}

// asciiJSON is a text as JSON of characters that XML holds.
func asciiJSON(s string) string {
	b, _ := json.Marshal(s) // a text always can
	return strings.NewReplacer("\uFFFE", `\ufffe`, "\uFFFF", `\uffff`).Replace(string(b))
}
