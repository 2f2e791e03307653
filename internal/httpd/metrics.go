package httpd

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// metrics are for Prometheus. Labels name operations and statuses, never tenants or people.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	keyEnds  prometheus.Gauge
	db       *tenancy.DB
}

func newMetrics(db *tenancy.DB) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), db: db, keyEnds: prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "helianthus_signing_key_expires_timestamp_seconds", Help: "When the first of all signing keys in use ends; 0 when there is none.",
	}), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "helianthus_request_seconds", Help: "Time to answer, by operation and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"operation", "status"})}
	pool := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(m.requests, m.keyEnds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		pool("helianthus_postgres_connections_used", "Connections in use.", func() float64 { return float64(db.Pool().Stat().AcquiredConns()) }),
		pool("helianthus_postgres_connections_total", "Connections open.", func() float64 { return float64(db.Pool().Stat().TotalConns()) }))
	return m
}

// serve answers a scrape. The end of keys is asked for when somebody wants to know.
func (m *metrics) serve(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(tenancy.In(r.Context(), tenancy.Public), 2*time.Second)
	defer cancel()
	var at float64
	err := m.db.Read(ctx, func(tx pgx.Tx) error { // public halves are everybody's
		return tx.QueryRow(ctx, `select coalesce(extract(epoch from min(expires_at)), 0)::float8 from app.public_keys where retired_at is null`).Scan(&at)
	})
	if err == nil { // while the database is away the last known end stands; other metrics tell
		m.keyEnds.Set(at)
	}
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

func (m *metrics) observe(operation string, status int, d time.Duration) {
	if status == 0 {
		status = http.StatusOK
	}
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Observe(d.Seconds())
}
