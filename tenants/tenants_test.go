package tenants_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

func TestRolesAndCeilingsAreWrittenOut(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+)*:[a-z]+$`)
	kinds, err := filepath.Glob("kinds/*")
	if err != nil || len(kinds) != len(tenancy.Kinds) {
		t.Errorf("got the kinds %v, %v", kinds, err)
	}
	for _, k := range tenancy.Kinds {
		ceiling, err := tenants.Ceiling(string(k))
		if err != nil {
			t.Fatal(err)
		}
		roles, err := tenants.Roles(string(k))
		if err != nil {
			t.Fatal(err)
		}
		if len(roles["administrator"]) == 0 || len(roles["auditor"]) == 0 {
			t.Errorf("%s has no administrator or no auditor", k)
		}
		roles["the ceiling"] = ceiling
		for role, permissions := range roles {
			for i, p := range permissions {
				if !form.MatchString(p) {
					t.Errorf("%s of %s: %q is no permission", role, k, p)
				}
				if slices.Contains(permissions[:i], p) {
					t.Errorf("%s of %s: %s stands twice", role, k, p)
				}
			}
		}
	}
}

func TestDemonstrationTenantsSayThatTheyAre(t *testing.T) {
	t.Parallel()
	all, err := tenants.Demo()
	if err != nil {
		t.Fatal(err)
	}
	var slugs, emails []string
	for _, d := range all {
		if !d.Demo {
			t.Errorf("%s is not marked as a demonstration", d.Slug)
		}
		slugs = append(slugs, d.Slug)
		for _, p := range d.People {
			name, domain, _ := strings.Cut(p.Email, "@")
			if domain != d.Slug+".demo" || name == "" {
				t.Errorf("%s does not follow the scheme NAME@%s.demo", p.Email, d.Slug)
			}
			if slices.Contains(emails, p.Email) {
				t.Errorf("%s is in two tenants", p.Email)
			}
			emails = append(emails, p.Email)
		}
		if !slices.ContainsFunc(d.People, func(p tenants.Person) bool { return slices.Contains(p.Roles, "administrator") }) {
			t.Errorf("%s has no administrator", d.Slug)
		}
	}
	if want := []string{"alpha", "beta", "goldfield", "hetao-lab", "hetao-platform", "imsa", "operator", "wuyuan", "wuyuan-specialty"}; !slices.Equal(slices.Sorted(slices.Values(slugs)), want) {
		t.Errorf("got the tenants %v, want %v", slugs, want)
	}
	for _, e := range []string{"bureau@wuyuan.demo", "market@wuyuan.demo", "secretary@imsa.demo", "examiner@alpha.demo"} {
		if !slices.Contains(emails, e) {
			t.Errorf("there is no %s", e)
		}
	}
}

func TestFileWithAMistakeIsRefused(t *testing.T) {
	t.Parallel()
	const good = `
slug: somewhere
kind: county
names: {zh-Hans: 县, en: County}
timeZone: Asia/Shanghai
units: [{slug: water, names: {zh-Hans: 水利局, en: Water}}]
people: [{email: a@somewhere.example, name: A, roles: [reader], units: [water]}]
`
	if _, err := tenants.Parse([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, pointer string }{
		"a kind that is none":         {"kind: county", "kind: village", "/kind"},
		"a slug in capitals":          {"slug: somewhere", "slug: Somewhere", "/slug"},
		"no English name":             {"en: County", "fr: Comté", "/names"},
		"a time zone that is none":    {"Asia/Shanghai", "Asia/Wuyuan", "/timeZone"},
		"a role of another kind":      {"roles: [reader]", "roles: [reader, examiner]", "/people/0/roles/1"},
		"a unit that is not named":    {"units: [water]", "units: [fire]", "/people/0/units/0"},
		"a unit named twice":          {"{slug: water, names", "{slug: water, names: {zh-Hans: 水, en: W}}, {slug: water, names", "/units/1/slug"},
		"a sign-in name in capitals":  {"a@somewhere", "A@somewhere", "/people/0/email"},
		"a sign-in name without an @": {"a@somewhere.example", "somebody", "/people/0/email"},
		"somebody named twice":        {"people: [", "people: [{email: a@somewhere.example, name: B}, ", "/people/1/email"},
		"nobody's name":               {"name: A", "name: ''", "/people/0/name"},
	} {
		_, err := tenants.Parse([]byte(strings.Replace(good, c.old, c.new, 1)))
		p, ok := problem.As(err)
		if !ok || !slices.ContainsFunc(p.Details, func(d problem.Detail) bool { return d.Pointer == c.pointer }) {
			t.Errorf("%s: got %v, want a detail at %s", name, err, c.pointer)
		}
	}
	for name, text := range map[string]string{"an unknown word": good + "colour: gold\n", "two documents": good + "---" + good, "nothing": "", "no YAML": "\t{"} {
		if _, err := tenants.Parse([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("demo/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if parsed, err := tenants.Parse(b); err == nil && parsed.Check() != nil {
			t.Errorf("what was parsed is wrong: %v", parsed.Check())
		}
	})
}
