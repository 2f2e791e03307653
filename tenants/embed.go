// Package tenants holds tenants as files: the role templates and ceilings of each kind, and the demonstration tenants.
package tenants

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed kinds demo model.conf
var files embed.FS

// Model is the Casbin model.
func Model() string {
	b, err := files.ReadFile("model.conf")
	if err != nil {
		panic(err) // embedded
	}
	return string(b)
}

// Tenant is a tenant as an operator writes it down.
type Tenant struct {
	Slug     string            `yaml:"slug"`
	Kind     string            `yaml:"kind"`
	Names    map[string]string `yaml:"names"`
	Office   string            `yaml:"office"` // ST.3; XA and XB are codes for users' own use, which name no real office
	TimeZone string            `yaml:"timeZone"`
	Demo     bool              `yaml:"demo"`
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
	Email string   `yaml:"email"`
	Name  string   `yaml:"name"`
	Roles []string `yaml:"roles"`
	Units []string `yaml:"units"`
}

// Parse reads a tenant's file; a word that is none of ours is an error.
func Parse(b []byte) (t Tenant, err error) {
	d := yaml.NewDecoder(strings.NewReader(string(b)))
	d.KnownFields(true)
	return t, d.Decode(&t)
}

// Demo returns the demonstration tenants.
func Demo() ([]Tenant, error) {
	names, err := fs.Glob(files, "demo/*.yaml")
	if err != nil {
		return nil, err
	}
	var ts []Tenant
	for _, n := range names {
		b, err := files.ReadFile(n)
		if err != nil {
			return nil, err
		}
		t, err := Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		ts = append(ts, t)
	}
	return ts, nil
}

// Roles returns the role templates of a kind: permissions by role.
func Roles(kind string) (map[string][]string, error) {
	rows, err := table("kinds/" + kind + "/roles.csv")
	if err != nil {
		return nil, err
	}
	roles := map[string][]string{}
	for _, r := range rows {
		roles[r[0]] = append(roles[r[0]], r[1])
	}
	return roles, nil
}

// Ceiling returns the permissions that no role of a kind may exceed.
func Ceiling(kind string) ([]string, error) {
	rows, err := table("kinds/" + kind + "/ceiling.csv")
	if err != nil {
		return nil, err
	}
	var ps []string
	for _, r := range rows {
		ps = append(ps, r[0])
	}
	return ps, nil
}

func table(name string) ([][]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows[1:], nil
}
