package recognition

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// PrintAnnex is the job that sets the draft of a wave's annex, in a language.
type PrintAnnex struct {
	Wave     WaveID
	Language locale.Tag
	Document document.ID // that it becomes
}

// Kind names the job.
func (PrintAnnex) Kind() string { return "wave.print" }

// Queue keeps papers from filling the workers of other jobs.
func (PrintAnnex) Queue() jobs.Queue { return jobs.Typeset }

// annexSheet is everything that stands in the draft, words included; the template adds nothing.
type annexSheet struct {
	typeset.Sheet
	Title string        `json:"title"`
	Draft string        `json:"draft"`
	Demo  string        `json:"demo"`
	Head  []string      `json:"head"`
	Rows  [][]annexCell `json:"rows"`
}

type annexCell struct {
	Text     string `json:"text"`
	Language string `json:"tag"` // empty: the paper's
}

// Print has the draft of the annex of a wave set in a language, and says which document it becomes and by which task.
func (s *Waves) Print(ctx context.Context, id WaveID, tag locale.Tag) (d document.ID, task uuid.UUID, err error) {
	d = uuid.Must(uuid.NewV7())
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := waveByID(ctx, tx, id); err != nil {
			return err
		}
		if task, err = s.jobs.Start(ctx, tx, "wave.print", id, PrintAnnex{id, tag, d}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "wave.print", ObjectKind: "wave", ObjectID: id.String(), After: map[string]any{"document": d}})
	})
	return d, task, err
}

// print is the worker of PrintAnnex.
func (s *Waves) print(ctx context.Context, p *jobs.Progress, args PrintAnnex) error {
	p.Step(ctx, "task.step.typesetting")
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	w, err := s.Read(ctx, args.Wave)
	if err != nil {
		return err
	}
	sh := annexSheetOf(s.texts, args.Language, scope.Demo, w, s.cases.now())
	pdf, err := setPaper(ctx, s.press, "annex.typ", &sh, nil)
	if err != nil {
		return fmt.Errorf("annex of wave %s: %w", args.Wave, err)
	}
	_, err = s.docs.Put(ctx, document.File{ID: args.Document, Filename: "annex.pdf", MediaType: "application/pdf", Purpose: "wave", Content: pdf})
	return err
}

// annexSheetOf is the draft of an annex as a paper; one of a demonstration says so on every page.
func annexSheetOf(b *locale.Bundle, tag locale.Tag, demo bool, w Wave, at time.Time) annexSheet {
	sh := annexSheet{Sheet: typeset.SheetOf(tag, at), Title: w.Title, Draft: b.T(tag, "wave.annex.draft", map[string]any{"Day": locale.Day(tag, at)}), Rows: [][]annexCell{}}
	if demo {
		sh.Demo = b.T(tag, "letter.paper.demo", nil)
	}
	sh.Words["pageOf"] = b.T(tag, "letter.paper.pageOf", nil)
	rows := annexRows(b, tag, w)
	for _, cell := range rows[0] {
		sh.Head = append(sh.Head, cell.Text)
	}
	sh.Rows = append(sh.Rows, rows[1:]...)
	return sh
}

// annexRows are the rows of the draft, with their heading: the names in the order of the list, but for those that go their own way.
func annexRows(b *locale.Bundle, tag locale.Tag, w Wave) [][]annexCell {
	var head []annexCell
	for _, id := range []string{"number", "name", "transcription", "translation", "origin", "state"} {
		head = append(head, annexCell{Text: b.T(tag, "wave.annex."+id, nil)})
	}
	rows := [][]annexCell{head}
	for _, m := range w.Members {
		if m.Exception != "" {
			continue
		}
		rows = append(rows, []annexCell{{Text: strconv.Itoa(len(rows))}, {m.Name, m.Language}, formsOf(m.Case, Transcription), formsOf(m.Case, Translation),
			{Text: Market(m.OriginOffice).Name(b, tag)}, {Text: b.T(tag, "case.state."+string(m.State), nil)}})
	}
	return rows
}

// formsOf are the forms of a kind of a name, in the language of the first.
func formsOf(c Case, kind FormKind) (cell annexCell) {
	var texts []string
	for _, f := range c.Forms {
		if f.Kind != kind {
			continue
		}
		if len(texts) == 0 {
			cell.Language = f.Language
		}
		texts = append(texts, f.Text)
	}
	cell.Text = strings.Join(texts, "; ")
	return cell
}
