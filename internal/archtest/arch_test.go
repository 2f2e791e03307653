package archtest

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// floors are the floors of the house, the lowest first. A package knows lower floors; on the upper ones, from the
// register on, also its neighbours to the left.
var floors = [][]string{
	{"problem", "lifecycle", "locale", "table", "wire"},
	{"postgres", "objectstore", "typeset", "custody", "mail"},
	{"tenancy"},
	{"audit", "jobs", "translog"},
	{"access", "identity"}, // who you are knows what you may do
	{"document", "exchange", "keys", "webhook", "mirror", "credential"}, // what crosses a wall
	{"registry"},
	{"recognition"},
	{"marks", "clearance"},
	{"members", "quality", "trace"},
	{"status", "dossier", "promotion", "enforcement"},
	{"programme", "sandbox"},
	{"httpd"},
}

// leftward is the first floor on which a package knows its neighbours to the left; lower down only these are known to a neighbour.
const leftward = 6

var leftwardBelow = []string{"problem", "audit", "access", "document", "exchange"}

// forTests are imported by tests only. A package whose name ends in test is one of them wherever it stands.
func forTests(pkg string) bool { return strings.HasSuffix(pkg, "test") }

func floorOf(pkg string) (floor, place int) {
	for f, names := range floors {
		if i := slices.Index(names, pkg); i >= 0 {
			return f, i
		}
	}
	return -1, -1
}

func TestArrowsPointDown(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		pkg, inside := strings.CutPrefix(f.dir, "internal/")
		if !inside || f.test || forTests(path.Base(pkg)) {
			continue
		}
		pkg, _, _ = strings.Cut(pkg, "/")
		floor, place := floorOf(pkg)
		if floor < 0 {
			t.Errorf("%s: the package %s has no floor", f.path, pkg)
			continue
		}
		for _, i := range f.imports {
			other, inside := strings.CutPrefix(i, "internal/")
			if other, _, _ = strings.Cut(other, "/"); !inside || other == pkg {
				continue
			}
			otherFloor, otherPlace := floorOf(other)
			down := otherFloor >= 0 && otherFloor < floor
			left := otherFloor == floor && otherPlace < place && (floor >= leftward || slices.Contains(leftwardBelow, other))
			if !down && !left {
				t.Errorf("%s: %s (floor %d) imports %s (floor %d)", f.path, pkg, floor+1, other, otherFloor+1)
			}
		}
	}
}

func TestWireTypesStayAtTheDoor(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		atDoor := path.Base(f.path) == "api.go" || strings.HasPrefix(path.Base(f.path), "api_") || f.dir == "internal/httpd" || strings.HasPrefix(f.dir, "cmd/") || f.test || forTests(path.Base(f.dir))
		if slices.Contains(f.imports, "api") && !atDoor {
			t.Errorf("%s imports the generated package api; only files named api.go or api_NOUN.go do", f.path)
		}
	}
}

func TestTestPackagesStayInTests(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.test || forTests(path.Base(f.dir)) {
			continue
		}
		for _, i := range f.imports {
			if forTests(path.Base(i)) {
				t.Errorf("%s imports %s, which is for tests", f.path, i)
			}
		}
	}
}

func TestEmbeddingPackagesKnowNobody(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		top, _, _ := strings.Cut(f.dir, "/")
		if f.test || top == "internal" || top == "cmd" {
			continue
		}
		for _, i := range f.imports {
			if strings.HasPrefix(i, "internal/") && i != "internal/problem" {
				t.Errorf("%s imports %s; packages outside internal hold files and know problems only", f.path, i)
			}
		}
	}
}

func TestFilesHaveAPackageComment(t *testing.T) {
	t.Parallel()
	said, all := map[string]bool{}, map[string]bool{}
	for _, f := range files(t) {
		if f.test {
			continue
		}
		all[f.dir] = true
		if f.ast.Doc != nil {
			said[f.dir] = true
		}
	}
	for dir := range all {
		if !said[dir] {
			t.Errorf("the package in %s has no comment", dir)
		}
	}
}
