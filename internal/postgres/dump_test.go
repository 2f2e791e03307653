package postgres_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
)

var update = flag.Bool("update", false, "write schema.sql anew")

// TestSchemaDump compares the schema that the migrations make with schema.sql, which reviewers read: what a migration
// changes shows there in its whole context, rights and policies too. Write it anew with
//
//	go test ./internal/postgres -run TestSchemaDump -update
func TestSchemaDump(t *testing.T) {
	t.Parallel()
	got := dump(t, dbtest.Superuser(t))
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("schema.sql (-) is not what the migrations make (+); write it anew with -update:\n%s", diff)
	}
}

// dump writes the schema app as SQL, in the order of names.
func dump(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	text := "-- The schema that the migrations make, for reading: written by `go test ./internal/postgres -run TestSchemaDump -update`.\n"
	for _, sql := range []string{dumpTables, dumpViews, dumpFunctions} {
		rows, err := conn.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		parts, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			text += "\n" + p + "\n"
		}
	}
	return text
}

const dumpTables = `
select concat_ws(E'\n',
  format(E'create table app.%I (  -- %s\n%s\n);', c.relname, pg_get_userbyid(c.relowner), concat_ws(E',\n', columns, constraints)),
  indexes,
  case when c.relrowsecurity then format('alter table app.%I enable row level security;', c.relname) end,
  case when c.relforcerowsecurity then format('alter table app.%I force row level security;', c.relname) end,
  policies, grants, column_grants, triggers)
from pg_class c,
lateral (
  select string_agg('  ' || concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
    case when a.attgenerated <> '' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') ' || case a.attgenerated when 's' then 'stored' else 'virtual' end
         when a.attidentity <> '' then 'generated as identity'
         else 'default ' || pg_get_expr(d.adbin, d.adrelid) end), E',\n' order by a.attnum) as columns
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) columns,
lateral (
  select string_agg(format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), E',\n' order by k.contype, k.conname collate "C") as constraints
  from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n') constraints,
lateral (
  select string_agg(pg_get_indexdef(i.indexrelid) || ';', E'\n' order by i.indexrelid::regclass::text collate "C") as indexes
  from pg_index i where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)) indexes,
lateral (
  select string_agg(concat_ws(' ', format('create policy %I on app.%I', p.polname, c.relname), case when not p.polpermissive then 'as restrictive' end,
    'for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    'to ' || (select string_agg(case r when 0 then 'public' else pg_get_userbyid(r)::text end, ', ' order by pg_get_userbyid(r)::text collate "C") from unnest(p.polroles) r),
    'using (' || pg_get_expr(p.polqual, p.polrelid) || ')', 'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') || ';', E'\n' order by p.polname collate "C") as policies
  from pg_policy p where p.polrelid = c.oid) policies,
lateral (
  select string_agg(format('grant %s on app.%I to %s;', rights, c.relname, grantee), E'\n' order by grantee collate "C") as grants
  from (select case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end as grantee, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as rights
    from aclexplode(c.relacl) a where a.grantee <> c.relowner group by 1) g) grants,
lateral (
  select string_agg(format('grant %s (%s) on app.%I to %s;', lower(privilege_type), columns, c.relname, grantee), E'\n' order by grantee collate "C", privilege_type) as column_grants
  from (select case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee)::text end as grantee, x.privilege_type, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid and not a.attisdropped group by 1, 2) g) column_grants,
lateral (
  select string_agg(pg_get_triggerdef(g.oid) || ';', E'\n' order by g.tgname collate "C") as triggers
  from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal) triggers
where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
order by c.relname collate "C"`

const dumpViews = `
select format(E'create view app.%I with (%s) as  -- %s\n%s', c.relname, array_to_string(c.reloptions, ', '), pg_get_userbyid(c.relowner), pg_get_viewdef(c.oid))
from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('v', 'm')
order by c.relname collate "C"`

const dumpFunctions = `
select format(E'-- %s; called by %s\n%s;', pg_get_userbyid(p.proowner),
  (select string_agg(distinct case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end, ', ')
   from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a),
  rtrim(pg_get_functiondef(p.oid), E' \n'))
from pg_proc p where p.pronamespace = 'app'::regnamespace
order by p.oid::regprocedure::text collate "C"`
