package tenants

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
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

// Demo returns the demonstration tenants.
func Demo() ([]Tenant, error) {
	names, err := fs.Glob(files, "demo/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []Tenant
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		t, err := Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, t)
	}
	return all, nil
}

// Roles returns the role templates of a kind: permissions by role.
func Roles(kind string) (map[string][]string, error) {
	rows, err := table("kinds/"+kind+"/roles.csv", 2)
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
	rows, err := table("kinds/"+kind+"/ceiling.csv", 1)
	if err != nil {
		return nil, err
	}
	var permissions []string
	for _, r := range rows {
		permissions = append(permissions, r[0])
	}
	return permissions, nil
}

// table reads the rows of a file below its heading.
func table(name string, columns int) ([][]string, error) {
	b, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err == nil && len(rows) == 0 {
		err = fs.ErrInvalid
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows[1:], nil
}
