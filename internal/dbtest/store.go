package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/objectstore"
)

// A test binary that is started with the gateway's order is the gateway.
func init() {
	if os.Getenv(objectstore.GatewayVariable) != "" {
		os.Exit(objectstore.GatewayMain())
	}
}

var sharedStore = sync.OnceValues(func() (*objectstore.Store, error) {
	ctx := context.Background()
	dir, err := tempDir()
	if err != nil {
		return nil, err
	}
	g, err := StartGateway(ctx, filepath.Join(dir, "s3"), false)
	if err != nil {
		return nil, err
	}
	return objectstore.Open(ctx, g.Config("test"))
})

// StartGateway starts a gateway of a test's own in dir, as a child of the test binary; sidecar keeps metadata in files.
func StartGateway(ctx context.Context, dir string, sidecar bool) (*objectstore.Gateway, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return objectstore.StartGateway(ctx, objectstore.GatewayConfig{Dir: dir, Command: []string{exe}, Sidecar: sidecar})
}

// Store is a real object store, shared by the tests of a process.
func Store(t testing.TB) *objectstore.Store {
	t.Helper()
	s, err := sharedStore()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
