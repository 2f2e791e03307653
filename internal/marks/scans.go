package marks

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// scan is one question about a code of ours. Of who asked, the country is kept and nothing else.
type scan struct {
	scope   tenancy.Scope
	batch   uuid.UUID
	number  int64
	verdict Verdict
	country string
	at      time.Time
}

// scans wait to be written, so that nobody in a shop waits for it.
type scans struct {
	mu      sync.Mutex
	waiting []scan
	lost    int // there was no room for
}

const (
	scanEvery = 2 * time.Second
	mostScans = 50_000 // that wait; more are counted and lost
)

func (s *scans) add(one scan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= mostScans {
		s.lost++
		return
	}
	s.waiting = append(s.waiting, one)
}

func (s *scans) take() (all []scan, lost int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, lost = s.waiting, s.lost
	s.waiting, s.lost = nil, 0
	return all, lost
}

// Run writes scans until ctx ends, and those that are left then.
func (c *Codes) Run(ctx context.Context) error {
	tick := time.NewTicker(scanEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			c.Flush(last)
			return nil
		case <-tick.C:
			c.Flush(ctx)
		}
	}
}

// Flush writes the scans that wait, a tenant a transaction. What cannot be written is told and lost: a scan is no record of law.
func (c *Codes) Flush(ctx context.Context) {
	all, lost := c.scans.take()
	if lost > 0 {
		slog.WarnContext(ctx, "scans were lost", "scans", lost)
	}
	slices.SortStableFunc(all, func(a, b scan) int { return slices.Compare(a.scope.Tenant[:], b.scope.Tenant[:]) })
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(s scan) bool { return s.scope.Tenant != all[0].scope.Tenant })
		if n < 0 {
			n = len(all)
		}
		if err := c.write(ctx, all[:n]); err != nil {
			slog.WarnContext(ctx, "scans were not written", "scans", n, "error", err)
		}
		all = all[n:]
	}
}

// write writes the scans of one tenant.
func (c *Codes) write(ctx context.Context, all []scan) error {
	batches, numbers, verdicts, countries, times := make([]uuid.UUID, len(all)), make([]int64, len(all)), make([]string, len(all)), make([]string, len(all)), make([]time.Time, len(all))
	for i, s := range all {
		batches[i], numbers[i], verdicts[i], countries[i], times[i] = s.batch, s.number, string(s.verdict), s.country, s.at
	}
	return c.db.Tx(tenancy.In(ctx, all[0].scope), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into app.mark_scans (batch_id, number, verdict, country, scanned_at)
			select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[])`, batches, numbers, verdicts, countries, times)
		return postgres.Wrap(err, "%d scans", len(all))
	})
}

// ScanSum is how often codes of a batch were asked for, by what was answered and from where.
type ScanSum struct {
	Verdict Verdict
	Country string
	Scans   int
	Codes   int // different ones
	LastAt  time.Time
}

// Scans sums the scans of a batch, the most frequent first.
func (s *Batches) Scans(ctx context.Context, batch uuid.UUID) (all []ScanSum, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := batchByID(ctx, tx, batch); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select verdict, country, count(*), count(distinct number), max(scanned_at) from app.mark_scans where batch_id = $1
			group by verdict, country order by count(*) desc, verdict, country limit 500`, batch)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[ScanSum])
		return postgres.Wrap(err, "scans of mark batch %s", batch)
	})
	return all, err
}
