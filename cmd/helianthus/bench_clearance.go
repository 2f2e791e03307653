package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/clearance"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// benchClearance measures what stands against a name among very many earlier marks and registrations: the import of the marks, a
// search among them, and whole reports from the question to the frozen answer.
func benchClearance(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	ctx = asOfficer(tenants[0])
	if err := r.draft(ctx, r.cleared, searchedContent); err != nil {
		return err
	}
	if err := r.importMarks(ctx); err != nil {
		return err
	}
	if err := r.analyze(ctx); err != nil {
		return err
	}
	var listed, took []time.Duration
	for n := range 30 {
		name := searchedContent(n * 37 % r.cleared).Names[0].Text
		asked := time.Now()
		if _, _, err := r.house.Marks.List(ctx, clearance.MarkFilter{Words: name}, 25, ""); err != nil {
			return err
		}
		listed = append(listed, time.Since(asked))
		asked = time.Now()
		report, err := r.house.Clear.Ask(ctx, clearance.Question{Names: []clearance.Name{{Text: name, Language: "zh-Hans"}}, Market: "CN", Classes: []registry.Class{{Scheme: "nice", Code: "31"}}})
		if err != nil {
			return err
		}
		if _, err := r.house.Jobs.Await(ctx, *report.TaskID); err != nil {
			return err
		}
		took = append(took, time.Since(asked))
		if report, err = r.house.Clear.Report(ctx, report.ID); err != nil || report.Found < 2 {
			return fmt.Errorf("%s: found %d, %w", name, report.Found, err)
		}
	}
	r.figure("clearance_marks", "%d", r.cleared)
	r.figure("clearance_registrations", "%d", r.cleared)
	r.figure("clearance_mark_search_p95_ms", "%.1f", milliseconds(quantile(listed, 0.95)))
	r.figure("clearance_report_p50_ms", "%.0f", milliseconds(quantile(took, 0.50)))
	r.figure("clearance_report_p95_ms", "%.0f", milliseconds(quantile(took, 0.95)))
	return nil
}

// importMarks brings marks that sound like the registrations into a list.
func (r *benchRun) importMarks(ctx context.Context) error {
	text := []byte("sign,transcription,kind,number,office,holder,classes,status\n")
	for n := range r.cleared {
		c := searchedContent(n)
		text = fmt.Appendf(text, "%s,%s,trade-mark,M%08d,CN,Holder %d,%d,registered\n", c.Names[0].Text, c.Names[1].Text, n, n%977, 1+n%45)
	}
	d, err := r.house.Docs.Put(ctx, document.File{ID: uuid.New(), Filename: "marks.csv", MediaType: "text/csv", Purpose: "registration-import", Content: text})
	if err != nil {
		return err
	}
	started := time.Now()
	i, err := r.house.Marks.Import(ctx, d.ID, clearance.ListImport{List: "Marks", Source: "Bench", TakenOn: "2026-01-05"})
	if err != nil {
		return err
	}
	if i, err = r.awaitImport(ctx, i, registry.Ready); err != nil {
		return err
	}
	if i, err = r.house.Imports.Commit(ctx, i.ID); err != nil {
		return err
	}
	if _, err = r.awaitImport(ctx, i, registry.Done); err != nil {
		return err
	}
	r.figure("clearance_import_s", "%.1f", time.Since(started).Seconds())
	return nil
}
