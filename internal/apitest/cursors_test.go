package apitest

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"
)

// strange are what somebody may put in place of a value of a cursor.
var strange = []any{nil, "", "\x00", "\ud7ff長", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "-4713-11-24T00:00:00Z", -1, 1e18, 1.5, true, []any{}, map[string]any{}}

// altered are cursors made of one that the list gave: each value replaced by what is strange, members left out and added.
func altered(t *testing.T, cursor string) (all []string) {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatalf("the cursor %s: %v", cursor, err)
	}
	var key any
	if err := json.Unmarshal(text, &key); err != nil {
		t.Fatalf("the cursor %s: %v", text, err)
	}
	add := func(v any) {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, base64.RawURLEncoding.EncodeToString(b))
	}
	for _, s := range strange {
		add(s)
		switch key := key.(type) {
		case map[string]any:
			for name := range key {
				other := maps.Clone(key)
				other[name] = s
				add(other)
			}
		case []any:
			for i := range key {
				other := slices.Clone(key)
				other[i] = s
				add(other)
			}
		}
	}
	return append(all, "null", "!", cursor+"A", cursor[:len(cursor)-1])
}

// strayed asks a list for pages after cursors that it never gave: it refuses them or goes on from somewhere, and does not break.
func (w walker) strayed(t *testing.T) {
	t.Helper()
	q := maps.Clone(w.query)
	q.Set("limit", "2")
	l, status := w.caller.list(t, w.path, q)
	if status != http.StatusOK || l.Next == "" {
		t.Errorf("%s: %d, next page %q", w.path, status, l.Next)
		return
	}
	for _, cursor := range altered(t, l.Next) {
		q.Set("cursor", cursor)
		if _, status := w.caller.list(t, w.path, q); status != http.StatusOK && status != http.StatusBadRequest {
			text, _ := base64.RawURLEncoding.DecodeString(cursor)
			t.Errorf("%s: %d after the cursor %q", w.path, status, text)
		}
	}
}
