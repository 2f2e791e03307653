package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// keysCommand shows the verifiers of the log's keys (log), adds a key that signs beside them (rotate-log), or holds private keys for the
// nodes, which ask on a socket for signatures (hold SOCKET).
func keysCommand(ctx context.Context, args []string, out io.Writer) error {
	s, rest, err := read("keys", args, environment)
	if err != nil {
		return err
	}
	logTo(s)
	if len(rest) == 2 && rest[0] == "hold" {
		return holdKeys(ctx, s.Custody, rest[1], func() error {
			_, err := fmt.Fprintln(out, say("cli.keys.held", map[string]any{"Socket": rest[1]}))
			return err
		})
	}
	if len(rest) != 1 || rest[0] != "log" && rest[0] != "rotate-log" {
		return errSettingMissing.With("Setting", "log | rotate-log | hold SOCKET")
	}
	if s.PostgresURL == "" || s.Secret == nil || s.BaseURL == "" {
		return errSettingMissing.With("Setting", setting{name: "postgres-url"}.variable()+", "+setting{name: "secret"}.variable()+", "+setting{name: "base-url"}.variable())
	}
	pool, err := postgres.Open(ctx, s.PostgresURL, 2)
	if err != nil {
		return err
	}
	defer pool.Close()
	vault, err := exchange.NewKeys([32]byte(s.Secret), s.before()...)
	if err != nil {
		return err
	}
	l := translog.New(tenancy.New(pool), translog.Config{BaseURL: s.BaseURL, Vault: vault, Custody: s.Custody, Log: slog.Default(), Now: time.Now})
	if rest[0] == "rotate-log" {
		if _, err := l.Rotate(ctx); err != nil {
			return err
		}
	}
	verifiers, err := l.Keys(ctx)
	for _, v := range verifiers {
		fmt.Fprintln(out, v)
	}
	return err
}

// holdKeys serves the protocol of package custody until ctx ends. Who may open the socket may sign: the user of this process and
// its group.
func holdKeys(ctx context.Context, c *custody.Custody, socket string, ready func() error) error {
	if !c.Outside() {
		return errSettingMissing.With("Setting", "--keys file:…, env")
	}
	l, err := listenAt(ctx, socket)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: custody.Handler(c.Custodian(), slog.Default()), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second}
	g, ctx := errgroup.WithContext(ctx)
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
		return server.Shutdown(end)
	})
	g.Go(ready)
	return g.Wait()
}

// listenAt listens at a socket. One that nobody listens at any more is left by a process that was killed, and replaced.
func listenAt(ctx context.Context, socket string) (net.Listener, error) {
	if info, err := os.Stat(socket); err == nil && info.Mode()&os.ModeSocket != 0 {
		c, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "unix", socket)
		if err == nil {
			return nil, errors.Join(fmt.Errorf("%s: somebody listens there", socket), c.Close())
		}
		if err := os.Remove(socket); err != nil {
			return nil, err
		}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(socket, 0o660) //nolint:gosec // the group is who may sign
}
