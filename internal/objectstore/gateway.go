package objectstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

// GatewayCommand is the hidden word after which the binary becomes the gateway. It must be a process of its own, because
// the gateway changes the working directory and there can be only one in a process.
const GatewayCommand = "s3-gateway"

// gatewayRegion is what requests to the embedded gateway are signed for.
const gatewayRegion = "us-east-1"

const objectsDir = "objects"

// GatewayConfig says how to run the gateway.
type GatewayConfig struct {
	Dir     string    // made when it is missing
	Log     io.Writer // what the gateway says; nil: nowhere
	Command []string  // what to run instead of this binary with GatewayCommand; for tests
	Sidecar bool      // keep metadata in files even where extended attributes would do; for tests
}

// Gateway is the embedded S3 service. It ends with us, also when we are killed.
type Gateway struct {
	cfg  GatewayConfig
	keys gatewayKeys
	addr string
	cmd  *exec.Cmd
	done chan struct{}
}

// gatewayKeys are made once and kept beside the data, readable by their owner only.
type gatewayKeys struct {
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
	Port      int    `json:"port"`    // of the last run; taken again when it is free, so that old links stay good
	Sidecar   bool   `json:"sidecar"` // metadata are in files beside the objects, not in extended attributes
}

// StartGateway starts the gateway on a loopback port and returns when it answers.
func StartGateway(ctx context.Context, cfg GatewayConfig) (*Gateway, error) {
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	var err error
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(cfg.Dir, objectsDir), 0o700); err != nil {
		return nil, err
	}
	g := &Gateway{cfg: cfg}
	if err := g.loadKeys(); err != nil {
		return nil, fmt.Errorf("s3 keys: %w", err)
	}
	for range 3 { // somebody else may take a free port before the gateway does
		if g.addr, err = freePort(g.keys.Port); err != nil {
			return nil, err
		}
		_, port, _ := net.SplitHostPort(g.addr)
		_, _ = fmt.Sscan(port, &g.keys.Port)
		if err := g.saveKeys(); err != nil {
			return nil, fmt.Errorf("s3 keys: %w", err)
		}
		if err = g.start(ctx); err == nil {
			return g, nil
		}
		if !errors.Is(err, errEarly) {
			break
		}
		g.keys.Port = 0
	}
	return nil, err
}

func (g *Gateway) keyFile() string { return filepath.Join(g.cfg.Dir, "keys.json") }

func (g *Gateway) loadKeys() error {
	b, err := os.ReadFile(g.keyFile())
	if err == nil {
		return json.Unmarshal(b, &g.keys)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	g.keys = gatewayKeys{AccessKey: rand.Text()[:20], SecretKey: rand.Text() + rand.Text()}
	// Decided once: what was written one way cannot be read the other way.
	g.keys.Sidecar = g.cfg.Sidecar || (meta.XattrMeta{}).Test(filepath.Join(g.cfg.Dir, objectsDir)) != nil
	return nil
}

func (g *Gateway) saveKeys() error {
	b, err := json.Marshal(g.keys)
	if err != nil {
		return err
	}
	tmp := g.keyFile() + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, g.keyFile())
}

func freePort(wanted int) (string, error) {
	for _, port := range []int{wanted, 0} {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return l.Addr().String(), l.Close()
		}
	}
	return "", errors.New("no loopback port is free")
}

// gatewayOrder goes to the child through its environment, so that keys stand in no process list.
type gatewayOrder struct {
	Dir, Addr, AccessKey, SecretKey string
	Sidecar                         bool
}

// GatewayVariable carries the order of StartGateway to the child.
const GatewayVariable = "HELIANTHUS_S3_GATEWAY"

func (g *Gateway) start(ctx context.Context) error {
	order, err := json.Marshal(gatewayOrder{g.cfg.Dir, g.addr, g.keys.AccessKey, g.keys.SecretKey, g.keys.Sidecar})
	if err != nil {
		return err
	}
	command := g.cfg.Command
	if command == nil {
		exe, err := os.Executable()
		if err != nil {
			return err
		}
		command = []string{exe, GatewayCommand}
	}
	cmd := exec.Command(command[0], command[1:]...)
	// The product's other settings, secrets among them, are no business of the gateway's.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "HELIANTHUS_") })
	cmd.Env = append(cmd.Env, GatewayVariable+"="+string(order))
	said := &lastLine{}
	log := io.MultiWriter(g.cfg.Log, said)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = log, log, childAttr()
	cmd.WaitDelay = time.Second
	started, done := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the child's end is tied to the thread that forked it
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = cmd.Wait()
		close(done)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("s3 gateway: %w", err)
	}
	g.cmd, g.done = cmd, done
	for !g.answers(ctx) {
		select {
		case <-done:
			return fmt.Errorf("%w: %s", errEarly, said)
		case <-ctx.Done():
			_ = g.Stop()
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

var errEarly = errors.New("s3 gateway ended while starting")

// answers asks for the bucket list with the gateway's keys: something else on that port would refuse, or know no S3.
func (g *Gateway) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c := g.Config("")
	client := s3.New(s3.Options{BaseEndpoint: &c.Endpoint, Region: c.Region, UsePathStyle: true, RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, "")})
	_, err := client.ListBuckets(ctx, &s3.ListBucketsInput{})
	return err == nil
}

// lastLine keeps the last line that is written to it.
type lastLine struct {
	mu   sync.Mutex
	text string
}

func (l *lastLine) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	l.text = lines[len(lines)-1]
	return len(b), nil
}

func (l *lastLine) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text
}

// Config is how to reach the gateway.
func (g *Gateway) Config(bucket string) Config {
	return Config{Endpoint: "http://" + g.addr, Region: gatewayRegion, Bucket: bucket, AccessKey: g.keys.AccessKey, SecretKey: g.keys.SecretKey}
}

// PID is the process id of the gateway.
func (g *Gateway) PID() int { return g.cmd.Process.Pid }

// Done is closed when the gateway has ended.
func (g *Gateway) Done() <-chan struct{} { return g.done }

// Stop ends the gateway and waits for it.
func (g *Gateway) Stop() error {
	_ = g.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-g.done:
	case <-time.After(5 * time.Second):
		_ = g.cmd.Process.Kill()
		<-g.done
	}
	return nil
}

// GatewayMain is the child's main function.
func GatewayMain() int {
	var o gatewayOrder
	if err := json.Unmarshal([]byte(os.Getenv(GatewayVariable)), &o); err != nil {
		fmt.Fprintln(os.Stderr, "s3 gateway:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := runGateway(ctx, o); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "s3 gateway:", err)
		return 1
	}
	return 0
}

func runGateway(ctx context.Context, o gatewayOrder) error {
	root, versions, sidecar := filepath.Join(o.Dir, objectsDir), filepath.Join(o.Dir, "versions"), filepath.Join(o.Dir, "metadata")
	for _, d := range []string{root, versions, sidecar} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	// The gateway's own default for the largest copy is nothing at all.
	opts := posix.PosixOpts{VersioningDir: versions, ValidateBucketNames: true, CopyObjectThreshold: 5 << 30}
	var metadata meta.MetadataStorer = meta.XattrMeta{}
	if o.Sidecar {
		m, err := meta.NewSideCar(sidecar)
		if err != nil {
			return err
		}
		metadata, opts.SideCarDir = m, sidecar
	}
	backend, err := posix.New(root, metadata, opts)
	if err != nil {
		return err
	}
	return embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess: o.AccessKey, RootUserSecret: o.SecretKey, Region: gatewayRegion, Ports: []string{o.Addr},
		MaxConnections: 1024, MaxRequests: 512, MultipartMaxParts: 10000, KeepAlive: true, Quiet: true, DisableACLs: true,
		HealthPath: "/healthz", CORSAllowOrigin: "*", // links are signed; a browser on any of our addresses may use them
	})
}
