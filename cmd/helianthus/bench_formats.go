package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/registry"
)

// wholeRead is one way to read everything over HTTP.
type wholeRead struct {
	name, path, accept string
	other              bool // as another tenant's machine, each of whose reads leaves a signed receipt
	pages              bool // page after page, as the answers say
	lines              bool // a row a line
	heading            int  // lines before the first row
}

// benchForms are the forms of a whole register: the export, which has all of each registration, the list, which is answered
// in a form that Accept names, and the change feed, as lines and in pages.
var benchForms = []wholeRead{
	{name: "export_ndjson", path: "/api/v1/registrations/export?format=ndjson", lines: true},
	{name: "export_csv", path: "/api/v1/registrations/export?format=csv", lines: true, heading: 1},
	{name: "export_xml", path: "/api/v1/registrations/export?format=xml"},
	{name: "export_xlsx", path: "/api/v1/registrations/export?format=xlsx"},
	{name: "list_json", path: "/api/v1/registrations?limit=200&sort=id", pages: true},
	{name: "list_ndjson", path: "/api/v1/registrations", accept: "application/x-ndjson", lines: true},
	{name: "list_csv", path: "/api/v1/registrations", accept: "text/csv", lines: true, heading: 1},
	{name: "list_xlsx", path: "/api/v1/registrations", accept: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{name: "publications_ndjson", path: "/api/v1/publications", accept: "application/x-ndjson", lines: true},
	{name: "changes_ndjson", path: "/api/v1/changes", accept: "application/x-ndjson", other: true, lines: true},
	{name: "changes_json", path: "/api/v1/changes?limit=1000", pages: true},
	{name: "changes_json_signed", path: "/api/v1/changes?limit=1000", other: true, pages: true},
}

// benchFormats measures a whole published register read by machines in each form: registrations a second, bytes of each,
// and the most memory of this process meanwhile, which serves, and reads what it serves and keeps nothing. PostgreSQL is
// another process. Both the resident memory and the heap are told, absolutely and above what the process had before.
func benchFormats(ctx context.Context, r *benchRun) error {
	forms, err := formsNamed(r.forms)
	if err != nil {
		return err
	}
	tenants, err := r.benchTenants(ctx, 2)
	if err != nil {
		return err
	}
	started := time.Now()
	if err := r.publishedRegister(ctx, tenants[0]); err != nil {
		return err
	}
	r.figure("published_registrations", "%d", r.exported)
	r.figure("published_prepared_s", "%.0f", time.Since(started).Seconds())
	forgetPeak()
	idle := r.heapMeanwhile(func() error { return nil })
	idleRSS, _ := peakMemory()
	r.figure("export_idle_rss_mb", "%d", idleRSS)
	r.figure("export_idle_anon_mb", "%d", idle.anon)
	r.figure("export_idle_heap_mb", "%d", idle.heap>>20)
	for _, form := range forms {
		who := tenants[0]
		if form.other {
			who = tenants[1]
		}
		token, err := r.benchMachine(who) // lives for a quarter of an hour: longer than one form takes, shorter than all
		if err != nil {
			return err
		}
		forgetPeak()
		started := time.Now()
		var size int64
		of := r.heapMeanwhile(func() (err error) {
			size, err = r.readWhole(ctx, form, token)
			return err
		})
		if of.err != nil {
			return fmt.Errorf("%s: %w", form.name, of.err)
		}
		r.figure(form.name+"_rows_per_s", "%.0f", float64(r.exported)/time.Since(started).Seconds())
		r.figure(form.name+"_bytes_a_row", "%d", size/int64(max(1, r.exported)))
		if rss, ok := peakMemory(); ok {
			r.figure(form.name+"_peak_rss_mb", "%d", rss)
			r.figure(form.name+"_rss_above_idle_mb", "%d", rss-idleRSS)
		}
		r.figure(form.name+"_peak_anon_mb", "%d", of.anon)
		r.figure(form.name+"_heap_above_idle_mb", "%d", int64(of.heap>>20)-int64(idle.heap>>20))
	}
	return nil
}

// formsNamed are the forms whose names are given with commas between them, all of them where none is.
func formsNamed(names string) (forms []wholeRead, err error) {
	if names == "" {
		return benchForms, nil
	}
	for name := range strings.SplitSeq(names, ",") {
		k := slices.IndexFunc(benchForms, func(f wholeRead) bool { return f.name == name })
		if k < 0 {
			return nil, errBench.With("Word", name)
		}
		forms = append(forms, benchForms[k])
	}
	return forms, nil
}

// publishedRegister fills a tenant's register and publishes all of it to everybody, with its events of the feed.
func (r *benchRun) publishedRegister(ctx, scoped context.Context) error {
	owner, err := pgx.Connect(ctx, r.server.URL("helianthus_owner", "helianthus"))
	if err != nil {
		return err
	}
	defer owner.Close(ctx)
	if _, err := owner.Exec(ctx, `drop index app.registrations_grams_idx`); err != nil { // nothing is searched
		return err
	}
	if err := r.draft(scoped, r.exported, func(n int) registry.Content { return benchContent(n).Content }); err != nil {
		return err
	}
	for after, more := uuid.Nil, true; more; {
		err := r.house.DB.Tx(scoped, func(tx pgx.Tx) (err error) {
			after, more, err = publishDrafts(scoped, tx, after)
			return err
		})
		if err != nil {
			return err
		}
	}
	return r.analyze(ctx)
}

// publishDrafts publishes some thousand drafts behind an id, and tells the last one's id and whether there was any.
func publishDrafts(ctx context.Context, tx pgx.Tx, after uuid.UUID) (last uuid.UUID, more bool, err error) {
	const batch = 5000
	rows, _ := tx.Query(ctx, `
		update app.registrations set status = 'registered' where id in (select id from app.registrations where id > $1 order by id limit $2)
		returning id, content`, after, batch)
	var p benchRows
	var id uuid.UUID
	var c registry.Content
	_, err = pgx.ForEachRow(rows, []any{&id, &c}, func() error {
		if bytes.Compare(id[:], after[:]) > 0 {
			after = id
		}
		err := p.add("registration", id, registry.Public{Content: c, Status: registry.Registered, Periods: benchContent(0).Periods}, namesOf(c))
		c = registry.Content{}
		return err
	})
	if err != nil || len(p.ids) == 0 {
		return after, false, err
	}
	if err := p.write(ctx, tx); err != nil {
		return after, false, err
	}
	_, err = tx.Exec(ctx, `
		insert into app.changes (event, publication_id, kind, record_id, version, open)
		select 'publish', id, 'registration', record, 1, true from unnest($1::uuid[], $2::uuid[]) as u (id, record)`, p.ids, p.records)
	return after, true, err
}

// readWhole reads an answer, or page after page, to the end and returns the length of all.
func (r *benchRun) readWhole(ctx context.Context, form wholeRead, token string) (size int64, err error) {
	read := counting{lineEnds: -form.heading}
	for path := form.path; path != ""; {
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.address+path, nil)
		if err != nil {
			return 0, err
		}
		q.Header.Set("Authorization", "Bearer "+token)
		q.Header.Set("Accept-Encoding", "identity")
		if form.accept != "" {
			q.Header.Set("Accept", form.accept)
		}
		res, err := (&http.Client{Timeout: time.Hour}).Do(q)
		if err != nil {
			return 0, err
		}
		path, err = read.part(form, path, res)
		res.Body.Close()
		if err != nil {
			return 0, err
		}
	}
	if rows := read.rows + read.lineEnds; (form.pages || form.lines) && rows != r.exported {
		return 0, fmt.Errorf("%d rows came", rows)
	}
	return read.size, nil
}

// counting is how much was read.
type counting struct {
	size           int64
	rows, lineEnds int
}

func (c *counting) Write(b []byte) (int, error) {
	c.size, c.lineEnds = c.size+int64(len(b)), c.lineEnds+bytes.Count(b, []byte("\n"))
	return len(b), nil
}

// part reads one answer and returns the path of the next one, empty when it was the last.
func (c *counting) part(form wholeRead, path string, res *http.Response) (next string, err error) {
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", path, res.Status)
	}
	if !form.pages {
		_, err := io.Copy(c, res.Body)
		return "", err
	}
	var page struct {
		Items          []json.RawMessage
		Next           string
		Position, Head int64
	}
	if err := json.NewDecoder(res.Body).Decode(&page); err != nil {
		return "", err
	}
	for _, item := range page.Items {
		c.size, c.rows = c.size+int64(len(item)), c.rows+1
	}
	switch {
	case page.Next != "":
		return form.path + "&cursor=" + url.QueryEscape(page.Next), nil
	case page.Position < page.Head:
		return form.path + "&after=" + strconv.FormatInt(page.Position, 10), nil
	}
	return "", nil
}

// heapSeen is the most bytes of objects on the heap, dead ones that wait for the collector among them, and the most of this
// process's memory, in MiB, that is no file: what the program itself takes up is mapped from its file, and can be dropped.
type heapSeen struct {
	heap uint64
	anon int
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
		anon, _ := statusMiB("RssAnon:")
		seen.anon = max(seen.anon, anon)
		select {
		case seen.err = <-ended:
			return seen
		case <-look.C:
		}
	}
}
