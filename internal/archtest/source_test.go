package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/helianthus-gi/helianthus/"

// file is one Go file of ours that is not generated.
type file struct {
	path    string // from the repository's root, internal/registry/api.go
	dir     string // internal/registry
	test    bool
	ast     *ast.File
	set     *token.FileSet
	imports []string // of our module, without its name
}

func (f file) at(n ast.Node) string { return f.set.Position(n.Pos()).String() }

var source = sync.OnceValues(func() ([]file, error) {
	root := filepath.Join("..", "..")
	set := token.NewFileSet()
	var all []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".gen.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		parsed, err := parser.ParseFile(set, rel, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		f := file{path: rel, dir: rel[:max(0, strings.LastIndexByte(rel, '/'))], test: strings.HasSuffix(rel, "_test.go"), ast: parsed, set: set}
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(name, module); ok {
				f.imports = append(f.imports, ours)
			}
		}
		all = append(all, f)
		return nil
	})
	return all, err
})

func files(t *testing.T) []file {
	t.Helper()
	all, err := source()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found %d files only", len(all))
	}
	return all
}
