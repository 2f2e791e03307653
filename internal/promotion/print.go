package promotion

import (
	"context"
	"fmt"
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

// The papers: that an application was received, and what was decided on it.
const (
	ConfirmationPaper PaperKind = "promotion-confirmation"
	LetterPaper       PaperKind = "promotion-letter"
)

// Print is the job that sets a paper, in a language.
type Print struct {
	Paper    PaperKind
	Record   uuid.UUID // an application or an award
	Language locale.Tag
	Document document.ID // that it becomes
}

// Kind names the job.
func (Print) Kind() string { return "promotion-paper.print" }

// Queue keeps papers from filling the workers of other jobs.
func (Print) Queue() jobs.Queue { return jobs.Typeset }

// Printed is a paper that is being set: the document that it becomes, of the tenant that asked for it, and its task.
type Printed struct {
	Document document.ID
	Task     uuid.UUID
	Language locale.Tag
}

// PrintConfirmation has the confirmation of a submitted application set; without a language in the one that the applicant chose. It
// returns ErrNotSubmitted for one that was not handed in.
func (s *Papers) PrintConfirmation(ctx context.Context, id uuid.UUID, tag locale.Tag) (Printed, error) {
	return s.start(ctx, Print{Paper: ConfirmationPaper, Record: id, Language: tag}, "promotion-application", func(tx pgx.Tx) (Application, error) {
		a, err := applicationByID(ctx, tx, id)
		if err == nil && a.Number == "" {
			err = ErrNotSubmitted
		}
		return a, err
	})
}

// PrintLetter has the letter of a decision set; without a language in the one that the applicant chose.
func (s *Papers) PrintLetter(ctx context.Context, id uuid.UUID, tag locale.Tag) (Printed, error) {
	return s.start(ctx, Print{Paper: LetterPaper, Record: id, Language: tag}, "promotion-award", func(tx pgx.Tx) (Application, error) {
		w, err := awardByID(ctx, tx, id)
		if err != nil {
			return Application{}, err
		}
		return applicationByID(ctx, tx, w.ApplicationID)
	})
}

// start begins the job of a paper about an application.
func (s *Papers) start(ctx context.Context, args Print, object string, about func(tx pgx.Tx) (Application, error)) (p Printed, err error) {
	args.Document = uuid.Must(uuid.NewV7())
	err = s.Promotions.db.Tx(ctx, func(tx pgx.Tx) error {
		a, err := about(tx)
		if err != nil {
			return err
		}
		if args.Language == "" {
			args.Language = locale.Match(a.Form.Language)
		}
		task, err := s.Jobs.Start(ctx, tx, args.Kind(), args.Record, args)
		if err != nil {
			return err
		}
		p = Printed{args.Document, task, args.Language}
		return audit.Record(ctx, tx, audit.Event{Action: object + ".print", ObjectKind: object, ObjectID: args.Record.String(), After: map[string]any{"paper": args.Paper, "document": args.Document, "language": args.Language}})
	})
	return p, err
}

// print is the worker of Print.
func (s *Papers) print(ctx context.Context, p *jobs.Progress, args Print) error {
	p.Step(ctx, "task.step.typesetting")
	pdf, err := s.Set(ctx, args)
	if err != nil {
		return err
	}
	_, err = s.Docs.Put(ctx, document.File{ID: args.Document, Filename: string(args.Paper) + ".pdf", MediaType: "application/pdf", Purpose: "promotion-paper", Content: pdf})
	return err
}

// Set sets a paper.
func (s *Papers) Set(ctx context.Context, args Print) ([]byte, error) {
	var sh typeset.Paper
	err := s.Promotions.db.Read(ctx, func(tx pgx.Tx) (err error) {
		if args.Paper == LetterPaper {
			sh, err = s.letterSheet(ctx, tx, args.Record, args.Language)
		} else {
			sh, err = s.confirmationSheet(ctx, tx, args.Record, args.Language)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	pdf, err := s.Press.SetPaper(ctx, &sh)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", args.Paper, args.Record, err)
	}
	return pdf, nil
}

// words are what papers are composed with.
type words struct {
	bundle *locale.Bundle
	tag    locale.Tag
}

func (w words) say(id string, kv ...any) string {
	values := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		values[fmt.Sprint(kv[i])] = kv[i+1]
	}
	return w.bundle.T(w.tag, id, values)
}

func (w words) head(ids ...string) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = w.say(id)
	}
	return all
}

// begin begins a paper about an application to a call, which the keeper issues.
func (s *Papers) begin(ctx context.Context, tx pgx.Tx, a Application, kind PaperKind, tag locale.Tag) (sh typeset.Paper, w words, zone *time.Location, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return sh, w, zone, err
	}
	p, err := programmeByID(ctx, tx, a.ProgrammeID)
	if err != nil {
		return sh, w, zone, err
	}
	if zone, err = time.LoadLocation(p.Content.Window.Zone); err != nil {
		return sh, w, zone, err
	}
	w = words{s.Bundle, tag}
	sh = typeset.NewPaper(s.Bundle, tag, s.Promotions.now().In(zone), p.Keeper.Demo || scope.Demo)
	sh.Kind, sh.Title, sh.Issuer = w.say("promotion-paper."+string(kind)), a.Number, locale.Pick(tag, p.Keeper.Names)
	sh.Fact(w.say("promotion-paper.call"), locale.Pick(tag, p.Content.Titles))
	sh.Fact(w.say("promotion-paper.kind"), w.say("promotion.kind."+string(p.Content.Kind)))
	sh.Fact(w.say("promotion-paper.applicant"), a.Form.Name)
	sh.Fact(w.say("promotion-paper.credit-code"), a.Form.code())
	return sh, w, zone, nil
}

// confirmationSheet says what was handed in, when, and what support it would make.
func (s *Papers) confirmationSheet(ctx context.Context, tx pgx.Tx, id uuid.UUID, tag locale.Tag) (sh typeset.Paper, err error) {
	a, err := applicationByID(ctx, tx, id)
	if err != nil {
		return sh, err
	}
	sh, w, zone, err := s.begin(ctx, tx, a, ConfirmationPaper, tag)
	if err != nil {
		return sh, err
	}
	sh.Fact(w.say("promotion-paper.contact"), strings.Join(strings.Fields(a.Form.Contact+" "+a.Form.Phone+" "+a.Form.Email), " "))
	sh.Fact(w.say("promotion-paper.team"), strings.Join(a.Form.Team, " \u00b7 "))
	sh.Fact(w.say("promotion-paper.received"), Clock(tag, *a.SubmittedAt, zone))
	in := a.Call.Currency
	costs := typeset.PaperBlock{Title: w.say("promotion-paper.costs"), Head: w.head("promotion-paper.cost", "promotion-paper.text", "promotion-paper.amount", "promotion-paper.rate", "promotion-paper.worth"), Rows: [][]string{}, Numbers: []int{2, 4}}
	for _, c := range a.Form.Costs {
		var worth, rate string
		if v := c.worth(in); v != nil {
			worth = floor(v).Show(tag, in)
		}
		if c.Currency != in && c.RateOn != nil {
			rate = string(c.Rate) + " \u00b7 " + c.RateSource + " \u00b7 " + locale.Day(tag, *c.RateOn)
		}
		costs.Rows = append(costs.Rows, []string{w.say("promotion.cost." + string(c.Kind)), c.Text, c.Amount.Show(tag, c.Currency), rate, worth})
	}
	sums := typeset.PaperBlock{Text: w.say("promotion-paper.sums"), Head: []string{"", w.say("promotion-paper.amount")}, Numbers: []int{1},
		Rows: [][]string{{w.say("promotion-paper.eligible"), a.Reckoned.Eligible.Show(tag, in)}, {w.say("promotion-paper.support"), a.Reckoned.Support.Show(tag, in)}}}
	sh.Blocks = append(sh.Blocks, typeset.PaperBlock{Text: w.say("promotion-paper.confirmed", "Number", a.Number)}, costs, sums)
	all, err := filed(ctx, tx, id)
	if err != nil {
		return sh, err
	}
	papers := typeset.PaperBlock{Title: w.say("promotion-paper.documents"), Head: w.head("promotion-paper.file", "promotion-paper.sha256"), Rows: [][]string{}, Numbers: []int{}}
	for _, f := range all {
		papers.Rows = append(papers.Rows, []string{f.Filename, inGroups(f.SHA256)})
	}
	if len(papers.Rows) > 0 {
		sh.Blocks = append(sh.Blocks, papers)
	}
	return sh, nil
}

// inGroups writes a hash so that a line can end in it.
func inGroups(hash string) string {
	const group = 16
	var all []string
	for len(hash) > group {
		all, hash = append(all, hash[:group]), hash[group:]
	}
	return strings.Join(append(all, hash), " ")
}

// letterSheet says what was decided, why, and until when an objection may be made.
func (s *Papers) letterSheet(ctx context.Context, tx pgx.Tx, id uuid.UUID, tag locale.Tag) (sh typeset.Paper, err error) {
	d, err := awardByID(ctx, tx, id)
	if err != nil {
		return sh, err
	}
	a, err := applicationByID(ctx, tx, d.ApplicationID)
	if err != nil {
		return sh, err
	}
	sh, w, zone, err := s.begin(ctx, tx, a, LetterPaper, tag)
	if err != nil {
		return sh, err
	}
	amount := d.Amount.Show(tag, d.Currency)
	sh.Fact(w.say("promotion-paper.outcome"), w.say("promotion-paper.outcome."+string(d.Outcome)))
	if d.Outcome == Awarded || d.Outcome == Waiting {
		sh.Fact(w.say("promotion-paper.awarded-amount"), amount)
	}
	if d.Position > 0 {
		sh.Fact(w.say("promotion-paper.position"), fmt.Sprint(d.Position))
	}
	sh.Fact(w.say("promotion-paper.decided"), locale.Day(tag, d.DecidedAt.In(zone)))
	sh.Blocks = append(sh.Blocks, typeset.PaperBlock{Text: w.say("promotion-paper.letter."+string(d.Outcome), "Name", a.Form.Name, "Amount", amount, "Number", a.Number)},
		typeset.PaperBlock{Title: w.say("promotion-paper.reason"), Text: d.Reason})
	if d.ObjectionUntil != nil {
		sh.Blocks = append(sh.Blocks, typeset.PaperBlock{Title: w.say("promotion-paper.objection"), Text: w.say("promotion-paper.objection-until", "Until", Clock(tag, *d.ObjectionUntil, zone))})
	} else {
		sh.Blocks = append(sh.Blocks, typeset.PaperBlock{Note: w.say("promotion-paper.unpublished")})
	}
	sh.Blocks = append(sh.Blocks, typeset.PaperBlock{Signed: [][2]string{{w.say("promotion-paper.signed"), d.DecidedName}, {w.say("letter.paper.seal"), " "}}})
	return sh, nil
}
