package postgres_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

var errUnitUsed = postgres.Constraint("units_slug_key", problem.New(problem.Conflict, "test.unit-used"))

func TestWhatThePostgresSaysBecomesAProblem(t *testing.T) {
	t.Parallel()
	pool := dbtest.FreshPool(t, 4)
	ctx := dbtest.Tenant(t, tenancy.County)
	within := func(sql ...string) error {
		return tenancy.New(pool).Tx(ctx, func(tx pgx.Tx) error {
			for _, s := range sql {
				if _, err := tx.Exec(ctx, s); err != nil {
					return err
				}
			}
			return nil
		})
	}
	exec := func(sql string, args ...any) error {
		_, err := pool.Exec(ctx, sql, args...)
		return postgres.Wrap(err, "exec")
	}
	unit := `insert into app.units (slug, names) values ('same', '{}')`
	person := `insert into app.people (email, name) values ('same@wuyuan.demo', '')`
	for _, c := range []struct {
		name string
		err  error
		want error // nil: a fault of ours, no problem
	}{
		{"a constraint that was declared", within(unit, unit), errUnitUsed},
		{"a constraint that was not", within(person, person), nil},
		{"no text", exec(`select $1::text`, "a\x00b"), postgres.ErrText},
		{"no id", exec(`select $1::text::uuid`, "5 or 1=1"), postgres.ErrText},
		{"a number out of range", exec(`select $1::text::integer`, "99999999999"), postgres.ErrText},
		{"a day that is none", exec(`select $1::text::date`, "2026-02-30"), postgres.ErrText},
		{"too slow", within(`set local statement_timeout = '10ms'`, `select count(*) from generate_series(1, 1000000000)`), postgres.ErrTimeout},
		{"our own deadline", deadline(pool), postgres.ErrTimeout},
		{"read only, as on a standby", within(`set local transaction read only`, unit), postgres.ErrUnavailable},
		{"no such column", exec(`select nothing from app.units`), nil},
		{"forbidden", exec(`truncate app.units`), nil},
		{"no scope", within(`set local app.tenant = ''`, unit), nil},
	} {
		if c.err == nil {
			t.Errorf("%s: there was no error", c.name)
		}
		p, ok := problem.As(c.err)
		if c.want == nil && ok {
			t.Errorf("%s: got the problem %v, want none: %v", c.name, p, c.err)
		}
		if c.want != nil && !errors.Is(c.err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, c.err, c.want)
		}
	}
}

func deadline(pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := pool.Exec(ctx, `select count(*) from generate_series(1, 1000000000)`)
	return postgres.Wrap(err, "slow")
}

// Two who take the same locks in turn: the server gives one of them up, who may try again.
func TestDeadlockMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	pool := dbtest.FreshPool(t, 2)
	first, second := make(chan struct{}), make(chan struct{})
	lock := func(one, other int, mine, theirs chan struct{}) error {
		return pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `select pg_advisory_xact_lock($1)`, one); err != nil {
				return err
			}
			close(mine)
			<-theirs
			_, err := tx.Exec(t.Context(), `select pg_advisory_xact_lock($1)`, other)
			return err
		})
	}
	result := make(chan error)
	go func() { result <- lock(771, 772, first, second) }()
	err := errors.Join(lock(772, 771, second, first), <-result)
	if wrapped := postgres.Wrap(err, "locks"); !errors.Is(wrapped, postgres.ErrBusy) || !postgres.Retryable(wrapped) {
		t.Errorf("got %v, want ErrBusy", wrapped)
	}
}

func TestAServerThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = pgx.Connect(t.Context(), "postgres://somebody:hidden@"+address+"/helianthus?sslmode=disable")
	if err = postgres.Wrap(err, "connect"); !errors.Is(err, postgres.ErrUnavailable) || !postgres.Retryable(err) {
		t.Errorf("nobody listens: got %v", err)
	}
	if strings.Contains(err.Error(), "hidden") {
		t.Errorf("the password is in the error: %v", err)
	}

	server := dbtest.Own(t)
	pool, err := postgres.Open(t.Context(), server.URL(postgres.App, postgres.Database), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var pid int
	if err := pool.QueryRow(t.Context(), `select pg_backend_pid()`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		conn, err := pgx.Connect(t.Context(), server.URL("postgres", "postgres"))
		if err != nil {
			return err
		}
		defer conn.Close(t.Context())
		if _, err := conn.Exec(t.Context(), `select pg_terminate_backend($1, 5000)`, pid); err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `select 1`)
		return err
	})
	if err = postgres.Wrap(err, "ended"); !errors.Is(err, postgres.ErrUnavailable) {
		t.Errorf("the connection was ended: got %v", err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	_, err = pool.Exec(t.Context(), `select 1`)
	if err = postgres.Wrap(err, "stopped"); !errors.Is(err, postgres.ErrUnavailable) {
		t.Errorf("the server was stopped: got %v", err)
	}
}

func TestWrapKeepsWhatItWraps(t *testing.T) {
	t.Parallel()
	if err := postgres.Wrap(nil, "nothing %d", 1); err != nil {
		t.Errorf("got %v for no error", err)
	}
	known := problem.New(problem.NotFound, "test.not-found")
	if err := postgres.Wrap(known, "record %d", 1); err != known {
		t.Errorf("got %v, want the problem as it was", err)
	}
	if err := postgres.Wrap(context.Canceled, "record"); !errors.Is(err, context.Canceled) || postgres.Retryable(err) {
		t.Errorf("got %v for a cancelled request", err)
	}
	odd := &pgconn.PgError{Code: "X"}
	if err := postgres.Wrap(odd, "record %s", "7"); !errors.Is(err, odd) || !strings.HasPrefix(err.Error(), "record 7: ") {
		t.Errorf("got %v", err)
	}
}
