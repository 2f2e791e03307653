package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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
	cfg.AfterConnect = refuseOld
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

// oldestServer is the major version that the product needs: temporal keys, uuidv7.
const oldestServer = 18

// refuseOld looks at the version that a server tells when a connection begins, before anything is asked of it that an older
// one would not understand.
func refuseOld(_ context.Context, conn *pgx.Conn) error {
	told := conn.PgConn().ParameterStatus("server_version")
	digits := strings.IndexFunc(told, func(r rune) bool { return r < '0' || r > '9' }) // 15.14 (Debian …), 19beta1, 19devel
	major := told
	if digits >= 0 {
		major = told[:digits]
	}
	if n, err := strconv.Atoi(major); err == nil && n < oldestServer {
		return errOld{told}
	}
	return nil
}

type errOld struct{ version string }

func (e errOld) Error() string {
	return fmt.Sprintf("postgres: version %s is too old, %d or newer is needed", e.version, oldestServer)
}

func fit(ctx context.Context, pool *pgxpool.Pool) error {
	var encoding string
	var trigrams int
	err := pool.QueryRow(ctx, `
		select current_setting('server_encoding'), cardinality(public.show_trgm('向日葵'))`).
		Scan(&encoding, &trigrams)
	var pg *pgconn.PgError
	var old errOld
	switch {
	case errors.As(err, &old):
		return old
	case errors.As(err, &pg) && pg.Code == "42883":
		return errors.New("postgres: the extension pg_trgm is not in the database; run helianthus migrate with the address of a superuser")
	case err != nil:
		return fmt.Errorf("postgres: %w", err)
	case encoding != "UTF8":
		return fmt.Errorf("postgres: the database is encoded in %s, UTF8 is needed", encoding)
	case trigrams == 0:
		return fmt.Errorf("postgres: the database's locale knows no Chinese letters; make it with builtin C.UTF-8")
	}
	return nil
}

// Guard refuses to work as a role that row-level security does not bind, or that may become one: a superuser, one that
// bypasses row-level security or makes roles, an owner of tables, the gate. It refuses tables whose protection was
// taken off too, and warns when injected SQL could call set_config.
func Guard(ctx context.Context, pool *pgxpool.Pool) error {
	var login, role, why string
	err := pool.QueryRow(ctx, guardRoles).Scan(&login, &role, &why)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return fmt.Errorf("postgres guard: %w", err)
	case login == role:
		return fmt.Errorf("postgres: the role %s %s, so tenants would not be kept apart; connect as helianthus_app", role, why)
	default:
		return fmt.Errorf("postgres: the role %s may become %s, which %s, so tenants would not be kept apart; connect as helianthus_app", login, role, why)
	}
	var table string
	err = pool.QueryRow(ctx, guardTables).Scan(&table)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return fmt.Errorf("postgres guard: %w", err)
	default:
		return fmt.Errorf("postgres: row-level security of the table app.%s is not forced, so tenants would not be kept apart; run helianthus migrate with the release that made it", table)
	}
	var settable bool
	if err := pool.QueryRow(ctx, `select has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'execute')`).Scan(&settable); err != nil {
		return fmt.Errorf("postgres guard: %w", err)
	}
	if settable {
		slog.WarnContext(ctx, "set_config is executable by the application role; revoke it from public", "role", login)
	}
	return nil
}

// guardRoles finds the worst of the roles that this session has or may take. Who signed in counts as well as who he
// became, since injected SQL may go back.
const guardRoles = `
select session_user::text, r.rolname, w.why
from pg_roles r
cross join lateral (values
  (1, r.rolsuper, 'is a superuser'),
  (2, r.rolbypassrls, 'bypasses row-level security'),
  (3, r.rolcreaterole or r.rolcreatedb, 'may create roles or databases'),
  (4, r.rolreplication, 'may copy the whole server'),
  (5, exists (select from pg_class c where c.relnamespace = to_regnamespace('app') and c.relowner = r.oid), 'owns tables'),
  (6, r.rolname = 'helianthus_gate', 'looks past tenants'),
  (7, r.rolname in ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'), 'reaches past all rights')
) w (place, bad, why)
where w.bad and (pg_has_role(session_user, r.oid, 'member') or pg_has_role(current_user, r.oid, 'member'))
order by r.rolname = session_user desc, w.place, r.rolname
limit 1`

// guardTables finds a tenant's table that policies do not protect.
const guardTables = `
select c.relname
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
where c.relnamespace = to_regnamespace('app') and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
order by c.relname
limit 1`
