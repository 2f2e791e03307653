package objectstore_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
)

func gateway(t *testing.T, dir string, sidecar bool) *objectstore.Gateway {
	t.Helper()
	g, err := dbtest.StartGateway(t.Context(), dir, sidecar)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Stop() })
	return g
}

func open(t *testing.T, c objectstore.Config) *objectstore.Store {
	t.Helper()
	s, err := objectstore.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *objectstore.Store, key, text string) objectstore.Object {
	t.Helper()
	o, err := s.Put(t.Context(), key, "text/plain", []byte(text), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Links that were given out stay good over a restart; when something else took the port, another is found.
func TestGatewayKeepsItsPortWhileItCan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := gateway(t, dir, false)
	address := first.Config("kept").Endpoint
	put(t, open(t, first.Config("kept")), "t/1", "kept")
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second := gateway(t, dir, false)
	if got := second.Config("kept").Endpoint; got != address {
		t.Errorf("got %s, want %s again", got, address)
	}
	if err := second.Stop(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	third := gateway(t, dir, false)
	if got := third.Config("kept").Endpoint; got == address {
		t.Errorf("got %s, which is taken", got)
	}
	if o, err := open(t, third.Config("kept")).Stat(t.Context(), "t/1"); err != nil || o.Size != 4 {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestGatewayKeysArePrivateAndStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	g := gateway(t, dir, false)
	info, err := os.Stat(filepath.Join(dir, "keys.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info, err)
	}
	environ, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(g.PID()), "cmdline"))
	if err == nil && strings.Contains(string(environ), g.Config("x").SecretKey) {
		t.Error("the secret is in the list of processes")
	}
	if err := g.Stop(); err != nil {
		t.Fatal(err)
	}
	if again := gateway(t, dir, false); again.Config("x") != g.Config("x") {
		t.Errorf("got %+v, want %+v again", again.Config("x"), g.Config("x"))
	}
}

// How metadata are kept is decided once: files written one way cannot be read the other way.
func TestGatewayKeepsMetadataAsItBegan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := gateway(t, dir, true)
	o := put(t, open(t, first.Config("kept")), "t/1", "kept")
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second := gateway(t, dir, false)
	if got, err := open(t, second.Config("kept")).Stat(t.Context(), "t/1"); err != nil || got.SHA256 != o.SHA256 {
		t.Errorf("got %+v, %v, want %+v", got, err, o)
	}
}

func TestGatewayThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]objectstore.GatewayConfig{
		"no such program":    {Dir: t.TempDir(), Command: []string{"/nonexistent/helianthus"}},
		"another program":    {Dir: t.TempDir(), Command: []string{"/bin/sh", "-c", "echo the disk is upside down >&2; exit 3"}},
		"a file in the way":  {Dir: filepath.Join(os.Args[0], "s3")},
		"keys not to be had": {Dir: withFile(t, "keys.json", "{")},
	} {
		g, err := objectstore.StartGateway(t.Context(), c)
		if err == nil || g != nil {
			t.Errorf("%s: got %v, %v", name, g, err)
		}
		if name == "another program" && !strings.Contains(err.Error(), "upside down") {
			t.Errorf("%s: got %v, want what it said", name, err)
		}
	}
}

func withFile(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestGatewayEndsWithUs(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if g, err := objectstore.StartGateway(ctx, objectstore.GatewayConfig{Dir: t.TempDir(), Command: []string{exe}}); err == nil || g != nil {
		t.Errorf("a cancelled start: got %v, %v", g, err)
	}
	g := gateway(t, t.TempDir(), false)
	for range 2 {
		if err := g.Stop(); err != nil {
			t.Error(err)
		}
	}
	if err := syscall.Kill(g.PID(), 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("it is still there: %v", err)
	}
}

// A browser on any of the product's addresses may use a signed link with the headers that it was signed with.
func TestBrowsersMayUseLinks(t *testing.T) {
	t.Parallel()
	store := dbtest.Store(t)
	u, err := store.PresignPut(t.Context(), "t/c/"+uuid.NewString(), "text/plain", 2, hexSum([]byte("ok")), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "OPTIONS", u.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://gi.example")
	req.Header.Set("Access-Control-Request-Method", "PUT")
	req.Header.Set("Access-Control-Request-Headers", "content-type,if-none-match,x-amz-checksum-sha256")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 || res.Header.Get("Access-Control-Allow-Origin") == "" || !strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), "x-amz-checksum-sha256") {
		t.Errorf("got %d %v", res.StatusCode, res.Header)
	}
}

func TestOpenRefusesABucketThatKeepsNothing(t *testing.T) {
	t.Parallel()
	c := gateway(t, t.TempDir(), false).Config("plain")
	client := s3.New(s3.Options{BaseEndpoint: &c.Endpoint, Region: c.Region, UsePathStyle: true, Credentials: credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, "")})
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &c.Bucket}); err != nil {
		t.Fatal(err)
	}
	if _, err := objectstore.Open(t.Context(), c); err == nil || !strings.Contains(err.Error(), "versions") {
		t.Errorf("a bucket without versions: got %v", err)
	}
	c.Bucket, c.SecretKey = "other", "wrong"
	if _, err := objectstore.Open(t.Context(), c); err == nil {
		t.Error("a wrong key was taken")
	}
	c.Endpoint = "http://127.0.0.1:1"
	if _, err := objectstore.Open(t.Context(), c); !errors.Is(err, objectstore.ErrUnavailable) {
		t.Errorf("nobody there: got %v", err)
	}
}

func TestAGatewayThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	g := gateway(t, t.TempDir(), false)
	store := open(t, g.Config("away"))
	put(t, store, "t/1", "kept")
	if err := g.Stop(); err != nil {
		t.Fatal(err)
	}
	_, err := store.Get(t.Context(), "t/1", "")
	if !errors.Is(err, objectstore.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	if err := store.Ready(t.Context()); !errors.Is(err, objectstore.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.Get(ctx, "t/1", ""); !errors.Is(err, context.Canceled) || errors.Is(err, objectstore.ErrUnavailable) {
		t.Errorf("a request that nobody waits for: got %v", err)
	}
}

// front is a server with a door before a house that answers 418, and what turns a link into one through it: a proxy in
// front of the product speaks HTTPS and may well put in a host name of its own.
func front(t *testing.T, g *objectstore.Gateway) (*objectstore.Store, *httptest.Server, func(link string) string) {
	t.Helper()
	c := g.Config("door")
	c.Links = "https://gi.example"
	store := open(t, c)
	house := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	server := httptest.NewServer(store.Door(house))
	t.Cleanup(server.Close)
	return store, server, func(link string) string { return strings.Replace(link, c.Links, server.URL, 1) }
}

// Where browsers reach the product but not the store, links lead through the product's own address.
func TestDoorLetsSignedLinksThrough(t *testing.T) {
	t.Parallel()
	g := gateway(t, t.TempDir(), false)
	store, server, through := front(t, g)
	key, good := "t/d/"+uuid.NewString(), []byte("%PDF-1.7 五原")
	u, err := store.PresignPut(t.Context(), key, "application/pdf", int64(len(good)), hexSum(good), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(u.URL, "https://gi.example/door/t/d/") {
		t.Fatalf("the link is %s", u.URL)
	}
	u.URL = through(u.URL)
	if status := send(t, u, "PUT", []byte("%PDF-1.7 other"), ""); status < 400 {
		t.Errorf("other bytes: got %d", status)
	}
	if status := send(t, u, "PUT", good, ""); status != 200 {
		t.Fatalf("the signed bytes: got %d", status)
	}
	link, err := store.PresignGet(t.Context(), key, "a.pdf", "application/pdf", true, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	status, body, header := fetch(t, through(link))
	if status != 200 || body != string(good) || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Type") != "application/pdf" {
		t.Errorf("got %d %q %v", status, body, header)
	}
	page, err := store.PresignGet(t.Context(), key, "a.html", "text/html", true, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, header := fetch(t, through(page)); !strings.Contains(header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("a page of a tenant's runs on our address: %v", header)
	}
	for name, url := range map[string]string{
		"a link that was altered":  strings.Replace(through(link), key, "t/d/"+uuid.NewString(), 1),
		"a signature that is none": server.URL + "/door/" + key + "?X-Amz-Signature=00",
	} {
		if status, body, _ := fetch(t, url); status < 400 || strings.Contains(body, "%PDF") {
			t.Errorf("%s: got %d %q", name, status, body)
		}
	}
	if err := g.Stop(); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := fetch(t, through(link)); status != http.StatusServiceUnavailable {
		t.Errorf("the store is away: got %d, want 503", status)
	}
}

func TestDoorLeavesTheRestToTheHouse(t *testing.T) {
	t.Parallel()
	store, server, through := front(t, gateway(t, t.TempDir(), false))
	key := "t/d/" + uuid.NewString()
	put(t, store, key, "closed")
	link, err := store.PresignGet(t.Context(), key, "a.txt", "text/plain", false, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"no signature":    server.URL + "/door/" + key,
		"another bucket":  strings.Replace(through(link), "/door/", "/other/", 1),
		"all buckets":     server.URL + "/?X-Amz-Signature=00",
		"out of it":       strings.Replace(through(link), "/door/", "/door/../", 1),
		"the house's own": server.URL + "/api/v1/session",
	} {
		if status, _, _ := fetch(t, url); status != http.StatusTeapot {
			t.Errorf("%s: got %d, want it left to the house", name, status)
		}
	}
	if status := send(t, objectstore.Upload{URL: through(link)}, "DELETE", nil, ""); status != http.StatusTeapot {
		t.Errorf("deleting: got %d, want it left to the house", status)
	}
}
