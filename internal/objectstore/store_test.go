package objectstore_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
)

func hexSum(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

func send(t *testing.T, u objectstore.Upload, method string, body []byte, drop string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, u.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range u.Headers {
		if k != drop {
			req.Header.Set(k, v)
		}
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// An upload link takes exactly the bytes it was signed for, once (SECURITY: scan, then swap).
func TestUploadLinkTakesTheSignedBytesOnce(t *testing.T) {
	t.Parallel()
	store, good := dbtest.Store(t), []byte("五原向日葵 sunflower")
	presign := func() (string, objectstore.Upload) {
		key := "t/x/" + uuid.NewString()
		u, err := store.PresignPut(t.Context(), key, "text/plain", int64(len(good)), hexSum(good), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return key, u
	}
	for _, c := range []struct {
		name, method, drop string
		body               []byte
	}{
		{"other bytes of the same size", "PUT", "", bytes.Repeat([]byte("x"), len(good))},
		{"more bytes", "PUT", "", append(bytes.Clone(good), '!')},
		{"fewer bytes", "PUT", "", good[:3]},
		{"nothing", "PUT", "", nil},
		{"without the condition that nothing is there", "PUT", "If-None-Match", good},
		{"without its checksum", "PUT", "X-Amz-Checksum-Sha256", good},
		{"of another type", "PUT", "Content-Type", good},
		{"in parts", "POST", "", good},
		{"deleting with it", "DELETE", "", nil},
	} {
		key, u := presign()
		if status := send(t, u, c.method, c.body, c.drop); status < 400 {
			t.Errorf("%s: got %d, want a refusal", c.name, status)
		}
		if _, err := store.Stat(t.Context(), key); !errors.Is(err, objectstore.ErrNotFound) {
			t.Errorf("%s: something was stored: %v", c.name, err)
		}
	}
	key, u := presign()
	if status := send(t, u, "PUT", good, ""); status != 200 {
		t.Fatalf("the signed bytes: got %d, want 200", status)
	}
	if status := send(t, u, "PUT", good, ""); status != http.StatusPreconditionFailed {
		t.Errorf("a second time: got %d, want 412", status)
	}
	o, err := store.Stat(t.Context(), key)
	if err != nil || o.SHA256 != hexSum(good) || o.Size != int64(len(good)) {
		t.Errorf("stored %+v, %v", o, err)
	}
}

// fetch gets an address as a browser would, and follows nothing.
func fetch(t *testing.T, url string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

func TestDownloadLinkIsForOneFile(t *testing.T) {
	t.Parallel()
	store, key := dbtest.Store(t), "t/y/"+uuid.NewString()
	if _, err := store.Put(t.Context(), key, "application/pdf", []byte("%PDF-1.7"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	link, err := store.PresignGet(t.Context(), key, "卷宗 五原.pdf", "application/pdf", true, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	status, body, header := fetch(t, link)
	if status != 200 || body != "%PDF-1.7" || !strings.Contains(header.Get("Content-Disposition"), "%E5%8D%B7") {
		t.Errorf("got %d %q %v", status, body, header)
	}
	for name, url := range map[string]string{
		"another key":     strings.Replace(link, key, "t/y/"+uuid.NewString(), 1),
		"no signature":    strings.Split(link, "?")[0],
		"another type":    strings.Replace(link, "application%2Fpdf", "text%2Fhtml", 1),
		"list the bucket": strings.Split(link, "/t/")[0] + "?list-type=2",
		"another name":    strings.Replace(link, "UTF-8%27%27", "UTF-8%27%27x", 1),
		"a longer life":   strings.Replace(link, "X-Amz-Expires=60", "X-Amz-Expires=600", 1),
		"another version": link + "&versionId=00000000000000000000000000",
	} {
		if status, _, _ := fetch(t, url); status < 400 || url == link {
			t.Errorf("%s: got %d, want a refusal", name, status)
		}
	}
}

func TestRetentionHoldsAFile(t *testing.T) {
	t.Parallel()
	store, key := dbtest.Store(t), "t/z/"+uuid.NewString()
	o, err := store.Put(t.Context(), key, "text/plain", []byte("issued"), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.DeleteVersion(t.Context(), key, o.Version); err == nil {
		t.Error("a locked version was deleted")
	}
	r, err := store.Get(t.Context(), key, o.Version)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, _ := io.ReadAll(r); string(b) != "issued" {
		t.Errorf("got %q", b)
	}
}

// stores are one of each kind: with metadata in extended attributes, and in files beside.
func stores(t *testing.T, test func(t *testing.T, s *objectstore.Store)) {
	t.Parallel()
	t.Run("attributes", func(t *testing.T) { t.Parallel(); test(t, dbtest.Store(t)) })
	t.Run("sidecar", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, gateway(t, t.TempDir(), true).Config("test")))
	})
}

func TestVersionsAreKept(t *testing.T) {
	stores(t, func(t *testing.T, store *objectstore.Store) {
		key := "t/v/" + uuid.NewString()
		first, second := put(t, store, key, "first"), put(t, store, key, "second")
		if first.Version == "" || first.Version == second.Version {
			t.Fatalf("versions %q and %q", first.Version, second.Version)
		}
		read := func(version string) string {
			t.Helper()
			r, err := store.Get(t.Context(), key, version)
			if errors.Is(err, objectstore.ErrNotFound) {
				return "nothing"
			}
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
		if got := read("") + " " + read(first.Version) + " " + read(second.Version); got != "second first second" {
			t.Errorf("got %s", got)
		}
		copied, err := store.Copy(t.Context(), key, first.Version, key+"-copy", time.Time{})
		if err != nil || copied.SHA256 != hexSum([]byte("first")) || copied.MediaType != "text/plain" {
			t.Errorf("the copy: %+v, %v", copied, err)
		}
		if err := store.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		if got := read("") + " " + read(second.Version); got != "nothing second" {
			t.Errorf("after deleting: got %s", got)
		}
		if err := store.DeleteVersion(t.Context(), key, first.Version); err != nil {
			t.Fatal(err)
		}
		if got := read(first.Version); got != "nothing" {
			t.Errorf("after deleting the version: got %s", got)
		}
	})
}

func TestRetentionHoldsACopyInEitherKind(t *testing.T) {
	stores(t, func(t *testing.T, store *objectstore.Store) {
		key := "t/r/" + uuid.NewString()
		o := put(t, store, key, "issued")
		held, err := store.Copy(t.Context(), key, o.Version, key+"-held", time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if err := store.DeleteVersion(t.Context(), held.Key, held.Version); err == nil {
			t.Error("a held version was deleted")
		}
		if err := store.DeleteVersion(t.Context(), key, o.Version); err != nil {
			t.Errorf("a version that nothing holds: %v", err)
		}
	})
}

func TestNamesInAnyScript(t *testing.T) {
	stores(t, func(t *testing.T, store *objectstore.Store) {
		link := func(name string) string {
			key := "t/n/" + uuid.NewString() + "/五原 向日葵+%2F'\"&=.txt"
			put(t, store, key, name)
			url, err := store.PresignGet(t.Context(), key, name, "text/plain; charset=utf-8", false, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return url
		}
		for _, name := range []string{"五原向日葵.txt", "عباد الشمس.txt", "ᠮᠣᠩᠭᠣᠯ.txt", "a b+c;d,e'f\"g=h:i@j%k.txt", "line\r\nSet-Cookie: x=1", "/etc/passwd"} {
			status, body, header := fetch(t, link(name))
			_, params, err := mime.ParseMediaType(header.Get("Content-Disposition"))
			if status != 200 || body != name || err != nil || params["filename"] != name || header.Get("Set-Cookie") != "" {
				t.Errorf("%q: got %d %q %q %v", name, status, body, params["filename"], err)
			}
		}
	})
}

func TestListWalksAllBelowAPrefix(t *testing.T) {
	stores(t, func(t *testing.T, store *objectstore.Store) {
		prefix := "t/" + uuid.NewString() + "/"
		for _, name := range []string{"b", "a", "c/d"} {
			put(t, store, prefix+name, name)
		}
		put(t, store, strings.TrimSuffix(prefix, "/")+"-other/e", "e")
		var got []string
		walk := func(o objectstore.Object) bool {
			got = append(got, strings.TrimPrefix(o.Key, prefix))
			return len(got) < 3
		}
		if err := store.List(t.Context(), prefix, walk); err != nil || strings.Join(got, " ") != "a b c/d" {
			t.Errorf("got %v, %v", got, err)
		}
		got = []string{"one", "two"}
		if err := store.List(t.Context(), prefix, walk); err != nil || len(got) != 3 {
			t.Errorf("it went on after it was told to end: %v, %v", got, err)
		}
	})
}

func TestLinksEnd(t *testing.T) {
	t.Parallel()
	store, key := dbtest.Store(t), "t/e/"+uuid.NewString()
	put(t, store, key, "short")
	link, err := store.PresignGet(t.Context(), key, "a.txt", "text/plain", false, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	for started := time.Now(); ; <-time.After(50 * time.Millisecond) {
		status, _, _ := fetch(t, link)
		if status == http.StatusForbidden {
			break
		}
		if time.Since(started) > 10*time.Second {
			t.Fatalf("after ten seconds: got %d", status)
		}
	}
}

func TestKilledGatewayLosesNothing(t *testing.T) {
	t.Parallel()
	for _, sidecar := range []bool{false, true} {
		dir := t.TempDir() + "/with space"
		g, err := dbtest.StartGateway(t.Context(), dir, sidecar)
		if err != nil {
			t.Fatal(err)
		}
		store, err := objectstore.Open(t.Context(), g.Config("kept"))
		if err != nil {
			t.Fatal(err)
		}
		put, err := store.Put(t.Context(), "t/1", "text/plain", []byte("kept"), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(g.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		<-g.Done()
		if g, err = dbtest.StartGateway(t.Context(), dir, sidecar); err != nil {
			t.Fatal(err)
		}
		if store, err = objectstore.Open(t.Context(), g.Config("kept")); err != nil {
			t.Fatal(err)
		}
		if o, err := store.Stat(t.Context(), "t/1"); err != nil || o.SHA256 != put.SHA256 {
			t.Errorf("sidecar %v: after the kill: %+v, %v", sidecar, o, err)
		}
		if err := g.Stop(); err != nil {
			t.Error(err)
		}
	}
}
