package typeset

import (
	"context"
	"embed"
	"time"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

//go:embed template/*.typ
var common embed.FS

// paperStandard is PDF/A-2 with tags: accessible and self-contained (ISO 19005-2).
const paperStandard = "a-2a"

// Paper is a paper of facts, words and tables, which several packages issue: an invoice, minutes, a letter. Everything that stands in it is
// here, words included; the template adds nothing.
type Paper struct {
	Sheet
	Kind   string       `json:"kind"`
	Title  string       `json:"title"`
	Issuer string       `json:"issuer"`
	Demo   string       `json:"demo"`
	Facts  [][2]string  `json:"facts"`
	Blocks []PaperBlock `json:"blocks"`
}

// PaperBlock is a part of a paper: words with who signed them, or a table. What is of Numbers is set towards the end of its column.
type PaperBlock struct {
	Title   string      `json:"title"`
	Text    string      `json:"text"`
	Note    string      `json:"note"`
	Signed  [][2]string `json:"signed"`
	Head    []string    `json:"head"`
	Rows    [][]string  `json:"rows"`
	Numbers []int       `json:"numbers"`
}

// NewPaper begins a paper in a language, made on a day. A demonstration's says so on each page.
func NewPaper(b *locale.Bundle, tag locale.Tag, day time.Time, demo bool) Paper {
	p := Paper{Sheet: SheetOf(tag, day), Facts: [][2]string{}, Blocks: []PaperBlock{}}
	if demo {
		p.Demo = b.T(tag, "letter.paper.demo", nil)
	}
	p.Words["pageOf"] = b.T(tag, "letter.paper.pageOf", nil)
	return p
}

// Fact adds a fact; one without a value is left out.
func (p *Paper) Fact(name, value string) {
	if value != "" {
		p.Facts = append(p.Facts, [2]string{name, value})
	}
}

// SetPaper typesets a paper. It returns ErrFailed as Render does.
func (p *Pool) SetPaper(ctx context.Context, paper *Paper) ([]byte, error) {
	r, err := p.Set(ctx, Job{Template: common, Main: "paper.typ", Standard: paperStandard}, paper)
	return r.PDF, err
}
