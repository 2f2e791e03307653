package registry

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// What ST.96 has no place for travels in an extension: an XML document of our own namespace, which the ST.96 document
// includes as it includes any document. It says how a reader comes from what the standard's elements tell to the whole:
//
//	<h:extension xmlns:h="…">
//	  <h:language code="zh">zh-Hans</h:language>              what a two-letter code stands for in this document
//	  <h:order at="/specification">["product"]</h:order>      the sections, in their order
//	  <h:set at="/names/1/scheme">"ISO 7098"</h:set>          a value, as JSON, at a JSON pointer (RFC 6901)
//	  <h:remove at="/holder"/>
//	</h:extension>
//
// So no fact stands twice, and who changes the standard's elements is understood.
const extensionNS = "https://github.com/helianthus-gi/helianthus/st96-extension/1"

const (
	dataURI       = "data:application/xml;base64,"
	maxExtension  = 5000 // operations
	extensionName = "Helianthus extension: what ST.96 V6_0 has no place for, in the namespace " + extensionNS
)

var errExtension = errors.New("the extension does not fit")

// extension is how one comes from what the standard's elements say to the whole.
type extension struct {
	languages map[string]string // tag by two-letter code, where they differ
	ops       []operation
}

type operation struct{ verb, at, value string }

// extend compares what a reader of the standard's elements has with what we have.
func extend(read, whole Content, languages map[string]string) (extension, error) {
	x := extension{languages: languages}
	alike(&read.Sources, &whole.Sources)
	alike(&read.Classes, &whole.Classes)
	alike(&read.HSCodes, &whole.HSCodes)
	alike(&read.Holder, &whole.Holder)
	alike(&read.Area, &whole.Area)
	alike(&read.Link, &whole.Link)
	alike(&read.Specification, &whole.Specification)
	have, err := tree(read)
	if err != nil {
		return x, err
	}
	want, err := tree(whole)
	if err != nil {
		return x, err
	}
	if keys := sectionKeys(want); len(keys) > 0 && !slices.Equal(keys, sectionKeys(have)) {
		b, err := json.Marshal(keys)
		if err != nil {
			return x, err
		}
		x.ops = append(x.ops, operation{"order", "/specification", jsonForXML(string(b))})
		order(have, keys)
	}
	return x, x.compare("", have, want)
}

// alike takes away what two say in the same words.
func alike[T any](a, b *T) {
	if reflect.DeepEqual(*a, *b) {
		var nothing T
		*a, *b = nothing, nothing
	}
}

func tree(c Content) (map[string]any, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var t map[string]any
	return t, d.Decode(&t)
}

func (x *extension) compare(at string, have, want any) error {
	if reflect.DeepEqual(have, want) {
		return nil
	}
	switch want := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok || at == "/area/geometry" {
			break
		}
		for _, k := range slices.Sorted(maps.Keys(want)) {
			below := at + "/" + pointerEscaper.Replace(k)
			if v, ok := h[k]; ok {
				if err := x.compare(below, v, want[k]); err != nil {
					return err
				}
			} else if err := x.set(below, want[k]); err != nil {
				return err
			}
		}
		for _, k := range slices.Sorted(maps.Keys(h)) {
			if _, ok := want[k]; !ok {
				x.ops = append(x.ops, operation{"remove", at + "/" + pointerEscaper.Replace(k), ""})
			}
		}
		return nil
	case []any:
		h, ok := have.([]any)
		if !ok {
			break
		}
		for i, v := range want {
			below := at + "/" + strconv.Itoa(i)
			if i >= len(h) {
				if err := x.set(below, v); err != nil {
					return err
				}
			} else if err := x.compare(below, h[i], v); err != nil {
				return err
			}
		}
		for i := len(h) - 1; i >= len(want); i-- {
			x.ops = append(x.ops, operation{"remove", at + "/" + strconv.Itoa(i), ""})
		}
		return nil
	}
	return x.set(at, want)
}

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

func (x *extension) set(at string, v any) error {
	b, err := json.Marshal(v)
	x.ops = append(x.ops, operation{"set", at, jsonForXML(string(b))})
	return err
}

// jsonForXML escapes the characters that JSON may hold and XML may not.
func jsonForXML(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !inXML(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if inXML(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(`\u` + strconv.FormatInt(0x10000+int64(r), 16)[1:])
		}
	}
	return b.String()
}

// apply does the operations on what the standard's elements said.
func (x extension) apply(read Content) (c Content, err error) {
	if len(x.ops) == 0 {
		return read, nil
	}
	t, err := tree(read)
	if err != nil {
		return c, err
	}
	for _, o := range x.ops {
		if o.verb == "order" && o.at == "/specification" {
			var keys []string
			if err := json.Unmarshal([]byte(o.value), &keys); err != nil {
				return c, errExtension
			}
			order(t, keys)
			continue
		}
		var v any
		if o.verb == "set" {
			d := json.NewDecoder(strings.NewReader(o.value))
			d.UseNumber()
			if err := d.Decode(&v); err != nil {
				return c, errExtension
			}
		}
		parts := strings.Split(o.at, "/")
		if parts[0] != "" || len(parts) < 2 {
			return c, errExtension
		}
		if _, err := change(t, parts[1:], o.verb, v); err != nil {
			return c, err
		}
	}
	b, err := json.Marshal(t)
	if err != nil {
		return c, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return c, d.Decode(&c)
}

// change sets or removes what a pointer's parts lead to, and returns what stands there now instead of in.
func change(in any, parts []string, verb string, v any) (any, error) {
	if len(parts) == 0 {
		return v, nil
	}
	key := pointerUnescaper.Replace(parts[0])
	switch t := in.(type) {
	case map[string]any:
		if verb == "remove" && len(parts) == 1 {
			delete(t, key)
			return t, nil
		}
		below, ok := t[key]
		if !ok && len(parts) > 1 {
			return nil, errExtension
		}
		below, err := change(below, parts[1:], verb, v)
		t[key] = below
		return t, err
	case []any:
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i > len(t) || i == len(t) && (verb != "set" || len(parts) > 1) {
			return nil, errExtension
		}
		if verb == "remove" && len(parts) == 1 {
			return slices.Delete(t, i, i+1), nil
		}
		if i == len(t) {
			return append(t, v), nil
		}
		t[i], err = change(t[i], parts[1:], verb, v)
		return t, err
	}
	return nil, errExtension
}

func sectionKeys(t map[string]any) (keys []string) {
	sections, _ := t["specification"].([]any)
	for _, s := range sections {
		if m, ok := s.(map[string]any); ok {
			k, _ := m["key"].(string)
			keys = append(keys, k)
		}
	}
	return keys
}

// order brings the sections into an order and makes those that are missing.
func order(t map[string]any, keys []string) {
	have, _ := t["specification"].([]any)
	var sections []any
	for _, k := range keys[:min(len(keys), maxExtension)] {
		var section any = map[string]any{"key": k}
		for i, s := range have {
			if m, ok := s.(map[string]any); ok && m["key"] == k {
				section, have = m, slices.Delete(slices.Clone(have), i, i+1)
				break
			}
		}
		sections = append(sections, section)
	}
	t["specification"] = sections
}

// uri is the extension as the address of an included document, or nothing when there is nothing to say.
func (x extension) uri() (string, error) {
	if len(x.ops) == 0 && len(x.languages) == 0 {
		return "", nil
	}
	root := el(extensionNS, "extension")
	for _, code := range slices.Sorted(maps.Keys(x.languages)) {
		root.kids = append(root.kids, leaf(extensionNS, "language", x.languages[code]).with("", "code", code))
	}
	for _, o := range x.ops {
		root.kids = append(root.kids, leaf(extensionNS, o.verb, o.value).with("", "at", o.at))
	}
	var b bytes.Buffer
	err := printXML(&b, root, ` xmlns:h="`+extensionNS+`"`)
	return dataURI + base64.StdEncoding.EncodeToString(b.Bytes()), err
}

// readExtension reads an included document's address; ok: it is an extension of ours.
func readExtension(uri string) (x extension, ok bool, err error) {
	encoded, ok := strings.CutPrefix(uri, dataURI)
	if !ok {
		return x, false, nil
	}
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return x, false, nil //nolint:nilerr // somebody else's document
	}
	r := newXMLReader(bytes.NewReader(b))
	start, err := r.next()
	if err != nil || start.Name.Space != extensionNS || start.Name.Local != "extension" {
		return x, false, nil //nolint:nilerr // somebody else's document
	}
	root, err := r.whole(start)
	if err != nil {
		return x, true, err
	}
	x.languages = map[string]string{}
	for _, k := range root.kids {
		switch k.name.Local {
		case "":
		case "language":
			x.languages[k.attr("", "code")] = k.words()
		case "set", "remove", "order":
			x.ops = append(x.ops, operation{k.name.Local, k.attr("", "at"), k.words()})
		default:
			return x, true, errExtension
		}
	}
	if len(x.ops) > maxExtension {
		return x, true, errExtension
	}
	return x, true, nil
}
