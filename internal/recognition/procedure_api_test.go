package recognition_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

func step(act string, documents ...any) map[string]any {
	s := map[string]any{"act": act, "basis": map[string]any{"verified": false}}
	if len(documents) > 0 {
		s["documents"] = documents
	}
	return s
}

// invented is a procedure that nobody has: one period of working days in a calendar of its own, in which Wednesday is free.
func invented(days int) map[string]any {
	return map[string]any{
		"steps": []any{step("receive"), step("accept", map[string]any{"kind": "soil-map", "languages": []string{"ka"}}), step("grant")},
		"periods": []any{map[string]any{"code": "reading", "starts": []string{"receive"}, "from": "event", "length": map[string]any{"count": days, "unit": "working-day"}, "calendar": "XV-WEDNESDAYS", "rolls": true,
			"side": "destination", "ends": []string{"accept"}, "pauses": false, "basis": map[string]any{"verified": false}}},
		"grounds": []any{map[string]any{"code": "too-sweet", "of": []string{"refusal"}, "basis": map[string]any{"verified": false}}},
		"calendars": []any{map[string]any{"code": "XV-WEDNESDAYS", "titles": map[string]string{"en": "Wednesdays are free"}, "timeZone": "Asia/Tbilisi", "weekend": []string{"wednesday"},
			"years": []any{map[string]any{"year": 2026, "off": []string{"2026-01-09"}, "sources": []any{map[string]string{"title": "Invented"}}}}, "sources": []any{map[string]string{"title": "Invented"}}}},
	}
}

type procedureCase struct {
	ID, State, Etag  string
	ProcedureVersion int
	Deadlines        []struct{ Code, EndsOn, State string }
}

// TestProcedureThatNobodyHas: a procedure is data. One that was invented for this test runs a case from its opening to protection; a
// new version of it is for cases that are opened later; and what the case granted holds from its day on and not before.
func TestProcedureThatNobodyHas(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	officer := h.Person(t, h.Tenant(t, tenancy.Jurisdiction))
	name := "Name " + uuid.NewString()[:8]
	act := map[string]any{"code": "INV-1", "kind": "memorandum", "titles": map[string]string{"en": "Invented"}, "parties": []string{"XV"}, "sources": []any{map[string]string{"title": "Nobody"}},
		"texts":      []any{map[string]any{"language": "ka", "title": "მემორანდუმი", "authentic": true, "url": "https://example.org/ka"}},
		"amendments": []any{map[string]any{"titles": map[string]string{"en": "First amendment"}, "signedOn": "2026-02-01", "inForceOn": "2026-03-01"}}}
	var made struct {
		ID         string
		Texts      []struct{ Language string }
		Amendments []struct{ InForceOn string }
	}
	wrong := map[string]any{}
	for k, v := range act {
		wrong[k] = v
	}
	wrong["texts"] = []any{map[string]any{"language": "no language", "title": "x", "url": "javascript:alert(1)"}}
	wrong["amendments"] = []any{map[string]any{"titles": map[string]string{}, "signedOn": "2026-03-01", "inForceOn": "2026-02-01"}}
	r := officer.JSON(t, "POST", "/api/v1/instruments", wrong)
	for _, at := range []string{"/texts/0/language", "/texts/0/url", "/amendments/0/titles", "/amendments/0/inForceOn"} {
		if r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `"`+at+`"`) {
			t.Errorf("%s: %d %s", at, r.Code, r.Body)
		}
	}
	officer.Need(t, &made, "POST", "/api/v1/instruments", act)
	if len(made.Texts) != 1 || made.Texts[0].Language != "ka" || len(made.Amendments) != 1 || made.Amendments[0].InForceOn != "2026-03-01" {
		t.Errorf("the instrument says %+v", made)
	}
	path := "/api/v1/instruments/" + made.ID
	put := func(procedure any) string {
		t.Helper()
		r := officer.JSON(t, "PUT", path+"/procedure", procedure, "If-Match", officer.Need(t, nil, "GET", path, nil))
		if r.Code != http.StatusOK {
			return r.Body.String()
		}
		return ""
	}
	bad := invented(9)
	bad["periods"].([]any)[0].(map[string]any)["calendar"] = "XV-THURSDAYS"
	if said := put(bad); !strings.Contains(said, "/periods/0/calendar") {
		t.Errorf("a calendar that is nowhere: %s", said)
	}
	if said := put(invented(9)); said != "" {
		t.Fatal(said)
	}
	open := func() (c procedureCase) {
		t.Helper()
		officer.Need(t, &c, "POST", "/api/v1/recognition-cases", map[string]any{"side": "destination", "originOffice": "XV", "market": "XV", "name": name, "language": "en", "instrumentId": made.ID, "on": "2026-01-05"})
		return c
	}
	do := func(c *procedureCase, act string, how map[string]any) int {
		t.Helper()
		at := "/api/v1/recognition-cases/" + c.ID
		r := officer.JSON(t, "POST", at+"/"+act, how, "If-Match", c.Etag)
		if r.Code == http.StatusOK {
			officer.Need(t, c, "GET", at, nil)
		}
		return r.Code
	}
	c := open()
	received := map[string]any{"on": "2026-01-05", "receivedOn": "2026-01-05", "reference": "R 1"}
	if code := do(&c, "receive", received); code != http.StatusOK {
		t.Fatalf("receive: %d", code)
	}
	// From Tuesday the 6th; Wednesdays the 7th and 14th and the 9th are free: 6 8 10 11 12 13 15 16 17.
	if len(c.Deadlines) != 1 || c.Deadlines[0].EndsOn != "2026-01-17" {
		t.Errorf("nine working days from the 5th: %+v", c.Deadlines)
	}
	if said := put(invented(2)); said != "" {
		t.Fatal(said)
	}
	later := open()
	if code := do(&later, "receive", received); code != http.StatusOK || later.ProcedureVersion != 2 || later.Deadlines[0].EndsOn != "2026-01-08" {
		t.Errorf("a case opened under the new version: %d %+v", code, later)
	}
	if officer.Need(t, &c, "GET", "/api/v1/recognition-cases/"+c.ID, nil); c.ProcedureVersion != 1 || c.Deadlines[0].EndsOn != "2026-01-17" {
		t.Errorf("a case in course: %+v", c)
	}
	if code := do(&c, "accept", map[string]any{"on": "2026-01-12"}); code != http.StatusBadRequest {
		t.Errorf("without the map that the procedure asks for: %d", code)
	}
	paper := func(kind string) []any {
		return []any{map[string]any{"title": "Paper", "kind": kind, "language": "ka", "sha256": strings.Repeat("b", 64)}}
	}
	if code := do(&c, "accept", map[string]any{"on": "2026-01-12", "documents": paper("soil-map")}); code != http.StatusOK {
		t.Fatalf("accept: %d", code)
	}
	day := time.Now().UTC().AddDate(0, 0, 40).Format(time.DateOnly)
	if code := do(&c, "grant", map[string]any{"on": "2026-02-02", "effectiveOn": day, "documents": paper("decision")}); code != http.StatusOK || c.State != "protected" {
		t.Fatalf("grant: %d, %s", code, c.State)
	}

	var list struct {
		Items []struct{ ID, Etag, From string }
	}
	officer.Need(t, &list, "GET", "/api/v1/recognitions?q="+strings.ReplaceAll(name, " ", "%20"), nil)
	if len(list.Items) != 1 || list.Items[0].From != day {
		t.Fatalf("the case led to %+v", list.Items)
	}
	for _, p := range []string{path, "/api/v1/recognitions/" + list.Items[0].ID} {
		if r := officer.JSON(t, "POST", p+"/publish", nil, "If-Match", officer.Need(t, nil, "GET", p, nil)); r.Code != http.StatusOK {
			t.Fatalf("publish: %d %s", r.Code, r.Body)
		}
	}
	status := func(on string) (s struct{ Answer string }) {
		h.Nobody().Need(t, &s, "GET", "/api/v1/status?name="+strings.ReplaceAll(name, " ", "%20")+"&market=XV&on="+on, nil)
		return s
	}
	before := time.Now().UTC().AddDate(0, 0, 39).Format(time.DateOnly)
	if was, is := status(before).Answer, status(day).Answer; was == "yes" || is == was {
		t.Errorf("the day before %s, on the day %s", was, is)
	}
}
