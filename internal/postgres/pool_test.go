package postgres_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// script runs statements as a superuser in a database of a cluster.
func script(t *testing.T, server *postgres.Embedded, database, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.URL("postgres", database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestRolesThatAreNotBoundAreRefused(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
	script(t, server, postgres.Database, `grant connect on database helianthus to public`)
	for _, c := range []struct{ name, role, setup, says string }{
		{"superuser", "a_superuser", `create role a_superuser login superuser`, "is a superuser"},
		{"superuser who became the application", "a_disguise", `create role a_disguise login superuser; alter role a_disguise set role helianthus_app`, "a_disguise is a superuser"},
		{"bypasses row-level security", "a_bypass", `create role a_bypass login bypassrls`, "bypasses"},
		{"makes roles", "a_maker", `create role a_maker login createrole`, "may create roles"},
		{"makes databases", "a_builder", `create role a_builder login createdb`, "may create"},
		{"replicates", "a_copier", `create role a_copier login replication`, "may copy the whole server"},
		{"owner", "helianthus_owner", ``, "owns tables"},
		{"member of the owner", "a_member", `create role a_member login noinherit; grant helianthus_owner to a_member`, "may become helianthus_owner, which owns tables"},
		{"may become the gate", "a_watcher", `create role a_watcher login noinherit; grant helianthus_gate to a_watcher`, "may become helianthus_gate, which looks past tenants"},
		{"may become a superuser", "an_admin", `create role an_admin login noinherit; grant postgres to an_admin`, "may become postgres, which is a superuser"},
		{"reads all data", "a_reader", `create role a_reader login; grant pg_read_all_data to a_reader`, "reaches past all rights"},
		{"runs programs", "a_runner", `create role a_runner login; grant pg_execute_server_program to a_runner`, "reaches past all rights"},
		{"nobody special", "helianthus_app", ``, ""},
	} {
		if c.setup != "" {
			script(t, server, postgres.Database, c.setup)
		}
		pool, err := postgres.Open(t.Context(), server.URL(c.role, postgres.Database), 2)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		err = postgres.Guard(t.Context(), pool)
		pool.Close()
		if c.says == "" && err != nil {
			t.Errorf("%s: refused: %v", c.name, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: got %v, want one that says %q", c.name, err, c.says)
		}
	}
}

func TestTablesWithoutProtectionAreRefused(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
	pool, err := postgres.Open(t.Context(), server.URL(postgres.App, postgres.Database), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, c := range []struct{ broken, mended string }{
		{`alter table app.people no force row level security`, `alter table app.people force row level security`},
		{`alter table app.people disable row level security`, `alter table app.people enable row level security`},
	} {
		script(t, server, postgres.Database, c.broken)
		if err := postgres.Guard(t.Context(), pool); err == nil || !strings.Contains(err.Error(), "app.people") {
			t.Errorf("%s: got %v", c.broken, err)
		}
		script(t, server, postgres.Database, c.mended)
		if err := postgres.Guard(t.Context(), pool); err != nil {
			t.Errorf("%s: got %v", c.mended, err)
		}
	}
}

// Not parallel: it listens to the log of the process.
func TestGuardWarnsOfSetConfig(t *testing.T) {
	server := dbtest.Own(t)
	pool, err := postgres.Open(t.Context(), server.URL(postgres.App, postgres.Database), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	for _, c := range []struct {
		sql  string
		want bool
	}{{`select`, false}, {`grant execute on function pg_catalog.set_config(text, text, boolean) to public`, true}} {
		script(t, server, postgres.Database, c.sql)
		log.Reset()
		if err := postgres.Guard(t.Context(), pool); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(log.String(), "set_config"); got != c.want {
			t.Errorf("after %s: the log says %q", c.sql, log.String())
		}
	}
}

func TestServersThatWouldNotDoAreRefused(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
	for _, c := range []struct{ name, options, extension, says string }{
		{"latin letters only", `encoding 'LATIN1' locale_provider libc lc_collate 'C' lc_ctype 'C'`, `create extension pg_trgm`, "LATIN1"},
		{"no Chinese letters", `encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype 'C'`, `create extension pg_trgm`, "no Chinese letters"},
		{"no trigrams", `encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8'`, `select`, "pg_trgm"},
		{"as it should be", `encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' lc_ctype 'C.UTF-8'`, `create extension pg_trgm`, ""},
	} {
		script(t, server, "postgres", `drop database if exists other`)
		script(t, server, "postgres", `create database other template template0 `+c.options)
		script(t, server, "other", c.extension)
		pool, err := postgres.Open(t.Context(), server.URL("postgres", "other"), 2)
		if err == nil {
			pool.Close()
		}
		if c.says == "" && err != nil {
			t.Errorf("%s: refused: %v", c.name, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: got %v, want one that says %q", c.name, err, c.says)
		}
	}
}

func TestConnectionsAreNamedAndInUTC(t *testing.T) {
	t.Parallel()
	var name, zone, path, timeout string
	err := dbtest.Pool(t).QueryRow(t.Context(), `
		select current_setting('application_name'), current_setting('timezone'), current_setting('search_path'), current_setting('statement_timeout')`).Scan(&name, &zone, &path, &timeout)
	if err != nil || name != "helianthus" || zone != "UTC" || path != "app, pg_temp" || timeout != "30s" {
		t.Errorf("got %s, %s, %s, %s, %v", name, zone, path, timeout, err)
	}
}
