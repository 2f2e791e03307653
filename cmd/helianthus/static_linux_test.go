package main

import (
	"debug/elf"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestTheBinaryIsStatic looks at what `make build` made: a partner's verifier runs on any Linux, with no loader and no library of it.
func TestTheBinaryIsStatic(t *testing.T) {
	t.Parallel()
	f, err := elf.Open(filepath.Join("..", "..", "bin", "helianthus"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("NOT CHECKED whether the binary is static: make build has not made bin/helianthus")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Error("it asks for a loader")
	}
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("it asks for %v, %v", libraries, err)
	}
}
