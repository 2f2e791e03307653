package postgres

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/secure/precis"
)

// Names of the roles and the database.
const (
	Owner    = "helianthus_owner"
	App      = "helianthus_app"
	Gate     = "helianthus_gate"
	Database = "helianthus"
)

// Bootstrap makes, as a superuser, what one server needs once: the roles, the database, its extensions and schemas,
// and the revocations that keep injected SQL from changing its scope. It may be repeated; what exists is left as it is.
// The roles get the passwords of logins, the addresses that they will be used with; an address without one changes none.
func Bootstrap(ctx context.Context, superuserURL string, logins ...string) error {
	if err := onServer(ctx, superuserURL, roles); err != nil {
		return fmt.Errorf("bootstrap roles: %w", err)
	}
	for _, l := range logins {
		if err := setPassword(ctx, superuserURL, l); err != nil {
			return fmt.Errorf("bootstrap passwords: %w", err)
		}
	}
	if err := createDatabase(ctx, superuserURL); err != nil {
		return fmt.Errorf("bootstrap database: %w", err)
	}
	u, err := withDatabase(superuserURL, Database)
	if err != nil {
		return err
	}
	if err := onServer(ctx, u, contents); err != nil {
		return fmt.Errorf("bootstrap contents: %w", err)
	}
	return nil
}

const roles = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'helianthus_owner') then
    create role helianthus_owner login nosuperuser nobypassrls nocreatedb nocreaterole noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'helianthus_app') then
    create role helianthus_app login nosuperuser nobypassrls nocreatedb nocreaterole noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'helianthus_gate') then
    create role helianthus_gate nologin nosuperuser nobypassrls nocreatedb nocreaterole noinherit;
  end if;
end $$;
grant helianthus_gate to helianthus_owner with inherit false, set true;
alter role helianthus_owner set search_path = app, pg_temp;
alter role helianthus_app set search_path = app, pg_temp;
alter role helianthus_app set statement_timeout = '30s';
alter role helianthus_app set idle_in_transaction_session_timeout = '30s';
alter role helianthus_app set lock_timeout = '10s';`

// The gate owns functions and looks through row-level security by policies that name it, not by BYPASSRLS. What is
// revoked would let injected SQL change its scope, run other SQL out of an expression, wait, or keep what no policy
// sees. River asks pg_notify and advisory locks of the transaction, a worker's lease pg_try_advisory_lock(bigint).
const contents = `
create extension if not exists pg_trgm with schema public;
create extension if not exists btree_gist with schema public;
create extension if not exists btree_gin with schema public;
create extension if not exists unaccent with schema public;
create schema if not exists app authorization helianthus_owner;
create schema if not exists river authorization helianthus_owner;
grant usage on schema app, river to helianthus_app;
grant usage, create on schema app to helianthus_gate;
revoke all on database helianthus from public;
grant connect on database helianthus to helianthus_owner, helianthus_app;
revoke create on schema public from public;
do $$
declare f regprocedure;
begin
  for f in select p.oid from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and (
      p.proname in ('set_config', 'pg_sleep', 'pg_sleep_for', 'pg_sleep_until', 'pg_terminate_backend', 'pg_cancel_backend', 'ts_stat',
        'lo_from_bytea', 'lo_creat', 'lo_create', 'lo_open', 'lo_get', 'lo_put', 'lo_unlink',
        'pg_advisory_lock', 'pg_advisory_lock_shared', 'pg_try_advisory_lock_shared')
      or p.proname ~ '_to_xml(schema|_and_xmlschema)?$'
      or p.oid in ('pg_catalog.ts_rewrite(tsquery, text)'::regprocedure, 'pg_catalog.pg_try_advisory_lock(integer, integer)'::regprocedure))
  loop
    execute format('revoke execute on function %s from public', f);
  end loop;
end $$;
grant execute on function pg_catalog.set_config(text, text, boolean), pg_catalog.pg_advisory_lock(bigint) to helianthus_owner;`

// connect is a superuser's connection, under a lock that other nodes which start at the same moment wait for.
func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := refuseOld(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, migrationLock); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

func onServer(ctx context.Context, url, script string) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, script)
	return err
}

func createDatabase(ctx context.Context, superuserURL string) error {
	conn, err := connect(ctx, superuserURL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = 'helianthus')`).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, `create database helianthus owner helianthus_owner template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C.UTF-8'`)
	return err
}

// setPassword gives a role the password of its address. The server is sent the verifier only, so that the password
// stands in no log of statements.
func setPassword(ctx context.Context, superuserURL, login string) error {
	u, err := url.Parse(login)
	if err != nil {
		return errors.New("an address cannot be read") // the error would show the password
	}
	password, ok := u.User.Password()
	if !ok || !slices.Contains([]string{Owner, App}, u.User.Username()) {
		return nil
	}
	verifier, err := scramVerifier(password)
	if err != nil {
		return err
	}
	return onServer(ctx, superuserURL, "alter role "+u.User.Username()+" password '"+verifier+"'")
}

// scramVerifier is what PostgreSQL keeps of a password (RFC 5803).
func scramVerifier(password string) (string, error) {
	const rounds = 4096 // PostgreSQL's own default
	// What is no valid text for the profile is taken as it is, as servers and clients do.
	if prepared, err := precis.OpaqueString.String(password); err == nil {
		password = prepared
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	salted, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		return "", err
	}
	key := func(name string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(name))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(key("Client Key"))
	text := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", rounds, text(salt), text(stored[:]), text(key("Server Key"))), nil
}

// withDatabase is the same address with another database.
func withDatabase(address, database string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("postgres url: %w", err)
	}
	u.Path = "/" + database
	return u.String(), nil
}
