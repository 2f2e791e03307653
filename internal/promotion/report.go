package promotion

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/table"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Format is what a report is made as.
type Format string

// The formats.
const (
	PDF  Format = "pdf"
	XLSX Format = "xlsx"
)

// Report is the job that makes the yearly report.
type Report struct {
	Year     int
	Language locale.Tag
	Format   Format
	Document document.ID
}

// Kind names the job.
func (Report) Kind() string { return "promotion-report.print" }

// Queue keeps papers from filling the workers of other jobs.
func (Report) Queue() jobs.Queue { return jobs.Typeset }

// PrintReport has the report of a year made.
func (s *Papers) PrintReport(ctx context.Context, year int, tag locale.Tag, format Format) (p Printed, err error) {
	p = Printed{Document: uuid.Must(uuid.NewV7()), Language: tag}
	err = s.Promotions.db.Tx(ctx, func(tx pgx.Tx) error {
		args := Report{year, tag, format, p.Document}
		var err error
		if p.Task, err = s.Jobs.Start(ctx, tx, args.Kind(), p.Document, args); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "promotion-dashboard.print", ObjectKind: "promotion-dashboard", ObjectID: strconv.Itoa(year), After: map[string]any{"document": p.Document, "language": tag, "format": format}})
	})
	return p, err
}

// report is the worker of Report.
func (s *Papers) report(ctx context.Context, p *jobs.Progress, args Report) error {
	p.Step(ctx, "task.step.typesetting")
	content, err := s.MakeReport(ctx, args)
	if err != nil {
		return err
	}
	media := "application/pdf"
	if args.Format == XLSX {
		media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	_, err = s.Docs.Put(ctx, document.File{ID: args.Document, Filename: fmt.Sprintf("promotion-%d.%s", args.Year, args.Format), MediaType: media, Purpose: "promotion-report", Content: content})
	return err
}

// MakeReport makes the report of a year.
func (s *Papers) MakeReport(ctx context.Context, args Report) ([]byte, error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.Promotions.Dashboard(ctx, args.Year)
	if err != nil {
		return nil, err
	}
	var names map[string]string
	err = s.Promotions.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select names from app.tenants where id = app.tenant()`).Scan(&names), "tenant")
	})
	if err != nil {
		return nil, err
	}
	w := words{s.Bundle, args.Language}
	sh := typeset.NewPaper(s.Bundle, args.Language, s.Promotions.now().UTC(), scope.Demo)
	sh.Kind, sh.Title, sh.Issuer = w.say("promotion-report.kind"), w.say("promotion-report.title", "Year", strconv.Itoa(d.Year)), locale.Pick(args.Language, names)
	sh.Blocks = w.report(d)
	if args.Format == XLSX {
		return workbook(sh)
	}
	pdf, err := s.Press.SetPaper(ctx, &sh)
	if err != nil {
		return nil, fmt.Errorf("report of %d: %w", args.Year, err)
	}
	return pdf, nil
}

// report writes figures as tables.
func (w words) report(d Dashboard) []typeset.PaperBlock {
	never := w.never(d)
	never.Text = w.say("promotion-report.never-count", "Count", strconv.Itoa(d.NeverCount))
	return []typeset.PaperBlock{w.funnel(d.Funnel), w.spent(d.Spent), w.markets(d.Markets), w.years(d.Years), never}
}

func (w words) block(title string, numbers []int, head ...string) typeset.PaperBlock {
	return typeset.PaperBlock{Title: w.say(title), Head: w.head(head...), Rows: [][]string{}, Numbers: numbers}
}

func (w words) funnel(f Funnel) typeset.PaperBlock {
	b := w.block("promotion-report.funnel", []int{1}, "promotion-report.step", "promotion-report.count")
	for _, s := range []struct {
		id string
		n  int
	}{{"calls", f.Calls}, {"applications", f.Applications}, {"applicants", f.Applicants}, {"awarded", f.Awarded}, {"contacts", f.Contacts}, {"inquiries", f.Inquiries}, {"samples", f.Samples}, {"contracts", f.Contracts}} {
		b.Rows = append(b.Rows, []string{w.say("promotion-report." + s.id), strconv.Itoa(s.n)})
	}
	return b
}

func (w words) spent(all []Spent) typeset.PaperBlock {
	b := w.block("promotion-report.money", []int{1, 2, 3, 4, 5}, "promotion-report.currency", "promotion-report.budget", "promotion-report.committed", "promotion-report.paid", "promotion-report.contracts", "promotion-report.per-contract")
	for _, s := range all {
		each := "\u2013"
		if m, ok := s.PerContract(); ok {
			each = m.Show(w.tag, s.Currency)
		}
		b.Rows = append(b.Rows, []string{string(s.Currency), s.Budget.Show(w.tag, s.Currency), s.Committed.Show(w.tag, s.Currency), s.Paid.Show(w.tag, s.Currency), strconv.Itoa(s.Contracts), each})
	}
	return b
}

func (w words) markets(all []Market) typeset.PaperBlock {
	b := w.block("promotion-report.markets", []int{1, 2, 3, 4, 5}, "promotion-report.country", "promotion-report.calls", "promotion-report.applications", "promotion-report.awarded", "promotion-report.contracts", "promotion-report.exports")
	for _, m := range all {
		var sums []string
		for _, e := range m.Exports {
			sums = append(sums, e.Amount.Show(w.tag, e.Currency))
		}
		b.Rows = append(b.Rows, []string{w.country(m.Country), strconv.Itoa(m.Calls), strconv.Itoa(m.Applications), strconv.Itoa(m.Awarded), strconv.Itoa(m.Contracts), strings.Join(sums, "; ")})
	}
	return b
}

func (w words) years(all []YearFigures) typeset.PaperBlock {
	b := w.block("promotion-report.years", []int{0, 1, 2, 3, 4}, "promotion-report.year", "promotion-report.calls", "promotion-report.applications", "promotion-report.awarded", "promotion-report.contracts")
	for _, y := range all {
		b.Rows = append(b.Rows, []string{strconv.Itoa(y.Year), strconv.Itoa(y.Funnel.Calls), strconv.Itoa(y.Funnel.Applications), strconv.Itoa(y.Funnel.Awarded), strconv.Itoa(y.Funnel.Contracts)})
	}
	return b
}

func (w words) never(d Dashboard) typeset.PaperBlock {
	b := w.block("promotion-report.never", []int{2}, "promotion-report.name", "promotion-report.credit-code", "promotion-report.applications", "promotion-report.last")
	for _, u := range d.Never {
		b.Rows = append(b.Rows, []string{u.Name, u.CreditCode, strconv.Itoa(u.Applications), locale.Day(w.tag, u.LastOn)})
	}
	return b
}

// country is the name of a country.
func (w words) country(code string) string { return recognition.Market(code).Name(w.bundle, w.tag) }

// workbook writes the tables of a paper below each other, each under its title.
func workbook(sh typeset.Paper) ([]byte, error) {
	rows := [][]string{{sh.Issuer}, {sh.Title}}
	if sh.Demo != "" {
		rows = append(rows, []string{sh.Demo})
	}
	for _, b := range sh.Blocks {
		rows = append(rows, []string{}, []string{b.Title})
		if b.Text != "" {
			rows = append(rows, []string{b.Text})
		}
		rows = append(append(rows, b.Head), b.Rows...)
	}
	var out bytes.Buffer
	t, err := table.XLSX(&out)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		harmless := make([]string, len(row))
		for i, v := range row {
			harmless[i] = table.Harmless(v)
		}
		if err := t.Row(harmless); err != nil {
			return nil, err
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
