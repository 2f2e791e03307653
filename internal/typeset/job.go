package typeset

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// MaxInput bounds the bytes of a job's files together.
const MaxInput = 128 << 20

// house is what all our papers share, colours, fonts and small pieces: house.typ, beside every template.
//
//go:embed house/*.typ
var house embed.FS

// Job is one document. Its template and files are all that it can read, and everything that it is made of.
type Job struct {
	Template fs.FS             // our own code: whoever writes templates can keep a worker busy
	Main     string            // path of the template's main file in Template
	Files    map[string][]byte // data, images and attachments; the template reads data.json as "/data.json"
	Standard string            // a-3a, a-3b, ua-1, 1.7, …
	Drawing  bool              // the first page as an SVG, for who places it in a design of their own; it has no standard
	Created  time.Time         // stands in the PDF where the template asks for today
}

// Result is a document.
type Result struct {
	PDF   []byte
	SVG   []byte // of a drawing, instead
	Pages int
}

// TemplateError is what Typst has against a template and its data. It would say it again: the document is not retried.
type TemplateError struct{ Diagnostics string }

func (e *TemplateError) Error() string { return "typst: " + e.Diagnostics }

// order is a job as a worker takes it, the header of the message.
type order struct {
	ID       uint64      `json:"id"`
	Main     string      `json:"main"`
	Standard string      `json:"standard"`
	Drawing  bool        `json:"drawing"`
	Created  int64       `json:"created"`
	Files    []orderFile `json:"files"`
	bodies   [][]byte    // of Files
}

type orderFile struct {
	Path string `json:"path"`
	Size int    `json:"size"`
}

// order lays a job out: files at the root, which is where attachments get their names from, and the template in a directory
// named after its content. One path so never holds two texts of a template: Typst parses a changed source again only where
// it differs, compares bytes and not characters, and can keep a character of the text before.
func (j Job) order() (order, error) {
	shared, err := house.ReadFile("house/house.typ")
	if err != nil {
		return order{}, err
	}
	templates := map[string][]byte{"house.typ": shared}
	err = fs.WalkDir(j.Template, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		templates[path], err = fs.ReadFile(j.Template, path)
		return err
	})
	if err != nil {
		return order{}, err
	}
	if templates[j.Main] == nil {
		return order{}, fmt.Errorf("template %s: %w", j.Main, fs.ErrNotExist)
	}
	dir := digest(templates)
	o := order{Main: "/" + dir + "/" + j.Main, Standard: j.Standard, Drawing: j.Drawing, Created: j.Created.Unix(), Files: []orderFile{}}
	add := func(path string, b []byte) {
		o.Files, o.bodies = append(o.Files, orderFile{"/" + path, len(b)}), append(o.bodies, b)
	}
	for _, path := range slices.Sorted(maps.Keys(templates)) {
		add(dir+"/"+path, templates[path])
	}
	total := 0
	for _, path := range slices.Sorted(maps.Keys(j.Files)) {
		if total += len(j.Files[path]); total > MaxInput {
			return order{}, fmt.Errorf("files of more than %d bytes", MaxInput)
		}
		if first, _, _ := strings.Cut(path, "/"); first == dir || path == "." || !fs.ValidPath(path) {
			return order{}, fmt.Errorf("file %q: %w", path, fs.ErrInvalid)
		}
		add(path, j.Files[path])
	}
	return o, nil
}

func digest(files map[string][]byte) string {
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n", path, len(files[path]))
		_, _ = h.Write(files[path]) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
