package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Open makes a pool of at most max connections and refuses a server that the product cannot work on: older than 18
// (temporal keys, uuidv7), not in UTF-8, or with a character type in which Chinese has no trigrams.
func Open(ctx context.Context, url string, max int) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("postgres url: %w", err)
	}
	cfg.MaxConns = int32(max)
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.ConnConfig.RuntimeParams["application_name"] = "helianthus"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres pool: %w", err)
	}
	if err := fit(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func fit(ctx context.Context, pool *pgxpool.Pool) error {
	var version int
	var encoding string
	var trigrams int
	err := pool.QueryRow(ctx, `
		select current_setting('server_version_num')::int, current_setting('server_encoding'), cardinality(public.show_trgm('向日葵'))`).
		Scan(&version, &encoding, &trigrams)
	switch {
	case err != nil:
		return fmt.Errorf("postgres: %w", err)
	case version < 180000:
		return fmt.Errorf("postgres: version %d is too old, 18 or newer is needed", version/10000)
	case encoding != "UTF8":
		return fmt.Errorf("postgres: the database is encoded in %s, UTF8 is needed", encoding)
	case trigrams == 0:
		return fmt.Errorf("postgres: the database's locale knows no Chinese letters; make it with builtin C.UTF-8")
	}
	return nil
}

// Guard refuses to work as a role that row-level security does not bind: superuser, BYPASSRLS, owner of a table or
// able to become one. It warns when injected SQL could call set_config.
func Guard(ctx context.Context, pool *pgxpool.Pool) error {
	var super, bypass, creator, owns, member, settable bool
	var role string
	err := pool.QueryRow(ctx, `
		select r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole or r.rolcreatedb,
		       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'app' and c.relowner = r.oid),
		       pg_has_role('helianthus_owner', 'member'),
		       has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'execute')
		from pg_roles r where r.rolname = current_user`).Scan(&role, &super, &bypass, &creator, &owns, &member, &settable)
	if err != nil {
		return fmt.Errorf("postgres guard: %w", err)
	}
	for _, c := range []struct {
		bad bool
		why string
	}{
		{super, "is a superuser"},
		{bypass, "bypasses row-level security"},
		{creator, "may create roles or databases"},
		{owns, "owns tables"},
		{member, "may become helianthus_owner"},
	} {
		if c.bad {
			return fmt.Errorf("postgres: the role %s %s, so tenants would not be kept apart; connect as helianthus_app", role, c.why)
		}
	}
	if settable {
		slog.WarnContext(ctx, "set_config is executable by the application role; revoke it from public", "role", role)
	}
	return nil
}
