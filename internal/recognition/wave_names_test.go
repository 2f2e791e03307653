package recognition_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

type previewBody struct {
	Headings, Complete bool
	Encoding           string
	Columns            []struct{ Heading, Field string }
	Rows               []previewRow
}

type previewRow struct {
	Row    int
	Fate   string
	Name   map[string]any
	CaseID string `json:"caseId"`
	Found  []struct {
		Name   map[string]any
		Number string
	}
	Findings []struct {
		Pointer, Code, Message string
		Column                 int
	}
}

// registered publishes a registration of an office.
func registered(t *testing.T, ctx context.Context, g *registry.Registry, office, name, number string) {
	t.Helper()
	r, err := g.Draft(ctx, registry.Content{Office: office, Names: []registry.Name{{Text: name, Language: "zh-Hans", Kind: "original"}, {Text: "Latin " + name, Language: "zh-Latn", Kind: "transcription", Scheme: "ISO 7098"}},
		Bases: []registry.Basis{{Kind: "gi-product", Office: office, Number: number}}, Holder: registry.Party{Names: map[string]string{"zh-Hans": "协会"}}, Sources: []registry.Source{{Title: "Register"}}})
	for i, act := range []registry.Act{registry.File, registry.Examine, registry.Publish, registry.Register} {
		if err == nil {
			r, err = g.Do(ctx, r.ID, registry.Event{Act: act, EffectiveOn: time.Date(2020, 1+time.Month(i), 1, 0, 0, 0, 0, time.UTC)})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w wave) preview(list map[string]any) (b previewBody) {
	w.t.Helper()
	list["cases"] = w.opening(0, "en")["cases"]
	w.officer.Need(w.t, &b, "POST", "/api/v1/waves/"+w.id+"/preview", list)
	return b
}

// TestNamesComeIntoAWave: a list says of each row what would become of it, and writes nothing; what is chosen comes in at
// once, with the registrations that were found.
func TestNamesComeIntoAWave(t *testing.T) {
	t.Parallel()
	w := newWave(t, 1)
	county := w.house.Tenant(t, tenancy.County)
	mark := uuid.NewString()[:6]
	name := func(s string) string { return s + mark }
	registered(t, county, w.house.Registry, "XT", name("葵"), "A-1"+mark)
	registered(t, county, w.house.Registry, "XT", name("茄"), "A-2"+mark)
	registered(t, county, w.house.Registry, "XT", name("茄"), "A-3"+mark)
	registered(t, county, w.house.Registry, "XU", name("瓜"), "A-4"+mark)
	var other struct{ ID string }
	o := w.opening(1, "en")["cases"].(map[string]any)
	w.officer.Need(t, &other, "POST", "/api/v1/recognition-cases", map[string]any{"side": o["side"], "instrumentId": o["instrumentId"], "originOffice": "XT", "market": "XT", "on": "2026-01-05", "name": name("杞"), "language": "zh-Hans"})

	text := "名称,拼音,注册号\n" + strings.Join([]string{name("葵"), name("茄"), name("瓜"), name("杞"), "Name 0", name("葵"), ""}, ",x,\n") + ",x,\n"
	p := w.preview(map[string]any{"text": text})
	got := []string{}
	for _, r := range p.Rows {
		got = append(got, fmt.Sprintf("%d %s %d", r.Row, r.Fate, len(r.Found)))
	}
	if want := "2 found 1;3 ambiguous 2;4 not-found 0;5 has-case 0;6 in-wave 0;7 double 1;8 wrong 0"; strings.Join(got, ";") != want {
		t.Fatalf("got  %s\nwant %s", strings.Join(got, ";"), want)
	}
	if f := p.Rows[6].Findings; len(f) != 1 || f[0].Column != 1 || f[0].Pointer != "名称" || f[0].Message == "" {
		t.Errorf("the row without a name: %+v", f)
	}
	if p.Rows[0].Name["registration"] == nil || p.Rows[3].CaseID != other.ID {
		t.Errorf("found %v, case %s", p.Rows[0].Name, p.Rows[3].CaseID)
	}
	// A number decides between registrations of one name; a transcription finds its name.
	p = w.preview(map[string]any{"text": "number\tname\nA-3" + mark + "\tlatin " + name("茄")})
	if r := p.Rows[0]; r.Fate != "found" || r.Name["name"] != name("茄") || r.Found[0].Number != "A-3"+mark {
		t.Errorf("by number: %+v", r)
	}
	if n := w.read(); n.Count != 1 {
		t.Fatalf("a preview wrote: %d names", n.Count)
	}
	p = w.preview(map[string]any{"text": text})
	add := map[string]any{"caseIds": []string{other.ID}, "names": []any{p.Rows[0].Name, p.Rows[1].Found[1].Name, p.Rows[2].Name}, "cases": w.opening(0, "en")["cases"]}
	path, etag := "/api/v1/waves/"+w.id+"/add", w.read().Etag
	p.Rows[2].Name["language"] = "no language"
	if r := w.officer.JSON(t, "POST", path, add, "If-Match", etag); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `"/names/2/language"`) {
		t.Fatalf("a wrong row: %d %s", r.Code, r.Body)
	}
	if n := w.read(); n.Count != 1 {
		t.Fatalf("a wrong row let %d names in", n.Count)
	}
	p.Rows[2].Name["language"] = "zh-Hans"
	w.need(path, etag, add)
	n := w.read()
	if n.Count != 5 || n.Members[1].CaseID != other.ID {
		t.Fatalf("%d names, %+v", n.Count, n.Members)
	}
	if r := w.officer.JSON(t, "POST", path, add, "If-Match", etag); r.Code != http.StatusPreconditionFailed {
		t.Errorf("the version before: %d", r.Code)
	}
	if r := w.officer.JSON(t, "POST", path, map[string]any{"caseIds": []string{other.ID}}, "If-Match", n.Etag); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), "/caseIds/0") {
		t.Errorf("a case twice: %d %s", r.Code, r.Body)
	}
	many := w.opening(recognition.MostInWave-4, "en")
	if r := w.officer.JSON(t, "POST", path, map[string]any{"names": many["names"], "cases": many["cases"]}, "If-Match", n.Etag); r.Code != http.StatusBadRequest {
		t.Errorf("501 names: %d", r.Code)
	}
	var linked struct {
		Registration map[string]string
		Forms        []map[string]string
	}
	w.officer.Need(t, &linked, "GET", "/api/v1/recognition-cases/"+n.Members[2].CaseID, nil)
	if linked.Registration["recordId"] == "" || len(linked.Forms) != 1 {
		t.Errorf("the case of what was found: %+v", linked)
	}
}

// TestListsOfNamesAreFiles: a file in GB18030 is read; the annex is asked for as a paper (TestLettersAreSetSideBySide sets it).
func TestListsOfNamesAreFiles(t *testing.T) {
	t.Parallel()
	w := newWave(t, 3)
	put := func(name, media string, content []byte) string {
		d, err := w.house.Docs.Put(w.ctx, document.File{ID: uuid.New(), Filename: name, MediaType: media, Purpose: "wave", Content: content})
		if err != nil {
			t.Fatal(err)
		}
		return d.ID.String()
	}
	p := w.preview(map[string]any{"documentId": put("list.csv", "text/csv", []byte("\xc3\xfb\xb3\xc6\n\xce\xe5\xd4\xad\xcf\xf2\xc8\xd5\xbf\xfb\n"))})
	if p.Encoding != "GB18030" || len(p.Rows) != 1 || p.Rows[0].Name["name"] != "五原向日葵" {
		t.Errorf("got %+v", p)
	}
	p = w.preview(map[string]any{"documentId": put("list.csv", "text/csv", []byte("Wat,Hoe\nMelon,x\n"))})
	if p.Complete || len(p.Columns) != 2 || len(p.Rows) != 0 {
		t.Errorf("unknown headings: %+v", p)
	}
	p = w.preview(map[string]any{"documentId": put("list.csv", "text/csv", []byte("Wat,Hoe\nMelon,x\n")), "columns": []any{map[string]string{"heading": "Wat", "field": "name"}}, "language": "nl"})
	if len(p.Rows) != 1 || p.Rows[0].Fate != "not-found" || p.Rows[0].Name["language"] != "nl" {
		t.Errorf("mapped: %+v", p)
	}
	for _, wrong := range []map[string]any{{"text": "  "}, {"documentId": uuid.NewString()}, {"text": "Melon", "columns": []any{map[string]string{"heading": "a", "field": "no-field"}}}} {
		wrong["cases"] = w.opening(0, "en")["cases"]
		if r := w.officer.JSON(t, "POST", "/api/v1/waves/"+w.id+"/preview", wrong); r.Code != http.StatusBadRequest {
			t.Errorf("%v: %d %s", wrong, r.Code, r.Body)
		}
	}

	var made struct{ DocumentID, TaskID string }
	if r := w.officer.JSON(t, "POST", "/api/v1/waves/"+w.id+"/print", nil); r.Code != http.StatusAccepted {
		t.Fatalf("%d %s", r.Code, r.Body)
	} else if err := decode(r, &made); err != nil {
		t.Fatal(err)
	}
	if made.DocumentID == "" || made.TaskID == "" {
		t.Errorf("got %+v", made)
	}
}
