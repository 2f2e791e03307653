package clearance

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Config is what reports are made with.
type Config struct {
	DB      *tenancy.DB
	Jobs    *jobs.Jobs
	Docs    *document.Documents
	Letters *recognition.Letters // which keep the documents of cases
	Press   *typeset.Pool        // nil in a process that does no jobs
	Bundle  *locale.Bundle
}

// Reports are the verbs of reports.
type Reports struct{ Config }

// NewReports returns the verbs, and adds their workers.
func NewReports(c Config) *Reports {
	s := &Reports{c}
	jobs.Add(c.Jobs, s.answer)
	jobs.Add(c.Jobs, s.print)
	return s
}

// Answer is the job that searches for a report.
type Answer struct{ Report ReportID }

// Kind names the job.
func (Answer) Kind() string { return "clearance-report.create" }

// Ask begins a report; a job searches. It returns problem.ErrInvalid with each wrong field.
func (s *Reports) Ask(ctx context.Context, q Question) (r Report, err error) {
	if err := q.Check(); err != nil {
		return r, err
	}
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if r, err = subject(ctx, tx, q); err != nil {
			return err
		}
		id, err := insertReport(ctx, tx, r)
		if err != nil {
			return err
		}
		task, err := s.Jobs.Start(ctx, tx, Answer{}.Kind(), id, Answer{id})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update app.clearance_reports set task_id = $2 where id = $1`, id, task); err != nil {
			return postgres.Wrap(err, "clearance report %s", id)
		}
		if r, err = reportByID(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "clearance-report.create", ObjectKind: "clearance-report", ObjectID: id.String(), After: map[string]any{"title": r.Title, "market": r.Market}})
	})
	return r, err
}

// subject makes a report of a question: the names of the registration or of the case, their goods, and which records are the name itself.
func subject(ctx context.Context, tx pgx.Tx, q Question) (r Report, err error) {
	r = Report{Market: q.Market, Floor: cmp.Or(q.Floor, weightOf("floor")), Names: q.Names, Same: []uuid.UUID{}}
	classes, hs := q.Classes, q.HSCodes
	switch {
	case q.Registration != nil:
		record, err := registry.ByID(ctx, tx, *q.Registration)
		if errors.Is(err, registry.ErrNotFound) {
			return r, problem.ErrInvalid.At("/registrationId", codeNoRecord)
		}
		if err != nil {
			return r, err
		}
		r.Names, classes, hs = nil, orElse(classes, record.Content.Classes), orElse(hs, record.Content.HSCodes)
		for _, n := range record.Content.Names {
			r.Names = append(r.Names, Name{n.Text, n.Language})
		}
		id := uuid.MustParse(string(record.ID))
		r.Registration, r.Same = &id, []uuid.UUID{id}
	case q.Case != nil:
		c, err := recognition.CaseByID(ctx, tx, *q.Case)
		if errors.Is(err, recognition.ErrCaseNotFound) {
			return r, problem.ErrInvalid.At("/caseId", codeNoRecord)
		}
		if err != nil {
			return r, err
		}
		r.Case, r.Same, r.Market = q.Case, []uuid.UUID{c.ID}, cmp.Or(q.Market, c.Market)
		r.Names = []Name{{c.Name, c.Language}}
		for _, f := range c.Forms {
			r.Names = append(r.Names, Name{f.Text, f.Language})
		}
		if c.Registration != nil {
			r.Same = append(r.Same, c.Registration.Record)
			known, codes, err := goodsAtOrigin(ctx, tx, c.Registration.Record)
			if err != nil {
				return r, err
			}
			classes, hs = orElse(classes, known), orElse(hs, codes)
		}
	}
	r.Names = distinct(r.Names)
	r.Title, r.Classes, r.HSCodes = r.Names[0].Text, classKeys(classes), append([]string{}, hs...)
	if m, ok := recognition.ParseMarket(string(r.Market)); ok {
		r.Market = m
	}
	return r, nil
}

// distinct leaves out names that are written as one before, and those beyond what one report asks for.
func distinct(all []Name) (out []Name) {
	seen := map[string]bool{}
	for _, n := range all {
		n.Text = strings.TrimSpace(n.Text)
		if key := exact(n.Text); registry.NameKey(n.Text) != "" && !seen[key] && len(out) < mostNames {
			seen[key] = true
			out = append(out, n)
		}
	}
	return out
}

func orElse[T any](given, known []T) []T {
	if len(given) == 0 {
		return known
	}
	return given
}

// goodsAtOrigin are the classes of a registration that a case is about: of the tenant's own register, or as another published it.
func goodsAtOrigin(ctx context.Context, tx pgx.Tx, id uuid.UUID) (classes []registry.Class, hs []string, err error) {
	own, err := registry.ByID(ctx, tx, registry.ID(id.String()))
	if err == nil {
		return own.Content.Classes, own.Content.HSCodes, nil
	}
	if !errors.Is(err, registry.ErrNotFound) {
		return nil, nil, err
	}
	err = tx.QueryRow(ctx, `select coalesce(content -> 'classes', '[]'), array(select jsonb_array_elements_text(coalesce(content -> 'hsCodes', '[]'))) from app.publications
		where record_id = $1 and kind = 'registration' and superseded_at is null and withdrawn_at is null order by published_at desc limit 1`, id).Scan(&classes, &hs)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, nil
	}
	return classes, hs, postgres.Wrap(err, "goods of %s", id)
}

// answer is the worker of Answer. Done again after it was done it changes nothing.
func (s *Reports) answer(ctx context.Context, p *jobs.Progress, args Answer) error {
	p.Step(ctx, "task.step.searching")
	var all []Finding
	var searched []Searched
	var found int
	err := s.DB.Read(ctx, func(tx pgx.Tx) error {
		r, err := reportByID(ctx, tx, args.Report)
		if err != nil || r.Status != Searching {
			return err
		}
		if _, err := tx.Exec(ctx, `set local statement_timeout = '10min'`); err != nil { // a large register takes longer than a request may
			return postgres.Wrap(err, "clearance report %s", r.ID)
		}
		all, searched, found, err = search(ctx, tx, r, func(done, total int) { p.At(ctx, int64(done), int64(total)) })
		return err
	})
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		r, err := lockReport(ctx, tx, args.Report)
		if err != nil || r.Status != Searching {
			return err
		}
		to, err := moves.Next(r.Status, Finish)
		if err != nil {
			return err
		}
		if err := finish(ctx, tx, r.ID, to, all, searched, found); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "clearance-report.finish", ObjectKind: "clearance-report", ObjectID: r.ID.String(), After: map[string]any{"found": found, "searched": searched}})
	})
}

// List returns a page of reports, newest first, and the cursor of the next.
func (s *Reports) List(ctx context.Context, f ReportFilter, limit int, cursor string) (all []Report, next string, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { all, next, err = listReports(ctx, tx, f, limit, cursor); return err })
	return all, next, err
}

// Report returns a report.
func (s *Reports) Report(ctx context.Context, id ReportID) (r Report, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { r, err = reportByID(ctx, tx, id); return err })
	return r, err
}

// Findings returns findings of a report behind a place, the strongest first.
func (s *Reports) Findings(ctx context.Context, id ReportID, f FindingFilter, after, limit int) (all []Finding, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := reportByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = listFindings(ctx, tx, id, f, after, limit)
		return err
	})
	return all, err
}

// Decide says what a finding means, and why. It returns ErrDecided when somebody did so before.
func (s *Reports) Decide(ctx context.Context, id ReportID, finding uuid.UUID, d Decision, reason string) (Finding, error) {
	return s.deliberate(ctx, id, finding, Decide, d, reason)
}

// Undo takes a decision back; the trail keeps it. It returns ErrUndecided when there is none.
func (s *Reports) Undo(ctx context.Context, id ReportID, finding uuid.UUID) (Finding, error) {
	return s.deliberate(ctx, id, finding, Undo, Undecided, "")
}

func (s *Reports) deliberate(ctx context.Context, id ReportID, finding uuid.UUID, act ReportAct, d Decision, reason string) (f Finding, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		if _, err := lockReport(ctx, tx, id); err != nil {
			return err
		}
		if f, err = lockFinding(ctx, tx, id, finding); err != nil {
			return err
		}
		before := map[string]any{"decision": f.Decision, "reason": f.Reason, "by": f.DecidedBy}
		if _, err := deliberations.Next(f.Deliberation(), act); err != nil {
			if act == Undo {
				return ErrUndecided
			}
			return ErrDecided.With("By", f.DecidedBy)
		}
		f.Decision, f.Reason, f.DecidedBy = d, strings.TrimSpace(reason), scope.ActorName
		if act == Undo {
			f.DecidedBy = ""
		}
		if err := saveDecision(ctx, tx, id, &f); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "clearance-report." + string(act), ObjectKind: "clearance-report", ObjectID: id.String(), Before: before,
			After: map[string]any{"finding": f.ID, "sign": f.Facts.Sign, "decision": f.Decision, "reason": f.Reason}})
	})
	return f, err
}
