package postgres_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// offenders are the objects that break a rule, its listed exceptions too.
func offenders(t *testing.T, q querier, r rule) []string {
	t.Helper()
	rows, err := q.Query(t.Context(), r.finds)
	if err != nil {
		t.Fatalf("%s: %v", r.name, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", r.name, err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Each rule finds its listed exceptions and nothing else. An exception that is no longer found has to go from the list.
func TestSchemaKeepsTheRules(t *testing.T) {
	t.Parallel()
	conn := dbtest.Superuser(t)
	for _, r := range rules {
		want := slices.Sorted(maps.Keys(r.except))
		if diff := cmp.Diff(want, offenders(t, conn, r), cmp.Transformer("empty", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
			t.Errorf("%s: listed (-) and found (+):\n%s", r.name, diff)
		}
	}
}

// A rule that nothing can break proves nothing: each has a defect that turns it red.
func TestEveryRuleCatchesItsDefect(t *testing.T) {
	t.Parallel()
	conn := dbtest.Superuser(t)
	for _, r := range rules {
		if len(r.defects) == 0 {
			t.Errorf("%s: no defect is planted", r.name)
		}
		for object, defect := range r.defects {
			tx, err := conn.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), planted+defect); err != nil {
				t.Fatalf("%s: %v\n%s", r.name, err, defect)
			}
			if found := offenders(t, tx, r); !slices.Contains(found, object) {
				t.Errorf("%s: got %v, want %q among them, after:\n%s", r.name, found, object, defect)
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// planted is a table without fault, in which defects are planted.
const planted = `
	create table app.planted (
	  tenant_id uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
	  id uuid not null default uuidv7(),
	  unit_id uuid,
	  name text,
	  primary key (tenant_id, id),
	  constraint planted_unit_fkey foreign key (tenant_id, unit_id) references app.units (tenant_id, id)
	);
	call app.isolate('app.planted');
	grant select, insert, update, delete on app.planted to helianthus_app;`

func TestAFaultlessTableBreaksNoRule(t *testing.T) {
	t.Parallel()
	conn := dbtest.Superuser(t)
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background())
	if _, err := tx.Exec(t.Context(), planted); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		for _, o := range offenders(t, tx, r) {
			if strings.Contains(o, "planted") {
				t.Errorf("%s: finds %q", r.name, o)
			}
		}
	}
}

// Whatever names a constraint in Go names one that exists, or that a function raises: a misspelt one would turn a conflict into an internal error.
func TestConstraintsNamedInGoExist(t *testing.T) {
	t.Parallel()
	rows, err := dbtest.Superuser(t).Query(t.Context(), `
		select conname::text from pg_constraint where connamespace = 'app'::regnamespace
		union select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid
		where c.relnamespace = 'app'::regnamespace and i.indisunique
		union select m[1] from pg_proc p, regexp_matches(p.prosrc, 'constraint = ''(\w+)''', 'g') m where p.pronamespace = 'app'::regnamespace`)
	if err != nil {
		t.Fatal(err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	named := constraintsInGo(t)
	if len(named) < 5 {
		t.Fatalf("found %d constraints in the source only", len(named))
	}
	for name, place := range named {
		if !slices.Contains(there, name) {
			t.Errorf("%s: there is no constraint %q", place, name)
		}
	}
}

// constraintsInGo maps what is handed to postgres.Constraint to where that is done.
func constraintsInGo(t *testing.T) map[string]string {
	t.Helper()
	named, set := map[string]string{}, token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fn, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || fn.Sel.Name != "Constraint" || len(call.Args) != 2 {
				return true
			}
			if x, ok := fn.X.(*ast.Ident); !ok || x.Name != "postgres" {
				return true
			}
			place := set.Position(call.Pos()).String()
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: the name of the constraint is not written out", place)
				return true
			}
			name, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Errorf("%s: %v", place, err)
			}
			named[name] = place
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return named
}

// The search reads past the policies: its own condition alone keeps it to one tenant.
func TestTheSearchStaysInsideTheTenant(t *testing.T) {
	t.Parallel()
	db, mine, other := dbtest.DB(t), dbtest.Tenant(t, tenancy.County), dbtest.Tenant(t, tenancy.County)
	err := db.Tx(other, func(tx pgx.Tx) error {
		_, err := tx.Exec(other, `insert into app.registrations (status, office, title, content, folded, grams) values ('draft', 'CN', '邻', '{}', '邻', '{邻}')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who  string
		ctx  context.Context
		want int
	}{{"its tenant", other, 1}, {"a neighbour", mine, 0}, {"nobody", tenancy.In(t.Context(), tenancy.Public), 0}} {
		for _, call := range []string{`{邻}`, `{}`} {
			var n int
			err := db.Read(c.ctx, func(tx pgx.Tx) error {
				return tx.QueryRow(c.ctx, `select count(*) from app.search_registrations($1, '', '', '', '', '', 0, 100)`, call).Scan(&n)
			})
			if err != nil || n != c.want {
				t.Errorf("%s, looking for %s: got %d, %v, want %d", c.who, call, n, err, c.want)
			}
		}
	}
}
