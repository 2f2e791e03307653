package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fetch is what an address of the instance, or of its store, answers.
func (i *instance) fetch(t *testing.T, address string) []byte {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = i.url + address
	}
	res, err := i.client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, res.StatusCode, err)
	}
	return b
}

// The demonstration has a certificate to try: each outcome of it, as a newcomer meets them.
func TestVerifyTheDemonstrationsCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	i := startUp(t, filepath.Join(dir, "data"))
	i.signIn(t)
	var list struct {
		Items []struct {
			ID, TaskID, Title string
			Token             string
		}
	}
	if code := i.call(t, "GET", "/api/v1/credentials", nil, &list); code != http.StatusOK || len(list.Items) != 1 {
		t.Fatalf("credentials: %d, %d of them", code, len(list.Items))
	}
	c := list.Items[0]
	if status := i.ended(t, c.TaskID); status != "succeeded" {
		t.Fatalf("the papers: %s\n%s", status, i.errs)
	}
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	keys := write("issuers.json", i.fetch(t, "/api/v1/issuers"))
	var trust struct {
		Items []struct{ StatusLists []string } `json:"items"`
		Log   any                              `json:"log"`
	}
	if err := json.Unmarshal(i.fetch(t, "/api/v1/issuers"), &trust); err != nil {
		t.Fatal(err)
	}
	nobody := write("nobody.json", []byte(`{"items":[],"log":{"origin":"x","keys":[]}}`))
	kept := func(name string) (args []string) {
		for _, issuer := range trust.Items {
			for _, id := range issuer.StatusLists {
				args = append(args, "--list", write(name+id, i.fetch(t, "/api/v1/credential-status-lists/"+id)))
			}
		}
		return args
	}
	check := func(name string, want int, say string, args ...string) {
		t.Helper()
		if code, said := verified(t, args...); code != want || !strings.Contains(said, say) {
			t.Errorf("%s: exit status %d, want %d:\n%s", name, code, want, said)
		}
	}
	var papers []string
	for _, language := range []string{"zh-Hans", "en", "ar"} {
		var link struct{ URL string }
		if code := i.call(t, "GET", "/api/v1/credentials/"+c.ID+"/papers/"+language, nil, &link); code != http.StatusOK {
			t.Fatalf("paper %s: %d", language, code)
		}
		pdf := i.fetch(t, link.URL)
		paper := write(language+".pdf", pdf)
		papers = append(papers, paper)
		check(language+" as issued", 0, say("verify.demo", nil), paper, "--keys", keys)
		check(language+" asked", 0, c.Title, paper, "--url", i.url)
		at := bytes.Index(pdf, []byte("endobj")) + len("endobj")
		changed := slices.Concat(pdf[:at], []byte(" "), pdf[at+1:])
		check(language+" changed", 6, say("verify.finding.paper", nil), write("changed.pdf", changed), "--keys", keys)
		check(language+" of somebody unknown", 5, say("verify.credential.unknown-issuer", nil), paper, "--keys", nobody)
	}
	reason := map[string]string{"reason": "to see what a verifier says"}
	if code := i.call(t, "POST", "/api/v1/credentials/"+c.ID+"/suspend", reason, nil); code != http.StatusOK {
		t.Fatalf("suspend: %d", code)
	}
	check("by what the paper carries", 0, "", papers[1], "--keys", keys)
	check("suspended, by lists of another day", 4, "", append([]string{papers[1], "--keys", keys}, kept("on-hold")...)...)
	check("suspended, asked", 4, reason["reason"], papers[1], "--url", i.url)
	if code := i.call(t, "POST", "/api/v1/credentials/"+c.ID+"/revoke", reason, nil); code != http.StatusOK {
		t.Fatalf("revoke: %d", code)
	}
	check("revoked, by lists of another day", 3, "", append([]string{papers[1], "--keys", keys}, kept("over")...)...)
	check("revoked, asked", 3, reason["reason"], papers[1], "--url", i.url)
}
