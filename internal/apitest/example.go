package apitest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/httpd"
)

// examples makes bodies that an operation takes, out of its schema: what is required, and every reference to a record.
type examples struct {
	spec    *httpd.Spec
	records Records
	text    string
}

// known are values for properties whose schema says less than the rule behind it.
var known = map[string]any{
	"amount": "12.50", "harvest": 2026, "language": "en", "locale": "en", "market": "XA", "office": "XA", "originOffice": "XA", "mediaType": "application/pdf", "filename": "file.pdf", "kind": nil,
	"scopes": []any{"registration:read"}, "permissions": []any{"session:read"}, "roles": []any{"reader"}, "units": []any{}, "languages": []any{"en"}, "parties": []any{"XA"},
	"profile": "general-presentation", "template": "cover", "texts": map[string]any{"en": map[string]any{"to": "An office", "subject": "A subject", "body": "A body"}}, "grant_type": "client_credentials",
	"pem":   "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n", // RFC 9421, appendix B.1.4
	"steps": []any{step("submit"), step("endorse"), step("receive"), step("accept"), step("grant")},
}

// step is one of a procedure that leads to protection.
func step(act string) map[string]any {
	return map[string]any{"act": act, "basis": map[string]any{"verified": false}}
}

// formed are texts for the patterns of the specification.
var formed = map[string]string{
	"^[0-9]{1,9}([.][0-9]{1,2})?$": "12.50",
	`^\d{1,7}(\.\d{1,4})?$`:        "12.5",
	"^[A-Za-z0-9_+/-]+$":           "Asia/Shanghai",
	"^#[0-9A-Fa-f]{6}$":            "#1A1A1A", "^[A-Z]{2}$": "XA", "^[A-Za-z]{2}$": "XA", "^[0-9a-f]{64}$": strings.Repeat("a", 64), "^[a-z][a-z0-9-]*$": "own-word", "^[a-z][a-z-]*$": "word", "^[a-z0-9.-]+$": "word", "^[A-Z0-9][A-Z0-9-]*$": "WORD",
	"^[0-9]{1,12}([.][0-9]{1,3})?$": "12.50", "^[0-9]{1,9}([.][0-9]{1,9})?$": "7.1234", "^[A-Z]{3}$": "CNY", "^https?://": "https://platform.example/calls/7", "^[0-9]{4,10}$": "120600", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$": "2026-01-01T00:00:00",
}

func (e examples) of(b httpd.Body) map[string]any {
	m, _ := e.value("", b.Declared).(map[string]any)
	return m
}

func (e examples) value(name string, d map[string]any) any {
	d = e.spec.Resolve(d)
	if id, ok := e.records[name]; ok && d["format"] == "uuid" {
		return id
	}
	if v, ok := known[name]; ok && v != nil {
		return v
	}
	if words, ok := d["enum"].([]any); ok {
		return words[0]
	}
	switch d["type"] {
	case "object":
		return e.object(d)
	case "array":
		items, _ := d["items"].(map[string]any)
		if fmt.Sprint(d["minItems"]) == "<nil>" || items == nil {
			return []any{}
		}
		return []any{e.value("", items)}
	case "integer", "number":
		return 1
	case "boolean":
		return false
	default:
		return e.string(name, d)
	}
}

func (e examples) object(d map[string]any) map[string]any {
	m := map[string]any{}
	required, _ := d["required"].([]any)
	properties, _ := d["properties"].(map[string]any)
	for name, p := range properties {
		declared := e.spec.Resolve(p.(map[string]any))
		_, isRecord := e.records[name]
		if slices.Contains(required, any(name)) || isRecord && declared["format"] == "uuid" {
			m[name] = e.value(name, declared)
		}
	}
	if names := slices.Sorted(maps.Keys(properties)); len(m) == 0 && d["minProperties"] != nil && len(names) > 0 { // none by itself, but one of them
		m[names[0]] = e.value(names[0], properties[names[0]].(map[string]any))
	}
	if inner, ok := d["additionalProperties"].(map[string]any); ok && len(properties) == 0 {
		m["en"] = e.value("", inner)
	}
	return m
}

func (e examples) string(name string, d map[string]any) string {
	switch d["format"] {
	case "uuid":
		return uuid.NewString()
	case "date":
		return "2026-01-01"
	case "date-time":
		return time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	}
	if pattern, ok := d["pattern"].(string); ok {
		return formed[pattern]
	}
	switch name {
	case "email":
		return "e-" + uuid.NewString() + "@example.org"
	case "password", "current", "new":
		return password
	}
	return e.text
}
