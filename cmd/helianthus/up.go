package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

var (
	errDataUsed = problem.New(problem.Conflict, "cli.data-used")
	errAddrUsed = problem.New(problem.Conflict, "cli.address-used")
	errEnded    = problem.New(problem.Unavailable, "cli.store-ended")
)

// up runs everything from one directory: PostgreSQL, the object store, migrations, jobs and the server.
func up(ctx context.Context, args []string, out io.Writer) error {
	s, _, err := read("up", args, environment)
	if err != nil {
		return err
	}
	logTo(s)
	if s.Data, err = filepath.Abs(s.Data); err != nil {
		return err
	}
	unlock, err := lockData(s.Data)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.keepSecret(); err != nil {
		return err
	}
	l, err := listen(s)
	if err != nil {
		return err
	}
	defer l.Close()
	if err := s.keepIdentity(l.Addr().String()); err != nil {
		return err
	}
	if err := s.checkFiles(); err != nil { // before anybody waits for the stores
		return err
	}
	stores, err := startStores(ctx, s.Data)
	if err != nil {
		return err
	}
	defer stores.stop()
	files := stores.gateway.Config(s.S3Bucket)
	files.Links = s.BaseURL // the gateway listens for this machine only
	n, err := newNode(ctx, s, stores.server.URL(postgres.App, postgres.Database), files, false)
	if err != nil {
		return err
	}
	defer n.close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() { // without a store there is nothing to serve
		select {
		case <-stores.server.Done():
		case <-stores.gateway.Done():
		case <-ctx.Done():
			return
		}
		cancel(errEnded)
	}()
	password, err := demo(ctx, s, n, stores.server.URL(postgres.Owner, postgres.Database))
	if err != nil {
		return err
	}
	err = n.runBoth(ctx, l, s, stores.server.URL(postgres.App, postgres.Database), files, func() error { return announce(ctx, s, l, stores, password, out) })
	if cause := context.Cause(ctx); errors.Is(cause, errEnded) {
		return cause
	}
	return err
}

// runBoth serves, with the working half beside it, which has ended when it returns.
func (n *node) runBoth(ctx context.Context, l net.Listener, s Settings, postgresURL string, files objectstore.Config, ready func() error) error {
	ctx, stop := context.WithCancel(ctx)
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		workingHalf(ctx, s, postgresURL, files)
	}()
	err := n.run(ctx, l, false, ready)
	stop()
	<-worked
	return err
}

// lockData keeps a second instance out of the directory.
func lockData(dir string) (func(), error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errDataUsed.With("Dir", dir)
	}
	return func() { f.Close() }, nil
}

// keepSecret makes the instance's secret what the settings say, or what its directory keeps.
func (s *Settings) keepSecret() (err error) {
	if s.Secret == nil {
		s.Secret, err = keptSecret(filepath.Join(s.Data, "secret"))
	}
	return err
}

func keptSecret(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails
		return secret, os.WriteFile(file, []byte(hex.EncodeToString(secret)+"\n"), 0o600)
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(secret) != 32 {
		return nil, errSetting.With("Setting", file).With("Value", "…").With("Why", "secret")
	}
	return secret, nil
}

// keepIdentity finds under which address people reach the instance, and which address stands in its identifiers: an operator
// decides both. Where nobody decided, it is the one under which the directory was served first, whatever the port is
// today: what was signed in that name stays good.
func (s *Settings) keepIdentity(listening string) error {
	file := filepath.Join(s.Data, "identity")
	if s.BaseURL != "" {
		return nil
	}
	switch kept, err := os.ReadFile(file); {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	case err == nil:
		s.BaseURL, s.Identity = "http://"+listening, cmp.Or(s.Identity, strings.TrimSpace(string(kept)))
		return nil
	}
	s.BaseURL = "http://" + listening
	s.Identity = cmp.Or(s.Identity, s.BaseURL)
	return os.WriteFile(file, []byte(s.Identity+"\n"), 0o600)
}

// anyPort is the address to listen on where any port of the host will do: the one in the identifiers, if it is free.
func (s *Settings) anyPort(host string) (net.Listener, error) {
	kept, _ := os.ReadFile(filepath.Join(s.Data, "identity")) // the first time there is none
	if known, ok := strings.CutPrefix(strings.TrimSpace(string(kept)), "http://"+host+":"); ok {
		if l, err := net.Listen("tcp", net.JoinHostPort(host, known)); err == nil {
			return l, nil
		}
	}
	return net.Listen("tcp", net.JoinHostPort(host, "0"))
}

// listen takes the address, or another port when it was not asked for by name.
func listen(s Settings) (net.Listener, error) {
	if host, port, err := net.SplitHostPort(s.Addr); err == nil && port == "0" {
		return s.anyPort(host)
	}
	l, err := net.Listen("tcp", s.Addr)
	if err == nil {
		return l, nil
	}
	host, _, splitErr := net.SplitHostPort(s.Addr)
	if s.explicitAddr || splitErr != nil || !errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%w: %w", errAddrUsed.With("Addr", s.Addr), err)
	}
	return s.anyPort(host)
}

type embeddedStores struct {
	server  *postgres.Embedded
	gateway *objectstore.Gateway
	log     *os.File
}

// startStores starts both stores side by side and brings the database to this version.
func startStores(ctx context.Context, dir string) (*embeddedStores, error) {
	log, err := os.OpenFile(filepath.Join(dir, "stores.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	st := &embeddedStores{log: log}
	var g errgroup.Group
	g.Go(func() (err error) {
		if st.server, err = postgres.StartEmbedded(ctx, postgres.EmbeddedConfig{DataDir: filepath.Join(dir, "postgres"), Log: log}); err != nil {
			return err
		}
		if err := postgres.Bootstrap(ctx, st.server.URL("postgres", "postgres")); err != nil {
			return err
		}
		return postgres.Migrate(ctx, st.server.URL(postgres.Owner, postgres.Database))
	})
	g.Go(func() (err error) {
		st.gateway, err = objectstore.StartGateway(ctx, objectstore.GatewayConfig{Dir: filepath.Join(dir, "s3"), Log: log})
		return err
	})
	if err := g.Wait(); err != nil {
		st.stop()
		return nil, err
	}
	return st, nil
}

func (st *embeddedStores) stop() {
	if st.gateway != nil {
		if err := st.gateway.Stop(); err != nil {
			slog.Warn("the object store did not stop", "error", err)
		}
	}
	if st.server != nil {
		if err := st.server.Stop(); err != nil {
			slog.Warn("PostgreSQL did not stop", "error", err)
		}
	}
	st.log.Close()
}

// announce waits until requests are answered, then writes run.json and the one line that scripts wait for.
func announce(ctx context.Context, s Settings, l net.Listener, st *embeddedStores, password string, out io.Writer) error {
	address := "http://" + l.Addr().String()
	client := &http.Client{Timeout: 5 * time.Second}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/readyz", nil)
		if err != nil {
			return err
		}
		res, err := client.Do(req)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				break
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(20 * time.Millisecond):
		}
	}
	b, err := json.MarshalIndent(map[string]any{"http": address, "postgres": st.server.URL("postgres", postgres.Database), "s3": st.gateway.Config(s.S3Bucket)}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.Data, "run.json"), b, 0o600); err != nil {
		return err
	}
	if password != "" {
		fmt.Fprintln(out, say("cli.demo-password", map[string]any{"Password": password}))
	}
	fmt.Fprintln(out, "ready", s.BaseURL)
	return nil
}
