package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// benchImport measures a file of very many rows on its way into the register: the preview, then the one commit.
func benchImport(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	ctx = asOfficer(tenants[0])
	file, err := r.putCSV(ctx)
	if err != nil {
		return err
	}
	forgetPeak()
	started := time.Now()
	i, err := r.house.Imports.Begin(ctx, file, registry.Mapping{})
	if err != nil {
		return err
	}
	if i, err = r.awaitImport(ctx, i, registry.Ready); err != nil {
		return err
	}
	preview := time.Since(started)
	if i, err = r.house.Imports.Commit(ctx, i.ID); err != nil {
		return err
	}
	if i, err = r.awaitImport(ctx, i, registry.Done); err != nil {
		return err
	}
	whole := time.Since(started)
	if i.Counts.New != r.imported {
		return fmt.Errorf("%d of %d rows are new", i.Counts.New, r.imported)
	}
	r.figure("import_rows", "%d", r.imported)
	r.figure("import_preview_s", "%.2f", preview.Seconds())
	r.figure("import_commit_s", "%.2f", (whole - preview).Seconds())
	r.figure("import_rows_per_s", "%.0f", float64(r.imported)/whole.Seconds())
	r.memory("import")
	return nil
}

// asOfficer is the same scope with a person in it: jobs remember who started them.
func asOfficer(ctx context.Context) context.Context {
	s, err := tenancy.From(ctx)
	if err != nil {
		panic(err) // benchTenants put it there
	}
	s.Actor, s.ActorKind, s.Roles = uuid.New(), tenancy.Person, []string{"administrator"}
	return tenancy.In(ctx, s)
}

func (r *benchRun) putCSV(ctx context.Context) (document.ID, error) {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	rows := [][]string{{"office", "name", "transcription", "nameEn", "basisKind", "number", "registeredOn", "hsCodes", "holder", "area", "source"}}
	for n := range r.imported {
		c := benchContent(n)
		rows = append(rows, []string{"CN", c.Names[0].Text, c.Names[1].Text, c.Names[2].Text, "certification-mark", c.Bases[0].Number, "2012-06-01", "120600",
			c.Holder.Names["zh-Hans"], c.Area.Words["zh-Hans"], c.Sources[0].Title})
	}
	if err := w.WriteAll(rows); err != nil {
		return document.ID{}, err
	}
	d, err := r.house.Docs.Put(ctx, document.File{Filename: "registrations.csv", MediaType: "text/csv", Purpose: "registration-import", Content: text.Bytes()})
	return d.ID, err
}

// awaitImport waits until the import's task is over, and for the status that must come of it.
func (r *benchRun) awaitImport(ctx context.Context, i registry.Import, want registry.ImportStatus) (registry.Import, error) {
	task, err := r.house.Jobs.Await(ctx, *i.TaskID)
	if err != nil {
		return i, err
	}
	if i, err = r.house.Imports.Import(ctx, i.ID); err == nil && i.Status != want {
		err = fmt.Errorf("the import is %s after the task %s: %+v", i.Status, task.Status, i.Counts)
	}
	return i, err
}
