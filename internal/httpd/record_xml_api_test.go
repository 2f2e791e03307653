package httpd_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// TestRecordsAreTheSameInXML: recognitions, instruments and publications, whole lists and single records, are in XML what
// they are in JSON.
func TestRecordsAreTheSameInXML(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.Jurisdiction)
	records := h.Records(t, ctx)
	c := h.Person(t, ctx)
	get := func(path, accept string) *bytes.Buffer {
		r := c.JSON(t, http.MethodGet, path, nil, "Accept", accept)
		if r.Code != http.StatusOK || r.Header().Get("Content-Type") != accept {
			t.Fatalf("%s as %s: %d %v", path, accept, r.Code, r.Header())
		}
		return r.Body
	}
	for _, collection := range []string{"recognitions", "instruments", "publications"} {
		list := "/api/v1/" + collection
		if collection == "publications" {
			list += "?recordId=" + records["recordId"] // the others are of everybody
		}
		for _, path := range []string{list, "/api/v1/" + collection + "/" + records[collection]} {
			var want []any
			d := json.NewDecoder(get(path, "application/json"))
			d.UseNumber()
			var answer map[string]any
			if err := d.Decode(&answer); err != nil {
				t.Fatal(err)
			}
			if items, ok := answer["items"].([]any); ok {
				want = items
			} else {
				want = []any{answer}
			}
			got, err := httpd.ReadRecordXML(get(path, "application/xml"))
			if err != nil || len(got) == 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %v\nwant %v, %v", path, got, want, err)
			}
		}
	}
	if r := c.JSON(t, http.MethodGet, "/api/v1/recognitions?fields=name,market", nil, "Accept", "application/xml"); !bytes.Contains(r.Body.Bytes(), []byte("<market>")) || bytes.Contains(r.Body.Bytes(), []byte("<originOffice>")) {
		t.Errorf("some fields: %d %s", r.Code, r.Body)
	}
}
