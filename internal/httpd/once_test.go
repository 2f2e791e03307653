package httpd

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// writes is a server with one operation that writes an audit event, and what happens after the event is written.
type writes struct {
	*Server
	t    *testing.T
	ctx  context.Context
	now  time.Time
	then func(w http.ResponseWriter, r *http.Request)
}

func newWrites(t *testing.T, then func(w http.ResponseWriter, r *http.Request)) *writes {
	t.Helper()
	s := bareServer(t)
	w := &writes{Server: s, t: t, ctx: dbtest.Tenant(t, tenancy.County), now: time.Now(), then: then}
	s.DB, s.Now = dbtest.DB(t), func() time.Time { return w.now }
	var err error
	if s.Keys, err = exchange.NewKeys([32]byte{7}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (s *writes) handle(w http.ResponseWriter, r *http.Request) {
	err := s.DB.Tx(r.Context(), func(tx pgx.Tx) error {
		return audit.Record(r.Context(), tx, audit.Event{Action: "thing.create", ObjectKind: "thing", ObjectID: "1"})
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.then(w, r)
}

func (s *writes) send(ctx context.Context, key, body string) *httptest.ResponseRecorder {
	o := &Operation{ID: "createThing", Method: http.MethodPost, BodyLimit: bodyLimit}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/v1/things", strings.NewReader(body))
	r.Header.Set(keyHeader, key)
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if v := recover(); v != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		s.once(w, r, o, http.HandlerFunc(s.handle))
	}()
	return w
}

// done is how often the write happened.
func (s *writes) done(ctx context.Context) (n int) {
	s.t.Helper()
	err := s.DB.Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from app.audit_events where action = 'thing.create'`).Scan(&n)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func created(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Location", "/api/v1/things/1")
	w.Header().Set("Set-Cookie", "session=secret")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	fmt.Fprint(w, `{"secret":"shown once"}`)
}

func TestReplayIsAnsweredAsTheFirstTime(t *testing.T) {
	t.Parallel()
	s := newWrites(t, created)
	first, second := s.send(s.ctx, "k", "a"), s.send(s.ctx, "k", "a")
	if first.Code != http.StatusCreated || second.Code != first.Code || second.Body.String() != first.Body.String() ||
		second.Header().Get("Location") != first.Header().Get("Location") || second.Header().Get("Content-Type") != "application/json" {
		t.Errorf("got %d %s %v after %d %s", second.Code, second.Body, second.Header(), first.Code, first.Body)
	}
	if first.Header().Get("Idempotency-Replayed") != "" || second.Header().Get("Idempotency-Replayed") != "true" || second.Header().Get("Set-Cookie") != "" {
		t.Errorf("got %v, then %v", first.Header(), second.Header())
	}
	if n := s.done(s.ctx); n != 1 {
		t.Errorf("written %d times", n)
	}
	scope, err := tenancy.From(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	var answer []byte
	if err := dbtest.Superuser(t).QueryRow(t.Context(), `select answer from app.idempotency_keys where tenant_id = $1`, scope.Tenant).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(answer), "shown once") || len(answer) == 0 {
		t.Error("the secret is in the database in clear")
	}
}

func TestKeyBelongsToOneRequestOfOneActor(t *testing.T) {
	t.Parallel()
	s := newWrites(t, created)
	s.send(s.ctx, "k", "a")
	if w := s.send(s.ctx, "k", "b"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "idempotency.reused") {
		t.Errorf("another body: got %d %s", w.Code, w.Body)
	}
	if w := s.send(s.ctx, "a b", "a"); w.Code != http.StatusBadRequest {
		t.Errorf("a key with a space: got %d", w.Code)
	}
	scope, err := tenancy.From(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	scope.Actor[0]++
	for who, ctx := range map[string]context.Context{"a colleague": tenancy.In(s.ctx, scope), "another tenant": dbtest.Tenant(t, tenancy.County)} {
		if w := s.send(ctx, "k", "b"); w.Code != http.StatusCreated || w.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("%s: got %d %s", who, w.Code, w.Body)
		}
	}
	s.now = s.now.Add(onceLife + time.Second)
	if w := s.send(s.ctx, "k", "b"); w.Code != http.StatusCreated || w.Header().Get("Idempotency-Replayed") != "" {
		t.Errorf("the day after: got %d %s", w.Code, w.Body)
	}
	s.now = s.now.Add(onceLife + time.Second)
	if err := s.forgetAnswers(s.ctx); err != nil {
		t.Fatal(err)
	}
	var left int
	err = s.DB.Read(s.ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(s.ctx, `select count(*) from app.idempotency_keys`).Scan(&left)
	})
	if err != nil || left != 0 {
		t.Errorf("%d answers are left, %v", left, err)
	}
}

func TestRefusalIsKept(t *testing.T) {
	t.Parallel()
	s := newWrites(t, nil)
	s.then = func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, problem.ErrStale) }
	s.send(s.ctx, "k", "a")
	s.then = created
	if w := s.send(s.ctx, "k", "a"); w.Code != http.StatusPreconditionFailed || w.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestKeyInWorkIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	begun, end, ended := make(chan bool), make(chan bool), make(chan *httptest.ResponseRecorder)
	s := newWrites(t, func(w http.ResponseWriter, r *http.Request) { begun <- true; <-end; created(w, r) })
	go func() { ended <- s.send(s.ctx, "k", "a") }()
	<-begun
	if w := s.send(s.ctx, "k", "a"); w.Code != http.StatusConflict || w.Header().Get("Retry-After") != "1" {
		t.Errorf("in work: got %d %v", w.Code, w.Header())
	}
	end <- true
	if w := <-ended; w.Code != http.StatusCreated {
		t.Errorf("the first: got %d %s", w.Code, w.Body)
	}
	if w := s.send(s.ctx, "k", "a"); w.Code != http.StatusCreated || w.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("afterwards: got %d %s", w.Code, w.Body)
	}
}

// Whatever breaks in the middle, the write has not happened and the key may be tried again.
func TestCrashInTheMiddleLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newWrites(t, nil)
	for name, crash := range map[string]func(w http.ResponseWriter, r *http.Request){
		"a panic":          func(http.ResponseWriter, *http.Request) { panic("in the middle") },
		"an error of ours": func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, fmt.Errorf("no problem of the client's")) },
		"too many at once": func(w http.ResponseWriter, r *http.Request) {
			s.fail(w, r, problem.New(problem.TooMany, "session.wait"))
		},
		"the client is gone": func(_ http.ResponseWriter, r *http.Request) { r.Context().Value(cancelKey{}).(context.CancelFunc)() },
		"the connection ends": func(w http.ResponseWriter, r *http.Request) {
			s.fail(w, r, s.DB.Tx(r.Context(), func(tx pgx.Tx) error {
				_, err := tx.Exec(r.Context(), `select pg_terminate_backend(pg_backend_pid())`)
				return err
			}))
		},
	} {
		ctx, cancel := context.WithCancel(s.ctx)
		s.then = crash
		before := s.done(s.ctx)
		if w := s.send(context.WithValue(ctx, cancelKey{}, cancel), strings.ReplaceAll(name, " ", "-"), "a"); w.Code < 400 {
			t.Errorf("%s: got %d", name, w.Code)
		}
		if n := s.done(s.ctx) - before; n != 0 {
			t.Errorf("%s: the write stands %d times", name, n)
		}
		s.then = created
		if w := s.send(s.ctx, strings.ReplaceAll(name, " ", "-"), "a"); w.Code != http.StatusCreated || w.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("%s: tried again, got %d %s", name, w.Code, w.Body)
		}
		cancel()
	}
}

type cancelKey struct{}
