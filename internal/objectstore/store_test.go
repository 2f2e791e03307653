package objectstore_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
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
		{"without the condition that nothing is there", "PUT", "If-None-Match", good},
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
	get := func(url string) (int, string, http.Header) {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", url, nil)
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b), res.Header
	}
	status, body, header := get(link)
	if status != 200 || body != "%PDF-1.7" || !strings.Contains(header.Get("Content-Disposition"), "%E5%8D%B7") {
		t.Errorf("got %d %q %v", status, body, header)
	}
	for name, url := range map[string]string{
		"another key":     strings.Replace(link, key, "t/y/"+uuid.NewString(), 1),
		"no signature":    strings.Split(link, "?")[0],
		"another type":    strings.Replace(link, "application%2Fpdf", "text%2Fhtml", 1),
		"list the bucket": strings.Split(link, "/t/")[0] + "?list-type=2",
	} {
		if status, _, _ := get(url); status < 400 {
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
