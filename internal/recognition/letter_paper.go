package recognition

import (
	"context"
	"embed"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

//go:embed template/*.typ
var paperTemplates embed.FS

// paperStandard is PDF/A-2 with tags: accessible and self-contained (ISO 19005-2).
const paperStandard = "a-2a"

// letterRetention is how long the store keeps issued letters from everybody; as with certificates the period is ours.
const letterRetention = 10 * 365 * 24 * time.Hour

// PrintLetter is the job that makes the paper of a letter that was issued.
type PrintLetter struct {
	Case   CaseID
	Letter LetterID
}

// Kind names the job.
func (PrintLetter) Kind() string { return "case-letter.issue" }

// Queue keeps papers from filling the workers of other jobs.
func (PrintLetter) Queue() jobs.Queue { return jobs.Typeset }

// letterSheet is everything that stands in the paper, words included; the template adds nothing.
type letterSheet struct {
	typeset.Sheet
	Number  string         `json:"number"`
	Demo    string         `json:"demo"`
	Seal    string         `json:"seal"`
	SealAlt string         `json:"sealAlt"`
	Columns []letterColumn `json:"columns"`
}

// letterColumn is the letter in one language.
type letterColumn struct {
	Language  string   `json:"language"`
	Direction string   `json:"direction"`
	Head      string   `json:"head"`
	Address   string   `json:"address"`
	Facts     []string `json:"facts"` // number, date, what it answers
	To        string   `json:"to"`
	Subject   string   `json:"subject"`
	Body      string   `json:"body"`
	Signer    string   `json:"signer"`
	Title     string   `json:"title"`
	Office    string   `json:"office"`
	Day       string   `json:"day"`
	Note      string   `json:"note"` // the state of the translation, or that it is the original
}

// print is the worker of PrintLetter.
func (s *Letters) print(ctx context.Context, p *jobs.Progress, args PrintLetter) error {
	p.Step(ctx, "task.step.typesetting")
	return s.makePaper(ctx, args)
}

// makePaper makes the paper of a letter, keeps it under the store's lock and puts it among the documents of the case. A letter that
// has its paper is left alone.
func (s *Letters) makePaper(ctx context.Context, args PrintLetter) error {
	var l Letter
	var c Case
	err := s.DB.Read(ctx, func(tx pgx.Tx) (err error) {
		if c, err = CaseByID(ctx, tx, args.Case); err != nil {
			return err
		}
		l, err = letterByID(ctx, tx, args.Case, args.Letter)
		return err
	})
	if err != nil || l.Document != nil {
		return err
	}
	pdf, err := s.paper(ctx, l)
	if err != nil {
		return fmt.Errorf("letter %s: %w", l.Number, err)
	}
	d, err := s.Docs.Put(ctx, document.File{ID: letterPaperID(l.ID), Filename: l.Number + ".pdf", MediaType: "application/pdf", Purpose: "letter", Content: pdf, RetainUntil: l.At.Add(letterRetention)})
	if err != nil {
		return err
	}
	main := l.Content.Languages[0]
	paper := Paper{Title: l.Content.Texts[main].Subject, Kind: "letter", Language: main, DocumentID: &d.ID}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error { return keepLetterPaper(ctx, tx, c, l, paper, d.Number) })
}

// paper sets a letter.
func (s *Letters) paper(ctx context.Context, l Letter) ([]byte, error) {
	sh := letterSheetOf(s.Bundle, l)
	files := map[string][]byte{}
	if l.Head.Seal != nil {
		image, name, err := s.seal(ctx, *l.Head.Seal)
		if err != nil {
			return nil, err
		}
		sh.Seal, files[name] = name, image
	}
	return setPaper(ctx, s.Press, "letter.typ", &sh, files)
}

func (s *Letters) seal(ctx context.Context, id uuid.UUID) (image []byte, name string, err error) {
	r, d, err := s.Docs.Open(ctx, id)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	image, err = io.ReadAll(r)
	return image, sealName(d.Current.MediaType), err
}

// setPaper sets a paper by one of the templates.
func setPaper(ctx context.Context, press *typeset.Pool, main string, data typeset.Data, files map[string][]byte) ([]byte, error) {
	r, err := press.Set(ctx, typeset.Job{Template: paperTemplates, Main: main, Files: files, Standard: paperStandard}, data)
	return r.PDF, err
}

// spoken is a language of the house in which the words around a text of another language are said.
func spoken(tag string) locale.Tag {
	if t := locale.Tag(tag); slices.Contains(locale.Spoken, t) {
		return t
	}
	return locale.Match(tag)
}

// letterSheetOf is the paper of a letter, a column a language.
func letterSheetOf(b *locale.Bundle, l Letter) letterSheet {
	main := spoken(l.Content.Languages[0])
	sh := letterSheet{Sheet: typeset.SheetOf(main, *l.On), Number: l.Number, SealAlt: b.T(main, "letter.paper.seal", nil), Columns: []letterColumn{}}
	sh.Language = l.Content.Languages[0] // the house may have no words in it
	sh.Words["pageOf"] = b.T(main, "letter.paper.pageOf", nil)
	if l.Owner.Demo {
		sh.Demo = b.T(main, "letter.paper.demo", nil)
	}
	signer, signed := l.Head.signatory(l.Content.Signatory)
	for n, lang := range l.Content.Languages {
		tag := spoken(lang)
		text := l.Content.Texts[lang]
		col := letterColumn{Language: lang, Direction: tag.Dir(), Head: locale.Pick(tag, l.Head.Names), Address: locale.Pick(tag, l.Head.Addresses), To: text.To, Subject: text.Subject, Body: text.Body,
			Office: locale.Pick(tag, l.Head.Names), Day: locale.Day(tag, *l.On)}
		col.Facts = []string{b.T(tag, "letter.paper.number", map[string]any{"Number": l.Number}), b.T(tag, "letter.paper.date", map[string]any{"Day": col.Day})}
		if l.Content.Answers != "" {
			col.Facts = append(col.Facts, b.T(tag, "letter.paper.answers", map[string]any{"Number": l.Content.Answers}))
		}
		if signed {
			col.Signer, col.Title = locale.Pick(tag, signer.Names), locale.Pick(tag, signer.Titles)
		}
		switch {
		case n > 0:
			col.Note = b.T(tag, "letter.translation."+string(l.Content.Translations[lang]), nil)
		case len(l.Content.Languages) > 1:
			col.Note = b.T(tag, "letter.translation.original", nil)
		}
		sh.Columns = append(sh.Columns, col)
	}
	return sh
}
