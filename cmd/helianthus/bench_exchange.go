package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// benchExchange measures publishing, one record a transaction by several at once, and reading the feed from its beginning:
// as lines over HTTP by nobody in particular, and by another tenant, whose every read leaves a signed receipt; then writing
// as many registrations in XML.
func benchExchange(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, r.clients+1)
	if err != nil {
		return err
	}
	reader, publishers := tenants[0], tenants[1:]
	started := time.Now()
	var group errgroup.Group
	each := max(1, r.changes/len(publishers))
	for t, scoped := range publishers {
		group.Go(func() error {
			for n := range each {
				p := exchange.Publication{Kind: "registration", RecordID: uuid.Must(uuid.NewV7()), Content: benchContent(t*each + n)}
				err := r.house.DB.Tx(scoped, func(tx pgx.Tx) error {
					_, err := exchange.Publish(scoped, tx, p)
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	total := each * len(publishers)
	r.figure("exchange_published", "%d", total)
	r.figure("exchange_publish_per_s", "%.0f", float64(total)/time.Since(started).Seconds())
	started = time.Now()
	if err := r.readLines(ctx, total); err != nil {
		return err
	}
	r.figure("feed_rows_per_s", "%.0f", float64(total)/time.Since(started).Seconds())
	started = time.Now()
	read := 0
	if err := r.house.Exchange.Stream(reader, 0, exchange.ChangeFilter{}, func(exchange.Change) error { read++; return nil }); err != nil {
		return err
	}
	if read != total {
		return fmt.Errorf("the feed gave %d changes of %d", read, total)
	}
	r.figure("feed_signed_rows_per_s", "%.0f", float64(total)/time.Since(started).Seconds())
	if err := r.draft(reader, total, func(n int) registry.Content { return benchContent(n).Content }); err != nil {
		return err
	}
	started = time.Now()
	if err := r.house.Registry.Export(reader, registry.Filter{}, "xml", registry.FieldNames, io.Discard); err != nil {
		return err
	}
	r.figure("exchange_xml_rows_per_s", "%.0f", float64(total)/time.Since(started).Seconds())
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r.figure("feed_heap_mb", "%d", m.HeapSys>>20)
	return benchCredential(publishers[0], r)
}

func (r *benchRun) readLines(ctx context.Context, want int) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.address+"/api/v1/changes", nil)
	if err != nil {
		return err
	}
	q.Header.Set("Accept", "application/x-ndjson")
	res, err := (&http.Client{Timeout: 10 * time.Minute}).Do(q)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines, got := bufio.NewScanner(res.Body), 0
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		got++
	}
	if got != want {
		return fmt.Errorf("the feed gave %d lines of %d (%s): %w", got, want, res.Status, lines.Err())
	}
	return nil
}
