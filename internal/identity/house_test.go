package identity_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const password = "correct horse battery staple"

// node is one process's identity, with a clock that a test can put forward.
type node struct {
	*identity.Identity
	ahead atomic.Int64
}

func newNode(t testing.TB, secret byte) *node {
	t.Helper()
	a, err := access.New(dbtest.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	n := &node{}
	now := func() time.Time { return time.Now().Add(time.Duration(n.ahead.Load())) }
	n.Identity, err = identity.New(dbtest.DB(t), a, []byte{secret}, true, now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// person adds somebody with a sign-in name that no other test has.
func (n *node) person(ctx context.Context, t testing.TB, roles ...string) identity.Person {
	t.Helper()
	p := identity.Person{Email: uuid.NewString() + "@x.example", Name: "Somebody", Roles: append([]string{}, roles...), Units: []string{}}
	p, err := n.CreatePerson(ctx, p, password)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// signIn signs somebody in and returns the cookie.
func (n *node) signIn(t testing.TB, p identity.Person) *http.Cookie {
	t.Helper()
	_, c, err := n.SignIn(t.Context(), p.Email, password, "", "a browser")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// with is the context of a request with a cookie or an Authorization header.
func (n *node) with(t testing.TB, cookie *http.Cookie, authorization string) (context.Context, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return n.Authenticate(r)
}

// signedIn is the context of a request with a cookie, and whether it is somebody's.
func (n *node) signedIn(t testing.TB, cookie *http.Cookie) (context.Context, bool) {
	t.Helper()
	ctx, err := n.with(t, cookie, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return ctx, s.ActorKind == tenancy.Person
}

// exec changes rows past every rule, to bring about what only time does.
func exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := dbtest.Superuser(t).Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// trail is the actions in the tenant's audit trail, oldest first.
func trail(ctx context.Context, t testing.TB) (actions []string) {
	t.Helper()
	err := dbtest.DB(t).Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select action from app.audit_events order by id`)
		var err error
		actions, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

func slugOf(ctx context.Context, t testing.TB) string {
	t.Helper()
	s, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s.Slug
}
