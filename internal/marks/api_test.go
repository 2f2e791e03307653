package marks_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// TestFromApplicationToScan goes the whole way over HTTP, as an officer of marks, as another county, and as somebody in a shop.
func TestFromApplicationToScan(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.County)
	clerk, registrar := h.Person(t, ctx, "mark-officer"), h.Person(t, ctx, "registrar")
	var registration struct{ ID string }
	registrar.Need(t, &registration, "POST", "/api/v1/registrations", map[string]any{"office": "CN", "names": []any{map[string]any{"text": "五原向日葵", "language": "zh-Hans", "kind": "original"}}, "bases": []any{}, "holder": map[string]any{"names": map[string]any{"zh-Hans": "演示"}}})
	for _, act := range []string{"file", "examine", "publish", "register"} {
		registrar.Need(t, nil, "POST", "/api/v1/registrations/"+registration.ID+"/"+act, map[string]any{"effectiveOn": "2026-01-05"})
	}
	var user struct {
		ID, Status string
		Version    int
		Allowed    []string
	}
	application := map[string]any{"registrationId": registration.ID, "kind": "certification-licensee", "creditCode": "9135 0100 m000 100y 43", "names": map[string]any{"zh-Hans": "演示农业有限公司" + registration.ID}, "township": "隆兴昌镇", "exports": true, "appliedOn": "2026-02-01"}
	wrong := map[string]any{}
	for k, v := range application {
		wrong[k] = v
	}
	wrong["creditCode"], wrong["names"] = "91350100M000100Y44", map[string]any{"zh-Hans": "。"}
	if r := clerk.JSON(t, "POST", "/api/v1/mark-authorisations", wrong); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `"/creditCode"`) || !strings.Contains(r.Body.String(), `"/names/zh-Hans"`) {
		t.Errorf("a wrong application: %d %s", r.Code, r.Body)
	}
	clerk.Need(t, &user, "POST", "/api/v1/mark-authorisations", application)
	for _, act := range []string{"verify", "examine", "announce", "enter"} {
		r := clerk.JSON(t, "POST", fmt.Sprintf("/api/v1/mark-authorisations/%s/%s", user.ID, act), map[string]any{"happenedOn": "2026-02-10", "reference": "N-1"}, "If-Match", fmt.Sprintf(`"v%d"`, user.Version))
		if r.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", act, r.Code, r.Body)
		}
		user.Version++
	}
	clerk.Need(t, &user, "GET", "/api/v1/mark-authorisations/"+user.ID, nil)
	if user.Status != "active" || !strings.Contains(strings.Join(user.Allowed, " "), "order flag end") {
		t.Errorf("got %+v", user)
	}
	var found struct{ Items []struct{ ID string } }
	clerk.Need(t, &found, "GET", "/api/v1/mark-authorisations?q=%E5%86%9C%E4%B8%9A&exports=true&status=active", nil)
	if len(found.Items) != 1 || found.Items[0].ID != user.ID {
		t.Errorf("found %+v", found)
	}
	composed := artwork(t, ctx, h, clerk, user.ID)
	publicly(t, h, registration.ID)
	code := issued(t, clerk, registration.ID, user.ID)
	lookedUp(t, h, clerk, code)
	scanned(t, h, code)
	answered(t, h, clerk, user.ID, user.Version)
	if r := composed(20, "#1A1A1A"); r.Code != http.StatusConflict {
		t.Errorf("artwork for a use that ended: %d %s", r.Code, r.Body)
	}
	if r := h.Person(t, h.Tenant(t, tenancy.County), "mark-officer").JSON(t, "GET", "/api/v1/mark-authorisations/"+user.ID, nil); r.Code != http.StatusNotFound {
		t.Errorf("another county reads it: %d", r.Code)
	}
	if r := registrar.JSON(t, "POST", "/api/v1/mark-batches", map[string]any{}); r.Code != http.StatusForbidden {
		t.Errorf("a registrar orders marks: %d", r.Code)
	}
}

// artwork keeps an image, and asks for artwork as its layout allows it and does not.
func artwork(t *testing.T, ctx context.Context, h *apitest.House, clerk *apitest.Caller, user string) (compose func(width float64, colour string) *httptest.ResponseRecorder) {
	t.Helper()
	d, err := h.Docs.Put(ctx, document.File{Filename: "mark.svg", MediaType: "image/svg+xml", Content: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)})
	if err != nil {
		t.Fatal(err)
	}
	var image struct{ ID string }
	said := map[string]any{"name": "演示图样", "documentId": d.ID, "code": map[string]any{"left": 0, "top": 900, "width": 1000, "height": 200}, "leastMm": 15, "colours": []string{"#1A1A1A"}, "source": "演示规则"}
	if r := clerk.JSON(t, "POST", "/api/v1/mark-images", said); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `"/code"`) {
		t.Errorf("a code that stands beyond its image: %d %s", r.Code, r.Body)
	}
	said["code"] = map[string]any{"left": 0, "top": 800, "width": 1000, "height": 200}
	clerk.Need(t, &image, "POST", "/api/v1/mark-images", said)
	compose = func(width float64, colour string) *httptest.ResponseRecorder {
		return clerk.JSON(t, "POST", "/api/v1/mark-authorisations/"+user+"/compose", map[string]any{"imageId": image.ID, "form": "svg", "widthMm": width, "colour": colour})
	}
	if r := compose(20, "#1a1a1a"); r.Code != http.StatusAccepted {
		t.Errorf("artwork: %d %s", r.Code, r.Body)
	}
	if r := compose(14, "#FF0000"); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `"/widthMm"`) || !strings.Contains(r.Body.String(), `"/colour"`) {
		t.Errorf("artwork that is too small and red: %d %s", r.Code, r.Body)
	}
	return compose
}

// answered asks the status check about the holder before and after its use ends, for days before and after.
func answered(t *testing.T, h *apitest.House, clerk *apitest.Caller, user string, version int) {
	t.Helper()
	type reason struct {
		Code string
		Use  *struct{ CreditCode, Status string }
	}
	ask := func(day, holder, answer, code string) {
		t.Helper()
		var got struct {
			HolderAnswer string
			Reasons      []reason
		}
		h.Nobody().Need(t, &got, "GET", "/api/v1/status?name=%E4%BA%94%E5%8E%9F%E5%90%91%E6%97%A5%E8%91%B5&market=CN&on="+day+"&holder="+holder, nil)
		for _, r := range got.Reasons {
			if r.Code == code && (r.Use == nil) != (code == "holder-unknown") {
				t.Errorf("%s on %s cites %+v", holder, day, r)
			}
		}
		if got.HolderAnswer != answer || !slices.ContainsFunc(got.Reasons, func(r reason) bool { return r.Code == code }) {
			t.Errorf("%s on %s: got %+v, want %s because %s", holder, day, got, answer, code)
		}
	}
	ask("2026-02-09", "91350100M000100Y43", "no", "authorised-later")
	ask("2026-02-10", "9135+0100+m000+100y+43", "yes", "authorised")
	ask("2026-05-01", "91440300708461136T", "unknown", "holder-unknown")
	do := func(act string, body map[string]any) {
		t.Helper()
		body["happenedOn"], body["reason"] = "2026-04-01", "r"
		if r := clerk.JSON(t, "POST", "/api/v1/mark-authorisations/"+user+"/"+act, body, "If-Match", fmt.Sprintf(`"v%d"`, version)); r.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", act, r.Code, r.Body)
		}
		version++
	}
	do("order", map[string]any{"dueOn": "2026-05-01"})
	ask("2026-05-01", "91350100M000100Y43", "yes", "authorised-ordered")
	do("end", map[string]any{"ground": "own-request"})
	ask("2026-03-31", "91350100M000100Y43", "yes", "authorised")
	ask("2026-04-01", "91350100M000100Y43", "no", "use-ended")
}

// issued orders three marks, has them printed and issues them; it returns the code of one.
func issued(t *testing.T, clerk *apitest.Caller, registration, user string) string {
	t.Helper()
	var batch struct{ ID string }
	clerk.Need(t, &batch, "POST", "/api/v1/mark-batches", map[string]any{"registrationId": registration, "authorisationId": user, "design": "标签", "printer": "演示印刷厂", "count": 3, "orderedOn": "2026-03-01"})
	file := clerk.JSON(t, "GET", "/api/v1/mark-batches/"+batch.ID+"/export", nil)
	lines := strings.Split(file.Body.String(), "\r\n")
	if file.Code != http.StatusOK || len(lines) != 5 {
		t.Fatalf("%d, %d lines", file.Code, len(lines))
	}
	do := func(act string, more map[string]any) {
		body := map[string]any{"first": 0, "count": 3, "happenedOn": "2026-03-02", "reference": "R-1"}
		for k, v := range more {
			body[k] = v
		}
		clerk.Need(t, nil, "POST", "/api/v1/mark-batches/"+batch.ID+"/"+act, body)
	}
	do("print", nil)
	do("receive", map[string]any{"warehouse": "一号库"})
	do("issue", map[string]any{"authorisationId": user})
	if r := clerk.JSON(t, "POST", "/api/v1/mark-batches/"+batch.ID+"/destroy", map[string]any{"first": 0, "count": 1, "happenedOn": "2026-03-02", "reason": "r", "witnesses": []string{"A"}}); r.Code != http.StatusBadRequest || !strings.Contains(r.Body.String(), `"/witnesses"`) {
		t.Errorf("destroyed alone: %d %s", r.Code, r.Body)
	}
	if r := clerk.JSON(t, "POST", "/api/v1/mark-batches/"+batch.ID+"/receive", map[string]any{"first": 0, "count": 3, "happenedOn": "2026-03-02", "reference": "R", "warehouse": "W"}); r.Code != http.StatusConflict {
		t.Errorf("received twice: %d %s", r.Code, r.Body)
	}
	return strings.Split(lines[1], ",")[1]
}

// publicly looks at the list that anybody reads, as a page and as a table.
func publicly(t *testing.T, h *apitest.House, name string) {
	t.Helper()
	for path, want := range map[string]bool{"/mark-users?q=" + name: true, "/mark-users?status=active&q=" + strings.ToUpper(name): true, "/mark-users?status=ended&q=" + name: false, "/mark-users.csv?q=" + name: true, "/mark-users?q=91350100M000100Y44" + name: false, "/mark-users?status=none&q=" + name: true, "/mark-users?q=zh-Hans": false} {
		r := h.Nobody().Do(t, "GET", path, nil, http.Header{"Accept-Language": {"fr"}})
		if r.Code != http.StatusOK || strings.Contains(r.Body.String(), "演示农业有限公司"+name) != want || want && !strings.Contains(r.Body.String(), "Licencié de la marque de certification") {
			t.Errorf("%s: %d, and it is not %t that it lists the user: %.2000s", path, r.Code, want, r.Body)
		}
	}
}

// lookedUp looks a code up as who keeps its batch, who is told its number and where that is, and as another county, which is not.
func lookedUp(t *testing.T, h *apitest.House, clerk *apitest.Caller, code string) {
	t.Helper()
	type check struct {
		Verdict, BatchID string
		Number           *int
	}
	var ours, theirs check
	clerk.Need(t, &ours, "GET", "/api/v1/marks/"+code, nil)
	if ours.Verdict != "genuine" || ours.BatchID == "" || ours.Number == nil || *ours.Number != 0 {
		t.Fatalf("who keeps the batch is told %+v", ours)
	}
	h.Person(t, h.Tenant(t, tenancy.County), "mark-officer").Need(t, &theirs, "GET", "/api/v1/marks/"+code, nil)
	if theirs.Verdict != "genuine" || theirs.BatchID != "" || theirs.Number != nil {
		t.Errorf("another county is told %+v", theirs)
	}
	var where struct {
		Items []struct {
			First, Count int
			Place        struct{ Kind string }
		}
	}
	clerk.Need(t, nil, "POST", "/api/v1/mark-batches/"+ours.BatchID+"/void", map[string]any{"first": 2, "count": 1, "happenedOn": "2026-03-03", "reason": "spoilt"})
	clerk.Need(t, &where, "GET", "/api/v1/mark-batches/"+ours.BatchID+"/holdings?from=1&limit=1", nil)
	if len(where.Items) != 1 || where.Items[0].First != 0 || where.Items[0].Place.Kind != "issued" {
		t.Errorf("number 1 is in %+v", where.Items)
	}
	clerk.Need(t, &where, "GET", "/api/v1/mark-batches/"+ours.BatchID+"/holdings?from=2", nil)
	if len(where.Items) != 1 || where.Items[0].Place.Kind != "void" {
		t.Errorf("number 2 is in %+v", where.Items)
	}
}

// scanned looks at what anybody is told of a code, as a program and in each language.
func scanned(t *testing.T, h *apitest.House, code string) {
	t.Helper()
	var answer struct {
		Verdict, Protection string
		Holder              struct{ CreditCode string }
	}
	h.Nobody().Need(t, &answer, "GET", "/api/v1/marks/"+strings.ToLower(code)+"?market=CN", nil)
	for range 2 { // what is asked first is written for all that lie in the same place
		short := h.Nobody().Do(t, "GET", "/api/v1/marks/"+code, nil, nil)
		long := h.Nobody().Do(t, "GET", "/api/v1/marks/"+code, nil, http.Header{"Cookie": {"lang=en"}})
		if short.Code != http.StatusOK || short.Body.String() != long.Body.String() || !strings.Contains(short.Body.String(), code) {
			t.Errorf("the short way says %d %s, the long way %d %s", short.Code, short.Body, long.Code, long.Body)
		}
	}
	if answer.Verdict != "genuine" || answer.Holder.CreditCode != "91350100M000100Y43" || answer.Protection == "" {
		t.Errorf("got %+v", answer)
	}
	for language, says := range map[string]string{"zh-Hans": "此标志为真", "en": "This mark is genuine", "ar": "هذه العلامة أصلية", "fr": "Cette marque est authentique", "ru": "Знак подлинный", "es": "Esta marca es auténtica"} {
		r := h.Nobody().Do(t, "GET", "/m/"+code, nil, http.Header{"Accept-Language": {language}})
		body := r.Body.String()
		if r.Code != http.StatusOK || !strings.Contains(body, says) || strings.Contains(body, "<script") || len(body) > 40<<10 {
			t.Errorf("%s: %d, %d bytes, says %t", language, r.Code, len(body), strings.Contains(body, says))
		}
	}
}
