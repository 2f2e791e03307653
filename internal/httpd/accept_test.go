package httpd

import "testing"

func TestChoose(t *testing.T) {
	t.Parallel()
	offers := []string{jsonType, canonicalType, "application/xml", xlsxType, csvType}
	for _, c := range []struct{ name, accept, want string }{
		{"no wish", "", jsonType},
		{"anything", "*/*", jsonType},
		{"one that is there", "text/csv", csvType},
		{"the better of two", "text/csv;q=0.5, application/xml;q=0.8", "application/xml"},
		{"the first of equals", "text/csv, application/json", jsonType},
		{"all but JSON", "application/json;q=0, */*;q=0.1", "application/xml"},
		{"the more exact wish counts", "text/*;q=0.9, text/csv;q=0.1, application/xml;q=0.5", "application/xml"},
		{"a group", "text/*", csvType},
		{"canonical by its profile", canonicalType, canonicalType},
		{"canonical, else plain", canonicalType + ";q=0.9, application/json;q=0.1", canonicalType},
		{"a profile that is not there", `application/json; profile="https://example.org/other"`, ""},
		{"none that is there", "image/png", ""},
		{"nothing is acceptable", "*/*;q=0", ""},
		{"what cannot be read is no wish", ";;;", jsonType},
		{"a weight that is none is no wish", "text/csv;q=high", jsonType},
		{"capitals", "TEXT/CSV; Q=1", csvType},
		{"as browsers ask", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"},
	} {
		if got := choose(c.accept, offers); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzChoose(f *testing.F) {
	f.Add(`text/csv;q=0.5, application/json; profile="a,b"`)
	f.Fuzz(func(t *testing.T, accept string) {
		offers := []string{jsonType, canonicalType, csvType}
		switch got := choose(accept, offers); got {
		case "", jsonType, canonicalType, csvType:
		default:
			t.Errorf("%q: got %q", accept, got)
		}
	})
}
