package httpd_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var guideCode = regexp.MustCompile(`(?s)<pre dir="ltr"><code>(.*?)</code></pre>`)

// TestCodeOfTheGuidesCompiles: the lines of Go in the guides fit package api/signature and the generated client, in each
// language the same.
func TestCodeOfTheGuidesCompiles(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, tag := range []string{"en", "zh-Hans", "ar"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "web", "public", "guides", "partner-office", tag+".html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range guideCode.FindAllStringSubmatch(string(text), -1) {
			if code := html.UnescapeString(m[1]); strings.Contains(code, "signature.Transport") {
				said[code] = true
			}
		}
	}
	if len(said) != 1 {
		t.Fatalf("%d ways to sign in Go are in the guides", len(said))
	}
	for code := range said {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "guide.go", `package guide
import (
	"crypto"
	"net/http"
	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/api/signature"
)
func connect(id string, key crypto.Signer) (*api.ClientWithResponses, error) {
	`+code+`
	return house, err
}`, 0)
		if err != nil {
			t.Fatal(err)
		}
		check := types.Config{Importer: importer.ForCompiler(files, "source", nil)}
		if _, err := check.Check("guide", files, []*ast.File{file}, nil); err != nil {
			t.Errorf("%v in\n%s", err, code)
		}
	}
}
