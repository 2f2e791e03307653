package httpd

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// label is a piece of a type's name; one that names a schema leads to it.
type label struct{ Text, Schema string }

// field is a line about a member of a schema. Members of members that have no name of their own stand below, with their path.
type field struct {
	Name        string // items[].name
	Type        []label
	Bounds      []bound
	Words       []string // that are allowed
	Description string
	Required    bool
}

// bound is a limit of a value: message key of what is bounded, and between what.
type bound struct{ Key, Range string }

// deepest is how many levels of members without a schema of their own are shown.
const deepest = 3

// fields are the members of a schema: what is needed first, then by name.
func (s *Spec) fields(d map[string]any) []field { return s.below("", d, 0) }

func (s *Spec) below(path string, d map[string]any, depth int) (all []field) {
	d = s.whole(d)
	if items, ok := d["items"].(map[string]any); ok {
		if schemaOf(items) != "" {
			return nil
		}
		return s.below(path+"[]", items, depth)
	}
	properties, needed := object(d["properties"]), list(d["required"])
	names := slices.Sorted(maps.Keys(properties))
	slices.SortStableFunc(names, func(a, b string) int {
		return count(slices.Contains(needed, any(b))) - count(slices.Contains(needed, any(a)))
	})
	for _, name := range names {
		p := object(properties[name])
		at := strings.TrimPrefix(path+"."+name, ".")
		f := s.field(p)
		f.Name, f.Required = at, slices.Contains(needed, any(name))
		all = append(all, f)
		if depth < deepest && schemaOf(p) == "" {
			all = append(all, s.below(at, p, depth+1)...)
		}
	}
	return all
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// field says of what type a value is, and how it is bounded.
func (s *Spec) field(d map[string]any) field {
	whole := s.whole(d)
	f := field{Type: s.label(d), Bounds: bounds(whole), Description: word(d, "description")}
	if f.Description == "" {
		f.Description = word(whole, "description")
	}
	words := list(whole["enum"])
	if items := s.whole(object(whole["items"])); len(words) == 0 {
		words = list(items["enum"])
	}
	if c, ok := whole["const"]; ok {
		words = []any{c}
	}
	for _, w := range words {
		f.Words = append(f.Words, fmt.Sprint(w))
	}
	return f
}

// label names a type.
func (s *Spec) label(d map[string]any) []label {
	if name := schemaOf(d); name != "" {
		return []label{{name, name}}
	}
	for _, choice := range []string{"oneOf", "anyOf", "allOf"} {
		var all []label
		for i, one := range list(d[choice]) {
			if i > 0 {
				all = append(all, label{Text: map[bool]string{true: " & ", false: " | "}[choice == "allOf"]})
			}
			all = append(all, s.label(object(one))...)
		}
		if all != nil {
			return all
		}
	}
	if items, ok := d["items"].(map[string]any); ok {
		return append(s.label(items), label{Text: "[]"})
	}
	if inner, ok := d["additionalProperties"].(map[string]any); ok {
		return append(append([]label{{Text: "{key: "}}, s.label(inner)...), label{Text: "}"})
	}
	if format := word(d, "format"); format != "" {
		return []label{{Text: word(d, "type") + " " + format}}
	}
	if types := list(d["type"]); len(types) > 0 {
		return []label{{Text: strings.ReplaceAll(join(types), ", ", " | ")}}
	}
	if t := word(d, "type"); t != "" {
		return []label{{Text: t}}
	}
	return []label{{Text: "any"}}
}

// bounds are the limits of a schema.
func bounds(d map[string]any) (all []bound) {
	add := func(key, between string) {
		all = append(all, bound{key, "\u2066" + between + "\u2069"}) // from left to right, whatever stands around it
	}
	for _, b := range []struct{ key, low, high string }{
		{"page.reference.characters", "minLength", "maxLength"}, {"page.reference.items", "minItems", "maxItems"},
		{"page.reference.members", "minProperties", "maxProperties"}, {"page.reference.value", "minimum", "maximum"},
	} {
		low, hasLow := d[b.low]
		high, hasHigh := d[b.high]
		switch {
		case hasLow && hasHigh && fmt.Sprint(low) == fmt.Sprint(high):
			add(b.key, fmt.Sprint(low))
		case hasLow && hasHigh:
			add(b.key, fmt.Sprintf("%v–%v", low, high))
		case hasLow:
			add(b.key, fmt.Sprintf("≥ %v", low))
		case hasHigh:
			add(b.key, fmt.Sprintf("≤ %v", high))
		}
	}
	if pattern := word(d, "pattern"); pattern != "" {
		add("page.reference.pattern", pattern)
	}
	if v, ok := d["default"]; ok {
		add("page.reference.default", fmt.Sprint(v))
	}
	return all
}

// whole is a schema with its references followed and its parts (allOf) put together.
func (s *Spec) whole(d map[string]any) map[string]any {
	_, d = s.resolve("", d)
	parts := list(d["allOf"])
	if len(parts) == 0 {
		return d
	}
	merged := maps.Clone(d)
	delete(merged, "allOf")
	properties, needed := maps.Clone(object(d["properties"])), slices.Clone(list(d["required"]))
	if properties == nil {
		properties = map[string]any{}
	}
	for _, part := range parts {
		for key, v := range s.whole(object(part)) {
			switch key {
			case "properties":
				maps.Copy(properties, object(v))
			case "required":
				needed = append(needed, list(v)...)
			default:
				if _, said := merged[key]; !said {
					merged[key] = v
				}
			}
		}
	}
	if len(properties) > 0 {
		merged["properties"], merged["required"] = properties, needed
	}
	return merged
}

// schemaOf is the name of the schema that d refers to; empty when it stands on its own.
func schemaOf(d map[string]any) string {
	name, _ := strings.CutPrefix(word(d, "$ref"), "#/components/schemas/")
	return name
}

// Example is a value as a schema describes it: what the specification gives as one, else made of its types and bounds.
func (s *Spec) Example(d map[string]any) any { return s.example(d, nil) }

func (s *Spec) example(d map[string]any, inside []string) any {
	if all := list(d["examples"]); len(all) > 0 {
		return all[0]
	}
	if v, ok := d["example"]; ok {
		return v
	}
	if name := schemaOf(d); name != "" {
		inside = append(slices.Clone(inside), name)
	}
	whole := s.whole(d)
	if all := list(whole["examples"]); len(all) > 0 {
		return all[0]
	}
	if v, ok := whole["const"]; ok {
		return v
	}
	if words := list(whole["enum"]); len(words) > 0 {
		return words[0]
	}
	for _, choice := range []string{"oneOf", "anyOf"} {
		if all := list(whole[choice]); len(all) > 0 {
			return s.example(object(all[0]), inside)
		}
	}
	kind := word(whole, "type")
	if types := list(whole["type"]); len(types) > 0 {
		kind = fmt.Sprint(types[0])
	}
	switch kind {
	case "object":
		return s.exampleObject(whole, inside)
	case "array":
		items := object(whole["items"])
		if slices.Contains(inside, schemaOf(items)) {
			return []any{}
		}
		return []any{s.example(items, inside)}
	case "integer", "number":
		if low, ok := whole["minimum"]; ok {
			return low
		}
		return json.Number("1")
	case "boolean":
		return true
	case "string":
		return exampleText(whole)
	}
	return map[string]any{}
}

func (s *Spec) exampleObject(d map[string]any, inside []string) map[string]any {
	m := map[string]any{}
	needed := list(d["required"])
	for name, p := range object(d["properties"]) {
		of := schemaOf(object(p))
		if items := object(object(p)["items"]); of == "" {
			of = schemaOf(items)
		}
		if must := slices.Contains(needed, any(name)); must || of == "" || !slices.Contains(inside, of) && len(inside) <= deepest {
			m[name] = s.example(object(p), inside)
		}
	}
	if inner, ok := d["additionalProperties"].(map[string]any); ok && len(m) == 0 {
		m["en"] = s.example(inner, inside)
	}
	return m
}

// formed are texts for formats and patterns of the specification.
var formed = map[string]string{
	"uuid": "01980f7e-5b3a-7c3e-9c57-2f1f0f3f8a11", "date": "2026-11-23", "date-time": "2026-11-23T08:00:00Z", "uri": "https://gi.example/", "email": "officer@gi.example", "byte": "aGVsaWFudGh1cw==",
	"^[A-Z]{2}$": "CN", "^[A-Za-z]{2}$": "CN", "^[0-9a-f]{64}$": strings.Repeat("0a", 32), "^[a-z][a-z0-9-]*$": "own-word", "^[a-z][a-z-]*$": "word", "^[a-z0-9.-]+$": "gi.example",
	"^https?://.*$": "https://gi.example/", "^[a-z]+(-[a-z]+)*$": "word", "^[0-9]{1,16}$": "1",
}

func exampleText(d map[string]any) string {
	for _, key := range []string{"pattern", "format"} {
		if text, ok := formed[word(d, key)]; ok {
			return text
		}
	}
	text := "…"
	if low, ok := d["minLength"].(json.Number); ok {
		if n, err := low.Int64(); err == nil && n > 1 {
			text = strings.Repeat("…", int(n))
		}
	}
	return text
}
