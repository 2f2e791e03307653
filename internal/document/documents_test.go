package document_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// browser is what sends and fetches files.
var browser = &http.Client{Timeout: time.Minute}

const text = "五原向日葵的检验报告\n"

func docsAt(t *testing.T, now func() time.Time) *document.Documents {
	t.Helper()
	return document.New(dbtest.DB(t), dbtest.Store(t), document.DefaultMaxSize, now)
}

func newDocs(t *testing.T) *document.Documents { t.Helper(); return docsAt(t, time.Now) }

func announced(content string) document.Announcement {
	sum := sha256.Sum256([]byte(content))
	return document.Announcement{Filename: "报告.txt", Size: int64(len(content)), MediaType: "text/plain", SHA256: hex.EncodeToString(sum[:]), Purpose: "test-report"}
}

// send does an upload as a browser does, and returns the status.
func send(t *testing.T, u document.Upload, content string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), u.Method, u.URL, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range u.Headers {
		req.Header.Set(name, value)
	}
	return do(t, req)
}

func do(t *testing.T, req *http.Request) int {
	t.Helper()
	res, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

func announce(t *testing.T, ctx context.Context, docs *document.Documents, a document.Announcement) (document.Document, document.Upload) {
	t.Helper()
	d, u, err := docs.Announce(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return d, u
}

// ready uploads a document that is kept.
func ready(t *testing.T, ctx context.Context, docs *document.Documents, content string) document.Document {
	t.Helper()
	d, u := announce(t, ctx, docs, announced(content))
	if got := send(t, u, content); got != http.StatusOK {
		t.Fatalf("upload: got status %d", got)
	}
	d, err := docs.Complete(ctx, d.ID)
	if err != nil || d.Status != document.Ready {
		t.Fatalf("got %+v, %v, want it ready", d, err)
	}
	return d
}

func read(t *testing.T, ctx context.Context, docs *document.Documents, id document.ID) string {
	t.Helper()
	r, _, err := docs.Open(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestUploadIsKeptAsItWasAnnounced(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	d, u := announce(t, ctx, docs, announced(text))
	if d.Status != document.Uploading || d.Number != 0 {
		t.Errorf("got %+v, want it awaited", d)
	}
	if _, err := docs.Complete(ctx, d.ID); !errors.Is(err, document.ErrNotArrived) {
		t.Errorf("completed early: got %v", err)
	}
	if _, _, err := docs.Link(ctx, d.ID, 0, document.Attachment); !errors.Is(err, document.ErrNotReady) {
		t.Errorf("link before it is ready: got %v", err)
	}
	if got := send(t, u, text); got != http.StatusOK {
		t.Fatalf("got status %d", got)
	}
	for range 2 { // the second answer is the first one's
		if got, err := docs.Complete(ctx, d.ID); err != nil || got.Status != document.Ready || got.Number != 1 {
			t.Fatalf("got %+v, %v, want version 1 ready", got, err)
		}
	}
	if got := read(t, ctx, docs, d.ID); got != text {
		t.Errorf("got %q", got)
	}
}

// The signed request brings the announced bytes to the announced place, once, and nothing else.
func TestUploadLinkBringsNothingElse(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	_, u := announce(t, ctx, docs, announced(text))
	changed := func(change func(*document.Upload)) document.Upload {
		c := u
		c.Headers = map[string]string{}
		for name, value := range u.Headers {
			c.Headers[name] = value
		}
		change(&c)
		return c
	}
	for _, c := range []struct {
		name    string
		upload  document.Upload
		content string
	}{
		{"more bytes", u, text + text},
		{"other bytes of the same length", u, strings.Repeat("x", len(text))},
		{"another type", changed(func(u *document.Upload) { u.Headers["Content-Type"] = "text/html" }), text},
		{"no condition", changed(func(u *document.Upload) { delete(u.Headers, "If-None-Match") }), text},
		{"no checksum", changed(func(u *document.Upload) { delete(u.Headers, "X-Amz-Checksum-Sha256") }), text},
		{"another key", changed(func(u *document.Upload) { u.URL = strings.Replace(u.URL, "/in/", "/doc/", 1) }), text},
		{"a removal", changed(func(u *document.Upload) { u.Method = http.MethodDelete }), ""},
	} {
		if got := send(t, c.upload, c.content); got < 400 {
			t.Errorf("%s: got status %d", c.name, got)
		}
	}
	if got := send(t, u, text); got != http.StatusOK {
		t.Errorf("as announced: got status %d", got)
	}
	if got := send(t, u, text); got != http.StatusPreconditionFailed {
		t.Errorf("a second time: got status %d, want 412", got)
	}
}

func TestWhatIsNotOfItsTypeIsRefused(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	const program = "\x7fELF\x02\x01\x01\x00 a program"
	a := announced(program)
	d, u := announce(t, ctx, docs, a)
	if got := send(t, u, program); got != http.StatusOK {
		t.Fatalf("got status %d", got)
	}
	d, err := docs.Complete(ctx, d.ID)
	if err != nil || d.Status != document.Refused || d.Current.Reason != "document.refused.content" {
		t.Fatalf("got %+v, %v, want it refused for its content", d, err)
	}
	if _, _, err := docs.Open(ctx, d.ID); !errors.Is(err, document.ErrNotReady) {
		t.Errorf("a refused document was opened: %v", err)
	}
	scope, _ := tenancy.From(ctx)
	if n := stored(t, "t/"+scope.Tenant.String()+"/"); n != 0 {
		t.Errorf("got %d files of a tenant whose only upload was refused", n)
	}
	// A better version makes the document ready after all.
	d, u, err = docs.Revise(ctx, d.ID, announced(text))
	if err != nil {
		t.Fatal(err)
	}
	send(t, u, text)
	if d, err = docs.Complete(ctx, d.ID); err != nil || d.Status != document.Ready || d.Number != 2 {
		t.Errorf("got %+v, %v, want version 2 ready", d, err)
	}
}

func stored(t *testing.T, prefix string) (n int) {
	t.Helper()
	err := dbtest.Store(t).List(t.Context(), prefix, func(objectstore.Object) bool { n++; return true })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestVersions(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	d := ready(t, ctx, docs, text)
	if _, _, err := docs.Revise(ctx, d.ID, announced("abandoned\n")); err != nil {
		t.Fatal(err)
	}
	second := "第二版\n"
	d, u, err := docs.Revise(ctx, d.ID, announced(second))
	if err != nil || d.Number != 1 || d.Status != document.Ready {
		t.Fatalf("got %+v, %v, want the first version to hold", d, err)
	}
	if got := read(t, ctx, docs, d.ID); got != text {
		t.Errorf("while the new one is awaited: got %q", got)
	}
	send(t, u, second)
	if d, err = docs.Complete(ctx, d.ID); err != nil || d.Number != 3 {
		t.Fatalf("got %+v, %v, want version 3 to hold", d, err)
	}
	if got := read(t, ctx, docs, d.ID); got != second {
		t.Errorf("got %q", got)
	}
	if v := d.Versions[1]; v.Status != document.Refused || v.Reason != "document.refused.replaced" {
		t.Errorf("got version 2 %+v, want it replaced", v)
	}
	for number, want := range map[int]error{1: nil, 2: document.ErrNotReady, 3: nil, 4: document.ErrNotFound} {
		if _, _, err := docs.Link(ctx, d.ID, number, document.Attachment); !errors.Is(err, want) {
			t.Errorf("link to version %d: got %v, want %v", number, err, want)
		}
	}
}

func TestRetire(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	d := ready(t, ctx, docs, text)
	if _, err := docs.Retire(ctx, d.ID, d.Version-1); !errors.Is(err, problem.ErrStale) {
		t.Errorf("with an old version: got %v", err)
	}
	retired, err := docs.Retire(ctx, d.ID, d.Version)
	if err != nil || retired.Status != document.Retired {
		t.Fatalf("got %+v, %v", retired, err)
	}
	if _, err := docs.Retire(ctx, d.ID, retired.Version); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("retired twice: got %v", err)
	}
	if _, _, err := docs.Revise(ctx, d.ID, announced("x")); !errors.Is(err, lifecycle.ErrNoMove) {
		t.Errorf("revised after it was retired: got %v", err)
	}
	if _, _, err := docs.Link(ctx, d.ID, 0, document.Attachment); err != nil {
		t.Errorf("a record that names it cannot show it: %v", err)
	}
}

func TestLinksAreShortAndForOneFile(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	d := ready(t, ctx, docs, text)
	link, expires, err := docs.Link(ctx, d.ID, 0, document.Inline)
	if err != nil || time.Until(expires) > time.Minute {
		t.Fatalf("got %s, %v", expires, err)
	}
	res, err := browser.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || string(b) != text {
		t.Errorf("got %q, %v", b, err)
	}
	// Text is never shown in the browser, whatever was asked for.
	if got := res.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.txt") {
		t.Errorf("got disposition %q", got)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	bare := *u
	bare.RawQuery = ""
	bucket := bare
	bucket.Path, bucket.RawPath = "/"+strings.Split(strings.TrimPrefix(u.Path, "/"), "/")[0], ""
	typed := *u
	q := typed.Query()
	q.Set("response-content-type", "text/html")
	typed.RawQuery = q.Encode()
	for name, c := range map[string]struct{ method, url string }{
		"no signature": {http.MethodGet, bare.String()},
		"a list":       {http.MethodGet, bucket.String()},
		"another key":  {http.MethodGet, strings.Replace(link, "/doc/", "/doc/0", 1)},
		"another type": {http.MethodGet, typed.String()},
		"a removal":    {http.MethodDelete, link},
		"a write":      {http.MethodPut, link},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := do(t, req); got != http.StatusForbidden {
			t.Errorf("%s: got status %d, want 403", name, got)
		}
	}
}

func TestForeignDocumentIsNotThere(t *testing.T) {
	t.Parallel()
	ctx, neighbour := dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	d := ready(t, ctx, docs, text)
	for name, call := range map[string]func() error{
		"read":     func() error { _, err := docs.ByID(neighbour, d.ID); return err },
		"complete": func() error { _, err := docs.Complete(neighbour, d.ID); return err },
		"open":     func() error { _, _, err := docs.Open(neighbour, d.ID); return err },
		"link":     func() error { _, _, err := docs.Link(neighbour, d.ID, 0, document.Attachment); return err },
		"revise":   func() error { _, _, err := docs.Revise(neighbour, d.ID, announced("x")); return err },
		"retire":   func() error { _, err := docs.Retire(neighbour, d.ID, d.Version); return err },
		"keep":     func() error { _, err := docs.Keep(neighbour, d.ID, time.Now().Add(time.Hour)); return err },
	} {
		if err := call(); !errors.Is(err, document.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", name, err)
		}
	}
	found, _, err := docs.List(neighbour, document.Filter{}, 10, "")
	if err != nil || len(found) != 0 {
		t.Errorf("list: got %d, %v", len(found), err)
	}
}

func TestListFindsByNameAndPages(t *testing.T) {
	t.Parallel()
	ctx := dbtest.Tenant(t, tenancy.County)
	docs := newDocs(t)
	for range 3 {
		announce(t, ctx, docs, announced(text))
	}
	d := ready(t, ctx, docs, "x\n")
	other := announced(text)
	other.Filename, other.Purpose = "Map_100%.TXT", "map"
	announce(t, ctx, docs, other)
	for _, c := range []struct {
		name   string
		filter document.Filter
		want   int
	}{
		{"everything", document.Filter{}, 5},
		{"a part of the name", document.Filter{Words: "报"}, 4},
		{"any case", document.Filter{Words: "map_100%.txt"}, 1},
		{"signs mean themselves", document.Filter{Words: "_"}, 1},
		{"status", document.Filter{Status: document.Ready}, 1},
		{"purpose", document.Filter{Purpose: "map"}, 1},
		{"type", document.Filter{MediaType: "application/pdf"}, 0},
	} {
		seen := map[uuid.UUID]bool{}
		for cursor := ""; ; {
			page, next, err := docs.List(ctx, c.filter, 2, cursor)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page {
				seen[d.ID] = true
			}
			if cursor = next; next == "" {
				break
			}
		}
		if len(seen) != c.want {
			t.Errorf("%s: got %d, want %d", c.name, len(seen), c.want)
		}
	}
	if found, _, err := docs.List(ctx, document.Filter{Status: document.Ready}, 1, ""); err != nil || found[0].ID != d.ID || found[0].Current.Status != document.Ready {
		t.Errorf("got %+v, %v", found, err)
	}
}
