// Package dbtest gives tests a real PostgreSQL and a real object store, as the application role. For tests only.
//
// The first test of a process that asks starts a cluster of its own from a template that is made once a schema; tests of
// one package share it and are kept apart as tenants are: each makes its own tenant.
package dbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

type cluster struct {
	dir    string
	server *postgres.Embedded
	app    *pgxpool.Pool
	owner  *pgxpool.Pool
}

var shared = sync.OnceValues(func() (*cluster, error) { return open(context.Background()) })

func the(t testing.TB) *cluster {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// DB is the door to the shared cluster, as the application role.
func DB(t testing.TB) *tenancy.DB {
	t.Helper()
	return tenancy.New(the(t).app)
}

// Pool is the pool of the application role.
func Pool(t testing.TB) *pgxpool.Pool { t.Helper(); return the(t).app }

// OwnerPool is a pool of helianthus_owner, for provisioning.
func OwnerPool(t testing.TB) *pgxpool.Pool { t.Helper(); return the(t).owner }

// URL is the shared cluster's address for a role.
func URL(t testing.TB, role string) string {
	t.Helper()
	return the(t).server.URL(role, postgres.Database)
}

// Superuser connects to the shared cluster past every policy; for looking at what was written, and for planting defects.
func Superuser(t testing.TB) *pgx.Conn {
	t.Helper()
	return superuser(t, URL(t, "postgres"))
}

func superuser(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// Tenant makes a tenant of a kind and returns a context in its scope, as its administrator.
func Tenant(t testing.TB, kind tenancy.Kind) context.Context {
	t.Helper()
	return tenantBy(t, the(t).owner, kind)
}

func tenantBy(t testing.TB, owner *pgxpool.Pool, kind tenancy.Kind) context.Context {
	t.Helper()
	s := tenancy.Scope{TenantKind: kind, Slug: string(kind) + "-" + random(), Demo: true, Actor: uuid.New(), ActorKind: tenancy.Person, ActorName: "Test Person", Roles: []string{"administrator"}}
	err := owner.QueryRow(t.Context(), `insert into app.tenants (slug, kind, names, office, demo) values ($1, $2, $3, 'XT', true) returning id`,
		s.Slug, kind, map[string]string{"zh-Hans": "测试 " + s.Slug, "en": "Test " + s.Slug}).Scan(&s.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	return tenancy.In(t.Context(), s)
}

func random() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// Own starts a cluster that no other test shares; with migrations already run.
func Own(t testing.TB) *postgres.Embedded {
	t.Helper()
	c, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.app.Close()
		c.owner.Close()
		_ = c.server.Stop()
		_ = os.RemoveAll(c.dir)
	})
	return c.server
}

// House is the door to a cluster that no other test shares, for what there is one of in a house.
type House struct {
	*tenancy.DB
	owner  *pgxpool.Pool
	server *postgres.Embedded
}

// OwnHouse starts one.
func OwnHouse(t testing.TB) House {
	t.Helper()
	server := Own(t)
	pools := make([]*pgxpool.Pool, 2)
	for i, role := range []string{postgres.App, postgres.Owner} {
		var err error
		if pools[i], err = postgres.Open(t.Context(), server.URL(role, postgres.Database), 16); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pools[i].Close)
	}
	return House{tenancy.New(pools[0]), pools[1], server}
}

// Superuser connects to the house's cluster past every policy, as Superuser does to the shared one.
func (h House) Superuser(t testing.TB) *pgx.Conn {
	t.Helper()
	return superuser(t, h.server.URL("postgres", postgres.Database))
}

// Tenant makes a tenant in the house, as Tenant does in the shared one.
func (h House) Tenant(t testing.TB, kind tenancy.Kind) context.Context {
	t.Helper()
	return tenantBy(t, h.owner, kind)
}

func open(ctx context.Context) (*cluster, error) {
	template, err := makeTemplate(ctx)
	if err != nil {
		return nil, fmt.Errorf("dbtest template: %w", err)
	}
	dir, err := tempDir()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := postgres.CopyData(template, data); err != nil {
		return nil, err
	}
	server, err := postgres.StartEmbedded(ctx, postgres.EmbeddedConfig{DataDir: data, Hasty: true, Params: map[string]string{"max_connections": "200"}})
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, server: server}
	if c.app, err = postgres.Open(ctx, server.URL(postgres.App, postgres.Database), 30); err != nil {
		return nil, err
	}
	if err := postgres.Guard(ctx, c.app); err != nil {
		return nil, err
	}
	c.owner, err = postgres.Open(ctx, server.URL(postgres.Owner, postgres.Database), 5)
	return c, err
}

// makeTemplate makes the data directory that clusters are copied from, once a schema, under a lock that other test
// processes wait for.
func makeTemplate(ctx context.Context) (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	build := filepath.Join(root, ".build")
	if err := os.MkdirAll(build, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(build, "pg.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	done := filepath.Join(build, "pg-"+postgres.Fingerprint())
	if _, err := os.Stat(done); err == nil {
		return filepath.Join(done, "data"), nil
	}
	old, _ := filepath.Glob(filepath.Join(build, "pg-*"))
	for _, d := range old {
		// Another process may be copying from a template of another schema; an old one nobody copies any more.
		if i, err := os.Stat(d); err == nil && time.Since(i.ModTime()) > time.Hour {
			_ = os.RemoveAll(d)
		}
	}
	// A place of its own each time: the server of a test that was killed may still be leaving the last one.
	making, err := os.MkdirTemp(build, "pg-making-")
	if err != nil {
		return "", err
	}
	server, err := postgres.StartEmbedded(ctx, postgres.EmbeddedConfig{DataDir: filepath.Join(making, "data"), Hasty: true})
	if err != nil {
		return "", err
	}
	err = postgres.Bootstrap(ctx, server.URL("postgres", "postgres"))
	if err == nil {
		err = postgres.Migrate(ctx, server.URL(postgres.Owner, postgres.Database))
	}
	if stopErr := server.Stop(); err == nil {
		err = stopErr
	}
	if err != nil {
		return "", err
	}
	return filepath.Join(done, "data"), os.Rename(making, done)
}

func repository() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}

// tempDir makes a directory that is gone when this process is, however it ends: a shell waits for the end of a pipe that
// only we hold, and removes it when the servers in it have left.
func tempDir() (string, error) {
	dir, err := os.MkdirTemp("", "helianthus-dbtest-")
	if err != nil {
		return "", err
	}
	reaper := exec.Command("/bin/sh", "-c", `cat; for i in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$0" && exit; sleep 1; done`, dir)
	reaper.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C ends us, not the one who tidies up after us
	pipe, err := reaper.StdinPipe()
	if err != nil {
		return "", err
	}
	pipes.Store(dir, pipe)
	return dir, reaper.Start()
}

// pipes holds the pipes open as long as the process lives: one that nothing refers to is closed with the garbage.
var pipes sync.Map

// FreshPool is a pool of the application role for one test alone, which may spoil its connections.
func FreshPool(t testing.TB, size int) *pgxpool.Pool {
	t.Helper()
	pool, err := postgres.Open(t.Context(), URL(t, postgres.App), size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
