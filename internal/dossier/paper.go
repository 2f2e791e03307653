package dossier

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Paper is everything that stands in the PDF of a dossier in one language, words included; the template adds nothing.
type Paper struct {
	Lang          string            `json:"lang"` // ISO 639
	Dir           string            `json:"dir"`  // ltr or rtl
	Number        string            `json:"number"`
	Title         string            `json:"title"`    // the name in the paper's language
	Original      string            `json:"original"` // the name as registered
	Subtitle      string            `json:"subtitle"`
	Issuer        string            `json:"issuer"`
	Created       [3]int            `json:"created"` // year, month, day
	Demo          bool              `json:"demo"`    // a demonstration
	Draft         bool              `json:"draft"`   // not issued
	Labels        map[string]string `json:"labels"`
	Sections      []string          `json:"sections"` // which, in this order
	Cover         []Pair            `json:"cover"`
	Card          []Pair            `json:"card"`
	Names         []PaperName       `json:"names"`
	Area          PaperArea         `json:"area"`
	Holder        []Pair            `json:"holder"`
	Specification []PaperSection    `json:"specification"`
	Link          string            `json:"link"`
	Status        PaperStatus       `json:"status"`
	Marks         []PaperReason     `json:"marks"`
	Quality       []PaperQuality    `json:"quality"`
	Annexes       []PaperAnnex      `json:"annexes"`
	Verification  PaperVerification `json:"verification"`
}

// Pair is a line of a card: what, and its value. Code keeps its direction inside Arabic.
type Pair struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Lang  string `json:"lang,omitempty"` // of the value, when it is not the paper's
	Code  bool   `json:"code,omitempty"`
}

// PaperName is a form of the name.
type PaperName struct {
	Text     string `json:"text"`
	Lang     string `json:"lang"`
	Language string `json:"language"` // in the paper's words
	Kind     string `json:"kind"`
	Scheme   string `json:"scheme"`
}

// PaperArea is the protected area: rings of longitude and latitude, WGS 84.
type PaperArea struct {
	Words string         `json:"words"`
	Rings [][][2]float64 `json:"rings"`
}

// PaperSection is a section of the specification.
type PaperSection struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// PaperStatus is the answer of the status check on the day of the paper.
type PaperStatus struct {
	Answer   string        `json:"answer"` // yes, no, unknown
	Question string        `json:"question"`
	Text     string        `json:"text"`
	Reasons  []PaperReason `json:"reasons"`
}

// PaperReason is a statement with its source.
type PaperReason struct {
	Text   string `json:"text"`
	Source string `json:"source"`
}

// PaperQuality is a row of quality evidence.
type PaperQuality struct {
	Property string `json:"property"`
	Value    string `json:"value"`
	Method   string `json:"method"`
	Evidence string `json:"evidence"`
}

// PaperAnnex is an attached document.
type PaperAnnex struct {
	Title     string `json:"title"`
	File      string `json:"file"`
	MediaType string `json:"mediaType"`
	SHA256    string `json:"sha256"`
}

// PaperVerification tells how to check the paper. QR has a row of 0 and 1 a line.
type PaperVerification struct {
	Steps []string `json:"steps"`
	Facts []Pair   `json:"facts"`
	QR    []string `json:"qr"`
}

//go:embed template/*.typ
var templates embed.FS

// archival is PDF/A-3 with tags: accessible, self-contained, and it may carry attachments (ISO 19005-3).
const archival = "a-3a"

// printPaper typesets a paper with its annexes, by file name.
func printPaper(ctx context.Context, press *typeset.Pool, p Paper, annexes map[string][]byte) (typeset.Result, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return typeset.Result{}, fmt.Errorf("paper %s %s: %w", p.Number, p.Lang, err)
	}
	files := map[string][]byte{"paper.json": data}
	for name, b := range annexes {
		files["annexes/"+name] = b
	}
	root, err := fs.Sub(templates, "template")
	if err != nil {
		return typeset.Result{}, err
	}
	r, err := press.Render(ctx, typeset.Job{
		Template: root, Main: "dossier.typ", Files: files, Standard: archival,
		Created: time.Date(p.Created[0], time.Month(p.Created[1]), p.Created[2], 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return r, fmt.Errorf("paper %s %s: %w", p.Number, p.Lang, err)
	}
	return r, nil
}

// qr draws an address as rows of modules, with the quiet border that scanners need.
func qr(address string) ([]string, error) {
	c, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	var rows []string
	for _, row := range c.Bitmap() {
		line := make([]byte, len(row))
		for i, on := range row {
			line[i] = '0'
			if on {
				line[i] = '1'
			}
		}
		rows = append(rows, string(line))
	}
	return rows, nil
}
