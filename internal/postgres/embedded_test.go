package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

func TestClusterInOddPlaces(t *testing.T) {
	t.Parallel()
	for name, sub := range map[string]string{
		"with all that is odd":  `Application Support/五原县, it's "50%"/data [1]*/向日葵`,
		"too long for a socket": strings.Repeat("a-long-name-of-a-directory/", 8) + "data",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), sub)
			for round := range 2 {
				k := startKeeper(t, keeperOrder{Data: data}, nil, nil)
				_, url := k.ready(t)
				if round == 0 {
					query(t, url, `create table kept as select '五原'::text as word`)
				}
				if got := query(t, url, `select word from kept`); got != "五原" {
					t.Errorf("got %q", got)
				}
				k.stop(t)
			}
		})
	}
}

// A locale that the system does not have, and variables meant for another server, are no reason not to start.
func TestClusterInAnOddEnvironment(t *testing.T) {
	t.Parallel()
	for name, env := range map[string][]string{
		"a locale unknown here":  {"LC_ALL=tlh_KL.UTF-8", "LANG=en"},
		"another server's names": {"PGDATA=/nowhere", "PGPORT=1", "PGOPTIONS=-c nonsense=1", "PGCLIENTENCODING=LATIN1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := startKeeper(t, keeperOrder{Data: filepath.Join(t.TempDir(), "data")}, env, nil)
			_, url := k.ready(t)
			if got := query(t, url, `select '五原'`); got != "五原" {
				t.Errorf("got %q", got)
			}
			k.stop(t)
		})
	}
}

// Nobody but us reaches the server: it listens on no port, and its socket lies in a directory of ours.
func TestClusterIsPrivate(t *testing.T) {
	t.Parallel()
	k := startKeeper(t, keeperOrder{Data: filepath.Join(t.TempDir(), "data")}, nil, nil)
	_, url := k.ready(t)
	if got := query(t, url, `select current_setting('listen_addresses')`); got != "" {
		t.Errorf("it listens on %q", got)
	}
	info, err := os.Stat(socketOf(t, url))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory of the socket: %v, %v", info, err)
	}
	if got := query(t, url, `select concat_ws(' ', datcollate, datctype, pg_encoding_to_char(encoding), datlocprovider, datlocale) from pg_database where datname = 'postgres'`); got != "C C.UTF-8 UTF8 b C.UTF-8" {
		t.Errorf("the locale is %s", got)
	}
	k.stop(t)
}

// Where temporary files of all users lie, somebody else may have put a directory with the name of ours.
func TestSocketIsNotPutIntoAnothersDirectory(t *testing.T) {
	t.Parallel()
	tmp, data := openDir(t), filepath.Join(t.TempDir(), strings.Repeat("long/", 30), "data")
	k := startKeeper(t, keeperOrder{Data: data}, []string{"TMPDIR=" + tmp}, nil)
	_, url := k.ready(t)
	dir := socketOf(t, url)
	k.stop(t)
	if filepath.Dir(dir) != tmp {
		t.Fatalf("the socket was in %s", dir)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s was left behind: %v", dir, err)
	}
	if err := errors.Join(os.Mkdir(dir, 0o777), os.Chmod(dir, 0o777)); err != nil {
		t.Fatal(err)
	}
	k = startKeeper(t, keeperOrder{Data: data}, []string{"TMPDIR=" + tmp}, nil)
	_, url = k.ready(t)
	if got := socketOf(t, url); got == dir {
		t.Errorf("the socket is in %s, which everybody may write", got)
	}
	k.stop(t)
}

// madeIn is where the cluster is that is made once; TestMain removes it.
var madeIn string

// made makes a cluster and stops it, for tests of what comes later: to make one takes seconds, to copy it does not.
var made = sync.OnceValues(func() (data string, err error) {
	if madeIn, err = os.MkdirTemp("", "helianthus-made-"); err != nil {
		return "", err
	}
	data = filepath.Join(madeIn, "data")
	e, err := postgres.StartEmbedded(context.Background(), postgres.EmbeddedConfig{DataDir: data, Hasty: true})
	if err != nil {
		return "", err
	}
	return data, e.Stop()
})

// cluster is a copy of one that was made, in a place of the test's own.
func cluster(t *testing.T) (data string) {
	t.Helper()
	from, err := made()
	if err != nil {
		t.Fatal(err)
	}
	data = filepath.Join(t.TempDir(), "data")
	if err := postgres.CopyData(from, data); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestClusterSurvivesKills(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(keeper, server int) error{
		"of the keeper": func(keeper, _ int) error { return syscall.Kill(keeper, syscall.SIGKILL) },
		"of the server": func(_, server int) error { return syscall.Kill(server, syscall.SIGKILL) },
		"of both, the server last": func(keeper, server int) error {
			return errors.Join(syscall.Kill(keeper, syscall.SIGSTOP), syscall.Kill(server, syscall.SIGKILL), syscall.Kill(keeper, syscall.SIGKILL))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := cluster(t)
			k := startKeeper(t, keeperOrder{Data: data, Durable: true}, nil, nil)
			server, url := k.ready(t)
			query(t, url, `create table kept (n integer)`)
			query(t, url, `insert into kept select generate_series(1, 1000)`)
			if err := kill(k.cmd.Process.Pid, server); err != nil {
				t.Fatal(err)
			}
			again := startKeeper(t, keeperOrder{Data: data, Durable: true}, nil, nil) // at once: it waits until the other is gone
			_, url = again.ready(t)
			gone(t, server)
			if got := query(t, url, `select count(*)::text from kept`); got != "1000" {
				t.Errorf("got %s rows, want 1000", got)
			}
			again.stop(t)
		})
	}
}

// A first start that is killed while the cluster is being made must not leave half of one behind.
func TestKillWhileTheClusterIsMade(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	for range 3 {
		k := startKeeper(t, keeperOrder{Data: data}, nil, nil)
		for started := time.Now(); ; {
			found, _ := filepath.Glob(filepath.Join(filepath.Dir(data), "*", "PG_VERSION"))
			if len(found) > 0 {
				break
			}
			if time.Since(started) > 20*time.Second {
				t.Fatal("nothing is made")
			}
			<-time.After(time.Millisecond)
		}
		_ = k.cmd.Process.Kill()
		_ = k.cmd.Wait()
	}
	k := startKeeper(t, keeperOrder{Data: data}, nil, nil)
	_, url := k.ready(t)
	query(t, url, `select 'works'`)
	k.stop(t)
	// An initdb whose parent died may have been writing still; the next start removes what it left.
	again := startKeeper(t, keeperOrder{Data: data}, nil, nil)
	again.ready(t)
	again.stop(t)
	if left, _ := filepath.Glob(data + ".initdb-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestClusterRefuses(t *testing.T) {
	t.Parallel()
	busy := cluster(t)
	k := startKeeper(t, keeperOrder{Data: busy}, nil, nil)
	server, _ := k.ready(t)

	older := filepath.Join(t.TempDir(), "data")
	foreign := filepath.Join(t.TempDir(), "data")
	for file, text := range map[string]string{filepath.Join(older, "PG_VERSION"): "17\n", filepath.Join(foreign, "thesis.txt"): "years of work"} {
		if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, data, says string }{
		{"a directory in use", busy, strconv.Itoa(server)},
		{"data of another version", older, "are of PostgreSQL 17"},
		{"a directory with something else in it", foreign, "not empty"},
	} {
		before := listing(t, c.data, "postmaster.pid")
		_, err := postgres.StartEmbedded(t.Context(), postgres.EmbeddedConfig{DataDir: c.data, Hasty: true})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want one that says %q", c.name, err, c.says)
		}
		if after := listing(t, c.data, "postmaster.pid"); c.data != busy && !slices.Equal(before, after) {
			t.Errorf("%s: it was %v, now %v", c.name, before, after)
		}
	}
	k.stop(t)
}

func listing(t *testing.T, dir string, without ...string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && !slices.Contains(without, e.Name()) {
			all = append(all, fmt.Sprint(e.Name(), info.Size(), info.ModTime()))
		}
	}
	return all
}

// npm leaves the library links out when it is told to run no install scripts.
func TestMissingLibraryLinksAreMade(t *testing.T) {
	t.Parallel()
	bin, err := postgres.FindBinaries()
	if err != nil {
		t.Fatal(err)
	}
	native := filepath.Join(t.TempDir(), "native")
	if out, err := exec.Command("cp", "-a", filepath.Dir(bin), native).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	libraries, err := os.ReadDir(filepath.Join(native, "lib"))
	if err != nil {
		t.Fatal(err)
	}
	removed := 0
	for _, l := range libraries {
		if l.Type()&os.ModeSymlink != 0 {
			removed++
			if err := os.Remove(filepath.Join(native, "lib", l.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	if removed == 0 {
		t.Fatal("there were no links")
	}
	k := startKeeper(t, keeperOrder{Data: filepath.Join(t.TempDir(), "data"), Bin: filepath.Join(native, "bin")}, nil, nil)
	k.ready(t)
	k.stop(t)
}

func TestStopMayBeCalledTwice(t *testing.T) {
	t.Parallel()
	e, err := postgres.StartEmbedded(t.Context(), postgres.EmbeddedConfig{DataDir: cluster(t), Hasty: true})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Stop(); err != nil {
			t.Error(err)
		}
	}
	<-e.Done()
}
