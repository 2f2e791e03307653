package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/status"
)

// benchStatus measures the status check over HTTP, and the same SQL without HTTP, on the same database in turns.
func benchStatus(ctx context.Context, r *benchRun) error {
	started := time.Now()
	if err := r.publish(ctx); err != nil {
		return err
	}
	r.figure("status_registrations", "%d", r.tenants*r.registrations)
	r.figure("status_prepared_s", "%.1f", time.Since(started).Seconds())
	forgetPeak()
	var web, raw []float64
	var took, rawTook []time.Duration
	var ours, postgres time.Duration // processor time of the rounds over HTTP
	for round := range r.rounds + 1 {
		ours0, postgres0 := r.cpu()
		rps, each, err := r.ask(ctx, r.askWeb)
		if err != nil {
			return err
		}
		ours1, postgres1 := r.cpu()
		qps, rawEach, err := r.ask(ctx, r.askRaw)
		if err != nil {
			return err
		}
		if round == 0 {
			continue // the first one warms caches and statements
		}
		web, raw = append(web, rps), append(raw, qps)
		ours, postgres = ours+ours1-ours0, postgres+postgres1-postgres0
		took, rawTook = append(took, each...), append(rawTook, rawEach...)
	}
	r.figure("status_rps", "%.0f", median(web))
	r.figure("status_p50_ms", "%.2f", milliseconds(quantile(took, 0.50)))
	r.figure("status_p99_ms", "%.2f", milliseconds(quantile(took, 0.99)))
	r.figure("status_raw_qps", "%.0f", median(raw))
	r.figure("status_raw_p99_ms", "%.2f", milliseconds(quantile(rawTook, 0.99)))
	if asked := time.Duration(len(took)); ours > 0 {
		r.figure("status_go_cpu_us", "%d", (ours / asked).Microseconds()) // of server and asker together
		r.figure("status_postgres_cpu_us", "%d", (postgres / asked).Microseconds())
	}
	r.figure("status_vs_raw", "%.2f", median(web)/median(raw))
	r.memory("status")
	return nil
}

// benchQuestion is a question with the answer that must come.
type benchQuestion struct {
	name, market string
	want         status.Word
}

// question takes one of the names that are published, in one of its forms, at home or abroad; one in ten is of no name.
func (r *benchRun) question(dice *rand.Rand) benchQuestion {
	n := dice.IntN(r.tenants * r.registrations)
	form := benchContent(n).Names[dice.IntN(3)].Text
	switch k := dice.IntN(10); {
	case k == 0:
		return benchQuestion{"nobody's " + form, "CN", status.Unknown}
	case k < 4 && n%recognisedShare == 0:
		return benchQuestion{form, benchMarket, status.Yes}
	case k < 4:
		return benchQuestion{form, benchMarket, status.Unknown}
	default:
		return benchQuestion{form, "CN", status.Yes}
	}
}

// asker asks one question and waits for its answer.
type asker func(ctx context.Context, q benchQuestion) error

// ask loads with questions of the status check.
func (r *benchRun) ask(ctx context.Context, open func() (asker, func(), error)) (rate float64, took []time.Duration, err error) {
	// The questions are made before the clock starts: making them is no part of any answer.
	questions := make([]benchQuestion, 4096)
	dice := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same dice in each round, so that rounds compare
	for i := range questions {
		questions[i] = r.question(dice)
	}
	return r.load(ctx, 131, func() (func(ctx context.Context, n int) error, func(), error) {
		one, done, err := open()
		return func(ctx context.Context, n int) error { return one(ctx, questions[n%len(questions)]) }, done, err
	})
}

// load lets all clients ask for one round and returns how many answers came a second, and how long each took. Each client opens
// what it asks with and asks its numbered questions in order, the first one so many behind that of the client before.
func (r *benchRun) load(ctx context.Context, apart int, open func() (one func(ctx context.Context, n int) error, done func(), err error)) (rate float64, took []time.Duration, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	all := make([][]time.Duration, r.clients)
	started := time.Now()
	var wait sync.WaitGroup
	for c := range r.clients {
		wait.Go(func() {
			one, done, err := open()
			if err != nil {
				cancel(err)
				return
			}
			defer done()
			for n := c * apart; ctx.Err() == nil && time.Since(started) < r.round; n++ {
				asked := time.Now()
				if err := one(ctx, n); err != nil {
					cancel(err)
					return
				}
				all[c] = append(all[c], time.Since(asked))
			}
		})
	}
	wait.Wait()
	elapsed := time.Since(started).Seconds()
	for _, each := range all {
		took = append(took, each...)
	}
	return float64(len(took)) / elapsed, took, context.Cause(ctx)
}

// askRaw asks with the same SQL and nothing else: the prepared statements in one round trip, all columns of all rows received.
func (r *benchRun) askRaw() (asker, func(), error) {
	pool := r.house.DB.Pool()
	return func(ctx context.Context, b benchQuestion) error {
		q, err := status.Ask(b.name, b.market, nil, "", time.Now())
		if err != nil {
			return err
		}
		var alone pgx.Batch
		n := 0
		for _, asked := range q.Queue(&alone) {
			asked.Query(func(rows pgx.Rows) error {
				for rows.Next() {
					n += len(rows.RawValues())
				}
				return rows.Err()
			})
		}
		if err := pool.SendBatch(ctx, &alone).Close(); err != nil {
			return err
		}
		if known := b.name[0] != 'n'; known != (n > 0) {
			return fmt.Errorf("%s: %d values", b.name, n)
		}
		return nil
	}, func() {}, nil
}

// askWeb asks over one kept connection. It speaks just enough HTTP, since whatever the client takes of the two cores the
// server lacks.
func (r *benchRun) askWeb() (asker, func(), error) {
	conn, err := net.Dial("tcp", r.address)
	if err != nil {
		return nil, nil, err
	}
	from := bufio.NewReaderSize(conn, 16<<10)
	var body bytes.Buffer
	return func(_ context.Context, q benchQuestion) error {
		_, err := fmt.Fprintf(conn, "GET /api/v1/status?name=%s&market=%s HTTP/1.1\r\nHost: bench\r\nAccept-Language: en\r\n\r\n", url.QueryEscape(q.name), q.market)
		if err != nil {
			return err
		}
		answer, err := http.ReadResponse(from, nil)
		if err != nil {
			return err
		}
		body.Reset()
		_, err = io.Copy(&body, answer.Body)
		if err := errors.Join(err, answer.Body.Close()); err != nil {
			return err
		}
		if answer.StatusCode != http.StatusOK || !bytes.Contains(body.Bytes(), []byte(`"answer":"`+string(q.want)+`"`)) {
			return fmt.Errorf("%s in %s: got %d %s, want %s", q.name, q.market, answer.StatusCode, body.Bytes(), q.want)
		}
		return nil
	}, func() { _ = conn.Close() }, nil
}
