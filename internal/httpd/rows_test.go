package httpd

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// pagesOf answers as a list of so many pages with two records each; the last of them fails when it is asked to.
func pagesOf(pages int, fails bool) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		n := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("cursor"), &n)
		if fails && n == pages-1 {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, `{"code":"internal"}`)
			return
		}
		next := ""
		if n < pages-1 {
			next = fmt.Sprintf(`, "next": "%d"`, n+1)
		}
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(http.StatusOK)
		fmt.Fprintf(w, `{"items": [{"id": %d, "name": "=a"}, {"id": %d, "name": {"en": "b"}}]%s}`, 2*n, 2*n+1, next)
	}
}

// TestWholeList: without a page named, a list in rows is all of it, a page in memory at a time; one that breaks in the middle
// does not look whole.
func TestWholeList(t *testing.T) {
	t.Parallel()
	s := &Server{House: &House{Exchange: exchange.New(nil, nil, nil)}} // nobody in particular has no rights to lose
	csv := func() *shape { return &shape{form: csvType, list: true, columns: []string{"id", "name"}} }
	ask := func(query string, fails bool) (rec *httptest.ResponseRecorder, broken any) {
		rec = httptest.NewRecorder()
		defer func() { broken = recover() }()
		r := httptest.NewRequestWithContext(tenancy.In(t.Context(), tenancy.Public), http.MethodGet, "/api/v1/things"+query, nil)
		s.shaped(rec, r, csv(), pagesOf(3, fails))
		return rec, nil
	}
	rec, broken := ask("", false)
	want := "\ufeffid,name\n0,'=a\n1,\"{\"\"en\"\":\"\"b\"\"}\"\n2,'=a\n3,\"{\"\"en\"\":\"\"b\"\"}\"\n4,'=a\n5,\"{\"\"en\"\":\"\"b\"\"}\"\n"
	if broken != nil || rec.Body.String() != want || rec.Header().Get("Content-Type") != csvType || rec.Header().Get("Next-Cursor") != "" {
		t.Errorf("the whole: got %v, %v, %q", broken, rec.Header(), rec.Body)
	}
	if rec, _ := ask("?limit=2", false); strings.Count(rec.Body.String(), "\n") != 3 || rec.Header().Get("Next-Cursor") != "1" {
		t.Errorf("a page: got %v, %q", rec.Header(), rec.Body)
	}
	if rec, _ := ask("?cursor=2", false); strings.Count(rec.Body.String(), "\n") != 3 || rec.Header().Get("Next-Cursor") != "" {
		t.Errorf("the last page: got %v, %q", rec.Header(), rec.Body)
	}
	if _, broken := ask("", true); broken != http.ErrAbortHandler { //nolint:errorlint // it is what net/http compares with
		t.Errorf("a broken list: got %v, not an aborted answer", broken)
	}
}

// TestFieldsHaveHeadings: the fields of each list that can be a workbook are named in each language.
func TestFieldsHaveHeadings(t *testing.T) {
	t.Parallel()
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := ReadSpec(api.Spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range spec.Operations {
		for _, name := range o.Fields {
			for _, tag := range locale.Supported {
				if slices.Contains(o.Offers, xlsxType) && o.Lists && !bundle.Has(tag, "field."+name) {
					t.Errorf("%s: the field %s has no heading in %s", o.ID, name, tag)
				}
			}
		}
	}
	heading := (&Server{House: &House{Config: Config{Bundle: bundle}}}).heading(locale.Chinese)
	if got := heading("titles.zh-Hans"); got != "\u6807\u9898 \u00b7 zh-Hans" {
		t.Errorf("a field within a field: got %q", got)
	}
}
