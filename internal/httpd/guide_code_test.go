package httpd_test

import (
	"encoding/json"
	"html"
	"os"
	"os/exec"
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
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for code := range said {
		dir := t.TempDir()
		file, overlay := filepath.Join(dir, "guide.go"), filepath.Join(dir, "overlay.json")
		// A package that is in the overlay only.
		places, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, "internal", "guide", "guide.go"): file}})
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string]string{overlay: string(places), file: `package guide

import (
	"crypto"
	"net/http"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/api/signature"
)

func connect(id string, key crypto.Signer) (*api.ClientWithResponses, error) {
	` + code + `
	return house, err
}
`} {
			if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		build := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay, "./internal/guide")
		build.Dir = root
		if said, err := build.CombinedOutput(); err != nil {
			t.Errorf("%v: %s in\n%s", err, said, code)
		}
	}
}
