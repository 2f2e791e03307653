package members

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

// PaperKind is which paper is set.
type PaperKind string

// The papers: an invoice, a member's statement, and a meeting with its minutes.
const (
	InvoicePaper   PaperKind = "dues-invoice"
	StatementPaper PaperKind = "dues-statement"
	MinutesPaper   PaperKind = "meeting"
)

// Print is the job that sets a paper, in a language.
type Print struct {
	Paper    PaperKind
	Record   uuid.UUID // an invoice, a member or a meeting
	Language locale.Tag
	Document document.ID // that it becomes
}

// Kind names the job.
func (Print) Kind() string { return "member-paper.print" }

// Queue keeps papers from filling the workers of other jobs.
func (Print) Queue() jobs.Queue { return jobs.Typeset }

// PapersConfig is what Papers need.
type PapersConfig struct {
	Dues     *Dues
	Meetings *Meetings
	Press    *typeset.Pool // nil in a process that does no jobs
}

// Papers are the verbs of what is printed.
type Papers struct {
	*Members
	PapersConfig
}

// NewPapers returns the verbs, and adds the worker that sets papers.
func NewPapers(c PapersConfig) *Papers {
	s := &Papers{c.Dues.Members, c}
	jobs.Add(c.Dues.Jobs, s.print)
	return s
}

// Print has a paper set in a language, and says which document it becomes and by which task.
func (s *Papers) Print(ctx context.Context, kind PaperKind, record uuid.UUID, tag locale.Tag) (d document.ID, task uuid.UUID, err error) {
	d = uuid.Must(uuid.NewV7())
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		var err error
		object := string(kind)
		switch kind {
		case InvoicePaper:
			_, err = invoiceByID(ctx, tx, record, s.Now())
		case MinutesPaper:
			_, err = meetingByID(ctx, tx, record)
		default:
			object = "member"
			_, err = s.byID(ctx, tx, record)
		}
		if err != nil {
			return err
		}
		if task, err = s.Dues.Jobs.Start(ctx, tx, Print{}.Kind(), record, Print{kind, record, tag, d}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: object + ".print", ObjectKind: object, ObjectID: record.String(), After: map[string]any{"paper": kind, "document": d, "language": tag}})
	})
	return d, task, err
}

// sheet and sheetBlock are what a paper is composed of.
type (
	sheet      = typeset.Paper
	sheetBlock = typeset.PaperBlock
)

// press is what papers are composed with: words and days of a language.
type press struct {
	bundle *locale.Bundle
	tag    locale.Tag
}

func (p press) say(id string, values map[string]any) string { return p.bundle.T(p.tag, id, values) }

func (p press) day(t time.Time) string { return locale.Day(p.tag, t) }

func (p press) money(m Money) string { return m.In(string(p.tag)) }

func (p press) fact(sh *sheet, id, value string) {
	sh.Fact(p.say(id, nil), value)
}

// begin begins a paper of the association.
func (s *Papers) begin(ctx context.Context, tx pgx.Tx, tag locale.Tag, kind string) (sh sheet, p press, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return sh, p, err
	}
	names, err := ownNames(ctx, tx)
	if err != nil {
		return sh, p, err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return sh, p, err
	}
	p = press{s.Dues.Bundle, tag}
	sh = typeset.NewPaper(s.Dues.Bundle, tag, today, scope.Demo)
	sh.Kind, sh.Issuer = p.say("member-paper."+kind, nil), locale.Pick(tag, names)
	return sh, p, nil
}

// print is the worker of Print.
func (s *Papers) print(ctx context.Context, p *jobs.Progress, args Print) error {
	p.Step(ctx, "task.step.typesetting")
	pdf, err := s.Set(ctx, args.Paper, args.Record, args.Language)
	if err != nil {
		return err
	}
	_, err = s.Docs.Put(ctx, document.File{ID: args.Document, Filename: string(args.Paper) + ".pdf", MediaType: "application/pdf", Purpose: "member-paper", Content: pdf})
	return err
}

// Set sets a paper.
func (s *Papers) Set(ctx context.Context, kind PaperKind, record uuid.UUID, tag locale.Tag) ([]byte, error) {
	var sh sheet
	err := s.DB.Read(ctx, func(tx pgx.Tx) (err error) {
		switch kind {
		case InvoicePaper:
			sh, err = s.invoiceSheet(ctx, tx, record, tag)
		case MinutesPaper:
			sh, err = s.minutesSheet(ctx, tx, record, tag)
		default:
			sh, err = s.statementSheet(ctx, tx, record, tag)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	pdf, err := s.Press.SetPaper(ctx, &sh)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", kind, record, err)
	}
	return pdf, nil
}

// about is for what an invoice asks.
func (p press) about(i Invoice) string {
	if i.Kind == Single {
		return i.Title
	}
	return p.say("web.dues.annual", map[string]any{"Year": strconv.Itoa(i.Year)})
}

func (s *Papers) invoiceSheet(ctx context.Context, tx pgx.Tx, id uuid.UUID, tag locale.Tag) (sheet, error) {
	sh, p, err := s.begin(ctx, tx, tag, "invoice")
	if err != nil {
		return sh, err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return sh, err
	}
	i, err := invoiceByID(ctx, tx, id, today)
	if err != nil {
		return sh, err
	}
	sh.Title = i.Number
	p.fact(&sh, "web.members.name", i.MemberName)
	p.fact(&sh, "web.members.number", i.MemberNumber)
	p.fact(&sh, "web.members.category", p.say("member.category."+string(i.Category), nil))
	p.fact(&sh, "field.issuedOn", p.day(i.IssuedOn))
	p.fact(&sh, "web.dues.due-on", p.day(i.DueOn))
	p.fact(&sh, "web.dues.state", p.say("dues.state."+string(i.State), nil))
	p.fact(&sh, "web.members.reason", i.CancelReason)
	rows := [][]string{{p.about(i), p.money(i.Amount)}}
	if i.Paid != 0 {
		rows = append(rows, []string{p.say("web.dues.paid", nil), p.money(-i.Paid)})
	}
	rows = append(rows, []string{p.say("web.dues.open", nil), p.money(i.Open())})
	sh.Blocks = append(sh.Blocks, sheetBlock{Head: []string{p.say("web.dues.for", nil), p.say("web.dues.amount", nil)}, Rows: rows, Numbers: []int{1}})
	return sh, nil
}

func (s *Papers) statementSheet(ctx context.Context, tx pgx.Tx, id ID, tag locale.Tag) (sheet, error) {
	sh, p, err := s.begin(ctx, tx, tag, "statement")
	if err != nil {
		return sh, err
	}
	m, err := s.shown(ctx, tx, id)
	if err != nil {
		return sh, err
	}
	today, err := s.today(ctx, tx)
	if err != nil {
		return sh, err
	}
	asked, _, err := listInvoices(ctx, tx, InvoiceFilter{Member: &id, Sort: NewestInvoice}, today, mostExtracted, "")
	if err != nil {
		return sh, err
	}
	paid, _, err := listPayments(ctx, tx, PaymentFilter{Member: &id}, mostExtracted, "")
	if err != nil {
		return sh, err
	}
	sh.Title = m.Name
	p.fact(&sh, "web.members.number", m.Number)
	p.fact(&sh, "web.members.category", p.say("member.category."+string(m.Category), nil))
	p.fact(&sh, "member-paper.as-of", p.day(today))
	p.fact(&sh, "web.dues.standing", p.say("dues.standing."+string(m.Debt.Standing), nil))
	p.fact(&sh, "web.dues.open", p.money(m.Debt.Open))
	b := sheetBlock{Title: p.say("web.dues.invoices", nil), Rows: [][]string{}, Numbers: []int{3, 4}}
	for _, head := range []string{"web.dues.number", "web.dues.for", "web.dues.due-on", "web.dues.amount", "web.dues.open", "web.dues.state"} {
		b.Head = append(b.Head, p.say(head, nil))
	}
	for _, i := range asked {
		b.Rows = append(b.Rows, []string{i.Number, p.about(i), p.day(i.DueOn), p.money(i.Amount), p.money(i.Open()), p.say("dues.state."+string(i.State), nil)})
	}
	c := sheetBlock{Title: p.say("member-paper.payments", nil), Rows: [][]string{}, Numbers: []int{4}}
	for _, head := range []string{"web.dues.paid-on", "web.dues.number", "web.dues.method", "web.dues.reference", "web.dues.amount"} {
		c.Head = append(c.Head, p.say(head, nil))
	}
	for _, x := range paid {
		c.Rows = append(c.Rows, []string{p.day(x.PaidOn), x.InvoiceNumber, p.say("dues.method."+string(x.Method), nil), strings.TrimSpace(x.Reference + " " + x.Reason), p.money(x.Amount)})
	}
	for _, block := range []sheetBlock{b, c} {
		if len(block.Rows) > 0 {
			sh.Blocks = append(sh.Blocks, block)
		}
	}
	return sh, nil
}
