package typeset

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/font/sfnt"
)

// findModules finds the node_modules that hold Typst: in HELIANTHUS_NPM, else upward from the executable, else upward from
// the working directory.
func findModules() (string, error) {
	starts := []string{os.Getenv("HELIANTHUS_NPM")}
	if exe, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(exe))
	}
	if wd, err := os.Getwd(); err == nil {
		starts = append(starts, wd)
	}
	for _, d := range starts {
		for d != "" {
			m := filepath.Join(d, "node_modules")
			if _, err := filepath.EvalSymlinks(filepath.Join(m, compilerModule)); err == nil {
				return filepath.EvalSymlinks(m)
			}
			up := filepath.Dir(d)
			if up == d {
				break
			}
			d = up
		}
	}
	return "", errors.New("typeset: Typst is not there; run npm install, or name the directory above node_modules in HELIANTHUS_NPM")
}

var compilerModule = filepath.Join("@myriaddreamin", "typst-ts-node-compiler")

// fontDirs are the directories with one face each. Templates use two weights; a font that is loaded costs time and memory.
func fontDirs(modules string) ([]string, error) {
	dirs, err := filepath.Glob(filepath.Join(modules, "@expo-google-fonts", "*", "*"))
	if err != nil {
		return nil, err
	}
	dirs = slices.DeleteFunc(dirs, func(d string) bool {
		return !strings.HasSuffix(d, "400Regular") && !strings.HasSuffix(d, "700Bold")
	})
	if len(dirs) == 0 {
		return nil, errors.New("typeset: no fonts below " + modules + "; run npm install")
	}
	return dirs, nil
}

// fontconfig names a directory without fonts as the only one of the system: what a machine has installed must not change a
// document, and reading hundreds of fonts takes time.
func fontconfig(empty string) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><fontconfig><dir>`)
	_ = xml.EscapeText(&b, []byte(empty)) // a strings.Builder takes everything
	b.WriteString("</dir></fontconfig>\n")
	return []byte(b.String())
}

// faces are the regular faces, open for questions about their characters.
type faces struct {
	fonts []*sfnt.Font
	files []*os.File
}

func openFaces(dirs []string) (faces, error) {
	var f faces
	for _, d := range dirs {
		paths, err := filepath.Glob(filepath.Join(d, "*_400Regular.ttf"))
		if err != nil {
			return f, err
		}
		for _, path := range paths {
			file, err := os.Open(path)
			if err != nil {
				return f, err
			}
			f.files = append(f.files, file)
			font, err := sfnt.ParseReaderAt(file)
			if err != nil {
				return f, fmt.Errorf("%s: %w", path, err)
			}
			f.fonts = append(f.fonts, font)
		}
	}
	return f, nil
}

func (f faces) close() {
	for _, file := range f.files {
		file.Close()
	}
}

// Missing lists the characters of a text that cannot be set: no font has a glyph for them, or PDF/A forbids them (controls,
// private use, the byte order mark). A template must not be given them as they are; Typst refuses the whole document.
func (p *Pool) Missing(text string) ([]rune, error) {
	seen := map[rune]bool{}
	var missing []rune
	var buffer sfnt.Buffer
	for _, r := range text {
		if seen[r] {
			continue
		}
		seen[r] = true
		has, err := p.faces.have(&buffer, r)
		if err != nil {
			return nil, fmt.Errorf("typeset: glyph of %U: %w", r, err)
		}
		if !has {
			missing = append(missing, r)
		}
	}
	slices.SortFunc(missing, cmp.Compare)
	return missing, nil
}

func (f faces) have(buffer *sfnt.Buffer, r rune) (bool, error) {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return true, nil
	case unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r == '\ufeff' || r == unicode.ReplacementChar:
		return false, nil
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.IsSpace(r):
		return true, nil // shapes its neighbours or leaves room, and needs no glyph
	}
	for _, font := range f.fonts {
		if i, err := font.GlyphIndex(buffer, r); err != nil || i != 0 {
			return err == nil, err
		}
	}
	return false, nil
}
