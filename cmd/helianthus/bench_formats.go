package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/registry"
)

// benchFormats measures the export of a whole register in each form: how many registrations a second are read from the
// database and written, how long each is, and the most memory that this process had meanwhile.
func benchFormats(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	ctx = tenants[0]
	owner, err := pgx.Connect(ctx, r.server.URL("helianthus_owner", "helianthus"))
	if err != nil {
		return err
	}
	defer owner.Close(ctx)
	if _, err := owner.Exec(ctx, `drop index app.registrations_grams_idx`); err != nil { // nothing is searched
		return err
	}
	if err := r.draft(ctx, r.exported, func(n int) registry.Content { return benchContent(n).Content }); err != nil {
		return err
	}
	r.figure("export_registrations", "%d", r.exported)
	forgetPeak()
	r.memory("export_idle")
	for _, form := range []string{"ndjson", "csv", "xml", "xlsx"} {
		forgetPeak()
		var size counter
		started := time.Now()
		if err := r.house.Registry.Export(ctx, registry.Filter{}, form, &size); err != nil {
			return fmt.Errorf("%s: %w", form, err)
		}
		r.figure("export_"+form+"_rows_per_s", "%.0f", float64(r.exported)/time.Since(started).Seconds())
		r.figure("export_"+form+"_bytes_a_row", "%d", int(size)/max(1, r.exported))
		r.memory("export_" + form)
	}
	return nil
}

// counter counts what is written and keeps nothing.
type counter int

var _ io.Writer = (*counter)(nil)

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
