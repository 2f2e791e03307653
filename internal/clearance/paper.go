package clearance

import (
	"context"
	"embed"
	"errors"
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
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

//go:embed template/*.typ
var templates embed.FS

// paperStandard is PDF/A-2 with tags: accessible and self-contained (ISO 19005-2).
const paperStandard = "a-2a"

// Print is the job that makes the paper of a report with the decisions of a moment.
type Print struct {
	Report   ReportID
	Language locale.Tag
}

// Kind names the job.
func (Print) Kind() string { return "clearance-report.issue" }

// Queue keeps papers from filling the workers of other jobs.
func (Print) Queue() jobs.Queue { return jobs.Typeset }

// Issue starts to print a report in a language of the house. Its paper is a document of the tenant; when the report is about a case
// it is one of the case's too, where it may be shared with the other side. It returns the task.
func (s *Reports) Issue(ctx context.Context, id ReportID, language locale.Tag) (r Report, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if r, err = lockReport(ctx, tx, id); err != nil {
			return err
		}
		if _, err := moves.Next(r.Status, Issue); err != nil {
			return ErrSearching
		}
		task, err := s.Jobs.Start(ctx, tx, Print{}.Kind(), id, Print{id, language})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update app.clearance_reports set task_id = $2 where id = $1`, id, task); err != nil {
			return postgres.Wrap(err, "clearance report %s", id)
		}
		r.TaskID = &task
		return audit.Record(ctx, tx, audit.Event{Action: "clearance-report.issue", ObjectKind: "clearance-report", ObjectID: id.String(), After: map[string]any{"version": r.Version, "language": language}})
	})
	return r, err
}

// sheet is everything that stands in the paper, words included; the template adds nothing.
type sheet struct {
	typeset.Sheet
	Title    string       `json:"title"`
	Spoken   string       `json:"titleLanguage"`
	Demo     string       `json:"demo"`
	Facts    [][2]string  `json:"facts"`
	Groups   []sheetGroup `json:"groups"`
	Searched [][2]string  `json:"searched"`
	Method   string       `json:"method"`
}

type sheetGroup struct {
	Title    string         `json:"title"`
	Findings []sheetFinding `json:"findings"`
}

type sheetFinding struct {
	Place    string   `json:"place"`
	Score    string   `json:"score"`
	Ours     string   `json:"ours"`
	Theirs   string   `json:"theirs"`
	Main     string   `json:"main"`
	Facts    []string `json:"facts"`
	Ways     []string `json:"ways"`
	Decision string   `json:"decision"`
	Conflict bool     `json:"conflict"`
	Reason   string   `json:"reason"`
	By       string   `json:"by"`
}

// sheetOf is the paper of a report in a language; one of a demonstration says so on every page.
func sheetOf(b *locale.Bundle, tag locale.Tag, demo bool, r Report, all []Finding) sheet {
	say := func(id string, values map[string]any) string { return b.T(tag, id, values) }
	sh := sheet{Sheet: typeset.SheetOf(tag, r.AskedAt), Title: r.Title, Spoken: r.Names[0].Language, Facts: [][2]string{}, Groups: []sheetGroup{}, Searched: [][2]string{},
		Method: say("clearance.paper.method", map[string]any{"Weights": r.Method.Weights, "Pinyin": r.Method.Pinyin, "Latin": r.Method.Latin, "Variants": r.Method.Variants})}
	if demo {
		sh.Demo = say("letter.paper.demo", nil)
	}
	for _, w := range []string{"kind", "ours", "theirs", "score", "undecided", "searched", "nothing", "advice", "pageOf"} {
		sh.Words[w] = say("clearance.paper."+w, nil)
	}
	var names []string
	for _, n := range r.Names {
		names = append(names, n.Text)
	}
	fact := func(id, value string) {
		if value != "" {
			sh.Facts = append(sh.Facts, [2]string{say(id, nil), value})
		}
	}
	fact("clearance.paper.names", strings.Join(names, " · "))
	fact("clearance.paper.market", r.Market.Name(b, tag))
	fact("clearance.column.classes", strings.ReplaceAll(strings.Join(r.Classes, ", "), "|", " "))
	fact("clearance.paper.asked", locale.Day(tag, r.AskedAt))
	fact("clearance.paper.by", r.AskedBy)
	fact("clearance.paper.found", say("clearance.paper.counts", map[string]any{"Found": r.Found, "Kept": r.Kept, "Decided": r.Decided, "Conflicts": r.Conflicts}))
	for _, right := range Rights {
		g := sheetGroup{Title: say("clearance.right."+string(right), nil)}
		for _, f := range all {
			if f.Right == right {
				g.Findings = append(g.Findings, sheetFindingOf(b, tag, f))
			}
		}
		if len(g.Findings) > 0 {
			sh.Groups = append(sh.Groups, g)
		}
	}
	for _, s := range r.Searched {
		line := say("clearance.paper.records", map[string]any{"Number": s.Count})
		for _, l := range s.Lists {
			line += "; " + l.Name + " (" + strconv.Itoa(l.Count) + ", " + l.Source + ", " + l.TakenOn + ")"
		}
		sh.Searched = append(sh.Searched, [2]string{say("clearance.source."+s.Source, nil), line})
	}
	return sh
}

func sheetFindingOf(b *locale.Bundle, tag locale.Tag, f Finding) sheetFinding {
	out := sheetFinding{Place: strconv.Itoa(f.Place), Score: strconv.Itoa(f.Score), Ours: f.Name, Theirs: f.Facts.Sign, Main: f.Facts.Main, Facts: []string{}, Ways: []string{}, Reason: f.Reason, By: f.DecidedBy,
		Conflict: f.Decision == Conflict}
	for _, s := range []string{stateWord(b, tag, f), officeName(b, tag, f.Facts.Office), f.Facts.Number, locale.Pick(tag, f.Facts.Holder), f.Facts.Since, strings.ReplaceAll(strings.Join(f.Facts.Classes, ", "), "|", " "),
		b.T(tag, "clearance.goods."+string(f.Goods), nil), sourceWord(b, tag, f)} {
		if s != "" {
			out.Facts = append(out.Facts, s)
		}
	}
	for _, l := range f.Likenesses {
		way := b.T(tag, "clearance.likeness."+string(l.Kind), nil)
		if l.Shared != "" {
			way += " – " + b.T(tag, "clearance.shared", map[string]any{"Term": l.Shared})
		}
		out.Ways = append(out.Ways, way+" ("+strconv.Itoa(l.Score)+")")
	}
	if f.Decision != Undecided {
		out.Decision = b.T(tag, "clearance.decision."+string(f.Decision), nil)
	}
	return out
}

// setPaper sets a report.
func setPaper(ctx context.Context, press *typeset.Pool, sh sheet) ([]byte, error) {
	r, err := press.Set(ctx, typeset.Job{Template: templates, Main: "report.typ", Standard: paperStandard}, &sh)
	return r.PDF, err
}

// print is the worker of Print. Done again it makes the same document of the same version.
func (s *Reports) print(ctx context.Context, p *jobs.Progress, args Print) error {
	p.Step(ctx, "task.step.typesetting")
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	var r Report
	var all []Finding
	err = s.DB.Read(ctx, func(tx pgx.Tx) (err error) {
		if r, err = reportByID(ctx, tx, args.Report); err != nil {
			return err
		}
		all, err = listFindings(ctx, tx, r.ID, FindingFilter{}, 0, weightOf("findings"))
		return err
	})
	if err != nil {
		return err
	}
	pdf, err := setPaper(ctx, s.Press, sheetOf(s.Bundle, args.Language, scope.Demo, r, all))
	if err != nil {
		return fmt.Errorf("clearance report %s: %w", r.ID, err)
	}
	key := fmt.Sprintf("paper %d %s", r.Version, args.Language)
	d, err := s.Docs.Put(ctx, document.File{ID: uuid.NewSHA1(r.ID, []byte(key)), Filename: "clearance-" + r.AskedAt.Format(time.DateOnly) + ".pdf", MediaType: "application/pdf", Purpose: "clearance-report", Content: pdf})
	if err != nil {
		return err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.clearance_reports set document_id = $2, printed_version = $3 where id = $1`, r.ID, d.ID, r.Version)
		return postgres.Wrap(err, "clearance report %s", r.ID)
	})
	if err != nil || r.Case == nil {
		return err
	}
	title := s.Bundle.T(args.Language, "clearance.paper.kind", nil) + " · " + r.Title
	_, err = s.Letters.Attach(ctx, *r.Case, recognition.Paper{Title: title, Kind: "clearance-report", Language: string(args.Language), DocumentID: &d.ID})
	if errors.Is(err, recognition.ErrAttached) { // the job is done a second time
		return nil
	}
	return err
}
