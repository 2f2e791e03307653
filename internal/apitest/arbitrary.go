package apitest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/httpd"
)

// arbitrary makes requests out of the specification: values that its schemas allow, whatever they leave open, and values
// that are wrong in one place. It knows no rule but what the document says.
type arbitrary struct {
	spec    *httpd.Spec
	records Records
	dice    *rand.Rand
}

// alphabet has what texts of many lands are made of, and what programs stumble over.
var alphabet = []string{
	"a", "Z", "0", " ", "-", "/", "'", "\"", "<", "&", "%", "\\", ";", "é", "ß", "İ", "五", "原", "向日葵", "ع", "ـ", "ไ", "ᠮ", "😀", "\u200f", "\u202e", "\u0301", "\n", "=", "{}", "..",
}

// wrongly are values that hardly any place takes.
var wrongly = []any{nil, true, -1, 1e308, 0.5, "", "\u0000", "x", []any{}, []any{nil}, map[string]any{}, map[string]any{"x": []any{}}, strings.Repeat("长", 70_000)}

// value is one that the schema allows.
func (a arbitrary) value(name string, d map[string]any, depth int) any {
	d = a.spec.Resolve(d)
	if choice, ok := a.choice(d); ok {
		return a.value(name, choice, depth)
	}
	if id, ok := a.records[name]; ok && d["format"] == "uuid" && a.dice.IntN(4) > 0 {
		return id
	}
	if words, ok := d["enum"].([]any); ok {
		return words[a.dice.IntN(len(words))]
	}
	if v, ok := d["const"]; ok {
		return v
	}
	switch d["type"] {
	case "object":
		return a.object(d, depth)
	case "array":
		return a.array(d, depth)
	case "integer":
		return a.integer(d)
	case "number":
		return float64(a.integer(d)) + float64(a.dice.IntN(2))/2
	case "boolean":
		return a.dice.IntN(2) == 0
	case "string":
		return a.text(d)
	}
	return wrongly[a.dice.IntN(len(wrongly))] // anything is allowed
}

// choice takes one of alternatives.
func (a arbitrary) choice(d map[string]any) (map[string]any, bool) {
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		if all, ok := d[word].([]any); ok {
			one, ok := all[a.dice.IntN(len(all))].(map[string]any)
			return one, ok
		}
	}
	return nil, false
}

func (a arbitrary) object(d map[string]any, depth int) map[string]any {
	m := map[string]any{}
	required, _ := d["required"].([]any)
	properties, _ := d["properties"].(map[string]any)
	for _, name := range sorted(properties) {
		must := slices.Contains(required, any(name))
		if must || depth < 5 && a.dice.IntN(2) == 0 {
			m[name] = a.value(name, properties[name].(map[string]any), depth+1)
		}
	}
	if inner, ok := d["additionalProperties"].(map[string]any); ok {
		for range a.dice.IntN(3) {
			m[[]string{"en", "zh-Hans", "ar", "th", "x-own"}[a.dice.IntN(5)]] = a.value("", inner, depth+1)
		}
	}
	return m
}

func (a arbitrary) array(d map[string]any, depth int) []any {
	items, _ := d["items"].(map[string]any)
	low, high := bound(d["minItems"], 0), bound(d["maxItems"], 3)
	n := low + a.dice.IntN(max(1, min(high, low+3)-low+1))
	all := make([]any, 0, n)
	for range n {
		all = append(all, a.value("", items, depth+1))
	}
	return all
}

func (a arbitrary) integer(d map[string]any) int {
	low, high := bound(d["minimum"], 0), bound(d["maximum"], 1<<31-1)
	switch a.dice.IntN(4) {
	case 0:
		return low
	case 1:
		return high
	}
	return low + a.dice.IntN(max(1, min(high-low, 1000)))
}

func (a arbitrary) text(d map[string]any) string {
	switch d["format"] {
	case "uuid":
		return uuid.NewString()
	case "date":
		return time.Date(1900+a.dice.IntN(300), 1, 1+a.dice.IntN(365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case "date-time":
		return time.Unix(a.dice.Int64N(5e9), 0).UTC().Format(time.RFC3339)
	case "email":
		return fmt.Sprintf("f%d@example.org", a.dice.IntN(1e6))
	case "uri":
		return "https://example.org/" + url.PathEscape(alphabet[a.dice.IntN(len(alphabet))])
	}
	if pattern, ok := d["pattern"].(string); ok && formed[pattern] != "" {
		return formed[pattern]
	}
	low, high := bound(d["minLength"], 0), min(bound(d["maxLength"], 40), 200)
	n := low + a.dice.IntN(max(1, high-low+1))
	var b strings.Builder
	for utf8.RuneCountInString(b.String()) < n {
		b.WriteString(alphabet[a.dice.IntN(len(alphabet))])
	}
	return string([]rune(b.String())[:max(low, n)])
}

// spoil makes one place of a value wrong.
func (a arbitrary) spoil(v any) any {
	bad := wrongly[a.dice.IntN(len(wrongly))]
	switch in := v.(type) {
	case map[string]any:
		names := sorted(in)
		if len(names) == 0 || a.dice.IntN(6) == 0 {
			in["unknown"] = bad
			return in
		}
		name := names[a.dice.IntN(len(names))]
		if a.dice.IntN(5) == 0 {
			delete(in, name)
		} else {
			in[name] = a.spoil(in[name])
		}
		return in
	case []any:
		if len(in) > 0 && a.dice.IntN(3) > 0 {
			n := a.dice.IntN(len(in))
			in[n] = a.spoil(in[n])
			return in
		}
	}
	return bad
}

// query writes the parameters of the query, each now and then, and now and then a wrong one.
func (a arbitrary) query(o *httpd.Operation, wrong bool) string {
	q := url.Values{}
	for _, p := range o.Parameters {
		if p.In != "query" || !p.Required && a.dice.IntN(3) > 0 {
			continue
		}
		v := a.value(p.Name, p.Declared, 0)
		if p.Name == "wait" {
			v = 0 // seconds that an answer may take; there are many to come
		}
		if wrong && a.dice.IntN(3) == 0 {
			v = wrongly[a.dice.IntN(len(wrongly)-1)] // the last is longer than an address may be
		}
		if all, ok := v.([]any); ok {
			for _, one := range all {
				q.Add(p.Name, plain(one))
			}
			continue
		}
		q.Set(p.Name, plain(v))
	}
	if wrong && a.dice.IntN(8) == 0 {
		q.Set("unknown", "x")
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func plain(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

func bound(v any, otherwise int) int {
	n, ok := v.(json.Number)
	if !ok {
		return otherwise
	}
	f, err := n.Float64()
	if err != nil {
		return otherwise
	}
	return int(f)
}

func sorted(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
