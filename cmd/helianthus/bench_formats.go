package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime/metrics"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/registry"
)

// benchForms are the forms of a whole register, over HTTP: the export, which has all of each registration, and the list,
// which is answered in a form that Accept names.
var benchForms = []struct{ name, path, accept string }{
	{"ndjson", "/api/v1/registrations/export?format=ndjson", ""},
	{"csv", "/api/v1/registrations/export?format=csv", ""},
	{"xml", "/api/v1/registrations/export?format=xml", ""},
	{"xlsx", "/api/v1/registrations/export?format=xlsx", ""},
	{"list_ndjson", "/api/v1/registrations", "application/x-ndjson"},
	{"list_xlsx", "/api/v1/registrations", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
}

// benchFormats measures a whole register read by a machine in each form: registrations a second, bytes of each, and the
// most memory of this process meanwhile, which serves, and reads what it serves and keeps nothing. PostgreSQL is another
// process. Both the resident memory and the heap are told, absolutely and above what the process had before anybody asked.
func benchFormats(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	owner, err := pgx.Connect(ctx, r.server.URL("helianthus_owner", "helianthus"))
	if err != nil {
		return err
	}
	defer owner.Close(ctx)
	if _, err := owner.Exec(ctx, `drop index app.registrations_grams_idx`); err != nil { // nothing is searched
		return err
	}
	if err := r.draft(tenants[0], r.exported, func(n int) registry.Content { return benchContent(n).Content }); err != nil {
		return err
	}
	if err := r.analyze(ctx); err != nil {
		return err
	}
	token, err := r.benchMachine(tenants[0])
	if err != nil {
		return err
	}
	r.figure("export_registrations", "%d", r.exported)
	forgetPeak()
	idle := r.heapMeanwhile(func() error { return nil })
	idleRSS, _ := peakMemory()
	r.figure("export_idle_rss_mb", "%d", idleRSS)
	r.figure("export_idle_heap_mb", "%d", idle.heap>>20)
	for _, form := range benchForms {
		forgetPeak()
		started := time.Now()
		var size int64
		of := r.heapMeanwhile(func() (err error) {
			size, err = r.readForm(ctx, form.path, form.accept, token)
			return err
		})
		if of.err != nil {
			return fmt.Errorf("%s: %w", form.name, of.err)
		}
		r.figure("export_"+form.name+"_rows_per_s", "%.0f", float64(r.exported)/time.Since(started).Seconds())
		r.figure("export_"+form.name+"_bytes_a_row", "%d", size/int64(max(1, r.exported)))
		if rss, ok := peakMemory(); ok {
			r.figure("export_"+form.name+"_peak_rss_mb", "%d", rss)
			r.figure("export_"+form.name+"_rss_above_idle_mb", "%d", rss-idleRSS)
		}
		r.figure("export_"+form.name+"_peak_heap_mb", "%d", of.heap>>20)
		r.figure("export_"+form.name+"_heap_above_idle_mb", "%d", int64(of.heap>>20)-int64(idle.heap>>20))
	}
	return nil
}

// readForm reads an answer to its end and returns its length.
func (r *benchRun) readForm(ctx context.Context, path, accept, token string) (int64, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.address+path, nil)
	if err != nil {
		return 0, err
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Accept-Encoding", "identity")
	if accept != "" {
		q.Header.Set("Accept", accept)
	}
	res, err := (&http.Client{Timeout: time.Hour}).Do(q)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %s", path, res.Status)
	}
	return io.Copy(io.Discard, res.Body)
}

// heapSeen is the most bytes of objects on the heap, dead ones that wait for the collector among them.
type heapSeen struct {
	heap uint64
	err  error
}

func (r *benchRun) heapMeanwhile(do func() error) (seen heapSeen) {
	ended := make(chan error, 1)
	go func() { ended <- do() }()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for {
		metrics.Read(sample)
		seen.heap = max(seen.heap, sample[0].Value.Uint64())
		select {
		case seen.err = <-ended:
			return seen
		case <-look.C:
		}
	}
}
