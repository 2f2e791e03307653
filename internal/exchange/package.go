package exchange

import (
	"encoding/json"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Names of the entries that every data package has, and what they begin or are signed with.
const (
	format        = "helianthus-package/1"
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
	readmeName    = "README.txt"

	signedPrefix = "helianthus data package v1\n"
)

// Limits of a data package; a verifier refuses what is beyond them before it reads it.
const (
	maxFiles     = 2000
	maxManifest  = 4 << 20
	maxTotalSize = 1 << 30
	maxPath      = 200
)

// Manifest is manifest.json: what a data package is, who issued it and what is in it.
type Manifest struct {
	Check    string         `json:"check"`
	Files    []ManifestFile `json:"files"`
	Format   string         `json:"format"`
	IssuedAt time.Time      `json:"issuedAt"`
	Issuer   Issuer         `json:"issuer"`
	Number   string         `json:"number"`
}

// Issuer is who signed a data package. Names are for people; the key decides.
type Issuer struct {
	KeyID  string            `json:"keyId"`
	Names  map[string]string `json:"names"`
	Tenant string            `json:"tenant"` // slug
}

// ManifestFile is one file of a data package.
type ManifestFile struct {
	MediaType string `json:"mediaType"`
	Path      string `json:"path"`
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"`
	Source    string `json:"source"` // the record or document it was made from
}

// ErrPath is returned for a file whose path cannot be in a data package.
var ErrPath = problem.New(problem.Invalid, "package.path")

// checkPaths applies rule 2 of the format to all paths together.
func checkPaths(paths []string) error {
	seen := map[string]bool{manifestName: true, signatureName: true}
	for _, p := range paths {
		folded := strings.ToLower(p)
		if !goodPath(p) || seen[folded] {
			return ErrPath.With("Path", p)
		}
		seen[folded] = true
	}
	return nil
}

func goodPath(p string) bool {
	if p == "" || len(p) > maxPath || !utf8.ValidString(p) || strings.ContainsRune(p, '\\') || strings.ContainsFunc(p, unicode.IsControl) {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

var (
	hexSHA256 = regexp.MustCompile(`^[0-9a-f]{64}$`)
	hexKeyID  = regexp.MustCompile(`^[0-9a-f]{16}$`)
)

// parseManifest reads a manifest and refuses what is not exactly of the form of doc.go; being canonical excludes
// double members and other ways in which two readers could see two things.
func parseManifest(b []byte) (Manifest, bool) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return m, false
	}
	again, err := Canonical(m)
	if err != nil || string(again) != string(b) || m.Format != format || !hexKeyID.MatchString(m.Issuer.KeyID) || len(m.Files) > maxFiles {
		return m, false
	}
	paths := make([]string, len(m.Files))
	for i, f := range m.Files {
		paths[i] = f.Path
		if !hexSHA256.MatchString(f.SHA256) || f.Size < 0 {
			return m, false
		}
	}
	return m, sort.StringsAreSorted(paths) && checkPaths(paths) == nil
}
