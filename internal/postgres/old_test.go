package postgres_test

import (
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// otherServer is a PostgreSQL of another version as far as somebody gets who only connects: it tells its version, and
// answers every question as one that does not know what is asked.
func otherServer(t *testing.T, version string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go greet(conn, version)
		}
	}()
	return "postgres://somebody@" + l.Addr().String() + "/helianthus?sslmode=disable"
}

func greet(conn net.Conn, version string) {
	defer conn.Close()
	b := pgproto3.NewBackend(conn, conn)
	if _, err := b.ReceiveStartupMessage(); err != nil {
		return
	}
	b.Send(&pgproto3.AuthenticationOk{})
	b.Send(&pgproto3.ParameterStatus{Name: "server_version", Value: version})
	b.Send(&pgproto3.BackendKeyData{ProcessID: 1, SecretKey: []byte{0, 0, 0, 1}})
	b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	for b.Flush() == nil {
		m, err := b.Receive()
		if err != nil {
			return
		}
		switch m.(type) {
		case *pgproto3.Terminate:
			return
		case *pgproto3.Query, *pgproto3.Sync:
			b.Send(&pgproto3.ErrorResponse{Severity: "ERROR", Code: "42883", Message: "function does not exist"})
			b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		}
	}
}

// A server that is too old is refused with one sentence that names its version, whatever it is wanted for, before anything
// is asked of it. One that is new is not.
func TestOldServersAreRefused(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"9.6.24", "15.14 (Debian 15.14-0+deb12u1)", "17.2", "17beta1"} {
		url := otherServer(t, version)
		want := "postgres: version " + version + " is too old, 18 or newer is needed"
		_, err := postgres.Open(t.Context(), url, 2)
		for what, err := range map[string]error{"open": err, "bootstrap": postgres.Bootstrap(t.Context(), url), "migrate": postgres.Migrate(t.Context(), url)} {
			if err == nil || !strings.HasSuffix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s at %s: got %v, want %q", what, version, err, want)
			}
		}
	}
	for _, version := range []string{"18.4", "19devel", "20beta2"} {
		if _, err := postgres.Open(t.Context(), otherServer(t, version), 2); err == nil || strings.Contains(err.Error(), "too old") {
			t.Errorf("open at %s: %v", version, err)
		}
	}
}
