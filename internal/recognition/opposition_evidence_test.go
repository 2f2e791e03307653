package recognition_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/apitest"
)

// filing is an opposition that somebody without an account writes.
type filing struct {
	t       *testing.T
	nobody  *apitest.Caller
	ID, Key string
}

func (w wave) beginFiling(caseID string) filing {
	w.t.Helper()
	var begun struct {
		Filing struct{ ID string }
		Key    string
	}
	f := filing{t: w.t, nobody: w.house.Nobody()}
	f.nobody.Need(w.t, &begun, "POST", "/api/v1/case-notices/"+caseID+"/filings", nil)
	f.ID, f.Key = begun.Filing.ID, begun.Key
	return f
}

// bring announces a file, puts its bytes where the answer says, and hands it in; it returns the status of the last and what it said.
func (f filing) bring(filename, media string, content []byte) (status int, said, document string) {
	f.t.Helper()
	sum := sha256.Sum256(content)
	var awaited struct {
		DocumentID string `json:"documentId"`
		Upload     struct {
			URL, Method string
			Headers     map[string]string
		}
	}
	f.nobody.Need(f.t, &awaited, "POST", "/api/v1/filings/"+f.ID+"/evidence", map[string]any{"filename": filename, "mediaType": media, "size": len(content), "sha256": hex.EncodeToString(sum[:])}, "Filing-Key", f.Key)
	r, err := http.NewRequestWithContext(context.Background(), awaited.Upload.Method, awaited.Upload.URL, bytes.NewReader(content))
	if err != nil {
		f.t.Fatal(err)
	}
	for k, v := range awaited.Upload.Headers {
		r.Header.Set(k, v)
	}
	answer, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		f.t.Fatalf("the store says %d", answer.StatusCode)
	}
	w := f.nobody.JSON(f.t, "POST", "/api/v1/filings/"+f.ID+"/hand-in", map[string]string{"documentId": awaited.DocumentID}, "Filing-Key", f.Key)
	return w.Code, w.Body.String(), awaited.DocumentID
}

// A real file comes to the store, what it is is looked at and not believed, and each opponent sees the own file only.
func TestEvidenceIsAFile(t *testing.T) {
	t.Parallel()
	w := newWave(t, 1)
	for _, step := range []struct {
		act string
		how map[string]any
	}{
		{"receive", map[string]any{"on": "2026-01-12", "receivedOn": "2026-01-12", "reference": "R 1"}},
		{"accept", map[string]any{"on": "2026-02-02"}},
		{"publish", map[string]any{"on": "2026-11-02", "effectiveOn": "2026-11-02", "reference": "Gazette 5"}},
	} {
		if m := w.move(step.act, step.how); m.Moved != 1 {
			t.Fatalf("%s: %+v", step.act, m.Results[0].Problem)
		}
	}
	one := w.read().Members[0].CaseID
	mine, theirs := w.beginFiling(one), w.beginFiling(one)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	if status, said, _ := mine.bring("mark.png", "image/png", []byte("this is no picture")); status == http.StatusOK {
		t.Errorf("text that calls itself a picture was taken: %s", said)
	}
	status, said, document := mine.bring("mark.png", "image/png", picture.Bytes())
	if status != http.StatusOK || !strings.Contains(said, document) {
		t.Fatalf("%d %s", status, said)
	}
	body := map[string]any{"opponent": "Melon Growers", "capacity": "legal-person", "address": "Street 1", "email": "opponent@example.org", "language": "en", "grounds": []any{map[string]string{"ground": "generic", "text": "All are called so"}}}
	if r := mine.nobody.JSON(t, "POST", "/api/v1/filings/"+mine.ID+"/file", body, "Filing-Key", mine.Key); r.Code != http.StatusOK {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	read := func(f filing, key string) (int, string) {
		r := f.nobody.JSON(t, "GET", "/api/v1/filings/"+f.ID, nil, "Filing-Key", key)
		return r.Code, r.Body.String()
	}
	if code, said := read(mine, mine.Key); code != http.StatusOK || !strings.Contains(said, document) {
		t.Errorf("the own file: %d %s", code, said)
	}
	if code, _ := read(mine, theirs.Key); code != http.StatusNotFound {
		t.Errorf("by another's key: %d", code)
	}
	if _, said := read(theirs, theirs.Key); strings.Contains(said, document) || strings.Contains(said, "Melon Growers") {
		t.Errorf("another's filing shows %s", said)
	}
	if r := theirs.nobody.JSON(t, "POST", "/api/v1/filings/"+theirs.ID+"/hand-in", map[string]string{"documentId": document}, "Filing-Key", theirs.Key); r.Code != http.StatusNotFound {
		t.Errorf("another's file handed in: %d %s", r.Code, r.Body)
	}
	// The office opens it as a document of its own.
	var link struct{ URL string }
	w.officer.Need(t, &link, "GET", "/api/v1/documents/"+document+"/content", nil)
	if link.URL == "" {
		t.Error("the office has no link to it")
	}
}
