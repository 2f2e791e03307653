package mirror

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Files is a copy in a directory: records/<publisher>/<kind>/<record>.json, each the publication as the house gave it, and
// state.json.
type Files struct{ Dir string }

// word is what may be a part of a file's name: what the house says is not taken for a path.
var word = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,99}$`)

// State reads state.json.
func (f Files) State(context.Context) (s State, err error) {
	b, err := os.ReadFile(filepath.Join(f.Dir, "state.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(b, &s)
}

// Apply writes and removes files, the state last.
func (f Files) Apply(_ context.Context, changes []Change, s State) error {
	for _, c := range changes {
		path, err := f.path(c)
		if err != nil {
			return err
		}
		if !c.holds() {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := json.Indent(&b, c.raw, "", "  "); err != nil {
			return err
		}
		if err := replace(path, append(b.Bytes(), '\n')); err != nil {
			return err
		}
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return replace(filepath.Join(f.Dir, "state.json"), b)
}

func (f Files) path(c Change) (string, error) {
	for _, part := range []string{c.Publisher.Slug, c.Kind, c.RecordID} {
		if !word.MatchString(part) {
			return "", fmt.Errorf("change %d: %q is no name", c.Seq, part)
		}
	}
	return filepath.Join(f.Dir, "records", c.Publisher.Slug, c.Kind, c.RecordID+".json"), nil
}

// replace writes a file so that it is there as a whole or not at all.
func replace(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, content, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// Count counts the records.
func (f Files) Count(context.Context) (n int64, err error) {
	err = filepath.WalkDir(filepath.Join(f.Dir, "records"), func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !d.IsDir() && filepath.Ext(d.Name()) == ".json" {
			n++
		}
		return err
	})
	return n, err
}
