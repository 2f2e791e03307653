package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/webhook"
)

// benchLog measures the transparency log: how many entries get their place a second, how soon a publication is provable,
// and how long a proof takes in a log as long as it is asked for.
func benchLog(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	scoped := tenants[0]
	for made := 0; made < r.logged; made += 100_000 { // what waits, as publications leave it
		err := r.house.DB.Tx(scoped, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `
				insert into app.log_queue (publication_id, event, entry)
				select gen_random_uuid(), 'publish', convert_to('{"at":"2026-11-24T00:00:00Z","event":"publish","kind":"registration","publication":"' || gen_random_uuid() || '","publisher":"bench","sha256":"' || encode(sha256(n::text::bytea), 'hex') || '","version":1}', 'UTF8')
				from generate_series($1::integer, $2::integer) n`, made+1, min(made+100_000, r.logged))
			return err
		})
		if err != nil {
			return err
		}
	}
	started := time.Now()
	if err := r.sequence(ctx); err != nil {
		return err
	}
	r.figure("log_entries", "%d", r.logged)
	r.figure("log_appends_per_s", "%.0f", float64(r.logged)/time.Since(started).Seconds())
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = r.house.Translog.Run(running)
	}()
	defer func() { stop(); <-done }()
	var provable []time.Duration
	var published []exchange.ID
	for range 6 * r.rounds {
		id, err := r.publishOne(scoped)
		if err != nil {
			return err
		}
		began := time.Now()
		for {
			if _, err = r.house.Translog.Prove(scoped, id); err == nil {
				provable, published = append(provable, time.Since(began)), append(published, id)
				break
			}
			if time.Since(began) > time.Minute {
				return err
			}
			<-time.After(5 * time.Millisecond)
		}
	}
	proved, err := r.proofs(scoped, published)
	if err != nil {
		return err
	}
	r.figure("log_inclusion_ms", "%.0f", milliseconds(quantile(provable, 0.99)))
	r.figure("log_proof_ms", "%.2f", milliseconds(quantile(proved, 0.50)))
	r.figure("log_proof_p99_ms", "%.2f", milliseconds(quantile(proved, 0.99)))
	return nil
}

func (r *benchRun) publishOne(scoped context.Context) (id exchange.ID, err error) {
	p := exchange.Publication{Kind: "registration", RecordID: uuid.Must(uuid.NewV7()), Content: benchContent(rand.IntN(1 << 20))} //nolint:gosec // any name will do
	err = r.house.DB.Tx(scoped, func(tx pgx.Tx) error {
		id, err = exchange.Publish(scoped, tx, p)
		return err
	})
	return id, err
}

// benchWebhooks measures deliveries to one receiver under TLS on this machine, each signed, receipted and logged.
func benchWebhooks(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 2)
	if err != nil {
		return err
	}
	publisher, told := tenants[0], tenants[1]
	var got atomic.Int64
	receiver := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		got.Add(1)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()
	hooks := webhook.New(r.house.DB, r.house.Exchange, r.house.Keys, receiver.Client(), r.house.Log, time.Now)
	e, _, err := hooks.Create(told, webhook.Endpoint{URL: "https://receiver.example/", Kinds: []string{}})
	if err != nil {
		return err
	}
	err = r.house.DB.Tx(told, func(tx pgx.Tx) error { // a receiver on this machine has no public address
		_, err := tx.Exec(ctx, `update app.webhooks set url = $2 where id = $1`, e.ID, receiver.URL)
		return err
	})
	if err != nil {
		return err
	}
	for range r.delivered {
		if _, err := r.publishOne(publisher); err != nil {
			return err
		}
	}
	started := time.Now()
	for int(got.Load()) < r.delivered {
		if _, err := hooks.Round(ctx); err != nil {
			return err
		}
		if time.Since(started) > 5*time.Minute {
			return fmt.Errorf("%d of %d arrived", got.Load(), r.delivered)
		}
	}
	r.figure("webhook_deliveries_per_s", "%.0f", float64(r.delivered)/time.Since(started).Seconds())
	return nil
}

// sequence gives all entries that wait their places in the log.
func (r *benchRun) sequence(ctx context.Context) error {
	for {
		n, err := r.house.Translog.Sequence(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

// proofs are the times that proofs of entries take, one after the other.
func (r *benchRun) proofs(scoped context.Context, of []exchange.ID) (took []time.Duration, err error) {
	for n := range 100 * r.rounds {
		asked := time.Now()
		if _, err := r.house.Translog.Prove(scoped, of[n%len(of)]); err != nil {
			return nil, err
		}
		took = append(took, time.Since(asked))
	}
	return took, nil
}
