package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestVariablesAreInTheTable finds by the source each variable that is read from the environment: an operator finds all of them in
// deploy/SETTINGS.md, and none that nobody reads.
func TestVariablesAreInTheTable(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	read := map[string]bool{}
	for _, dir := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "apitest") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) != 1 {
					return true
				}
				of, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || (of.Sel.Name != "Getenv" && of.Sel.Name != "LookupEnv") {
					return true
				}
				if name, ok := call.Args[0].(*ast.BasicLit); ok {
					v, err := strconv.Unquote(name.Value)
					if err != nil {
						t.Error(err)
					}
					read[v] = true
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !read["HELIANTHUS_NPM"] {
		t.Fatal("the source was not read")
	}
	elsewhere := []string{"HELIANTHUS_KEY_*", "LC_ALL"} // read by a pattern, and by a list of names
	listed := map[string]bool{}
	for _, v := range variables {
		listed[v.name] = true
		if !read[v.name] && !slices.Contains(elsewhere, v.name) {
			t.Errorf("%s is in the table, and nobody reads it", v.name)
		}
	}
	for name := range read {
		if !listed[name] {
			t.Errorf("%s is read, and is not in the table", name)
		}
	}
}
