package httpd_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// fsck is transparency-dev's own checker, which a module of its own pins by version and hash.
func fsck(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "fsck")
	build := exec.CommandContext(t.Context(), "go", "build", "-C", filepath.Join("..", "translog", "testdata", "checkers"), "-o", program, "github.com/transparency-dev/tessera/cmd/fsck") //nolint:gosec // our own directory
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the checker: %v\n%s", err, out)
	}
	return program
}

// It reads the whole log over the routes that everybody reads it by, and finds nothing wrong. What never changes may be kept for ever;
// the checkpoint may not.
func TestFsck(t *testing.T) {
	t.Parallel()
	h := apitest.OpenOwn(t, "https://gi.example", translog.Others{})
	server := httptest.NewServer(h.Server)
	t.Cleanup(server.Close)
	county := h.Tenant(t, tenancy.County)
	for range 5 { // five trees, each beyond the last one's tiles
		err := h.DB.Tx(county, func(tx pgx.Tx) error {
			for range 260 {
				if _, err := exchange.Publish(county, tx, exchange.Publication{Kind: "registration", RecordID: uuid.New(), Content: map[string]any{}, Audience: exchange.Public}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n > 0; {
			if n, err = h.Translog.Sequence(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	i, err := h.Translog.Info(tenancy.In(t.Context(), tenancy.Public))
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(i.Keys[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, fsck(t), "--storage_url="+server.URL+"/api/v1/log/", "--public_key="+key, "--ui=false").CombinedOutput() //nolint:gosec // built above
	t.Logf("fsck of %d entries:\n%s", i.Size, out)
	if err != nil {
		t.Errorf("fsck: %v", err)
	}
	for path, want := range map[string]string{"tile/0/000": translog.Immutable, "tile/entries/001": translog.Immutable, "checkpoint": translog.Soon} {
		res, err := server.Client().Get(server.URL + "/api/v1/log/" + path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if got := res.Header.Get("Cache-Control"); res.StatusCode != http.StatusOK || got != want {
			t.Errorf("%s: %d, Cache-Control %q, want %q", path, res.StatusCode, got, want)
		}
	}
}
