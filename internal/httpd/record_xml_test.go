package httpd

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// ReadRecordXML is what a stranger writes who reads our records in XML: it knows nothing but the rules at recordNS.
func ReadRecordXML(r io.Reader) (records []any, err error) {
	records = []any{}
	d := xml.NewDecoder(r)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok || start.Name.Local == "records":
			continue
		case start.Name.Space != recordNS || start.Name.Local != "record":
			return nil, fmt.Errorf("the element %v", start.Name)
		}
		v, err := readXMLValue(d, start)
		if err != nil {
			return nil, err
		}
		records = append(records, v)
	}
}

func readXMLValue(d *xml.Decoder, start xml.StartElement) (any, error) {
	text, object, array := "", map[string]any{}, []any{}
	for {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.CharData:
			text += string(t)
		case xml.StartElement:
			v, err := readXMLValue(d, t)
			if err != nil {
				return nil, err
			}
			name := t.Name.Local
			if name == "member" {
				if err := json.Unmarshal([]byte(`"`+xmlAttr(t, "name")+`"`), &name); err != nil {
					return nil, err
				}
			}
			object[name], array = v, append(array, v)
		case xml.EndElement:
			return xmlValue(xmlAttr(start, "type"), text, object, array)
		}
	}
}

func xmlValue(kind, text string, object map[string]any, array []any) (v any, err error) {
	switch {
	case kind == "array":
		return array, nil
	case kind == "object" || kind == "" && len(object) > 0:
		return object, nil
	case kind == "null":
		return nil, nil //nolint:nilnil // it is JSON's
	case kind == "number", kind == "boolean", kind == "json":
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		return v, d.Decode(&v)
	}
	return text, nil
}

func xmlAttr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func decoded(t *testing.T, text []byte) (v any, ok bool) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil, false
	}
	return v, true
}

func xmlAndBack(t *testing.T, list bool, records ...any) {
	t.Helper()
	var b bytes.Buffer
	out, err := xmlRows(&b, "things", list)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.putAll(records); err != nil {
		t.Fatal(err)
	}
	if err := out.close(); err != nil {
		t.Fatal(err)
	}
	got, err := ReadRecordXML(&b)
	if err != nil || !reflect.DeepEqual(got, records) {
		t.Errorf("%#v became %#v, %v", records, got, err)
	}
}

// TestRecordXMLLosesNothing: any JSON, in particular what XML has no name or no character for, comes back as it was.
func TestRecordXMLLosesNothing(t *testing.T) {
	t.Parallel()
	texts := []string{"", " ", "a b", "\u5411\u65e5\u8475", "\u0627\u0644\u0627\u0633\u0645", "\r\n\t", "\x00\x01", "\ufffe\uffff", "<&]]>\"'", "member", "item", "xmlns", "type", "zh-Hans", "-x", "a:b", "\\u0041", `"`, "\U0001F33B"}
	dice := rand.New(rand.NewPCG(9, 6)) //nolint:gosec // the same dice in each run
	var random func(depth int) any
	random = func(depth int) any {
		switch n := dice.IntN(9); {
		case n < 2 && depth > 0:
			m := map[string]any{}
			for range dice.IntN(5) {
				m[texts[dice.IntN(len(texts))]] = random(depth - 1)
			}
			return m
		case n < 4 && depth > 0:
			l := []any{}
			for range dice.IntN(4) {
				l = append(l, random(depth-1))
			}
			return l
		case n == 5:
			return json.Number([]string{"0", "-1.5e300", "1e-7", "12345678901234567890", "0.10"}[dice.IntN(5)])
		case n == 6:
			return dice.IntN(2) == 0
		case n == 7:
			return nil
		}
		return texts[dice.IntN(len(texts))]
	}
	for range 2000 {
		xmlAndBack(t, false, random(5))
		xmlAndBack(t, true, random(4), random(2))
	}
	xmlAndBack(t, true, []any{}...) // a list of nothing
}

func FuzzRecordXML(f *testing.F) {
	f.Add([]byte(`{"a": [1, null, {"": "\u0000"}], "xml b": {}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if v, ok := decoded(t, text); ok {
			xmlAndBack(t, false, v)
		}
	})
}
