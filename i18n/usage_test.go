package i18n_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// source is a file in which messages may be used, and the texts in it: string literals of Go and TypeScript, everything
// of a template.
type source struct {
	path  string
	texts []string
}

var (
	tsString = regexp.MustCompile("'(?:[^'\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\n]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`")
	tsBlock  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	tsLine   = regexp.MustCompile(`(?m)(^|[\s;{}(,])//[^\n]*`)
	inQuotes = regexp.MustCompile(`"([a-zA-Z0-9.-]+)"`)
)

func withoutComments(ts string) string {
	return tsLine.ReplaceAllString(tsBlock.ReplaceAllString(ts, ""), "$1")
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, root := range []string{"../cmd", "../internal", "../tenants", "../web"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				if slices.Contains([]string{"node_modules", "dist", "testdata", "e2e", "tests"}, d.Name()) {
					return fs.SkipDir
				}
				return nil
			}
			if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".gen.go") || strings.Contains(path, ".test.") || strings.Contains(path, ".gen.") || strings.HasSuffix(path, ".d.ts") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if texts, ok := textsOf(t, path, string(text)); ok {
				all = append(all, source{filepath.ToSlash(path), texts})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func textsOf(t *testing.T, path, text string) (texts []string, ok bool) {
	t.Helper()
	switch filepath.Ext(path) {
	case ".go":
		f, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, err := strconv.Unquote(l.Value)
				if err != nil {
					t.Fatal(err)
				}
				texts = append(texts, s)
			}
			return true
		})
	case ".ts", ".tsx", ".js", ".mjs":
		for _, s := range tsString.FindAllString(withoutComments(text), -1) {
			texts = append(texts, s[1:len(s)-1])
		}
		for _, m := range tsID.FindAllStringSubmatch(text, -1) { // inside a template the string is not seen as one
			texts = append(texts, m[1])
		}
	case ".html", ".typ":
		for _, m := range inQuotes.FindAllStringSubmatch(text, -1) {
			texts = append(texts, m[1])
		}
	case ".yaml", ".csv":
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`,"'{}[]`, r) }) {
			texts = append(texts, strings.TrimSuffix(w, ":"))
		}
	default:
		return nil, false
	}
	return texts, true
}

var (
	idForm     = regexp.MustCompile(`^[a-z][a-zA-Z0-9-]*(\.[a-zA-Z0-9-]+)+$`)
	prefixForm = regexp.MustCompile(`^[a-z][a-zA-Z0-9-]*(\.[a-zA-Z0-9-]+)*\.$`)
	tsPrefix   = regexp.MustCompile(`^([a-z][a-zA-Z0-9-]*(?:\.[a-zA-Z0-9-]+)*\.)\$\{`)
	templateID = regexp.MustCompile(`\.T "([a-zA-Z0-9.-]+)"`)
	tsID       = regexp.MustCompile(`\bt\(\s*'([a-zA-Z0-9.-]+)'`)
	goID       = regexp.MustCompile(`\.(?:T|Plural)\([A-Za-z.]+, "([a-zA-Z0-9.-]+)"|\bsay\("([a-zA-Z0-9.-]+)"`)
)

// TestEveryMessageIsUsed finds messages that no source names, whole or by the beginning to which a table's words are put.
func TestEveryMessageIsUsed(t *testing.T) {
	t.Parallel()
	whole, begun := map[string]bool{}, map[string]bool{"problem.": true}
	for _, s := range sources(t) {
		for _, text := range s.texts {
			switch {
			case idForm.MatchString(text):
				whole[text] = true
			case prefixForm.MatchString(text):
				begun[text] = true
			default:
				if m := tsPrefix.FindStringSubmatch(text); m != nil {
					begun[m[1]] = true
				}
			}
		}
	}
	for id := range catalogue(t, locale.English) {
		if whole[id] {
			continue
		}
		used := false
		for at, r := range id {
			used = used || r == '.' && begun[id[:at+1]]
		}
		if !used {
			t.Errorf("nobody uses the message %s", id)
		}
	}
}

// TestEveryMessageUsedIsThere looks at what is asked for by its whole name; what is built from tables is looked at by
// TestTablesHaveMessages.
func TestEveryMessageUsedIsThere(t *testing.T) {
	t.Parallel()
	en := catalogue(t, locale.English)
	asked := 0
	for _, s := range sources(t) {
		text, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		form := map[string]*regexp.Regexp{".html": templateID, ".go": goID, ".ts": tsID, ".tsx": tsID}[filepath.Ext(s.path)]
		if form == nil {
			continue
		}
		for _, m := range form.FindAllStringSubmatch(string(text), -1) {
			asked++
			id := strings.Join(m[1:], "")
			if en[id] == nil && !strings.HasSuffix(id, ".") {
				t.Errorf("%s uses the message %s, which is nowhere", s.path, id)
			}
		}
	}
	if asked < 50 {
		t.Errorf("found %d uses only", asked)
	}
}

// data are sources that hold facts in people's languages, not sentences: with the reason.
var data = map[string]string{
	"../internal/locale/locale.go":    "the signs of year, month and day",
	"../internal/registry/columns.go": "the headings under which imported tables have their columns",
	"../internal/registry/dates.go":   "the signs of year, month and day in imported tables",
	"../internal/registry/classes.go": "the signs before and after the number of a class",
	"../internal/postgres/pool.go":    "asks the server whether it can fold and compare Chinese",
}

// TestNoTextInCode: sentences for people stand in the catalogues, in Chinese above all.
func TestNoTextInCode(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		ext := filepath.Ext(s.path)
		if data[s.path] != "" || strings.HasPrefix(s.path, "../cmd/helianthus/bench") /* made-up records to measure with */ || strings.HasSuffix(filepath.Dir(s.path), "test") || !slices.Contains([]string{".go", ".ts", ".tsx", ".js"}, ext) {
			continue
		}
		for _, text := range s.texts {
			if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) || unicode.Is(unicode.Arabic, r) }) {
				t.Errorf("%s: text in code: %q", s.path, text)
			}
		}
		if ext != ".tsx" {
			continue
		}
		text, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range jsxText.FindAllString(withoutComments(string(text)), -1) {
			t.Errorf("%s: text between tags: %q", s.path, m)
		}
	}
}

// jsxText is two words in a row between tags.
var jsxText = regexp.MustCompile(`>\s*[\p{L}]{2,}[,;]? [\p{L}]{2,}[^<>{}=()]*</`)
