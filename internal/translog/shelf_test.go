package translog_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// The log's files are in the object store, with how long caches may keep them, and a monitor follows the log from there
// without asking us.
func TestShelf(t *testing.T) {
	t.Parallel()
	store, prefix := dbtest.Store(t), "log-"+uuid.NewString()+"/"
	broken := errors.New("the store is away")
	var put atomic.Int64
	var failing error
	shelf := func(ctx context.Context, path, mediaType, cacheControl string, content []byte) error {
		put.Add(1)
		if path != "checkpoint" && failing != nil {
			return failing
		}
		return store.Publish(ctx, prefix+path, mediaType, cacheControl, content)
	}
	network := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // of delivery
		link, err := store.PresignGet(r.Context(), prefix+strings.TrimPrefix(r.URL.Path, "/log/"), "x", "", true, time.Minute)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		res, err := (&http.Client{Timeout: time.Minute}).Get(link) // of our own store
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	}))
	defer network.Close()
	plain, db := open(t, translog.Config{BaseURL: "https://gi.example"})
	sequence(t, plain)
	v := verifierOf(t, plain)
	l := with(db, translog.Config{BaseURL: "https://gi.example", Shelf: shelf})
	var edge translog.Edge
	for _, more := range []int{3, 300, 230} {
		grow(t, l, db, more)
		if err := l.Shelve(t.Context()); err != nil {
			t.Fatal(err)
		}
		size := edge.Size
		var err error
		if edge, err = (translog.Monitor{URL: network.URL + "/log", Verifier: v, Client: network.Client()}).Follow(t.Context(), edge, func(int64, []byte) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if edge.Size != size+int64(more) {
			t.Errorf("the shelf has %d entries, want %d more than %d", edge.Size, more, size)
		}
	}
	before := put.Load()
	if err := l.Shelve(t.Context()); err != nil || put.Load() != before {
		t.Errorf("nothing is new, and %d files were put again: %v", put.Load()-before, err)
	}
	for path, want := range map[string]string{"tile/0/000": translog.Immutable, "tile/entries/001": translog.Immutable, "tile/1/000.p/2": translog.Immutable, "checkpoint": translog.Soon} {
		o, err := store.Stat(t.Context(), prefix+path)
		if err != nil || o.CacheControl != want {
			t.Errorf("%s is kept %q, %v; want %q", path, o.CacheControl, err, want)
		}
	}
	// A checkpoint never promises what is not there.
	failing = broken
	grow(t, l, db, 1)
	if err := l.Shelve(t.Context()); !errors.Is(err, broken) {
		t.Errorf("a tile could not be put: got %v", err)
	}
	if again, err := (translog.Monitor{URL: network.URL + "/log", Verifier: v, Client: network.Client()}).Follow(t.Context(), edge, func(int64, []byte) error { return nil }); err != nil || again.Size != edge.Size {
		t.Errorf("after a failure the shelf is at %d, %v; want %d", again.Size, err, edge.Size)
	}
	failing = nil
	if err := l.Shelve(t.Context()); err != nil {
		t.Error(err)
	}
	if again, err := (translog.Monitor{URL: network.URL + "/log", Verifier: v, Client: network.Client()}).Follow(t.Context(), edge, func(int64, []byte) error { return nil }); err != nil || again.Size != edge.Size+1 {
		t.Errorf("then it is at %d, %v; want %d", again.Size, err, edge.Size+1)
	}
}
