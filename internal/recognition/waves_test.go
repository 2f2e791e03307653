package recognition_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	waveNames   = 100
	waveOpposed = 7
)

type waveResult struct {
	CaseID  string `json:"caseId"`
	Moved   bool
	State   string
	Problem *struct{ Code, Message string }
}

type waveMoved struct {
	Moved, Stayed int
	Results       []waveResult
}

type waveBody struct {
	ID, Etag string
	Count    int
	Members  []struct {
		CaseID  string `json:"caseId"`
		State   string
		Version int
	}
}

// wave is an office with a hundred names that a partner proposed, bundled from a list.
type wave struct {
	t       *testing.T
	ctx     context.Context
	house   *apitest.House
	officer *apitest.Caller
	instrument,
	id string
}

func newWave(t *testing.T, names int) wave {
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.Jurisdiction)
	w := wave{t: t, ctx: ctx, house: h, officer: h.Person(t, ctx)}
	var made struct{ ID string }
	w.officer.Need(t, &made, "POST", "/api/v1/instruments", map[string]any{"code": "W-1", "kind": "pilot", "titles": map[string]string{"en": "Pilot"}, "parties": []string{"XT"}, "lists": []any{}, "sources": []any{map[string]string{"title": "Letters"}}})
	w.instrument = made.ID
	i, err := h.Law.ReadInstrument(ctx, uuid.MustParse(made.ID))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Law.UpdateProcedure(ctx, i.ID, i.Version, recognition.Templates[0].Procedure); err != nil {
		t.Fatal(err)
	}
	w.officer.Need(t, &made, "POST", "/api/v1/waves", w.opening(names, "en"))
	w.id = made.ID
	return w
}

func (w wave) opening(names int, language string) map[string]any {
	all := []any{}
	for n := range names {
		all = append(all, map[string]any{"name": fmt.Sprintf("Name %d", n), "language": language, "forms": []any{map[string]any{"text": fmt.Sprintf("Ming %d", n), "language": "zh-Latn", "kind": "transcription"}}})
	}
	return map[string]any{"title": "Second batch", "names": all, "cases": map[string]any{"side": "destination", "instrumentId": w.instrument, "originOffice": "XT", "market": "XT", "on": "2026-01-05"}}
}

func decode(r *httptest.ResponseRecorder, to any) error { return json.Unmarshal(r.Body.Bytes(), to) }

func (w wave) read() (b waveBody) {
	w.t.Helper()
	w.officer.Need(w.t, &b, "GET", "/api/v1/waves/"+w.id, nil)
	return b
}

func (w wave) move(act string, how map[string]any) (m waveMoved) {
	w.t.Helper()
	w.officer.Need(w.t, &m, "POST", "/api/v1/waves/"+w.id+"/move", map[string]any{"act": act, "how": how})
	return m
}

// TestWaveOfHundred: a hundred names are received, published and cleared together; seven of them are opposed meanwhile, stay,
// and say why.
func TestWaveOfHundred(t *testing.T) {
	t.Parallel()
	w := newWave(t, waveNames)
	for _, step := range []struct {
		act string
		how map[string]any
	}{
		{"receive", map[string]any{"on": "2026-01-12", "receivedOn": "2026-01-12", "reference": "R 1"}},
		{"accept", map[string]any{"on": "2026-02-02"}},
		{"publish", map[string]any{"on": "2026-03-02", "effectiveOn": "2026-03-02", "reference": "Gazette 5"}},
	} {
		if m := w.move(step.act, step.how); m.Moved != waveNames || m.Stayed != 0 {
			t.Fatalf("%s: %d moved, %d not: %+v", step.act, m.Moved, m.Stayed, m.Results[0].Problem)
		}
	}
	members := w.read().Members
	for _, m := range members[:waveOpposed] {
		var o struct{ ID, Etag string }
		w.officer.Need(t, &o, "POST", "/api/v1/recognition-cases/"+m.CaseID+"/oppositions", map[string]any{"receivedOn": "2026-03-20", "opponent": "Growers", "capacity": "legal-person",
			"address": "Street 1", "email": "g@example.org", "language": "en", "grounds": []any{map[string]any{"ground": "generic", "text": "Everybody says so"}}})
		w.need("/api/v1/oppositions/"+o.ID+"/admit", o.Etag, map[string]any{"on": "2026-03-21"})
	}
	m := w.move("grant", map[string]any{"on": "2026-06-01", "effectiveOn": "2026-06-01", "documents": []any{map[string]any{"title": "Decision", "sha256": strings.Repeat("a", 64)}}})
	if m.Moved != 0 {
		t.Fatalf("granted without such a step: %+v", m)
	}
	m = w.move("refuse", map[string]any{"on": "2026-06-01"})
	if m.Moved != 0 || m.Results[0].Problem == nil || m.Results[0].Problem.Code != "invalid" {
		t.Fatalf("refused without grounds: %+v", m)
	}
	m = w.move("suspend", map[string]any{"on": "2026-06-01"})
	if m.Moved != 0 {
		t.Fatalf("suspended without a reason: %+v", m)
	}
	b := w.read()
	asked := []any{}
	for _, c := range members { // as they were read before the oppositions: seven are not any more what was read
		asked = append(asked, map[string]any{"caseId": c.CaseID, "version": c.Version})
	}
	w.officer.Need(t, &m, "POST", "/api/v1/waves/"+w.id+"/move", map[string]any{"act": "limit", "cases": asked,
		"how": map[string]any{"on": "2026-06-01", "effectiveOn": "2026-06-01", "limits": map[string]string{"en": "Until the list is settled"}, "documents": []any{map[string]any{"title": "Decision", "sha256": strings.Repeat("a", 64)}}}})
	if m.Moved != waveNames-waveOpposed || m.Stayed != waveOpposed {
		t.Fatalf("%d moved, %d not", m.Moved, m.Stayed)
	}
	for _, r := range m.Results[:waveOpposed] {
		if r.Moved || r.State != "opposed" || r.Problem == nil || r.Problem.Code != "recognition-case.moved" || !strings.Contains(r.Problem.Message, "oppose") {
			t.Errorf("an opposed name: %+v", r)
		}
	}
	for _, format := range []string{"docx", "xlsx"} {
		r := w.officer.Do(t, "GET", "/api/v1/waves/"+w.id+"/annex?format="+format, nil, nil)
		if _, err := zip.NewReader(bytes.NewReader(r.Body.Bytes()), int64(r.Body.Len())); r.Code != http.StatusOK || err != nil {
			t.Errorf("annex as %s: %d, %v", format, r.Code, err)
		}
	}
	if b.Count != waveNames {
		t.Errorf("the wave has %d names", b.Count)
	}
}

// need does an act on a version, which must succeed.
func (w wave) need(path, etag string, body any) {
	w.t.Helper()
	if r := w.officer.JSON(w.t, "POST", path, body, "If-Match", etag); r.Code != http.StatusOK {
		w.t.Fatalf("%s: %d %s", path, r.Code, r.Body)
	}
}

// TestWaveMovedByTwo: two officers move the same names as both read them; each name moves once, and whoever came second is
// told what came first.
func TestWaveMovedByTwo(t *testing.T) {
	t.Parallel()
	w := newWave(t, 8)
	asked := []any{}
	for _, c := range w.read().Members {
		asked = append(asked, map[string]any{"caseId": c.CaseID, "version": c.Version})
	}
	body := map[string]any{"act": "receive", "cases": asked, "how": map[string]any{"on": "2026-01-12", "receivedOn": "2026-01-12", "reference": "R 1"}}
	var answers [2]*httptest.ResponseRecorder
	var both [2]waveMoved
	var wait sync.WaitGroup
	for n := range answers {
		wait.Go(func() { answers[n] = w.officer.JSON(t, "POST", "/api/v1/waves/"+w.id+"/move", body) })
	}
	wait.Wait()
	for n, r := range answers {
		if err := json.Unmarshal(r.Body.Bytes(), &both[n]); err != nil || r.Code != http.StatusOK {
			t.Fatalf("%d %s", r.Code, r.Body)
		}
	}
	for i := range asked {
		a, b := both[0].Results[i], both[1].Results[i]
		if a.Moved == b.Moved {
			t.Errorf("name %d moved %t and %t", i, a.Moved, b.Moved)
			continue
		}
		if a.Moved {
			a = b
		}
		if a.Problem == nil || a.Problem.Code != "recognition-case.moved" {
			t.Errorf("name %d: the second was told %+v", i, a.Problem)
		}
	}
}

// TestWaveListIsWhole: a list with a wrong row opens nothing, and the row is named.
func TestWaveListIsWhole(t *testing.T) {
	t.Parallel()
	w := newWave(t, 1)
	o := w.opening(3, "en")
	o["names"].([]any)[1].(map[string]any)["language"] = "no language"
	r := w.officer.JSON(t, "POST", "/api/v1/waves", o)
	if r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `"/names/1/language"`) {
		t.Errorf("got %d %s", r.Code, r.Body)
	}
	var list struct{ Items []struct{ ID string } }
	if w.officer.Need(t, &list, "GET", "/api/v1/recognition-cases", nil); len(list.Items) != 1 {
		t.Errorf("%d cases, of which one was there", len(list.Items))
	}
	b := w.read()
	except := func(reason string) *httptest.ResponseRecorder {
		return w.officer.JSON(t, "POST", "/api/v1/waves/"+w.id+"/except", map[string]any{"caseIds": []string{b.Members[0].CaseID}, "reason": reason}, "If-Match", w.read().Etag)
	}
	if r := except("Waits for its specification"); r.Code != http.StatusOK {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	if m := w.move("receive", map[string]any{"on": "2026-01-12", "receivedOn": "2026-01-12", "reference": "R 1"}); len(m.Results) != 0 {
		t.Errorf("an exception moved: %+v", m)
	}
	if r := except(""); r.Code != http.StatusOK {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	if m := w.move("receive", map[string]any{"on": "2026-01-12", "receivedOn": "2026-01-12", "reference": "R 1"}); m.Moved != 1 {
		t.Errorf("taken back, it did not move: %+v", m)
	}
}
