package postgres_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// PostgreSQL refuses root. Whoever we are, the cluster starts, and starts again as somebody else.
func TestClusterRunsAsWhoeverWeAre(t *testing.T) {
	t.Parallel()
	type who struct {
		name   string
		attr   *syscall.SysProcAttr
		forbid bool
	}
	people := []who{{name: "as we are"}}
	if os.Geteuid() == 0 {
		people = append(people,
			who{name: "root where user namespaces are forbidden", attr: withoutNamespaces(), forbid: true},
			who{name: "root again"},
		)
	}
	data := filepath.Join(openDir(t), "private", "data")
	if err := os.Mkdir(filepath.Dir(data), 0o700); err != nil {
		t.Fatal(err)
	}
	for i, p := range people {
		k := startKeeper(t, keeperOrder{Data: data, ForbidNamespaces: p.forbid}, nil, p.attr)
		_, url := k.ready(t)
		if i == 0 {
			query(t, url, `create table kept as select 'kept'::text as word`)
		}
		if got := query(t, url, `select word from kept`); got != "kept" {
			t.Errorf("%s: got %q", p.name, got)
		}
		info, err := os.Stat(filepath.Join(data, "PG_VERSION"))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Sys().(*syscall.Stat_t).Uid; os.Geteuid() == 0 && p.forbid != (got != 0) {
			t.Errorf("%s: the data belong to the user %d", p.name, got)
		}
		k.stop(t)
	}
	if os.Geteuid() == 0 {
		nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		k := startKeeper(t, keeperOrder{Data: filepath.Join(openDir(t), "data")}, nil, nobody)
		k.ready(t)
		k.stop(t)
	}
}

// Programs in a directory that only root may enter are copied for whom the server runs as.
func TestProgramsUnderAPrivateHome(t *testing.T) {
	t.Parallel()
	bin, err := postgres.FindBinaries()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(openDir(t), "root")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-a", filepath.Dir(bin), filepath.Join(home, "native")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var confined *syscall.SysProcAttr
	if os.Geteuid() == 0 {
		confined = withoutNamespaces()
	}
	o := keeperOrder{Data: filepath.Join(openDir(t), "data"), Bin: filepath.Join(home, "native", "bin"), ForbidNamespaces: confined != nil}
	for range 2 {
		k := startKeeper(t, o, nil, confined)
		k.ready(t)
		k.stop(t)
	}
}

// withoutNamespaces starts a process as root of a user namespace of its own, in which it may forbid further ones.
func withoutNamespaces() *syscall.SysProcAttr {
	everyID := []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 65536}}
	return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER, UidMappings: everyID, GidMappings: everyID, GidMappingsEnableSetgroups: true}
}
