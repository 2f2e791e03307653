package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sqlAt is which argument of a call is SQL.
var sqlAt = map[string]int{"Exec": 1, "Query": 1, "QueryRow": 1, "Queue": 0}

// builtSQL are the files in which SQL is not constant text, with the reason.
var builtSQL = map[string]string{
	"internal/status/status.go":      "queues a question, which brings its own constant text",
	"cmd/helianthus/bench_status.go": "the same",
	"internal/postgres/bootstrap.go": "names of roles and databases cannot be parameters",
	"internal/tenancy/whole.go":      "SET takes no parameter; the settings are built from parsed UUIDs",
	"internal/access/access.go":      "LISTEN takes no parameter; the channel is a constant",
}

// TestSQLIsConstantText refuses SQL that is put together at run time: row-level security is no border against injected
// SQL, and pgx runs text without arguments as several statements.
func TestSQLIsConstantText(t *testing.T) {
	t.Parallel()
	consts := map[string]map[string]bool{}
	for _, f := range files(t) {
		if consts[f.dir] == nil {
			consts[f.dir] = map[string]bool{}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, s := range d.Specs {
					for _, name := range s.(*ast.ValueSpec).Names {
						consts[f.dir][name.Name] = true
					}
				}
			}
			return true
		})
	}
	found := 0
	for _, f := range files(t) {
		if f.test || builtSQL[f.path] != "" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			s, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			at, ok := sqlAt[s.Sel.Name]
			if !ok || len(call.Args) <= at || at == 1 && len(call.Args) < 2 {
				return true
			}
			found++
			if !constant(call.Args[at], consts[f.dir]) {
				t.Errorf("%s: the SQL of %s is not constant text", f.at(call), s.Sel.Name)
			}
			return true
		})
	}
	if found < 30 {
		t.Errorf("found %d statements only; does the test still know how they are sent?", found)
	}
}

func constant(e ast.Expr, consts map[string]bool) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.Ident:
		return consts[e.Name]
	case *ast.BinaryExpr:
		return e.Op == token.ADD && constant(e.X, consts) && constant(e.Y, consts)
	case *ast.ParenExpr:
		return constant(e.X, consts)
	}
	return false
}

var byTenant = regexp.MustCompile(`(?i)\b(where|and|or)\s+(\w+\.)?tenant_id\s*=`)

// TestNobodyFiltersByTenant: the database isolates. A query that names the tenant looks like it did the isolating.
func TestNobodyFiltersByTenant(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.test || strings.HasSuffix(f.dir, "test") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range byTenant.FindAllStringIndex(text, -1) {
				if !own.MatchString(text[m[1]:]) {
					t.Errorf("%s: SQL filters by tenant: %s", f.at(lit), text[m[0]:min(m[1]+20, len(text))])
				}
			}
			return true
		})
	}
}

// own is what a tenant may be compared with: another table's tenant, in a join; or the transaction's own, to tell the
// publisher's rows from those that a policy shows to everybody.
var own = regexp.MustCompile(`^\s*(\w+\.tenant_id|app\.tenant\(\))`)

// besideTheDoor are the packages that use the pool without a scope: their tables belong to no tenant, or a definer
// function stands before them.
var besideTheDoor = []string{
	"internal/access",   // listens for changed roles
	"internal/identity", // sign-in, before any scope is known
	"internal/jobs",     // the queue
	"internal/httpd",    // pings and counts connections
}

func TestPoolStaysBehindTheDoor(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.test || f.dir == "internal/tenancy" || slices.Contains(besideTheDoor, f.dir) || strings.HasPrefix(f.dir, "cmd/") || strings.HasSuffix(f.dir, "test") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Pool" && len(call.Args) == 0 {
					t.Errorf("%s takes the pool; tenant tables are reached through tenancy.DB only", f.at(call))
				}
			}
			return true
		})
	}
}

// mains are files outside cmd that hold the main function of a process.
var mains = []string{"internal/objectstore/gateway.go"}

func TestContextsComeFromRequests(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.test || strings.HasPrefix(f.dir, "cmd/") || strings.HasSuffix(f.dir, "test") || slices.Contains(mains, f.path) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "context" && (s.Sel.Name == "Background" || s.Sel.Name == "TODO") {
					t.Errorf("%s makes a context of nobody", f.at(s))
				}
			}
			return true
		})
	}
}

// TestLengths keeps files and functions readable; tables and generated files may be longer.
func TestLengths(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.test {
			continue
		}
		if n := f.set.Position(f.ast.End()).Line; n > 400 {
			t.Errorf("%s has %d lines, 400 are enough", f.path, n)
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				if n := f.set.Position(fn.Body.End()).Line - f.set.Position(fn.Pos()).Line; n > 60 {
					t.Errorf("%s: %s has %d lines, 60 are enough", f.at(fn), fn.Name.Name, n)
				}
			}
		}
	}
}
