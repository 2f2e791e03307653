package postgres_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// What SQL that got into a statement could call, to leave its tenant, wait, hold locks or keep files, is refused.
func TestInjectedSQLFindsNothingToCall(t *testing.T) {
	t.Parallel()
	pool := dbtest.FreshPool(t, 1)
	for _, sql := range []string{
		`select set_config('app.tenant', '00000000-0000-0000-0000-000000000001', true)`,
		`update pg_settings set setting = 'x' where name = 'search_path'`,
		`select query_to_xml('select 1', true, false, '')`,
		`select table_to_xml('app.people', true, false, '')`,
		`select schema_to_xml('app', true, false, '')`,
		`select * from ts_stat('select to_tsvector(name) from app.people')`,
		`select ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')`,
		`select pg_sleep(1)`,
		`select pg_sleep_for('1 s')`,
		`select pg_advisory_lock(1)`,
		`select pg_advisory_lock_shared(1, 1)`,
		`select pg_try_advisory_lock(1, 1)`,
		`select pg_cancel_backend(pid) from pg_stat_activity`,
		`select pg_terminate_backend(pid) from pg_stat_activity`,
		`select lo_from_bytea(0, '\x00')`,
		`select lo_create(0)`,
		`select lo_import('/etc/passwd')`,
		`select pg_read_file('/etc/passwd')`,
		`copy app.units from program 'true'`,
		`create temporary table units (id uuid)`,
		`create table app.mine (id uuid)`,
		`create function app.mine() returns int language sql as 'select 1'`,
		`truncate app.units`,
		`alter table app.units disable row level security`,
		`set role helianthus_owner`,
		`set role helianthus_gate`,
		`set session authorization postgres`,
		`select * from app.sign_in_failures`,
		`select * from app.goose_db_version`,
		`update app.tenants set suspended_at = null`,
	} {
		_, err := pool.Exec(t.Context(), sql)
		if pg := (*pgconn.PgError)(nil); !errors.As(err, &pg) || pg.Code != "42501" {
			t.Errorf("%s: got %v, want it forbidden (42501)", sql, err)
		}
	}
}

// What the jobs need of the server stays open.
func TestTheApplicationRoleMayNotifyAndLockATransaction(t *testing.T) {
	t.Parallel()
	pool := dbtest.FreshPool(t, 1)
	for _, sql := range []string{`select pg_notify('tasks', 'x')`, `select pg_advisory_xact_lock(1)`, `select pg_try_advisory_xact_lock(2)`, `listen tasks`} {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// Bootstrap and Migrate may run again at every start: nothing changes, and nothing that was put in is lost.
func TestStartingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
	conn, err := pgx.Connect(t.Context(), server.URL("postgres", postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `insert into app.tenants (slug, kind, names) values ('kept', 'county', '{}')`); err != nil {
		t.Fatal(err)
	}
	before := dump(t, conn)
	for range 2 {
		if err := postgres.Bootstrap(t.Context(), server.URL("postgres", "postgres")); err != nil {
			t.Fatal(err)
		}
		if err := postgres.Migrate(t.Context(), server.URL(postgres.Owner, postgres.Database)); err != nil {
			t.Fatal(err)
		}
	}
	if after := dump(t, conn); after != before {
		t.Error("the schema is another one")
	}
	var kept int
	if err := conn.QueryRow(t.Context(), `select count(*) from app.tenants where slug = 'kept'`).Scan(&kept); err != nil || kept != 1 {
		t.Errorf("got %d rows, %v", kept, err)
	}
}

// Nodes that start together on a new server all find it made, once.
func TestNodesThatStartTogether(t *testing.T) {
	t.Parallel()
	server, err := postgres.StartEmbedded(t.Context(), postgres.EmbeddedConfig{DataDir: cluster(t), Hasty: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	var g errgroup.Group
	for range 4 {
		g.Go(func() error {
			if err := postgres.Bootstrap(t.Context(), server.URL("postgres", "postgres")); err != nil {
				return err
			}
			return postgres.Migrate(t.Context(), server.URL(postgres.Owner, postgres.Database))
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), server.URL("postgres", postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if got, want := dump(t, conn), dump(t, dbtest.Superuser(t)); got != want {
		t.Error("the schema is another one")
	}
}

func TestRolesGetThePasswordsOfTheirAddresses(t *testing.T) {
	t.Parallel()
	server := dbtest.Own(t)
	const password = `葵花 "籽" '%@:/?`
	login := (&url.URL{Scheme: "postgres", User: url.UserPassword(postgres.App, password), Host: "db.example:5432", Path: "helianthus"}).String()
	if err := postgres.Bootstrap(t.Context(), server.URL("postgres", "postgres"), login, "postgres://helianthus_owner@db.example/helianthus", "postgres://postgres:secret@db.example/"); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), server.URL("postgres", postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var with []string
	var dir string
	err = conn.QueryRow(t.Context(), `select array_agg(rolname::text order by rolname), current_setting('data_directory') from pg_authid where rolpassword like 'SCRAM-SHA-256$%'`).Scan(&with, &dir)
	if err != nil || !slices.Equal(with, []string{postgres.App}) {
		t.Fatalf("roles with a password: %v, %v", with, err)
	}
	rules := "local all postgres trust\nlocal all all scram-sha-256\n"
	if err := os.WriteFile(filepath.Join(dir, "pg_hba.conf"), []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `select pg_reload_conf()`); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		password string
		enters   bool
	}{{"another", false}, {password, true}} {
		cfg, err := pgx.ParseConfig(server.URL(postgres.App, postgres.Database))
		if err != nil {
			t.Fatal(err)
		}
		cfg.Password = c.password
		// The server reads its rules anew by and by; until then everybody enters.
		for started := time.Now(); ; <-time.After(10 * time.Millisecond) {
			app, err := pgx.ConnectConfig(t.Context(), cfg)
			if err == nil {
				app.Close(t.Context())
			}
			if (err == nil) == c.enters {
				break
			}
			if time.Since(started) > 5*time.Second {
				t.Errorf("with %q: got %v, want entering: %v", c.password, err, c.enters)
				break
			}
		}
	}
}
