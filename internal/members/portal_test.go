package members_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// A member sees its own membership with a link that opens once, proposes a change that somebody of the association decides on, and sees who
// looked. Neither the link, when it was used, nor the session of another association opens anything.
func TestAMemberLooksAtItself(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	ctx := h.Tenant(t, tenancy.Association)
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	m := admitted(t, ctx, h.Members, grower("Ayan"))
	other := admitted(t, ctx, h.Members, members.Facts{Category: members.Grower, Name: "OTHER-MEMBER"})
	if _, err := h.Dues.Ask(ctx, members.Invoice{MemberID: m.ID, Title: "Training", Amount: 12_50, DueOn: h.Now().AddDate(0, 1, 0)}); err != nil {
		t.Fatal(err)
	}
	secretary := h.Person(t, ctx, "secretary")
	if r := secretary.JSON(t, "POST", "/api/v1/members/"+m.ID.String()+"/reveal", map[string]string{"purpose": "to call back"}); r.Code != http.StatusOK {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	var link struct{ Address string }
	secretary.Need(t, &link, "POST", "/api/v1/members/"+m.ID.String()+"/invite", nil)
	path := link.Address[strings.Index(link.Address, "/associations/"):]
	portal := "/associations/" + scope.Slug + "/portal"
	nobody := h.Nobody()
	if r := nobody.Do(t, "GET", path, nil, nil); r.Code != http.StatusOK || r.Header().Get("Referrer-Policy") != "no-referrer" || r.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the button: %d %v", r.Code, r.Header())
	}
	r := nobody.Do(t, "POST", path, nil, nil)
	cookies := r.Result().Cookies()
	if r.Code != http.StatusSeeOther || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || cookies[0].Path != portal {
		t.Fatalf("entered: %d %v", r.Code, cookies)
	}
	if again := nobody.Do(t, "POST", path, nil, nil); again.Code != http.StatusNotFound {
		t.Errorf("the link opens twice: %d", again.Code)
	}
	session := http.Header{"Cookie": {cookies[0].Name + "=" + cookies[0].Value}, "Accept-Language": {"en"}}
	page := func() string {
		t.Helper()
		r := nobody.Do(t, "GET", portal, nil, session)
		if r.Code != http.StatusOK {
			t.Fatalf("the portal: %d %s", r.Code, r.Body)
		}
		return r.Body.String()
	}
	shown := page()
	for _, want := range []string{"Ayan", "13800138000", idNumber, "12.50", "to call back"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the portal lacks %s", want)
		}
	}
	if strings.Contains(shown, other.Name) {
		t.Error("the portal shows another member")
	}
	send := func(form map[string]string) int {
		t.Helper()
		header := session.Clone()
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for name, value := range form {
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		header.Set("Content-Type", w.FormDataContentType())
		return nobody.Do(t, "POST", portal, &body, header).Code
	}
	if code := send(map[string]string{"act": "propose", "contact": "Ayan", "phone": "1"}); code != http.StatusBadRequest {
		t.Errorf("a telephone that is none: %d", code)
	}
	if code := send(map[string]string{"act": "propose", "contact": "Ayan", "phone": "13900139000", "reason": "new number"}); code != http.StatusSeeOther {
		t.Errorf("a proposal: %d", code)
	}
	if shown := page(); !strings.Contains(shown, `id="waits"`) {
		t.Error("the portal does not say that a change waits")
	}
	var changes struct {
		Items []struct {
			ID       string
			ByMember bool
			Fields   []string
		}
	}
	secretary.Need(t, &changes, "GET", "/api/v1/member-changes?status=proposed&memberId="+m.ID.String(), nil)
	if len(changes.Items) != 1 || !changes.Items[0].ByMember || strings.Join(changes.Items[0].Fields, ",") != "contacts" {
		t.Fatalf("%+v", changes)
	}
	if r := secretary.JSON(t, "POST", "/api/v1/member-changes/"+changes.Items[0].ID+"/accept", map[string]string{}); r.Code != http.StatusOK {
		t.Errorf("accepted: %d %s", r.Code, r.Body)
	}
	if shown := page(); !strings.Contains(shown, "13900139000") {
		t.Error("the change does not hold")
	}
	if r := nobody.Do(t, "GET", portal+"/extract", nil, session); r.Code != http.StatusOK || !strings.Contains(r.Body.String(), idNumber) {
		t.Errorf("the extract: %d", r.Code)
	}
	elsewhere, err := tenancy.From(h.Tenant(t, tenancy.Association))
	if err != nil {
		t.Fatal(err)
	}
	for who, at := range map[string]string{"of the other association": "/associations/" + elsewhere.Slug + "/portal", "with a key of nobody": portal} {
		header := session.Clone()
		if at == portal {
			header.Set("Cookie", cookies[0].Name+"=ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		}
		if r := nobody.Do(t, "GET", at, nil, header); strings.Contains(r.Body.String(), "Ayan") {
			t.Errorf("the portal %s opens", who)
		}
		if r := nobody.Do(t, "GET", at+"/extract", nil, header); r.Code != http.StatusNotFound {
			t.Errorf("the extract %s: %d", who, r.Code)
		}
	}
	if code := send(map[string]string{"act": "leave"}); code != http.StatusSeeOther {
		t.Errorf("left: %d", code)
	}
	if strings.Contains(page(), "Ayan") {
		t.Error("a session that was left opens")
	}
}
