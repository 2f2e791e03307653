package identity_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// The gate sees past the tenants' walls, so its functions are nobody else's, take no other schema's tables for theirs, and
// belong to a role that can do nothing else.
func TestGateFunctionsArePinned(t *testing.T) {
	t.Parallel()
	rows, _ := dbtest.Superuser(t).Query(t.Context(), `
		select p.proname, p.prosecdef and 'search_path=app, pg_temp' = any (p.proconfig) and r.rolname = 'helianthus_gate'
			and not r.rolsuper and not r.rolbypassrls and not r.rolcanlogin
			and not exists (select from aclexplode(p.proacl) a where a.grantee not in ('helianthus_app'::regrole, 'helianthus_gate'::regrole))
		from pg_proc p join pg_roles r on r.oid = p.proowner
		where p.pronamespace = 'app'::regnamespace and p.proname like 'gate\_%'`)
	var name string
	var pinned bool
	n := 0
	_, err := pgx.ForEachRow(rows, []any{&name, &pinned}, func() error {
		if n++; !pinned {
			t.Errorf("app.%s is not as a function of the gate must be", name)
		}
		return nil
	})
	if err != nil || n < 5 {
		t.Errorf("got %d functions, %v", n, err)
	}
}

func TestApplicationRoleReachesNothingAroundTheGate(t *testing.T) {
	t.Parallel()
	n, ctx, neighbour := newNode(t, 1), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	n.signIn(t, n.person(ctx, t))
	for _, sql := range []string{`select count(*) from app.sign_in_failures`, `delete from app.sign_in_failures`, `set local role helianthus_gate`, `select app.gate_people('x') from app.sign_in_failures`} {
		err := dbtest.DB(t).Tx(ctx, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		if err == nil {
			t.Errorf("the application role may: %s", sql)
		}
	}
	for _, sql := range []string{`select count(*) from app.sessions`, `select count(*) from app.people`, `select count(*) from app.api_clients`} {
		var seen int
		err := dbtest.DB(t).Read(neighbour, func(tx pgx.Tx) error { return tx.QueryRow(neighbour, sql).Scan(&seen) })
		if err != nil || seen != 0 {
			t.Errorf("%s: the neighbour sees %d, %v", sql, seen, err)
		}
	}
}
