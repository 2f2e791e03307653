package dossier

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Paper is everything that stands in the PDF of a dossier in one language, words included; the template adds nothing. It
// goes with the PDF as the attachment data.json. Lists may be empty, never nil. A text keeps its line breaks as
// paragraphs; lines that begin with "- " become a list.
type Paper struct {
	Language      string            `json:"language"`  // BCP 47
	Direction     string            `json:"direction"` // ltr or rtl
	Number        string            `json:"number"`
	Title         string            `json:"title"`  // the name in the paper's language
	Second        PaperText         `json:"second"` // the name as registered; in a paper in that language a transcription or translation
	Subtitle      string            `json:"subtitle"`
	Issuer        string            `json:"issuer"`
	Created       [3]int            `json:"created"` // year, month, day
	Demo          bool              `json:"demo"`    // a demonstration: every page says so
	Draft         bool              `json:"draft"`   // not issued: every page says so
	Words         map[string]string `json:"l"`       // the template's own words, by the names in labels
	Sections      []string          `json:"sections"`
	Cover         []Pair            `json:"cover"`
	Card          []PaperGroup      `json:"card"`
	Names         []PaperName       `json:"names"`
	Area          PaperArea         `json:"area"`
	Holder        []PaperGroup      `json:"holder"` // and the control body
	Specification []PaperSection    `json:"specification"`
	Link          PaperText         `json:"link"`
	Status        PaperStatus       `json:"status"`
	Marks         []PaperReason     `json:"marks"`
	Quality       []PaperQuality    `json:"quality"`
	Annexes       []PaperAnnex      `json:"annexes"`
	Verification  PaperVerification `json:"verification"`
	Missing       []string          `json:"missing"` // code points (hexadecimal) without a glyph; the paper shows them as [U+20BB7]
}

// PaperText is a text with its language, where that is not the paper's. Note says who translated it, and how far it was
// looked at.
type PaperText struct {
	Text     string `json:"text"`
	Language string `json:"language"` // BCP 47; empty: the paper's
	Note     string `json:"note,omitempty"`
}

// Pair is a line of a card: what, and its value.
type Pair struct {
	Label    string `json:"label"`
	Value    string `json:"value"`
	Language string `json:"language,omitempty"` // BCP 47; empty: the paper's
	Code     bool   `json:"code,omitempty"`     // a number, address or command: left to right everywhere
}

// PaperGroup is the lines of a card that belong together: a legal basis, a body.
type PaperGroup struct {
	Title string `json:"title"`
	Pairs []Pair `json:"pairs"`
}

// PaperName is a form of the name. Spoken and Written say its language and script in the paper's words.
type PaperName struct {
	Text     string `json:"text"`
	Language string `json:"language"` // BCP 47
	Spoken   string `json:"spoken"`
	Written  string `json:"written"`
	Kind     string `json:"kind"`
	Scheme   string `json:"scheme"`
}

// PaperArea is the protected area. Rings are of longitude and latitude, WGS 84; a ring within a ring is a hole.
type PaperArea struct {
	Words PaperText      `json:"words"`
	Rings [][][2]float64 `json:"rings"`
	Facts []Pair         `json:"facts"`
}

// PaperSection is a section of the specification.
type PaperSection struct {
	Title PaperText `json:"title"`
	Text  PaperText `json:"text"`
}

// PaperStatus is the answer of the status check on the day of the paper.
type PaperStatus struct {
	Answer   string        `json:"answer"` // yes, no, unknown
	Question string        `json:"question"`
	Text     string        `json:"text"`
	Reasons  []PaperReason `json:"reasons"`
	Facts    []Pair        `json:"facts"`
}

// PaperReason is a statement with its source.
type PaperReason struct {
	Text   string `json:"text"`
	Source string `json:"source"`
}

// PaperQuality is a row of quality evidence.
type PaperQuality struct {
	Property PaperText `json:"property"`
	Value    string    `json:"value"`
	Method   string    `json:"method"`
	Evidence PaperText `json:"evidence"`
}

// PaperAnnex is an attached document.
type PaperAnnex struct {
	Title     string `json:"title"`
	File      string `json:"file"` // its name in the PDF and in the data package
	MediaType string `json:"mediaType"`
	SHA256    string `json:"sha256"`
}

// PaperVerification tells how to check the paper. QR has a row of 0 and 1 a line, with the quiet border.
type PaperVerification struct {
	Steps []string `json:"steps"`
	Facts []Pair   `json:"facts"`
	QR    []string `json:"qr"`
}

//go:embed template/*.typ
var templates embed.FS

// archival is PDF/A-3 with tags: accessible, self-contained, and it may carry attachments (ISO 19005-3).
const archival = "a-3a"

// printPaper typesets a paper with its annexes, by file name. It returns typeset.ErrFailed.
func printPaper(ctx context.Context, press *typeset.Pool, p Paper, annexes map[string][]byte) (typeset.Result, error) {
	var err error
	if p.Missing, err = press.Unprintable(p); err != nil {
		return typeset.Result{}, err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return typeset.Result{}, fmt.Errorf("paper %s %s: %w", p.Number, p.Language, err)
	}
	files := map[string][]byte{"data.json": data}
	for i, a := range p.Annexes {
		b, ok := annexes[a.File]
		if !ok {
			return typeset.Result{}, fmt.Errorf("paper %s %s: annex %s: %w", p.Number, p.Language, a.File, fs.ErrNotExist)
		}
		files[fmt.Sprintf("annexes/%d", i)] = b // an annex's own name need not be a path
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
		return r, fmt.Errorf("paper %s %s: %w", p.Number, p.Language, err)
	}
	return r, nil
}
