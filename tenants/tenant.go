package tenants

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"
	_ "time/tzdata" // time zones are known on machines without a database of them, too

	"go.yaml.in/yaml/v3"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Tenant is a tenant as an operator writes it down.
type Tenant struct {
	Slug     string            `yaml:"slug"`
	Kind     string            `yaml:"kind"`
	Names    map[string]string `yaml:"names"`    // by BCP 47 tag; zh-Hans and en at least
	Office   string            `yaml:"office"`   // ST.3 code of the office or country it speaks for; may be empty
	TimeZone string            `yaml:"timeZone"` // UTC when empty
	Demo     bool              `yaml:"demo"`     // its facts are a demonstration, and marked so wherever they are shown
	Units    []Unit            `yaml:"units"`
	People   []Person          `yaml:"people"`
}

// Unit is a bureau or township of a county.
type Unit struct {
	Slug  string            `yaml:"slug"`
	Names map[string]string `yaml:"names"`
}

// Person is somebody who signs in.
type Person struct {
	Email string   `yaml:"email"` // the sign-in name, in lower case
	Name  string   `yaml:"name"`
	Roles []string `yaml:"roles"`
	Units []string `yaml:"units"`
}

// ErrFile is what Check returns, with a detail for each wrong value.
var ErrFile = problem.New(problem.Invalid, "tenant.file-wrong")

// Codes of what is wrong in a file.
var (
	CodeWrong   = problem.Field("tenant.value-wrong")
	CodeUnknown = problem.Field("tenant.value-unknown")
	CodeTwice   = problem.Field("tenant.value-twice")
)

var (
	slugs  = regexp.MustCompile(`^[a-z][a-z0-9-]{1,40}$`)
	emails = regexp.MustCompile(`^[^\s@\p{Lu}]+@[^\s@\p{Lu}]+$`)
)

// Parse reads one tenant's file; a word that is none of ours, or a second document, is an error.
func Parse(b []byte) (t Tenant, err error) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&t); err != nil {
		return t, err
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return t, fmt.Errorf("more than one document: %w", err)
	}
	return t, t.Check()
}

// Check collects what is wrong in the file. Roles are those of the kind's templates.
func (t Tenant) Check() error {
	wrong := ErrFile.With("Tenant", t.Slug)
	at := func(ok bool, code, value, pointer string, args ...any) {
		if !ok {
			wrong = wrong.At(fmt.Sprintf(pointer, args...), code, "Value", value)
		}
	}
	named := func(names map[string]string) bool { return names["zh-Hans"] != "" && names["en"] != "" }
	roles, err := Roles(t.Kind)
	at(err == nil, CodeUnknown, t.Kind, "/kind")
	at(slugs.MatchString(t.Slug), CodeWrong, t.Slug, "/slug")
	at(named(t.Names), CodeWrong, "", "/names")
	_, err = time.LoadLocation(t.TimeZone)
	at(err == nil, CodeUnknown, t.TimeZone, "/timeZone")
	var units, people []string
	for n, u := range t.Units {
		at(slugs.MatchString(u.Slug), CodeWrong, u.Slug, "/units/%d/slug", n)
		at(!slices.Contains(units, u.Slug), CodeTwice, u.Slug, "/units/%d/slug", n)
		at(named(u.Names), CodeWrong, "", "/units/%d/names", n)
		units = append(units, u.Slug)
	}
	for n, p := range t.People {
		at(emails.MatchString(p.Email), CodeWrong, p.Email, "/people/%d/email", n)
		at(!slices.Contains(people, p.Email), CodeTwice, p.Email, "/people/%d/email", n)
		at(p.Name != "", CodeWrong, "", "/people/%d/name", n)
		for k, r := range p.Roles {
			_, ok := roles[r]
			at(ok, CodeUnknown, r, "/people/%d/roles/%d", n, k)
		}
		for k, u := range p.Units {
			at(slices.Contains(units, u), CodeUnknown, u, "/people/%d/units/%d", n, k)
		}
		people = append(people, p.Email)
	}
	return wrong.Or()
}
