package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// node is one process of the service: it serves, or works, or both.
type node struct {
	house   *httpd.House
	door    func(http.Handler) http.Handler // before the house where browsers cannot reach the object store; nil: none
	press   *typeset.Pool
	closers []func()
}

// checkFiles reads the files that settings name, and says what is wrong with them.
func (s Settings) checkFiles() error {
	if _, err := translog.ReadOthers(s.Witnesses); err != nil {
		return err
	}
	_, err := httpd.ReadBaseMap(s.BaseMap)
	return err
}

// newNode connects to the stores and assembles the nouns. It refuses a role that row-level security does not bind.
func newNode(ctx context.Context, s Settings, postgresURL string, store objectstore.Config, working bool) (*node, error) {
	n := &node{}
	pool, err := postgres.Open(ctx, postgresURL, s.PostgresPool)
	if err != nil {
		return nil, err
	}
	n.closers = append(n.closers, pool.Close)
	if err := postgres.Guard(ctx, pool); err != nil {
		n.close()
		return nil, err
	}
	files, err := objectstore.Open(ctx, store)
	if err != nil {
		n.close()
		return nil, err
	}
	if store.Links != "" {
		n.door = files.Door
	}
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		n.close()
		return nil, err
	}
	if working {
		if n.press, err = typeset.New(typeset.Config{Size: s.TypesetWorkers}); err != nil {
			n.close()
			return nil, err
		}
		n.closers = append(n.closers, n.press.Close)
	}
	c := httpd.Config{
		DB: tenancy.New(pool), Store: files, Bundle: bundle, Secret: [32]byte(s.Secret), Before: s.before(), Custody: s.Custody, S3Origin: files.LinkOrigin(), Secure: strings.HasPrefix(s.BaseURL, "https://"),
		BaseURL: s.BaseURL, Identity: s.Identity, Press: n.press, Mail: mail.New(s.Mail), Limited: s.Limits, Sandboxes: s.Sandboxes, Proxies: s.Proxies, Country: s.CountryHeader, Follow: s.Follow, LogFiles: s.LogFiles, Log: slog.Default(), Now: time.Now,
	}
	if err := readFiles(&c, s); err != nil {
		n.close()
		return nil, err
	}
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" {
		exporter, err := otlptracehttp.New(ctx)
		if err != nil {
			n.close()
			return nil, fmt.Errorf("traces: %w", err)
		}
		provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
		n.closers = append(n.closers, func() { _ = provider.Shutdown(context.WithoutCancel(ctx)) })
		c.Traces = provider
	}
	if n.house, err = httpd.Assemble(c); err != nil {
		n.close()
		return nil, err
	}
	n.house.Jobs.SetWorkers(jobs.Default, s.JobWorkers)
	n.house.Jobs.SetWorkers(jobs.Typeset, s.TypesetWorkers)
	return n, nil
}

// readFiles reads the files that settings name.
func readFiles(c *httpd.Config, s Settings) (err error) {
	if c.Others, err = translog.ReadOthers(s.Witnesses); err != nil {
		return err
	}
	if c.BaseMap, err = httpd.ReadBaseMap(s.BaseMap); err != nil {
		return err
	}
	c.Schemas, err = registry.NewST96Schemas(s.ST96Schemas)
	return err
}

// close ends what newNode began, the last first.
func (n *node) close() {
	for i := len(n.closers) - 1; i >= 0; i-- {
		n.closers[i]()
	}
}

// run serves on l (nil: not) and works (or not) until ctx ends, and calls ready when requests are answered.
func (n *node) run(ctx context.Context, l net.Listener, working bool, ready func() error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return n.house.Access.Listen(ctx) })
	g.Go(func() error { return n.house.Jobs.Listen(ctx) })
	g.Go(func() error { return n.house.Codes.Run(ctx) })
	if working {
		g.Go(func() error { return n.house.Jobs.Work(ctx) })
		g.Go(func() error { return n.house.Webhooks.Run(ctx) })
		g.Go(func() error { return n.house.Translog.Run(ctx) })
		g.Go(func() error { return n.house.Partners.Run(ctx) })
		g.Go(func() error {
			if _, err := n.press.Missing("a"); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, "the press is not warm", "error", err)
			}
			return nil
		})
	}
	if l != nil {
		house, err := httpd.New(n.house)
		if err != nil {
			return err
		}
		handler := http.Handler(house)
		if n.door != nil {
			handler = n.door(house)
		}
		// No write timeout: progress streams and exports take as long as they take. A slow sender is cut off.
		server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
		g.Go(func() error {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		g.Go(func() error {
			<-ctx.Done()
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := server.Shutdown(end); err != nil {
				return server.Close() // streams that do not end by themselves
			}
			return nil
		})
	}
	if ready != nil {
		g.Go(ready)
	}
	return g.Wait()
}

// logTo sets the log as the settings say. People's messages go to standard output, the log to standard error.
func logTo(s Settings) {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // the settings allow known levels only
	o := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewJSONHandler(os.Stderr, o)
	if s.LogFormat == "text" {
		h = slog.NewTextHandler(os.Stderr, o)
	}
	slog.SetDefault(slog.New(h))
}

// before are the secrets that the present one took over from.
func (s Settings) before() [][32]byte {
	if s.SecretBefore == nil {
		return nil
	}
	return [][32]byte{[32]byte(s.SecretBefore)}
}
